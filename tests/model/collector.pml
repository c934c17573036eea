/* SPDX-License-Identifier: MIT */
/*
 * Model of the collector, src/collector.c: shards, each with a lock and a list; threads that add,
 * and threads that drain, snapshot, clear and count. Adding and copying are split into enough steps
 * to reveal a missing lock, and every allocation may fail. Inlines are named after the functions
 * that they model, public ones without the prefix spanlink_collector_.
 *
 * Properties: all threads see one collection of links.
 *
 * - a link is inside from the return of its add until a drain delivers it or a clear drops it
 * - a drain delivers every link inside exactly once and leaves none; a failed drain leaves the
 *   collector and the list unchanged
 * - a snapshot copies every link inside, and count returns their number
 * - links of one thread are delivered in the order in which it added them
 * - every run ends
 *
 * `inside` is that collection. Each call changes it in one step, between its start and its return,
 * and the lists are compared with it. Acquiring and releasing a lock are single steps: the platform
 * guarantees that. Policies, `unique` and limits belong to the list and need no second thread, so
 * the model does not fix whether the lists are settled.
 *
 * Sizes that are searched, each with two taking threads, and the planted bugs that each must find:
 *
 * SIZE -DADDERS=2 -DLINKS=2 -DTAKES=2   each thread with a shard of its own
 * PLANT_ADD_UNLOCKED             assertion  add takes no lock
 * PLANT_SHARD_CHANGES            assertion  a thread's links go to different shards
 * PLANT_DRAIN_UNLOCKED           assertion  drain takes no lock
 * PLANT_DRAIN_SHARD_BY_SHARD     assertion  drain holds the lock of one shard at a time
 * PLANT_UNLOCKED_BEFORE_CLEAR    assertion  drain releases the locks between copying and clearing
 * PLANT_CLEARED_ON_FAILURE       assertion  drain clears although delivery failed
 * PLANT_GATHERED_KEPT            assertion  links gathered by a failed drain remain for the next one
 * PLANT_SNAPSHOT_LAST_LOCK_ONLY  assertion  snapshot takes only the last shard's lock
 * PLANT_COUNT_SHARD_BY_SHARD     assertion  count holds the lock of one shard at a time
 * PLANT_STARTED_ALONE            assertion  a shard's list is created without the lock ALL
 * PLANT_LOCKED_BACKWARDS         deadlock   snapshot takes the locks in reverse order
 * PLANT_LOCKED_ON_FAILURE        deadlock   a failed drain returns without releasing the locks
 *
 * SIZE -DADDERS=3 -DLINKS=1 -DTAKES=2   two adding threads share a shard
 * PLANT_LIST_MADE_UNLOCKED       assertion  add checks for the shard's list before it takes the lock
 * PLANT_STARTED_TWICE            assertion  after waiting for the lock ALL, add does not check for the list again
 *
 * ENDS -DADDERS=2 -DLINKS=1 -DTAKES=1   no run without end
 */
#define SHARDS 2
#define ALL SHARDS /* the number of the lock that guards which shards are used */
#define TAKERS 2
#define MOST (2 * ADDERS * LINKS) /* capacity for each link twice */

/* Links are numbered; the numbers of one thread ascend. */
typedef links {
    byte slot[MOST];
    byte live
}

bool locked[SHARDS + 1];
bool made[SHARDS]; /* whether the shard has a list, that is, is in use */
links shard[SHARDS];
links gathered;
bool source[SHARDS]; /* the collector's `sources` */

byte inside; /* a bit for each link */
byte finished; /* threads */

#define bit_of(link) (1 << (link))

/* Locks */

inline acquire(s) {
    atomic { !locked[s] -> locked[s] = true }
}

inline release(s) {
    d_step { assert(locked[s]); locked[s] = false }
}

inline acquire_used(s) {
    if
    :: made[s] -> acquire(s)
    :: else
    fi
}

inline release_used(s) {
    if
    :: made[s] -> release(s)
    :: else
    fi
}

inline acquire_all() {
    acquire(ALL);
    acquire_used(0);
    acquire_used(1)
}

inline release_all() {
    release_used(0);
    release_used(1);
    release(ALL)
}

/* Adding: spanlink_collector_add() and start_shard() */

inline make_list(s) {
    if
    :: !made[s] -> shard[s].live = 0; made[s] = true
    :: else
    fi
}

inline start_shard(s) {
#ifdef PLANT_STARTED_ALONE
    make_list(s)
#else
    release(s);
    acquire(ALL);
    acquire(s);
#ifdef PLANT_STARTED_TWICE
    made[s] = false;
#endif
    make_list(s);
    release(ALL)
#endif
}

inline add(s, link) {
#ifdef PLANT_LIST_MADE_UNLOCKED
    make_list(s);
#endif
#ifndef PLANT_ADD_UNLOCKED
    acquire(s);
    if
    :: !made[s] -> start_shard(s)
    :: else
    fi;
#else
    make_list(s);
#endif
    if
    :: true ->
        shard[s].slot[shard[s].live] = link;
        d_step { shard[s].live++; inside = inside | bit_of(link) }
    :: true /* no memory */
    fi;
#ifndef PLANT_ADD_UNLOCKED
    release(s)
#endif
}

active [ADDERS] proctype adder() {
    byte own, next;
    own = _pid % SHARDS;
    for (next : _pid * LINKS .. _pid * LINKS + LINKS - 1) {
#ifdef PLANT_SHARD_CHANGES
        own = 1 - own;
#endif
        add(own, next)
    }
    finished++
}

/* Taking. Each thread has a list of its own to deliver to. */

/* Copies all links of a list to another one. */
inline copy(from, to) {
    for (i : 0 .. from.live - 1) {
        d_step { to.slot[to.live] = from.slot[i]; to.live++ }
    }
    i = 0
}

/* has_content(), in find_sources() */
inline find_source(s) {
    source[s] = made[s] && shard[s].live != 0
}

inline offer_source(s, to) {
    if
    :: source[s] -> copy(shard[s], to)
    :: else
    fi
}

/* slnk_list_offer_lists(), if it succeeds; on failure nothing changes */
inline offer_sources(to) {
    offer_source(0, to);
    offer_source(1, to)
}

/* offer_gathered() */
inline offer_gathered(to) {
    if
    :: true ->
        offer_sources(gathered);
        if
        :: true -> copy(gathered, to); delivered = true
        :: true /* no memory */
        fi
    :: true /* no memory */
    fi;
#ifdef PLANT_GATHERED_KEPT
    if
    :: delivered -> gathered.live = 0
    :: else
    fi
#else
    gathered.live = 0
#endif
}

/* offer_to() */
inline offer_to(to) {
    find_source(0);
    find_source(1);
    if
    :: true -> offer_sources(to); delivered = true
    :: true /* no memory */
    :: source[0] && source[1] -> offer_gathered(to)
    fi
}

/* restart_list(), in clear_all() */
inline clear_shard(s) {
    if
    :: made[s] -> shard[s].live = 0
    :: else
    fi
}

/* The links count as outside from the step after clear_all(). */
inline clear_all() {
    clear_shard(0);
    clear_shard(1)
}

/* With two links for each thread: whether the second one came before the first. */
#define later_is_seen(link) (LINKS == 2 && (link) % 2 == 0 && (seen & bit_of((link) + 1)) != 0)

/* After a successful drain or snapshot, the list holds each link that was inside once, and those of
 * one thread in order. */
inline check_list(to) {
    d_step {
        seen = 0;
        for (i : 0 .. to.live - 1) {
            assert((seen & bit_of(to.slot[i])) == 0);
            assert(!later_is_seen(to.slot[i]));
            seen = seen | bit_of(to.slot[i])
        }
        assert(seen == inside);
        seen = 0;
        i = 0
    }
}

/* Empties the thread's list for its next call. */
inline use_list(to) {
    d_step {
        for (i : 0 .. MOST - 1) {
            to.slot[i] = 0
        }
        to.live = 0;
        delivered = false;
        i = 0
    }
}

inline drain(to) {
#ifdef PLANT_DRAIN_SHARD_BY_SHARD
    acquire(0);
    source[0] = made[0];
    offer_source(0, to);
    clear_shard(0);
    release(0);
    acquire(1);
    source[1] = made[1];
    offer_source(1, to);
    clear_shard(1);
    check_list(to);
    inside = 0;
    release(1);
#else
#ifndef PLANT_DRAIN_UNLOCKED
    acquire_all();
#endif
    offer_to(to);
#ifdef PLANT_UNLOCKED_BEFORE_CLEAR
    release_all();
    acquire_all();
#endif
    if
    :: delivered -> clear_all(); check_list(to); inside = 0
#ifdef PLANT_CLEARED_ON_FAILURE
    :: else -> clear_all()
#else
    :: else -> assert(to.live == 0)
#endif
    fi;
#ifdef PLANT_LOCKED_ON_FAILURE
    if
    :: delivered -> release_all()
    :: else
    fi
#elif !defined(PLANT_DRAIN_UNLOCKED)
    release_all()
#endif
#endif
    use_list(to)
}

inline snapshot(to) {
#ifdef PLANT_LOCKED_BACKWARDS
    acquire(1);
    acquire(0);
    acquire(ALL);
#elif defined(PLANT_SNAPSHOT_LAST_LOCK_ONLY)
    acquire(1);
#else
    acquire_all();
#endif
    offer_to(to);
    if
    :: delivered -> check_list(to)
    :: else -> assert(to.live == 0)
    fi;
#ifdef PLANT_LOCKED_BACKWARDS
    release(1);
    release(0);
    release(ALL);
#elif defined(PLANT_SNAPSHOT_LAST_LOCK_ONLY)
    release(1);
#else
    release_all();
#endif
    use_list(to)
}

inline clear() {
    acquire_all();
    clear_all();
    inside = 0;
    release_all()
}

inline count_shard(s) {
    if
    :: made[s] -> sum = sum + shard[s].live
    :: else
    fi
}

#define number_inside ((inside & 1) + (inside >> 1 & 1) + (inside >> 2 & 1) + (inside >> 3 & 1))

inline count() {
#ifdef PLANT_COUNT_SHARD_BY_SHARD
    acquire(0);
    count_shard(0);
    release(0);
    acquire(1);
    count_shard(1);
    d_step { assert(sum == number_inside); sum = 0 };
    release(1)
#else
    acquire_all();
    count_shard(0);
    count_shard(1);
    d_step { assert(sum == number_inside); sum = 0 };
    release_all()
#endif
}

active [TAKERS] proctype taker() {
    links list;
    bool delivered;
    byte take, i, sum, seen;
    for (take : 1 .. TAKES) {
        if
        :: drain(list)
        :: snapshot(list)
        :: clear()
        :: count()
        fi
    }
    finished++
}

/* At the end, the lists hold the links that are inside. */
active proctype last() {
    bool delivered;
    byte i, seen;
    links list;
    finished == ADDERS + TAKERS ->
    find_source(0);
    find_source(1);
    offer_sources(list);
    check_list(list)
}
