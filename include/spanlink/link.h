/* SPDX-License-Identifier: MIT */
/**
 * @file link.h
 * Link: a context with attributes (OpenTelemetry trace API, "Link"), and LinkType, which names why.
 *
 * @snippet concepts/link.c link
 */
#ifndef SPANLINK_LINK_H
#define SPANLINK_LINK_H

#include <spanlink/attribute.h>
#include <spanlink/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A link. A plain struct that borrows what it points at; a list copies it. 72 bytes on 64-bit
 * machines.
 */
typedef struct spanlink_link {
    spanlink_context context;             /**< The span that the link points at. */
    const spanlink_attribute *attributes; /**< NULL where there are none. */
    size_t attribute_count;               /**< How many there are. */
    uint32_t dropped_attributes_count;    /**< Attributes that limits or bad keys kept out. */
} spanlink_link;

/** Why a span links to another: the value of the attribute `link.type`. The numbers never change.
 */
typedef enum spanlink_link_type {
    SPANLINK_LINK_TYPE_FOLLOWS_FROM = 0, /**< "follows_from": it comes after that span. */
    SPANLINK_LINK_TYPE_CAUSED_BY = 1,    /**< "caused_by": that span set it off. */
    SPANLINK_LINK_TYPE_AGGREGATES = 2, /**< "aggregates": it combines results, also that span's. */
    SPANLINK_LINK_TYPE_BATCH_ITEM =
        3,                           /**< "batch_item": that span produced one item of its batch. */
    SPANLINK_LINK_TYPE_RETRY_OF = 4, /**< "retry_of": it tries again what that span tried. */
    SPANLINK_LINK_TYPE_CUSTOM = 5    /**< Any other name. */
} spanlink_link_type;

/**
 * The text of a link type, as it stands in `link.type`.
 *
 * @param type Any number.
 * @return A static string; NULL for SPANLINK_LINK_TYPE_CUSTOM and for numbers that are no type.
 *         Any thread; constant time.
 */
SPANLINK_API const char *spanlink_link_type_name(spanlink_link_type type);

/**
 * The link type of a text: the other way round.
 *
 * @param name Compared byte for byte.
 * @return SPANLINK_LINK_TYPE_CUSTOM for any other text, the empty one too. Any thread; constant
 * time.
 */
SPANLINK_API spanlink_link_type spanlink_link_type_from_name(spanlink_str name);

/**
 * Finds an attribute of a link by its key.
 *
 * Where a caller's own array holds the key more than once, the last one counts, as it does when the
 * link is added to a list.
 *
 * @param link NULL has no attributes.
 * @param key  NUL-terminated, compared byte for byte; NULL is never found.
 * @return The attribute, owned by whoever owns the link's attributes; NULL if there is none.
 *         Any thread; linear in the attributes.
 */
SPANLINK_API const spanlink_attribute *spanlink_link_find(const spanlink_link *link,
                                                          const char *key);

#ifdef __cplusplus
}
#endif

#endif
