/* SPDX-License-Identifier: MIT */
/* Shared by the tests of the collector. */
#ifndef TEST_COLLECTORS_H
#define TEST_COLLECTORS_H

#include "test.h"
#include "test_fixtures.h"
#include "test_locks.h"
#include "test_scenario.h"
#include <internal/lock.h>
#include <spanlink/collector.h>
#ifdef SLNK_LOCK_POSIX
#include <sched.h>
#endif
#include <stdlib.h>

/*
 * One thread acts as several: as_thread() gives it the number of another one, so that its links go
 * to another shard. The numbers differ as much as the addresses of real threads' stacks.
 */
static inline void as_thread(uint64_t thread) {
    test_locks_thread = (thread + 1) * 0x801000;
}

AFTER_EACH_TEST(as_itself) {
    test_locks_thread = 0;
    test_locks_left = -1;
    return 0;
}

static inline spanlink_collector_options options_with(size_t max_links, uint32_t overflow,
                                                      bool unique) {
    spanlink_collector_options options = SPANLINK_COLLECTOR_OPTIONS_INIT;
    options.limits.max_links = test_limit(max_links);
    options.overflow = overflow;
    options.unique = unique;
    options.hash_seed[0] = 1;
    return options;
}

static inline spanlink_status add_number(spanlink_collector *collector, uint64_t number,
                                         bool sampled) {
    spanlink_attribute storage[1];
    spanlink_link link = test_link(number, storage);
    link.context.trace_flags = sampled;
    return spanlink_collector_add(collector, &link);
}

static inline void add_numbers(spanlink_collector *collector, uint64_t first, uint64_t last) {
    for (uint64_t number = first; number <= last; number++) {
        assert_ok(add_number(collector, number, false));
    }
}

static inline spanlink_list_stats stats_of(const spanlink_collector *collector) {
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    spanlink_collector_get_stats(collector, &stats);
    assert_int_equal(stats.offered,
                     stats.kept + stats.duplicate + stats.over_limit + stats.invalid);
    assert_int_equal(stats.kept, spanlink_collector_count(collector));
    return stats;
}

static inline void expect_numbers(spanlink_list *list, uint64_t first, uint64_t last) {
    size_t count;
    const spanlink_link *links = spanlink_list_links(list, &count);
    assert_int_equal(last + 1 - first, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(first + i, test_number(&links[i]));
    }
}

#endif
