/* SPDX-License-Identifier: MIT */
#include "hex_fields.h"

#include <spanlink/context.h>

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

/* Longer values are cut, and so no longer what the digits of an id can be. */
static bool read_field(const spanlink_getter *getter, const char *name, char text[64]) {
    spanlink_str value;
    size_t cursor = 0;
    if (!getter->next(getter->state, spanlink_str_from(name), &cursor, &value)) {
        return false;
    }
    size_t length = value.len < 63 ? value.len : 63;
    memcpy(text, value.ptr, length);
    text[length] = '\0';
    return true;
}

spanlink_status hex_fields_extract(const spanlink_getter *getter, spanlink_context *context) {
    char values[3][64];
    for (size_t i = 0; i < 3; i++) {
        if (!read_field(getter, names[i], values[i])) {
            return SPANLINK_ERR_NO_CONTEXT;
        }
    }
    uint8_t flags = (uint8_t)strtoul(values[2], NULL, 16);
    spanlink_status status = spanlink_context_from_hex(values[0], values[1], flags, context);
    if (status == SPANLINK_OK) {
        context->is_remote = true;
    }
    return status;
}
