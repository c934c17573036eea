/* SPDX-License-Identifier: MIT */
#include "test_collectors.h"

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
    test_collector_create(&newer.known);
    spanlink_collector_options older;
    memset(&older, 0xff, sizeof older);
    spanlink_collector_options_init(&older, offsetof(spanlink_collector_options, overflow));
    assert_int_equal(UINT32_MAX, older.overflow);
    test_collector_create(&older);
}

/* Options that are zero except struct_size: the default of OpenTelemetry, 128 links. */
TEST(a_default_collector_delivers_at_most_128_links) {
    spanlink_collector_options zero = {.struct_size = sizeof zero};
    const spanlink_collector_options *defaults[] = {NULL, &zero};
    for (size_t i = 0; i < 2; i++) {
        spanlink_collector *collector = test_collector_create(defaults[i]);
        spanlink_list *list = test_list();
        for (uint64_t thread = 0; thread < 3; thread++) {
            as_thread(thread);
            add_numbers(collector, 1 + 100 * thread, 100 + 100 * thread);
        }
        /* Without threads there is one shard, which holds at most the bound. */
#ifndef SPANLINK_NO_THREADS
        assert_int_equal(300, spanlink_collector_count(collector));
#endif
        assert_ok(spanlink_collector_drain(collector, list));
        assert_int_equal(128, test_stats(list).kept);
        assert_int_equal(172, test_stats(list).over_limit);
        test_end_round();
    }
}

static spanlink_collector *shared;

static void add_first(void) {
    add_numbers(shared, 1, 1);
}

/* Two threads of one shard may both find that it has no list yet. */
TEST(a_shard_that_another_thread_starts_meanwhile_is_used) {
    spanlink_list *list = test_list();
    shared = test_collector();
    test_locks_released = add_first;
    add_numbers(shared, 2, 2);
    assert_null(test_locks_released);
    assert_int_equal(2, spanlink_collector_count(shared));
    assert_ok(spanlink_collector_drain(shared, list));
    assert_int_equal(2, test_stats(list).kept);
}

/* Reserved for later versions, so this version must not ignore them. */
TEST(limits_that_are_not_known_make_no_collector) {
    spanlink_collector *collector = NULL;
    for (size_t i = 0; i < 4; i++) {
        spanlink_collector_options options = options_with(1, SPANLINK_OVERFLOW_KEEP_FIRST, false);
        options.limits.reserved[i] = 1;
        assert_refused(spanlink_collector_create(&options, &collector));
        assert_null(collector);
    }
}

#if defined(__GLIBC__) && SIZE_MAX > UINT32_MAX
TEST(a_collector_is_as_small_as_it_says) {
    static const size_t shards[] = {1, 2, 48};
    for (size_t i = 0; i < 3; i++) {
        test_collector(.allocator = test_counted(), .limits.max_links = 1, .shards = shards[i]);
        assert_int_equal(1, test_heap.live_blocks);
        assert_in_range(test_heap.live_bytes, 1, 448 + 136 * shards[i]);
        test_end_round();
    }
}
#endif

TEST(bad_arguments_make_no_collector) {
    spanlink_collector *collector = NULL;
    spanlink_collector_options options = SPANLINK_COLLECTOR_OPTIONS_INIT;
    assert_refused(spanlink_collector_create(&options, NULL));
    options.struct_size = 0;
    assert_refused(spanlink_collector_create(&options, &collector));
    for (size_t i = 0; i < sizeof options.reserved; i++) {
        options = options_with(1, SPANLINK_OVERFLOW_KEEP_FIRST, false);
        options.reserved[i] = 1;
        assert_refused(spanlink_collector_create(&options, &collector));
    }
    options = options_with(1, 4, false);
    assert_refused(spanlink_collector_create(&options, &collector));
    options = options_with(1, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    options.allocator = test_counted();
    options.allocator.resize = NULL;
    assert_refused(spanlink_collector_create(&options, &collector));
    assert_null(collector);
}

TEST(more_shards_than_memory_holds_are_refused) {
    spanlink_collector *collector = NULL;
    spanlink_collector_options options = {.struct_size = sizeof options};
    options.allocator = test_counted();
    options.shards = SIZE_MAX / 64;
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_collector_create(&options, &collector));
    options.shards = SPANLINK_UNLIMITED;
    assert_refused(spanlink_collector_create(&options, &collector));
    assert_null(collector);
}

#ifndef SPANLINK_NO_THREADS
TEST(a_lock_that_cannot_be_made_leaves_nothing_behind) {
    spanlink_collector_options options = {.struct_size = sizeof options, .shards = 3};
    spanlink_status status = SPANLINK_ERR_LOCK;
    int left = 0;
    for (; status == SPANLINK_ERR_LOCK; left++) {
        spanlink_collector *collector = NULL;
        options.allocator = test_counted();
        test_locks_left = left;
        status = spanlink_collector_create(&options, &collector);
        assert_true((collector != NULL) == (status == SPANLINK_OK));
        assert_int_equal(collector != NULL ? left : 0, test_locks_live);
        spanlink_collector_destroy(collector);
        assert_int_equal(0, test_heap.live_blocks);
        assert_int_equal(0, test_locks_live);
    }
    assert_ok(status);
    assert_true(left > 3);
}

#endif

TEST(null_is_refused_or_empty) {
    spanlink_collector *collector = test_collector();
    spanlink_list *list = test_list();
    spanlink_attribute storage[1];
    spanlink_link link = test_link(1, storage);
    spanlink_list_stats stats = {sizeof stats, 7, 7, 7, 7, 7, 7, 0};
    assert_refused(spanlink_collector_add(NULL, &link));
    assert_refused(spanlink_collector_add(collector, NULL));
    assert_refused(spanlink_collector_snapshot(NULL, list));
    assert_refused(spanlink_collector_snapshot(collector, NULL));
    assert_refused(spanlink_collector_drain(NULL, list));
    assert_refused(spanlink_collector_drain(collector, NULL));
    spanlink_collector_clear(NULL);
    assert_int_equal(0, spanlink_collector_count(NULL));
    spanlink_collector_get_stats(NULL, &stats);
    assert_int_equal(7, stats.offered);
    spanlink_collector_get_stats(collector, NULL);
    spanlink_collector_destroy(NULL);
    assert_int_equal(0, stats_of(collector).offered);
}

TEST(a_link_is_copied) {
    spanlink_collector *collector = test_collector();
    spanlink_list *list = test_list();
    char key[] = "key", value[] = "value", tracestate[] = "a=1";
    spanlink_attribute attribute = spanlink_attribute_string(key, value);
    spanlink_link link = {test_context(1), &attribute, 1, 3};
    link.context.trace_state = spanlink_str_from(tracestate);
    assert_ok(spanlink_collector_add(collector, &link));
    memset(key, 'x', 3);
    memset(value, 'x', 5);
    memset(tracestate, 'x', 3);
    memset(&attribute, 0, sizeof attribute);
    assert_ok(spanlink_collector_drain(collector, list));
    spanlink_collector_destroy(test_take(collector));
    spanlink_attribute same = spanlink_attribute_string("key", "value");
    link.attributes = &same;
    link.context.trace_state = spanlink_str_from("a=1");
    assert_true(test_same_link(&link, spanlink_list_links(list, NULL)));
}

TEST(a_link_that_a_list_refuses_is_refused_and_counted) {
    spanlink_collector *collector = test_collector();
    spanlink_list *list = test_list();
    spanlink_link nowhere = {.attribute_count = 0};
    spanlink_attribute unknown = spanlink_attribute_int("a", 1);
    unknown.value.type = 99;
    spanlink_link bad = test_link_with(1, &unknown, 1);
    assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_collector_add(collector, &nowhere));
    assert_status(SPANLINK_ERR_VALUE_TYPE, spanlink_collector_add(collector, &bad));
    assert_int_equal(2, stats_of(collector).invalid);
    assert_ok(spanlink_collector_drain(collector, list));
    assert_int_equal(2, test_stats(list).invalid);
    assert_int_equal(0, stats_of(collector).invalid);
}

#ifndef SPANLINK_NO_THREADS
/* The main thread, one whose stack starts some pages away, and more at equal distances. */
TEST(threads_at_usual_distances_have_shards_of_their_own) {
    static const uint64_t first[] = {0x1080, 0x1100, 0x2080};
    static const uint64_t distances[] = {0x801000, 0x800000, 0x802000, 0x810000, 0x201000,
                                         0x200000, 0x81000,  0x80000,  0x23000,  0x20000};
    for (size_t i = 0; i < 3 * sizeof distances / sizeof distances[0]; i++) {
        spanlink_collector *collector = test_collector(.allocator = test_counted());
        for (uint64_t thread = 0; thread < 8; thread++) {
            size_t before = test_heap.calls;
            test_locks_thread = UINT64_C(0x7fe3f1dfa73f);
            if (thread != 0) {
                test_locks_thread -= first[i % 3] + (thread - 1) * distances[i / 3];
            }
            add_numbers(collector, 1, 1);
            assert_true(test_heap.calls > before);
            before = test_heap.calls;
            add_numbers(collector, 2, 2);
            assert_int_equal(before, test_heap.calls);
        }
        test_end_round();
    }
}

#endif

TEST(a_drain_moves_all_out_in_the_order_of_the_thread) {
    spanlink_collector *collector = test_collector();
    spanlink_list *list = test_list();
    add_numbers(collector, 1, 1000);
    assert_int_equal(1000, spanlink_collector_count(collector));
    assert_ok(spanlink_collector_drain(collector, list));
    expect_numbers(list, 1, 1000);
    assert_int_equal(0, stats_of(collector).offered);
    assert_ok(spanlink_collector_drain(collector, list));
    expect_numbers(list, 1, 1000);
    add_numbers(collector, 1001, 1010);
    assert_ok(spanlink_collector_drain(collector, list));
    expect_numbers(list, 1, 1010);
}

TEST(a_snapshot_leaves_the_collector_as_it_is) {
    spanlink_collector *collector = test_collector();
    spanlink_list *list = test_list();
    add_numbers(collector, 1, 5);
    assert_ok(spanlink_collector_snapshot(collector, list));
    expect_numbers(list, 1, 5);
    assert_int_equal(5, stats_of(collector).offered);
    spanlink_list_clear(list);
    assert_ok(spanlink_collector_snapshot(collector, list));
    expect_numbers(list, 1, 5);
    spanlink_collector_destroy(test_take(collector));
    expect_numbers(list, 1, 5);
}

TEST(clear_empties_and_the_collector_goes_on) {
    spanlink_collector *collector = test_collector(.limits.max_links = 2, .unique = true);
    spanlink_list *list = test_list();
    as_thread(1);
    add_numbers(collector, 1, 5);
    as_thread(2);
    add_numbers(collector, 1, 1);
    spanlink_collector_clear(collector);
    assert_int_equal(0, stats_of(collector).offered);
    add_numbers(collector, 1, 1);
    assert_ok(spanlink_collector_drain(collector, list));
    expect_numbers(list, 1, 1);
    assert_int_equal(1, test_stats(list).offered);
}

TEST(the_next_batch_takes_no_new_memory) {
    spanlink_collector *collector =
        test_collector(.allocator = test_counted(), .limits.max_links = 100,
                       .overflow = SPANLINK_OVERFLOW_KEEP_LAST, .unique = true);
    spanlink_list *list = test_list();
    size_t calls = 0;
    for (int batch = 0; batch < 10; batch++) {
        calls = batch == 2 ? test_heap.calls : calls;
        for (uint64_t thread = 0; thread < 3; thread++) {
            as_thread(thread);
            add_numbers(collector, 1, 200);
        }
        assert_ok(spanlink_collector_drain(collector, list));
        spanlink_list_clear(list);
    }
    assert_int_equal(calls, test_heap.calls);
}

/* With every policy, each link is copied only once. */
TEST(the_links_of_a_single_shard_are_copied_directly_to_the_list) {
    for (unsigned overflow = 0; overflow < 4; overflow++) {
        spanlink_collector *collector =
            test_collector(.allocator = test_counted(), .limits.max_links = 5, .overflow = overflow,
                           .unique = true);
        spanlink_list *list = test_list();
        add_numbers(collector, 1, 5);
        size_t calls = test_heap.calls;
        assert_ok(spanlink_collector_snapshot(collector, list));
        assert_ok(spanlink_collector_drain(collector, list));
        assert_int_equal(calls, test_heap.calls);
        test_end_round();
    }
}

/* The list and the first shard exchange their memory; the links of the second one are copied. */
TEST(a_drain_into_an_emptied_list_with_the_same_options_takes_no_new_memory) {
    spanlink_collector *collector = test_collector(.allocator = test_counted());
    spanlink_list *list = test_list(.allocator = test_counted());
    size_t calls = 0, count, sum = 0;
    for (size_t batch = 0; batch < 12; batch++) {
        calls = batch == 8 ? test_heap.calls : calls;
        spanlink_list_clear(list);
        for (uint64_t thread = 0; thread < 2; thread++) {
            as_thread(1 - thread);
            add_numbers(collector, 1 + 50 * thread, 50 + 50 * thread);
        }
        assert_ok(spanlink_collector_drain(collector, list));
        assert_int_equal(0, stats_of(collector).offered);
        const spanlink_link *links = spanlink_list_links(list, &count);
        assert_int_equal(100, count);
        for (size_t i = 0; i < count; i++) {
            sum += (size_t)test_number(&links[i]);
        }
    }
    assert_int_equal(12 * 5050, sum);
    assert_int_equal(calls, test_heap.calls);
}
