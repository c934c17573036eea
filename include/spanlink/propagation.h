/* SPDX-License-Identifier: MIT */
/**
 * @file propagation.h
 * Contexts into and out of the headers of any carrier: HTTP, message fields, environment variables
 * (W3C Trace Context Level 2; OpenTelemetry "Propagators API").
 *
 * A carrier is reached by a getter or a setter, each a function with a state. Header names are
 * given in lowercase; a getter matches them without regard to case.
 *
 * @snippet concepts/propagation.c propagation
 */
#ifndef SPANLINK_PROPAGATION_H
#define SPANLINK_PROPAGATION_H

#include <spanlink/traceparent.h>
#include <spanlink/tracestate.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes a context of the values of both headers.
 *
 * A tracestate that is not valid is left out and harms nothing; without a valid traceparent it is
 * not looked at. A factory attaches attributes, so that a list records even a context that was left
 * zeroed: check the status before you link.
 *
 * @param traceparent The header's value; empty: there is no such header.
 * @param tracestate  The header's value; empty: there is no such header.
 * @param context     Written on success only. It is remote, and its trace_state borrows
 * `tracestate` without the spaces around it: that must live as long as the context.
 * @retval SPANLINK_OK
 * @retval SPANLINK_ERR_ARGUMENT       `context` is NULL, or a view is NULL with a length.
 * @retval SPANLINK_ERR_NO_CONTEXT `traceparent` is empty.
 * @return Else what spanlink_traceparent_parse() says.
 *
 * Any thread; linear in the text; never allocates.
 */
SPANLINK_API spanlink_status spanlink_context_from_headers(spanlink_str traceparent,
                                                           spanlink_str tracestate,
                                                           spanlink_context *context);

/** How to read the headers of a carrier. */
typedef struct spanlink_getter {
    void *state; /**< Handed to `next`. */
    /**
     * Finds the next header line of a name, which is in lowercase; the carrier's names are compared
     * without regard to case. `*cursor` is 0 at the first call for a name, and what `next` leaves
     * in it at each later one. True, with the line's value, or false where there are no more.
     *
     * A value must stay valid and unchanged as long as the context that is made of it: later calls
     * may not write over it, and the context may borrow its tracestate from it.
     */
    bool (*next)(void *state, spanlink_str name, size_t *cursor, spanlink_str *value);
} spanlink_getter;

/** How to write the headers of a carrier. */
typedef struct spanlink_setter {
    void *state; /**< Handed to `set`. */
    /** Puts one header, its name in lowercase. A status that is not SPANLINK_OK ends the injection.
     */
    spanlink_status (*set)(void *state, spanlink_str name, spanlink_str value);
} spanlink_setter;

/** The longest valid tracestate: 32 members of 256 + 1 + 256 characters, and 31 commas. */
#define SPANLINK_TRACESTATE_MAX 16447

/**
 * Makes a context of the headers of a carrier.
 *
 * With one tracestate line the context borrows it; several are joined by commas in `text`, without
 * the spaces, tabs and empty members between, and the limits of a tracestate hold for the joined
 * text. Empty lines are passed over. A tracestate that is not valid is left out and harms nothing;
 * without a valid traceparent it is not asked for. Whatever a sender does, `next` is called for at
 * most 2 traceparent and 33 tracestate lines.
 *
 * A factory attaches attributes, so that a list records even a context that was left zeroed: check
 * the status before you link.
 *
 * @param getter   Borrowed during the call.
 * @param text     For joined lines: must live as long as the context, and hold no line. May be NULL
 * if `capacity` is 0.
 * @param capacity In characters; SPANLINK_TRACESTATE_MAX is always enough. Where it is too small,
 * or where there are more than 32 lines, empty ones counted, the tracestate is left out.
 * @param context  Written on success only.
 * @retval SPANLINK_OK
 * @retval SPANLINK_ERR_ARGUMENT             A pointer is NULL, or the traceparent line is a NULL
 * view with a length. (Of a tracestate line, that makes the tracestate invalid.)
 * @retval SPANLINK_ERR_NO_CONTEXT       There is no traceparent line.
 * @retval SPANLINK_ERR_MULTIPLE_TRACEPARENT There is more than one.
 * @return Else what spanlink_traceparent_parse() says: an empty line is too short.
 *
 * Any thread, if the carrier may be read there; linear in the lines; never allocates.
 */
SPANLINK_API spanlink_status spanlink_extract(const spanlink_getter *getter, char *text,
                                              size_t capacity, spanlink_context *context);

/**
 * Writes a context into the headers of a carrier: `traceparent`, then `tracestate` unless it is
 * empty.
 *
 * The tracestate goes out tidy: no spaces, no empty members, no key twice. One that is not valid is
 * left out.
 *
 * @param context  Both ids must be non-zero. Its trace_state must not lie in `text`: the text of
 * an extract and that of an inject are two.
 * @param setter   Borrowed during the call. What it is handed lies in `text`, but for the names,
 * which are static.
 * @param text     Where the values are written: must live as long as the carrier uses them.
 * @param capacity In characters; 56 and the length of the tracestate are enough.
 * @retval SPANLINK_OK
 * @retval SPANLINK_ERR_ARGUMENT      A pointer is NULL, or the trace_state is NULL with a length.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO, SPANLINK_ERR_SPAN_ID_ZERO  Nothing was set.
 * @retval SPANLINK_ERR_CAPACITY      `text` is too small. Nothing was set.
 * @return Else what `set` said, which may be any of these too. If it was for the tracestate, the
 * traceparent is set already.
 *
 * Any thread, if the carrier may be written there; linear in the tracestate; never allocates.
 */
SPANLINK_API spanlink_status spanlink_inject(const spanlink_context *context,
                                             const spanlink_setter *setter, char *text,
                                             size_t capacity);

/** One header of the carrier that is ready for use. */
typedef struct spanlink_header {
    spanlink_str name;  /**< Of either case. */
    spanlink_str value; /**< As it travels. */
} spanlink_header;

/** A carrier that is an array of headers, owned by the caller. */
typedef struct spanlink_headers {
    spanlink_header *items; /**< The array, borrowed. */
    size_t count;           /**< Headers in the array. */
    size_t capacity;        /**< Headers that fit. */
} spanlink_headers;

/**
 * A getter over an array of headers. Names are compared without regard to the case of ASCII
 * letters.
 *
 * @param headers Borrowed as long as the getter is used, and not changed. NULL gives a getter
 * without a function, which spanlink_extract() refuses.
 * @return By value. Each call of `next` costs linear time in the headers that it passes.
 */
SPANLINK_API spanlink_getter spanlink_headers_getter(const spanlink_headers *headers);

/**
 * A setter over an array of headers, which borrows the names and values that it is handed.
 *
 * A header that is there under that name gets the new value, and others of the name are removed;
 * otherwise one is added at the end, or SPANLINK_ERR_CAPACITY says that the array is full.
 *
 * @param headers Borrowed as long as the setter is used. NULL gives a setter without a function,
 * which spanlink_inject() refuses.
 * @return By value. Each call of `set` costs linear time in the headers.
 */
SPANLINK_API spanlink_setter spanlink_headers_setter(spanlink_headers *headers);

#ifdef __cplusplus
}
#endif

#endif
