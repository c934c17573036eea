/* SPDX-License-Identifier: MIT */
/**
 * @file datadog.h
 * Datadog's headers: `x-datadog-trace-id`, `x-datadog-parent-id`, `x-datadog-sampling-priority`
 * and `x-datadog-tags`.
 *
 * The ids are decimal numbers of 64 bits. The trace id's high half is 16 hex digits of either case
 * in the tag `_dd.p.tid`.
 *
 * @snippet concepts/datadog.c datadog
 */
#ifndef SPANLINK_DATADOG_H
#define SPANLINK_DATADOG_H

#include <spanlink/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The values of the headers, each with a NUL. */
typedef struct spanlink_datadog_headers {
    char trace_id[21];         /**< The low half of the trace id, decimal. */
    char parent_id[21];        /**< The span id, decimal. */
    char sampling_priority[2]; /**< "1" or "0". */
    char tags[27];             /**< "_dd.p.tid=" and the high half; empty if that is zero. */
} spanlink_datadog_headers;

/**
 * Reads the values of the headers. An empty view: there is no such header.
 *
 * Spaces and tabs around the values, and around tags, their names and values, are passed over.
 *
 * @param trace_id          The low half of the trace id: a decimal number, leading zeros allowed.
 * @param parent_id         The span id, likewise.
 * @param sampling_priority Sampled if it is a decimal number above 0.
 * @param tags              `name=value,…`. A `_dd.p.tid` that is malformed is passed over; of
 *                          several the last one counts.
 * @param context           Written on success only. It is remote and has no tracestate.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT  `context` is NULL, or a view is NULL with a length.
 * @retval SPANLINK_ERR_NO_CONTEXT  Both ids are empty.
 * @retval SPANLINK_ERR_TRACE_ID_DIGIT, SPANLINK_ERR_SPAN_ID_DIGIT    Not a decimal digit.
 * @retval SPANLINK_ERR_TRACE_ID_LENGTH, SPANLINK_ERR_SPAN_ID_LENGTH  Empty, or beyond 2^64 - 1.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO, SPANLINK_ERR_SPAN_ID_ZERO      The number is 0.
 *
 * Any thread; linear; never allocates. Of several faults the trace id's is returned. Specification:
 * Datadog, "Trace Context Propagation".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_datadog_parse(
    spanlink_str trace_id, spanlink_str parent_id, spanlink_str sampling_priority,
    spanlink_str tags, spanlink_context *context);

/**
 * Writes the values of the headers.
 *
 * @param context Read only. The low half of its trace id must not be zero: Datadog reads no span
 *                then.
 * @param headers Written on success only.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT  A pointer is NULL.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO  The trace id, or its low half, is zero.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO  The context names no span.
 *
 * Any thread; constant time; never allocates. Specification: Datadog, "Trace Context Propagation".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_datadog_format(const spanlink_context *context, spanlink_datadog_headers *headers);

#ifdef __cplusplus
}
#endif

#endif
