/* SPDX-License-Identifier: MIT */
#include "test_lists.h"

TEST(append_with_an_invalid_link_adds_nothing) {
    spanlink_list *list = test_list();
    spanlink_link links[4] = {{.context = test_context(1)},
                              {.context = test_context(0)},
                              {.context = test_context(2)},
                              {.context = test_context(0)}};
    assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_list_append(list, links, 4));
    test_expect_stats(list, 0, 0, 0, 2);
}

TEST(append_counts_all_invalid_links_and_names_the_first) {
    spanlink_list *list = test_list();
    spanlink_attribute unknown = {.key = spanlink_str_from("a"), .value = {.type = 99}};
    spanlink_link bad = test_link_with(1, &unknown, 1);
    spanlink_link nowhere = {.context = test_context(0)};
    spanlink_link links[5] = {bad, {.context = test_context(2)}, nowhere, bad, nowhere};
    assert_status(SPANLINK_ERR_VALUE_TYPE, spanlink_list_append(list, links, 5));
    test_expect_stats(list, 0, 0, 0, 4);
    assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_list_append(list, links + 2, 3));
    test_expect_stats(list, 0, 0, 0, 7);
}

TEST(append_reports_errors_of_duplicates_too) {
    spanlink_list *list = bounded(10, SPANLINK_OVERFLOW_KEEP_FIRST, true);
    spanlink_attribute unknown = {.key = spanlink_str_from("a"), .value = {.type = 99}};
    spanlink_link links[2] = {{.context = test_context(1)}, test_link_with(1, &unknown, 1)};
    assert_status(SPANLINK_ERR_VALUE_TYPE, spanlink_list_append(list, links, 2));
    test_expect_stats(list, 0, 0, 0, 1);
    unknown.value.type = SPANLINK_VALUE_EMPTY;
    assert_ok(spanlink_list_append(list, links, 2));
    test_expect_stats(list, 1, 1, 0, 1);
}

TEST(one_byte_of_a_trace_id_names_a_span) {
    for (size_t i = 0; i < 16; i++) {
        spanlink_list *list = bounded(10, SPANLINK_OVERFLOW_KEEP_FIRST, true);
        spanlink_link link = {.context = {.span_id = {1}}};
        link.context.trace_id[i] = 1;
        assert_ok(spanlink_list_add(list, &link));
        assert_ok(spanlink_list_add(list, &link));
        test_expect_stats(list, 1, 1, 0, 0);
        test_end_round();
    }
}

/* A failed append changes only the count of invalid links: later links are kept, repeated or
 * dropped as in a list without that append. */
TEST(a_failed_append_is_rolled_back) {
    spanlink_attribute attribute = spanlink_attribute_int("n", 1);
    for (uint32_t variant = 0; variant < 8; variant++) {
        spanlink_list *list = bounded(8, variant % 4, variant >= 4);
        spanlink_list *plain = bounded(8, variant % 4, variant >= 4);
        test_list_add_range(list, 1, 3);
        test_list_add_range(plain, 1, 3);
        spanlink_link batch[5] = {{.context = test_context(4)},
                                  {.context = test_context(1)},
                                  {.attributes = &attribute, .attribute_count = 1},
                                  {.context = test_context(5)},
                                  {.context = test_context(0)}};
        batch[0].context.trace_flags = batch[3].context.trace_flags = 0;
        assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_list_append(list, batch, 5));
        test_expect_stats(list, 3, 0, 0, 1);
        assert_string_equal("1 2 3", numbers(list));
        test_list_add_range(list, 4, 30);
        test_list_add_range(plain, 4, 30);
        test_expect_stats(list, 8, 0, 22, 1);
        expect_same_numbers(plain, list);
        test_end_round();
    }
}

TEST(append_offers_each_link_in_turn) {
    enum { COUNT = 600 };
    static spanlink_attribute storage[COUNT][1];
    static spanlink_link links[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        links[i] = test_link(1 + i * i % 97, storage[i]);
        links[i].context.trace_flags = i % 3 == 0;
    }
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        for (int unique = 0; unique < 2; unique++) {
            for (size_t step = 1; step <= COUNT; step += 37) {
                spanlink_list *one = bounded(20, overflow, unique);
                spanlink_list *two = bounded(20, overflow, unique);
                for (size_t i = 0; i < COUNT; i++) {
                    assert_ok(spanlink_list_add(one, &links[i]));
                }
                for (size_t i = 0; i < COUNT; i += step) {
                    size_t count = COUNT - i < step ? COUNT - i : step;
                    assert_ok(spanlink_list_append(two, &links[i], count));
                }
                expect_same_numbers(one, two);
                spanlink_list_stats stats = test_stats(one);
                test_expect_stats(two, stats.kept, stats.duplicate, stats.over_limit, 0);
                test_end_round();
            }
        }
    }
}
