/* SPDX-License-Identifier: MIT */
/*
 * RESERVOIR is uniform: over 100,000 fixed seeds, each link of a stream is kept equally often,
 * within 4 standard deviations, for every kind of ids. Streams have 16 links, lists keep 4.
 */
#include "test.h"
#include "test_fixtures.h"
#include "test_locks.h"

#include <spanlink/spanlink.h>

enum { SEEDS = 100000, LINKS = 16, PLACES = 4 };
enum { FIRST_SEED = 1000000, LAST_SEED = FIRST_SEED + SEEDS - 1 };

/* Ids: as tracers make them, and ids that differ in few bits. */

typedef void fill_ids(uint64_t seed, uint64_t number, spanlink_context *context);

static void put(uint8_t bytes[8], uint64_t number, bool big_endian) {
    for (size_t i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(number >> 8 * (big_endian ? 7 - i : i));
    }
}

static void draw_ids(uint64_t seed, uint64_t number, spanlink_context *context) {
    uint64_t random = seed * LINKS + number;
    put(context->trace_id, test_random(&random), false);
    put(context->trace_id + 8, test_random(&random), false);
    put(context->span_id, test_random(&random), false);
}

static void count_spans(uint64_t seed, uint64_t number, spanlink_context *context) {
    (void)seed;
    put(context->span_id, number, false);
}

static void count_spans_big_endian(uint64_t seed, uint64_t number, spanlink_context *context) {
    (void)seed;
    put(context->span_id, number, true);
}

static void count_traces(uint64_t seed, uint64_t number, spanlink_context *context) {
    (void)seed;
    put(context->trace_id, number, false);
}

static void count_traces_big_endian(uint64_t seed, uint64_t number, spanlink_context *context) {
    (void)seed;
    put(context->trace_id + 8, number, true);
}

static void count_spans_far_apart(uint64_t seed, uint64_t number, spanlink_context *context) {
    (void)seed;
    put(context->span_id, number << 40, false);
}

static void count_traces_far_apart(uint64_t seed, uint64_t number, spanlink_context *context) {
    (void)seed;
    put(context->trace_id + 8, number << 40, true);
}

static fill_ids *const kinds[] = {draw_ids,
                                  count_spans,
                                  count_spans_big_endian,
                                  count_traces,
                                  count_traces_big_endian,
                                  count_spans_far_apart,
                                  count_traces_far_apart};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* The flags hold the link's number, because no draw depends on them. */
static spanlink_link link_of(fill_ids *fill, uint64_t seed, uint64_t number) {
    spanlink_link link = {.context = {.trace_flags = (uint8_t)number}};
    memset(link.context.trace_id, 0x11, sizeof link.context.trace_id);
    memset(link.context.span_id, 0x22, sizeof link.context.span_id);
    fill(seed, number, &link.context);
    return link;
}

/* Counting */

static uint32_t kept[2 * LINKS + 1];

static void begin_count(void) {
    memset(kept, 0, sizeof kept);
}

static void count_kept(spanlink_list *list) {
    size_t count;
    const spanlink_link *links = spanlink_list_links(list, &count);
    for (size_t i = 0; i < count; i++) {
        kept[links[i].context.trace_flags]++;
    }
}

/* Expects that each link from `first` to `last` was kept in about this share of the cases. */
static void expect_share(uint64_t first, uint64_t last, double share) {
    for (uint64_t number = first; number <= last; number++) {
        double off = kept[number] - SEEDS * share;
        if (off * off > 16 * SEEDS * share * (1 - share)) {
            fail_msg("link %d was kept %u times, not about %.0f", (int)number,
                     (unsigned)kept[number], SEEDS * share);
        }
    }
}

static void expect_fair(uint64_t first, uint64_t last) {
    expect_share(first, last, (double)PLACES / LINKS);
}

/* Lists */

static spanlink_list *create(uint64_t seed, bool unique, size_t max_links) {
    return test_list(.limits.max_links = max_links, .overflow = SPANLINK_OVERFLOW_RESERVOIR,
                     .unique = unique, .no_markers = true, .seed = seed, .hash_seed = {1});
}

static void add(spanlink_list *list, fill_ids *fill, uint64_t seed, uint64_t first, uint64_t last) {
    for (uint64_t number = first; number <= last; number++) {
        spanlink_link link = link_of(fill, seed, number);
        assert_ok(spanlink_list_add(list, &link));
    }
}

static void expect_fair_list(fill_ids *fill, bool unique) {
    begin_count();
    for (uint64_t seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
        spanlink_list *list = create(seed, unique, PLACES);
        add(list, fill, seed, 1, LINKS);
        count_kept(list);
        test_end_round();
    }
    expect_fair(1, LINKS);
}

TEST(a_list_chooses_uniformly_from_ids_of_every_kind) {
    for (size_t kind = 0; kind < KINDS; kind++) {
        expect_fair_list(kinds[kind], false);
    }
}

TEST(a_unique_list_chooses_uniformly_from_ids_of_every_kind) {
    for (size_t kind = 0; kind < KINDS; kind++) {
        expect_fair_list(kinds[kind], true);
    }
}

/* Links that truncate removes keep their place in the draw, so that later links have the same odds
 * as without the removal. */
static void expect_fair_after_truncate(size_t left, bool unique) {
    begin_count();
    for (uint64_t seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
        spanlink_list *list = create(seed, unique, PLACES);
        add(list, count_spans, seed, 1, LINKS / 2);
        assert_ok(spanlink_list_truncate(list, left));
        add(list, count_spans, seed, LINKS / 2 + 1, LINKS);
        count_kept(list);
        test_end_round();
    }
    expect_fair(LINKS / 2 + 1, LINKS);
}

TEST(after_truncate_later_links_face_the_odds_of_an_uncut_stream) {
    for (size_t left = 0; left < PLACES; left += 3) {
        expect_fair_after_truncate(left, false);
        expect_fair_after_truncate(left, true);
    }
}

/* The first half of the stream has only two spans, so dedup removes at least two of four links. */
TEST(after_dedup_later_links_face_the_odds_of_an_uncut_stream) {
    begin_count();
    for (uint64_t seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
        spanlink_list *list = create(seed, false, PLACES);
        for (uint64_t number = 0; number < LINKS / 2; number++) {
            add(list, count_spans, seed, 1 + number % 2, 1 + number % 2);
        }
        assert_ok(spanlink_list_dedup(list));
        add(list, count_spans, seed, LINKS / 2 + 1, LINKS);
        count_kept(list);
        test_end_round();
    }
    expect_fair(LINKS / 2 + 1, LINKS);
}

/* The list held another stream before. */
static void expect_fair_after_clear(bool unique) {
    begin_count();
    for (uint64_t seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
        spanlink_list *list = create(seed, unique, PLACES);
        add(list, count_traces, seed, 1, LINKS / 2);
        spanlink_list_clear(list);
        add(list, count_spans, seed, 1, LINKS);
        count_kept(list);
        test_end_round();
    }
    expect_fair(1, LINKS);
}

TEST(after_clear_a_list_chooses_uniformly_from_the_next_stream) {
    expect_fair_after_clear(false);
    expect_fair_after_clear(true);
}

/* Two lists receive parts of a stream and are merged; then the last links are added. Lists that are
 * not unique have different seeds, as merge requires. */
static void expect_fair_after_merge(uint64_t part, bool unique) {
    begin_count();
    for (uint64_t seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
        spanlink_list *list = create(seed, unique, PLACES);
        spanlink_list *from = create(unique ? seed : seed + SEEDS, unique, PLACES);
        add(list, count_spans, seed, 1, part);
        add(from, count_spans, seed, part + 1, LINKS - 3);
        assert_ok(spanlink_list_merge(list, from));
        add(list, count_spans, seed, LINKS - 2, LINKS);
        count_kept(list);
        test_end_round();
    }
    expect_fair(1, LINKS);
}

TEST(merged_lists_choose_uniformly_from_both_streams_and_later_links) {
    for (uint64_t part = 2; part < LINKS; part += 5) {
        expect_fair_after_merge(part, false);
        expect_fair_after_merge(part, true);
    }
}

/* If the other list has a smaller bound, fewer links may be kept, all with the same odds. */
TEST(a_merge_of_a_smaller_list_is_uniform) {
    uint32_t sum = 0;
    begin_count();
    for (uint64_t seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
        spanlink_list *list = create(seed, true, PLACES), *from = create(seed, true, 2);
        add(list, count_spans, seed, 1, LINKS / 2);
        add(from, count_spans, seed, LINKS / 2 + 1, LINKS);
        assert_ok(spanlink_list_merge(list, from));
        count_kept(list);
        test_end_round();
    }
    for (uint64_t number = 1; number <= LINKS; number++) {
        sum += kept[number];
    }
    expect_share(1, LINKS, (double)sum / LINKS / SEEDS);
}

/* Collectors: three threads add 10, 4 and 2 of the links. Their thread numbers are as far apart as
 * stacks of real threads. */

AFTER_EACH_TEST(as_one_thread) {
    test_locks_thread = 0;
    return 0;
}

static spanlink_collector *create_collector(uint64_t seed, bool unique) {
    return test_collector(.limits.max_links = PLACES, .overflow = SPANLINK_OVERFLOW_RESERVOIR,
                          .unique = unique, .shards = 3, .seed = seed, .hash_seed = {1});
}

static void add_by_threads(spanlink_collector *collector, fill_ids *fill, uint64_t seed) {
    for (uint64_t number = 1; number <= LINKS; number++) {
        spanlink_link link = link_of(fill, seed, number);
        test_locks_thread = (number <= 10 ? 1 : number <= 14 ? 2 : 3) * UINT64_C(0x801000);
        assert_ok(spanlink_collector_add(collector, &link));
    }
}

/* Drains one batch, or the batch after another one. */
static void expect_fair_collector(fill_ids *fill, bool unique, bool after_drain) {
    begin_count();
    for (uint64_t seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
        spanlink_list *list = test_list();
        spanlink_collector *collector = create_collector(seed, unique);
        if (after_drain) {
            add_by_threads(collector, count_traces, seed);
            assert_ok(spanlink_collector_drain(collector, list));
            spanlink_list_clear(list);
        }
        add_by_threads(collector, fill, seed);
        assert_ok(spanlink_collector_drain(collector, list));
        count_kept(list);
        test_end_round();
    }
    expect_fair(1, LINKS);
}

TEST(a_collector_chooses_uniformly_from_ids_of_every_kind) {
    for (size_t kind = 0; kind < KINDS; kind++) {
        expect_fair_collector(kinds[kind], false, false);
    }
}

TEST(a_unique_collector_chooses_uniformly_from_ids_of_every_kind) {
    for (size_t kind = 0; kind < KINDS; kind++) {
        expect_fair_collector(kinds[kind], true, false);
    }
}

TEST(after_a_drain_a_collector_chooses_uniformly_from_the_next_batch) {
    expect_fair_collector(count_spans, false, true);
    expect_fair_collector(count_spans, true, true);
}

/* A reservoir list receives a drain of a collector, and then the rest of the stream. */
static void expect_fair_after_drain(bool unique) {
    begin_count();
    for (uint64_t seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
        spanlink_list *list = create(unique ? seed : seed + SEEDS, unique, PLACES);
        spanlink_collector *collector = create_collector(seed, unique);
        add_by_threads(collector, count_spans, seed);
        assert_ok(spanlink_collector_drain(collector, list));
        add(list, count_spans, seed, LINKS + 1, 2 * LINKS);
        count_kept(list);
        test_end_round();
    }
    expect_share(1, 2 * LINKS, (double)PLACES / LINKS / 2);
}

TEST(a_list_that_took_a_drain_in_chooses_uniformly_from_the_batch_and_later_links) {
    expect_fair_after_drain(false);
    expect_fair_after_drain(true);
}
