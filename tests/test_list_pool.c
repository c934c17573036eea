/* SPDX-License-Identifier: MIT */
#include "test_lists.h"

/* No chunk of the arena is then large enough for the next link, although no memory is in use. */
TEST(a_pool_of_that_size_holds_one_link_after_smaller_ones) {
    static char text[1500];
    spanlink_list_options options = options_with(1, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    for (size_t most = 8; most <= sizeof text; most += 101) {
        for (size_t step = 8; step <= 512; step *= 2) {
            size_t size = spanlink_list_pool_size(&options, 0, most);
            char *buffer = test_block(size);
            spanlink_pool pool;
            options.allocator = spanlink_pool_init(&pool, buffer, size);
            spanlink_list *list = test_list_create(&options);
            for (size_t length = 1; length <= most; length += step) {
                spanlink_link link = {.context = test_context(1)};
                link.context.trace_state = (spanlink_str){text, length};
                assert_ok(spanlink_list_add(list, &link));
                assert_ok(spanlink_list_truncate(list, 0));
            }
            test_end_round();
        }
    }
}

/* For links without attributes, most of the memory is slots and tables. */
TEST(a_pool_of_that_size_holds_all_slots) {
    static const size_t sizes[][2] = {{500, 500}, {500, 0}, {1500, 562}};
    for (uint32_t variant = 0; variant < 24; variant++) {
        size_t links = sizes[variant / 8][0];
        spanlink_list_options options = options_with(links, variant % 4, variant / 4 % 2 != 0);
        options.expected_links = sizes[variant / 8][1];
        size_t size = spanlink_list_pool_size(&options, 0, 0);
        char *buffer = test_block(size);
        spanlink_pool pool;
        options.allocator = spanlink_pool_init(&pool, buffer, size);
        spanlink_list *list = test_list_create(&options);
        for (uint64_t number = 1; number <= 2 * links; number++) {
            spanlink_link link = {.context = test_context(number)};
            assert_ok(spanlink_list_add(list, &link));
            if (number % 50 == 0) {
                assert_ok(spanlink_list_dedup(list));
            }
        }
        assert_int_equal(links, test_stats(list).kept);
        test_end_round();
    }
}

/* However many are added at once. */
TEST(append_allocates_only_for_links_that_can_be_kept) {
    static spanlink_attribute storage[20000][1];
    static spanlink_link links[20000];
    for (uint64_t i = 0; i < 20000; i++) {
        links[i] = test_link(i + 1, storage[i]);
    }
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        spanlink_list_options options = options_with(100, overflow, false);
        options.allocator = test_counted();
        spanlink_list *list = test_list_create(&options);
        assert_ok(spanlink_list_append(list, links, 20000));
        test_expect_stats(list, 100, 0, 19900, 0);
        assert_true(test_heap.peak_bytes <= spanlink_list_pool_size(&options, 1, 1));
        test_end_round();
    }
}

TEST(a_pool_size_that_cannot_be_is_the_largest_number) {
    spanlink_list_options options = options_with(10, SPANLINK_OVERFLOW_RESERVOIR, true);
    assert_true(spanlink_list_pool_size(&options, SIZE_MAX, 64) == SIZE_MAX);
    assert_true(spanlink_list_pool_size(&options, 2, SIZE_MAX) == SIZE_MAX);
    assert_true(spanlink_list_pool_size(&options, SIZE_MAX / 130, 0) == SIZE_MAX);
    assert_true(spanlink_list_pool_size(&options, 2, SIZE_MAX / 3) == SIZE_MAX);
    options.overflow = 4;
    assert_true(spanlink_list_pool_size(&options, 2, 64) == SIZE_MAX);
    options = (spanlink_list_options)SPANLINK_LIST_OPTIONS_INIT;
    assert_true(spanlink_list_pool_size(&options, 2, 64) == spanlink_list_pool_size(NULL, 2, 64));
    options.limits.max_links = SPANLINK_UNLIMITED;
    assert_true(spanlink_list_pool_size(&options, 2, 64) == SIZE_MAX);
    options.limits.max_links = SIZE_MAX / 100;
    assert_true(spanlink_list_pool_size(&options, 2, 64) == SIZE_MAX);
    options.limits.max_links = SPANLINK_NONE;
    assert_true(spanlink_list_pool_size(&options, 0, 0) < 2048);
}

/* With every combination of the other options. */
TEST(the_bound_of_a_static_buffer_is_at_least_the_pool_size) {
    static const size_t links[] = {1,   2,   3,   4,   5,   7,    8,    9,
                                   100, 128, 129, 256, 257, 4096, 5000, 100000};
    static const size_t attributes[] = {0, 1, 2, 16, 17, 100, 1000};
    static const size_t texts[] = {0, 1, 64, 500, 5000, 100000};
    for (size_t i = 0; i < 16 * 7 * 6 * 32; i++) {
        size_t k = links[i % 16], a = attributes[i / 16 % 7], t = texts[i / 16 / 7 % 6];
        size_t variant = i / 16 / 7 / 6;
        spanlink_list_options options = options_with(k, variant % 4, variant / 4 % 2 != 0);
        options.no_markers = variant / 8 % 2 != 0;
        options.expected_links = variant / 16 % 2 != 0 ? k : 0;
        size_t size = spanlink_list_pool_size(&options, a, t);
        assert_true(size == SIZE_MAX || size <= SPANLINK_LIST_POOL_BOUND(k, a, t));
    }
}

/* The bound is a constant expression. */
TEST(a_list_runs_in_a_static_buffer) {
    static char buffer[SPANLINK_LIST_POOL_BOUND(8, 2, 64)];
    static spanlink_pool pool;
    spanlink_list_options options = options_with(8, SPANLINK_OVERFLOW_RESERVOIR, true);
    options.allocator = spanlink_pool_init(&pool, buffer, sizeof buffer);
    options.expected_links = 8;
    spanlink_list *list = test_list_create(&options);
    test_list_add_range(list, 1, 1000);
    test_expect_stats(list, 8, 0, 992, 0);
}

TEST(a_hundred_thousand_links_run_without_a_heap) {
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        spanlink_list_options options = options_with(128, overflow, true);
        size_t size = spanlink_list_pool_size(&options, 1, 1);
        char *buffer = test_block(size);
        spanlink_pool pool;
        options.allocator = spanlink_pool_init(&pool, buffer, size);
        spanlink_list *list = test_list_create(&options);
        test_list_add_range(list, 1, 100000);
        test_expect_stats(list, 128, 0, 100000 - 128, 0);
        assert_int_equal(100000, test_marked_count(list));
        test_end_round();
    }
}
