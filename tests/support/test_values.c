/* SPDX-License-Identifier: MIT */
#include "test_values.h"

spanlink_value test_string(const char *text, size_t length) {
    return spanlink_value_string(spanlink_str_make(text, length));
}

spanlink_value test_bytes(const void *bytes, size_t length) {
    return spanlink_value_bytes(bytes, length);
}

spanlink_value test_nest(uint32_t type, spanlink_value inner, size_t levels) {
    static spanlink_attribute entries[TEST_NEST_MOST];
    for (size_t i = 0; i < levels; i++) {
        bool map = type == SPANLINK_VALUE_MAP || (type == SPANLINK_VALUE_EMPTY && i % 2 != 0);
        entries[i] = (spanlink_attribute){.key = {"k", 1}, .value = inner};
        inner =
            map ? spanlink_value_map(&entries[i], 1) : spanlink_value_array(&entries[i].value, 1);
    }
    return inner;
}

spanlink_value test_share(spanlink_value levels[TEST_SHARED_LEVELS][2]) {
    static const uint8_t byte = 0;
    spanlink_value inner = test_bytes(&byte, (size_t)1 << 16);
    for (size_t i = 0; i < TEST_SHARED_LEVELS; i++) {
        levels[i][0] = levels[i][1] = inner;
        inner = spanlink_value_array(levels[i], 2);
    }
    return inner;
}
