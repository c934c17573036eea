/* SPDX-License-Identifier: MIT */
#include "test_lists.h"

TEST(clear_forgets_all_and_keeps_the_memory) {
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        spanlink_list *list = counted(100, overflow, true);
        char first[4096];
        for (int round = 0; round < 5; round++) {
            test_list_add_range(list, 1, 300);
            test_expect_stats(list, 100, 0, 200, 0);
            assert_int_equal(300, test_marked_count(list));
            if (round == 0) {
                snprintf(first, sizeof first, "%s", numbers(list));
                test_heap.calls = 0;
            }
            assert_string_equal(first, numbers(list));
            spanlink_list_clear(list);
            test_expect_stats(list, 0, 0, 0, 0);
            assert_null(spanlink_list_links(list, NULL));
        }
        assert_int_equal(0, test_heap.calls);
        test_end_round();
    }
}

/* However the links are placed in memory: some fill a chunk to its end. */
TEST(the_same_batch_again_takes_no_memory) {
    for (size_t i = 0; i < 80; i++) {
        size_t links = 1 + i / 4;
        spanlink_list *list = test_list(.allocator = test_counted(), .expected_links = i % 4);
        add_batch_items(list, links);
        size_t calls = test_heap.calls;
        spanlink_list_clear(list);
        add_batch_items(list, links);
        assert_int_equal(calls, test_heap.calls);
        test_end_round();
    }
}

/* The table is then emptied one span at a time. */
TEST(small_batches_after_a_large_one_are_forgotten_too) {
    spanlink_list *list = bounded(SPANLINK_UNLIMITED, SPANLINK_OVERFLOW_KEEP_FIRST, true);
    test_list_add_range(list, 1, 2000);
    for (uint64_t round = 0; round < 20; round++) {
        spanlink_list_clear(list);
        test_list_add_range(list, 1000 - round, 1000 + round);
        test_list_add(list, 1000);
        test_expect_stats(list, 2 * round + 1, 1, 0, 0);
    }
}

/* Links that name no span are not in the table, nor are links that were dropped. */
TEST(clear_forgets_few_spans_among_links_that_name_none) {
    spanlink_list *list = bounded(700, SPANLINK_OVERFLOW_SAMPLED_FIRST, true);
    for (uint64_t cut = 0; cut <= 4; cut++) {
        for (int i = 0; i < 697; i++) {
            test_list_add(list, 0);
        }
        test_list_add_range(list, 1, 3);
        for (uint64_t i = 0; i < cut; i++) {
            assert_ok(add_number(list, 0, true));
        }
        if (cut == 4) {
            assert_int_equal(704, test_marked_count(list));
        }
        test_expect_stats(list, 700, 0, cut, 0);
        spanlink_list_clear(list);
        test_list_add_range(list, 1, 3);
        test_expect_stats(list, 3, 0, 0, 0);
        spanlink_list_clear(list);
    }
}

/* Links that come and go do not cause a compaction each time, which would visit all links. */
TEST(little_text_among_many_links_takes_bounded_memory) {
    enum { PLAIN = 2000 };
    spanlink_list *list = test_list(.allocator = test_counted());
    for (uint64_t number = 1; number <= PLAIN; number++) {
        spanlink_link link = {.context = test_context(number)};
        assert_ok(spanlink_list_add(list, &link));
    }
    size_t before = test_heap.live_bytes;
    for (uint64_t number = 1; number <= 5000; number++) {
        test_list_add(list, number);
        assert_int_equal(number, test_number(&spanlink_list_links(list, NULL)[PLAIN]));
        assert_ok(spanlink_list_truncate(list, PLAIN));
    }
    assert_true(test_heap.peak_bytes < before + PLAIN * sizeof(spanlink_link));
}
