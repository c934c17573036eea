/* SPDX-License-Identifier: MIT */
/**
 * @file lazy.h
 * Links that are created on demand: a provider of contexts that runs when links are built and not
 * before. For links that are costly to find and needed only if the span is sampled.
 *
 * Threads: several threads may build the same spanlink_lazy at the same time, each into its own
 * list, if its provider may run in several threads. If a thread is cancelled in the provider, or
 * leaves it by pthread_exit(), the list is unchanged and no memory is leaked. A child process may
 * build after fork(). No function here may be called from a signal handler.
 *
 * @code
 * spanlink_lazy lazy = {provider, state, spanlink_str_from("retry_of")};
 * spanlink_status status = spanlink_lazy_build(&lazy, list);
 * @endcode
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
 * Receives one context from a provider, for a link with the attribute `link.type`. If it fails with
 * a status other than SPANLINK_ERR_ARGUMENT, the build fails: with what the provider returns or, if
 * that is SPANLINK_OK, with the first such status. A later call may still return SPANLINK_OK.
 *
 * @param sink    The argument that the provider received.
 * @param context Borrowed during the call. Zero ids are accepted: the link has an attribute.
 * @retval SPANLINK_OK               Success.
 * @retval SPANLINK_ERR_ARGUMENT     `context` is NULL. The call does not count: the build goes on.
 * @retval SPANLINK_ERR_LINK_INVALID All of these: an id is zero, the list's limits keep no
 *                                   attribute, and there is no printable tracestate.
 * @retval SPANLINK_ERR_NO_MEMORY    An allocation failed.
 *
 * Ownership: the context is copied.
 * Thread safety: only the thread that runs the provider, until the provider returns.
 * Cost: a copy of the link.
 */
typedef spanlink_status (*spanlink_context_emit_fn)(void *sink, const spanlink_context *context);

/**
 * Calls emit(sink, &context) once per link, in order; zero calls are allowed. Implemented by the
 * caller.
 *
 * @param state As in the spanlink_lazy.
 * @param emit  Receives one context.
 * @param sink  The first argument of `emit`.
 * @return SPANLINK_OK, or any other status, which the build then returns.
 *
 * Ownership: `emit` and `sink` are valid until the provider returns.
 * Thread safety: it must not leave by longjmp() or a C++ exception.
 */
typedef spanlink_status (*spanlink_provider_fn)(void *state, spanlink_context_emit_fn emit,
                                                void *sink);

/** Links to be created on demand. A plain struct that borrows what it points to. */
typedef struct spanlink_lazy {
    spanlink_provider_fn provider; /**< Not NULL. */
    void *state;                   /**< The first argument of the provider. */
    spanlink_str type;             /**< The links' attribute `link.type`; empty: "lazy". */
} spanlink_lazy;

/**
 * Runs the provider once, and adds a link for each context that it emits, as spanlink_list_add()
 * does. The provider may use the list; the emitted links are added after it returns.
 *
 * @param lazy Borrowed during the call.
 * @param list All links are added or, on failure, none; its statistics are then unchanged too.
 * @retval SPANLINK_OK               Success.
 * @retval SPANLINK_ERR_ARGUMENT     `lazy`, its provider or `list` is NULL, or `type` is NULL with
 *                                   a length; the provider did not run.
 * @retval SPANLINK_ERR_LINK_INVALID A context has a zero id and no printable tracestate, and the
 *                                   list's limits keep no attribute.
 * @retval SPANLINK_ERR_NO_MEMORY    An allocation failed.
 * @return Otherwise what the provider returned; if that is SPANLINK_OK, what `emit` returned.
 *
 * Ownership: the list copies the links. Invalidates pointers returned by earlier calls.
 * Thread safety: one thread at a time per list.
 * Cost: the provider, and two copies of each link. One of them is temporary, from the list's
 * allocator, and not bounded by max_links.
 */
SPANLINK_API spanlink_status spanlink_lazy_build(const spanlink_lazy *lazy, spanlink_list *list);

#ifdef __cplusplus
}
#endif

#endif
