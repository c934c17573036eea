/* SPDX-License-Identifier: MIT */
/**
 * @file link.h
 * Link: a context with attributes (OpenTelemetry trace API, "Link"); link type: why a span links to
 * another one.
 *
 * @code
 * spanlink_attribute attribute = spanlink_attribute_string("messaging.system", "rabbitmq");
 * spanlink_link link = {context, &attribute, 1, 0};
 * @endcode
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

/** A link. A plain struct that borrows what it points to; a list copies it. 72 bytes on 64-bit
 * machines. */
typedef struct spanlink_link {
    spanlink_context context;             /**< The linked span. */
    const spanlink_attribute *attributes; /**< NULL only if there are none. */
    size_t attribute_count;               /**< The number of attributes. */
    uint32_t dropped_attributes_count;    /**< Attributes dropped by limits or for invalid keys. */
} spanlink_link;

/** Why a span links to another: the value of the attribute `link.type`. The numbers never change.
 */
typedef enum spanlink_link_type {
    SPANLINK_LINK_TYPE_FOLLOWS_FROM = 0, /**< "follows_from": it follows the linked span. */
    SPANLINK_LINK_TYPE_CAUSED_BY = 1,    /**< "caused_by": the linked span caused it. */
    SPANLINK_LINK_TYPE_AGGREGATES = 2,   /**< "aggregates": it combines results of linked spans. */
    SPANLINK_LINK_TYPE_BATCH_ITEM =
        3, /**< "batch_item": the linked span produced an item of its batch. */
    SPANLINK_LINK_TYPE_RETRY_OF = 4, /**< "retry_of": it repeats the linked span's attempt. */
    SPANLINK_LINK_TYPE_CUSTOM = 5    /**< Any other name. */
} spanlink_link_type;

/**
 * Returns the name of a link type: the value of the attribute `link.type`.
 *
 * @param type Any number.
 * @return A static string; NULL for SPANLINK_LINK_TYPE_CUSTOM and for unknown numbers.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_API const char *spanlink_link_type_name(spanlink_link_type type);

/**
 * Returns the link type with a name.
 *
 * @param name Compared byte for byte.
 * @return The type; SPANLINK_LINK_TYPE_CUSTOM for any other text, including the empty text.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_API spanlink_link_type spanlink_link_type_from_name(spanlink_str name);

/**
 * Finds an attribute of a link by its key. Of several attributes with the key the last one counts,
 * as it does when the link is added to a list.
 *
 * @param link NULL has no attributes.
 * @param key  NUL-terminated, compared byte for byte; NULL is never found.
 * @return The attribute; NULL if there is none.
 *
 * Ownership: the attribute belongs to the owner of the link's attributes.
 * Thread safety: any thread.
 * Cost: linear in the attributes.
 */
SPANLINK_API const spanlink_attribute *spanlink_link_find(const spanlink_link *link,
                                                          const char *key);

/**
 * Does what spanlink_link_find() does, for a key that is not NUL-terminated.
 *
 * @param link NULL has no attributes.
 * @param key  Compared byte for byte. NULL with a length counts as empty.
 * @return The attribute; NULL if there is none.
 *
 * Ownership: the attribute belongs to the owner of the link's attributes.
 * Thread safety: any thread.
 * Cost: linear in the attributes.
 */
SPANLINK_API const spanlink_attribute *spanlink_link_find_str(const spanlink_link *link,
                                                              spanlink_str key);

/**
 * Returns whether two links are equal: their contexts by spanlink_context_equal(), their attributes
 * in any order by spanlink_value_equal(), and dropped_attributes_count. Of a repeated key the last
 * attribute counts.
 *
 * @param a A link. NULL equals nothing, not even NULL.
 * @param b A link. NULL equals nothing, not even NULL.
 * @return Whether they are equal.
 *
 * Thread safety: any thread.
 * Cost: linear, but quadratic in the attributes and in the entries of one map; never allocates.
 */
SPANLINK_API bool spanlink_link_equal(const spanlink_link *a, const spanlink_link *b);

#ifdef __cplusplus
}
#endif

#endif
