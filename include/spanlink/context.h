/* SPDX-License-Identifier: MIT */
/**
 * @file context.h
 * SpanContext: which span a link points at (OpenTelemetry trace API, "SpanContext").
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
 * A span's identity, as it travels between processes.
 *
 * A plain struct that owns nothing: fill it by hand, by spanlink_context_from_hex(), or from
 * headers by spanlink_traceparent_parse(), spanlink_context_from_headers() or spanlink_extract().
 * Zero-initialised it is the invalid context. 48 bytes on 64-bit machines.
 */
typedef struct spanlink_context {
    uint8_t trace_id[16]; /**< All zeros: names no trace. */
    uint8_t span_id[8];   /**< All zeros: names no span. */
    uint8_t trace_flags;  /**< SPANLINK_TRACE_FLAG_ bits; bits without a name are kept. */
    bool is_remote;       /**< It came from another process. */
    bool remote_unknown;  /**< Whether it did is not known; `is_remote` is then not looked at. */
    spanlink_str trace_state; /**< W3C tracestate text, borrowed; empty = none. */
} spanlink_context;

/**
 * Whether a context names a span: both ids have a bit set.
 *
 * @param context NULL is not valid.
 * @return Whether neither id is zero. Any thread; constant time.
 */
SPANLINK_API bool spanlink_context_is_valid(const spanlink_context *context);

/**
 * Whether SPANLINK_TRACE_FLAG_SAMPLED is set; the other bits don't matter.
 *
 * @param context NULL is not sampled.
 * @return Whether the bit is set. Any thread; constant time.
 */
SPANLINK_API bool spanlink_context_is_sampled(const spanlink_context *context);

/**
 * Whether two contexts hold the same trace id and the same span id, whatever their flags,
 * tracestates and origins.
 *
 * @param a,b NULL is no span: the answer is false.
 * @return Whether both ids are the same. Any thread; constant time.
 */
SPANLINK_API bool spanlink_context_same_span(const spanlink_context *a, const spanlink_context *b);

/**
 * Makes a context of ids that travel as hex text, in message fields for example.
 *
 * Ids of all zeros are accepted: a zero span id points at a whole trace. The result is not remote
 * and has no tracestate; set the fields where that is wrong.
 *
 * @param trace_id Exactly 32 hex digits of either case, NUL-terminated.
 * @param span_id  Exactly 16 hex digits of either case, NUL-terminated.
 * @param flags    Trace flags, all eight bits kept.
 * @param context  Written on success only.
 * @retval SPANLINK_OK
 * @retval SPANLINK_ERR_ARGUMENT        A pointer is NULL.
 * @retval SPANLINK_ERR_TRACE_ID_LENGTH, SPANLINK_ERR_TRACE_ID_DIGIT,
 *         SPANLINK_ERR_SPAN_ID_LENGTH, SPANLINK_ERR_SPAN_ID_DIGIT  The leftmost fault.
 *
 * Any thread; at most 50 characters are read; never allocates.
 */
SPANLINK_API spanlink_status spanlink_context_from_hex(const char *trace_id, const char *span_id,
                                                       uint8_t flags, spanlink_context *context);

/**
 * Writes a trace id as 32 lowercase hex digits and a NUL.
 *
 * @param trace_id 16 bytes.
 * @param text     33 characters. Any thread; never allocates.
 */
SPANLINK_API void spanlink_trace_id_to_hex(const uint8_t trace_id[16], char text[33]);

/**
 * Writes a span id as 16 lowercase hex digits and a NUL.
 *
 * @param span_id 8 bytes.
 * @param text    17 characters. Any thread; never allocates.
 */
SPANLINK_API void spanlink_span_id_to_hex(const uint8_t span_id[8], char text[17]);

#ifdef __cplusplus
}
#endif

#endif
