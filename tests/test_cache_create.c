/* SPDX-License-Identifier: MIT */
#include "test_caches.h"

TEST(what_create_returns_is_returned_and_nothing_is_kept) {
    spanlink_cache *cache = test_cache_create(NULL);
    spanlink_list *list = test_list();
    for (int emits = 0; emits < 3; emits++) {
        maker from = {.number = 1, .emits = emits, .status = SPANLINK_ERR_NO_CONTEXT};
        assert_status(SPANLINK_ERR_NO_CONTEXT, get(cache, "key", &from, list));
    }
    maker odd = {.number = 1, .emits = 1, .status = (spanlink_status)250};
    assert_int_equal(250, get(cache, "key", &odd, list));
    expect_stats(cache, 0, 4, 0, 0);
    assert_int_equal(0, test_stats(list).offered);
    assert_int_equal(9, number_of(cache, "key", 9));
}

TEST(create_emits_exactly_one_link) {
    spanlink_cache *cache = test_cache_create(NULL);
    spanlink_list *list = test_list();
    maker none = {.emits = 0}, two = {.emits = 2}, three = {.emits = 3};
    assert_status(SPANLINK_ERR_CACHE_NO_LINK, get(cache, "key", &none, list));
    assert_status(SPANLINK_ERR_CACHE_MULTIPLE_LINKS, get(cache, "key", &two, list));
    assert_status(SPANLINK_ERR_CACHE_MULTIPLE_LINKS, two.emitted);
    assert_status(SPANLINK_ERR_CACHE_MULTIPLE_LINKS, get(cache, "key", &three, list));
    expect_stats(cache, 0, 3, 0, 0);
    assert_int_equal(0, test_stats(list).offered);
}

static void expect_refusal(spanlink_cache *cache, const spanlink_link *link,
                           spanlink_status emitted, spanlink_status returned) {
    spanlink_list *list = test_list();
    careless from = {link, SPANLINK_OK};
    assert_status(returned, look_up(cache, "key", make_carelessly, &from, list));
    assert_status(emitted, from.emitted);
    assert_int_equal(0, test_stats(list).offered);
    assert_int_equal(0, stats_of(cache).entries);
    test_list_destroy(list);
}

/* With a recycled block or without one. */
static void expect_none_is_refused(bool spare) {
    spanlink_cache_options options = options_with(10, 1);
    options.limits.max_attributes = 1;
    spanlink_cache *cache = test_cache_create(&options);
    if (spare) {
        number_of(cache, "key", 1);
        assert_true(spanlink_cache_remove(cache, spanlink_str_from("key")));
    }
    spanlink_attribute unknown = spanlink_attribute_int("a", 1), empty = {.key = {NULL, 0}};
    unknown.value.type = 99;
    spanlink_link nowhere = {.attribute_count = 0}, no_key = {.attribute_count = 1};
    spanlink_link half = {.context = test_context(1)}, odd = {.context = test_context(1)};
    spanlink_link lacking = {.context = test_context(1), .attribute_count = 1};
    no_key.attributes = &empty;
    memset(half.context.span_id, 0, sizeof half.context.span_id);
    odd.attributes = &unknown;
    odd.attribute_count = 1;
    expect_refusal(cache, NULL, SPANLINK_ERR_ARGUMENT, SPANLINK_ERR_CACHE_NO_LINK);
    expect_refusal(cache, &lacking, SPANLINK_ERR_ARGUMENT, SPANLINK_ERR_CACHE_NO_LINK);
    expect_refusal(cache, &nowhere, SPANLINK_ERR_LINK_INVALID, SPANLINK_ERR_LINK_INVALID);
    expect_refusal(cache, &half, SPANLINK_ERR_LINK_INVALID, SPANLINK_ERR_LINK_INVALID);
    expect_refusal(cache, &no_key, SPANLINK_ERR_LINK_INVALID, SPANLINK_ERR_LINK_INVALID);
    expect_refusal(cache, &odd, SPANLINK_ERR_VALUE_TYPE, SPANLINK_ERR_VALUE_TYPE);
}

TEST(an_invalid_link_is_refused_and_not_kept) {
    expect_none_is_refused(false);
    expect_none_is_refused(true);
}

TEST(a_context_or_an_attribute_or_a_tracestate_makes_a_link) {
    spanlink_cache *cache = test_cache_create(NULL);
    spanlink_list *list = test_list();
    spanlink_link stated = {.attribute_count = 0}, bare = {.context = test_context(1)};
    stated.context.trace_state = spanlink_str_from("a=1");
    careless from = {&stated, SPANLINK_OK}, plain = {&bare, SPANLINK_OK};
    maker zero = maker_of(0);
    assert_ok(get(cache, "zero", &zero, list));
    assert_ok(look_up(cache, "stated", make_carelessly, &from, list));
    assert_ok(look_up(cache, "bare", make_carelessly, &plain, list));
    assert_int_equal(3, test_stats(list).kept);
}

static spanlink_status make_nested(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                   void *sink) {
    nested *self = state;
    if (self->remove_first) {
        assert_false(spanlink_cache_remove(self->cache, key));
    }
    if (self->depth < 2 && self->inner[self->depth] != NULL) {
        const char *inner = self->inner[self->depth++];
        self->seen = look_up(self->cache, inner, make_nested, self, self->list);
    }
    spanlink_attribute storage[1];
    spanlink_link link = test_link(key.ptr[0] == 'a' ? 1 : 2, storage);
    return emit(sink, &link);
}

static spanlink_status get_nested(nested *from, const char *key) {
    return look_up(from->cache, key, make_nested, from, from->list);
}

TEST(create_may_use_the_cache_with_another_key) {
    static const size_t shards[] = {1, 8};
    for (size_t i = 0; i < 2; i++) {
        nested from = {.cache = create_with(100, shards[i]), .list = test_list()};
        from.inner[0] = "b";
        assert_ok(get_nested(&from, "a"));
        assert_ok(from.seen);
        assert_int_equal(2, test_stats(from.list).kept);
        const spanlink_link *links = spanlink_list_links(from.list, NULL);
        assert_int_equal(2, test_number(&links[0]));
        assert_int_equal(1, test_number(&links[1]));
        expect_stats(from.cache, 0, 2, 0, 2);
        test_end_round();
    }
}

TEST(a_key_inside_its_own_create_is_recursion) {
    nested from = {.cache = create_with(100, 1), .list = test_list()};
    from.inner[0] = "a";
    assert_ok(get_nested(&from, "a"));
    assert_status(SPANLINK_ERR_CACHE_RECURSION, from.seen);
    expect_stats(from.cache, 0, 1, 0, 1);
    assert_int_equal(1, test_stats(from.list).kept);
    spanlink_cache_clear(from.cache);
    from.depth = 0;
    from.inner[0] = "b";
    from.inner[1] = "a";
    assert_ok(get_nested(&from, "a"));
    assert_ok(from.seen); /* of "b"; the error of the innermost "a" was ignored */
}

TEST(a_key_removed_inside_its_own_create_is_still_recursion) {
    nested from = {.cache = create_with(100, 1), .list = test_list(), .remove_first = true};
    from.inner[0] = "a";
    assert_ok(get_nested(&from, "a"));
    assert_status(SPANLINK_ERR_CACHE_RECURSION, from.seen);
    assert_int_equal(1, test_stats(from.list).kept);
    expect_stats(from.cache, 0, 1, 0, 0);
}

static spanlink_status ask_colliding(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                     void *sink) {
    nested *self = state;
    char other[16];
    test_collide_text(known_seed, 'b', other);
    assert_memory_not_equal(other, key.ptr, 16);
    maker from = maker_of(2);
    self->seen = spanlink_cache_get_or_create(self->cache, (spanlink_str){other, 16}, make, &from,
                                              self->list);
    assert_false(spanlink_cache_remove(self->cache, (spanlink_str){other, 15}));
    spanlink_attribute storage[1];
    spanlink_link link = test_link(1, storage);
    return emit(sink, &link);
}

TEST(equal_hashes_are_no_recursion) {
    nested from = {.cache = create_with(100, 1), .list = test_list()};
    char key[16];
    test_collide_text(known_seed, 'a', key);
    assert_ok(spanlink_cache_get_or_create(from.cache, (spanlink_str){key, 16}, ask_colliding,
                                           &from, from.list));
    assert_ok(from.seen);
    expect_stats(from.cache, 0, 2, 0, 2);
}
