/* SPDX-License-Identifier: MIT */
#include "internal/utf8.h"

#include "internal/bytes.h"

/* The range of the second byte excludes overlong forms, surrogates and values that are too large
 * (RFC 3629, section 4). */
static bool second_byte_fits(uint8_t lead, uint8_t second) {
    uint8_t lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    uint8_t highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    return second >= lowest && second <= highest;
}

/* The length of the character that starts here; 0 if there is no valid one. `left` is not 0. */
static size_t sequence_length(const uint8_t *bytes, size_t left) {
    uint8_t lead = bytes[0];
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xc2 || lead > 0xf4) {
        return 0;
    }
    size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (left < length || !second_byte_fits(lead, bytes[1])) {
        return 0;
    }
    for (size_t i = 2; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return length;
}

/* Whether one to seven bytes are ASCII: reads some bytes twice. */
static bool is_tiny_ascii(const uint8_t *bytes, size_t length) {
    uint32_t all = (uint32_t)bytes[0] | bytes[length / 2] | bytes[length - 1];
    if (length >= 4) {
        all |= slnk_bytes_load32(bytes) | slnk_bytes_load32(bytes + length - 4);
    }
    return (all & UINT32_C(0x80808080)) == 0;
}

/* The start of the first eight bytes that are not ASCII, read by words of which the last two
 * overlap; the length if the text is ASCII, as nearly every text is. */
static size_t skip_ascii(const char *text, size_t length) {
    if (length < 8) {
        return length != 0 && is_tiny_ascii((const uint8_t *)text, length) ? length : 0;
    }
    size_t at = 0;
    while (length - at > 8 && slnk_utf8_is_ascii_word(slnk_utf8_word(text + at))) {
        at += 8;
    }
    bool is_last = length - at <= 8;
    return is_last && slnk_utf8_is_ascii_word(slnk_utf8_word(text + length - 8)) ? length : at;
}

/* The length of one step: eight ASCII characters, or one character. */
static size_t step_length(const char *text, size_t left) {
    return left >= 8 && slnk_utf8_is_ascii_word(slnk_utf8_word(text))
               ? 8
               : sequence_length((const uint8_t *)text, left);
}

bool slnk_utf8_valid_sequences(const char *text, size_t length) {
    size_t position = skip_ascii(text, length);
    while (position < length) {
        size_t step = step_length(text + position, length - position);
        if (step == 0) {
            return false;
        }
        position += step;
    }
    return true;
}

size_t slnk_utf8_cut(const uint8_t *bytes, size_t length, size_t max_characters) {
    size_t position = 0;
    for (size_t count = 0; count < max_characters && position < length; count++) {
        size_t step = sequence_length(bytes + position, length - position);
        position += step == 0 ? 1 : step;
    }
    return position;
}
