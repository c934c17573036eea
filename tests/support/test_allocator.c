/* SPDX-License-Identifier: MIT */
#include "test_allocator.h"

#include <stdlib.h>

/*
 * The distance from a block's size to the block. malloc() aligns to 16, so a block's address is an
 * odd multiple of 8: an allocator guarantees no larger alignment, and sanitizers report code that
 * needs one.
 */
enum { IN_FRONT = 24 };

static size_t *size_of(void *block) {
    return (size_t *)(void *)((char *)block - IN_FRONT);
}

/* The block in the memory of malloc(); NULL if that failed. */
static void *block_behind(void *start, size_t size) {
    if (start == NULL) {
        return NULL;
    }
    void *block = (char *)start + IN_FRONT;
    *size_of(block) = size;
    return block;
}

/* More than a test ever needs. Larger requests fail here, because not every system refuses them. */
enum { MOST = 1 << 30 };

static bool is_told_to_fail(const test_allocator *self) {
    return self->fail_at != 0 &&
           (self->calls == self->fail_at || (self->fail_on && self->calls > self->fail_at));
}

static bool fails(test_allocator *self, size_t size) {
    self->calls++;
    self->wrong_sizes += size == 0 || size > PTRDIFF_MAX;
    if (is_told_to_fail(self)) {
        self->failures++;
        return true;
    }
    return size > MOST;
}

static void count(test_allocator *self, size_t released, size_t taken) {
    self->live_bytes = self->live_bytes - released + taken;
    if (self->live_bytes > self->peak_bytes) {
        self->peak_bytes = self->live_bytes;
    }
}

static void *allocate(void *state, size_t size) {
    test_allocator *self = state;
    void *block = fails(self, size) ? NULL : block_behind(malloc(IN_FRONT + size), size);
    if (block != NULL) {
        self->live_blocks++;
        count(self, 0, size);
    }
    return block;
}

static void check_size(test_allocator *self, void *block, size_t size) {
    self->wrong_sizes += *size_of(block) != size;
}

static void *resize(void *state, void *old, size_t old_size, size_t new_size) {
    test_allocator *self = state;
    check_size(self, old, old_size);
    if (fails(self, new_size)) {
        return NULL;
    }
    void *moved = block_behind(realloc(size_of(old), IN_FRONT + new_size), new_size);
    if (moved != NULL) {
        count(self, old_size, new_size);
    }
    return moved;
}

static void release(void *state, void *old, size_t size) {
    test_allocator *self = state;
    check_size(self, old, size);
    self->live_blocks--;
    count(self, *size_of(old), 0);
    free(size_of(old));
}

spanlink_allocator test_allocator_interface(test_allocator *state) {
    return (spanlink_allocator){state, allocate, resize, release};
}
