/* SPDX-License-Identifier: MIT */
/*
 * The fast copy: one step for plain links, used by lists and caches.
 *
 * A link is plain if it has few attributes that are all kept unchanged, none of them nested, as
 * almost all links are. The copy is the same as that of internal/list/link_copy.h, at a quarter of
 * the instructions.
 *
 * A link with only static texts of the library, as the factories make it, is copied inline: no
 * function is called, so that everything stays in registers. All other cases go to
 * slnk_plain_finish().
 */
#ifndef SPANLINK_INTERNAL_LIST_LINK_PLAIN_H
#define SPANLINK_INTERNAL_LIST_LINK_PLAIN_H

#include "internal/compiler.h"
#include "internal/list/link_copy.h"
#include "internal/names.h"

/* Whether an attribute is kept unchanged, if no other one has its key. May be false for an
 * attribute that is. */
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

/* Whether no attribute before this one has its key. True only if the lengths differ, so it may be
 * false for a new key. */
static inline bool slnk_plain_is_new_key(const spanlink_attribute *attributes, size_t index) {
    size_t i = 0;
    while (i < index && attributes[i].key.len != attributes[index].key.len) {
        i++;
    }
    return i == index;
}

/* The size of a plain link without texts: a multiple of 8, also if an attribute is not plain. */
static inline size_t slnk_plain_structure(const spanlink_link *link) {
    return (link->attribute_count * sizeof *link->attributes + 7) & ~(size_t)7;
}

/* The progress of the fast copy. */
typedef enum slnk_plain_step {
    SLNK_PLAIN_DONE,  /* the copy is complete, and its block takes slnk_plain_structure() */
    SLNK_PLAIN_TEXTS, /* if the link is plain, slnk_plain_finish() completes the copy */
    SLNK_PLAIN_OTHER  /* the link is not plain, or does not fit */
} slnk_plain_step;

/*
 * Begins to copy a link: its attributes go into a block of `room` bytes, aligned to 8. Writes only
 * to block and copy, so that both may be memory that has not been taken yet.
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
 * Copies the texts, after the attributes of a copy that was begun. False if the link is not plain,
 * or does not fit: then the content of block and copy has no meaning. Otherwise *size is the size
 * of the block, a multiple of 8.
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
