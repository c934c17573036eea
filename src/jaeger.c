/* SPDX-License-Identifier: MIT */
#include <spanlink/jaeger.h>

#include "internal/compiler.h"
#include "internal/field.h"
#include "internal/hex.h"

enum { JAEGER_PARTS = 4 };

static const slnk_field_hex jaeger_hex = {1, 1, true};

/* The position of the next ":" or "%3A"; the length if there is none. */
static size_t find_separator(spanlink_str text, size_t *width) {
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == ':') {
            *width = 1;
            return i;
        }
        if (text.ptr[i] == '%' && text.len - i >= 3 && text.ptr[i + 1] == '3' &&
            (text.ptr[i + 2] | 0x20) == 'a') {
            *width = 3;
            return i;
        }
    }
    *width = 0;
    return text.len;
}

/* Splits a header into its four parts. False if there are more or fewer. */
static bool cut_jaeger_parts(spanlink_str text, spanlink_str part[JAEGER_PARTS]) {
    for (size_t i = 0; i < JAEGER_PARTS; i++) {
        size_t width;
        size_t length = find_separator(text, &width);
        if ((width == 0) != (i == JAEGER_PARTS - 1)) {
            return false;
        }
        part[i] = slnk_field_parts_of((spanlink_str){text.ptr, length}).rest;
        text.ptr += length + width;
        text.len -= length + width;
    }
    return true;
}

/* Bit 0 of a hex number; false if a character is not a hex digit. */
static bool jaeger_flags_are_sampled(spanlink_str flags) {
    uint8_t value = 0;
    for (size_t i = 0; i < flags.len; i++) {
        value = slnk_hex_value(flags.ptr[i]);
        if (value == SLNK_HEX_NONE) {
            return false;
        }
    }
    return (value & 1) != 0;
}

static spanlink_status read_jaeger_ids(const spanlink_str part[JAEGER_PARTS],
                                       spanlink_context *context) {
    return slnk_field_ids(part[0], part[1], &jaeger_hex, jaeger_flags_are_sampled(part[3]),
                          context);
}

/* {32}:{16}:0:{1}, the form that most senders write. */
static bool read_usual_jaeger(spanlink_str header, spanlink_context *context) {
    const char *text = header.ptr;
    if (header.len != SPANLINK_JAEGER_LENGTH || text[32] != ':' ||
        memcmp(text + 49, ":0:", 3) != 0 || text[52] == ':') {
        return false;
    }
    spanlink_str part[JAEGER_PARTS] = {{text, 32}, {text + 33, 16}, {text + 50, 1}, {text + 52, 1}};
    return read_jaeger_ids(part, context) == SPANLINK_OK;
}

spanlink_status spanlink_jaeger_parse(spanlink_str header, spanlink_context *context) {
    spanlink_str part[JAEGER_PARTS];
    if (context == NULL || slnk_text_is_broken(header)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (SLNK_UNLESS_SMALL(read_usual_jaeger(header, context))) {
        return SPANLINK_OK;
    }
    spanlink_str text = slnk_field_parts_of(header).rest;
    if (text.len == 0) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    if (!cut_jaeger_parts(text, part)) {
        return SPANLINK_ERR_FORMAT_SYNTAX;
    }
    return read_jaeger_ids(part, context);
}

spanlink_status spanlink_jaeger_format(const spanlink_context *context, char text[54]) {
    spanlink_status status = slnk_field_check(context, text);
    if (status == SPANLINK_OK) {
        slnk_field_put_ids(context, ':', text);
        memcpy(text + 49, ":0:", 3);
        text[52] = slnk_field_sampled(context);
        text[53] = '\0';
    }
    return status;
}
