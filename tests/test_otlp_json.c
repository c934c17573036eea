/* SPDX-License-Identifier: MIT */
#include "test_otlp.h"

#include <spanlink/otlp_json.h>
#include <spanlink/truncate.h>

#define IDS "\"traceId\":\"74747474747474747474747474747474\",\"spanId\":\"7373737373737373\""

static void assert_json(const char *wanted, const spanlink_link *links, size_t count) {
    char text[4096];
    size_t size;
    assert_ok(spanlink_otlp_json_encode(links, count, text, sizeof text, &size));
    assert_text(wanted, ((spanlink_str){text, size}));
    assert_int_equal(size, spanlink_otlp_json_size(links, count));
}

/* `inside` is the text between the ids and the flags. */
static void assert_link(const char *inside, const spanlink_link *link) {
    char wanted[4096];
    snprintf(wanted, sizeof wanted, "[{" IDS "%s,\"flags\":257}]", inside);
    assert_json(wanted, link, 1);
}

static void assert_value(const char *wanted, spanlink_value value) {
    char inside[3000];
    spanlink_attribute attribute = {.key = {"k", 1}, .value = value};
    spanlink_link link = link_with(&attribute, 1);
    snprintf(inside, sizeof inside, ",\"attributes\":[{\"key\":\"k\",\"value\":%s}]", wanted);
    assert_link(inside, &link);
}

TEST(no_links_are_an_empty_array) {
    assert_json("[]", NULL, 0);
}

TEST(a_link_without_attributes_has_ids_and_flags) {
    spanlink_link link = plain_link();
    assert_link("", &link);
}

TEST(ids_are_written_in_lowercase_hex) {
    const spanlink_link link = {
        .context = {.trace_id = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff},
                    .span_id = {0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10}}};
    assert_json("[{\"traceId\":\"00010203040506070809aabbccddeeff\","
                "\"spanId\":\"fedcba9876543210\",\"flags\":256}]",
                &link, 1);
}

TEST(zero_ids_are_written) {
    spanlink_link link = {.attribute_count = 0};
    assert_json("[{\"traceId\":\"00000000000000000000000000000000\","
                "\"spanId\":\"0000000000000000\",\"flags\":256}]",
                &link, 1);
}

TEST(flags_tell_whether_the_span_is_remote) {
    spanlink_link link = plain_link();
    link.context.trace_flags = 255;
    link.context.is_remote = true;
    assert_json("[{" IDS ",\"flags\":1023}]", &link, 1);
    link.context.remote_unknown = true;
    assert_json("[{" IDS ",\"flags\":255}]", &link, 1);
    link.context.trace_flags = 0;
    assert_json("[{" IDS "}]", &link, 1);
}

TEST(all_fields_of_a_link_come_in_the_order_of_their_numbers) {
    spanlink_attribute attributes[] = {spanlink_attribute_string("link.type", "batch_item"),
                                       spanlink_attribute_int("batch.index", 7)};
    spanlink_link links[] = {link_with(attributes, 2), link_with(attributes, 1)};
    links[0].context.trace_state = spanlink_str_from("vendor=\"1\\\"");
    links[0].dropped_attributes_count = UINT32_MAX;
    assert_json("[{" IDS ",\"traceState\":\"vendor=\\\"1\\\\\\\"\",\"attributes\":["
                "{\"key\":\"link.type\",\"value\":{\"stringValue\":\"batch_item\"}},"
                "{\"key\":\"batch.index\",\"value\":{\"intValue\":\"7\"}}],"
                "\"droppedAttributesCount\":4294967295,\"flags\":257},"
                "{" IDS ",\"attributes\":["
                "{\"key\":\"link.type\",\"value\":{\"stringValue\":\"batch_item\"}}],"
                "\"flags\":257}]",
                links, 2);
}

TEST(scalars_are_written_by_their_type) {
    assert_value("{}", (spanlink_value){0});
    assert_value("{\"boolValue\":true}", spanlink_value_bool(true));
    assert_value("{\"boolValue\":false}", spanlink_value_bool(false));
    assert_value("{\"intValue\":\"0\"}", spanlink_value_int(0));
    assert_value("{\"intValue\":\"-1\"}", spanlink_value_int(-1));
    assert_value("{\"intValue\":\"9223372036854775807\"}", spanlink_value_int(INT64_MAX));
    assert_value("{\"intValue\":\"-9223372036854775808\"}", spanlink_value_int(INT64_MIN));
    assert_value("{\"doubleValue\":0.0}", spanlink_value_double(0.0));
    assert_value("{\"doubleValue\":-0.0}", spanlink_value_double(-0.0));
    assert_value("{\"doubleValue\":0.1}", spanlink_value_double(0.1));
    assert_value("{\"doubleValue\":1.7976931348623157e+308}", spanlink_value_double(DBL_MAX));
    assert_value("{\"doubleValue\":\"NaN\"}", spanlink_value_double((double)NAN));
    assert_value("{\"doubleValue\":\"NaN\"}", spanlink_value_double(-(double)NAN));
    assert_value("{\"doubleValue\":\"Infinity\"}", spanlink_value_double((double)INFINITY));
    assert_value("{\"doubleValue\":\"-Infinity\"}", spanlink_value_double(-(double)INFINITY));
}

TEST(strings_are_written_as_they_are) {
    assert_value("{\"stringValue\":\"\"}", test_string(NULL, 0));
    assert_value("{\"stringValue\":\"batch_item\"}", test_string("batch_item", 10));
    assert_value("{\"stringValue\":\"a\xe2\x82\xac \x7f </>\"}",
                 test_string("a\xe2\x82\xac \x7f </>", 10));
    assert_value("{\"stringValue\":\"\xe2\x80\xa8\xf4\x8f\xbf\xbf\"}",
                 test_string("\xe2\x80\xa8\xf4\x8f\xbf\xbf", 7));
    assert_value("{\"stringValue\":\"more than sixteen letters\"}",
                 test_string("more than sixteen letters", 25));
}

static void escape(char character, char text[8]) {
    static const char escaped[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *found = character == '\0' ? NULL : strchr(escaped, character);
    if (found != NULL) {
        snprintf(text, 8, "\\%c", letters[found - escaped]);
    } else {
        snprintf(text, 8, (unsigned char)character < 0x20 ? "\\u%04x" : "%c", character);
    }
}

/* Every character at every position of texts of every length around multiples of eight, among
 * characters that need no escape; also before the text, which must not be read. */
static void expect_escapes_among(char filler) {
    char all[64], fillers[35];
    memset(fillers, filler, sizeof fillers - 1);
    fillers[34] = '\0';
    for (size_t length = 1; length <= 34; length++) {
        for (size_t place = 0; place < length; place++) {
            for (int character = 0; character < 128; character++) {
                char *text = all + 30, escaped[8], wanted[100];
                memset(all, filler, sizeof all);
                text[place] = (char)character;
                escape((char)character, escaped);
                snprintf(wanted, sizeof wanted, "{\"stringValue\":\"%.*s%s%.*s\"}", (int)place,
                         fillers, escaped, (int)(length - place - 1), fillers);
                assert_value(wanted, test_string(text, length));
            }
        }
    }
}

TEST(what_json_does_not_allow_in_strings_is_escaped) {
    expect_escapes_among('a');
    expect_escapes_among(' ');
    expect_escapes_among('#');
    expect_escapes_among('\x7f');
    assert_value("{\"stringValue\":\"\\\"\\\"\\u0000\\u0001\\\\\"}", test_string("\"\"\0\1\\", 5));
}

TEST(keys_are_escaped_too) {
    spanlink_attribute attribute = spanlink_attribute_bool("\"key\"\n", true);
    spanlink_link link = link_with(&attribute, 1);
    assert_link(",\"attributes\":[{\"key\":\"\\\"key\\\"\\n\",\"value\":{\"boolValue\":true}}]",
                &link);
}

TEST(bytes_and_strings_that_are_not_utf8_are_base64) {
    assert_value("{\"bytesValue\":\"\"}", test_bytes(NULL, 0));
    assert_value("{\"bytesValue\":\"Zg==\"}", test_bytes("f", 1));
    assert_value("{\"bytesValue\":\"Zm8=\"}", test_bytes("fo", 2));
    assert_value("{\"bytesValue\":\"Zm9v\"}", test_bytes("foo", 3));
    assert_value("{\"bytesValue\":\"Zm9vYmFy\"}", test_bytes("foobar", 6));
    assert_value("{\"bytesValue\":\"AP/++w==\"}", test_bytes("\x00\xff\xfe\xfb", 4));
    assert_value("{\"bytesValue\":\"AQKD+Xhn\"}", test_bytes("\x01\x02\x83\xf9\x78\x67", 6));
    assert_value("{\"bytesValue\":\"/w==\"}", test_string("\xff", 1));
    assert_value("{\"bytesValue\":\"7aCA\"}", test_string("\xed\xa0\x80", 3));
}

TEST(arrays_and_maps_nest) {
    spanlink_value inner[] = {spanlink_value_int(1), {0}, test_string("x", 1)};
    spanlink_attribute entries[] = {spanlink_attribute_array("a", inner, 3),
                                    spanlink_attribute_map("m", NULL, 0)};
    assert_value("{\"arrayValue\":{\"values\":[]}}", spanlink_value_array(NULL, 0));
    assert_value("{\"kvlistValue\":{\"values\":["
                 "{\"key\":\"a\",\"value\":{\"arrayValue\":{\"values\":["
                 "{\"intValue\":\"1\"},{},{\"stringValue\":\"x\"}]}}},"
                 "{\"key\":\"m\",\"value\":{\"kvlistValue\":{\"values\":[]}}}]}}",
                 spanlink_value_map(entries, 2));
}

TEST(an_attribute_with_a_bad_key_is_dropped_and_counted) {
    spanlink_attribute inside[] = {spanlink_attribute_int("", 1), spanlink_attribute_int("k", 2),
                                   spanlink_attribute_int("\xc0\x80", 3)};
    spanlink_attribute attributes[] = {{.value = {.type = 99}},
                                       spanlink_attribute_map("m", inside, 3),
                                       spanlink_attribute_int("\xff", 1),
                                       spanlink_attribute_map("n", inside, 1)};
    static const char left[] = ",\"attributes\":[{\"key\":\"m\",\"value\":{\"kvlistValue\":"
                               "{\"values\":[{\"key\":\"k\",\"value\":{\"intValue\":\"2\"}}]}}},"
                               "{\"key\":\"n\",\"value\":{\"kvlistValue\":{\"values\":[]}}}]";
    char wanted[400];
    spanlink_link link = link_with(attributes, 4);
    snprintf(wanted, sizeof wanted, "%s,\"droppedAttributesCount\":5", left);
    assert_link(wanted, &link);
    link.dropped_attributes_count = UINT32_MAX - 1;
    snprintf(wanted, sizeof wanted, "%s,\"droppedAttributesCount\":4294967295", left);
    assert_link(wanted, &link);
    link = link_with(attributes, 1);
    assert_link(",\"droppedAttributesCount\":1", &link);
}

TEST(a_tracestate_that_is_not_printable_ascii_is_left_out) {
    static const char *const states[] = {"a=\x1f", "a=\x7f", "a=\xc3\xa4"};
    for (size_t i = 0; i < 3; i++) {
        spanlink_link link = plain_link();
        link.context.trace_state = spanlink_str_from(states[i]);
        assert_link("", &link);
    }
}

/* The length with the number 1 innermost; `at_least_empty` is that with an empty value instead. */
static size_t nest_length(uint32_t type, size_t levels, size_t *at_least_empty) {
    spanlink_attribute attribute = {.key = {"k", 1},
                                    .value = test_nest(type, spanlink_value_int(1), levels)};
    spanlink_link link = link_with(&attribute, 1);
    size_t size = spanlink_otlp_json_size(&link, 1);
    attribute.value = (spanlink_value){0};
    *at_least_empty = spanlink_otlp_json_size(&link, 1);
    return size;
}

/* See otlp.h: the receiver converts the JSON to protobuf messages. */
TEST(arrays_deeper_than_47_and_maps_deeper_than_31_are_written_as_empty) {
    static const struct {
        uint32_t type;
        size_t most, each;
    } kinds[] = {{SPANLINK_VALUE_ARRAY, 47, sizeof "{\"arrayValue\":{\"values\":[]}}" - 1},
                 {SPANLINK_VALUE_MAP, 31,
                  sizeof "{\"kvlistValue\":{\"values\":[{\"key\":\"k\",\"value\":}]}}" - 1}};
    for (size_t i = 0; i < 2; i++) {
        for (size_t levels = 0; levels <= 120; levels++) {
            size_t empty, got = nest_length(kinds[i].type, levels, &empty);
            size_t innermost = levels <= kinds[i].most ? sizeof "{\"intValue\":\"1\"}" - 1 : 2;
            size_t kept = levels <= kinds[i].most ? levels : kinds[i].most;
            assert_int_equal(empty - 2 + kept * kinds[i].each + innermost, got);
        }
    }
}

TEST(exactly_int32_max_characters_are_no_error) {
    static const uint8_t byte = 0;
    spanlink_attribute attribute = spanlink_attribute_bytes("k", &byte, 0);
    spanlink_link link = link_with(&attribute, 1);
    size_t around = spanlink_otlp_json_size(&link, 1);
    /* The key supplies the length that base64 cannot reach. */
    char key[5] = "kkkk";
    attribute.key.ptr = key;
    attribute.key.len = 1 + (INT32_MAX - around) % 4;
    attribute.value.bytes_value.len = (INT32_MAX - around) / 4 * 3;
    assert_int_equal(INT32_MAX, spanlink_otlp_json_size(&link, 1));
    attribute.value.bytes_value.len++;
    assert_true(spanlink_otlp_json_size(&link, 1) == SIZE_MAX);
}

/* Two members of a Span, the counterparts of the two fields that encode_list() of otlp.h writes. */
TEST(a_list_is_written_as_members_of_a_span) {
    spanlink_list *list = test_list(.limits.max_links = 2);
    for (uint64_t number = 0; number < 200; number++) {
        char text[1024], wanted[1200];
        size_t size, count, array;
        const spanlink_link *links = spanlink_list_links(list, &count);
        assert_ok(spanlink_otlp_json_encode(links, count, text, sizeof text, &array));
        int length = snprintf(wanted, sizeof wanted, "\"links\":%.*s", (int)array, text);
        if (number > 2) {
            snprintf(wanted + length, 40, ",\"droppedLinksCount\":%d", (int)number - 2);
        }
        assert_ok(spanlink_otlp_json_encode_list(list, text, sizeof text, &size));
        assert_text(wanted, spanlink_str_make(text, size));
        assert_int_equal(size, spanlink_otlp_json_list_size(list));
        test_list_add(list, number + 1);
    }
}

TEST(an_empty_list_may_have_dropped_links) {
    spanlink_list *list = test_list();
    char text[64];
    size_t size;
    assert_status(SPANLINK_ERR_CAPACITY, spanlink_otlp_json_encode_list(list, NULL, 0, &size));
    assert_int_equal(10, size);
    assert_ok(spanlink_otlp_json_encode_list(list, text, sizeof text, &size));
    assert_text("\"links\":[]", spanlink_str_make(text, size));
    test_list_add(list, 1);
    assert_ok(spanlink_list_truncate(list, 0));
    assert_ok(spanlink_otlp_json_encode_list(list, text, sizeof text, &size));
    assert_text("\"links\":[],\"droppedLinksCount\":1", spanlink_str_make(text, size));
}
