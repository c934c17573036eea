/* SPDX-License-Identifier: MIT */
/**
 * @file xray.h
 * The tracing header of AWS X-Ray: `x-amzn-trace-id` in HTTP, `AWSTraceHeader` in messages of SQS,
 * the variable `_X_AMZN_TRACE_ID` in Lambda.
 *
 * The header is `Root=1-{8}-{24};Parent={16};Sampled={0|1}`, with hex digits of either case. The 8
 * and the 24 digits of the root are the trace id.
 *
 * @code
 * spanlink_str header = spanlink_str_from(getenv("_X_AMZN_TRACE_ID"));
 * spanlink_status status = spanlink_xray_parse(header, &context);
 * @endcode
 *
 * @snippet concepts/xray.c xray
 */
#ifndef SPANLINK_XRAY_H
#define SPANLINK_XRAY_H

#include <spanlink/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Characters of a written header: 40 + 24 + 10. */
#define SPANLINK_XRAY_LENGTH 74

/**
 * Parses a tracing header. The fields may be in any order; of a repeated field the last counts.
 * Other fields (Self, Lineage), empty fields, and spaces and tabs around fields, names and values
 * are ignored. `Sampled` means sampled if it is 1. The context is remote, without tracestate. The
 * status reports the first error: a field without `=`, then no Root or Parent, then the root's
 * errors, then the parent's.
 *
 * @param header  Any bytes, not NUL-terminated.
 * @param context Written on success only.
 * @retval SPANLINK_OK                  Success.
 * @retval SPANLINK_ERR_ARGUMENT        `context` is NULL, or the view is NULL with a length.
 * @retval SPANLINK_ERR_NO_CONTEXT      There is no Root or no Parent.
 * @retval SPANLINK_ERR_FORMAT_SYNTAX   A field has no `=`, or the root's version is not 1, or its
 *                                      second dash is missing.
 * @retval SPANLINK_ERR_TRACE_ID_LENGTH The root does not have 8 and 24 characters.
 * @retval SPANLINK_ERR_TRACE_ID_DIGIT  A character of the root is not a hex digit.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO   The trace id is all zeros.
 * @retval SPANLINK_ERR_SPAN_ID_LENGTH  The parent does not have 16 characters.
 * @retval SPANLINK_ERR_SPAN_ID_DIGIT   A character of the parent is not a hex digit.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO    The parent is all zeros.
 *
 * Thread safety: any thread.
 * Cost: linear in the text; never allocates.
 * Specification: AWS X-Ray Developer Guide, "Tracing header".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_xray_parse(spanlink_str header,
                                                                   spanlink_context *context);

/**
 * Writes a tracing header of SPANLINK_XRAY_LENGTH characters and a NUL: Root, Parent, Sampled.
 *
 * @param context A valid context.
 * @param text    75 characters, written on success only.
 * @retval SPANLINK_OK                Success.
 * @retval SPANLINK_ERR_ARGUMENT      A pointer is NULL.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO The trace id is all zeros.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO  The span id is all zeros.
 *
 * Thread safety: any thread.
 * Cost: constant; never allocates.
 * Specification: AWS X-Ray Developer Guide, "Tracing header".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_xray_format(const spanlink_context *context,
                                                                    char text[75]);

/**
 * Returns the time that X-Ray reads from a trace id: its first 32 bits. X-Ray rejects a trace whose
 * time is more than 28 days ago or in the future, and its exporters lose the whole span if one of
 * its links has such a trace id. In a random trace id the time is random too.
 *
 * @param context NULL gives 0.
 * @return Seconds since 1970.
 *
 * Thread safety: any thread.
 * Cost: constant.
 * Specification: AWS X-Ray Developer Guide, "Sending trace data".
 */
SPANLINK_API uint32_t spanlink_xray_epoch(const spanlink_context *context);

#ifdef __cplusplus
}
#endif

#endif
