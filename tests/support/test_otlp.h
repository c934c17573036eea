/* SPDX-License-Identifier: MIT */
/* Shared by the tests of OTLP. */
#ifndef TEST_OTLP_H
#define TEST_OTLP_H

#include "test.h"
#include "test_fixtures.h"
#include "test_otlp_links.h"
#include "test_otlp_rules.h"
#include "test_scenario.h"
#include "test_values.h"
#include <float.h>
#include <math.h>
#include <spanlink/otlp.h>
#include <stdio.h>
#include <stdlib.h>

/* The bytes of a link with one attribute "k", before and after those of its value. */
static const char ids[] = "\x0a\x10tttttttttttttttt\x12\x08ssssssss";

static inline spanlink_link plain_link(void) {
    spanlink_link link = {.context = {.trace_flags = 1}};
    memset(link.context.trace_id, 't', 16);
    memset(link.context.span_id, 's', 8);
    return link;
}

typedef struct encoded {
    uint8_t bytes[4096];
    size_t size;
} encoded;

static inline encoded encode(const spanlink_link *links, size_t count) {
    encoded result;
    assert_ok(spanlink_otlp_encode(links, count, result.bytes, sizeof result.bytes, &result.size));
    assert_int_equal(result.size, spanlink_otlp_size(links, count));
    return result;
}

static inline void append(encoded *to, const void *bytes, size_t size) {
    memcpy(to->bytes + to->size, bytes, size);
    to->size += size;
}

static inline spanlink_link link_with(const spanlink_attribute *attributes, size_t count) {
    spanlink_link link = plain_link();
    link.attributes = attributes;
    link.attribute_count = count;
    return link;
}

/* Returns the number of nested arrays and maps of a value. `innermost` receives the type of the
 * innermost value. */
static inline size_t levels_of(const spanlink_value *value, uint32_t *innermost) {
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

/* The same for the first attribute of a list, which is destroyed. */
static inline size_t levels_in(spanlink_list *list, uint32_t *innermost) {
    const spanlink_link *link = spanlink_list_links(list, NULL);
    assert_int_equal(0, link->dropped_attributes_count);
    size_t levels = levels_of(&link->attributes[0].value, innermost);
    test_list_destroy(list);
    return levels;
}

/* Links with all kinds of values, and with drop counts on every level. */
static inline size_t varied_links(spanlink_link links[5]) {
    static spanlink_value values[4];
    static spanlink_attribute entries[3], attributes[10];
    static char text[200];
    memset(text, 'x', sizeof text);
    values[0] = spanlink_value_int(-1);
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

/* Decodes a message from a block of exactly its size. */
static inline spanlink_status decode_bytes(const void *bytes, size_t size, spanlink_list *list) {
    uint8_t *copy = test_copy(bytes, size);
    spanlink_status status = spanlink_otlp_decode(copy, size, list);
    free(copy);
    return status;
}

#define decode_literal(literal, list) decode_bytes(literal, sizeof(literal) - 1, list)

/* Appends a field of bytes, whose length is encoded in one or two bytes. */
static inline void put_field(encoded *to, uint8_t tag, const void *bytes, size_t size) {
    uint8_t start[3] = {tag, (uint8_t)(size < 128 ? size : 128 | (size & 127)),
                        (uint8_t)(size >> 7)};
    append(to, start, size < 128 ? 2 : 3);
    append(to, bytes, size);
}

static inline encoded field_of(uint8_t tag, const void *bytes, size_t size) {
    encoded field = {.size = 0};
    put_field(&field, tag, bytes, size);
    return field;
}

/* A Span with one link: its ids, then the given bytes. */
static inline encoded span_with(const void *bytes, size_t size) {
    encoded link = {.size = 0};
    append(&link, ids, sizeof ids - 1);
    append(&link, bytes, size);
    return field_of(0x6a, link.bytes, link.size);
}

/* A Span with one link that has one attribute, whose KeyValue is given. */
static inline encoded span_with_attribute(const void *bytes, size_t size) {
    encoded attribute = field_of(0x22, bytes, size);
    return span_with(attribute.bytes, attribute.size);
}

/* A Span with one link with the attribute "k", whose AnyValue is given. */
static inline encoded span_with_value(const void *bytes, size_t size) {
    encoded key_value = {.size = 0};
    append(&key_value, "\x0a\x01k", 3);
    put_field(&key_value, 0x12, bytes, size);
    return span_with_attribute(key_value.bytes, key_value.size);
}

static inline spanlink_status status_of_span(encoded span) {
    spanlink_list *list = test_list_create(NULL);
    size_t count;
    spanlink_status status = decode_bytes(span.bytes, span.size, list);
    spanlink_list_links(list, &count);
    assert_int_equal(status == SPANLINK_OK, count);
    assert_int_equal(status == SPANLINK_OK, test_stats(list).offered);
    test_list_destroy(list);
    return status;
}

/* The Span is decoded to one link, which equals `wanted`. */
static inline void assert_decodes(encoded span, spanlink_link wanted) {
    spanlink_list *list = test_list();
    assert_ok(decode_bytes(span.bytes, span.size, list));
    test_expect_links(list, &wanted, 1);
    test_list_destroy(list);
}

/* The link of these tests' Spans, which has no flags. */
static inline spanlink_link bare_link(const spanlink_attribute *attributes, size_t count) {
    spanlink_link link = link_with(attributes, count);
    link.context.trace_flags = 0;
    link.context.remote_unknown = true;
    return link;
}

static inline void assert_decodes_value(encoded span, spanlink_value wanted) {
    spanlink_attribute attribute = {.key = {"k", 1}, .value = wanted};
    assert_decodes(span, bare_link(&attribute, 1));
}

static inline void assert_round_trip(const spanlink_link *links, size_t count) {
    size_t size = spanlink_otlp_size(links, count);
    uint8_t *bytes = malloc(size + 1);
    assert_non_null(bytes);
    assert_ok(spanlink_otlp_encode(links, count, bytes, size, &size));
    spanlink_list *list = test_list();
    assert_ok(spanlink_otlp_decode(bytes, size, list));
    test_expect_links(list, links, count);
    test_list_destroy(list);
    free(bytes);
}

#endif
