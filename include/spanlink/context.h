/* SPDX-License-Identifier: MIT */
/**
 * @file context.h
 * SpanContext: identifies the span of a link (OpenTelemetry trace API, "SpanContext").
 *
 * @code
 * spanlink_context context;
 * spanlink_status status = spanlink_context_from_hex("0af7651916cd43dd8448eb211c80319c",
 *                                                    "b7ad6b7169203331", 1, &context);
 * @endcode
 *
 * @snippet concepts/context.c context
 */
#ifndef SPANLINK_CONTEXT_H
#define SPANLINK_CONTEXT_H

#include <spanlink/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The span was sampled (W3C Trace Context, "sampled flag"). */
#define SPANLINK_TRACE_FLAG_SAMPLED 0x01
/** The low 56 bits of the trace id are random (W3C Trace Context Level 2, "random trace id flag").
 */
#define SPANLINK_TRACE_FLAG_RANDOM 0x02

/**
 * The identity of a span, as it is propagated between processes.
 *
 * A plain struct that owns nothing: fill it directly, by spanlink_context_from_hex(), or from
 * headers by spanlink_traceparent_parse(), spanlink_context_from_headers() or spanlink_extract().
 * A zero-initialised context is invalid. 48 bytes on 64-bit machines.
 */
typedef struct spanlink_context {
    uint8_t trace_id[16];     /**< All zeros: invalid. */
    uint8_t span_id[8];       /**< All zeros: invalid. */
    uint8_t trace_flags;      /**< SPANLINK_TRACE_FLAG_ bits; other bits are kept. */
    bool is_remote;           /**< The context was received from another process. */
    bool remote_unknown;      /**< Whether it was is unknown; `is_remote` is then ignored. */
    spanlink_str trace_state; /**< W3C tracestate, borrowed; empty if there is none. */
} spanlink_context;

/**
 * Returns whether a context is valid: neither id is all zeros.
 *
 * @param context NULL is not valid.
 * @return Whether the context is valid.
 *
 * Thread safety: any thread.
 * Cost: constant.
 * Specification: OpenTelemetry trace API, "IsValid".
 */
SPANLINK_API bool spanlink_context_is_valid(const spanlink_context *context);

/**
 * Returns whether SPANLINK_TRACE_FLAG_SAMPLED is set.
 *
 * @param context NULL is not sampled.
 * @return Whether the flag is set.
 *
 * Thread safety: any thread.
 * Cost: constant.
 * Specification: W3C Trace Context Level 2, "sampled flag".
 */
SPANLINK_API bool spanlink_context_is_sampled(const spanlink_context *context);

/**
 * Returns whether two contexts have the same trace id and the same span id. Flags, tracestates and
 * origins are not compared.
 *
 * @param a A context. NULL names no span.
 * @param b A context. NULL names no span.
 * @return Whether both ids are equal; false if a context is NULL.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_API bool spanlink_context_same_span(const spanlink_context *a, const spanlink_context *b);

/**
 * Returns whether two contexts are equal in every field: ids, all eight flag bits, the tracestate
 * byte for byte, and the origin. `is_remote` is compared only if `remote_unknown` is false in both.
 *
 * @param a A context. NULL equals nothing, not even NULL.
 * @param b A context. NULL equals nothing, not even NULL.
 * @return Whether they are equal.
 *
 * Thread safety: any thread.
 * Cost: linear in the tracestate.
 */
SPANLINK_API bool spanlink_context_equal(const spanlink_context *a, const spanlink_context *b);

/**
 * Hashes both ids of a context, for a hash table of the caller. Contexts of the same span have the
 * same hash.
 *
 * @param context NULL has the hash 0.
 * @param seed    Random, and secret if senders are hostile, so that they cannot cause collisions.
 * @return A hash; all 64 bits are usable. It may differ in other versions: do not store it.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_API uint64_t spanlink_context_hash(const spanlink_context *context, uint64_t seed);

/**
 * Makes a context from ids in hex, for example from the fields of a message.
 *
 * The context is not remote and has no tracestate; set these fields if necessary. Ids of all zeros
 * are accepted: a zero span id refers to a whole trace. The status reports the leftmost error, the
 * trace id first.
 *
 * @param trace_id Exactly 32 hex digits of either case, NUL-terminated.
 * @param span_id  Exactly 16 hex digits of either case, NUL-terminated.
 * @param flags    Trace flags; all eight bits are kept.
 * @param context  Written on success only.
 * @retval SPANLINK_OK                  Success.
 * @retval SPANLINK_ERR_ARGUMENT        A pointer is NULL.
 * @retval SPANLINK_ERR_TRACE_ID_LENGTH The trace id is too short or too long.
 * @retval SPANLINK_ERR_TRACE_ID_DIGIT  A character of the trace id is not a hex digit.
 * @retval SPANLINK_ERR_SPAN_ID_LENGTH  The span id is too short or too long.
 * @retval SPANLINK_ERR_SPAN_ID_DIGIT   A character of the span id is not a hex digit.
 *
 * Thread safety: any thread.
 * Cost: constant, reads at most 50 characters; never allocates.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_context_from_hex(const char *trace_id,
                                                                         const char *span_id,
                                                                         uint8_t flags,
                                                                         spanlink_context *context);

/**
 * Does what spanlink_context_from_hex() does, for texts that are not NUL-terminated.
 *
 * @param trace_id Exactly 32 hex digits of either case.
 * @param span_id  Exactly 16 hex digits of either case.
 * @param flags    Trace flags; all eight bits are kept.
 * @param context  Written on success only.
 * @retval SPANLINK_OK                  Success.
 * @retval SPANLINK_ERR_ARGUMENT        `context` is NULL, or a view is NULL with a length.
 * @retval SPANLINK_ERR_TRACE_ID_LENGTH The trace id is too short or too long.
 * @retval SPANLINK_ERR_TRACE_ID_DIGIT  A character of the trace id is not a hex digit.
 * @retval SPANLINK_ERR_SPAN_ID_LENGTH  The span id is too short or too long.
 * @retval SPANLINK_ERR_SPAN_ID_DIGIT   A character of the span id is not a hex digit.
 *
 * Thread safety: any thread.
 * Cost: constant, reads at most 48 characters; never allocates.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_context_from_hex_str(
    spanlink_str trace_id, spanlink_str span_id, uint8_t flags, spanlink_context *context);

/**
 * Writes a trace id as 32 lowercase hex digits and a NUL.
 *
 * @param trace_id 16 bytes; not NULL.
 * @param text     33 characters; not NULL.
 *
 * Thread safety: any thread.
 * Cost: constant; never allocates.
 */
SPANLINK_API void spanlink_trace_id_to_hex(const uint8_t trace_id[16], char text[33]);

/**
 * Writes a span id as 16 lowercase hex digits and a NUL.
 *
 * @param span_id 8 bytes; not NULL.
 * @param text    17 characters; not NULL.
 *
 * Thread safety: any thread.
 * Cost: constant; never allocates.
 */
SPANLINK_API void spanlink_span_id_to_hex(const uint8_t span_id[8], char text[17]);

#ifdef __cplusplus
}
#endif

#endif
