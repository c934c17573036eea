/* SPDX-License-Identifier: MIT */
/*
 * What goes into an encoded link and what stays out, decided once for otlp and otlp_json.
 *
 * A text longer than INT32_MAX fits in no message, so it is not read here: it counts as good, and
 * the encoder then fails by its size.
 */
#ifndef SPANLINK_INTERNAL_OTLP_RULES_H
#define SPANLINK_INTERNAL_OTLP_RULES_H

#include <spanlink/link.h>

#include "internal/bytes.h"
#include "internal/utf8.h"

/* The largest message that protobuf implementations read. */
#define SLNK_OTLP_MAX_SIZE INT32_MAX

/* Arrays and maps around the innermost value. Bounds the recursion of encoders and decoder. */
#define SLNK_OTLP_MAX_DEPTH 64

/* Link.flags: whether is_remote is known, and its value (trace.proto, SpanFlags). */
#define SLNK_OTLP_HAS_IS_REMOTE 0x100u
#define SLNK_OTLP_IS_REMOTE     0x200u

static inline uint32_t slnk_otlp_flags(const spanlink_context *context) {
    return context->trace_flags | SLNK_OTLP_HAS_IS_REMOTE |
           (context->is_remote ? SLNK_OTLP_IS_REMOTE : 0);
}

/* A caller's mistake, which lists refuse likewise. */
static inline bool slnk_otlp_lacks_attributes(const spanlink_link *link) {
    return link->attributes == NULL && link->attribute_count != 0;
}

/* Whether a string value is written as a string, not as bytes. */
static inline bool slnk_otlp_is_text(spanlink_str text) {
    return slnk_utf8_is_short_ascii(text.ptr, text.len) || text.len > SLNK_OTLP_MAX_SIZE ||
           slnk_utf8_valid_sequences(text.ptr, text.len);
}

/* Whether an attribute is written, not dropped. */
static inline bool slnk_otlp_keeps_key(spanlink_str key) {
    return key.len != 0 && slnk_otlp_is_text(key);
}

/* Whether all of eight bytes are within 0x20 to 0x7e. One below borrows, one above has its high bit
 * set or gets it; only bytes next to such a one can be mistaken. */
static inline bool slnk_otlp_is_printable_word(uint64_t word) {
    uint64_t lowered = word - UINT64_C(0x2020202020202020);
    uint64_t raised = word + UINT64_C(0x0101010101010101);
    return ((word | lowered | raised) & UINT64_C(0x8080808080808080)) == 0;
}

static inline bool slnk_otlp_is_printable(spanlink_str text) {
    size_t i = 0;
    for (; text.len - i >= 8; i += 8) {
        if (!slnk_otlp_is_printable_word(slnk_bytes_load64((const uint8_t *)text.ptr + i))) {
            return false;
        }
    }
    for (; i < text.len; i++) {
        if (text.ptr[i] < 0x20 || text.ptr[i] > 0x7e) {
            return false;
        }
    }
    return true;
}

/* Whether a tracestate is there and is written. */
static inline bool slnk_otlp_keeps_trace_state(spanlink_str state) {
    return state.len != 0 && (state.len > SLNK_OTLP_MAX_SIZE || slnk_otlp_is_printable(state));
}

/* The count of dropped attributes stays at its maximum rather than wrap. */
static inline uint32_t slnk_otlp_add_dropped(uint32_t count, uint32_t more) {
    return count > UINT32_MAX - more ? UINT32_MAX : count + more;
}

#endif
