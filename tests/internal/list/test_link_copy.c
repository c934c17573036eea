/* SPDX-License-Identifier: MIT */
/* Compares the memory that copies and their plans use with the precomputed bounds. */
#include "test.h"
#include "test_allocator.h"
#include "test_links.h"

#include "internal/list/link_copy.h"
#include "internal/memory.h"
#include "internal/names.h"

#include <stdlib.h>

static const spanlink_limits none = {
    SPANLINK_UNLIMITED, SPANLINK_UNLIMITED, SPANLINK_UNLIMITED, SPANLINK_UNLIMITED, {0, 0, 0, 0}};

/* Nested arrays or maps, the innermost one empty. */
static void nest(spanlink_attribute *nested, size_t count, bool maps) {
    for (size_t i = 0; i < count; i++) {
        size_t inside = i != 0;
        nested[i] =
            maps ? spanlink_attribute_map("k", i == 0 ? NULL : &nested[i - 1], inside)
                 : spanlink_attribute_array("k", i == 0 ? NULL : &nested[i - 1].value, inside);
    }
}

/* An allocator that sums all allocations, each rounded up. */

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
    assert_ok(slnk_copy_make_plan(&plan, link, &none, &counting, scratch));
    return plan.size;
}

TEST(a_copy_is_not_larger_than_its_bound) {
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

TEST(a_link_that_needs_no_block_has_a_copy_of_size_zero) {
    slnk_copy_scratch scratch = {.chosen = NULL};
    spanlink_link link = {.context = test_context(1)};
    assert_int_equal(0, size_of(&link, &scratch));
}

TEST(bytes_around_the_names_are_not_names) {
    const char *names = (const char *)&slnk_names;
    assert_true(slnk_name_owned(names));
    assert_true(slnk_name_owned(names + sizeof slnk_names - 1));
    assert_false(slnk_name_owned(names + sizeof slnk_names));
    assert_false(slnk_name_owned(NULL));
}

/* For links with increasing numbers of attributes and increasing depth of values. */
TEST(the_scratch_takes_no_more_than_its_bound) {
    static spanlink_attribute wide[MOST], nested[MOST];
    static char keys[MOST][2];
    nest(nested, MOST, false);
    for (size_t i = 0; i < MOST; i++) {
        keys[i][0] = (char)('0' + i / 64);
        keys[i][1] = (char)('0' + i % 64);
        wide[i] = (spanlink_attribute){{keys[i], 2}, spanlink_value_int(1)};
    }
    slnk_copy_scratch scratch = {.chosen = NULL};
    given = 0;
    for (size_t size = 1; size <= MOST; size++) {
        spanlink_link link = test_link_with(1, wide, size);
        (void)size_of(&link, &scratch);
        link.attributes = &nested[size - 1];
        link.attribute_count = 1;
        (void)size_of(&link, &scratch);
        assert_true(given <= slnk_copy_scratch_bound(size));
    }
    slnk_copy_release_scratch(&scratch, &counting);
}

/* The digest of a copy with one value, which keeps `levels` levels of arrays and maps. */
static uint64_t digest_of(spanlink_value value, size_t levels) {
    slnk_copy_scratch scratch = {.chosen = NULL};
    slnk_copy_plan plan;
    spanlink_limits some = none;
    spanlink_attribute attribute = {spanlink_str_from("k"), value};
    spanlink_link link = {.attributes = &attribute, .attribute_count = 1};
    some.max_value_depth = levels;
    assert_ok(slnk_copy_make_plan(&plan, &link, &some, &counting, &scratch));
    uint64_t digest = slnk_copy_digest(&plan, (slnk_hash_seed){1, 2});
    assert_int_equal(0, scratch.used);
    slnk_copy_release_scratch(&scratch, &counting);
    return digest;
}

TEST(values_that_differ_have_digests_that_differ) {
    spanlink_value numbers[2] = {spanlink_value_int(1), spanlink_value_int(2)};
    spanlink_attribute entries[2] = {spanlink_attribute_int("a", 1),
                                     spanlink_attribute_int("b", 1)};
    const spanlink_value values[] = {
        {.type = SPANLINK_VALUE_EMPTY},
        spanlink_value_bool(false),
        spanlink_value_bool(true),
        spanlink_value_int(0),
        spanlink_value_int(1),
        spanlink_value_double(0),
        spanlink_value_double(1),
        spanlink_value_string(spanlink_str_from("")),
        spanlink_value_string(spanlink_str_from("a")),
        spanlink_value_bytes((const uint8_t *)"a", 1),
        spanlink_value_bytes((const uint8_t *)"b", 1),
        spanlink_value_array(NULL, 0),
        spanlink_value_array(numbers, 1),
        spanlink_value_array(numbers, 2),
        spanlink_value_array(&numbers[1], 1),
        spanlink_value_map(NULL, 0),
        spanlink_value_map(entries, 1),
        spanlink_value_map(entries, 2),
        spanlink_value_map(&entries[1], 1),
    };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        assert_true(digest_of(values[i], 1) == digest_of(values[i], 1));
        for (size_t j = 0; j < i; j++) {
            assert_true(digest_of(values[i], 1) != digest_of(values[j], 1));
        }
    }
}

/* The copy holds an empty value in their place. */
TEST(values_that_are_too_deep_have_the_digest_of_an_empty_value) {
    spanlink_value number = spanlink_value_int(1), array = spanlink_value_array(&number, 1);
    spanlink_attribute entry = spanlink_attribute_int("a", 1);
    spanlink_value map = spanlink_value_map(&entry, 1);
    assert_true(digest_of(map, 0) == digest_of(spanlink_value_empty(), 0));
    assert_true(digest_of(array, 0) == digest_of(spanlink_value_empty(), 0));
    assert_true(digest_of(spanlink_value_array(&array, 1), 1) ==
                digest_of(spanlink_value_array(&map, 1), 1));
    assert_true(digest_of(spanlink_value_array(&array, 1), 2) !=
                digest_of(spanlink_value_array(&map, 1), 2));
    assert_true(digest_of(number, 0) == digest_of(number, 1));
    assert_true(digest_of(array, 0) != digest_of(number, 0));
}

static spanlink_status plan_of(spanlink_value value, const spanlink_allocator *allocator) {
    slnk_copy_scratch scratch = {.chosen = NULL};
    slnk_copy_plan plan;
    spanlink_attribute attribute = {spanlink_str_from("k"), value};
    spanlink_link link = {.attributes = &attribute, .attribute_count = 1};
    spanlink_status status = slnk_copy_make_plan(&plan, &link, &none, allocator, &scratch);
    slnk_copy_release_scratch(&scratch, allocator);
    return status;
}

/* In any entry, unless the entry is dropped because of its key. */
TEST(an_unknown_type_in_a_map_is_refused) {
    const spanlink_attribute known = spanlink_attribute_int("a", 1);
    for (size_t i = 0; i < 3; i++) {
        spanlink_attribute entries[3] = {known, known, known};
        entries[i].value.type = 8;
        assert_status(SPANLINK_ERR_VALUE_TYPE, plan_of(spanlink_value_map(entries, 3), &counting));
        entries[i].key.len = 0;
        assert_ok(plan_of(spanlink_value_map(entries, 3), &counting));
    }
}

/* The outer map has memory for its entries; the entries after the failure are not read. */
TEST(a_map_in_a_map_that_finds_no_memory_is_not_copied) {
    test_allocator memory = {.fail_at = 2};
    spanlink_allocator heap = test_allocator_interface(&memory);
    spanlink_attribute outer[] = {spanlink_attribute_map("a", test_attributes(), SLNK_COPY_FEW),
                                  spanlink_attribute_int("b", 1)};
    assert_status(SPANLINK_ERR_NO_MEMORY, plan_of(spanlink_value_map(outer, 2), &heap));
}
