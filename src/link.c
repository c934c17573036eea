/* SPDX-License-Identifier: MIT */
#include <spanlink/link.h>

#include "internal/equal.h"
#include "internal/names.h"
#include "internal/text.h"

#if SIZE_MAX == UINT64_MAX
_Static_assert(sizeof(spanlink_link) == 72, "frozen");
#endif

const slnk_name_table slnk_names = {
    "follows_from",
    "caused_by",
    "aggregates",
    "batch_item",
    "retry_of",
    "lazy",
    "link.type",
    "batch.index",
    "retry.attempt",
    "aggregate.source",
    "causal.reason",
    "links.truncated",
    "links.original_count",
    "",
};

#define PLACE(name) offsetof(slnk_name_table, name)

/* The lowest bit of 'a' is 1. If no such name exists, the row does not matter. */
const uint8_t slnk_name_places[9][2] = {
    {PLACE(retry_of), 0},
    {PLACE(link_type), PLACE(caused_by)},
    {PLACE(batch_item), PLACE(aggregates)},
    {PLACE(batch_index), 0},
    {PLACE(follows_from), 0},
    {PLACE(retry_attempt), PLACE(causal_reason)},
    {0, 0},
    {PLACE(truncated), 0},
    {0, PLACE(aggregate_source)},
};

#undef PLACE

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
        const char *known = spanlink_link_type_name((spanlink_link_type)type);
        if (slnk_text_equal(name, spanlink_str_from(known))) {
            return (spanlink_link_type)type;
        }
    }
    return SPANLINK_LINK_TYPE_CUSTOM;
}

const spanlink_attribute *spanlink_link_find_str(const spanlink_link *link, spanlink_str key) {
    if (link == NULL || link->attributes == NULL) {
        return NULL;
    }
    for (size_t i = link->attribute_count; i > 0; i--) {
        if (slnk_text_equal(link->attributes[i - 1].key, key)) {
            return &link->attributes[i - 1];
        }
    }
    return NULL;
}

const spanlink_attribute *spanlink_link_find(const spanlink_link *link, const char *key) {
    return key == NULL ? NULL : spanlink_link_find_str(link, spanlink_str_from(key));
}

static spanlink_attributes attributes_of(const spanlink_link *link) {
    return (spanlink_attributes){link->attributes, link->attribute_count};
}

bool spanlink_link_equal(const spanlink_link *a, const spanlink_link *b) {
    return a != NULL && b != NULL && spanlink_context_equal(&a->context, &b->context) &&
           a->dropped_attributes_count == b->dropped_attributes_count &&
           slnk_equal_attributes(attributes_of(a), attributes_of(b), 1);
}
