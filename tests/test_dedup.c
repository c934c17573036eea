/* SPDX-License-Identifier: MIT */
#include "test_lists.h"

TEST(the_first_of_each_span_stays_in_order) {
    static const uint64_t offered[] = {5, 1, 5, 2, 1, 1, 3, 5, 2};
    static const uint64_t wanted[] = {5, 1, 2, 3};
    spanlink_list *list = test_list();
    for (size_t i = 0; i < 9; i++) {
        test_list_add(list, offered[i]);
    }
    assert_ok(spanlink_list_dedup(list));
    const spanlink_link *links = test_list_links(list, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(wanted[i], test_number(&links[i]));
    }
    test_expect_stats(list, 4, 5, 0, 0);
    assert_ok(spanlink_list_dedup(list));
    assert_int_equal(5, test_stats(list).duplicate);
}

TEST(the_link_that_stays_is_the_first_one_unchanged) {
    spanlink_list *list = test_list();
    for (int i = 0; i < 3; i++) {
        spanlink_attribute attribute = spanlink_attribute_int("i", i);
        spanlink_link link = test_link_with(1, &attribute, 1);
        link.context.trace_flags = (uint8_t)i;
        assert_ok(spanlink_list_add(list, &link));
    }
    assert_ok(spanlink_list_dedup(list));
    const spanlink_link *link = spanlink_list_links(list, NULL);
    assert_int_equal(0, link->attributes[0].value.int_value);
    assert_int_equal(0, link->context.trace_flags);
}

TEST(the_markers_of_a_list_that_was_read_move_to_the_last_link) {
    static const uint64_t offered[] = {1, 2, 3, 1, 4};
    spanlink_list *list = test_list(.limits.max_links = 4);
    for (size_t i = 0; i < 5; i++) {
        test_list_add(list, offered[i]);
    }
    assert_int_equal(3, test_list_links(list, 4)[3].attribute_count);
    assert_ok(spanlink_list_dedup(list));
    const spanlink_link *links = test_list_links(list, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(i + 1, test_number(&links[i]));
        assert_int_equal(i == 2 ? 3 : 1, links[i].attribute_count);
    }
}

/* A reservoir keeps the links of smallest rank. A reservoir with one more place, and another link
 * in place of the repeat, keeps the same links and perhaps that one. */
TEST(the_links_of_a_reservoir_keep_their_ranks) {
    size_t told = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
        spanlink_list_options options = test_list_options();
        options.overflow = SPANLINK_OVERFLOW_RESERVOIR;
        options.seed = seed;
        options.limits.max_links = 5;
        spanlink_list *list = test_list_create(&options);
        options.limits.max_links = 6;
        spanlink_list *wider = test_list_create(&options);
        for (uint64_t arrival = 1; arrival <= 30; arrival++) {
            test_list_add(list, arrival == 2 ? 1 : arrival);
            test_list_add(wider, arrival);
            if (arrival == 5) {
                assert_ok(spanlink_list_dedup(list));
            }
        }
        size_t count, place = 0;
        const spanlink_link *wide = spanlink_list_links(wider, &count);
        while (place < count && test_number(&wide[place]) != 2) {
            place++;
        }
        const spanlink_link *links = spanlink_list_links(list, NULL);
        for (size_t i = 0; place < count && i < 5; i++) {
            assert_int_equal(test_number(&wide[i < place ? i : i + 1]), test_number(&links[i]));
            told++;
        }
        test_end_round();
    }
    assert_in_range(told, 25, 500);
}

TEST(one_bit_makes_another_span) {
    spanlink_list *list = test_list();
    spanlink_link link = {.context = test_context(1)};
    for (size_t bit = 0; bit < 192; bit++) {
        uint8_t *byte =
            bit < 128 ? &link.context.trace_id[bit / 8] : &link.context.span_id[bit / 8 - 16];
        *byte ^= (uint8_t)(1u << bit % 8);
        if (bit != 0 && bit != 128) { /* these two would make an id zero */
            assert_ok(spanlink_list_add(list, &link));
        }
        *byte ^= (uint8_t)(1u << bit % 8);
    }
    assert_ok(spanlink_list_dedup(list));
    assert_int_equal(190, test_stats(list).kept);
}

/* Enough spans that some share the part of the hash that the table stores. */
TEST(many_different_spans_all_stay) {
    enum { SPANS = TEST_MANY(200000) };
    spanlink_list *list = test_list(.hash_seed[0] = 5);
    for (uint64_t number = 1; number <= SPANS; number++) {
        spanlink_link link = {.context = test_context(number)};
        assert_ok(spanlink_list_add(list, &link));
    }
    assert_ok(spanlink_list_dedup(list));
    assert_int_equal(SPANS, test_stats(list).kept);
}

/* All hashes are equal under the known seed, so dedup starts again with another seed. Also in a
 * long list and among links that name no span. */
TEST(repeats_among_spans_that_collide_are_found) {
    static const size_t others[] = {0, 20000};
    enum { COLLIDING = 300 };
    for (size_t i = 0; i < 2; i++) {
        spanlink_list_options options = test_list_options();
        options.hash_seed[0] = 5;
        spanlink_list *list = test_list_create(&options);
        test_list_add(list, 0);
        for (uint64_t number = 1; number <= 2 * COLLIDING; number++) {
            spanlink_attribute storage[1];
            spanlink_link link = test_link((number - 1) % COLLIDING + 1, storage);
            test_collide_span(options.hash_seed, (number - 1) % COLLIDING, &link.context);
            assert_ok(spanlink_list_add(list, &link));
        }
        test_list_add_range(list, 1, others[i]);
        test_list_add_range(list, 1, others[i]);
        assert_ok(spanlink_list_dedup(list));
        assert_int_equal(1 + COLLIDING + others[i], test_stats(list).kept);
        const spanlink_link *links = spanlink_list_links(list, NULL);
        for (size_t j = 1; j <= COLLIDING; j++) {
            assert_int_equal(j, links[j].attributes[0].value.int_value);
        }
        test_end_round();
    }
}

/* Long lists are processed in groups: a repeat may be in the same group, another one, or the
 * shorter last one. */
TEST(the_first_of_each_span_stays_in_long_lists_too) {
    static const size_t sizes[] = {16384, 16385, 16399, 20003, TEST_MANY(100000)};
    static bool seen[TEST_MANY(100000)];
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        spanlink_list *list = test_list();
        size_t kept = 0, count;
        uint64_t random = i + 1;
        memset(seen, 0, sizeof seen);
        for (size_t j = 0; j < sizes[i]; j++) {
            size_t span = j % 7 == 6 ? j - 2 : test_random_below(&random, sizes[i]);
            spanlink_attribute attribute =
                spanlink_attribute_int("first", seen[span] ? -1 : (int64_t)kept);
            spanlink_link link = test_link_with(span + 1, &attribute, 1);
            assert_ok(spanlink_list_add(list, &link));
            kept += !seen[span];
            seen[span] = true;
        }
        assert_ok(spanlink_list_dedup(list));
        const spanlink_link *links = spanlink_list_links(list, &count);
        assert_int_equal(kept, count);
        assert_int_equal(sizes[i] - kept, test_stats(list).duplicate);
        for (size_t j = 0; j < count; j++) {
            assert_int_equal(j, links[j].attributes[0].value.int_value);
        }
        test_end_round();
    }
}

TEST(what_was_removed_is_used_again) {
    spanlink_list *list = test_list(.allocator = test_counted());
    spanlink_attribute attribute =
        spanlink_attribute_string("text", "of some length, to be copied");
    spanlink_link link = test_link_with(1, &attribute, 1);
    size_t bytes = 0;
    for (size_t round = 0; round < 100; round++) {
        for (size_t i = 0; i < 50; i++) {
            assert_ok(spanlink_list_add(list, &link));
        }
        assert_ok(spanlink_list_dedup(list));
        bytes = round == 5 ? test_heap.live_bytes : bytes;
    }
    assert_int_equal(bytes, test_heap.live_bytes);
    assert_int_equal(1, test_stats(list).kept);
}

TEST(the_table_is_as_large_as_promised_and_kept) {
    for (size_t links = 1; links <= 3000; links += 1 + links / 50) {
        spanlink_list *list = test_list(.allocator = test_counted());
        test_list_add_range(list, 1, links);
        size_t bytes = test_heap.live_bytes;
        assert_ok(spanlink_list_dedup(list));
        size_t table = test_heap.live_bytes - bytes;
        assert_in_range(table, 128, links == 1 ? 128 : 64 * links);
        assert_true(table >= 16 * links);
        size_t calls = test_heap.calls;
        assert_ok(spanlink_list_dedup(list));
        assert_int_equal(calls, test_heap.calls);
        test_end_round();
    }
}

TEST(links_with_a_zero_trace_id_all_stay) {
    spanlink_list *list = test_list();
    spanlink_attribute attribute = spanlink_attribute_int("a", 1);
    spanlink_link link = {.attributes = &attribute, .attribute_count = 1};
    assert_ok(spanlink_list_add(list, &link));
    assert_ok(spanlink_list_add(list, &link));
    link.context.trace_id[0] = 1; /* a zero span id names the whole trace */
    assert_ok(spanlink_list_add(list, &link));
    assert_ok(spanlink_list_add(list, &link));
    assert_ok(spanlink_list_dedup(list));
    assert_int_equal(3, test_stats(list).kept);
}

TEST(markers_count_cut_links_and_not_duplicates) {
    spanlink_list *list = test_list();
    for (uint64_t i = 0; i < 1000; i++) {
        test_list_add(list, 1 + i % 250);
    }
    assert_ok(spanlink_list_truncate(list, 500));
    assert_ok(spanlink_list_dedup(list));
    test_expect_stats(list, 250, 250, 500, 0);
    assert_int_equal(750, test_marked_count(list));
}

TEST(adding_goes_on_after_a_dedup) {
    spanlink_list_options options = test_list_options();
    options.limits.max_links = 10;
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        options.overflow = overflow;
        spanlink_list *list = test_list_create(&options);
        for (uint64_t i = 0; i < 200; i++) {
            test_list_add(list, 1 + i % 7);
            if (i % 9 == 0) {
                assert_ok(spanlink_list_dedup(list));
            }
        }
        assert_ok(spanlink_list_dedup(list));
        size_t count;
        const spanlink_link *links = spanlink_list_links(list, &count);
        for (size_t i = 0; i < count; i++) {
            for (size_t k = 0; k < i; k++) {
                assert_true(test_number(&links[i]) != test_number(&links[k]));
            }
        }
        test_end_round();
    }
}

TEST(dedup_accepts_null_empty_and_unique_lists) {
    assert_refused(spanlink_list_dedup(NULL));
    spanlink_list *list = test_list(.unique = true);
    assert_ok(spanlink_list_dedup(list));
    test_list_add(list, 1);
    test_list_add(list, 1);
    assert_ok(spanlink_list_dedup(list));
    assert_int_equal(1, test_stats(list).kept);
    test_list_add(list, 1);
    assert_int_equal(2, test_stats(list).duplicate);
    list = test_list();
    assert_ok(spanlink_list_dedup(list));
}

TEST(an_empty_list_needs_no_table) {
    spanlink_list *list = test_list(.allocator = test_counted());
    assert_ok(spanlink_list_dedup(list));
    assert_int_equal(1, test_heap.calls);
}

TEST(without_memory_the_list_is_as_before) {
    assert_true(test_scenario_change_list(spanlink_list_dedup) > 4);
}
