/* SPDX-License-Identifier: MIT */
#include "test_otlp_links.h"

#include "test.h"
#include "test_links.h"
#include "test_otlp_rules.h"
#include "test_values.h"

#include <float.h>
#include <math.h>

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

static spanlink_value bytes_of(spanlink_str text) {
    return spanlink_value_bytes((const uint8_t *)text.ptr, text.len);
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
        add_edge(links, link, spanlink_value_string((spanlink_str){text, lengths[i]}));
        add_edge(links, link, bytes_of((spanlink_str){text, lengths[i] % 5}));
    }
    add_edge(links, link, spanlink_value_string((spanlink_str){all_bytes, sizeof all_bytes - 1}));
    add_edge(links, link, spanlink_value_string((spanlink_str){"a\0b", 3}));
    add_edge(links, link, spanlink_value_string((spanlink_str){"not UTF-8 \xff", 11}));
    add_edge(links, link, spanlink_value_string((spanlink_str){"\xed\xa0\x80", 3}));
    add_edge(links, link, bytes_of((spanlink_str){"\0\xff", 2}));
}

static void add_number_edges(test_otlp_links *links, spanlink_link *link) {
    static const int64_t integers[] = {0, 1, 127, 128, 16384, -1, INT64_MAX, INT64_MIN};
    const double reals[] = {0.0,     -0.0,    1.0,          0.1,  1e300, -1.5e-300,
                            DBL_MAX, DBL_MIN, DBL_TRUE_MIN, 5e15, 1e16,  1e-5};
    for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++) {
        add_edge(links, link, spanlink_value_int(integers[i]));
    }
    for (size_t i = 0; i < sizeof reals / sizeof reals[0]; i++) {
        add_edge(links, link, spanlink_value_double(reals[i]));
    }
    add_edge(links, link, spanlink_value_double((double)NAN));
    add_edge(links, link, spanlink_value_double((double)INFINITY));
    add_edge(links, link, spanlink_value_double(-(double)INFINITY));
    add_edge(links, link, spanlink_value_bool(false));
    add_edge(links, link, spanlink_value_bool(true));
    add_edge(links, link, (spanlink_value){0});
}

/* Nested maps, which contain nested arrays, which contain a number or nothing. */
static spanlink_value deep_value(test_otlp_links *links, size_t maps, size_t arrays, bool number) {
    spanlink_value value = number ? spanlink_value_int(7) : spanlink_value_array(NULL, 0);
    for (size_t i = 0; i < arrays + maps; i++) {
        bool map = i >= arrays;
        spanlink_value *element = take_values(links, 1);
        *element = value;
        spanlink_attribute *entry = map ? take_attributes(links, 1) : NULL;
        if (map) {
            *entry = spanlink_attribute_make(spanlink_str_from("k"), value);
        }
        value = map ? spanlink_value_map(entry, 1) : spanlink_value_array(element, 1);
    }
    return value;
}

/* Values whose nesting is near the limit of 100 nested messages in a request. */
static size_t deep_values(test_otlp_links *links, spanlink_value values[32]) {
    static const size_t maps[] = {0, 1, 15, 16, 30, 31, 32};
    size_t count = 0;
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        size_t least = maps[i] < 30 ? (94 - 3 * maps[i]) / 2 - 1 : 0;
        for (size_t more = 0; more < 4; more++) {
            values[count++] = deep_value(links, maps[i], least + more, (i + more) % 3 != 0);
        }
    }
    return count;
}

static void add_nested_edges(test_otlp_links *links, spanlink_link *link) {
    spanlink_value *values = take_values(links, 3);
    spanlink_attribute *entries = take_attributes(links, 3);
    values[1] = spanlink_value_array(&values[0], 1);
    values[2] = spanlink_value_map(&entries[2], 1);
    entries[0] = spanlink_attribute_string("", "no key");
    entries[1] = spanlink_attribute_string("\x80", "a bad key");
    entries[2] = spanlink_attribute_string("link.type", "batch_item");
    link->attributes = links->attributes + links->attributes_used;
    add_edge(links, link, test_nest(SPANLINK_VALUE_EMPTY, values[0], 64));
    add_edge(links, link, spanlink_value_array(values, 3));
    add_edge(links, link, spanlink_value_array(NULL, 0));
    add_edge(links, link, spanlink_value_map(NULL, 0));
    add_edge(links, link, spanlink_value_map(entries, 3));
    add_edge(links, link, spanlink_value_map(entries, 2));
    *take_attributes(links, 1) = entries[0];
    *take_attributes(links, 1) = entries[1];
    link->attribute_count += 2;
}

static spanlink_link *add_link(test_otlp_links *links) {
    spanlink_link *link = &links->links[links->count++];
    *link = (spanlink_link){.context = test_context(links->count)};
    link->attributes = links->attributes + links->attributes_used;
    return link;
}

static void add_deep_edges(test_otlp_links *links) {
    spanlink_value values[32];
    size_t count = deep_values(links, values);
    spanlink_link *link = add_link(links);
    for (size_t i = 0; i < count; i++) {
        add_edge(links, link, values[i]);
    }
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
        link->context.remote_unknown = i % 3 == 0;
    }
}

void test_otlp_edges(test_otlp_links *links) {
    memset(links, 0, sizeof *links);
    links->links[links->count++] = (spanlink_link){.attribute_count = 0};
    add_text_edges(links, add_link(links));
    add_number_edges(links, add_link(links));
    add_nested_edges(links, add_link(links));
    add_deep_edges(links);
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
        size += test_encode_utf8(random_code(links), text + size);
    }
    if (links->hostile && size != 0 && below(links, 4) == 0) {
        text[below(links, size)] = (char)below(links, 256);
    }
    return (spanlink_str){text, size};
}

/* A key that ends in its index among its neighbours, so that all keys differ. */
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
        return (double)NAN; /* the same bits as other encoders write */
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
    return spanlink_value_array(values, count);
}

static spanlink_value random_value(test_otlp_links *links, size_t depth) {
    size_t count;
    switch (below(links, depth < 4 ? 10 : 6)) {
    case 0:
        return (spanlink_value){0};
    case 1:
        return spanlink_value_bool(below(links, 2) == 0);
    case 2:
        return spanlink_value_double(random_double(links));
    case 3:
        return bytes_of(random_text(links));
    case 4:
        return spanlink_value_int((int64_t)(test_random(&links->random) >> below(links, 64)));
    case 8:
        return random_array(links, depth);
    case 9:
        count = below(links, 4);
        return spanlink_value_map(random_attributes(links, count, depth + 1), count);
    default:
        return spanlink_value_string(random_text(links));
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
    link->context.remote_unknown = below(links, 4) == 0;
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
