/* SPDX-License-Identifier: MIT */
/*
 * Deep copies of links, each in one block of memory, under limits.
 *
 * A copy is made in two steps: the plan decides what stays and how much room that needs, and can
 * fail; the write cannot. The block holds, in this order:
 *
 *     attributes | a group for each array and map that is not empty | texts
 *
 * A group is a header (length and kind) with its values or attributes. Groups stand in the order in
 * which a walk from the front meets the values that own them, so that no walk over a copy needs a
 * stack. Texts of the library's own are not copied.
 */
#ifndef SPANLINK_INTERNAL_LIST_LINK_COPY_H
#define SPANLINK_INTERNAL_LIST_LINK_COPY_H

#include "internal/hash.h"

#include <spanlink/list.h>

/* Up to here equal keys are found by comparing each with each, which needs no memory. */
#define SLNK_COPY_FEW 16

/* Memory for planning links with many attributes or very deep values, kept from link to link. */
typedef struct slnk_copy_scratch {
    const spanlink_attribute **chosen; /* followed by the table, in one block */
    size_t chosen_bytes;
    void *levels; /* arrays and maps that a walk has entered */
    size_t levels_bytes;
    slnk_hash_seed seed; /* not just what a caller gave: who knows that can't aim at keys */
} slnk_copy_scratch;

typedef struct slnk_copy_plan {
    const spanlink_link *link;
    size_t max_value_length;
    const spanlink_attribute *
        *chosen; /* for each attribute of the copy, the one that gives its value */
    size_t count;
    size_t structure; /* bytes before the texts */
    size_t size;      /* bytes in all: a multiple of 8, 0 for a link that needs no block */
    uint32_t dropped; /* attributes, those that the link had lost before included */
    const spanlink_attribute *few[SLNK_COPY_FEW];
} slnk_copy_plan;

/*
 * Decides what a copy of `link` under `limits` holds. The plan points into link and scratch, and
 * holds until either changes.
 *
 * OK, VALUE_TYPE, or NO_MEMORY (for the scratch, or where the size does not fit).
 */
spanlink_status slnk_copy_make_plan(slnk_copy_plan *plan, const spanlink_link *link,
                                    const spanlink_limits *limits,
                                    const spanlink_allocator *allocator,
                                    slnk_copy_scratch *scratch);

/* Writes the copy into a block of plan->size bytes, aligned to 8. Cannot fail. */
void slnk_copy_write(const slnk_copy_plan *plan, void *block, spanlink_link *copy);

/* The block that a copy lives in; NULL for one that needed none. */
static inline void *slnk_copy_block(const spanlink_link *copy) {
    const void *block = copy->attribute_count != 0           ? (const void *)copy->attributes
                        : copy->context.trace_state.len != 0 ? copy->context.trace_state.ptr
                                                             : NULL;
    return (void *)(uintptr_t)block;
}

/* Makes a copy's pointers right after its block was moved from `from` to `to`. */
void slnk_copy_moved(spanlink_link *copy, const void *from, void *to);

void slnk_copy_release_scratch(slnk_copy_scratch *scratch, const spanlink_allocator *allocator);

/* The most bytes that a copy takes of a link with so many attributes, elements counted, and text.
 */
size_t slnk_copy_bound(size_t attributes, size_t text);

/* The most bytes of scratch for links with so many attributes, over its whole life, `granule` a
 * block. */
size_t slnk_copy_scratch_bound(size_t attributes, size_t granule);

#endif
