/* SPDX-License-Identifier: MIT */
/*
 * Hex digits to bytes and back.
 *
 * A parser that branches on every digit mispredicts on random ids (184 ns for a traceparent). So
 * nothing here branches on the text: a decode goes through all of its digits and says afterwards
 * whether all were digits. The portable functions are always here, and tests hold those of each
 * machine against them.
 */
#ifndef SPANLINK_INTERNAL_HEX_H
#define SPANLINK_INTERNAL_HEX_H

#include "vector.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a character is worth: 0 to 15 is a digit; UPPER is added where it is an uppercase one. */
enum { SPANLINK_HEX_UPPER = 0x10, SPANLINK_HEX_NONE = 0x20 };

/* Shorter than its name, so that the table reads as a table. */
#define XX SPANLINK_HEX_NONE
static const uint8_t spanlink_hex_values[256] = {
    XX, XX, XX, XX, XX, XX, XX, XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,
    XX, XX, XX, XX, XX, XX, XX, XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,
    XX, XX, XX, XX, XX, XX, XX, XX,   XX,   XX,   XX,   XX,   0,    1,    2,    3,    4,    5,
    6,  7,  8,  9,  XX, XX, XX, XX,   XX,   XX,   XX,   0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f, XX,
    XX, XX, XX, XX, XX, XX, XX, XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,
    XX, XX, XX, XX, XX, XX, XX, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, XX,   XX,   XX,   XX,   XX,
    XX, XX, XX, XX, XX, XX, XX, XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,
    XX, XX, XX, XX, XX, XX, XX, XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,
    XX, XX, XX, XX, XX, XX, XX, XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,
    XX, XX, XX, XX, XX, XX, XX, XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,
    XX, XX, XX, XX, XX, XX, XX, XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,
    XX, XX, XX, XX, XX, XX, XX, XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,
    XX, XX, XX, XX, XX, XX, XX, XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,
    XX, XX, XX, XX, XX, XX, XX, XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,   XX,
    XX, XX, XX, XX,
};
#undef XX

/* Above 15 where it is not a lowercase digit. */
static inline uint8_t spanlink_hex_value(char character) {
    return spanlink_hex_values[(uint8_t)character];
}

/* True if all 2 * size characters are lowercase digits; else the bytes mean nothing. */
static inline bool spanlink_hex_decode_portable(const char *text, uint8_t *bytes, size_t size) {
    uint8_t any = 0;
    for (size_t i = 0; i < size; i++) {
        uint8_t high = spanlink_hex_value(text[2 * i]);
        uint8_t low = spanlink_hex_value(text[2 * i + 1]);
        bytes[i] = (uint8_t)(high << 4 | low);
        any |= (uint8_t)(high | low);
    }
    return any <= 15;
}

static inline void spanlink_hex_encode_portable(const uint8_t bytes[8], char text[16]) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < 8; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
}

/*
 * For each machine the same three functions:
 *
 * spanlink_hex_decode_trace_id and spanlink_hex_decode_span_id are true if all 32 or 16 characters
 * are lowercase digits; else the id means nothing. spanlink_hex_encode writes lowercase digits.
 */
#if defined(SPANLINK_NO_VECTOR)

static inline bool spanlink_hex_decode_trace_id(const char text[32], uint8_t id[16]) {
    return spanlink_hex_decode_portable(text, id, 16);
}

static inline bool spanlink_hex_decode_span_id(const char text[16], uint8_t id[8]) {
    return spanlink_hex_decode_portable(text, id, 8);
}

static inline void spanlink_hex_encode(const uint8_t bytes[8], char text[16]) {
    spanlink_hex_encode_portable(bytes, text);
}

#elif defined(SPANLINK_SSE2)

/*
 * What 16 characters are worth, above 15 where they are no lowercase digit. '0' to '9' are moved to
 * the top of the byte's range, where saturation sets the other characters apart, and down to 0 to
 * 9; 'a' to 'f' become 10 to 15 and other characters more; the smaller of both counts.
 */
static inline __m128i spanlink_hex_values_sse2(const char text[16]) {
    __m128i input = _mm_loadu_si128((const __m128i *)(const void *)text);
    __m128i number = _mm_add_epi8(input, _mm_set1_epi8((char)(0xff - '9')));
    number = _mm_sub_epi8(_mm_subs_epu8(number, _mm_set1_epi8(6)), _mm_set1_epi8((char)0xf0));
    __m128i letter = _mm_adds_epu8(_mm_sub_epi8(input, _mm_set1_epi8('a')), _mm_set1_epi8(10));
    return _mm_min_epu8(number, letter);
}

/*
 * Joins pairs of values, into the low half of each 16 bits. A high and a low digit are 0x0l0h, a
 * copy that is moved up makes them 0xhl0h: one instruction less than to take them apart.
 */
static inline __m128i spanlink_hex_pairs_sse2(__m128i values) {
    return _mm_srli_epi16(_mm_or_si128(_mm_slli_epi16(values, 12), values), 8);
}

static inline bool spanlink_hex_all_digits_sse2(__m128i values) {
    return _mm_movemask_epi8(_mm_adds_epu8(values, _mm_set1_epi8(0x7f - 15))) == 0;
}

static inline bool spanlink_hex_decode_trace_id(const char text[32], uint8_t id[16]) {
    __m128i first = spanlink_hex_values_sse2(text);
    __m128i second = spanlink_hex_values_sse2(text + 16);
    __m128i bytes =
        _mm_packus_epi16(spanlink_hex_pairs_sse2(first), spanlink_hex_pairs_sse2(second));
    _mm_storeu_si128((__m128i *)(void *)id, bytes);
    return spanlink_hex_all_digits_sse2(_mm_max_epu8(first, second));
}

static inline bool spanlink_hex_decode_span_id(const char text[16], uint8_t id[8]) {
    __m128i values = spanlink_hex_values_sse2(text);
    __m128i pairs = spanlink_hex_pairs_sse2(values);
    _mm_storel_epi64((__m128i *)(void *)id, _mm_packus_epi16(pairs, pairs));
    return spanlink_hex_all_digits_sse2(values);
}

static inline void spanlink_hex_encode(const uint8_t bytes[8], char text[16]) {
    __m128i input = _mm_loadl_epi64((const __m128i *)(const void *)bytes);
    __m128i digit = _mm_unpacklo_epi8(_mm_srli_epi16(input, 4), input);
    digit = _mm_and_si128(digit, _mm_set1_epi8(15));
    __m128i letter = _mm_cmpgt_epi8(digit, _mm_set1_epi8(9));
    __m128i offset = _mm_and_si128(letter, _mm_set1_epi8('a' - 10 - '0'));
    digit = _mm_add_epi8(digit, _mm_add_epi8(offset, _mm_set1_epi8('0')));
    _mm_storeu_si128((__m128i *)(void *)text, digit);
}

#else

/* As for SSE2. */
static inline uint8x16_t spanlink_hex_values_neon(const char text[16]) {
    uint8x16_t input = vld1q_u8((const uint8_t *)text);
    uint8x16_t number = vaddq_u8(input, vdupq_n_u8(0xff - '9'));
    number = vsubq_u8(vqsubq_u8(number, vdupq_n_u8(6)), vdupq_n_u8(0xf0));
    uint8x16_t letter = vqaddq_u8(vsubq_u8(input, vdupq_n_u8('a')), vdupq_n_u8(10));
    return vminq_u8(number, letter);
}

static inline uint8x8_t spanlink_hex_pairs_neon(uint8x16_t values) {
    uint16x8_t pairs = vreinterpretq_u16_u8(values);
    return vshrn_n_u16(vsliq_n_u16(pairs, pairs, 12), 8);
}

static inline bool spanlink_hex_decode_trace_id(const char text[32], uint8_t id[16]) {
    uint8x16_t first = spanlink_hex_values_neon(text);
    uint8x16_t second = spanlink_hex_values_neon(text + 16);
    vst1q_u8(id, vcombine_u8(spanlink_hex_pairs_neon(first), spanlink_hex_pairs_neon(second)));
    return vmaxvq_u8(vmaxq_u8(first, second)) <= 15;
}

static inline bool spanlink_hex_decode_span_id(const char text[16], uint8_t id[8]) {
    uint8x16_t values = spanlink_hex_values_neon(text);
    vst1_u8(id, spanlink_hex_pairs_neon(values));
    return vmaxvq_u8(values) <= 15;
}

static inline void spanlink_hex_encode(const uint8_t bytes[8], char text[16]) {
    static const uint8_t digits[] = "0123456789abcdef";
    uint8x8_t input = vld1_u8(bytes);
    uint8x8x2_t halves = vzip_u8(vshr_n_u8(input, 4), vand_u8(input, vdup_n_u8(15)));
    uint8x16_t values = vcombine_u8(halves.val[0], halves.val[1]);
    vst1q_u8((uint8_t *)text, vqtbl1q_u8(vld1q_u8(digits), values));
}

#endif

#endif
