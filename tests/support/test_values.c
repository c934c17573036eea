/* SPDX-License-Identifier: MIT */
#include "test_values.h"

spanlink_value test_string(const char *text, size_t length) {
    return spanlink_value_string(spanlink_str_make(text, length));
}

spanlink_value test_bytes(const void *bytes, size_t length) {
    return spanlink_attribute_bytes("", bytes, length).value;
}

spanlink_value test_int(int64_t integer) {
    return spanlink_attribute_int("", integer).value;
}

spanlink_value test_double(double real) {
    return spanlink_attribute_double("", real).value;
}

spanlink_value test_array(const spanlink_value *values, size_t count) {
    return spanlink_attribute_array("", values, count).value;
}

spanlink_value test_map(const spanlink_attribute *entries, size_t count) {
    return spanlink_attribute_map("", entries, count).value;
}

spanlink_value test_nest(spanlink_value *values, spanlink_attribute *entries, size_t depth) {
    spanlink_value inner = test_int(1);
    for (size_t i = 0; i < depth; i++) {
        values[i] = inner;
        entries[i] = (spanlink_attribute){.key = {"k", 1}, .value = inner};
        inner = i % 2 == 0 ? test_array(&values[i], 1) : test_map(&entries[i], 1);
    }
    return inner;
}

spanlink_value test_share(spanlink_value levels[TEST_SHARED_LEVELS][2]) {
    static const uint8_t byte = 0;
    spanlink_value inner = test_bytes(&byte, (size_t)1 << 16);
    for (size_t i = 0; i < TEST_SHARED_LEVELS; i++) {
        levels[i][0] = levels[i][1] = inner;
        inner = test_array(levels[i], 2);
    }
    return inner;
}
