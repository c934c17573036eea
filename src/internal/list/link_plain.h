/* SPDX-License-Identifier: MIT */
/*
 * The fast copy: one step for plain links, used by lists and caches.
 *
 * A link is plain if it has few attributes, all of which stay as they are, none of them nested:
 * almost all links are. Its copy is the one that internal/list/link_copy.h makes, at a quarter of
 * the instructions.
 *
 * A link whose texts are all static texts of the library, as the factories make them, is only
 * looked at while it is copied: no function is called on the way, so that all stays in registers.
 * Every other link is left to slnk_plain_finish().
 */
#ifndef SPANLINK_INTERNAL_LIST_LINK_PLAIN_H
#define SPANLINK_INTERNAL_LIST_LINK_PLAIN_H

#include "internal/compiler.h"
#include "internal/list/link_copy.h"
#include "internal/names.h"

/* Whether an attribute can stay as it is, beside those in front of it: for sure if true. Keys of
 * different lengths are different keys. */
static inline bool slnk_plain_is_static(const spanlink_attribute *attributes, size_t index,
                                        size_t max_value_length) {
    const spanlink_attribute *attribute = &attributes[index];
    if (attribute->key.len == 0 || !slnk_name_owned(attribute->key.ptr)) {
        return false;
    }
    switch (attribute->value.type) {
    case SPANLINK_VALUE_EMPTY:
    case SPANLINK_VALUE_BOOL:
    case SPANLINK_VALUE_INT:
    case SPANLINK_VALUE_DOUBLE:
        break;
    case SPANLINK_VALUE_STRING:
        if (!slnk_name_owned(attribute->value.string_value.ptr) ||
            attribute->value.string_value.len > max_value_length) {
            return false;
        }
        break;
    default:
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
 * Copies the texts behind the attributes of a copy that holds everything else, in a block of `room`
 * bytes. False if the link is not plain, or does not fit; else *size is what the block takes.
 */
bool slnk_plain_finish(spanlink_link *copy, void *block, size_t room, size_t max_value_length,
                       size_t *size);

/*
 * Copies a plain link: what it points to into a block of `room` bytes, aligned to 8. Then *size is
 * how many of them it takes, a multiple of 8, 0 for a link that needs no block.
 *
 * False if the link is not plain, or does not fit: then block and copy hold nothing of meaning.
 * Nothing else is written than these, so that both may be memory that nobody has taken yet.
 */
static SLNK_MERGED bool slnk_plain_copy(const spanlink_link *link, const spanlink_limits *limits,
                                        void *block, size_t room, spanlink_link *copy,
                                        size_t *size) {
    size_t count = link->attribute_count;
    if (count > SLNK_COPY_FEW || count > limits->max_attributes) {
        return false;
    }
    size_t structure = (count * sizeof *link->attributes + 7) & ~(size_t)7;
    if (structure > room) {
        return false;
    }
    spanlink_attribute *attributes = block;
    bool all_static = link->context.trace_state.len == 0;
    for (size_t i = 0; i < count; i++) {
        attributes[i] = link->attributes[i];
        if (!slnk_plain_is_static(link->attributes, i, limits->max_value_length)) {
            all_static = false;
        }
    }
    *copy = *link;
    copy->attributes = count != 0 ? attributes : NULL;
    if (!all_static) {
        return slnk_plain_finish(copy, block, room, limits->max_value_length, size);
    }
    copy->context.trace_state.ptr = slnk_names.empty;
    *size = structure;
    return true;
}

#endif
