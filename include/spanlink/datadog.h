/* SPDX-License-Identifier: MIT */
/**
 * @file datadog.h
 * Datadog's headers: `x-datadog-trace-id`, `x-datadog-parent-id`, `x-datadog-sampling-priority`
 * and `x-datadog-tags`.
 *
 * The ids are decimal numbers of 64 bits. The trace id's high half is the tag `_dd.p.tid`: 16 hex
 * digits of either case.
 *
 * @code
 * spanlink_context context;
 * spanlink_status status = spanlink_datadog_parse(trace_id, parent_id, priority, tags, &context);
 * @endcode
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
 * Parses the values of the headers; an empty view means that the header is absent. Spaces and tabs
 * around values and tags, but not before a tag's `=`, are ignored. The context is remote, without
 * tracestate. The status reports the first error in the order of this list.
 *
 * @param trace_id          The low half of the trace id, decimal; leading zeros are allowed.
 * @param parent_id         The span id, in the same form.
 * @param sampling_priority A decimal number above 0 means sampled; any other value does not.
 * @param tags              `name=value`, separated by commas. An invalid or zero `_dd.p.tid` is
 *                          ignored; of several others the last counts.
 * @param context           Written on success only.
 * @retval SPANLINK_OK                  Success.
 * @retval SPANLINK_ERR_ARGUMENT        `context` is NULL, or a view is NULL with a length.
 * @retval SPANLINK_ERR_NO_CONTEXT      Both ids are empty.
 * @retval SPANLINK_ERR_TRACE_ID_DIGIT  A character is not a decimal digit.
 * @retval SPANLINK_ERR_TRACE_ID_LENGTH The trace id is empty, or greater than 2^64 - 1.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO   The trace id is 0.
 * @retval SPANLINK_ERR_SPAN_ID_DIGIT   A character is not a decimal digit.
 * @retval SPANLINK_ERR_SPAN_ID_LENGTH  The parent's id is empty, or greater than 2^64 - 1.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO    The parent's id is 0.
 *
 * Thread safety: any thread.
 * Cost: linear in the text; never allocates.
 * Specification: Datadog, "Trace Context Propagation".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_datadog_parse(
    spanlink_str trace_id, spanlink_str parent_id, spanlink_str sampling_priority,
    spanlink_str tags, spanlink_context *context);

/**
 * Writes the values of the headers.
 *
 * @param context A valid context.
 * @param headers Written on success only.
 * @retval SPANLINK_OK                Success.
 * @retval SPANLINK_ERR_ARGUMENT      A pointer is NULL.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO The trace id or its low half, without which Datadog reads no
 *                                    context, is all zeros.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO  The span id is all zeros.
 *
 * Thread safety: any thread.
 * Cost: constant; never allocates.
 * Specification: Datadog, "Trace Context Propagation".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_datadog_format(const spanlink_context *context, spanlink_datadog_headers *headers);

#ifdef __cplusplus
}
#endif

#endif
