/* SPDX-License-Identifier: MIT */
/**
 * @file collector.h
 * Collects links from many threads at once, for one of them to take.
 *
 * A collector consists of shards, each a lock with a list. A thread always adds to the same shard,
 * so that threads seldom wait for each other, and the links of one thread keep their order. The
 * order of links from different threads is unspecified: to place a link last, add it to the list
 * after draining. With the defaults a collector delivers at most 128 links, like a list.
 *
 * Threads: any number of threads may call all functions but create and destroy at the same time.
 * Waiting for a lock is no cancellation point, and a drain or snapshot that has begun is completed
 * before its thread is cancelled; a cancelled thread harms no other. The functions of the
 * collector's allocator must not be cancellation points: a lock is held. After fork() the child
 * must not use or destroy a collector that another thread of the parent may have been using. No
 * function here may be called from a signal handler.
 *
 * @snippet concepts/collector.c collector
 * @snippet concepts/collector.c collector drain
 */
#ifndef SPANLINK_COLLECTOR_H
#define SPANLINK_COLLECTOR_H

#include <spanlink/list.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Collects links from many threads. Opaque: made by spanlink_collector_create(), ended by
 * spanlink_collector_destroy(). */
typedef struct spanlink_collector spanlink_collector;

/** Collector options. A field of 0 is its default; initialise with SPANLINK_COLLECTOR_OPTIONS_INIT.
 */
typedef struct spanlink_collector_options {
    size_t struct_size;           /**< sizeof(spanlink_collector_options) */
    spanlink_allocator allocator; /**< Copied; all NULL: malloc(). Several threads call its
                                     functions at once: they must be thread-safe. */
    spanlink_limits limits;       /**< max_links is the most that is delivered; until then each
                                     shard holds up to as many. */
    uint32_t overflow;     /**< A spanlink_overflow: which links are dropped if there are more. */
    bool unique;           /**< Of the links to one span only one is delivered. */
    uint8_t reserved[3];   /**< Zero. */
    uint64_t seed;         /**< Of the choice of RESERVOIR. */
    uint64_t hash_seed[2]; /**< Of the tables behind `unique`; both 0: the clock and addresses, with
                              SPANLINK_NO_CLOCK addresses alone. Give random bits if links come from
                              hostile senders. */
    size_t shards;         /**< How many threads can add without waiting for each other, at best. 0
                              and SPANLINK_NONE: 48 (1 in a build without threads). A drain
                              holds all their locks: ThreadSanitizer follows 63 at most. */
} spanlink_collector_options;

/** The defaults: malloc(), the default limits, KEEP_FIRST, not unique, 48 shards. */
#define SPANLINK_COLLECTOR_OPTIONS_INIT                                                            \
    {sizeof(spanlink_collector_options),                                                           \
     {NULL, NULL, NULL, NULL},                                                                     \
     SPANLINK_LIMITS_INIT,                                                                         \
     SPANLINK_OVERFLOW_KEEP_FIRST,                                                                 \
     false,                                                                                        \
     {0, 0, 0},                                                                                    \
     0,                                                                                            \
     {0, 0},                                                                                       \
     0}

/**
 * Function form of SPANLINK_COLLECTOR_OPTIONS_INIT, for FFI bindings.
 *
 * @param options     Filled up to `struct_size` bytes; its struct_size is set to `struct_size`.
 * No-op if NULL.
 * @param struct_size The size of the caller's struct. Nothing is written if it is 0 or above 4096.
 *
 * Any thread; constant time.
 */
SPANLINK_API void spanlink_collector_options_init(spanlink_collector_options *options,
                                                  size_t struct_size);

/**
 * Makes an empty collector.
 *
 * @param options   Read during the call only. NULL: the defaults.
 * @param collector Written on success only.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT  `collector` is NULL; or in the options struct_size is 0 or above
 * 4096, a reserved or unknown field is not 0, `overflow` is no policy, `shards` is
 * SPANLINK_UNLIMITED, or some but not all functions of the allocator are NULL.
 * @retval SPANLINK_ERR_NO_MEMORY There is no memory.
 * @retval SPANLINK_ERR_LOCK      The system could not make a lock.
 *
 * The caller owns the collector. Any thread. One allocation, of 136 bytes a shard. The first add of
 * a thread makes the list of its shard, which keeps its memory until the collector is destroyed.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_collector_create(
    const spanlink_collector_options *options, spanlink_collector **collector);

/**
 * Ends a collector, with the links that it still holds.
 *
 * @param collector No other call on it may be running, nor follow. No-op if NULL.
 *
 * Linear in the shards.
 */
SPANLINK_API void spanlink_collector_destroy(spanlink_collector *collector);

/**
 * Adds a link to a collector, which copies it, as spanlink_list_add() does.
 *
 * @param collector The collector.
 * @param link      Borrowed during the call.
 * @return As spanlink_list_add(); after SPANLINK_ERR_NO_MEMORY the collector is as before.
 *
 * Any thread; it waits while a drain, snapshot, clear or count is running. Costs what
 * spanlink_list_add() does and a lock.
 */
SPANLINK_API spanlink_status spanlink_collector_add(spanlink_collector *collector,
                                                    const spanlink_link *link);

/**
 * Adds all links of a collector to a list: all of them or, on failure, none.
 *
 * The collector's `unique` and max_links are applied to the links of all threads together. The list
 * is then as if every link that is kept had been added to it; links that the collector dropped are
 * added to the list's counts: see spanlink_list_merge(). With RESERVOIR the kept links are a
 * uniform choice of all that were added. Every add that returned before the call is in it.
 *
 * @param collector Unchanged.
 * @param list      Of any options. Its allocator must not use the collector.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT  One is NULL.
 * @retval SPANLINK_ERR_NO_MEMORY Both are unchanged.
 *
 * Invalidates pointers returned by earlier calls for the list. Any thread; adds wait meanwhile.
 * Linear in the links: one copy of each, or two if more than one shard holds some.
 */
SPANLINK_API spanlink_status spanlink_collector_snapshot(spanlink_collector *collector,
                                                         spanlink_list *list);

/**
 * Does what spanlink_collector_snapshot() and spanlink_collector_clear() do, in one step: each link
 * is delivered by one drain exactly once.
 *
 * @param collector Empty afterwards; unchanged on failure.
 * @param list      As for spanlink_collector_snapshot().
 * @return As spanlink_collector_snapshot().
 *
 * Any thread, at the same cost.
 */
SPANLINK_API spanlink_status spanlink_collector_drain(spanlink_collector *collector,
                                                      spanlink_list *list);

/**
 * Empties a collector: no links, counts of zero, the memory kept. Every add that returned before is
 * cleared.
 *
 * @param collector No-op if NULL.
 *
 * Any thread; constant time a shard; linear in the links if `unique`.
 */
SPANLINK_API void spanlink_collector_clear(spanlink_collector *collector);

/**
 * Counts the links that a collector holds. A drain may deliver fewer: deduplication and max_links
 * across shards are applied only when draining.
 *
 * @param collector NULL holds none.
 * @return The number of links.
 *
 * Any thread; a lock a shard.
 */
SPANLINK_API size_t spanlink_collector_count(const spanlink_collector *collector);

/**
 * Tells what became of the links that were added since the collector was made, drained or cleared.
 * `kept` is the number of spanlink_collector_count(); what deduplication and max_links across
 * shards drop is counted in the list that is drained to.
 *
 * @param collector No-op if NULL.
 * @param stats     Filled up to its struct_size; nothing is written if that is 0 or above 4096.
 * No-op if NULL.
 *
 * Any thread; a lock a shard.
 */
SPANLINK_API void spanlink_collector_get_stats(const spanlink_collector *collector,
                                               spanlink_list_stats *stats);

#ifdef __cplusplus
}
#endif

#endif
