/* SPDX-License-Identifier: MIT */
/* Values. Like those of spanlink/attribute.h, they borrow their elements and texts. */
#ifndef TEST_VALUES_H
#define TEST_VALUES_H

#include <spanlink/attribute.h>

spanlink_value test_string(const char *text, size_t length);
spanlink_value test_bytes(const void *bytes, size_t length);
spanlink_value test_int(int64_t integer);
spanlink_value test_double(double real);
spanlink_value test_array(const spanlink_value *values, size_t count);
spanlink_value test_map(const spanlink_attribute *entries, size_t count);

/* An integer inside `depth` alternating arrays and maps. Both arguments need `depth` elements. */
spanlink_value test_nest(spanlink_value *values, spanlink_attribute *entries, size_t depth);

/* 45 arrays, each of two elements that are the same array: 2^45 texts in 2 KB of memory. */
enum { TEST_SHARED_LEVELS = 45 };
spanlink_value test_share(spanlink_value levels[TEST_SHARED_LEVELS][2]);

#endif
