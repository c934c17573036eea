/* SPDX-License-Identifier: MIT */
#include "internal/field.h"

#include "internal/compiler.h"
#include "internal/context_rules.h"
#include "internal/hex.h"

/* The errors of an id, as statuses of the trace id or of the span id. */
typedef struct field_faults {
    spanlink_status length, digit, zero;
} field_faults;

static const field_faults trace_id_faults = {
    SPANLINK_ERR_TRACE_ID_LENGTH, SPANLINK_ERR_TRACE_ID_DIGIT, SPANLINK_ERR_TRACE_ID_ZERO};
static const field_faults span_id_faults = {SPANLINK_ERR_SPAN_ID_LENGTH, SPANLINK_ERR_SPAN_ID_DIGIT,
                                            SPANLINK_ERR_SPAN_ID_ZERO};

slnk_field_parts slnk_field_parts_of(spanlink_str text) {
    return (slnk_field_parts){slnk_text_trim(text), true};
}

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

bool slnk_field_trim_all(spanlink_str values[4]) {
    for (size_t i = 0; i < 4; i++) {
        if (slnk_text_is_broken(values[i])) {
            return false;
        }
        if (values[i].len != 0 && ((uint8_t)values[i].ptr[0] <= ' ' ||
                                   (uint8_t)values[i].ptr[values[i].len - 1] <= ' ')) {
            values[i] = slnk_text_trim(values[i]);
        }
    }
    return true;
}

/* Makes hex digits lowercase: only letters have 0x40 set, and uppercase lacks 0x20. Other
 * characters stay invalid. */
static inline void lower_digits(char *digits, size_t count) {
    for (size_t i = 0; i < count; i++) {
        digits[i] = (char)(digits[i] | (digits[i] & 0x40) >> 1);
    }
}

static inline bool decode_digits(const char *digits, uint8_t *id, size_t size) {
    return size == 16 ? slnk_hex_decode_trace_id(digits, id) : slnk_hex_decode_span_id(digits, id);
}

/* Decodes an id with all its digits in lowercase, as most senders write it. */
static inline bool is_usual_id(spanlink_str digits, uint8_t *id, size_t size) {
    return digits.len == 2 * size && decode_digits(digits.ptr, id, size);
}

/* Decodes a copy with leading zeros, in lowercase. */
static bool decode_aligned(spanlink_str digits, bool upper, uint8_t *id, size_t size) {
    char aligned[32];
    memset(aligned, '0', 2 * size);
    memcpy(aligned + 2 * size - digits.len, digits.ptr, digits.len);
    if (upper) {
        lower_digits(aligned, 2 * size);
    }
    return decode_digits(aligned, id, size);
}

static spanlink_status read_hex_id(spanlink_str digits, size_t least, bool upper, uint8_t *id,
                                   size_t size, const field_faults *faults) {
    if (digits.len < least || digits.len > 2 * size) {
        return faults->length;
    }
    if (!SLNK_UNLESS_SMALL(is_usual_id(digits, id, size)) &&
        !decode_aligned(digits, upper, id, size)) {
        return faults->digit;
    }
    return slnk_bytes_are_zero(id, size) ? faults->zero : SPANLINK_OK;
}

spanlink_status slnk_field_trace_id(spanlink_str digits, const slnk_field_hex *hex,
                                    uint8_t id[16]) {
    return read_hex_id(digits, hex->least_of_trace_id, hex->upper, id, 16, &trace_id_faults);
}

spanlink_status slnk_field_span_id(spanlink_str digits, const slnk_field_hex *hex, uint8_t id[8]) {
    return read_hex_id(digits, hex->least_of_span_id, hex->upper, id, 8, &span_id_faults);
}

spanlink_status slnk_field_ids(spanlink_str trace_digits, spanlink_str span_digits,
                               const slnk_field_hex *hex, bool sampled, spanlink_context *context) {
    uint8_t trace_id[16], span_id[8] = {0};
    spanlink_status status = slnk_field_trace_id(trace_digits, hex, trace_id);
    if (status == SPANLINK_OK) {
        status = slnk_field_span_id(span_digits, hex, span_id);
    }
    if (status == SPANLINK_OK) {
        memcpy(context->trace_id, trace_id, sizeof trace_id);
        slnk_field_accept(slnk_bytes_load64_big(span_id), sampled, context);
    }
    return status;
}

/* The number of decimal digits; it has no meaning after an overflow. */
typedef struct decimal_reading {
    uint64_t number;
    bool is_decimal, overflows;
} decimal_reading;

/* Appends digits to a number: `next` below `scale`, a power of ten. */
static inline void append_digits(decimal_reading *read, uint64_t next, uint64_t scale) {
    const uint64_t most = UINT64_MAX / scale, last = UINT64_MAX % scale;
    read->overflows |= read->number > most || (read->number == most && next > last);
    read->number = read->number * scale + next;
}

static decimal_reading read_digits(spanlink_str digits) {
    decimal_reading read = {0, true, false};
    for (size_t i = 0; i < digits.len; i++) {
        uint8_t digit = (uint8_t)(digits.ptr[i] - '0');
        read.is_decimal &= digit <= 9;
        append_digits(&read, digit, 10);
    }
    return read;
}

enum { EIGHT_DIGITS = 100000000 };

/*
 * The number of 8 decimal digits; more than 10^8 if one is not a digit. The first digit is in the
 * lowest byte: neighbours are joined to pairs, pairs to fours, these to all eight.
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

/* The first 1 to 7 of at least 8 digits, after leading zeros. */
static uint64_t load_first_digits(const char *digits, size_t count) {
    uint64_t first = slnk_bytes_load64((const uint8_t *)digits) << (64 - 8 * count);
    return first | UINT64_C(0x3030303030303030) >> 8 * count;
}

/* The same for 8 digits or more: eight at a time, after the first 1 to 7. */
static decimal_reading read_eights(spanlink_str digits) {
    size_t at = digits.len % 8;
    decimal_reading read = {0, true, false};
    uint64_t next = at != 0 ? join_digits(load_first_digits(digits.ptr, at)) : 0;
    read.number = next;
    for (; at < digits.len && next < EIGHT_DIGITS; at += 8) {
        next = join_digits(slnk_bytes_load64((const uint8_t *)digits.ptr + at));
        append_digits(&read, next, EIGHT_DIGITS);
    }
    read.is_decimal = next < EIGHT_DIGITS;
    return read;
}

static spanlink_status read_decimal_id(spanlink_str digits, uint64_t *id,
                                       const field_faults *faults) {
    decimal_reading read =
        SLNK_UNLESS_SMALL(digits.len >= 8) ? read_eights(digits) : read_digits(digits);
    if (!read.is_decimal) {
        return faults->digit;
    }
    *id = read.number;
    return read.overflows || digits.len == 0 ? faults->length
           : read.number == 0                ? faults->zero
                                             : SPANLINK_OK;
}

spanlink_status slnk_field_trace_id_decimal(spanlink_str digits, uint64_t *id) {
    return read_decimal_id(digits, id, &trace_id_faults);
}

spanlink_status slnk_field_span_id_decimal(spanlink_str digits, uint64_t *id) {
    return read_decimal_id(digits, id, &span_id_faults);
}

/* The reverse: eight digits of a number below 10^8. Multiplying by 10486 and 103 divides by 100 and
 * 10, for numbers below 10^4 and 10^2. (Not inlined: gcc -O3 joins the bytes of three calls one by
 * one.) */
SLNK_APART static void put_eight_digits(uint64_t number, char *text) {
    uint64_t parts = number / 10000 | number % 10000 << 32;
    uint64_t hundreds = (parts * 10486 >> 20) & UINT64_C(0x0000007f0000007f);
    parts = hundreds | (parts - hundreds * 100) << 16;
    uint64_t tens = (parts * 103 >> 10) & UINT64_C(0x000f000f000f000f);
    parts = tens | (parts - tens * 10) << 8;
    slnk_bytes_store64((uint8_t *)text, parts | UINT64_C(0x3030303030303030));
}

/* Writes all 24 digits of a number. */
static void put_digits(uint64_t number, char digits[24]) {
    if (SLNK_UNLESS_SMALL(number >= EIGHT_DIGITS)) {
        put_eight_digits(number / EIGHT_DIGITS / EIGHT_DIGITS, digits);
        put_eight_digits(number / EIGHT_DIGITS % EIGHT_DIGITS, digits + 8);
        put_eight_digits(number % EIGHT_DIGITS, digits + 16);
        return;
    }
    for (size_t i = 24; i > 0; i--) {
        digits[i - 1] = (char)('0' + number % 10);
        number /= 10;
    }
}

size_t slnk_field_decimal(const uint8_t id[8], char *text) {
    char digits[24 + SLNK_FIELD_DECIMAL_SIZE] = "";
    size_t first = 4;
    put_digits(slnk_bytes_load64_big(id), digits);
    while (digits[first] == '0') {
        first++;
    }
    memcpy(text, digits + first, SLNK_FIELD_DECIMAL_SIZE);
    return 24 - first;
}

spanlink_status slnk_field_check(const spanlink_context *context, const void *out) {
    if (context == NULL || out == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (!slnk_context_has_trace_id(context)) {
        return SPANLINK_ERR_TRACE_ID_ZERO;
    }
    return slnk_context_has_span_id(context) ? SPANLINK_OK : SPANLINK_ERR_SPAN_ID_ZERO;
}

void slnk_field_put_ids(const spanlink_context *context, char separator, char *text) {
    slnk_hex_encode(context->trace_id, text);
    slnk_hex_encode(context->trace_id + 8, text + 16);
    text[32] = separator;
    slnk_hex_encode(context->span_id, text + 33);
}
