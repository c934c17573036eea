/* SPDX-License-Identifier: MIT */
#include "test_lists.h"

static spanlink_list_options failing_options;

static spanlink_status make_list(test_world *w) {
    spanlink_list_options options = failing_options;
    options.allocator = w->allocator;
    return spanlink_list_create(&options, &w->lists[0]);
}

TEST(a_first_cut_without_memory_for_the_markers_changes_nothing) {
    spanlink_list *list = counted(1, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    test_list_add(list, 1);
    test_heap.fail_at = test_heap.calls + 1;
    assert_status(SPANLINK_ERR_NO_MEMORY, add_number(list, 2, false));
    test_expect_stats(list, 1, 0, 0, 0);
    assert_int_equal(0, test_marked_count(list));
    test_list_add(list, 2);
    assert_int_equal(2, test_marked_count(list));
}

/* Links that need every kind of memory to plan a copy, in a list that has dropped links. */
static spanlink_list *list_of_demanding_links(uint32_t overflow) {
    spanlink_list *list = bounded(3, overflow, false);
    spanlink_value nested[20];
    nested[0] = spanlink_attribute_int("i", 1).value;
    for (size_t i = 1; i < 20; i++) {
        nested[i] = spanlink_attribute_array("a", &nested[i - 1], 1).value;
    }
    static const char keys[] = "abcdefghijklmnopqrst";
    spanlink_attribute attributes[20];
    for (size_t i = 0; i < 20; i++) {
        attributes[i] = (spanlink_attribute){{&keys[i], 1}, nested[i]};
    }
    for (uint64_t number = 1; number <= 5; number++) {
        spanlink_link link = test_link_with(number, attributes, 20);
        assert_ok(spanlink_list_add(list, &link));
    }
    return list;
}

/* The merged list already exists and has its own memory. */
static spanlink_status make_or_merge(test_world *w, size_t step) {
    switch (step) {
    case 0:
        return make_list(w);
    case 1:
        w->lists[1] = test_take(list_of_demanding_links(failing_options.overflow));
        return SPANLINK_OK;
    default:
        return spanlink_list_merge(w->lists[0], w->lists[1]);
    }
}

TEST(a_merge_without_memory_changes_neither_list) {
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        for (size_t max_links = 0; max_links < 8; max_links++) {
            failing_options = options_with(max_links, overflow, max_links % 2 != 0);
            const test_scenario scenario = {3, make_or_merge, NULL};
            assert_in_range(test_scenario_fail(&scenario), 4, 20);
        }
    }
}

TEST(a_link_with_more_attributes_than_memory_holds_is_refused) {
    spanlink_list *list = test_list(.limits.max_attributes = SPANLINK_UNLIMITED);
    spanlink_attribute attribute = spanlink_attribute_int("n", 1);
    spanlink_link link = test_link_with(1, &attribute, SIZE_MAX);
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_add(list, &link));
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_append(list, &link, 1));
    test_expect_stats(list, 0, 0, 0, 0);
}

TEST(a_link_too_large_for_memory_is_refused) {
    spanlink_list *list = test_list(.allocator = test_counted());
    spanlink_attribute attributes[2] = {
        spanlink_attribute_bytes("a", (const uint8_t *)"", SIZE_MAX / 2),
        spanlink_attribute_bytes("b", (const uint8_t *)"", SIZE_MAX / 2 + 10)};
    spanlink_link link = test_link_with(1, attributes, 2);
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_add(list, &link));
    link.attribute_count = 1;
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_add(list, &link));
    spanlink_link two[2] = {link, link};
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_append(list, two, 2));
    test_expect_stats(list, 0, 0, 0, 0);
    test_list_add_range(list, 1, 3);
    assert_string_equal("1 2 3", numbers(list));
    assert_ok(spanlink_list_truncate(list, 2)); /* it has dropped links: another code path */
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_append(list, two, 2));
    two[1].attribute_count = 2;
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_append(list, two, 2));
    test_expect_stats(list, 2, 0, 1, 0);
}

static spanlink_status copy_or_make(test_world *w, size_t step) {
    if (step == 0) {
        return make_list(w);
    }
    if (step == 1) {
        w->lists[1] = test_take(make_list_to_copy(SPANLINK_OVERFLOW_RESERVOIR, true, false));
        return SPANLINK_OK;
    }
    return spanlink_list_copy(w->lists[0], w->lists[1]);
}

TEST(a_copy_without_memory_changes_nothing) {
    failing_options = options_with(4, SPANLINK_OVERFLOW_KEEP_FIRST, true);
    const test_scenario scenario = {3, copy_or_make, NULL};
    assert_in_range(test_scenario_fail(&scenario), 6, 20);
}
