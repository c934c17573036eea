/* SPDX-License-Identifier: MIT */
#include <spanlink/context.h>

#include "internal/bytes.h"
#include "internal/context_rules.h"
#include "internal/hash.h"
#include "internal/hex.h"
#include "internal/memory.h"
#include "internal/text.h"

/* FFI bindings depend on the layout of this struct: it is part of the ABI. */
#if SIZE_MAX == UINT64_MAX
_Static_assert(sizeof(spanlink_context) == 48, "frozen");
#endif

bool spanlink_context_is_valid(const spanlink_context *context) {
    return context != NULL && slnk_context_has_trace_id(context) &&
           slnk_context_has_span_id(context);
}

bool spanlink_context_is_sampled(const spanlink_context *context) {
    return context != NULL && (context->trace_flags & SPANLINK_TRACE_FLAG_SAMPLED) != 0;
}

bool spanlink_context_same_span(const spanlink_context *a, const spanlink_context *b) {
    return a != NULL && b != NULL && slnk_context_same_ids(a, b);
}

/* Whether both contexts are remote, or both local, or both of unknown origin. */
static bool same_origin(const spanlink_context *a, const spanlink_context *b) {
    return a->remote_unknown || b->remote_unknown ? a->remote_unknown == b->remote_unknown
                                                  : a->is_remote == b->is_remote;
}

bool spanlink_context_equal(const spanlink_context *a, const spanlink_context *b) {
    return spanlink_context_same_span(a, b) && a->trace_flags == b->trace_flags &&
           same_origin(a, b) && slnk_text_equal(a->trace_state, b->trace_state);
}

/* The last step mixes again: sequential ids would leave some bits uneven, and callers may use any
 * bits. */
uint64_t spanlink_context_hash(const spanlink_context *context, uint64_t seed) {
    if (context == NULL) {
        return 0;
    }
    slnk_hash_seed spread = slnk_hash_seed_from(seed, 0);
    return slnk_hash_number(spread, slnk_hash_span(spread, context->trace_id, context->span_id));
}

/* Parses an id of `size` bytes. `length` and `digit` are the statuses of its errors. */
static spanlink_status parse_hex_id(spanlink_str text, uint8_t *id, size_t size,
                                    spanlink_status length, spanlink_status digit) {
    size_t digits = slnk_size_least(text.len, 2 * size);
    for (size_t i = 0; i < digits; i++) {
        uint8_t value = slnk_hex_value(text.ptr[i]);
        if (value == SLNK_HEX_NONE) {
            return digit;
        }
        id[i / 2] = (uint8_t)(id[i / 2] << 4 | (value & 15));
    }
    return text.len == 2 * size ? SPANLINK_OK : length;
}

spanlink_status spanlink_context_from_hex_str(spanlink_str trace_id, spanlink_str span_id,
                                              uint8_t flags, spanlink_context *context) {
    if (context == NULL || slnk_text_is_broken(trace_id) || slnk_text_is_broken(span_id)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_context made = {.trace_flags = flags};
    spanlink_status status =
        parse_hex_id(trace_id, made.trace_id, sizeof made.trace_id, SPANLINK_ERR_TRACE_ID_LENGTH,
                     SPANLINK_ERR_TRACE_ID_DIGIT);
    if (status == SPANLINK_OK) {
        status = parse_hex_id(span_id, made.span_id, sizeof made.span_id,
                              SPANLINK_ERR_SPAN_ID_LENGTH, SPANLINK_ERR_SPAN_ID_DIGIT);
    }
    if (status == SPANLINK_OK) {
        *context = made;
    }
    return status;
}

/* The start of a NUL-terminated text, up to one character more than the longest id. */
static spanlink_str id_text(const char *text) {
    enum { LONGEST = 33 };
    size_t length = 0;
    while (length < LONGEST && text[length] != '\0') {
        length++;
    }
    return spanlink_str_make(text, length);
}

spanlink_status spanlink_context_from_hex(const char *trace_id, const char *span_id, uint8_t flags,
                                          spanlink_context *context) {
    if (trace_id == NULL || span_id == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    return spanlink_context_from_hex_str(id_text(trace_id), id_text(span_id), flags, context);
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
