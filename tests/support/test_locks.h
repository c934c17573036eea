/* SPDX-License-Identifier: MIT */
/*
 * What the library's build for unit tests (SLNK_LOCK_TEST) asks about its locks: see
 * src/internal/lock.h.
 */
#ifndef TEST_LOCKS_H
#define TEST_LOCKS_H

#include <stdbool.h>
#include <stdint.h>

/* How many mutexes and condition variables can still be made; a negative number: any. Starts so. */
extern int test_locks_left;

/* How many there are: made, and not destroyed yet. */
extern int test_locks_live;

/* If not 0, what every thread takes for its number: one thread then passes for several. */
extern uint64_t test_locks_thread;

#endif
