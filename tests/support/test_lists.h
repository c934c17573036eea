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
