/* SPDX-License-Identifier: MIT */
#include "internal/lock.h"

#ifdef SLNK_LOCK_WORD

/* About a microsecond in all, on machines whose processors know how to pause. */
enum { SPINS = 40 };

static void pause_for_a_moment(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

void slnk_lock_acquire_slowly(slnk_lock *lock) {
    for (int i = 0; i < SPINS; i++) {
        pause_for_a_moment();
        if (slnk_lock_try(lock)) {
            return;
        }
    }
    slnk_lock_mutex_enter(&lock->room.mutex);
    while (atomic_exchange_explicit(&lock->word, SLNK_LOCK_WANTED, memory_order_acquire) !=
           SLNK_LOCK_FREE) {
        slnk_lock_room_sleep(&lock->room);
    }
    slnk_lock_mutex_leave(&lock->room.mutex);
}

void slnk_lock_wake_next(slnk_lock *lock) {
    slnk_lock_mutex_enter(&lock->room.mutex);
    slnk_lock_condition_wake_one(&lock->room.condition);
    slnk_lock_mutex_leave(&lock->room.mutex);
}

#endif
