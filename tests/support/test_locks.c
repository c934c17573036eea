/* SPDX-License-Identifier: MIT */
#include "test_locks.h"

#include <internal/lock.h>

int test_locks_left = -1;
int test_locks_live;
void (*test_locks_released)(void);
uint64_t test_locks_thread;

bool slnk_lock_test_made(bool made) {
    bool is_made = made && test_locks_left-- != 0;
    test_locks_live += is_made;
    return is_made;
}

void slnk_lock_test_destroyed(void) {
    test_locks_live--;
}

void slnk_lock_test_released(void) {
    void (*another_thread)(void) = test_locks_released;
    if (another_thread != NULL) {
        test_locks_released = NULL;
        another_thread();
    }
}

uint64_t slnk_lock_test_number(uint64_t number) {
    return test_locks_thread != 0 ? test_locks_thread : number;
}
