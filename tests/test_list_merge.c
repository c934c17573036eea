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
    test_expect_stats(list, 5, 2, 4, 1);
    assert_int_equal(9, test_marked_count(list));
    test_expect_stats(from, 0, 0, 0, 0);
    assert_null(spanlink_list_links(from, NULL));
    assert_ok(spanlink_list_merge(list, from));
    test_expect_stats(list, 5, 2, 4, 1);
}

TEST(a_list_that_never_held_a_link_merges) {
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        spanlink_list *list = bounded(3, SPANLINK_OVERFLOW_KEEP_FIRST, true);
        spanlink_list *from = bounded(3, overflow, true);
        test_list_add_range(list, 1, 2);
        assert_ok(spanlink_list_merge(list, from));
        assert_string_equal("1 2", numbers(list));
        assert_ok(spanlink_list_merge(from, list));
        assert_string_equal("1 2", numbers(from));
        test_end_round();
    }
}

/* A list with stricter limits keeps no content of some of them. */
TEST(a_merge_counts_links_of_which_nothing_is_kept_as_invalid) {
    spanlink_list_options narrow = options_with(10, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    narrow.limits.max_attributes = SPANLINK_NONE;
    spanlink_list *list = test_list_create(&narrow), *from = test_list();
    spanlink_attribute storage[1];
    spanlink_link link = test_link(1, storage);
    assert_ok(spanlink_list_add(from, &link));
    link.context = (spanlink_context){.trace_flags = 1};
    assert_ok(spanlink_list_add(from, &link));
    assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_list_add(list, &link));
    assert_ok(spanlink_list_merge(list, from));
    test_expect_stats(list, 1, 0, 0, 2);
}

/* An exchange of memory in place of copies, except in a build for size */

#ifdef __OPTIMIZE_SIZE__
static const bool exchanges = false;
#else
static const bool exchanges = true;
#endif

/* Fills both lists, the first one more, so that it has as much memory to give, and empties it. */
static void fill(spanlink_list *list, spanlink_list *from) {
    test_list_add_range(list, 1, 20);
    spanlink_list_clear(list);
    test_list_add_range(from, 1, 10);
}

static bool takes_over(spanlink_list *list, spanlink_list *from) {
    const spanlink_link *links = spanlink_list_links(from, NULL);
    assert_ok(spanlink_list_merge(list, from));
    return spanlink_list_links(list, NULL) == links;
}

/* Merges links into a list, in which one more is then added. */
static void merge_round(spanlink_list *list, spanlink_list *from, uint64_t links) {
    for (uint64_t number = 1; number <= links; number++) {
        assert_ok(add_number(from, number, number % 3 == 0));
    }
    assert_ok(spanlink_list_merge(list, from));
    test_expect_stats(from, 0, 0, 0, 0);
    assert_ok(add_number(list, 100, true));
}

/* The memory of the reference is counted: links that are merged into it are copied. */
TEST(a_merge_that_takes_over_memory_has_the_same_result_as_one_that_copies) {
    for (uint32_t variant = 0; variant < 6; variant++) {
        spanlink_list_options options = options_with(8, variant % 3, false);
        options.no_markers = variant / 3 != 0;
        spanlink_list *from = test_list_create(&options), *list = test_list_create(&options);
        options.allocator = test_counted();
        spanlink_list *reference = test_list_create(&options);
        for (uint64_t round = 0; round < 6; round++) {
            merge_round(list, from, 5 * round);
            merge_round(reference, from, 5 * round);
            test_expect_same_links(list, reference);
            test_expect_stats(list, test_stats(reference).kept, 0, test_stats(reference).over_limit,
                              0);
            spanlink_list_clear(list);
            spanlink_list_clear(reference);
        }
        test_end_round();
    }
}

/* Other functions of the counted memory */

static void *allocate_again(void *state, size_t size) {
    return test_counted().allocate(state, size);
}

static void *resize_again(void *state, void *block, size_t old_size, size_t new_size) {
    return test_counted().resize(state, block, old_size, new_size);
}

static void release_again(void *state, void *block, size_t size) {
    test_counted().release(state, block, size);
}

static bool lists_with_options_exchange(const spanlink_list_options *a,
                                        const spanlink_list_options *b) {
    spanlink_list *list = test_list_create(a), *from = test_list_create(b);
    fill(list, from);
    bool exchanged = takes_over(list, from);
    assert_string_equal("1 2 3 4 5 6 7 8 9 10", numbers(list));
    test_end_round();
    return exchanged;
}

TEST(only_lists_with_the_same_options_exchange_memory) {
    static test_allocator memory;
    spanlink_list_options options = test_list_options(), other[11];
    options.allocator = test_counted();
    options.limits.max_links = 20;
    for (size_t i = 0; i < 11; i++) {
        other[i] = options;
    }
    other[0].allocator.state = &memory;
    other[1].allocator.allocate = allocate_again;
    other[2].allocator.resize = resize_again;
    other[3].allocator.release = release_again;
    other[4].limits.max_links = 100;
    other[5].limits.max_attributes = 100;
    other[6].limits.max_value_length = 100;
    other[7].limits.max_value_depth = 5;
    other[8].overflow = SPANLINK_OVERFLOW_SAMPLED_FIRST;
    other[9].unique = true;
    other[10].no_markers = true;
    assert_int_equal(exchanges, lists_with_options_exchange(&options, &options));
    for (size_t i = 0; i < 11; i++) {
        assert_false(lists_with_options_exchange(&options, &other[i]));
        assert_false(lists_with_options_exchange(&other[i], &options));
    }
}

/* Seeds belong to a list, and so does the memory that it expected links in. */
TEST(lists_keep_their_seeds_and_the_memory_that_they_were_created_with) {
    spanlink_list_options unique = options_with(20, SPANLINK_OVERFLOW_KEEP_LAST, true);
    spanlink_list_options drawn = options_with(20, SPANLINK_OVERFLOW_RESERVOIR, false);
    spanlink_list_options options = test_list_options(), expecting = options;
    expecting.expected_links = 1;
    assert_false(lists_with_options_exchange(&unique, &unique));
    assert_false(lists_with_options_exchange(&drawn, &drawn));
    assert_false(lists_with_options_exchange(&expecting, &options));
    assert_false(lists_with_options_exchange(&options, &expecting));
}

/* Otherwise `from` would soon need new memory. Many links without content against one with much. */
TEST(a_list_exchanges_memory_only_for_as_many_links_and_as_much_content) {
    static const char text[8000];
    const spanlink_attribute large = spanlink_attribute_make(
        spanlink_str_from("large"), spanlink_value_bytes((const unsigned char *)text, sizeof text));
    spanlink_link link = test_link_with(1, &large, 1);
    for (int turn = 0; turn < 2; turn++) {
        spanlink_list *lists[2] = {test_list(), test_list()};
        assert_ok(spanlink_list_add(lists[0], &link));
        for (uint64_t number = 1; number <= 100; number++) {
            spanlink_link bare = {.context = test_context(number)};
            assert_ok(spanlink_list_add(lists[1], &bare));
        }
        spanlink_list_clear(lists[turn]);
        assert_false(takes_over(lists[turn], lists[1 - turn]));
        test_end_round();
    }
}

TEST(a_list_that_counted_links_takes_over_none) {
    spanlink_list *list = bounded(5, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    spanlink_list *from = bounded(5, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    test_list_add_range(list, 1, 7);
    assert_ok(spanlink_list_truncate(list, 0));
    test_list_add_range(from, 1, 5);
    assert_false(takes_over(list, from));
    test_expect_stats(list, 5, 0, 7, 0);
    assert_int_equal(12, test_marked_count(list));
}
