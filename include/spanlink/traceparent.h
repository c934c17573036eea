/* SPDX-License-Identifier: MIT */
/**
 * @file traceparent.h
 * The traceparent header, which names the span that a message comes from (W3C Trace Context Level
 * 2, "traceparent Header").
 *
 * @code
 * spanlink_context context;
 * spanlink_status status = spanlink_traceparent_parse(header, &context);
 * @endcode
 *
 * @snippet concepts/traceparent.c traceparent
 */
#ifndef SPANLINK_TRACEPARENT_H
#define SPANLINK_TRACEPARENT_H

#include <spanlink/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The characters of a version 00 traceparent: 2 + 1 + 32 + 1 + 16 + 1 + 2. */
#define SPANLINK_TRACEPARENT_LENGTH 55

/**
 * Parses a traceparent header: `2HEX-32HEX-16HEX-2HEX`, lowercase, which are version, trace id,
 * span id and flags. Spaces and tabs around it are ignored. Version 00 has exactly 55 characters. A
 * later version may have more if a dash follows the 55th; the rest is ignored. All eight flag bits
 * are kept. The context is remote, without tracestate.
 *
 * @param header  Any bytes, not NUL-terminated.
 * @param context Written on success only.
 * @retval SPANLINK_OK                            Done.
 * @retval SPANLINK_ERR_ARGUMENT                  `context` is NULL, or the view is NULL with a
 *                                                length.
 * @retval SPANLINK_ERR_TRACEPARENT_LENGTH        The text ends too early, or version 00 goes on
 *                                                after 55 characters.
 * @retval SPANLINK_ERR_TRACEPARENT_VERSION       The leftmost error, as in the following.
 * @retval SPANLINK_ERR_TRACEPARENT_DELIMITER     A dash is missing.
 * @retval SPANLINK_ERR_TRACEPARENT_TRACE_ID      A character is no lowercase hex digit.
 * @retval SPANLINK_ERR_TRACEPARENT_TRACE_ID_ZERO An error of the last digit of the id.
 * @retval SPANLINK_ERR_TRACEPARENT_SPAN_ID       A character is no lowercase hex digit.
 * @retval SPANLINK_ERR_TRACEPARENT_SPAN_ID_ZERO  An error of the last digit of the id.
 * @retval SPANLINK_ERR_TRACEPARENT_FLAGS         A character is no lowercase hex digit.
 *
 * Thread safety: any thread.
 * Cost: constant, beside the spaces and tabs; never allocates.
 * Specification: W3C Trace Context Level 2, "traceparent Header Field Values".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_traceparent_parse(spanlink_str header, spanlink_context *context);

/**
 * Writes a traceparent header of version 00: 55 characters and a NUL. Of the flags only those that
 * version 00 defines are sent: SPANLINK_TRACE_FLAG_SAMPLED and SPANLINK_TRACE_FLAG_RANDOM.
 *
 * @param context Names a span.
 * @param text    56 characters, written on success only.
 * @retval SPANLINK_OK                Done.
 * @retval SPANLINK_ERR_ARGUMENT      A pointer is NULL.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO The trace id is all zeros.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO  The span id is all zeros.
 *
 * Thread safety: any thread.
 * Cost: constant; never allocates.
 * Specification: W3C Trace Context Level 2, "traceparent Header Field Values".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_traceparent_format(const spanlink_context *context, char text[56]);

#ifdef __cplusplus
}
#endif

#endif
