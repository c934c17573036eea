/* SPDX-License-Identifier: MIT */
#include "test_collectors.h"

/* A stream of links with repeats, some of them sampled and some invalid, each with its thread. */
enum { STREAM = 300, SPANS = 60 };

typedef struct event {
    uint64_t thread;
    uint64_t number; /* 0: invalid */
    bool sampled;
} event;

static void make_stream(event stream[STREAM], uint64_t threads, uint64_t seed) {
    for (size_t i = 0; i < STREAM; i++) {
        stream[i].thread = test_random(&seed) % threads;
        stream[i].number = test_random(&seed) % (SPANS + 1);
        stream[i].sampled = stream[i].number % 3 == 0;
    }
}

static spanlink_status add_event(spanlink_collector *collector, const event *e) {
    spanlink_link nowhere = {.attribute_count = 0};
    as_thread(e->thread);
    return e->number == 0 ? spanlink_collector_add(collector, &nowhere)
                          : add_number(collector, e->number, e->sampled);
}

/* The number of links that count towards the bound: all valid ones, or one of each span. */
static size_t count_stream(const event stream[STREAM], bool unique, bool sampled_only) {
    bool seen[SPANS + 1] = {false};
    size_t count = 0;
    for (size_t i = 0; i < STREAM; i++) {
        const event *e = &stream[i];
        if (e->number != 0 && !(unique && seen[e->number]) && (e->sampled || !sampled_only)) {
            seen[e->number] = true;
            count++;
        }
    }
    return count;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static void expect_each_span_once(const spanlink_link *links, size_t count) {
    bool seen[SPANS + 1] = {false};
    for (size_t i = 0; i < count; i++) {
        uint64_t number = links[i].context.span_id[0];
        assert_false(seen[number]);
        seen[number] = true;
    }
}

static size_t count_sampled(const spanlink_link *links, size_t count) {
    size_t sampled = 0;
    for (size_t i = 0; i < count; i++) {
        sampled += spanlink_context_is_sampled(&links[i].context);
    }
    return sampled;
}

static void expect_delivery(const event stream[STREAM], const spanlink_collector_options *options,
                            spanlink_list *list) {
    size_t count;
    const spanlink_link *links = spanlink_list_links(list, &count);
    size_t countable = count_stream(stream, options->unique, false);
    size_t sampled = count_stream(stream, options->unique, true);
    spanlink_list_stats stats = test_stats(list);
    size_t most = options->limits.max_links == SPANLINK_NONE ? 0 : options->limits.max_links;
    assert_int_equal(least(most, countable), count);
    assert_int_equal(STREAM, stats.offered);
    assert_int_equal(STREAM, stats.kept + stats.duplicate + stats.over_limit + stats.invalid);
    assert_int_equal(STREAM - count_stream(stream, false, false), stats.invalid);
    if (options->unique) {
        expect_each_span_once(links, count);
    } else {
        assert_int_equal(0, stats.duplicate);
    }
    if (options->overflow == SPANLINK_OVERFLOW_SAMPLED_FIRST) {
        assert_int_equal(least(count, sampled), count_sampled(links, count));
    }
    assert_int_equal(stats.over_limit != 0 && count != 0 ? count + stats.over_limit : 0,
                     test_marked_count(list));
}

TEST(every_policy_and_unique_hold_for_what_is_delivered) {
    static const size_t bounds[] = {0, 1, 7, 50, 299, 300, SPANLINK_UNLIMITED};
    for (uint32_t round = 0; round < 4 * 2 * 7 * 4; round++) {
        spanlink_collector_options options =
            options_with(bounds[round / 8 % 7], round % 4, round / 4 % 2 != 0);
        uint64_t threads = 1 + round / 56;
        event stream[STREAM];
        make_stream(stream, threads, round);
        spanlink_collector *collector = test_collector_create(&options);
        spanlink_list *list = test_list(), *copy = test_list();
        for (size_t i = 0; i < STREAM; i++) {
            assert_status(stream[i].number == 0 ? SPANLINK_ERR_LINK_INVALID : SPANLINK_OK,
                          add_event(collector, &stream[i]));
        }
        test_picture before = {NULL, 0, 0}, after = {NULL, 0, 0};
        assert_int_equal(STREAM, stats_of(collector).offered);
        test_picture_collector(&before, collector);
        assert_ok(spanlink_collector_snapshot(collector, copy));
        test_picture_collector(&after, collector);
        assert_true(test_picture_same(&before, &after));
        test_picture_release(&before);
        test_picture_release(&after);
        assert_ok(spanlink_collector_drain(collector, list));
        assert_int_equal(0, stats_of(collector).offered);
        expect_delivery(stream, &options, copy);
        expect_delivery(stream, &options, list);
        test_end_round();
    }
}

/* Adds the stream to a list of the same options. RESERVOIR makes the same choice only if unique. */
static spanlink_list *offer_to_list(const event stream[STREAM],
                                    const spanlink_collector_options *options) {
    spanlink_list *list = test_list(.limits = options->limits, .overflow = options->overflow,
                                    .unique = options->unique, .seed = options->seed);
    for (size_t i = 0; i < STREAM; i++) {
        spanlink_attribute storage[1];
        spanlink_link link = test_link(stream[i].number, storage);
        link.context.trace_flags = stream[i].sampled;
        link.attribute_count = stream[i].number != 0;
        (void)spanlink_list_add(list, &link);
    }
    return list;
}

TEST(one_thread_gets_what_a_list_would_have_made) {
    for (uint32_t round = 0; round < 4 * 2 * 5; round++) {
        bool unique = round / 4 % 2 != 0;
        uint32_t overflow = round % 4;
        if (overflow == SPANLINK_OVERFLOW_RESERVOIR && !unique) {
            continue;
        }
        spanlink_collector_options options = options_with(10 * (round / 8), overflow, unique);
        options.seed = round;
        event stream[STREAM];
        make_stream(stream, 1, round);
        spanlink_collector *collector = test_collector_create(&options);
        spanlink_list *list = test_list(), *wanted = offer_to_list(stream, &options);
        for (size_t i = 0; i < STREAM; i++) {
            (void)add_event(collector, &stream[i]);
        }
        assert_ok(spanlink_collector_drain(collector, list));
        test_expect_same_lists(wanted, list);
        test_end_round();
    }
}

/* Numbers of each thread's links ascend; those of thread t start at 1000 t. */
TEST(the_first_or_last_of_each_thread_stay_in_order) {
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        spanlink_collector *collector =
            test_collector(.limits.max_links = 100, .overflow = overflow,
                           .unique = overflow % 2 == 0);
        spanlink_list *list = test_list();
        for (uint64_t number = 0; number < 60; number++) {
            for (uint64_t thread = 1; thread <= 3; thread++) {
                as_thread(thread);
                add_numbers(collector, 1000 * thread + number, 1000 * thread + number);
            }
        }
        assert_ok(spanlink_collector_drain(collector, list));
        size_t count;
        const spanlink_link *links = spanlink_list_links(list, &count);
        uint64_t last[4] = {0}, first[4] = {0}, held[4] = {0};
        for (size_t i = 0; i < count; i++) {
            uint64_t number = test_number(&links[i]), thread = number / 1000;
            assert_true(number > last[thread]);
            first[thread] = first[thread] == 0 ? number : first[thread];
            last[thread] = number;
            held[thread]++;
        }
        for (uint64_t thread = 1; thread <= 3; thread++) {
            if (overflow == SPANLINK_OVERFLOW_KEEP_FIRST && held[thread] != 0) {
                assert_int_equal(1000 * thread, first[thread]);
                assert_int_equal(held[thread], last[thread] - first[thread] + 1);
            }
            if (overflow == SPANLINK_OVERFLOW_KEEP_LAST && held[thread] != 0) {
                assert_int_equal(1000 * thread + 59, last[thread]);
                assert_int_equal(held[thread], last[thread] - first[thread] + 1);
            }
        }
        assert_int_equal(100, count);
        test_end_round();
    }
}

TEST(the_lists_own_policy_decides_too) {
    spanlink_collector *collector = test_collector(.limits.max_links = 5);
    spanlink_list *list =
        test_list(.limits.max_links = 3, .overflow = SPANLINK_OVERFLOW_KEEP_LAST, .unique = true);
    add_numbers(collector, 1, 4);
    add_numbers(collector, 4, 9);
    assert_ok(spanlink_collector_drain(collector, list));
    test_expect_stats(list, 3, 1, 6, 0);
    assert_int_equal(2, spanlink_list_links(list, NULL)->context.span_id[0]);
    assert_int_equal(9, test_marked_count(list));
}

/* Of distinct spans, a list with the same seed keeps the same ones. */
TEST(a_unique_reservoir_delivers_what_one_list_would_have_kept) {
    for (uint64_t seed = 0; seed < 50; seed++) {
        spanlink_collector_options options = options_with(10, SPANLINK_OVERFLOW_RESERVOIR, true);
        options.seed = seed;
        spanlink_collector *collector = test_collector_create(&options);
        spanlink_list *one =
            test_list(.limits.max_links = 10, .overflow = SPANLINK_OVERFLOW_RESERVOIR,
                      .unique = true, .seed = seed);
        spanlink_list *list = test_list();
        uint64_t kept = 0, delivered = 0;
        for (uint64_t number = 1; number <= 60; number++) {
            spanlink_attribute storage[1];
            spanlink_link link = test_link(number, storage);
            as_thread(number % 3);
            assert_ok(spanlink_collector_add(collector, &link));
            assert_ok(spanlink_list_add(one, &link));
        }
        assert_ok(spanlink_collector_drain(collector, list));
        size_t count;
        const spanlink_link *links = spanlink_list_links(one, &count);
        for (size_t i = 0; i < count; i++) {
            kept |= UINT64_C(1) << test_number(&links[i]);
        }
        links = spanlink_list_links(list, &count);
        for (size_t i = 0; i < count; i++) {
            delivered |= UINT64_C(1) << test_number(&links[i]);
        }
        assert_int_equal(10, count);
        assert_true(kept == delivered);
        test_end_round();
    }
}

/* Two threads add the same spans, more than are kept. Each thread's first link is delivered in one
 * of four batches, so exactly one of both is delivered in 3 of 8 batches. */
TEST(reservoirs_of_two_threads_draw_independently) {
    enum { BATCHES = 4000, WANTED = BATCHES * 3 / 8, TOLERANCE = 160 };
    spanlink_collector *collector =
        test_collector(.limits.max_links = 10, .overflow = SPANLINK_OVERFLOW_RESERVOIR,
                       .hash_seed = {1});
    spanlink_list *list = test_list();
    int alone = 0;
    for (int batch = 0; batch < BATCHES; batch++) {
        as_thread(1);
        add_numbers(collector, 1, 20);
        as_thread(2);
        add_numbers(collector, 1, 20);
        assert_ok(spanlink_collector_drain(collector, list));
        size_t count;
        const spanlink_link *links = spanlink_list_links(list, &count);
        int first_ones = 0;
        for (size_t i = 0; i < count; i++) {
            first_ones += test_number(&links[i]) == 1;
        }
        alone += first_ones == 1;
        spanlink_list_clear(list);
    }
    assert_in_range(alone, WANTED - TOLERANCE, WANTED + TOLERANCE);
}
