/* SPDX-License-Identifier: MIT */
/**
 * @file binary.h
 * A context as 29 bytes: gRPC's `grpc-trace-bin` and the W3C's binary form of traceparent.
 *
 * The bytes are a version 0, and three fields: 0 and the trace id, 1 and the span id, 2 and the
 * flags. In the text of HTTP/2 they travel as base64, which is the carrier's work.
 *
 * @snippet concepts/binary.c binary
 */
#ifndef SPANLINK_BINARY_H
#define SPANLINK_BINARY_H

#include <spanlink/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The bytes of a context: 1 + 1 + 16 + 1 + 8 + 1 + 1. */
#define SPANLINK_BINARY_SIZE 29

/**
 * Reads the binary form, as OpenCensus does.
 *
 * The fields come in the order of their numbers. Whatever is in the place of a field ends the
 * reading without an error: an unknown number, one that was there before. Without flags they are
 * 0; else all eight bits are kept.
 *
 * @param bytes   Read during the call only. NULL only with a size of 0.
 * @param size    In bytes; 29 if nothing is missing or added.
 * @param context Written on success only. It is remote and has no tracestate.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT  `context` is NULL, or `bytes` with a size.
 * @retval SPANLINK_ERR_FORMAT_SYNTAX  Another version, or a field that is cut short.
 * @retval SPANLINK_ERR_NO_CONTEXT  No bytes, no trace id or no span id.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO, SPANLINK_ERR_SPAN_ID_ZERO
 *
 * Any thread; constant time; never allocates. Specification: OpenCensus, "Binary Format".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_binary_decode(const uint8_t *bytes,
                                                                      size_t size,
                                                                      spanlink_context *context);

/**
 * Writes the binary form, SPANLINK_BINARY_SIZE bytes.
 *
 * Of the flags only SPANLINK_TRACE_FLAG_SAMPLED and SPANLINK_TRACE_FLAG_RANDOM are sent.
 *
 * @param context Read only.
 * @param bytes   29 bytes, written on success only.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT  A pointer is NULL.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO, SPANLINK_ERR_SPAN_ID_ZERO  The context names no span.
 *
 * Any thread; constant time; never allocates. Specification: W3C, "Trace Context: Binary Format".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_binary_encode(const spanlink_context *context, uint8_t bytes[29]);

#ifdef __cplusplus
}
#endif

#endif
