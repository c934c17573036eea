/* SPDX-License-Identifier: MIT */
/**
 * @file list.h
 * An owning list of links: limits, overflow policies, uniqueness, statistics (OpenTelemetry trace
 * SDK, "Span Limits" and "Link").
 *
 * A list copies every link that is added to it, texts included: the caller may free its inputs
 * after the call. It holds at most `limits.max_links` links, and its memory stays bounded, however
 * many links are added.
 *
 * Threads: one thread at a time may use a list. Several threads may use different lists at the same
 * time if the lists' allocator is thread-safe. For links from many threads see collector.h.
 *
 * @code
 * spanlink_list *links;
 * if (spanlink_list_create(NULL, &links) == SPANLINK_OK) {
 *     spanlink_status status = spanlink_list_add(links, &link);
 *     spanlink_list_destroy(links);
 * }
 * @endcode
 *
 * @snippet concepts/list.c list
 */
#ifndef SPANLINK_LIST_H
#define SPANLINK_LIST_H

#include <spanlink/link.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An owning list of links. Opaque: see spanlink_list_create() and spanlink_list_destroy(). */
typedef struct spanlink_list spanlink_list;

/** Limits applied to links added to a list. In each field, 0 means the default, SPANLINK_UNLIMITED
 * disables the limit, and SPANLINK_NONE allows nothing. */
typedef struct spanlink_limits {
    /** Links in the list. Default 128. Never above 2^30 (2^24 if size_t has 32 bits). */
    size_t max_links;
    /** Attributes of one link; the first ones are kept. Default 128. */
    size_t max_attributes;
    /** Unicode characters of a string, bytes of a byte array, also in arrays and maps, and in the
     * attributes of factories. What is cut is not counted. Default unlimited. */
    size_t max_value_length;
    /** Levels of arrays and maps in a value. Default 64, which is also the maximum. */
    size_t max_value_depth;
    size_t reserved[4]; /**< Zero. */
} spanlink_limits;

/** The defaults of OpenTelemetry: 128 links, 128 attributes, values of any length, 64 levels. */
#define SPANLINK_LIMITS_INIT {128, 128, SPANLINK_UNLIMITED, 64, {0, 0, 0, 0}}

/**
 * Reads the limits of the OpenTelemetry specification from environment variables.
 *
 * - max_links: `OTEL_SPAN_LINK_COUNT_LIMIT`, or 128.
 * - max_attributes: `OTEL_LINK_ATTRIBUTE_COUNT_LIMIT`, or `OTEL_ATTRIBUTE_COUNT_LIMIT`, or 128.
 * - max_value_length: `OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT`, or
 *   `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`, or unlimited.
 *
 * The first variable that is set is used; an empty variable counts as not set. max_value_depth has
 * no variable and is 64. A value is decimal digits, with spaces and tabs around them; 0 gives
 * SPANLINK_NONE, a number from SIZE_MAX - 1 on gives SPANLINK_UNLIMITED. An invalid value is
 * ignored, as if the variable were not set. In a build with SPANLINK_NO_ENV no variable is set.
 *
 * @param limits       All fields are written.
 * @param bad_variable Set to the name of the first variable in this order whose value is invalid,
 *                     also if it was not needed; empty if there is none. May be NULL.
 * @retval SPANLINK_OK           Success, also if a variable was ignored.
 * @retval SPANLINK_ERR_ARGUMENT `limits` is NULL.
 *
 * Ownership: the name in `bad_variable` is a static string.
 * Thread safety: any thread, while no thread changes the environment.
 * Cost: five calls of getenv().
 * Specification: OpenTelemetry SDK environment variables, "Attribute Limits" and "Span Limits".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_limits_from_env(spanlink_limits *limits,
                                                                        spanlink_str *bad_variable);

/** Which link is dropped when a list already holds max_links. The numbers never change. */
typedef enum spanlink_overflow {
    /** The new link. */
    SPANLINK_OVERFLOW_KEEP_FIRST = 0,
    /** The oldest link. */
    SPANLINK_OVERFLOW_KEEP_LAST = 1,
    /** If the new link is sampled, the latest unsampled link; if there is none, or the new link is
     * not sampled, the new link. */
    SPANLINK_OVERFLOW_SAMPLED_FIRST = 2,
    /** A random link: the list is a uniform choice of all links added; if `unique`, of all spans.
     */
    SPANLINK_OVERFLOW_RESERVOIR = 3
} spanlink_overflow;

/** List options. A field of 0 means its default; initialise with SPANLINK_LIST_OPTIONS_INIT. */
typedef struct spanlink_list_options {
    size_t struct_size;           /**< sizeof(spanlink_list_options) */
    spanlink_allocator allocator; /**< Copied. All NULL: malloc(). */
    spanlink_limits limits;       /**< See SPANLINK_LIMITS_INIT for the defaults. */
    uint32_t overflow;            /**< A spanlink_overflow. Default KEEP_FIRST. */
    bool unique;           /**< Drops a link to a span that the list already has a link to. */
    bool no_markers;       /**< Adds no markers for dropped links; statistics count them. */
    uint8_t reserved[2];   /**< Zero. */
    uint64_t seed;         /**< Seed of RESERVOIR: equal seeds choose equally. */
    uint64_t hash_seed[2]; /**< Seed of the hash table of `unique` and dedup. Both 0: the clock and
                              addresses, with SPANLINK_NO_CLOCK addresses alone. Give random bits if
                              senders are hostile and addresses are not random. */
    size_t expected_links; /**< Adding this number of links, at most max_links, allocates no memory
                              for the links and two attributes each, only for texts. */
} spanlink_list_options;

/** The defaults: malloc(), the default limits, KEEP_FIRST, not unique, no memory in advance. */
#define SPANLINK_LIST_OPTIONS_INIT                                                                 \
    {sizeof(spanlink_list_options),                                                                \
     {NULL, NULL, NULL, NULL},                                                                     \
     SPANLINK_LIMITS_INIT,                                                                         \
     SPANLINK_OVERFLOW_KEEP_FIRST,                                                                 \
     false,                                                                                        \
     false,                                                                                        \
     {0, 0},                                                                                       \
     0,                                                                                            \
     {0, 0},                                                                                       \
     0}

/**
 * Function form of SPANLINK_LIST_OPTIONS_INIT, for FFI bindings.
 *
 * @param options     Filled up to `struct_size` bytes; its struct_size is set to `struct_size`.
 *                    No-op if NULL.
 * @param struct_size The size of the caller's struct. No-op below sizeof(size_t) or above 4096.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_API void spanlink_list_options_init(spanlink_list_options *options, size_t struct_size);

/**
 * Statistics of a list: offered = kept + duplicate + over_limit + invalid.
 *
 * The counters are 0 after create and clear, and stay at their maximum instead of wrapping.
 */
typedef struct spanlink_list_stats {
    size_t struct_size;  /**< sizeof(spanlink_list_stats), set by the caller. */
    uint64_t offered;    /**< Links that were added, dropped or rejected as invalid. */
    uint64_t kept;       /**< Links in the list now. */
    uint64_t duplicate;  /**< Dropped by `unique`, or removed by dedup. */
    uint64_t over_limit; /**< Dropped by max_links, or removed by truncate. A later link to a span
                            whose link was dropped is not a duplicate. */
    uint64_t invalid;    /**< Rejected with ERR_LINK_INVALID or ERR_VALUE_TYPE. */
    uint32_t dropped;    /**< over_limit, at most UINT32_MAX: OTLP's dropped_links_count. */
    uint32_t reserved;   /**< Zero. */
} spanlink_list_stats;

/** Initial value of spanlink_list_stats. */
#define SPANLINK_LIST_STATS_INIT {sizeof(spanlink_list_stats), 0, 0, 0, 0, 0, 0, 0}

/**
 * Function form of SPANLINK_LIST_STATS_INIT, for FFI bindings.
 *
 * @param stats       Filled up to `struct_size` bytes; its struct_size is set to `struct_size`.
 *                    No-op if NULL.
 * @param struct_size The size of the caller's struct. No-op below sizeof(size_t) or above 4096.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_API void spanlink_list_stats_init(spanlink_list_stats *stats, size_t struct_size);

/**
 * Creates an empty list.
 *
 * @param options Read during the call only. NULL means the defaults.
 * @param list    Written on success only.
 * @retval SPANLINK_OK            Success.
 * @retval SPANLINK_ERR_ARGUMENT  `list` is NULL; or in the options struct_size is 0 or above 4096,
 *                                a reserved or unknown field is not 0, `overflow` is no policy, or
 *                                some but not all of the allocator's functions are NULL.
 * @retval SPANLINK_ERR_NO_MEMORY An allocation failed.
 *
 * Ownership: the caller owns the list and releases it by spanlink_list_destroy().
 * Thread safety: any thread.
 * Cost: one allocation. With `expected_links` it includes two attributes for each expected link,
 * and there is one more for the links, one for the table of `unique`, and one for RESERVOIR unless
 * max_links is unlimited.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_list_create(const spanlink_list_options *options, spanlink_list **list);

/**
 * Destroys a list and releases its memory.
 *
 * @param list No-op if NULL.
 *
 * Ownership: invalidates the list and all pointers into it.
 * Thread safety: one thread at a time per list.
 * Cost: linear in the number of memory blocks, which is small and does not depend on the links.
 */
SPANLINK_API void spanlink_list_destroy(spanlink_list *list);

/**
 * Adds a copy of a link, within the limits, `unique` and the overflow policy.
 *
 * An attribute is dropped, and counted in the copy's dropped_attributes_count, if its key is empty
 * or not UTF-8, or if the link has max_attributes other keys already. Of a repeated key the last
 * value is kept, in the place of the first. The same rules, except max_attributes, hold for the
 * entries of maps. Strings and byte arrays are cut to max_value_length, never inside a UTF-8
 * character. An array or map deeper than max_value_depth becomes an empty value, which is not
 * counted; its content is not read. A tracestate is copied unchanged, printable or not.
 *
 * @param list The list.
 * @param link Borrowed during the call. Neither it nor what it points to may belong to this list.
 * @retval SPANLINK_OK               Added, or dropped by `unique` or max_links: see the statistics.
 *                                   A link with a zero trace id is never a duplicate.
 * @retval SPANLINK_ERR_ARGUMENT     An argument is NULL, `attributes` is NULL but attribute_count
 *                                   is not 0, or `link` is in this list's array. Not counted.
 * @retval SPANLINK_ERR_LINK_INVALID All of these: an id is zero, the limits keep no attribute, and
 *                                   there is no printable tracestate. Counted as invalid.
 * @retval SPANLINK_ERR_VALUE_TYPE   A value's type is unknown. Counted as invalid. The values of a
 *                                   valid context's link that is dropped here are not read.
 * @retval SPANLINK_ERR_NO_MEMORY    An allocation failed; the list is unchanged.
 *
 * Ownership: the list copies the link. Invalidates pointers returned by earlier calls.
 * Thread safety: one thread at a time per list.
 * Cost: amortised constant, and a copy of the link.
 * Specification: OpenTelemetry trace API, "Link"; common, "Attribute Limits".
 */
SPANLINK_API spanlink_status spanlink_list_add(spanlink_list *list, const spanlink_link *link);

/**
 * Adds several links, all or none, each as spanlink_list_add() does.
 *
 * @param list  The list.
 * @param links Borrowed during the call. Neither they nor what they point to may belong to this
 *              list. NULL only if `count` is 0.
 * @param count The number of links.
 * @retval SPANLINK_OK               Each link was added, or dropped by `unique` or max_links.
 * @retval SPANLINK_ERR_ARGUMENT     `list` is NULL, `links` is NULL or in this list's array, or a
 *                                   link's `attributes` is NULL but its attribute_count is not 0.
 *                                   Not counted.
 * @retval SPANLINK_ERR_LINK_INVALID The first invalid link is invalid for this reason: see
 *                                   spanlink_list_add(). All invalid links are counted, none is
 *                                   added.
 * @retval SPANLINK_ERR_VALUE_TYPE   As SPANLINK_ERR_LINK_INVALID: a value's type is unknown, in a
 *                                   link that would be dropped too.
 * @retval SPANLINK_ERR_NO_MEMORY    An allocation failed; the list is unchanged.
 *
 * Ownership: the list copies the links. Invalidates pointers returned by earlier calls.
 * Thread safety: one thread at a time per list.
 * Cost: as that of adding each link. If links may be dropped, each link is read twice, but only
 * links that are kept are copied.
 */
SPANLINK_API spanlink_status spanlink_list_append(spanlink_list *list, const spanlink_link *links,
                                                  size_t count);

/**
 * Moves all links, statistics and drop counts of a list to the end of another one.
 *
 * The links of `from` are added in their order, under the limits and the policy of `list`; a link
 * of which these limits keep nothing valid counts as invalid. `from` is then empty, as after
 * spanlink_list_clear(). Two lists with RESERVOIR join their draws: every link of both streams is
 * equally likely to be kept. If both lists are `unique` and have the same seed, the result is the
 * choice of a single list, provided that max_links of `from` is not smaller than that of `list`; if
 * it is, fewer links may be kept. Lists that are not `unique` need different seeds if the same span
 * may come at the same place of both streams.
 *
 * @param list The list to add to.
 * @param from Another list, with any options.
 * @retval SPANLINK_OK            Success.
 * @retval SPANLINK_ERR_ARGUMENT  A list is NULL, or both are the same list.
 * @retval SPANLINK_ERR_NO_MEMORY An allocation failed; both lists are unchanged.
 *
 * Ownership: links are copied, or the lists exchange their memory and hash seeds: later calls may
 * then allocate what `list` had before. Invalidates pointers returned by earlier calls for both.
 * Thread safety: one thread at a time per list.
 * Cost: linear in the links of `from`; constant if the lists exchange their memory. They do, except
 * in a build with -Os, if `list` has no links, statistics of 0 and memory for the links of `from`,
 * if both have the same allocator, limits, policy and `no_markers`, and if neither has `unique`,
 * RESERVOIR or expected_links.
 */
SPANLINK_API spanlink_status spanlink_list_merge(spanlink_list *list, spanlink_list *from);

/**
 * Replaces the content of a list by a copy of another one: links, statistics, drop counts and
 * options. The list keeps its own allocator. The copy has memory for its links only: what
 * `expected_links` of either list says does not hold for it.
 *
 * Copy a list before merging it to keep its content.
 *
 * @param list The list that changes; its former content is released. No-op if it is `from`.
 * @param from Unchanged.
 * @retval SPANLINK_OK            Success.
 * @retval SPANLINK_ERR_ARGUMENT  A list is NULL.
 * @retval SPANLINK_ERR_NO_MEMORY An allocation failed; `list` is unchanged.
 *
 * Ownership: links are copied. Invalidates pointers returned by earlier calls for `list` only.
 * Thread safety: one thread at a time per list.
 * Cost: linear in the links of `from`. Old and new content exist at the same time, so that a pool
 * needs the size of both.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_list_copy(spanlink_list *list,
                                                                  const spanlink_list *from);

/**
 * Returns the links of a list, in order of arrival, with the markers of dropped links.
 *
 * If links were dropped by max_links or truncate, the last link has two more attributes, which do
 * not count against max_attributes: `links.truncated` (true) and `links.original_count` (the number
 * of links kept and dropped). They replace attributes of the link with these keys as long as it is
 * the last link. A list with `no_markers` has none.
 *
 * @param list  NULL has no links.
 * @param count Set to the number of links. May be NULL.
 * @return The first of `*count` links; NULL if there are none. Any list whose limits keep something
 *         of a link accepts it.
 *
 * Ownership: the list owns the links; they are valid until the list changes.
 * Thread safety: one thread at a time per list.
 * Cost: constant, but the first call after a change moves links into gaps: at most one move per
 * link. Never allocates.
 */
SPANLINK_API const spanlink_link *spanlink_list_links(spanlink_list *list, size_t *count);

/**
 * Counts the links to sampled spans, for a sampler that decides by links.
 *
 * @param list NULL has no links.
 * @return The number of links with SPANLINK_TRACE_FLAG_SAMPLED.
 *
 * Ownership: pointers returned by earlier calls stay valid.
 * Thread safety: one thread at a time per list.
 * Cost: linear in the links.
 */
SPANLINK_API size_t spanlink_list_sampled_count(const spanlink_list *list);

/**
 * Removes all links and resets the statistics, for the next batch. RESERVOIR starts again with the
 * same seed.
 *
 * @param list No-op if NULL.
 *
 * Ownership: invalidates pointers returned by earlier calls. The list keeps its memory.
 * Thread safety: one thread at a time per list.
 * Cost: constant; linear in the links if the list is `unique`.
 */
SPANLINK_API void spanlink_list_clear(spanlink_list *list);

/**
 * Reads the statistics of a list.
 *
 * @param list  No-op if NULL.
 * @param stats Filled up to its struct_size. No-op if NULL, or if that is below
 *              sizeof(size_t) or above 4096.
 *
 * Ownership: pointers returned by earlier calls stay valid.
 * Thread safety: one thread at a time per list.
 * Cost: constant.
 */
SPANLINK_API void spanlink_list_get_stats(const spanlink_list *list, spanlink_list_stats *stats);

/**
 * Returns the size of a buffer for spanlink_pool_init() that a list with these options never
 * exhausts.
 *
 * It holds for a single list in the pool and any sequence of create, add, append, dedup, truncate
 * and clear, and of merges, drains, snapshots and cached links into it, markers included.
 * spanlink_list_copy(), spanlink_otlp_decode() and spanlink_lazy_build() need memory beyond it.
 *
 * @param options             The allocator is ignored. NULL means the defaults.
 * @param attributes_per_link The most attributes of one link as it is added; each element of an
 *                            array or map counts as one more.
 * @param text_per_link       The most bytes of text of one link: keys, strings, byte arrays and the
 *                            tracestate.
 * @return The size in bytes. SIZE_MAX if spanlink_list_create() rejects the options, if max_links
 *         is above 2^30 (2^24 if size_t has 32 bits), or if the size does not fit in a size_t.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_API size_t spanlink_list_pool_size(const spanlink_list_options *options,
                                            size_t attributes_per_link, size_t text_per_link);

/** @cond */
#define SPANLINK_PRIVATE_BLOCK(attributes, text)                                                   \
    ((size_t)(attributes) * sizeof(spanlink_attribute) + (size_t)(text) + 16)
#define SPANLINK_PRIVATE_CHUNKS(max_links)                                                         \
    ((size_t)((max_links) <= 8         ? 11                                                        \
              : (max_links) <= 128     ? 18                                                        \
              : (max_links) <= 4096    ? 27                                                        \
              : (max_links) <= 1048576 ? 41                                                        \
                                       : 58))
#define SPANLINK_PRIVATE_SMALL_CHUNKS(block) ((block) / 512 < 64 ? (block) / 512 + 3 : 67)
#define SPANLINK_PRIVATE_CHAIN(max_links, block)                                                   \
    ((size_t)(max_links) * (block) * 4 +                                                           \
     (SPANLINK_PRIVATE_CHUNKS(max_links) + 3) * (block) * 3 / 2 + 3072 +                           \
     (SPANLINK_PRIVATE_CHUNKS(max_links) + SPANLINK_PRIVATE_SMALL_CHUNKS(block)) * 32)
#define SPANLINK_PRIVATE_TABLES(max_links)                                                         \
    ((size_t)(max_links) * (2 * sizeof(spanlink_attribute) + 8) +                                  \
     ((size_t)(max_links) * 3 / 2 + 8) * (2 * (sizeof(spanlink_link) + 2 * sizeof(void *)) + 16) + \
     (size_t)(max_links) * 16 + ((size_t)(max_links) * 8 + 16) * 16)
#define SPANLINK_PRIVATE_CHOICE(attributes)                                                        \
    (((size_t)(attributes) * 2 + 8) * 2 * sizeof(spanlink_attribute) +                             \
     ((size_t)(attributes) * 2 + 16) * (2 * sizeof(void *) + 16))
#define SPANLINK_PRIVATE_CHUNK(max_links, attributes, block)                                       \
    ((size_t)(max_links) * (block) * 9 / 2 + 2048 + SPANLINK_PRIVATE_CHOICE(attributes))
/** @endcond */

/**
 * An upper bound of spanlink_list_pool_size() for a list with these limits and any other options,
 * for a static buffer. A constant expression if the arguments are constant. `max_links` must not be
 * SPANLINK_UNLIMITED.
 */
#define SPANLINK_LIST_POOL_BOUND(max_links, attributes_per_link, text_per_link)                    \
    ((size_t)((max_links) <= 256 ? 2560 : 4608) + SPANLINK_PRIVATE_TABLES(max_links) +             \
     SPANLINK_PRIVATE_CHOICE(attributes_per_link) +                                                \
     ((max_links) <= 4                                                                             \
          ? SPANLINK_PRIVATE_CHUNK(max_links, attributes_per_link,                                 \
                                   SPANLINK_PRIVATE_BLOCK(attributes_per_link, text_per_link))     \
          : SPANLINK_PRIVATE_CHAIN(max_links,                                                      \
                                   SPANLINK_PRIVATE_BLOCK(attributes_per_link, text_per_link))))

#ifdef __cplusplus
}
#endif

#endif
