/* SPDX-License-Identifier: MIT */
#include "test_otlp.h"

#define assert_value_read(wanted, literal)                                                         \
    assert_decodes_value(span_with_value(literal, sizeof(literal) - 1), wanted)

/* Too large for a stack. */
static test_otlp_links made;

TEST(what_is_encoded_decodes_to_the_same) {
    for (uint64_t seed = 0; seed < 500; seed++) {
        test_otlp_random(&made, seed, false);
        assert_round_trip(made.links, made.count);
    }
    spanlink_attribute deepest = {
        .key = {"k", 1}, .value = test_nest(SPANLINK_VALUE_EMPTY, spanlink_value_int(1), 37)};
    spanlink_link link = link_with(&deepest, 1);
    assert_round_trip(&link, 1);
}

TEST(a_span_without_links_is_no_links) {
    spanlink_list *list = test_list();
    assert_ok(spanlink_otlp_decode(NULL, 0, list));
    assert_ok(decode_literal("\x2a\x04name\x30\x05\x39"
                             "12345678",
                             list));
    assert_int_equal(0, test_stats(list).offered);
}

TEST(fields_may_be_in_any_order) {
    static const char link[] = "\x35\x01\x03\x00\x00\x28\x05\x22\x05\x12\x00\x0a\x01k\x1a\003a=1"
                               "\x12\x08ssssssss\x0a\x10tttttttttttttttt";
    spanlink_attribute attribute = {.key = {"k", 1}};
    spanlink_link wanted = link_with(&attribute, 1);
    wanted.context.is_remote = true;
    wanted.context.trace_state = spanlink_str_from("a=1");
    wanted.dropped_attributes_count = 5;
    encoded span = field_of(0x6a, link, sizeof link - 1);
    assert_decodes(span, wanted);
    encoded after = {.size = 0};
    append(&after, "\x40\x02\x2a\x01n", 5);
    append(&after, span.bytes, span.size);
    append(&after, "\x40\x01", 2);
    assert_decodes(after, wanted);
}

TEST(of_repeated_fields_the_last_counts) {
    spanlink_link wanted = bare_link(NULL, 0);
    memset(wanted.context.trace_id, 'T', 16);
    memset(wanted.context.span_id, 'S', 8);
    wanted.context.trace_state = spanlink_str_from("b");
    wanted.context.trace_flags = 2;
    wanted.context.remote_unknown = false;
    wanted.dropped_attributes_count = 2;
    static const char twice[] = "\x1a\001a\x28\x01\x35\x01\x03\x00\x00"
                                "\x12\x08SSSSSSSS\x0a\x10TTTTTTTTTTTTTTTT"
                                "\x1a\001b\x28\x02\x35\x02\x01\x00\x00";
    assert_decodes(span_with(twice, sizeof twice - 1), wanted);
    static const char empty_ids[] = "\x1a\001a\x0a\x00\x12\x00";
    spanlink_link zero = {.context = {.remote_unknown = true, .trace_state = {"a", 1}}};
    assert_decodes(span_with(empty_ids, sizeof empty_ids - 1), zero);
    static const char two_keys[] = "\x0a\x01j\x12\x02\x18\x01\x0a\x01k";
    assert_decodes_value(span_with_attribute(two_keys, sizeof two_keys - 1), spanlink_value_int(1));
}

TEST(repeated_values_are_merged) {
    static const char two_values[] = "\x0a\x01k\x12\x02\x18\x01\x12\x02\x10\x01";
    static const char then_empty[] = "\x0a\x01k\x12\x02\x18\x01\x12\x00";
    assert_decodes_value(span_with_attribute(two_values, sizeof two_values - 1),
                         spanlink_value_bool(true));
    assert_decodes_value(span_with_attribute(then_empty, sizeof then_empty - 1),
                         spanlink_value_int(1));
    assert_value_read(spanlink_value_int(2), "\x0a\x01x\x18\x01\x18\x02");
    assert_value_read(test_string("x", 1), "\x2a\x00\x18\x02\x0a\x01x");
    spanlink_value one = spanlink_value_int(1);
    assert_value_read(spanlink_value_array(&one, 1),
                      "\x2a\x04\x0a\x02\x18\x02\x2a\x04\x0a\x02\x18\x01");
}

TEST(every_kind_of_value_is_read) {
    assert_value_read(((spanlink_value){0}), "");
    assert_value_read(test_string("", 0), "\x0a\x00");
    assert_value_read(test_string("a\0b", 3), "\x0a\003a\0b");
    assert_value_read(spanlink_value_bool(false), "\x10\x00");
    assert_value_read(spanlink_value_bool(true), "\x10\x81\x00");
    assert_value_read(spanlink_value_int(127), "\x18\x7f");
    assert_value_read(spanlink_value_int(128), "\x18\x80\x01");
    assert_value_read(spanlink_value_int(1), "\x18\x81\x80\x80\x00");
    assert_value_read(spanlink_value_int(-1), "\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
    assert_value_read(spanlink_value_double(-0.0), "\x21\0\0\0\0\0\0\0\x80");
    assert_value_read(test_bytes("\0\xff", 2), "\x3a\x02\0\xff");
    assert_value_read(spanlink_value_array(NULL, 0), "\x2a\x00");
    assert_value_read(spanlink_value_map(NULL, 0), "\x32\x00");
    spanlink_attribute entry = spanlink_attribute_int("key", 1);
    spanlink_value elements[] = {{0}, spanlink_value_map(&entry, 1)};
    assert_value_read(spanlink_value_array(elements, 2),
                      "\x2a\x11\x0a\x00\x0a\x0d\x32\x0b\x0a\x09\x0a\x03key\x12\x02\x18\x01");
}

/* The usual short form of attributes, and forms that differ from it in one place. */
TEST(short_attributes_are_read_like_all_others) {
    spanlink_attribute attribute = spanlink_attribute_int("k", 5);
    spanlink_link link = bare_link(&attribute, 1);
    assert_decodes(span_with_attribute("\x0a\x01k\x12\x02\x18\x05", 7), link);
    assert_decodes(span_with_attribute("\x12\x02\x18\x05\x0a\x01k", 7), link);
    assert_decodes(span_with_attribute("\x0a\x01k\x12\x02\x18\x05\x70\x01", 9), link);
    assert_decodes(span_with_attribute("\x0a\x01k\x70\x01\x12\x02\x18\x05", 9), link);
    assert_decodes(span_with_attribute("\x0a\x01k\x12\x04\x18\x05\x70\x01", 9), link);
    assert_decodes(span_with_attribute("\x0a\x01k\x12\x04\x18\x04\x18\x05", 9), link);
    assert_decodes(span_with_attribute("\x0a\x01k\x12\x03\x18\x85\x00", 8), link);
    attribute = spanlink_attribute_string("k", "vw");
    assert_decodes(span_with_attribute("\x0a\x01k\x12\x04\x0a\x02vw", 9), link);
    assert_decodes(span_with_attribute("\x0a\x01k\x12\x06\x0a\x02vw\x70\x01", 11), link);
    attribute = spanlink_attribute_bool("k", true);
    assert_decodes(span_with_attribute("\x0a\x01k\x12\x02\x10\x01", 7), link);
    char text[130];
    memset(text, 'x', sizeof text);
    for (size_t length = 110; length < 130; length++) {
        attribute = spanlink_attribute_make(spanlink_str_from("k"),
                                            spanlink_value_string((spanlink_str){text, length}));
        encoded value = field_of(0x0a, text, length);
        assert_decodes(span_with_value(value.bytes, value.size), link);
    }
}

/* Reserved bits do not change the meaning of these. */
TEST(flags_without_bit_8_leave_unknown_whether_the_span_is_remote) {
    for (unsigned low = 0; low < 256; low++) {
        for (unsigned high = low % 4; high < 256; high += 85) {
            uint8_t field[] = {0x35, (uint8_t)low, (uint8_t)high, (uint8_t)high, 0xff};
            spanlink_link wanted = bare_link(NULL, 0);
            wanted.context.trace_flags = (uint8_t)low;
            wanted.context.remote_unknown = high % 2 == 0;
            wanted.context.is_remote = high % 4 == 3;
            assert_decodes(span_with(field, sizeof field), wanted);
        }
    }
}

TEST(flags_of_each_kind_come_back_as_they_were) {
    for (unsigned flags = 0; flags < 256; flags++) {
        for (unsigned origin = 0; origin < 3; origin++) {
            spanlink_link link = plain_link();
            link.context.trace_flags = (uint8_t)flags;
            link.context.is_remote = origin == 1;
            link.context.remote_unknown = origin == 2;
            assert_round_trip(&link, 1);
        }
    }
}

/* A tag may be longer than necessary. */
TEST(fields_are_known_by_their_numbers) {
    spanlink_attribute attribute = spanlink_attribute_double("k", 1.5);
    spanlink_link link = link_with(&attribute, 1);
    link.context.trace_flags = 0x81;
    link.context.is_remote = true;
    link.dropped_attributes_count = 5;
    assert_decodes(span_with("\xa2\x00\x11\x8a\x00\x01k\x92\x00\x0a\xa1\x00\0\0\0\0\0\0\xf8\x3f"
                             "\xa8\x00\x05\xb5\x00\x81\x03\0\0",
                             29),
                   link);
}

TEST(an_id_is_whole_or_absent) {
    for (uint8_t size = 0; size < 40; size++) {
        uint8_t field[60] = {0x0a, size};
        memcpy(field + 2 + size, "\x1a\001a", 3);
        encoded span = field_of(0x6a, field, size + 5u);
        assert_status(size == 0 || size == 16 ? SPANLINK_OK : SPANLINK_ERR_OTLP_TRACE_ID,
                      status_of_span(span));
        field[0] = 0x12;
        span = field_of(0x6a, field, size + 5u);
        assert_status(size == 0 || size == 8 ? SPANLINK_OK : SPANLINK_ERR_OTLP_SPAN_ID,
                      status_of_span(span));
    }
    /* Ids whose encoding differs in one place from the usual one. */
    assert_status(
        SPANLINK_ERR_OTLP_TRACE_ID,
        status_of_span(field_of(0x6a, "\x0a\x0fttttttttttttttt\x12\x08ssssssss\x1a\x00", 29)));
    assert_status(
        SPANLINK_ERR_OTLP_TRACE_ID,
        status_of_span(field_of(0x6a, "\x0a\x0f\x10tttttttttttttt\x1a\x12\x08ssssssss", 28)));
    assert_status(
        SPANLINK_ERR_OTLP_SPAN_ID,
        status_of_span(field_of(0x6a, "\x0a\x10tttttttttttttttt\x12\x07sssssss\x1a\x00", 29)));
    assert_ok(status_of_span(field_of(0x6a, "\x0a\x10tttttttttttttttt\x1a\x08ssssssss", 28)));
    assert_ok(status_of_span(field_of(0x6a, "\x1a\x10tttttttttttttttt\x12\x08ssssssss", 28)));
}

TEST(a_link_without_ids_and_content_is_skipped_and_counted) {
    spanlink_list *list = test_list();
    static const char spans[] = "\x6a\x00"
                                "\x6a\x05\x35\x01\x03\x00\x00"
                                "\x6a\x0a\x12\x08ssssssss"
                                "\x6a\x02\x28\x01"
                                "\x6a\x03\x1a\001a"
                                "\x6a\x07\x22\x05\x0a\x01k\x12\x00";
    assert_ok(decode_literal(spans, list));
    test_expect_stats(list, 2, 0, 0, 4);
}

/* trace/api.md, "Link": only the kept parts make a link valid, and a list may keep no attributes.
 */
TEST(a_link_without_ids_is_invalid_if_the_list_keeps_nothing_of_it) {
    spanlink_list *list = test_list(.limits.max_attributes = SPANLINK_NONE);
    static const char spans[] =
        "\x6a\x07\x22\x05\x0a\x01k\x12\x00" /* an attribute */
        "\x6a\x06\x22\x00\x1a\002a\x1f"; /* an attribute without a key, and a tracestate that is not
                                            printable */
    assert_ok(decode_literal(spans, list));
    test_expect_stats(list, 0, 0, 0, 2);
    assert_ok(decode_literal("\x6a\x03\x1a\001a", list));
    spanlink_link link = plain_link();
    encoded whole = encode(&link, 1);
    assert_ok(decode_bytes(whole.bytes, whole.size, list));
    assert_int_equal(2, test_stats(list).kept);
    list = test_list();
    assert_ok(decode_literal(spans, list));
    test_expect_stats(list, 1, 0, 0, 1);
}

TEST(bad_keys_are_dropped_by_the_list) {
    spanlink_link wanted = bare_link(NULL, 0);
    wanted.dropped_attributes_count = 3;
    assert_decodes(span_with("\x22\x00\x22\x02\x0a\x00\x22\x04\x12\x02\x18\x01", 12), wanted);
}

TEST(the_lists_limits_hold) {
    spanlink_link links[6];
    spanlink_attribute attributes[2] = {spanlink_attribute_int("a", 1),
                                        spanlink_attribute_int("b", 2)};
    for (size_t i = 0; i < 6; i++) {
        links[i] = test_link_with(i / 2 * 2 + 1, attributes, 2);
        links[i].context.trace_flags = (uint8_t)i;
    }
    links[5].context = test_context(9);
    encoded bytes = encode(links, 6);
    spanlink_list *list =
        test_list(.limits.max_links = 2, .limits.max_attributes = 1, .unique = true);
    assert_ok(decode_bytes(bytes.bytes, bytes.size, list));
    test_expect_stats(list, 2, 2, 2, 0);
    assert_int_equal(1, spanlink_list_links(list, NULL)[0].attribute_count);
    assert_int_equal(1, spanlink_list_links(list, NULL)[0].dropped_attributes_count);
}

/* Eight kinds of list for each limit from 0. */
static spanlink_list_options options_of(size_t variant) {
    spanlink_list_options options = test_list_options();
    options.limits.max_links = test_limit(variant / 8);
    options.overflow = (uint32_t)(variant % 4);
    options.unique = variant / 4 % 2 != 0;
    options.hash_seed[0] = 1;
    return options;
}

/* Whether the list can hold all decoded links, some of them, or is already full. */
TEST(decoding_offers_as_append_does) {
    spanlink_link links[12], first = plain_link();
    size_t count = varied_links(links);
    for (; count < 12; count++) {
        links[count] = links[count % 5];
        links[count].context = test_context(count % 9 + 1);
        links[count].context.trace_flags = count % 2;
        if (links[count].attribute_count > 1 && count > 8) {
            links[count].attribute_count = 1;
        }
    }
    encoded bytes = encode(links, count);
    for (size_t variant = 0; variant < 15 * 8; variant++) {
        spanlink_list_options options = options_of(variant);
        spanlink_list *decoded = test_list_create(&options);
        spanlink_list *appended = test_list_create(&options);
        assert_ok(spanlink_list_add(decoded, &first));
        assert_ok(spanlink_list_add(appended, &first));
        assert_ok(decode_bytes(bytes.bytes, bytes.size, decoded));
        assert_ok(spanlink_list_append(appended, links, count));
        test_expect_same_lists(decoded, appended);
        test_end_round();
    }
}

/* The links before the error were already in the list, or were waiting to be added. */
TEST(a_late_fault_leaves_every_kind_of_list_as_it_was) {
    spanlink_link links[5];
    size_t count = varied_links(links);
    encoded bytes = encode(links, count);
    append(&bytes, "\x6a\x03\x1a\x01\xff", 5);
    for (size_t variant = 0; variant < 8 * 8; variant++) {
        spanlink_list_options options = options_of(variant);
        spanlink_list *list = test_list_create(&options);
        spanlink_list *untouched = test_list_create(&options);
        assert_status(SPANLINK_ERR_OTLP_UTF8, decode_bytes(bytes.bytes, bytes.size, list));
        test_expect_same_lists(untouched, list);
        assert_ok(spanlink_list_append(untouched, links, count));
        assert_ok(spanlink_list_append(list, links, count));
        test_expect_same_lists(untouched, list);
        test_end_round();
    }
}

TEST(a_link_may_have_any_number_of_short_attributes) {
    for (size_t count = 0; count <= 110; count++) {
        spanlink_link link = link_with(test_attributes(), count);
        static uint8_t bytes[20000]; /* also large enough for longer ones */
        size_t size;
        assert_ok(spanlink_otlp_encode(&link, 1, bytes, sizeof bytes, &size));
        spanlink_list *list = test_list(.limits.max_attributes = 200);
        assert_ok(spanlink_otlp_decode(bytes, size, list));
        test_expect_links(list, &link, 1);
        test_end_round();
    }
}

/* They then follow other links. */
TEST(links_that_wait_may_have_many_short_attributes_too) {
    for (size_t count = 1; count <= 100; count++) {
        static uint8_t bytes[8000];
        spanlink_link links[4];
        size_t size;
        for (size_t i = 0; i < 4; i++) {
            links[i] = link_with(test_attributes(), count);
        }
        assert_ok(spanlink_otlp_encode(links, 4, bytes, sizeof bytes, &size));
        spanlink_list *list = test_list(.limits.max_links = 1);
        assert_ok(spanlink_otlp_decode(bytes, size, list));
        assert_int_equal(3, test_stats(list).over_limit);
        assert_int_equal(count + 2, spanlink_list_links(list, NULL)->attribute_count);
        test_end_round();
    }
}

TEST(wrong_arguments_of_decoding_have_a_status) {
    spanlink_list *list = test_list();
    assert_refused(spanlink_otlp_decode(NULL, 1, list));
    assert_refused(spanlink_otlp_decode((const uint8_t *)"", 0, NULL));
    assert_status(SPANLINK_ERR_OTLP_SIZE,
                  spanlink_otlp_decode((const uint8_t *)"", (size_t)INT32_MAX + 1, list));
    assert_status(SPANLINK_ERR_OTLP_FIELD, /* the error of the first byte: no other is read */
                  spanlink_otlp_decode((const uint8_t *)"", INT32_MAX, list));
    assert_status(SPANLINK_ERR_OTLP_SIZE,
                  spanlink_otlp_decode((const uint8_t *)"", SIZE_MAX, list));
}

/* common/README, "map<string, AnyValue>": keys are unique. As in a link, the last value is used. */
TEST(a_map_holds_each_key_once_at_every_level) {
    spanlink_attribute inner[] = {spanlink_attribute_int("x", 1), spanlink_attribute_int("y", 2),
                                  spanlink_attribute_int("x", 3)};
    spanlink_attribute outer[] = {spanlink_attribute_int("m", 1), spanlink_attribute_int("n", 2),
                                  spanlink_attribute_map("m", inner, 3)};
    spanlink_value array = spanlink_value_map(outer, 3);
    spanlink_attribute attributes[] = {spanlink_attribute_int("k", 1),
                                       spanlink_attribute_int("l", 1),
                                       spanlink_attribute_array("k", &array, 1)};
    spanlink_attribute once_inner[] = {inner[2], inner[1]};
    spanlink_attribute once_outer[] = {spanlink_attribute_map("m", once_inner, 2), outer[1]};
    spanlink_value once_array = spanlink_value_map(once_outer, 2);
    spanlink_attribute once[] = {spanlink_attribute_array("k", &once_array, 1), attributes[1]};
    spanlink_link link = link_with(attributes, 3), wanted = link_with(once, 2);
    encoded span = encode(&link, 1);
    assert_decodes(span, wanted);
}

/* In both lists, texts set by the factories are the library's own and take no memory. */
TEST(the_librarys_own_names_are_not_copied) {
    spanlink_attribute attributes[] = {spanlink_attribute_string("link.type", "batch_item"),
                                       spanlink_attribute_int("batch.index", 5)};
    spanlink_link link = link_with(attributes, 2);
    encoded span = encode(&link, 1);
    spanlink_list *list = test_list();
    assert_ok(decode_bytes(span.bytes, span.size, list));
    const spanlink_link *read = spanlink_list_links(list, NULL);
    assert_true(test_same_link(&link, read));
    assert_ptr_equal(spanlink_link_type_name(SPANLINK_LINK_TYPE_BATCH_ITEM),
                     read->attributes[0].value.string_value.ptr);
}
