/* SPDX-License-Identifier: MIT */
#include "test_allocator.h"

#include <stdalign.h>
#include <stdlib.h>

/* In front of each block; as large as the alignment, so that the block keeps malloc's. */
typedef union header {
    size_t size;
    max_align_t align;
} header;

/* More than a test ever needs: no machine is asked for it, since not all of them answer with NULL.
 */
enum { MOST = 1 << 30 };

static bool is_told_to_fail(const test_allocator *self) {
    return self->fail_at != 0 &&
           (self->calls == self->fail_at || (self->fail_on && self->calls > self->fail_at));
}

static bool fails(test_allocator *self, size_t size) {
    self->calls++;
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
    header *block = fails(self, size) ? NULL : malloc(sizeof *block + size);
    if (block == NULL) {
        return NULL;
    }
    block->size = size;
    self->live_blocks++;
    count(self, 0, size);
    return block + 1;
}

static void check_size(test_allocator *self, const header *block, size_t size) {
    self->wrong_sizes += block->size != size;
}

static void *resize(void *state, void *old, size_t old_size, size_t new_size) {
    test_allocator *self = state;
    header *block = (header *)old - 1;
    check_size(self, block, old_size);
    if (fails(self, new_size)) {
        return NULL;
    }
    header *moved = realloc(block, sizeof *block + new_size);
    if (moved == NULL) {
        return NULL;
    }
    moved->size = new_size;
    count(self, old_size, new_size);
    return moved + 1;
}

static void release(void *state, void *old, size_t size) {
    test_allocator *self = state;
    header *block = (header *)old - 1;
    check_size(self, block, size);
    self->live_blocks--;
    count(self, block->size, 0);
    free(block);
}

spanlink_allocator test_allocator_interface(test_allocator *state) {
    return (spanlink_allocator){state, allocate, resize, release};
}
