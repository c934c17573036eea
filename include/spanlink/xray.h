/* SPDX-License-Identifier: MIT */
/**
 * @file xray.h
 * AWS X-Ray's tracing header: `x-amzn-trace-id` of HTTP, `AWSTraceHeader` of SQS messages,
 * `_X_AMZN_TRACE_ID` of Lambda's environment, which is read by
 * `spanlink_xray_parse(spanlink_str_from(getenv("_X_AMZN_TRACE_ID")), &context)`.
 *
 * The header is `Root=1-{8}-{24};Parent={16};Sampled={0|1}` with hex digits of either case. The 8
 * and 24 digits of the root are the trace id.
 *
 * @snippet concepts/xray.c xray
 */
#ifndef SPANLINK_XRAY_H
#define SPANLINK_XRAY_H

#include <spanlink/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The characters of a header as it is written: 40 + 24 + 10. */
#define SPANLINK_XRAY_LENGTH 74

/**
 * Reads a tracing header.
 *
 * The fields come in any order. Other fields (Self, Lineage) and empty ones are passed over; of a
 * repeated field the last counts. `Sampled` is sampled if it is 1. Spaces and tabs around fields,
 * names and values are passed over.
 *
 * @param header  Any bytes, not NUL-terminated; read during the call only.
 * @param context Written on success only. It is remote and has no tracestate.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT  `context` is NULL, or the view is NULL with a length.
 * @retval SPANLINK_ERR_NO_CONTEXT  There is no Root or no Parent.
 * @retval SPANLINK_ERR_FORMAT_SYNTAX  A field has no `=`, or the root is of another version or
 * lacks its second dash.
 * @retval SPANLINK_ERR_TRACE_ID_LENGTH, SPANLINK_ERR_TRACE_ID_DIGIT, SPANLINK_ERR_TRACE_ID_ZERO,
 *         SPANLINK_ERR_SPAN_ID_LENGTH, SPANLINK_ERR_SPAN_ID_DIGIT, SPANLINK_ERR_SPAN_ID_ZERO  The
 *         first that holds.
 *
 * Any thread; linear; never allocates. Specification: AWS X-Ray Developer Guide, "Tracing header".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_xray_parse(spanlink_str header,
                                                                   spanlink_context *context);

/**
 * Writes a tracing header of SPANLINK_XRAY_LENGTH characters and a NUL.
 *
 * @param context Read only.
 * @param text    75 characters, written on success only.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT  A pointer is NULL.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO, SPANLINK_ERR_SPAN_ID_ZERO  The context names no span.
 *
 * Any thread; constant time; never allocates. Specification: AWS X-Ray Developer Guide, "Tracing
 * header".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_xray_format(const spanlink_context *context,
                                                                    char text[75]);

/**
 * The time that X-Ray reads in a trace id, its first 32 bits.
 *
 * X-Ray refuses trace ids whose time is more than 28 days ago or in the future, and its exporters
 * lose a whole span that has one link to such a trace. A random trace id says any time.
 *
 * @param context Read only. NULL gives 0.
 * @return Seconds since 1970.
 *
 * Any thread; constant time. Specification: AWS X-Ray Developer Guide, "Sending trace data".
 */
SPANLINK_API uint32_t spanlink_xray_epoch(const spanlink_context *context);

#ifdef __cplusplus
}
#endif

#endif
