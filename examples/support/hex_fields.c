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

/* Reads the only field with a name. */
static spanlink_status read_field(const spanlink_getter *getter, const char *name,
                                  spanlink_str *value) {
    spanlink_str second;
    size_t cursor = 0;
    if (!getter->next(getter->state, spanlink_str_from(name), &cursor, value)) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    return getter->next(getter->state, spanlink_str_from(name), &cursor, &second)
               ? SPANLINK_ERR_FORMAT_SYNTAX
               : SPANLINK_OK;
}

static spanlink_status read_flags(spanlink_str text, uint8_t *flags) {
    char digits[3] = "";
    if (text.len != 2 || !isxdigit((unsigned char)text.ptr[0]) ||
        !isxdigit((unsigned char)text.ptr[1])) {
        return SPANLINK_ERR_FORMAT_SYNTAX;
    }
    memcpy(digits, text.ptr, 2);
    *flags = (uint8_t)strtoul(digits, NULL, 16);
    return SPANLINK_OK;
}

/* A sender is a span: an id of zeros is an error. */
static spanlink_status make_context(const spanlink_str values[3], spanlink_context *context) {
    static const uint8_t zeros[sizeof context->trace_id];
    spanlink_context sender;
    uint8_t flags;
    spanlink_status status = read_flags(values[2], &flags);
    if (status == SPANLINK_OK) {
        status = spanlink_context_from_hex_str(values[0], values[1], flags, &sender);
    }
    if (status != SPANLINK_OK) {
        return status;
    }
    if (!spanlink_context_is_valid(&sender)) {
        return memcmp(sender.trace_id, zeros, sizeof zeros) == 0 ? SPANLINK_ERR_TRACE_ID_ZERO
                                                                 : SPANLINK_ERR_SPAN_ID_ZERO;
    }
    *context = sender;
    context->is_remote = true;
    return SPANLINK_OK;
}

/* All three fields must be present before they are checked. */
spanlink_status hex_fields_extract(const spanlink_getter *getter, spanlink_context *context) {
    spanlink_str values[3];
    spanlink_status outcome = SPANLINK_OK;
    for (size_t i = 0; i < 3; i++) {
        spanlink_status status = read_field(getter, names[i], &values[i]);
        if (status == SPANLINK_ERR_NO_CONTEXT) {
            return status;
        }
        outcome = status != SPANLINK_OK ? status : outcome;
    }
    return outcome == SPANLINK_OK ? make_context(values, context) : outcome;
}
