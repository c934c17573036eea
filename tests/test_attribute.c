/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <spanlink/attribute.h>

static void each_constructor_gives_its_type_and_value(void **state) {
    (void)state;
    static const uint8_t bytes[] = {1, 2, 3};
    spanlink_attribute text = spanlink_attribute_string("key", "value");
    assert_text("key", text.key);
    assert_int_equal(SPANLINK_VALUE_STRING, text.value.type);
    assert_text("value", text.value.string_value);
    assert_true(spanlink_attribute_bool("key", true).value.bool_value);
    assert_int_equal(SPANLINK_VALUE_BOOL, spanlink_attribute_bool("key", false).value.type);
    assert_int_equal(INT64_MIN, spanlink_attribute_int("key", INT64_MIN).value.int_value);
    assert_int_equal(SPANLINK_VALUE_INT, spanlink_attribute_int("key", 0).value.type);
    assert_true(spanlink_attribute_double("key", -0.5).value.double_value == -0.5);
    assert_int_equal(SPANLINK_VALUE_DOUBLE, spanlink_attribute_double("key", 0).value.type);
    spanlink_attribute raw = spanlink_attribute_bytes("key", bytes, 3);
    assert_int_equal(SPANLINK_VALUE_BYTES, raw.value.type);
    assert_ptr_equal(bytes, raw.value.bytes_value.ptr);
    assert_int_equal(3, raw.value.bytes_value.len);
    spanlink_attribute array = spanlink_attribute_array("key", &text.value, 1);
    assert_int_equal(SPANLINK_VALUE_ARRAY, array.value.type);
    assert_ptr_equal(&text.value, array.value.array_value.ptr);
    assert_int_equal(1, array.value.array_value.len);
    spanlink_attribute map = spanlink_attribute_map("key", &text, 1);
    assert_int_equal(SPANLINK_VALUE_MAP, map.value.type);
    assert_ptr_equal(&text, map.value.map_value.ptr);
    assert_int_equal(1, map.value.map_value.len);
    assert_text("key", map.key);
}

static void sized_texts_may_hold_nuls(void **state) {
    (void)state;
    spanlink_str key = {"k\0y", 3};
    spanlink_str value = {"a\0b", 3};
    spanlink_attribute attribute = spanlink_attribute_make(key, spanlink_value_string(value));
    assert_int_equal(3, attribute.key.len);
    assert_int_equal(3, attribute.value.string_value.len);
    assert_ptr_equal(value.ptr, attribute.value.string_value.ptr);
}

static void null_texts_are_empty(void **state) {
    (void)state;
    spanlink_attribute attribute = spanlink_attribute_string(NULL, NULL);
    assert_int_equal(0, attribute.key.len);
    assert_int_equal(0, attribute.value.string_value.len);
}

static void an_empty_value_is_a_zeroed_one(void **state) {
    (void)state;
    spanlink_value value = {0};
    assert_int_equal(SPANLINK_VALUE_EMPTY, value.type);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_constructor_gives_its_type_and_value),
        cmocka_unit_test(sized_texts_may_hold_nuls),
        cmocka_unit_test(null_texts_are_empty),
        cmocka_unit_test(an_empty_value_is_a_zeroed_one),
    };
    return cmocka_run_group_tests_name("attribute", tests, NULL, NULL);
}
