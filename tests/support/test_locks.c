/* SPDX-License-Identifier: MIT */
#include "test_locks.h"

#include <internal/lock.h>

int test_locks_left = -1;
int test_locks_live;
uint64_t test_locks_thread;

bool slnk_lock_test_made(bool made) {
    bool is_made = made && test_locks_left-- != 0;
    test_locks_live += is_made;
    return is_made;
}

void slnk_lock_test_destroyed(void) {
    test_locks_live--;
}

uint64_t slnk_lock_test_number(uint64_t number) {
    return test_locks_thread != 0 ? test_locks_thread : number;
}

#ifdef SPANLINK_NO_THREADS

void slnk_lock_test_sleeps(void) {
}

int test_locks_sleeps(void) {
    return 0;
}

#else

#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int sleeps;

void slnk_lock_test_sleeps(void) {
    pthread_mutex_lock(&mutex);
    sleeps++;
    pthread_mutex_unlock(&mutex);
}

int test_locks_sleeps(void) {
    pthread_mutex_lock(&mutex);
    int seen = sleeps;
    pthread_mutex_unlock(&mutex);
    return seen;
}

#endif
