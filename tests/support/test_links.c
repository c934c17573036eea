/* SPDX-License-Identifier: MIT */
#include "test_links.h"

#include "test.h"
#include "test_picture.h"

#include <stdio.h>
#include <stdlib.h>

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

const spanlink_attribute *test_attributes(void) {
    static spanlink_attribute attributes[TEST_ATTRIBUTES];
    static char keys[TEST_ATTRIBUTES][8];
    for (size_t i = 0; i < TEST_ATTRIBUTES; i++) {
        snprintf(keys[i], sizeof keys[i], "k%u", (unsigned)i);
        attributes[i] = spanlink_attribute_int(keys[i], (int64_t)(i % 100));
    }
    return attributes;
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

bool test_same_link(const spanlink_link *a, const spanlink_link *b) {
    static test_picture of_a, of_b; /* keep their memory */
    of_a.size = of_b.size = 0;
    test_picture_link(&of_a, a);
    test_picture_link(&of_b, b);
    return test_picture_same(&of_a, &of_b);
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

void test_expect_stats(const spanlink_list *list, uint64_t kept, uint64_t duplicate,
                       uint64_t over_limit, uint64_t invalid) {
    spanlink_list_stats stats = test_stats(list);
    assert_int_equal(kept, stats.kept);
    assert_int_equal(duplicate, stats.duplicate);
    assert_int_equal(over_limit, stats.over_limit);
    assert_int_equal(invalid, stats.invalid);
    assert_int_equal(kept + duplicate + over_limit + invalid, stats.offered);
    assert_int_equal(over_limit, stats.dropped);
}

int64_t test_marked_count(spanlink_list *list) {
    size_t count;
    const spanlink_link *links = spanlink_list_links(list, &count);
    int64_t marked = 0;
    for (size_t i = 0; i < count; i++) {
        const spanlink_attribute *truncated = spanlink_link_find(&links[i], "links.truncated");
        const spanlink_attribute *original = spanlink_link_find(&links[i], "links.original_count");
        assert_true((truncated != NULL) == (original != NULL));
        if (truncated != NULL) {
            assert_int_equal(count - 1, i);
            assert_int_equal(SPANLINK_VALUE_BOOL, truncated->value.type);
            assert_true(truncated->value.bool_value);
            assert_int_equal(SPANLINK_VALUE_INT, original->value.type);
            marked = original->value.int_value;
        }
    }
    return marked;
}

void test_expect_links(spanlink_list *list, const spanlink_link *links, size_t count) {
    const spanlink_link *found = test_list_links(list, count);
    for (size_t i = 0; i < count; i++) {
        assert_true(test_same_link(&links[i], &found[i]));
    }
}

void test_expect_same_links(spanlink_list *a, spanlink_list *b) {
    size_t count;
    const spanlink_link *links = spanlink_list_links(a, &count);
    test_expect_links(b, links, count);
}

void test_expect_same_lists(spanlink_list *a, spanlink_list *b) {
    static test_picture of_a, of_b;
    of_a.size = of_b.size = 0;
    test_picture_list(&of_a, a);
    test_picture_list(&of_b, b);
    assert_true(test_picture_same(&of_a, &of_b));
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

void *test_copy(const void *bytes, size_t size) {
    void *copy = malloc(size == 0 ? 1 : size);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    return copy;
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
