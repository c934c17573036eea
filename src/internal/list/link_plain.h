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

/* Whether an attribute stays as it is, if no other one has its key: for sure if true. */
static inline bool slnk_plain_is_static(const spanlink_attribute *attribute,
                                        size_t max_value_length) {
    if (attribute->key.len == 0 || !slnk_name_owned(attribute->key.ptr)) {
        return false;
    }
    switch (attribute->value.type) {
    case SPANLINK_VALUE_STRING:
        return slnk_name_owned(attribute->value.string_value.ptr) &&
               attribute->value.string_value.len <= max_value_length;
    case SPANLINK_VALUE_EMPTY:
    case SPANLINK_VALUE_BOOL:
    case SPANLINK_VALUE_INT:
    case SPANLINK_VALUE_DOUBLE:
        return true;
    default:
        return false;
    }
}

/* Whether the key of an attribute is another one than those in front of it: for sure if true, as
 * keys of different lengths are. */
static inline bool slnk_plain_is_new_key(const spanlink_attribute *attributes, size_t index) {
    size_t i = 0;
    while (i < index && attributes[i].key.len != attributes[index].key.len) {
        i++;
    }
    return i == index;
}

/* What a plain link takes apart from texts: a multiple of 8, also if an attribute is none. */
static inline size_t slnk_plain_structure(const spanlink_link *link) {
    return (link->attribute_count * sizeof *link->attributes + 7) & ~(size_t)7;
}

/* How far the fast copy has come. */
typedef enum slnk_plain_step {
    SLNK_PLAIN_DONE,  /* the copy is complete, and its block takes slnk_plain_structure() */
    SLNK_PLAIN_TEXTS, /* if the link is plain, slnk_plain_finish() completes the copy */
    SLNK_PLAIN_OTHER  /* the link is not plain, or does not fit */
} slnk_plain_step;

/*
 * Begins to copy a link: what it points to into a block of `room` bytes, aligned to 8. Nothing is
 * written but block and copy, so that both may be memory that nobody has taken yet.
 */
static SLNK_MERGED slnk_plain_step slnk_plain_begin(const spanlink_link *link,
                                                    const spanlink_limits *limits, void *block,
                                                    size_t room, spanlink_link *copy) {
    size_t count = link->attribute_count;
    if (count > SLNK_COPY_FEW || count > limits->max_attributes ||
        slnk_plain_structure(link) > room) {
        return SLNK_PLAIN_OTHER;
    }
    const spanlink_attribute *from = link->attributes;
    spanlink_attribute *attributes = block;
    bool is_done = link->context.trace_state.len == 0;
    for (size_t i = 0; i < count; i++) {
        attributes[i] = from[i];
        if (!slnk_plain_is_static(&from[i], limits->max_value_length) ||
            !slnk_plain_is_new_key(from, i)) {
            is_done = false;
        }
    }
    *copy = *link;
    copy->attributes = count != 0 ? attributes : NULL;
    if (!is_done) {
        return SLNK_PLAIN_TEXTS;
    }
    copy->context.trace_state.ptr = slnk_names.empty;
    return SLNK_PLAIN_DONE;
}

/*
 * Copies the texts of a copy that was begun behind its attributes. False if the link is not plain,
 * or does not fit: then block and copy hold nothing of meaning. Else *size is what the block takes,
 * a multiple of 8.
 */
bool slnk_plain_finish(spanlink_link *copy, void *block, size_t room, size_t max_value_length,
                       size_t *size);

/* Both steps. */
static inline bool slnk_plain_copy(const spanlink_link *link, const spanlink_limits *limits,
                                   void *block, size_t room, spanlink_link *copy, size_t *size) {
    *size = slnk_plain_structure(link);
    slnk_plain_step step = slnk_plain_begin(link, limits, block, room, copy);
    return step == SLNK_PLAIN_DONE ||
           (step == SLNK_PLAIN_TEXTS &&
            slnk_plain_finish(copy, block, room, limits->max_value_length, size));
}

#endif
