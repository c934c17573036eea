/* SPDX-License-Identifier: MIT */
/**
 * @file attribute.h
 * Attribute keys and values: OpenTelemetry's AnyValue, as plain structs that borrow
 * (OpenTelemetry common, "AnyValue" and "Attribute").
 *
 * @code
 * spanlink_attribute attributes[] = {
 *     spanlink_attribute_string("messaging.system", "kafka"),
 *     spanlink_attribute_int("messaging.kafka.offset", 1234),
 * };
 * @endcode
 *
 * @snippet concepts/attribute.c attribute
 */
#ifndef SPANLINK_ATTRIBUTE_H
#define SPANLINK_ATTRIBUTE_H

#include <spanlink/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A borrowed view of bytes. 16 bytes on 64-bit machines. */
typedef struct spanlink_bytes {
    const uint8_t *ptr; /**< NULL only if `len` is 0. */
    size_t len;         /**< In bytes. */
} spanlink_bytes;

/** A borrowed view of values. 16 bytes on 64-bit machines. */
typedef struct spanlink_values {
    const struct spanlink_value *ptr; /**< NULL only if `len` is 0. */
    size_t len;                       /**< In values. */
} spanlink_values;

/** A borrowed view of attributes. 16 bytes on 64-bit machines. */
typedef struct spanlink_attributes {
    const struct spanlink_attribute *ptr; /**< NULL only if `len` is 0. */
    size_t len;                           /**< In attributes. */
} spanlink_attributes;

/** The type of a value: OTLP's AnyValue. The numbers never change. */
typedef enum spanlink_value_type {
    SPANLINK_VALUE_EMPTY = 0,  /**< No value. */
    SPANLINK_VALUE_STRING = 1, /**< `string_value`: text, should be UTF-8. */
    SPANLINK_VALUE_BOOL = 2,   /**< `bool_value` */
    SPANLINK_VALUE_INT = 3,    /**< `int_value` */
    SPANLINK_VALUE_DOUBLE = 4, /**< `double_value`: any double, including NaN and infinities. */
    SPANLINK_VALUE_BYTES = 5,  /**< `bytes_value` */
    SPANLINK_VALUE_ARRAY = 6,  /**< `array_value`: values of any types. */
    SPANLINK_VALUE_MAP = 7     /**< `map_value`: keys with values. */
} spanlink_value_type;

/** The value of an attribute, an array's element or a map's entry. Borrows what it points to. 24
 * bytes on 64-bit machines. */
typedef struct spanlink_value {
    uint32_t type; /**< A spanlink_value_type: which member of the union is valid. */
    union {
        spanlink_str string_value;
        bool bool_value;
        int64_t int_value;
        double double_value;
        spanlink_bytes bytes_value;
        spanlink_values array_value;
        spanlink_attributes map_value;
    };
} spanlink_value;

/** A key with a value. Borrows both. 40 bytes on 64-bit machines. The key must be UTF-8 and not
 * empty: lists and encoders drop and count attributes with other keys. */
typedef struct spanlink_attribute {
    spanlink_str key;     /**< Compared byte for byte. */
    spanlink_value value; /**< Of any type, including EMPTY. */
} spanlink_attribute;

/**
 * Returns an empty value.
 *
 * @return The value.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_INLINE_API inline spanlink_value spanlink_value_empty(void) {
    spanlink_value value;
    value.type = SPANLINK_VALUE_EMPTY;
    value.int_value = 0;
    return value;
}

/**
 * Returns a string value.
 *
 * @param text Any bytes. Encoders write text that is not UTF-8 as bytes.
 * @return The value.
 *
 * Ownership: the value borrows its arguments.
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_INLINE_API inline spanlink_value spanlink_value_string(spanlink_str text) {
    spanlink_value value;
    value.type = SPANLINK_VALUE_STRING;
    value.string_value = text;
    return value;
}

/**
 * Returns a boolean value.
 *
 * @param boolean The value.
 * @return The value.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_INLINE_API inline spanlink_value spanlink_value_bool(bool boolean) {
    spanlink_value value;
    value.type = SPANLINK_VALUE_BOOL;
    value.bool_value = boolean;
    return value;
}

/**
 * Returns an integer value.
 *
 * @param integer The value.
 * @return The value.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_INLINE_API inline spanlink_value spanlink_value_int(int64_t integer) {
    spanlink_value value;
    value.type = SPANLINK_VALUE_INT;
    value.int_value = integer;
    return value;
}

/**
 * Returns a floating-point value. On i386 the call may make a signalling NaN quiet; set
 * `double_value` directly to keep its bits.
 *
 * @param number Any double, including NaN and infinities.
 * @return The value.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_INLINE_API inline spanlink_value spanlink_value_double(double number) {
    spanlink_value value;
    value.type = SPANLINK_VALUE_DOUBLE;
    value.double_value = number;
    return value;
}

/**
 * Returns a value of bytes.
 *
 * @param ptr NULL only if `len` is 0.
 * @param len In bytes.
 * @return The value.
 *
 * Ownership: the value borrows its arguments.
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_INLINE_API inline spanlink_value spanlink_value_bytes(const uint8_t *ptr, size_t len) {
    spanlink_value value;
    value.type = SPANLINK_VALUE_BYTES;
    value.bytes_value.ptr = ptr;
    value.bytes_value.len = len;
    return value;
}

/**
 * Returns an array of values of any types.
 *
 * @param ptr NULL only if `len` is 0.
 * @param len In values.
 * @return The value.
 *
 * Ownership: the value borrows its arguments.
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_INLINE_API inline spanlink_value spanlink_value_array(const spanlink_value *ptr,
                                                               size_t len) {
    spanlink_value value;
    value.type = SPANLINK_VALUE_ARRAY;
    value.array_value.ptr = ptr;
    value.array_value.len = len;
    return value;
}

/**
 * Returns a map of keys with values.
 *
 * @param ptr NULL only if `len` is 0.
 * @param len In entries.
 * @return The value.
 *
 * Ownership: the value borrows its arguments.
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_INLINE_API inline spanlink_value spanlink_value_map(const spanlink_attribute *ptr,
                                                             size_t len) {
    spanlink_value value;
    value.type = SPANLINK_VALUE_MAP;
    value.map_value.ptr = ptr;
    value.map_value.len = len;
    return value;
}

/**
 * Returns an attribute with any key and value.
 *
 * @param key May hold NULs.
 * @param value Any value.
 * @return The attribute.
 *
 * Ownership: the attribute borrows its arguments.
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_INLINE_API inline spanlink_attribute spanlink_attribute_make(spanlink_str key,
                                                                      spanlink_value value) {
    spanlink_attribute attribute;
    attribute.key = key;
    attribute.value = value;
    return attribute;
}

/**
 * Returns a string attribute.
 *
 * @param key NUL-terminated; NULL counts as empty.
 * @param value NUL-terminated; NULL counts as empty.
 * @return The attribute.
 *
 * Ownership: the attribute borrows its arguments.
 * Thread safety: any thread.
 * Cost: a strlen(), constant for a literal.
 */
SPANLINK_INLINE_API inline spanlink_attribute spanlink_attribute_string(const char *key,
                                                                        const char *value) {
    return spanlink_attribute_make(spanlink_str_from(key),
                                   spanlink_value_string(spanlink_str_from(value)));
}

/**
 * Returns a boolean attribute.
 *
 * @param key NUL-terminated; NULL counts as empty.
 * @param value The value.
 * @return The attribute.
 *
 * Ownership: the attribute borrows its arguments.
 * Thread safety: any thread.
 * Cost: a strlen(), constant for a literal.
 */
SPANLINK_INLINE_API inline spanlink_attribute spanlink_attribute_bool(const char *key, bool value) {
    return spanlink_attribute_make(spanlink_str_from(key), spanlink_value_bool(value));
}

/**
 * Returns an integer attribute.
 *
 * @param key NUL-terminated; NULL counts as empty.
 * @param value The value.
 * @return The attribute.
 *
 * Ownership: the attribute borrows its arguments.
 * Thread safety: any thread.
 * Cost: a strlen(), constant for a literal.
 */
SPANLINK_INLINE_API inline spanlink_attribute spanlink_attribute_int(const char *key,
                                                                     int64_t value) {
    return spanlink_attribute_make(spanlink_str_from(key), spanlink_value_int(value));
}

/**
 * Returns a floating-point attribute; see spanlink_value_double().
 *
 * @param key NUL-terminated; NULL counts as empty.
 * @param value Any double.
 * @return The attribute.
 *
 * Ownership: the attribute borrows its arguments.
 * Thread safety: any thread.
 * Cost: a strlen(), constant for a literal.
 */
SPANLINK_INLINE_API inline spanlink_attribute spanlink_attribute_double(const char *key,
                                                                        double value) {
    return spanlink_attribute_make(spanlink_str_from(key), spanlink_value_double(value));
}

/**
 * Returns an attribute of bytes.
 *
 * @param key NUL-terminated; NULL counts as empty.
 * @param ptr NULL only if `len` is 0.
 * @param len In bytes.
 * @return The attribute.
 *
 * Ownership: the attribute borrows its arguments.
 * Thread safety: any thread.
 * Cost: a strlen(), constant for a literal.
 */
SPANLINK_INLINE_API inline spanlink_attribute
spanlink_attribute_bytes(const char *key, const uint8_t *ptr, size_t len) {
    return spanlink_attribute_make(spanlink_str_from(key), spanlink_value_bytes(ptr, len));
}

/**
 * Returns an attribute that is an array.
 *
 * @param key NUL-terminated; NULL counts as empty.
 * @param ptr NULL only if `len` is 0.
 * @param len In values.
 * @return The attribute.
 *
 * Ownership: the attribute borrows its arguments.
 * Thread safety: any thread.
 * Cost: a strlen(), constant for a literal.
 */
SPANLINK_INLINE_API inline spanlink_attribute
spanlink_attribute_array(const char *key, const spanlink_value *ptr, size_t len) {
    return spanlink_attribute_make(spanlink_str_from(key), spanlink_value_array(ptr, len));
}

/**
 * Returns an attribute that is a map.
 *
 * @param key NUL-terminated; NULL counts as empty.
 * @param ptr NULL only if `len` is 0.
 * @param len In entries.
 * @return The attribute.
 *
 * Ownership: the attribute borrows its arguments.
 * Thread safety: any thread.
 * Cost: a strlen(), constant for a literal.
 */
SPANLINK_INLINE_API inline spanlink_attribute
spanlink_attribute_map(const char *key, const spanlink_attribute *ptr, size_t len) {
    return spanlink_attribute_make(spanlink_str_from(key), spanlink_value_map(ptr, len));
}

/**
 * Returns whether two values have the same type and the same content.
 *
 * The order of a map's entries does not matter; of a repeated key the last entry counts. Doubles
 * are compared bit by bit: a NaN equals itself, 0.0 does not equal -0.0. Arrays and maps deeper
 * than 64 count as empty values. A view that is NULL with a length counts as empty.
 *
 * @param a A value. NULL equals nothing, not even NULL; nor does a value of an unknown type.
 * @param b A value. NULL equals nothing, not even NULL; nor does a value of an unknown type.
 * @return Whether they are equal.
 *
 * Thread safety: any thread.
 * Cost: linear, but quadratic in the entries of one map; never allocates.
 */
SPANLINK_API bool spanlink_value_equal(const spanlink_value *a, const spanlink_value *b);

#ifdef __cplusplus
}
#endif

#endif
