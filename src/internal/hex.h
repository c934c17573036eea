/* SPDX-License-Identifier: MIT */
/*
 * Hex digits to bytes and back.
 *
 * A parser that branches on every digit mispredicts on random ids (184 ns per traceparent). So
 * nothing here branches on the text: a decoder processes all digits and then reports whether all
 * were valid. The portable functions are always compiled, and tests compare those of each machine
 * with them.
 */
#ifndef SPANLINK_INTERNAL_HEX_H
#define SPANLINK_INTERNAL_HEX_H

#include "internal/vector.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value of a character: 0 to 15 is a digit; UPPER is added for an uppercase digit. */
enum { SLNK_HEX_UPPER = 0x10, SLNK_HEX_NONE = 0x20 };

/* Shorter than its name, so that the table reads as a table. */
#define XX SLNK_HEX_NONE
static const uint8_t slnk_hex_values[256] = {
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

/* The digits for writing. */
static const char slnk_hex_digits[17] = "0123456789abcdef";

/*
 * What tests/proof.sh proves of the portable code is in ACSL comments, with these predicates. The
 * code joins and splits digits by arithmetic, not by shifts, because the provers follow that;
 * compilers generate the same code.
 */
/*@ predicate is_hex(integer c) = '0' <= c <= '9' || 'a' <= c <= 'f';
    logic integer hex(integer c) = c <= '9' ? c - '0' : c - 'a' + 10;
    predicate all_hex(char *text, integer count) =
        \forall integer i; 0 <= i < count ==> is_hex(text[i]);
    logic integer hex_byte(char *text, integer i) = 16 * hex(text[2 * i]) + hex(text[2 * i + 1]);
    predicate hex_bytes(char *text, uint8_t *bytes, integer size) =
        \forall integer i; 0 <= i < size ==> bytes[i] == hex_byte(text, i);
*/

/* Above 15 if it is not a lowercase digit. */
/*@ assigns \nothing;
    ensures is_hex(character) ==> \result == hex(character);
    ensures !is_hex(character) ==> \result > 15;
*/
static inline uint8_t slnk_hex_value(char character) {
    return slnk_hex_values[(character + 256) % 256]; /* (uint8_t)character */
}

/* Above 15 if one of the values is. Compilers use a single instruction. */
/*@ assigns \nothing;
    ensures \result <= 15 <==> a <= 15 && b <= 15;
*/
static inline uint8_t slnk_hex_worse(uint8_t a, uint8_t b) {
    return a > b ? a : b;
}

/* True if all 2 * size characters are lowercase digits; otherwise the bytes have no meaning. */
/*@ requires 0 < size <= 16;
    requires \valid_read(text + (0 .. 2 * size - 1)) && \valid(bytes + (0 .. size - 1));
    requires \separated(text + (0 .. 2 * size - 1), bytes + (0 .. size - 1));
    assigns bytes[0 .. size - 1];
    ensures \result <==> all_hex(text, 2 * size);
    ensures \result ==> hex_bytes(text, bytes, size);
*/
static inline bool slnk_hex_decode_portable(const char *text, uint8_t *bytes, size_t size) {
    uint8_t worst = 0;
    /*@ loop invariant 0 <= i <= size;
        loop invariant worst <= 15 <==> all_hex(text, 2 * i);
        loop invariant worst <= 15 ==> hex_bytes(text, bytes, i);
        loop assigns i, worst, bytes[0 .. size - 1];
        loop variant size - i;
    */
    for (size_t i = 0; i < size; i++) {
        /*@ assert all_hex(text, 2 * i + 2) <==>
                   all_hex(text, 2 * i) && is_hex(text[2 * i]) && is_hex(text[2 * i + 1]); */
        uint8_t high = slnk_hex_value(text[2 * i]);
        uint8_t low = slnk_hex_value(text[2 * i + 1]);
        bytes[i] = (uint8_t)(16 * high + low);
        worst = slnk_hex_worse(worst, slnk_hex_worse(high, low));
    }
    return worst <= 15;
}

/*@ requires \valid_read(bytes + (0 .. 7)) && \valid(text + (0 .. 15));
    requires \separated(bytes + (0 .. 7), text + (0 .. 15));
    assigns text[0 .. 15];
    ensures all_hex(text, 16) && hex_bytes(text, bytes, 8);
*/
static inline void slnk_hex_encode_portable(const uint8_t bytes[8], char text[16]) {
    /*@ assert \forall integer i; 0 <= i < 16 ==>
                   is_hex(slnk_hex_digits[i]) && hex(slnk_hex_digits[i]) == i; */
    /*@ loop invariant 0 <= i <= 8;
        loop invariant all_hex(text, 2 * i) && hex_bytes(text, bytes, i);
        loop assigns i, text[0 .. 15];
        loop variant 8 - i;
    */
    for (size_t i = 0; i < 8; i++) {
        text[2 * i] = slnk_hex_digits[bytes[i] / 16];
        text[2 * i + 1] = slnk_hex_digits[bytes[i] % 16];
    }
}

/*
 * The same three functions for each machine:
 *
 * slnk_hex_decode_trace_id and slnk_hex_decode_span_id are true if all 32 or 16 characters are
 * lowercase digits; otherwise the id has no meaning. slnk_hex_encode writes lowercase digits.
 */
#if defined(SPANLINK_NO_VECTOR)

/*@ requires \valid_read(text + (0 .. 31)) && \valid(id + (0 .. 15));
    requires \separated(text + (0 .. 31), id + (0 .. 15));
    assigns id[0 .. 15];
    ensures \result <==> all_hex(text, 32);
    ensures \result ==> hex_bytes(text, id, 16);
*/
static inline bool slnk_hex_decode_trace_id(const char text[32], uint8_t id[16]) {
    return slnk_hex_decode_portable(text, id, 16);
}

/*@ requires \valid_read(text + (0 .. 15)) && \valid(id + (0 .. 7));
    requires \separated(text + (0 .. 15), id + (0 .. 7));
    assigns id[0 .. 7];
    ensures \result <==> all_hex(text, 16);
    ensures \result ==> hex_bytes(text, id, 8);
*/
static inline bool slnk_hex_decode_span_id(const char text[16], uint8_t id[8]) {
    return slnk_hex_decode_portable(text, id, 8);
}

/*@ requires \valid_read(bytes + (0 .. 7)) && \valid(text + (0 .. 15));
    requires \separated(bytes + (0 .. 7), text + (0 .. 15));
    assigns text[0 .. 15];
    ensures all_hex(text, 16) && hex_bytes(text, bytes, 8);
*/
static inline void slnk_hex_encode(const uint8_t bytes[8], char text[16]) {
    slnk_hex_encode_portable(bytes, text);
}

#elif defined(SLNK_SSE2)

/*
 * The values of 16 characters; above 15 if a character is not a lowercase digit. '0' to '9' are
 * moved to the top of the byte's range, where saturation separates them from other characters, and
 * then down to 0 to 9. 'a' to 'f' become 10 to 15, and other characters more. The result is the
 * smaller of both values.
 */
static inline __m128i slnk_hex_values_sse2(const char text[16]) {
    __m128i input = _mm_loadu_si128((const __m128i *)(const void *)text);
    __m128i number = _mm_add_epi8(input, _mm_set1_epi8((char)(0xff - '9')));
    number = _mm_sub_epi8(_mm_subs_epu8(number, _mm_set1_epi8(6)), _mm_set1_epi8((char)0xf0));
    __m128i letter = _mm_adds_epu8(_mm_sub_epi8(input, _mm_set1_epi8('a')), _mm_set1_epi8(10));
    return _mm_min_epu8(number, letter);
}

/*
 * Joins each pair of values in the low half of 16 bits. A high and a low digit are 0x0l0h; combined
 * with a shifted copy they are 0xhl0h. This takes one instruction less than separating them.
 */
static inline __m128i slnk_hex_pairs_sse2(__m128i values) {
    return _mm_srli_epi16(_mm_or_si128(_mm_slli_epi16(values, 12), values), 8);
}

static inline bool slnk_hex_all_digits_sse2(__m128i values) {
    return _mm_movemask_epi8(_mm_adds_epu8(values, _mm_set1_epi8(0x7f - 15))) == 0;
}

static inline bool slnk_hex_decode_trace_id(const char text[32], uint8_t id[16]) {
    __m128i first = slnk_hex_values_sse2(text);
    __m128i second = slnk_hex_values_sse2(text + 16);
    __m128i bytes = _mm_packus_epi16(slnk_hex_pairs_sse2(first), slnk_hex_pairs_sse2(second));
    _mm_storeu_si128((__m128i *)(void *)id, bytes);
    return slnk_hex_all_digits_sse2(_mm_max_epu8(first, second));
}

static inline bool slnk_hex_decode_span_id(const char text[16], uint8_t id[8]) {
    __m128i values = slnk_hex_values_sse2(text);
    __m128i pairs = slnk_hex_pairs_sse2(values);
    _mm_storel_epi64((__m128i *)(void *)id, _mm_packus_epi16(pairs, pairs));
    return slnk_hex_all_digits_sse2(values);
}

static inline void slnk_hex_encode(const uint8_t bytes[8], char text[16]) {
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
static inline uint8x16_t slnk_hex_values_neon(const char text[16]) {
    uint8x16_t input = vld1q_u8((const uint8_t *)text);
    uint8x16_t number = vaddq_u8(input, vdupq_n_u8(0xff - '9'));
    number = vsubq_u8(vqsubq_u8(number, vdupq_n_u8(6)), vdupq_n_u8(0xf0));
    uint8x16_t letter = vqaddq_u8(vsubq_u8(input, vdupq_n_u8('a')), vdupq_n_u8(10));
    return vminq_u8(number, letter);
}

static inline uint8x8_t slnk_hex_pairs_neon(uint8x16_t values) {
    uint16x8_t pairs = vreinterpretq_u16_u8(values);
    return vshrn_n_u16(vsliq_n_u16(pairs, pairs, 12), 8);
}

static inline bool slnk_hex_decode_trace_id(const char text[32], uint8_t id[16]) {
    uint8x16_t first = slnk_hex_values_neon(text);
    uint8x16_t second = slnk_hex_values_neon(text + 16);
    vst1q_u8(id, vcombine_u8(slnk_hex_pairs_neon(first), slnk_hex_pairs_neon(second)));
    return vmaxvq_u8(vmaxq_u8(first, second)) <= 15;
}

static inline bool slnk_hex_decode_span_id(const char text[16], uint8_t id[8]) {
    uint8x16_t values = slnk_hex_values_neon(text);
    vst1_u8(id, slnk_hex_pairs_neon(values));
    return vmaxvq_u8(values) <= 15;
}

static inline void slnk_hex_encode(const uint8_t bytes[8], char text[16]) {
    uint8x8_t input = vld1_u8(bytes);
    uint8x8x2_t halves = vzip_u8(vshr_n_u8(input, 4), vand_u8(input, vdup_n_u8(15)));
    uint8x16_t values = vcombine_u8(halves.val[0], halves.val[1]);
    vst1q_u8((uint8_t *)text, vqtbl1q_u8(vld1q_u8((const uint8_t *)slnk_hex_digits), values));
}

#endif

#endif
