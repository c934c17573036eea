/* SPDX-License-Identifier: MIT */
/**
 * @file cache.h
 * Keeps links by key, so that what is costly to find out is found out once: a bounded cache that
 * forgets the least recently used first.
 *
 * Every function here but create and destroy may be called by any threads at the same time.
 *
 * A cache is made of shards, each with its own lock and its own order of use; a seeded hash of the
 * key chooses the shard. With one shard the link that makes way is the least recently used of all.
 * With more it is the least recently used of the newcomer's shard, so one of the least recently
 * used but maybe not the very one; the bound holds for all shards together either way. Of keys that
 * somebody who knows the seed has chosen for one place of the table, only the last 32 are kept, so
 * that look-ups stay short.
 *
 * @snippet concepts/cache.c cache
 * @snippet concepts/cache.c cache get
 */
#ifndef SPANLINK_CACHE_H
#define SPANLINK_CACHE_H

#include <spanlink/list.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Keeps links by key. Opaque: made by spanlink_cache_create(), ended by spanlink_cache_destroy().
 */
typedef struct spanlink_cache spanlink_cache;

/** How a cache shall be; start from SPANLINK_CACHE_OPTIONS_INIT. */
typedef struct spanlink_cache_options {
    size_t struct_size;           /**< sizeof(spanlink_cache_options) */
    spanlink_allocator allocator; /**< Copied; all NULL: malloc(). Several threads call it at once:
                                     its functions must be thread-safe. */
    spanlink_limits limits;       /**< Of each link; max_links says nothing here. */
    size_t capacity; /**< The most links that are kept. 0: none is, but threads that ask for one key
                        at the same time still share one link. SPANLINK_UNLIMITED: none makes way
                        for lack of room. */
    size_t shards;   /**< More let more threads in at once; at most one a link of capacity. 0: 1 for
                        a capacity below 512 (and in a build without threads), else capacity / 32,
                        at most 64. */
    uint64_t hash_seed[2]; /**< Of the hash of keys; both 0: the time and addresses. Give random
                              bits where the keys come from hostile senders. */
} spanlink_cache_options;

/** The defaults: malloc(), the default limits, 1024 links in 32 shards. */
#define SPANLINK_CACHE_OPTIONS_INIT                                                                \
    {sizeof(spanlink_cache_options),                                                               \
     {NULL, NULL, NULL, NULL},                                                                     \
     SPANLINK_LIMITS_INIT,                                                                         \
     1024,                                                                                         \
     0,                                                                                            \
     {0, 0}}

/**
 * Does what SPANLINK_CACHE_OPTIONS_INIT does, for languages without macros.
 *
 * @param options     Written up to `struct_size` bytes, which becomes its struct_size. NULL:
 * nothing happens.
 * @param struct_size The size of the caller's struct. Any thread; constant time.
 */
SPANLINK_API void spanlink_cache_options_init(spanlink_cache_options *options, size_t struct_size);

/** What a cache has done since it was made. The counters stay at their maximum rather than wrap. */
typedef struct spanlink_cache_stats {
    size_t struct_size; /**< sizeof(spanlink_cache_stats), set by the caller. */
    uint64_t hits;      /**< Calls that found the link, or another thread already making it. */
    uint64_t misses;    /**< Calls that ran create(). */
    uint64_t evictions; /**< Links that made way for others. */
    uint64_t entries;   /**< Links in the cache now. */
} spanlink_cache_stats;

/** Statistics ready to be filled. */
#define SPANLINK_CACHE_STATS_INIT {sizeof(spanlink_cache_stats), 0, 0, 0, 0}

/**
 * Does what SPANLINK_CACHE_STATS_INIT does, for languages without macros.
 *
 * @param stats       Written up to `struct_size` bytes, which becomes its struct_size. NULL:
 * nothing happens.
 * @param struct_size The size of the caller's struct. Any thread; constant time.
 */
SPANLINK_API void spanlink_cache_stats_init(spanlink_cache_stats *stats, size_t struct_size);

/**
 * Takes the link of a key from a create function, once. Where that fails, or a second link comes,
 * spanlink_cache_get_or_create() fails likewise, even if create() returns SPANLINK_OK.
 *
 * @param sink What create() was given; valid until create() returns, in its thread only.
 * @param link Borrowed during the call.
 * @retval SPANLINK_OK
 * @retval SPANLINK_ERR_ARGUMENT     `link` is NULL, or its attributes are and their number is not
 * 0. Nothing was emitted: another link may follow.
 * @retval SPANLINK_ERR_CACHE_MULTIPLE_LINKS It is not the first link.
 * @retval SPANLINK_ERR_LINK_INVALID The link points nowhere: a zero id, and neither a tracestate
 * nor an attribute within the limits.
 * @retval SPANLINK_ERR_VALUE_TYPE   A value's type is unknown.
 * @retval SPANLINK_ERR_NO_MEMORY
 */
typedef spanlink_status (*spanlink_link_emit_fn)(void *sink, const spanlink_link *link);

/**
 * Makes the link of a key and hands it to `emit`, once, with `sink` as first argument.
 *
 * Runs with no lock held: it may take its time, and may use the same cache with other keys. It must
 * return (no longjmp(), no thrd_exit()).
 *
 * @param state As given to spanlink_cache_get_or_create().
 * @param key   The key asked for.
 * @param emit  Takes the link. Valid, with `sink`, until create() returns.
 * @param sink  For `emit`.
 * @return SPANLINK_OK, or any other status, which then is the call's and that of all who wait.
 */
typedef spanlink_status (*spanlink_create_fn)(void *state, spanlink_str key,
                                              spanlink_link_emit_fn emit, void *sink);

/**
 * Makes an empty cache.
 *
 * @param options Read during the call only. NULL: the defaults.
 * @param cache   Written on success only; the caller owns the cache.
 * @retval SPANLINK_OK
 * @retval SPANLINK_ERR_ARGUMENT  `cache` is NULL, struct_size is 0, or some but not all of the
 * allocator's functions are NULL.
 * @retval SPANLINK_ERR_NO_MEMORY
 * @retval SPANLINK_ERR_LOCK      The system could not make a lock.
 *
 * Any thread. One allocation, of 256 bytes a shard. Tables grow with the links that there are. A
 * link takes one block, of about 150 bytes beside its attributes, texts and key, and each shard
 * keeps the block of the link that it evicted last for the next one.
 */
SPANLINK_API spanlink_status spanlink_cache_create(const spanlink_cache_options *options,
                                                   spanlink_cache **cache);

/**
 * Ends a cache with its links.
 *
 * @param cache No other call on it may be under way, nor come after. NULL: nothing happens. Linear
 * in the links.
 */
SPANLINK_API void spanlink_cache_destroy(spanlink_cache *cache);

/**
 * Offers the link of a key to a list, as by spanlink_list_add(), and makes it the most recently
 * used. If the cache does not hold it, create() makes it first.
 *
 * create() runs once, even if many threads ask for one key at the same time: the others wait, and
 * get the same link, or the same failure. Threads that ask for other keys don't wait. What create()
 * made is kept before it is offered to the list, so if only that fails, the next call finds it.
 *
 * A create() that asks for another key, whose create() in another thread asks for the first one,
 * waits for ever: such cycles are the caller's to avoid.
 *
 * @param cache  The cache.
 * @param key    Any bytes, any length, compared byte for byte; copied where needed.
 * @param create Not called if the cache holds the link, or another thread is making it.
 * @param state  Handed to create().
 * @param list   Of any options; used by this thread only, as ever. As before unless OK.
 * @retval SPANLINK_OK                  The link was offered: see the list's statistics.
 * @retval SPANLINK_ERR_ARGUMENT        `cache`, `create` or `list` is NULL, or the key's pointer is
 * NULL and its length is not 0.
 * @retval SPANLINK_ERR_CACHE_RECURSION The key was asked for from inside its own create().
 * @retval SPANLINK_ERR_CACHE_NO_LINK   create() returned SPANLINK_OK without a link.
 * @retval SPANLINK_ERR_CACHE_MULTIPLE_LINKS create() emitted a second link.
 * @retval SPANLINK_ERR_NO_MEMORY
 * @return Else what create() returned; if that is SPANLINK_OK, what `emit` returned; if that is
 * too, what spanlink_list_add() returned. Unless create() and `emit` have succeeded nothing is
 * kept.
 *
 * Any thread. A hit costs a hash of the key, two atomic exchanges and the copy. The list's
 * allocator must not use the cache.
 */
SPANLINK_API spanlink_status spanlink_cache_get_or_create(spanlink_cache *cache, spanlink_str key,
                                                          spanlink_create_fn create, void *state,
                                                          spanlink_list *list);

/**
 * Forgets the link of a key.
 *
 * If a thread is making that link just now, it goes to that thread and to those who wait already,
 * but is not kept, and who asks from now on has it made anew.
 *
 * @param cache NULL holds no link.
 * @param key   As for spanlink_cache_get_or_create().
 * @return Whether the cache held the link. Any thread; constant time beside the hash of the key.
 */
SPANLINK_API bool spanlink_cache_remove(spanlink_cache *cache, spanlink_str key);

/**
 * Forgets all links, as by spanlink_cache_remove(), and gives their memory back. The statistics
 * stay, but for `entries`.
 *
 * @param cache NULL: nothing happens. Any thread; linear in the links.
 */
SPANLINK_API void spanlink_cache_clear(spanlink_cache *cache);

/**
 * What a cache has done since it was made.
 *
 * @param cache The cache.
 * @param stats Its struct_size says how much of it is written; with 0, nothing is.
 *
 * NULL, for either: nothing happens. Any thread; costs two atomic exchanges a shard.
 */
SPANLINK_API void spanlink_cache_get_stats(const spanlink_cache *cache,
                                           spanlink_cache_stats *stats);

#ifdef __cplusplus
}
#endif

#endif
