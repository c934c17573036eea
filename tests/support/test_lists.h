/* SPDX-License-Identifier: MIT */
/* Shared by the tests of the list. */
#ifndef TEST_LISTS_H
#define TEST_LISTS_H

#include "test.h"
#include "test_collisions.h"
#include "test_fixtures.h"
#include "test_picture.h"
#include "test_scenario.h"
#include <spanlink/dedup.h>
#include <spanlink/factory.h>
#include <spanlink/list.h>
#include <spanlink/truncate.h>
#include <stdio.h>
#include <stdlib.h>

static inline spanlink_list_options options_with(size_t max_links, uint32_t overflow, bool unique) {
    spanlink_list_options options = test_list_options();
    options.limits.max_links = test_limit(max_links);
    options.overflow = overflow;
    options.unique = unique;
    options.hash_seed[0] = 1;
    return options;
}

static inline spanlink_list *bounded(size_t max_links, uint32_t overflow, bool unique) {
    spanlink_list_options options = options_with(max_links, overflow, unique);
    return test_list_create(&options);
}

/* The same, with counted memory. */
static inline spanlink_list *counted(size_t max_links, uint32_t overflow, bool unique) {
    spanlink_list_options options = options_with(max_links, overflow, unique);
    options.allocator = test_counted();
    return test_list_create(&options);
}

static inline spanlink_status add_number(spanlink_list *list, uint64_t number, bool sampled) {
    spanlink_attribute storage[1];
    spanlink_link link = test_link(number, storage);
    link.context.trace_flags = sampled;
    return spanlink_list_add(list, &link);
}

/* The numbers of a list's links, in order, as a text: "1 2 3". */
static inline const char *numbers(spanlink_list *list) {
    static char text[4096];
    size_t count, length = 0;
    const spanlink_link *links = spanlink_list_links(list, &count);
    text[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%u", i == 0 ? "" : " ",
                                   (unsigned)test_number(&links[i]));
        assert_true(length < sizeof text);
    }
    return text;
}

static inline void expect_same_numbers(spanlink_list *a, spanlink_list *b) {
    char wanted[4096];
    snprintf(wanted, sizeof wanted, "%s", numbers(a));
    assert_string_equal(wanted, numbers(b));
}

static inline void add_batch_items(spanlink_list *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        spanlink_attribute storage[2];
        spanlink_context context = test_context(i + 1);
        spanlink_link link = spanlink_factory_batch_item(&context, 1, storage);
        assert_ok(spanlink_list_add(list, &link));
    }
}

/* A random link, with at most the given numbers of attributes and bytes of text. */
typedef struct random_link {
    spanlink_link link;
    spanlink_attribute attributes[32];
    spanlink_value elements[32];
    char text[512];
} random_link;

static inline void make_random_link(random_link *made, uint64_t *random, uint64_t spans,
                                    size_t attributes, size_t text) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz";
    size_t count = test_random_below(random, attributes + 1);
    size_t left = text == 0 ? 0 : test_random_below(random, text + 1);
    memset(made->text, 'x', sizeof made->text);
    made->link = (spanlink_link){.context = test_context(1 + test_random(random) % spans)};
    made->link.context.trace_flags = test_random(random) % 4;
    made->link.attributes = made->attributes;
    size_t used = 0;
    while (used < count && left > 0) {
        spanlink_attribute *attribute = &made->attributes[made->link.attribute_count];
        spanlink_str key = {&letters[made->link.attribute_count], 1};
        left--;
        used++;
        made->link.attribute_count++;
        size_t kind = test_random_below(random, 3);
        if (kind == 0) {
            size_t length = test_random_below(random, left + 1);
            *attribute = spanlink_attribute_make(
                key, spanlink_value_string((spanlink_str){made->text, length}));
            left -= length;
        } else if (kind == 1) {
            *attribute = spanlink_attribute_int(NULL, (int64_t)test_random(random));
            attribute->key = key;
        } else {
            size_t length = test_random_below(random, count - used + 1);
            for (size_t i = 0; i < length; i++) {
                made->elements[used + i] = spanlink_attribute_int(NULL, (int64_t)i).value;
            }
            *attribute = spanlink_attribute_array(NULL, &made->elements[used], length);
            attribute->key = key;
            used += length;
        }
    }
    made->link.context.trace_state = (spanlink_str){made->text, left};
}

/* A list with holes at the front and in the middle, links of all kinds, dropped links, and with the
 * markers set if `read`. */
static inline spanlink_list *make_list_to_copy(uint32_t overflow, bool unique, bool read) {
    spanlink_list_options options = options_with(6, overflow, unique);
    options.seed = 5;
    spanlink_list *list = test_list_create(&options);
    spanlink_value element = spanlink_value_string(spanlink_str_from("inside"));
    for (uint64_t i = 1; i <= 20; i++) {
        spanlink_attribute attributes[2] = {
            spanlink_attribute_int("n", (int64_t)i),
            spanlink_attribute_array("array", &element, 1),
        };
        spanlink_link link = {.context = test_context(i), .attributes = attributes};
        link.attribute_count = 2;
        link.context.trace_flags = i % 3 == 0;
        link.context.trace_state = spanlink_str_from(i % 2 == 0 ? "a=b" : "");
        assert_ok(spanlink_list_add(list, &link));
        assert_ok(spanlink_list_add(list, &link));
    }
    spanlink_link nowhere = {.attribute_count = 0};
    assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_list_add(list, &nowhere));
    if (read) {
        (void)spanlink_list_links(list, NULL);
    }
    return list;
}

#endif
