/* SPDX-License-Identifier: MIT */
/* The library reads a clock only to derive a hash seed when none is given. */
#include "test.h"
#include "test_fixtures.h"

#include <spanlink/spanlink.h>

#include <time.h>

static int clock_reads;

/* Replaces the clock of the C library, where the linker allows it. */
#if defined(__linux__) && defined(TIME_UTC)
int timespec_get(struct timespec *now, int base) {
    clock_reads++;
    *now = (struct timespec){1, 2};
    return base;
}
enum { CLOCK_IS_WATCHED = 1 };
#else
enum { CLOCK_IS_WATCHED = 0 };
#endif

static spanlink_status provide(void *state, spanlink_context_emit_fn emit, void *sink) {
    return emit(sink, state);
}

/* Runs everything that hashes, on objects with these seeds. */
static void use_everything(uint64_t first, uint64_t second) {
    spanlink_cache_options cache_options = {sizeof cache_options, .hash_seed = {first, second}};
    spanlink_list *list = test_list(.unique = true, .hash_seed = {first, second});
    spanlink_list *copy = test_list(.unique = true, .hash_seed = {first, second});
    spanlink_collector *collector = test_collector(.unique = true, .hash_seed = {first, second});
    spanlink_cache *cache = test_cache_create(&cache_options);
    for (uint64_t number = 1; number < 200; number++) {
        spanlink_attribute storage[1];
        spanlink_link link = test_link(number, storage);
        test_list_add(list, number);
        assert_ok(spanlink_collector_add(collector, &link));
        assert_ok(
            spanlink_cache_get_or_create(cache, spanlink_str_from("key"), test_emit, &link, list));
    }
    spanlink_context context = test_context(200);
    spanlink_lazy lazy = {.provider = provide, .state = &context};
    assert_ok(spanlink_lazy_build(&lazy, list));
    assert_ok(spanlink_list_copy(copy, list));
    assert_ok(spanlink_list_dedup(list));
    assert_ok(spanlink_collector_drain(collector, list));
}

TEST(with_a_hash_seed_no_clock_is_read) {
    clock_reads = 0;
    use_everything(1, 0);
    use_everything(0, 1);
    assert_int_equal(0, clock_reads);
}

TEST(without_a_hash_seed_a_clock_is_read) {
    clock_reads = 0;
    use_everything(0, 0);
    bool has_clock = (spanlink_features() & SPANLINK_FEATURE_CLOCK) != 0;
    assert_int_equal(CLOCK_IS_WATCHED && has_clock, clock_reads != 0);
}
