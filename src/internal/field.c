/* SPDX-License-Identifier: MIT */
#include "internal/field.h"

#include "internal/compiler.h"
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

/* Makes hex digits lowercase: 0x40 is set in letters alone, and 0x20 is what uppercase lacks. What
 * is no digit becomes none. */
static inline void lower_digits(char *digits, size_t count) {
    for (size_t i = 0; i < count; i++) {
        digits[i] = (char)(digits[i] | (digits[i] & 0x40) >> 1);
    }
}

static inline bool decode_digits(const char *digits, uint8_t *id, size_t size) {
    return size == 16 ? slnk_hex_decode_trace_id(digits, id) : slnk_hex_decode_span_id(digits, id);
}

/* `size` is 16 or 8, known to the compiler. Most ids have all of their digits, and are copied
 * without a call. */
static SLNK_MERGED spanlink_status read_hex_id(spanlink_str digits, uint8_t *id, size_t size,
                                               const field_faults *faults) {
    char aligned[32];
    if (digits.len == 2 * size) {
        memcpy(aligned, digits.ptr, 2 * size);
    } else if (digits.len != 0 && digits.len < 2 * size) {
        memset(aligned, '0', 2 * size);
        memcpy(aligned + 2 * size - digits.len, digits.ptr, digits.len);
    } else {
        return faults->length;
    }
    lower_digits(aligned, 2 * size);
    if (!decode_digits(aligned, id, size)) {
        return faults->digit;
    }
    return slnk_bytes_are_zero(id, size) ? faults->zero : SPANLINK_OK;
}

spanlink_status slnk_field_trace_id(spanlink_str digits, uint8_t id[16]) {
    return read_hex_id(digits, id, 16, &trace_id_faults);
}

spanlink_status slnk_field_span_id(spanlink_str digits, uint8_t id[8]) {
    return read_hex_id(digits, id, 8, &span_id_faults);
}

enum { EIGHT_DIGITS = 100000000 };

/*
 * The number that 8 decimal digits are; more than 10^8 if one is no digit. The first digit is in
 * the lowest byte: neighbours are joined to pairs, pairs to fours, these to all eight.
 */
static uint64_t join_digits(uint64_t digits) {
    uint64_t high = digits & UINT64_C(0xf0f0f0f0f0f0f0f0);
    uint64_t above = (digits + UINT64_C(0x0606060606060606)) & UINT64_C(0xf0f0f0f0f0f0f0f0);
    if ((high | above >> 4) != UINT64_C(0x3333333333333333)) {
        return UINT64_MAX;
    }
    digits &= UINT64_C(0x0f0f0f0f0f0f0f0f);
    digits = (digits * 10 + (digits >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    digits = (digits * 100 + (digits >> 16)) & UINT64_C(0x0000ffff0000ffff);
    return (digits * 10000 + (digits >> 32)) & UINT32_MAX;
}

/* The first digits, 1 to 7, behind zeros. Where more follow, they are shifted out of one load: a
 * word that was stored in pieces is slow to load. */
static uint64_t load_first_digits(spanlink_str digits, size_t count) {
    uint8_t padded[8];
    const uint64_t zeros = UINT64_C(0x3030303030303030);
    if (digits.len >= 8) {
        uint64_t first = slnk_bytes_load64((const uint8_t *)digits.ptr);
        return first << (64 - 8 * count) | zeros >> 8 * count;
    }
    memset(padded, '0', sizeof padded);
    memcpy(padded + 8 - count, digits.ptr, count);
    return slnk_bytes_load64(padded);
}

/* Eight digits at a time, so that what is left over comes first. */
static spanlink_status read_decimal_id(spanlink_str digits, uint8_t id[8],
                                       const field_faults *faults) {
    size_t at = digits.len % 8;
    uint64_t number = at != 0 ? join_digits(load_first_digits(digits, at)) : 0;
    bool is_decimal = number < EIGHT_DIGITS, overflows = digits.len == 0;
    for (; at < digits.len; at += 8) {
        uint64_t next = join_digits(slnk_bytes_load64((const uint8_t *)digits.ptr + at));
        is_decimal &= next < EIGHT_DIGITS;
        overflows |= number > (UINT64_MAX - next) / EIGHT_DIGITS;
        number = number * EIGHT_DIGITS + next;
    }
    slnk_bytes_store64_big(id, number);
    if (!is_decimal) {
        return faults->digit;
    }
    return overflows ? faults->length : number == 0 ? faults->zero : SPANLINK_OK;
}

spanlink_status slnk_field_trace_id_decimal(spanlink_str digits, uint8_t id[8]) {
    return read_decimal_id(digits, id, &trace_id_faults);
}

spanlink_status slnk_field_span_id_decimal(spanlink_str digits, uint8_t id[8]) {
    return read_decimal_id(digits, id, &span_id_faults);
}

/* The way back: eight digits of a number below 10^8. Multiplying by 10486 and 103 is dividing by
 * 100 and 10, for numbers below 10^4 and 10^2. (Apart: gcc -O3 would join the bytes of three calls
 * one by one.) */
SLNK_APART static void put_eight_digits(uint64_t number, char *text) {
    uint64_t parts = number / 10000 | number % 10000 << 32;
    uint64_t hundreds = (parts * 10486 >> 20) & UINT64_C(0x0000007f0000007f);
    parts = hundreds | (parts - hundreds * 100) << 16;
    uint64_t tens = (parts * 103 >> 10) & UINT64_C(0x000f000f000f000f);
    parts = tens | (parts - tens * 10) << 8;
    slnk_bytes_store64((uint8_t *)text, parts | UINT64_C(0x3030303030303030));
}

size_t slnk_field_decimal(const uint8_t id[8], char *text) {
    char digits[24 + SLNK_FIELD_DECIMAL_SIZE] = "";
    uint64_t number = slnk_bytes_load64_big(id);
    size_t first = 4;
    put_eight_digits(number / EIGHT_DIGITS / EIGHT_DIGITS, digits);
    put_eight_digits(number / EIGHT_DIGITS % EIGHT_DIGITS, digits + 8);
    put_eight_digits(number % EIGHT_DIGITS, digits + 16);
    while (digits[first] == '0') {
        first++;
    }
    memcpy(text, digits + first, SLNK_FIELD_DECIMAL_SIZE);
    return 24 - first;
}
