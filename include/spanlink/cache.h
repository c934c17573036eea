/* SPDX-License-Identifier: MIT */
/**
 * @file cache.h
 * A bounded, thread-safe LRU cache of links, for links that are costly to make.
 *
 * A cache consists of shards, each with a lock and an order of use of its own; a seeded hash of the
 * key chooses the shard. With one shard the link that is evicted is the least recently used of all.
 * With more it is the least recently used one in the shard of the new link; the capacity holds for
 * all shards together. A bucket of the hash table holds at most 32 links, so that an attacker who
 * knows the seed cannot slow look-ups down; of a full bucket the oldest link is evicted.
 *
 * Threads: any number of threads may call all functions but create and destroy at the same time. A
 * thread that is cancelled while it waits for another one's create(), or in its own create(), is as
 * if it had never called, as with pthread_once(): nothing is kept, and of the calls that waited for
 * it one runs its own create(). The same holds for pthread_exit() in create(). The functions of
 * allocators must not be cancellation points: locks are held. After fork() the child must not use
 * or destroy a cache that another thread of the parent may have been using. No function here may be
 * called from a signal handler.
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

/** A cache of links. Opaque: made by spanlink_cache_create(), ended by spanlink_cache_destroy().
 */
typedef struct spanlink_cache spanlink_cache;

/** Cache options. A field of 0 is its default; initialise with SPANLINK_CACHE_OPTIONS_INIT. */
typedef struct spanlink_cache_options {
    size_t struct_size;           /**< sizeof(spanlink_cache_options) */
    spanlink_allocator allocator; /**< Copied; all NULL: malloc(). Several threads call its
                                     functions at once: they must be thread-safe. */
    spanlink_limits limits;       /**< Of each link; max_links is not used. */
    size_t capacity;       /**< The most links that are kept; 0: 1024. SPANLINK_NONE: no link is
                              kept, but threads that ask for one key at the same time share one
                              link. SPANLINK_UNLIMITED: never evict, up to 2^30 links. */
    size_t shards;         /**< How many threads can look up at once, at best; at most one shard a
                              link of capacity. 0 and SPANLINK_NONE: 1 for a capacity below 512 (and
                              in a build without threads), else capacity / 32, at most 64. */
    uint64_t hash_seed[2]; /**< Of the hash of keys; both 0: the clock and an address, with
                              SPANLINK_NO_CLOCK the address alone. Give random bits if keys come
                              from hostile senders. */
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
 * Function form of SPANLINK_CACHE_OPTIONS_INIT, for FFI bindings.
 *
 * @param options     Filled up to `struct_size` bytes; its struct_size is set to `struct_size`.
 * No-op if NULL.
 * @param struct_size The size of the caller's struct. Nothing is written if it is 0 or above 4096.
 *
 * Any thread; constant time.
 */
SPANLINK_API void spanlink_cache_options_init(spanlink_cache_options *options, size_t struct_size);

/** What a cache has done since it was made. The counters stay at their maximum rather than wrap. */
typedef struct spanlink_cache_stats {
    size_t struct_size; /**< sizeof(spanlink_cache_stats), set by the caller. */
    uint64_t hits;      /**< Calls that found the link, or another thread already making it. */
    uint64_t misses;    /**< Calls that ran create(). */
    uint64_t evictions; /**< Links that were evicted for others. */
    uint64_t entries;   /**< Links in the cache now. */
} spanlink_cache_stats;

/** Statistics ready to be filled. */
#define SPANLINK_CACHE_STATS_INIT {sizeof(spanlink_cache_stats), 0, 0, 0, 0}

/**
 * Function form of SPANLINK_CACHE_STATS_INIT, for FFI bindings.
 *
 * @param stats       Filled up to `struct_size` bytes; its struct_size is set to `struct_size`.
 * No-op if NULL.
 * @param struct_size The size of the caller's struct. Nothing is written if it is 0 or above 4096.
 *
 * Any thread; constant time.
 */
SPANLINK_API void spanlink_cache_stats_init(spanlink_cache_stats *stats, size_t struct_size);

/**
 * Takes the link of a key from a create function, once. If it fails, or is called again,
 * spanlink_cache_get_or_create() fails with the same status, even if create() returns SPANLINK_OK.
 *
 * @param sink What create() was given.
 * @param link Borrowed during the call; copied under the cache's limits.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT     `link` is NULL, or its attributes are NULL and their number is
 * not 0. Nothing was emitted: another link may follow.
 * @retval SPANLINK_ERR_CACHE_MULTIPLE_LINKS It is not the first link.
 * @retval SPANLINK_ERR_LINK_INVALID A zero id, and within the limits no attribute, and no
 * tracestate: see spanlink_list_add().
 * @retval SPANLINK_ERR_VALUE_TYPE   A value's type is unknown.
 * @retval SPANLINK_ERR_NO_MEMORY There is no memory.
 *
 * Only in the thread that runs create(), until create() returns.
 */
typedef spanlink_status (*spanlink_link_emit_fn)(void *sink, const spanlink_link *link);

/**
 * Makes the link of a key and passes it to `emit`, once.
 *
 * @param state As given to spanlink_cache_get_or_create().
 * @param key   The key that is asked for.
 * @param emit  Takes the link: emit(sink, &link). Valid, with `sink`, until create() returns.
 * @param sink  The first argument of `emit`.
 * @return SPANLINK_OK, or any other status, which is returned to all calls that wait for it.
 *
 * Runs with no lock held: it may take long, and may use the same cache with other keys. It must not
 * leave by longjmp() or an exception.
 */
typedef spanlink_status (*spanlink_create_fn)(void *state, spanlink_str key,
                                              spanlink_link_emit_fn emit, void *sink);

/**
 * Makes an empty cache.
 *
 * @param options Read during the call only. NULL: the defaults.
 * @param cache   Written on success only.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT  `cache` is NULL; or in the options struct_size is 0 or above 4096,
 * an unknown field is not 0, `shards` is SPANLINK_UNLIMITED, or some but not all functions of the
 * allocator are NULL.
 * @retval SPANLINK_ERR_NO_MEMORY There is no memory.
 * @retval SPANLINK_ERR_LOCK      The system could not make a lock.
 *
 * The caller owns the cache. Any thread. One allocation, of 256 bytes a shard. Later each link
 * takes one block, of about 100 bytes beside its attributes, texts and key, and 28 to 56 bytes in
 * its shard's table; each shard keeps the block of the link that it evicted last.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_cache_create(const spanlink_cache_options *options, spanlink_cache **cache);

/**
 * Ends a cache with its links.
 *
 * @param cache No other call on it may be running, nor follow. No-op if NULL.
 *
 * Linear in the links.
 */
SPANLINK_API void spanlink_cache_destroy(spanlink_cache *cache);

/**
 * Adds the link of a key to a list, as spanlink_list_add() does, and makes it the most recently
 * used. If the cache does not hold it, create() makes it first: once, even if many threads ask for
 * the key at the same time. The others wait, and get the same link or the same failure.
 *
 * @param cache  The cache.
 * @param key    Any bytes, any length, compared byte for byte; copied where needed.
 * @param create Not called if the cache holds the link, or another thread is making it. Two of them
 * that ask for each other's key deadlock: callers must avoid such cycles.
 * @param state  The first argument of create().
 * @param list   Of any options. Unchanged on failure; its allocator must not use the cache.
 * @retval SPANLINK_OK                  The link was added: see the list's statistics.
 * @retval SPANLINK_ERR_ARGUMENT        `cache`, `create` or `list` is NULL, or the key's pointer is
 * NULL and its length is not 0.
 * @retval SPANLINK_ERR_CACHE_RECURSION create() asked for its own key.
 * @retval SPANLINK_ERR_CACHE_NO_LINK   create() returned SPANLINK_OK without a link.
 * @return What create() returned, else what `emit` returned; then nothing is kept. Else what
 * spanlink_list_add() returned; then the link is kept, and the next call finds it.
 *
 * Any thread; other keys do not wait. A hit costs a hash of the key, a lock and the copy.
 */
SPANLINK_API spanlink_status spanlink_cache_get_or_create(spanlink_cache *cache, spanlink_str key,
                                                          spanlink_create_fn create, void *state,
                                                          spanlink_list *list);

/**
 * Removes the link of a key. If it is being created, the thread that creates it and those that wait
 * for it already still get it, but it is not kept, and the next call creates it again.
 *
 * @param cache NULL holds no link.
 * @param key   As for spanlink_cache_get_or_create().
 * @return Whether the cache held the link.
 *
 * Any thread; constant time beside the hash of the key.
 */
SPANLINK_API bool spanlink_cache_remove(spanlink_cache *cache, spanlink_str key);

/**
 * Removes all links, as spanlink_cache_remove() does, and gives their memory back. The statistics
 * stay, except `entries`.
 *
 * @param cache No-op if NULL.
 *
 * Any thread; linear in the links.
 */
SPANLINK_API void spanlink_cache_clear(spanlink_cache *cache);

/**
 * Tells what a cache has done since it was made.
 *
 * @param cache No-op if NULL.
 * @param stats Filled up to its struct_size; nothing is written if that is 0 or above 4096. No-op
 * if NULL.
 *
 * Any thread; a lock a shard.
 */
SPANLINK_API void spanlink_cache_get_stats(const spanlink_cache *cache,
                                           spanlink_cache_stats *stats);

#ifdef __cplusplus
}
#endif

#endif
