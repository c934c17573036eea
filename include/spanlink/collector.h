/* SPDX-License-Identifier: MIT */
/**
 * @file collector.h
 * Collects links from many threads at once, for one of them to take.
 *
 * Every function here but create and destroy may be called by any threads at the same time. Links
 * that one thread adds keep their order; between threads the order is open. A link that must come
 * last is added to the list after the drain.
 *
 * A collector is made of shards, each a lock with a list, and a thread always adds to the same one,
 * so that threads hardly ever wait for each other.
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

/** How a collector shall be; start from SPANLINK_COLLECTOR_OPTIONS_INIT. */
typedef struct spanlink_collector_options {
    size_t struct_size;           /**< sizeof(spanlink_collector_options) */
    spanlink_allocator allocator; /**< Copied; all NULL: malloc(). Several threads call it at once:
                                     its functions must be thread-safe. */
    spanlink_limits limits;       /**< max_links holds for what is delivered; until then each shard
                                     holds up to as many. */
    uint32_t overflow;            /**< A spanlink_overflow: who stays when there are more. */
    bool unique;                  /**< Of the links to one span only one is delivered. */
    uint64_t seed;                /**< Of RESERVOIR's choice. */
    uint64_t hash_seed[2]; /**< Of the tables behind `unique`; both 0: the time and addresses. Give
                              random bits where senders are hostile. */
    size_t shards;         /**< How many threads can add without waiting for each other, at best;
                              0: 64 (1 in a build without threads). */
} spanlink_collector_options;

/** The defaults: malloc(), the default limits, KEEP_FIRST, not unique, 64 shards. */
#define SPANLINK_COLLECTOR_OPTIONS_INIT                                                            \
    {sizeof(spanlink_collector_options),                                                           \
     {NULL, NULL, NULL, NULL},                                                                     \
     SPANLINK_LIMITS_INIT,                                                                         \
     SPANLINK_OVERFLOW_KEEP_FIRST,                                                                 \
     false,                                                                                        \
     0,                                                                                            \
     {0, 0},                                                                                       \
     0}

/**
 * Does what SPANLINK_COLLECTOR_OPTIONS_INIT does, for languages without macros.
 *
 * @param options     Written up to `struct_size` bytes, which becomes its struct_size. NULL:
 * nothing happens.
 * @param struct_size The size of the caller's struct. Any thread; constant time.
 */
SPANLINK_API void spanlink_collector_options_init(spanlink_collector_options *options,
                                                  size_t struct_size);

/**
 * Makes an empty collector.
 *
 * @param options   Read during the call only. NULL: the defaults.
 * @param collector Written on success only; the caller owns the collector.
 * @retval SPANLINK_OK
 * @retval SPANLINK_ERR_ARGUMENT  `collector` is NULL, struct_size is 0, `overflow` is no policy, or
 * some but not all of the allocator's functions are NULL.
 * @retval SPANLINK_ERR_NO_MEMORY
 * @retval SPANLINK_ERR_LOCK      The system could not make a lock.
 *
 * Any thread. One allocation, of 136 bytes a shard. A shard's list is made by the first add of a
 * thread that falls to it, and keeps its memory, for the next batch, until the collector is
 * destroyed.
 */
SPANLINK_API spanlink_status spanlink_collector_create(const spanlink_collector_options *options,
                                                       spanlink_collector **collector);

/**
 * Ends a collector, with the links that it still holds.
 *
 * @param collector No other call on it may be under way, nor come after. NULL: nothing happens.
 * Linear in the shards.
 */
SPANLINK_API void spanlink_collector_destroy(spanlink_collector *collector);

/**
 * Offers a link to a collector, which copies it, as spanlink_list_add() does.
 *
 * @param collector The collector.
 * @param link      Borrowed during the call.
 * @return As spanlink_list_add(); after SPANLINK_ERR_NO_MEMORY the collector is as before.
 *
 * Any thread. Waits for a drain, snapshot or clear, or a look at the counts, that is under way.
 * Costs what spanlink_list_add() does and two atomic exchanges.
 */
SPANLINK_API spanlink_status spanlink_collector_add(spanlink_collector *collector,
                                                    const spanlink_link *link);

/**
 * Offers a copy of all that the collector holds to a list: the collector stays as it is.
 *
 * The list, its statistics and its markers then read as if every link that was offered to the
 * collector, and has passed its `unique` and max_links, had been offered to the list, and those
 * that have not had been counted there: see spanlink_list_merge(). Every add that returned before
 * the snapshot began is in it.
 *
 * @param collector Stays as it is.
 * @param list      Of any options; used by this thread only, as ever. Its allocator must not use
 * the collector.
 * @retval SPANLINK_OK
 * @retval SPANLINK_ERR_ARGUMENT  One is NULL.
 * @retval SPANLINK_ERR_NO_MEMORY Both are as before.
 *
 * Any thread; the adds of others wait meanwhile. Linear in the links: one copy of each, or two
 * where more than one shard holds some.
 */
SPANLINK_API spanlink_status spanlink_collector_snapshot(spanlink_collector *collector,
                                                         spanlink_list *list);

/**
 * Does what spanlink_collector_snapshot() does and leaves the collector as
 * spanlink_collector_clear() does, in one step: each link is delivered by one drain exactly once.
 *
 * @param collector Empty afterwards; as before unless OK.
 * @param list      Of any options; used by this thread only, as ever.
 * @return As spanlink_collector_snapshot(), at the same cost: all or nothing.
 */
SPANLINK_API spanlink_status spanlink_collector_drain(spanlink_collector *collector,
                                                      spanlink_list *list);

/**
 * Empties a collector: no links, statistics at zero, the memory kept. Every add that returned
 * before is cleared.
 *
 * @param collector NULL: nothing happens. Any thread; constant time a shard; linear in the links if
 * `unique`.
 */
SPANLINK_API void spanlink_collector_clear(spanlink_collector *collector);

/**
 * How many links a collector holds now.
 *
 * With max_links or `unique` a drain may deliver fewer: what different threads have added is only
 * held against each other then.
 *
 * @param collector NULL holds none.
 * @return The number of links. Any thread; costs two atomic exchanges a shard.
 */
SPANLINK_API size_t spanlink_collector_count(const spanlink_collector *collector);

/**
 * What became of the links that were offered since the collector was made, drained or cleared.
 *
 * `kept` is the count, and like it taken before different threads' links are held against each
 * other: what that finds is counted in the list that they are delivered to.
 *
 * @param collector The collector.
 * @param stats     Its struct_size says how much of it is written; with 0, nothing is.
 *
 * NULL, for either: nothing happens. Any thread; costs two atomic exchanges a shard.
 */
SPANLINK_API void spanlink_collector_get_stats(const spanlink_collector *collector,
                                               spanlink_list_stats *stats);

#ifdef __cplusplus
}
#endif

#endif
