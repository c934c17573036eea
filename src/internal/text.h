/* SPDX-License-Identifier: MIT */
/* What is around a value in a header: optional whitespace (RFC 9110, section 5.6.3). */
#ifndef SPANLINK_INTERNAL_TEXT_H
#define SPANLINK_INTERNAL_TEXT_H

#include <spanlink/base.h>

/* The first comparison alone sorts out what stands at the end of most texts. */
static inline bool spanlink_text_is_space(char character) {
    return (uint8_t)character <= ' ' && (character == ' ' || character == '\t');
}

/* The text without spaces and tabs at its ends; a NULL view stays one. */
static inline spanlink_str spanlink_text_trim(spanlink_str text) {
    while (text.len != 0 && spanlink_text_is_space(text.ptr[text.len - 1])) {
        text.len--;
    }
    while (text.len != 0 && spanlink_text_is_space(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    return text;
}

/* A NULL that claims to have characters. */
static inline bool spanlink_text_is_broken(spanlink_str text) {
    return text.ptr == NULL && text.len != 0;
}

#endif
