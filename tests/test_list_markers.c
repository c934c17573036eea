/* SPDX-License-Identifier: MIT */
#include "test_lists.h"

TEST(markers_are_added_beyond_the_attribute_limit) {
    spanlink_list_options options = options_with(2, SPANLINK_OVERFLOW_KEEP_LAST, false);
    options.limits.max_attributes = 3;
    spanlink_list *list = test_list_create(&options);
    spanlink_attribute attributes[] = {spanlink_attribute_int("a", 1),
                                       spanlink_attribute_int("b", 2),
                                       spanlink_attribute_int("c", 3)};
    for (uint64_t i = 1; i <= 20; i++) {
        spanlink_link link = test_link_with(i, attributes, i % 4);
        assert_ok(spanlink_list_add(list, &link));
        size_t count;
        const spanlink_link *links = spanlink_list_links(list, &count);
        const spanlink_link *last = &links[count - 1];
        size_t more = i > 2 ? 2 : 0;
        assert_int_equal(i % 4 + more, last->attribute_count);
        for (size_t k = 0; k < i % 4; k++) {
            assert_int_equal((int64_t)k + 1, last->attributes[k].value.int_value);
        }
        if (count > 1) {
            assert_int_equal((i - 1) % 4, links[count - 2].attribute_count);
        }
    }
    assert_int_equal(20, test_marked_count(list));
}

TEST(markers_of_another_list_are_not_repeated) {
    spanlink_list *one = bounded(1, SPANLINK_OVERFLOW_KEEP_LAST, false);
    spanlink_list *two = bounded(1, SPANLINK_OVERFLOW_KEEP_LAST, false);
    test_list_add_range(one, 1, 9);
    test_list_add_range(two, 1, 3);
    assert_ok(spanlink_list_add(two, spanlink_list_links(one, NULL)));
    assert_int_equal(3, spanlink_list_links(two, NULL)->attribute_count);
    assert_int_equal(4, test_marked_count(two));
}

TEST(attributes_whose_keys_are_as_long_as_the_markers_stay) {
    spanlink_list *list = bounded(1, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    spanlink_attribute attributes[2] = {spanlink_attribute_int("links.truncateD", 1),
                                        spanlink_attribute_int("links.original_counT", 2)};
    spanlink_link link = test_link_with(1, attributes, 2);
    assert_ok(spanlink_list_add(list, &link));
    assert_ok(spanlink_list_add(list, &link));
    const spanlink_link *kept = spanlink_list_links(list, NULL);
    assert_int_equal(4, kept->attribute_count);
    assert_text("links.truncateD", kept->attributes[0].key);
    assert_text("links.original_counT", kept->attributes[1].key);
    assert_int_equal(2, test_marked_count(list));
}

TEST(markers_of_merged_drop_counts_fit_after_many_attributes) {
    spanlink_list *list = test_list();
    spanlink_list *from = bounded(1, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    spanlink_link link = test_link_with(1, test_attributes(), 40);
    assert_ok(spanlink_list_add(from, &link));
    assert_ok(spanlink_list_add(from, &link));
    assert_ok(spanlink_list_merge(list, from));
    assert_int_equal(2, test_marked_count(list));
    assert_int_equal(42, spanlink_list_links(list, NULL)->attribute_count);
}

TEST(the_markers_fit_on_a_link_that_is_added_after_drops) {
    static const size_t sizes[] = {3, 8, 60};
    for (size_t shape = 0; shape < 9; shape++) {
        uint64_t cut = 1 + shape / 3;
        size_t size = sizes[shape % 3], count;
        spanlink_list *list = counted(2, SPANLINK_OVERFLOW_KEEP_FIRST, false);
        spanlink_link link = test_link_with(9, test_attributes(), size);
        for (uint64_t i = 0; i < 2 + cut; i++) {
            test_list_add(list, 1);
        }
        assert_ok(spanlink_list_dedup(list));
        size_t bytes = test_heap.live_bytes;
        assert_ok(spanlink_list_add(list, &link));
        /* Reserves memory now, because reading allocates nothing. */
        assert_true(test_heap.live_bytes >= bytes + size * sizeof(spanlink_attribute));
        const spanlink_link *links = spanlink_list_links(list, &count);
        assert_int_equal(2, count);
        assert_int_equal(size + 2, links[1].attribute_count);
        assert_int_equal(2 + cut, test_marked_count(list));
        test_end_round();
    }
}

TEST(drop_counts_are_merged_into_an_empty_unbounded_list) {
    spanlink_list *list = test_list();
    spanlink_list *from = bounded(3, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    test_list_add_range(from, 1, 10);
    assert_ok(spanlink_list_merge(list, from));
    assert_string_equal("1 2 3", numbers(list));
    assert_int_equal(10, test_marked_count(list));
    test_list_add(list, 4);
    assert_int_equal(11, test_marked_count(list));
}

TEST(markers_of_a_list_that_was_read_are_not_merged) {
    spanlink_list *list = test_list();
    spanlink_list *from = bounded(3, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    for (uint64_t i = 0; i < 3; i++) {
        test_list_add_range(from, 1, 10);
        assert_int_equal(10, test_marked_count(from));
        assert_ok(spanlink_list_merge(list, from));
    }
    assert_string_equal("1 2 3 1 2 3 1 2 3", numbers(list));
    assert_int_equal(30, test_marked_count(list));
}

TEST(without_markers_only_the_stats_count_dropped_links) {
    spanlink_list_options options = options_with(2, SPANLINK_OVERFLOW_KEEP_LAST, false);
    options.allocator = test_counted();
    options.no_markers = true;
    options.expected_links = 2;
    spanlink_list *list = test_list_create(&options);
    size_t calls = test_heap.calls;
    for (uint64_t number = 1; number <= 9; number++) {
        spanlink_link link = test_link_with(number, NULL, 0);
        assert_ok(spanlink_list_add(list, &link));
    }
    assert_ok(spanlink_list_truncate(list, 1));
    assert_int_equal(0, spanlink_list_links(list, NULL)->attribute_count);
    assert_int_equal(calls, test_heap.calls);
    test_expect_stats(list, 1, 0, 8, 0);
}

/* A link's attributes with a marker's key are hidden while the link has the markers, and reappear
 * afterwards. */
TEST(markers_hide_attributes_of_their_keys_on_the_link_that_carries_them) {
    spanlink_list_options options = options_with(2, SPANLINK_OVERFLOW_KEEP_LAST, false);
    spanlink_list *list = test_list_create(&options);
    spanlink_attribute own[] = {spanlink_attribute_string("links.truncated", "mine"),
                                spanlink_attribute_int("n", 1),
                                spanlink_attribute_int("links.original_count", -5)};
    spanlink_link link = test_link_with(1, own, 3);
    for (int i = 0; i < 4; i++) {
        assert_ok(spanlink_list_add(list, &link));
        size_t count;
        const spanlink_link *links = spanlink_list_links(list, &count);
        const spanlink_attribute *shown = spanlink_link_find(&links[count - 1], "links.truncated");
        assert_int_equal(i < 2 ? SPANLINK_VALUE_STRING : SPANLINK_VALUE_BOOL, shown->value.type);
        assert_int_equal(3, links[count - 1].attribute_count);
        for (size_t j = 0; j + 1 < count; j++) {
            assert_true(test_same_link(&link, &links[j]));
        }
    }
}
