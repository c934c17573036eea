/* SPDX-License-Identifier: MIT */
/**
 * @file cloud_trace.h
 * Google Cloud's header `x-cloud-trace-context`: `{trace id}/{span id}[;o={0|1}]`.
 *
 * The trace id is 32 hex digits of either case, the span id a decimal number of 64 bits.
 *
 * @snippet concepts/cloud_trace.c cloud_trace
 */
#ifndef SPANLINK_CLOUD_TRACE_H
#define SPANLINK_CLOUD_TRACE_H

#include <spanlink/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The most characters of a header as it is written: 32 + 1 + 20 + 4. */
#define SPANLINK_CLOUD_TRACE_LENGTH 57

/**
 * Reads an `x-cloud-trace-context` header.
 *
 * `o=1` is sampled, all else behind the semicolon is not. Spaces and tabs around the header and
 * around its parts are passed over.
 *
 * @param header  Any bytes, not NUL-terminated; read during the call only.
 * @param context Written on success only. It is remote and has no tracestate.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT  `context` is NULL, or the view is NULL with a length.
 * @retval SPANLINK_ERR_NO_CONTEXT  The header is empty, or has a trace id and no slash.
 * @retval SPANLINK_ERR_TRACE_ID_LENGTH, SPANLINK_ERR_TRACE_ID_DIGIT, SPANLINK_ERR_TRACE_ID_ZERO
 * @retval SPANLINK_ERR_SPAN_ID_DIGIT   The span id has a character that is no decimal digit.
 * @retval SPANLINK_ERR_SPAN_ID_LENGTH  It is empty, or beyond 2^64 - 1.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO  The decimal number is 0.
 *
 * Any thread; linear; never allocates. Of several faults the leftmost id's is returned.
 * Specification: Google Cloud Trace, "Trace context".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_cloud_trace_parse(spanlink_str header, spanlink_context *context);

/**
 * Writes an `x-cloud-trace-context` header of at most SPANLINK_CLOUD_TRACE_LENGTH characters and a
 * NUL. The span id has no leading zeros.
 *
 * @param context Read only.
 * @param text    58 characters, written on success only.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT  A pointer is NULL.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO, SPANLINK_ERR_SPAN_ID_ZERO  The context names no span.
 *
 * Any thread; constant time; never allocates. Specification: Google Cloud Trace, "Trace context".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_cloud_trace_format(const spanlink_context *context, char text[58]);

#ifdef __cplusplus
}
#endif

#endif
