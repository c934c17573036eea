/* SPDX-License-Identifier: MIT */
/**
 * @file jaeger.h
 * Jaeger's header `uber-trace-id`: `{trace id}:{span id}:{parent}:{flags}`.
 *
 * Ids are 1 to 32 and 1 to 16 hex digits of either case; leading zeros may be missing. The parent
 * is ignored. The flags are a hex number; its bit 0 means sampled.
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

/** Characters of a written header: 32 + 1 + 16 + 4. */
#define SPANLINK_JAEGER_LENGTH 53

/**
 * Parses a `uber-trace-id` header. A colon may also be `%3A` or `%3a`. Flags that are not a hex
 * number mean not sampled. Spaces and tabs around the header and its parts are ignored. The context
 * is remote, without tracestate. The status reports the first error in the order of this list.
 *
 * @param header  Any bytes, not NUL-terminated.
 * @param context Written on success only.
 * @retval SPANLINK_OK                  Success.
 * @retval SPANLINK_ERR_ARGUMENT        `context` is NULL, or the view is NULL with a length.
 * @retval SPANLINK_ERR_NO_CONTEXT      The header is empty.
 * @retval SPANLINK_ERR_FORMAT_SYNTAX   There are not four parts.
 * @retval SPANLINK_ERR_TRACE_ID_LENGTH The trace id does not have 1 to 32 characters.
 * @retval SPANLINK_ERR_TRACE_ID_DIGIT  A character is not a hex digit.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO   The trace id is all zeros.
 * @retval SPANLINK_ERR_SPAN_ID_LENGTH  The span id does not have 1 to 16 characters.
 * @retval SPANLINK_ERR_SPAN_ID_DIGIT   A character is not a hex digit.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO    The span id is all zeros.
 *
 * Thread safety: any thread.
 * Cost: linear in the text; never allocates.
 * Specification: Jaeger, "Propagation Format".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_jaeger_parse(spanlink_str header,
                                                                     spanlink_context *context);

/**
 * Writes a `uber-trace-id` header of SPANLINK_JAEGER_LENGTH characters and a NUL: all digits of the
 * ids, the parent 0, the flags 1 or 0.
 *
 * @param context A valid context.
 * @param text    54 characters, written on success only.
 * @retval SPANLINK_OK                Success.
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
