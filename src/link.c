/* SPDX-License-Identifier: MIT */
#include <spanlink/link.h>

#include "internal/memory.h"
#include "internal/names.h"

#if SIZE_MAX == UINT64_MAX
_Static_assert(sizeof(spanlink_link) == 72, "frozen");
#endif

const slnk_name_table slnk_names = {
    .follows_from = "follows_from",
    .caused_by = "caused_by",
    .aggregates = "aggregates",
    .batch_item = "batch_item",
    .retry_of = "retry_of",
    .lazy = "lazy",
    .link_type = "link.type",
    .batch_index = "batch.index",
    .retry_attempt = "retry.attempt",
    .aggregate_source = "aggregate.source",
    .causal_reason = "causal.reason",
    .truncated = "links.truncated",
    .original_count = "links.original_count",
};

const char *spanlink_link_type_name(spanlink_link_type type) {
    switch (type) {
    case SPANLINK_LINK_TYPE_FOLLOWS_FROM:
        return slnk_names.follows_from;
    case SPANLINK_LINK_TYPE_CAUSED_BY:
        return slnk_names.caused_by;
    case SPANLINK_LINK_TYPE_AGGREGATES:
        return slnk_names.aggregates;
    case SPANLINK_LINK_TYPE_BATCH_ITEM:
        return slnk_names.batch_item;
    case SPANLINK_LINK_TYPE_RETRY_OF:
        return slnk_names.retry_of;
    case SPANLINK_LINK_TYPE_CUSTOM:
    default:
        return NULL;
    }
}

spanlink_link_type spanlink_link_type_from_name(spanlink_str name) {
    for (int type = SPANLINK_LINK_TYPE_FOLLOWS_FROM; type < SPANLINK_LINK_TYPE_CUSTOM; type++) {
        if (slnk_memory_same_text(
                name, spanlink_str_from(spanlink_link_type_name((spanlink_link_type)type)))) {
            return (spanlink_link_type)type;
        }
    }
    return SPANLINK_LINK_TYPE_CUSTOM;
}

const spanlink_attribute *spanlink_link_find(const spanlink_link *link, const char *key) {
    if (link == NULL || key == NULL) {
        return NULL;
    }
    spanlink_str wanted = spanlink_str_from(key);
    for (size_t i = link->attribute_count; i > 0; i--) {
        if (slnk_memory_same_text(link->attributes[i - 1].key, wanted)) {
            return &link->attributes[i - 1];
        }
    }
    return NULL;
}
