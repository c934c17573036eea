/* SPDX-License-Identifier: MIT */
/**
 * @file traceparent.h
 * The traceparent header, which says what span a message comes from (W3C Trace Context Level 2,
 * "traceparent Header").
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
 * Reads a traceparent header.
 *
 * The text is `2HEX-32HEX-16HEX-2HEX`, lowercase only: version, trace id, span id, flags. Spaces
 * and tabs around it are passed over. Version 00 has exactly 55 characters; a later one may have
 * more, if a dash follows the 55th, and what follows it is ignored. Zero ids make the header
 * invalid.
 *
 * All eight flag bits are kept. The context is marked as remote; its tracestate is empty.
 *
 * Check the status: a factory attaches attributes, and a link with attributes is recorded even if
 * its ids are zero. So a zeroed context after an ignored error here *becomes a link* that points
 * nowhere.
 *
 * @param header  Any bytes, not NUL-terminated; read during the call only.
 * @param context Written on success only.
 * @retval SPANLINK_OK
 * @retval SPANLINK_ERR_ARGUMENT  `context` is NULL, or the view is NULL with a length.
 * @retval SPANLINK_ERR_TRACEPARENT_LENGTH  All is well up to where the text ends too early, or
 *         version 00 goes on after 55 characters. The empty header too.
 * @retval SPANLINK_ERR_TRACEPARENT_VERSION, SPANLINK_ERR_TRACEPARENT_DELIMITER,
 *         SPANLINK_ERR_TRACEPARENT_TRACE_ID, SPANLINK_ERR_TRACEPARENT_TRACE_ID_ZERO,
 *         SPANLINK_ERR_TRACEPARENT_SPAN_ID, SPANLINK_ERR_TRACEPARENT_SPAN_ID_ZERO,
 *         SPANLINK_ERR_TRACEPARENT_FLAGS  The leftmost fault; that an id is zero is a fault of its
 *         last digit.
 *
 * Any thread; constant time beside the spaces and tabs; never allocates.
 */
SPANLINK_API spanlink_status spanlink_traceparent_parse(spanlink_str header,
                                                        spanlink_context *context);

/**
 * Writes a traceparent header of version 00, 55 characters and a NUL.
 *
 * Of the flags only those that version 00 has are sent: SPANLINK_TRACE_FLAG_SAMPLED and
 * SPANLINK_TRACE_FLAG_RANDOM.
 *
 * @param context Read only.
 * @param text    56 characters, written on success only.
 * @retval SPANLINK_OK
 * @retval SPANLINK_ERR_ARGUMENT       A pointer is NULL.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO, SPANLINK_ERR_SPAN_ID_ZERO  The context names no span.
 *
 * Any thread; constant time; never allocates.
 */
SPANLINK_API spanlink_status spanlink_traceparent_format(const spanlink_context *context,
                                                         char text[56]);

#ifdef __cplusplus
}
#endif

#endif
