/* SPDX-License-Identifier: MIT */
/**
 * @file propagation.h
 * Contexts out of and into the headers of any carrier: HTTP, message fields, environment variables
 * (W3C Trace Context Level 2; OpenTelemetry "Propagators API").
 *
 * A carrier is reached by a getter or a setter: a function with a state. spanlink_extract() reads
 * W3C's headers, or those of all formats of a spanlink_formats, which OTEL_PROPAGATORS can name.
 *
 * Two contexts name the same span if their span ids are equal, and their trace ids are equal or one
 * of these is 64 zero bits and the low half of the other (some formats carry 64 bits alone). Such
 * contexts are one: W3C's if it is among them, as it has the tracestate; otherwise the last one
 * with a full trace id, otherwise the last one.
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
 * Makes a context of the values of both W3C headers.
 *
 * An invalid tracestate is left out; without a valid traceparent it is not read. Check the status:
 * a link to a context that was left zeroed is recorded if it has attributes.
 *
 * @param traceparent The header's value; empty: there is no such header.
 * @param tracestate  The header's value; empty: there is no such header.
 * @param context     Written on success only. It is remote, and its trace_state borrows
 * `tracestate` without the spaces around it: that must live as long as the context.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT   `context` is NULL, or a view is NULL with a length.
 * @retval SPANLINK_ERR_NO_CONTEXT `traceparent` is empty.
 * @return Otherwise a status of spanlink_traceparent_parse().
 *
 * Any thread; linear in the text; never allocates. W3C Trace Context, "Trace Context HTTP Headers
 * Format".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_context_from_headers(
    spanlink_str traceparent, spanlink_str tracestate, spanlink_context *context);

/* Formats */

/** How a context is written into headers. Later versions add numbers below NONE. */
typedef enum spanlink_format {
    SPANLINK_FORMAT_W3C = 0,            /**< traceparent and tracestate. */
    SPANLINK_FORMAT_B3 = 1,             /**< Reads both forms of B3, writes b3. */
    SPANLINK_FORMAT_B3_MULTI = 2,       /**< Reads both forms of B3, writes x-b3-traceid and on. */
    SPANLINK_FORMAT_XRAY = 3,           /**< x-amzn-trace-id; read from awstraceheader too. */
    SPANLINK_FORMAT_DATADOG = 4,        /**< x-datadog-trace-id and on. */
    SPANLINK_FORMAT_JAEGER = 5,         /**< uber-trace-id. */
    SPANLINK_FORMAT_CLOUD_TRACE = 6,    /**< x-cloud-trace-context. */
    SPANLINK_FORMAT_GRPC_TRACE_BIN = 7, /**< grpc-trace-bin, 29 raw bytes: no base64. */
    SPANLINK_FORMAT_NONE = 255          /**< Nothing is read or written. */
} spanlink_format;

/** The most formats of a spanlink_formats. */
#define SPANLINK_FORMATS_MAX 15

/**
 * Formats in the order in which they are asked. All zeros: W3C alone.
 *
 * SPANLINK_FORMAT_NONE anywhere turns all of them off. A format that is listed twice counts once,
 * at its first place.
 */
typedef struct spanlink_formats {
    uint32_t count;                         /**< 0: W3C alone. */
    uint32_t formats[SPANLINK_FORMATS_MAX]; /**< Numbers of spanlink_format. */
} spanlink_formats;

/**
 * Reads the names of formats, in the syntax of OTEL_PROPAGATORS: separated by commas, of either
 * case, with spaces and tabs around them.
 *
 * Names are tracecontext, b3, b3multi, xray, datadog, jaeger, cloud_trace or gcp, grpc-trace-bin.
 * `none`, alone or among others, and `baggage` alone give SPANLINK_FORMAT_NONE; beside others,
 * `baggage` is passed over. Unknown names are passed over and reported; without any other name the
 * result is W3C. A library that is built with SPANLINK_NO_FORMATS knows tracecontext, none and
 * baggage.
 *
 * @param names   Any bytes, not NUL-terminated. Empty: W3C.
 * @param formats Written on success only: each format once, the rest zeros.
 * @param unknown Set to the first unknown name, which borrows `names`; empty if there is none. May
 * be NULL.
 * @retval SPANLINK_OK           Also with unknown names.
 * @retval SPANLINK_ERR_ARGUMENT `formats` is NULL, or `names` is NULL with a length.
 *
 * Any thread; linear in the text; never allocates. OpenTelemetry "Environment Variable
 * Specification", "General SDK Configuration".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_formats_from_names(spanlink_str names, spanlink_formats *formats, spanlink_str *unknown);

/**
 * Reads the names of formats in the environment variable OTEL_PROPAGATORS; W3C if it is not set or
 * empty, or if the library is built with SPANLINK_NO_ENV.
 *
 * @param formats Written on success only.
 * @param unknown As of spanlink_formats_from_names(); borrows the environment. May be NULL.
 * @retval SPANLINK_OK           Also with unknown names.
 * @retval SPANLINK_ERR_ARGUMENT `formats` is NULL.
 *
 * Any thread while no thread changes the environment; linear in the variable; never allocates.
 * OpenTelemetry "Environment Variable Specification", "General SDK Configuration".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_formats_from_env(spanlink_formats *formats,
                                                                         spanlink_str *unknown);

/**
 * The name of a format, as OTEL_PROPAGATORS has it.
 *
 * @param format A number of spanlink_format.
 * @return A static string; NULL for SPANLINK_FORMAT_NONE and for numbers that this library does not
 * know. Any thread; constant time.
 */
SPANLINK_API const char *spanlink_format_name(uint32_t format);

/**
 * The names of a format's headers, in lowercase (OpenTelemetry "Propagators API", "Fields").
 *
 * @param format A number of spanlink_format.
 * @param count  Set to the number of names. May not be NULL.
 * @return A static array. NULL, and `*count` 0, for SPANLINK_FORMAT_NONE and for numbers that this
 * library does not know; NULL if `count` is. Any thread; constant time.
 */
SPANLINK_API const spanlink_str *spanlink_format_fields(uint32_t format, size_t *count);

/* Extract */

/** How to read the headers of a carrier. */
typedef struct spanlink_getter {
    void *state; /**< Passed to `next`. */
    /**
     * Finds the next header line of a name, which is in lowercase; the carrier's names are compared
     * without regard to case. `*cursor` is 0 at the first call for a name, and what `next` left in
     * it at each later one. True, with the line's value, or false if there are no more.
     *
     * A value must stay valid and unchanged as long as the context that is made of it: later calls
     * may not write over it, and the context may borrow its tracestate from it.
     */
    bool (*next)(void *state, spanlink_str name, size_t *cursor, spanlink_str *value);
} spanlink_getter;

/** The longest valid tracestate: 32 members of 256 + 1 + 256 characters, and 31 commas. */
#define SPANLINK_TRACESTATE_MAX 16447

/**
 * Makes a context of the headers of a carrier: of all `formats` in their order, the last one with a
 * valid context decides which span it names. Other formats may have more of that span: see above.
 *
 * Several tracestate lines are joined by commas in `text`, without the spaces, tabs and empty
 * members between; one line is borrowed. A tracestate that is invalid or has more than 32 lines is
 * left out. Of other headers that come twice the first counts, and blank ones do not count.
 * `next` is called for at most 2 traceparent and 33 tracestate lines, and at most twice for others.
 *
 * @param getter   Borrowed during the call.
 * @param formats  NULL: W3C alone.
 * @param text     For joined lines: must live as long as the context. NULL only if `capacity` is 0.
 * @param capacity In characters; SPANLINK_TRACESTATE_MAX is always enough. If it is too small, the
 * tracestate is left out.
 * @param context  Written on success only. Check the status before you link it.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT   A pointer is NULL, or `formats` has too many or unknown formats.
 * @retval SPANLINK_ERR_NO_CONTEXT No format was there, or `formats` has SPANLINK_FORMAT_NONE.
 * @retval SPANLINK_ERR_MULTIPLE_TRACEPARENT There is more than one traceparent line.
 * @return Otherwise the status of the first format that was there (one whose headers with ids were
 * not all absent), as its parser returns it.
 *
 * Any thread, if the carrier may be read there; linear in the lines; never allocates. OpenTelemetry
 * "Propagators API", "Extract" and "Composite Propagator".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_extract(const spanlink_getter *getter,
                                                                const spanlink_formats *formats,
                                                                char *text, size_t capacity,
                                                                spanlink_context *context);

/** A context, and the format that it was read from. */
typedef struct spanlink_extracted {
    spanlink_context context; /**< Remote; borrows its tracestate as that of spanlink_extract(). */
    uint32_t format;          /**< A number of spanlink_format. */
} spanlink_extracted;

/**
 * Makes contexts of all spans that the headers of a carrier name: one entry a span.
 *
 * The first entry is what spanlink_extract() gives. The others follow in the order of `formats`:
 * a service that continues the first can link these.
 *
 * @param getter   Borrowed during the call.
 * @param formats  NULL: W3C alone.
 * @param text     As of spanlink_extract(). W3C alone uses it, so one text serves all entries.
 * @param capacity In characters.
 * @param found    The entries, written on success only. NULL only if `found_capacity` is 0.
 * @param found_capacity In entries; one for each format is always enough.
 * @param count    Set to the number of entries, on SPANLINK_ERR_CAPACITY to what is needed.
 * @retval SPANLINK_OK            There is at least one entry.
 * @retval SPANLINK_ERR_CAPACITY  `found` is too small.
 * @return Otherwise a status of spanlink_extract(); `*count` and `found` are untouched.
 *
 * Any thread, if the carrier may be read there; linear in the lines; never allocates. OpenTelemetry
 * "Propagators API", "Extract" and "Composite Propagator".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_extract_all(
    const spanlink_getter *getter, const spanlink_formats *formats, char *text, size_t capacity,
    spanlink_extracted *found, size_t found_capacity, size_t *count);

/* Inject */

/** How to write the headers of a carrier. A status other than SPANLINK_OK ends the injection. */
typedef struct spanlink_setter {
    void *state; /**< Passed to both functions. */
    /** Sets the only header of a name, which is in lowercase. */
    spanlink_status (*set)(void *state, spanlink_str name, spanlink_str value);
    /** Removes all headers of a name; SPANLINK_OK if there is none. May be NULL: stale headers then
     * stay. */
    spanlink_status (*remove)(void *state, spanlink_str name);
} spanlink_setter;

/** That and the tracestate's length are enough text to inject all formats together. */
#define SPANLINK_INJECT_TEXT 512

/**
 * Writes a context into the headers of a carrier, in all `formats`; then removes what else these
 * formats have (of B3 all five headers), so that nothing stale contradicts it.
 *
 * The tracestate is written without spaces, empty members and repeated keys; an invalid one counts
 * as none. Datadog cannot carry a trace id whose low half is zero, and is then left out.
 *
 * @param context  Its trace_state must not overlap `text`.
 * @param formats  NULL: W3C alone.
 * @param setter   Borrowed during the call. It is given static names, and values in `text`.
 * @param text     Must live as long as the carrier uses the values. NULL only if `capacity` is 0.
 * @param capacity In characters; SPANLINK_INJECT_TEXT and the tracestate's length are enough, for
 * W3C alone 56 and that length.
 * @retval SPANLINK_OK            Also if `formats` has SPANLINK_FORMAT_NONE: nothing is called.
 * @retval SPANLINK_ERR_ARGUMENT  A pointer is NULL, the trace_state is NULL with a length, or
 *         `formats` has too many or unknown formats.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO, SPANLINK_ERR_SPAN_ID_ZERO  Nothing was set.
 * @retval SPANLINK_ERR_CAPACITY  `text` is too small. Nothing was set.
 * @return Otherwise the status of `set` or `remove`; what was done before stays.
 *
 * Any thread, if the carrier may be written there; linear in the tracestate; never allocates.
 * OpenTelemetry "Propagators API", "Inject".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_inject(const spanlink_context *context,
                                                               const spanlink_formats *formats,
                                                               const spanlink_setter *setter,
                                                               char *text, size_t capacity);

/* An array of headers as a carrier */

/** One header. */
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
 * A setter over an array of headers, which borrows the names and values that it is given.
 *
 * `set` replaces the value of the first header of that name and removes the others, or adds one at
 * the end; SPANLINK_ERR_CAPACITY if the array is full. `remove` removes all of that name. The order
 * of the other headers stays.
 *
 * @param headers Borrowed as long as the setter is used. NULL gives a setter without functions,
 * which spanlink_inject() refuses.
 * @return By value. Each call costs linear time in the headers.
 */
SPANLINK_API spanlink_setter spanlink_headers_setter(spanlink_headers *headers);

#ifdef __cplusplus
}
#endif

#endif
