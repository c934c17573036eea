/* SPDX-License-Identifier: MIT */
/* Links with many attributes, long attributes, and keys with colliding hashes. */
#include "cost.h"
#include "test_collisions.h"

#include <string.h>

enum { MOST_ATTRIBUTES = 1 << 15, MOST_TEXT = 1 << 19, FEW = 16 };

static spanlink_attribute attributes[MOST_ATTRIBUTES];
static size_t attribute_count;
static char keys[MOST_ATTRIBUTES][TEST_COLLIDING_TEXT];
static char text[MOST_TEXT];
static uint64_t ascii_seed[2];

static void add_attribute(spanlink_str key, spanlink_value value) {
    attributes[attribute_count++] = (spanlink_attribute){key, value};
}

static spanlink_value number_value(size_t number) {
    return spanlink_attribute_int("", (int64_t)number).value;
}

static void prepare_keys(size_t size) {
    attribute_count = 0;
    for (size_t i = 0; i < size; i++) {
        for (size_t j = 0; j < 8; j++) {
            keys[i][j] = (char)('a' + (i >> (4 * j) & 15));
        }
        add_attribute((spanlink_str){keys[i], 8}, number_value(i));
    }
}

static void prepare_one_key(size_t size, const char *key) {
    attribute_count = 0;
    for (size_t i = 0; i < size; i++) {
        add_attribute(spanlink_str_from(key), number_value(i));
    }
}

COST_STEP(prepare_repeated_key, prepare_one_key(size, "key"))
COST_STEP(prepare_bad_keys, prepare_one_key(size, "\xff"))

static void prepare_colliding_keys(size_t size) {
    test_find_ascii_seed(ascii_seed);
    attribute_count = 0;
    for (size_t i = 0; i < size; i++) {
        test_collide_ascii(ascii_seed, i, keys[i]);
        add_attribute((spanlink_str){keys[i], sizeof keys[i]}, number_value(i));
    }
}

/* The largest number of keys that are compared pairwise; they differ only in the last character. */
static void prepare_long_keys(size_t size) {
    static char letters[FEW][MOST_TEXT / FEW];
    attribute_count = 0;
    for (size_t i = 0; i < FEW; i++) {
        memset(letters[i], 'k', size);
        letters[i][size - 1] = (char)('a' + i);
        add_attribute((spanlink_str){letters[i], size}, number_value(i));
    }
}

static void prepare_long_text(size_t size) {
    static const char character[] = "\xf0\x9f\x94\x97";
    for (size_t i = 0; i < size; i++) {
        memcpy(text + 4 * i, character, 4);
    }
    attribute_count = 0;
    spanlink_str value = {text, 4 * size};
    add_attribute(
        spanlink_str_from("text"),
        spanlink_attribute_make(spanlink_str_from("text"), spanlink_value_string(value)).value);
}

/* One array of many elements, each nested to the greatest depth in a different way. */
static void prepare_deep(size_t size) {
    static spanlink_value elements[MOST_ATTRIBUTES];
    for (size_t i = 0; i < size; i++) {
        elements[i] = cost_nested_value(COST_DEEPEST - 1);
    }
    attribute_count = 0;
    add_attribute(spanlink_str_from("deep"), spanlink_attribute_array("", elements, size).value);
}

/* Many attributes whose value is nested one level too deep, so that the innermost value is lost. */
static void prepare_too_deep(size_t size) {
    attribute_count = 0;
    for (size_t i = 0; i < size; i++) {
        add_attribute(spanlink_str_from("deep"), cost_nested_value(COST_DEEPEST + 1));
    }
}

/* Adds a link with the attributes to a list with these limits. */
static void add_within(const uint64_t seed[2], size_t max_attributes, size_t max_value_length,
                       size_t kept) {
    spanlink_list_options options = cost_list_options();
    memcpy(options.hash_seed, seed, sizeof options.hash_seed);
    options.limits.max_attributes = max_attributes;
    options.limits.max_value_length = max_value_length;
    spanlink_list *list = cost_list(&options);
    spanlink_link link = {.context = {.trace_id = {1}, .span_id = {1}},
                          .attributes = attributes,
                          .attribute_count = attribute_count};
    cost_expect(spanlink_list_add(list, &link) == SPANLINK_OK, "a link");
    cost_expect(spanlink_list_links(list, NULL)->attribute_count == kept, "its attributes");
    spanlink_list_destroy(list);
}

static void add(const uint64_t seed[2], size_t kept) {
    add_within(seed, SPANLINK_UNLIMITED, SPANLINK_UNLIMITED, kept);
}

static void add_with_many_secrets(const uint64_t seed[2], size_t max_attributes) {
    for (size_t i = 0; i < COST_SECRETS; i++) {
        add_within(seed, max_attributes, SPANLINK_UNLIMITED, max_attributes);
    }
}

COST_STEP(work_unlimited, add(cost_other_seed, size))
COST_STEP(work_known, add(ascii_seed, size))
COST_STEP(work_known_bounded, add_with_many_secrets(ascii_seed, 16))
COST_STEP(work_bounded, add_with_many_secrets(cost_other_seed, 128))
COST_STEP(work_one, add(cost_other_seed, 1))
COST_STEP(work_none, add(cost_other_seed, 0))
COST_STEP(work_few, add(cost_other_seed, FEW))
COST_STEP(work_cut, add_within(cost_other_seed, 128, size / 2, 1))

/* Beyond the limit, text is only validated as UTF-8. */
COST_STEP(work_cut_short, add_within(cost_other_seed, 128, 100, 1))

static const cost_attack attacks[] = {
    {"attributes", COST_LINEAR, 512, 4096, 96, prepare_keys, work_unlimited},
    {"attributes_beyond", COST_LINEAR, 1024, 16384, 0, prepare_keys, work_bounded},
    {"attributes_repeated", COST_LINEAR, 512, 4096, 32, prepare_repeated_key, work_one},
    {"attributes_dropped", COST_LINEAR, 512, 4096, 32, prepare_bad_keys, work_none},
    {"attribute_collisions", COST_LINEAR, 512, 4096, 96, prepare_colliding_keys, work_unlimited},
    {"attribute_collisions_bounded", COST_LINEAR, 512, 4096, 0, prepare_colliding_keys,
     work_known_bounded},
    {"attribute_collisions_known", COST_LINEAR, 512, 4096, 96, prepare_colliding_keys, work_known},
    {"attribute_long_keys", COST_LINEAR, 2048, 4096, FEW + 4, prepare_long_keys, work_few},
    {"attribute_long_text", COST_LINEAR, 2048, 4096, 5, prepare_long_text, work_one},
    {"attribute_cut_text", COST_LINEAR, 2048, 4096, 3, prepare_long_text, work_cut},
    {"attribute_cut_short", COST_LINEAR, 2048, 4096, 0, prepare_long_text, work_cut_short},
    {"attribute_deep", COST_LINEAR, 32, 4096, 40 * COST_DEEPEST, prepare_deep, work_one},
    {"attribute_too_deep", COST_LINEAR, 32, 8192, 32, prepare_too_deep, work_one},
};

const cost_group cost_attributes = {attacks, sizeof attacks / sizeof attacks[0], false};
