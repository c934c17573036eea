/* SPDX-License-Identifier: MIT */
#include "test_picture.h"

#include "test.h"
#include "test_links.h"

#include <stdlib.h>

static void put(test_picture *picture, const void *bytes, size_t size) {
    if (picture->room - picture->size < size) {
        picture->room = 2 * picture->room + size;
        picture->bytes = realloc(picture->bytes, picture->room);
        assert_non_null(picture->bytes);
    }
    if (size != 0) {
        memcpy(picture->bytes + picture->size, bytes, size);
        picture->size += size;
    }
}

void test_picture_release(test_picture *picture) {
    free(picture->bytes);
    *picture = (test_picture){NULL, 0, 0};
}

bool test_picture_same(const test_picture *a, const test_picture *b) {
    return a->size == b->size && (a->size == 0 || memcmp(a->bytes, b->bytes, a->size) == 0);
}

void test_picture_number(test_picture *picture, uint64_t number) {
    put(picture, &number, sizeof number);
}

void test_picture_text(test_picture *picture, spanlink_str text) {
    test_picture_number(picture, text.len);
    put(picture, text.ptr, text.len);
}

static void put_value(test_picture *picture, const spanlink_value *value);

static void put_attributes(test_picture *picture, const spanlink_attribute *attributes,
                           size_t count) {
    test_picture_number(picture, count);
    for (size_t i = 0; i < count; i++) {
        test_picture_text(picture, attributes[i].key);
        put_value(picture, &attributes[i].value);
    }
}

static void put_values(test_picture *picture, const spanlink_value *values, size_t count) {
    test_picture_number(picture, count);
    for (size_t i = 0; i < count; i++) {
        put_value(picture, &values[i]);
    }
}

static void put_value(test_picture *picture, const spanlink_value *value) {
    test_picture_number(picture, value->type);
    switch (value->type) {
    case SPANLINK_VALUE_STRING:
        test_picture_text(picture, value->string_value);
        break;
    case SPANLINK_VALUE_BOOL:
        test_picture_number(picture, value->bool_value);
        break;
    case SPANLINK_VALUE_INT:
        test_picture_number(picture, (uint64_t)value->int_value);
        break;
    case SPANLINK_VALUE_DOUBLE:
        put(picture, &value->double_value, sizeof value->double_value);
        break;
    case SPANLINK_VALUE_BYTES:
        test_picture_number(picture, value->bytes_value.len);
        put(picture, value->bytes_value.ptr, value->bytes_value.len);
        break;
    case SPANLINK_VALUE_ARRAY:
        put_values(picture, value->array_value.ptr, value->array_value.len);
        break;
    case SPANLINK_VALUE_MAP:
        put_attributes(picture, value->map_value.ptr, value->map_value.len);
        break;
    default:
        break;
    }
}

void test_picture_link(test_picture *picture, const spanlink_link *link) {
    put(picture, link->context.trace_id, sizeof link->context.trace_id);
    put(picture, link->context.span_id, sizeof link->context.span_id);
    test_picture_number(picture, link->context.trace_flags);
    test_picture_number(picture, link->context.remote_unknown ? 2
                                 : link->context.is_remote    ? 1
                                                              : 0);
    test_picture_text(picture, link->context.trace_state);
    put_attributes(picture, link->attributes, link->attribute_count);
    test_picture_number(picture, link->dropped_attributes_count);
}

static void put_stats(test_picture *picture, const spanlink_list_stats *stats) {
    const uint64_t counts[] = {stats->offered,    stats->kept,    stats->duplicate,
                               stats->over_limit, stats->invalid, stats->dropped};
    put(picture, counts, sizeof counts);
}

void test_picture_stats(test_picture *picture, const spanlink_list *list) {
    test_picture_number(picture, list != NULL);
    if (list != NULL) {
        spanlink_list_stats stats = test_stats(list);
        put_stats(picture, &stats);
    }
}

void test_picture_collector(test_picture *picture, const spanlink_collector *collector) {
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    spanlink_collector_get_stats(collector, &stats);
    put_stats(picture, &stats);
    test_picture_number(picture, spanlink_collector_count(collector));
}

void test_picture_list(test_picture *picture, spanlink_list *list) {
    size_t count;
    const spanlink_link *links = spanlink_list_links(list, &count);
    test_picture_stats(picture, list);
    for (size_t i = 0; i < count; i++) {
        test_picture_link(picture, &links[i]);
    }
}
