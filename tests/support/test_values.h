/* SPDX-License-Identifier: MIT */
/* Values. Like those of spanlink/attribute.h, they borrow their elements and texts. */
#ifndef TEST_VALUES_H
#define TEST_VALUES_H

#include <spanlink/attribute.h>

spanlink_value test_string(const char *text, size_t length);
spanlink_value test_bytes(const void *bytes, size_t length);

/* A value inside arrays, maps or, with SPANLINK_VALUE_EMPTY, both in turn. The next call uses the
 * same memory. */
enum { TEST_NEST_MOST = 130 };
spanlink_value test_nest(uint32_t type, spanlink_value inner, size_t levels);

/* 45 arrays, each of two elements that are the same array: 2^45 texts in 2 KB of memory. */
enum { TEST_SHARED_LEVELS = 45 };
spanlink_value test_share(spanlink_value levels[TEST_SHARED_LEVELS][2]);

#endif
