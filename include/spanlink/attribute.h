/* SPDX-License-Identifier: MIT */
/**
 * @file attribute.h
 * Attribute keys and values: OpenTelemetry's AnyValue, as plain structs that borrow.
 *
 * @snippet concepts/attribute.c attribute
 */
#ifndef SPANLINK_ATTRIBUTE_H
#define SPANLINK_ATTRIBUTE_H

#include <spanlink/base.h>

#ifdef __cplusplus
extern "C" {
#endif

struct spanlink_value;
struct spanlink_attribute;

/** What a value holds. The numbers never change. */
typedef enum spanlink_value_type {
    SPANLINK_VALUE_EMPTY = 0,  /**< Nothing: no field of `as` counts. */
    SPANLINK_VALUE_STRING = 1, /**< `as.string`: text, UTF-8 by intent. */
    SPANLINK_VALUE_BOOL = 2,   /**< `as.boolean` */
    SPANLINK_VALUE_INT = 3,    /**< `as.integer` */
    SPANLINK_VALUE_DOUBLE = 4, /**< `as.real`: any double, NaN and infinities too. */
    SPANLINK_VALUE_BYTES = 5,  /**< `as.bytes` */
    SPANLINK_VALUE_ARRAY = 6,  /**< `as.array`: values, of any types. */
    SPANLINK_VALUE_MAP = 7     /**< `as.map`: keys with values. */
} spanlink_value_type;

/** The value of an attribute, or an element of an array. Borrows all it points at. 24 bytes on
 * 64-bit. */
typedef struct spanlink_value {
    uint32_t type; /**< A spanlink_value_type: which field of `as` counts. */
    union {
        spanlink_str string;
        bool boolean;
        int64_t integer;
        double real;
        struct {
            const uint8_t *ptr;
            size_t len;
        } bytes;
        struct {
            const struct spanlink_value *ptr;
            size_t len; /**< In values. */
        } array;
        struct {
            const struct spanlink_attribute *ptr;
            size_t len; /**< In attributes. */
        } map;
    } as; /**< The value itself: the field that `type` names. */
} spanlink_value;

/**
 * A key with a value. Borrows both. 40 bytes on 64-bit machines.
 *
 * The key is UTF-8 and not empty. Lists and encoders leave an attribute out, and count it, where
 * the key is not so.
 */
typedef struct spanlink_attribute {
    spanlink_str key;     /**< Compared byte for byte. */
    spanlink_value value; /**< Of any type, also EMPTY. */
} spanlink_attribute;

/* Constructors. A strlen() of a literal costs nothing. */

/**
 * A string attribute of sized texts, which may hold NULs.
 *
 * @param key   Not empty, UTF-8.
 * @param value Any bytes; those that are not UTF-8 go out as bytes.
 * @return The attribute, which borrows both. Any thread; cannot fail.
 */
SPANLINK_INLINE_API inline spanlink_attribute spanlink_attribute_strn(spanlink_str key,
                                                                      spanlink_str value) {
    spanlink_attribute attribute;
    attribute.key = key;
    attribute.value.type = SPANLINK_VALUE_STRING;
    attribute.value.as.string = value;
    return attribute;
}

/**
 * A string attribute of NUL-terminated texts.
 *
 * @param key   NUL-terminated; NULL counts as empty.
 * @param value NUL-terminated; NULL counts as empty.
 * @return The attribute, which borrows both. Any thread; cannot fail.
 */
SPANLINK_INLINE_API inline spanlink_attribute spanlink_attribute_string(const char *key,
                                                                        const char *value) {
    return spanlink_attribute_strn(spanlink_str_from(key), spanlink_str_from(value));
}

/**
 * A boolean attribute.
 *
 * @param key   NUL-terminated; NULL counts as empty.
 * @param value Either.
 * @return The attribute, which borrows the key. Any thread; cannot fail.
 */
SPANLINK_INLINE_API inline spanlink_attribute spanlink_attribute_bool(const char *key, bool value) {
    spanlink_attribute attribute;
    attribute.key = spanlink_str_from(key);
    attribute.value.type = SPANLINK_VALUE_BOOL;
    attribute.value.as.boolean = value;
    return attribute;
}

/**
 * An integer attribute.
 *
 * @param key   NUL-terminated; NULL counts as empty.
 * @param value Any.
 * @return The attribute, which borrows the key. Any thread; cannot fail.
 */
SPANLINK_INLINE_API inline spanlink_attribute spanlink_attribute_int(const char *key,
                                                                     int64_t value) {
    spanlink_attribute attribute;
    attribute.key = spanlink_str_from(key);
    attribute.value.type = SPANLINK_VALUE_INT;
    attribute.value.as.integer = value;
    return attribute;
}

/**
 * A floating-point attribute.
 *
 * @param key   NUL-terminated; NULL counts as empty.
 * @param value Any, NaN and infinities too.
 * @return The attribute, which borrows the key. Any thread; cannot fail.
 */
SPANLINK_INLINE_API inline spanlink_attribute spanlink_attribute_double(const char *key,
                                                                        double value) {
    spanlink_attribute attribute;
    attribute.key = spanlink_str_from(key);
    attribute.value.type = SPANLINK_VALUE_DOUBLE;
    attribute.value.as.real = value;
    return attribute;
}

/**
 * An attribute of bytes.
 *
 * @param key NUL-terminated; NULL counts as empty.
 * @param ptr The bytes; NULL only with a length of 0.
 * @param len How many there are.
 * @return The attribute, which borrows both. Any thread; cannot fail.
 */
SPANLINK_INLINE_API inline spanlink_attribute
spanlink_attribute_bytes(const char *key, const uint8_t *ptr, size_t len) {
    spanlink_attribute attribute;
    attribute.key = spanlink_str_from(key);
    attribute.value.type = SPANLINK_VALUE_BYTES;
    attribute.value.as.bytes.ptr = ptr;
    attribute.value.as.bytes.len = len;
    return attribute;
}

/**
 * An attribute that is an array of values, of any types.
 *
 * @param key NUL-terminated; NULL counts as empty.
 * @param ptr The values; NULL only with a length of 0.
 * @param len How many there are.
 * @return The attribute, which borrows both. Any thread; cannot fail.
 */
SPANLINK_INLINE_API inline spanlink_attribute
spanlink_attribute_array(const char *key, const spanlink_value *ptr, size_t len) {
    spanlink_attribute attribute;
    attribute.key = spanlink_str_from(key);
    attribute.value.type = SPANLINK_VALUE_ARRAY;
    attribute.value.as.array.ptr = ptr;
    attribute.value.as.array.len = len;
    return attribute;
}

/**
 * An attribute that is a map of keys with values.
 *
 * @param key NUL-terminated; NULL counts as empty.
 * @param ptr The entries; NULL only with a length of 0.
 * @param len How many there are.
 * @return The attribute, which borrows both. Any thread; cannot fail.
 */
SPANLINK_INLINE_API inline spanlink_attribute
spanlink_attribute_map(const char *key, const spanlink_attribute *ptr, size_t len) {
    spanlink_attribute attribute;
    attribute.key = spanlink_str_from(key);
    attribute.value.type = SPANLINK_VALUE_MAP;
    attribute.value.as.map.ptr = ptr;
    attribute.value.as.map.len = len;
    return attribute;
}

#ifdef __cplusplus
}
#endif

#endif
