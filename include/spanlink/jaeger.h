/* SPDX-License-Identifier: MIT */
/**
 * @file jaeger.h
 * Jaeger's header `uber-trace-id`: `{trace id}:{span id}:{parent}:{flags}`.
 *
 * Ids are hex digits of either case that may lack leading zeros: 1 to 32 and 1 to 16. The parent is
 * ignored. The flags are a hex number whose bit 0 means sampled.
 *
 * @code
 * spanlink_context context;
 * spanlink_status status = spanlink_jaeger_parse(header, &context);
 * @endcode
 *
 * @snippet concepts/jaeger.c jaeger
 */
#ifndef SPANLINK_JAEGER_H
#define SPANLINK_JAEGER_H

#include <spanlink/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The characters of a header that is written: 32 + 1 + 16 + 4. */
#define SPANLINK_JAEGER_LENGTH 53

/**
 * Parses an `uber-trace-id` header. A colon may also be `%3A` or `%3a`. Flags that are not a hex
 * number mean not sampled. Spaces and tabs around the header and around its parts are ignored. The
 * context is remote, without tracestate.
 *
 * @param header  Any bytes, not NUL-terminated.
 * @param context Written on success only.
 * @retval SPANLINK_OK                  Done.
 * @retval SPANLINK_ERR_ARGUMENT        `context` is NULL, or the view is NULL with a length.
 * @retval SPANLINK_ERR_NO_CONTEXT      The header is empty.
 * @retval SPANLINK_ERR_FORMAT_SYNTAX   There are not four parts.
 * @retval SPANLINK_ERR_TRACE_ID_LENGTH The first error, as in the following: not 1 to 32.
 * @retval SPANLINK_ERR_TRACE_ID_DIGIT  Not a hex digit.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO   The trace id is all zeros.
 * @retval SPANLINK_ERR_SPAN_ID_LENGTH  The span id has not 1 to 16 digits.
 * @retval SPANLINK_ERR_SPAN_ID_DIGIT   Not a hex digit.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO    The span id is all zeros.
 *
 * Thread safety: any thread.
 * Cost: linear in the text; never allocates.
 * Specification: Jaeger, "Propagation Format".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_jaeger_parse(spanlink_str header,
                                                                     spanlink_context *context);

/**
 * Writes an `uber-trace-id` header of SPANLINK_JAEGER_LENGTH characters and a NUL: all digits of
 * the ids, the parent 0, the flags 1 or 0.
 *
 * @param context Names a span.
 * @param text    54 characters, written on success only.
 * @retval SPANLINK_OK                Done.
 * @retval SPANLINK_ERR_ARGUMENT      A pointer is NULL.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO The trace id is all zeros.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO  The span id is all zeros.
 *
 * Thread safety: any thread.
 * Cost: constant; never allocates.
 * Specification: Jaeger, "Propagation Format".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_jaeger_format(const spanlink_context *context, char text[54]);

#ifdef __cplusplus
}
#endif

#endif
