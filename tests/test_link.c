/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <spanlink/link.h>

TEST(every_type_has_its_name_and_back) {
    static const char *const names[] = {"follows_from", "caused_by", "aggregates", "batch_item",
                                        "retry_of"};
    for (int type = 0; type < 5; type++) {
        assert_string_equal(names[type], spanlink_link_type_name((spanlink_link_type)type));
        assert_int_equal(type, spanlink_link_type_from_name(spanlink_str_from(names[type])));
    }
    assert_null(spanlink_link_type_name(SPANLINK_LINK_TYPE_CUSTOM));
    assert_null(spanlink_link_type_name((spanlink_link_type)77));
}

TEST(any_other_name_is_custom) {
    static const char *const names[] = {"", "follows_fro", "follows_from_", "FOLLOWS_FROM",
                                        "retry"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(SPANLINK_LINK_TYPE_CUSTOM,
                         spanlink_link_type_from_name(spanlink_str_from(names[i])));
    }
    assert_int_equal(SPANLINK_LINK_TYPE_CUSTOM,
                     spanlink_link_type_from_name(spanlink_str_from(NULL)));
}

TEST(find_compares_whole_keys) {
    spanlink_attribute attributes[] = {spanlink_attribute_int("a", 1),
                                       spanlink_attribute_int("ab", 2),
                                       spanlink_attribute_int("b", 3)};
    spanlink_link link = {.attributes = attributes, .attribute_count = 3};
    assert_ptr_equal(&attributes[1], spanlink_link_find(&link, "ab"));
    assert_ptr_equal(&attributes[2], spanlink_link_find(&link, "b"));
    assert_null(spanlink_link_find(&link, "abc"));
    assert_null(spanlink_link_find(&link, ""));
}

TEST(find_gives_the_last_of_equal_keys) {
    spanlink_attribute attributes[] = {spanlink_attribute_int("a", 1),
                                       spanlink_attribute_int("b", 2),
                                       spanlink_attribute_int("a", 3)};
    spanlink_link link = {.attributes = attributes, .attribute_count = 3};
    assert_ptr_equal(&attributes[2], spanlink_link_find(&link, "a"));
}

TEST(find_compares_an_empty_key_that_is_null) {
    spanlink_attribute attributes[] = {spanlink_attribute_int("a", 1), {.key = {NULL, 0}}};
    spanlink_link link = {.attributes = attributes, .attribute_count = 2};
    assert_ptr_equal(&attributes[1], spanlink_link_find(&link, ""));
}

TEST(find_accepts_null) {
    spanlink_link link = {.attribute_count = 0};
    assert_null(spanlink_link_find(NULL, "a"));
    assert_null(spanlink_link_find(&link, NULL));
    assert_null(spanlink_link_find(&link, "a"));
}

TEST(find_str_takes_keys_without_a_nul) {
    spanlink_attribute attributes[] = {
        spanlink_attribute_int("a", 1),
        spanlink_attribute_make(spanlink_str_make("a\0b", 3), spanlink_value_int(2)),
        spanlink_attribute_int("", 3)};
    spanlink_link link = {.attributes = attributes, .attribute_count = 3};
    assert_ptr_equal(&attributes[0], spanlink_link_find_str(&link, spanlink_str_make("abc", 1)));
    assert_ptr_equal(&attributes[1], spanlink_link_find_str(&link, spanlink_str_make("a\0b", 3)));
    assert_ptr_equal(&attributes[2], spanlink_link_find_str(&link, spanlink_str_make(NULL, 0)));
    assert_ptr_equal(&attributes[2], spanlink_link_find_str(&link, spanlink_str_make(NULL, 2)));
    assert_null(spanlink_link_find_str(&link, spanlink_str_make("abc", 2)));
    assert_null(spanlink_link_find_str(NULL, spanlink_str_make("a", 1)));
}

TEST(null_attributes_are_no_attributes) {
    spanlink_link link = {.attribute_count = 3}, none = {.attribute_count = 0};
    assert_null(spanlink_link_find(&link, "a"));
    assert_true(spanlink_link_equal(&link, &none));
}

static void expect_links(bool wanted, const spanlink_link *a, const spanlink_link *b) {
    assert_int_equal(wanted, spanlink_link_equal(a, b));
    assert_int_equal(wanted, spanlink_link_equal(b, a));
}

TEST(links_are_equal_if_contexts_attributes_and_dropped_counts_are) {
    const spanlink_attribute attributes[] = {spanlink_attribute_int("x", 1),
                                             spanlink_attribute_int("y", 2)};
    const spanlink_attribute turned[] = {spanlink_attribute_int("y", 2),
                                         spanlink_attribute_int("x", 1)};
    const spanlink_attribute repeated[] = {spanlink_attribute_int("y", 7),
                                           spanlink_attribute_int("y", 2),
                                           spanlink_attribute_int("x", 1)};
    const spanlink_link a = {.context = {.trace_id = {1}, .span_id = {2}},
                             .attributes = attributes,
                             .attribute_count = 2,
                             .dropped_attributes_count = 3};
    spanlink_link b = a;
    expect_links(true, &a, &b);
    b.attributes = turned;
    expect_links(true, &a, &b);
    b.attributes = repeated;
    b.attribute_count = 3;
    expect_links(true, &a, &b);
    b.attribute_count = 2;
    expect_links(false, &a, &b);
    b = a;
    b.dropped_attributes_count = 4;
    expect_links(false, &a, &b);
    b = a;
    b.context.remote_unknown = true;
    expect_links(false, &a, &b);
    b = a;
    b.attribute_count = 1;
    expect_links(false, &a, &b);
    expect_links(false, &a, NULL);
    expect_links(false, NULL, NULL);
}

/* The value of a link's attribute is at depth 1, as for spanlink_value_equal(). */
TEST(values_of_a_link_are_compared_to_64_levels) {
    for (size_t depth = 63; depth < 67; depth++) {
        static spanlink_value levels[2][70];
        spanlink_attribute attributes[2];
        for (size_t side = 0; side < 2; side++) {
            levels[side][0] = spanlink_value_int((int64_t)side);
            for (size_t i = 1; i <= depth; i++) {
                levels[side][i] = spanlink_value_array(&levels[side][i - 1], 1);
            }
            attributes[side] = spanlink_attribute_make(spanlink_str_from("k"), levels[side][depth]);
        }
        spanlink_link a = {.attributes = &attributes[0], .attribute_count = 1};
        spanlink_link b = {.attributes = &attributes[1], .attribute_count = 1};
        expect_links(depth > 64, &a, &b);
        assert_int_equal(depth > 64,
                         spanlink_value_equal(&attributes[0].value, &attributes[1].value));
    }
}
