/* SPDX-License-Identifier: MIT */
#include "internal/field.h"

#include "internal/hex.h"

/* What can be wrong with an id, as statuses of the trace id or of the span id. */
typedef struct field_faults {
    spanlink_status length, digit, zero;
} field_faults;

static const field_faults trace_id_faults = {
    SPANLINK_ERR_TRACE_ID_LENGTH, SPANLINK_ERR_TRACE_ID_DIGIT, SPANLINK_ERR_TRACE_ID_ZERO};
static const field_faults span_id_faults = {SPANLINK_ERR_SPAN_ID_LENGTH, SPANLINK_ERR_SPAN_ID_DIGIT,
                                            SPANLINK_ERR_SPAN_ID_ZERO};

bool slnk_field_next(slnk_field_parts *parts, char separator, spanlink_str *part) {
    if (!parts->more) {
        return false;
    }
    spanlink_str rest = parts->rest;
    const char *end = rest.len != 0 ? memchr(rest.ptr, separator, rest.len) : NULL;
    parts->more = end != NULL;
    if (end != NULL) {
        size_t length = (size_t)(end - rest.ptr);
        parts->rest = (spanlink_str){end + 1, rest.len - length - 1};
        rest.len = length;
    }
    *part = slnk_text_trim(rest);
    return true;
}

bool slnk_field_pair(spanlink_str part, spanlink_str *key, spanlink_str *value) {
    slnk_field_parts sides = slnk_field_parts_of(part);
    slnk_field_next(&sides, '=', key);
    *value = slnk_text_trim(sides.rest);
    return sides.more;
}

/*
 * Digits of either case, in lowercase behind zeros: 0x40 is set in letters alone, and 0x20 is what
 * makes them lowercase. Other characters become no digits.
 */
static void align_digits(spanlink_str digits, char aligned[32]) {
    memset(aligned, '0', 32);
    memcpy(aligned + 32 - digits.len, digits.ptr, digits.len);
    for (size_t i = 0; i < 32; i++) {
        aligned[i] = (char)(aligned[i] | (aligned[i] & 0x40) >> 1);
    }
}

static spanlink_status read_hex_id(spanlink_str digits, uint8_t *id, size_t size,
                                   const field_faults *faults) {
    char aligned[32];
    uint8_t bytes[16];
    if (digits.len == 0 || digits.len > 2 * size) {
        return faults->length;
    }
    align_digits(digits, aligned);
    if (!slnk_hex_decode_trace_id(aligned, bytes)) {
        return faults->digit;
    }
    if (slnk_bytes_are_zero(bytes, 16)) {
        return faults->zero;
    }
    memcpy(id, bytes + 16 - size, size);
    return SPANLINK_OK;
}

spanlink_status slnk_field_trace_id(spanlink_str digits, uint8_t id[16]) {
    return read_hex_id(digits, id, 16, &trace_id_faults);
}

spanlink_status slnk_field_span_id(spanlink_str digits, uint8_t id[8]) {
    return read_hex_id(digits, id, 8, &span_id_faults);
}

static bool all_decimal(spanlink_str digits) {
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9') {
            return false;
        }
    }
    return true;
}

static void store_big_endian(uint64_t number, uint8_t id[8]) {
    for (size_t i = 0; i < 8; i++) {
        id[i] = (uint8_t)(number >> (56 - 8 * i));
    }
}

static spanlink_status read_decimal_id(spanlink_str digits, uint8_t id[8],
                                       const field_faults *faults) {
    uint64_t number = 0;
    if (!all_decimal(digits)) {
        return faults->digit;
    }
    if (digits.len == 0) {
        return faults->length;
    }
    for (size_t i = 0; i < digits.len; i++) {
        uint64_t digit = (uint64_t)(digits.ptr[i] - '0');
        if (number > (UINT64_MAX - digit) / 10) {
            return faults->length;
        }
        number = number * 10 + digit;
    }
    if (number == 0) {
        return faults->zero;
    }
    store_big_endian(number, id);
    return SPANLINK_OK;
}

spanlink_status slnk_field_trace_id_decimal(spanlink_str digits, uint8_t id[8]) {
    return read_decimal_id(digits, id, &trace_id_faults);
}

spanlink_status slnk_field_span_id_decimal(spanlink_str digits, uint8_t id[8]) {
    return read_decimal_id(digits, id, &span_id_faults);
}

size_t slnk_field_decimal(const uint8_t id[8], char *text) {
    char digits[20];
    size_t first = sizeof digits;
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++) {
        number = number << 8 | id[i];
    }
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    memcpy(text, digits + first, sizeof digits - first);
    return sizeof digits - first;
}
