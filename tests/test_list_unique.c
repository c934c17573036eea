/* SPDX-License-Identifier: MIT */
#include "test_lists.h"

TEST(unique_keeps_the_first_of_a_span_and_forgets_what_was_cut) {
    spanlink_list *list = bounded(3, SPANLINK_OVERFLOW_KEEP_LAST, true);
    test_list_add_range(list, 1, 3);
    for (int i = 0; i < 10; i++) {
        test_list_add_range(list, 1, 3);
    }
    assert_string_equal("1 2 3", numbers(list));
    test_expect_stats(list, 3, 30, 0, 0);
    assert_int_equal(0, test_marked_count(list));
    test_list_add(list, 4);
    assert_string_equal("2 3 4", numbers(list));
    test_list_add(list, 1);
    assert_string_equal("3 4 1", numbers(list));
    test_expect_stats(list, 3, 30, 2, 0);
    assert_int_equal(5, test_marked_count(list));
}

TEST(a_repeat_does_not_change_the_link_that_is_held) {
    spanlink_list *list = bounded(3, SPANLINK_OVERFLOW_SAMPLED_FIRST, true);
    spanlink_attribute storage[1];
    spanlink_link link = test_link(1, storage);
    assert_ok(spanlink_list_add(list, &link));
    link.context.trace_flags = 1;
    link.attributes = NULL;
    link.attribute_count = 0;
    assert_ok(spanlink_list_add(list, &link));
    const spanlink_link *held = spanlink_list_links(list, NULL);
    assert_int_equal(1, held->attribute_count);
    assert_int_equal(0, held->context.trace_flags);
    test_expect_stats(list, 1, 1, 0, 0);
}

TEST(a_zero_trace_id_is_never_a_duplicate) {
    spanlink_list *list = bounded(SPANLINK_UNLIMITED, SPANLINK_OVERFLOW_KEEP_FIRST, true);
    spanlink_attribute attribute = spanlink_attribute_int("a", 1);
    spanlink_link link = test_link_with(5, &attribute, 1);
    memset(link.context.trace_id, 0, 16);
    assert_ok(spanlink_list_add(list, &link));
    assert_ok(spanlink_list_add(list, &link));
    link.context = test_context(5);
    memset(link.context.span_id, 0, 8);
    assert_ok(spanlink_list_add(list, &link));
    assert_ok(spanlink_list_add(list, &link));
    test_expect_stats(list, 3, 1, 0, 0);
}

TEST(links_with_a_zero_trace_id_are_evicted_like_others) {
    spanlink_list *list = bounded(5, SPANLINK_OVERFLOW_KEEP_LAST, true);
    spanlink_attribute storage[1];
    spanlink_link link = test_link(1, storage);
    memset(link.context.trace_id, 0, 16);
    for (int i = 0; i < 4; i++) {
        assert_ok(spanlink_list_add(list, &link));
    }
    test_list_add_range(list, 2, 5);
    assert_string_equal("1 2 3 4 5", numbers(list));
    assert_ok(spanlink_list_truncate(list, 2));
    test_list_add_range(list, 2, 4);
    assert_string_equal("1 2 3 4", numbers(list));
    test_expect_stats(list, 4, 1, 6, 0);
}

/* Enough spans that some share their slot and the part of the hash that the table stores. */
static void expect_all_of_many_spans_stay(void (*vary)(spanlink_context *context)) {
    enum { SPANS = TEST_MANY(200000) };
    spanlink_list_options options =
        options_with(SPANLINK_UNLIMITED, SPANLINK_OVERFLOW_KEEP_FIRST, true);
    options.hash_seed[0] = 0;
    options.hash_seed[1] = 3; /* a seed may have one zero word */
    spanlink_list *list = test_list_create(&options);
    uint64_t random = 0;
    for (int i = 0; i < SPANS; i++) {
        spanlink_link link = {.context = test_context(test_random(&random))};
        vary(&link.context);
        assert_ok(spanlink_list_add(list, &link));
    }
    test_expect_stats(list, SPANS, 0, 0, 0);
    test_end_round();
}

static void put_in_one_trace(spanlink_context *context) {
    memset(context->trace_id, 1, sizeof context->trace_id);
}

static void give_one_span_id(spanlink_context *context) {
    memset(context->span_id, 1, sizeof context->span_id);
}

TEST(many_different_spans_are_never_duplicates) {
    expect_all_of_many_spans_stay(put_in_one_trace);
    expect_all_of_many_spans_stay(give_one_span_id);
}

/*
 * Spans whose hashes are equal under the known seed. With enough of them the list chooses another
 * seed in the middle of its work; results are as with other spans. (tests/cost.sh checks the cost.)
 */

static const uint64_t known_seed[2] = {1, 0};

static spanlink_status add_colliding(spanlink_list *list, uint64_t number, bool sampled) {
    spanlink_attribute storage[1];
    spanlink_link link = test_link(number, storage);
    test_collide_span(known_seed, number, &link.context);
    link.context.trace_flags = sampled;
    return spanlink_list_add(list, &link);
}

static void add_colliding_range(spanlink_list *list, uint64_t first, uint64_t last) {
    for (uint64_t number = first; number <= last; number++) {
        assert_ok(add_colliding(list, number, false));
    }
}

TEST(spans_that_collide_are_told_apart) {
    spanlink_list *list = bounded(SPANLINK_UNLIMITED, SPANLINK_OVERFLOW_KEEP_FIRST, true);
    add_colliding_range(list, 1, 600);
    test_expect_stats(list, 600, 0, 0, 0);
    add_colliding_range(list, 1, 601);
    test_expect_stats(list, 601, 600, 0, 0);
    spanlink_list_clear(list);
    add_colliding_range(list, 1, 600);
    test_expect_stats(list, 600, 0, 0, 0);
}

TEST(spans_that_collide_are_evicted_like_others) {
    spanlink_list *list = bounded(300, SPANLINK_OVERFLOW_KEEP_LAST, true);
    add_colliding_range(list, 1, 1000);
    test_expect_stats(list, 300, 0, 700, 0);
    add_colliding_range(list, 701, 1000);
    test_expect_stats(list, 300, 300, 700, 0);
    add_colliding_range(list, 1, 300);
    test_expect_stats(list, 300, 300, 1000, 0);
}

/* The table is rebuilt with gaps between the links, and with links that name no span. */
TEST(spans_that_collide_are_told_apart_between_gaps) {
    spanlink_list *list = bounded(200, SPANLINK_OVERFLOW_SAMPLED_FIRST, true);
    test_list_add(list, 0);
    for (uint64_t number = 1; number <= 100; number++) {
        assert_ok(add_colliding(list, number, true));
        assert_ok(add_number(list, number, number < 50));
    }
    for (int round = 0; round < 2; round++) {
        for (uint64_t number = 101; number <= 140; number++) {
            assert_ok(add_colliding(list, number, true));
        }
    }
    test_expect_stats(list, 200, 40, 41, 0);
    assert_ok(add_number(list, 99, true)); /* was evicted, so it is not a repeat */
    test_expect_stats(list, 200, 40, 42, 0);
}

enum { ROW = 150 };

static spanlink_list *unique_with_large_table(void) {
    spanlink_list *list = bounded(SPANLINK_UNLIMITED, SPANLINK_OVERFLOW_KEEP_FIRST, true);
    test_list_add_range(list, 1, 20000);
    spanlink_list_clear(list);
    return list;
}

static void add_to_row(spanlink_list *list, size_t place) {
    spanlink_link link = {.context = test_context(place)};
    test_crowd_span(known_seed, 65536, 1000 + place, 1, &link.context);
    assert_ok(spanlink_list_add(list, &link));
}

/* Clear removes them one by one until that takes long. */
TEST(spans_that_crowd_a_table_are_forgotten) {
    spanlink_list *list = unique_with_large_table();
    for (int round = 0; round < 3; round++) {
        for (size_t place = 1; place <= ROW; place++) {
            add_to_row(list, place);
        }
        test_expect_stats(list, ROW, 0, 0, 0);
        spanlink_list_clear(list);
    }
}

/* The removed span is the first of the row; the list still finds those after it. */
TEST(spans_of_a_row_are_found_after_its_first_is_removed) {
    spanlink_list *list = unique_with_large_table();
    for (size_t round = 0; round < 2; round++) {
        for (size_t place = ROW; place > 0; place--) {
            add_to_row(list, place);
        }
        assert_ok(spanlink_list_truncate(list, ROW - 1));
        test_expect_stats(list, ROW - 1, round * (ROW - 1), 1 + round, 0);
    }
}

/* Also if the list changes its seed while their gaps remain in its slots. */
TEST(spans_that_were_dropped_are_not_duplicates) {
    spanlink_list *list = bounded(140, SPANLINK_OVERFLOW_SAMPLED_FIRST, true);
    test_list_add_range(list, 1, 30);
    for (uint64_t number = 101; number <= 240; number++) {
        assert_ok(add_colliding(list, number, true));
    }
    test_expect_stats(list, 140, 0, 30, 0);
    test_list_add_range(list, 1, 30);
    test_expect_stats(list, 140, 0, 60, 0);
}

TEST(links_are_counted_even_if_none_may_be_kept) {
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        spanlink_list *list = bounded(0, overflow, true);
        test_list_add_range(list, 1, 5);
        spanlink_attribute storage[1];
        spanlink_link link = test_link(1, storage);
        assert_ok(spanlink_list_append(list, &link, 1));
        assert_null(spanlink_list_links(list, NULL));
        test_expect_stats(list, 0, 0, 6, 0);
        test_end_round();
    }
}
