/* SPDX-License-Identifier: MIT */
/* Collector and cache, used by `threads` threads at once; `size` is the number of links held.
 * Threads look up keys in the order of `order`. */
#include "inputs.h"
#include "workload.h"

#include <spanlink/cache.h>
#include <spanlink/collector.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_THREADS = 16, KEY_LENGTH = 16, BATCH = 128 };

/* Variants */
enum { BATCH_ITEMS, TEXTS, WITHOUT_ATTRIBUTES };

struct shared;

typedef struct worker {
    pthread_t thread;
    struct shared *shared;
    size_t number;
    size_t operations;
    spanlink_list *list; /* receives the links of cache look-ups */
} worker;

typedef struct shared {
    size_t threads; /* at least one */
    size_t size;
    bench_links inputs;
    spanlink_collector *collector;
    spanlink_cache *cache;
    char (*keys)[KEY_LENGTH + 1];
    uint32_t *order; /* indexes of the keys to look up */
    size_t lookups;  /* length of `order` */
    void *(*work)(void *worker);
    worker workers[MOST_THREADS];
} shared;

/* Divides the operations among the threads, the first of which is the calling one. */
static void work_in_threads(void *state, size_t operations) {
    shared *self = state;
    for (size_t i = 0; i < self->threads; i++) {
        self->workers[i].operations = operations / self->threads;
    }
    self->workers[0].operations += operations % self->threads;
    for (size_t i = 1; i < self->threads; i++) {
        worker *each = &self->workers[i];
        bench_require(pthread_create(&each->thread, NULL, self->work, each) == 0, "no thread");
    }
    self->work(&self->workers[0]);
    for (size_t i = 1; i < self->threads; i++) {
        pthread_join(self->workers[i].thread, NULL);
    }
}

BENCH_RUN(run, work_in_threads)

static shared *start(const bench_workload *workload, void *(*work)(void *worker)) {
    shared *self = bench_allocate(1, sizeof *self);
    self->threads = workload->threads == 0 ? 1 : workload->threads;
    self->size = workload->size;
    self->work = work;
    self->inputs = bench_links_create(BENCH_INPUTS);
    if (workload->variant == TEXTS) {
        bench_links_set_texts(&self->inputs, BENCH_INPUTS);
    }
    for (size_t i = 0; workload->variant == WITHOUT_ATTRIBUTES && i < BENCH_INPUTS; i++) {
        self->inputs.links[i].attribute_count = 0;
    }
    for (size_t i = 0; i < self->threads; i++) {
        self->workers[i].shared = self;
        self->workers[i].number = i;
    }
    return self;
}

/* A list for each thread. */
static void create_lists(shared *self, const spanlink_allocator *allocator) {
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.limits.max_links = SPANLINK_UNLIMITED;
    options.allocator = *allocator;
    for (size_t i = 0; i < self->threads; i++) {
        spanlink_status status = spanlink_list_create(&options, &self->workers[i].list);
        bench_require(status == SPANLINK_OK, "no list");
    }
}

static void tear_down(void *state) {
    shared *self = state;
    for (size_t i = 0; i < self->threads; i++) {
        spanlink_list_destroy(self->workers[i].list);
    }
    spanlink_collector_destroy(self->collector);
    spanlink_cache_destroy(self->cache);
    bench_links_destroy(&self->inputs);
    free(self->keys);
    free(self->order);
    free(self);
}

/* Collector: each thread clears it after adding `size` links, which bounds memory at almost no cost
 * per link, or drains it into its own list. */

static void empty_collector(const worker *self) {
    spanlink_collector *collector = self->shared->collector;
    if (self->list == NULL) {
        spanlink_collector_clear(collector);
        return;
    }
    spanlink_list_clear(self->list);
    bench_require(spanlink_collector_drain(collector, self->list) == SPANLINK_OK, "not drained");
}

static void *collect(void *state) {
    worker *self = state;
    const spanlink_link *links = self->shared->inputs.links;
    spanlink_collector *collector = self->shared->collector;
    size_t offset = self->number * (BENCH_INPUTS / self->shared->threads),
           size = self->shared->size;
    uint32_t faults = 0;
    for (size_t i = 0; i < self->operations; i++) {
        faults |= (uint32_t)spanlink_collector_add(collector, &links[(offset + i) % BENCH_INPUTS]);
        if (i % size == size - 1) {
            empty_collector(self);
        }
    }
    bench_require(faults == 0, "a link was not collected");
    return NULL;
}

static shared *start_collector(const bench_workload *workload,
                               const spanlink_allocator *allocator) {
    shared *self = start(workload, collect);
    spanlink_collector_options options = SPANLINK_COLLECTOR_OPTIONS_INIT;
    options.limits.max_links = SPANLINK_UNLIMITED;
    options.allocator = *allocator;
    spanlink_status status = spanlink_collector_create(&options, &self->collector);
    bench_require(status == SPANLINK_OK, "no collector");
    return self;
}

static void *set_up_collector(const bench_workload *workload, const spanlink_allocator *allocator) {
    shared *self = start_collector(workload, allocator);
    work_in_threads(self, 2 * self->threads * self->size);
    return self;
}

static void *set_up_drained(const bench_workload *workload, const spanlink_allocator *allocator) {
    shared *self = start_collector(workload, allocator);
    create_lists(self, allocator);
    work_in_threads(self, 2 * self->threads * self->size);
    return self;
}

/* Cache */

static spanlink_status create_link(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                   void *sink) {
    const shared *self = state;
    return emit(sink, &self->inputs.links[(uint8_t)key.ptr[KEY_LENGTH - 1]]);
}

static void *look_up(void *state) {
    worker *self = state;
    shared *all = self->shared;
    size_t next = self->number * (all->lookups / all->threads);
    uint32_t faults = 0;
    for (size_t i = 0; i < self->operations; i++) {
        if (i % BATCH == 0) {
            spanlink_list_clear(self->list);
        }
        spanlink_str key = {all->keys[all->order[next]], KEY_LENGTH};
        next = next + 1 == all->lookups ? 0 : next + 1;
        faults |=
            (uint32_t)spanlink_cache_get_or_create(all->cache, key, create_link, all, self->list);
    }
    bench_require(faults == 0, "a link was not found");
    return NULL;
}

/* `keys` keys, and the order 0, 1, … */
static shared *start_cache(const bench_workload *workload, const spanlink_allocator *allocator,
                           size_t capacity, size_t keys) {
    shared *self = start(workload, look_up);
    spanlink_cache_options options = SPANLINK_CACHE_OPTIONS_INIT;
    uint64_t state = 1;
    options.allocator = *allocator;
    options.hash_seed[0] = 1; /* the same table on every run */
    options.capacity = capacity;
    bench_require(spanlink_cache_create(&options, &self->cache) == SPANLINK_OK, "no cache");
    create_lists(self, allocator);
    self->lookups = keys > BENCH_INPUTS ? keys : BENCH_INPUTS;
    self->keys = bench_allocate(keys, sizeof *self->keys);
    self->order = bench_allocate(self->lookups, sizeof *self->order);
    for (size_t i = 0; i < keys; i++) {
        snprintf(self->keys[i], sizeof self->keys[i], "%016llx",
                 (unsigned long long)bench_random(&state));
    }
    for (size_t i = 0; i < self->lookups; i++) {
        self->order[i] = (uint32_t)(i % keys);
    }
    return self;
}

/* Look-ups in random order in a cache with twice the needed capacity: shards fill unevenly, and no
 * key may be evicted. */
static void *set_up_hits(const bench_workload *workload, const spanlink_allocator *allocator) {
    size_t size = workload->size;
    shared *self = start_cache(workload, allocator, 2 * size, size);
    uint64_t state = 2;
    for (size_t i = self->lookups; i > 1; i--) {
        size_t other = (size_t)(bench_random(&state) % i);
        uint32_t number = self->order[i - 1];
        self->order[i - 1] = self->order[other];
        self->order[other] = number;
    }
    work_in_threads(self, self->lookups * self->threads);
    return self;
}

/* Look-ups in turn of four times as many keys as are held: each look-up is a miss. */
static void *set_up_misses(const bench_workload *workload, const spanlink_allocator *allocator) {
    shared *self = start_cache(workload, allocator, workload->size, 4 * workload->size);
    work_in_threads(self, self->lookups * self->threads);
    return self;
}

/* name, operation, size, threads, counted, variant, set up, run, tear down */
static const bench_workload workloads[] = {
    {"collector_add_1", "link", 1024, 0, 8192, BATCH_ITEMS, set_up_collector, run, tear_down},
    {"collector_add_2", "link", 1024, 2, 0, BATCH_ITEMS, set_up_collector, run, tear_down},
    {"collector_add_4", "link", 1024, 4, 0, BATCH_ITEMS, set_up_collector, run, tear_down},
    {"collector_add_bare_1", "link", 1024, 0, 8192, WITHOUT_ATTRIBUTES, set_up_collector, run,
     tear_down},
    {"collector_add_bare_2", "link", 1024, 2, 0, WITHOUT_ATTRIBUTES, set_up_collector, run,
     tear_down},
    {"collector_drain_1", "link", 1024, 0, 8192, BATCH_ITEMS, set_up_drained, run, tear_down},
    {"collector_drain_2", "link", 1024, 2, 0, BATCH_ITEMS, set_up_drained, run, tear_down},
    {"cache_hit_1", "look-up", 1024, 0, 8192, BATCH_ITEMS, set_up_hits, run, tear_down},
    {"cache_hit_2", "look-up", 1024, 2, 0, BATCH_ITEMS, set_up_hits, run, tear_down},
    {"cache_hit_texts_1", "look-up", 1024, 0, 8192, TEXTS, set_up_hits, run, tear_down},
    {"cache_hit_10000_1", "look-up", 10000, 0, 8192, BATCH_ITEMS, set_up_hits, run, tear_down},
    {"cache_hit_10000_2", "look-up", 10000, 2, 0, BATCH_ITEMS, set_up_hits, run, tear_down},
    {"cache_miss_1", "look-up", 1024, 0, 8192, BATCH_ITEMS, set_up_misses, run, tear_down},
    {"cache_miss_2", "look-up", 1024, 2, 0, BATCH_ITEMS, set_up_misses, run, tear_down},
};

const bench_group bench_threads = {workloads, sizeof workloads / sizeof workloads[0]};
