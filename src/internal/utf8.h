/* SPDX-License-Identifier: MIT */
/* UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef SPANLINK_INTERNAL_UTF8_H
#define SPANLINK_INTERNAL_UTF8_H

#include "internal/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Whether a text of any length and kind is valid. */
bool slnk_utf8_valid_sequences(const char *text, size_t length);

/* Whether eight bytes are ASCII; the order of the bytes in the word does not matter. */
static inline bool slnk_utf8_is_ascii_word(uint64_t word) {
    return (word & UINT64_C(0x8080808080808080)) == 0;
}

static inline uint64_t slnk_utf8_word(const char *text) {
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return word;
}

/* Whether a text is 8 to 16 ASCII characters, like most keys and names: two loads, which may
 * overlap, and no loop. */
static inline bool slnk_utf8_is_short_ascii(const char *text, size_t length) {
    return length >= 8 && length <= 16 &&
           slnk_utf8_is_ascii_word(slnk_utf8_word(text) | slnk_utf8_word(text + length - 8));
}

/* The same of 17 to 32 characters. */
static inline bool slnk_utf8_is_long_ascii(const char *text, size_t length) {
    return length > 16 && length <= 32 &&
           slnk_utf8_is_ascii_word(slnk_utf8_word(text) | slnk_utf8_word(text + 8) |
                                   slnk_utf8_word(text + length - 16) |
                                   slnk_utf8_word(text + length - 8));
}

/* Whether a text is valid UTF-8. The empty text is. */
static inline bool slnk_utf8_valid(const char *text, size_t length) {
    return slnk_utf8_is_short_ascii(text, length) ||
           SLNK_UNLESS_SMALL(slnk_utf8_is_long_ascii(text, length)) ||
           slnk_utf8_valid_sequences(text, length);
}

/* The bytes of the first `max_characters` characters of a text that has more bytes than that. */
size_t slnk_utf8_cut(const uint8_t *bytes, size_t length, size_t max_characters);

/*
 * The bytes of the longest prefix with at most `max_characters` characters. Each byte that is not
 * part of a valid sequence counts as one character; a character is never cut.
 */
static inline size_t slnk_utf8_prefix(const char *text, size_t length, size_t max_characters) {
    return length <= max_characters ? length
                                    : slnk_utf8_cut((const uint8_t *)text, length, max_characters);
}

#endif
