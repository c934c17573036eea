/* SPDX-License-Identifier: MIT */
/**
 * @file cache.h
 * A bounded, thread-safe LRU cache of links, for links that are costly to create.
 *
 * A cache consists of shards, each with its own lock and order of use; a seeded hash of the key
 * selects the shard. With one shard the least recently used link of the cache is evicted, with more
 * the least recently used link of the new link's shard; the capacity is shared by all shards. A
 * bucket of the hash table holds at most 32 links, so that an attacker who knows the seed cannot
 * slow look-ups down; the oldest link of a full bucket is evicted.
 *
 * @code
 * spanlink_cache *cache;
 * if (spanlink_cache_create(NULL, &cache) == SPANLINK_OK) {
 *     spanlink_status status = spanlink_cache_get_or_create(cache, key, create, state, list);
 *     spanlink_cache_destroy(cache);
 * }
 * @endcode
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

/**
 * A cache of links. Opaque: see spanlink_cache_create() and spanlink_cache_destroy().
 *
 * Any number of threads may call all functions except create and destroy at the same time. A thread
 * that is cancelled while it waits for another thread's create(), or in its own create(), is
 * treated as if it had not called, as by pthread_once(): no link is cached, and one of the waiting
 * threads runs its own create(). The same holds for pthread_exit() in create(). The functions of
 * allocators must not be cancellation points, because locks are held.
 *
 * After fork() a child process must not use or destroy a cache that another thread of the parent
 * may have been using. No function here may be called from a signal handler.
 */
typedef struct spanlink_cache spanlink_cache;

/** Cache options. A field of 0 means its default; initialise with SPANLINK_CACHE_OPTIONS_INIT. */
typedef struct spanlink_cache_options {
    size_t struct_size;           /**< sizeof(spanlink_cache_options) */
    spanlink_allocator allocator; /**< Copied. All NULL: malloc(). Must be thread-safe. */
    spanlink_limits limits;       /**< Limits of each link; max_links is ignored. */
    size_t capacity;       /**< The number of links kept. Default 1024. SPANLINK_NONE: no link is
                              kept, but threads that ask for a key at the same time share a link.
                              SPANLINK_UNLIMITED: never evict, up to 2^30 links. */
    size_t shards;         /**< How many threads can look up at the same time; at most `capacity`. 0
                              and SPANLINK_NONE: 1 if the capacity is below 512 (or in a build
                              without threads), otherwise capacity / 32, at most 64. */
    uint64_t hash_seed[2]; /**< Seed of the hash of keys. Both 0: the clock and an address, with
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
 *                    No-op if NULL.
 * @param struct_size The size of the caller's struct. No-op below sizeof(size_t) or above 4096.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_API void spanlink_cache_options_init(spanlink_cache_options *options, size_t struct_size);

/** Statistics of a cache. The counters stay at their maximum instead of wrapping. */
typedef struct spanlink_cache_stats {
    size_t struct_size; /**< sizeof(spanlink_cache_stats), set by the caller. */
    uint64_t hits;      /**< Calls that found the link, or another thread creating it. */
    uint64_t misses;    /**< Calls that ran create(). */
    uint64_t evictions; /**< Links that were evicted. */
    uint64_t entries;   /**< Links in the cache now. */
} spanlink_cache_stats;

/** Initial value of spanlink_cache_stats. */
#define SPANLINK_CACHE_STATS_INIT {sizeof(spanlink_cache_stats), 0, 0, 0, 0}

/**
 * Function form of SPANLINK_CACHE_STATS_INIT, for FFI bindings.
 *
 * @param stats       Filled up to `struct_size` bytes; its struct_size is set to `struct_size`.
 *                    No-op if NULL.
 * @param struct_size The size of the caller's struct. No-op below sizeof(size_t) or above 4096.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_API void spanlink_cache_stats_init(spanlink_cache_stats *stats, size_t struct_size);

/**
 * Receives the link of a key from a create function. If it fails, or is called again after a link,
 * valid or not, spanlink_cache_get_or_create() fails: with what create() returns or, if that is
 * SPANLINK_OK, with the status of the last call.
 *
 * @param sink The argument that create() received.
 * @param link Borrowed during the call; copied within the cache's limits.
 * @retval SPANLINK_OK                       Success.
 * @retval SPANLINK_ERR_ARGUMENT             `link` is NULL, or its `attributes` is NULL but its
 *                                           attribute_count is not 0. The call does not count:
 *                                           create() may emit another link.
 * @retval SPANLINK_ERR_CACHE_MULTIPLE_LINKS It is not the first link.
 * @retval SPANLINK_ERR_LINK_INVALID         An id is zero, the limits keep no attribute, and there
 *                                           is no printable tracestate.
 * @retval SPANLINK_ERR_VALUE_TYPE           A value's type is unknown.
 * @retval SPANLINK_ERR_NO_MEMORY            An allocation failed.
 *
 * Ownership: the cache copies the link.
 * Thread safety: only the thread that runs create(), until create() returns.
 * Cost: a copy of the link.
 */
typedef spanlink_status (*spanlink_link_emit_fn)(void *sink, const spanlink_link *link);

/**
 * Creates the link of a key and passes it to `emit`, once. Implemented by the caller.
 *
 * @param state As passed to spanlink_cache_get_or_create().
 * @param key   The key.
 * @param emit  Receives the link: emit(sink, &link).
 * @param sink  The first argument of `emit`.
 * @return SPANLINK_OK, or any other status, which all calls that wait for this link return.
 *
 * Ownership: `emit` and `sink` are valid until create() returns.
 * Thread safety: no lock is held: create() may take long, and may use the same list, and the same
 * cache with other keys. It must not leave by longjmp() or a C++ exception.
 */
typedef spanlink_status (*spanlink_create_fn)(void *state, spanlink_str key,
                                              spanlink_link_emit_fn emit, void *sink);

/**
 * Creates an empty cache.
 *
 * @param options Read during the call only. NULL means the defaults.
 * @param cache   Written on success only.
 * @retval SPANLINK_OK            Success.
 * @retval SPANLINK_ERR_ARGUMENT  `cache` is NULL; or in the options struct_size is 0 or above 4096,
 *                                a reserved or unknown field is not 0, `shards` is
 *                                SPANLINK_UNLIMITED, or some but not all of the allocator's
 *                                functions are NULL.
 * @retval SPANLINK_ERR_NO_MEMORY An allocation failed.
 * @retval SPANLINK_ERR_LOCK      The system could not create a lock.
 *
 * Ownership: the caller owns the cache and releases it by spanlink_cache_destroy().
 * Thread safety: any thread.
 * Cost: one allocation of about 400 bytes, and 256 per shard. Later each link takes one block of
 * about 100 bytes plus attributes, texts and key, and 32 to 64 bytes in its shard's table; each
 * shard keeps the block of the link that it evicted last.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_cache_create(const spanlink_cache_options *options, spanlink_cache **cache);

/**
 * Destroys a cache and its links.
 *
 * @param cache No-op if NULL.
 *
 * Ownership: invalidates the cache.
 * Thread safety: no other call on the cache may be running or follow.
 * Cost: linear in the links.
 */
SPANLINK_API void spanlink_cache_destroy(spanlink_cache *cache);

/**
 * Adds the link of a key to a list, as spanlink_list_add() does, and marks it as the most recently
 * used. If the cache does not hold the link, create() creates it: once, even if several threads ask
 * for the key at the same time. The other threads wait, and receive the same link or status.
 *
 * @param cache  The cache.
 * @param key    Any bytes, any length, compared byte for byte.
 * @param create Called if the cache does not hold the link and no other thread is creating it. Two
 *               create() calls that ask for each other's key deadlock.
 * @param state  The first argument of create().
 * @param list   With any options; unchanged on failure. Its allocator must not use the cache.
 * @retval SPANLINK_OK                       Added or dropped, as by spanlink_list_add().
 * @retval SPANLINK_ERR_ARGUMENT             `cache`, `create` or `list` is NULL, or `key` is NULL
 *                                           with a length.
 * @retval SPANLINK_ERR_CACHE_RECURSION      create() looked up its own key.
 * @retval SPANLINK_ERR_CACHE_NO_LINK        create() returned SPANLINK_OK without emitting a link.
 * @retval SPANLINK_ERR_CACHE_MULTIPLE_LINKS create() emitted a second link.
 * @retval SPANLINK_ERR_LINK_INVALID         The cache's or the list's limits leave nothing valid.
 * @retval SPANLINK_ERR_VALUE_TYPE           A value's type is unknown.
 * @retval SPANLINK_ERR_NO_MEMORY            An allocation failed.
 * @return Otherwise what create() returned. If it or `emit` fails, the cache keeps no link; if only
 *         adding to the list fails, the link stays cached.
 *
 * Ownership: cache and list have a copy each.
 * Thread safety: any thread; calls for other keys do not wait.
 * Cost: if the link is cached, a hash of the key, a lock and a copy of the link.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_cache_get_or_create(spanlink_cache *cache, spanlink_str key, spanlink_create_fn create,
                             void *state, spanlink_list *list);

/**
 * Removes the link of a key. If the link is being created, the creating thread and current waiters
 * still receive it, but it is not cached and the next call creates it again.
 *
 * @param cache NULL holds no link.
 * @param key   As for spanlink_cache_get_or_create(). A key that is NULL with a length is never
 *              found.
 * @return Whether the cache held the link.
 *
 * Thread safety: any thread.
 * Cost: constant, and a hash of the key.
 */
SPANLINK_API bool spanlink_cache_remove(spanlink_cache *cache, spanlink_str key);

/**
 * Removes all links, as spanlink_cache_remove() does, and releases their memory. Of the statistics
 * only `entries` changes.
 *
 * @param cache No-op if NULL.
 *
 * Thread safety: any thread.
 * Cost: linear in the links.
 */
SPANLINK_API void spanlink_cache_clear(spanlink_cache *cache);

/**
 * Reads the statistics of a cache.
 *
 * @param cache No-op if NULL.
 * @param stats Filled up to its struct_size. No-op if NULL, or if that is below
 *              sizeof(size_t) or above 4096.
 *
 * Thread safety: any thread.
 * Cost: one lock per shard.
 */
SPANLINK_API void spanlink_cache_get_stats(const spanlink_cache *cache,
                                           spanlink_cache_stats *stats);

#ifdef __cplusplus
}
#endif

#endif
