/* SPDX-License-Identifier: MIT */
#include "test_lists.h"

TEST(merge_moves_links_stats_and_drop_counts) {
    spanlink_list *list = bounded(5, SPANLINK_OVERFLOW_KEEP_FIRST, true);
    spanlink_list *from = bounded(3, SPANLINK_OVERFLOW_KEEP_LAST, true);
    spanlink_link nowhere = {.attribute_count = 0};
    test_list_add_range(list, 1, 4);
    test_list_add_range(from, 1, 6);
    test_list_add(from, 6);
    assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_list_add(from, &nowhere));
    assert_string_equal("4 5 6", numbers(from));
    assert_ok(spanlink_list_merge(list, from));
    assert_string_equal("1 2 3 4 5", numbers(list));
    expect_stats(list, 5, 2, 4, 1);
    expect_markers_only_on_last(list, 9);
    expect_stats(from, 0, 0, 0, 0);
    assert_null(spanlink_list_links(from, NULL));
    assert_ok(spanlink_list_merge(list, from));
    expect_stats(list, 5, 2, 4, 1);
    spanlink_list_destroy(list);
    spanlink_list_destroy(from);
}

TEST(a_list_that_never_held_a_link_merges) {
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        spanlink_list *list = bounded(3, SPANLINK_OVERFLOW_KEEP_FIRST, true);
        spanlink_list *from = bounded(3, (spanlink_overflow)overflow, true);
        test_list_add_range(list, 1, 2);
        assert_ok(spanlink_list_merge(list, from));
        assert_string_equal("1 2", numbers(list));
        assert_ok(spanlink_list_merge(from, list));
        assert_string_equal("1 2", numbers(from));
        spanlink_list_destroy(list);
        spanlink_list_destroy(from);
    }
}

/* A list with stricter limits keeps no content of some of them. */
TEST(a_merge_counts_links_of_which_nothing_is_kept_as_invalid) {
    spanlink_list_options narrow = options_with(10, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    narrow.limits.max_attributes = SPANLINK_NONE;
    spanlink_list *list = test_list_create(&narrow), *from = test_list_create(NULL);
    spanlink_attribute storage[1];
    spanlink_link link = test_link(1, storage);
    assert_ok(spanlink_list_add(from, &link));
    link.context = (spanlink_context){.trace_flags = 1};
    assert_ok(spanlink_list_add(from, &link));
    assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_list_add(list, &link));
    assert_ok(spanlink_list_merge(list, from));
    expect_stats(list, 1, 0, 0, 2);
    spanlink_list_destroy(list);
    spanlink_list_destroy(from);
}
