/* SPDX-License-Identifier: MIT */
/*
 * An allocator that counts, and that fails when it is told to. Each block remembers its size, so
 * that a release or resize with another size is caught. Blocks are aligned to 8, and no more.
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
    bool fail_on;       /* that call, and all that follow, fail */
    size_t failures;    /* calls that failed so */
    size_t wrong_sizes; /* calls that named another size than the block has, or that ask for
                           nothing, or for more than there can be */
} test_allocator;

/* The state starts zeroed. Not thread-safe. */
spanlink_allocator test_allocator_interface(test_allocator *state);

#endif
