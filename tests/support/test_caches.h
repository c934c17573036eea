/* SPDX-License-Identifier: MIT */
/* Shared by the tests of the cache. */
#ifndef TEST_CACHES_H
#define TEST_CACHES_H

#include "test.h"
#include "test_collisions.h"
#include "test_fixtures.h"
#include "test_locks.h"
#include "test_scenario.h"
#include <internal/hash.h>
#include <internal/lock.h>
#include <spanlink/cache.h>
#include <spanlink/factory.h>
#include <stdio.h>
#ifndef SPANLINK_NO_THREADS
#include <pthread.h>
#include <sched.h>
#endif

static inline spanlink_cache_options options_with(size_t capacity, size_t shards) {
    spanlink_cache_options options = SPANLINK_CACHE_OPTIONS_INIT;
    options.capacity = test_limit(capacity);
    options.shards = shards;
    options.hash_seed[0] = 1;
    return options;
}

static inline spanlink_cache *create_with(size_t capacity, size_t shards) {
    spanlink_cache_options options = options_with(capacity, shards);
    return test_cache_create(&options);
}

/* The same, with counted memory. */
static inline spanlink_cache *create_counted(size_t capacity, size_t shards) {
    spanlink_cache_options options = options_with(capacity, shards);
    options.allocator = test_counted();
    return test_cache_create(&options);
}

static inline spanlink_cache_stats stats_of(const spanlink_cache *cache) {
    spanlink_cache_stats stats = SPANLINK_CACHE_STATS_INIT;
    spanlink_cache_get_stats(cache, &stats);
    return stats;
}

static inline void expect_stats(const spanlink_cache *cache, uint64_t hits, uint64_t misses,
                                uint64_t evictions, uint64_t entries) {
    spanlink_cache_stats stats = stats_of(cache);
    assert_int_equal(hits, stats.hits);
    assert_int_equal(misses, stats.misses);
    assert_int_equal(evictions, stats.evictions);
    assert_int_equal(entries, stats.entries);
}

/* Emits the link with the number `number`, `emits` times, and returns `status`, whatever emit
 * returned. */
typedef struct maker {
    uint64_t number;
    int emits;
    spanlink_status status;
    int calls;
    spanlink_status emitted; /* the last result of emit */
} maker;

static inline spanlink_status make(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                   void *sink) {
    maker *self = state;
    (void)key;
    self->calls++;
    for (int i = 0; i < self->emits; i++) {
        spanlink_attribute storage[1];
        spanlink_link link = test_link(self->number, storage);
        self->emitted = emit(sink, &link);
    }
    return self->status;
}

static inline maker maker_of(uint64_t number) {
    return (maker){.number = number, .emits = 1};
}

static inline spanlink_status look_up(spanlink_cache *cache, const char *key,
                                      spanlink_create_fn run, void *state, spanlink_list *list) {
    return spanlink_cache_get_or_create(cache, spanlink_str_from(key), run, state, list);
}

static inline spanlink_status get(spanlink_cache *cache, const char *key, maker *from,
                                  spanlink_list *list) {
    return look_up(cache, key, make, from, list);
}

static inline uint64_t last_number(spanlink_list *list) {
    size_t count;
    const spanlink_link *links = spanlink_list_links(list, &count);
    assert_true(count > 0);
    return test_number(&links[count - 1]);
}

/* The number of the link of a key; a miss creates a link with the number `fresh`. */
static inline uint64_t number_of(spanlink_cache *cache, const char *key, uint64_t fresh) {
    spanlink_list *list = test_list_create(NULL);
    maker from = maker_of(fresh);
    assert_ok(get(cache, key, &from, list));
    assert_int_equal(1, test_stats(list).kept);
    uint64_t number = last_number(list);
    test_list_destroy(list);
    return number;
}

static const uint64_t known_seed[2] = {1, 0};

static inline void fill(spanlink_cache *cache, size_t keys) {
    for (size_t i = 0; i < keys; i++) {
        char key[32];
        snprintf(key, sizeof key, "key %lu", (unsigned long)i);
        assert_int_equal(i, number_of(cache, key, i));
    }
}

/* Emits any link, and ignores the status. */
typedef struct careless {
    const spanlink_link *link;
    spanlink_status emitted;
} careless;

static inline spanlink_status make_carelessly(void *state, spanlink_str key,
                                              spanlink_link_emit_fn emit, void *sink) {
    careless *self = state;
    (void)key;
    self->emitted = emit(sink, self->link);
    return SPANLINK_OK;
}

typedef struct nested {
    spanlink_cache *cache;
    spanlink_list *list;
    const char *inner[2]; /* keys of the nested calls */
    size_t depth;
    spanlink_status seen; /* the status of the innermost call */
    bool remove_first;    /* whether to remove its own key first */
} nested;

#endif
