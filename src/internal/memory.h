/* SPDX-License-Identifier: MIT */
/* How objects use their allocator, and sizes that cannot overflow. */
#ifndef SPANLINK_INTERNAL_MEMORY_H
#define SPANLINK_INTERNAL_MEMORY_H

#include "internal/bytes.h"

#include <spanlink/base.h>

#include <stdalign.h>

/* The alignment of every block: 8, which the pools of nginx and PostgreSQL guarantee. Nothing in a
 * block may need more, unless it is moved to an aligned address, as locks are. */
enum { SLNK_MEMORY_ALIGNMENT = 8 };
_Static_assert(alignof(void *) <= SLNK_MEMORY_ALIGNMENT, "blocks hold pointers");
_Static_assert(alignof(size_t) <= SLNK_MEMORY_ALIGNMENT, "blocks hold sizes");
_Static_assert(alignof(uint64_t) <= SLNK_MEMORY_ALIGNMENT, "blocks hold integers");
_Static_assert(alignof(double) <= SLNK_MEMORY_ALIGNMENT, "blocks hold doubles");

/* The granularity of a pool's blocks: a free block contains a size and a pointer. */
enum { SLNK_MEMORY_GRANULE = sizeof(size_t) < 4 ? 8 : 2 * sizeof(size_t) };

/* The largest block that is requested from an allocator. A larger one cannot exist, and a size that
 * overflowed a size_t is larger. */
#define SLNK_MEMORY_LARGEST ((size_t)PTRDIFF_MAX)

/*
 * Completes the allocator of options: three NULLs become malloc(), realloc() and free(), if this
 * build has them. False if a function is missing.
 */
bool slnk_memory_complete(spanlink_allocator *allocator);

static inline void *slnk_memory_allocate(const spanlink_allocator *allocator, size_t size) {
    return size > SLNK_MEMORY_LARGEST ? NULL : allocator->allocate(allocator->state, size);
}

/* Like realloc(): if the block is NULL, with size 0, a new one is allocated. */
static inline void *slnk_memory_resize(const spanlink_allocator *allocator, void *block,
                                       size_t old_size, size_t new_size) {
    if (block == NULL) {
        return slnk_memory_allocate(allocator, new_size);
    }
    return new_size > SLNK_MEMORY_LARGEST
               ? NULL
               : allocator->resize(allocator->state, block, old_size, new_size);
}

static inline void slnk_memory_release(const spanlink_allocator *allocator, void *block,
                                       size_t size) {
    if (block != NULL) {
        allocator->release(allocator->state, block, size);
    }
}

/*
 * Sums and products that saturate at SIZE_MAX, which no allocator can provide, instead of wrapping.
 */
static inline size_t slnk_size_add(size_t a, size_t b) {
    return a > SIZE_MAX - b ? SIZE_MAX : a + b;
}

static inline size_t slnk_size_multiply(size_t a, size_t b) {
    return b != 0 && a > SIZE_MAX / b ? SIZE_MAX : a * b;
}

static inline size_t slnk_size_least(size_t a, size_t b) {
    return a < b ? a : b;
}

static inline size_t slnk_size_most(size_t a, size_t b) {
    return a > b ? a : b;
}

/* The total bytes that an array takes from a pool if it grows from `first` elements to `last`, at
 * least doubling each time. */
static inline size_t slnk_memory_growth(size_t first, size_t last, size_t each) {
    size_t sum = 0;
    for (size_t count = last; count != 0; count = count / 2 < first ? 0 : count / 2) {
        sum = slnk_size_add(
            sum, slnk_size_add(slnk_size_multiply(count, each), SLNK_MEMORY_GRANULE - 1));
    }
    return sum;
}

/* Whether two texts have the same bytes; neither is NULL with a length. */
static inline bool slnk_memory_same_text(spanlink_str a, spanlink_str b) {
    return a.len == b.len && slnk_bytes_equal(a.ptr, b.ptr, a.len);
}

#endif
