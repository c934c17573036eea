/* SPDX-License-Identifier: MIT */
#include "test_links.h"

#include "test.h"

spanlink_context test_context(uint64_t number) {
    spanlink_context context = {.trace_flags = 0};
    for (size_t i = 0; i < 8; i++) {
        context.span_id[i] = (uint8_t)(number >> (8 * i));
        context.trace_id[i] = (uint8_t)(number >> (8 * i));
    }
    return context;
}

spanlink_link test_link_with(uint64_t number, const spanlink_attribute *attributes, size_t count) {
    return (spanlink_link){
        .context = test_context(number), .attributes = attributes, .attribute_count = count};
}

spanlink_link test_link(uint64_t number, spanlink_attribute storage[1]) {
    storage[0] = spanlink_attribute_int("n", (int64_t)number);
    return test_link_with(number, storage, 1);
}

uint64_t test_number(const spanlink_link *link) {
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++) {
        number |= (uint64_t)link->context.span_id[i] << (8 * i);
    }
    assert_true(link->attribute_count >= 1);
    assert_text("n", link->attributes[0].key);
    assert_int_equal(number, link->attributes[0].value.int_value);
    return number;
}

static bool same_bytes(const void *a, size_t a_len, const void *b, size_t b_len) {
    return a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
}

static bool same_attribute(const spanlink_attribute *a, const spanlink_attribute *b) {
    return same_bytes(a->key.ptr, a->key.len, b->key.ptr, b->key.len) &&
           test_same_value(&a->value, &b->value);
}

static bool same_array(const spanlink_value *a, const spanlink_value *b) {
    bool same = a->array_value.len == b->array_value.len;
    for (size_t i = 0; same && i < a->array_value.len; i++) {
        same = test_same_value(&a->array_value.ptr[i], &b->array_value.ptr[i]);
    }
    return same;
}

static bool same_map(const spanlink_value *a, const spanlink_value *b) {
    bool same = a->map_value.len == b->map_value.len;
    for (size_t i = 0; same && i < a->map_value.len; i++) {
        same = same_attribute(&a->map_value.ptr[i], &b->map_value.ptr[i]);
    }
    return same;
}

bool test_same_value(const spanlink_value *a, const spanlink_value *b) {
    if (a->type != b->type) {
        return false;
    }
    switch (a->type) {
    case SPANLINK_VALUE_STRING:
        return same_bytes(a->string_value.ptr, a->string_value.len, b->string_value.ptr,
                          b->string_value.len);
    case SPANLINK_VALUE_BOOL:
        return a->bool_value == b->bool_value;
    case SPANLINK_VALUE_INT:
        return a->int_value == b->int_value;
    case SPANLINK_VALUE_DOUBLE:
        return memcmp(&a->double_value, &b->double_value, sizeof a->double_value) == 0;
    case SPANLINK_VALUE_BYTES:
        return same_bytes(a->bytes_value.ptr, a->bytes_value.len, b->bytes_value.ptr,
                          b->bytes_value.len);
    case SPANLINK_VALUE_ARRAY:
        return same_array(a, b);
    case SPANLINK_VALUE_MAP:
        return same_map(a, b);
    default:
        return true;
    }
}

bool test_same_link(const spanlink_link *a, const spanlink_link *b) {
    const spanlink_context *x = &a->context, *y = &b->context;
    bool same = memcmp(x->trace_id, y->trace_id, 16) == 0 &&
                memcmp(x->span_id, y->span_id, 8) == 0 && x->trace_flags == y->trace_flags &&
                x->remote_unknown == y->remote_unknown &&
                (x->remote_unknown || x->is_remote == y->is_remote) &&
                same_bytes(x->trace_state.ptr, x->trace_state.len, y->trace_state.ptr,
                           y->trace_state.len) &&
                a->attribute_count == b->attribute_count &&
                a->dropped_attributes_count == b->dropped_attributes_count;
    for (size_t i = 0; same && i < a->attribute_count; i++) {
        same = same_attribute(&a->attributes[i], &b->attributes[i]);
    }
    return same;
}

spanlink_list_options test_list_options(void) {
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.limits.max_links = SPANLINK_UNLIMITED;
    return options;
}

const spanlink_link *test_list_links(spanlink_list *list, size_t count) {
    size_t found;
    const spanlink_link *links = spanlink_list_links(list, &found);
    assert_int_equal(count, found);
    return links;
}

void test_expect_same_links(spanlink_list *a, spanlink_list *b) {
    size_t count;
    const spanlink_link *a_links = spanlink_list_links(a, &count);
    const spanlink_link *b_links = test_list_links(b, count);
    for (size_t i = 0; i < count; i++) {
        assert_true(test_same_link(&a_links[i], &b_links[i]));
    }
}

void test_list_add(spanlink_list *list, uint64_t number) {
    spanlink_attribute storage[1];
    spanlink_link link = test_link(number, storage);
    assert_ok(spanlink_list_add(list, &link));
}

void test_list_add_range(spanlink_list *list, uint64_t first, uint64_t last) {
    for (uint64_t number = first; number <= last; number++) {
        test_list_add(list, number);
    }
}

spanlink_list_stats test_stats(const spanlink_list *list) {
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    spanlink_list_get_stats(list, &stats);
    return stats;
}

uint64_t test_random(uint64_t *state) {
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

size_t test_random_below(uint64_t *state, size_t bound) {
    return (size_t)(test_random(state) % bound);
}
