/* SPDX-License-Identifier: MIT */
/* How objects take memory from their allocator, and sizes that cannot overflow. */
#ifndef SPANLINK_INTERNAL_MEMORY_H
#define SPANLINK_INTERNAL_MEMORY_H

#include "internal/bytes.h"

#include <spanlink/base.h>

#include <stdalign.h>

/*
 * A pool's blocks are multiples of this: aligned for everything, and, where that is less (s390x
 * aligns to 8), room for the size and the pointer that a free block holds.
 */
enum {
    SLNK_MEMORY_GRANULE =
        alignof(max_align_t) > 2 * sizeof(size_t) ? alignof(max_align_t) : 2 * sizeof(size_t)
};

/*
 * Completes the allocator that options hold: three NULLs become malloc(), realloc() and free(), if
 * this build has them. False if a function is still missing.
 */
bool slnk_memory_complete(spanlink_allocator *allocator);

static inline void *slnk_memory_allocate(const spanlink_allocator *allocator, size_t size) {
    return allocator->allocate(allocator->state, size);
}

/* Like realloc(): a NULL block of size 0 is allocated anew. */
static inline void *slnk_memory_resize(const spanlink_allocator *allocator, void *block,
                                       size_t old_size, size_t new_size) {
    return block == NULL ? allocator->allocate(allocator->state, new_size)
                         : allocator->resize(allocator->state, block, old_size, new_size);
}

static inline void slnk_memory_release(const spanlink_allocator *allocator, void *block,
                                       size_t size) {
    if (block != NULL) {
        allocator->release(allocator->state, block, size);
    }
}

/* Sums and products that stay at SIZE_MAX, which no allocator can give, rather than wrap. */
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

/* A copy and a comparison that accept an empty view's NULL, which memcpy() and memcmp() do not. */
static inline void slnk_memory_copy(void *to, const void *from, size_t size) {
    if (size != 0) {
        memcpy(to, from, size);
    }
}

static inline bool slnk_memory_same_text(spanlink_str a, spanlink_str b) {
    return a.len == b.len && slnk_bytes_equal(a.ptr, b.ptr, a.len);
}

#endif
