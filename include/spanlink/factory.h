/* SPDX-License-Identifier: MIT */
/**
 * @file factory.h
 * Links with the attributes that name their type, the attribute `link.type`.
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
 * spanlink_factory_X() builds the link over the caller's storage, which may be longer than
 * SPANLINK_FACTORY_ATTRIBUTES to take more attributes. spanlink_list_add_X() adds the same link to
 * a list. A factory attaches attributes, so even a context of zeros is recorded: check the status
 * of what parsed the context first.
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

/* Over the caller's storage. */

/**
 * A link of a named type.
 *
 * @param context NULL gives zero ids.
 * @param type    SPANLINK_LINK_TYPE_CUSTOM and unknown numbers give a link without attributes.
 * @param storage SPANLINK_FACTORY_ATTRIBUTES of them; NULL gives a link without attributes.
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
 * A link whose type is a text of the caller.
 *
 * @param context NULL gives zero ids.
 * @param type    NUL-terminated; NULL leaves the attribute out.
 * @param storage SPANLINK_FACTORY_ATTRIBUTES of them; NULL gives a link without attributes.
 * @return The link.
 *
 * Ownership: the link borrows the storage, the texts and the context's tracestate.
 * Thread safety: any thread.
 * Cost: constant beside a strlen(); never allocates.
 */
SPANLINK_API spanlink_link spanlink_factory_custom(const spanlink_context *context,
                                                   const char *type, spanlink_attribute storage[2]);

/**
 * Does what spanlink_factory_custom() does, for a text that is not NUL-terminated.
 *
 * @param context NULL gives zero ids.
 * @param type    A view whose `ptr` is NULL leaves the attribute out.
 * @param storage SPANLINK_FACTORY_ATTRIBUTES of them; NULL gives a link without attributes.
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
 * A link from a batch to the span that produced one of its items.
 *
 * @param context NULL gives zero ids.
 * @param index   The number of the item, from 0.
 * @param storage SPANLINK_FACTORY_ATTRIBUTES of them; NULL gives a link without attributes.
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
 * A link from an attempt to the span of the earlier attempt.
 *
 * @param context NULL gives zero ids.
 * @param attempt The number of the new attempt.
 * @param storage SPANLINK_FACTORY_ATTRIBUTES of them; NULL gives a link without attributes.
 * @return The link.
 *
 * Ownership: the link borrows the storage, the texts and the context's tracestate.
 * Thread safety: any thread.
 * Cost: constant; never allocates.
 */
SPANLINK_API spanlink_link spanlink_factory_retry(const spanlink_context *context, int64_t attempt,
                                                  spanlink_attribute storage[2]);

/**
 * A link from a span that combines results to a span that produced some of them.
 *
 * @param context NULL gives zero ids.
 * @param source  Names the linked span, NUL-terminated; NULL leaves the attribute out.
 * @param storage SPANLINK_FACTORY_ATTRIBUTES of them; NULL gives a link without attributes.
 * @return The link.
 *
 * Ownership: the link borrows the storage, the texts and the context's tracestate.
 * Thread safety: any thread.
 * Cost: constant beside a strlen(); never allocates.
 */
SPANLINK_API spanlink_link spanlink_factory_aggregate(const spanlink_context *context,
                                                      const char *source,
                                                      spanlink_attribute storage[2]);

/**
 * Does what spanlink_factory_aggregate() does, for a text that is not NUL-terminated.
 *
 * @param context NULL gives zero ids.
 * @param source  A view whose `ptr` is NULL leaves the attribute out.
 * @param storage SPANLINK_FACTORY_ATTRIBUTES of them; NULL gives a link without attributes.
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
 * A link to the span that caused this one.
 *
 * @param context NULL gives zero ids.
 * @param reason  Tells how, NUL-terminated; NULL leaves the attribute out.
 * @param storage SPANLINK_FACTORY_ATTRIBUTES of them; NULL gives a link without attributes.
 * @return The link.
 *
 * Ownership: the link borrows the storage, the texts and the context's tracestate.
 * Thread safety: any thread.
 * Cost: constant beside a strlen(); never allocates.
 */
SPANLINK_API spanlink_link spanlink_factory_causal(const spanlink_context *context,
                                                   const char *reason,
                                                   spanlink_attribute storage[2]);

/**
 * Does what spanlink_factory_causal() does, for a text that is not NUL-terminated.
 *
 * @param context NULL gives zero ids.
 * @param reason  A view whose `ptr` is NULL leaves the attribute out.
 * @param storage SPANLINK_FACTORY_ATTRIBUTES of them; NULL gives a link without attributes.
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
 * Adds to a list the link that spanlink_factory_of_type() makes.
 *
 * @param list    Copies the link.
 * @param context Not NULL.
 * @param type    A type that has a name.
 * @return As spanlink_list_add(); SPANLINK_ERR_ARGUMENT also for a NULL context and a
 *         type without a name.
 *
 * Ownership: the list copies all that it keeps.
 * Thread safety: as spanlink_list_add().
 * Cost: as spanlink_list_add().
 */
SPANLINK_API spanlink_status spanlink_list_add_of_type(spanlink_list *list,
                                                       const spanlink_context *context,
                                                       spanlink_link_type type);

/**
 * Adds to a list the link that spanlink_factory_custom() makes.
 *
 * @param list    Copies the link.
 * @param context Not NULL.
 * @param type    NUL-terminated, not NULL.
 * @return As spanlink_list_add(); SPANLINK_ERR_ARGUMENT also for a NULL context or
 *         type.
 *
 * Ownership: the list copies all that it keeps.
 * Thread safety: as spanlink_list_add().
 * Cost: as spanlink_list_add().
 */
SPANLINK_API spanlink_status spanlink_list_add_custom(spanlink_list *list,
                                                      const spanlink_context *context,
                                                      const char *type);

/**
 * Adds to a list the link that spanlink_factory_custom_str() makes.
 *
 * @param list    Copies the link.
 * @param context Not NULL.
 * @param type    Its `ptr` is not NULL.
 * @return As spanlink_list_add(); SPANLINK_ERR_ARGUMENT also for a NULL context or
 *         type.
 *
 * Ownership: the list copies all that it keeps.
 * Thread safety: as spanlink_list_add().
 * Cost: as spanlink_list_add().
 */
SPANLINK_API spanlink_status spanlink_list_add_custom_str(spanlink_list *list,
                                                          const spanlink_context *context,
                                                          spanlink_str type);

/**
 * Adds to a list the link that spanlink_factory_batch_item() makes.
 *
 * @param list    Copies the link.
 * @param context Not NULL.
 * @param index   The number of the item, from 0.
 * @return As spanlink_list_add(); SPANLINK_ERR_ARGUMENT also for a NULL context.
 *
 * Ownership: the list copies all that it keeps.
 * Thread safety: as spanlink_list_add().
 * Cost: as spanlink_list_add().
 */
SPANLINK_API spanlink_status spanlink_list_add_batch_item(spanlink_list *list,
                                                          const spanlink_context *context,
                                                          int64_t index);

/**
 * Adds to a list the link that spanlink_factory_retry() makes.
 *
 * @param list    Copies the link.
 * @param context Not NULL.
 * @param attempt The number of the new attempt.
 * @return As spanlink_list_add(); SPANLINK_ERR_ARGUMENT also for a NULL context.
 *
 * Ownership: the list copies all that it keeps.
 * Thread safety: as spanlink_list_add().
 * Cost: as spanlink_list_add().
 */
SPANLINK_API spanlink_status spanlink_list_add_retry(spanlink_list *list,
                                                     const spanlink_context *context,
                                                     int64_t attempt);

/**
 * Adds to a list the link that spanlink_factory_aggregate() makes.
 *
 * @param list    Copies the link.
 * @param context Not NULL.
 * @param source  NUL-terminated, not NULL.
 * @return As spanlink_list_add(); SPANLINK_ERR_ARGUMENT also for a NULL context or
 *         source.
 *
 * Ownership: the list copies all that it keeps.
 * Thread safety: as spanlink_list_add().
 * Cost: as spanlink_list_add().
 */
SPANLINK_API spanlink_status spanlink_list_add_aggregate(spanlink_list *list,
                                                         const spanlink_context *context,
                                                         const char *source);

/**
 * Adds to a list the link that spanlink_factory_aggregate_str() makes.
 *
 * @param list    Copies the link.
 * @param context Not NULL.
 * @param source  Its `ptr` is not NULL.
 * @return As spanlink_list_add(); SPANLINK_ERR_ARGUMENT also for a NULL context or
 *         source.
 *
 * Ownership: the list copies all that it keeps.
 * Thread safety: as spanlink_list_add().
 * Cost: as spanlink_list_add().
 */
SPANLINK_API spanlink_status spanlink_list_add_aggregate_str(spanlink_list *list,
                                                             const spanlink_context *context,
                                                             spanlink_str source);

/**
 * Adds to a list the link that spanlink_factory_causal() makes.
 *
 * @param list    Copies the link.
 * @param context Not NULL.
 * @param reason  NUL-terminated, not NULL.
 * @return As spanlink_list_add(); SPANLINK_ERR_ARGUMENT also for a NULL context or
 *         reason.
 *
 * Ownership: the list copies all that it keeps.
 * Thread safety: as spanlink_list_add().
 * Cost: as spanlink_list_add().
 */
SPANLINK_API spanlink_status spanlink_list_add_causal(spanlink_list *list,
                                                      const spanlink_context *context,
                                                      const char *reason);

/**
 * Adds to a list the link that spanlink_factory_causal_str() makes.
 *
 * @param list    Copies the link.
 * @param context Not NULL.
 * @param reason  Its `ptr` is not NULL.
 * @return As spanlink_list_add(); SPANLINK_ERR_ARGUMENT also for a NULL context or
 *         reason.
 *
 * Ownership: the list copies all that it keeps.
 * Thread safety: as spanlink_list_add().
 * Cost: as spanlink_list_add().
 */
SPANLINK_API spanlink_status spanlink_list_add_causal_str(spanlink_list *list,
                                                          const spanlink_context *context,
                                                          spanlink_str reason);

#ifdef __cplusplus
}
#endif

#endif
