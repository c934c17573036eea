/* SPDX-License-Identifier: MIT */
#include "test_caches.h"

#ifndef SPANLINK_NO_THREADS
/*
 * Many threads. Each looks up once and records the result, which the main thread asserts after
 * joining. A test_cache_create() that must last until other threads wait reads the statistics,
 * which count a waiting thread as a hit.
 */

enum { ASKERS = 6 };

typedef struct asker {
    spanlink_cache *cache;
    const char *key;
    spanlink_create_fn run;
    void *state;
    spanlink_list *list;
    spanlink_status status;
    pthread_t thread;
} asker;

static void *run_asker(void *state) {
    asker *self = state;
    self->status = look_up(self->cache, self->key, self->run, self->state, self->list);
    return NULL;
}

static void start_asker(asker *self, spanlink_cache *cache, const char *key, spanlink_create_fn run,
                        void *state) {
    *self = (asker){.cache = cache, .key = key, .run = run, .state = state};
    self->list = test_list();
    assert_int_equal(0, pthread_create(&self->thread, NULL, run_asker, self));
}

static void join_asker(asker *self, spanlink_status status, uint64_t number) {
    assert_int_equal(0, pthread_join(self->thread, NULL));
    assert_status(status, self->status);
    assert_int_equal(status == SPANLINK_OK, test_stats(self->list).offered);
    if (status == SPANLINK_OK) {
        assert_int_equal(number, last_number(self->list));
    }
}

/* A test_cache_create() that returns when `waiters` threads wait, or when the gate is opened. */
typedef struct gate {
    spanlink_cache *cache;
    uint64_t waiters;
    int calls;   /* guarded by the mutex, like `closed` */
    bool closed; /* also waits for open_gate() */
    maker from;
} gate;

static pthread_mutex_t gates = PTHREAD_MUTEX_INITIALIZER;

static gate gate_of(spanlink_cache *cache, uint64_t waiters) {
    return (gate){.cache = cache, .waiters = waiters, .from = maker_of(1)};
}

static int gate_calls(gate *g) {
    pthread_mutex_lock(&gates);
    int calls = g->calls;
    pthread_mutex_unlock(&gates);
    return calls;
}

static bool gate_is_closed(gate *g) {
    pthread_mutex_lock(&gates);
    bool closed = g->closed;
    pthread_mutex_unlock(&gates);
    return closed;
}

static void open_gate(gate *g) {
    pthread_mutex_lock(&gates);
    g->closed = false;
    pthread_mutex_unlock(&gates);
}

static spanlink_status make_behind_gate(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                        void *sink) {
    gate *self = state;
    pthread_mutex_lock(&gates);
    self->calls++;
    pthread_mutex_unlock(&gates);
    while (stats_of(self->cache).hits < self->waiters || gate_is_closed(self)) {
        sched_yield();
    }
    return make(&self->from, key, emit, sink);
}

static void ask_together(gate *g, spanlink_status status) {
    asker askers[ASKERS];
    for (size_t i = 0; i < ASKERS; i++) {
        start_asker(&askers[i], g->cache, "key", make_behind_gate, g);
    }
    for (size_t i = 0; i < ASKERS; i++) {
        join_asker(&askers[i], status, 1);
    }
    assert_int_equal(1, g->calls);
}

TEST(simultaneous_misses_get_the_link_of_one_create) {
    static const size_t capacities[] = {0, 10};
    for (size_t i = 0; i < 2; i++) {
        spanlink_cache *cache = create_counted(capacities[i], 1);
        gate g = gate_of(cache, ASKERS - 1);
        ask_together(&g, SPANLINK_OK);
        expect_stats(cache, ASKERS - 1, 1, 0, capacities[i] != 0);
        test_end_round();
    }
}

TEST(simultaneous_misses_get_the_same_failure) {
    spanlink_cache *cache = create_with(10, 1);
    gate g = gate_of(cache, ASKERS - 1);
    g.from.status = SPANLINK_ERR_TRACEPARENT_FLAGS;
    ask_together(&g, SPANLINK_ERR_TRACEPARENT_FLAGS);
    expect_stats(cache, ASKERS - 1, 1, 0, 0);
    assert_int_equal(5, number_of(cache, "key", 5));
}

/* Growing the table fails after test_cache_create() has succeeded: the call fails for all threads.
 */
TEST(simultaneous_misses_fail_together_without_memory) {
    spanlink_cache *cache = create_counted(10, 1);
    fill(cache, 4); /* the capacity of the first table */
    uint64_t hits = stats_of(cache).hits;
    gate g = gate_of(cache, hits + ASKERS - 1);
    test_heap.fail_at = test_heap.calls + 2; /* the entry, and then the table */
    ask_together(&g, SPANLINK_ERR_NO_MEMORY);
    assert_int_equal(4, stats_of(cache).entries);
    assert_int_equal(5, number_of(cache, "key", 5));
}

static void start_behind_gate(asker *self, gate *g, const char *key) {
    int calls = gate_calls(g);
    start_asker(self, g->cache, key, make_behind_gate, g);
    while (gate_calls(g) == calls) {
        sched_yield();
    }
}

TEST(other_keys_do_not_wait) {
    spanlink_cache *cache = create_with(10, 1);
    gate all[2];
    asker slow[2];
    for (size_t i = 0; i < 2; i++) {
        all[i] = gate_of(cache, 0);
        all[i].closed = true;
        start_behind_gate(&slow[i], &all[i], i == 0 ? "slow" : "slower");
    }
    assert_int_equal(2, number_of(cache, "other", 2));
    assert_int_equal(2, number_of(cache, "other", 3));
    assert_true(spanlink_cache_remove(cache, spanlink_str_from("other")));
    for (size_t i = 0; i < 2; i++) {
        open_gate(&all[i]);
        join_asker(&slow[i], SPANLINK_OK, 1);
    }
}

/* Threads that already wait get the old link; look-ups after the removal get a new one. */
TEST(after_a_removal_the_link_is_created_again) {
    for (int clear = 0; clear < 2; clear++) {
        spanlink_cache *cache = create_with(10, 1);
        gate g = gate_of(cache, 0);
        g.closed = true;
        asker first, second;
        start_behind_gate(&first, &g, "key");
        start_asker(&second, cache, "key", make_behind_gate, &g);
        while (stats_of(cache).hits == 0) {
            sched_yield();
        }
        if (clear != 0) {
            spanlink_cache_clear(cache);
        } else {
            assert_false(spanlink_cache_remove(cache, spanlink_str_from("key")));
        }
        assert_int_equal(2, number_of(cache, "key", 2));
        open_gate(&g);
        join_asker(&first, SPANLINK_OK, 1);
        join_asker(&second, SPANLINK_OK, 1);
        assert_int_equal(1, gate_calls(&g));
        assert_int_equal(2, number_of(cache, "key", 3));
        test_end_round();
    }
}

TEST(a_failure_of_a_waiters_list_does_not_affect_other_threads) {
    spanlink_cache *cache = create_with(10, 1);
    gate g = gate_of(cache, 1);
    asker first;
    start_behind_gate(&first, &g, "key");
    spanlink_list *list = test_list(.allocator = test_counted());
    test_heap.fail_at = test_heap.calls + 1;
    assert_status(SPANLINK_ERR_NO_MEMORY, look_up(cache, "key", make_behind_gate, &g, list));
    assert_int_equal(0, test_stats(list).offered);
    join_asker(&first, SPANLINK_OK, 1);
    assert_int_equal(1, number_of(cache, "key", 2));
}

#if defined(SLNK_LOCK_POSIX) && defined(PTHREAD_CANCEL_DISABLE) && !defined(TEST_NO_CANCEL)
/*
 * Cancelled threads. A test_cache_create() that never returns waits until its thread is cancelled;
 * the main thread follows the progress of other threads in the statistics.
 */

static spanlink_status make_for_ever(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                     void *sink) {
    maker *self = state;
    if (self->emits != 0) {
        make(self, key, emit, sink);
    }
    for (;;) {
        pthread_testcancel();
        sched_yield();
    }
    return SPANLINK_OK;
}

static void wait_for_misses(const spanlink_cache *cache, uint64_t misses) {
    while (stats_of(cache).misses < misses) {
        sched_yield();
    }
}

static void wait_for_hits(const spanlink_cache *cache, uint64_t hits) {
    while (stats_of(cache).hits < hits) {
        sched_yield();
    }
}

static void cancel_asker(asker *self) {
    void *result;
    assert_int_equal(0, pthread_cancel(self->thread));
    assert_int_equal(0, pthread_join(self->thread, &result));
    assert_true(result == PTHREAD_CANCELED);
    assert_int_equal(0, test_stats(self->list).offered);
}

/* At every position among the waiters. */
TEST(a_cancelled_waiter_does_not_affect_the_others) {
    for (size_t cancelled = 1; cancelled < ASKERS; cancelled++) {
        spanlink_cache *cache = create_counted(10, 1);
        gate g = gate_of(cache, 0);
        asker askers[ASKERS];
        g.closed = true;
        start_behind_gate(&askers[0], &g, "key");
        for (size_t i = 1; i < ASKERS; i++) {
            start_asker(&askers[i], cache, "key", make_behind_gate, &g);
            wait_for_hits(cache, i);
        }
        cancel_asker(&askers[cancelled]);
        open_gate(&g);
        for (size_t i = 0; i < ASKERS; i++) {
            if (i != cancelled) {
                join_asker(&askers[i], SPANLINK_OK, 1);
            }
        }
        expect_stats(cache, ASKERS - 1, 1, 0, 1);
        test_end_round();
    }
}

/* Its waiters look up again: one of them creates the link, the others get it. */
TEST(after_a_cancelled_create_another_thread_creates) {
    for (int emits = 0; emits < 2; emits++) {
        spanlink_cache *cache = create_counted(10, 1);
        maker first = {.number = 9, .emits = emits}, second = maker_of(1);
        asker cancelled, askers[ASKERS];
        start_asker(&cancelled, cache, "key", make_for_ever, &first);
        wait_for_misses(cache, 1);
        for (size_t i = 0; i < ASKERS; i++) {
            start_asker(&askers[i], cache, "key", make, &second);
            wait_for_hits(cache, i + 1);
        }
        cancel_asker(&cancelled);
        for (size_t i = 0; i < ASKERS; i++) {
            join_asker(&askers[i], SPANLINK_OK, 1);
        }
        assert_int_equal(1, second.calls);
        expect_stats(cache, ASKERS - 1, 2, 0, 1);
        assert_int_equal(1, number_of(cache, "key", 2));
        test_end_round();
    }
}

TEST(a_cancelled_create_leaves_the_cache_as_it_was) {
    spanlink_cache *cache = create_with(10, 1);
    maker never = {.number = 9, .emits = 1};
    asker cancelled;
    number_of(cache, "other", 2);
    start_asker(&cancelled, cache, "key", make_for_ever, &never);
    wait_for_misses(cache, 2);
    cancel_asker(&cancelled);
    assert_int_equal(1, number_of(cache, "key", 1));
    assert_int_equal(2, number_of(cache, "other", 3));
    assert_int_equal(2, stats_of(cache).entries);
}

/* A test_cache_create() inside another one. */
static spanlink_status make_nested_for_ever(void *state, spanlink_str key,
                                            spanlink_link_emit_fn emit, void *sink) {
    nested *self = state;
    maker never = {.emits = 1};
    (void)key;
    (void)emit;
    (void)sink;
    return look_up(self->cache, "inner", make_for_ever, &never, self->list);
}

TEST(a_cancelled_create_inside_another_abandons_both) {
    spanlink_cache *cache = create_with(10, 1);
    nested from = {.cache = cache, .list = test_list()};
    asker cancelled;
    start_asker(&cancelled, cache, "outer", make_nested_for_ever, &from);
    wait_for_misses(cache, 2);
    cancel_asker(&cancelled);
    assert_int_equal(1, number_of(cache, "outer", 1));
    assert_int_equal(2, number_of(cache, "inner", 2));
    assert_int_equal(0, test_stats(from.list).offered);
}

static spanlink_status make_and_exit(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                     void *sink) {
    (void)state;
    (void)key;
    (void)emit;
    (void)sink;
    pthread_exit(NULL);
    return SPANLINK_OK;
}

TEST(a_thread_that_exits_in_create_does_not_affect_others) {
    spanlink_cache *cache = create_with(10, 1);
    asker leaving;
    start_asker(&leaving, cache, "key", make_and_exit, NULL);
    assert_int_equal(0, pthread_join(leaving.thread, NULL));
    assert_int_equal(1, number_of(cache, "key", 1));
}
#endif
#endif
