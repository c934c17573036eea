/* SPDX-License-Identifier: MIT */
/**
 * @file otlp.h
 * Links as OTLP protobuf: field `links` (13) and `dropped_links_count` (14) of
 * `opentelemetry.proto.trace.v1.Span` (opentelemetry-proto 1.11, trace.proto and common.proto).
 *
 * The encoders write fields of a Span, tags and lengths included: append them to the fields that
 * another encoder wrote. The bytes are those that protobuf's own encoder writes.
 *
 * What receivers refuse is not written:
 *
 * | in a link | written as |
 * |---|---|
 * | a string value that is not UTF-8 | a bytes value |
 * | an attribute or map entry whose key is empty or not UTF-8 | nothing; counted as dropped |
 * | a tracestate with a character outside 0x20 to 0x7e | nothing |
 * | an array or map that needs more than 100 nested messages | an empty value |
 *
 * Seen in 2026: protobuf's parsers of C++ and Python refuse the whole request for a string that is
 * not UTF-8; protobufjs and the OpenTelemetry Collector take it. A value in the 48th array or the
 * 32nd map of a request is refused by C++ and Python, by the Collector one in the 50th or 33rd,
 * protobufjs has no limit. Entries that are left out are added to the link's
 * `dropped_attributes_count`. A repeated key in a caller's own array is written repeatedly.
 *
 * In `flags`, bits 0 to 7 are the trace flags, bit 8 says that bit 9, `is_remote`, means something;
 * both are 0 if `remote_unknown` is set. Flags of 0 are not written, as protobuf has it.
 *
 * The decoder reads what these and other encoders write:
 *
 * | in the Span | in the list |
 * |---|---|
 * | a zero or absent id, no attribute that is kept, no tracestate that is written | invalid |
 * | the markers of another list, in the last `links` field (below) | taken off, then counted |
 * | an array or map deeper than max_value_depth | an empty value; not read |
 * | a repeated key | the last value, in the first place |
 * | `flags` without bit 8, or no flags | `remote_unknown` |
 * | any other field that is there several times | the last one |
 * | an unknown field or group; a known field of another wire type | skipped |
 * | several Spans one after the other | one Span |
 *
 * Links that were cut before they came here count as cut here, so the total survives any number of
 * processes. The Span tells of them twice: by `dropped_links_count`, and by `links.original_count`
 * of the markers, less the number of `links` fields. The larger number is added to `offered` and
 * `over_limit` of the list's statistics; the sender is believed.
 *
 * Threads and forks share nothing here. Functions that take no list neither allocate nor call back,
 * so signal handlers may call them; for the others see list.h.
 *
 * @snippet concepts/otlp.c otlp
 */
#ifndef SPANLINK_OTLP_H
#define SPANLINK_OTLP_H

#include <spanlink/link.h>
#include <spanlink/list.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The value of the field `flags` of a Link or Span.
 *
 * @param context NULL gives 0.
 * @return The trace flags, and bits 8 and 9. Bits 10 to 31 are zero.
 *
 * Any thread; constant time. (trace.proto, "SpanFlags")
 */
SPANLINK_API uint32_t spanlink_otlp_flags(const spanlink_context *context);

/**
 * The number of bytes that spanlink_otlp_encode() writes.
 *
 * @param links Borrowed during the call. NULL only with a count of 0.
 * @param count The number of links.
 * @return SIZE_MAX if encoding would fail with any capacity.
 *
 * Any thread; never allocates; linear in the links, their values and text.
 */
SPANLINK_MUST_USE SPANLINK_API size_t spanlink_otlp_size(const spanlink_link *links, size_t count);

/**
 * The number of bytes that spanlink_otlp_encode_list() writes.
 *
 * @param list Read as by spanlink_list_links().
 * @return SIZE_MAX if `list` is NULL, or encoding would fail with any capacity.
 *
 * Not thread-safe: see list.h. Never allocates; linear in the links, their values and text.
 */
SPANLINK_MUST_USE SPANLINK_API size_t spanlink_otlp_list_size(spanlink_list *list);

/**
 * Writes links as fields `links`, one for each link.
 *
 * @param links    Borrowed during the call. NULL only with a count of 0.
 * @param count    The number of links. 0 writes nothing.
 * @param buffer   NULL only with a capacity of 0. All of it may be used on the way: bytes beyond
 *                 `*written` have no meaning.
 * @param capacity In bytes.
 * @param written  The bytes written, from the front of the buffer; on SPANLINK_ERR_CAPACITY the
 *                 capacity that is needed.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT   A pointer is NULL, or the attributes of a link that has some.
 * @retval SPANLINK_ERR_VALUE_TYPE A value's type is none of spanlink_value_type. Of several bad
 *                                 links or values the first one decides.
 * @retval SPANLINK_ERR_OTLP_SIZE  A text or the result is larger than INT32_MAX bytes. Takes
 *                                 precedence over a bad link or value; nothing is written.
 * @retval SPANLINK_ERR_CAPACITY   The buffer is too small, and all else is well.
 *
 * Any thread; never allocates; linear in the links, their values and text.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_otlp_encode(const spanlink_link *links,
                                                                    size_t count, uint8_t *buffer,
                                                                    size_t capacity,
                                                                    size_t *written);

/**
 * Writes the links of a list as fields `links`, and the count of links that were dropped as field
 * `dropped_links_count` unless it is 0.
 *
 * The links are those that spanlink_list_links() returns, markers included. The count is
 * spanlink_list_stats.dropped; it is written without links too.
 *
 * @param list     Read as by spanlink_list_links().
 * @param buffer   As in spanlink_otlp_encode().
 * @param capacity In bytes.
 * @param written  As in spanlink_otlp_encode().
 * @return As spanlink_otlp_encode(); SPANLINK_ERR_ARGUMENT if `list` is NULL.
 *
 * Not thread-safe: see list.h. Never allocates; linear in the links, their values and text.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_otlp_encode_list(spanlink_list *list,
                                                                         uint8_t *buffer,
                                                                         size_t capacity,
                                                                         size_t *written);

/**
 * The number of links, from the first on, that fit into a buffer.
 *
 * @param links    Borrowed during the call. NULL counts as none.
 * @param count    The number of links.
 * @param capacity In bytes; SPANLINK_NONE is 0.
 * @return The most links that spanlink_otlp_encode() can write into `capacity` bytes. A link that
 *         cannot be encoded ends the count.
 *
 * Any thread; never allocates; linear in what fits, and one link more.
 */
SPANLINK_MUST_USE SPANLINK_API size_t spanlink_otlp_fit(const spanlink_link *links, size_t count,
                                                        size_t capacity);

/**
 * Reads the links of an encoded Span into a list, all or nothing, as by spanlink_list_append().
 *
 * @param span Borrowed during the call: an encoded Span, or some fields of one. NULL only with a
 *             size of 0.
 * @param size In bytes. 0 is a Span without links.
 * @param list Takes copies of the links.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT       `span` or `list` is NULL.
 * @retval SPANLINK_ERR_NO_MEMORY There is no memory.
 * @retval SPANLINK_ERR_OTLP_SIZE      More than INT32_MAX bytes.
 * @retval SPANLINK_ERR_OTLP_TRUNCATED The bytes, or those of a message inside, end within a field.
 * @retval SPANLINK_ERR_OTLP_VARINT    A varint is longer than ten bytes or than 64 bits.
 * @retval SPANLINK_ERR_OTLP_FIELD     A field number is 0 or above 2^29 - 1, or a lone end of
 * group.
 * @retval SPANLINK_ERR_OTLP_WIRE_TYPE A wire type is 6 or 7, which do not exist.
 * @retval SPANLINK_ERR_OTLP_TRACE_ID  A trace id is neither 16 bytes nor empty.
 * @retval SPANLINK_ERR_OTLP_SPAN_ID   A span id is neither 8 bytes nor empty.
 * @retval SPANLINK_ERR_OTLP_UTF8      A key, a string value or a tracestate is not UTF-8.
 * @retval SPANLINK_ERR_OTLP_GROUPS    Unknown groups are nested deeper than 64.
 *
 * The leftmost fault decides. Not thread-safe: see list.h. Invalidates pointers into the list.
 * Linear in `size`; takes memory of the list's allocator for the time of the call: none for links
 * of up to 32 flat attributes that all fit, at most 100 times `size` else. (trace.proto,
 * "Span.Link")
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_otlp_decode(const uint8_t *span,
                                                                    size_t size,
                                                                    spanlink_list *list);

#ifdef __cplusplus
}
#endif

#endif
