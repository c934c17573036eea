/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_allocator.h"
#include "test_links.h"
#include "test_locks.h"
#include "test_scenario.h"

#include <spanlink/collector.h>

#include <internal/lock.h>

#ifdef SLNK_LOCK_POSIX
#include <sched.h>
#endif
#include <stdlib.h>

/*
 * One thread passes for several here: as_thread() gives it the number of another one, so that its
 * links fall to another shard. The numbers stand apart as the stacks of real threads do.
 */
static void as_thread(uint64_t thread) {
    test_locks_thread = (thread + 1) * 0x801000;
}

AFTER_EACH_TEST(as_itself) {
    test_locks_thread = 0;
    test_locks_left = -1;
    return 0;
}

static spanlink_collector_options options_with(size_t max_links, spanlink_overflow overflow,
                                               bool unique) {
    spanlink_collector_options options = SPANLINK_COLLECTOR_OPTIONS_INIT;
    options.limits.max_links = SPANLINK_UNLIMITED;
    options.limits.max_links = test_limit(max_links);
    options.overflow = (uint32_t)overflow;
    options.unique = unique;
    options.hash_seed[0] = 1;
    return options;
}

/* NULL gives the defaults, but for any number of links. */
static spanlink_collector *create(const spanlink_collector_options *options) {
    spanlink_collector_options unbounded = SPANLINK_COLLECTOR_OPTIONS_INIT;
    spanlink_collector *collector = NULL;
    unbounded.limits.max_links = SPANLINK_UNLIMITED;
    assert_status(SPANLINK_OK,
                  spanlink_collector_create(options == NULL ? &unbounded : options, &collector));
    return collector;
}

static spanlink_status add_number(spanlink_collector *collector, uint64_t number, bool sampled) {
    spanlink_attribute storage[1];
    spanlink_link link = test_link(number, storage);
    link.context.trace_flags = sampled;
    return spanlink_collector_add(collector, &link);
}

static void add_numbers(spanlink_collector *collector, uint64_t first, uint64_t last) {
    for (uint64_t number = first; number <= last; number++) {
        assert_status(SPANLINK_OK, add_number(collector, number, false));
    }
}

static spanlink_list_stats stats_of(const spanlink_collector *collector) {
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    spanlink_collector_get_stats(collector, &stats);
    assert_int_equal(stats.offered,
                     stats.kept + stats.duplicate + stats.over_limit + stats.invalid);
    assert_int_equal(stats.kept, spanlink_collector_count(collector));
    return stats;
}

static void expect_same_stats(const spanlink_list_stats *a, const spanlink_list_stats *b) {
    assert_int_equal(a->kept, b->kept);
    assert_int_equal(a->duplicate, b->duplicate);
    assert_int_equal(a->over_limit, b->over_limit);
    assert_int_equal(a->invalid, b->invalid);
    assert_int_equal(a->offered, b->offered);
    assert_int_equal(a->dropped, b->dropped);
}

static void expect_numbers(spanlink_list *list, uint64_t first, uint64_t last) {
    size_t count;
    const spanlink_link *links = spanlink_list_links(list, &count);
    assert_int_equal(last + 1 - first, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(first + i, test_number(&links[i]));
    }
}

/* Creation */

TEST(the_defaults_are_those_of_the_macro) {
    spanlink_collector_options macro = SPANLINK_COLLECTOR_OPTIONS_INIT, function;
    memset(&function, 0xff, sizeof function);
    spanlink_collector_options_init(&function, sizeof function);
    assert_int_equal(sizeof function, function.struct_size);
    assert_null(function.allocator.allocate);
    assert_memory_equal(&macro.limits, &function.limits, sizeof macro.limits);
    assert_int_equal(128, function.limits.max_links);
    assert_int_equal(SPANLINK_OVERFLOW_KEEP_FIRST, function.overflow);
    assert_false(function.unique);
    assert_int_equal(0, function.seed | function.hash_seed[0] | function.hash_seed[1]);
    assert_int_equal(0, function.shards);
    spanlink_collector_options_init(NULL, sizeof function);
}

TEST(options_of_other_versions_are_read_as_far_as_known) {
    struct {
        spanlink_collector_options known;
        char more[64];
    } newer;
    memset(&newer, 0xff, sizeof newer);
    spanlink_collector_options_init(&newer.known, sizeof newer);
    assert_int_equal(sizeof newer, newer.known.struct_size);
    spanlink_collector_destroy(create(&newer.known));
    spanlink_collector_options older;
    memset(&older, 0xff, sizeof older);
    spanlink_collector_options_init(&older, offsetof(spanlink_collector_options, overflow));
    assert_int_equal(UINT32_MAX, older.overflow);
    spanlink_collector_destroy(create(&older));
}

/* All zero but its size: the defaults of OpenTelemetry, 128 links. */
TEST(a_default_collector_delivers_at_most_128_links) {
    spanlink_collector_options zero = {.struct_size = sizeof zero};
    const spanlink_collector_options *defaults[] = {NULL, &zero};
    for (size_t i = 0; i < 2; i++) {
        spanlink_collector *collector = NULL;
        spanlink_list *list = test_list_create(NULL);
        assert_status(SPANLINK_OK, spanlink_collector_create(defaults[i], &collector));
        for (uint64_t thread = 0; thread < 3; thread++) {
            as_thread(thread);
            add_numbers(collector, 1 + 100 * thread, 100 + 100 * thread);
        }
#ifndef SPANLINK_NO_THREADS /* else there is one shard, which holds no more than the bound */
        assert_int_equal(300, spanlink_collector_count(collector));
#endif
        assert_status(SPANLINK_OK, spanlink_collector_drain(collector, list));
        assert_int_equal(128, test_stats(list).kept);
        assert_int_equal(172, test_stats(list).over_limit);
        spanlink_collector_destroy(collector);
        spanlink_list_destroy(list);
    }
}

/* A later version may give them a meaning, which this one would not heed. */
TEST(limits_that_are_not_known_make_no_collector) {
    spanlink_collector *collector = NULL;
    for (size_t i = 0; i < 4; i++) {
        spanlink_collector_options options = options_with(1, SPANLINK_OVERFLOW_KEEP_FIRST, false);
        options.limits.reserved[i] = 1;
        assert_status(SPANLINK_ERR_ARGUMENT, spanlink_collector_create(&options, &collector));
        assert_null(collector);
    }
}

TEST(bad_arguments_make_no_collector) {
    spanlink_collector *collector = NULL;
    spanlink_collector_options options = SPANLINK_COLLECTOR_OPTIONS_INIT;
    options.limits.max_links = SPANLINK_UNLIMITED;
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_collector_create(&options, NULL));
    options.struct_size = 0;
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_collector_create(&options, &collector));
    for (size_t i = 0; i < sizeof options.reserved; i++) {
        options = options_with(1, SPANLINK_OVERFLOW_KEEP_FIRST, false);
        options.reserved[i] = 1;
        assert_status(SPANLINK_ERR_ARGUMENT, spanlink_collector_create(&options, &collector));
    }
    options = options_with(1, (spanlink_overflow)4, false);
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_collector_create(&options, &collector));
    test_allocator memory = {.fail_at = 0};
    options = options_with(1, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    options.allocator = test_allocator_interface(&memory);
    options.allocator.resize = NULL;
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_collector_create(&options, &collector));
    assert_null(collector);
}

TEST(more_shards_than_memory_holds_are_refused) {
    spanlink_collector *collector = NULL;
    spanlink_collector_options options = SPANLINK_COLLECTOR_OPTIONS_INIT;
    options.limits.max_links = SPANLINK_UNLIMITED;
    test_allocator memory = {.fail_at = 0};
    options.allocator = test_allocator_interface(&memory);
    options.shards = SIZE_MAX / 64;
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_collector_create(&options, &collector));
    options.shards = SPANLINK_UNLIMITED;
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_collector_create(&options, &collector));
    assert_null(collector);
}

#ifndef SPANLINK_NO_THREADS
TEST(a_lock_that_cannot_be_made_leaves_nothing_behind) {
    spanlink_collector_options options = SPANLINK_COLLECTOR_OPTIONS_INIT;
    options.limits.max_links = SPANLINK_UNLIMITED;
    options.shards = 3;
    spanlink_status status = SPANLINK_ERR_LOCK;
    int left = 0;
    for (; status == SPANLINK_ERR_LOCK; left++) {
        spanlink_collector *collector = NULL;
        test_allocator memory = {.fail_at = 0};
        options.allocator = test_allocator_interface(&memory);
        test_locks_left = left;
        status = spanlink_collector_create(&options, &collector);
        assert_true((collector != NULL) == (status == SPANLINK_OK));
        assert_int_equal(collector != NULL ? left : 0, test_locks_live);
        spanlink_collector_destroy(collector);
        assert_int_equal(0, memory.live_blocks);
        assert_int_equal(0, test_locks_live);
    }
    assert_status(SPANLINK_OK, status);
    assert_true(left > 3);
}
#endif

TEST(null_is_refused_or_empty) {
    spanlink_collector *collector = create(NULL);
    spanlink_list *list = test_list_create(NULL);
    spanlink_attribute storage[1];
    spanlink_link link = test_link(1, storage);
    spanlink_list_stats stats = {sizeof stats, 7, 7, 7, 7, 7, 7, 0};
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_collector_add(NULL, &link));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_collector_add(collector, NULL));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_collector_snapshot(NULL, list));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_collector_snapshot(collector, NULL));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_collector_drain(NULL, list));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_collector_drain(collector, NULL));
    spanlink_collector_clear(NULL);
    assert_int_equal(0, spanlink_collector_count(NULL));
    spanlink_collector_get_stats(NULL, &stats);
    assert_int_equal(7, stats.offered);
    spanlink_collector_get_stats(collector, NULL);
    spanlink_collector_destroy(NULL);
    assert_int_equal(0, stats_of(collector).offered);
    spanlink_collector_destroy(collector);
    spanlink_list_destroy(list);
}

/* Adding */

TEST(a_link_is_copied) {
    spanlink_collector *collector = create(NULL);
    spanlink_list *list = test_list_create(NULL);
    char key[] = "key", value[] = "value", tracestate[] = "a=1";
    spanlink_attribute attribute = spanlink_attribute_string(key, value);
    spanlink_link link = {test_context(1), &attribute, 1, 3};
    link.context.trace_state = spanlink_str_from(tracestate);
    assert_status(SPANLINK_OK, spanlink_collector_add(collector, &link));
    memset(key, 'x', 3);
    memset(value, 'x', 5);
    memset(tracestate, 'x', 3);
    memset(&attribute, 0, sizeof attribute);
    assert_status(SPANLINK_OK, spanlink_collector_drain(collector, list));
    spanlink_collector_destroy(collector);
    spanlink_attribute same = spanlink_attribute_string("key", "value");
    link.attributes = &same;
    link.context.trace_state = spanlink_str_from("a=1");
    assert_true(test_same_link(&link, spanlink_list_links(list, NULL)));
    spanlink_list_destroy(list);
}

TEST(a_link_that_a_list_refuses_is_refused_and_counted) {
    spanlink_collector *collector = create(NULL);
    spanlink_list *list = test_list_create(NULL);
    spanlink_link nowhere = {.attribute_count = 0};
    spanlink_attribute unknown = spanlink_attribute_int("a", 1);
    unknown.value.type = 99;
    spanlink_link bad = {test_context(1), &unknown, 1, 0};
    assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_collector_add(collector, &nowhere));
    assert_status(SPANLINK_ERR_VALUE_TYPE, spanlink_collector_add(collector, &bad));
    assert_int_equal(2, stats_of(collector).invalid);
    assert_status(SPANLINK_OK, spanlink_collector_drain(collector, list));
    assert_int_equal(2, test_stats(list).invalid);
    assert_int_equal(0, stats_of(collector).invalid);
    spanlink_collector_destroy(collector);
    spanlink_list_destroy(list);
}

#ifndef SPANLINK_NO_THREADS
/* The main thread, one that begins some pages from it, and more at equal distances. */
TEST(threads_at_usual_distances_have_shards_of_their_own) {
    static const uint64_t first[] = {0x1080, 0x1100, 0x2080};
    static const uint64_t distances[] = {0x801000, 0x800000, 0x802000, 0x810000, 0x201000,
                                         0x200000, 0x81000,  0x80000,  0x23000,  0x20000};
    for (size_t i = 0; i < 3 * sizeof distances / sizeof distances[0]; i++) {
        test_allocator memory = {.fail_at = 0};
        spanlink_collector_options options = SPANLINK_COLLECTOR_OPTIONS_INIT;
        options.limits.max_links = SPANLINK_UNLIMITED;
        options.allocator = test_allocator_interface(&memory);
        spanlink_collector *collector = create(&options);
        for (uint64_t thread = 0; thread < 8; thread++) {
            size_t before = memory.calls;
            test_locks_thread = UINT64_C(0x7fe3f1dfa73f);
            if (thread != 0) {
                test_locks_thread -= first[i % 3] + (thread - 1) * distances[i / 3];
            }
            add_numbers(collector, 1, 1);
            assert_true(memory.calls > before);
            before = memory.calls;
            add_numbers(collector, 2, 2);
            assert_int_equal(before, memory.calls);
        }
        spanlink_collector_destroy(collector);
        assert_int_equal(0, memory.live_blocks);
    }
}
#endif

/* Taking */

TEST(a_drain_moves_all_out_in_the_order_of_the_thread) {
    spanlink_collector *collector = create(NULL);
    spanlink_list *list = test_list_create(NULL);
    add_numbers(collector, 1, 1000);
    assert_int_equal(1000, spanlink_collector_count(collector));
    assert_status(SPANLINK_OK, spanlink_collector_drain(collector, list));
    expect_numbers(list, 1, 1000);
    assert_int_equal(0, stats_of(collector).offered);
    assert_status(SPANLINK_OK, spanlink_collector_drain(collector, list));
    expect_numbers(list, 1, 1000);
    add_numbers(collector, 1001, 1010);
    assert_status(SPANLINK_OK, spanlink_collector_drain(collector, list));
    expect_numbers(list, 1, 1010);
    spanlink_collector_destroy(collector);
    spanlink_list_destroy(list);
}

TEST(a_snapshot_leaves_the_collector_as_it_is) {
    spanlink_collector *collector = create(NULL);
    spanlink_list *list = test_list_create(NULL);
    add_numbers(collector, 1, 5);
    assert_status(SPANLINK_OK, spanlink_collector_snapshot(collector, list));
    expect_numbers(list, 1, 5);
    assert_int_equal(5, stats_of(collector).offered);
    spanlink_list_clear(list);
    assert_status(SPANLINK_OK, spanlink_collector_snapshot(collector, list));
    expect_numbers(list, 1, 5);
    spanlink_collector_destroy(collector);
    expect_numbers(list, 1, 5);
    spanlink_list_destroy(list);
}

TEST(clear_empties_and_the_collector_goes_on) {
    spanlink_collector_options options = options_with(2, SPANLINK_OVERFLOW_KEEP_FIRST, true);
    spanlink_collector *collector = create(&options);
    spanlink_list *list = test_list_create(NULL);
    as_thread(1);
    add_numbers(collector, 1, 5);
    as_thread(2);
    add_numbers(collector, 1, 1);
    spanlink_collector_clear(collector);
    assert_int_equal(0, stats_of(collector).offered);
    add_numbers(collector, 1, 1);
    assert_status(SPANLINK_OK, spanlink_collector_drain(collector, list));
    expect_numbers(list, 1, 1);
    assert_int_equal(1, test_stats(list).offered);
    spanlink_collector_destroy(collector);
    spanlink_list_destroy(list);
}

TEST(the_next_batch_takes_no_new_memory) {
    test_allocator memory = {.fail_at = 0};
    spanlink_collector_options options = options_with(100, SPANLINK_OVERFLOW_KEEP_LAST, true);
    options.allocator = test_allocator_interface(&memory);
    spanlink_collector *collector = create(&options);
    spanlink_list *list = test_list_create(NULL);
    size_t calls = 0;
    for (int batch = 0; batch < 10; batch++) {
        calls = batch == 2 ? memory.calls : calls;
        for (uint64_t thread = 0; thread < 3; thread++) {
            as_thread(thread);
            add_numbers(collector, 1, 200);
        }
        assert_status(SPANLINK_OK, spanlink_collector_drain(collector, list));
        spanlink_list_clear(list);
    }
    assert_int_equal(calls, memory.calls);
    spanlink_collector_destroy(collector);
    spanlink_list_destroy(list);
}

/* Whatever the policy, each is then copied once only. */
TEST(the_links_of_one_shard_go_straight_to_the_list) {
    for (unsigned overflow = 0; overflow < 4; overflow++) {
        test_allocator memory = {.fail_at = 0};
        spanlink_collector_options options = options_with(5, (spanlink_overflow)overflow, true);
        options.allocator = test_allocator_interface(&memory);
        spanlink_collector *collector = create(&options);
        spanlink_list *list = test_list_create(NULL);
        add_numbers(collector, 1, 5);
        size_t calls = memory.calls;
        assert_status(SPANLINK_OK, spanlink_collector_snapshot(collector, list));
        assert_status(SPANLINK_OK, spanlink_collector_drain(collector, list));
        assert_int_equal(calls, memory.calls);
        spanlink_collector_destroy(collector);
        spanlink_list_destroy(list);
    }
}

/* What is delivered */

/* A stream of links with repeats, some of them sampled and some invalid, and who adds each. */
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

/* How many links of the stream count for the bound: all valid ones, or one of each span. */
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

static void expect_markers(const spanlink_link *links, size_t count, uint64_t over_limit) {
    for (size_t i = 0; i < count; i++) {
        const spanlink_attribute *original = spanlink_link_find(&links[i], "links.original_count");
        bool marked = i + 1 == count && over_limit != 0;
        assert_true((original != NULL) == marked);
        if (marked) {
            assert_int_equal(count + over_limit, original->value.int_value);
        }
    }
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
    expect_markers(links, count, stats.over_limit);
}

TEST(every_policy_and_unique_hold_for_what_is_delivered) {
    static const size_t bounds[] = {0, 1, 7, 50, 299, 300, SPANLINK_UNLIMITED};
    for (uint32_t round = 0; round < 4 * 2 * 7 * 4; round++) {
        spanlink_collector_options options =
            options_with(bounds[round / 8 % 7], (spanlink_overflow)(round % 4), round / 4 % 2 != 0);
        uint64_t threads = 1 + round / 56;
        event stream[STREAM];
        make_stream(stream, threads, round);
        spanlink_collector *collector = create(&options);
        spanlink_list *list = test_list_create(NULL), *copy = test_list_create(NULL);
        for (size_t i = 0; i < STREAM; i++) {
            assert_status(stream[i].number == 0 ? SPANLINK_ERR_LINK_INVALID : SPANLINK_OK,
                          add_event(collector, &stream[i]));
        }
        spanlink_list_stats before = stats_of(collector);
        assert_int_equal(STREAM, before.offered);
        assert_status(SPANLINK_OK, spanlink_collector_snapshot(collector, copy));
        spanlink_list_stats after = stats_of(collector);
        expect_same_stats(&before, &after);
        assert_status(SPANLINK_OK, spanlink_collector_drain(collector, list));
        assert_int_equal(0, stats_of(collector).offered);
        expect_delivery(stream, &options, copy);
        expect_delivery(stream, &options, list);
        spanlink_collector_destroy(collector);
        spanlink_list_destroy(list);
        spanlink_list_destroy(copy);
    }
}

/* What a list of the same options makes of the stream. RESERVOIR chooses alike only by span. */
static spanlink_list *offer_to_list(const event stream[STREAM],
                                    const spanlink_collector_options *options) {
    spanlink_list_options same = test_list_options();
    same.limits = options->limits;
    same.overflow = options->overflow;
    same.unique = options->unique;
    same.seed = options->seed;
    spanlink_list *list = test_list_create(&same);
    for (size_t i = 0; i < STREAM; i++) {
        spanlink_attribute storage[1];
        spanlink_link link = test_link(stream[i].number, storage);
        link.context.trace_flags = stream[i].sampled;
        link.attribute_count = stream[i].number != 0;
        (void)spanlink_list_add(list, &link);
    }
    return list;
}

static void expect_same_links(spanlink_list *a, spanlink_list *b) {
    size_t a_count, b_count;
    const spanlink_link *a_links = spanlink_list_links(a, &a_count);
    const spanlink_link *b_links = spanlink_list_links(b, &b_count);
    assert_int_equal(a_count, b_count);
    for (size_t i = 0; i < a_count; i++) {
        assert_true(test_same_link(&a_links[i], &b_links[i]));
    }
}

TEST(one_thread_gets_what_a_list_would_have_made) {
    for (uint32_t round = 0; round < 4 * 2 * 5; round++) {
        bool unique = round / 4 % 2 != 0;
        spanlink_overflow overflow = (spanlink_overflow)(round % 4);
        if (overflow == SPANLINK_OVERFLOW_RESERVOIR && !unique) {
            continue;
        }
        spanlink_collector_options options = options_with(10 * (round / 8), overflow, unique);
        options.seed = round;
        event stream[STREAM];
        make_stream(stream, 1, round);
        spanlink_collector *collector = create(&options);
        spanlink_list *list = test_list_create(NULL), *wanted = offer_to_list(stream, &options);
        for (size_t i = 0; i < STREAM; i++) {
            (void)add_event(collector, &stream[i]);
        }
        assert_status(SPANLINK_OK, spanlink_collector_drain(collector, list));
        expect_same_links(wanted, list);
        spanlink_list_stats a = test_stats(wanted), b = test_stats(list);
        expect_same_stats(&a, &b);
        spanlink_collector_destroy(collector);
        spanlink_list_destroy(list);
        spanlink_list_destroy(wanted);
    }
}

/* Each thread's links are numbered upwards, and thread t's begin with 1000 t. */
TEST(the_first_or_last_of_each_thread_stay_in_order) {
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        spanlink_collector_options options =
            options_with(100, (spanlink_overflow)overflow, overflow % 2 == 0);
        spanlink_collector *collector = create(&options);
        spanlink_list *list = test_list_create(NULL);
        for (uint64_t number = 0; number < 60; number++) {
            for (uint64_t thread = 1; thread <= 3; thread++) {
                as_thread(thread);
                add_numbers(collector, 1000 * thread + number, 1000 * thread + number);
            }
        }
        assert_status(SPANLINK_OK, spanlink_collector_drain(collector, list));
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
        spanlink_collector_destroy(collector);
        spanlink_list_destroy(list);
    }
}

TEST(the_lists_own_policy_decides_too) {
    spanlink_list_options list_options = test_list_options();
    list_options.limits.max_links = 3;
    list_options.overflow = SPANLINK_OVERFLOW_KEEP_LAST;
    list_options.unique = true;
    spanlink_collector_options options = options_with(5, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    spanlink_collector *collector = create(&options);
    spanlink_list *list = test_list_create(&list_options);
    add_numbers(collector, 1, 4);
    add_numbers(collector, 4, 9);
    assert_status(SPANLINK_OK, spanlink_collector_drain(collector, list));
    spanlink_list_stats stats = test_stats(list);
    assert_int_equal(10, stats.offered);
    assert_int_equal(3, stats.kept);
    assert_int_equal(1, stats.duplicate);
    assert_int_equal(6, stats.over_limit);
    size_t count;
    const spanlink_link *links = spanlink_list_links(list, &count);
    assert_int_equal(2, links[0].context.span_id[0]);
    expect_markers(links, count, 6);
    spanlink_collector_destroy(collector);
    spanlink_list_destroy(list);
}

/*
 * RESERVOIR: every link is as likely as any other to be delivered, whoever added it, and in each
 * batch anew. Thread 1 adds 30, thread 2 adds 6, thread 3 adds 4, and 10 of those 40 stay.
 */
TEST(a_reservoir_is_fair_to_all_threads_in_every_batch) {
    static const uint64_t last[] = {30, 36, 40};
    enum { BATCHES = 4000, WANTED = BATCHES / 4, TOLERANCE = 140 }; /* five standard deviations */
    for (int unique = 0; unique < 2; unique++) {
        int delivered[41] = {0};
        spanlink_collector_options options =
            options_with(10, SPANLINK_OVERFLOW_RESERVOIR, unique != 0);
        spanlink_collector *collector = create(&options);
        spanlink_list *list = test_list_create(NULL);
        for (uint64_t batch = 0; batch < BATCHES; batch++) {
            uint64_t number = 1;
            for (uint64_t thread = 0; thread < 3; thread++) {
                as_thread(thread);
                for (; number <= last[thread]; number++) {
                    add_numbers(collector, number + 100 * batch * (uint64_t)unique,
                                number + 100 * batch * (uint64_t)unique);
                }
            }
            assert_status(SPANLINK_OK, spanlink_collector_drain(collector, list));
            size_t count;
            const spanlink_link *links = spanlink_list_links(list, &count);
            assert_int_equal(10, count);
            for (size_t i = 0; i < count; i++) {
                delivered[test_number(&links[i]) % 100]++;
            }
            spanlink_list_clear(list);
        }
        for (int number = 1; number <= 40; number++) {
            assert_in_range(delivered[number], WANTED - TOLERANCE, WANTED + TOLERANCE);
        }
        spanlink_collector_destroy(collector);
        spanlink_list_destroy(list);
    }
}

/* Ids as tracers make them: random, or counters in either byte order, in either id. */
enum { ID_KINDS = 5 };

static spanlink_context context_of_kind(int kind, uint64_t trial, uint64_t number) {
    spanlink_context context = {.trace_id = {1}, .span_id = {1}};
    uint64_t random = trial << 8 | number, little = number, big = number << 56;
    switch (kind) {
    case 0:
        for (size_t i = 0; i < 16; i += 8) {
            random = test_random(&random);
            memcpy(context.trace_id + i, &random, 8);
        }
        random = test_random(&random);
        memcpy(context.span_id, &random, 8);
        break;
    case 1:
        memcpy(context.span_id, &little, 8);
        break;
    case 2:
        memcpy(context.span_id, &big, 8);
        break;
    case 3:
        memcpy(context.trace_id + 8, &little, 8);
        break;
    default:
        memcpy(context.trace_id + 8, &big, 8);
        break;
    }
    return context;
}

/* Three threads add 40 links in parts of different sizes, and 10 stay: each in a quarter of the
 * trials, within four standard deviations. The attribute tells the link. */
TEST(every_set_of_ids_is_chosen_from_uniformly) {
    enum { TRIALS = 4000, WANTED = TRIALS / 4, TOLERANCE = 110 };
    for (int kind = 0; kind < 2 * ID_KINDS; kind++) {
        int delivered[41] = {0};
        spanlink_collector_options options =
            options_with(10, SPANLINK_OVERFLOW_RESERVOIR, kind >= ID_KINDS);
        spanlink_list *list = test_list_create(NULL);
        options.shards = 3;
        for (uint64_t trial = 0; trial < TRIALS; trial++) {
            options.seed = trial;
            spanlink_collector *collector = create(&options);
            for (uint64_t number = 1; number <= 40; number++) {
                spanlink_attribute attribute = spanlink_attribute_int("number", (int64_t)number);
                spanlink_link link = {context_of_kind(kind % ID_KINDS, trial, number), &attribute,
                                      1, 0};
                as_thread(number <= 30 ? 0 : number <= 36 ? 1 : 2);
                assert_status(SPANLINK_OK, spanlink_collector_add(collector, &link));
            }
            assert_status(SPANLINK_OK, spanlink_collector_drain(collector, list));
            size_t count;
            const spanlink_link *links = spanlink_list_links(list, &count);
            assert_int_equal(10, count);
            for (size_t i = 0; i < count; i++) {
                delivered[links[i].attributes[0].value.int_value]++;
            }
            spanlink_list_clear(list);
            spanlink_collector_destroy(collector);
        }
        for (int number = 1; number <= 40; number++) {
            assert_in_range(delivered[number], WANTED - TOLERANCE, WANTED + TOLERANCE);
        }
        spanlink_list_destroy(list);
    }
}

/* Of distinct spans, the same ones as in one list with that seed. */
TEST(a_unique_reservoir_delivers_what_one_list_would_have_kept) {
    for (uint64_t seed = 0; seed < 50; seed++) {
        spanlink_collector_options options = options_with(10, SPANLINK_OVERFLOW_RESERVOIR, true);
        spanlink_list_options list_options = SPANLINK_LIST_OPTIONS_INIT;
        list_options.limits.max_links = 10;
        list_options.overflow = SPANLINK_OVERFLOW_RESERVOIR;
        list_options.unique = true;
        options.seed = list_options.seed = seed;
        spanlink_collector *collector = create(&options);
        spanlink_list *one = test_list_create(&list_options), *list = test_list_create(NULL);
        uint64_t kept = 0, delivered = 0;
        for (uint64_t number = 1; number <= 60; number++) {
            spanlink_attribute storage[1];
            spanlink_link link = test_link(number, storage);
            as_thread(number % 3);
            assert_status(SPANLINK_OK, spanlink_collector_add(collector, &link));
            assert_status(SPANLINK_OK, spanlink_list_add(one, &link));
        }
        assert_status(SPANLINK_OK, spanlink_collector_drain(collector, list));
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
        spanlink_collector_destroy(collector);
        spanlink_list_destroy(one);
        spanlink_list_destroy(list);
    }
}

/* Two threads that both add the same spans, more than can stay: of their first links, each
 * delivered in one of four batches, one comes without the other in 3 of 8 batches. */
TEST(reservoirs_of_two_threads_do_not_share_their_luck) {
    enum { BATCHES = 4000, WANTED = BATCHES * 3 / 8, TOLERANCE = 160 };
    spanlink_collector_options options = options_with(10, SPANLINK_OVERFLOW_RESERVOIR, false);
    spanlink_collector *collector = create(&options);
    spanlink_list *list = test_list_create(NULL);
    int alone = 0;
    for (int batch = 0; batch < BATCHES; batch++) {
        as_thread(1);
        add_numbers(collector, 1, 20);
        as_thread(2);
        add_numbers(collector, 1, 20);
        assert_status(SPANLINK_OK, spanlink_collector_drain(collector, list));
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
    spanlink_collector_destroy(collector);
    spanlink_list_destroy(list);
}

/* Out of memory */

static spanlink_collector_options failing_options;

typedef struct failing_collector {
    spanlink_allocator allocator;
    spanlink_collector *collector;
    spanlink_list *list;
} failing_collector;

static spanlink_status make_one(failing_collector *w, size_t step) {
    spanlink_collector_options options = failing_options;
    spanlink_list_options list_options = test_list_options();
    options.allocator = list_options.allocator = w->allocator;
    return step == 0 ? spanlink_collector_create(&options, &w->collector)
                     : spanlink_list_create(&list_options, &w->list);
}

static spanlink_status make_add_or_drain(void *world, size_t step) {
    failing_collector *w = world;
    if (step < 2) {
        return make_one(w, step);
    }
    as_thread(step % 3);
    if (step < 62) {
        return add_number(w->collector, 1 + step / 2, step % 5 == 0);
    }
    return step == 62 ? spanlink_collector_snapshot(w->collector, w->list)
                      : spanlink_collector_drain(w->collector, w->list);
}

/* Which links a reservoir falls on may differ where it was asked again. */
static void look_at_collector(void *world, test_picture *picture) {
    failing_collector *w = world;
    test_picture_collector(picture, w->collector);
    if (failing_options.overflow == SPANLINK_OVERFLOW_RESERVOIR && !failing_options.unique) {
        test_picture_stats(picture, w->list);
    } else {
        test_picture_list(picture, w->list);
    }
}

static void end_collector(void *world) {
    failing_collector *w = world;
    spanlink_collector_destroy(w->collector);
    spanlink_list_destroy(w->list);
}

TEST(each_allocation_that_fails_leaves_all_as_it_was) {
    failing_collector world;
    for (uint32_t kind = 0; kind < 16; kind++) {
        failing_options = options_with(kind / 8 == 0 ? 15 : SPANLINK_UNLIMITED,
                                       (spanlink_overflow)(kind % 4), kind / 4 % 2 != 0);
        test_scenario scenario = {64,
                                  &world,
                                  sizeof world,
                                  &world.allocator,
                                  make_add_or_drain,
                                  look_at_collector,
                                  end_collector};
        assert_true(test_scenario_fail(&scenario) > 10);
    }
}

#if defined(SLNK_LOCK_POSIX) && defined(PTHREAD_CANCEL_DISABLE)

/*
 * Cancelled threads. A drain holds all locks while the allocator of its list waits for the gate;
 * that is a cancellation point.
 */
typedef struct gate {
    pthread_mutex_t mutex;
    bool reached, open; /* guarded by the mutex */
} gate;

static bool look_at_gate(gate *g, bool arrive) {
    pthread_mutex_lock(&g->mutex);
    g->reached = g->reached || arrive;
    bool open = arrive ? g->open : g->reached;
    pthread_mutex_unlock(&g->mutex);
    return open;
}

static void *allocate_behind_gate(void *state, size_t size) {
    while (!look_at_gate(state, true)) {
        pthread_testcancel();
        sched_yield();
    }
    return malloc(size);
}

static void *resize_any(void *state, void *block, size_t old_size, size_t new_size) {
    (void)state;
    (void)old_size;
    return realloc(block, new_size);
}

static void release_any(void *state, void *block, size_t size) {
    (void)state;
    (void)size;
    free(block);
}

typedef struct worker {
    spanlink_collector *collector;
    spanlink_list *list; /* to drain to; NULL: adds */
    bool done;
    pthread_t thread;
} worker;

static void *add_or_drain(void *state) {
    worker *self = state;
    spanlink_status status = self->list != NULL
                                 ? spanlink_collector_drain(self->collector, self->list)
                                 : add_number(self->collector, 7, false);
    self->done = status == SPANLINK_OK;
    pthread_testcancel();
    return NULL;
}

static void start_worker(worker *self, spanlink_collector *collector, spanlink_list *list) {
    *self = (worker){.collector = collector, .list = list};
    assert_int_equal(0, pthread_create(&self->thread, NULL, add_or_drain, self));
}

static void expect_cancelled_when_done(worker *self) {
    void *result;
    assert_int_equal(0, pthread_join(self->thread, &result));
    assert_true(self->done);
    assert_true(result == PTHREAD_CANCELED);
}

/* Both the thread that drains and one that waits for it: they do their work and end after it. */
TEST(cancelled_threads_do_their_work_first) {
    spanlink_collector_options options =
        options_with(SPANLINK_UNLIMITED, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    options.shards = 1;
    spanlink_collector *collector = create(&options);
    gate g = {.open = true};
    spanlink_list_options list_options = test_list_options();
    worker drainer, adder;
    assert_int_equal(0, pthread_mutex_init(&g.mutex, NULL));
    list_options.allocator =
        (spanlink_allocator){&g, allocate_behind_gate, resize_any, release_any};
    spanlink_list *list = test_list_create(&list_options);
    g.open = g.reached = false;
    add_numbers(collector, 1, 3);
    start_worker(&drainer, collector, list);
    while (!look_at_gate(&g, false)) {
        sched_yield();
    }
    start_worker(&adder, collector, NULL);
    assert_int_equal(0, pthread_cancel(drainer.thread));
    assert_int_equal(0, pthread_cancel(adder.thread));
    pthread_mutex_lock(&g.mutex);
    g.open = true;
    pthread_mutex_unlock(&g.mutex);
    expect_cancelled_when_done(&drainer);
    expect_cancelled_when_done(&adder);
    expect_numbers(list, 1, 3);
    spanlink_list_clear(list);
    assert_status(SPANLINK_OK, spanlink_collector_drain(collector, list));
    expect_numbers(list, 7, 7);
    spanlink_collector_destroy(collector);
    spanlink_list_destroy(list);
    pthread_mutex_destroy(&g.mutex);
}

#endif
