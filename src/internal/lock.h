/* SPDX-License-Identifier: MIT */
/*
 * Monitors, and everything else that the library needs of a platform's threads.
 *
 * A slnk_lock is the platform's mutex with a condition variable: Windows' own, POSIX's, or C11's if
 * there is no <pthread.h>. With glibc, POSIX's mutex takes three quarters of the time of C11's,
 * which is built on it, and tools such as ThreadSanitizer and helgrind support it.
 * SPANLINK_C11_THREADS selects C11's anyway; threads must not be cancelled then, which C11 does not
 * support. With SPANLINK_NO_THREADS nothing is locked, and each object must be used by one thread
 * only.
 */
#ifndef SPANLINK_INTERNAL_LOCK_H
#define SPANLINK_INTERNAL_LOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* SLNK_LOCK_WINDOWS, _POSIX or _C11; none of them: no threads. */
#if defined(SPANLINK_NO_THREADS)
#elif defined(SPANLINK_C11_THREADS)
#define SLNK_LOCK_C11
#elif defined(_WIN32)
#define SLNK_LOCK_WINDOWS
#elif !defined(__has_include)
#define SLNK_LOCK_POSIX
#elif __has_include(<pthread.h>)
#define SLNK_LOCK_POSIX
#elif __has_include(<threads.h>) && !defined(__STDC_NO_THREADS__)
#define SLNK_LOCK_C11
#else
#error "There is neither <pthread.h> nor <threads.h>: define SPANLINK_NO_THREADS."
#endif

#if defined(SLNK_LOCK_C11) && defined(__has_include)
#if !__has_include(<threads.h>)
#error "SPANLINK_C11_THREADS needs <threads.h>: leave it out, or define SPANLINK_NO_THREADS."
#endif
#endif

/* The platform's own mutex and condition variable. */
#if defined(SLNK_LOCK_WINDOWS)
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
typedef SRWLOCK slnk_lock_mutex;
typedef CONDITION_VARIABLE slnk_lock_condition;
#elif defined(SLNK_LOCK_POSIX)
#include <pthread.h>
typedef pthread_mutex_t slnk_lock_mutex;
typedef pthread_cond_t slnk_lock_condition;
#elif defined(SLNK_LOCK_C11)
#include <threads.h>
typedef mtx_t slnk_lock_mutex;
typedef cnd_t slnk_lock_condition;
#else
typedef char slnk_lock_mutex;
typedef char slnk_lock_condition;
#endif

/* Processors fetch cache lines in pairs: data written by two threads is kept this far apart. */
#define SLNK_LOCK_ALIGNMENT 128

/* The maximum number of shards that an object has by default. */
#ifdef SPANLINK_NO_THREADS
#define SLNK_LOCK_SHARDS 1
#else
#define SLNK_LOCK_SHARDS 64
#endif

/* The first aligned address from `block` on: less than SLNK_LOCK_ALIGNMENT away. */
static inline void *slnk_lock_align(void *block) {
    size_t over = (uintptr_t)block % SLNK_LOCK_ALIGNMENT;
    return (char *)block + (SLNK_LOCK_ALIGNMENT - over) % SLNK_LOCK_ALIGNMENT;
}

/* Selects one of `shards` by the upper half of a hash. */
static inline size_t slnk_lock_pick(uint64_t spread, size_t shards) {
    return (size_t)((spread >> 32) * shards >> 32);
}

/*
 * Hooks of the unit tests, which link a build of the library with SLNK_LOCK_TEST: whether a mutex
 * or condition variable could be created, that it is destroyed, that a lock is released, and
 * another number for the calling thread.
 */
#ifdef SLNK_LOCK_TEST
bool slnk_lock_test_made(bool made);
void slnk_lock_test_destroyed(void);
void slnk_lock_test_released(void);
uint64_t slnk_lock_test_number(uint64_t number);
#else
static inline bool slnk_lock_test_made(bool made) {
    return made;
}

static inline void slnk_lock_test_destroyed(void) {
}

static inline void slnk_lock_test_released(void) {
}

static inline uint64_t slnk_lock_test_number(uint64_t number) {
    return number;
}
#endif

/* Threads */

/* A number that identifies a running thread. */
static inline uint64_t slnk_lock_thread_number(void) {
#if defined(SPANLINK_NO_THREADS)
    return slnk_lock_test_number(0);
#elif defined(SLNK_LOCK_WINDOWS)
    return slnk_lock_test_number(GetCurrentThreadId());
#else
    static _Thread_local char mark; /* only its address is used */
    return slnk_lock_test_number((uintptr_t)&mark);
#endif
}

/*
 * Threads may be cancelled (pthread_cancel()). Waiting on a condition is a cancellation point, and
 * the caller's functions may have some; acquiring a lock is not.
 */

/* Runs a function; if the thread is cancelled in it, or leaves it by pthread_exit(), runs
 * `cancelled` as well. */
void slnk_lock_run(void (*run)(void *state), void *state, void (*cancelled)(void *state));

/* Defers cancellation of the calling thread until slnk_lock_accept_cancel() is called with the
 * returned state. */
int slnk_lock_defer_cancel(void);
void slnk_lock_accept_cancel(int before);

/* Locks */

typedef struct slnk_lock {
    slnk_lock_mutex mutex;
    slnk_lock_condition changed;
} slnk_lock;

/*
 * Creates `count` locks, each the first member of a struct of `stride` bytes: all of them or, if
 * the system fails, none.
 */
bool slnk_lock_init_all(slnk_lock *first, size_t stride, size_t count);
void slnk_lock_destroy_all(slnk_lock *first, size_t stride, size_t count);

/* From here on nothing can fail: the remaining errors are misuses that do not occur here. Without
 * threads, no other thread can hold a lock or be awaited. */

static inline void slnk_lock_acquire(slnk_lock *lock) {
#if defined(SLNK_LOCK_WINDOWS)
    AcquireSRWLockExclusive(&lock->mutex);
#elif defined(SLNK_LOCK_POSIX)
    (void)pthread_mutex_lock(&lock->mutex);
#elif defined(SLNK_LOCK_C11)
    (void)mtx_lock(&lock->mutex);
#else
    (void)lock;
#endif
}

static inline void slnk_lock_release(slnk_lock *lock) {
#if defined(SLNK_LOCK_WINDOWS)
    ReleaseSRWLockExclusive(&lock->mutex);
#elif defined(SLNK_LOCK_POSIX)
    (void)pthread_mutex_unlock(&lock->mutex);
#elif defined(SLNK_LOCK_C11)
    (void)mtx_unlock(&lock->mutex);
#else
    (void)lock;
#endif
    slnk_lock_test_released();
}

/*
 * Releases a lock, sleeps until slnk_lock_wake_all(), and acquires the lock again. It may wake
 * spuriously: the caller checks its condition. If the thread is cancelled, it holds the lock.
 */
static inline void slnk_lock_wait(slnk_lock *lock) {
#if defined(SLNK_LOCK_WINDOWS)
    (void)SleepConditionVariableSRW(&lock->changed, &lock->mutex, INFINITE, 0);
#elif defined(SLNK_LOCK_POSIX)
    (void)pthread_cond_wait(&lock->changed, &lock->mutex);
#elif defined(SLNK_LOCK_C11)
    (void)cnd_wait(&lock->changed, &lock->mutex);
#else
    (void)lock;
#endif
}

/* Wakes all threads that wait on a lock. The caller holds the lock. */
static inline void slnk_lock_wake_all(slnk_lock *lock) {
#if defined(SLNK_LOCK_WINDOWS)
    WakeAllConditionVariable(&lock->changed);
#elif defined(SLNK_LOCK_POSIX)
    (void)pthread_cond_broadcast(&lock->changed);
#elif defined(SLNK_LOCK_C11)
    (void)cnd_broadcast(&lock->changed);
#else
    (void)lock;
#endif
}

#endif
