/* SPDX-License-Identifier: MIT */
#include "test_caches.h"

AFTER_EACH_TEST(locks_work) {
    test_locks_left = -1;
    return 0;
}

TEST(the_defaults_are_those_of_the_macros) {
    spanlink_cache_options macro = SPANLINK_CACHE_OPTIONS_INIT, function;
    memset(&function, 0xff, sizeof function);
    spanlink_cache_options_init(&function, sizeof function);
    assert_int_equal(sizeof function, function.struct_size);
    assert_null(function.allocator.allocate);
    assert_memory_equal(&macro.limits, &function.limits, sizeof macro.limits);
    assert_int_equal(1024, function.capacity);
    assert_int_equal(0, function.shards);
    assert_int_equal(0, function.hash_seed[0] | function.hash_seed[1]);
    spanlink_cache_stats stats;
    memset(&stats, 0xff, sizeof stats);
    spanlink_cache_stats_init(&stats, sizeof stats);
    assert_int_equal(sizeof stats, stats.struct_size);
    assert_int_equal(0, stats.hits | stats.misses | stats.evictions | stats.entries);
    spanlink_cache_options_init(NULL, sizeof function);
    spanlink_cache_stats_init(NULL, sizeof stats);
}

TEST(structs_of_other_versions_are_used_as_far_as_known) {
    spanlink_cache_options older;
    memset(&older, 0xff, sizeof older);
    spanlink_cache_options_init(&older, offsetof(spanlink_cache_options, shards));
    assert_int_equal(SIZE_MAX, older.shards);
    spanlink_cache *cache = test_cache_create(&older);
    assert_int_equal(7, number_of(cache, "key", 7));
    struct {
        spanlink_cache_stats known;
        uint64_t more;
    } newer = {{sizeof newer, 9, 9, 9, 9}, 9};
    spanlink_cache_get_stats(cache, &newer.known);
    assert_int_equal(sizeof newer, newer.known.struct_size);
    assert_int_equal(1, newer.known.misses);
    assert_int_equal(0, newer.more);
    spanlink_cache_stats shorter = {offsetof(spanlink_cache_stats, misses), 9, 9, 9, 9};
    spanlink_cache_get_stats(cache, &shorter);
    assert_int_equal(0, shorter.hits);
    assert_int_equal(9, shorter.misses);
    spanlink_cache_stats none = {0, 9, 9, 9, 9};
    spanlink_cache_get_stats(cache, &none);
    assert_int_equal(9, none.hits);
}

/* Reserved for later versions, so this version must not ignore them. */
TEST(limits_that_are_not_known_make_no_cache) {
    spanlink_cache *cache = NULL;
    for (size_t i = 0; i < 4; i++) {
        spanlink_cache_options options = SPANLINK_CACHE_OPTIONS_INIT;
        options.limits.reserved[i] = 1;
        assert_refused(spanlink_cache_create(&options, &cache));
        assert_null(cache);
    }
}

TEST(bad_arguments_make_no_cache) {
    spanlink_cache *cache = NULL;
    spanlink_cache_options options = SPANLINK_CACHE_OPTIONS_INIT;
    assert_refused(spanlink_cache_create(&options, NULL));
    options.struct_size = 0;
    assert_refused(spanlink_cache_create(&options, &cache));
    options = options_with(1, 1);
    options.allocator = test_counted();
    options.allocator.release = NULL;
    assert_refused(spanlink_cache_create(&options, &cache));
    options = options_with(SPANLINK_UNLIMITED, SPANLINK_UNLIMITED);
    options.allocator = test_counted();
    assert_refused(spanlink_cache_create(&options, &cache));
    options.shards = SIZE_MAX / 2;
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_cache_create(&options, &cache));
    assert_null(cache);
}

TEST(a_lock_that_cannot_be_made_leaves_nothing_behind) {
    spanlink_status status = SPANLINK_ERR_LOCK;
    int left = 0;
    for (; status == SPANLINK_ERR_LOCK; left++) {
        spanlink_cache *cache = NULL;
        spanlink_cache_options options = options_with(100, 3);
        options.allocator = test_counted();
        test_locks_left = left;
        status = spanlink_cache_create(&options, &cache);
        assert_true((cache != NULL) == (status == SPANLINK_OK));
        assert_int_equal(cache != NULL ? left : 0, test_locks_live);
        spanlink_cache_destroy(cache);
        assert_int_equal(0, test_heap.live_blocks);
        assert_int_equal(0, test_locks_live);
    }
    assert_ok(status);
    assert_true(left > 5);
}

TEST(null_is_refused_or_empty) {
    spanlink_cache *cache = test_cache_create(NULL);
    spanlink_list *list = test_list();
    maker from = maker_of(1);
    spanlink_str key = spanlink_str_from("key"), bad = {NULL, 1};
    assert_refused(spanlink_cache_get_or_create(NULL, key, make, &from, list));
    assert_refused(spanlink_cache_get_or_create(cache, bad, make, &from, list));
    assert_refused(spanlink_cache_get_or_create(cache, key, NULL, &from, list));
    assert_refused(spanlink_cache_get_or_create(cache, key, make, &from, NULL));
    assert_int_equal(0, from.calls);
    assert_false(spanlink_cache_remove(NULL, key));
    assert_false(spanlink_cache_remove(cache, bad));
    spanlink_cache_clear(NULL);
    spanlink_cache_stats stats = {sizeof stats, 7, 7, 7, 7};
    spanlink_cache_get_stats(NULL, &stats);
    assert_int_equal(7, stats.hits);
    spanlink_cache_get_stats(cache, NULL);
    spanlink_cache_destroy(NULL);
    expect_stats(cache, 0, 0, 0, 0);
}

TEST(a_miss_creates_and_a_hit_appends_a_copy) {
    spanlink_cache *cache = test_cache_create(NULL);
    spanlink_list *list = test_list();
    maker first = maker_of(1), second = maker_of(2);
    assert_ok(get(cache, "key", &first, list));
    assert_int_equal(1, first.calls);
    assert_ok(first.emitted);
    assert_ok(get(cache, "key", &second, list));
    assert_int_equal(0, second.calls);
    assert_int_equal(2, test_stats(list).kept);
    assert_int_equal(1, last_number(list));
    expect_stats(cache, 1, 1, 0, 1);
    spanlink_cache_destroy(test_take(cache));
    assert_int_equal(1, last_number(list));
}

static spanlink_status make_rich(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                 void *sink) {
    const spanlink_link *wanted = state;
    (void)key;
    char text[] = "value", tracestate[] = "a=1,b=2";
    spanlink_attribute attributes[2] = {spanlink_attribute_string("text", text),
                                        spanlink_attribute_int("number", 7)};
    spanlink_link link = *wanted;
    link.attributes = attributes;
    link.context.trace_state = spanlink_str_from(tracestate);
    spanlink_status status = emit(sink, &link);
    memset(text, 'x', 5);
    memset(tracestate, 'x', 7);
    memset(attributes, 0, sizeof attributes);
    return status;
}

TEST(the_stored_link_is_the_one_emitted) {
    spanlink_cache *cache = test_cache_create(NULL);
    spanlink_list *list = test_list();
    spanlink_attribute attributes[2] = {spanlink_attribute_string("text", "value"),
                                        spanlink_attribute_int("number", 7)};
    spanlink_link wanted = {test_context(5), attributes, 2, 3};
    wanted.context.trace_state = spanlink_str_from("a=1,b=2");
    wanted.context.is_remote = true;
    wanted.context.trace_flags = 0x83;
    for (int i = 0; i < 2; i++) {
        assert_ok(look_up(cache, "key", make_rich, &wanted, list));
    }
    const spanlink_link *links = spanlink_list_links(list, NULL);
    assert_true(test_same_link(&wanted, &links[0]));
    assert_true(test_same_link(&wanted, &links[1]));
}

/* A link from a cache, on a miss or a hit, is stored in a list as if it was added to the list
 * directly. */
static void expect_copies(spanlink_link *link, const spanlink_limits *limits) {
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.limits = *limits;
    options.expected_links = 50;
    spanlink_list *plain = test_list_create(&options), *list = test_list_create(&options);
    spanlink_cache *cache = test_cache_create(NULL);
    assert_status(SPANLINK_OK, spanlink_list_add(plain, link));
    for (int i = 0; i < 3; i++) {
        assert_status(SPANLINK_OK, look_up(cache, "key", test_emit, link, list));
    }
    spanlink_cache_destroy(test_take(cache));
    const spanlink_link *wanted = spanlink_list_links(plain, NULL);
    const spanlink_link *links = spanlink_list_links(list, NULL);
    for (int i = 0; i < 3; i++) {
        assert_true(test_same_link(&wanted[0], &links[i]));
        assert_true((links[i].attributes == NULL) == (links[i].attribute_count == 0));
    }
    test_end_round();
}

TEST(a_hit_gives_all_that_the_limits_of_the_list_allow) {
    spanlink_value inner = spanlink_value_int(1), outer = spanlink_value_array(&inner, 1);
    spanlink_attribute attributes[] = {
        spanlink_attribute_string("text", "value"),
        spanlink_attribute_make(spanlink_str_from("nested"), spanlink_value_array(&outer, 1))};
    spanlink_link link = test_link_with(5, attributes, 2);
    const spanlink_limits limits[] = {
        {0}, {.max_attributes = 1}, {.max_value_length = 3}, {.max_value_depth = 1}};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        expect_copies(&link, &limits[i]);
    }
}

TEST(a_hit_gives_a_link_of_any_shape) {
    spanlink_context context = test_context(5);
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    spanlink_link link = spanlink_factory_batch_item(&context, 3, storage);
    spanlink_limits limits = SPANLINK_LIMITS_INIT;
    expect_copies(&link, &limits);
    link.attribute_count = 0;
    expect_copies(&link, &limits);
    link.context.trace_state = spanlink_str_from("a=1");
    expect_copies(&link, &limits);
    char text[2000];
    memset(text, 'x', sizeof text);
    storage[0].value = spanlink_value_string(spanlink_str_make(text, sizeof text));
    link.attribute_count = 2;
    expect_copies(&link, &limits);
}

TEST(limits_hold_for_what_is_stored) {
    spanlink_cache_options options = options_with(10, 1);
    options.limits.max_attributes = 1;
    options.limits.max_value_length = 3;
    options.limits.max_links = SPANLINK_NONE;
    spanlink_cache *cache = test_cache_create(&options);
    spanlink_list *list = test_list();
    spanlink_link wanted = {.context = test_context(5), .attribute_count = 2};
    assert_ok(look_up(cache, "key", make_rich, &wanted, list));
    const spanlink_link *links = spanlink_list_links(list, NULL);
    assert_int_equal(1, links[0].attribute_count);
    assert_int_equal(1, links[0].dropped_attributes_count);
    assert_text("val", links[0].attributes[0].value.string_value);
    expect_stats(cache, 0, 1, 0, 1);
}
