/* SPDX-License-Identifier: MIT */
/* Names of headers, compared without regard to the case of ASCII letters (RFC 9110, section 5.1).
 */
#ifndef SPANLINK_INTERNAL_HEADER_NAME_H
#define SPANLINK_INTERNAL_HEADER_NAME_H

#include <spanlink/base.h>

/*
 * 0x20 in each byte that is a lowercase letter. 0x80 marks, for a byte's low seven bits, whether
 * they are at least `a`, and whether they are above `z`; bytes of 0x80 and above are not letters.
 */
static inline uint64_t slnk_header_name_letters8(uint64_t word) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t low = word & 0x7f * ones;
    uint64_t from_a = low + (0x80 - 'a') * ones, beyond_z = low + (0x7f - 'z') * ones;
    return ((from_a ^ beyond_z) & ~word & 0x80 * ones) >> 2;
}

/* Eight characters at once: they may differ in 0x20, the case of letters. */
static inline bool slnk_header_name_same8(const char *a, const char *b) {
    uint64_t first, second;
    memcpy(&first, a, sizeof first);
    memcpy(&second, b, sizeof second);
    uint64_t small = first | 0x20 * UINT64_C(0x0101010101010101);
    return ((first ^ second) & ~slnk_header_name_letters8(small)) == 0;
}

static inline char slnk_header_name_lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Two names of equal length: by words, the last of which overlaps the previous one; short names by
 * characters. */
static inline bool slnk_header_name_same_text(const char *a, const char *b, size_t length) {
    size_t at = 0;
    if (length < 8) {
        while (at < length && slnk_header_name_lower(a[at]) == slnk_header_name_lower(b[at])) {
            at++;
        }
        return at == length;
    }
    while (at + 8 < length && slnk_header_name_same8(a + at, b + at)) {
        at += 8;
    }
    return at + 8 >= length && slnk_header_name_same8(a + length - 8, b + length - 8);
}

static inline bool slnk_header_name_same(spanlink_str a, spanlink_str b) {
    return a.len == b.len && slnk_header_name_same_text(a.ptr, b.ptr, a.len);
}

#endif
