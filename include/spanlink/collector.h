/* SPDX-License-Identifier: MIT */
/**
 * @file collector.h
 * Collects links from several threads, for one thread to drain.
 *
 * A collector consists of shards, each with a lock and a list. A thread always adds to the same
 * shard, so that threads rarely wait for each other and the links of one thread keep their order.
 * The order of links from different threads is unspecified; to place a link last, add it to the
 * list after draining. With the defaults a drain delivers at most 128 links; the list that receives
 * it has limits of its own, which should be as large. examples/collector_threads.c has threads.
 *
 * @code
 * spanlink_status status = spanlink_collector_add(collector, &link); // in any thread
 * status = spanlink_collector_drain(collector, list);
 * @endcode
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

/**
 * A collector of links. Opaque: see spanlink_collector_create() and spanlink_collector_destroy().
 *
 * Any number of threads may call all functions except create and destroy at the same time. Waiting
 * for a lock is not a cancellation point, and a drain or snapshot that has begun is completed
 * before its thread is cancelled: a cancelled thread does not affect other threads. The functions
 * of the collector's allocator must not be cancellation points, because a lock is held.
 *
 * After fork() a child process must not use or destroy a collector that another thread of the
 * parent may have been using. No function here may be called from a signal handler.
 */
typedef struct spanlink_collector spanlink_collector;

/** Collector options. A field of 0 means its default; initialise with
 * SPANLINK_COLLECTOR_OPTIONS_INIT. */
typedef struct spanlink_collector_options {
    size_t struct_size;           /**< sizeof(spanlink_collector_options) */
    spanlink_allocator allocator; /**< Copied. All NULL: malloc(). Must be thread-safe. */
    spanlink_limits limits;       /**< max_links limits what a drain delivers; before a drain each
                                     shard holds up to max_links links. */
    uint32_t overflow;            /**< A spanlink_overflow: which links are dropped at max_links. */
    bool unique;                  /**< Delivers one link to each span. */
    uint8_t reserved[3];          /**< Zero. */
    uint64_t seed;                /**< Seed of RESERVOIR. */
    uint64_t hash_seed[2];        /**< Seed of the hash tables of `unique`. Both 0: the clock and
                                     addresses, with SPANLINK_NO_CLOCK addresses alone. Give
                                     random bits if links come from hostile senders. */
    size_t shards; /**< How many threads can add without waiting. 0 and SPANLINK_NONE: 48 (1
                      in a build without threads). A drain holds one lock more than there
                      are used shards; ThreadSanitizer supports at most 63. */
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
 *                    No-op if NULL.
 * @param struct_size The size of the caller's struct. No-op below sizeof(size_t) or above 4096.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_API void spanlink_collector_options_init(spanlink_collector_options *options,
                                                  size_t struct_size);

/**
 * Creates an empty collector.
 *
 * @param options   Read during the call only. NULL means the defaults.
 * @param collector Written on success only.
 * @retval SPANLINK_OK            Success.
 * @retval SPANLINK_ERR_ARGUMENT  `collector` is NULL; or in the options struct_size is 0 or above
 *                                4096, a reserved or unknown field is not 0, `overflow` is no
 *                                policy, `shards` is SPANLINK_UNLIMITED, or some but not all of the
 *                                allocator's functions are NULL.
 * @retval SPANLINK_ERR_NO_MEMORY An allocation failed.
 * @retval SPANLINK_ERR_LOCK      The system could not create a lock.
 *
 * Ownership: the caller owns the collector and releases it by spanlink_collector_destroy().
 * Thread safety: any thread.
 * Cost: one allocation of about 450 bytes, and 136 per shard. The first add of a thread creates the
 * list of its shard, whose memory stays with the collector, except that a drain may exchange it.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_collector_create(
    const spanlink_collector_options *options, spanlink_collector **collector);

/**
 * Destroys a collector and the links that it still holds.
 *
 * @param collector No-op if NULL.
 *
 * Ownership: invalidates the collector.
 * Thread safety: no other call on the collector may be running or follow.
 * Cost: linear in the shards.
 */
SPANLINK_API void spanlink_collector_destroy(spanlink_collector *collector);

/**
 * Adds a copy of a link to a collector, as spanlink_list_add() does.
 *
 * @param collector The collector.
 * @param link      Borrowed during the call.
 * @retval SPANLINK_OK               Added, or dropped by `unique` or max_links: see the statistics.
 * @retval SPANLINK_ERR_ARGUMENT     An argument is NULL, or `attributes` is NULL but
 *                                   attribute_count is not 0. Not counted.
 * @retval SPANLINK_ERR_LINK_INVALID All of these: an id is zero, the limits keep no attribute, and
 *                                   there is no printable tracestate. Counted as invalid.
 * @retval SPANLINK_ERR_VALUE_TYPE   A value's type is unknown. Counted as invalid. For links that
 *                                   are dropped see spanlink_list_add().
 * @retval SPANLINK_ERR_NO_MEMORY    An allocation failed; the collector is unchanged.
 *
 * Ownership: the collector copies the link.
 * Thread safety: any thread; it waits while a drain, snapshot, clear, count or get_stats is
 * running.
 * Cost: that of spanlink_list_add(), and a lock.
 */
SPANLINK_API spanlink_status spanlink_collector_add(spanlink_collector *collector,
                                                    const spanlink_link *link);

/**
 * Adds all links of a collector to a list: all or, on failure, none.
 *
 * The collector's `unique` and max_links are first applied to the links of all threads together.
 * Afterwards the list is as if every link that the collector kept had been added to it; the links
 * that the collector dropped are added to the list's drop counts, as by spanlink_list_merge(). With
 * RESERVOIR the links kept are a uniform choice of all links added. The snapshot includes every add
 * that returned before the call.
 *
 * @param collector Unchanged.
 * @param list      With any options. Its allocator must not use the collector.
 * @retval SPANLINK_OK            Success.
 * @retval SPANLINK_ERR_ARGUMENT  An argument is NULL.
 * @retval SPANLINK_ERR_NO_MEMORY An allocation failed; collector and list are unchanged.
 *
 * Ownership: the list copies the links. Invalidates pointers returned by earlier calls for the
 * list.
 * Thread safety: any thread; adds wait during the call. One thread at a time per list.
 * Cost: linear in the links: one copy of each, or two if several shards hold links and max_links
 * or `unique` has to be applied.
 */
SPANLINK_API spanlink_status spanlink_collector_snapshot(spanlink_collector *collector,
                                                         spanlink_list *list);

/**
 * Does what spanlink_collector_snapshot() and spanlink_collector_clear() do, in one step: exactly
 * one drain delivers each link.
 *
 * @param collector Empty afterwards; unchanged on failure.
 * @param list      With any options. Its allocator must not use the collector.
 * @retval SPANLINK_OK            Success.
 * @retval SPANLINK_ERR_ARGUMENT  An argument is NULL.
 * @retval SPANLINK_ERR_NO_MEMORY An allocation failed; collector and list are unchanged.
 *
 * Ownership: the list copies the links, or exchanges its memory with that of a shard, as
 * spanlink_list_merge() does. Invalidates pointers returned by earlier calls for the list.
 * Thread safety: any thread; adds wait during the call. One thread at a time per list.
 * Cost: linear in the links: one copy of each, or two if several shards hold links and max_links
 * or `unique` has to be applied. Without a copy for the links of one shard if the list, cleared
 * after the last drain, has the collector's allocator and options, and markers, but no
 * `expected_links`; for the other conditions see spanlink_list_merge().
 */
SPANLINK_API spanlink_status spanlink_collector_drain(spanlink_collector *collector,
                                                      spanlink_list *list);

/**
 * Removes all links and resets the statistics. This includes every add that returned before the
 * call.
 *
 * @param collector No-op if NULL.
 *
 * Ownership: the collector keeps its memory.
 * Thread safety: any thread.
 * Cost: linear in the used shards, and in the links if `unique`.
 */
SPANLINK_API void spanlink_collector_clear(spanlink_collector *collector);

/**
 * Counts the links in a collector. A drain may deliver fewer: `unique` and max_links are applied
 * across shards only when draining.
 *
 * @param collector NULL holds no links.
 * @return The number of links.
 *
 * Thread safety: any thread.
 * Cost: one lock per used shard.
 */
SPANLINK_API size_t spanlink_collector_count(const spanlink_collector *collector);

/**
 * Reads the statistics of a collector since it was created, drained or cleared. `kept` equals
 * spanlink_collector_count(). Links that a drain drops are counted in the list that receives it.
 *
 * @param collector No-op if NULL.
 * @param stats     Filled up to its struct_size. No-op if NULL, or if that is below
 *                  sizeof(size_t) or above 4096.
 *
 * Thread safety: any thread.
 * Cost: one lock per used shard.
 */
SPANLINK_API void spanlink_collector_get_stats(const spanlink_collector *collector,
                                               spanlink_list_stats *stats);

#ifdef __cplusplus
}
#endif

#endif
