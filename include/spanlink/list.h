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

/** Limits on what a list keeps. In each, 0 is the default, SPANLINK_UNLIMITED no limit,
 * SPANLINK_NONE nothing at all. */
typedef struct spanlink_limits {
    /** Links in the list: 128. At most 2^30 (2^24 where size_t has 32 bits), also if unlimited. */
    size_t max_links;
    /** Attributes of one link: 128. The first ones are kept. */
    size_t max_attributes;
    /** Characters of a string, bytes of a byte array, also inside values: unlimited. */
    size_t max_value_length;
    /** Levels of arrays and maps in a value: 64, which is also the most. */
    size_t max_value_depth;
    size_t reserved[4]; /**< Zero. */
} spanlink_limits;

/** The defaults of OpenTelemetry: 128 links, 128 attributes, values of any length, 64 levels. */
#define SPANLINK_LIMITS_INIT {128, 128, SPANLINK_UNLIMITED, 64, {0, 0, 0, 0}}

/**
 * Reads the limits that the OpenTelemetry specification puts into the environment.
 *
 * - max_links: `OTEL_SPAN_LINK_COUNT_LIMIT`, else 128.
 * - max_attributes: `OTEL_LINK_ATTRIBUTE_COUNT_LIMIT`, else `OTEL_ATTRIBUTE_COUNT_LIMIT`, else 128.
 * - max_value_length: `OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT`, else
 *   `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`, else unlimited.
 *
 * max_value_depth has no variable: 64. An empty variable counts as not set. A value is decimal
 * digits, with spaces and tabs around them; 0 becomes SPANLINK_NONE, a number above SIZE_MAX
 * SPANLINK_UNLIMITED. Any other value is ignored, as if the variable was not set.
 *
 * @param limits       All fields are written.
 * @param bad_variable The name of the first variable, in the order above, whose value was ignored:
 *                     a static text, empty if there is none. May be NULL.
 * @retval SPANLINK_OK           Done, also if a variable was ignored.
 * @retval SPANLINK_ERR_ARGUMENT `limits` is NULL.
 *
 * Calls getenv(): no other thread may change the environment meanwhile. Cost: a few look-ups.
 * SDK configuration, "Attribute Limits" and "Span Limits".
 */
SPANLINK_API spanlink_status spanlink_limits_from_env(spanlink_limits *limits,
                                                      spanlink_str *bad_variable);

/** Which link is cut when a list holds max_links already. The numbers never change. */
typedef enum spanlink_overflow {
    /** The new link. */
    SPANLINK_OVERFLOW_KEEP_FIRST = 0,
    /** The oldest link. */
    SPANLINK_OVERFLOW_KEEP_LAST = 1,
    /** For a sampled new link the latest unsampled one, else the new link. */
    SPANLINK_OVERFLOW_SAMPLED_FIRST = 2,
    /** What is kept is a uniform random choice of all links offered; if `unique`, of all spans. */
    SPANLINK_OVERFLOW_RESERVOIR = 3
} spanlink_overflow;

/** List options. A field of 0 is its default. */
typedef struct spanlink_list_options {
    size_t struct_size;           /**< sizeof(spanlink_list_options) */
    spanlink_allocator allocator; /**< Copied; all NULL: malloc(). */
    spanlink_limits limits;       /**< See SPANLINK_LIMITS_INIT for the defaults. */
    uint32_t overflow;            /**< A spanlink_overflow: KEEP_FIRST. */
    bool unique;                  /**< A span that the list holds already is not added again. */
    bool no_markers; /**< The last link carries no markers: the statistics alone tell of cuts. */
    uint8_t reserved[2];   /**< Zero. */
    uint64_t seed;         /**< Of RESERVOIR's choice: the same seed and stream, the same choice. */
    uint64_t hash_seed[2]; /**< Of the table behind `unique` and dedup; both 0: the clock and
                              addresses, with SPANLINK_NO_CLOCK addresses alone. Give random bits if
                              senders are hostile and addresses are not random. */
    size_t expected_links; /**< Adding up to that many links allocates nothing for them: none. */
} spanlink_list_options;

/** The defaults: malloc(), the default limits, KEEP_FIRST, not unique, no memory ahead. */
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
 * Does what SPANLINK_LIST_OPTIONS_INIT does, for languages without macros.
 *
 * @param options     Written up to `struct_size` bytes, which becomes its struct_size. NULL:
 * nothing happens.
 * @param struct_size The size of the caller's struct. With 0 or above 4096 nothing is written.
 *
 * Any thread; constant time.
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
    uint64_t invalid;  /**< Refused with SPANLINK_ERR_LINK_INVALID or another fault of the link. */
    uint32_t dropped;  /**< over_limit again, at most UINT32_MAX: for OTLP's dropped_links_count. */
    uint32_t reserved; /**< Zero. */
} spanlink_list_stats;

/** Statistics ready to be filled. */
#define SPANLINK_LIST_STATS_INIT {sizeof(spanlink_list_stats), 0, 0, 0, 0, 0, 0, 0}

/**
 * Does what SPANLINK_LIST_STATS_INIT does, for languages without macros.
 *
 * @param stats       Written up to `struct_size` bytes, which becomes its struct_size. NULL:
 * nothing happens.
 * @param struct_size The size of the caller's struct. With 0 or above 4096 nothing is written.
 *
 * Any thread; constant time.
 */
SPANLINK_API void spanlink_list_stats_init(spanlink_list_stats *stats, size_t struct_size);

/**
 * Makes an empty list.
 *
 * @param options Read during the call only. NULL: the defaults.
 * @param list    Written on success only; the caller owns the list.
 * @retval SPANLINK_OK            Done.
 * @retval SPANLINK_ERR_ARGUMENT  `list` is NULL, struct_size is 0 or above 4096, a reserved or
 *                                unknown field is not 0, `overflow` is no policy, or some but not
 *                                all of the allocator's functions are NULL.
 * @retval SPANLINK_ERR_NO_MEMORY There is no memory.
 *
 * Any thread. One allocation; with `expected_links` one more for that many links, and one more for
 * each table, that of `unique` and that of RESERVOIR's draw. The first one then has room for two
 * attributes of each link.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_list_create(const spanlink_list_options *options, spanlink_list **list);

/**
 * Ends a list and all views of it, and gives its memory back.
 *
 * @param list NULL: nothing happens.
 *
 * Costs the release of its blocks, which are few, however many links it holds.
 */
SPANLINK_API void spanlink_list_destroy(spanlink_list *list);

/**
 * Adds a copy of a link, as far as limits, `unique` and the overflow policy allow.
 *
 * An attribute is dropped, and counted in the copy's dropped_attributes_count, if its key is empty
 * or not UTF-8, or if there are max_attributes other keys. Of a repeated key the last value is
 * kept, in the place of the first, also in maps; a map's entries with such keys are dropped and
 * counted likewise. Strings and byte arrays are cut to max_value_length, never inside a UTF-8
 * character. An array or map deeper than max_value_depth becomes an empty value, which counts
 * nothing.
 *
 * @param list The list.
 * @param link Borrowed during the call. Neither it nor what it points to may be of this list.
 * @retval SPANLINK_OK               Added, or kept out by `unique` or max_links, as the statistics
 *                                   tell. A link with a zero trace id is never a duplicate.
 * @retval SPANLINK_ERR_ARGUMENT     An argument is NULL, attributes are counted but NULL, or the
 *                                   link is one that this list shows. Not counted.
 * @retval SPANLINK_ERR_LINK_INVALID A zero id, and of the rest nothing is kept that says anything:
 *                                   no attribute, no printable tracestate. Counted as invalid.
 * @retval SPANLINK_ERR_VALUE_TYPE   A value's type is unknown. Counted as invalid.
 * @retval SPANLINK_ERR_NO_MEMORY    The list is as before.
 *
 * Invalidates pointers returned by earlier calls. Not thread-safe. Amortised constant time beside
 * the copy. Trace API, "Link"; common, "Attribute Limits".
 */
SPANLINK_API spanlink_status spanlink_list_add(spanlink_list *list, const spanlink_link *link);

/**
 * Adds several links, all or nothing.
 *
 * @param list  The list.
 * @param links Borrowed during the call, of any other list. NULL only with a count of 0.
 * @param count How many there are.
 * @return As spanlink_list_add(). If links are invalid, none is added, the status is that of the
 *         first of them, and all of them are counted. With SPANLINK_ERR_ARGUMENT, which a view of
 *         this list is, and SPANLINK_ERR_NO_MEMORY nothing is counted.
 *
 * Invalidates pointers returned by earlier calls. Not thread-safe. Costs what adding each of them
 * does; if links may be cut, each is looked at twice, but only those that are kept are copied.
 */
SPANLINK_API spanlink_status spanlink_list_append(spanlink_list *list, const spanlink_link *links,
                                                  size_t count);

/**
 * Moves all links of a list behind those of another one, with its statistics and cuts.
 *
 * The links of `from` are added in their order, by the limits and the policy of `list`; one of
 * which these keep nothing that says anything counts as invalid. `from` is then as after
 * spanlink_list_clear(). Two lists with RESERVOIR join their draws: every link of both streams is
 * equally likely to be kept. If both are `unique` and have the same seed, the choice is the one
 * that a single list would have made, as long as max_links of `from` is not the smaller one; if it
 * is, fewer links may be kept. Lists that are not `unique` need different seeds if both may be
 * offered one span at the same place of their streams.
 *
 * @param list The list that takes all in.
 * @param from Another list, of any options.
 * @retval SPANLINK_OK            Done.
 * @retval SPANLINK_ERR_ARGUMENT  One is NULL, or both are the same list.
 * @retval SPANLINK_ERR_NO_MEMORY Both are as before.
 *
 * Invalidates pointers returned by earlier calls for both. Not thread-safe. Linear in the links of
 * `from`.
 */
SPANLINK_API spanlink_status spanlink_list_merge(spanlink_list *list, spanlink_list *from);

/**
 * Makes a list what another one is: links, statistics, cuts and options. Its allocator stays.
 *
 * A list that shall not change when it is merged is copied first. If both are the same list,
 * nothing happens.
 *
 * @param list The list that changes. What it held is gone.
 * @param from Not changed: its views stay valid.
 * @retval SPANLINK_OK            Done.
 * @retval SPANLINK_ERR_ARGUMENT  One of them is NULL.
 * @retval SPANLINK_ERR_NO_MEMORY `list` is as before.
 *
 * Invalidates pointers returned by earlier calls for `list`. Not thread-safe. Linear in the links
 * of `from`; old and new content exist at once, so a pool needs the size twice.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_list_copy(spanlink_list *list,
                                                                  const spanlink_list *from);

/**
 * The links, in order of arrival, with the markers in place.
 *
 * If links were cut, the last link has two more attributes, which do not count against
 * max_attributes: `links.truncated` (true) and `links.original_count` (the links kept and cut).
 * They hide attributes of its own with these keys while it carries them. Not with `no_markers`.
 *
 * @param list  NULL has no links.
 * @param count Set to the number of links. May be NULL.
 * @return The first of `*count` links, owned by the list, valid until its next change; NULL if
 * there are none. Each of them can be added to any list whose limits keep something of it.
 *
 * Cannot fail and allocates nothing. Not thread-safe. The first call after a change closes the gaps
 * that cut links have left, at most one move per link; later ones take constant time.
 */
SPANLINK_API const spanlink_link *spanlink_list_links(spanlink_list *list, size_t *count);

/**
 * How many links of a list are to sampled spans, which a sampler based on links asks.
 *
 * @param list NULL has none.
 * @return The number of links with SPANLINK_TRACE_FLAG_SAMPLED.
 *
 * Invalidates no pointers. Not thread-safe. Linear in the links.
 */
SPANLINK_API size_t spanlink_list_sampled_count(const spanlink_list *list);

/**
 * Empties a list for the next batch: no links, statistics at zero, the memory kept. RESERVOIR draws
 * as at first.
 *
 * @param list NULL: nothing happens.
 *
 * Invalidates pointers returned by earlier calls. Not thread-safe. Constant time; linear in the
 * links of a `unique` list.
 */
SPANLINK_API void spanlink_list_clear(spanlink_list *list);

/**
 * What became of the links that were offered.
 *
 * @param list  NULL: nothing happens.
 * @param stats Its struct_size says how much of it is written; with 0, above 4096, or NULL,
 * nothing is.
 *
 * Constant time; ends no views.
 */
SPANLINK_API void spanlink_list_get_stats(const spanlink_list *list, spanlink_list_stats *stats);

/**
 * The size of a buffer for spanlink_pool_init() that a list with these options never exhausts.
 *
 * For one list alone in the pool, whatever is done to it by create, add, append, merge into it,
 * dedup, truncate and clear, markers included; not for copy, spanlink_otlp_decode() and
 * spanlink_lazy_build(), which need memory beside the list.
 *
 * @param options             Their allocator is not looked at. NULL: the defaults.
 * @param attributes_per_link The most attributes of one link as offered, with each element of an
 *                            array or map counted as one more.
 * @param text_per_link       The most bytes of text of one link: keys, strings, byte arrays and the
 *                            tracestate.
 * @return In bytes. SIZE_MAX for options that spanlink_list_create() refuses, for links without a
 * bound, and if it is more than a size_t holds.
 *
 * Any thread; constant time.
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
#define SPANLINK_PRIVATE_ARENA(max_links, block)                                                   \
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
/** @endcond */

/**
 * What spanlink_list_pool_size() returns at most for a list with that many links, whatever its
 * other options are: for a static buffer. A constant expression if the arguments are; links without
 * a bound have none.
 */
#define SPANLINK_LIST_POOL_BOUND(max_links, attributes_per_link, text_per_link)                    \
    ((size_t)((max_links) <= 256 ? 2560 : 4608) + SPANLINK_PRIVATE_TABLES(max_links) +             \
     SPANLINK_PRIVATE_CHOICE(attributes_per_link) +                                                \
     SPANLINK_PRIVATE_ARENA(max_links,                                                             \
                            SPANLINK_PRIVATE_BLOCK(attributes_per_link, text_per_link)))

#ifdef __cplusplus
}
#endif

#endif
