/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_fixtures.h"
#include "test_locks.h"

#include <internal/lock.h>

TEST(an_aligned_address_is_the_next_one) {
    char block[3 * SLNK_LOCK_ALIGNMENT];
    for (size_t i = 0; i < 2 * SLNK_LOCK_ALIGNMENT; i++) {
        char *aligned = slnk_lock_align(block + i);
        assert_int_equal(0, (uintptr_t)aligned % SLNK_LOCK_ALIGNMENT);
        assert_true(aligned >= block + i);
        assert_true(aligned < block + i + SLNK_LOCK_ALIGNMENT);
    }
}

TEST(a_pick_is_one_of_the_shards_and_every_shard_is_picked) {
    static const size_t counts[] = {1, 2, 3, 64, 1000};
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
        size_t shards = counts[k];
        assert_int_equal(0, slnk_lock_pick(0, shards));
        assert_int_equal(shards - 1, slnk_lock_pick(UINT64_MAX, shards));
        for (size_t i = 0; i < shards; i++) {
            uint64_t middle = (2 * i + 1) * (UINT64_C(1) << 32) / (2 * shards);
            assert_int_equal(i, slnk_lock_pick(middle << 32, shards));
        }
    }
}

/* A lock in a larger struct, as in a shard. */
typedef struct locked {
    slnk_lock lock;
    char more[40];
} locked;

enum { LOCKS = 3 };

TEST(all_locks_are_made_or_none) {
    locked all[LOCKS];
    bool made = false;
    int left = 0;
    for (; !made; left++) {
        test_locks_left = left;
        made = slnk_lock_init_all(&all[0].lock, sizeof all[0], LOCKS);
        assert_int_equal(made ? 2 * LOCKS : 0, test_locks_live);
    }
    test_locks_left = -1;
    assert_int_equal(2 * LOCKS + 1, left);
    slnk_lock_destroy_all(&all[0].lock, sizeof all[0], LOCKS);
    assert_int_equal(0, test_locks_live);
}

TEST(a_new_lock_is_free_in_memory_of_any_content) {
    locked all[LOCKS];
    memset(all, 0xff, sizeof all);
    assert_true(slnk_lock_init_all(&all[0].lock, sizeof all[0], LOCKS));
    for (size_t i = 0; i < LOCKS; i++) {
        slnk_lock_acquire(&all[i].lock);
        assert_int_equal((char)0xff, all[i].more[0]);
    }
    for (size_t i = 0; i < LOCKS; i++) {
        slnk_lock_release(&all[i].lock);
    }
    slnk_lock_destroy_all(&all[0].lock, sizeof all[0], LOCKS);
}

TEST(a_thread_is_itself) {
    assert_true(slnk_lock_thread_number() == slnk_lock_thread_number());
}

#ifndef SPANLINK_NO_THREADS

#include <pthread.h>
#include <sched.h>

enum { THREADS = 4 };

typedef struct shared {
    slnk_lock lock;
    long number; /* guarded by the lock */
    int asleep;
    bool open;
} shared;

static void end_shared(void *s) {
    slnk_lock_destroy_all(&((shared *)s)->lock, 0, 1);
}

static shared *make_shared(void) {
    static shared s;
    s = (shared){.number = 0};
    assert_true(slnk_lock_init_all(&s.lock, 0, 1));
    test_keep(&s, end_shared);
    return &s;
}

static void start(pthread_t threads[], size_t count, void *(*run)(void *), void *state) {
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(0, pthread_create(&threads[i], NULL, run, state));
    }
}

static void join(const pthread_t threads[], size_t count) {
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(0, pthread_join(threads[i], NULL));
    }
}

static void *count_up(void *state) {
    shared *s = (shared *)state;
    for (int i = 0; i < 20000; i++) {
        slnk_lock_acquire(&s->lock);
        long seen = s->number;
        s->number = seen + 1;
        slnk_lock_release(&s->lock);
    }
    return NULL;
}

TEST(one_thread_at_a_time_is_inside) {
    shared *s = make_shared();
    pthread_t threads[THREADS];
    start(threads, THREADS, count_up, s);
    join(threads, THREADS);
    assert_int_equal(THREADS * 20000, s->number);
}

static void *wait_until_open(void *state) {
    shared *s = (shared *)state;
    slnk_lock_acquire(&s->lock);
    s->asleep++;
    while (!s->open) {
        slnk_lock_wait(&s->lock);
    }
    s->number++;
    slnk_lock_release(&s->lock);
    return NULL;
}

TEST(waiting_gives_up_the_lock_and_all_are_woken) {
    shared *s = make_shared();
    pthread_t threads[THREADS];
    start(threads, THREADS, wait_until_open, s);
    for (bool all = false; !all;) {
        slnk_lock_acquire(&s->lock);
        all = s->asleep == THREADS;
        slnk_lock_release(&s->lock);
    }
    slnk_lock_acquire(&s->lock);
    slnk_lock_wake_all(&s->lock); /* a spurious wake-up */
    slnk_lock_release(&s->lock);
    slnk_lock_acquire(&s->lock);
    assert_int_equal(0, s->number);
    s->open = true;
    slnk_lock_wake_all(&s->lock);
    slnk_lock_release(&s->lock);
    join(threads, THREADS);
    assert_int_equal(THREADS, s->number);
}

typedef struct identity {
    uint64_t number;
    bool same;
} identity;

static void *compare_with(void *state) {
    identity *other = (identity *)state;
    other->same = other->number == slnk_lock_thread_number();
    return NULL;
}

TEST(two_threads_differ) {
    identity own = {slnk_lock_thread_number(), true};
    pthread_t thread;
    start(&thread, 1, compare_with, &own);
    join(&thread, 1);
    assert_false(own.same);
}

#if defined(SLNK_LOCK_POSIX) && defined(PTHREAD_CANCEL_DISABLE)

typedef struct deferral {
    shared *shared;
    bool done; /* the work while cancellation is deferred is done */
    bool survived;
} deferral;

static void *wait_without_cancellation(void *state) {
    deferral *self = (deferral *)state;
    int outer = slnk_lock_defer_cancel();
    int inner = slnk_lock_defer_cancel();
    wait_until_open(self->shared);
    slnk_lock_accept_cancel(inner);
    pthread_testcancel();
    self->done = true;
    slnk_lock_accept_cancel(outer);
    pthread_testcancel();
    self->survived = true;
    return NULL;
}

TEST(a_cancellation_is_deferred_until_it_is_accepted) {
    shared *s = make_shared();
    deferral self = {.shared = s};
    pthread_t thread;
    void *result;
    start(&thread, 1, wait_without_cancellation, &self);
    for (int asleep = 0; asleep == 0;) {
        slnk_lock_acquire(&s->lock);
        asleep = s->asleep;
        slnk_lock_release(&s->lock);
    }
    assert_int_equal(0, pthread_cancel(thread));
    slnk_lock_acquire(&s->lock);
    s->open = true;
    slnk_lock_wake_all(&s->lock);
    slnk_lock_release(&s->lock);
    assert_int_equal(0, pthread_join(thread, &result));
    assert_true(result == PTHREAD_CANCELED);
    assert_true(self.done);
    assert_false(self.survived);
}

#endif

#endif
