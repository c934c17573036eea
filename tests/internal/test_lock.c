/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_locks.h"

#include <internal/lock.h>

static void an_aligned_address_is_the_next_one(void **state) {
    (void)state;
    char block[3 * SLNK_LOCK_ALIGNMENT];
    for (size_t i = 0; i < 2 * SLNK_LOCK_ALIGNMENT; i++) {
        char *aligned = slnk_lock_align(block + i);
        assert_int_equal(0, (uintptr_t)aligned % SLNK_LOCK_ALIGNMENT);
        assert_true(aligned >= block + i);
        assert_true(aligned < block + i + SLNK_LOCK_ALIGNMENT);
    }
}

static void a_pick_is_one_of_the_shards_and_every_shard_is_picked(void **state) {
    (void)state;
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

static void a_lock_that_cannot_be_made_says_so(void **state) {
    (void)state;
    slnk_lock lock;
    slnk_lock_room room;
    test_locks_left = 0;
    assert_false(slnk_lock_init(&lock));
    test_locks_left = 0;
    assert_false(slnk_lock_room_init(&room));
#ifndef SPANLINK_NO_THREADS
    test_locks_left = 1; /* the mutex, but not the condition variable */
    assert_false(slnk_lock_room_init(&room));
#endif
    test_locks_left = -1;
    assert_int_equal(0, test_locks_live);
}

static void a_lock_is_free_whatever_its_memory_held(void **state) {
    (void)state;
    slnk_lock lock;
    memset(&lock, 0xff, sizeof lock);
    assert_true(slnk_lock_init(&lock));
#ifdef SLNK_LOCK_WORD
    assert_true(slnk_lock_try(&lock));
    slnk_lock_release(&lock);
#endif
    slnk_lock_destroy(&lock);
    assert_int_equal(0, test_locks_live);
}

static void a_thread_is_itself(void **state) {
    (void)state;
    assert_true(slnk_lock_same_thread(slnk_lock_self(), slnk_lock_self()));
    assert_true(slnk_lock_thread_number() == slnk_lock_thread_number());
}

#ifndef SPANLINK_NO_THREADS

#include <pthread.h>
#include <sched.h>

enum { THREADS = 4 };

typedef struct shared {
    slnk_lock lock;
    slnk_lock_room room;
    long number; /* guarded by the lock */
    int asleep;
    bool open;
} shared;

static shared *make_shared(void) {
    static shared s;
    s = (shared){.number = 0};
    assert_true(slnk_lock_init(&s.lock));
    assert_true(slnk_lock_room_init(&s.room));
    return &s;
}

static void end_shared(shared *s) {
    slnk_lock_room_destroy(&s->room);
    slnk_lock_destroy(&s->lock);
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

static void one_thread_at_a_time_is_inside(void **state) {
    (void)state;
    shared *s = make_shared();
    pthread_t threads[THREADS];
    start(threads, THREADS, count_up, s);
    join(threads, THREADS);
    assert_int_equal(THREADS * 20000, s->number);
    end_shared(s);
}

#ifdef SLNK_LOCK_WORD

static void *add_one(void *state) {
    shared *s = (shared *)state;
    slnk_lock_acquire(&s->lock);
    s->number++;
    slnk_lock_release(&s->lock);
    return NULL;
}

/* Several sleep, one is woken by the release, and each wakes the next. */
static void who_waits_for_long_sleeps_and_is_woken(void **state) {
    (void)state;
    shared *s = make_shared();
    pthread_t threads[THREADS];
    int before = test_locks_sleeps();
    slnk_lock_acquire(&s->lock);
    start(threads, THREADS, add_one, s);
    while (test_locks_sleeps() < before + THREADS) {
        sched_yield();
    }
    assert_int_equal(0, s->number);
    slnk_lock_release(&s->lock);
    join(threads, THREADS);
    assert_int_equal(THREADS, s->number);
    end_shared(s);
}

#endif

static void *wait_until_open(void *state) {
    shared *s = (shared *)state;
    slnk_lock_acquire(&s->lock);
    s->asleep++;
    while (!s->open) {
        slnk_lock_wait(&s->lock, &s->room);
    }
    s->number++;
    slnk_lock_release(&s->lock);
    return NULL;
}

static void waiting_gives_up_the_lock_and_all_are_woken(void **state) {
    (void)state;
    shared *s = make_shared();
    pthread_t threads[THREADS];
    start(threads, THREADS, wait_until_open, s);
    for (bool all = false; !all;) {
        slnk_lock_acquire(&s->lock);
        all = s->asleep == THREADS;
        slnk_lock_release(&s->lock);
    }
    slnk_lock_wake_all(&s->room); /* for no reason */
    slnk_lock_acquire(&s->lock);
    assert_int_equal(0, s->number);
    s->open = true;
    slnk_lock_release(&s->lock);
    slnk_lock_wake_all(&s->room);
    join(threads, THREADS);
    assert_int_equal(THREADS, s->number);
    end_shared(s);
}

typedef struct identity {
    slnk_lock_thread thread;
    uint64_t number;
    bool same;
} identity;

static void *compare_with(void *state) {
    identity *other = (identity *)state;
    other->same = slnk_lock_same_thread(other->thread, slnk_lock_self()) ||
                  other->number == slnk_lock_thread_number();
    return NULL;
}

static void two_threads_differ(void **state) {
    (void)state;
    identity own = {slnk_lock_self(), slnk_lock_thread_number(), true};
    pthread_t thread;
    start(&thread, 1, compare_with, &own);
    join(&thread, 1);
    assert_false(own.same);
}

#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_aligned_address_is_the_next_one),
        cmocka_unit_test(a_pick_is_one_of_the_shards_and_every_shard_is_picked),
        cmocka_unit_test(a_lock_that_cannot_be_made_says_so),
        cmocka_unit_test(a_lock_is_free_whatever_its_memory_held),
        cmocka_unit_test(a_thread_is_itself),
#ifndef SPANLINK_NO_THREADS
        cmocka_unit_test(one_thread_at_a_time_is_inside),
#ifdef SLNK_LOCK_WORD
        cmocka_unit_test(who_waits_for_long_sleeps_and_is_woken),
#endif
        cmocka_unit_test(waiting_gives_up_the_lock_and_all_are_woken),
        cmocka_unit_test(two_threads_differ),
#endif
    };
    return cmocka_run_group_tests_name("lock", tests, NULL, NULL);
}
