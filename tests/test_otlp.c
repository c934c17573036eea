/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_links.h"

#include <spanlink/otlp.h>

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* The bytes of one link with one attribute "k" stand around those of its value. */
static const char head[] = "\x0a\x10tttttttttttttttt\x12\x08ssssssss";
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
    size_t content = sizeof head - 1 + middle_size + sizeof tail - 1;
    uint8_t length[2] = {(uint8_t)(content < 128 ? content : 128 | (content & 127)),
                         (uint8_t)(content >> 7)};
    append(&wanted, "\x6a", 1);
    append(&wanted, length, content < 128 ? 1 : 2);
    append(&wanted, head, sizeof head - 1);
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

static spanlink_value string_value(const char *text, size_t length) {
    return spanlink_attribute_strn((spanlink_str){NULL, 0}, (spanlink_str){text, length}).value;
}

static spanlink_value bytes_value(const void *bytes, size_t length) {
    return spanlink_attribute_bytes("", bytes, length).value;
}

static spanlink_value int_value(int64_t integer) {
    return spanlink_attribute_int("", integer).value;
}

static spanlink_value double_value(double real) {
    return spanlink_attribute_double("", real).value;
}

static spanlink_value array_value(const spanlink_value *values, size_t count) {
    return spanlink_attribute_array("", values, count).value;
}

static spanlink_value map_value(const spanlink_attribute *attributes, size_t count) {
    return spanlink_attribute_map("", attributes, count).value;
}

static spanlink_link link_with(const spanlink_attribute *attributes, size_t count) {
    spanlink_link link = plain_link();
    link.attributes = attributes;
    link.attribute_count = count;
    return link;
}

static void no_links_are_no_bytes(void **state) {
    (void)state;
    size_t written = 7;
    assert_int_equal(0, spanlink_otlp_size(NULL, 0));
    assert_status(SPANLINK_OK, spanlink_otlp_encode(NULL, 0, NULL, 0, &written));
    assert_int_equal(0, written);
}

static void a_link_without_attributes_has_ids_and_flags(void **state) {
    (void)state;
    spanlink_link link = plain_link();
    assert_link(&link, "", 0);
}

static void zero_ids_are_written(void **state) {
    (void)state;
    spanlink_link link = {.attribute_count = 0};
    encoded got = encode(&link, 1);
    static const uint8_t wanted[] = {0x6a, 33, 0x0a, 16, 0, 0, 0,    0, 0,    0, 0, 0,
                                     0,    0,  0,    0,  0, 0, 0,    0, 0x12, 8, 0, 0,
                                     0,    0,  0,    0,  0, 0, 0x35, 0, 1,    0, 0};
    assert_int_equal(sizeof wanted, got.size);
    assert_memory_equal(wanted, got.bytes, sizeof wanted);
}

static void flags_hold_all_eight_bits_and_whether_the_span_is_remote(void **state) {
    (void)state;
    for (unsigned flags = 0; flags < 256; flags++) {
        for (unsigned remote = 0; remote < 2; remote++) {
            spanlink_link link = plain_link();
            link.context.trace_flags = (uint8_t)flags;
            link.context.is_remote = remote != 0;
            encoded got = encode(&link, 1);
            uint8_t wanted[] = {0x35, (uint8_t)flags, (uint8_t)(remote ? 3 : 1), 0, 0};
            assert_memory_equal(wanted, got.bytes + got.size - sizeof wanted, sizeof wanted);
        }
    }
}

static void links_follow_each_other_in_order(void **state) {
    (void)state;
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

static void a_tracestate_stands_between_ids_and_attributes(void **state) {
    (void)state;
    spanlink_attribute attribute = spanlink_attribute_int("k", 1);
    spanlink_link link = link_with(&attribute, 1);
    link.context.trace_state = spanlink_str_from("vendor=1");
    static const char middle[] = "\x1a\x08vendor=1\x22\x07\x0a\x01k\x12\x02\x18\x01";
    assert_link(&link, middle, sizeof middle - 1);
}

static void the_count_of_dropped_attributes_is_written_unless_zero(void **state) {
    (void)state;
    spanlink_link link = plain_link();
    link.dropped_attribute_count = 1;
    assert_link(&link, "\x28\x01", 2);
    link.dropped_attribute_count = 300;
    assert_link(&link, "\x28\xac\x02", 3);
    link.dropped_attribute_count = UINT32_MAX;
    assert_link(&link, "\x28\xff\xff\xff\xff\x0f", 6);
}

static void strings_and_bytes_hold_anything(void **state) {
    (void)state;
    assert_value_is(string_value(NULL, 0), "\x0a\x00");
    assert_value_is(string_value("v", 1), "\x0a\x01v");
    assert_value_is(string_value("batch_item", 10), "\x0a\x0a"
                                                    "batch_item");
    assert_value_is(string_value("seventeen letters", 17), "\x0a\x11"
                                                           "seventeen letters");
    assert_value_is(string_value("a\0b", 3), "\x0a\x03"
                                             "a\0b");
    assert_value_is(string_value("\xe2\x82\xac", 3), "\x0a\x03\xe2\x82\xac");
    assert_value_is(string_value("8 byte \xc3\xa4", 9), "\x0a\x09"
                                                        "8 byte \xc3\xa4");
    assert_value_is(bytes_value(NULL, 0), "\x3a\x00");
    assert_value_is(bytes_value("\x00\xff", 2), "\x3a\x02\x00\xff");
}

static void a_string_that_is_not_utf8_is_written_as_bytes(void **state) {
    (void)state;
    assert_value_is(string_value("\xff", 1), "\x3a\x01\xff");
    assert_value_is(string_value("8 bytes\xff", 8), "\x3a\x08"
                                                    "8 bytes\xff");
    assert_value_is(string_value("\xed\xa0\x80", 3), "\x3a\x03\xed\xa0\x80");
}

static void integers_are_varints(void **state) {
    (void)state;
    assert_value_is(int_value(0), "\x18\x00");
    assert_value_is(int_value(127), "\x18\x7f");
    assert_value_is(int_value(128), "\x18\x80\x01");
    assert_value_is(int_value(16383), "\x18\xff\x7f");
    assert_value_is(int_value(16384), "\x18\x80\x80\x01");
    assert_value_is(int_value(-1), "\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
    assert_value_is(int_value(INT64_MAX), "\x18\xff\xff\xff\xff\xff\xff\xff\xff\x7f");
    assert_value_is(int_value(INT64_MIN), "\x18\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01");
}

static void other_scalars_are_written_even_at_their_default(void **state) {
    (void)state;
    assert_value_is(spanlink_attribute_bool("", false).value, "\x10\x00");
    assert_value_is(spanlink_attribute_bool("", true).value, "\x10\x01");
    assert_value_is(double_value(0.0), "\x21\0\0\0\0\0\0\0\0");
    assert_value_is(double_value(-0.0), "\x21\0\0\0\0\0\0\0\x80");
    assert_value_is(double_value(1.5), "\x21\0\0\0\0\0\0\xf8\x3f");
    assert_value_is(double_value((double)INFINITY), "\x21\0\0\0\0\0\0\xf0\x7f");
    assert_value_is(double_value(DBL_MAX), "\x21\xff\xff\xff\xff\xff\xff\xef\x7f");
    uint8_t nan_bits[] = {0x21, 1, 2, 3, 4, 5, 6, 0xf8, 0xff};
    uint64_t bits = UINT64_C(0xfff8060504030201);
    double nan;
    memcpy(&nan, &bits, sizeof nan);
    assert_value(double_value(nan), (const char *)nan_bits, sizeof nan_bits);
}

static void an_empty_value_is_a_message_of_no_bytes(void **state) {
    (void)state;
    assert_value_is((spanlink_value){0}, "");
}

static void arrays_and_maps_nest(void **state) {
    (void)state;
    spanlink_value inner[] = {int_value(1), {0}, string_value("x", 1)};
    assert_value_is(array_value(NULL, 0), "\x2a\x00");
    assert_value_is(map_value(NULL, 0), "\x32\x00");
    assert_value_is(array_value(inner, 3), "\x2a\x0b\x0a\x02\x18\x01\x0a\x00\x0a\x03\x0a\x01x");
    spanlink_attribute entries[] = {spanlink_attribute_array("a", inner, 1),
                                    spanlink_attribute_bool("bool key", true)};
    assert_value_is(map_value(entries, 2), "\x32\x1d\x0a\x0b\x0a\x01"
                                           "a\x12\x06\x2a\x04\x0a\x02\x18\x01"
                                           "\x0a\x0e\x0a\x08"
                                           "bool key\x12\x02\x10\x01");
}

/* Lengths grow by a byte at 128 and 16,384: on both sides of each, for texts and for all that
 * stands around them. */
static void lengths_are_minimal_varints(void **state) {
    (void)state;
    static char text[17000];
    static uint8_t buffer[17100];
    memset(text, 'x', sizeof text);
    for (size_t length = 0; length < sizeof text;
         length += length < 300 || length > 16200 ? 1 : 99) {
        spanlink_attribute attribute = {.key = {"k", 1}, .value = string_value(text, length)};
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

static void an_attribute_with_a_bad_key_is_dropped_and_counted(void **state) {
    (void)state;
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
    link.dropped_attribute_count = 300;
    append(&wanted, "\xb0\x02", 2);
    assert_link(&link, wanted.bytes, wanted.size);
    wanted.size -= 2;
    link.dropped_attribute_count = UINT32_MAX - 2;
    append(&wanted, "\xff\xff\xff\xff\x0f", 5);
    assert_link(&link, wanted.bytes, wanted.size);
}

static void the_value_of_a_dropped_attribute_does_not_matter(void **state) {
    (void)state;
    spanlink_attribute attribute = {.value = {.type = 99}};
    spanlink_link link = link_with(&attribute, 1);
    assert_link(&link, "\x28\x01", 2);
}

static void keys_that_stand_twice_are_written_twice(void **state) {
    (void)state;
    spanlink_attribute attributes[] = {spanlink_attribute_int("k", 1),
                                       spanlink_attribute_int("k", 2)};
    spanlink_link link = link_with(attributes, 2);
    static const char middle[] =
        "\x22\x07\x0a\x01k\x12\x02\x18\x01\x22\x07\x0a\x01k\x12\x02\x18\x02";
    assert_link(&link, middle, sizeof middle - 1);
}

/* Every byte, at every place of texts with and without a rest behind groups of eight. */
static void a_tracestate_that_is_not_printable_ascii_is_left_out(void **state) {
    (void)state;
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

static void an_unknown_value_type_is_an_error(void **state) {
    (void)state;
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

/* `values` are as many arrays and maps in turn, each inside the one before it. */
static spanlink_value nest(spanlink_value *values, spanlink_attribute *entries, size_t depth) {
    spanlink_value inner = int_value(1);
    for (size_t i = 0; i < depth; i++) {
        values[i] = inner;
        entries[i] = (spanlink_attribute){.key = {"k", 1}, .value = inner};
        inner = i % 2 == 0 ? array_value(&values[i], 1) : map_value(&entries[i], 1);
    }
    return inner;
}

static void values_nest_64_deep_and_no_deeper(void **state) {
    (void)state;
    spanlink_value values[66];
    spanlink_attribute entries[66];
    size_t written = 7;
    uint8_t buffer[1000];
    for (size_t depth = 62; depth <= 66; depth++) {
        spanlink_attribute attribute = {.key = {"k", 1}, .value = nest(values, entries, depth)};
        spanlink_link link = link_with(&attribute, 1);
        if (depth <= 64) {
            encode(&link, 1);
        } else {
            assert_status(SPANLINK_ERR_VALUE_DEPTH,
                          spanlink_otlp_encode(&link, 1, buffer, sizeof buffer, &written));
            assert_true(spanlink_otlp_size(&link, 1) == SIZE_MAX);
        }
    }
    assert_int_equal(7, written);
}

static void of_several_faults_the_first_decides(void **state) {
    (void)state;
    spanlink_value values[65], bad = {.type = 99};
    spanlink_attribute entries[65];
    spanlink_attribute attributes[] = {{.key = {"k", 1}, .value = bad},
                                       {.key = {"k", 1}, .value = nest(values, entries, 65)}};
    spanlink_link links[] = {link_with(&attributes[0], 1), link_with(&attributes[1], 1),
                             link_with(NULL, 1)};
    size_t written;
    assert_status(SPANLINK_ERR_VALUE_TYPE, spanlink_otlp_encode(links, 3, NULL, 0, &written));
    assert_status(SPANLINK_ERR_VALUE_DEPTH, spanlink_otlp_encode(links + 1, 2, NULL, 0, &written));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_otlp_encode(links + 2, 1, NULL, 0, &written));
    spanlink_link both = link_with(attributes, 2);
    assert_status(SPANLINK_ERR_VALUE_TYPE, spanlink_otlp_encode(&both, 1, NULL, 0, &written));
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
static void more_than_int32_max_bytes_are_an_error(void **state) {
    (void)state;
    static const size_t lengths[] = {(size_t)INT32_MAX + 1, SIZE_MAX / 2 + 1, SIZE_MAX};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        spanlink_str longer = {"", lengths[i]};
        spanlink_attribute key = {.key = longer};
        spanlink_attribute string = spanlink_attribute_strn(spanlink_str_from("k"), longer);
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

static void exactly_int32_max_bytes_are_none(void **state) {
    (void)state;
    static const uint8_t byte = 0;
    size_t around = 28 + 5 + 4 * (1 + 5) + 3; /* ids, flags, four heads, the key */
    spanlink_attribute attribute = spanlink_attribute_bytes("k", &byte, INT32_MAX - around);
    spanlink_link link = link_with(&attribute, 1);
    assert_int_equal(INT32_MAX, spanlink_otlp_size(&link, 1));
    assert_int_equal(1, spanlink_otlp_fit(&link, 1, SIZE_MAX));
    assert_int_equal(1, spanlink_otlp_fit(&link, 1, INT32_MAX));
    assert_int_equal(0, spanlink_otlp_fit(&link, 1, INT32_MAX - 1));
    attribute.value.as.bytes.len++;
    assert_true(spanlink_otlp_size(&link, 1) == SIZE_MAX);
    assert_int_equal(0, spanlink_otlp_fit(&link, 1, SIZE_MAX));
    spanlink_link small = plain_link(), both[] = {small, link};
    attribute.value.as.bytes.len -= 3;
    assert_true(spanlink_otlp_size(both, 2) == SIZE_MAX);
    assert_int_equal(1, spanlink_otlp_fit(both, 2, SIZE_MAX));
}

/* 64 arrays of two elements that are the same array each: 2^64 values in 3 KB of memory. */
static void shared_elements_cannot_make_it_run_forever(void **state) {
    (void)state;
    static const uint8_t byte = 0;
    spanlink_value levels[64][2];
    levels[0][0] = levels[0][1] = bytes_value(&byte, (size_t)1 << 16);
    for (size_t i = 1; i < 64; i++) {
        levels[i][0] = levels[i][1] = array_value(levels[i - 1], 2);
    }
    spanlink_attribute nested = spanlink_attribute_array("k", levels[62], 2);
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
    values[0] = int_value(-1);
    values[1] = string_value(text, 130);
    values[2] = (spanlink_value){0};
    values[3] = bytes_value("\x80", 1);
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
    links[2].dropped_attribute_count = 127;
    links[3] = link_with(attributes, 2);
    links[4] = link_with(attributes + 6, 1);
    links[4].context.is_remote = true;
    return 5;
}

/* In a block of each size, so that a sanitizer sees what is written outside. */
static void a_buffer_that_is_too_small_by_any_number_tells_the_need(void **state) {
    (void)state;
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

static void fit_tells_how_many_links_encode_into_each_capacity(void **state) {
    (void)state;
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

static void a_link_that_cannot_be_encoded_ends_the_fit(void **state) {
    (void)state;
    spanlink_attribute bad = {.key = {"k", 1}, .value = {.type = 99}};
    spanlink_link links[] = {plain_link(), plain_link(), link_with(&bad, 1), plain_link()};
    assert_int_equal(2, spanlink_otlp_fit(links, 4, SPANLINK_UNLIMITED));
}

static void wrong_arguments_have_a_status(void **state) {
    (void)state;
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_links_are_no_bytes),
        cmocka_unit_test(a_link_without_attributes_has_ids_and_flags),
        cmocka_unit_test(zero_ids_are_written),
        cmocka_unit_test(flags_hold_all_eight_bits_and_whether_the_span_is_remote),
        cmocka_unit_test(links_follow_each_other_in_order),
        cmocka_unit_test(a_tracestate_stands_between_ids_and_attributes),
        cmocka_unit_test(the_count_of_dropped_attributes_is_written_unless_zero),
        cmocka_unit_test(strings_and_bytes_hold_anything),
        cmocka_unit_test(a_string_that_is_not_utf8_is_written_as_bytes),
        cmocka_unit_test(integers_are_varints),
        cmocka_unit_test(other_scalars_are_written_even_at_their_default),
        cmocka_unit_test(an_empty_value_is_a_message_of_no_bytes),
        cmocka_unit_test(arrays_and_maps_nest),
        cmocka_unit_test(lengths_are_minimal_varints),
        cmocka_unit_test(an_attribute_with_a_bad_key_is_dropped_and_counted),
        cmocka_unit_test(the_value_of_a_dropped_attribute_does_not_matter),
        cmocka_unit_test(keys_that_stand_twice_are_written_twice),
        cmocka_unit_test(a_tracestate_that_is_not_printable_ascii_is_left_out),
        cmocka_unit_test(an_unknown_value_type_is_an_error),
        cmocka_unit_test(values_nest_64_deep_and_no_deeper),
        cmocka_unit_test(of_several_faults_the_first_decides),
        cmocka_unit_test(more_than_int32_max_bytes_are_an_error),
        cmocka_unit_test(exactly_int32_max_bytes_are_none),
        cmocka_unit_test(shared_elements_cannot_make_it_run_forever),
        cmocka_unit_test(a_buffer_that_is_too_small_by_any_number_tells_the_need),
        cmocka_unit_test(fit_tells_how_many_links_encode_into_each_capacity),
        cmocka_unit_test(a_link_that_cannot_be_encoded_ends_the_fit),
        cmocka_unit_test(wrong_arguments_have_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
