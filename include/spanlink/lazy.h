/* SPDX-License-Identifier: MIT */
/**
 * @file lazy.h
 * Links that are made on demand: a provider of contexts that runs at each build and not before. For
 * links that are costly to find and needed only if the span is sampled.
 *
 * Threads: several threads may build one spanlink_lazy at once, each into a list of its own, if its
 * provider may run in several threads. A thread that is cancelled in the provider, or leaves it by
 * pthread_exit(), leaves the list unchanged and no memory behind. Nothing is shared, so a child may
 * build after fork(). No function here may be called from a signal handler.
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
 * Takes one context from a provider, for a link with the attribute `link.type`. If it fails with a
 * status other than SPANLINK_ERR_ARGUMENT, the build fails with that status, whatever the provider
 * returns: it may as well return the status at once.
 *
 * @param sink    What the provider was given.
 * @param context Borrowed during the call. Zero ids are recorded: the link has an attribute.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT     `context` is NULL; nothing was taken, and the build goes on.
 * @retval SPANLINK_ERR_LINK_INVALID An id is zero, there is no tracestate, and the limits of the
 * list keep no attribute.
 * @retval SPANLINK_ERR_NO_MEMORY There is no memory.
 *
 * Only in the thread that runs the provider, until the provider returns.
 */
typedef spanlink_status (*spanlink_context_emit_fn)(void *sink, const spanlink_context *context);

/**
 * Calls emit(sink, &context) once for each link, in order; zero calls are allowed.
 *
 * @param state The spanlink_lazy's own.
 * @param emit  Takes one context. Valid, with `sink`, until the provider returns.
 * @param sink  The first argument of `emit`.
 * @return SPANLINK_OK, or any other status, which the build then returns.
 *
 * It must not leave by longjmp() or an exception.
 */
typedef spanlink_status (*spanlink_provider_fn)(void *state, spanlink_context_emit_fn emit,
                                                void *sink);

/** Links to be made on demand. A plain struct that borrows all it points at. */
typedef struct spanlink_lazy {
    spanlink_provider_fn provider; /**< Never NULL. */
    void *state;                   /**< The first argument of the provider. */
    spanlink_str type;             /**< The links' attribute `link.type`; empty: "lazy". */
} spanlink_lazy;

/**
 * Runs the provider, once, and adds a link for each context that it emits, as spanlink_list_add()
 * does. The provider may use the list, but nothing that it emits is in the list before it returns.
 *
 * @param lazy Borrowed during the call.
 * @param list All of the links are added or, on failure, none.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT  `lazy`, its provider or `list` is NULL, or `type` is NULL with a
 * length; the provider did not run.
 * @retval SPANLINK_ERR_NO_MEMORY There is no memory.
 * @return What the provider returned, else what `emit` returned.
 *
 * Invalidates pointers returned by earlier calls for the list. Costs the provider and two copies of
 * each link.
 */
SPANLINK_API spanlink_status spanlink_lazy_build(const spanlink_lazy *lazy, spanlink_list *list);

#ifdef __cplusplus
}
#endif

#endif
