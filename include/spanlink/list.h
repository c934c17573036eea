/* SPDX-License-Identifier: MIT */
/**
 * @file list.h
 * An owning list of links: limits, overflow policies, uniqueness, statistics
 * (OpenTelemetry trace SDK, "Span Limits" and "Link").
 *
 * A list copies every link that it is given, down to the last byte of text, so the caller's inputs
 * may go at once. With `limits.max_links` it holds no more than that, and its memory stays bounded,
 * however many links stream through it.
 *
 * A list belongs to one thread at a time: no function here may run on a list while another one runs
 * on it. Different lists in different threads are independent (where their allocator is
 * thread-safe). See collector.h for many threads.
 *
 * @snippet concepts/list.c list
 */
#ifndef SPANLINK_LIST_H
#define SPANLINK_LIST_H

#include <spanlink/link.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An owning list of links. Opaque: made by spanlink_list_create(), ended by
 * spanlink_list_destroy(). */
typedef struct spanlink_list spanlink_list;

/** What a list keeps of what it is offered. In each, 0 is the default, SPANLINK_UNLIMITED no limit,
 * SPANLINK_NONE nothing at all. */
typedef struct spanlink_limits {
    /** Links in the list. */
    size_t max_links;
    /** Attributes of one link; the first ones stay. */
    size_t max_attributes;
    /** Characters of a string, bytes of a byte array; also inside values. */
    size_t max_value_length;
    /** Arrays and maps around the innermost value; a deeper one is dropped. */
    size_t max_value_depth;
} spanlink_limits;

/** The defaults: links unlimited, 128 attributes, values of any length, 64 deep. */
#define SPANLINK_LIMITS_INIT {SPANLINK_UNLIMITED, 128, SPANLINK_UNLIMITED, 64}

/**
 * Reads the limits that the OpenTelemetry specification puts into the environment.
 *
 * - max_links: `OTEL_SPAN_LINK_COUNT_LIMIT`, else 128.
 * - max_attributes: `OTEL_LINK_ATTRIBUTE_COUNT_LIMIT`, else `OTEL_ATTRIBUTE_COUNT_LIMIT`, else 128.
 * - max_value_length: `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`, else unlimited.
 *
 * max_value_depth has no variable: 64. An empty variable counts as not set, as the specification
 * says. A value is decimal digits, spaces and tabs around them; one above SIZE_MAX is unlimited.
 * Any other value is passed over, as if the variable was not set, and the variable is named.
 *
 * @param limits       All four are written.
 * @param bad_variable The first variable whose value is no such number, a static text; empty if
 * there is none. May be NULL.
 * @retval SPANLINK_OK           Also where a variable is bad: the default holds.
 * @retval SPANLINK_ERR_ARGUMENT `limits` is NULL.
 *
 * Calls getenv(): no other thread may change the environment meanwhile. (SDK configuration,
 * "Attribute Limits" and "Span Limits".)
 */
SPANLINK_API spanlink_status spanlink_limits_from_env(spanlink_limits *limits,
                                                      spanlink_str *bad_variable);

/** Who stays when a list holds max_links already. The numbers never change. */
typedef enum spanlink_overflow {
    /** The newcomer is cut. */
    SPANLINK_OVERFLOW_KEEP_FIRST = 0,
    /** The oldest link is cut. */
    SPANLINK_OVERFLOW_KEEP_LAST = 1,
    /** For a sampled newcomer the latest unsampled link is cut; else the newcomer. */
    SPANLINK_OVERFLOW_SAMPLED_FIRST = 2,
    /** A uniform random choice of all links offered, of all distinct spans if `unique`. */
    SPANLINK_OVERFLOW_RESERVOIR = 3
} spanlink_overflow;

/** How a list shall be; start from SPANLINK_LIST_OPTIONS_INIT. */
typedef struct spanlink_list_options {
    size_t struct_size;           /**< sizeof(spanlink_list_options) */
    spanlink_allocator allocator; /**< Copied; all NULL: malloc(). */
    spanlink_limits limits;       /**< See SPANLINK_LIMITS_INIT for the defaults. */
    uint32_t overflow;            /**< A spanlink_overflow: who stays when max_links is reached. */
    bool unique;                  /**< A span that the list holds already is not added again. */
    uint64_t seed;         /**< Of RESERVOIR's choice: the same seed and stream, the same choice. */
    uint64_t hash_seed[2]; /**< Of the table behind `unique` and dedup; both 0: the time and
                              addresses. Give random bits where senders are hostile. */
    /** Room made at creation: adds up to here allocate nothing for links. */
    size_t expected_links;
} spanlink_list_options;

/** The defaults: malloc(), the default limits, KEEP_FIRST, not unique, no room made ahead. */
#define SPANLINK_LIST_OPTIONS_INIT                                                                 \
    {sizeof(spanlink_list_options),                                                                \
     {NULL, NULL, NULL, NULL},                                                                     \
     SPANLINK_LIMITS_INIT,                                                                         \
     SPANLINK_OVERFLOW_KEEP_FIRST,                                                                 \
     false,                                                                                        \
     0,                                                                                            \
     {0, 0},                                                                                       \
     0}

/**
 * Does what SPANLINK_LIST_OPTIONS_INIT does, for languages without macros.
 *
 * @param options     Written up to `struct_size` bytes, which becomes its struct_size. NULL:
 * nothing happens.
 * @param struct_size The size of the caller's struct. Any thread; constant time.
 */
SPANLINK_API void spanlink_list_options_init(spanlink_list_options *options, size_t struct_size);

/**
 * What became of the links that were offered: offered = kept + duplicate + over_limit + invalid.
 *
 * The counters start at zero when the list is created or cleared, and stay at their maximum rather
 * than wrap.
 */
typedef struct spanlink_list_stats {
    size_t struct_size;  /**< sizeof(spanlink_list_stats), set by the caller. */
    uint64_t offered;    /**< Links that were added, or refused as invalid. */
    uint64_t kept;       /**< Links in the list now. */
    uint64_t duplicate;  /**< Kept out by `unique`, or removed by dedup. */
    uint64_t over_limit; /**< Cut by max_links or by truncate. */
    uint64_t invalid; /**< Refused with SPANLINK_ERR_LINK_INVALID or another fault of the link. */
    uint32_t dropped; /**< over_limit again, at most UINT32_MAX: for OTLP's dropped_links_count. */
} spanlink_list_stats;

/** Statistics ready to be filled. */
#define SPANLINK_LIST_STATS_INIT {sizeof(spanlink_list_stats), 0, 0, 0, 0, 0, 0}

/**
 * Does what SPANLINK_LIST_STATS_INIT does, for languages without macros.
 *
 * @param stats       Written up to `struct_size` bytes, which becomes its struct_size. NULL:
 * nothing happens.
 * @param struct_size The size of the caller's struct. Any thread; constant time.
 */
SPANLINK_API void spanlink_list_stats_init(spanlink_list_stats *stats, size_t struct_size);

/**
 * Makes an empty list.
 *
 * @param options Read during the call only. NULL: the defaults.
 * @param list    Written on success only; the caller owns the list.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT  `list` is NULL, struct_size is 0, `overflow` is no policy, or some
 * but not all of the allocator's functions are NULL.
 * @retval SPANLINK_ERR_NO_MEMORY There is no memory.
 *
 * Any thread. One allocation; with `expected_links` one more for that many links, and each one more
 * for the tables of `unique` and of a RESERVOIR with max_links. The first one then has room for two
 * attributes of each link.
 */
SPANLINK_API spanlink_status spanlink_list_create(const spanlink_list_options *options,
                                                  spanlink_list **list);

/**
 * Ends a list and all views of it, and gives its memory back.
 *
 * @param list NULL: nothing happens.
 *
 * Costs the release of its blocks, which are few, however many links it holds.
 */
SPANLINK_API void spanlink_list_destroy(spanlink_list *list);

/**
 * Offers a link to a list, which copies it.
 *
 * In this order: a link that points nowhere is refused (a zero trace id or span id, and neither
 * attributes nor a tracestate); with `unique` a span that the list holds is not added again, and
 * the link that is held stays as it is; then max_links decides, by `overflow`. A link with a zero
 * trace id names nothing and is never a duplicate.
 *
 * The attributes are taken one by one: one with an empty key, a key that is not UTF-8, or a value
 * nested deeper than max_value_depth is dropped; one whose key the link has already gives that
 * attribute its value, in its place; any other is dropped if there are max_attributes already.
 * Strings and bytes are cut to max_value_length, never inside a UTF-8 character. Maps inside values
 * lose their entries with bad keys likewise. Each attribute and entry that was dropped is counted
 * in the copy's dropped_attributes_count.
 *
 * @param list The list.
 * @param link Borrowed during the call. It may be a view of another list, never of this one.
 * @retval SPANLINK_OK               Added, or kept out by `unique` or max_links: see the
 * statistics.
 * @retval SPANLINK_ERR_ARGUMENT     `list` or `link` is NULL, or the link's attributes are and
 * their number is not 0. Not counted.
 * @retval SPANLINK_ERR_LINK_INVALID The link points nowhere. Counted as invalid.
 * @retval SPANLINK_ERR_VALUE_TYPE   A value's type is unknown. Counted as invalid.
 * @retval SPANLINK_ERR_NO_MEMORY    The list is as before.
 *
 * Ends earlier views. Amortised constant time beside the copy; linear in the attributes.
 */
SPANLINK_API spanlink_status spanlink_list_add(spanlink_list *list, const spanlink_link *link);

/**
 * Offers several links, all or nothing.
 *
 * @param list  The list.
 * @param links Borrowed during the call; not of this list. NULL only with a count of 0.
 * @param count How many there are.
 * @return As spanlink_list_add(). If a link is invalid, none is added, the status is that of the
 * first invalid one, and the statistics count the invalid ones. With SPANLINK_ERR_ARGUMENT and
 * SPANLINK_ERR_NO_MEMORY they count none.
 *
 * Ends earlier views. Costs what adding each of them does; where links may be cut, each is looked
 * at twice, but only those that stay are copied.
 */
SPANLINK_API spanlink_status spanlink_list_append(spanlink_list *list, const spanlink_link *links,
                                                  size_t count);

/**
 * Moves a list into another one, as if all that was ever offered to `from` had been offered to
 * `list` after its own: links, statistics and cuts travel, and `from` is left as
 * spanlink_list_clear() leaves it.
 *
 * Under RESERVOIR two lists with the same seed merge to the very choice that one list would have
 * made of both streams, if they are `unique`; else to a choice in which every link is equally
 * likely. Lists that are not `unique` need different seeds for that if both may be offered the same
 * span, or links that name none, at the same place of their streams.
 *
 * @param list The list that takes all in.
 * @param from Another list, of any options.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT  One is NULL, or both are the same list.
 * @retval SPANLINK_ERR_NO_MEMORY Both are as before.
 *
 * Ends earlier views of both. Linear in the links of `from`.
 */
SPANLINK_API spanlink_status spanlink_list_merge(spanlink_list *list, spanlink_list *from);

/**
 * The links, in order of arrival, with the markers in place.
 *
 * If the list has cut links, its last link carries two more attributes: `links.truncated` (true)
 * and `links.original_count` (the links kept plus all that were cut).
 *
 * @param list  NULL has no links.
 * @param count Set to the number of links. May be NULL.
 * @return The first of `*count` links, owned by the list, valid until its next change; NULL if
 * there are none or `list` is NULL.
 *
 * Cannot fail and allocates nothing. The first call after a change closes the gaps that cut links
 * have left, at most one move per link; later ones cost nothing.
 */
SPANLINK_API const spanlink_link *spanlink_list_links(spanlink_list *list, size_t *count);

/**
 * Empties a list for the next batch: no links, statistics at zero, the memory kept.
 *
 * @param list NULL: nothing happens.
 *
 * Ends earlier views. Constant time; linear in the links of a `unique` list.
 */
SPANLINK_API void spanlink_list_clear(spanlink_list *list);

/**
 * What became of the links that were offered.
 *
 * @param list  NULL: nothing happens.
 * @param stats Its struct_size says how much of it is written; with 0, or NULL, nothing is.
 *
 * Constant time; ends no views.
 */
SPANLINK_API void spanlink_list_get_stats(const spanlink_list *list, spanlink_list_stats *stats);

/**
 * How big a spanlink_pool must be so that a list never runs out of it.
 *
 * Holds for one list alone in the pool, under every policy, `unique` or not, whatever streams
 * through add, append, merge, dedup, truncate and clear, as long as its limits hold links to:
 *
 * @param max_links           limits.max_links (expected_links, if any, is not larger).
 * @param attributes_per_link The most attributes of one link as offered, with each element of an
 * array or map counted as one more.
 * @param text_per_link       The most bytes of text of one link: keys, strings, byte arrays and the
 *                            tracestate.
 * @return In bytes; SIZE_MAX where that is more than size_t holds.
 */
SPANLINK_API size_t spanlink_list_memory(size_t max_links, size_t attributes_per_link,
                                         size_t text_per_link);

#ifdef __cplusplus
}
#endif

#endif
