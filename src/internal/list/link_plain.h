/* SPDX-License-Identifier: MIT */
/*
 * Copies of plain links, without a plan.
 *
 * A link is plain if it has few attributes, all of which stay as they are, none of them nested: so
 * almost all links are. Its copy is the one that internal/link_copy.h makes, at a quarter of the
 * instructions.
 *
 * A link whose texts are all the library's own, as the factories make them, is only looked at while
 * it is copied. No function is called on the way, so that all stays in registers. Whatever makes
 * one stop and think is left to slnk_plain_finish().
 */
#ifndef SPANLINK_INTERNAL_LIST_LINK_PLAIN_H
#define SPANLINK_INTERNAL_LIST_LINK_PLAIN_H

#include "internal/list/link_copy.h"
#include "internal/names.h"

/* What slnk_plain_finish() returns for a link that is not plain, or whose texts do not fit. */
#define SLNK_PLAIN_NONE SIZE_MAX

/* What a small link takes, apart from texts: a multiple of 8, also where an attribute is none. */
static inline size_t slnk_plain_size(const spanlink_link *link) {
    return (link->attribute_count * sizeof *link->attributes + 7) & ~(size_t)7;
}

/* Whether a link may be plain at all. */
static inline bool slnk_plain_is_small(const spanlink_link *link, const spanlink_limits *limits) {
    return link->attribute_count <= SLNK_COPY_FEW &&
           link->attribute_count <= limits->max_attributes;
}

/* Whether an attribute can stay as it is, beside those in front of it: for sure if true. Keys of
 * different lengths are different keys. */
static inline bool slnk_plain_is_clear(const spanlink_attribute *attributes, size_t index,
                                       size_t max_value_length) {
    const spanlink_attribute *attribute = &attributes[index];
    if (attribute->key.len == 0 || !slnk_name_owned(attribute->key.ptr)) {
        return false;
    }
    if (attribute->value.type == SPANLINK_VALUE_STRING) {
        const spanlink_str *text = &attribute->value.string_value;
        if (!slnk_name_owned(text->ptr) || text->len > max_value_length) {
            return false;
        }
    } else if (attribute->value.type >= SPANLINK_VALUE_BYTES) {
        return false;
    }
    for (size_t i = 0; i < index; i++) {
        if (attributes[i].key.len == attribute->key.len) {
            return false;
        }
    }
    return true;
}

/*
 * Copies a small link, its attributes to `attributes`, its texts not at all. If that was all that
 * is to be done, returns true; else slnk_plain_finish() must see to the copy.
 */
static inline bool slnk_plain_copy(const spanlink_link *link, size_t max_value_length,
                                   spanlink_attribute *attributes, spanlink_link *copy) {
    bool clear = link->context.trace_state.len == 0;
    for (size_t i = 0; i < link->attribute_count; i++) {
        attributes[i] = link->attributes[i];
        if (!slnk_plain_is_clear(link->attributes, i, max_value_length)) {
            clear = false;
        }
    }
    *copy = *link;
    copy->attributes = link->attribute_count != 0 ? attributes : NULL;
    if (clear) {
        copy->context.trace_state.ptr = slnk_names.empty;
    }
    return clear;
}

/*
 * Takes a closer look at a copy: copies its texts behind the attributes, if it is plain. Returns
 * the size of the block, a multiple of 8 and at most `room` rounded up to one, or NONE.
 */
size_t slnk_plain_finish(spanlink_link *copy, spanlink_attribute *attributes, size_t room,
                         size_t max_value_length);

#endif
