/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_allocator.h"
#include "test_links.h"
#include "test_otlp_links.h"
#include "test_otlp_rules.h"
#include "test_scenario.h"
#include "test_values.h"

#include <spanlink/otlp.h>

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The bytes of one link with one attribute "k" stand around those of its value. */
static const char ids[] = "\x0a\x10tttttttttttttttt\x12\x08ssssssss";
static const char tail[] = "\x35\x01\x01\x00\x00";

static spanlink_link plain_link(void) {
    spanlink_link link = {.context = {.trace_flags = 1}};
    memset(link.context.trace_id, 't', 16);
    memset(link.context.span_id, 's', 8);
    return link;
}

typedef struct encoded {
    uint8_t bytes[4096];
    size_t size;
} encoded;

static encoded encode(const spanlink_link *links, size_t count) {
    encoded result;
    assert_status(SPANLINK_OK, spanlink_otlp_encode(links, count, result.bytes, sizeof result.bytes,
                                                    &result.size));
    assert_int_equal(result.size, spanlink_otlp_size(links, count));
    return result;
}

static void append(encoded *to, const void *bytes, size_t size) {
    memcpy(to->bytes + to->size, bytes, size);
    to->size += size;
}

/* `middle` is what stands between the ids and the flags. */
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

/* `bytes` is the whole AnyValue behind its length; it has fewer than 100 bytes. */
static void assert_value(spanlink_value value, const char *bytes, size_t size) {
    static const char *const keys[] = {"k", "a key of 17 bytes", "short key"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        spanlink_attribute attribute = {.key = spanlink_str_from(keys[i]), .value = value};
        spanlink_link link = plain_link();
        link.attributes = &attribute;
        link.attribute_count = 1;
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

static spanlink_link link_with(const spanlink_attribute *attributes, size_t count) {
    spanlink_link link = plain_link();
    link.attributes = attributes;
    link.attribute_count = count;
    return link;
}

TEST(no_links_are_no_bytes) {
    size_t written = 7;
    assert_int_equal(0, spanlink_otlp_size(NULL, 0));
    assert_status(SPANLINK_OK, spanlink_otlp_encode(NULL, 0, NULL, 0, &written));
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
                assert_int_equal(2 + 28, got.size); /* a default, which protobuf leaves out */
            } else {
                assert_int_equal(2 + 28 + 5, got.size);
                assert_memory_equal(wanted, got.bytes + got.size - sizeof wanted, sizeof wanted);
            }
            assert_int_equal(flags | (unsigned)high << 8, spanlink_otlp_flags(&link.context));
        }
    }
    assert_int_equal(0, spanlink_otlp_flags(NULL));
}

TEST(links_follow_each_other_in_order) {
    spanlink_link links[3] = {plain_link(), plain_link(), plain_link()};
    for (uint8_t i = 0; i < 3; i++) {
        links[i].context.trace_flags = i;
    }
    encoded all = encode(links, 3);
    for (size_t i = 0; i < 3; i++) {
        encoded one = encode(&links[i], 1);
        assert_memory_equal(one.bytes, all.bytes + i * one.size, one.size);
    }
}

TEST(a_tracestate_stands_between_ids_and_attributes) {
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
    assert_value_is(test_string("a\0b", 3), "\x0a\x03"
                                            "a\0b");
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
    assert_value_is(test_int(0), "\x18\x00");
    assert_value_is(test_int(127), "\x18\x7f");
    assert_value_is(test_int(128), "\x18\x80\x01");
    assert_value_is(test_int(16383), "\x18\xff\x7f");
    assert_value_is(test_int(16384), "\x18\x80\x80\x01");
    assert_value_is(test_int(-1), "\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
    assert_value_is(test_int(INT64_MAX), "\x18\xff\xff\xff\xff\xff\xff\xff\xff\x7f");
    assert_value_is(test_int(INT64_MIN), "\x18\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01");
}

TEST(other_scalars_are_written_even_at_their_default) {
    assert_value_is(spanlink_attribute_bool("", false).value, "\x10\x00");
    assert_value_is(spanlink_attribute_bool("", true).value, "\x10\x01");
    assert_value_is(test_double(0.0), "\x21\0\0\0\0\0\0\0\0");
    assert_value_is(test_double(-0.0), "\x21\0\0\0\0\0\0\0\x80");
    assert_value_is(test_double(1.5), "\x21\0\0\0\0\0\0\xf8\x3f");
    assert_value_is(test_double((double)INFINITY), "\x21\0\0\0\0\0\0\xf0\x7f");
    assert_value_is(test_double(DBL_MAX), "\x21\xff\xff\xff\xff\xff\xff\xef\x7f");
    uint8_t nan_bits[] = {0x21, 1, 2, 3, 4, 5, 6, 0xf8, 0xff};
    uint64_t bits = UINT64_C(0xfff8060504030201);
    double nan;
    memcpy(&nan, &bits, sizeof nan);
    assert_value(test_double(nan), (const char *)nan_bits, sizeof nan_bits);
}

TEST(an_empty_value_is_a_message_of_no_bytes) {
    assert_value_is((spanlink_value){0}, "");
}

TEST(arrays_and_maps_nest) {
    spanlink_value inner[] = {test_int(1), {0}, test_string("x", 1)};
    assert_value_is(test_array(NULL, 0), "\x2a\x00");
    assert_value_is(test_map(NULL, 0), "\x32\x00");
    assert_value_is(test_array(inner, 3), "\x2a\x0b\x0a\x02\x18\x01\x0a\x00\x0a\x03\x0a\x01x");
    spanlink_attribute entries[] = {spanlink_attribute_array("a", inner, 1),
                                    spanlink_attribute_bool("bool key", true)};
    assert_value_is(test_map(entries, 2), "\x32\x1d\x0a\x0b\x0a\x01"
                                          "a\x12\x06\x2a\x04\x0a\x02\x18\x01"
                                          "\x0a\x0e\x0a\x08"
                                          "bool key\x12\x02\x10\x01");
}

/* Lengths grow by a byte at 128 and 16,384: on both sides of each, for texts and for all that
 * stands around them. */
TEST(lengths_are_minimal_varints) {
    static char text[17000];
    static uint8_t buffer[17100];
    memset(text, 'x', sizeof text);
    for (size_t length = 0; length < sizeof text;
         length += length < 300 || length > 16200 ? 1 : 99) {
        spanlink_attribute attribute = {.key = {"k", 1}, .value = test_string(text, length)};
        spanlink_link link = link_with(&attribute, 1);
        size_t parts[] = {length, 0, 3, 28 + 5}; /* the key, ids and flags come in on the way */
        size_t size = 0;
        for (size_t i = 0; i < 4; i++) {
            size += parts[i];
            size += size < 128 ? 2 : size < 16384 ? 3 : 4;
        }
        size_t written;
        assert_status(SPANLINK_OK, spanlink_otlp_encode(&link, 1, buffer, sizeof buffer, &written));
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

TEST(keys_that_stand_twice_are_written_twice) {
    spanlink_attribute attributes[] = {spanlink_attribute_int("k", 1),
                                       spanlink_attribute_int("k", 2)};
    spanlink_link link = link_with(attributes, 2);
    static const char middle[] =
        "\x22\x07\x0a\x01k\x12\x02\x18\x01\x22\x07\x0a\x01k\x12\x02\x18\x02";
    assert_link(&link, middle, sizeof middle - 1);
}

/* Every byte, at every place of texts with and without a rest behind groups of eight. */
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

TEST(an_unknown_value_type_is_an_error) {
    spanlink_value bad = {.type = SPANLINK_VALUE_MAP + 1};
    spanlink_attribute attributes[] = {{.key = {"k", 1}, .value = bad},
                                       spanlink_attribute_array("array", &bad, 1)};
    uint8_t buffer[200];
    size_t written = 7;
    for (size_t i = 0; i < 2; i++) {
        spanlink_link links[2] = {plain_link(), link_with(&attributes[i], 1)};
        assert_status(SPANLINK_ERR_VALUE_TYPE,
                      spanlink_otlp_encode(links, 2, buffer, sizeof buffer, &written));
        assert_status(SPANLINK_ERR_VALUE_TYPE, spanlink_otlp_encode(links, 2, NULL, 0, &written));
        assert_true(spanlink_otlp_size(links, 2) == SIZE_MAX);
    }
    assert_int_equal(7, written);
}

/* Arrays or maps, one in the other, around the number 1; the innermost one empty if `empty`. */
static spanlink_value nest_of(uint32_t type, bool empty, size_t levels) {
    static spanlink_value values[130];
    static spanlink_attribute entries[130];
    spanlink_value inner = test_int(1);
    for (size_t i = 0; i < levels; i++) {
        size_t count = empty && i == 0 ? 0 : 1;
        values[i] = inner;
        entries[i] = (spanlink_attribute){.key = {"k", 1}, .value = inner};
        inner = type == SPANLINK_VALUE_ARRAY ? test_array(&values[i], count)
                                             : test_map(&entries[i], count);
    }
    return inner;
}

/* Looks into a value, and returns the arrays and maps around its innermost value, whose type is put
 * into `innermost`. */
static size_t levels_of(const spanlink_value *value, uint32_t *innermost) {
    size_t levels = 0;
    for (; value->type >= SPANLINK_VALUE_ARRAY; levels++) {
        bool map = value->type == SPANLINK_VALUE_MAP;
        if ((map ? value->map_value.len : value->array_value.len) == 0) {
            *innermost = value->type;
            return levels + 1;
        }
        value = map ? &value->map_value.ptr->value : value->array_value.ptr;
    }
    *innermost = value->type;
    return levels;
}

/* Encodes a nest and tells what of it can be read back. */
static size_t levels_written(spanlink_value nest, uint32_t *innermost) {
    spanlink_attribute attribute = {.key = {"k", 1}, .value = nest};
    spanlink_link link = link_with(&attribute, 1);
    encoded bytes = encode(&link, 1);
    spanlink_list *list = test_list_create(NULL);
    assert_status(SPANLINK_OK, spanlink_otlp_decode(bytes.bytes, bytes.size, list));
    const spanlink_link *read = spanlink_list_links(list, NULL);
    assert_int_equal(0, read->dropped_attributes_count);
    size_t levels = levels_of(&read->attributes[0].value, innermost);
    spanlink_list_destroy(list);
    return levels;
}

/* Protobuf's parsers take 100 nested messages in a request: an array's element is in the 6th, 8th,
 * ... 100th, a map's value in the 6th, 9th, ... 99th. */
TEST(arrays_deeper_than_47_and_maps_deeper_than_31_are_written_as_empty) {
    for (size_t levels = 0; levels <= 120; levels++) {
        uint32_t innermost;
        size_t most = levels < 47 ? levels : 47;
        assert_int_equal(most,
                         levels_written(nest_of(SPANLINK_VALUE_ARRAY, false, levels), &innermost));
        assert_int_equal(levels > 47 ? SPANLINK_VALUE_EMPTY : SPANLINK_VALUE_INT, innermost);
        most = levels < 31 ? levels : 31;
        assert_int_equal(most,
                         levels_written(nest_of(SPANLINK_VALUE_MAP, false, levels), &innermost));
        assert_int_equal(levels > 31 ? SPANLINK_VALUE_EMPTY : SPANLINK_VALUE_INT, innermost);
    }
}

/* A KeyValueList without entries is one message: the 100th. */
TEST(an_empty_map_may_be_in_the_31st_one) {
    uint32_t innermost;
    assert_int_equal(47, levels_written(nest_of(SPANLINK_VALUE_ARRAY, true, 47), &innermost));
    assert_int_equal(SPANLINK_VALUE_ARRAY, innermost);
    assert_int_equal(47, levels_written(nest_of(SPANLINK_VALUE_ARRAY, true, 48), &innermost));
    assert_int_equal(SPANLINK_VALUE_EMPTY, innermost);
    assert_int_equal(32, levels_written(nest_of(SPANLINK_VALUE_MAP, true, 32), &innermost));
    assert_int_equal(SPANLINK_VALUE_MAP, innermost);
    assert_int_equal(31, levels_written(nest_of(SPANLINK_VALUE_MAP, true, 33), &innermost));
    assert_int_equal(SPANLINK_VALUE_EMPTY, innermost);
}

TEST(what_is_in_an_emptied_value_does_not_matter) {
    spanlink_value bad = {.type = 99}, values[48] = {test_array(&bad, 1)};
    for (size_t i = 1; i < 48; i++) {
        values[i] = test_array(&values[i - 1], 1);
    }
    uint32_t innermost;
    assert_int_equal(47, levels_written(values[47], &innermost));
    assert_int_equal(SPANLINK_VALUE_EMPTY, innermost);
}

TEST(of_several_faults_the_first_decides) {
    spanlink_attribute bad = {.key = {"k", 1}, .value = {.type = 99}};
    spanlink_link links[] = {link_with(&bad, 1), link_with(NULL, 1), link_with(&bad, 1)};
    size_t written;
    assert_status(SPANLINK_ERR_VALUE_TYPE, spanlink_otlp_encode(links, 3, NULL, 0, &written));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_otlp_encode(links + 1, 2, NULL, 0, &written));
}

static spanlink_status status_of_one(spanlink_attribute attribute) {
    spanlink_link link = link_with(&attribute, 1);
    size_t written;
    spanlink_status status = spanlink_otlp_encode(&link, 1, NULL, 0, &written);
    assert_int_equal(status == SPANLINK_ERR_CAPACITY, spanlink_otlp_size(&link, 1) != SIZE_MAX);
    assert_int_equal(status == SPANLINK_ERR_CAPACITY, spanlink_otlp_fit(&link, 1, SIZE_MAX));
    return status;
}

/* The lengths lie: what is too long is not read. */
TEST(more_than_int32_max_bytes_are_an_error) {
    static const size_t lengths[] = {(size_t)INT32_MAX + 1, SIZE_MAX / 2 + 1, SIZE_MAX};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        spanlink_str longer = {"", lengths[i]};
        spanlink_attribute key = {.key = longer};
        spanlink_attribute string =
            spanlink_attribute_make(spanlink_str_from("k"), spanlink_value_string(longer));
        spanlink_attribute bytes = spanlink_attribute_bytes("k", (const uint8_t *)"", lengths[i]);
        assert_status(SPANLINK_ERR_OTLP_SIZE, status_of_one(key));
        assert_status(SPANLINK_ERR_OTLP_SIZE, status_of_one(string));
        assert_status(SPANLINK_ERR_OTLP_SIZE, status_of_one(bytes));
        spanlink_link link = plain_link();
        size_t written;
        link.context.trace_state = longer;
        assert_status(SPANLINK_ERR_OTLP_SIZE, spanlink_otlp_encode(&link, 1, NULL, 0, &written));
    }
}

TEST(exactly_int32_max_bytes_are_none) {
    static const uint8_t byte = 0;
    size_t around = 28 + 5 + 4 * (1 + 5) + 3; /* ids, flags, four heads, the key */
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

/* Each is bad at its start: nothing behind that is read. */
TEST(texts_of_int32_max_bytes_are_looked_at) {
    static const char bad[16] = "\xff";
    spanlink_attribute attribute = {.key = {bad, INT32_MAX}};
    spanlink_link plain = plain_link(), link = link_with(&attribute, 1);
    link.context.trace_state = (spanlink_str){bad, INT32_MAX};
    plain.dropped_attributes_count = 1;
    assert_int_equal(spanlink_otlp_size(&plain, 1), spanlink_otlp_size(&link, 1));
}

/* It has to stop counting at the limit. */
TEST(shared_elements_cannot_make_it_run_forever) {
    spanlink_value levels[TEST_SHARED_LEVELS][2];
    spanlink_attribute nested = {.key = {"k", 1}, .value = test_share(levels)};
    assert_status(SPANLINK_ERR_OTLP_SIZE, status_of_one(nested));
    spanlink_attribute entries[] = {nested, nested};
    assert_status(SPANLINK_ERR_OTLP_SIZE, status_of_one(spanlink_attribute_map("m", entries, 2)));
    spanlink_attribute bad = {.key = {"k", 1}, .value = {.type = 99}};
    spanlink_attribute both[] = {bad, nested};
    spanlink_link links[] = {plain_link(), link_with(both, 2)};
    size_t written;
    assert_status(SPANLINK_ERR_OTLP_SIZE, spanlink_otlp_encode(links, 2, NULL, 0, &written));
}

/* A list of all kinds of values, with drops on every level. */
static size_t varied_links(spanlink_link links[5]) {
    static spanlink_value values[4];
    static spanlink_attribute entries[3], attributes[10];
    static char text[200];
    memset(text, 'x', sizeof text);
    values[0] = test_int(-1);
    values[1] = test_string(text, 130);
    values[2] = (spanlink_value){0};
    values[3] = test_bytes("\x80", 1);
    entries[0] = spanlink_attribute_bool("entry", true);
    entries[1] = spanlink_attribute_bool("", true);
    entries[2] = spanlink_attribute_string("link.type", "batch_item");
    attributes[0] = spanlink_attribute_string("link.type", "batch_item");
    attributes[1] = spanlink_attribute_int("batch.index", 3);
    attributes[2] = spanlink_attribute_int("batch.index", 1000);
    attributes[3] = spanlink_attribute_array("array", values, 4);
    attributes[4] = spanlink_attribute_map("map", entries, 3);
    attributes[5] = spanlink_attribute_double("a double value's key", 0.1);
    attributes[6] = spanlink_attribute_int("\xff", 1);
    attributes[7] = spanlink_attribute_string("s", "");
    attributes[8] = (spanlink_attribute){.key = {text, 150}, .value = values[1]};
    attributes[9] = (spanlink_attribute){.key = {text, 120}, .value = values[2]};
    links[0] = link_with(attributes, 10);
    links[0].context.trace_state = spanlink_str_from("a=1,b=2");
    links[1] = plain_link();
    links[2] = link_with(attributes + 3, 2);
    links[2].dropped_attributes_count = 127;
    links[3] = link_with(attributes, 2);
    links[4] = link_with(attributes + 6, 1);
    links[4].context.is_remote = true;
    return 5;
}

/* In a block of each size, so that a sanitizer sees what is written outside. */
TEST(a_buffer_that_is_too_small_by_any_number_tells_the_need) {
    spanlink_link links[5];
    size_t count = varied_links(links);
    encoded all = encode(links, count);
    for (size_t capacity = 0; capacity <= all.size + 3; capacity++) {
        uint8_t *buffer = malloc(capacity + 1);
        assert_non_null(buffer);
        buffer[capacity] = 0xee;
        size_t written = 7;
        spanlink_status status = spanlink_otlp_encode(links, count, buffer, capacity, &written);
        assert_status(capacity < all.size ? SPANLINK_ERR_CAPACITY : SPANLINK_OK, status);
        assert_int_equal(all.size, written);
        assert_int_equal(0xee, buffer[capacity]);
        if (status == SPANLINK_OK) {
            assert_memory_equal(all.bytes, buffer, all.size);
        }
        free(buffer);
    }
}

/* The longest head stands at the very front then. */
TEST(a_long_link_fits_into_its_own_size) {
    char text[300];
    memset(text, 'x', sizeof text);
    spanlink_attribute attribute = {.key = {text, sizeof text}};
    spanlink_link link = link_with(&attribute, 1);
    uint8_t all[512], exact[512];
    size_t size, again;
    assert_status(SPANLINK_OK, spanlink_otlp_encode(&link, 1, all, sizeof all, &size));
    memset(exact, 0xee, sizeof exact);
    assert_status(SPANLINK_OK, spanlink_otlp_encode(&link, 1, exact, size, &again));
    assert_int_equal(size, again);
    assert_memory_equal(all, exact, size);
    assert_int_equal(0x6a, exact[0]);
}

TEST(fit_tells_how_many_links_encode_into_each_capacity) {
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

TEST(into_a_capacity_of_none_no_link_fits) {
    spanlink_link links[5];
    assert_int_equal(0, spanlink_otlp_fit(links, varied_links(links), SPANLINK_NONE));
}

TEST(a_link_that_cannot_be_encoded_ends_the_fit) {
    spanlink_attribute bad = {.key = {"k", 1}, .value = {.type = 99}};
    spanlink_link links[] = {plain_link(), plain_link(), link_with(&bad, 1), plain_link()};
    assert_int_equal(2, spanlink_otlp_fit(links, 4, SPANLINK_UNLIMITED));
}

TEST(wrong_arguments_have_a_status) {
    spanlink_link link = plain_link(), lacking = link_with(NULL, 1);
    uint8_t buffer[100];
    size_t written = 7;
    assert_status(SPANLINK_ERR_ARGUMENT,
                  spanlink_otlp_encode(NULL, 1, buffer, sizeof buffer, &written));
    assert_status(SPANLINK_ERR_ARGUMENT,
                  spanlink_otlp_encode(&link, 1, NULL, sizeof buffer, &written));
    assert_status(SPANLINK_ERR_ARGUMENT,
                  spanlink_otlp_encode(&link, 1, buffer, sizeof buffer, NULL));
    assert_status(SPANLINK_ERR_ARGUMENT,
                  spanlink_otlp_encode(&lacking, 1, buffer, sizeof buffer, &written));
    assert_int_equal(7, written);
    assert_true(spanlink_otlp_size(NULL, 1) == SIZE_MAX);
    assert_true(spanlink_otlp_size(&lacking, 1) == SIZE_MAX);
    assert_status(SPANLINK_ERR_CAPACITY, spanlink_otlp_encode(&link, 1, NULL, 0, &written));
    assert_int_equal(35, written);
}

/* Decoding */

/* Bytes of a message, in a block of their very size. */
static spanlink_status decode_bytes(const void *bytes, size_t size, spanlink_list *list) {
    uint8_t *copy = malloc(size + (size == 0));
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    spanlink_status status = spanlink_otlp_decode(copy, size, list);
    free(copy);
    return status;
}
#define decode_literal(literal, list) decode_bytes(literal, sizeof(literal) - 1, list)

/* A field of bytes, whose length takes one or two bytes. */
static void put_field(encoded *to, uint8_t tag, const void *bytes, size_t size) {
    uint8_t start[3] = {tag, (uint8_t)(size < 128 ? size : 128 | (size & 127)),
                        (uint8_t)(size >> 7)};
    append(to, start, size < 128 ? 2 : 3);
    append(to, bytes, size);
}

static encoded field_of(uint8_t tag, const void *bytes, size_t size) {
    encoded field = {.size = 0};
    put_field(&field, tag, bytes, size);
    return field;
}

/* A Span with one link: ids, and what is given. */
static encoded span_with(const void *bytes, size_t size) {
    encoded link = {.size = 0};
    append(&link, ids, sizeof ids - 1);
    append(&link, bytes, size);
    return field_of(0x6a, link.bytes, link.size);
}

/* A Span with one link that has one attribute, whose KeyValue is given. */
static encoded span_with_attribute(const void *bytes, size_t size) {
    encoded attribute = field_of(0x22, bytes, size);
    return span_with(attribute.bytes, attribute.size);
}

/* A Span with one link with the attribute "k", whose AnyValue is given. */
static encoded span_with_value(const void *bytes, size_t size) {
    encoded key_value = {.size = 0};
    append(&key_value, "\x0a\x01k", 3);
    put_field(&key_value, 0x12, bytes, size);
    return span_with_attribute(key_value.bytes, key_value.size);
}

static spanlink_status status_of_span(encoded span) {
    spanlink_list *list = test_list_create(NULL);
    size_t count;
    spanlink_status status = decode_bytes(span.bytes, span.size, list);
    spanlink_list_links(list, &count);
    assert_int_equal(status == SPANLINK_OK, count);
    assert_int_equal(status == SPANLINK_OK, test_stats(list).offered);
    spanlink_list_destroy(list);
    return status;
}
#define status_of_link(literal) status_of_span(span_with(literal, sizeof(literal) - 1))
#define status_of_attribute(literal)                                                               \
    status_of_span(span_with_attribute(literal, sizeof(literal) - 1))
#define status_of_value(literal) status_of_span(span_with_value(literal, sizeof(literal) - 1))

/* The Span's only link is the one given. */
static void assert_decodes(encoded span, spanlink_link wanted) {
    spanlink_list *list = test_list_create(NULL);
    size_t count;
    assert_status(SPANLINK_OK, decode_bytes(span.bytes, span.size, list));
    const spanlink_link *links = spanlink_list_links(list, &count);
    assert_int_equal(1, count);
    assert_true(test_same_link(&wanted, &links[0]));
    spanlink_list_destroy(list);
}

/* The link with nothing but its ids, as it is in these tests' Spans. */
static spanlink_link bare_link(void) {
    spanlink_link link = plain_link();
    link.context.trace_flags = 0;
    link.context.remote_unknown = true;
    return link;
}

static void assert_decodes_value(encoded span, spanlink_value wanted) {
    spanlink_attribute attribute = {.key = {"k", 1}, .value = wanted};
    spanlink_link link = bare_link();
    link.attributes = &attribute;
    link.attribute_count = 1;
    assert_decodes(span, link);
}
#define assert_value_read(wanted, literal)                                                         \
    assert_decodes_value(span_with_value(literal, sizeof(literal) - 1), wanted)

static void assert_round_trip(const spanlink_link *links, size_t count) {
    size_t size = spanlink_otlp_size(links, count), got;
    uint8_t *bytes = malloc(size + 1);
    assert_non_null(bytes);
    assert_status(SPANLINK_OK, spanlink_otlp_encode(links, count, bytes, size, &size));
    spanlink_list *list = test_list_create(NULL);
    assert_status(SPANLINK_OK, spanlink_otlp_decode(bytes, size, list));
    const spanlink_link *decoded = spanlink_list_links(list, &got);
    assert_int_equal(count, got);
    for (size_t i = 0; i < count; i++) {
        assert_true(test_same_link(&links[i], &decoded[i]));
    }
    spanlink_list_destroy(list);
    free(bytes);
}

/* Too large for a stack. */
static test_otlp_links made;

TEST(what_is_encoded_decodes_to_the_same) {
    for (uint64_t seed = 0; seed < 500; seed++) {
        test_otlp_random(&made, seed, false);
        assert_round_trip(made.links, made.count);
    }
    spanlink_value values[64];
    spanlink_attribute entries[64];
    spanlink_attribute deepest = {.key = {"k", 1}, .value = test_nest(values, entries, 37)};
    spanlink_link link = link_with(&deepest, 1);
    assert_round_trip(&link, 1);
}

TEST(a_span_without_links_is_no_links) {
    spanlink_list *list = test_list_create(NULL);
    assert_status(SPANLINK_OK, spanlink_otlp_decode(NULL, 0, list));
    assert_status(SPANLINK_OK, decode_literal("\x2a\x04name\x30\x05\x39"
                                              "12345678",
                                              list));
    assert_int_equal(0, test_stats(list).offered);
    spanlink_list_destroy(list);
}

TEST(fields_may_stand_in_any_order) {
    static const char link[] = "\x35\x01\x03\x00\x00\x28\x05\x22\x05\x12\x00\x0a\x01k\x1a\x03"
                               "a=1"
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
    spanlink_link wanted = bare_link();
    memset(wanted.context.trace_id, 'T', 16);
    memset(wanted.context.span_id, 'S', 8);
    wanted.context.trace_state = spanlink_str_from("b");
    wanted.context.trace_flags = 2;
    wanted.context.remote_unknown = false;
    wanted.dropped_attributes_count = 2;
    static const char twice[] = "\x1a\x01"
                                "a\x28\x01\x35\x01\x03\x00\x00"
                                "\x12\x08SSSSSSSS\x0a\x10TTTTTTTTTTTTTTTT"
                                "\x1a\x01"
                                "b\x28\x02\x35\x02\x01\x00\x00";
    assert_decodes(span_with(twice, sizeof twice - 1), wanted);
    static const char empty_ids[] = "\x1a\x01"
                                    "a\x0a\x00\x12\x00";
    spanlink_link zero = {.context = {.remote_unknown = true, .trace_state = {"a", 1}}};
    assert_decodes(span_with(empty_ids, sizeof empty_ids - 1), zero);
    static const char two_keys[] = "\x0a\x01j\x12\x02\x18\x01\x0a\x01k";
    assert_decodes_value(span_with_attribute(two_keys, sizeof two_keys - 1), test_int(1));
}

TEST(values_that_are_there_twice_merge) {
    static const char two_values[] = "\x0a\x01k\x12\x02\x18\x01\x12\x02\x10\x01";
    static const char then_empty[] = "\x0a\x01k\x12\x02\x18\x01\x12\x00";
    assert_decodes_value(span_with_attribute(two_values, sizeof two_values - 1),
                         spanlink_attribute_bool("", true).value);
    assert_decodes_value(span_with_attribute(then_empty, sizeof then_empty - 1), test_int(1));
    assert_value_read(test_int(2), "\x0a\x01x\x18\x01\x18\x02");
    assert_value_read(test_string("x", 1), "\x2a\x00\x18\x02\x0a\x01x");
    spanlink_value one = test_int(1);
    assert_value_read(test_array(&one, 1), "\x2a\x04\x0a\x02\x18\x02\x2a\x04\x0a\x02\x18\x01");
}

TEST(every_kind_of_value_is_read) {
    assert_value_read(((spanlink_value){0}), "");
    assert_value_read(test_string("", 0), "\x0a\x00");
    assert_value_read(test_string("a\0b", 3), "\x0a\x03"
                                              "a\0b");
    assert_value_read(spanlink_attribute_bool("", false).value, "\x10\x00");
    assert_value_read(spanlink_attribute_bool("", true).value, "\x10\x81\x00");
    assert_value_read(test_int(127), "\x18\x7f");
    assert_value_read(test_int(128), "\x18\x80\x01");
    assert_value_read(test_int(1), "\x18\x81\x80\x80\x00");
    assert_value_read(test_int(-1), "\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
    assert_value_read(test_double(-0.0), "\x21\0\0\0\0\0\0\0\x80");
    assert_value_read(test_bytes("\0\xff", 2), "\x3a\x02\0\xff");
    assert_value_read(test_array(NULL, 0), "\x2a\x00");
    assert_value_read(test_map(NULL, 0), "\x32\x00");
    spanlink_attribute entry = spanlink_attribute_int("key", 1);
    spanlink_value elements[] = {{0}, test_map(&entry, 1)};
    assert_value_read(test_array(elements, 2),
                      "\x2a\x11\x0a\x00\x0a\x0d\x32\x0b\x0a\x09\x0a\x03key\x12\x02\x18\x01");
}

/* The short form that most attributes have, and all that differs from it in one place. */
TEST(short_attributes_are_read_like_all_others) {
    spanlink_attribute attribute = spanlink_attribute_int("k", 5);
    spanlink_link link = bare_link();
    link.attributes = &attribute;
    link.attribute_count = 1;
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

/* Other bits may come to mean something: they do not change what these mean. */
TEST(flags_without_bit_8_leave_unknown_whether_the_span_is_remote) {
    for (unsigned low = 0; low < 256; low++) {
        for (unsigned high = low % 4; high < 256; high += 85) {
            uint8_t field[] = {0x35, (uint8_t)low, (uint8_t)high, (uint8_t)high, 0xff};
            spanlink_link wanted = bare_link();
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

/* A tag may be longer than it need be. */
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
        memcpy(field + 2 + size,
               "\x1a\x01"
               "a",
               3);
        encoded span = field_of(0x6a, field, size + 5u);
        assert_status(size == 0 || size == 16 ? SPANLINK_OK : SPANLINK_ERR_OTLP_TRACE_ID,
                      status_of_span(span));
        field[0] = 0x12;
        span = field_of(0x6a, field, size + 5u);
        assert_status(size == 0 || size == 8 ? SPANLINK_OK : SPANLINK_ERR_OTLP_SPAN_ID,
                      status_of_span(span));
    }
    /* Ids in front that differ in one place from what they mostly are. */
    assert_status(
        SPANLINK_ERR_OTLP_TRACE_ID,
        status_of_span(field_of(0x6a, "\x0a\x0fttttttttttttttt\x12\x08ssssssss\x1a\x00", 29)));
    assert_status(
        SPANLINK_ERR_OTLP_TRACE_ID,
        status_of_span(field_of(0x6a, "\x0a\x0f\x10tttttttttttttt\x1a\x12\x08ssssssss", 28)));
    assert_status(
        SPANLINK_ERR_OTLP_SPAN_ID,
        status_of_span(field_of(0x6a, "\x0a\x10tttttttttttttttt\x12\x07sssssss\x1a\x00", 29)));
    assert_status(SPANLINK_OK,
                  status_of_span(field_of(0x6a, "\x0a\x10tttttttttttttttt\x1a\x08ssssssss", 28)));
    assert_status(SPANLINK_OK,
                  status_of_span(field_of(0x6a, "\x1a\x10tttttttttttttttt\x12\x08ssssssss", 28)));
}

TEST(a_link_that_points_nowhere_is_passed_over_and_counted) {
    spanlink_list *list = test_list_create(NULL);
    static const char spans[] = "\x6a\x00"
                                "\x6a\x05\x35\x01\x03\x00\x00"
                                "\x6a\x0a\x12\x08ssssssss"
                                "\x6a\x02\x28\x01"
                                "\x6a\x03\x1a\x01"
                                "a"
                                "\x6a\x07\x22\x05\x0a\x01k\x12\x00";
    assert_status(SPANLINK_OK, decode_literal(spans, list));
    assert_int_equal(2, test_stats(list).kept);
    assert_int_equal(4, test_stats(list).invalid);
    assert_int_equal(6, test_stats(list).offered);
    spanlink_list_destroy(list);
}

/* trace/api.md, "Link": what is kept decides, and a list may keep no attributes. */
TEST(a_link_is_void_without_what_the_list_keeps) {
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.limits.max_attributes = SPANLINK_NONE;
    spanlink_list *list = test_list_create(&options);
    static const char spans[] = "\x6a\x07\x22\x05\x0a\x01k\x12\x00" /* an attribute */
                                "\x6a\x06\x22\x00\x1a\x02"
                                "a\x1f"; /* one without a key, and a tracestate that is not sent */
    assert_status(SPANLINK_OK, decode_literal(spans, list));
    assert_int_equal(0, test_stats(list).kept);
    assert_int_equal(2, test_stats(list).invalid);
    assert_status(SPANLINK_OK, decode_literal("\x6a\x03\x1a\x01"
                                              "a",
                                              list));
    spanlink_link link = plain_link();
    encoded whole = encode(&link, 1);
    assert_status(SPANLINK_OK, decode_bytes(whole.bytes, whole.size, list));
    assert_int_equal(2, test_stats(list).kept);
    spanlink_list_destroy(list);
    list = test_list_create(NULL);
    assert_status(SPANLINK_OK, decode_literal(spans, list));
    assert_int_equal(1, test_stats(list).kept);
    assert_int_equal(1, test_stats(list).invalid);
    spanlink_list_destroy(list);
}

TEST(bad_keys_are_the_lists_business) {
    spanlink_link wanted = bare_link();
    wanted.dropped_attributes_count = 3;
    assert_decodes(span_with("\x22\x00\x22\x02\x0a\x00\x22\x04\x12\x02\x18\x01", 12), wanted);
}

static void expect_same_lists(spanlink_list *one, spanlink_list *other) {
    size_t count, others;
    const spanlink_link *a = spanlink_list_links(one, &count);
    const spanlink_link *b = spanlink_list_links(other, &others);
    assert_int_equal(count, others);
    for (size_t i = 0; i < count; i++) {
        assert_true(test_same_link(&a[i], &b[i]));
    }
    assert_int_equal(test_stats(one).duplicate, test_stats(other).duplicate);
    assert_int_equal(test_stats(one).over_limit, test_stats(other).over_limit);
    assert_int_equal(test_stats(one).invalid, test_stats(other).invalid);
}

TEST(the_lists_limits_hold) {
    spanlink_list_options options = test_list_options();
    options.limits.max_links = 2;
    options.limits.max_attributes = 1;
    options.unique = true;
    spanlink_link links[6];
    spanlink_attribute attributes[2] = {spanlink_attribute_int("a", 1),
                                        spanlink_attribute_int("b", 2)};
    for (size_t i = 0; i < 6; i++) {
        links[i] = (spanlink_link){
            .context = test_context(i / 2 * 2 + 1), .attributes = attributes, .attribute_count = 2};
        links[i].context.trace_flags = (uint8_t)i;
    }
    links[5].context = test_context(9);
    encoded bytes = encode(links, 6);
    spanlink_list *list = test_list_create(&options);
    assert_status(SPANLINK_OK, decode_bytes(bytes.bytes, bytes.size, list));
    spanlink_list_stats stats = test_stats(list);
    assert_int_equal(2, stats.kept);
    assert_int_equal(2, stats.duplicate);
    assert_int_equal(2, stats.over_limit);
    assert_int_equal(1, spanlink_list_links(list, NULL)[0].attribute_count);
    assert_int_equal(1, spanlink_list_links(list, NULL)[0].dropped_attributes_count);
    spanlink_list_destroy(list);
}

/* Whether the list has room for all that is decoded, for some of it, or has long been cut. */
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
        spanlink_list_options options = test_list_options();
        options.limits.max_links = test_limit(variant / 8);
        options.overflow = (uint32_t)(variant % 4);
        options.unique = variant / 4 % 2 != 0;
        options.hash_seed[0] = 1;
        spanlink_list *decoded = test_list_create(&options);
        spanlink_list *appended = test_list_create(&options);
        assert_status(SPANLINK_OK, spanlink_list_add(decoded, &first));
        assert_status(SPANLINK_OK, spanlink_list_add(appended, &first));
        assert_status(SPANLINK_OK, decode_bytes(bytes.bytes, bytes.size, decoded));
        assert_status(SPANLINK_OK, spanlink_list_append(appended, links, count));
        expect_same_lists(decoded, appended);
        spanlink_list_destroy(decoded);
        spanlink_list_destroy(appended);
    }
}

/* The links in front of the fault were in the list already, or waited for their turn. */
TEST(a_late_fault_leaves_every_kind_of_list_as_it_was) {
    spanlink_link links[5];
    size_t count = varied_links(links);
    encoded bytes = encode(links, count);
    append(&bytes, "\x6a\x03\x1a\x01\xff", 5);
    for (size_t variant = 0; variant < 8 * 8; variant++) {
        spanlink_list_options options = test_list_options();
        options.limits.max_links = test_limit(variant / 8);
        options.overflow = (uint32_t)(variant % 4);
        options.unique = variant / 4 % 2 != 0;
        options.hash_seed[0] = 1;
        spanlink_list *list = test_list_create(&options);
        spanlink_list *untouched = test_list_create(&options);
        assert_status(SPANLINK_ERR_OTLP_UTF8, decode_bytes(bytes.bytes, bytes.size, list));
        expect_same_lists(untouched, list);
        assert_status(SPANLINK_OK, spanlink_list_append(untouched, links, count));
        assert_status(SPANLINK_OK, spanlink_list_append(list, links, count));
        expect_same_lists(untouched, list);
        spanlink_list_destroy(list);
        spanlink_list_destroy(untouched);
    }
}

TEST(a_link_may_have_any_number_of_short_attributes) {
    static spanlink_attribute attributes[200];
    static char keys[200][8];
    for (size_t i = 0; i < 200; i++) {
        snprintf(keys[i], sizeof keys[i], "k%zu", i);
        attributes[i] = spanlink_attribute_int(keys[i], (int64_t)(i % 100));
    }
    for (size_t count = 0; count <= 110; count++) {
        spanlink_list_options options = test_list_options();
        spanlink_link link = link_with(attributes, count);
        static uint8_t bytes[20000]; /* room for longer ones, too */
        size_t size, got;
        options.limits.max_attributes = 200;
        assert_status(SPANLINK_OK, spanlink_otlp_encode(&link, 1, bytes, sizeof bytes, &size));
        spanlink_list *list = test_list_create(&options);
        assert_status(SPANLINK_OK, spanlink_otlp_decode(bytes, size, list));
        const spanlink_link *read = spanlink_list_links(list, &got);
        assert_int_equal(1, got);
        assert_true(test_same_link(&link, read));
        spanlink_list_destroy(list);
    }
}

/* They lie behind other links then. */
TEST(links_that_wait_may_have_many_short_attributes_too) {
    static spanlink_attribute attributes[100];
    static char keys[100][8];
    for (size_t i = 0; i < 100; i++) {
        snprintf(keys[i], sizeof keys[i], "k%zu", i);
        attributes[i] = spanlink_attribute_int(keys[i], (int64_t)i);
    }
    for (size_t count = 1; count <= 100; count++) {
        static uint8_t bytes[8000];
        spanlink_list_options options = test_list_options();
        spanlink_link links[4];
        size_t size;
        for (size_t i = 0; i < 4; i++) {
            links[i] = link_with(attributes, count);
        }
        assert_status(SPANLINK_OK, spanlink_otlp_encode(links, 4, bytes, sizeof bytes, &size));
        options.limits.max_links = 1;
        spanlink_list *list = test_list_create(&options);
        assert_status(SPANLINK_OK, spanlink_otlp_decode(bytes, size, list));
        assert_int_equal(3, test_stats(list).over_limit);
        assert_int_equal(count + 2, spanlink_list_links(list, NULL)->attribute_count);
        spanlink_list_destroy(list);
    }
}

/* One field of each wire type, a group among them, with a number that no message has. */
static const char unknown[] = "\xa0\x06\x80\x01\xa1\x06"
                              "12345678\xa2\x06\x01x\xa5\x06"
                              "1234"
                              "\xa3\x06\x08\x01\xab\x06\x0a\x00\xac\x06\xa4\x06";

TEST(unknown_fields_are_skipped_everywhere) {
    size_t size = sizeof unknown - 1;
    encoded element = {.size = 0}, array = {.size = 0}, key_value = {.size = 0}, link = {.size = 0};
    append(&element, unknown, size);
    append(&element, "\x18\x01", 2);
    append(&array, unknown, size);
    put_field(&array, 0x0a, element.bytes, element.size);
    append(&array, unknown, size);
    encoded value = field_of(0x2a, array.bytes, array.size);
    append(&value, unknown, size);
    append(&key_value, unknown, size);
    append(&key_value, "\x0a\x01k", 3);
    put_field(&key_value, 0x12, value.bytes, value.size);
    append(&link, unknown, size);
    put_field(&link, 0x22, key_value.bytes, key_value.size);
    append(&link, unknown, size);
    encoded span = {.size = 0}, inner = span_with(link.bytes, link.size);
    append(&span, unknown, size);
    append(&span, inner.bytes, inner.size);
    append(&span, unknown, size);
    spanlink_value one = test_int(1);
    assert_decodes_value(span, test_array(&one, 1));
}

TEST(a_known_field_of_another_wire_type_is_unknown) {
    static const char fields[] = "\x08\x01\x10\x01\x18\x01\x20\x01\x2a\x01x\x30\x01\x32\x01x"
                                 "\x22\x13\x08\x01\x10\x01\x0a\x01k\x12\x0a"
                                 "\x08\x01\x12\x01x\x1a\x01x\x20\x01";
    spanlink_attribute attribute = {.key = {"k", 1}};
    spanlink_link wanted = bare_link();
    wanted.attributes = &attribute;
    wanted.attribute_count = 1;
    assert_decodes(span_with(fields, sizeof fields - 1), wanted);
    spanlink_list *list = test_list_create(NULL);
    assert_status(SPANLINK_OK, decode_bytes("\x68\x01\x72\x01x", 5, list));
    assert_int_equal(0, test_stats(list).offered);
    spanlink_list_destroy(list);
}

TEST(groups_nest_64_deep_and_no_deeper) {
    for (size_t depth = 60; depth <= 66; depth++) {
        encoded groups = {.size = 0};
        for (size_t i = 0; i < depth; i++) {
            append(&groups, i % 2 == 0 ? "\x7b" : "\x73", 1);
        }
        for (size_t i = depth; i-- > 0;) {
            append(&groups, i % 2 == 0 ? "\x7c" : "\x74", 1);
        }
        assert_status(depth <= 64 ? SPANLINK_OK : SPANLINK_ERR_OTLP_GROUPS,
                      status_of_span(span_with(groups.bytes, groups.size)));
    }
}

TEST(groups_must_end_where_they_began) {
    assert_status(SPANLINK_ERR_OTLP_FIELD, status_of_link("\x7c"));
    assert_status(SPANLINK_ERR_OTLP_FIELD, status_of_link("\x7b\x74"));
    assert_status(SPANLINK_ERR_OTLP_FIELD, status_of_link("\x7b\x73\x7c\x74"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_link("\x7b"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_link("\x7b\x08\x01"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_link("\x7b\x08"));
    assert_status(SPANLINK_ERR_OTLP_WIRE_TYPE, status_of_link("\x7b\x0e\x7c"));
    assert_status(SPANLINK_OK, status_of_link("\x7b\x7c"));
}

TEST(varints_have_ten_bytes_and_64_bits_at_most) {
    assert_status(SPANLINK_OK, status_of_value("\x18\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"));
    assert_status(SPANLINK_OK, status_of_value("\x18\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"));
    assert_status(SPANLINK_ERR_OTLP_VARINT,
                  status_of_value("\x18\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02"));
    assert_status(SPANLINK_ERR_OTLP_VARINT,
                  status_of_value("\x18\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"));
    assert_status(SPANLINK_ERR_OTLP_VARINT,
                  status_of_value("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"));
    assert_status(SPANLINK_ERR_OTLP_VARINT,
                  status_of_value("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f"));
    /* Longer than needed is fine: in lengths and in tags as well. */
    assert_status(SPANLINK_OK, status_of_value("\x8a\x80\x00\x81\x00x"));
}

TEST(field_numbers_are_1_to_2_to_the_29th_less_1) {
    assert_status(SPANLINK_ERR_OTLP_FIELD, status_of_value("\x00\x01"));
    assert_status(SPANLINK_ERR_OTLP_FIELD, status_of_value("\x02\x00"));
    assert_status(SPANLINK_ERR_OTLP_FIELD, status_of_value("\x07\x00"));
    /* Also with content that another field could have. */
    assert_status(SPANLINK_ERR_OTLP_FIELD, status_of_value("\x00\x7f"));
    assert_status(SPANLINK_ERR_OTLP_FIELD, status_of_value("\x02\x08of eight"));
    assert_status(SPANLINK_ERR_OTLP_FIELD, status_of_value("\x05\x7f\x7f\x7f\x7f"));
    assert_status(SPANLINK_ERR_OTLP_FIELD, status_of_value("\x80\x00\x01"));
    assert_status(SPANLINK_OK, status_of_value("\x08\x01"));
    assert_status(SPANLINK_OK, status_of_value("\x80\x01\x05"));
    assert_status(SPANLINK_OK, status_of_value("\xf8\xff\xff\xff\x0f\x01"));
    assert_status(SPANLINK_ERR_OTLP_FIELD, status_of_value("\x80\x80\x80\x80\x10\x01"));
    assert_status(SPANLINK_ERR_OTLP_FIELD, status_of_value("\x88\x80\x80\x80\x10\x01"));
}

TEST(wire_types_6_and_7_are_errors) {
    assert_status(SPANLINK_ERR_OTLP_WIRE_TYPE, status_of_value("\x0e\x01"));
    assert_status(SPANLINK_ERR_OTLP_WIRE_TYPE, status_of_value("\x0f\x01"));
    assert_status(SPANLINK_ERR_OTLP_WIRE_TYPE, status_of_value("\xff\xff\xff\xff\x0f\x01"));
    assert_status(SPANLINK_ERR_OTLP_WIRE_TYPE, status_of_link("\xa6\x06"));
}

TEST(fields_that_end_early_are_errors) {
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_value("\x18"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_value("\x18\x80"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_value("\x98"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_value("\x0a"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_value("\x0a\x01"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_value("\x0a\x80\x01x"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED,
                  status_of_value("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_value("\x21"
                                                               "1234567"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_value("\x25"
                                                               "123"));
    assert_status(SPANLINK_OK, status_of_value("\xa5\x06"
                                               "1234"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_value("\xa5\x06"
                                                               "123"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_link("\x35\x01\x01\x00\x00\x78"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_value("\x2a\x02\x0a\x01"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_value("\x32\x02\x0a\x01"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_attribute("\x0a\x05k"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_attribute("\x0a\x7fkkkkkkkk"));
}

/* Of two bytes, the first of which would be a length by itself. */
TEST(a_length_of_two_bytes_is_not_read_as_one) {
    encoded attribute = {.size = 0};
    append(&attribute, "\x22\x80\x0a\x03key\x12\x79\x0a\x77", 11);
    memset(attribute.bytes + attribute.size, 'x', 0x77);
    attribute.size += 0x77;
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED,
                  status_of_span(span_with(attribute.bytes, attribute.size)));
    attribute.bytes[1] = 0x81; /* and 0x0a: 1281 */
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED,
                  status_of_span(span_with(attribute.bytes, attribute.size)));
}

/* What follows the link would complete its attribute. */
TEST(an_attribute_ends_within_its_link) {
    static const char attributes[2][11] = {"\x22\x08\x0a\x01k\x12\x03\x0a\x01v",
                                           "\x22\x08\x0a\x02kk\x12\x02\x18\x01"};
    for (size_t i = 0; i < 2; i++) {
        for (char size = 1; size <= 10; size++) {
            encoded span = {.size = 0};
            spanlink_list *list = test_list_create(NULL);
            append(&span, "\x6a", 1);
            append(&span, &size, 1);
            append(&span, attributes[i], 10);
            spanlink_status status = decode_bytes(span.bytes, span.size, list);
            assert_status(size == 10 ? SPANLINK_OK : SPANLINK_ERR_OTLP_TRUNCATED, status);
            spanlink_list_destroy(list);
        }
    }
}

TEST(a_key_ends_within_its_attribute) {
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_attribute("\x0a\x7fkey of 14 bytes"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_attribute("\x0a\x7f\x01 and 13 bytes"));
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED, status_of_attribute("\x0a\x01k\x12\x01\x0a"));
}

TEST(text_must_be_utf8) {
    assert_status(SPANLINK_ERR_OTLP_UTF8, status_of_value("\x0a\x01\xff"));
    assert_status(SPANLINK_ERR_OTLP_UTF8, status_of_value("\x70\x01\x0a\x01\xff"));
    assert_status(SPANLINK_ERR_OTLP_UTF8, status_of_value("\x2a\x05\x0a\x03\x0a\x01\xff"));
    assert_status(SPANLINK_ERR_OTLP_UTF8, status_of_attribute("\x0a\x01\xff\x12\x02\x18\x01"));
    assert_status(SPANLINK_ERR_OTLP_UTF8, status_of_attribute("\x0a\x01\xff\x12\x02\x0a\x00"));
    assert_status(SPANLINK_ERR_OTLP_UTF8, status_of_attribute("\x0a\x01\xff"));
    assert_status(SPANLINK_ERR_OTLP_UTF8, status_of_link("\x1a\x01\xff"));
    assert_status(SPANLINK_OK, status_of_link("\x1a\x02\xc3\xa4"));
    assert_status(SPANLINK_OK, status_of_value("\x3a\x01\xff"));
}

/* Bytes that are written from the end of a buffer to its front. */
typedef struct backwards {
    uint8_t bytes[8192];
    size_t from;
} backwards;

static void put_before(backwards *to, const void *bytes, size_t size) {
    to->from -= size;
    memcpy(to->bytes + to->from, bytes, size);
}

/* Makes a field of all that is there, whose length takes one or two bytes. */
static void put_head_before(backwards *to, uint8_t tag) {
    size_t size = sizeof to->bytes - to->from;
    uint8_t head[] = {tag, (uint8_t)(128 | (size & 127)), (uint8_t)(size >> 7)};
    put_before(to, head, sizeof head);
}

/* Arrays or maps in each other around an AnyValue, as the attribute "k" of a Span's only link. */
static void put_deep_span(backwards *to, bool map, size_t levels, encoded innermost) {
    to->from = sizeof to->bytes;
    put_before(to, innermost.bytes, innermost.size);
    for (size_t i = 0; i < levels; i++) {
        if (map) {
            put_head_before(to, 0x12);
            put_before(to, "\x0a\x01k", 3);
        }
        put_head_before(to, 0x0a);
        put_head_before(to, map ? 0x32 : 0x2a);
    }
    put_head_before(to, 0x12);
    put_before(to, "\x0a\x01k", 3);
    put_head_before(to, 0x22);
    put_before(to, ids, sizeof ids - 1);
    put_head_before(to, 0x6a);
}

static size_t levels_read(bool map, size_t levels, size_t max_depth, encoded innermost,
                          uint32_t *type) {
    static backwards span;
    put_deep_span(&span, map, levels, innermost);
    spanlink_list_options options = test_list_options();
    options.limits.max_value_depth = max_depth;
    spanlink_list *list = test_list_create(&options);
    assert_status(SPANLINK_OK,
                  decode_bytes(span.bytes + span.from, sizeof span.bytes - span.from, list));
    const spanlink_link *read = spanlink_list_links(list, NULL);
    assert_int_equal(0, read->dropped_attributes_count);
    size_t got = levels_of(&read->attributes[0].value, type);
    spanlink_list_destroy(list);
    return got;
}

/* common/README, "Attribute Limits": a value that is too deep is replaced by an empty one. */
TEST(values_deeper_than_the_lists_limit_are_read_as_empty) {
    static const size_t limits[] = {1, 2, 5, 63, 64, 65, 1000, SPANLINK_UNLIMITED};
    encoded one = {.bytes = {0x18, 0x01}, .size = 2};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        size_t most = limits[i] < 64 ? limits[i] : 64;
        for (size_t levels = 0; levels <= 120; levels++) {
            for (int map = 0; map < 2; map++) {
                uint32_t type;
                assert_int_equal(levels < most ? levels : most,
                                 levels_read(map != 0, levels, limits[i], one, &type));
                assert_int_equal(levels <= most ? SPANLINK_VALUE_INT : SPANLINK_VALUE_EMPTY, type);
            }
        }
    }
}

/* It is not even looked at: whatever is in it, nobody will see it. */
TEST(what_the_list_would_not_keep_is_skipped) {
    encoded bad = {.bytes = {0x0f}, .size = 1};
    uint32_t type;
    assert_int_equal(3, levels_read(false, 4, 3, bad, &type));
    assert_int_equal(SPANLINK_VALUE_EMPTY, type);
    assert_int_equal(64, levels_read(true, 120, SPANLINK_UNLIMITED, bad, &type));
    assert_int_equal(SPANLINK_VALUE_EMPTY, type);
}

TEST(the_leftmost_fault_decides) {
    assert_status(SPANLINK_ERR_OTLP_UTF8, status_of_link("\x22\x03\x0a\x01\xff\x0f"));
    assert_status(SPANLINK_ERR_OTLP_WIRE_TYPE, status_of_link("\x0f\x22\x03\x0a\x01\xff"));
    encoded span = span_with("\x1a\x01\xff", 3);
    append(&span, "\x00", 1);
    assert_status(SPANLINK_ERR_OTLP_UTF8, status_of_span(span));
}

TEST(one_bad_link_and_nothing_changes) {
    spanlink_list *list = test_list_create(NULL);
    spanlink_link link = plain_link();
    assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    encoded span = encode(&link, 1);
    append(&span, "\x6a\x00\x70\x05\x6a\x03\x1a\x01\xff", 9);
    assert_status(SPANLINK_ERR_OTLP_UTF8, decode_bytes(span.bytes, span.size, list));
    assert_int_equal(1, test_stats(list).offered);
    assert_true(test_same_link(&link, spanlink_list_links(list, NULL)));
    spanlink_list_destroy(list);
}

/* What is cut off is missing, or noticed; what was there before stays. */
TEST(input_cut_anywhere_gives_whole_links_or_a_status) {
    spanlink_link links[5];
    size_t count = varied_links(links);
    encoded all = encode(links, count);
    for (size_t size = 0; size <= all.size; size++) {
        spanlink_list *list = test_list_create(NULL);
        size_t whole = spanlink_otlp_fit(links, count, size), got;
        bool at_end = spanlink_otlp_size(links, whole) == size;
        spanlink_status status = decode_bytes(all.bytes, size, list);
        assert_status(at_end ? SPANLINK_OK : SPANLINK_ERR_OTLP_TRUNCATED, status);
        spanlink_list_links(list, &got);
        assert_int_equal(at_end ? whole : 0, got);
        spanlink_list_destroy(list);
    }
}

/* Whatever is decoded can be encoded, and is the same when it comes back; a tracestate may hold
 * what is not sent on. */
static void assert_stable(spanlink_list *list) {
    static spanlink_link links[32];
    size_t count;
    const spanlink_link *decoded = spanlink_list_links(list, &count);
    assert_true(count <= 32);
    for (size_t i = 0; i < count; i++) {
        links[i] = decoded[i];
        if (!test_otlp_keeps_trace_state(links[i].context.trace_state)) {
            links[i].context.trace_state.len = 0;
        }
        if (links[i].attribute_count == 0 && links[i].context.trace_state.len == 0) {
            links[i].context.trace_id[0] |= 1;
            links[i].context.span_id[0] |= 1;
        }
    }
    assert_round_trip(links, count);
}

TEST(every_changed_byte_gives_links_or_a_status) {
    spanlink_link links[5];
    size_t count = varied_links(links);
    links[0].attributes++; /* Without some that only make it longer. */
    links[0].attribute_count = 7;
    encoded all = encode(links, count);
    spanlink_list *list = test_list_create(NULL);
    for (size_t i = 0; i < all.size; i++) {
        uint8_t before = all.bytes[i];
        bool is_filler = before == 'x' && i > 0 && all.bytes[i - 1] == 'x';
        for (unsigned byte = 0; byte < 256 && !is_filler; byte++) {
            all.bytes[i] = (uint8_t)byte;
            if (decode_bytes(all.bytes, all.size, list) == SPANLINK_OK) {
                assert_stable(list);
            }
            spanlink_list_clear(list);
        }
        all.bytes[i] = before;
    }
    spanlink_list_destroy(list);
}

/* Reads a link twice: as it is, and behind a field that means nothing, so that nothing of it is
 * read in large steps. `behind` follows the Span in memory. Returns the status. */
static spanlink_status read_both_ways(const encoded *link, size_t size, const encoded *behind) {
    encoded slow = {.size = 0}, spans[2] = {{.size = 0}, {.size = 0}};
    spanlink_status status[2];
    spanlink_list *lists[2];
    append(&slow, "\x78\x00", 2);
    append(&slow, link->bytes, size);
    put_field(&spans[0], 0x6a, link->bytes, size);
    put_field(&spans[1], 0x6a, slow.bytes, slow.size);
    for (size_t i = 0; i < 2; i++) {
        size_t end = spans[i].size;
        append(&spans[i], behind->bytes, behind->size);
        lists[i] = test_list_create(NULL);
        status[i] = spanlink_otlp_decode(spans[i].bytes, end, lists[i]);
    }
    assert_status(status[1], status[0]);
    expect_same_lists(lists[1], lists[0]);
    spanlink_list_destroy(lists[0]);
    spanlink_list_destroy(lists[1]);
    return status[0];
}

/* The fields of a link as encoders write it. Many of their bytes could be tags or lengths, too. */
#define FIELD(literal) {literal, sizeof(literal) - 1}
static const struct {
    const char *bytes;
    size_t size;
} ordinary_fields[] = {
    FIELD("\x0a\x10\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12"),
    FIELD("\x12\x08\x08ssss\x12\x24\x0a"),
    FIELD("\x22\x13\x0a\x03key\x12\x0c\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a"),
    FIELD("\x22\x11\x0a\x03KEY\x12\x0a\x0a\x08textText"),
    FIELD("\x22\x4f\x0a\x03kEy\x12\x48\x0a\x46seventy letters, more than is left "
          "of a link behind most of its values"),
    FIELD("\x22\x1a\x0a\x04last\x12\x12\x0a\x10sixteen letters "),
    FIELD("\x22\x22\x0a\x04long\x12\x1a\x0a\x18twenty-four letters here"),
    FIELD("\x22\x10\x0a\x0aten letter\x12\x02\x18\x00"),
    FIELD("\x22\x0a\x0a\x04"
          "four\x12\x02\x18\x18"),
    FIELD("\x22\x0b\x0a\x04"
          "five\x12\x03\x18\x85\x00"),
    FIELD("\x22\x0a\x0a\x04\x04our\x12\x02\x18\x01"),
    FIELD("\x22\x18\x0a\x12"
          "a long key\x12\x02\x18\x05more\x78\x00\x78\x00"),
    FIELD("\x22\x2f\x0a\x07seven 7\x12\x24\x0a\x22thirty-four letters in this value."),
    FIELD("\x22\x0a\x0a\x04over\x78\x12\x10\x18"),
    FIELD("\x22\x24\x0a\x06tail \x12\x1a\x0a\x18unknown 9\x12\x0e\x0a\x0ctwelve chars"),
    FIELD("\x35\x35\x03\x00\x00")};
#undef FIELD
enum { ORDINARY_FIELDS = sizeof ordinary_fields / sizeof ordinary_fields[0] };

/* A link with one of the attributes, and another one behind. `ends` gets where its fields end. */
static encoded ordinary_link(size_t i, size_t ends[6]) {
    const size_t chosen[] = {0, 1, i, 3, ORDINARY_FIELDS - 1};
    encoded link = {.size = 0};
    ends[0] = 0;
    for (size_t field = 0; field < 5; field++) {
        append(&link, ordinary_fields[chosen[field]].bytes, ordinary_fields[chosen[field]].size);
        ends[field + 1] = link.size;
    }
    return link;
}

TEST(what_is_read_in_large_steps_is_the_same_in_small_ones) {
    static const encoded nothing = {.size = 0};
    for (size_t attribute = 2; attribute + 1 < ORDINARY_FIELDS; attribute++) {
        size_t ends[6];
        encoded link = ordinary_link(attribute, ends);
        assert_status(SPANLINK_OK, read_both_ways(&link, link.size, &nothing));
        for (size_t i = 0; i < link.size; i++) {
            uint8_t before = link.bytes[i];
            for (unsigned byte = 0; byte < 256; byte++) {
                link.bytes[i] = (uint8_t)byte;
                read_both_ways(&link, link.size, &nothing);
            }
            link.bytes[i] = before;
        }
    }
}

/* The rest of a field that was cut off stands behind it, and zeros. */
TEST(nothing_behind_a_link_is_read) {
    for (size_t attribute = 2; attribute + 1 < ORDINARY_FIELDS; attribute++) {
        size_t ends[6];
        encoded link = ordinary_link(attribute, ends);
        for (size_t size = 0, whole = 0; size <= link.size; size++) {
            encoded rest = {.size = 0};
            bool at_end = size == ends[whole];
            append(&rest, link.bytes + size, ends[whole] - size);
            append(&rest, "\0\0\0\0\0\0\0\0", 8);
            whole += at_end;
            assert_status(at_end ? SPANLINK_OK : SPANLINK_ERR_OTLP_TRUNCATED,
                          read_both_ways(&link, size, &rest));
        }
    }
}

/* A list whose memory is counted. */
static spanlink_list *new_counted_list(test_allocator *memory) {
    spanlink_list_options options = test_list_options();
    options.allocator = test_allocator_interface(memory);
    return test_list_create(&options);
}

/* The last one too, for which there is just room. */
TEST(links_that_all_stay_take_no_memory_but_the_lists) {
    enum { LINKS = 3 };
    test_allocator memory = {0};
    spanlink_attribute storage[LINKS][1];
    spanlink_link links[LINKS];
    spanlink_list_options options = test_list_options();
    options.allocator = test_allocator_interface(&memory);
    options.limits.max_links = options.expected_links = LINKS;
    for (size_t i = 0; i < LINKS; i++) {
        links[i] = test_link(i + 1, storage[i]);
    }
    encoded span = encode(links, LINKS);
    spanlink_list *list = test_list_create(&options);
    size_t calls = memory.calls;
    assert_status(SPANLINK_OK, spanlink_otlp_decode(span.bytes, span.size, list));
    assert_int_equal(LINKS, test_stats(list).kept);
    assert_int_equal(calls, memory.calls);
    spanlink_list_destroy(list);
}

/* A megabyte of one small field, inside of messages with these tags. */
static void assert_bounded_memory(const char *tags, const char *field, size_t field_size) {
    static uint8_t bytes[1 << 20];
    size_t heads = 5 * strlen(tags);
    size_t size = heads + (sizeof bytes - heads) / field_size * field_size;
    for (size_t i = 0; tags[i] != '\0'; i++) {
        size_t length = size - 5 * (i + 1);
        uint8_t start[5] = {(uint8_t)tags[i], (uint8_t)(length | 128), (uint8_t)(length >> 7 | 128),
                            (uint8_t)(length >> 14 | 128), (uint8_t)(length >> 21)};
        memcpy(bytes + 5 * i, start, 5);
    }
    for (size_t i = heads; i < size; i += field_size) {
        memcpy(bytes + i, field, field_size);
    }
    test_allocator memory = {0};
    spanlink_list *list = new_counted_list(&memory);
    assert_status(SPANLINK_OK, spanlink_otlp_decode(bytes, size, list));
    assert_true(memory.peak_bytes < 100 * size);
    spanlink_list_destroy(list);
    assert_int_equal(0, memory.live_blocks);
}

TEST(memory_is_linear_in_the_input) {
    assert_bounded_memory("", "\x6a\x00", 2);
    assert_bounded_memory("",
                          "\x6a\x03\x1a\x01"
                          "a",
                          5);
    assert_bounded_memory("", "\x6a\x02\x22\x00", 4);
    assert_bounded_memory("\x6a", "\x22\x00", 2);
    assert_bounded_memory("\x6a\x22\x12\x2a", "\x0a\x00", 2);
    assert_bounded_memory("\x6a\x22\x12\x32", "\x0a\x00", 2);
    assert_bounded_memory("\x6a\x22\x12", "\x2a\x02\x0a\x00", 4);
    assert_bounded_memory("\x6a\x22\x12\x2a", "\x0a\x04\x2a\x02\x0a\x00", 6);
}

/* The second time, the list has what it keeps. */
TEST(a_link_of_32_attributes_takes_no_memory_on_the_way) {
    char keys[32][2];
    spanlink_attribute attributes[32];
    for (int real = 0; real < 2; real++) {
        for (size_t i = 0; i < 32; i++) {
            keys[i][0] = (char)('A' + i);
            keys[i][1] = '\0';
            attributes[i] =
                real ? spanlink_attribute_double(keys[i], 0.5) : spanlink_attribute_int(keys[i], 1);
        }
        spanlink_link link = link_with(attributes, 32);
        uint8_t bytes[1024];
        size_t size;
        assert_status(SPANLINK_OK, spanlink_otlp_encode(&link, 1, bytes, sizeof bytes, &size));
        test_allocator memory = {0};
        spanlink_list *list = new_counted_list(&memory);
        assert_status(SPANLINK_OK, spanlink_otlp_decode(bytes, size, list));
        spanlink_list_clear(list);
        size_t calls = memory.calls;
        assert_status(SPANLINK_OK, spanlink_otlp_decode(bytes, size, list));
        assert_int_equal(calls, memory.calls);
        assert_true(test_same_link(&link, spanlink_list_links(list, NULL)));
        spanlink_list_destroy(list);
    }
}

/* A Span that is decoded into a list with a link, while every allocation fails in turn. */

static uint8_t failing_bytes[200000];
static size_t failing_size;

typedef struct failing_decode {
    spanlink_allocator allocator;
    spanlink_list *list;
} failing_decode;

static size_t failing_limit = SPANLINK_UNLIMITED; /* of the list's links */

static spanlink_status make_add_or_decode(void *world, size_t step) {
    failing_decode *w = world;
    spanlink_link first = plain_link();
    spanlink_list_options options = test_list_options();
    options.allocator = w->allocator;
    options.limits.max_links = test_limit(failing_limit);
    options.overflow = SPANLINK_OVERFLOW_KEEP_LAST;
    switch (step) {
    case 0:
        return spanlink_list_create(&options, &w->list);
    case 1:
        return spanlink_list_add(w->list, &first);
    default:
        return spanlink_otlp_decode(failing_bytes, failing_size, w->list);
    }
}

static void look_at_decoded(void *world, test_picture *picture) {
    failing_decode *w = world;
    test_picture_list(picture, w->list);
}

static void end_decoded(void *world) {
    spanlink_list_destroy(((failing_decode *)world)->list);
}

static size_t fail_to_decode(const spanlink_link *links, size_t count) {
    failing_decode world;
    test_scenario scenario = {
        3,          &world, sizeof world, &world.allocator, make_add_or_decode, look_at_decoded,
        end_decoded};
    assert_status(SPANLINK_OK, spanlink_otlp_encode(links, count, failing_bytes,
                                                    sizeof failing_bytes, &failing_size));
    return test_scenario_fail(&scenario);
}

TEST(each_allocation_that_fails_leaves_the_list_as_it_was) {
    spanlink_link links[200];
    size_t count = varied_links(links);
    for (; count < 200; count++) {
        links[count] = links[count % 5];
        links[count].context = test_context(count);
    }
    assert_true(fail_to_decode(links, count) > 6);
}

/* In a list that cuts links these wait for the end, in memory of the decoder's. */
TEST(each_allocation_may_fail_where_links_are_cut_too) {
    spanlink_link links[100];
    size_t count = varied_links(links);
    for (; count < 100; count++) {
        links[count] = links[count % 5];
        links[count].context = test_context(count);
    }
    failing_limit = 7;
    assert_true(fail_to_decode(links, count) > 8);
    failing_limit = SPANLINK_UNLIMITED;
}

/* Many small elements, so that what the decoder took at first is too little. */
TEST(growing_while_it_reads_may_fail_too) {
    static const spanlink_value values[5000];
    spanlink_attribute attributes[20];
    for (size_t i = 0; i < 20; i++) {
        attributes[i] = spanlink_attribute_array("k", values, i % 2 * 5000);
    }
    spanlink_link link = link_with(attributes, 20);
    assert_true(fail_to_decode(&link, 1) > 8);
}

TEST(a_pool_of_any_size_decodes_all_or_nothing) {
    spanlink_link links[5];
    failing_decode world;
    test_scenario scenario = {
        3,          &world, sizeof world, &world.allocator, make_add_or_decode, look_at_decoded,
        end_decoded};
    assert_status(SPANLINK_OK, spanlink_otlp_encode(links, varied_links(links), failing_bytes,
                                                    sizeof failing_bytes, &failing_size));
    assert_true(test_scenario_fail_in_pools(&scenario) > 200);
}

TEST(wrong_arguments_of_decoding_have_a_status) {
    spanlink_list *list = test_list_create(NULL);
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_otlp_decode(NULL, 1, list));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_otlp_decode((const uint8_t *)"", 0, NULL));
    assert_status(SPANLINK_ERR_OTLP_SIZE,
                  spanlink_otlp_decode((const uint8_t *)"", (size_t)INT32_MAX + 1, list));
    assert_status(SPANLINK_ERR_OTLP_FIELD, /* of the first byte: no other is read */
                  spanlink_otlp_decode((const uint8_t *)"", INT32_MAX, list));
    assert_status(SPANLINK_ERR_OTLP_SIZE,
                  spanlink_otlp_decode((const uint8_t *)"", SIZE_MAX, list));
    spanlink_list_destroy(list);
}

/* common/README, "map<string, AnyValue>": keys are unique. As in a link, the last value counts. */
TEST(a_map_holds_each_key_once_at_every_level) {
    spanlink_attribute inner[] = {spanlink_attribute_int("x", 1), spanlink_attribute_int("y", 2),
                                  spanlink_attribute_int("x", 3)};
    spanlink_attribute outer[] = {spanlink_attribute_int("m", 1), spanlink_attribute_int("n", 2),
                                  spanlink_attribute_map("m", inner, 3)};
    spanlink_value array = test_map(outer, 3);
    spanlink_attribute attributes[] = {spanlink_attribute_int("k", 1),
                                       spanlink_attribute_int("l", 1),
                                       spanlink_attribute_array("k", &array, 1)};
    spanlink_attribute once_inner[] = {inner[2], inner[1]};
    spanlink_attribute once_outer[] = {spanlink_attribute_map("m", once_inner, 2), outer[1]};
    spanlink_value once_array = test_map(once_outer, 2);
    spanlink_attribute once[] = {spanlink_attribute_array("k", &once_array, 1), attributes[1]};
    spanlink_link link = link_with(attributes, 3), wanted = link_with(once, 2);
    encoded span = encode(&link, 1);
    assert_decodes(span, wanted);
}

/* The texts that the factories set are the library's own in both lists: they take no memory. */
TEST(names_of_the_library_are_not_copied) {
    spanlink_attribute attributes[] = {spanlink_attribute_string("link.type", "batch_item"),
                                       spanlink_attribute_int("batch.index", 5)};
    spanlink_link link = link_with(attributes, 2);
    encoded span = encode(&link, 1);
    spanlink_list *list = test_list_create(NULL);
    assert_status(SPANLINK_OK, decode_bytes(span.bytes, span.size, list));
    const spanlink_link *read = spanlink_list_links(list, NULL);
    assert_true(test_same_link(&link, read));
    assert_ptr_equal(spanlink_link_type_name(SPANLINK_LINK_TYPE_BATCH_ITEM),
                     read->attributes[0].value.string_value.ptr);
    spanlink_list_destroy(list);
}

/* Links that were cut before: by the list that the Span came from, or by a tracer */

static spanlink_attribute marker_truncated(bool truncated) {
    return spanlink_attribute_bool("links.truncated", truncated);
}

static spanlink_attribute marker_count(int64_t count) {
    return spanlink_attribute_int("links.original_count", count);
}

/* Decodes links that are encoded as they are, and then a dropped_links_count unless it is 0. */
static void decode_links(spanlink_list *list, const spanlink_link *links, size_t count,
                         uint8_t dropped) {
    encoded span = encode(links, count);
    append(&span, (uint8_t[]){0x70, dropped}, dropped != 0 ? 2 : 0);
    assert_status(SPANLINK_OK, decode_bytes(span.bytes, span.size, list));
}

static void expect_stats(const spanlink_list *list, uint64_t kept, uint64_t over_limit) {
    spanlink_list_stats stats = test_stats(list);
    assert_true(kept == stats.kept);
    assert_true(over_limit == stats.over_limit);
    uint64_t offered = kept + over_limit + stats.duplicate + stats.invalid;
    assert_true(stats.offered == (offered < over_limit ? UINT64_MAX : offered));
    assert_int_equal(over_limit > UINT32_MAX ? UINT32_MAX : over_limit, stats.dropped);
}

/* What the markers of a list's last link say; 0 if it has none. */
static int64_t marked_count(spanlink_list *list) {
    size_t count;
    const spanlink_link *links = spanlink_list_links(list, &count);
    const spanlink_attribute *marker =
        count == 0 ? NULL : spanlink_link_find(&links[count - 1], "links.original_count");
    return marker == NULL ? 0 : marker->value.int_value;
}

/* trace.proto, Span.dropped_links_count */
TEST(the_count_of_dropped_links_counts_as_cut_here) {
    spanlink_list *list = test_list_create(NULL);
    assert_status(SPANLINK_OK, decode_literal("\x70\x05", list));
    expect_stats(list, 0, 5);
    assert_null(spanlink_list_links(list, NULL));
    assert_status(SPANLINK_OK, decode_literal("\x70\x05\x70\xac\x02", list));
    expect_stats(list, 0, 305);
    assert_status(SPANLINK_OK,
                  decode_literal("\x70\x85\x80\x80\x80\x10", list)); /* 32 bits of it */
    expect_stats(list, 0, 310);
    spanlink_link link = plain_link();
    decode_links(list, &link, 1, 7);
    expect_stats(list, 1, 317);
    assert_int_equal(318, marked_count(list));
    assert_status(SPANLINK_OK, decode_literal("\x72\x01x\x71"
                                              "12345678",
                                              list)); /* no varint */
    expect_stats(list, 1, 317);
    spanlink_list_destroy(list);
}

TEST(markers_of_the_last_link_are_taken_off_and_counted) {
    spanlink_attribute attributes[] = {spanlink_attribute_int("a", 1), marker_count(10),
                                       spanlink_attribute_int("b", 2), marker_truncated(true),
                                       spanlink_attribute_int("c", 3)};
    spanlink_attribute own[] = {attributes[0], attributes[2], attributes[4]};
    spanlink_link links[] = {link_with(attributes, 1), link_with(attributes, 5)};
    spanlink_link wanted = link_with(own, 3);
    spanlink_list *list = test_list_create(NULL);
    decode_links(list, links, 2, 0);
    expect_stats(list, 2, 8);
    assert_int_equal(10, marked_count(list));
    links[1] = spanlink_list_links(list, NULL)[1];
    links[1].attribute_count -= 2; /* the list's own markers follow */
    assert_true(test_same_link(&wanted, &links[1]));
    spanlink_list_destroy(list);
}

/* Both say the same, unless one of them is missing or wrong. */
TEST(the_larger_of_both_counts_is_added) {
    for (uint8_t dropped = 0; dropped < 12; dropped++) {
        for (int64_t original = -1; original < 12; original++) {
            spanlink_attribute markers[] = {marker_truncated(true), marker_count(original)};
            spanlink_link links[] = {plain_link(), link_with(markers, 2)};
            spanlink_list *list = test_list_create(NULL);
            decode_links(list, links, 2, dropped);
            int64_t marked = original > 2 ? original - 2 : 0;
            expect_stats(list, 2, (uint64_t)(marked > dropped ? marked : dropped));
            spanlink_list_destroy(list);
        }
    }
}

/* Anything else is an attribute like all others. */
TEST(what_is_no_pair_of_markers_stays) {
    const spanlink_attribute pairs[][2] = {
        {marker_truncated(false), marker_count(10)},
        {spanlink_attribute_int("links.truncated", 1), marker_count(10)},
        {marker_truncated(true), spanlink_attribute_double("links.original_count", 10)},
        {marker_truncated(true), spanlink_attribute_int("links.original", 10)},
        {spanlink_attribute_bool("links.Truncated", true), marker_count(10)}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        spanlink_link link = link_with(pairs[i], 2);
        spanlink_list *list = test_list_create(NULL);
        decode_links(list, &link, 1, 0);
        expect_stats(list, 1, 0);
        assert_true(test_same_link(&link, spanlink_list_links(list, NULL)));
        spanlink_list_destroy(list);
    }
    spanlink_attribute markers[] = {marker_truncated(true), marker_count(10)};
    spanlink_link links[] = {link_with(markers, 2), plain_link()};
    spanlink_list *list = test_list_create(NULL);
    decode_links(list, links, 2, 0); /* not the last link's */
    expect_stats(list, 2, 0);
    assert_true(test_same_link(&links[0], spanlink_list_links(list, NULL)));
    spanlink_list_destroy(list);
}

/* As in a list: of a repeated key, the last value counts. */
TEST(of_repeated_markers_the_last_count) {
    spanlink_attribute markers[] = {marker_truncated(false), marker_count(5),
                                    marker_truncated(true), marker_count(7), marker_count(9)};
    spanlink_link link = link_with(markers, 5);
    spanlink_list *list = test_list_create(NULL);
    decode_links(list, &link, 1, 0);
    expect_stats(list, 1, 8);
    assert_int_equal(2, spanlink_list_links(list, NULL)->attribute_count); /* the list's own */
    spanlink_list_clear(list);
    markers[4] = spanlink_attribute_string("links.original_count", "9");
    decode_links(list, &link, 1, 0);
    expect_stats(list, 1, 0);
    assert_int_equal(2, spanlink_list_links(list, NULL)->attribute_count);
    spanlink_list_destroy(list);
}

/* A duplicate, one that is cut, one that is void without them. */
TEST(markers_are_taken_off_whatever_becomes_of_the_link) {
    spanlink_attribute markers[] = {marker_truncated(true), marker_count(10)};
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.unique = true;
    options.limits.max_links = 2;
    spanlink_list *list = test_list_create(&options);
    spanlink_link links[] = {plain_link(), link_with(markers, 2)};
    decode_links(list, links, 2, 0);
    expect_stats(list, 1, 8);
    assert_int_equal(1, test_stats(list).duplicate);
    spanlink_link nothing = {.attributes = markers, .attribute_count = 2};
    decode_links(list, &nothing, 1, 0);
    expect_stats(list, 1, 17);
    assert_int_equal(1, test_stats(list).invalid);
    links[0].context = test_context(5);
    links[1].context = test_context(6);
    decode_links(list, links, 2, 0);
    expect_stats(list, 2, 26);
    assert_int_equal(28, marked_count(list));
    spanlink_list_destroy(list);
}

/* The sender is believed, but counters stay at their maximum. */
TEST(forged_counts_do_not_wrap) {
    static const int64_t counts[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        spanlink_attribute markers[] = {marker_truncated(true), marker_count(counts[i])};
        spanlink_link link = link_with(markers, 2);
        spanlink_list *list = test_list_create(NULL);
        decode_links(list, &link, 1, 0);
        uint64_t cut = counts[i] > 1 ? (uint64_t)counts[i] - 1 : 0;
        expect_stats(list, 1, cut);
        decode_links(list, &link, 1, 0);
        expect_stats(list, 2, 2 * cut);
        decode_links(list, &link, 1, 0);
        expect_stats(list, 3, cut > UINT64_MAX / 3 ? UINT64_MAX : 3 * cut);
        assert_true(marked_count(list) == (cut != 0 ? INT64_MAX : 0));
        spanlink_list_destroy(list);
    }
}

/* From list to list, in whole Spans, or as links alone: then only the markers tell. */
TEST(a_total_survives_three_hops) {
    static const size_t bounds[][3] = {{3, 128, 2}, {3, 3, 3}, {1, 1, 1}, {5, 1, 9}, {300, 2, 200}};
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        for (int whole = 0; whole < 2; whole++) {
            spanlink_list *lists[3];
            for (size_t hop = 0; hop < 3; hop++) {
                spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
                options.limits.max_links = bounds[i][hop];
                options.unique = hop == 1;
                options.overflow = (uint32_t)(hop + i) % 4;
                options.seed = hop;
                lists[hop] = test_list_create(&options);
            }
            test_list_add_range(lists[0], 1, 40);
            for (size_t hop = 1; hop < 3; hop++) {
                static uint8_t bytes[40 * 100];
                size_t size, count;
                const spanlink_link *links = spanlink_list_links(lists[hop - 1], &count);
                assert_status(
                    SPANLINK_OK,
                    whole ? spanlink_otlp_encode_list(lists[hop - 1], bytes, sizeof bytes, &size)
                          : spanlink_otlp_encode(links, count, bytes, sizeof bytes, &size));
                assert_status(SPANLINK_OK, spanlink_otlp_decode(bytes, size, lists[hop]));
            }
            assert_int_equal(40, test_stats(lists[2]).offered);
            assert_int_equal(40 - test_stats(lists[2]).kept, test_stats(lists[2]).over_limit);
            for (size_t hop = 0; hop < 3; hop++) {
                spanlink_list_destroy(lists[hop]);
            }
        }
    }
}

/* As protobuf's parsers read them: links of both, the last count of dropped links. */
TEST(two_spans_in_one_buffer_are_one) {
    spanlink_attribute markers[] = {marker_truncated(true), marker_count(10)};
    spanlink_link marked = link_with(markers, 2);
    encoded span = encode(&marked, 1);
    append(&span, "\x70\x09", 2);
    size_t one = span.size;
    append(&span, span.bytes, one);
    span.bytes[2 * one - 1] = 5;
    spanlink_list *list = test_list_create(NULL);
    assert_status(SPANLINK_OK, decode_bytes(span.bytes, span.size, list));
    expect_stats(list, 2, 8);
    assert_true(test_same_link(&marked, spanlink_list_links(list, NULL)));
    spanlink_list_destroy(list);
}

TEST(a_span_that_fails_counts_nothing) {
    spanlink_attribute markers[] = {marker_truncated(true), marker_count(10)};
    spanlink_link links[] = {plain_link(), link_with(markers, 2)};
    for (size_t bound = 0; bound < 4; bound++) {
        spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
        options.limits.max_links = bound == 0 ? SPANLINK_NONE : bound;
        spanlink_list *list = test_list_create(&options);
        encoded span = encode(links, 2);
        append(&span, "\x70\x09\x0f", 3);
        assert_status(SPANLINK_ERR_OTLP_WIRE_TYPE, decode_bytes(span.bytes, span.size, list));
        expect_stats(list, 0, 0);
        spanlink_list_destroy(list);
    }
}

/* Which links are cut later depends on what this list itself was offered. */
TEST(cuts_of_upstream_leave_a_reservoirs_choice_as_it_is) {
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.overflow = SPANLINK_OVERFLOW_RESERVOIR;
    options.limits.max_links = 5;
    for (uint64_t seed = 0; seed < 20; seed++) {
        options.seed = seed;
        spanlink_list *lists[2] = {test_list_create(&options), test_list_create(&options)};
        assert_status(SPANLINK_OK, decode_literal("\x70\x64", lists[0]));
        for (size_t i = 0; i < 2; i++) {
            test_list_add_range(lists[i], 1, 50);
        }
        size_t count;
        const spanlink_link *links[2] = {spanlink_list_links(lists[0], &count),
                                         spanlink_list_links(lists[1], NULL)};
        assert_int_equal(5, count);
        for (size_t i = 0; i < count; i++) {
            assert_memory_equal(links[0][i].context.span_id, links[1][i].context.span_id, 8);
        }
        expect_stats(lists[0], 5, 145);
        spanlink_list_destroy(lists[0]);
        spanlink_list_destroy(lists[1]);
    }
}

/* The markers find room behind the attributes of whatever link comes to be the last one. */
TEST(later_links_carry_the_markers) {
    spanlink_attribute attributes[100];
    char keys[100][8];
    for (size_t i = 0; i < 100; i++) {
        snprintf(keys[i], sizeof keys[i], "k%zu", i);
        attributes[i] = spanlink_attribute_int(keys[i], 1);
    }
    spanlink_list *list = test_list_create(NULL), *merged = test_list_create(NULL);
    assert_status(SPANLINK_OK, decode_literal("\x70\x05", list));
    for (size_t count = 0; count <= 100; count++) {
        spanlink_link link = link_with(attributes, count);
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
        assert_int_equal(count + 6, marked_count(list));
    }
    assert_status(SPANLINK_OK, spanlink_list_merge(merged, list));
    expect_stats(merged, 101, 5);
    assert_int_equal(106, marked_count(merged));
    spanlink_list_destroy(list);
    spanlink_list_destroy(merged);
}

/* Lists */

TEST(a_list_is_encoded_with_its_count_of_dropped_links) {
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.limits.max_links = 3;
    spanlink_list *list = test_list_create(&options);
    for (uint64_t number = 0; number < 140; number++) {
        uint8_t bytes[512], wanted[512];
        size_t size, count, links_size;
        assert_status(SPANLINK_OK, spanlink_otlp_encode_list(list, bytes, sizeof bytes, &size));
        assert_int_equal(size, spanlink_otlp_list_size(list));
        const spanlink_link *links = spanlink_list_links(list, &count);
        assert_status(SPANLINK_OK,
                      spanlink_otlp_encode(links, count, wanted, sizeof wanted, &links_size));
        if (number > 3) {
            uint8_t field[] = {0x70, (uint8_t)(number - 3), 1};
            field[1] |= number - 3 > 127 ? 128 : 0;
            memcpy(wanted + links_size, field, sizeof field);
            links_size += number - 3 > 127 ? 3 : 2;
        }
        assert_int_equal(links_size, size);
        assert_memory_equal(wanted, bytes, size);
        for (size_t capacity = 0; capacity < size; capacity++) {
            size_t need = 0;
            assert_status(SPANLINK_ERR_CAPACITY,
                          spanlink_otlp_encode_list(list, bytes, capacity, &need));
            assert_int_equal(size, need);
        }
        test_list_add(list, number);
    }
    spanlink_list_destroy(list);
}

TEST(a_list_without_links_still_tells_what_was_dropped) {
    spanlink_list *list = test_list_create(NULL);
    uint8_t bytes[8];
    size_t size = 7;
    assert_int_equal(0, spanlink_otlp_list_size(list));
    assert_status(SPANLINK_OK, spanlink_otlp_encode_list(list, NULL, 0, &size));
    assert_int_equal(0, size);
    assert_status(SPANLINK_OK, decode_literal("\x70\xff\xff\xff\xff\x0f", list));
    assert_status(SPANLINK_OK, decode_literal("\x70\xff\xff\xff\xff\x0f", list));
    assert_int_equal(6, spanlink_otlp_list_size(list));
    assert_status(SPANLINK_OK, spanlink_otlp_encode_list(list, bytes, sizeof bytes, &size));
    assert_int_equal(6, size);
    assert_memory_equal("\x70\xff\xff\xff\xff\x0f", bytes, 6);
    spanlink_list_destroy(list);
}

TEST(wrong_arguments_of_lists_have_a_status) {
    spanlink_list *list = test_list_create(NULL);
    uint8_t bytes[8];
    size_t written = 7;
    assert_true(spanlink_otlp_list_size(NULL) == SIZE_MAX);
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_otlp_encode_list(NULL, bytes, 8, &written));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_otlp_encode_list(list, NULL, 8, &written));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_otlp_encode_list(list, bytes, 8, NULL));
    assert_int_equal(7, written);
    spanlink_list_destroy(list);
}

/* The bit patterns that a processor's registers may change, and all their neighbours. */
TEST(every_double_comes_back_bit_for_bit) {
    static const uint64_t patterns[] = {
        UINT64_C(0x7ff4000000000001), UINT64_C(0xfff4000000000001), UINT64_C(0x7ff0000000000001),
        UINT64_C(0x7ff7ffffffffffff), UINT64_C(0x7ff8000000000000), UINT64_C(0xffffffffffffffff),
        UINT64_C(0x0000000000000001), UINT64_C(0x800fffffffffffff), UINT64_C(0x8000000000000000)};
    spanlink_attribute attributes[2] = {{.key = {"a", 1}}, {.key = {"b", 1}}};
    spanlink_value inside = {.type = SPANLINK_VALUE_DOUBLE};
    attributes[0].value.type = SPANLINK_VALUE_DOUBLE;
    attributes[1].value = test_array(&inside, 1);
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        memcpy(&attributes[0].value.double_value, &patterns[i], sizeof patterns[i]);
        memcpy(&inside.double_value, &patterns[i], sizeof patterns[i]);
        spanlink_link link = link_with(attributes, 2);
        encoded bytes = encode(&link, 1);
        spanlink_list *list = test_list_create(NULL);
        assert_status(SPANLINK_OK, decode_bytes(bytes.bytes, bytes.size, list));
        const spanlink_attribute *read = spanlink_list_links(list, NULL)->attributes;
        assert_memory_equal(&patterns[i], &read[0].value.double_value, 8);
        assert_memory_equal(&patterns[i], &read[1].value.array_value.ptr->double_value, 8);
        spanlink_list_destroy(list);
    }
}
