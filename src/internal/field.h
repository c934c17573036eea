/* SPDX-License-Identifier: MIT */
/*
 * Shared by the readers and writers of other tracers' headers: parts of a text, ids in hex or
 * decimal digits, the resulting context.
 */
#ifndef SPANLINK_INTERNAL_FIELD_H
#define SPANLINK_INTERNAL_FIELD_H

#include <spanlink/context.h>

#include "internal/bytes.h"
#include "internal/text.h"

/* A text that is split into parts. `more` is false after the last part was taken. */
typedef struct slnk_field_parts {
    spanlink_str rest;
    bool more;
} slnk_field_parts;

/* The parts of a text without surrounding blanks. */
slnk_field_parts slnk_field_parts_of(spanlink_str text);

/* Takes the part before the next separator, or the last part, without surrounding blanks. False if
 * there are no more parts. */
bool slnk_field_next(slnk_field_parts *parts, char separator, spanlink_str *part);

/* Removes the blanks around four values. False if one is NULL with a length. */
bool slnk_field_trim_all(spanlink_str values[4]);

static inline bool slnk_field_is(spanlink_str text, const char *wanted, size_t length) {
    return text.len == length && memcmp(text.ptr, wanted, length) == 0;
}

/* A format's hex ids: the minimum numbers of digits (missing ones are leading zeros), and whether
 * uppercase is allowed. */
typedef struct slnk_field_hex {
    uint8_t least_of_trace_id, least_of_span_id;
    bool upper;
} slnk_field_hex;

/* Reads ids in hex: OK, or the LENGTH, DIGIT or ZERO of that id, in this order. */
spanlink_status slnk_field_trace_id(spanlink_str digits, const slnk_field_hex *hex, uint8_t id[16]);
spanlink_status slnk_field_span_id(spanlink_str digits, const slnk_field_hex *hex, uint8_t id[8]);

/* Reads both, and writes the context on success. */
spanlink_status slnk_field_ids(spanlink_str trace_digits, spanlink_str span_digits,
                               const slnk_field_hex *hex, bool sampled, spanlink_context *context);

/* Reads decimal digits of a 64-bit number: DIGIT takes precedence over LENGTH. */
spanlink_status slnk_field_trace_id_decimal(spanlink_str digits, uint64_t *id);
spanlink_status slnk_field_span_id_decimal(spanlink_str digits, uint64_t *id);

/* The maximum number of digits of a 64-bit number. */
enum { SLNK_FIELD_DECIMAL_SIZE = 20 };

/* Writes an id, which is not zero, as a decimal number. Returns the number of digits; the following
 * characters, up to 20, have no meaning. */
size_t slnk_field_decimal(const uint8_t id[8], char *text);

/*
 * Completes a context after its trace id: it is remote, without a tracestate. Each field is written
 * separately, and the trace id as it was read: a value that is stored in pieces and then loaded as
 * a whole, as by a struct copy, waits until the pieces have reached memory.
 */
static inline void slnk_field_accept(uint64_t span_id, uint8_t flags, spanlink_context *context) {
    slnk_bytes_store64_big(context->span_id, span_id);
    context->trace_flags = flags;
    context->is_remote = true;
    context->remote_unknown = false;
    context->trace_state = (spanlink_str){NULL, 0};
}

/* Whether a context can be written to `out`: OK, ARGUMENT, TRACE_ID_ZERO or SPAN_ID_ZERO. */
spanlink_status slnk_field_check(const spanlink_context *context, const void *out);

/* Writes 32 digits, the separator, 16 digits. */
void slnk_field_put_ids(const spanlink_context *context, char separator, char *text);

/* '1' or '0'. */
static inline char slnk_field_sampled(const spanlink_context *context) {
    return (char)('0' + (context->trace_flags & SPANLINK_TRACE_FLAG_SAMPLED));
}

#endif
