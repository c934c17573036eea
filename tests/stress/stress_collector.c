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

typedef struct shared {
    stress_crew crew;
    spanlink_collector *collector;
    size_t adders;
    uint64_t spans; /* not 0: the adders repeat this number of spans */
    bool publishes; /* the adders store their progress */
    pthread_mutex_t progress_mutex;
    uint64_t progress[STRESS_MOST_THREADS]; /* guarded by the mutex */
} shared;

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
    spanlink_collector_options unbounded = SPANLINK_COLLECTOR_OPTIONS_INIT;
    unbounded.limits.max_links = SPANLINK_UNLIMITED;
    memset(all, 0, sizeof *all);
    all->adders = adders;
    stress_begin(&all->crew);
    assert_int_equal(0, pthread_mutex_init(&all->progress_mutex, NULL));
    assert_ok(spanlink_collector_create(options == NULL ? &unbounded : options, &all->collector));
}

static void prepare(worker *self, shared *all, uint64_t number) {
    memset(self, 0, sizeof *self);
    self->all = all;
    self->number = number;
    const spanlink_list_options unbounded = test_list_options();
    assert_ok(spanlink_list_create(&unbounded, &self->list));
}

static void note_deliveries(worker *self) {
    for (size_t thread = 0; thread < self->all->adders; thread++) {
        self->delivered[thread] = calloc(stress_size, 1);
        assert_non_null(self->delivered[thread]);
    }
}

static void start_adders(shared *all, worker adders[STRESS_MOST_THREADS]) {
    for (uint64_t i = 0; i < all->adders; i++) {
        prepare(&adders[i], all, i);
        stress_start_busy(&all->crew, add, &adders[i]);
    }
}

static void finish(worker workers[], size_t count) {
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(0, workers[i].faults);
        spanlink_list_destroy(workers[i].list);
        for (size_t thread = 0; thread < STRESS_MOST_THREADS; thread++) {
            free(workers[i].delivered[thread]);
        }
    }
}

static void end(shared *all) {
    assert_int_equal(0, spanlink_collector_count(all->collector));
    spanlink_collector_destroy(all->collector);
    pthread_mutex_destroy(&all->progress_mutex);
}

static void expect_each_once(const worker *first, const worker *second) {
    for (size_t thread = 0; thread < first->all->adders; thread++) {
        for (size_t i = 0; i < stress_size; i++) {
            assert_int_equal(1, first->delivered[thread][i] + second->delivered[thread][i]);
        }
    }
}

/* Two drain, one takes snapshots, the others add. */
static void deliver_once(size_t threads, const spanlink_collector_options *options) {
    shared all;
    worker adders[STRESS_MOST_THREADS], drainers[2], observer;
    begin(&all, options, threads);
    prepare(&observer, &all, 0);
    start_adders(&all, adders);
    for (size_t i = 0; i < 2; i++) {
        prepare(&drainers[i], &all, 0);
        note_deliveries(&drainers[i]);
        stress_start(&all.crew, drain, &drainers[i]);
    }
    stress_start(&all.crew, snapshot, &observer);
    stress_end(&all.crew);
    drain_once(&drainers[0]);
    expect_each_once(&drainers[0], &drainers[1]);
    assert_int_equal(threads * stress_size, drainers[0].offered + drainers[1].offered);
    finish(adders, threads);
    finish(drainers, 2);
    finish(&observer, 1);
    end(&all);
}

static size_t threads_of(void **state) {
    return (size_t)(uintptr_t)*state;
}

static void each_link_is_delivered_once_and_in_order(void **state) {
    deliver_once(threads_of(state), NULL);
}

static void so_it_is_where_all_threads_share_a_shard(void **state) {
    spanlink_collector_options options = SPANLINK_COLLECTOR_OPTIONS_INIT;
    options.limits.max_links = SPANLINK_UNLIMITED;
    options.shards = 1;
    deliver_once(threads_of(state), &options);
}

static void so_it_is_where_memory_runs_out_now_and_then(void **state) {
    stress_memory memory;
    spanlink_collector_options options = SPANLINK_COLLECTOR_OPTIONS_INIT;
    options.limits.max_links = SPANLINK_UNLIMITED;
    options.allocator = stress_memory_begin(&memory, 3);
    deliver_once(threads_of(state), &options);
    stress_memory_end(&memory);
}

static void only_what_was_cleared_is_missing(void **state) {
    shared all;
    worker adders[STRESS_MOST_THREADS], taker, observer;
    begin(&all, NULL, threads_of(state));
    prepare(&taker, &all, 0);
    prepare(&observer, &all, 0);
    start_adders(&all, adders);
    stress_start(&all.crew, drain_and_clear, &taker);
    stress_start(&all.crew, snapshot, &observer);
    stress_end(&all.crew);
    take(&taker, true);
    look_through(&taker);
    for (size_t thread = 0; thread < all.adders; thread++) {
        assert_true(taker.gap[thread] || taker.next[thread] == stress_size);
    }
    finish(adders, all.adders);
    finish(&taker, 1);
    finish(&observer, 1);
    end(&all);
}

static void what_was_added_before_is_in_it(void **state) {
    shared all;
    worker adders[STRESS_MOST_THREADS], taker;
    begin(&all, NULL, threads_of(state));
    all.publishes = true;
    prepare(&taker, &all, 0);
    start_adders(&all, adders);
    stress_start(&all.crew, compare_with_progress, &taker);
    stress_end(&all.crew);
    take_after_progress(&taker, true);
    for (size_t thread = 0; thread < all.adders; thread++) {
        assert_int_equal(stress_size, taker.next[thread]);
    }
    finish(adders, all.adders);
    finish(&taker, 1);
    end(&all);
}

static void count_each_once(size_t threads, uint32_t overflow) {
    shared all;
    worker adders[STRESS_MOST_THREADS], takers[2];
    spanlink_collector_options options = SPANLINK_COLLECTOR_OPTIONS_INIT;
    options.limits.max_links = SPANLINK_UNLIMITED;
    options.limits.max_links = BOUND;
    options.unique = true;
    options.overflow = overflow;
    begin(&all, &options, threads);
    all.spans = SPANS;
    start_adders(&all, adders);
    for (size_t i = 0; i < 2; i++) {
        prepare(&takers[i], &all, 0);
        stress_start(&all.crew, drain_unique, &takers[i]);
    }
    stress_end(&all.crew);
    take(&takers[0], true);
    assert_int_equal(threads * stress_size, takers[0].offered + takers[1].offered);
    finish(adders, threads);
    finish(takers, 2);
    end(&all);
}

static void a_bounded_unique_collector_counts_every_link_once(void **state) {
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        count_each_once(threads_of(state), overflow);
    }
}

int main(int count, char **arguments) {
    struct CMUnitTest tests[] = {
        cmocka_unit_test(each_link_is_delivered_once_and_in_order),
        cmocka_unit_test(so_it_is_where_all_threads_share_a_shard),
        cmocka_unit_test(so_it_is_where_memory_runs_out_now_and_then),
        cmocka_unit_test(only_what_was_cleared_is_missing),
        cmocka_unit_test(what_was_added_before_is_in_it),
        cmocka_unit_test(a_bounded_unique_collector_counts_every_link_once),
    };
    return stress_run(count, arguments, "collector under stress", tests,
                      sizeof tests / sizeof tests[0]);
}
