/* SPDX-License-Identifier: MIT */
#include "test_otlp.h"

static const char tail[] = "\x35\x01\x01\x00\x00";

/* `middle` is the bytes between the ids and the flags. */
static void assert_link(const spanlink_link *link, const void *middle, size_t middle_size) {
    encoded wanted = {.size = 0};
    size_t content = sizeof ids - 1 + middle_size + sizeof tail - 1;
    uint8_t length[2] = {(uint8_t)(content < 128 ? content : 128 | (content & 127)),
                         (uint8_t)(content >> 7)};
    append(&wanted, "\x6a", 1);
    append(&wanted, length, content < 128 ? 1 : 2);
    append(&wanted, ids, sizeof ids - 1);
    append(&wanted, middle, middle_size);
    append(&wanted, tail, sizeof tail - 1);
    encoded got = encode(link, 1);
    assert_int_equal(wanted.size, got.size);
    assert_memory_equal(wanted.bytes, got.bytes, wanted.size);
}

/* `bytes` is the AnyValue without its length, less than 100 bytes. */
static void assert_value(spanlink_value value, const char *bytes, size_t size) {
    static const char *const keys[] = {"k", "a key of 17 bytes", "short key"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        spanlink_attribute attribute = {.key = spanlink_str_from(keys[i]), .value = value};
        spanlink_link link = link_with(&attribute, 1);
        encoded middle = {.size = 0};
        uint8_t before[] = {0x22, (uint8_t)(attribute.key.len + size + 4), 0x0a,
                            (uint8_t)attribute.key.len};
        uint8_t between[] = {0x12, (uint8_t)size};
        append(&middle, before, sizeof before);
        append(&middle, keys[i], attribute.key.len);
        append(&middle, between, sizeof between);
        append(&middle, bytes, size);
        assert_link(&link, middle.bytes, middle.size);
    }
}

#define assert_value_is(value, literal) assert_value(value, literal, sizeof(literal) - 1)

TEST(no_links_are_no_bytes) {
    size_t written = 7;
    assert_int_equal(0, spanlink_otlp_size(NULL, 0));
    assert_ok(spanlink_otlp_encode(NULL, 0, NULL, 0, &written));
    assert_int_equal(0, written);
}

TEST(a_link_without_attributes_has_ids_and_flags) {
    spanlink_link link = plain_link();
    assert_link(&link, "", 0);
}

TEST(zero_ids_are_written) {
    spanlink_link link = {.attribute_count = 0};
    encoded got = encode(&link, 1);
    static const uint8_t wanted[] = {0x6a, 33, 0x0a, 16, 0, 0, 0,    0, 0,    0, 0, 0,
                                     0,    0,  0,    0,  0, 0, 0,    0, 0x12, 8, 0, 0,
                                     0,    0,  0,    0,  0, 0, 0x35, 0, 1,    0, 0};
    assert_int_equal(sizeof wanted, got.size);
    assert_memory_equal(wanted, got.bytes, sizeof wanted);
}

/* trace.proto, SpanFlags: bit 8 says that bit 9 is known; bits 10 to 31 are zero. */
TEST(flags_hold_all_eight_bits_and_whether_the_span_is_remote) {
    for (unsigned flags = 0; flags < 256; flags++) {
        for (unsigned origin = 0; origin < 4; origin++) {
            spanlink_link link = plain_link();
            link.context.trace_flags = (uint8_t)flags;
            link.context.is_remote = origin % 2 != 0;
            link.context.remote_unknown = origin / 2 != 0;
            encoded got = encode(&link, 1);
            uint8_t high = origin >= 2 ? 0 : origin == 1 ? 3 : 1;
            uint8_t wanted[] = {0x35, (uint8_t)flags, high, 0, 0};
            if (flags == 0 && high == 0) {
                assert_int_equal(2 + 28, got.size); /* a default value, which protobuf omits */
            } else {
                assert_int_equal(2 + 28 + 5, got.size);
                assert_memory_equal(wanted, got.bytes + got.size - sizeof wanted, sizeof wanted);
            }
            assert_int_equal(flags | (unsigned)high << 8, spanlink_otlp_flags(&link.context));
        }
    }
    assert_int_equal(0, spanlink_otlp_flags(NULL));
}

TEST(a_tracestate_is_between_ids_and_attributes) {
    spanlink_attribute attribute = spanlink_attribute_int("k", 1);
    spanlink_link link = link_with(&attribute, 1);
    link.context.trace_state = spanlink_str_from("vendor=1");
    static const char middle[] = "\x1a\x08vendor=1\x22\x07\x0a\x01k\x12\x02\x18\x01";
    assert_link(&link, middle, sizeof middle - 1);
}

TEST(the_count_of_dropped_attributes_is_written_unless_zero) {
    spanlink_link link = plain_link();
    link.dropped_attributes_count = 1;
    assert_link(&link, "\x28\x01", 2);
    link.dropped_attributes_count = 300;
    assert_link(&link, "\x28\xac\x02", 3);
    link.dropped_attributes_count = UINT32_MAX;
    assert_link(&link, "\x28\xff\xff\xff\xff\x0f", 6);
}

TEST(strings_and_bytes_hold_anything) {
    assert_value_is(test_string(NULL, 0), "\x0a\x00");
    assert_value_is(test_string("v", 1), "\x0a\x01v");
    assert_value_is(test_string("batch_item", 10), "\x0a\x0a"
                                                   "batch_item");
    assert_value_is(test_string("seventeen letters", 17), "\x0a\x11"
                                                          "seventeen letters");
    assert_value_is(test_string("a\0b", 3), "\x0a\003a\0b");
    assert_value_is(test_string("\xe2\x82\xac", 3), "\x0a\x03\xe2\x82\xac");
    assert_value_is(test_string("8 byte \xc3\xa4", 9), "\x0a\x09"
                                                       "8 byte \xc3\xa4");
    assert_value_is(test_bytes(NULL, 0), "\x3a\x00");
    assert_value_is(test_bytes("\x00\xff", 2), "\x3a\x02\x00\xff");
}

TEST(a_string_that_is_not_utf8_is_written_as_bytes) {
    assert_value_is(test_string("\xff", 1), "\x3a\x01\xff");
    assert_value_is(test_string("8 bytes\xff", 8), "\x3a\x08"
                                                   "8 bytes\xff");
    assert_value_is(test_string("\xed\xa0\x80", 3), "\x3a\x03\xed\xa0\x80");
}

TEST(integers_are_varints) {
    assert_value_is(spanlink_value_int(0), "\x18\x00");
    assert_value_is(spanlink_value_int(127), "\x18\x7f");
    assert_value_is(spanlink_value_int(128), "\x18\x80\x01");
    assert_value_is(spanlink_value_int(16383), "\x18\xff\x7f");
    assert_value_is(spanlink_value_int(16384), "\x18\x80\x80\x01");
    assert_value_is(spanlink_value_int(-1), "\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
    assert_value_is(spanlink_value_int(INT64_MAX), "\x18\xff\xff\xff\xff\xff\xff\xff\xff\x7f");
    assert_value_is(spanlink_value_int(INT64_MIN), "\x18\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01");
}

TEST(other_scalars_are_written_even_at_their_default) {
    assert_value_is(spanlink_value_bool(false), "\x10\x00");
    assert_value_is(spanlink_value_bool(true), "\x10\x01");
    assert_value_is(spanlink_value_double(0.0), "\x21\0\0\0\0\0\0\0\0");
    assert_value_is(spanlink_value_double(-0.0), "\x21\0\0\0\0\0\0\0\x80");
    assert_value_is(spanlink_value_double(1.5), "\x21\0\0\0\0\0\0\xf8\x3f");
    assert_value_is(spanlink_value_double((double)INFINITY), "\x21\0\0\0\0\0\0\xf0\x7f");
    assert_value_is(spanlink_value_double(DBL_MAX), "\x21\xff\xff\xff\xff\xff\xff\xef\x7f");
    uint8_t nan_bits[] = {0x21, 1, 2, 3, 4, 5, 6, 0xf8, 0xff};
    uint64_t bits = UINT64_C(0xfff8060504030201);
    double nan;
    memcpy(&nan, &bits, sizeof nan);
    assert_value(spanlink_value_double(nan), (const char *)nan_bits, sizeof nan_bits);
}

TEST(an_empty_value_is_a_message_of_no_bytes) {
    assert_value_is((spanlink_value){0}, "");
}

/* Neither flags nor another attribute are after it. */
TEST(an_empty_text_at_the_end_of_a_link_is_measured) {
    const spanlink_attribute empty[] = {spanlink_attribute_string("k", ""),
                                        spanlink_attribute_bytes("k", NULL, 0)};
    for (size_t i = 0; i < 2; i++) {
        uint8_t buffer[64];
        size_t written;
        spanlink_link link = test_link_with(1, &empty[i], 1);
        link.context.remote_unknown = true;
        assert_ok(spanlink_otlp_encode(&link, 1, buffer, sizeof buffer, &written));
        assert_int_equal(written, spanlink_otlp_size(&link, 1));
    }
}

TEST(arrays_and_maps_nest) {
    spanlink_value inner[] = {spanlink_value_int(1), {0}, test_string("x", 1)};
    assert_value_is(spanlink_value_array(NULL, 0), "\x2a\x00");
    assert_value_is(spanlink_value_map(NULL, 0), "\x32\x00");
    assert_value_is(spanlink_value_array(inner, 3),
                    "\x2a\x0b\x0a\x02\x18\x01\x0a\x00\x0a\x03\x0a\x01x");
    spanlink_attribute entries[] = {spanlink_attribute_array("a", inner, 1),
                                    spanlink_attribute_bool("bool key", true)};
    assert_value_is(spanlink_value_map(entries, 2),
                    "\x32\x1d\x0a\x0b\x0a\001a\x12\x06\x2a\x04\x0a\x02\x18\x01"
                    "\x0a\x0e\x0a\x08"
                    "bool key\x12\x02\x10\x01");
}

/* Lengths grow by a byte at 128 and 16,384: tests both sides of each, for texts and the messages
 * around them. */
TEST(lengths_are_minimal_varints) {
    static char text[17000];
    static uint8_t buffer[17100];
    memset(text, 'x', sizeof text);
    for (size_t length = 0; length < sizeof text;
         length += length < 300 || length > 16200 ? 1 : 99) {
        spanlink_attribute attribute = {.key = {"k", 1}, .value = test_string(text, length)};
        spanlink_link link = link_with(&attribute, 1);
        size_t parts[] = {length, 0, 3,
                          28 + 5}; /* sizes that are added at each level: key, ids and flags */
        size_t size = 0;
        for (size_t i = 0; i < 4; i++) {
            size += parts[i];
            size += size < 128 ? 2 : size < 16384 ? 3 : 4;
        }
        size_t written;
        assert_ok(spanlink_otlp_encode(&link, 1, buffer, sizeof buffer, &written));
        assert_int_equal(size, written);
    }
}

TEST(an_attribute_with_a_bad_key_is_dropped_and_counted) {
    spanlink_attribute inside[] = {spanlink_attribute_int("", 1), spanlink_attribute_int("k", 2),
                                   spanlink_attribute_int("\xc0\x80", 3)};
    spanlink_attribute attributes[] = {
        spanlink_attribute_int("\xff", 1), spanlink_attribute_int("k", 1),
        spanlink_attribute_int("", 1), spanlink_attribute_map("m", inside, 3)};
    spanlink_link link = link_with(attributes, 4);
    static const char middle[] =
        "\x22\x07\x0a\x01k\x12\x02\x18\x01"
        "\x22\x10\x0a\x01m\x12\x0b\x32\x09\x0a\x07\x0a\x01k\x12\x02\x18\x02"
        "\x28";
    encoded wanted = {.size = 0};
    append(&wanted, middle, sizeof middle - 1);
    append(&wanted, "\x04", 1);
    assert_link(&link, wanted.bytes, wanted.size);
    wanted.size--;
    link.dropped_attributes_count = 300;
    append(&wanted, "\xb0\x02", 2);
    assert_link(&link, wanted.bytes, wanted.size);
    wanted.size -= 2;
    link.dropped_attributes_count = UINT32_MAX - 2;
    append(&wanted, "\xff\xff\xff\xff\x0f", 5);
    assert_link(&link, wanted.bytes, wanted.size);
}

TEST(the_value_of_a_dropped_attribute_does_not_matter) {
    spanlink_attribute number = spanlink_attribute_int("", 1);
    spanlink_link keyless = link_with(&number, 1);
    assert_link(&keyless, "\x28\x01", 2);
    spanlink_attribute attribute = {.value = {.type = 99}};
    spanlink_link link = link_with(&attribute, 1);
    assert_link(&link, "\x28\x01", 2);
}

TEST(repeated_keys_are_written_twice) {
    spanlink_attribute attributes[] = {spanlink_attribute_int("k", 1),
                                       spanlink_attribute_int("k", 2)};
    spanlink_link link = link_with(attributes, 2);
    static const char middle[] =
        "\x22\x07\x0a\x01k\x12\x02\x18\x01\x22\x07\x0a\x01k\x12\x02\x18\x02";
    assert_link(&link, middle, sizeof middle - 1);
}

/* Every byte at every position of texts with and without a rest after groups of eight. */
TEST(a_tracestate_that_is_not_printable_ascii_is_left_out) {
    for (size_t length = 1; length <= 20; length++) {
        for (size_t place = 0; place < length; place++) {
            for (int byte = 0; byte < 256; byte++) {
                char text[20];
                memset(text, 'a', sizeof text);
                text[place] = (char)byte;
                spanlink_link link = plain_link();
                link.context.trace_state = (spanlink_str){text, length};
                bool written = spanlink_otlp_size(&link, 1) != 2 + 28 + 5;
                assert_int_equal(byte >= 0x20 && byte <= 0x7e, written);
            }
        }
    }
}

/* Encodes a nested value, and expects to read so many levels back, and a value of this type inside.
 */
static void expect_written(size_t levels, uint32_t innermost, spanlink_value nest) {
    spanlink_attribute attribute = {.key = {"k", 1}, .value = nest};
    spanlink_link link = link_with(&attribute, 1);
    encoded bytes = encode(&link, 1);
    spanlink_list *list = test_list();
    uint32_t type;
    assert_ok(spanlink_otlp_decode(bytes.bytes, bytes.size, list));
    assert_int_equal(levels, levels_in(list, &type));
    assert_int_equal(innermost, type);
}

/* Protobuf's parsers take 100 nested messages in a request: an array's element is in the 6th, 8th,
 * ... 100th, a map's value in the 6th, 9th, ... 99th. */
TEST(arrays_deeper_than_47_and_maps_deeper_than_31_are_written_as_empty) {
    const spanlink_value one = spanlink_value_int(1);
    for (size_t levels = 0; levels <= 120; levels++) {
        expect_written(levels < 47 ? levels : 47,
                       levels > 47 ? SPANLINK_VALUE_EMPTY : SPANLINK_VALUE_INT,
                       test_nest(SPANLINK_VALUE_ARRAY, one, levels));
        expect_written(levels < 31 ? levels : 31,
                       levels > 31 ? SPANLINK_VALUE_EMPTY : SPANLINK_VALUE_INT,
                       test_nest(SPANLINK_VALUE_MAP, one, levels));
    }
}

/* A KeyValueList without entries is one message: the 100th. */
TEST(an_empty_map_may_be_in_the_31st_one) {
    const spanlink_value array = spanlink_value_array(NULL, 0), map = spanlink_value_map(NULL, 0);
    expect_written(47, SPANLINK_VALUE_ARRAY, test_nest(SPANLINK_VALUE_ARRAY, array, 46));
    expect_written(47, SPANLINK_VALUE_EMPTY, test_nest(SPANLINK_VALUE_ARRAY, array, 47));
    expect_written(32, SPANLINK_VALUE_MAP, test_nest(SPANLINK_VALUE_MAP, map, 31));
    expect_written(31, SPANLINK_VALUE_EMPTY, test_nest(SPANLINK_VALUE_MAP, map, 32));
}

TEST(what_is_in_an_emptied_value_does_not_matter) {
    const spanlink_value bad = {.type = 99};
    expect_written(47, SPANLINK_VALUE_EMPTY, test_nest(SPANLINK_VALUE_ARRAY, bad, 48));
}

TEST(exactly_int32_max_bytes_are_no_error) {
    static const uint8_t byte = 0;
    size_t around = 28 + 5 + 4 * (1 + 5) + 3; /* ids, flags, four tags with lengths, the key */
    spanlink_attribute attribute = spanlink_attribute_bytes("k", &byte, INT32_MAX - around);
    spanlink_link link = link_with(&attribute, 1);
    assert_int_equal(INT32_MAX, spanlink_otlp_size(&link, 1));
    assert_int_equal(1, spanlink_otlp_fit(&link, 1, SIZE_MAX));
    assert_int_equal(1, spanlink_otlp_fit(&link, 1, INT32_MAX));
    assert_int_equal(0, spanlink_otlp_fit(&link, 1, INT32_MAX - 1));
    attribute.value.bytes_value.len++;
    assert_true(spanlink_otlp_size(&link, 1) == SIZE_MAX);
    assert_int_equal(0, spanlink_otlp_fit(&link, 1, SIZE_MAX));
    spanlink_link small = plain_link(), both[] = {small, link};
    attribute.value.bytes_value.len -= 3;
    assert_true(spanlink_otlp_size(both, 2) == SIZE_MAX);
    attribute.value.bytes_value.len += 2;
    assert_true(spanlink_otlp_size(both, 2) == SIZE_MAX);
    assert_int_equal(1, spanlink_otlp_fit(both, 2, SIZE_MAX));
}

/* Each text is invalid at its start: nothing after that is read. */
TEST(texts_of_int32_max_bytes_are_validated) {
    static const char bad[16] = "\xff";
    spanlink_attribute attribute = {.key = {bad, INT32_MAX}};
    spanlink_link plain = plain_link(), link = link_with(&attribute, 1);
    link.context.trace_state = (spanlink_str){bad, INT32_MAX};
    plain.dropped_attributes_count = 1;
    assert_int_equal(spanlink_otlp_size(&plain, 1), spanlink_otlp_size(&link, 1));
}

TEST(fit_returns_how_many_links_encode_into_each_capacity) {
    spanlink_link links[5];
    size_t count = varied_links(links), fitting = 0;
    size_t all = spanlink_otlp_size(links, count);
    for (size_t capacity = 0; capacity <= all + 1; capacity++) {
        fitting += fitting < count && spanlink_otlp_size(links, fitting + 1) <= capacity;
        assert_int_equal(fitting, spanlink_otlp_fit(links, count, capacity));
    }
    assert_int_equal(count, fitting);
    assert_int_equal(count, spanlink_otlp_fit(links, count, SPANLINK_UNLIMITED));
    assert_int_equal(0, spanlink_otlp_fit(NULL, 5, 1000));
    assert_int_equal(0, spanlink_otlp_fit(links, 0, 1000));
}

TEST(no_link_fits_into_a_capacity_of_zero) {
    spanlink_link links[5];
    assert_int_equal(0, spanlink_otlp_fit(links, varied_links(links), SPANLINK_NONE));
}

TEST(a_link_that_cannot_be_encoded_ends_the_fit) {
    spanlink_attribute bad = {.key = {"k", 1}, .value = {.type = 99}};
    spanlink_link links[] = {plain_link(), plain_link(), link_with(&bad, 1), plain_link()};
    assert_int_equal(2, spanlink_otlp_fit(links, 4, SPANLINK_UNLIMITED));
}
