/* SPDX-License-Identifier: MIT */
/**
 * @file lazy.h
 * Links that are made only when somebody asks: a provider of contexts, run at each build and not
 * before. For links that are costly to find, and wanted only if the span is sampled.
 *
 * @snippet concepts/lazy.c lazy
 * @snippet concepts/lazy.c lazy build
 */
#ifndef SPANLINK_LAZY_H
#define SPANLINK_LAZY_H

#include <spanlink/list.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Takes one context from a provider.
 *
 * @param sink    What the provider was given; valid until the provider returns.
 * @param context Borrowed during the call.
 * @retval SPANLINK_OK
 * @retval SPANLINK_ERR_ARGUMENT  `context` is NULL; nothing was taken, and the build may go on.
 * @retval SPANLINK_ERR_NO_MEMORY The build fails with this, whatever the provider does next; it may
 * as well return the status at once.
 */
typedef spanlink_status (*spanlink_context_emit_fn)(void *sink, const spanlink_context *context);

/**
 * Hands the contexts of the links to be made to `emit`, each with `sink` as its first argument, in
 * the order that the links shall have; any number of them, also none.
 *
 * @param state The spanlink_lazy's own.
 * @param emit  Takes one context. Valid, with `sink`, until the provider returns.
 * @param sink  For `emit`.
 * @return SPANLINK_OK, or any other status, which then is the build's.
 */
typedef spanlink_status (*spanlink_provider_fn)(void *state, spanlink_context_emit_fn emit,
                                                void *sink);

/** Links to be made when asked for. A plain struct that borrows all it points at. */
typedef struct spanlink_lazy {
    spanlink_provider_fn provider; /**< Never NULL. */
    void *state;                   /**< Handed to the provider. */
    spanlink_str type;             /**< The links' attribute `link.type`; empty: "lazy". */
} spanlink_lazy;

/**
 * Runs the provider, once, and offers a link for each context that it emits, as by
 * spanlink_list_add(), with the attribute `link.type`.
 *
 * The links carry an attribute, so even a context with zero ids is recorded: see factory.h.
 *
 * The list's own order, limits and `unique` hold. The provider may use the list, but nothing that
 * it emits is in there before it has returned.
 *
 * @param lazy Borrowed during the call.
 * @param list All of the links are offered, or, on failure, none.
 * @retval SPANLINK_OK
 * @retval SPANLINK_ERR_ARGUMENT  `lazy`, its provider or `list` is NULL, or `type` is NULL with a
 * length; the provider did not run.
 * @retval SPANLINK_ERR_NO_MEMORY
 * @return Else what the provider returned.
 *
 * Ends earlier views of the list. One spanlink_lazy may be built by several threads at once, each
 * into a list of its own, if its provider may. Costs the provider and two copies of each link.
 */
SPANLINK_API spanlink_status spanlink_lazy_build(const spanlink_lazy *lazy, spanlink_list *list);

#ifdef __cplusplus
}
#endif

#endif
