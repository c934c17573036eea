/* SPDX-License-Identifier: MIT */
/*
 * Hooks for the locks of the library's build for unit tests (SLNK_LOCK_TEST): see
 * src/internal/lock.h.
 */
#ifndef TEST_LOCKS_H
#define TEST_LOCKS_H

#include <stdbool.h>
#include <stdint.h>

/* The number of mutexes and condition variables that can still be created; negative, which is the
 * initial value: any number. */
extern int test_locks_left;

/* The number of existing ones: created and not yet destroyed. */
extern int test_locks_live;

/* If not NULL, called once, when a lock is released: what another thread does at that moment. */
extern void (*test_locks_released)(void);

/* If not 0, the number of every thread, so that one thread can act as several. */
extern uint64_t test_locks_thread;

#endif
