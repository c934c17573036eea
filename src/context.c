/* SPDX-License-Identifier: MIT */
#include <spanlink/context.h>

#include "internal/bytes.h"
#include "internal/hex.h"

/* Other languages read this struct by its layout: it is part of the ABI. */
#if SIZE_MAX == UINT64_MAX
_Static_assert(sizeof(spanlink_context) == 48, "frozen");
#endif

bool spanlink_context_is_valid(const spanlink_context *context) {
    return context != NULL && !slnk_bytes_are_zero(context->trace_id, sizeof context->trace_id) &&
           !slnk_bytes_are_zero(context->span_id, sizeof context->span_id);
}

bool spanlink_context_is_sampled(const spanlink_context *context) {
    return context != NULL && (context->trace_flags & SPANLINK_TRACE_FLAG_SAMPLED) != 0;
}

bool spanlink_context_same_span(const spanlink_context *a, const spanlink_context *b) {
    return a != NULL && b != NULL && memcmp(a->trace_id, b->trace_id, sizeof a->trace_id) == 0 &&
           memcmp(a->span_id, b->span_id, sizeof a->span_id) == 0;
}

/* What is wrong with an id's text; `length` and `digit` are the statuses of that id. */
static spanlink_status id_from_hex(const char *text, uint8_t *id, size_t size,
                                   spanlink_status length, spanlink_status digit) {
    for (size_t i = 0; i < 2 * size; i++) {
        uint8_t value = slnk_hex_value(text[i]);
        if (value == SLNK_HEX_NONE) {
            return text[i] == '\0' ? length : digit;
        }
        id[i / 2] = (uint8_t)(id[i / 2] << 4 | (value & 15));
    }
    return text[2 * size] == '\0' ? SPANLINK_OK : length;
}

spanlink_status spanlink_context_from_hex(const char *trace_id, const char *span_id, uint8_t flags,
                                          spanlink_context *context) {
    if (trace_id == NULL || span_id == NULL || context == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_context made = {.trace_flags = flags};
    spanlink_status status = id_from_hex(trace_id, made.trace_id, sizeof made.trace_id,
                                         SPANLINK_ERR_TRACE_ID_LENGTH, SPANLINK_ERR_TRACE_ID_DIGIT);
    if (status == SPANLINK_OK) {
        status = id_from_hex(span_id, made.span_id, sizeof made.span_id,
                             SPANLINK_ERR_SPAN_ID_LENGTH, SPANLINK_ERR_SPAN_ID_DIGIT);
    }
    if (status == SPANLINK_OK) {
        *context = made;
    }
    return status;
}

void spanlink_trace_id_to_hex(const uint8_t trace_id[16], char text[33]) {
    slnk_hex_encode(trace_id, text);
    slnk_hex_encode(trace_id + 8, text + 16);
    text[32] = '\0';
}

void spanlink_span_id_to_hex(const uint8_t span_id[8], char text[17]) {
    slnk_hex_encode(span_id, text);
    text[16] = '\0';
}
