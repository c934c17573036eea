/* SPDX-License-Identifier: MIT */
#include "test_lists.h"

TEST(keep_first_drops_the_new_link) {
    spanlink_list *list = bounded(3, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    test_list_add_range(list, 1, 3);
    assert_int_equal(0, test_marked_count(list));
    test_list_add_range(list, 4, 9);
    assert_string_equal("1 2 3", numbers(list));
    test_expect_stats(list, 3, 0, 6, 0);
    assert_int_equal(9, test_marked_count(list));
}

TEST(keep_last_evicts_the_oldest) {
    spanlink_list *list = bounded(3, SPANLINK_OVERFLOW_KEEP_LAST, false);
    for (uint64_t i = 1; i <= 50; i++) {
        char wanted[4096];
        test_list_add(list, i);
        if (i >= 3) {
            snprintf(wanted, sizeof wanted, "%u %u %u", (unsigned)i - 2, (unsigned)i - 1,
                     (unsigned)i);
            assert_string_equal(wanted, numbers(list));
        }
        assert_int_equal(i > 3 ? i : 0, test_marked_count(list));
    }
    test_expect_stats(list, 3, 0, 47, 0);
}

TEST(sampled_first_evicts_the_latest_unsampled) {
    spanlink_list *list = bounded(4, SPANLINK_OVERFLOW_SAMPLED_FIRST, false);
    assert_ok(add_number(list, 1, false));
    assert_ok(add_number(list, 2, true));
    assert_ok(add_number(list, 3, false));
    assert_ok(add_number(list, 4, true));
    assert_ok(add_number(list, 5, false));
    assert_string_equal("1 2 3 4", numbers(list));
    assert_ok(add_number(list, 6, true));
    assert_string_equal("1 2 4 6", numbers(list));
    assert_ok(add_number(list, 7, true));
    assert_ok(add_number(list, 8, true));
    assert_string_equal("2 4 6 7", numbers(list));
    test_expect_stats(list, 4, 0, 4, 0);
    assert_int_equal(8, test_marked_count(list));
    assert_ok(spanlink_list_truncate(list, 3));
    assert_ok(add_number(list, 9, false));
    assert_ok(add_number(list, 10, true));
    assert_string_equal("2 4 6 10", numbers(list));
}

TEST(a_reservoir_repeats_its_choice_and_keeps_order) {
    for (int unique = 0; unique < 2; unique++) {
        spanlink_list_options options = options_with(10, SPANLINK_OVERFLOW_RESERVOIR, unique);
        char chosen[3][4096];
        for (uint64_t run = 0; run < 3; run++) {
            options.seed = run == 2 ? 99 : 7;
            options.hash_seed[0] = run + 1;
            spanlink_list *list = test_list_create(&options);
            test_list_add_range(list, 1, 1000);
            const spanlink_link *links = test_list_links(list, 10);
            for (size_t i = 1; i < 10; i++) {
                assert_true(test_number(&links[i - 1]) < test_number(&links[i]));
            }
            snprintf(chosen[run], sizeof chosen[run], "%s", numbers(list));
            test_expect_stats(list, 10, 0, 990, 0);
            test_end_round();
        }
        assert_string_equal(chosen[0], chosen[1]);
        assert_string_not_equal(chosen[0], chosen[2]);
    }
}

/* On every machine, so that lists from several machines can be merged. */
TEST(a_reservoir_chooses_the_same_everywhere) {
    spanlink_list_options options = options_with(8, SPANLINK_OVERFLOW_RESERVOIR, false);
    options.seed = 7;
    spanlink_list *list = test_list_create(&options);
    test_list_add_range(list, 1, 500);
    spanlink_list_clear(list);
    test_list_add_range(list, 1, 1000);
    assert_string_equal("36 198 268 472 812 920 931 981", numbers(list));
    options.unique = true;
    list = test_list_create(&options);
    test_list_add_range(list, 1, 1000);
    assert_string_equal("60 156 257 325 566 596 684 974", numbers(list));
}

/* Reading closes the gaps of dropped links, wherever they are. */
TEST(reading_between_adds_changes_no_choice) {
    for (uint64_t seed = 0; seed < 40; seed++) {
        for (uint32_t overflow = 0; overflow < 8; overflow++) {
            spanlink_list *read = bounded(6, overflow % 4, overflow >= 4);
            spanlink_list *unread = bounded(6, overflow % 4, overflow >= 4);
            uint64_t random = seed;
            for (size_t i = 0; i < 40; i++) {
                uint64_t number = test_random_below(&random, 30);
                bool sampled = test_random_below(&random, 2) != 0;
                assert_ok(add_number(read, number, sampled));
                assert_ok(add_number(unread, number, sampled));
                spanlink_list_links(read, NULL);
            }
            expect_same_numbers(unread, read);
            test_end_round();
        }
    }
}

TEST(a_reservoir_without_a_bound_keeps_all) {
    spanlink_list *list = bounded(SPANLINK_UNLIMITED, SPANLINK_OVERFLOW_RESERVOIR, false);
    test_list_add_range(list, 1, 100);
    test_expect_stats(list, 100, 0, 0, 0);
}

/* Each of 50 links must be kept in about 10/50 of 2,000 runs: 400, standard deviation 18. */
TEST(a_reservoir_is_fair_to_a_span_that_comes_often) {
    unsigned kept[51] = {0};
    for (uint64_t seed = 0; seed < 2000; seed++) {
        spanlink_list_options options = options_with(10, SPANLINK_OVERFLOW_RESERVOIR, true);
        options.seed = seed;
        spanlink_list *list = test_list_create(&options);
        test_list_add_range(list, 1, 50);
        for (unsigned i = 0; i < 200; i++) {
            test_list_add(list, 33);
        }
        const spanlink_link *links = test_list_links(list, 10);
        for (size_t i = 0; i < 10; i++) {
            kept[test_number(&links[i])]++;
        }
        test_end_round();
    }
    for (unsigned i = 1; i <= 50; i++) {
        assert_in_range(kept[i], 400 - 90, 400 + 90);
    }
}

/* From lists with few gaps, or many. */
TEST(unique_reservoirs_of_parts_merge_to_the_choice_of_the_whole) {
    static const uint64_t shapes[][3] = {{10, 170, 300}, {2, 3, 6}, {3, 4, 10}};
    for (uint64_t seed = 0; seed < 150; seed++) {
        const uint64_t *shape = shapes[seed % 3];
        spanlink_list_options options =
            options_with((size_t)shape[0], SPANLINK_OVERFLOW_RESERVOIR, true);
        options.seed = seed;
        spanlink_list *whole = test_list_create(&options), *left = test_list_create(&options),
                      *right = test_list_create(&options);
        test_list_add_range(whole, 1, shape[2]);
        test_list_add_range(left, 1, shape[1]);
        test_list_add_range(right, shape[1] + 1, shape[2]);
        char wanted[4096];
        snprintf(wanted, sizeof wanted, "%s", numbers(whole));
        assert_ok(spanlink_list_merge(left, right));
        assert_string_equal(wanted, numbers(left));
        test_expect_stats(left, shape[0], 0, shape[2] - shape[0], 0);
        test_end_round();
    }
}

/* As if every link had been added to the one list. */
TEST(reservoirs_that_have_cut_nothing_merge_to_the_choice_of_the_whole) {
    for (uint64_t seed = 0; seed < 50; seed++) {
        spanlink_list_options options = options_with(10, SPANLINK_OVERFLOW_RESERVOIR, false);
        options.seed = seed;
        spanlink_list *whole = test_list_create(&options), *merged = test_list_create(&options);
        for (uint64_t part = 0; part < 5; part++) {
            spanlink_list *from = test_list_create(&options);
            test_list_add_range(whole, 10 * part + 1, 10 * part + 10);
            test_list_add_range(from, 10 * part + 1, 10 * part + 10);
            assert_ok(spanlink_list_merge(merged, from));
        }
        expect_same_numbers(whole, merged);
        test_end_round();
    }
}

/* Merges lists of 30 and 60 links to one of `max_links`. In 3,000 merges each link must be kept
 * about equally often; the tolerance is over five standard deviations. */
static void expect_fair_merges(size_t max_links, uint64_t distance_of_seeds) {
    unsigned kept[91] = {0};
    for (uint64_t seed = 0; seed < 3000; seed++) {
        spanlink_list_options options = options_with(max_links, SPANLINK_OVERFLOW_RESERVOIR, false);
        options.seed = seed;
        spanlink_list *left = test_list_create(&options);
        options.seed = seed + distance_of_seeds;
        spanlink_list *right = test_list_create(&options);
        test_list_add_range(left, 1, 30);
        test_list_add_range(right, 31, 90);
        assert_ok(spanlink_list_merge(left, right));
        const spanlink_link *links = test_list_links(left, max_links);
        for (size_t i = 0; i < max_links; i++) {
            kept[test_number(&links[i])]++;
        }
        test_end_round();
    }
    unsigned fair = (unsigned)(3000 * max_links / 90);
    unsigned bound = max_links == 1 ? 29 : 105;
    for (unsigned i = 1; i <= 90; i++) {
        assert_in_range(kept[i], fair - bound, fair + bound);
    }
}

TEST(merged_reservoirs_are_fair_whether_they_share_a_seed_or_not) {
    expect_fair_merges(15, 1000000);
    expect_fair_merges(15, 0);
    expect_fair_merges(1, 1000000);
    expect_fair_merges(1, 0);
}
