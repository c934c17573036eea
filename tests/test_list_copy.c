/* SPDX-License-Identifier: MIT */
#include "test_lists.h"

TEST(a_copy_of_a_list_is_and_behaves_like_it) {
    for (uint32_t variant = 0; variant < 32; variant++) {
        spanlink_list *from = make_list_to_copy(variant % 4, variant / 4 % 2, variant / 8 % 2);
        assert_ok(spanlink_list_truncate(from, variant < 16 ? 6 : 2));
        spanlink_list *list = test_list();
        test_list_add_range(list, 100, 130);
        assert_ok(spanlink_list_truncate(list, 25));
        assert_ok(spanlink_list_copy(list, from));
        assert_int_equal(spanlink_list_sampled_count(from), spanlink_list_sampled_count(list));
        test_expect_same_lists(from, list);
        for (uint64_t number = 15; number < 60; number++) {
            test_list_add(from, number);
            test_list_add(list, number);
            test_expect_same_lists(from, list);
        }
        spanlink_list_clear(from);
        spanlink_list_clear(list);
        test_list_add_range(from, 1, 40);
        test_list_add_range(list, 1, 40);
        test_expect_same_lists(from, list);
        test_end_round();
    }
}

TEST(a_copy_changes_neither_the_views_of_the_other_list_nor_its_own_allocator) {
    spanlink_list *list = test_list(.allocator = test_counted(), .expected_links = 3);
    spanlink_list *from = make_list_to_copy(SPANLINK_OVERFLOW_KEEP_LAST, true, true);
    size_t count;
    const spanlink_link *links = spanlink_list_links(from, &count);
    const spanlink_attribute *attributes = links[count - 1].attributes;
    size_t calls = test_heap.calls;
    assert_ok(spanlink_list_copy(list, from));
    assert_true(test_heap.calls > calls);
    assert_ptr_equal(attributes, links[count - 1].attributes);
    assert_ptr_equal(links, spanlink_list_links(from, &count));
    test_list_destroy(from);
    test_list_add_range(list, 1, 100);
    assert_int_equal(6, test_stats(list).kept);
}

TEST(an_empty_list_is_copied_with_its_options) {
    spanlink_list_options options = options_with(2, SPANLINK_OVERFLOW_KEEP_LAST, true);
    options.no_markers = true;
    spanlink_list *from = test_list_create(&options), *list = test_list();
    test_list_add_range(list, 1, 3);
    assert_ok(spanlink_list_copy(list, from));
    assert_int_equal(0, test_stats(list).offered);
    test_list_add(list, 3);
    test_list_add(list, 3);
    test_list_add(list, 4);
    test_list_add(list, 5);
    assert_string_equal("4 5", numbers(list));
    assert_null(spanlink_link_find(&spanlink_list_links(list, NULL)[1], "links.truncated"));
    test_expect_stats(list, 2, 1, 1, 0);
}

TEST(a_list_given_to_itself_is_a_status_and_changes_nothing) {
    for (uint32_t variant = 0; variant < 8; variant++) {
        spanlink_list *list = make_list_to_copy(variant % 4, variant / 4 != 0, true);
        spanlink_list *before = test_list();
        assert_ok(spanlink_list_copy(before, list));
        size_t count;
        const spanlink_link *links = spanlink_list_links(list, &count);
        for (size_t i = 0; i < count; i++) {
            assert_refused(spanlink_list_add(list, &links[i]));
            assert_refused(spanlink_list_append(list, links + i, count - i));
        }
        assert_ok(spanlink_list_append(list, links, 0));
        assert_refused(spanlink_list_merge(list, list));
        assert_ok(spanlink_list_copy(list, list));
        test_expect_same_lists(before, list);
        test_end_round();
    }
}

TEST(null_is_no_list_to_copy_and_has_no_sampled_links) {
    spanlink_list *list = test_list();
    assert_refused(spanlink_list_copy(NULL, list));
    assert_refused(spanlink_list_copy(list, NULL));
    assert_int_equal(0, spanlink_list_sampled_count(NULL));
    assert_int_equal(0, spanlink_list_sampled_count(list));
}

/* No stored link is invalid, whatever was dropped from it. */
TEST(links_read_from_a_list_can_be_added_to_any_list) {
    spanlink_attribute good = spanlink_attribute_int("n", 1),
                       empty_key = spanlink_attribute_int("", 1);
    const spanlink_link offered[] = {
        {.attributes = &good, .attribute_count = 1},
        {.attributes = &empty_key, .attribute_count = 1},
        {.context.trace_state = spanlink_str_from("a=b")},
        {.context.trace_state = spanlink_str_from("a\nb")},
        {.context = {.trace_id = {1}}, .attributes = &empty_key, .attribute_count = 1},
        {.context = {.span_id = {1}}},
        {.context = {.trace_id = {1}, .span_id = {1}}},
    };
    static const bool valid[] = {true, false, true, false, false, false, true};
    for (size_t full = 0; full < 2; full++) {
        spanlink_list_options options = options_with(full != 0 ? 3 : 128, 0, full != 0);
        spanlink_list *list = test_list_create(&options), *other = test_list_create(&options);
        for (size_t i = 0; i < sizeof offered / sizeof offered[0]; i++) {
            assert_status(valid[i] ? SPANLINK_OK : SPANLINK_ERR_LINK_INVALID,
                          spanlink_list_add(list, &offered[i]));
            assert_status(valid[i] ? SPANLINK_OK : SPANLINK_ERR_LINK_INVALID,
                          spanlink_list_append(other, &offered[i], 1));
        }
        test_expect_stats(list, 3, 0, 0, 4);
        test_expect_same_lists(list, other);
        size_t count;
        const spanlink_link *links = spanlink_list_links(list, &count);
        spanlink_list_clear(other);
        assert_ok(spanlink_list_append(other, links, count));
        test_expect_stats(other, 3, 0, 0, 0);
        test_end_round();
    }
}

/* With 32-bit pointers, an odd number of attributes is followed by a gap of four bytes. */
TEST(a_short_text_is_copied_after_any_number_of_attributes) {
    static char keys[5][1] = {"a", "b", "c", "d", "e"};
    spanlink_attribute attributes[5];
    for (size_t i = 0; i < 5; i++) {
        attributes[i] =
            spanlink_attribute_make(spanlink_str_make(keys[i], 1), spanlink_value_bool(true));
        const spanlink_link link = test_link_with(1, attributes, i + 1);
        spanlink_list *from = test_list(), *list = test_list();
        assert_ok(spanlink_list_add(from, &link));
        assert_ok(spanlink_list_copy(list, from));
        spanlink_str before = spanlink_list_links(from, NULL)->attributes[i].key;
        spanlink_str after = spanlink_list_links(list, NULL)->attributes[i].key;
        assert_true(before.ptr != after.ptr);
        assert_int_equal(keys[i][0], after.ptr[0]);
        test_end_round();
    }
}
