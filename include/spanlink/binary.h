/* SPDX-License-Identifier: MIT */
/**
 * @file binary.h
 * A context in 29 bytes: gRPC's header `grpc-trace-bin` and the W3C's binary form of traceparent.
 *
 * The bytes are the version 0 and three fields: 0 and the trace id, 1 and the span id, 2 and the
 * flags. HTTP/2 transports them as base64, which the carrier decodes.
 *
 * @code
 * spanlink_context context;
 * spanlink_status status = spanlink_binary_decode(bytes, size, &context);
 * @endcode
 *
 * @snippet concepts/binary.c binary
 */
#ifndef SPANLINK_BINARY_H
#define SPANLINK_BINARY_H

#include <spanlink/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of a context: 1 + 1 + 16 + 1 + 8 + 1 + 1. */
#define SPANLINK_BINARY_SIZE 29

/**
 * Decodes the binary form as OpenCensus does: fields in the order of their numbers; decoding ends
 * at an unknown or repeated field without an error. Missing flags are 0; all eight bits are kept.
 * The context is remote, without tracestate.
 *
 * @param bytes   NULL only if `size` is 0.
 * @param size    In bytes; 29 if no field is missing or added.
 * @param context Written on success only.
 * @retval SPANLINK_OK                Success.
 * @retval SPANLINK_ERR_ARGUMENT      `context` is NULL, or `bytes` is NULL with a size.
 * @retval SPANLINK_ERR_FORMAT_SYNTAX The version is not 0, or the bytes end inside a field.
 * @retval SPANLINK_ERR_NO_CONTEXT    There are no bytes, no trace id or no span id.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO The trace id is all zeros.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO  The span id is all zeros.
 *
 * Thread safety: any thread.
 * Cost: constant; never allocates.
 * Specification: OpenCensus, "Binary Format".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_binary_decode(const uint8_t *bytes,
                                                                      size_t size,
                                                                      spanlink_context *context);

/**
 * Encodes a context in SPANLINK_BINARY_SIZE bytes, all fields in the W3C's order. Of the flags only
 * SPANLINK_TRACE_FLAG_SAMPLED and SPANLINK_TRACE_FLAG_RANDOM are written.
 *
 * @param context A valid context.
 * @param bytes   29 bytes, written on success only.
 * @retval SPANLINK_OK                Success.
 * @retval SPANLINK_ERR_ARGUMENT      A pointer is NULL.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO The trace id is all zeros.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO  The span id is all zeros.
 *
 * Thread safety: any thread.
 * Cost: constant; never allocates.
 * Specification: W3C, "Trace Context: Binary Format".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_binary_encode(const spanlink_context *context, uint8_t bytes[29]);

#ifdef __cplusplus
}
#endif

#endif
