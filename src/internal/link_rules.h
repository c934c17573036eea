/* SPDX-License-Identifier: MIT */
/* Rules for links, shared by lists, caches, encoders and the decoder. */
#ifndef SPANLINK_INTERNAL_LINK_RULES_H
#define SPANLINK_INTERNAL_LINK_RULES_H

#include <spanlink/link.h>

#include "internal/context_rules.h"

/* An error of the caller: attribute_count is not 0, but `attributes` is NULL. */
static inline bool slnk_link_lacks_attributes(const spanlink_link *link) {
    return link->attributes == NULL && link->attribute_count != 0;
}

/* Whether all eight bytes are within 0x20 to 0x7e. A byte below 0x20 borrows, and a byte above 0x7e
 * has its high bit set by the addition. Carries affect the result only if such a byte exists. */
static inline bool slnk_link_is_printable_word(uint64_t word) {
    uint64_t lowered = word - UINT64_C(0x2020202020202020);
    uint64_t raised = word + UINT64_C(0x0101010101010101);
    return ((word | lowered | raised) & UINT64_C(0x8080808080808080)) == 0;
}

static inline bool slnk_link_is_printable(spanlink_str text) {
    size_t i = 0;
    for (; text.len - i >= 8; i += 8) {
        if (!slnk_link_is_printable_word(slnk_bytes_load64((const uint8_t *)text.ptr + i))) {
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

/* Whether the encoders write a tracestate. A length above INT32_MAX fits in no message, and the
 * encoders then fail by their size, so it is not read. */
static inline bool slnk_link_keeps_trace_state(spanlink_str state) {
    return state.len != 0 && (state.len > INT32_MAX || slnk_link_is_printable(state));
}

/* Whether a link names a span. If not, its attributes and tracestate decide whether it is valid. */
static inline bool slnk_link_has_ids(const spanlink_link *link) {
    return slnk_context_has_trace_id(&link->context) && slnk_context_has_span_id(&link->context);
}

/* Whether a link is invalid: a zero id, no attribute that is kept, and no tracestate that the
 * encoders write (OpenTelemetry trace API, "Link"). */
static inline bool slnk_link_is_invalid(const spanlink_context *context, size_t kept_attributes) {
    return kept_attributes == 0 &&
           (!slnk_context_has_trace_id(context) || !slnk_context_has_span_id(context)) &&
           !slnk_link_keeps_trace_state(context->trace_state);
}

/* Adds to a count of dropped attributes, which stays at its maximum instead of wrapping. */
static inline uint32_t slnk_link_add_dropped(uint32_t dropped, size_t more) {
    return more > UINT32_MAX - dropped ? UINT32_MAX : dropped + (uint32_t)more;
}

#endif
