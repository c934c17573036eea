/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_fixtures.h"

#include <spanlink/factory.h>

/* The functions that fill storage and those that add to a list must make the same link. */
static void expect_same(spanlink_status added, spanlink_list *list, const spanlink_link *link) {
    assert_ok(added);
    assert_true(test_same_link(link, test_list_links(list, 1)));
    spanlink_list_clear(list);
}

static spanlink_context some_context(void) {
    spanlink_context context = test_context(7);
    context.trace_flags = 0x83;
    context.is_remote = true;
    context.trace_state = spanlink_str_from("a=b");
    return context;
}

TEST(typed_and_custom_links_carry_their_type) {
    spanlink_context context = some_context();
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    spanlink_list *list = test_list();
    for (int type = 0; type < SPANLINK_LINK_TYPE_CUSTOM; type++) {
        spanlink_link link = spanlink_factory_of_type(&context, (spanlink_link_type)type, storage);
        assert_int_equal(1, link.attribute_count);
        assert_ptr_equal(storage, link.attributes);
        assert_text("link.type", storage[0].key);
        assert_text(spanlink_link_type_name((spanlink_link_type)type),
                    storage[0].value.string_value);
        assert_true(spanlink_context_same_span(&context, &link.context));
        assert_int_equal(0x83, link.context.trace_flags);
        assert_text("a=b", link.context.trace_state);
        expect_same(spanlink_list_add_of_type(list, &context, (spanlink_link_type)type), list,
                    &link);
    }
    spanlink_link link = spanlink_factory_custom(&context, "http_request", storage);
    assert_text("http_request", spanlink_link_find(&link, "link.type")->value.string_value);
    expect_same(spanlink_list_add_custom(list, &context, "http_request"), list, &link);
}

TEST(the_four_factories_add_their_attribute) {
    spanlink_context context = some_context();
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    spanlink_list *list = test_list();

    spanlink_link link = spanlink_factory_batch_item(&context, 41, storage);
    assert_int_equal(2, link.attribute_count);
    assert_text("batch_item", spanlink_link_find(&link, "link.type")->value.string_value);
    assert_int_equal(41, spanlink_link_find(&link, "batch.index")->value.int_value);
    expect_same(spanlink_list_add_batch_item(list, &context, 41), list, &link);

    link = spanlink_factory_retry(&context, INT64_MIN, storage);
    assert_text("retry_of", spanlink_link_find(&link, "link.type")->value.string_value);
    assert_int_equal(INT64_MIN, spanlink_link_find(&link, "retry.attempt")->value.int_value);
    expect_same(spanlink_list_add_retry(list, &context, INT64_MIN), list, &link);

    link = spanlink_factory_aggregate(&context, "shard-1", storage);
    assert_text("aggregates", spanlink_link_find(&link, "link.type")->value.string_value);
    assert_text("shard-1", spanlink_link_find(&link, "aggregate.source")->value.string_value);
    expect_same(spanlink_list_add_aggregate(list, &context, "shard-1"), list, &link);

    link = spanlink_factory_causal(&context, "timeout", storage);
    assert_text("caused_by", spanlink_link_find(&link, "link.type")->value.string_value);
    assert_text("timeout", spanlink_link_find(&link, "causal.reason")->value.string_value);
    expect_same(spanlink_list_add_causal(list, &context, "timeout"), list, &link);
}

TEST(longer_storage_takes_more_attributes) {
    spanlink_context context = some_context();
    spanlink_attribute storage[3];
    spanlink_link link = spanlink_factory_batch_item(&context, 1, storage);
    storage[link.attribute_count++] = spanlink_attribute_string("messaging.system", "kafka");
    assert_int_equal(3, link.attribute_count);
    assert_text("kafka", spanlink_link_find(&link, "messaging.system")->value.string_value);
}

TEST(the_texts_of_the_caller_are_copied_by_a_list) {
    spanlink_context context = some_context();
    char type[] = "mine", reason[] = "why";
    spanlink_list *list = test_list();
    assert_ok(spanlink_list_add_custom(list, &context, type));
    assert_ok(spanlink_list_add_causal(list, &context, reason));
    memset(type, 'x', 4);
    memset(reason, 'x', 3);
    const spanlink_link *links = spanlink_list_links(list, NULL);
    assert_text("mine", links[0].attributes[0].value.string_value);
    assert_text("why", links[1].attributes[1].value.string_value);
}

TEST(a_key_of_the_library_may_hold_any_value) {
    static const uint8_t bytes[] = {1, 2, 3};
    spanlink_context context = some_context();
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    spanlink_list *list = test_list();
    assert_ok(spanlink_list_add_retry(list, &context, 1));
    spanlink_list_clear(list);
    spanlink_link link = spanlink_factory_retry(&context, 1, storage);
    storage[1].value = spanlink_value_bytes(bytes, sizeof bytes);
    expect_same(spanlink_list_add(list, &link), list, &link);
    storage[1].value = spanlink_value_array(&storage[0].value, 1);
    expect_same(spanlink_list_add(list, &link), list, &link);
}

TEST(a_zeroed_context_is_recorded_for_its_attributes) {
    spanlink_context zero = {.trace_flags = 0};
    spanlink_list *list = test_list();
    assert_ok(spanlink_list_add_batch_item(list, &zero, 0));
    assert_int_equal(1, test_stats(list).kept);
}

TEST(what_is_missing_is_left_out_or_refused) {
    spanlink_context context = some_context();
    spanlink_attribute storage[2];
    assert_int_equal(
        0, spanlink_factory_of_type(&context, SPANLINK_LINK_TYPE_CUSTOM, storage).attribute_count);
    assert_int_equal(0, spanlink_factory_custom(&context, NULL, storage).attribute_count);
    assert_int_equal(0, spanlink_factory_batch_item(&context, 1, NULL).attribute_count);
    assert_int_equal(0, spanlink_factory_retry(&context, 1, NULL).attribute_count);
    assert_int_equal(0, spanlink_factory_causal(&context, "x", NULL).attribute_count);
    assert_int_equal(1, spanlink_factory_aggregate(&context, NULL, storage).attribute_count);
    spanlink_link link = spanlink_factory_retry(NULL, 1, storage);
    assert_int_equal(0, link.context.trace_flags);
    assert_int_equal(0, link.context.trace_state.len);
    assert_false(link.context.is_remote);
    assert_false(spanlink_context_is_valid(&link.context));
    assert_int_equal(2, link.attribute_count);

    spanlink_list *list = test_list();
    assert_refused(spanlink_list_add_of_type(list, &context, SPANLINK_LINK_TYPE_CUSTOM));
    assert_refused(spanlink_list_add_custom(list, &context, NULL));
    assert_refused(spanlink_list_add_aggregate(list, &context, NULL));
    assert_refused(spanlink_list_add_causal(list, &context, NULL));
    assert_refused(spanlink_list_add_custom(list, NULL, "x"));
    assert_refused(spanlink_list_add_batch_item(list, NULL, 1));
    assert_refused(spanlink_list_add_retry(list, NULL, 1));
    assert_refused(spanlink_list_add_aggregate(list, NULL, "x"));
    assert_refused(spanlink_list_add_causal(list, NULL, "x"));
    assert_refused(spanlink_list_add_retry(NULL, &context, 1));
    assert_int_equal(0, test_stats(list).offered);
}

TEST(sized_texts_give_the_same_links) {
    spanlink_context context = some_context();
    spanlink_attribute storage[2], twin_storage[2];
    spanlink_str text = spanlink_str_make("textual", 4), none = {NULL, 0};
    spanlink_list *list = test_list();

    spanlink_link link = spanlink_factory_custom(&context, "text", storage);
    spanlink_link twin = spanlink_factory_custom_str(&context, text, twin_storage);
    assert_true(spanlink_link_equal(&link, &twin));
    expect_same(spanlink_list_add_custom_str(list, &context, text), list, &link);

    link = spanlink_factory_aggregate(&context, "text", storage);
    twin = spanlink_factory_aggregate_str(&context, text, twin_storage);
    assert_true(spanlink_link_equal(&link, &twin));
    expect_same(spanlink_list_add_aggregate_str(list, &context, text), list, &link);

    link = spanlink_factory_causal(&context, "text", storage);
    twin = spanlink_factory_causal_str(&context, text, twin_storage);
    assert_true(spanlink_link_equal(&link, &twin));
    expect_same(spanlink_list_add_causal_str(list, &context, text), list, &link);

    assert_int_equal(0, spanlink_factory_custom_str(&context, none, storage).attribute_count);
    assert_int_equal(1, spanlink_factory_aggregate_str(&context, none, storage).attribute_count);
    assert_int_equal(1, spanlink_factory_causal_str(&context, none, storage).attribute_count);
    assert_int_equal(0, spanlink_factory_causal_str(&context, text, NULL).attribute_count);
    assert_refused(spanlink_list_add_custom_str(list, &context, none));
    assert_refused(spanlink_list_add_aggregate_str(list, &context, none));
    assert_refused(spanlink_list_add_causal_str(list, &context, none));
    assert_refused(spanlink_list_add_custom_str(list, NULL, text));
    assert_refused(spanlink_list_add_aggregate_str(list, NULL, text));
    assert_refused(spanlink_list_add_causal_str(list, NULL, text));
    assert_refused(spanlink_list_add_causal_str(NULL, &context, text));
    assert_int_equal(0, test_stats(list).offered);
}

/* Adds links, and compares each with that of the functions that fill storage, within the limits. */
static void expect_items(const spanlink_list_options *options, const spanlink_context *context) {
    enum { ITEMS = 40 };
    spanlink_list *items = test_list_create(options), *links = test_list_create(options);
    for (int64_t i = 0; i < ITEMS; i++) {
        spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
        spanlink_link link = spanlink_factory_batch_item(context, i, storage);
        assert_status(spanlink_list_add(links, &link),
                      spanlink_list_add_batch_item(items, context, i));
    }
    test_expect_same_links(links, items);
    assert_int_equal(test_stats(links).invalid, test_stats(items).invalid);
    test_end_round();
}

TEST(one_link_after_another_goes_into_a_list) {
    spanlink_list_options options = test_list_options();
    spanlink_context context = some_context(), plain = test_context(7);
    expect_items(&options, &context);
    expect_items(&options, &plain);
}

TEST(the_limits_of_a_list_hold_for_one_link_after_another) {
    spanlink_context context = test_context(7);
    for (size_t limit = 0; limit <= 3; limit++) {
        spanlink_list_options options = test_list_options();
        options.limits.max_attributes = test_limit(limit);
        expect_items(&options, &context);
        options = test_list_options();
        options.limits.max_value_length = test_limit(limit);
        expect_items(&options, &context);
        options = test_list_options();
        options.limits.max_links = test_limit(limit);
        expect_items(&options, &context);
    }
}
