/* SPDX-License-Identifier: MIT */
/* Objects that are destroyed after each test, whether it passes or fails, and the memory of those
 * whose memory is counted. */
#ifndef TEST_FIXTURES_H
#define TEST_FIXTURES_H

#include "test_allocator.h"
#include "test_links.h"

#include <spanlink/cache.h>
#include <spanlink/collector.h>

/* The counted memory, zeroed before each test. All of it must be released when the objects of a
 * test are destroyed, with the right sizes. */
extern test_allocator test_heap;
spanlink_allocator test_counted(void);

/* Has an object destroyed after the test, before those that were kept earlier. */
void test_keep(void *object, void (*destroy)(void *object));

/* Returns a kept object, which the caller destroys. */
void *test_take(void *object);

/* Does now what is done after each test, for a test that makes many objects, in rounds, or whose
 * objects use memory of its own. */
void test_end_round(void);

/* malloc(), whose block is kept. */
void *test_block(size_t size);

/* An empty list, which is kept; NULL gives test_list_options(). */
spanlink_list *test_list_create(const spanlink_list_options *options);

/* The same with the given fields of options, as in test_list(.unique = true). The others have their
 * defaults, but there is no limit on the number of links. */
#define test_list(...)                                                                             \
    test_list_with(                                                                                \
        (spanlink_list_options){.struct_size = sizeof(spanlink_list_options), __VA_ARGS__})
spanlink_list *test_list_with(spanlink_list_options options);

/* The same for collectors and caches; NULL gives the library's defaults. */
spanlink_collector *test_collector_create(const spanlink_collector_options *options);
spanlink_cache *test_cache_create(const spanlink_cache_options *options);

#define test_collector(...)                                                                        \
    test_collector_with((spanlink_collector_options){                                              \
        .struct_size = sizeof(spanlink_collector_options), __VA_ARGS__})
spanlink_collector *test_collector_with(spanlink_collector_options options);

/* A spanlink_create_fn that emits the link which is its state. */
spanlink_status test_emit(void *link, spanlink_str key, spanlink_link_emit_fn emit, void *sink);

/* Destroys such a list already now. */
void test_list_destroy(spanlink_list *list);

#endif
