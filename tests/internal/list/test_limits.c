/* SPDX-License-Identifier: MIT */
/* Limits: from the environment, and the meaning of numbers in options. */
#include "test.h"
#include "test_environment.h"
#include "test_links.h"

#include "internal/list/limits.h"

#include <stdio.h>

static void clear_environment(void) {
    test_set_variable("OTEL_SPAN_LINK_COUNT_LIMIT", NULL);
    test_set_variable("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", NULL);
    test_set_variable("OTEL_ATTRIBUTE_COUNT_LIMIT", NULL);
    test_set_variable("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", NULL);
    test_set_variable("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", NULL);
}

TEST_AT_START(begin) {
    clear_environment();
}

AFTER_EACH_TEST(end) {
    clear_environment();
    return 0;
}

TEST(limits_without_variables_are_the_specifications) {
    spanlink_limits limits = {.max_links = 0};
    spanlink_str bad = {"x", 1};
    assert_ok(spanlink_limits_from_env(&limits, &bad));
    assert_int_equal(128, limits.max_links);
    assert_int_equal(128, limits.max_attributes);
    assert_true(limits.max_value_length == SPANLINK_UNLIMITED);
    assert_int_equal(64, limits.max_value_depth);
    assert_int_equal(0, bad.len);
    assert_refused(spanlink_limits_from_env(NULL, &bad));
    assert_ok(spanlink_limits_from_env(&limits, NULL));
}

#if !defined(SPANLINK_NO_ENV)
TEST(limits_come_from_their_variables) {
    spanlink_limits limits;
    test_set_variable("OTEL_SPAN_LINK_COUNT_LIMIT", "7");
    test_set_variable("OTEL_ATTRIBUTE_COUNT_LIMIT", " 8\t");
    test_set_variable("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "0");
    assert_ok(spanlink_limits_from_env(&limits, NULL));
    assert_int_equal(7, limits.max_links);
    assert_int_equal(8, limits.max_attributes);
    assert_true(limits.max_value_length == SPANLINK_NONE);
    test_set_variable("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "9");
    test_set_variable("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "10");
    assert_ok(spanlink_limits_from_env(&limits, NULL));
    assert_int_equal(9, limits.max_attributes);
    assert_int_equal(10, limits.max_value_length);
    test_set_variable("OTEL_SPAN_LINK_COUNT_LIMIT", "99999999999999999999999");
    assert_ok(spanlink_limits_from_env(&limits, NULL));
    assert_true(limits.max_links == SPANLINK_UNLIMITED);
}

static void expect_limit(size_t number) {
    char text[40];
    spanlink_limits limits;
    snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    test_set_variable("OTEL_SPAN_LINK_COUNT_LIMIT", text);
    assert_ok(spanlink_limits_from_env(&limits, NULL));
    assert_true(limits.max_links == test_limit(number));
}

TEST(limits_have_as_many_digits_as_they_need) {
    for (size_t number = 1; number < SIZE_MAX / 20; number = 2 * number + 1 + number / 7) {
        expect_limit(number);
    }
    for (size_t less = 2; less < 10; less++) {
        expect_limit(SIZE_MAX - less);
    }
    expect_limit(0);
}

TEST(a_bad_variable_leaves_the_default_and_is_named) {
    static const char *const bad_values[] = {"-1", "+1", "x", "1x", " ", "1 2", "0x10", "1.5"};
    for (size_t i = 0; i < sizeof bad_values / sizeof bad_values[0]; i++) {
        clear_environment();
        test_set_variable("OTEL_SPAN_LINK_COUNT_LIMIT", "5");
        test_set_variable("OTEL_ATTRIBUTE_COUNT_LIMIT", "6");
        test_set_variable("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", bad_values[i]);
        test_set_variable("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", bad_values[i]);
        spanlink_limits limits;
        spanlink_str bad;
        assert_ok(spanlink_limits_from_env(&limits, &bad));
        assert_text("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", bad);
        assert_int_equal(5, limits.max_links);
        assert_int_equal(6, limits.max_attributes);
        assert_true(limits.max_value_length == SPANLINK_UNLIMITED);
    }
    clear_environment();
    test_set_variable("OTEL_SPAN_LINK_COUNT_LIMIT", "");
    spanlink_limits limits;
    spanlink_str bad;
    assert_ok(spanlink_limits_from_env(&limits, &bad));
    assert_int_equal(128, limits.max_links);
    assert_int_equal(0, bad.len);
}

/* The first bad variable in the order of list.h is reported. */
TEST(of_several_bad_variables_the_first_in_the_documented_order_is_named) {
    static const char *const names[] = {
        "OTEL_SPAN_LINK_COUNT_LIMIT", "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
        "OTEL_ATTRIBUTE_COUNT_LIMIT", "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
        "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"};
    enum { NAMES = sizeof names / sizeof names[0] };
    for (unsigned bad = 1; bad < 1u << NAMES; bad++) {
        spanlink_limits limits;
        spanlink_str named;
        size_t first = NAMES;
        for (size_t i = NAMES; i-- > 0;) {
            test_set_variable(names[i], (bad >> i & 1) != 0 ? "bad" : "3");
            first = (bad >> i & 1) != 0 ? i : first;
        }
        assert_ok(spanlink_limits_from_env(&limits, &named));
        assert_text(names[first], named);
    }
}
#endif

/* Reserved fields, which later versions may use, must not be ignored. */
TEST(reserved_limits_are_zero_from_the_environment_too) {
    spanlink_limits limits;
    memset(&limits, 0xff, sizeof limits);
    assert_ok(spanlink_limits_from_env(&limits, NULL));
    assert_true(slnk_limits_are_known(&limits));
    for (size_t i = 0; i < 4; i++) {
        limits.reserved[i] = 1;
        assert_false(slnk_limits_are_known(&limits));
        limits.reserved[i] = 0;
    }
}

TEST(a_limit_of_zero_is_the_default_and_none_is_nothing) {
    spanlink_limits zero = {.max_links = 0}, none, deep = {.max_value_depth = SPANLINK_UNLIMITED};
    zero = slnk_limits_resolve(zero);
    assert_int_equal(128, zero.max_links);
    assert_int_equal(128, zero.max_attributes);
    assert_true(zero.max_value_length == SPANLINK_UNLIMITED);
    assert_int_equal(64, zero.max_value_depth);
    none = (spanlink_limits){SPANLINK_NONE, SPANLINK_NONE, SPANLINK_NONE, SPANLINK_NONE, {0}};
    none = slnk_limits_resolve(none);
    assert_int_equal(0, none.max_links | none.max_attributes);
    assert_int_equal(0, none.max_value_length | none.max_value_depth);
    assert_int_equal(64, slnk_limits_resolve(deep).max_value_depth);
}
