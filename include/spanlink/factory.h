/* SPDX-License-Identifier: MIT */
/**
 * @file factory.h
 * Links of the common types, with the attribute `link.type` and one more.
 *
 * | function | `link.type` | and |
 * |---|---|---|
 * | of_type | the type's name | |
 * | custom | the caller's text | |
 * | batch_item | `batch_item` | the int `batch.index` |
 * | retry | `retry_of` | the int `retry.attempt` |
 * | aggregate | `aggregates` | the string `aggregate.source` |
 * | causal | `caused_by` | the string `causal.reason` |
 *
 * spanlink_factory_X() writes the attributes to the caller's array, which may be longer than
 * SPANLINK_FACTORY_ATTRIBUTES to add more. spanlink_list_add_X() adds the same link to a list. With
 * attributes even a link to an invalid context is valid: check the status of the parser first.
 *
 * @code
 * spanlink_status status = spanlink_list_add_batch_item(list, &context, index);
 * @endcode
 *
 * @snippet concepts/factory.c factory
 */
#ifndef SPANLINK_FACTORY_H
#define SPANLINK_FACTORY_H

#include <spanlink/list.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The most attributes that a factory writes. */
#define SPANLINK_FACTORY_ATTRIBUTES 2

/* In the caller's array of attributes. */

/**
 * Returns a link of a named type.
 *
 * @param context Not checked; NULL gives zero ids.
 * @param type    For SPANLINK_LINK_TYPE_CUSTOM or an unknown type the link has no attributes.
 * @param storage SPANLINK_FACTORY_ATTRIBUTES of them; NULL: the link has no attributes.
 * @return The link.
 *
 * Ownership: the link borrows the storage, the texts and the context's tracestate.
 * Thread safety: any thread.
 * Cost: constant; never allocates.
 */
SPANLINK_API spanlink_link spanlink_factory_of_type(const spanlink_context *context,
                                                    spanlink_link_type type,
                                                    spanlink_attribute storage[2]);

/**
 * Returns a link whose type is the caller's text.
 *
 * @param context Not checked; NULL gives zero ids.
 * @param type    NUL-terminated; NULL leaves the attribute out.
 * @param storage SPANLINK_FACTORY_ATTRIBUTES of them; NULL: the link has no attributes.
 * @return The link.
 *
 * Ownership: the link borrows the storage, the texts and the context's tracestate.
 * Thread safety: any thread.
 * Cost: a strlen(); never allocates.
 */
SPANLINK_API spanlink_link spanlink_factory_custom(const spanlink_context *context,
                                                   const char *type, spanlink_attribute storage[2]);

/**
 * Does what spanlink_factory_custom() does, for a text that is not NUL-terminated.
 *
 * @param context Not checked; NULL gives zero ids.
 * @param type    A view whose `ptr` is NULL leaves the attribute out.
 * @param storage SPANLINK_FACTORY_ATTRIBUTES of them; NULL: the link has no attributes.
 * @return The link.
 *
 * Ownership: the link borrows the storage, the texts and the context's tracestate.
 * Thread safety: any thread.
 * Cost: constant; never allocates.
 */
SPANLINK_API spanlink_link spanlink_factory_custom_str(const spanlink_context *context,
                                                       spanlink_str type,
                                                       spanlink_attribute storage[2]);

/**
 * Returns a link from a batch to the span that produced one of its items.
 *
 * @param context Not checked; NULL gives zero ids.
 * @param index   The number of the item, usually from 0; not checked.
 * @param storage SPANLINK_FACTORY_ATTRIBUTES of them; NULL: the link has no attributes.
 * @return The link.
 *
 * Ownership: the link borrows the storage, the texts and the context's tracestate.
 * Thread safety: any thread.
 * Cost: constant; never allocates.
 */
SPANLINK_API spanlink_link spanlink_factory_batch_item(const spanlink_context *context,
                                                       int64_t index,
                                                       spanlink_attribute storage[2]);

/**
 * Returns a link from an attempt to the span of an earlier attempt.
 *
 * @param context Not checked; NULL gives zero ids.
 * @param attempt The number of the new attempt.
 * @param storage SPANLINK_FACTORY_ATTRIBUTES of them; NULL: the link has no attributes.
 * @return The link.
 *
 * Ownership: the link borrows the storage, the texts and the context's tracestate.
 * Thread safety: any thread.
 * Cost: constant; never allocates.
 */
SPANLINK_API spanlink_link spanlink_factory_retry(const spanlink_context *context, int64_t attempt,
                                                  spanlink_attribute storage[2]);

/**
 * Returns a link from a span that combines results to a span that produced one.
 *
 * @param context Not checked; NULL gives zero ids.
 * @param source  Names the linked span, NUL-terminated; NULL leaves the attribute out.
 * @param storage SPANLINK_FACTORY_ATTRIBUTES of them; NULL: the link has no attributes.
 * @return The link.
 *
 * Ownership: the link borrows the storage, the texts and the context's tracestate.
 * Thread safety: any thread.
 * Cost: a strlen(); never allocates.
 */
SPANLINK_API spanlink_link spanlink_factory_aggregate(const spanlink_context *context,
                                                      const char *source,
                                                      spanlink_attribute storage[2]);

/**
 * Does what spanlink_factory_aggregate() does, for a text that is not NUL-terminated.
 *
 * @param context Not checked; NULL gives zero ids.
 * @param source  A view whose `ptr` is NULL leaves the attribute out.
 * @param storage SPANLINK_FACTORY_ATTRIBUTES of them; NULL: the link has no attributes.
 * @return The link.
 *
 * Ownership: the link borrows the storage, the texts and the context's tracestate.
 * Thread safety: any thread.
 * Cost: constant; never allocates.
 */
SPANLINK_API spanlink_link spanlink_factory_aggregate_str(const spanlink_context *context,
                                                          spanlink_str source,
                                                          spanlink_attribute storage[2]);

/**
 * Returns a link to the span that caused this one.
 *
 * @param context Not checked; NULL gives zero ids.
 * @param reason  NUL-terminated; NULL leaves the attribute out.
 * @param storage SPANLINK_FACTORY_ATTRIBUTES of them; NULL: the link has no attributes.
 * @return The link.
 *
 * Ownership: the link borrows the storage, the texts and the context's tracestate.
 * Thread safety: any thread.
 * Cost: a strlen(); never allocates.
 */
SPANLINK_API spanlink_link spanlink_factory_causal(const spanlink_context *context,
                                                   const char *reason,
                                                   spanlink_attribute storage[2]);

/**
 * Does what spanlink_factory_causal() does, for a text that is not NUL-terminated.
 *
 * @param context Not checked; NULL gives zero ids.
 * @param reason  A view whose `ptr` is NULL leaves the attribute out.
 * @param storage SPANLINK_FACTORY_ATTRIBUTES of them; NULL: the link has no attributes.
 * @return The link.
 *
 * Ownership: the link borrows the storage, the texts and the context's tracestate.
 * Thread safety: any thread.
 * Cost: constant; never allocates.
 */
SPANLINK_API spanlink_link spanlink_factory_causal_str(const spanlink_context *context,
                                                       spanlink_str reason,
                                                       spanlink_attribute storage[2]);

/* Into a list. */

/**
 * Adds the link that spanlink_factory_of_type() returns to a list.
 *
 * @param list    The list.
 * @param context Borrowed during the call. Its tracestate must not belong to this list.
 * @param type    A type with a name.
 * @retval SPANLINK_OK               Added, or dropped by `unique` or max_links: see the statistics.
 * @retval SPANLINK_ERR_ARGUMENT     `list` or `context` is NULL, or the type has no name.
 * @retval SPANLINK_ERR_LINK_INVALID All of these: an id is zero, the limits keep no attribute, and
 *                                   there is no printable tracestate.
 * @retval SPANLINK_ERR_NO_MEMORY    An allocation failed; the list is unchanged.
 *
 * Ownership: the list copies the link. Invalidates pointers returned by earlier calls.
 * Thread safety: one thread at a time per list.
 * Cost: that of spanlink_list_add().
 */
SPANLINK_API spanlink_status spanlink_list_add_of_type(spanlink_list *list,
                                                       const spanlink_context *context,
                                                       spanlink_link_type type);

/**
 * Adds the link that spanlink_factory_custom() returns to a list.
 *
 * @param list    The list.
 * @param context Borrowed during the call. Its tracestate must not belong to this list.
 * @param type    NUL-terminated. Not of this list either.
 * @retval SPANLINK_OK               Added, or dropped by `unique` or max_links: see the statistics.
 * @retval SPANLINK_ERR_ARGUMENT     An argument is NULL.
 * @retval SPANLINK_ERR_LINK_INVALID All of these: an id is zero, the limits keep no attribute, and
 *                                   there is no printable tracestate.
 * @retval SPANLINK_ERR_NO_MEMORY    An allocation failed; the list is unchanged.
 *
 * Ownership: the list copies the link. Invalidates pointers returned by earlier calls.
 * Thread safety: one thread at a time per list.
 * Cost: that of spanlink_list_add().
 */
SPANLINK_API spanlink_status spanlink_list_add_custom(spanlink_list *list,
                                                      const spanlink_context *context,
                                                      const char *type);

/**
 * Adds the link that spanlink_factory_custom_str() returns to a list.
 *
 * @param list    The list.
 * @param context Borrowed during the call. Its tracestate must not belong to this list.
 * @param type    Its `ptr` is not NULL. Not of this list either.
 * @retval SPANLINK_OK               Added, or dropped by `unique` or max_links: see the statistics.
 * @retval SPANLINK_ERR_ARGUMENT     `list`, `context` or `type` is NULL.
 * @retval SPANLINK_ERR_LINK_INVALID All of these: an id is zero, the limits keep no attribute, and
 *                                   there is no printable tracestate.
 * @retval SPANLINK_ERR_NO_MEMORY    An allocation failed; the list is unchanged.
 *
 * Ownership: the list copies the link. Invalidates pointers returned by earlier calls.
 * Thread safety: one thread at a time per list.
 * Cost: that of spanlink_list_add().
 */
SPANLINK_API spanlink_status spanlink_list_add_custom_str(spanlink_list *list,
                                                          const spanlink_context *context,
                                                          spanlink_str type);

/**
 * Adds the link that spanlink_factory_batch_item() returns to a list.
 *
 * @param list    The list.
 * @param context Borrowed during the call. Its tracestate must not belong to this list.
 * @param index   The number of the item, usually from 0; not checked.
 * @retval SPANLINK_OK               Added, or dropped by `unique` or max_links: see the statistics.
 * @retval SPANLINK_ERR_ARGUMENT     `list` or `context` is NULL.
 * @retval SPANLINK_ERR_LINK_INVALID All of these: an id is zero, the limits keep no attribute, and
 *                                   there is no printable tracestate.
 * @retval SPANLINK_ERR_NO_MEMORY    An allocation failed; the list is unchanged.
 *
 * Ownership: the list copies the link. Invalidates pointers returned by earlier calls.
 * Thread safety: one thread at a time per list.
 * Cost: that of spanlink_list_add().
 */
SPANLINK_API spanlink_status spanlink_list_add_batch_item(spanlink_list *list,
                                                          const spanlink_context *context,
                                                          int64_t index);

/**
 * Adds the link that spanlink_factory_retry() returns to a list.
 *
 * @param list    The list.
 * @param context Borrowed during the call. Its tracestate must not belong to this list.
 * @param attempt The number of the new attempt.
 * @retval SPANLINK_OK               Added, or dropped by `unique` or max_links: see the statistics.
 * @retval SPANLINK_ERR_ARGUMENT     `list` or `context` is NULL.
 * @retval SPANLINK_ERR_LINK_INVALID All of these: an id is zero, the limits keep no attribute, and
 *                                   there is no printable tracestate.
 * @retval SPANLINK_ERR_NO_MEMORY    An allocation failed; the list is unchanged.
 *
 * Ownership: the list copies the link. Invalidates pointers returned by earlier calls.
 * Thread safety: one thread at a time per list.
 * Cost: that of spanlink_list_add().
 */
SPANLINK_API spanlink_status spanlink_list_add_retry(spanlink_list *list,
                                                     const spanlink_context *context,
                                                     int64_t attempt);

/**
 * Adds the link that spanlink_factory_aggregate() returns to a list.
 *
 * @param list    The list.
 * @param context Borrowed during the call. Its tracestate must not belong to this list.
 * @param source  Names the linked span, NUL-terminated. Not of this list either.
 * @retval SPANLINK_OK               Added, or dropped by `unique` or max_links: see the statistics.
 * @retval SPANLINK_ERR_ARGUMENT     An argument is NULL.
 * @retval SPANLINK_ERR_LINK_INVALID All of these: an id is zero, the limits keep no attribute, and
 *                                   there is no printable tracestate.
 * @retval SPANLINK_ERR_NO_MEMORY    An allocation failed; the list is unchanged.
 *
 * Ownership: the list copies the link. Invalidates pointers returned by earlier calls.
 * Thread safety: one thread at a time per list.
 * Cost: that of spanlink_list_add().
 */
SPANLINK_API spanlink_status spanlink_list_add_aggregate(spanlink_list *list,
                                                         const spanlink_context *context,
                                                         const char *source);

/**
 * Adds the link that spanlink_factory_aggregate_str() returns to a list.
 *
 * @param list    The list.
 * @param context Borrowed during the call. Its tracestate must not belong to this list.
 * @param source  Names the linked span. Its `ptr` is not NULL. Not of this list either.
 * @retval SPANLINK_OK               Added, or dropped by `unique` or max_links: see the statistics.
 * @retval SPANLINK_ERR_ARGUMENT     `list`, `context` or `source` is NULL.
 * @retval SPANLINK_ERR_LINK_INVALID All of these: an id is zero, the limits keep no attribute, and
 *                                   there is no printable tracestate.
 * @retval SPANLINK_ERR_NO_MEMORY    An allocation failed; the list is unchanged.
 *
 * Ownership: the list copies the link. Invalidates pointers returned by earlier calls.
 * Thread safety: one thread at a time per list.
 * Cost: that of spanlink_list_add().
 */
SPANLINK_API spanlink_status spanlink_list_add_aggregate_str(spanlink_list *list,
                                                             const spanlink_context *context,
                                                             spanlink_str source);

/**
 * Adds the link that spanlink_factory_causal() returns to a list.
 *
 * @param list    The list.
 * @param context Borrowed during the call. Its tracestate must not belong to this list.
 * @param reason  NUL-terminated. Not of this list either.
 * @retval SPANLINK_OK               Added, or dropped by `unique` or max_links: see the statistics.
 * @retval SPANLINK_ERR_ARGUMENT     An argument is NULL.
 * @retval SPANLINK_ERR_LINK_INVALID All of these: an id is zero, the limits keep no attribute, and
 *                                   there is no printable tracestate.
 * @retval SPANLINK_ERR_NO_MEMORY    An allocation failed; the list is unchanged.
 *
 * Ownership: the list copies the link. Invalidates pointers returned by earlier calls.
 * Thread safety: one thread at a time per list.
 * Cost: that of spanlink_list_add().
 */
SPANLINK_API spanlink_status spanlink_list_add_causal(spanlink_list *list,
                                                      const spanlink_context *context,
                                                      const char *reason);

/**
 * Adds the link that spanlink_factory_causal_str() returns to a list.
 *
 * @param list    The list.
 * @param context Borrowed during the call. Its tracestate must not belong to this list.
 * @param reason  Its `ptr` is not NULL. Not of this list either.
 * @retval SPANLINK_OK               Added, or dropped by `unique` or max_links: see the statistics.
 * @retval SPANLINK_ERR_ARGUMENT     `list`, `context` or `reason` is NULL.
 * @retval SPANLINK_ERR_LINK_INVALID All of these: an id is zero, the limits keep no attribute, and
 *                                   there is no printable tracestate.
 * @retval SPANLINK_ERR_NO_MEMORY    An allocation failed; the list is unchanged.
 *
 * Ownership: the list copies the link. Invalidates pointers returned by earlier calls.
 * Thread safety: one thread at a time per list.
 * Cost: that of spanlink_list_add().
 */
SPANLINK_API spanlink_status spanlink_list_add_causal_str(spanlink_list *list,
                                                          const spanlink_context *context,
                                                          spanlink_str reason);

#ifdef __cplusplus
}
#endif

#endif
