/* SPDX-License-Identifier: MIT */
/* Links with many attributes, long attributes, and keys with colliding hashes. */
#include "cost.h"
#include "test_collisions.h"

#include <string.h>

enum { MOST_ATTRIBUTES = 1 << 15, MOST_TEXT = 1 << 19, FEW = 16, DEEPEST = 64 };

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

static void prepare_one_key(size_t size) {
    attribute_count = 0;
    for (size_t i = 0; i < size; i++) {
        add_attribute(spanlink_str_from("key"), number_value(i));
    }
}

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

static void prepare_bad_keys(size_t size) {
    attribute_count = 0;
    for (size_t i = 0; i < size; i++) {
        add_attribute((spanlink_str){"\xff", 1}, number_value(i));
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
    static spanlink_value nested[DEEPEST + 1], elements[MOST_ATTRIBUTES];
    nested[0] = number_value(1);
    for (size_t i = 1; i < DEEPEST; i++) {
        nested[i] = spanlink_attribute_array("", &nested[i - 1], 1).value;
    }
    for (size_t i = 0; i < size; i++) {
        elements[i] = nested[DEEPEST - 1];
    }
    attribute_count = 0;
    add_attribute(spanlink_str_from("deep"), spanlink_attribute_array("", elements, size).value);
}

/* Many attributes whose value is nested one level too deep, so that the innermost value is lost. */
static void prepare_too_deep(size_t size) {
    static spanlink_value nested[DEEPEST + 2];
    nested[0] = number_value(1);
    for (size_t i = 1; i <= DEEPEST + 1; i++) {
        nested[i] = spanlink_attribute_array("", &nested[i - 1], 1).value;
    }
    attribute_count = 0;
    for (size_t i = 0; i < size; i++) {
        add_attribute(spanlink_str_from("deep"), nested[DEEPEST + 1]);
    }
}

static spanlink_list_options options_for(const uint64_t seed[2], size_t max_attributes) {
    spanlink_list_options options = cost_list_options();
    memcpy(options.hash_seed, seed, sizeof options.hash_seed);
    options.limits.max_attributes = max_attributes;
    return options;
}

static void add_with(const spanlink_list_options *options, size_t kept) {
    spanlink_list *list = cost_list(options);
    spanlink_link link = {.context = {.trace_id = {1}, .span_id = {1}},
                          .attributes = attributes,
                          .attribute_count = attribute_count};
    cost_expect(spanlink_list_add(list, &link) == SPANLINK_OK, "a link");
    cost_expect(spanlink_list_links(list, NULL)->attribute_count == kept, "its attributes");
    spanlink_list_destroy(list);
}

static void add_with_many_secrets(const spanlink_list_options *options, size_t kept) {
    for (size_t i = 0; i < COST_SECRETS; i++) {
        add_with(options, kept);
    }
}

static void work_unlimited(size_t size) {
    spanlink_list_options options = options_for(cost_other_seed, SPANLINK_UNLIMITED);
    add_with(&options, size);
}

static void work_known(size_t size) {
    spanlink_list_options options = options_for(ascii_seed, SPANLINK_UNLIMITED);
    add_with(&options, size);
}

static void work_known_bounded(size_t size) {
    spanlink_list_options options = options_for(ascii_seed, 16);
    (void)size;
    add_with_many_secrets(&options, 16);
}

static void work_bounded(size_t size) {
    spanlink_list_options options = options_for(cost_other_seed, 128);
    (void)size;
    add_with_many_secrets(&options, 128);
}

static void work_one(size_t size) {
    spanlink_list_options options = options_for(cost_other_seed, SPANLINK_UNLIMITED);
    (void)size;
    add_with(&options, 1);
}

static void work_none(size_t size) {
    spanlink_list_options options = options_for(cost_other_seed, SPANLINK_UNLIMITED);
    (void)size;
    add_with(&options, 0);
}

static void work_few(size_t size) {
    spanlink_list_options options = options_for(cost_other_seed, SPANLINK_UNLIMITED);
    (void)size;
    add_with(&options, FEW);
}

static void work_cut(size_t size) {
    spanlink_list_options options = options_for(cost_other_seed, 128);
    options.limits.max_value_length = size / 2;
    add_with(&options, 1);
}

/* Beyond the limit, text is only validated as UTF-8. */
static void work_cut_short(size_t size) {
    spanlink_list_options options = options_for(cost_other_seed, 128);
    options.limits.max_value_length = 100;
    (void)size;
    add_with(&options, 1);
}

static const cost_attack attacks[] = {
    {"attributes", COST_LINEAR, 512, 4096, 96, prepare_keys, work_unlimited},
    {"attributes_beyond", COST_LINEAR, 1024, 16384, 0, prepare_keys, work_bounded},
    {"attributes_repeated", COST_LINEAR, 512, 4096, 32, prepare_one_key, work_one},
    {"attributes_dropped", COST_LINEAR, 512, 4096, 32, prepare_bad_keys, work_none},
    {"attribute_collisions", COST_LINEAR, 512, 4096, 96, prepare_colliding_keys, work_unlimited},
    {"attribute_collisions_bounded", COST_LINEAR, 512, 4096, 0, prepare_colliding_keys,
     work_known_bounded},
    {"attribute_collisions_known", COST_LINEAR, 512, 4096, 96, prepare_colliding_keys, work_known},
    {"attribute_long_keys", COST_LINEAR, 2048, 4096, FEW + 4, prepare_long_keys, work_few},
    {"attribute_long_text", COST_LINEAR, 2048, 4096, 5, prepare_long_text, work_one},
    {"attribute_cut_text", COST_LINEAR, 2048, 4096, 3, prepare_long_text, work_cut},
    {"attribute_cut_short", COST_LINEAR, 2048, 4096, 0, prepare_long_text, work_cut_short},
    {"attribute_deep", COST_LINEAR, 32, 4096, 40 * DEEPEST, prepare_deep, work_one},
    {"attribute_too_deep", COST_LINEAR, 32, 8192, 32, prepare_too_deep, work_one},
};

const cost_group cost_attributes = {attacks, sizeof attacks / sizeof attacks[0], false};
