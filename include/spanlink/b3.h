/* SPDX-License-Identifier: MIT */
/**
 * @file b3.h
 * The B3 headers of Zipkin and of service meshes: `b3`, or `x-b3-traceid`, `x-b3-spanid`,
 * `x-b3-sampled` and `x-b3-flags` (openzipkin/b3-propagation).
 *
 * Hex digits are lowercase. A trace id of 16 digits is the low half of a trace id whose high half
 * is zero. The sampling states `1` and `d` (debug) mean sampled; any other text does not, and is no
 * error. The parent's id is ignored.
 *
 * @code
 * spanlink_context context;
 * spanlink_status status = spanlink_b3_parse(header, &context);
 * @endcode
 *
 * @snippet concepts/b3.c b3
 */
#ifndef SPANLINK_B3_H
#define SPANLINK_B3_H

#include <spanlink/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Characters of a written `b3` header: 32 + 1 + 16 + 1 + 1. */
#define SPANLINK_B3_LENGTH 51

/**
 * Parses a `b3` header: trace id, span id, and optionally sampling state and parent, separated by
 * dashes. Spaces and tabs around the header and its parts are ignored. The context is remote,
 * without tracestate. The status reports the first error in the order of this list.
 *
 * @param header  Any bytes, not NUL-terminated.
 * @param context Written on success only.
 * @retval SPANLINK_OK                  Success.
 * @retval SPANLINK_ERR_ARGUMENT        `context` is NULL, or the view is NULL with a length.
 * @retval SPANLINK_ERR_NO_CONTEXT      The header is empty, or only a sampling state: `0`, `1`,
 *                                      `d`.
 * @retval SPANLINK_ERR_FORMAT_SYNTAX   There are not two, three or four parts.
 * @retval SPANLINK_ERR_TRACE_ID_LENGTH The trace id does not have 32 or 16 characters.
 * @retval SPANLINK_ERR_TRACE_ID_DIGIT  A character is not a lowercase hex digit.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO   The trace id is all zeros.
 * @retval SPANLINK_ERR_SPAN_ID_LENGTH  The span id does not have 16 characters.
 * @retval SPANLINK_ERR_SPAN_ID_DIGIT   A character is not a lowercase hex digit.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO    The span id is all zeros.
 *
 * Thread safety: any thread.
 * Cost: linear in the text; never allocates.
 * Specification: openzipkin/b3-propagation, "Single Header".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_b3_parse(spanlink_str header,
                                                                 spanlink_context *context);

/**
 * Parses the values of the `x-b3-` headers; an empty view means that the header is absent. Spaces
 * and tabs around the values are ignored. The context is remote, without tracestate. The status
 * reports the first error in the order of this list.
 *
 * @param trace_id 32 or 16 hex digits.
 * @param span_id  16 hex digits.
 * @param sampled  `1`, or `true` in any case, means sampled; any other value does not.
 * @param flags    `1` means debug, which implies sampled; any other value is ignored.
 * @param context  Written on success only.
 * @retval SPANLINK_OK                  Success.
 * @retval SPANLINK_ERR_ARGUMENT        `context` is NULL, or a view is NULL with a length.
 * @retval SPANLINK_ERR_NO_CONTEXT      The trace id or the span id is empty.
 * @retval SPANLINK_ERR_TRACE_ID_LENGTH The trace id does not have 32 or 16 characters.
 * @retval SPANLINK_ERR_TRACE_ID_DIGIT  A character is not a lowercase hex digit.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO   The trace id is all zeros.
 * @retval SPANLINK_ERR_SPAN_ID_LENGTH  The span id does not have 16 characters.
 * @retval SPANLINK_ERR_SPAN_ID_DIGIT   A character is not a lowercase hex digit.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO    The span id is all zeros.
 *
 * Thread safety: any thread.
 * Cost: linear in the text; never allocates.
 * Specification: openzipkin/b3-propagation, "Multiple Headers".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_b3_parse_multi(spanlink_str trace_id,
                                                                       spanlink_str span_id,
                                                                       spanlink_str sampled,
                                                                       spanlink_str flags,
                                                                       spanlink_context *context);

/**
 * Writes a `b3` header of SPANLINK_B3_LENGTH characters and a NUL: 32 digits, 16 digits, `1` or
 * `0`.
 *
 * @param context A valid context.
 * @param text    52 characters, written on success only.
 * @retval SPANLINK_OK                Success.
 * @retval SPANLINK_ERR_ARGUMENT      A pointer is NULL.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO The trace id is all zeros.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO  The span id is all zeros.
 *
 * Thread safety: any thread.
 * Cost: constant; never allocates.
 * Specification: openzipkin/b3-propagation, "Single Header".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_b3_format(const spanlink_context *context,
                                                                  char text[52]);

#ifdef __cplusplus
}
#endif

#endif
