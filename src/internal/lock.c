/* SPDX-License-Identifier: MIT */
#include "lock.h"

#ifdef SPANLINK_LOCK_WORD

/* About a microsecond in all, on machines whose processors know how to pause. */
enum { SPINS = 40 };

static void pause_for_a_moment(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

void spanlink_lock_acquire_slowly(spanlink_lock *lock) {
    for (int i = 0; i < SPINS; i++) {
        pause_for_a_moment();
        if (spanlink_lock_try(lock)) {
            return;
        }
    }
    spanlink_lock_mutex_enter(&lock->room.mutex);
    while (atomic_exchange_explicit(&lock->word, SPANLINK_LOCK_WANTED, memory_order_acquire) !=
           SPANLINK_LOCK_FREE) {
        spanlink_lock_room_sleep(&lock->room);
    }
    spanlink_lock_mutex_leave(&lock->room.mutex);
}

void spanlink_lock_wake_next(spanlink_lock *lock) {
    spanlink_lock_mutex_enter(&lock->room.mutex);
    spanlink_lock_condition_wake_one(&lock->room.condition);
    spanlink_lock_mutex_leave(&lock->room.mutex);
}

#endif
