/* SPDX-License-Identifier: MIT */
#include "test_caches.h"

TEST(remove_forgets_one_key) {
    spanlink_cache *cache = test_cache_create(NULL);
    number_of(cache, "a", 1);
    number_of(cache, "b", 2);
    assert_true(spanlink_cache_remove(cache, spanlink_str_from("a")));
    assert_false(spanlink_cache_remove(cache, spanlink_str_from("a")));
    assert_false(spanlink_cache_remove(cache, spanlink_str_from("c")));
    expect_stats(cache, 0, 2, 0, 1);
    assert_int_equal(3, number_of(cache, "a", 3));
    assert_int_equal(2, number_of(cache, "b", 4));
}

TEST(clear_forgets_all_and_gives_the_memory_back) {
    spanlink_cache *cache = create_counted(50, 3);
    fill(cache, 100);
    assert_true(test_heap.live_blocks > 50);
    spanlink_cache_clear(cache);
    assert_int_equal(1, test_heap.live_blocks);
    assert_int_equal(100, stats_of(cache).misses);
    assert_int_equal(0, stats_of(cache).entries);
    fill(cache, 100);
    assert_int_equal(50, stats_of(cache).entries);
}

typedef struct interrupted {
    spanlink_cache *cache;
    bool clear;
} interrupted;

static spanlink_status make_interrupted(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                        void *sink) {
    const interrupted *self = state;
    spanlink_attribute storage[1];
    spanlink_link link = test_link(1, storage);
    spanlink_status status = emit(sink, &link);
    if (self->clear) {
        spanlink_cache_clear(self->cache);
    } else {
        assert_false(spanlink_cache_remove(self->cache, key));
    }
    return status;
}

TEST(a_link_that_is_removed_while_it_is_created_is_delivered_but_not_kept) {
    for (int clear = 0; clear < 2; clear++) {
        interrupted from = {create_with(10, 1), clear != 0};
        spanlink_list *list = test_list();
        assert_ok(look_up(from.cache, "key", make_interrupted, &from, list));
        assert_int_equal(1, last_number(list));
        expect_stats(from.cache, 0, 1, 0, 0);
        test_end_round();
    }
}

TEST(misses_that_evict_reuse_the_blocks) {
    spanlink_cache *cache = create_counted(10, 1);
    spanlink_list *list = test_list();
    size_t calls = 0;
    for (uint64_t i = 0; i < 1000; i++) {
        char key[32];
        snprintf(key, sizeof key, "key %4u", (unsigned)i);
        maker from = maker_of(i);
        assert_ok(get(cache, key, &from, list));
        assert_int_equal(i, last_number(list));
        calls = i == 20 ? test_heap.calls : calls;
    }
    assert_int_equal(calls, test_heap.calls);
}

/* The number of allocations of a miss with a key of length `length`, after the link of a key of
 * length `evicted_length` was evicted. */
static size_t allocations_after(size_t evicted_length, size_t length) {
    static const char letters[1000];
    spanlink_cache *cache = create_counted(1, 1);
    spanlink_list *list = test_list();
    maker from = maker_of(1);
    const spanlink_str keys[] = {{letters, evicted_length}, {"another", 7}, {letters, length}};
    size_t calls = 0;
    for (size_t i = 0; i < 3; i++) {
        calls = test_heap.calls;
        assert_ok(spanlink_cache_get_or_create(cache, keys[i], make, &from, list));
    }
    calls = test_heap.calls - calls;
    test_end_round();
    return calls;
}

TEST(a_block_is_reused_unless_it_is_too_small_or_much_too_large) {
    assert_int_equal(0, allocations_after(30, 30));
    assert_int_equal(0, allocations_after(30, 5));
    assert_int_equal(1, allocations_after(5, 30));
    assert_int_equal(1, allocations_after(1000, 300));
}

/* A link of any kind: some are copied to a reused block directly, others are planned first. */
static void make_any_link(uint64_t *random, char text[64], spanlink_attribute attributes[20],
                          spanlink_link *link) {
    static const spanlink_value numbers[2] = {{.type = SPANLINK_VALUE_INT},
                                              {.type = SPANLINK_VALUE_INT}};
    spanlink_str own = spanlink_str_from(spanlink_link_type_name(SPANLINK_LINK_TYPE_RETRY_OF));
    size_t count = test_random_below(random, 10) == 0 ? 20 : test_random_below(random, 5);
    for (size_t i = 0; i < count; i++) {
        spanlink_str key = {text + i, 1 + test_random_below(random, 20)};
        spanlink_str value = {text, test_random_below(random, 40)};
        uint64_t kind = test_random_below(random, 8);
        attributes[i] = spanlink_attribute_make(kind == 0 ? own : key,
                                                spanlink_value_string(kind == 1 ? own : value));
        if (kind == 2) {
            attributes[i] = spanlink_attribute_array("numbers", numbers, 2);
        }
    }
    *link = test_link_with(1 + test_random_below(random, 9), attributes, count);
    link->context.trace_state = (spanlink_str){text, test_random_below(random, 2) * 30};
    if (test_random_below(random, 5) == 0) {
        *link = spanlink_factory_batch_item(&link->context, 7, attributes);
    }
}

/* The link is what a list with the same limits would store, also after the caller's text has
 * changed. Blocks are reused only if they fit: neither too small nor much too large. */
TEST(a_reused_block_holds_any_link) {
    static const char letters[64] =
        "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-";
    static const size_t limits[] = {0, 3, 16, SPANLINK_UNLIMITED};
    static char keys[64];
    uint64_t random = 3;
    char text[64];
    memset(keys, 'k', sizeof keys);
    for (size_t round = 0; round < 200; round++) {
        spanlink_cache_options options = options_with(1, 1);
        spanlink_list_options list_options = test_list_options();
        options.limits.max_attributes = test_limit(limits[test_random_below(&random, 4)]);
        options.limits.max_value_length = test_limit(limits[test_random_below(&random, 4)]);
        list_options.limits = options.limits;
        spanlink_cache *cache = test_cache_create(&options);
        for (size_t i = 0; i < 50; i++) {
            spanlink_attribute attributes[20];
            spanlink_link link;
            memcpy(text, letters, sizeof text);
            make_any_link(&random, text, attributes, &link);
            spanlink_list *given = test_list_create(&list_options);
            spanlink_list *cached = test_list();
            assert_ok(spanlink_list_add(given, &link));
            spanlink_str key = {keys, i};
            careless from = {&link, SPANLINK_OK};
            assert_ok(spanlink_cache_get_or_create(cache, key, make_carelessly, &from, cached));
            memset(text, '!', sizeof text);
            assert_ok(spanlink_cache_get_or_create(cache, key, make_carelessly, &from, cached));
            const spanlink_link *wanted = spanlink_list_links(given, NULL);
            const spanlink_link *got = spanlink_list_links(cached, NULL);
            assert_true(test_same_link(wanted, &got[0]));
            assert_true(test_same_link(wanted, &got[1]));
            test_list_destroy(given);
            test_list_destroy(cached);
        }
        test_end_round();
    }
}

TEST(a_small_link_does_not_keep_a_large_block) {
    static char large[20000];
    memset(large, 'k', sizeof large - 1);
    spanlink_cache *cache = create_counted(1, 1);
    number_of(cache, "small", 1);
    size_t small = test_heap.live_bytes;
    number_of(cache, large, 2);
    assert_int_equal(2, number_of(cache, large, 3));
    number_of(cache, "other", 4);
    number_of(cache, "third", 5);
    assert_true(test_heap.live_bytes < 2 * small);
}

#if defined(__GLIBC__) && SIZE_MAX > UINT32_MAX
TEST(a_cache_is_as_small_as_it_says) {
    static const size_t shards[] = {1, 2, 32};
    for (size_t i = 0; i < 3; i++) {
        create_counted(1024, shards[i]);
        assert_int_equal(1, test_heap.live_blocks);
        assert_in_range(test_heap.live_bytes, 1, 400 + 256 * shards[i]);
        test_end_round();
    }
}
#endif

TEST(a_link_stays_if_only_the_list_has_no_memory) {
    spanlink_list *list = test_list(.allocator = test_counted());
    spanlink_cache *cache = test_cache_create(NULL);
    maker first = maker_of(1), second = maker_of(2);
    test_heap.fail_at = test_heap.calls + 1;
    assert_status(SPANLINK_ERR_NO_MEMORY, get(cache, "key", &first, list));
    assert_int_equal(0, test_stats(list).offered);
    expect_stats(cache, 0, 1, 0, 1);
    test_heap.fail_at = test_heap.calls + 1;
    assert_status(SPANLINK_ERR_NO_MEMORY, get(cache, "key", &second, list));
    assert_ok(get(cache, "key", &second, list));
    assert_int_equal(0, second.calls);
    assert_int_equal(1, last_number(list));
    expect_stats(cache, 2, 1, 0, 1);
}
