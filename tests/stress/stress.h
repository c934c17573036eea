/* SPDX-License-Identifier: MIT */
/*
 * Shared by the stress tests: threads, and a thread-safe allocator.
 *
 * Threads are pthreads, which ThreadSanitizer understands. They record results; only the main
 * thread asserts. They share little besides the object under test, because a lock of the test
 * itself could hide a missing lock of the library.
 */
#ifndef STRESS_H
#define STRESS_H

#include "test.h"
#include "test_links.h"

#include <pthread.h>
#include <sched.h>

enum { STRESS_MOST_THREADS = 8 };

/* The amount of work for each thread: STRESS_SIZE in the environment, smaller under slow tools. */
extern size_t stress_size;

/* Defines a test that runs with 2, 4 and 8 threads. */
#define STRESS_TEST(name)                                                                          \
    static void name##_among(size_t threads);                                                      \
    TEST(name) {                                                                                   \
        stress_run(name##_among);                                                                  \
    }                                                                                              \
    static void name##_among(size_t threads)

void stress_run(void (*test)(size_t threads));

typedef struct stress_crew {
    pthread_t threads[2 * STRESS_MOST_THREADS];
    size_t count;
    pthread_mutex_t mutex;
    size_t busy; /* guarded by the mutex */
} stress_crew;

void stress_begin(stress_crew *crew);
void stress_start(stress_crew *crew, void *(*run)(void *), void *state);

/* A thread that counts as busy until it calls stress_done(). */
void stress_start_busy(stress_crew *crew, void *(*run)(void *), void *state);
void stress_done(stress_crew *crew);
bool stress_is_busy(stress_crew *crew);

/* Yields from time to time, because few processors and slow tools give a thread long time slices.
 */
void stress_yield(uint64_t step);

/* Waits for all threads. */
void stress_end(stress_crew *crew);

/* malloc() that counts live blocks, and fails at every `fail_each`th call. */
typedef struct stress_memory {
    pthread_mutex_t mutex;
    size_t calls, fail_each, live_blocks;
} stress_memory;

spanlink_allocator stress_memory_begin(stress_memory *memory, size_t fail_each);

/* Asserts that all blocks were released. */
void stress_memory_end(stress_memory *memory);

#endif
