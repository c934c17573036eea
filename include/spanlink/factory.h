/* SPDX-License-Identifier: MIT */
/**
 * @file factory.h
 * LinkType factory: links with the attributes that name their kind.
 *
 * | factory | `link.type` | second attribute |
 * |---|---|---|
 * | typed | the type's name | – |
 * | custom | the caller's text | – |
 * | batch_item | `batch_item` | `batch.index` (int) |
 * | retry | `retry_of` | `retry.attempt` (int) |
 * | aggregate | `aggregates` | `aggregate.source` (string) |
 * | causal | `caused_by` | `causal.reason` (string) |
 *
 * Each comes in two forms: over the caller's storage, and straight into a list. The storage may be
 * longer than SPANLINK_FACTORY_ATTRIBUTES, to add to the link:
 *
 *     spanlink_attribute storage[3];
 *     spanlink_link link = spanlink_factory_batch_item(&context, 7, storage);
 *     storage[link.attribute_count++] = spanlink_attribute_string("messaging.system", "kafka");
 */
#ifndef SPANLINK_FACTORY_H
#define SPANLINK_FACTORY_H

#include <spanlink/list.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The most attributes that a factory writes. */
#define SPANLINK_FACTORY_ATTRIBUTES 2

/*
 * Over the caller's storage. The context is copied, but for the tracestate, which stays borrowed; a
 * NULL context gives zero ids. The link borrows `storage` and the texts that it is given: they must
 * live as long as the link. A NULL `storage` gives a link without attributes, a NULL text leaves
 * its attribute out. These cannot fail and never allocate. Any thread; constant time beside a
 * strlen().
 */

/** A link of a named type; without attributes where `type` is SPANLINK_TYPE_CUSTOM or unknown. */
SPANLINK_API spanlink_link spanlink_factory_typed(const spanlink_context *context,
                                                  spanlink_link_type type,
                                                  spanlink_attribute storage[2]);

/** A link whose type is a text of the caller's. */
SPANLINK_API spanlink_link spanlink_factory_custom(const spanlink_context *context,
                                                   const char *type, spanlink_attribute storage[2]);

/** A link from a batch to the span that produced its item number `index` (from 0). */
SPANLINK_API spanlink_link spanlink_factory_batch_item(const spanlink_context *context,
                                                       int64_t index,
                                                       spanlink_attribute storage[2]);

/** A link from attempt number `attempt` to the span of the attempt that it repeats. */
SPANLINK_API spanlink_link spanlink_factory_retry(const spanlink_context *context, int64_t attempt,
                                                  spanlink_attribute storage[2]);

/** A link from a span that combines results to one that produced them; `source` names it. */
SPANLINK_API spanlink_link spanlink_factory_aggregate(const spanlink_context *context,
                                                      const char *source,
                                                      spanlink_attribute storage[2]);

/** A link to the span that caused this one; `reason` says how. */
SPANLINK_API spanlink_link spanlink_factory_causal(const spanlink_context *context,
                                                   const char *reason,
                                                   spanlink_attribute storage[2]);

/*
 * Straight into a list: the same link, offered as by spanlink_list_add(), whose statuses they
 * return. Texts are copied. A factory attaches attributes, so even a zeroed context is recorded:
 * check the status of what parsed the context first.
 *
 * SPANLINK_ERR_ARGUMENT also for a NULL context, a NULL text, and a type that has no name.
 * Not thread-safe: see list.h.
 */

/** Offers what spanlink_factory_typed() makes. */
SPANLINK_API spanlink_status spanlink_list_add_typed(spanlink_list *list,
                                                     const spanlink_context *context,
                                                     spanlink_link_type type);

/** Offers what spanlink_factory_custom() makes. */
SPANLINK_API spanlink_status spanlink_list_add_custom(spanlink_list *list,
                                                      const spanlink_context *context,
                                                      const char *type);

/** Offers what spanlink_factory_batch_item() makes. */
SPANLINK_API spanlink_status spanlink_list_add_batch_item(spanlink_list *list,
                                                          const spanlink_context *context,
                                                          int64_t index);

/** Offers what spanlink_factory_retry() makes. */
SPANLINK_API spanlink_status spanlink_list_add_retry(spanlink_list *list,
                                                     const spanlink_context *context,
                                                     int64_t attempt);

/** Offers what spanlink_factory_aggregate() makes. */
SPANLINK_API spanlink_status spanlink_list_add_aggregate(spanlink_list *list,
                                                         const spanlink_context *context,
                                                         const char *source);

/** Offers what spanlink_factory_causal() makes. */
SPANLINK_API spanlink_status spanlink_list_add_causal(spanlink_list *list,
                                                      const spanlink_context *context,
                                                      const char *reason);

#ifdef __cplusplus
}
#endif

#endif
