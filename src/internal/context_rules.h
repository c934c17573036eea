/* SPDX-License-Identifier: MIT */
/* Rules for contexts from any source. No pointer may be NULL. */
#ifndef SPANLINK_INTERNAL_CONTEXT_RULES_H
#define SPANLINK_INTERNAL_CONTEXT_RULES_H

#include <spanlink/context.h>

#include "internal/bytes.h"

/* Whether two contexts have the same ids: the comparison of spans. */
static inline bool slnk_context_same_ids(const spanlink_context *a, const spanlink_context *b) {
    return memcmp(a->trace_id, b->trace_id, sizeof a->trace_id) == 0 &&
           memcmp(a->span_id, b->span_id, sizeof a->span_id) == 0;
}

/* A context without a trace id names no span, and so is never a duplicate. */
static inline bool slnk_context_has_trace_id(const spanlink_context *context) {
    return !slnk_bytes_are_zero(context->trace_id, sizeof context->trace_id);
}

static inline bool slnk_context_has_span_id(const spanlink_context *context) {
    return !slnk_bytes_are_zero(context->span_id, sizeof context->span_id);
}

#endif
