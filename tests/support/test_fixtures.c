/* SPDX-License-Identifier: MIT */
#include "test_fixtures.h"

#include "test.h"

#include <stdlib.h>

enum { MOST_KEPT = 64 };

static struct {
    void *object;
    void (*destroy)(void *object);
} kept[MOST_KEPT];

static size_t kept_count;

test_allocator test_heap;

spanlink_allocator test_counted(void) {
    return test_allocator_interface(&test_heap);
}

void test_keep(void *object, void (*destroy)(void *object)) {
    assert_true(kept_count < MOST_KEPT);
    kept[kept_count].object = object;
    kept[kept_count++].destroy = destroy;
}

void *test_take(void *object) {
    size_t i = kept_count - 1;
    while (kept[i].object != object) {
        i--;
    }
    kept[i] = kept[--kept_count];
    return object;
}

void test_end_round(void) {
    while (kept_count > 0) {
        kept_count--;
        kept[kept_count].destroy(kept[kept_count].object);
    }
    test_allocator heap = test_heap;
    test_heap = (test_allocator){0};
    assert_int_equal(0, heap.live_blocks);
    assert_int_equal(0, heap.wrong_sizes);
}

void *test_block(size_t size) {
    void *block = malloc(size);
    assert_non_null(block);
    test_keep(block, free);
    return block;
}

static void destroy_list(void *list) {
    spanlink_list_destroy(list);
}

spanlink_list *test_list_create(const spanlink_list_options *options) {
    const spanlink_list_options unbounded = test_list_options();
    spanlink_list *list = NULL;
    assert_ok(spanlink_list_create(options == NULL ? &unbounded : options, &list));
    test_keep(list, destroy_list);
    return list;
}

static void destroy_collector(void *collector) {
    spanlink_collector_destroy(collector);
}

spanlink_collector *test_collector_create(const spanlink_collector_options *options) {
    spanlink_collector *collector = NULL;
    assert_ok(spanlink_collector_create(options, &collector));
    test_keep(collector, destroy_collector);
    return collector;
}

spanlink_collector *test_collector_with(spanlink_collector_options options) {
    if (options.limits.max_links == 0) {
        options.limits.max_links = SPANLINK_UNLIMITED;
    }
    return test_collector_create(&options);
}

static void destroy_cache(void *cache) {
    spanlink_cache_destroy(cache);
}

spanlink_cache *test_cache_create(const spanlink_cache_options *options) {
    spanlink_cache *cache = NULL;
    assert_ok(spanlink_cache_create(options, &cache));
    test_keep(cache, destroy_cache);
    return cache;
}

void test_list_destroy(spanlink_list *list) {
    spanlink_list_destroy(test_take(list));
}

spanlink_list *test_list_with(spanlink_list_options options) {
    if (options.limits.max_links == 0) {
        options.limits.max_links = SPANLINK_UNLIMITED;
    }
    return test_list_create(&options);
}

spanlink_status test_emit(void *link, spanlink_str key, spanlink_link_emit_fn emit, void *sink) {
    (void)key;
    return emit(sink, link);
}
