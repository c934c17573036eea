/* SPDX-License-Identifier: MIT */
/*
 * Deep copies of links, each in one block of memory, under limits.
 *
 * A copy is made in two steps: the plan decides what is kept and its size, and can fail; writing
 * cannot. The block contains, in this order:
 *
 *     attributes | the elements of each array and map, an outer one before those inside | texts
 *
 * Static texts of the library are not copied. Values nest at most SLNK_COPY_MAX_DEPTH deep, so that
 * each walk over them is a recursion with a bounded stack.
 */
#ifndef SPANLINK_INTERNAL_LIST_LINK_COPY_H
#define SPANLINK_INTERNAL_LIST_LINK_COPY_H

#include "internal/hash.h"
#include "internal/memory.h"

#include <spanlink/list.h>

/* Up to this number equal keys are found by comparing all pairs, which needs no memory. */
#define SLNK_COPY_FEW 16

/* The maximum depth of values in a copy, for any limit. */
enum { SLNK_COPY_MAX_DEPTH = 64 };

/*
 * Memory for choosing among many attributes, reused from link to link. The chosen attributes are a
 * stack: those of a link come first, followed by those of the map that is being walked.
 */
typedef struct slnk_copy_scratch {
    const spanlink_attribute **chosen; /* NULL: not needed yet */
    size_t room, used;                 /* of `chosen` */
    uint32_t *table;                   /* finds a chosen attribute by its key */
    size_t table_size;
    slnk_hash_seed
        seed; /* mixed with time and address, so callers' known seeds cannot be attacked */
} slnk_copy_scratch;

/* The number of nested arrays and maps that a copy keeps; a deeper one becomes empty. */
static inline size_t slnk_copy_max_depth(const spanlink_limits *limits) {
    return slnk_size_least(limits->max_value_depth, SLNK_COPY_MAX_DEPTH);
}

typedef struct slnk_copy_plan {
    const spanlink_link *link;
    const spanlink_limits *limits;
    slnk_copy_scratch *scratch;
    size_t count;     /* attributes of the copy */
    bool few;         /* whether they are in `chosen`, otherwise in the scratch */
    size_t structure; /* bytes before the texts */
    size_t size;      /* bytes in all: a multiple of 8, 0 for a link that needs no block */
    uint32_t dropped; /* attributes, including those that the link had already lost */
    const spanlink_attribute *chosen[SLNK_COPY_FEW];
} slnk_copy_plan;

/*
 * Decides what a copy of `link` under `limits` contains. The plan points to all four arguments, and
 * is valid until one of them changes.
 *
 * OK, VALUE_TYPE, or NO_MEMORY (for the scratch, or if the size does not fit in a size_t).
 */
spanlink_status slnk_copy_make_plan(slnk_copy_plan *plan, const spanlink_link *link,
                                    const spanlink_limits *limits,
                                    const spanlink_allocator *allocator,
                                    slnk_copy_scratch *scratch);

/* A hash of the attributes and the tracestate of a copy. */
uint64_t slnk_copy_digest(const slnk_copy_plan *plan, slnk_hash_seed seed);

/* Writes the copy into a block of plan->size bytes, aligned to 8. Cannot fail. */
void slnk_copy_write(const slnk_copy_plan *plan, void *block, spanlink_link *copy);

/* Corrects a copy's pointers after its block of `size` bytes was moved or copied from `from` to
 * `to`. */
void slnk_copy_moved(spanlink_link *copy, const void *from, size_t size, void *to);

void slnk_copy_release_scratch(slnk_copy_scratch *scratch, const spanlink_allocator *allocator);

/* The maximum size of a copy of a link with this number of attributes, elements included, and bytes
 * of text. */
size_t slnk_copy_bound(size_t attributes, size_t text);

/* The most bytes that the scratch for links with this number of attributes takes from a pool in
 * all. */
size_t slnk_copy_scratch_bound(size_t attributes);

#endif
