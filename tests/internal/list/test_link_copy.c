/* SPDX-License-Identifier: MIT */
/* What copies and their planning take, held against the bounds that are told beforehand. */
#include "test.h"
#include "test_links.h"

#include "internal/list/link_copy.h"
#include "internal/memory.h"
#include "internal/names.h"

#include <stdlib.h>

static const spanlink_limits none = {
    SPANLINK_UNLIMITED, SPANLINK_UNLIMITED, SPANLINK_UNLIMITED, SPANLINK_UNLIMITED, {0, 0, 0, 0}};

/* Arrays in arrays, the innermost empty, and maps likewise. */
static void nest(spanlink_attribute *nested, size_t count, bool maps) {
    for (size_t i = 0; i < count; i++) {
        size_t inside = i != 0;
        nested[i] =
            maps ? spanlink_attribute_map("k", i == 0 ? NULL : &nested[i - 1], inside)
                 : spanlink_attribute_array("k", i == 0 ? NULL : &nested[i - 1].value, inside);
    }
}

/* An allocator that adds up all that it ever gave, each block rounded up. */

enum { GRANULE = 16, MOST = 700 };

static size_t given;

static void give(size_t size) {
    given += (size + GRANULE - 1) / GRANULE * GRANULE;
}

static void *allocate(void *state, size_t size) {
    (void)state;
    give(size);
    return malloc(size);
}

static void *resize(void *state, void *block, size_t old_size, size_t new_size) {
    (void)state;
    (void)old_size;
    give(new_size);
    return realloc(block, new_size);
}

static void release(void *state, void *block, size_t size) {
    (void)state;
    (void)size;
    free(block);
}

static const spanlink_allocator counting = {NULL, allocate, resize, release};

static size_t size_of(const spanlink_link *link, slnk_copy_scratch *scratch) {
    slnk_copy_plan plan;
    assert_status(SPANLINK_OK, slnk_copy_make_plan(&plan, link, &none, &counting, scratch));
    return plan.size;
}

static void a_copy_is_not_larger_than_its_bound(void **state) {
    (void)state;
    static const char text[] = "a tracestate";
    slnk_copy_scratch scratch = {.chosen = NULL};
    spanlink_attribute nested[8];
    nest(nested, 8, true);
    for (size_t length = 0; length < sizeof text; length++) {
        for (size_t count = 0; count <= 8; count++) {
            spanlink_link link = {.context = test_context(1), .attribute_count = count != 0};
            link.attributes = count != 0 ? &nested[count - 1] : NULL;
            link.context.trace_state = (spanlink_str){text, length};
            assert_true(size_of(&link, &scratch) <= slnk_copy_bound(count, count + length));
        }
    }
    slnk_copy_release_scratch(&scratch, &counting);
}

static void a_link_that_needs_no_block_has_a_copy_of_size_zero(void **state) {
    (void)state;
    slnk_copy_scratch scratch = {.chosen = NULL};
    spanlink_link link = {.context = test_context(1)};
    assert_int_equal(0, size_of(&link, &scratch));
}

static void what_stands_around_the_names_is_none_of_them(void **state) {
    (void)state;
    const char *names = (const char *)&slnk_names;
    assert_true(slnk_name_owned(names));
    assert_true(slnk_name_owned(names + sizeof slnk_names - 1));
    assert_false(slnk_name_owned(names + sizeof slnk_names));
    assert_false(slnk_name_owned(NULL));
}

/* For links with more and more attributes, and values nested deeper and deeper. */
static void the_scratch_takes_no_more_than_its_bound(void **state) {
    (void)state;
    static spanlink_attribute wide[MOST], nested[MOST];
    static char keys[MOST][2];
    nest(nested, MOST, false);
    for (size_t i = 0; i < MOST; i++) {
        keys[i][0] = (char)('0' + i / 64);
        keys[i][1] = (char)('0' + i % 64);
        wide[i] = (spanlink_attribute){{keys[i], 2}, spanlink_attribute_int("", 1).value};
    }
    slnk_copy_scratch scratch = {.chosen = NULL};
    given = 0;
    for (size_t size = 1; size <= MOST; size++) {
        spanlink_link link = {.context = test_context(1), .attributes = wide};
        link.attribute_count = size;
        (void)size_of(&link, &scratch);
        link.attributes = &nested[size - 1];
        link.attribute_count = 1;
        (void)size_of(&link, &scratch);
        assert_true(given <= slnk_copy_scratch_bound(size));
    }
    slnk_copy_release_scratch(&scratch, &counting);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_not_larger_than_its_bound),
        cmocka_unit_test(a_link_that_needs_no_block_has_a_copy_of_size_zero),
        cmocka_unit_test(what_stands_around_the_names_is_none_of_them),
        cmocka_unit_test(the_scratch_takes_no_more_than_its_bound),
    };
    return cmocka_run_group_tests_name("link_copy", tests, NULL, NULL);
}
