/* SPDX-License-Identifier: MIT */
/**
 * @file traceparent.h
 * The traceparent header, which contains the context of the sender (W3C Trace Context Level 2,
 * "traceparent Header").
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

/** Characters of a version 00 traceparent: 2 + 1 + 32 + 1 + 16 + 1 + 2. */
#define SPANLINK_TRACEPARENT_LENGTH 55

/**
 * Parses a traceparent header: `2HEX-32HEX-16HEX-2HEX`, lowercase: version, trace id, span id,
 * flags. Spaces and tabs around it are ignored. Version 00 has exactly 55 characters. A later
 * version may be longer if a dash follows the 55th character; the rest is ignored. All eight flag
 * bits are kept. The context is remote, without tracestate. The status reports the leftmost error.
 *
 * @param header  Any bytes, not NUL-terminated.
 * @param context Written on success only.
 * @retval SPANLINK_OK                            Success.
 * @retval SPANLINK_ERR_ARGUMENT                  `context` is NULL, or the view is NULL with a
 *                                                length.
 * @retval SPANLINK_ERR_TRACEPARENT_LENGTH        It is too short, or version 00 and too long.
 * @retval SPANLINK_ERR_TRACEPARENT_VERSION       It is not two lowercase hex digits, or "ff".
 * @retval SPANLINK_ERR_TRACEPARENT_DELIMITER     A dash is missing.
 * @retval SPANLINK_ERR_TRACEPARENT_TRACE_ID      A character is not a lowercase hex digit.
 * @retval SPANLINK_ERR_TRACEPARENT_TRACE_ID_ZERO The trace id is all zeros: an error at its last
 * digit.
 * @retval SPANLINK_ERR_TRACEPARENT_SPAN_ID       A character is not a lowercase hex digit.
 * @retval SPANLINK_ERR_TRACEPARENT_SPAN_ID_ZERO  The span id is all zeros: an error at its last
 * digit.
 * @retval SPANLINK_ERR_TRACEPARENT_FLAGS         A character is not a lowercase hex digit.
 *
 * Thread safety: any thread.
 * Cost: linear in the spaces and tabs around the header; never allocates.
 * Specification: W3C Trace Context Level 2, "traceparent Header Field Values".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_traceparent_parse(spanlink_str header, spanlink_context *context);

/**
 * Writes a traceparent header of version 00: 55 characters and a NUL. Only the flags of version 00
 * are written: SPANLINK_TRACE_FLAG_SAMPLED and SPANLINK_TRACE_FLAG_RANDOM.
 *
 * @param context A valid context.
 * @param text    56 characters, written on success only.
 * @retval SPANLINK_OK                Success.
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
