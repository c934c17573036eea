/* SPDX-License-Identifier: MIT */
/* Caches and collectors. */
#include "cost.h"
#include "test_collisions.h"

#include <string.h>

enum { MOST_KEYS = 1 << 14, BATCH = 64 };

static char keys[MOST_KEYS][TEST_COLLIDING_TEXT];
static spanlink_context contexts[MOST_KEYS];

static void prepare_keys(size_t size) {
    memset(keys, 'k', size * sizeof *keys);
    for (size_t i = 0; i < size; i++) {
        cost_make_span(i, &contexts[i]);
        memcpy(keys[i], contexts[i].span_id, sizeof contexts[i].span_id);
    }
}

static void prepare_colliding_keys(size_t size) {
    prepare_keys(size);
    for (size_t i = 0; i < size; i++) {
        test_collide_text(cost_known_seed, i, keys[i]);
    }
}

static void prepare_colliding_spans(size_t size) {
    prepare_keys(size);
    for (size_t i = 0; i < size; i++) {
        test_collide_span(cost_known_seed, i, &contexts[i]);
    }
}

/* Caches */

static spanlink_status make(void *state, spanlink_str key, spanlink_link_emit_fn emit, void *sink) {
    spanlink_attribute attribute = spanlink_attribute_string("text", "some text");
    spanlink_link link = {.attributes = &attribute, .attribute_count = 1};
    (void)state;
    (void)key;
    return emit(sink, &link);
}

static spanlink_cache *make_cache(const uint64_t seed[2], size_t capacity) {
    spanlink_cache_options options = SPANLINK_CACHE_OPTIONS_INIT;
    spanlink_cache *cache = NULL;
    options.allocator = cost_heap();
    options.capacity = capacity;
    options.shards = 1;
    memcpy(options.hash_seed, seed, sizeof options.hash_seed);
    cost_expect(spanlink_cache_create(&options, &cache) == SPANLINK_OK, "a cache");
    return cache;
}

static void ask(spanlink_cache *cache, size_t number, spanlink_list *list) {
    spanlink_str key = {keys[number], sizeof keys[number]};
    cost_expect(spanlink_cache_get_or_create(cache, key, make, NULL, list) == SPANLINK_OK,
                "a link of a key");
    spanlink_list_clear(list);
}

/* Every key is created, found and removed. */
static void ask_for_all(const uint64_t seed[2], size_t capacity, size_t size) {
    spanlink_cache *cache = make_cache(seed, capacity);
    spanlink_list *list = cost_list(NULL);
    for (size_t i = 0; i < size; i++) {
        ask(cache, i, list);
        ask(cache, i / 2, list);
    }
    for (size_t i = 0; i < size; i++) {
        (void)spanlink_cache_remove(cache, (spanlink_str){keys[i], sizeof keys[i]});
    }
    spanlink_list_destroy(list);
    spanlink_cache_destroy(cache);
}

COST_STEP(work_cache, ask_for_all(cost_other_seed, SPANLINK_UNLIMITED, size))
COST_STEP(work_cache_known, ask_for_all(cost_known_seed, SPANLINK_UNLIMITED, size))
COST_STEP(work_cache_churn, ask_for_all(cost_other_seed, BATCH, size))
COST_STEP(work_cache_known_bounded, ask_for_all(cost_known_seed, 8, size))

/* Cleared repeatedly. */
static void work_cache_clears(size_t size) {
    spanlink_cache *cache = make_cache(cost_other_seed, SPANLINK_UNLIMITED);
    spanlink_list *list = cost_list(NULL);
    for (size_t i = 0; i < size; i++) {
        ask(cache, i, list);
    }
    for (size_t i = 0; i < size; i++) {
        spanlink_cache_clear(cache);
        ask(cache, i, list);
    }
    spanlink_list_destroy(list);
    spanlink_cache_destroy(cache);
}

/* Collectors */

static void collect(const uint64_t seed[2], size_t max_links, size_t batch, size_t size) {
    spanlink_collector_options options = SPANLINK_COLLECTOR_OPTIONS_INIT;
    spanlink_collector *collector = NULL;
    spanlink_list *list = cost_list(NULL);
    options.allocator = cost_heap();
    options.limits.max_links = max_links;
    options.overflow = SPANLINK_OVERFLOW_KEEP_LAST;
    options.unique = true;
    memcpy(options.hash_seed, seed, sizeof options.hash_seed);
    cost_expect(spanlink_collector_create(&options, &collector) == SPANLINK_OK, "a collector");
    for (size_t i = 0; i < size; i++) {
        spanlink_link link = {.context = contexts[i]};
        cost_expect(spanlink_collector_add(collector, &link) == SPANLINK_OK, "a link");
        if ((i + 1) % batch == 0) {
            cost_expect(spanlink_collector_drain(collector, list) == SPANLINK_OK, "a drain");
            spanlink_list_clear(list);
        }
    }
    spanlink_list_destroy(list);
    spanlink_collector_destroy(collector);
}

COST_STEP(work_collector, collect(cost_other_seed, SPANLINK_UNLIMITED, size, size))
COST_STEP(work_collector_known, collect(cost_known_seed, SPANLINK_UNLIMITED, size, size))
COST_STEP(work_collector_churn, collect(cost_other_seed, BATCH, 2 * BATCH, size))

static const cost_attack attacks[] = {
    {"cache", COST_LINEAR, 256, 4096, 320, prepare_keys, work_cache},
    {"cache_churn", COST_LINEAR, 512, 32768, 0, prepare_keys, work_cache_churn},
    {"cache_clears", COST_LINEAR, 256, 4096, 320, prepare_keys, work_cache_clears},
    {"cache_collisions", COST_LINEAR, 256, 4096, 320, prepare_colliding_keys, work_cache},
    {"cache_collisions_bounded", COST_LINEAR, 256, 4096, 0, prepare_colliding_keys,
     work_cache_known_bounded},
    {"cache_collisions_known", COST_LINEAR, 512, 4096, 320, prepare_colliding_keys,
     work_cache_known},
    {"collector", COST_LINEAR, 512, 16384, 192, prepare_keys, work_collector},
    {"collector_churn", COST_LINEAR, 512, 32768, 0, prepare_keys, work_collector_churn},
    {"collector_collisions", COST_LINEAR, 512, 16384, 192, prepare_colliding_spans, work_collector},
    {"collector_collisions_known", COST_LINEAR, 512, 16384, 192, prepare_colliding_spans,
     work_collector_known},
};

const cost_group cost_tables = {attacks, sizeof attacks / sizeof attacks[0], false};
