/* SPDX-License-Identifier: MIT */
#include "internal/otlp_rules.h"

/* Upper bounds: the bytes of a link or an attribute in addition to its texts, and the bytes per
 * byte of its texts: JSON writes a byte as "\u001f". */
enum { PIECE_COST = 256, PIECE_TEXT_COST = 2 * 6 };

/*
 * The lengths of a link's texts joined by `|`: at least the longest length. False if a value nests.
 */
static inline bool join_lengths(const spanlink_link *link, size_t *lengths) {
    const spanlink_attribute *attribute = link->attributes;
    *lengths |= link->context.trace_state.len;
    for (size_t left = link->attribute_count; left != 0; left--, attribute++) {
        const spanlink_value *value = &attribute->value;
        *lengths |= attribute->key.len;
        if (value->type == SPANLINK_VALUE_STRING) {
            *lengths |= value->string_value.len;
        } else if (value->type == SPANLINK_VALUE_BYTES) {
            *lengths |= value->bytes_value.len;
        } else if (value->type >= SPANLINK_VALUE_ARRAY) {
            return false;
        }
    }
    return true;
}

/* Whether a Span is certainly smaller than SLNK_OTLP_MAX_SIZE in all encodings, and has no nested
 * values, judged by lengths alone. Otherwise it is measured before it is written. */
static bool is_surely_small(const slnk_otlp_span *span) {
    size_t lengths = 0;
    uint64_t pieces = span->count;
    for (size_t i = 0; i < span->count; i++) {
        const spanlink_link *link = &span->links[i];
        if (slnk_link_lacks_attributes(link) || !join_lengths(link, &lengths)) {
            return false;
        }
        pieces += link->attribute_count;
    }
    uint64_t longest = lengths < SLNK_OTLP_MAX_SIZE ? lengths : SLNK_OTLP_MAX_SIZE;
    return pieces <= SLNK_OTLP_MAX_SIZE / (PIECE_COST + PIECE_TEXT_COST * longest);
}

/* SIZE_MAX if it cannot be encoded. */
static size_t size_of_span(slnk_otlp_encoding *encode, const slnk_otlp_span *span) {
    uint64_t length;
    return encode(span, NULL, 0, &length) == SPANLINK_OK ? (size_t)length : SIZE_MAX;
}

static spanlink_status encode_span(slnk_otlp_encoding *encode, const slnk_otlp_span *span,
                                   void *buffer, size_t capacity, size_t *written) {
    uint64_t length = 0;
    spanlink_status status = SPANLINK_OK;
    if ((buffer == NULL && capacity != 0) || written == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (!is_surely_small(span)) {
        status = encode(span, NULL, 0, &length);
    }
    if (status == SPANLINK_OK) {
        status = encode(span, buffer, capacity, &length);
    }
    if (status != SPANLINK_OK) {
        return status;
    }
    *written = (size_t)length;
    return length <= capacity ? SPANLINK_OK : SPANLINK_ERR_CAPACITY;
}

size_t slnk_otlp_size(slnk_otlp_encoding *encode, const spanlink_link *links, size_t count) {
    const slnk_otlp_span span = {links, count, 0};
    return links == NULL && count != 0 ? SIZE_MAX : size_of_span(encode, &span);
}

spanlink_status slnk_otlp_encode(slnk_otlp_encoding *encode, const spanlink_link *links,
                                 size_t count, void *buffer, size_t capacity, size_t *written) {
    const slnk_otlp_span span = {links, count, 0};
    return links == NULL && count != 0 ? SPANLINK_ERR_ARGUMENT
                                       : encode_span(encode, &span, buffer, capacity, written);
}

/* The links that spanlink_list_links() returns, and the drop count. */
static slnk_otlp_span span_of_list(spanlink_list *list) {
    slnk_otlp_span span;
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    spanlink_list_get_stats(list, &stats);
    span.links = spanlink_list_links(list, &span.count);
    span.dropped_links = stats.dropped;
    return span;
}

size_t slnk_otlp_list_size(slnk_otlp_encoding *encode, spanlink_list *list) {
    const slnk_otlp_span span = span_of_list(list);
    return list == NULL ? SIZE_MAX : size_of_span(encode, &span);
}

spanlink_status slnk_otlp_encode_list(slnk_otlp_encoding *encode, spanlink_list *list, void *buffer,
                                      size_t capacity, size_t *written) {
    const slnk_otlp_span span = span_of_list(list);
    return list == NULL ? SPANLINK_ERR_ARGUMENT
                        : encode_span(encode, &span, buffer, capacity, written);
}
