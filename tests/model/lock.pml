/* SPDX-License-Identifier: MIT */
/*
 * The lock of a shard, src/internal/lock.h and lock.c, step by step: a word, and a room to sleep
 * in; and slnk_lock_wait(), which gives the lock up and sleeps in another room.
 *
 * What is promised:
 *
 * - one at a time: never are two threads between acquire and release
 * - what one has written under the lock, the next one who holds it sees
 * - nobody sleeps for ever: every run comes to its end, whoever is woken for nothing or overtaken
 *
 * Every change of the word is an exchange, so all of them stand in one order, and interleavings
 * show all that the memory model allows; but for what the guarded data look like to a thread. So
 * each has a view, here a bit that says whether it must see the newest writing: a release leaves
 * its thread's with FREE, and an acquire that finds FREE takes it over. Mutexes pass views on too,
 * but not here: the word has to do it alone.
 *
 * Sizes that are searched, and the bugs that show in them when they are planted:
 *
 * SIZE -DWORKERS=2 -DWAITERS=2 -DROUNDS=1   all at once
 * PLANT_RELEASE_WAKES_NOBODY   deadlock   the release does not look for WANTED
 * PLANT_WAKE_WITHOUT_MUTEX     deadlock   the release wakes before the other one sleeps
 * PLANT_LEAVES_HELD            deadlock   who was woken forgets that others may sleep
 * PLANT_WAIT_RELEASES_FIRST    deadlock   wait gives the lock up before it stands in the room
 * PLANT_LOCKS_IN_ROOM          deadlock   a waiter takes the lock again before it leaves the room
 * PLANT_WAKES_ONE_WAITER       deadlock   an answer to all wakes one
 * PLANT_TRY_IN_TWO_STEPS       assertion  the word is read and then written
 * PLANT_RELAXED_RELEASE        assertion  the release is not a memory_order_release
 * PLANT_RELAXED_TRY            assertion  the first exchange is not a memory_order_acquire
 * PLANT_RELAXED_SLOW           assertion  nor is that of who has slept
 *
 * SIZE -DWORKERS=2 -DWAITERS=1 -DROUNDS=2   again and again
 *
 * ENDS -DWORKERS=2 -DWAITERS=1 -DROUNDS=1   no run without end
 * PLANT_DOES_NOT_SLEEP         cycle      who finds the lock held asks again and again
 */
/* slnk_lock_room: a mutex and a condition variable, as C11 and POSIX promise them */
typedef room {
    bool mutex;  /* held */
    byte asleep  /* a bit for each thread that sleeps in it */
}

#define my_bit (1 << _pid)

/* How often a sleeper may still wake for no reason. Bounded, so that such a wake-up cannot stand in
 * for one that was lost. */
byte wakes_for_nothing = 1;

inline mutex_enter(r) {
    atomic { !r.mutex -> r.mutex = true }
}

inline mutex_leave(r) {
    r.mutex = false
}

/* Gives up the mutex and sleeps, both in one step; once awake, takes the mutex again. */
inline room_sleep(r) {
    atomic { r.mutex = false; r.asleep = r.asleep | my_bit }
    if
    :: atomic { (r.asleep & my_bit) == 0 -> skip }
    :: atomic {
        (r.asleep & my_bit) != 0 && wakes_for_nothing != 0 ->
        wakes_for_nothing--;
        r.asleep = r.asleep & ~my_bit
    }
    fi
    mutex_enter(r)
}

/* Wakes any one of those who sleep, if there is one. */
inline condition_wake_one(r) {
    atomic {
        if
        :: (r.asleep & 1) != 0 -> r.asleep = r.asleep & ~1
        :: (r.asleep & 2) != 0 -> r.asleep = r.asleep & ~2
        :: (r.asleep & 4) != 0 -> r.asleep = r.asleep & ~4
        :: (r.asleep & 8) != 0 -> r.asleep = r.asleep & ~8
        :: (r.asleep & 16) != 0 -> r.asleep = r.asleep & ~16
        :: r.asleep == 0 -> skip
        fi
    }
}

inline condition_wake_all(r) {
    r.asleep = 0
}

mtype = { FREE, HELD, WANTED };

mtype word = FREE;
room own;  /* of the lock */
room hall; /* where waiters sleep, as in the cache */

/* The data that the lock guards */
bool answered;        /* what waiters wait for */
bool in_use;          /* by a thread between acquire and release */
byte seen_by = 255;   /* a bit for each thread that must see the newest writing */
bool newest_left = 1; /* with FREE, by a thread that had seen it */

#ifdef PLANT_RELAXED_RELEASE
#define leave_view skip
#else
#define leave_view newest_left = (seen_by & my_bit) != 0
#endif
#define take_view seen_by = (newest_left -> seen_by | my_bit : seen_by)

#ifdef PLANT_RELAXED_TRY
#define take_view_trying skip
#else
#define take_view_trying take_view
#endif
#ifdef PLANT_RELAXED_SLOW
#define take_view_slowly skip
#else
#define take_view_slowly take_view
#endif
#ifdef PLANT_LEAVES_HELD
#define LEFT_SLOWLY HELD
#else
#define LEFT_SLOWLY WANTED
#endif

/* slnk_lock_acquire() and slnk_lock_acquire_slowly(). Trying 41 times is like trying once,
 * at any time; and it may fail though the word is FREE, for a comparison that fails may have read
 * what the word was some time ago. */
inline acquire() {
    if
#ifdef PLANT_TRY_IN_TWO_STEPS
    :: word == FREE -> word = HELD; take_view_trying
#else
    :: atomic { word == FREE -> word = HELD; take_view_trying }
#endif
    :: true ->
        mutex_enter(own);
        do
        :: atomic { word == FREE -> word = LEFT_SLOWLY; take_view_slowly; break }
        :: atomic { word != FREE -> word = WANTED };
#ifdef PLANT_DOES_NOT_SLEEP
            mutex_leave(own);
            mutex_enter(own)
#else
            room_sleep(own)
#endif
        od;
        mutex_leave(own)
    fi
}

/* slnk_lock_release() and slnk_lock_wake_next() */
inline release() {
    if
    :: atomic { word != WANTED -> word = FREE; leave_view }
    :: atomic { word == WANTED -> word = FREE; leave_view };
#ifdef PLANT_RELEASE_WAKES_NOBODY
        skip
#elif defined(PLANT_WAKE_WITHOUT_MUTEX)
        condition_wake_one(own)
#else
        mutex_enter(own);
        condition_wake_one(own);
        mutex_leave(own)
#endif
    fi
}

/* slnk_lock_wait() */
inline wait() {
#ifdef PLANT_WAIT_RELEASES_FIRST
    release();
    mutex_enter(hall);
#else
    mutex_enter(hall);
    release();
#endif
    room_sleep(hall);
#ifdef PLANT_LOCKS_IN_ROOM
    acquire();
    mutex_leave(hall)
#else
    mutex_leave(hall);
    acquire()
#endif
}

/* slnk_lock_wake_all() */
inline wake_all() {
    mutex_enter(hall);
#ifdef PLANT_WAKES_ONE_WAITER
    condition_wake_one(hall);
#else
    condition_wake_all(hall);
#endif
    mutex_leave(hall)
}

/* Reads and writes the guarded data. */
inline use() {
    d_step { assert(!in_use); assert((seen_by & my_bit) != 0); in_use = true };
    d_step { seen_by = my_bit; newest_left = false; in_use = false }
}

active [WORKERS] proctype worker() {
    byte round;
    for (round : 1 .. ROUNDS) {
        acquire();
        use();
        release()
    }
}

active [WAITERS] proctype waiter() {
    acquire();
    do
    :: answered -> break
    :: else -> wait()
    od;
    use();
    release()
}

active proctype answerer() {
    acquire();
    use();
    answered = true;
    wake_all();
    release()
}
