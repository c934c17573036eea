/* SPDX-License-Identifier: MIT */
/*
 * The cache, src/cache.c: threads that ask for keys, whose create() takes its time, may fail and
 * may ask for its own key; and one that removes and clears. All that allocates may fail. What is
 * called like a function of the source stands for it.
 *
 * What is promised:
 *
 * - of one key, one create() runs at a time, unless the key was removed meanwhile
 * - who waits for it gets the link that it made, or its failure
 * - who asks after a remove or clear gets no link whose create() began before
 * - create() may ask for its own key: it is told so, and does not wait
 * - no link is read before it is written, nor after its block was given up; in the end no block is
 *   left
 * - all shards together hold no more links than the capacity
 * - every run comes to its end: nobody waits for ever
 *
 * Locks are taken and released in one step, and so are giving one up and falling asleep: lock.pml
 * shows that they may be. What is done meanwhile to what the shard's lock guards is one step too,
 * unless a bug is about that. Left out: the order of use, so that any link of a shard may make way;
 * texts and sizes, so that a kept block may fit or not; create() that asks for other keys.
 *
 * Sizes that are searched, and the bugs that show in them when they are planted:
 *
 * SIZE -DTHREADS=3 -DASKS=1 -DREMOVES=1 -DSHARDS=1 -DKEYS=1 -DCAPACITY=1   one key for all
 * PLANT_CREATION_UNSEEN       assertion  who misses a key does not look who makes its link already
 * PLANT_RECURSION_UNSEEN      deadlock   create() that asks for its own key waits for itself
 * PLANT_CREATE_LOCKED         deadlock   the lock is held while create() runs
 * PLANT_WRITTEN_TOO_LATE      assertion  the link is in the table before it is written
 * PLANT_WAITS_ONCE            assertion  who wakes does not look whether the answer has come
 * PLANT_FAILURE_UNTOLD        deadlock   waiters are answered only if create() succeeds
 * PLANT_NOBODY_WOKEN          deadlock   waiters are answered but not woken
 * PLANT_ANSWERED_UNLOCKED     deadlock   waiters are answered without the shard's lock
 *
 * SIZE -DTHREADS=2 -DASKS=2 -DREMOVES=1 -DSHARDS=1 -DKEYS=2 -DCAPACITY=1   one link makes way
 * PLANT_HIT_UNLOCKED          assertion  a hit lets go of the lock before the link is copied
 * PLANT_SPARE_SHARED          assertion  a creation leaves the block that it took for others, too
 * PLANT_EVICTION_UNPROMISED   assertion  a link that makes way is given up, promised or not
 * PLANT_PROMISE_FORGOTTEN     assertion  the last who waited does not give the block up
 * PLANT_REMOVE_MISSES         assertion  remove forgets the link, but not that one is being made
 * PLANT_FORGOTTEN_WAITED_FOR  assertion  who asks after a remove waits for what began before
 * PLANT_FORGOTTEN_KEPT        assertion  a link that was removed while it was made is kept
 * PLANT_NO_EVICTION           assertion  a full shard takes one more
 *
 * SIZE -DTHREADS=2 -DASKS=2 -DREMOVES=0 -DSHARDS=2 -DKEYS=4 -DCAPACITY=3   shards share slots
 * PLANT_SLOTS_UNLOCKED        assertion  shards take slots without the lock of the slots
 *
 * SIZE -DTHREADS=2 -DASKS=1 -DREMOVES=1 -DSHARDS=1 -DKEYS=1 -DCAPACITY=0   nothing is kept
 * PLANT_PROMISES_UNCOUNTED    assertion  the link is not kept for those who wait
 *
 * ENDS -DTHREADS=2 -DASKS=1 -DREMOVES=1 -DSHARDS=1 -DKEYS=1 -DCAPACITY=1   no run without end
 * PLANT_WAITS_AWAKE           cycle      who waits for an answer asks again and again
 */
#define BLOCKS (THREADS * ASKS) /* one for each call; 0 is none */

mtype = { GONE, SPARE, TAKEN, LINK };

/* Blocks: with the allocator, kept for the next link, in one thread's hands, or a link's. */
mtype life[BLOCKS + 1] = GONE;
byte key_of[BLOCKS + 1];
byte version_of[BLOCKS + 1]; /* of the key, when its create() began */
bool cached[BLOCKS + 1];
byte promises[BLOCKS + 1];
byte owed[BLOCKS + 1]; /* how many waiters have yet to read it, whatever `promises` says */

/* Keys, from 0; key % SHARDS is a key's shard. */
byte entry[KEYS];   /* the block in the table */
byte version[KEYS]; /* how often it was removed */

/* Shards */
bool locked[SHARDS];
byte count[SHARDS];
byte slots[SHARDS] = (CAPACITY != 0);
bool may_grow[SHARDS] = true;
byte spare[SHARDS];

bool slots_locked;
byte free_slots = (CAPACITY == 0 -> 0 : CAPACITY - SHARDS);

/* What stands on a thread's stack: its creation, */
bool running[THREADS];
byte running_key[THREADS];
bool forgotten[THREADS];
byte waiters[THREADS]; /* a bit for each thread */
byte made[THREADS];
byte own_spare[THREADS];
/* or itself as a waiter. */
bool waits[THREADS];
bool answered[THREADS];
bool failed[THREADS];
byte promised[THREADS];

byte asleep;                /* in the cache's room: a bit for each thread */
byte wakes_for_nothing = 1; /* how often a sleeper may still wake without being woken */
byte finished;              /* threads */

#define my_bit (1 << _pid)

/* Locks, and slnk_lock_wait() and slnk_lock_wake_all() */

/* Only as part of one step with what follows. */
inline acquire(lock) {
    !lock -> lock = true
}

inline release(lock) {
    lock = false
}

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
    fi;
#endif
    atomic { acquire(lock) }
}

inline wake_all() {
    asleep = 0
}

/* Blocks */

/* A block of this call's own, so that a block that was released is not seen again. */
inline allocate(block) {
    block = _pid * ASKS + ask;
    assert(life[block] == GONE);
    life[block] = TAKEN
}

/* What is copied to the list of who asked for `key`. */
inline read_link(block, oldest) {
    assert(life[block] == LINK && key_of[block] == key && version_of[block] >= oldest)
}

/* Of a block whose link nobody needs any more, or which never held one. */
inline give_up(s, block) {
    d_step {
        assert(!cached[block] && owed[block] == 0);
        assert(life[block] == LINK || life[block] == SPARE);
        life[spare[s]] = GONE;
        spare[s] = block;
        life[block] = SPARE;
        key_of[block] = 0;
        version_of[block] = 0
    }
}

inline give_up_if_unused(s, block) {
    if
    :: !cached[block] && promises[block] == 0 -> give_up(s, block)
    :: else
    fi
}

/* The table */

inline forget_entry(s, k) {
    leaving = entry[k];
    entry[k] = 0;
    count[s]--;
    cached[leaving] = false;
#ifdef PLANT_EVICTION_UNPROMISED
    give_up(s, leaving);
#else
    give_up_if_unused(s, leaving);
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

/* Forgets the least recently used link: any, as far as is known here. */
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
    forget_entry(s, victim);
    victim = 0
}

#define total (count[0] + count[SHARDS - 1] * (SHARDS - 1))

/* keep_entry(), once take_slot() has been tried */
inline keep_entry(s) {
    if
    :: count[s] == slots[s] ->
#ifndef PLANT_NO_EVICTION
        evict(s)
#endif
    :: else ->
        if
        :: true
        :: ok = false /* grow_buckets(): no memory */
        fi
    fi;
    if
    :: ok ->
        assert(entry[key] == 0);
        entry[key] = made[_pid];
        count[s]++;
        cached[made[_pid]] = true;
        assert(total <= CAPACITY)
    :: else
    fi
}

/* Asking */

inline start_creation(s) {
    for (t : 0 .. THREADS - 1) {
        assert(!running[t] || running_key[t] != key || forgotten[t])
    }
    t = 0;
    running_key[_pid] = key;
    running[_pid] = true;
    begun_version = version[key];
    own_spare[_pid] = spare[s];
#ifndef PLANT_SPARE_SHARED
    spare[s] = 0
#endif
}

/* take_block() and make_entry(), in emit_link() */
inline emit_link() {
    atomic {
        if
        :: own_spare[_pid] != 0 ->
            made[_pid] = own_spare[_pid];
            own_spare[_pid] = 0;
            assert(life[made[_pid]] == SPARE);
            life[made[_pid]] = TAKEN
        :: true -> allocate(made[_pid])
        fi;
        key_of[made[_pid]] = key;
        version_of[made[_pid]] = begun_version
    };
#ifndef PLANT_WRITTEN_TOO_LATE
    d_step { assert(life[made[_pid]] == TAKEN); life[made[_pid]] = LINK }
#endif
}

/* get_or_create() from inside create(): the link of somebody who came after a remove, or
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
    if
    :: emit_link();
        if
        :: ok = true
        :: ok = false /* create() fails after all */
        fi
    :: ok = false /* no link, or no memory for it */
    fi;
}

inline answer(t) {
    assert(waits[t] && !answered[t]);
    answered[t] = true;
    failed[t] = !ok;
    promised[t] = (ok -> made[_pid] : 0);
    owed[made[_pid]] = owed[made[_pid]] + ok;
    number++
}

inline answer_all() {
    for (t : 0 .. THREADS - 1) {
        if
        :: (waiters[_pid] & (1 << t)) != 0 -> answer(t)
        :: else
        fi
    }
    t = 0;
#ifndef PLANT_PROMISES_UNCOUNTED
    promises[made[_pid]] = (ok -> number : 0);
#endif
    number = 0;
#ifndef PLANT_NOBODY_WOKEN
    wake_all()
#endif
}

inline answer_waiters() {
    if
#ifdef PLANT_FAILURE_UNTOLD
    :: waiters[_pid] != 0 && ok -> answer_all()
#else
    :: waiters[_pid] != 0 -> answer_all()
#endif
    :: else
    fi
}

#ifdef PLANT_FORGOTTEN_KEPT
#define to_be_kept(s) (ok && slots[s] != 0)
#else
#define to_be_kept(s) (ok && !forgotten[_pid] && slots[s] != 0)
#endif

inline finish_creation(s) {
    atomic {
#ifndef PLANT_CREATE_LOCKED
        acquire(locked[s]);
#endif
        running[_pid] = false;
        if
        :: own_spare[_pid] != 0 -> give_up(s, own_spare[_pid])
        :: else
        fi
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
    life[made[_pid]] = LINK;
#endif
    atomic { acquire(locked[s]) };
#endif
    atomic {
        if
        :: ok -> read_link(made[_pid], asked_version)
        :: else
        fi;
        if
        :: made[_pid] != 0 -> give_up_if_unused(s, made[_pid])
        :: else
        fi;
        running_key[_pid] = 0;
        forgotten[_pid] = false;
        waiters[_pid] = 0;
        made[_pid] = 0;
        own_spare[_pid] = 0;
        begun_version = 0;
        ok = false
    }
}

inline start_waiting(creator) {
    waits[_pid] = true;
    waiters[creator] = waiters[creator] | my_bit
}

inline wait_for_answer(s) {
    do
    :: answered[_pid] -> break
    :: else ->
        wait(locked[s]);
#ifdef PLANT_WAITS_ONCE
        break
#endif
    od;
    atomic {
        if
        :: !failed[_pid] ->
            read_link(promised[_pid], asked_version);
            owed[promised[_pid]]--;
            promises[promised[_pid]]--;
#ifndef PLANT_PROMISE_FORGOTTEN
            give_up_if_unused(s, promised[_pid])
#endif
        :: else
        fi;
        waits[_pid] = false;
        answered[_pid] = false;
        failed[_pid] = false;
        promised[_pid] = 0
    }
}

#define NOBODY THREADS

#ifdef PLANT_FORGOTTEN_WAITED_FOR
#define makes_link(t) running[t] && running_key[t] == key
#else
#define makes_link(t) running[t] && running_key[t] == key && !forgotten[t]
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

inline get_or_create(s) {
    atomic {
        acquire(locked[s]);
        if
#ifdef PLANT_HIT_UNLOCKED
        :: entry[key] != 0 -> leaving = entry[key]
#else
        :: entry[key] != 0 -> read_link(entry[key], version[key])
#endif
        :: else ->
            find_creation();
            if
            :: creator == NOBODY -> start_creation(s)
            :: else -> start_waiting(creator)
            fi;
            creator = 0
        fi
    };
    if
    :: running[_pid] -> run_create(s); finish_creation(s)
    :: waits[_pid] -> wait_for_answer(s)
#ifdef PLANT_HIT_UNLOCKED
    :: leaving != 0 -> release(locked[s]); read_link(leaving, 0); leaving = 0; acquire(locked[s])
#endif
    :: else
    fi;
    release(locked[s])
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
    byte ask, key, asked_version, begun_version, creator, leaving, victim, number, t;
    bool ok;
    for (ask : 1 .. ASKS) {
        atomic { choose_key(); asked_version = version[key] };
        get_or_create(key % SHARDS);
        asked_version = 0
    }
    finished++
}

/* Forgetting */

inline forget_creations(k) {
    for (t : 0 .. THREADS - 1) {
        if
        :: running[t] && running_key[t] == k -> forgotten[t] = true
        :: else
        fi
    }
    t = 0
}

inline forget_key(s, k) {
    if
    :: entry[k] != 0 -> forget_entry(s, k)
    :: else
    fi;
#ifndef PLANT_REMOVE_MISSES
    forget_creations(k);
#endif
    version[k]++
}

/* spanlink_cache_remove() */
inline remove(s) {
    atomic { acquire(locked[s]); forget_key(s, key) };
    release(locked[s])
}

/* clear_shard(), in spanlink_cache_clear() */
inline clear_shard(s) {
    atomic {
        acquire(locked[s]);
        for (key : 0 .. KEYS - 1) {
            if
            :: key % SHARDS == s -> forget_key(s, key)
            :: else
            fi
        }
        key = 0;
        life[spare[s]] = GONE;
        spare[s] = 0
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

/* When all is done, spanlink_cache_destroy() leaves nothing behind. */
active proctype last() {
    byte key, leaving, t;
    finished == THREADS + 1 ->
    clear();
    for (t : 1 .. BLOCKS) {
        assert(life[t] == GONE)
    }
}
