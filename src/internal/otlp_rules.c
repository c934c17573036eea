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

/* The most bytes that become of a byte of text (as "\u001f"), and that are around the texts of an
 * attribute and of a link. */
enum { TEXT_COST = 6, ATTRIBUTE_COST = 64, LINK_COST = 256 };

/* The length of a value's text. An array or map counts as more than fits. */
static inline size_t value_length(const spanlink_value *value) {
    switch (value->type) {
    case SPANLINK_VALUE_STRING:
        return value->string_value.len;
    case SPANLINK_VALUE_BYTES:
        return value->bytes_value.len;
    default:
        return value->type < SPANLINK_VALUE_BYTES ? 0 : SIZE_MAX;
    }
}

/* The most bytes of a link; UINT64_MAX where a length alone is more than fits. */
static uint64_t most_of_link(const spanlink_link *link) {
    size_t longest = link->context.trace_state.len;
    uint64_t text = longest;
    if (link->attribute_count > SLNK_OTLP_MAX_SIZE / ATTRIBUTE_COST) {
        return UINT64_MAX;
    }
    for (size_t i = 0; i < link->attribute_count; i++) {
        size_t key = link->attributes[i].key.len, value = value_length(&link->attributes[i].value);
        longest |= key | value;
        text += (uint64_t)key + value;
    }
    return longest > SLNK_OTLP_MAX_SIZE
               ? UINT64_MAX
               : TEXT_COST * text + ATTRIBUTE_COST * link->attribute_count + LINK_COST;
}

bool slnk_otlp_is_surely_small(const slnk_otlp_span *span) {
    uint64_t left = SLNK_OTLP_MAX_SIZE;
    for (size_t i = 0; i < span->count; i++) {
        const spanlink_link *link = &span->links[i];
        uint64_t most = slnk_link_lacks_attributes(link) ? UINT64_MAX : most_of_link(link);
        if (most > left) {
            return false;
        }
        left -= most;
    }
    return true;
}
