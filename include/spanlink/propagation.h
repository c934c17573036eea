/* SPDX-License-Identifier: MIT */
/**
 * @file propagation.h
 * Reads contexts from, and writes them into, the headers of any carrier: HTTP, message fields,
 * environment variables (W3C Trace Context Level 2; OpenTelemetry "Propagators API").
 *
 * A carrier is accessed by a getter or a setter: a function with a state. spanlink_extract() reads
 * the W3C headers, or those of all formats in a spanlink_formats.
 *
 * Two contexts name the same span if their span ids are equal, and their trace ids are equal or one
 * trace id is 64 zero bits and the low half of the other (some formats carry 64 bits only). Of such
 * contexts one is used: that of the W3C headers, which has the tracestate; otherwise the last one
 * with a full trace id; otherwise the last one.
 *
 * @code
 * char text[SPANLINK_TRACESTATE_MAX];
 * spanlink_getter getter = spanlink_headers_getter(&headers);
 * spanlink_status status = spanlink_extract(&getter, NULL, text, sizeof text, &context);
 * @endcode
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
 * Makes a context from the values of both W3C headers.
 *
 * An invalid tracestate is ignored; without a valid traceparent it is not read. Check the status: a
 * link to a context that is still zeroed is valid if it has attributes.
 *
 * @param traceparent The header's value; empty if there is no such header.
 * @param tracestate  The header's value; empty if there is no such header.
 * @param context     Written on success only. It is remote.
 * @retval SPANLINK_OK                            Success.
 * @retval SPANLINK_ERR_ARGUMENT                  `context` is NULL, or a view is NULL with a
 *                                                length.
 * @retval SPANLINK_ERR_NO_CONTEXT                `traceparent` is empty.
 * @retval SPANLINK_ERR_TRACEPARENT_LENGTH        It is too short, or version 00 and too long.
 * @retval SPANLINK_ERR_TRACEPARENT_VERSION       It is not two lowercase hex digits, or "ff".
 * @retval SPANLINK_ERR_TRACEPARENT_DELIMITER     A dash is missing.
 * @retval SPANLINK_ERR_TRACEPARENT_TRACE_ID      A character is not a lowercase hex digit.
 * @retval SPANLINK_ERR_TRACEPARENT_TRACE_ID_ZERO The trace id is all zeros.
 * @retval SPANLINK_ERR_TRACEPARENT_SPAN_ID       A character is not a lowercase hex digit.
 * @retval SPANLINK_ERR_TRACEPARENT_SPAN_ID_ZERO  The span id is all zeros.
 * @retval SPANLINK_ERR_TRACEPARENT_FLAGS         A character is not a lowercase hex digit.
 *
 * Ownership: the context borrows `tracestate`, without surrounding spaces and tabs.
 * Thread safety: any thread.
 * Cost: linear in the text; never allocates.
 * Specification: W3C Trace Context Level 2, "Trace Context HTTP Headers Format".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_context_from_headers(
    spanlink_str traceparent, spanlink_str tracestate, spanlink_context *context);

/* Formats */

/** A format of headers. Later versions add numbers below SPANLINK_FORMAT_NONE. */
typedef enum spanlink_format {
    SPANLINK_FORMAT_W3C = 0,         /**< traceparent and tracestate. */
    SPANLINK_FORMAT_B3 = 1,          /**< Writes b3. Reads it, or, if it is absent or invalid, the
                                          x-b3- headers. `b3: 0` and the like are no context. */
    SPANLINK_FORMAT_B3_MULTI = 2,    /**< Reads the same, writes the x-b3- headers. */
    SPANLINK_FORMAT_XRAY = 3,        /**< x-amzn-trace-id; read from awstraceheader too. */
    SPANLINK_FORMAT_DATADOG = 4,     /**< The x-datadog- headers. */
    SPANLINK_FORMAT_JAEGER = 5,      /**< uber-trace-id. */
    SPANLINK_FORMAT_CLOUD_TRACE = 6, /**< x-cloud-trace-context. */
    SPANLINK_FORMAT_GRPC_TRACE_BIN = 7, /**< grpc-trace-bin: 29 raw bytes, not base64. */
    SPANLINK_FORMAT_NONE = 255          /**< Nothing is read or written. */
} spanlink_format;

/** The maximum number of formats in a spanlink_formats. */
#define SPANLINK_FORMATS_MAX 15

/**
 * Formats, in the order in which they are read. All zeros means W3C only.
 *
 * SPANLINK_FORMAT_NONE anywhere disables all of them. A repeated format counts once, at its first
 * place. A count above SPANLINK_FORMATS_MAX or an unknown number is not valid.
 */
typedef struct spanlink_formats {
    uint32_t count;                         /**< 0 means W3C only. */
    uint32_t formats[SPANLINK_FORMATS_MAX]; /**< Numbers of spanlink_format. */
} spanlink_formats;

/**
 * Parses a list of format names in the syntax of OTEL_PROPAGATORS: separated by commas, of either
 * case, with optional spaces and tabs around names.
 *
 * The names are tracecontext, b3, b3multi, xray, datadog, jaeger, cloud_trace or gcp, and
 * grpc-trace-bin. Unknown names are reported, and otherwise ignored; without other names the result
 * is W3C. `none`, alone or with other names, gives SPANLINK_FORMAT_NONE, and so does `baggage`
 * without another known name; with one, `baggage` is ignored. A library built with
 * SPANLINK_NO_FORMATS knows tracecontext, none and baggage.
 *
 * @param names   Any bytes, not NUL-terminated. Empty means W3C.
 * @param formats Written on success only: each format once, the rest zeros.
 * @param unknown Set to the first unknown name; empty if there is none. May be NULL.
 * @retval SPANLINK_OK           Success, also with unknown names.
 * @retval SPANLINK_ERR_ARGUMENT `formats` is NULL, or `names` is NULL with a length.
 *
 * Ownership: `unknown` borrows `names`.
 * Thread safety: any thread.
 * Cost: linear in the text; never allocates.
 * Specification: OpenTelemetry environment variables, "General SDK Configuration".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_formats_from_names(spanlink_str names, spanlink_formats *formats, spanlink_str *unknown);

/**
 * Parses the format names in the environment variable OTEL_PROPAGATORS, as
 * spanlink_formats_from_names() does. W3C if the variable is not set or empty, or if the library is
 * built with SPANLINK_NO_ENV.
 *
 * @param formats Written on success only.
 * @param unknown Set to the first unknown name; empty if there is none. May be NULL.
 * @retval SPANLINK_OK           Success, also with unknown names.
 * @retval SPANLINK_ERR_ARGUMENT `formats` is NULL.
 *
 * Ownership: `unknown` borrows the environment.
 * Thread safety: any thread, while no thread changes the environment.
 * Cost: one getenv(), and linear in the variable; never allocates.
 * Specification: OpenTelemetry environment variables, "General SDK Configuration".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_formats_from_env(spanlink_formats *formats,
                                                                         spanlink_str *unknown);

/**
 * Returns the name of a format, as in OTEL_PROPAGATORS.
 *
 * @param format A number of spanlink_format.
 * @return A static string; NULL for SPANLINK_FORMAT_NONE and for unknown numbers.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_API const char *spanlink_format_name(uint32_t format);

/**
 * Returns the names of a format's headers, in lowercase.
 *
 * @param format A number of spanlink_format.
 * @param count  Set to the number of names. Must not be NULL.
 * @return A static array; NULL, with a `*count` of 0, for SPANLINK_FORMAT_NONE and for unknown
 *         numbers; NULL if `count` is NULL.
 *
 * Thread safety: any thread.
 * Cost: constant.
 * Specification: OpenTelemetry "Propagators API", "Fields".
 */
SPANLINK_API const spanlink_str *spanlink_format_fields(uint32_t format, size_t *count);

/* Extract */

/**
 * Reads the headers of a carrier. Implemented by the caller, or by spanlink_headers_getter() or
 * spanlink_environment_getter().
 *
 * Several tracestate lines are joined by commas, without spaces, tabs and empty members; a single
 * line is borrowed. An invalid tracestate, or one of more than 32 lines, is ignored. A second
 * traceparent line is an error. Of other headers only the first line counts; if it is blank, the
 * header is absent.
 * `next` is called at most twice for a name, for tracestate at most 33 times.
 */
typedef struct spanlink_getter {
    void *state; /**< Passed to `next`. */
    /**
     * Finds the next header line of a name, which is in lowercase; the carrier's names are compared
     * without regard to case. `*cursor` is 0 at the first call for a name; later calls receive what
     * `next` has stored in it. Returns true and the line's value, or false after the last line. A
     * value that is NULL with a length is an error of its format, SPANLINK_ERR_ARGUMENT; a
     * tracestate like that is ignored.
     *
     * A value must stay valid and unchanged as long as the context that is made from it: later
     * calls must not overwrite it, and the context may borrow its tracestate from it.
     */
    bool (*next)(void *state, spanlink_str name, size_t *cursor, spanlink_str *value);
} spanlink_getter;

/** The longest valid tracestate: 32 members of 256 + 1 + 256 characters, and 31 commas. */
#define SPANLINK_TRACESTATE_MAX 16447

/**
 * Makes a context from the headers of a carrier. All `formats` are read in their order; the last
 * one with a valid context determines the span.
 *
 * @param getter   Borrowed during the call.
 * @param formats  NULL means W3C only.
 * @param text     For several tracestate lines, which are joined. NULL only if `capacity` is 0.
 * @param capacity In characters. SPANLINK_TRACESTATE_MAX is always enough; with less, the
 *                 tracestate may be ignored.
 * @param context  Written on success only.
 * @retval SPANLINK_OK                       Success.
 * @retval SPANLINK_ERR_ARGUMENT             A pointer or line is NULL, or `formats` is not valid.
 * @retval SPANLINK_ERR_NO_CONTEXT           No format was found, or NONE is in `formats`.
 * @retval SPANLINK_ERR_MULTIPLE_TRACEPARENT There are several traceparent lines.
 * @return Otherwise the error of the first format found: SPANLINK_ERR_TRACEPARENT_LENGTH,
 *         SPANLINK_ERR_TRACEPARENT_VERSION, SPANLINK_ERR_TRACEPARENT_DELIMITER,
 *         SPANLINK_ERR_TRACEPARENT_TRACE_ID, SPANLINK_ERR_TRACEPARENT_TRACE_ID_ZERO,
 *         SPANLINK_ERR_TRACEPARENT_SPAN_ID, SPANLINK_ERR_TRACEPARENT_SPAN_ID_ZERO,
 *         SPANLINK_ERR_TRACEPARENT_FLAGS, SPANLINK_ERR_FORMAT_SYNTAX, SPANLINK_ERR_TRACE_ID_LENGTH,
 *         SPANLINK_ERR_TRACE_ID_DIGIT, SPANLINK_ERR_TRACE_ID_ZERO, SPANLINK_ERR_SPAN_ID_LENGTH,
 *         SPANLINK_ERR_SPAN_ID_DIGIT or SPANLINK_ERR_SPAN_ID_ZERO.
 *
 * Ownership: the context borrows `text` or the carrier.
 * Thread safety: any thread that may read the carrier.
 * Cost: linear in the lines; never allocates.
 * Specification: OpenTelemetry "Propagators API", "Extract" and "Composite Propagator".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_extract(const spanlink_getter *getter,
                                                                const spanlink_formats *formats,
                                                                char *text, size_t capacity,
                                                                spanlink_context *context);

/** A context and the format from which it was read. */
typedef struct spanlink_extracted {
    spanlink_context context; /**< Remote; borrows its tracestate: see spanlink_extract(). */
    uint32_t format;          /**< A number of spanlink_format. */
} spanlink_extracted;

/**
 * Makes a context for each span that the headers of a carrier name. The first entry is the result
 * of spanlink_extract(); the others follow in the order of `formats`. A service that continues the
 * first context can link to the others.
 *
 * @param getter         Borrowed during the call.
 * @param formats        NULL means W3C only.
 * @param text           As for spanlink_extract(); only W3C uses it, so all entries can share it.
 * @param capacity       In characters.
 * @param found          Written on success only. NULL only if `found_capacity` is 0.
 * @param found_capacity In entries; one for each format is always enough.
 * @param count          Set to the number of entries; on SPANLINK_ERR_CAPACITY to the capacity that
 *                       is needed. Unchanged after other errors.
 * @retval SPANLINK_OK                       There is at least one entry.
 * @retval SPANLINK_ERR_ARGUMENT             A pointer or line is NULL, or `formats` is not valid.
 * @retval SPANLINK_ERR_NO_CONTEXT           No format was found, or NONE is in `formats`.
 * @retval SPANLINK_ERR_MULTIPLE_TRACEPARENT There are several traceparent lines.
 * @retval SPANLINK_ERR_CAPACITY             `found` is too small.
 * @return Otherwise the status of the first format found, as for spanlink_extract().
 *
 * Ownership: the contexts borrow `text` or the carrier.
 * Thread safety: any thread that may read the carrier.
 * Cost: linear in the lines; never allocates.
 * Specification: OpenTelemetry "Propagators API", "Extract" and "Composite Propagator".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_extract_all(
    const spanlink_getter *getter, const spanlink_formats *formats, char *text, size_t capacity,
    spanlink_extracted *found, size_t found_capacity, size_t *count);

/* Inject */

/** Writes the headers of a carrier. Implemented by the caller, or by spanlink_headers_setter() or
 * spanlink_environment_setter(). A status other than SPANLINK_OK ends the injection. */
typedef struct spanlink_setter {
    void *state; /**< Passed to both functions. */
    /** Sets the only header of a name, which is in lowercase. */
    spanlink_status (*set)(void *state, spanlink_str name, spanlink_str value);
    /** Removes all headers of a name; SPANLINK_OK if there is none. If NULL, stale headers are not
     * removed. */
    spanlink_status (*remove)(void *state, spanlink_str name);
} spanlink_setter;

/** Capacity for spanlink_inject() with all formats, in addition to the tracestate's length. */
#define SPANLINK_INJECT_TEXT 512

/**
 * Writes a context into the headers of a carrier, in all `formats`. Then removes all other headers
 * of these formats (for B3 of both forms), so that no stale header contradicts the context.
 *
 * The tracestate is written without spaces, empty members and repeated keys; an invalid one is
 * ignored. A trace id whose low half is zero is not written in Datadog's format.
 *
 * @param context  Its trace_state must not overlap `text`.
 * @param formats  NULL means W3C only.
 * @param setter   Borrowed during the call. It receives static names, and values in `text`.
 * @param text     Receives the values. NULL only if `capacity` is 0.
 * @param capacity In characters. SPANLINK_INJECT_TEXT plus the tracestate's length is always
 *                 enough; for W3C only, 56 plus that length.
 * @retval SPANLINK_OK                Success. With SPANLINK_FORMAT_NONE the setter is not called.
 * @retval SPANLINK_ERR_ARGUMENT      A pointer is NULL, the trace_state is NULL with a length, or
 *                                    `formats` has too many or unknown formats.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO No format can carry the trace id. No header was set.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO  The span id is all zeros. No header was set.
 * @retval SPANLINK_ERR_CAPACITY      `text` is too small. No header was set.
 * @return Otherwise the status of `set` or `remove`; earlier changes remain.
 *
 * Ownership: the carrier borrows `text`.
 * Thread safety: any thread that may write the carrier.
 * Cost: linear in the tracestate; never allocates.
 * Specification: OpenTelemetry "Propagators API", "Inject".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_inject(const spanlink_context *context,
                                                               const spanlink_formats *formats,
                                                               const spanlink_setter *setter,
                                                               char *text, size_t capacity);

/* An array of headers as a carrier */

/** A header. */
typedef struct spanlink_header {
    spanlink_str name;  /**< Of either case. */
    spanlink_str value; /**< Any bytes. */
} spanlink_header;

/** A carrier that is the caller's array of headers. */
typedef struct spanlink_headers {
    spanlink_header *items; /**< The array, borrowed; NULL only if `count` and `capacity` are 0. */
    size_t count;           /**< Headers in the array. */
    size_t capacity;        /**< Headers that fit into `items`. */
} spanlink_headers;

/**
 * Returns a getter over an array of headers, for spanlink_extract(). Names are compared without
 * regard to the case of ASCII letters.
 *
 * @param headers NULL gives a getter without a function, which spanlink_extract() rejects.
 * @return The getter, by value.
 *
 * Ownership: the getter borrows `headers`, which must not change while it is used.
 * Thread safety: any thread, while no thread changes the headers.
 * Cost: constant; each call of `next` is linear in the headers that it passes; never allocates.
 */
SPANLINK_API spanlink_getter spanlink_headers_getter(const spanlink_headers *headers);

/**
 * Returns a setter over an array of headers, for spanlink_inject().
 *
 * `set` replaces the value of the first header of the name and removes the others, or adds a header
 * at the end; it returns SPANLINK_ERR_CAPACITY if the array is full. `remove` removes all headers
 * of the name. The order of the other headers is kept.
 *
 * @param headers NULL gives a setter without functions, which spanlink_inject() rejects.
 * @return The setter, by value.
 *
 * Ownership: the setter borrows `headers`; the headers borrow the names and values that they are
 * set to.
 * Thread safety: one thread at a time per array.
 * Cost: constant; each call is linear in the headers; never allocates.
 */
SPANLINK_API spanlink_setter spanlink_headers_setter(spanlink_headers *headers);

#ifdef __cplusplus
}
#endif

#endif
