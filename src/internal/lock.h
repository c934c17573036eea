/* SPDX-License-Identifier: MIT */
/*
 * Locks, and all else that this library asks of a platform's threads.
 *
 * Three layers, each on the one before:
 *
 *     slnk_lock_room    a mutex with a condition variable, as the platform has them
 *     slnk_lock         what guards a shard: one word, and a room to sleep in
 *     slnk_lock_wait()  sleeps until another thread has done something under a slnk_lock
 *
 * The platform is C11's <threads.h> where it is there, else pthread. With SPANLINK_NO_THREADS
 * nothing is locked, and every object belongs to one thread. SPANLINK_PTHREADS takes pthread even
 * where C11 threads are. SPANLINK_MUTEX_ONLY makes each slnk_lock a plain mutex, for tools that
 * understand no other lock (helgrind) and for compilers without atomics.
 */
#ifndef SPANLINK_INTERNAL_LOCK_H
#define SPANLINK_INTERNAL_LOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if !defined(SPANLINK_PTHREADS) && !defined(__STDC_NO_THREADS__) && defined(__has_include)
#if __has_include(<threads.h>)
#define SLNK_LOCK_C11
#endif
#endif

#if defined(SLNK_LOCK_C11) && !defined(SPANLINK_NO_THREADS)
#include <threads.h>
#elif !defined(SPANLINK_NO_THREADS)
#include <pthread.h>
#endif

#if !defined(SPANLINK_NO_THREADS) && !defined(SPANLINK_MUTEX_ONLY) && !defined(__STDC_NO_ATOMICS__)
#define SLNK_LOCK_WORD
#include <stdatomic.h>
#endif

/* Processors fetch cache lines in pairs: what two threads write stands this far apart. */
#define SLNK_LOCK_ALIGNMENT 128

/* The most shards that an object chooses by itself. */
#ifdef SPANLINK_NO_THREADS
#define SLNK_LOCK_SHARDS 1
#else
#define SLNK_LOCK_SHARDS 64
#endif

/* The first address from `block` on that stands so: less than SLNK_LOCK_ALIGNMENT further. */
static inline void *slnk_lock_align(void *block) {
    size_t over = (uintptr_t)block % SLNK_LOCK_ALIGNMENT;
    return (char *)block + (SLNK_LOCK_ALIGNMENT - over) % SLNK_LOCK_ALIGNMENT;
}

/* Chooses one of `shards` by the upper half of a number that is spread over 64 bits. */
static inline size_t slnk_lock_pick(uint64_t spread, size_t shards) {
    return (size_t)((spread >> 32) * shards >> 32);
}

/*
 * Hooks of the unit tests, which link a build of the library with SLNK_LOCK_TEST: whether a
 * mutex or condition variable could be made, that one is destroyed, that a thread goes to sleep,
 * and another number for the thread that runs.
 */
#ifdef SLNK_LOCK_TEST
bool slnk_lock_test_made(bool made);
void slnk_lock_test_destroyed(void);
void slnk_lock_test_sleeps(void);
uint64_t slnk_lock_test_number(uint64_t number);
#else
static inline bool slnk_lock_test_made(bool made) {
    return made;
}

static inline void slnk_lock_test_destroyed(void) {
}

static inline void slnk_lock_test_sleeps(void) {
}

static inline uint64_t slnk_lock_test_number(uint64_t number) {
    return number;
}
#endif

#ifdef SPANLINK_NO_THREADS

typedef struct slnk_lock {
    char unused;
} slnk_lock;
typedef slnk_lock slnk_lock_room;
typedef char slnk_lock_thread;

static inline slnk_lock_thread slnk_lock_self(void) {
    return 0;
}

static inline bool slnk_lock_same_thread(slnk_lock_thread a, slnk_lock_thread b) {
    return a == b;
}

static inline uint64_t slnk_lock_thread_number(void) {
    return slnk_lock_test_number(0);
}

static inline bool slnk_lock_init(slnk_lock *lock) {
    lock->unused = 0;
    return slnk_lock_test_made(true);
}

static inline bool slnk_lock_room_init(slnk_lock_room *room) {
    return slnk_lock_init(room);
}

static inline void slnk_lock_destroy(slnk_lock *lock) {
    (void)lock;
    slnk_lock_test_destroyed();
}

static inline void slnk_lock_room_destroy(slnk_lock_room *room) {
    slnk_lock_destroy(room);
}

static inline void slnk_lock_acquire(slnk_lock *lock) {
    (void)lock;
}

static inline void slnk_lock_release(slnk_lock *lock) {
    (void)lock;
}

/* There is no other thread to wait for: what calls this has found one, and can't have. */
static inline void slnk_lock_wait(slnk_lock *lock, slnk_lock_room *room) {
    (void)lock;
    (void)room;
}

static inline void slnk_lock_wake_all(slnk_lock_room *room) {
    (void)room;
}

#else

/*
 * The platform. A mutex or condition variable that was made works: the faults that are left are
 * ones that this library does not make.
 */
#ifdef SLNK_LOCK_C11

typedef mtx_t slnk_lock_mutex;
typedef cnd_t slnk_lock_condition;
typedef thrd_t slnk_lock_thread;

/*
 * ThreadSanitizer knows pthread's functions, but not those of <threads.h>: it is told what they put
 * in order.
 */
#if defined(__SANITIZE_THREAD__)
#define SLNK_LOCK_TSAN
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SLNK_LOCK_TSAN
#endif
#endif

#ifdef SLNK_LOCK_TSAN
void __tsan_acquire(void *address);
void __tsan_release(void *address);

static inline void slnk_lock_entered(slnk_lock_mutex *mutex) {
    __tsan_acquire(mutex);
}

static inline void slnk_lock_leaving(slnk_lock_mutex *mutex) {
    __tsan_release(mutex);
}
#else
static inline void slnk_lock_entered(slnk_lock_mutex *mutex) {
    (void)mutex;
}

static inline void slnk_lock_leaving(slnk_lock_mutex *mutex) {
    (void)mutex;
}
#endif

static inline bool slnk_lock_mutex_init(slnk_lock_mutex *mutex) {
    return mtx_init(mutex, mtx_plain) == thrd_success;
}

static inline void slnk_lock_mutex_destroy(slnk_lock_mutex *mutex) {
    mtx_destroy(mutex);
    slnk_lock_test_destroyed();
}

static inline void slnk_lock_mutex_enter(slnk_lock_mutex *mutex) {
    (void)mtx_lock(mutex);
    slnk_lock_entered(mutex);
}

static inline void slnk_lock_mutex_leave(slnk_lock_mutex *mutex) {
    slnk_lock_leaving(mutex);
    (void)mtx_unlock(mutex);
}

static inline bool slnk_lock_condition_init(slnk_lock_condition *condition) {
    return cnd_init(condition) == thrd_success;
}

static inline void slnk_lock_condition_destroy(slnk_lock_condition *condition) {
    cnd_destroy(condition);
    slnk_lock_test_destroyed();
}

static inline void slnk_lock_condition_wait(slnk_lock_condition *condition,
                                            slnk_lock_mutex *mutex) {
    slnk_lock_leaving(mutex);
    (void)cnd_wait(condition, mutex);
    slnk_lock_entered(mutex);
}

static inline void slnk_lock_condition_wake_one(slnk_lock_condition *condition) {
    (void)cnd_signal(condition);
}

static inline void slnk_lock_condition_wake_all(slnk_lock_condition *condition) {
    (void)cnd_broadcast(condition);
}

static inline slnk_lock_thread slnk_lock_self(void) {
    return thrd_current();
}

static inline bool slnk_lock_same_thread(slnk_lock_thread a, slnk_lock_thread b) {
    return thrd_equal(a, b) != 0;
}

#else

typedef pthread_mutex_t slnk_lock_mutex;
typedef pthread_cond_t slnk_lock_condition;
typedef pthread_t slnk_lock_thread;

static inline bool slnk_lock_mutex_init(slnk_lock_mutex *mutex) {
    return pthread_mutex_init(mutex, NULL) == 0;
}

static inline void slnk_lock_mutex_destroy(slnk_lock_mutex *mutex) {
    (void)pthread_mutex_destroy(mutex);
    slnk_lock_test_destroyed();
}

static inline void slnk_lock_mutex_enter(slnk_lock_mutex *mutex) {
    (void)pthread_mutex_lock(mutex);
}

static inline void slnk_lock_mutex_leave(slnk_lock_mutex *mutex) {
    (void)pthread_mutex_unlock(mutex);
}

static inline bool slnk_lock_condition_init(slnk_lock_condition *condition) {
    return pthread_cond_init(condition, NULL) == 0;
}

static inline void slnk_lock_condition_destroy(slnk_lock_condition *condition) {
    (void)pthread_cond_destroy(condition);
    slnk_lock_test_destroyed();
}

static inline void slnk_lock_condition_wait(slnk_lock_condition *condition,
                                            slnk_lock_mutex *mutex) {
    (void)pthread_cond_wait(condition, mutex);
}

static inline void slnk_lock_condition_wake_one(slnk_lock_condition *condition) {
    (void)pthread_cond_signal(condition);
}

static inline void slnk_lock_condition_wake_all(slnk_lock_condition *condition) {
    (void)pthread_cond_broadcast(condition);
}

static inline slnk_lock_thread slnk_lock_self(void) {
    return pthread_self();
}

static inline bool slnk_lock_same_thread(slnk_lock_thread a, slnk_lock_thread b) {
    return pthread_equal(a, b) != 0;
}

#endif

/*
 * A number that a thread has for as long as it runs, and no other thread meanwhile: the address of
 * a byte of its own. Read the address, never the byte.
 */
static inline uint64_t slnk_lock_thread_number(void) {
    static _Thread_local char mark;
    return slnk_lock_test_number((uintptr_t)&mark);
}

/* The room: a mutex, and a condition variable to sleep on while holding it. */

typedef struct slnk_lock_room {
    slnk_lock_mutex mutex;
    slnk_lock_condition condition;
} slnk_lock_room;

static inline bool slnk_lock_room_init(slnk_lock_room *room) {
    if (!slnk_lock_test_made(slnk_lock_mutex_init(&room->mutex))) {
        return false;
    }
    bool made = slnk_lock_test_made(slnk_lock_condition_init(&room->condition));
    if (!made) {
        slnk_lock_mutex_destroy(&room->mutex);
    }
    return made;
}

static inline void slnk_lock_room_destroy(slnk_lock_room *room) {
    slnk_lock_condition_destroy(&room->condition);
    slnk_lock_mutex_destroy(&room->mutex);
}

static inline void slnk_lock_room_sleep(slnk_lock_room *room) {
    slnk_lock_test_sleeps();
    slnk_lock_condition_wait(&room->condition, &room->mutex);
}

/*
 * The lock of a shard: a word that says FREE, HELD, or WANTED (held, and somebody may be asleep),
 * with a room for the sleepers. To acquire and release it costs two atomic exchanges: 5 ns, where
 * mtx_t costs 14 and pthread_mutex_t 9 (glibc, a 2.4 GHz core), next to 12 for the copy of a link
 * that it guards. Who finds it held first spins for about the time that such copies take, because
 * sleeping and waking cost some microseconds, and then sleeps, because a drain can take long.
 *
 * Why it is right:
 *
 * - One at a time: a thread is inside from its exchange that found FREE until its release. All
 *   changes of the word stand in one order, and between such an exchange and the release that
 *   follows nobody can find FREE.
 * - What one has written the next one sees: each exchange that finds FREE is an acquire, and the
 *   release that wrote this FREE is a release.
 * - Nobody sleeps for ever. A thread sleeps only if its own exchange left WANTED while another one
 *   was inside. The next release finds that WANTED, for only other sleepers' exchanges can come
 *   between, and it wakes one sleeper: under the room's mutex, which the thread has held since
 *   before its exchange, so not before it sleeps. The woken one either enters, leaving WANTED
 *   whether others sleep or not, so that its own release wakes the next; or finds that a faster
 *   thread is inside, leaves WANTED, and so is woken by that one's release.
 */
#ifdef SLNK_LOCK_WORD

typedef struct slnk_lock {
    atomic_uint word;
    slnk_lock_room room;
} slnk_lock;

enum { SLNK_LOCK_FREE, SLNK_LOCK_HELD, SLNK_LOCK_WANTED };

static inline bool slnk_lock_init(slnk_lock *lock) {
    atomic_init(&lock->word, SLNK_LOCK_FREE);
    return slnk_lock_room_init(&lock->room);
}

static inline void slnk_lock_destroy(slnk_lock *lock) {
    slnk_lock_room_destroy(&lock->room);
}

/* Relaxed where it fails: nothing is read then. */
static inline bool slnk_lock_try(slnk_lock *lock) {
    unsigned found = SLNK_LOCK_FREE;
    return atomic_compare_exchange_strong_explicit(&lock->word, &found, SLNK_LOCK_HELD,
                                                   memory_order_acquire, memory_order_relaxed);
}

/* Spins, and then sleeps, until the lock is free. */
void slnk_lock_acquire_slowly(slnk_lock *lock);

/* Wakes one of those who sleep. */
void slnk_lock_wake_next(slnk_lock *lock);

static inline void slnk_lock_acquire(slnk_lock *lock) {
    if (!slnk_lock_try(lock)) {
        slnk_lock_acquire_slowly(lock);
    }
}

static inline void slnk_lock_release(slnk_lock *lock) {
    if (atomic_exchange_explicit(&lock->word, SLNK_LOCK_FREE, memory_order_release) ==
        SLNK_LOCK_WANTED) {
        slnk_lock_wake_next(lock);
    }
}

#else

typedef struct slnk_lock {
    slnk_lock_mutex mutex;
} slnk_lock;

static inline bool slnk_lock_init(slnk_lock *lock) {
    return slnk_lock_test_made(slnk_lock_mutex_init(&lock->mutex));
}

static inline void slnk_lock_destroy(slnk_lock *lock) {
    slnk_lock_mutex_destroy(&lock->mutex);
}

static inline void slnk_lock_acquire(slnk_lock *lock) {
    slnk_lock_mutex_enter(&lock->mutex);
}

static inline void slnk_lock_release(slnk_lock *lock) {
    slnk_lock_mutex_leave(&lock->mutex);
}

#endif

/*
 * Gives up a lock, sleeps in `room`, and takes the lock again. It may wake for no reason: the
 * caller looks, under the lock, whether what it waits for has come.
 *
 * No wake-up is lost: whoever makes it come does so under the lock, so after the release here, and
 * wakes after that, under the room's mutex, which is held here from before the release.
 */
static inline void slnk_lock_wait(slnk_lock *lock, slnk_lock_room *room) {
    slnk_lock_mutex_enter(&room->mutex);
    slnk_lock_release(lock);
    slnk_lock_room_sleep(room);
    slnk_lock_mutex_leave(&room->mutex);
    slnk_lock_acquire(lock);
}

static inline void slnk_lock_wake_all(slnk_lock_room *room) {
    slnk_lock_mutex_enter(&room->mutex);
    slnk_lock_condition_wake_all(&room->condition);
    slnk_lock_mutex_leave(&room->mutex);
}

#endif

#endif
