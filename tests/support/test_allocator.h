/* SPDX-License-Identifier: MIT */
/*
 * An allocator that counts its calls, and fails on request. Each block stores its size, so that a
 * release or resize with a wrong size is detected. Blocks are aligned to 8 bytes, not to more.
 */
#ifndef TEST_ALLOCATOR_H
#define TEST_ALLOCATOR_H

#include <spanlink/base.h>

typedef struct test_allocator {
    size_t live_blocks;
    size_t live_bytes;
    size_t peak_bytes;
    size_t calls;       /* allocate and resize calls so far */
    size_t fail_at;     /* the number of the call that fails, from 1; 0: none */
    bool fail_on;       /* all later calls fail, too */
    size_t failures;    /* number of these failures */
    size_t wrong_sizes; /* calls with a size that is not the block's, that is 0, or that is above
                           PTRDIFF_MAX */
} test_allocator;

/* The state starts zeroed. Not thread-safe. */
spanlink_allocator test_allocator_interface(test_allocator *state);

#endif
