/* SPDX-License-Identifier: MIT */
/*
 * Hex digits to bytes and back, eight bytes a step: a span id, or half of a trace id.
 *
 * A parser that branches on every digit mispredicts on random ids (184 ns for a traceparent). So
 * nothing here branches on the text: a decode goes through all of its digits and says afterwards
 * which of them were none. SSE2 is in every x86-64 and NEON in every aarch64, so neither needs a
 * test at run time; the portable functions serve everything else, and tests hold each path against
 * them. SPANLINK_PORTABLE chooses them everywhere.
 */
#ifndef SPANLINK_INTERNAL_HEX_H
#define SPANLINK_INTERNAL_HEX_H

#include <stdint.h>

#if defined(SPANLINK_PORTABLE)
#define SPANLINK_HEX_PORTABLE
#elif defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#else
#define SPANLINK_HEX_PORTABLE
#endif

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

static inline uint32_t spanlink_hex_decode_portable(const char text[16], uint8_t bytes[8]) {
    uint32_t faults = 0;
    for (uint32_t i = 0; i < 8; i++) {
        uint32_t high = spanlink_hex_value(text[2 * i]);
        uint32_t low = spanlink_hex_value(text[2 * i + 1]);
        bytes[i] = (uint8_t)(high << 4 | (low & 15));
        faults |= (uint32_t)(high > 15) << (2 * i) | (uint32_t)(low > 15) << (2 * i + 1);
    }
    return faults;
}

static inline void spanlink_hex_encode_portable(const uint8_t bytes[8], char text[16]) {
    static const char digits[] = "0123456789abcdef";
    for (uint32_t i = 0; i < 8; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
}

/*
 * Decodes 16 lowercase digits into 8 bytes. Bit i of the result says that text[i] is not a
 * lowercase digit; the bytes then mean nothing.
 *
 * In vectors: '0' to '9' are moved to the top of the byte's range, where saturation keeps the other
 * characters out, and then down to 0 to 9; 'a' to 'f' become 10 to 15, other characters more. The
 * smaller of both is the digit, or above 15.
 */
static inline uint32_t spanlink_hex_decode(const char text[16], uint8_t bytes[8]) {
#if defined(SPANLINK_HEX_PORTABLE)
    return spanlink_hex_decode_portable(text, bytes);
#elif defined(__SSE2__)
    __m128i input = _mm_loadu_si128((const __m128i *)(const void *)text);
    __m128i number = _mm_add_epi8(input, _mm_set1_epi8((char)(0xff - '9')));
    number = _mm_sub_epi8(_mm_subs_epu8(number, _mm_set1_epi8(6)), _mm_set1_epi8((char)0xf0));
    __m128i letter = _mm_adds_epu8(_mm_sub_epi8(input, _mm_set1_epi8('a')), _mm_set1_epi8(10));
    __m128i digit = _mm_min_epu8(number, letter);
    __m128i pair = _mm_or_si128(_mm_slli_epi16(digit, 4), _mm_srli_epi16(digit, 8));
    pair = _mm_and_si128(pair, _mm_set1_epi16(0xff));
    _mm_storel_epi64((__m128i *)(void *)bytes, _mm_packus_epi16(pair, pair));
    return (uint32_t)_mm_movemask_epi8(_mm_adds_epu8(digit, _mm_set1_epi8(0x7f - 15)));
#else
    static const uint8_t bits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t input = vld1q_u8((const uint8_t *)text);
    uint8x16_t number = vaddq_u8(input, vdupq_n_u8(0xff - '9'));
    number = vsubq_u8(vqsubq_u8(number, vdupq_n_u8(6)), vdupq_n_u8(0xf0));
    uint8x16_t letter = vqaddq_u8(vsubq_u8(input, vdupq_n_u8('a')), vdupq_n_u8(10));
    uint8x16_t digit = vminq_u8(number, letter);
    uint16x8_t pair = vreinterpretq_u16_u8(digit);
    vst1_u8(bytes, vmovn_u16(vorrq_u16(vshlq_n_u16(pair, 4), vshrq_n_u16(pair, 8))));
    uint8x16_t fault = vandq_u8(vcgtq_u8(digit, vdupq_n_u8(15)), vld1q_u8(bits));
    return (uint32_t)vaddv_u8(vget_low_u8(fault)) | (uint32_t)vaddv_u8(vget_high_u8(fault)) << 8;
#endif
}

/* Writes 8 bytes as 16 lowercase digits. */
static inline void spanlink_hex_encode(const uint8_t bytes[8], char text[16]) {
#if defined(SPANLINK_HEX_PORTABLE)
    spanlink_hex_encode_portable(bytes, text);
#elif defined(__SSE2__)
    __m128i input = _mm_loadl_epi64((const __m128i *)(const void *)bytes);
    __m128i digit = _mm_unpacklo_epi8(_mm_srli_epi16(input, 4), input);
    digit = _mm_and_si128(digit, _mm_set1_epi8(15));
    __m128i letter =
        _mm_and_si128(_mm_cmpgt_epi8(digit, _mm_set1_epi8(9)), _mm_set1_epi8('a' - 10 - '0'));
    digit = _mm_add_epi8(digit, _mm_add_epi8(letter, _mm_set1_epi8('0')));
    _mm_storeu_si128((__m128i *)(void *)text, digit);
#else
    static const uint8_t digits[] = "0123456789abcdef";
    uint8x8_t input = vld1_u8(bytes);
    uint8x8x2_t halves = vzip_u8(vshr_n_u8(input, 4), vand_u8(input, vdup_n_u8(15)));
    uint8x16_t digit = vcombine_u8(halves.val[0], halves.val[1]);
    vst1q_u8((uint8_t *)text, vqtbl1q_u8(vld1q_u8(digits), digit));
#endif
}

#endif
