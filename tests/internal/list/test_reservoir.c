/* SPDX-License-Identifier: MIT */
/* Compares the sketch of a reservoir with a sort of all keys of the stream. */
#include "test.h"
#include "test_fixtures.h"

#include "internal/list/slots.h"

#include <spanlink/truncate.h>

enum { MOST = 40 };

static spanlink_list *reservoir_of(size_t max_links) {
    return test_list(.limits.max_links = max_links, .overflow = SPANLINK_OVERFLOW_RESERVOIR,
                     .unique = true);
}

static uint64_t key_of(const spanlink_list *list, uint64_t number) {
    spanlink_context context = test_context(number);
    return slnk_hash_draw(list->reservoir.seed, context.trace_id, context.span_id);
}

/* Whether the key of `number` is among the `most` smallest keys of the numbers `first` to `last`.
 */
static bool is_among_smallest(const spanlink_list *list, uint64_t first, uint64_t last,
                              uint64_t number, size_t most) {
    size_t smaller = 0;
    for (uint64_t i = first; i <= last; i++) {
        smaller += key_of(list, i) < key_of(list, number);
    }
    return smaller < most;
}

/* Expects the list to hold the links up to `last` with the `most` smallest keys, except those
 * before `from`. */
static void expect_smallest(spanlink_list *list, uint64_t last, size_t most, uint64_t from) {
    size_t count, found = 0;
    const spanlink_link *links = spanlink_list_links(list, &count);
    for (uint64_t number = 1; number <= last; number++) {
        bool wanted = number >= from && is_among_smallest(list, 1, last, number, most);
        if (wanted) {
            assert_true(found < count);
            assert_int_equal(number, test_number(&links[found]));
        }
        found += wanted;
    }
    assert_int_equal(found, count);
}

TEST(the_smallest_keys_of_the_stream_are_kept) {
    for (size_t most = 1; most <= 12; most++) {
        spanlink_list *list = reservoir_of(most);
        for (uint64_t number = 1; number <= MOST; number++) {
            test_list_add(list, number);
            if (number % 3 == 0) {
                expect_smallest(list, number, most, 1);
            }
        }
        test_end_round();
    }
}

enum { LINKS = 24, KEPT = 6 };

/* The span id counts. */
static spanlink_link counted_link(uint64_t number, spanlink_attribute *storage) {
    spanlink_link link = test_link(number, storage);
    memset(link.context.trace_id, 0x11, sizeof link.context.trace_id);
    memset(link.context.span_id, 0x22, sizeof link.context.span_id);
    link.context.span_id[0] = (uint8_t)number;
    return link;
}

static void add_all(spanlink_list *list, uint64_t first, uint64_t last) {
    for (uint64_t number = first; number <= last; number++) {
        spanlink_attribute storage[1];
        spanlink_link link = counted_link(number, storage);
        assert_ok(spanlink_list_add(list, &link));
    }
}

static void note_kept(spanlink_list *list, uint32_t *kept) {
    size_t count;
    const spanlink_link *links = spanlink_list_links(list, &count);
    for (size_t i = 0; i < count; i++) {
        kept[spanlink_link_find(&links[i], "n")->value.int_value]++;
    }
}

static spanlink_list *seeded_list(uint64_t seed, bool unique, size_t max_links) {
    uint64_t random = seed + 1;
    return test_list(.limits.max_links = max_links, .overflow = SPANLINK_OVERFLOW_RESERVOIR,
                     .unique = unique, .seed = test_random(&random), .hash_seed = {1});
}

/* Before the policy has dropped a link, truncate just frees places; clear begins a new draw. */
TEST(truncate_of_a_list_that_was_never_full_frees_places) {
    spanlink_list *list = seeded_list(1, false, KEPT);
    add_all(list, 1, KEPT);
    assert_ok(spanlink_list_truncate(list, 1));
    add_all(list, 2, KEPT);
    assert_int_equal(KEPT, test_stats(list).kept);
    add_all(list, 7, LINKS);
    assert_ok(spanlink_list_truncate(list, 0));
    spanlink_list_clear(list);
    add_all(list, 1, KEPT);
    assert_int_equal(KEPT, test_stats(list).kept);
}

/* Links that name no span are drawn by their content. */
static void make_any_link(uint64_t number, uint64_t *random, spanlink_link *link,
                          spanlink_attribute *storage) {
    *link = test_link(number, storage);
    link->context = (spanlink_context){.trace_flags = 0};
    if (test_random(random) % 3 != 0) {
        link->context = test_context(1 + test_random(random) % 1000000);
    }
}

/* Except the last one, which has markers. */
static void expect_same_links(spanlink_list *whole, spanlink_list *list) {
    size_t count, wanted;
    const spanlink_link *links = spanlink_list_links(list, &count);
    const spanlink_link *of_whole = spanlink_list_links(whole, &wanted);
    assert_int_equal(wanted, count);
    for (size_t i = 0; i + 1 < count; i++) {
        assert_true(test_same_link(&of_whole[i], &links[i]));
    }
}

static void expect_choice_of_one_list(size_t most, size_t most_from, uint64_t seed) {
    spanlink_list *a = seeded_list(7, true, most), *b = seeded_list(7, true, most_from);
    spanlink_list *whole = seeded_list(7, true, most);
    for (uint64_t number = 1; number <= 60; number++) {
        spanlink_attribute storage[1];
        spanlink_link link;
        make_any_link(number, &seed, &link, storage);
        assert_ok(spanlink_list_add(number <= 30 ? a : b, &link));
        assert_ok(spanlink_list_add(whole, &link));
    }
    assert_ok(spanlink_list_merge(a, b));
    expect_same_links(whole, a);
    test_end_round();
}

TEST(unique_lists_of_one_seed_merge_to_the_choice_of_one_list) {
    for (uint64_t seed = 1; seed <= 500; seed++) {
        expect_choice_of_one_list(10, 10, seed);
        expect_choice_of_one_list(5, 10, seed);
        expect_choice_of_one_list(10, 60, seed);
    }
}

/* The key of a link that add_all() numbers in the span id. */
static uint64_t key_of_counted(const spanlink_list *list, uint64_t number) {
    spanlink_attribute storage[1];
    spanlink_link link = counted_link(number, storage);
    return slnk_hash_draw(list->reservoir.seed, link.context.trace_id, link.context.span_id);
}

/* Expects the list to hold the links with the `most` smallest keys of the stream, up to `until`. */
static void expect_counted(spanlink_list *list, uint64_t last, size_t most, uint64_t until) {
    size_t wanted = 0;
    uint32_t kept[LINKS + 1] = {0};
    note_kept(list, kept);
    for (uint64_t number = 1; number <= last; number++) {
        size_t smaller = 0;
        for (uint64_t i = 1; i <= last; i++) {
            smaller += key_of_counted(list, i) < key_of_counted(list, number);
        }
        assert_int_equal(smaller < most && number <= until, kept[number]);
        wanted += kept[number];
    }
    assert_int_equal(wanted, test_stats(list).kept);
}

/* Only two links are known of the stream of the smaller list. */
TEST(a_list_that_was_never_full_is_cut_to_the_bound_of_one_that_was) {
    for (uint64_t seed = 0; seed < 100; seed++) {
        spanlink_list *a = seeded_list(seed, true, KEPT), *b = seeded_list(seed, true, 2);
        add_all(a, 1, KEPT - 1);
        add_all(b, KEPT, LINKS);
        assert_ok(spanlink_list_merge(a, b));
        expect_counted(a, LINKS, 2, LINKS);
        test_end_round();
    }
}

/* The place of a removed link competes as the link would have. */
TEST(removed_places_are_merged_as_the_links_they_were) {
    for (uint64_t seed = 0; seed < 100; seed++) {
        for (uint64_t before = 0; before <= 2 * KEPT; before++) {
            spanlink_list *a = seeded_list(seed, true, KEPT), *b = seeded_list(seed, true, KEPT);
            add_all(a, 1, before);
            add_all(b, before + 1, LINKS);
            assert_ok(spanlink_list_truncate(b, 0));
            assert_ok(spanlink_list_merge(a, b));
            expect_counted(a, LINKS, KEPT, before);
            test_end_round();
        }
    }
}

TEST(a_list_for_no_links_takes_no_removed_places) {
    spanlink_list *a = seeded_list(1, true, SPANLINK_NONE), *b = seeded_list(1, true, KEPT);
    add_all(b, 1, LINKS);
    assert_ok(spanlink_list_truncate(b, 0));
    assert_ok(spanlink_list_merge(a, b));
    add_all(a, 1, LINKS);
    assert_int_equal(0, test_stats(a).kept);
}

/* A list below its bound has not chosen, so its links are drawn again with the other list's seed.
 */
TEST(keys_of_another_draw_are_not_merged) {
    for (size_t unique = 0; unique < 2; unique++) {
        spanlink_list *a = seeded_list(1, unique != 0, KEPT);
        spanlink_list *b = seeded_list(1 + unique, true, LINKS);
        spanlink_list *whole = seeded_list(1, unique != 0, KEPT);
        add_all(b, 1, LINKS - 1);
        add_all(whole, 1, LINKS - 1);
        assert_ok(spanlink_list_merge(a, b));
        expect_same_links(whole, a);
        test_end_round();
    }
}
