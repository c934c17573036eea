/* SPDX-License-Identifier: MIT */
/**
 * @file factory.h
 * LinkType factory: links with the attributes that name their kind.
 *
 * - typed: `link.type` is the type's name.
 * - custom: `link.type` is the caller's text.
 * - batch_item: `link.type` is `batch_item`, with the int `batch.index`.
 * - retry: `link.type` is `retry_of`, with the int `retry.attempt`.
 * - aggregate: `link.type` is `aggregates`, with the string `aggregate.source`.
 * - causal: `link.type` is `caused_by`, with the string `causal.reason`.
 *
 * Each comes in two forms. Over the caller's storage: the context is copied, but for the
 * tracestate, which stays borrowed; the link borrows `storage` and the texts that it is given,
 * which must live as long as the link. These cannot fail and never allocate; any thread; constant
 * time beside a strlen(). The storage may be longer than SPANLINK_FACTORY_ATTRIBUTES, to add to the
 * link.
 *
 * Straight into a list: the same link, offered as by spanlink_list_add(); texts are copied. A
 * factory attaches attributes, so even a zeroed context is recorded: check the status of what
 * parsed the context first. Not thread-safe: see list.h.
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
 * @param type    Without attributes where it is SPANLINK_LINK_TYPE_CUSTOM or unknown.
 * @param storage Room for SPANLINK_FACTORY_ATTRIBUTES; NULL gives a link without attributes.
 * @return The link, which borrows the storage, the texts and the context's tracestate.
 */
SPANLINK_API spanlink_link spanlink_factory_of_type(const spanlink_context *context,
                                                    spanlink_link_type type,
                                                    spanlink_attribute storage[2]);

/**
 * A link whose type is a text of the caller's.
 *
 * @param context NULL gives zero ids.
 * @param type    NUL-terminated; NULL leaves the attribute out.
 * @param storage Room for SPANLINK_FACTORY_ATTRIBUTES; NULL gives a link without attributes.
 * @return The link, which borrows the storage, the texts and the context's tracestate.
 */
SPANLINK_API spanlink_link spanlink_factory_custom(const spanlink_context *context,
                                                   const char *type, spanlink_attribute storage[2]);

/**
 * A link from a batch to the span that produced one of its items.
 *
 * @param context NULL gives zero ids.
 * @param index   The item's number, from 0.
 * @param storage Room for SPANLINK_FACTORY_ATTRIBUTES; NULL gives a link without attributes.
 * @return The link, which borrows the storage, the texts and the context's tracestate.
 */
SPANLINK_API spanlink_link spanlink_factory_batch_item(const spanlink_context *context,
                                                       int64_t index,
                                                       spanlink_attribute storage[2]);

/**
 * A link from an attempt to the span of the one that it repeats.
 *
 * @param context NULL gives zero ids.
 * @param attempt The number of the new attempt.
 * @param storage Room for SPANLINK_FACTORY_ATTRIBUTES; NULL gives a link without attributes.
 * @return The link, which borrows the storage, the texts and the context's tracestate.
 */
SPANLINK_API spanlink_link spanlink_factory_retry(const spanlink_context *context, int64_t attempt,
                                                  spanlink_attribute storage[2]);

/**
 * A link from a span that combines results to one that produced some of them.
 *
 * @param context NULL gives zero ids.
 * @param source  Names that one, NUL-terminated; NULL leaves the attribute out.
 * @param storage Room for SPANLINK_FACTORY_ATTRIBUTES; NULL gives a link without attributes.
 * @return The link, which borrows the storage, the texts and the context's tracestate.
 */
SPANLINK_API spanlink_link spanlink_factory_aggregate(const spanlink_context *context,
                                                      const char *source,
                                                      spanlink_attribute storage[2]);

/**
 * A link to the span that caused this one.
 *
 * @param context NULL gives zero ids.
 * @param reason  Says how, NUL-terminated; NULL leaves the attribute out.
 * @param storage Room for SPANLINK_FACTORY_ATTRIBUTES; NULL gives a link without attributes.
 * @return The link, which borrows the storage, the texts and the context's tracestate.
 */
SPANLINK_API spanlink_link spanlink_factory_causal(const spanlink_context *context,
                                                   const char *reason,
                                                   spanlink_attribute storage[2]);

/* Straight into a list. */

/**
 * Offers what spanlink_factory_of_type() makes.
 *
 * @param list    Takes a copy.
 * @param context Not NULL.
 * @param type    One that has a name.
 * @return As spanlink_list_add(); SPANLINK_ERR_ARGUMENT also for a NULL context and a type without
 * a name.
 */
SPANLINK_API spanlink_status spanlink_list_add_of_type(spanlink_list *list,
                                                       const spanlink_context *context,
                                                       spanlink_link_type type);

/**
 * Offers what spanlink_factory_custom() makes.
 *
 * @param list    Takes a copy.
 * @param context Not NULL.
 * @param type    Not NULL.
 * @return As spanlink_list_add(); SPANLINK_ERR_ARGUMENT also for a NULL context or type.
 */
SPANLINK_API spanlink_status spanlink_list_add_custom(spanlink_list *list,
                                                      const spanlink_context *context,
                                                      const char *type);

/**
 * Offers what spanlink_factory_batch_item() makes.
 *
 * @param list    Takes a copy.
 * @param context Not NULL.
 * @param index   The item's number, from 0.
 * @return As spanlink_list_add(); SPANLINK_ERR_ARGUMENT also for a NULL context.
 */
SPANLINK_API spanlink_status spanlink_list_add_batch_item(spanlink_list *list,
                                                          const spanlink_context *context,
                                                          int64_t index);

/**
 * Offers what spanlink_factory_retry() makes.
 *
 * @param list    Takes a copy.
 * @param context Not NULL.
 * @param attempt The number of the new attempt.
 * @return As spanlink_list_add(); SPANLINK_ERR_ARGUMENT also for a NULL context.
 */
SPANLINK_API spanlink_status spanlink_list_add_retry(spanlink_list *list,
                                                     const spanlink_context *context,
                                                     int64_t attempt);

/**
 * Offers what spanlink_factory_aggregate() makes.
 *
 * @param list    Takes a copy.
 * @param context Not NULL.
 * @param source  Not NULL.
 * @return As spanlink_list_add(); SPANLINK_ERR_ARGUMENT also for a NULL context or source.
 */
SPANLINK_API spanlink_status spanlink_list_add_aggregate(spanlink_list *list,
                                                         const spanlink_context *context,
                                                         const char *source);

/**
 * Offers what spanlink_factory_causal() makes.
 *
 * @param list    Takes a copy.
 * @param context Not NULL.
 * @param reason  Not NULL.
 * @return As spanlink_list_add(); SPANLINK_ERR_ARGUMENT also for a NULL context or reason.
 */
SPANLINK_API spanlink_status spanlink_list_add_causal(spanlink_list *list,
                                                      const spanlink_context *context,
                                                      const char *reason);

#ifdef __cplusplus
}
#endif

#endif
