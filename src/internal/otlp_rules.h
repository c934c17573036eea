/* SPDX-License-Identifier: MIT */
/*
 * What otlp and otlp_json encode of a link and what they leave out.
 *
 * A text longer than INT32_MAX fits in no message, so it is not read here: it counts as valid, and
 * the encoder then fails by its size.
 */
#ifndef SPANLINK_INTERNAL_OTLP_RULES_H
#define SPANLINK_INTERNAL_OTLP_RULES_H

#include "internal/link_rules.h"
#include "internal/utf8.h"

#include <spanlink/list.h>

/* The largest message that protobuf implementations read. */
#define SLNK_OTLP_MAX_SIZE INT32_MAX

/*
 * Protobuf's parsers reject a request with more than 100 nested messages, counted from
 * ResourceSpans. The value of a link's attribute is the sixth: ResourceSpans, ScopeSpans, Span,
 * Link, KeyValue, AnyValue. An array's element is two messages deeper (ArrayValue, AnyValue), a
 * map's entry three (KeyValueList, KeyValue, AnyValue).
 */
enum {
    SLNK_OTLP_MOST_MESSAGES = 100,
    SLNK_OTLP_ATTRIBUTE_MESSAGES = 6,
    SLNK_OTLP_ARRAY_MESSAGES = 2,
    SLNK_OTLP_MAP_MESSAGES = 3
};

/* Link.flags: whether is_remote is known, and its value (trace.proto, SpanFlags). */
#define SLNK_OTLP_HAS_IS_REMOTE 0x100u
#define SLNK_OTLP_IS_REMOTE     0x200u

/* The fields of a Span that concern links. */
typedef struct slnk_otlp_span {
    const spanlink_link *links;
    size_t count;
    uint32_t dropped_links;
} slnk_otlp_span;

/*
 * An encoding: writes a Span to the front of a buffer if the capacity is enough, and stores its
 * length in any case. OK, or the error of what is encoded.
 */
typedef spanlink_status slnk_otlp_encoding(const slnk_otlp_span *span, void *buffer,
                                           size_t capacity, uint64_t *length);

/* The public functions of an encoding. */
size_t slnk_otlp_size(slnk_otlp_encoding *encode, const spanlink_link *links, size_t count);
size_t slnk_otlp_list_size(slnk_otlp_encoding *encode, spanlink_list *list);
spanlink_status slnk_otlp_encode(slnk_otlp_encoding *encode, const spanlink_link *links,
                                 size_t count, void *buffer, size_t capacity, size_t *written);
spanlink_status slnk_otlp_encode_list(slnk_otlp_encoding *encode, spanlink_list *list, void *buffer,
                                      size_t capacity, size_t *written);

static inline uint32_t slnk_otlp_flags(const spanlink_context *context) {
    if (context->remote_unknown) {
        return context->trace_flags;
    }
    return context->trace_flags | SLNK_OTLP_HAS_IS_REMOTE |
           (context->is_remote ? SLNK_OTLP_IS_REMOTE : 0);
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

/* Whether an array fits into the nested messages that remain after its AnyValue, which is the
 * `messages`-th. An empty array needs only the ArrayValue. */
static inline bool slnk_otlp_keeps_array(spanlink_values array, unsigned messages) {
    return messages + (array.len == 0 ? 1 : SLNK_OTLP_ARRAY_MESSAGES) <= SLNK_OTLP_MOST_MESSAGES;
}

/* The same for a map. */
static inline bool slnk_otlp_keeps_map(spanlink_attributes map, unsigned messages) {
    return messages + (map.len == 0 ? 1 : SLNK_OTLP_MAP_MESSAGES) <= SLNK_OTLP_MOST_MESSAGES;
}

#endif
