/* SPDX-License-Identifier: MIT */
/*
 * Deep copies of links, each in one block of memory, under limits.
 *
 * A copy is made in two steps: the plan decides what stays and how much room that needs, and can
 * fail; the write cannot. The block holds, in this order:
 *
 *     attributes | one group for each array or map inside | texts
 *
 * A group is a header (length and kind) with its values or attributes; groups stand in the order in
 * which a walk over the block meets the values that own them, so that walks need no stack. Texts of
 * the library's own are not copied.
 */
#ifndef SPANLINK_INTERNAL_LINK_COPY_H
#define SPANLINK_INTERNAL_LINK_COPY_H

#include <spanlink/list.h>

/* Links with more attributes than this take a table from the heap to find equal keys. */
#define SPANLINK_COPY_FEW 16

/* Memory for planning links with many attributes or deep values, kept from one link to the next. */
typedef struct spanlink_copy_scratch {
    void *block;
    size_t size;
} spanlink_copy_scratch;

typedef struct spanlink_copy_plan {
    const spanlink_link *link;
    size_t max_value_length;
    const spanlink_attribute *
        *chosen; /* Whose value each attribute of the copy takes: `few` or scratch. */
    size_t count;
    size_t structure; /* Bytes before the texts. */
    size_t size;      /* Bytes in all: a multiple of 8, 0 for a link that needs no block. */
    uint32_t dropped; /* Attributes, those that the link had lost before included. */
    const spanlink_attribute *few[SPANLINK_COPY_FEW];
} spanlink_copy_plan;

/*
 * Decides what a copy of `link` under `limits` holds. The plan points into link and scratch, and
 * holds until either changes.
 *
 * OK, VALUE_TYPE, or NO_MEMORY (for the scratch, or where the size does not fit).
 */
spanlink_status spanlink_copy_make_plan(spanlink_copy_plan *plan, const spanlink_link *link,
                                        const spanlink_limits *limits,
                                        const spanlink_allocator *allocator,
                                        spanlink_copy_scratch *scratch);

/* Writes the copy into a block of plan->size bytes, aligned to 8. Cannot fail. */
void spanlink_copy_write(const spanlink_copy_plan *plan, void *block, spanlink_link *copy);

/* Makes a copy's pointers right after its block of `size` bytes has been moved from `from` to `to`.
 */
void spanlink_copy_moved(spanlink_link *copy, const void *from, size_t size, void *to);

void spanlink_copy_release_scratch(spanlink_copy_scratch *scratch,
                                   const spanlink_allocator *allocator);

#endif
