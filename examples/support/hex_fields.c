/* SPDX-License-Identifier: MIT */
#include "hex_fields.h"

#include <spanlink/context.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"trace_id", "span_id", "trace_flags"};

spanlink_status hex_fields_inject(const spanlink_context *context, const spanlink_setter *setter,
                                  char text[53]) {
    char *values[] = {text, text + 33, text + 50};
    spanlink_trace_id_to_hex(context->trace_id, values[0]);
    spanlink_span_id_to_hex(context->span_id, values[1]);
    snprintf(values[2], 3, "%02x", context->trace_flags);
    spanlink_status status = SPANLINK_OK;
    for (size_t i = 0; i < 3 && status == SPANLINK_OK; i++) {
        status =
            setter->set(setter->state, spanlink_str_from(names[i]), spanlink_str_from(values[i]));
    }
    return status;
}

/* Reads the one field of a name into `text`: exactly `length` characters, none of them a NUL. */
static spanlink_status read_field(const spanlink_getter *getter, const char *name, size_t length,
                                  char *text) {
    spanlink_str value, second;
    size_t cursor = 0;
    if (!getter->next(getter->state, spanlink_str_from(name), &cursor, &value)) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    if (value.len != length || memchr(value.ptr, '\0', length) != NULL ||
        getter->next(getter->state, spanlink_str_from(name), &cursor, &second)) {
        return SPANLINK_ERR_FORMAT_SYNTAX;
    }
    memcpy(text, value.ptr, length);
    text[length] = '\0';
    return SPANLINK_OK;
}

static spanlink_status read_flags(const char text[3], uint8_t *flags) {
    if (!isxdigit((unsigned char)text[0]) || !isxdigit((unsigned char)text[1])) {
        return SPANLINK_ERR_FORMAT_SYNTAX;
    }
    *flags = (uint8_t)strtoul(text, NULL, 16);
    return SPANLINK_OK;
}

/* A sender is a span: an id of zeros is none. */
static spanlink_status make_context(char values[3][33], uint8_t flags, spanlink_context *context) {
    static const uint8_t zeros[16];
    spanlink_context sender;
    spanlink_status status = spanlink_context_from_hex(values[0], values[1], flags, &sender);
    if (status != SPANLINK_OK) {
        return status;
    }
    if (!spanlink_context_is_valid(&sender)) {
        return memcmp(sender.trace_id, zeros, sizeof sender.trace_id) == 0
                   ? SPANLINK_ERR_TRACE_ID_ZERO
                   : SPANLINK_ERR_SPAN_ID_ZERO;
    }
    *context = sender;
    context->is_remote = true;
    return SPANLINK_OK;
}

spanlink_status hex_fields_extract(const spanlink_getter *getter, spanlink_context *context) {
    static const size_t lengths[] = {32, 16, 2};
    char values[3][33];
    uint8_t flags = 0;
    spanlink_status statuses[3], status = SPANLINK_OK;
    for (size_t i = 0; i < 3; i++) {
        statuses[i] = read_field(getter, names[i], lengths[i], values[i]);
        if (statuses[i] == SPANLINK_ERR_NO_CONTEXT) {
            return statuses[i];
        }
    }
    for (size_t i = 0; i < 3 && status == SPANLINK_OK; i++) {
        status = statuses[i];
    }
    if (status == SPANLINK_OK) {
        status = read_flags(values[2], &flags);
    }
    return status == SPANLINK_OK ? make_context(values, flags, context) : status;
}
