/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <spanlink/link.h>

static void every_type_has_its_name_and_back(void **state) {
    (void)state;
    static const char *const names[] = {"follows_from", "caused_by", "aggregates", "batch_item",
                                        "retry_of"};
    for (int type = 0; type < 5; type++) {
        assert_string_equal(names[type], spanlink_link_type_name((spanlink_link_type)type));
        assert_int_equal(type, spanlink_link_type_from_name(spanlink_str_from(names[type])));
    }
    assert_null(spanlink_link_type_name(SPANLINK_LINK_TYPE_CUSTOM));
    assert_null(spanlink_link_type_name((spanlink_link_type)77));
}

static void any_other_name_is_custom(void **state) {
    (void)state;
    static const char *const names[] = {"", "follows_fro", "follows_from_", "FOLLOWS_FROM",
                                        "retry"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(SPANLINK_LINK_TYPE_CUSTOM,
                         spanlink_link_type_from_name(spanlink_str_from(names[i])));
    }
    assert_int_equal(SPANLINK_LINK_TYPE_CUSTOM,
                     spanlink_link_type_from_name(spanlink_str_from(NULL)));
}

static void find_compares_whole_keys(void **state) {
    (void)state;
    spanlink_attribute attributes[] = {spanlink_attribute_int("a", 1),
                                       spanlink_attribute_int("ab", 2),
                                       spanlink_attribute_int("b", 3)};
    spanlink_link link = {.attributes = attributes, .attribute_count = 3};
    assert_ptr_equal(&attributes[1], spanlink_link_find(&link, "ab"));
    assert_ptr_equal(&attributes[2], spanlink_link_find(&link, "b"));
    assert_null(spanlink_link_find(&link, "abc"));
    assert_null(spanlink_link_find(&link, ""));
}

static void find_gives_the_last_of_equal_keys(void **state) {
    (void)state;
    spanlink_attribute attributes[] = {spanlink_attribute_int("a", 1),
                                       spanlink_attribute_int("b", 2),
                                       spanlink_attribute_int("a", 3)};
    spanlink_link link = {.attributes = attributes, .attribute_count = 3};
    assert_ptr_equal(&attributes[2], spanlink_link_find(&link, "a"));
}

static void find_compares_an_empty_key_that_is_null(void **state) {
    (void)state;
    spanlink_attribute attributes[] = {spanlink_attribute_int("a", 1), {.key = {NULL, 0}}};
    spanlink_link link = {.attributes = attributes, .attribute_count = 2};
    assert_ptr_equal(&attributes[1], spanlink_link_find(&link, ""));
}

static void find_accepts_null(void **state) {
    (void)state;
    spanlink_link link = {.attribute_count = 0};
    assert_null(spanlink_link_find(NULL, "a"));
    assert_null(spanlink_link_find(&link, NULL));
    assert_null(spanlink_link_find(&link, "a"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_has_its_name_and_back),
        cmocka_unit_test(any_other_name_is_custom),
        cmocka_unit_test(find_compares_whole_keys),
        cmocka_unit_test(find_gives_the_last_of_equal_keys),
        cmocka_unit_test(find_compares_an_empty_key_that_is_null),
        cmocka_unit_test(find_accepts_null),
    };
    return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
