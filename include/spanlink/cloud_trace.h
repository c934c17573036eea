/* SPDX-License-Identifier: MIT */
/**
 * @file cloud_trace.h
 * Google Cloud's header `x-cloud-trace-context`: `{trace id}/{span id}[;o={0|1}]`.
 *
 * The trace id is 32 hex digits of either case, the span id a decimal number of 64 bits.
 *
 * @code
 * spanlink_context context;
 * spanlink_status status = spanlink_cloud_trace_parse(header, &context);
 * @endcode
 *
 * @snippet concepts/cloud_trace.c cloud_trace
 */
#ifndef SPANLINK_CLOUD_TRACE_H
#define SPANLINK_CLOUD_TRACE_H

#include <spanlink/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The maximum number of characters of a written header: 32 + 1 + 20 + 4. */
#define SPANLINK_CLOUD_TRACE_LENGTH 57

/**
 * Parses an `x-cloud-trace-context` header. `o=1` means sampled; any other value, or
 * no option, does not. Spaces and tabs around the header and its parts are ignored. The context is
 * remote, without tracestate. The status reports the first error in the order of this list.
 *
 * @param header  Any bytes, not NUL-terminated.
 * @param context Written on success only.
 * @retval SPANLINK_OK                  Success.
 * @retval SPANLINK_ERR_ARGUMENT        `context` is NULL, or the view is NULL with a length.
 * @retval SPANLINK_ERR_FORMAT_SYNTAX   Anything but `o=` or nothing follows the semicolon.
 * @retval SPANLINK_ERR_NO_CONTEXT      The header is empty, or only options, or only a valid trace
 *                                      id.
 * @retval SPANLINK_ERR_TRACE_ID_LENGTH The trace id does not have 32 characters.
 * @retval SPANLINK_ERR_TRACE_ID_DIGIT  A character is not a hex digit.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO   The trace id is all zeros.
 * @retval SPANLINK_ERR_SPAN_ID_DIGIT   A character is not a decimal digit.
 * @retval SPANLINK_ERR_SPAN_ID_LENGTH  The span id is empty, or greater than 2^64 - 1.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO    The span id is 0.
 *
 * Thread safety: any thread.
 * Cost: linear in the text; never allocates.
 * Specification: Google Cloud Trace, "Trace context".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_cloud_trace_parse(spanlink_str header, spanlink_context *context);

/**
 * Writes an `x-cloud-trace-context` header of at most SPANLINK_CLOUD_TRACE_LENGTH characters and a
 * NUL. The span id has no leading zeros.
 *
 * @param context A valid context.
 * @param text    58 characters, written on success only.
 * @retval SPANLINK_OK                Success.
 * @retval SPANLINK_ERR_ARGUMENT      A pointer is NULL.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO The trace id is all zeros.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO  The span id is all zeros.
 *
 * Thread safety: any thread.
 * Cost: constant; never allocates.
 * Specification: Google Cloud Trace, "Trace context".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_cloud_trace_format(const spanlink_context *context, char text[58]);

#ifdef __cplusplus
}
#endif

#endif
