/* SPDX-License-Identifier: MIT */
#include "test_lists.h"

/* The list holds links 1 to `count`, and the marker of the last one is `original`; 0: no markers.
 */
static void expect(spanlink_list *list, size_t count, int64_t original) {
    const spanlink_link *links = test_list_links(list, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(i + 1, test_number(&links[i]));
        assert_int_equal(original != 0 && i + 1 == count ? 3 : 1, links[i].attribute_count);
    }
    assert_int_equal(count != 0 ? original : 0, test_marked_count(list));
}

/* A list of `count` links, truncated. */
static spanlink_list *cut_list(uint64_t count, size_t max_links) {
    spanlink_list *list = test_list();
    test_list_add_range(list, 1, count);
    assert_ok(spanlink_list_truncate(list, max_links));
    return list;
}

/* The memory for the markers was reserved for links with fewer attributes. */
TEST(markers_fit_on_a_later_link_with_more_attributes) {
    for (uint64_t cut = 1; cut <= 2; cut++) {
        spanlink_list *list = cut_list(1 + cut, 1);
        spanlink_link wide = test_link_with(9, test_attributes(), 10);
        assert_ok(spanlink_list_add(list, &wide));
        const spanlink_link *links = spanlink_list_links(list, NULL);
        assert_int_equal(12, links[1].attribute_count);
        for (size_t i = 0; i < 10; i++) {
            assert_int_equal(i, links[1].attributes[i].value.int_value);
        }
        assert_int_equal(2 + cut, test_marked_count(list));
        test_end_round();
    }
}

TEST(the_first_links_stay) {
    spanlink_list *list = cut_list(1000, 500);
    expect(list, 500, 1000);
    assert_ok(spanlink_list_truncate(list, 128));
    expect(list, 128, 1000);
    test_expect_stats(list, 128, 0, 872, 0);
}

TEST(a_short_list_is_left_alone) {
    spanlink_list *list = test_list(.allocator = test_counted());
    test_list_add_range(list, 1, 5);
    test_heap.fail_at = test_heap.calls + 1; /* no memory is needed */
    assert_ok(spanlink_list_truncate(list, 5));
    assert_ok(spanlink_list_truncate(list, SPANLINK_UNLIMITED));
    expect(list, 5, 0);
}

TEST(truncate_to_zero_leaves_only_the_stats) {
    spanlink_list *list = cut_list(5, 0);
    assert_null(spanlink_list_links(list, NULL));
    assert_int_equal(5, test_stats(list).over_limit);
    test_list_add_range(list, 1, 2);
    expect(list, 2, 7);
}

TEST(with_none_no_link_stays) {
    spanlink_list *list = cut_list(5, SPANLINK_NONE);
    expect(list, 0, 5);
}

TEST(the_markers_move_to_whichever_link_is_last) {
    spanlink_list *list = cut_list(5, 3);
    expect(list, 3, 5);
    test_list_add(list, 4);
    expect(list, 4, 6);
    test_list_add_range(list, 5, 9);
    expect(list, 9, 11);
    assert_ok(spanlink_list_truncate(list, 2));
    expect(list, 2, 11);
}

TEST(what_was_cut_is_forgotten_by_a_unique_list) {
    spanlink_list *list = test_list(.unique = true);
    test_list_add_range(list, 1, 5);
    assert_ok(spanlink_list_truncate(list, 3));
    test_list_add_range(list, 1, 4);
    expect(list, 4, 6);
    assert_int_equal(3, test_stats(list).duplicate);
}

static spanlink_status keep_two(spanlink_list *list) {
    return spanlink_list_truncate(list, 2);
}

TEST(without_memory_for_markers_nothing_is_cut) {
    assert_true(test_scenario_change_list(keep_two) > 4);
}

TEST(truncating_again_and_again_takes_bounded_memory) {
    spanlink_list *list = test_list(.allocator = test_counted());
    size_t peak = 0;
    for (int round = 0; round < 2000; round++) {
        test_list_add_range(list, 1, 50);
        assert_ok(spanlink_list_truncate(list, 10));
        peak = round == 50 ? test_heap.peak_bytes : peak;
    }
    assert_int_equal(peak, test_heap.peak_bytes);
}

TEST(null_is_refused) {
    assert_refused(spanlink_list_truncate(NULL, 1));
}
