/* SPDX-License-Identifier: MIT */
#include "test_otlp_links.h"

#include "test.h"
#include "test_links.h"

#include <float.h>
#include <math.h>

/* The rules */

static size_t encode_utf8(uint32_t code, char *text) {
    static const uint32_t ends[] = {0x80, 0x800, 0x10000, 0x110000};
    static const uint8_t marks[] = {0, 0xc0, 0xe0, 0xf0};
    size_t more = 0;
    while (code >= ends[more]) {
        more++;
    }
    for (size_t i = more; i > 0; i--) {
        text[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    text[0] = (char)(marks[more] | code);
    return more + 1;
}

/* Decodes without a check; what is right comes out the same when it is encoded again. */
static bool starts_with_character(spanlink_str text, size_t *length) {
    uint8_t lead = (uint8_t)text.ptr[0];
    *length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (*length > text.len) {
        return false;
    }
    uint32_t code = lead & (0xffu >> (*length == 1 ? 0 : *length + 1));
    for (size_t i = 1; i < *length; i++) {
        code = code << 6 | ((uint8_t)text.ptr[i] & 0x3f);
    }
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
        return false;
    }
    char again[4];
    return encode_utf8(code, again) == *length && memcmp(again, text.ptr, *length) == 0;
}

bool test_otlp_is_utf8(spanlink_str text) {
    size_t length;
    for (; text.len != 0; text.ptr += length, text.len -= length) {
        if (!starts_with_character(text, &length)) {
            return false;
        }
    }
    return true;
}

bool test_otlp_keeps(const spanlink_attribute *attribute) {
    return attribute->key.len != 0 && test_otlp_is_utf8(attribute->key);
}

bool test_otlp_keeps_trace_state(spanlink_str state) {
    for (size_t i = 0; i < state.len; i++) {
        if (strchr(" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
                   "abcdefghijklmnopqrstuvwxyz{|}~",
                   state.ptr[i]) == NULL ||
            state.ptr[i] == '\0') {
            return false;
        }
    }
    return state.len != 0;
}

static uint64_t dropped_inside(const spanlink_attribute *attributes, size_t count);

static uint64_t dropped_in_value(const spanlink_value *value) {
    uint64_t dropped = 0;
    if (value->type == SPANLINK_VALUE_MAP) {
        return dropped_inside(value->map_value.ptr, value->map_value.len);
    }
    for (size_t i = 0; value->type == SPANLINK_VALUE_ARRAY && i < value->array_value.len; i++) {
        dropped += dropped_in_value(&value->array_value.ptr[i]);
    }
    return dropped;
}

static uint64_t dropped_inside(const spanlink_attribute *attributes, size_t count) {
    uint64_t dropped = 0;
    for (size_t i = 0; i < count; i++) {
        dropped += test_otlp_keeps(&attributes[i]) ? dropped_in_value(&attributes[i].value) : 1;
    }
    return dropped;
}

uint32_t test_otlp_dropped(const spanlink_link *link) {
    uint64_t dropped =
        link->dropped_attributes_count + dropped_inside(link->attributes, link->attribute_count);
    return dropped > UINT32_MAX ? UINT32_MAX : (uint32_t)dropped;
}

uint32_t test_otlp_flags(const spanlink_context *context) {
    return context->trace_flags + 256u + (context->is_remote ? 512u : 0u);
}

/* Parts of links */

static size_t below(test_otlp_links *links, size_t limit) {
    return (size_t)(test_random(&links->random) % limit);
}

static char *take_text(test_otlp_links *links, size_t size) {
    assert_true(size <= sizeof links->text - links->text_used);
    links->text_used += size;
    return links->text + links->text_used - size;
}

static spanlink_attribute *take_attributes(test_otlp_links *links, size_t count) {
    assert_true(count <= 4096 - links->attributes_used);
    links->attributes_used += count;
    return links->attributes + links->attributes_used - count;
}

static spanlink_value *take_values(test_otlp_links *links, size_t count) {
    assert_true(count <= 4096 - links->values_used);
    links->values_used += count;
    return links->values + links->values_used - count;
}

static spanlink_str copied(test_otlp_links *links, const char *text, size_t size) {
    char *copy = take_text(links, size);
    memcpy(copy, text, size);
    return (spanlink_str){copy, size};
}

static spanlink_value string_of(spanlink_str text) {
    return (spanlink_value){.type = SPANLINK_VALUE_STRING, .string_value = text};
}

static spanlink_value bytes_of(spanlink_str text) {
    return spanlink_attribute_bytes("", (const uint8_t *)text.ptr, text.len).value;
}

/* Edges */

static void add_edge(test_otlp_links *links, spanlink_link *link, spanlink_value value) {
    char key[20];
    size_t number = link->attribute_count++;
    memcpy(key, "key number 00 of it", 20);
    key[11] = (char)('0' + number / 10);
    key[12] = (char)('0' + number % 10);
    spanlink_attribute *attribute = take_attributes(links, 1);
    *attribute = (spanlink_attribute){.key = copied(links, key, 13 + number % 7), .value = value};
}

static void add_text_edges(test_otlp_links *links, spanlink_link *link) {
    static const char all_bytes[] =
        "\"\\/\b\f\n\r\t\x01\x1f\x7f <>&'\xc2\x80\xe2\x80\xa8\xf4\x8f\xbf\xbf";
    static const size_t lengths[] = {0, 1, 7, 8, 16, 17, 120, 127, 128, 300, 16384, 20000};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        char *text = take_text(links, lengths[i]);
        memset(text, 'x', lengths[i]);
        add_edge(links, link, string_of((spanlink_str){text, lengths[i]}));
        add_edge(links, link, bytes_of((spanlink_str){text, lengths[i] % 5}));
    }
    add_edge(links, link, string_of((spanlink_str){all_bytes, sizeof all_bytes - 1}));
    add_edge(links, link, string_of((spanlink_str){"a\0b", 3}));
    add_edge(links, link, string_of((spanlink_str){"not UTF-8 \xff", 11}));
    add_edge(links, link, string_of((spanlink_str){"\xed\xa0\x80", 3}));
    add_edge(links, link, bytes_of((spanlink_str){"\0\xff", 2}));
}

static void add_number_edges(test_otlp_links *links, spanlink_link *link) {
    static const int64_t integers[] = {0, 1, 127, 128, 16384, -1, INT64_MAX, INT64_MIN};
    const double reals[] = {0.0,     -0.0,    1.0,          0.1,  1e300, -1.5e-300,
                            DBL_MAX, DBL_MIN, DBL_TRUE_MIN, 5e15, 1e16,  1e-5};
    for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++) {
        add_edge(links, link, spanlink_attribute_int("", integers[i]).value);
    }
    for (size_t i = 0; i < sizeof reals / sizeof reals[0]; i++) {
        add_edge(links, link, spanlink_attribute_double("", reals[i]).value);
    }
    add_edge(links, link, spanlink_attribute_double("", (double)NAN).value);
    add_edge(links, link, spanlink_attribute_double("", (double)INFINITY).value);
    add_edge(links, link, spanlink_attribute_double("", -(double)INFINITY).value);
    add_edge(links, link, spanlink_attribute_bool("", false).value);
    add_edge(links, link, spanlink_attribute_bool("", true).value);
    add_edge(links, link, (spanlink_value){0});
}

static void add_nested_edges(test_otlp_links *links, spanlink_link *link) {
    spanlink_value *values = take_values(links, 66);
    spanlink_attribute *entries = take_attributes(links, 67);
    values[0] = (spanlink_value){0};
    for (size_t i = 0; i < 64; i++) {
        entries[i] = spanlink_attribute_bool("k", true);
        entries[i].value = values[i];
        values[i + 1] = i % 2 == 0 ? spanlink_attribute_array("", &values[i], 1).value
                                   : spanlink_attribute_map("", &entries[i], 1).value;
    }
    entries[64] = spanlink_attribute_string("", "no key");
    entries[65] = spanlink_attribute_string("\x80", "a bad key");
    entries[66] = spanlink_attribute_string("link.type", "batch_item");
    link->attributes = links->attributes + links->attributes_used;
    add_edge(links, link, values[64]);
    add_edge(links, link, spanlink_attribute_array("", values, 3).value);
    add_edge(links, link, spanlink_attribute_array("", NULL, 0).value);
    add_edge(links, link, spanlink_attribute_map("", NULL, 0).value);
    add_edge(links, link, spanlink_attribute_map("", entries + 64, 3).value);
    add_edge(links, link, spanlink_attribute_map("", entries + 64, 2).value);
    *take_attributes(links, 1) = entries[64];
    *take_attributes(links, 1) = entries[65];
    link->attribute_count += 2;
}

static spanlink_link *add_link(test_otlp_links *links) {
    spanlink_link *link = &links->links[links->count++];
    *link = (spanlink_link){.context = test_context(links->count)};
    link->attributes = links->attributes + links->attributes_used;
    return link;
}

static void add_trace_states(test_otlp_links *links) {
    static const char *const states[] = {"a=1", "a=\"\\\"", "a=\x7f", "a=\x1f", "a=\xc3\xa4", " ~"};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        add_link(links)->context.trace_state = spanlink_str_from(states[i]);
    }
    char *longest = take_text(links, 512);
    memset(longest, 'y', 512);
    memcpy(longest, "vendor=", 7);
    add_link(links)->context.trace_state = (spanlink_str){longest, 512};
}

static void add_counts(test_otlp_links *links) {
    static const uint32_t counts[] = {1, 127, 128, UINT32_MAX - 1, UINT32_MAX};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        spanlink_link *link = add_link(links);
        link->dropped_attributes_count = counts[i];
        *take_attributes(links, 1) = spanlink_attribute_bool("", true);
        link->attribute_count = i % 2;
        link->context.trace_flags = (uint8_t)counts[i];
        link->context.is_remote = i % 2 == 0;
    }
}

void test_otlp_edges(test_otlp_links *links) {
    memset(links, 0, sizeof *links);
    links->links[links->count++] = (spanlink_link){.attribute_count = 0};
    add_text_edges(links, add_link(links));
    add_number_edges(links, add_link(links));
    add_nested_edges(links, add_link(links));
    add_trace_states(links);
    add_counts(links);
}

/* Random links */

static uint32_t random_code(test_otlp_links *links) {
    static const uint32_t ends[] = {0x20, 0x80, 0x80, 0x80, 0x80, 0x800, 0xd800, 0x110000};
    uint32_t code;
    do {
        code = (uint32_t)below(links, ends[below(links, 8)]);
    } while (code >= 0xd800 && code < 0xe000);
    return code;
}

static spanlink_str random_text(test_otlp_links *links) {
    static const size_t limits[] = {1, 4, 12, 20, 20, 20, 60, 400};
    size_t characters = below(links, limits[below(links, 8)]), size = 0;
    char *text = take_text(links, 4 * characters);
    for (size_t i = 0; i < characters; i++) {
        size += encode_utf8(random_code(links), text + size);
    }
    if (links->hostile && size != 0 && below(links, 4) == 0) {
        text[below(links, size)] = (char)below(links, 256);
    }
    return (spanlink_str){text, size};
}

/* A key that ends in its number among its neighbours, so that they all differ. */
static spanlink_str random_key(test_otlp_links *links, size_t number) {
    if (links->hostile && below(links, 8) == 0) {
        return (spanlink_str){NULL, 0};
    }
    spanlink_str start = random_text(links);
    char *key = take_text(links, start.len + 1);
    memcpy(key, start.ptr, start.len);
    key[start.len] = (char)('0' + number);
    return (spanlink_str){key, start.len + 1};
}

static double random_double(test_otlp_links *links) {
    uint64_t bits = test_random(&links->random);
    double real;
    memcpy(&real, &bits, sizeof real);
    if (real != real) {
        return (double)NAN; /* the one that other encoders write */
    }
    return below(links, 2) == 0 ? real : (double)(int64_t)(bits >> 40) / 8;
}

static spanlink_value random_value(test_otlp_links *links, size_t depth);

static spanlink_attribute *random_attributes(test_otlp_links *links, size_t count, size_t depth) {
    spanlink_attribute *attributes = take_attributes(links, count);
    for (size_t i = 0; i < count; i++) {
        attributes[i].key = random_key(links, i);
        attributes[i].value = random_value(links, depth);
    }
    return attributes;
}

static spanlink_value random_array(test_otlp_links *links, size_t depth) {
    size_t count = below(links, 4);
    spanlink_value *values = take_values(links, count);
    for (size_t i = 0; i < count; i++) {
        values[i] = random_value(links, depth + 1);
    }
    return spanlink_attribute_array("", values, count).value;
}

static spanlink_value random_value(test_otlp_links *links, size_t depth) {
    size_t count;
    switch (below(links, depth < 4 ? 10 : 6)) {
    case 0:
        return (spanlink_value){0};
    case 1:
        return spanlink_attribute_bool("", below(links, 2) == 0).value;
    case 2:
        return spanlink_attribute_double("", random_double(links)).value;
    case 3:
        return bytes_of(random_text(links));
    case 4:
        return spanlink_attribute_int("",
                                      (int64_t)(test_random(&links->random) >> below(links, 64)))
            .value;
    case 8:
        return random_array(links, depth);
    case 9:
        count = below(links, 4);
        return spanlink_attribute_map("", random_attributes(links, count, depth + 1), count).value;
    default:
        return string_of(random_text(links));
    }
}

static spanlink_str random_trace_state(test_otlp_links *links) {
    size_t size = below(links, 2) * below(links, 40);
    char *text = take_text(links, size);
    for (size_t i = 0; i < size; i++) {
        text[i] = (char)(0x20 + below(links, 0x5f));
    }
    if (links->hostile && size != 0 && below(links, 4) == 0) {
        text[below(links, size)] = (char)below(links, 256);
    }
    return (spanlink_str){text, size};
}

static void random_link(test_otlp_links *links, spanlink_link *link) {
    static const uint32_t counts[] = {0, 0, 0, 1, 200, UINT32_MAX};
    bool zero = links->hostile && below(links, 4) == 0;
    link->context = test_context(zero ? 0 : test_random(&links->random) | 1);
    link->context.trace_flags = (uint8_t)below(links, 256);
    link->context.is_remote = below(links, 2) == 0;
    link->context.trace_state = random_trace_state(links);
    link->attribute_count = below(links, 7);
    link->attributes = random_attributes(links, link->attribute_count, 0);
    link->dropped_attributes_count = counts[below(links, 6)];
}

void test_otlp_random(test_otlp_links *links, uint64_t seed, bool hostile) {
    memset(links, 0, sizeof *links);
    links->random = seed;
    links->hostile = hostile;
    links->count = below(links, 8);
    for (size_t i = 0; i < links->count; i++) {
        random_link(links, &links->links[i]);
    }
}
