/* SPDX-License-Identifier: MIT */
#include <spanlink/attribute.h>

#include "internal/equal.h"

/* The exported copies of the inline functions. */
#define EXPORTED SPANLINK_INLINE_API extern inline
EXPORTED spanlink_value spanlink_value_empty(void);
EXPORTED spanlink_value spanlink_value_string(spanlink_str text);
EXPORTED spanlink_value spanlink_value_bool(bool boolean);
EXPORTED spanlink_value spanlink_value_int(int64_t integer);
EXPORTED spanlink_value spanlink_value_double(double number);
EXPORTED spanlink_value spanlink_value_bytes(const uint8_t *ptr, size_t len);
EXPORTED spanlink_value spanlink_value_array(const spanlink_value *ptr, size_t len);
EXPORTED spanlink_value spanlink_value_map(const spanlink_attribute *ptr, size_t len);
EXPORTED spanlink_attribute spanlink_attribute_make(spanlink_str key, spanlink_value value);
EXPORTED spanlink_attribute spanlink_attribute_string(const char *key, const char *value);
EXPORTED spanlink_attribute spanlink_attribute_bool(const char *key, bool value);
EXPORTED spanlink_attribute spanlink_attribute_int(const char *key, int64_t value);
EXPORTED spanlink_attribute spanlink_attribute_double(const char *key, double value);
EXPORTED spanlink_attribute spanlink_attribute_bytes(const char *key, const uint8_t *ptr,
                                                     size_t len);
EXPORTED spanlink_attribute spanlink_attribute_array(const char *key, const spanlink_value *ptr,
                                                     size_t len);
EXPORTED spanlink_attribute spanlink_attribute_map(const char *key, const spanlink_attribute *ptr,
                                                   size_t len);
#undef EXPORTED

/* FFI bindings depend on the layout of these structs: it is part of the ABI. */
#if SIZE_MAX == UINT64_MAX
_Static_assert(sizeof(spanlink_str) == 16, "frozen");
_Static_assert(sizeof(spanlink_value) == 24, "frozen");
_Static_assert(sizeof(spanlink_attribute) == 40, "frozen");
#endif

bool spanlink_value_equal(const spanlink_value *a, const spanlink_value *b) {
    return a != NULL && b != NULL && slnk_equal_values(a, b, 1);
}
