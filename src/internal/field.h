/* SPDX-License-Identifier: MIT */
/*
 * What the readers and writers of other tracers' headers share: parts of a text, ids in hex or
 * decimal digits, the context at the end.
 */
#ifndef SPANLINK_INTERNAL_FIELD_H
#define SPANLINK_INTERNAL_FIELD_H

#include <spanlink/context.h>

#include "internal/bytes.h"
#include "internal/context_rules.h"
#include "internal/text.h"

/* A text that is cut into parts. `more` is false once the last part was taken. */
typedef struct slnk_field_parts {
    spanlink_str rest;
    bool more;
} slnk_field_parts;

static inline slnk_field_parts slnk_field_parts_of(spanlink_str text) {
    return (slnk_field_parts){text, true};
}

/* Takes the part before the next separator, or the last part, without the blanks around it. False
 * if there is no more part. */
bool slnk_field_next(slnk_field_parts *parts, char separator, spanlink_str *part);

/* Takes what is before the first `=` of a part, and what is behind it. False if there is no `=`. */
bool slnk_field_pair(spanlink_str part, spanlink_str *key, spanlink_str *value);

static inline bool slnk_field_is(spanlink_str text, const char *wanted, size_t length) {
    return text.len == length && memcmp(text.ptr, wanted, length) == 0;
}

/* 1 to 32 or 1 to 16 hex digits of either case, fewer as with zeros in front: OK, or the LENGTH,
 * DIGIT or ZERO of that id. */
spanlink_status slnk_field_trace_id(spanlink_str digits, uint8_t id[16]);
spanlink_status slnk_field_span_id(spanlink_str digits, uint8_t id[8]);

/* The same for decimal digits of a number of 64 bits: DIGIT goes before LENGTH. */
spanlink_status slnk_field_trace_id_decimal(spanlink_str digits, uint8_t id[8]);
spanlink_status slnk_field_span_id_decimal(spanlink_str digits, uint8_t id[8]);

/* The most digits of a number of 64 bits. */
enum { SLNK_FIELD_DECIMAL_SIZE = 20 };

/* Writes an id, which is not zero, as a decimal number. Returns the number of digits; what is
 * behind them, up to 20 characters, has no meaning. */
size_t slnk_field_decimal(const uint8_t id[8], char *text);

/*
 * The context that a header names: remote, without a tracestate. Written field by field: a context
 * that is copied as a whole is loaded before its parts have reached memory.
 */
static inline void slnk_field_accept(const uint8_t trace_id[16], const uint8_t span_id[8],
                                     uint8_t flags, spanlink_context *context) {
    memcpy(context->trace_id, trace_id, 8);
    memcpy(context->trace_id + 8, trace_id + 8, 8);
    memcpy(context->span_id, span_id, 8);
    context->trace_flags = flags;
    context->is_remote = true;
    context->remote_unknown = false;
    context->trace_state = (spanlink_str){NULL, 0};
}

/* Whether a context can be written: OK, TRACE_ID_ZERO or SPAN_ID_ZERO. */
static inline spanlink_status slnk_field_check(const spanlink_context *context) {
    if (!slnk_context_has_trace_id(context)) {
        return SPANLINK_ERR_TRACE_ID_ZERO;
    }
    return slnk_context_has_span_id(context) ? SPANLINK_OK : SPANLINK_ERR_SPAN_ID_ZERO;
}

/* '1' or '0': formats with a digit for it. */
static inline char slnk_field_sampled(const spanlink_context *context) {
    return (char)('0' + (context->trace_flags & SPANLINK_TRACE_FLAG_SAMPLED));
}

#endif
