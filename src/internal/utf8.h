/* SPDX-License-Identifier: MIT */
/* UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef SPANLINK_INTERNAL_UTF8_H
#define SPANLINK_INTERNAL_UTF8_H

#include "bytes.h"

#include <stdbool.h>
#include <stddef.h>

/* What the inline functions below leave to do: text that holds more than ASCII. */
bool spanlink_utf8_valid_sequences(const uint8_t *bytes, size_t length);

/* Whether a byte of the text has its high bit set. Texts are short: eight bytes a step, and the
 * last step overlaps the one before it, so that most keys cost two loads and no loop. */
static inline bool spanlink_utf8_has_high_bit(const uint8_t *bytes, size_t length) {
    uint64_t bits = 0;
    if (length >= 8) {
        for (size_t i = 0; i < length - 8; i += 8) {
            bits |= spanlink_bytes_load64(bytes + i);
        }
        bits |= spanlink_bytes_load64(bytes + length - 8);
    } else {
        for (size_t i = 0; i < length; i++) {
            bits |= bytes[i];
        }
    }
    return (bits & UINT64_C(0x8080808080808080)) != 0;
}

/* Whether a text is valid UTF-8. The empty text is. */
static inline bool spanlink_utf8_valid(const char *text, size_t length) {
    const uint8_t *bytes = (const uint8_t *)text;
    return !spanlink_utf8_has_high_bit(bytes, length) ||
           spanlink_utf8_valid_sequences(bytes, length);
}

/* The bytes of the first `max_characters` characters of a text that has more bytes than that. */
size_t spanlink_utf8_cut(const uint8_t *bytes, size_t length, size_t max_characters);

/*
 * The bytes of the longest prefix with at most `max_characters` characters. Each byte that is no
 * part of a valid sequence counts as one character; a character is never cut.
 */
static inline size_t spanlink_utf8_prefix(const char *text, size_t length, size_t max_characters) {
    return length <= max_characters
               ? length
               : spanlink_utf8_cut((const uint8_t *)text, length, max_characters);
}

#endif
