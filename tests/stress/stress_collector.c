/* SPDX-License-Identifier: MIT */
/*
 * Many threads use one collector; every link is recorded.
 *
 * Link i of thread t has the number t * 2^32 + i. The links of one thread in a drain or snapshot
 * must be consecutive: this detects lost, repeated and reordered links.
 */
#include "stress.h"

#include <spanlink/collector.h>

#include <stdlib.h>

typedef struct shared shared;

typedef struct worker {
    shared *all;
    uint64_t number;
    spanlink_list *list;
    size_t faults; /* events that must not happen */
    uint64_t offered;
    unsigned char
        *delivered[STRESS_MOST_THREADS]; /* how often each link was delivered, by thread */
    uint64_t next[STRESS_MOST_THREADS];  /* the next expected link of each thread */
    bool gap[STRESS_MOST_THREADS];       /* links before it may have gone elsewhere */
} worker;

struct shared {
    stress_crew crew;
    spanlink_collector *collector;
    size_t adders;
    worker workers[STRESS_MOST_THREADS + 3], *takers; /* the takers come after the adders */
    size_t taker_count;
    uint64_t spans; /* not 0: the adders repeat this number of spans */
    bool publishes; /* the adders store their progress */
    pthread_mutex_t progress_mutex;
    uint64_t progress[STRESS_MOST_THREADS]; /* guarded by the mutex */
};

/* Adders */

static spanlink_status add_stubbornly(spanlink_collector *collector, const spanlink_link *link) {
    spanlink_status status = SPANLINK_ERR_NO_MEMORY;
    while (status == SPANLINK_ERR_NO_MEMORY) {
        status = spanlink_collector_add(collector, link);
    }
    return status;
}

static void publish(shared *all, uint64_t thread, uint64_t added) {
    pthread_mutex_lock(&all->progress_mutex);
    all->progress[thread] = added;
    pthread_mutex_unlock(&all->progress_mutex);
}

static void *add(void *state) {
    worker *self = state;
    shared *all = self->all;
    for (uint64_t i = 0; i < stress_size; i++) {
        uint64_t number = all->spans != 0 ? i % all->spans : self->number << 32 | i;
        spanlink_attribute storage[1];
        spanlink_link link = test_link(number, storage);
        link.context.trace_id[15] = 1; /* zero ids are not tested here */
        self->faults += add_stubbornly(all->collector, &link) != SPANLINK_OK;
        if (all->publishes) {
            publish(all, self->number, i + 1);
        }
        stress_yield(i);
    }
    stress_done(&all->crew);
    return NULL;
}

/* Takers */

static uint64_t number_of(const spanlink_link *link) {
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++) {
        number |= (uint64_t)link->context.span_id[i] << (8 * i);
    }
    return number;
}

static void take(worker *self, bool drains) {
    spanlink_collector *collector = self->all->collector;
    spanlink_status status = SPANLINK_ERR_NO_MEMORY;
    spanlink_list_clear(self->list);
    while (status == SPANLINK_ERR_NO_MEMORY) {
        status = drains ? spanlink_collector_drain(collector, self->list)
                        : spanlink_collector_snapshot(collector, self->list);
    }
    self->faults += status != SPANLINK_OK;
    self->offered += test_stats(self->list).offered;
}

static bool may_come(const worker *self, uint64_t thread, uint64_t i, bool first) {
    bool behind_gap = first && self->gap[thread] && i > self->next[thread];
    return i == self->next[thread] || behind_gap;
}

static void look_through(worker *self) {
    bool begun[STRESS_MOST_THREADS] = {false};
    size_t count;
    const spanlink_link *links = spanlink_list_links(self->list, &count);
    for (size_t k = 0; k < count; k++) {
        uint64_t thread = number_of(&links[k]) >> 32, i = number_of(&links[k]) & UINT32_MAX;
        if (thread >= self->all->adders || i >= stress_size) {
            self->faults++;
            continue;
        }
        self->faults += !may_come(self, thread, i, !begun[thread]);
        begun[thread] = true;
        self->gap[thread] = false;
        self->next[thread] = i + 1;
        if (self->delivered[thread] != NULL) {
            self->delivered[thread][i]++;
        }
    }
}

static void expect_gaps(worker *self) {
    memset(self->gap, true, sizeof self->gap);
}

/* One of several takers: others may have taken the links between. */
static void drain_once(worker *self) {
    take(self, true);
    expect_gaps(self);
    look_through(self);
}

static void *drain(void *state) {
    worker *self = state;
    while (stress_is_busy(&self->all->crew)) {
        drain_once(self);
        sched_yield();
    }
    return NULL;
}

static void *snapshot(void *state) {
    worker *self = state;
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    while (stress_is_busy(&self->all->crew)) {
        take(self, false);
        memset(self->next, 0, sizeof self->next);
        expect_gaps(self);
        look_through(self);
        spanlink_collector_get_stats(self->all->collector, &stats);
        self->faults += stats.kept > self->all->adders * stress_size;
        /* Other threads run between two reads, so that a read without the locks is detected. */
        sched_yield();
        self->faults += spanlink_collector_count(self->all->collector) > SIZE_MAX / 2;
    }
    return NULL;
}

/* The only taker: it knows which link must come next. */
static void *drain_and_clear(void *state) {
    worker *self = state;
    uint64_t random = 1;
    while (stress_is_busy(&self->all->crew)) {
        if (test_random(&random) % 3 == 0) {
            spanlink_collector_clear(self->all->collector);
            expect_gaps(self);
        } else {
            take(self, true);
            look_through(self);
        }
        sched_yield();
    }
    return NULL;
}

/* A drain or snapshot holds every link that was added before it. */
static void take_after_progress(worker *self, bool drains) {
    shared *all = self->all;
    uint64_t before[STRESS_MOST_THREADS], drained[STRESS_MOST_THREADS];
    memcpy(drained, self->next, sizeof drained);
    pthread_mutex_lock(&all->progress_mutex);
    memcpy(before, all->progress, sizeof before);
    pthread_mutex_unlock(&all->progress_mutex);
    take(self, drains);
    look_through(self);
    for (size_t thread = 0; thread < all->adders; thread++) {
        self->faults += self->next[thread] < before[thread];
    }
    if (!drains) {
        memcpy(self->next, drained, sizeof drained);
    }
}

static void *compare_with_progress(void *state) {
    worker *self = state;
    for (size_t round = 0; stress_is_busy(&self->all->crew); round++) {
        take_after_progress(self, round % 2 == 0);
        sched_yield();
    }
    return NULL;
}

enum { SPANS = 50, BOUND = 20 };

static void *drain_unique(void *state) {
    worker *self = state;
    while (stress_is_busy(&self->all->crew)) {
        bool seen[SPANS] = {false};
        size_t count;
        take(self, true);
        const spanlink_link *links = spanlink_list_links(self->list, &count);
        for (size_t i = 0; i < count; i++) {
            uint64_t span = number_of(&links[i]) % SPANS;
            self->faults += seen[span];
            seen[span] = true;
        }
        self->faults += count > BOUND;
        sched_yield();
    }
    return NULL;
}

/* The main thread */

static void begin(shared *all, const spanlink_collector_options *options, size_t adders) {
    memset(all, 0, sizeof *all);
    all->adders = adders;
    all->takers = &all->workers[adders];
    stress_begin(&all->crew);
    assert_int_equal(0, pthread_mutex_init(&all->progress_mutex, NULL));
    assert_ok(spanlink_collector_create(options, &all->collector));
}

static void start_adders(shared *all) {
    for (uint64_t i = 0; i < all->adders; i++) {
        worker *adder = &all->workers[i];
        *adder = (worker){.all = all, .number = i};
        stress_start_busy(&all->crew, add, adder);
    }
}

/* A taker records the links that it gets if it `notes` them. */
static void start_taker(shared *all, void *(*run)(void *), bool notes) {
    worker *taker = &all->takers[all->taker_count++];
    const spanlink_list_options options = test_list_options();
    *taker = (worker){.all = all};
    assert_ok(spanlink_list_create(&options, &taker->list));
    for (size_t thread = 0; notes && thread < all->adders; thread++) {
        taker->delivered[thread] = calloc(stress_size, 1);
        assert_non_null(taker->delivered[thread]);
    }
    stress_start(&all->crew, run, taker);
}

static void end(shared *all) {
    for (size_t i = 0; i < all->adders + all->taker_count; i++) {
        assert_int_equal(0, all->workers[i].faults);
        spanlink_list_destroy(all->workers[i].list);
        for (size_t thread = 0; thread < STRESS_MOST_THREADS; thread++) {
            free(all->workers[i].delivered[thread]);
        }
    }
    assert_int_equal(0, spanlink_collector_count(all->collector));
    spanlink_collector_destroy(all->collector);
    pthread_mutex_destroy(&all->progress_mutex);
}

static spanlink_collector_options unbounded(void) {
    spanlink_collector_options options = SPANLINK_COLLECTOR_OPTIONS_INIT;
    options.limits.max_links = SPANLINK_UNLIMITED;
    return options;
}

/* Two drain, one takes snapshots, the others add. */
static void deliver_once(size_t threads, const spanlink_collector_options *options) {
    shared all;
    begin(&all, options, threads);
    start_adders(&all);
    start_taker(&all, drain, true);
    start_taker(&all, drain, true);
    start_taker(&all, snapshot, false);
    stress_end(&all.crew);
    drain_once(&all.takers[0]);
    for (size_t thread = 0; thread < threads; thread++) {
        for (size_t i = 0; i < stress_size; i++) {
            assert_int_equal(1, all.takers[0].delivered[thread][i] +
                                    all.takers[1].delivered[thread][i]);
        }
    }
    assert_int_equal(threads * stress_size, all.takers[0].offered + all.takers[1].offered);
    end(&all);
}

STRESS_TEST(each_link_is_delivered_once_and_in_order) {
    spanlink_collector_options options = unbounded();
    deliver_once(threads, &options);
}

STRESS_TEST(so_it_is_where_all_threads_share_a_shard) {
    spanlink_collector_options options = unbounded();
    options.shards = 1;
    deliver_once(threads, &options);
}

STRESS_TEST(so_it_is_where_memory_runs_out_now_and_then) {
    stress_memory memory;
    spanlink_collector_options options = unbounded();
    options.allocator = stress_memory_begin(&memory, 3);
    deliver_once(threads, &options);
    stress_memory_end(&memory);
}

STRESS_TEST(only_what_was_cleared_is_missing) {
    shared all;
    spanlink_collector_options options = unbounded();
    begin(&all, &options, threads);
    start_adders(&all);
    start_taker(&all, drain_and_clear, false);
    start_taker(&all, snapshot, false);
    stress_end(&all.crew);
    take(&all.takers[0], true);
    look_through(&all.takers[0]);
    for (size_t thread = 0; thread < threads; thread++) {
        assert_true(all.takers[0].gap[thread] || all.takers[0].next[thread] == stress_size);
    }
    end(&all);
}

STRESS_TEST(what_was_added_before_is_in_it) {
    shared all;
    spanlink_collector_options options = unbounded();
    begin(&all, &options, threads);
    all.publishes = true;
    start_adders(&all);
    start_taker(&all, compare_with_progress, false);
    stress_end(&all.crew);
    take_after_progress(&all.takers[0], true);
    for (size_t thread = 0; thread < threads; thread++) {
        assert_int_equal(stress_size, all.takers[0].next[thread]);
    }
    end(&all);
}

STRESS_TEST(a_bounded_unique_collector_counts_every_link_once) {
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        shared all;
        spanlink_collector_options options = SPANLINK_COLLECTOR_OPTIONS_INIT;
        options.limits.max_links = BOUND;
        options.unique = true;
        options.overflow = overflow;
        begin(&all, &options, threads);
        all.spans = SPANS;
        start_adders(&all);
        start_taker(&all, drain_unique, false);
        start_taker(&all, drain_unique, false);
        stress_end(&all.crew);
        take(&all.takers[0], true);
        assert_int_equal(threads * stress_size, all.takers[0].offered + all.takers[1].offered);
        end(&all);
    }
}
