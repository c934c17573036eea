/* SPDX-License-Identifier: MIT */
#include "test_lists.h"

TEST(the_init_functions_do_what_the_macros_do) {
    spanlink_list_options made, wanted = SPANLINK_LIST_OPTIONS_INIT;
    memset(&made, 0, sizeof made);
    spanlink_list_options_init(&made, sizeof made);
    assert_int_equal(wanted.struct_size, made.struct_size);
    assert_memory_equal(&wanted.limits, &made.limits, sizeof wanted.limits);
    assert_int_equal(wanted.overflow, made.overflow);
    assert_false(made.unique);
    spanlink_list_stats stats, empty = SPANLINK_LIST_STATS_INIT;
    memset(&stats, 0xff, sizeof stats);
    spanlink_list_stats_init(&stats, sizeof stats);
    assert_int_equal(empty.struct_size, stats.struct_size);
    assert_int_equal(0, stats.offered);
    spanlink_list_options_init(NULL, 8);
    spanlink_list_stats_init(&stats, 0);
    assert_int_equal(sizeof stats, stats.struct_size);
    stats.offered = 5;
    spanlink_list_stats_init(&stats, SIZE_MAX);
    assert_int_equal(sizeof stats, stats.struct_size);
    spanlink_list_stats_init(&stats, sizeof stats.struct_size); /* only struct_size */
    assert_int_equal(sizeof stats.struct_size, stats.struct_size);
    assert_int_equal(5, stats.offered);
}

TEST(create_refuses_bad_options) {
    spanlink_list *list = (spanlink_list *)&list;
    spanlink_list *const before = list;
    assert_refused(spanlink_list_create(NULL, NULL));
    spanlink_list_options options = test_list_options();
    options.struct_size = 0;
    assert_refused(spanlink_list_create(&options, &list));
    options = (spanlink_list_options)SPANLINK_LIST_OPTIONS_INIT;
    options.overflow = 4;
    assert_refused(spanlink_list_create(&options, &list));
    options = (spanlink_list_options)SPANLINK_LIST_OPTIONS_INIT;
    for (size_t i = 0; i < 4; i++) {
        options.limits.reserved[i] = 1;
        assert_refused(spanlink_list_create(&options, &list));
        options.limits.reserved[i] = 0;
        options.reserved[i % 2] = 1;
        assert_refused(spanlink_list_create(&options, &list));
        options.reserved[i % 2] = 0;
    }
    spanlink_allocator whole = test_counted();
    for (int given = 1; given < 7; given++) { /* some of the three functions, not all */
        options = (spanlink_list_options)SPANLINK_LIST_OPTIONS_INIT;
        options.allocator.allocate = (given & 1) != 0 ? whole.allocate : NULL;
        options.allocator.resize = (given & 2) != 0 ? whole.resize : NULL;
        options.allocator.release = (given & 4) != 0 ? whole.release : NULL;
        assert_refused(spanlink_list_create(&options, &list));
    }
    options = (spanlink_list_options)SPANLINK_LIST_OPTIONS_INIT;
    options.allocator = whole;
    options.limits.max_links = SPANLINK_UNLIMITED;
    options.expected_links = SIZE_MAX / 100;
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_create(&options, &list));
    options.expected_links = SIZE_MAX;
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_create(&options, &list));
    assert_ptr_equal(before, list);
}

TEST(options_of_another_version_are_read_as_far_as_both_know) {
    struct {
        spanlink_list_options known;
        char more[64];
    } newer = {.known = SPANLINK_LIST_OPTIONS_INIT, .more = {0}};
    newer.known.struct_size = sizeof newer;
    newer.known.limits.max_links = 2;
    spanlink_list *list = test_list_create(&newer.known);
    test_list_add_range(list, 1, 5);
    assert_string_equal("1 2", numbers(list));

    spanlink_list_options older = options_with(2, SPANLINK_OVERFLOW_KEEP_LAST, true);
    older.struct_size = offsetof(spanlink_list_options, overflow);
    list = test_list_create(&older);
    test_list_add_range(list, 1, 5);
    test_list_add(list, 1);
    assert_string_equal("1 2", numbers(list));
    test_expect_stats(list, 2, 0, 4, 0);

    spanlink_list_stats stats;
    memset(&stats, 0xee, sizeof stats);
    stats.struct_size = offsetof(spanlink_list_stats, kept);
    spanlink_list_get_stats(list, &stats);
    assert_int_equal(6, stats.offered);
    assert_int_equal(UINT64_C(0xeeeeeeeeeeeeeeee), stats.kept);
    stats.struct_size = 0;
    stats.offered = 77;
    spanlink_list_get_stats(list, &stats);
    assert_int_equal(77, stats.offered);
}

TEST(null_lists_are_refused_or_ignored) {
    spanlink_attribute storage[1];
    spanlink_link link = test_link(1, storage);
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    size_t count = 5;
    spanlink_list *list = test_list();
    spanlink_list_destroy(NULL);
    spanlink_list_clear(NULL);
    spanlink_list_get_stats(NULL, &stats);
    spanlink_list_get_stats(list, NULL);
    assert_null(spanlink_list_links(NULL, &count));
    assert_int_equal(0, count);
    assert_null(spanlink_list_links(list, NULL));
    assert_refused(spanlink_list_add(NULL, &link));
    assert_refused(spanlink_list_add(list, NULL));
    assert_refused(spanlink_list_append(NULL, &link, 1));
    assert_refused(spanlink_list_append(list, NULL, 1));
    assert_ok(spanlink_list_append(list, NULL, 0));
    assert_refused(spanlink_list_merge(list, NULL));
    assert_refused(spanlink_list_merge(NULL, list));
    assert_refused(spanlink_list_merge(list, list));
    link.attributes = NULL;
    assert_refused(spanlink_list_add(list, &link));
    assert_refused(spanlink_list_append(list, &link, 1));
    test_expect_stats(list, 0, 0, 0, 0);
}
