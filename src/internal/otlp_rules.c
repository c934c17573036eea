/* SPDX-License-Identifier: MIT */
#include "internal/otlp_rules.h"

slnk_otlp_span slnk_otlp_span_of(spanlink_list *list) {
    slnk_otlp_span span;
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    spanlink_list_get_stats(list, &stats);
    span.links = spanlink_list_links(list, &span.count);
    span.dropped_links = stats.dropped;
    return span;
}

/* Upper bounds: the bytes of a link or an attribute in addition to its texts, and the bytes per
 * byte of its texts: JSON writes a byte as "\u001f". */
enum { PIECE_COST = 256, PIECE_TEXT_COST = 2 * 6 };

/* The lengths of a link's texts joined by `|`: at least the longest length. False if a value nests.
 * */
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

bool slnk_otlp_is_surely_small(const slnk_otlp_span *span) {
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
