/* SPDX-License-Identifier: MIT */
/*
 * Model of the cache, src/cache.c. Threads look up keys; create() may be interrupted, may fail and
 * may look up its own key; threads may be cancelled while they wait or create. One thread removes
 * and clears. Every allocation may fail. Inlines are named after the functions that they model.
 *
 * Properties:
 *
 * - at most one create() per key runs at a time, unless the key was removed in the meantime
 * - threads that wait for a create() get its link or its failure; if its thread is cancelled, they
 *   look up the key again
 * - a look-up that starts after a remove or clear gets no link whose create() began earlier
 * - a create() that looks up its own key gets an error and does not wait
 * - no link is read before it is written, nor after its block was recycled; at the end no block
 *   remains allocated
 * - all shards together hold no more links than the capacity
 * - every run ends: no thread waits for ever
 *
 * Acquiring and releasing a lock are single steps, as is releasing it to wait: the platform
 * guarantees that. Changes of data that the shard's lock guards are single steps too, except where
 * a planted bug needs them split. Not modelled: the order of use (any link of a shard may be
 * evicted), texts and sizes (a recycled block may fit or not), and a create() that looks up other
 * keys.
 *
 * Sizes that are searched, each with the planted bugs that it must find:
 *
 * SIZE -DTHREADS=3 -DASKS=1 -DREMOVES=1 -DSHARDS=1 -DKEYS=1 -DCAPACITY=1 -DCANCELS=0   one key for all
 * PLANT_CREATION_UNSEEN       assertion  a miss does not check whether another thread is creating the link
 * PLANT_RECURSION_UNSEEN      deadlock   create() that looks up its own key waits for itself
 * PLANT_CREATE_LOCKED         deadlock   the lock is held while create() runs
 * PLANT_WRITTEN_TOO_LATE      assertion  the link is in the table before it is written
 * PLANT_WAITS_ONCE            assertion  a woken waiter does not check whether it has been answered
 * PLANT_FAILURE_UNTOLD        deadlock   waiters are answered only if create() succeeds
 * PLANT_NOBODY_WOKEN          deadlock   waiters are answered but not woken
 * PLANT_ANSWERED_UNLOCKED     deadlock   waiters are answered without the shard's lock
 *
 * SIZE -DTHREADS=3 -DASKS=1 -DREMOVES=0 -DSHARDS=1 -DKEYS=2 -DCAPACITY=1 -DCANCELS=2   cancelled
 * PLANT_ABANDONED_UNTOLD      deadlock   a cancelled create() does not answer its waiters
 * PLANT_ABANDONED_LISTED      deadlock   a cancelled create() stays in the shard's list
 * PLANT_ABANDONED_READ        assertion  a waiter treats a cancelled create() as a link
 * PLANT_CANCELLED_LISTED      assertion  a cancelled waiter stays in the list of waiters
 * PLANT_CANCELLED_LOCKED      deadlock   a cancelled waiter keeps the lock
 * PLANT_CANCELLED_REFERS      assertion  a cancelled waiter keeps its reference
 *
 * SIZE -DTHREADS=2 -DASKS=2 -DREMOVES=1 -DSHARDS=1 -DKEYS=2 -DCAPACITY=1 -DCANCELS=0   one is evicted
 * PLANT_HIT_UNLOCKED          assertion  a hit releases the lock before it copies the link
 * PLANT_RECYCLED_SHARED       assertion  a creation leaves the recycled block that it uses available to others
 * PLANT_EVICTED_RECYCLED      assertion  an evicted link is recycled although it is still referenced
 * PLANT_REFERENCE_KEPT        assertion  a waiter does not drop its reference
 * PLANT_REMOVE_MISSES         assertion  remove ignores a link that is being created
 * PLANT_REMOVED_WAITED_FOR    assertion  a look-up after a remove waits for a create() that began before it
 * PLANT_REMOVED_KEPT          assertion  a link that was removed while it was created is kept
 * PLANT_NO_EVICTION           assertion  a full shard accepts another link
 *
 * SIZE -DTHREADS=2 -DASKS=2 -DREMOVES=0 -DSHARDS=2 -DKEYS=4 -DCAPACITY=3 -DCANCELS=0   shared slots
 * PLANT_SLOTS_UNLOCKED        assertion  shards take slots without the lock that guards them
 *
 * SIZE -DTHREADS=2 -DASKS=1 -DREMOVES=1 -DSHARDS=1 -DKEYS=1 -DCAPACITY=0 -DCANCELS=0   none is kept
 * PLANT_ANSWER_UNCOUNTED      assertion  an answer is not counted as a reference
 *
 * ENDS -DTHREADS=2 -DASKS=1 -DREMOVES=1 -DSHARDS=1 -DKEYS=1 -DCAPACITY=1 -DCANCELS=1   no run without end
 * PLANT_WAITS_AWAKE           cycle      a waiter polls instead of sleeping
 */
#define BLOCKS (THREADS * ASKS) /* one for each call; 0 means no block */

mtype = { GONE, RECYCLED, TAKEN, LINK };

/* Blocks: free, kept for the next link, owned by one thread, or holding a link. */
mtype life[BLOCKS + 1] = GONE;
byte key_of[BLOCKS + 1];
byte version_of[BLOCKS + 1]; /* of the key, when its create() began */
byte refs[BLOCKS + 1];
byte owed[BLOCKS + 1]; /* how many waiters have yet to read it, counted apart from `refs` */

/* Keys, from 0; key % SHARDS is a key's shard. */
byte entry[KEYS];   /* the block in the table */
byte version[KEYS]; /* how often it was removed */

/* Shards */
bool locked[SHARDS];
byte count[SHARDS];
byte slots[SHARDS] = (CAPACITY != 0);
bool may_grow[SHARDS] = true;
byte recycled[SHARDS];

bool slots_locked;
byte free_slots = (CAPACITY == 0 -> 0 : CAPACITY - SHARDS);

/* The state on a thread's stack: its creation, */
bool running[THREADS];
byte running_key[THREADS];
bool removed[THREADS];
byte waiters[THREADS]; /* a bit for each thread */
byte own[THREADS];     /* the creation's `entry`: its block */
/* and its waiter. */
bool waits[THREADS];
bool answered[THREADS];
bool abandoned[THREADS];
bool failed[THREADS];
byte answer_entry[THREADS];

byte asleep;                /* on a shard's condition: a bit for each thread */
byte wakes_for_nothing = 1; /* how often a sleeper may still wake without being woken */
byte cancels = CANCELS;     /* how many threads may still be cancelled */
byte finished;              /* threads */

#define my_bit (1 << _pid)

/* Locks, and slnk_lock_wait() and slnk_lock_wake_all() */

/* Used only inside a larger atomic step. */
inline acquire(lock) {
    !lock -> lock = true
}

inline release(lock) {
    lock = false
}

/* A cancelled thread holds the lock, as with condition variables. */
inline wait(lock) {
#ifdef PLANT_WAITS_AWAKE
    release(lock);
#else
    atomic { release(lock); asleep = asleep | my_bit };
    if
    :: (asleep & my_bit) == 0
    :: atomic {
        (asleep & my_bit) != 0 && wakes_for_nothing != 0 ->
        wakes_for_nothing--;
        asleep = asleep & ~my_bit
    }
    :: atomic {
        cancels != 0 ->
        cancels--;
        cancelled = true;
        asleep = asleep & ~my_bit
    }
    fi;
#endif
    atomic { acquire(lock) }
}

inline wake_all() {
    asleep = 0
}

/* Blocks */

/* Each call has its own block, so that use after release is detected. */
inline allocate(block) {
    block = _pid * ASKS + ask;
    assert(life[block] == GONE);
    life[block] = TAKEN;
    refs[block] = 1
}

/* Copies the link to the list of the thread that looked up `key`. */
inline read_link(block, oldest) {
    assert(life[block] == LINK && key_of[block] == key && version_of[block] >= oldest)
}

/* For a block whose link is no longer referenced, or that never held one. */
inline recycle(s, block) {
    d_step {
        assert(owed[block] == 0);
        assert(life[block] == LINK || life[block] == TAKEN);
        life[recycled[s]] = GONE;
        recycled[s] = block;
        life[block] = RECYCLED;
        refs[block] = 0;
        key_of[block] = 0;
        version_of[block] = 0
    }
}

inline take_recycled(s) {
    own[_pid] = recycled[s];
    if
    :: own[_pid] != 0 ->
        assert(life[own[_pid]] == RECYCLED);
        life[own[_pid]] = TAKEN;
        refs[own[_pid]] = 1
    :: else
    fi;
#ifndef PLANT_RECYCLED_SHARED
    recycled[s] = 0
#endif
}

inline drop_reference(s, block) {
    if
    :: block != 0 ->
        assert(refs[block] != 0);
        refs[block]--;
        if
        :: refs[block] == 0 -> recycle(s, block)
        :: else
        fi
    :: else
    fi
}

/* The table */

inline remove_node(s, k) {
    leaving = entry[k];
    entry[k] = 0;
    count[s]--;
#ifdef PLANT_EVICTED_RECYCLED
    recycle(s, leaving);
#else
    drop_reference(s, leaving);
#endif
    leaving = 0
}

inline take_slot(s) {
    if
    :: may_grow[s] ->
#ifndef PLANT_SLOTS_UNLOCKED
        atomic { acquire(slots_locked) };
#endif
        may_grow[s] = free_slots != 0;
        free_slots = free_slots - may_grow[s];
#ifndef PLANT_SLOTS_UNLOCKED
        release(slots_locked);
#endif
        slots[s] = slots[s] + may_grow[s]
    :: else
    fi
}

#define holds(s, k) (k % SHARDS == s && entry[k] != 0)

/* Evicts the least recently used link. The order of use is not modelled, so it may be any. */
inline evict(s) {
    if
    :: holds(s, 0) -> victim = 0
#if KEYS > 1
    :: holds(s, 1) -> victim = 1
#endif
#if KEYS > 2
    :: holds(s, 2) -> victim = 2
    :: holds(s, 3) -> victim = 3
#endif
    fi;
    remove_node(s, victim);
    victim = 0
}

#define total (count[0] + count[SHARDS - 1] * (SHARDS - 1))

/* keep_entry(), after take_slot() */
inline keep_entry(s) {
    if
    :: count[s] == slots[s] ->
#ifndef PLANT_NO_EVICTION
        evict(s)
#endif
    :: else ->
        if
        :: true
        :: ok = false /* slnk_lru_reserve(): no memory */
        fi
    fi;
    if
    :: ok ->
        assert(entry[key] == 0);
        entry[key] = own[_pid];
        refs[own[_pid]]++;
        count[s]++;
        assert(total <= CAPACITY)
    :: else
    fi
}

/* Creating */

inline enter_creations(s) {
    for (t : 0 .. THREADS - 1) {
        assert(!running[t] || running_key[t] != key || removed[t])
    }
    t = 0;
    running_key[_pid] = key;
    running[_pid] = true;
    begun_version = version[key];
    take_recycled(s)
}

/* provide_block() and write_copy(), in emit_link() */
inline emit_link() {
    atomic {
        if
        :: own[_pid] != 0
        :: true ->
            life[own[_pid]] = GONE; /* it does not fit */
            allocate(own[_pid])
        fi;
        key_of[own[_pid]] = key;
        version_of[own[_pid]] = begun_version
    };
#ifndef PLANT_WRITTEN_TOO_LATE
    d_step { assert(life[own[_pid]] == TAKEN); life[own[_pid]] = LINK }
#endif
}

/* get_or_create() inside create(): a link that another thread created after a remove, or
 * SPANLINK_ERR_CACHE_RECURSION. */
inline ask_for_own_key(s) {
    atomic {
        acquire(locked[s]);
        if
        :: entry[key] != 0 -> read_link(entry[key], version[key])
        :: else ->
#ifdef PLANT_RECURSION_UNSEEN
            start_waiting(_pid);
            wait_for_answer(s)
#else
            skip
#endif
        fi
    };
    release(locked[s])
}

inline maybe_cancelled() {
    if
    :: atomic { cancels != 0 -> cancels--; cancelled = true }
    :: true
    fi
}

inline run_create(s) {
#ifndef PLANT_CREATE_LOCKED
    release(locked[s]);
#endif
#if KEYS == 1
    if
    :: true
    :: true -> ask_for_own_key(s)
    fi;
#endif
    maybe_cancelled();
    if
    :: cancelled
    :: !cancelled ->
        emit_link();
        if
        :: ok = true
        :: ok = false /* create() fails after all */
        fi;
        maybe_cancelled()
    :: !cancelled -> ok = false /* no link, or no memory for it */
    fi
}

inline answer(t) {
    assert(waits[t] && !answered[t]);
    answered[t] = true;
    abandoned[t] = cancelled;
    failed[t] = !cancelled && !ok;
    answer_entry[t] = (ok && !cancelled -> own[_pid] : 0);
#ifndef PLANT_ANSWER_UNCOUNTED
    refs[answer_entry[t]] = (answer_entry[t] == 0 -> 0 : refs[answer_entry[t]] + 1);
#endif
    owed[answer_entry[t]] = (answer_entry[t] == 0 -> 0 : owed[answer_entry[t]] + 1)
}

inline answer_waiters() {
    for (t : 0 .. THREADS - 1) {
        if
#ifdef PLANT_FAILURE_UNTOLD
        :: (waiters[_pid] & (1 << t)) != 0 && ok -> answer(t)
#else
        :: (waiters[_pid] & (1 << t)) != 0 -> answer(t)
#endif
        :: else
        fi
    }
    t = 0;
    waiters[_pid] = 0;
#ifndef PLANT_NOBODY_WOKEN
    wake_all()
#endif
}

inline end_creation() {
    running_key[_pid] = 0;
    removed[_pid] = false;
    waiters[_pid] = 0;
    own[_pid] = 0;
    begun_version = 0;
    ok = false
}

#ifdef PLANT_REMOVED_KEPT
#define to_be_kept(s) (ok && slots[s] != 0)
#else
#define to_be_kept(s) (ok && !removed[_pid] && slots[s] != 0)
#endif

inline finish_creation(s) {
    atomic {
#ifndef PLANT_CREATE_LOCKED
        acquire(locked[s]);
#endif
        running[_pid] = false
    };
    if
    :: to_be_kept(s) && count[s] == slots[s] -> take_slot(s)
    :: else
    fi;
    atomic {
        if
        :: to_be_kept(s) -> keep_entry(s)
        :: else
        fi;
#ifndef PLANT_ANSWERED_UNLOCKED
        answer_waiters()
#endif
    };
#if defined(PLANT_ANSWERED_UNLOCKED) || defined(PLANT_WRITTEN_TOO_LATE)
    release(locked[s]);
#ifdef PLANT_ANSWERED_UNLOCKED
    atomic { answer_waiters() };
#else
    life[own[_pid]] = LINK;
#endif
    atomic { acquire(locked[s]) };
#endif
    atomic {
        if
        :: ok -> read_link(own[_pid], asked_version)
        :: else
        fi;
        drop_reference(s, own[_pid]);
        end_creation()
    };
    release(locked[s])
}

inline abandon_creation(s) {
    atomic {
#ifndef PLANT_CREATE_LOCKED
        acquire(locked[s]);
#endif
#ifndef PLANT_ABANDONED_LISTED
        running[_pid] = false;
#endif
#ifndef PLANT_ABANDONED_UNTOLD
        answer_waiters();
#endif
        drop_reference(s, own[_pid]);
#ifndef PLANT_ABANDONED_LISTED
        end_creation();
#endif
        release(locked[s])
    }
}

/* Waiting */

inline start_waiting(creator) {
    waits[_pid] = true;
    waiters[creator] = waiters[creator] | my_bit
}

inline wait_for_answer(s) {
    do
    :: answered[_pid] || cancelled -> break
    :: else ->
        wait(locked[s]);
#ifdef PLANT_WAITS_ONCE
        break
#endif
    od
}

inline end_waiting() {
    waits[_pid] = false;
    answered[_pid] = false;
    abandoned[_pid] = false;
    failed[_pid] = false;
    answer_entry[_pid] = 0
}

inline pay() {
    owed[answer_entry[_pid]] = (answer_entry[_pid] == 0 -> 0 : owed[answer_entry[_pid]] - 1)
}

/* leave_waiters(): searches every creation for the waiter */
inline leave_waiters() {
    for (t : 0 .. THREADS - 1) {
        waiters[t] = waiters[t] & ~my_bit
    }
    t = 0
}

inline abandon_waiting(s) {
    atomic {
#ifndef PLANT_CANCELLED_LISTED
        leave_waiters();
#endif
        pay();
#ifndef PLANT_CANCELLED_REFERS
        drop_reference(s, answer_entry[_pid]);
#endif
        end_waiting();
#ifndef PLANT_CANCELLED_LOCKED
        release(locked[s])
#endif
    }
}

#ifdef PLANT_ABANDONED_READ
#define nothing_came false
#else
#define nothing_came abandoned[_pid]
#endif

/* wait_for(), after slnk_lock_run() */
inline take_answer(s) {
    atomic {
        again = nothing_came;
        if
        :: !again && !failed[_pid] ->
            read_link(answer_entry[_pid], asked_version);
            pay();
#ifndef PLANT_REFERENCE_KEPT
            drop_reference(s, answer_entry[_pid])
#endif
        :: else
        fi;
        end_waiting()
    }
}

#define NOBODY THREADS

#ifdef PLANT_REMOVED_WAITED_FOR
#define makes_link(t) running[t] && running_key[t] == key
#else
#define makes_link(t) running[t] && running_key[t] == key && !removed[t]
#endif

inline find_creation() {
    creator = NOBODY;
#ifndef PLANT_CREATION_UNSEEN
    for (t : 0 .. THREADS - 1) {
        if
        :: makes_link(t) -> creator = t
        :: else
        fi
    }
    t = 0
#endif
}

/* Look-ups: repeated if a creation was abandoned */
inline look_up(s) {
    if
#ifdef PLANT_HIT_UNLOCKED
    :: entry[key] != 0 -> leaving = entry[key]
#else
    :: entry[key] != 0 -> read_link(entry[key], version[key])
#endif
    :: else ->
        find_creation();
        if
        :: creator == NOBODY -> enter_creations(s)
        :: else -> start_waiting(creator)
        fi;
        creator = 0
    fi
}

inline create_link(s) {
    run_create(s);
    if
    :: cancelled -> abandon_creation(s)
    :: else -> finish_creation(s)
    fi
}

inline wait_for(s) {
    wait_for_answer(s);
    if
    :: cancelled -> abandon_waiting(s)
    :: else -> take_answer(s)
    fi
}

inline get_or_create(s) {
    atomic { acquire(locked[s]); look_up(s) };
    do
    :: waits[_pid] ->
        wait_for(s);
        if
        :: again -> atomic { again = false; look_up(s) }
        :: !again && cancelled -> break
        :: !again && !cancelled -> release(locked[s]); break
        fi
    :: running[_pid] && !cancelled -> create_link(s); break
#ifdef PLANT_HIT_UNLOCKED
    :: leaving != 0 -> release(locked[s]); read_link(leaving, 0); leaving = 0; break
#endif
    :: else -> release(locked[s]); break
    od
}

inline choose_key() {
    if
    :: key = 0
#if KEYS > 1
    :: key = 1
#endif
#if KEYS > 2
    :: key = 2
    :: key = 3
#endif
    fi
}

active [THREADS] proctype asker() {
    byte ask, key, asked_version, begun_version, creator, leaving, victim, t;
    bool ok, again, cancelled;
    for (ask : 1 .. ASKS) {
        if
        :: !cancelled ->
            atomic { choose_key(); asked_version = version[key] };
            get_or_create(key % SHARDS);
            asked_version = 0
        :: else
        fi
    }
    finished++
}

/* Removing */

inline remove_creations(k) {
    for (t : 0 .. THREADS - 1) {
        if
        :: running[t] && running_key[t] == k -> removed[t] = true
        :: else
        fi
    }
    t = 0
}

inline remove_key(s, k) {
    if
    :: entry[k] != 0 -> remove_node(s, k)
    :: else
    fi;
#ifndef PLANT_REMOVE_MISSES
    remove_creations(k);
#endif
    version[k]++
}

/* spanlink_cache_remove() */
inline remove(s) {
    atomic { acquire(locked[s]); remove_key(s, key) };
    release(locked[s])
}

/* clear_shard(), in spanlink_cache_clear() */
inline clear_shard(s) {
    atomic {
        acquire(locked[s]);
        for (key : 0 .. KEYS - 1) {
            if
            :: key % SHARDS == s -> remove_key(s, key)
            :: else
            fi
        }
        key = 0;
        life[recycled[s]] = GONE;
        recycled[s] = 0
    };
    release(locked[s])
}

inline clear() {
    clear_shard(0);
    clear_shard((SHARDS - 1))
}

active proctype remover() {
    byte round, key, leaving, t;
    do
    :: round < REMOVES -> choose_key(); remove(key % SHARDS); key = 0; round++
    :: round < REMOVES -> clear(); round++
    :: else -> break
    od;
    finished++
}

/* At the end, spanlink_cache_destroy() releases every block. */
active proctype last() {
    byte key, leaving, t;
    finished == THREADS + 1 ->
    clear();
    for (t : 1 .. BLOCKS) {
        assert(life[t] == GONE)
    }
}
