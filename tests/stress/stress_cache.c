/* SPDX-License-Identifier: MIT */
/*
 * Many threads use one cache; every call is recorded. The link of key k has the number k.
 */
#include "stress.h"

#include <spanlink/cache.h>

#include <stdio.h>

#if defined(STRESS_CANCEL) && !defined(TEST_NO_CANCEL)
#define CANCELS
#endif

enum { KEYS = 100 };

/* State of one key, guarded by its mutex, which only create() locks. */
typedef struct key_state {
    pthread_mutex_t mutex;
    size_t running, most_running, created;
} key_state;

typedef struct plan {
    size_t capacity, shards;
    bool nests;                       /* create() first looks up another key */
    bool fails;                       /* create() fails sometimes */
    bool removes;                     /* a thread removes keys and clears the cache */
    bool cancels;                     /* a thread is cancelled anywhere, also in create() */
    const spanlink_allocator *memory; /* of cache and lists; NULL: malloc() */
} plan;

typedef struct shared {
    stress_crew crew;
    spanlink_cache *cache;
    const plan *plan;
    key_state keys[KEYS];
} shared;

typedef struct worker {
    shared *all;
    spanlink_list *list;
    uint64_t random;
    size_t faults; /* events that must not happen */
    uint64_t calls, creations, failures;
} worker;

/* One call of create() */
typedef struct making {
    worker *self;
    uint64_t key;
} making;

static spanlink_status get(worker *self, uint64_t key, spanlink_list *list);

static void enter(key_state *key) {
    pthread_mutex_lock(&key->mutex);
    key->running++;
    key->most_running = key->running > key->most_running ? key->running : key->most_running;
    pthread_mutex_unlock(&key->mutex);
}

static void leave(key_state *key, bool created) {
    pthread_mutex_lock(&key->mutex);
    key->running--;
    key->created += created;
    pthread_mutex_unlock(&key->mutex);
}

/* Only higher keys, so that no cycle can arise. */
static void ask_for_next(worker *self, uint64_t key) {
    spanlink_list *list = NULL;
    if (self->all->plan->nests && key % 10 != 9) {
        self->faults += spanlink_list_create(NULL, &list) != SPANLINK_OK;
        self->faults += get(self, key + 1, list) != SPANLINK_OK;
        spanlink_list_destroy(list);
    }
}

/* The work of create(), between enter() and leave(). */
static spanlink_status emit_key(worker *self, uint64_t key, spanlink_link_emit_fn emit,
                                void *sink) {
    spanlink_attribute storage[1];
    spanlink_link link = test_link(key + 1, storage);
    bool fails = self->all->plan->fails && test_random(&self->random) % 4 == 0;
    spanlink_status status = fails ? SPANLINK_ERR_NO_CONTEXT : emit(sink, &link);
    if (test_random(&self->random) % 8 == 0) {
        sched_yield(); /* so that other threads start to wait */
    }
    return status;
}

static void leave_cancelled(void *key) {
    leave(key, false);
}

static spanlink_status emit_or_die(worker *self, key_state *known, uint64_t key,
                                   spanlink_link_emit_fn emit, void *sink) {
    spanlink_status status;
    pthread_cleanup_push(leave_cancelled, known);
    pthread_testcancel();
    status = emit_key(self, key, emit, sink);
    pthread_testcancel();
    pthread_cleanup_pop(0);
    return status;
}

static spanlink_status make(void *state, spanlink_str key, spanlink_link_emit_fn emit, void *sink) {
    making *m = state;
    worker *self = m->self;
    key_state *known = &self->all->keys[m->key];
    (void)key;
    enter(known);
    self->creations++;
    ask_for_next(self, m->key);
    spanlink_status status = self->all->plan->cancels ? emit_or_die(self, known, m->key, emit, sink)
                                                      : emit_key(self, m->key, emit, sink);
    leave(known, status == SPANLINK_OK);
    return status;
}

static spanlink_status get(worker *self, uint64_t key, spanlink_list *list) {
    char text[32];
    int length = snprintf(text, sizeof text, "key %u", (unsigned)key);
    making m = {self, key};
    self->calls++;
    return spanlink_cache_get_or_create(self->all->cache, (spanlink_str){text, (size_t)length},
                                        make, &m, list);
}

static void get_one(worker *self) {
    uint64_t key = test_random(&self->random) % KEYS;
    spanlink_list_clear(self->list);
    spanlink_status status = get(self, key, self->list);
    bool may_fail = status == SPANLINK_ERR_NO_MEMORY ||
                    (self->all->plan->fails && status == SPANLINK_ERR_NO_CONTEXT);
    size_t count;
    const spanlink_link *links = spanlink_list_links(self->list, &count);
    if (status == SPANLINK_OK) {
        self->faults += count != 1 || links[0].attributes[0].value.int_value != (int64_t)key + 1 ||
                        links[0].context.span_id[0] != key + 1;
    } else {
        self->faults += !may_fail || count != 0;
        self->failures++;
    }
}

static void *call(void *state) {
    worker *self = state;
    for (size_t i = 0; i < stress_size; i++) {
        get_one(self);
        stress_yield(i);
    }
    stress_done(&self->all->crew);
    return NULL;
}

static void *remove_and_clear(void *state) {
    worker *self = state;
    while (stress_is_busy(&self->all->crew)) {
        uint64_t random = test_random(&self->random);
        char text[32];
        int length = snprintf(text, sizeof text, "key %u", (unsigned)(random % KEYS));
        if (random >> 32 < UINT32_MAX / 50) {
            spanlink_cache_clear(self->all->cache);
        } else {
            spanlink_cache_remove(self->all->cache, (spanlink_str){text, (size_t)length});
        }
        sched_yield();
    }
    return NULL;
}

static spanlink_cache_stats stats_of(const shared *all) {
    spanlink_cache_stats stats = SPANLINK_CACHE_STATS_INIT;
    spanlink_cache_get_stats(all->cache, &stats);
    return stats;
}

static void *watch(void *state) {
    worker *self = state;
    while (stress_is_busy(&self->all->crew)) {
        self->faults += stats_of(self->all).entries > self->all->plan->capacity;
        sched_yield();
    }
    return NULL;
}

/* The main thread */

/* The totals after all threads have ended. */
typedef struct outcome {
    spanlink_cache_stats stats;
    uint64_t calls, creations, failures;
    size_t created, most_running;
} outcome;

static void begin(shared *all, const plan *p) {
    memset(all, 0, sizeof *all);
    stress_begin(&all->crew);
    all->plan = p;
    for (size_t i = 0; i < KEYS; i++) {
        assert_int_equal(0, pthread_mutex_init(&all->keys[i].mutex, NULL));
    }
    spanlink_cache_options options = SPANLINK_CACHE_OPTIONS_INIT;
    options.capacity = test_limit(p->capacity);
    options.shards = p->shards;
    if (p->memory != NULL) {
        options.allocator = *p->memory;
    }
    assert_ok(spanlink_cache_create(&options, &all->cache));
}

static void prepare(worker *self, shared *all, uint64_t number, const spanlink_allocator *memory) {
    *self = (worker){.all = all, .random = number};
    spanlink_list_options options = test_list_options();
    spanlink_status status = SPANLINK_ERR_NO_MEMORY;
    if (memory != NULL) {
        options.allocator = *memory;
    }
    while (status == SPANLINK_ERR_NO_MEMORY) {
        status = spanlink_list_create(&options, &self->list);
    }
    assert_ok(status);
}

static void finish(worker *self, outcome *o) {
    assert_int_equal(0, self->faults);
    o->calls += self->calls;
    o->creations += self->creations;
    o->failures += self->failures;
    spanlink_list_destroy(self->list);
}

static void end(shared *all, outcome *o) {
    o->stats = stats_of(all);
    for (size_t i = 0; i < KEYS; i++) {
        key_state *key = &all->keys[i];
        assert_int_equal(0, key->running);
        o->created += key->created;
        o->most_running = key->most_running > o->most_running ? key->most_running : o->most_running;
        pthread_mutex_destroy(&key->mutex);
    }
    spanlink_cache_destroy(all->cache);
}

#ifdef CANCELS

static void *call_for_ever(void *state) {
    for (uint64_t i = 0;; i++) {
        get_one(state);
        stress_yield(i);
        pthread_testcancel();
    }
    return NULL;
}

/* Lets a thread run for a while and cancels it anywhere while the other threads are busy. */
static void cancel_again_and_again(shared *all, worker *victim) {
    uint64_t random = 1;
    while (stress_is_busy(&all->crew)) {
        pthread_t thread;
        assert_int_equal(0, pthread_create(&thread, NULL, call_for_ever, victim));
        for (uint64_t i = test_random(&random) % 8; i > 0; i--) {
            sched_yield();
        }
        assert_int_equal(0, pthread_cancel(thread));
        assert_int_equal(0, pthread_join(thread, NULL));
    }
}

#endif

/* The threads: the callers, one that watches, and one that removes keys or is cancelled. What a
 * cancelled thread has created is counted, its calls are not. */
static outcome run(const plan *p, size_t callers) {
    shared all;
    worker workers[STRESS_MOST_THREADS + 2], *watcher = &workers[callers], *other = watcher + 1;
    outcome o = {.calls = 0};
    begin(&all, p);
    prepare(watcher, &all, callers, NULL);
    prepare(other, &all, callers + 1, NULL);
    for (size_t i = 0; i < callers; i++) {
        prepare(&workers[i], &all, i, p->memory);
        stress_start_busy(&all.crew, call, &workers[i]);
    }
    stress_start(&all.crew, watch, watcher);
    if (p->removes) {
        stress_start(&all.crew, remove_and_clear, other);
    }
#ifdef CANCELS
    if (p->cancels) {
        cancel_again_and_again(&all, other);
    }
#endif
    stress_end(&all.crew);
    for (size_t i = 0; i < callers + 2; i++) {
        finish(&workers[i], &o);
    }
    end(&all, &o);
    if (!p->cancels) {
        assert_int_equal(o.calls, o.stats.hits + o.stats.misses);
        assert_int_equal(o.creations, o.stats.misses);
    }
    return o;
}

static void expect_kept_or_evicted(const outcome *o) {
    assert_int_equal(1, o->most_running);
    assert_int_equal(o->created, o->stats.entries + o->stats.evictions);
}

STRESS_TEST(an_unlimited_cache_creates_each_key_once) {
    plan p = {.capacity = SPANLINK_UNLIMITED};
    outcome o = run(&p, threads);
    assert_int_equal(1, o.most_running);
    assert_int_equal(o.stats.entries, o.created);
    assert_true(o.created <= KEYS);
    assert_int_equal(0, o.failures);
}

STRESS_TEST(what_was_created_was_kept_or_evicted) {
    static const size_t shards[] = {1, 4};
    for (size_t i = 0; i < 2; i++) {
        plan p = {.capacity = 20, .shards = shards[i]};
        outcome o = run(&p, threads);
        expect_kept_or_evicted(&o);
        assert_int_equal(0, o.failures);
    }
}

STRESS_TEST(nested_calls_go_on) {
    plan p = {.capacity = 20, .shards = 2, .nests = true};
    outcome o = run(&p, threads);
    expect_kept_or_evicted(&o);
}

STRESS_TEST(failures_reach_all_who_wait_and_are_not_kept) {
    plan p = {.capacity = 20, .shards = 2, .fails = true};
    outcome o = run(&p, threads);
    expect_kept_or_evicted(&o);
    assert_true(o.failures >= o.creations - o.created);
}

STRESS_TEST(removals_and_clears_hurt_nobody) {
    plan p = {.capacity = 50, .shards = 4, .removes = true};
    outcome o = run(&p, threads);
    assert_true(o.created >= o.stats.entries + o.stats.evictions);
    assert_int_equal(0, o.failures);
}

STRESS_TEST(nothing_is_lost_where_memory_runs_out_now_and_then) {
    stress_memory memory;
    spanlink_allocator allocator = stress_memory_begin(&memory, 7);
    plan p = {.capacity = 20, .shards = 2, .removes = true, .memory = &allocator};
    outcome o = run(&p, threads);
    assert_true(o.created >= o.stats.entries + o.stats.evictions);
    stress_memory_end(&memory);
}

STRESS_TEST(nothing_is_kept_with_capacity_zero) {
    plan p = {.capacity = 0};
    outcome o = run(&p, threads);
    assert_int_equal(1, o.most_running);
    assert_int_equal(0, o.stats.entries);
    assert_int_equal(0, o.failures);
}

#ifdef CANCELS

STRESS_TEST(threads_that_are_cancelled_hurt_nobody) {
    stress_memory memory;
    spanlink_allocator allocator = stress_memory_begin(&memory, SIZE_MAX);
    plan p = {.capacity = 20, .shards = 1, .cancels = true, .memory = &allocator};
    outcome o = run(&p, threads);
    expect_kept_or_evicted(&o);
    assert_int_equal(0, o.failures);
    assert_int_equal(0, memory.live_blocks);
    pthread_mutex_destroy(&memory.mutex);
}

#endif
