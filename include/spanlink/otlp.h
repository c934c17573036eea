/* SPDX-License-Identifier: MIT */
/**
 * @file otlp.h
 * Links as OTLP protobuf: the fields `links` (13) and `dropped_links_count` (14) of
 * `opentelemetry.proto.trace.v1.Span` (opentelemetry-proto 1.11, trace.proto and common.proto).
 *
 * The encoders write fields of a Span with tags and lengths: append them to the other fields of the
 * Span. The bytes are those of protobuf's own encoder. What receivers reject is changed:
 *
 * | in a link | written as |
 * |---|---|
 * | a string value that is not UTF-8 | a bytes value |
 * | an attribute or map entry whose key is empty or not UTF-8 | nothing; counted as dropped |
 * | a tracestate with a character outside 0x20 to 0x7e | nothing |
 * | an array or map that needs more than 100 nested messages | an empty value |
 *
 * @code
 * uint8_t fields[8192];
 * size_t size;
 * spanlink_status status = spanlink_otlp_encode_list(list, fields, sizeof fields, &size);
 * @endcode
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
 * @file otlp.h
 * @details
 * Limits of receivers, as observed in 2026: the protobuf parsers for C++ and Python reject the
 * whole request for a string that is not UTF-8; protobufjs and the OpenTelemetry Collector accept
 * it. C++ and Python reject a value in the 48th nested array or the 32nd nested map of a request,
 * the Collector one in the 50th or 33rd; protobufjs has no limit.
 *
 * Attributes that are not written are added to the link's `dropped_attributes_count`. A repeated
 * key in an array of attributes that is no list's is written repeatedly. Flags of 0 are not
 * written.
 *
 * Threads and forks share no state here. Functions without a list neither allocate nor call back,
 * so signal handlers may call them; for the others see list.h.
 */

/**
 * Returns the value of the field `flags` of a Link or Span: the trace flags in bits 0 to 7,
 * is_remote in bit 9, and in bit 8 whether bit 9 is valid.
 *
 * @param context NULL gives 0.
 * @return The flags. Bits 8 and 9 are 0 if `remote_unknown` is set; bits 10 to 31 are 0.
 *
 * Thread safety: any thread.
 * Cost: constant; never allocates.
 * Specification: trace.proto, "SpanFlags".
 */
SPANLINK_API uint32_t spanlink_otlp_flags(const spanlink_context *context);

/**
 * Returns the number of bytes that spanlink_otlp_encode() writes.
 *
 * @param links Borrowed during the call. NULL only if `count` is 0.
 * @param count The number of links.
 * @return The size in bytes. SIZE_MAX if encoding fails with any capacity.
 *
 * Thread safety: any thread.
 * Cost: linear in the links, their values and texts; never allocates.
 */
SPANLINK_MUST_USE SPANLINK_API size_t spanlink_otlp_size(const spanlink_link *links, size_t count);

/**
 * Returns the number of bytes that spanlink_otlp_encode_list() writes.
 *
 * @param list Read as by spanlink_list_links().
 * @return The size in bytes. SIZE_MAX if `list` is NULL, or if encoding fails with any capacity.
 *
 * Thread safety: one thread at a time per list.
 * Cost: linear in the links, their values and texts; never allocates.
 */
SPANLINK_MUST_USE SPANLINK_API size_t spanlink_otlp_list_size(spanlink_list *list);

/**
 * Encodes links as `links` fields, one for each link.
 *
 * @param links    Borrowed during the call. NULL only if `count` is 0.
 * @param count    The number of links. 0 writes nothing.
 * @param buffer   NULL only if `capacity` is 0. All of it may be overwritten: bytes after the first
 *                 `*written` have no meaning.
 * @param capacity In bytes.
 * @param written  Set to the number of bytes written; on SPANLINK_ERR_CAPACITY to the capacity that
 *                 is needed.
 * @retval SPANLINK_OK             Success.
 * @retval SPANLINK_ERR_ARGUMENT   `links`, `buffer` or `written` is NULL, or a link's `attributes`
 *                                 is NULL but its attribute_count is not 0.
 * @retval SPANLINK_ERR_VALUE_TYPE The type of a value that would be written is unknown. The first
 *                                 invalid link or value determines the status.
 * @retval SPANLINK_ERR_OTLP_SIZE  A text or the result is larger than INT32_MAX bytes. Takes
 *                                 precedence over errors in links and values; `buffer` is
 *                                 unchanged.
 * @retval SPANLINK_ERR_CAPACITY   The buffer is too small. All other errors take precedence.
 *
 * Thread safety: any thread.
 * Cost: linear in the links, their values and texts; never allocates.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_otlp_encode(const spanlink_link *links,
                                                                    size_t count, uint8_t *buffer,
                                                                    size_t capacity,
                                                                    size_t *written);

/**
 * Encodes the links of a list as `links` fields, and the number of dropped links as the field
 * `dropped_links_count` unless it is 0.
 *
 * The links are those of spanlink_list_links(), markers included. The number is the `dropped` of
 * spanlink_list_get_stats(); it is written also if there are no links.
 *
 * @param list     Read as by spanlink_list_links().
 * @param buffer   NULL only if `capacity` is 0. All of it may be overwritten: bytes after the first
 *                 `*written` have no meaning.
 * @param capacity In bytes.
 * @param written  Set to the number of bytes written; on SPANLINK_ERR_CAPACITY to the capacity that
 *                 is needed.
 * @retval SPANLINK_OK            Success.
 * @retval SPANLINK_ERR_ARGUMENT  `list`, `buffer` or `written` is NULL.
 * @retval SPANLINK_ERR_OTLP_SIZE A text or the result is larger than INT32_MAX bytes; `buffer` is
 *                                unchanged.
 * @retval SPANLINK_ERR_CAPACITY  The buffer is too small.
 *
 * Ownership: pointers returned by earlier calls stay valid.
 * Thread safety: one thread at a time per list.
 * Cost: linear in the links, their values and texts; never allocates.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_otlp_encode_list(spanlink_list *list,
                                                                         uint8_t *buffer,
                                                                         size_t capacity,
                                                                         size_t *written);

/**
 * Counts the links, from the first, whose encoding fits into a buffer.
 *
 * @param links    Borrowed during the call. NULL counts as no links.
 * @param count    The number of links.
 * @param capacity In bytes; SPANLINK_NONE is 0.
 * @return The number of links that spanlink_otlp_encode() can write into `capacity` bytes. A link
 *         that cannot be encoded ends the count.
 *
 * Thread safety: any thread.
 * Cost: linear in the links that fit, and one more; never allocates.
 */
SPANLINK_MUST_USE SPANLINK_API size_t spanlink_otlp_fit(const spanlink_link *links, size_t count,
                                                        size_t capacity);

/**
 * @file otlp.h
 * @details
 * The decoder reads the output of these and of other encoders:
 *
 * | in the Span | in the list |
 * |---|---|
 * | a zero or absent id, no kept attribute, no printable tracestate | skipped; counted as invalid |
 * | the markers of another list, in the last `links` field | removed, and counted as follows |
 * | an array or map deeper than max_value_depth | an empty value; not parsed |
 * | a repeated key | the last value, in the place of the first |
 * | `flags` without bit 8, or no flags | `remote_unknown` |
 * | a repeated `value` of an attribute | the last one that is not empty |
 * | any other repeated field | the last one |
 * | an unknown field or group; a known field of another wire type | skipped |
 * | several Spans in sequence | one Span |
 *
 * Links that an earlier process dropped are counted as dropped here, so that the total survives any
 * number of processes. The Span has this number twice: as `dropped_links_count`, and as
 * `links.original_count` of the markers minus the number of `links` fields. The larger one is added
 * to `offered` and `over_limit` of the statistics; the sender is trusted.
 */

/**
 * Decodes an encoded Span and adds its links to a list, as spanlink_list_add() does: all that are
 * valid or, on failure, none. A failure is not counted in the statistics.
 *
 * @param span Some fields of an encoded Span. Borrowed; not of this list. NULL only if `size` is 0.
 * @param size In bytes. 0 is a Span without links.
 * @param list Copies the links.
 * @retval SPANLINK_OK                 Success.
 * @retval SPANLINK_ERR_ARGUMENT       `span` or `list` is NULL.
 * @retval SPANLINK_ERR_NO_MEMORY      An allocation failed.
 * @retval SPANLINK_ERR_OTLP_SIZE      `size` is larger than INT32_MAX.
 * @retval SPANLINK_ERR_OTLP_TRUNCATED The bytes, or those of a nested message, end within a field.
 * @retval SPANLINK_ERR_OTLP_VARINT    A varint is longer than ten bytes or than 64 bits.
 * @retval SPANLINK_ERR_OTLP_FIELD     A field number is 0 or above 2^29 - 1, or a group has no
 *                                     start.
 * @retval SPANLINK_ERR_OTLP_WIRE_TYPE A wire type is 6 or 7, which do not exist.
 * @retval SPANLINK_ERR_OTLP_TRACE_ID  A trace id is neither 16 bytes nor empty.
 * @retval SPANLINK_ERR_OTLP_SPAN_ID   A span id is neither 8 bytes nor empty.
 * @retval SPANLINK_ERR_OTLP_UTF8      A key, a string value or a tracestate is not UTF-8.
 * @retval SPANLINK_ERR_OTLP_GROUPS    Unknown groups are nested deeper than 64.
 *
 * Ownership: invalidates pointers returned by earlier calls for the list.
 * Thread safety: one thread at a time per list.
 * Cost: linear in `size`. Temporary memory: none for links of up to 32 flat attributes that all fit
 * into the list, otherwise at most 100 times `size`.
 * Specification: trace.proto, "Span.Link".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_otlp_decode(const uint8_t *span,
                                                                    size_t size,
                                                                    spanlink_list *list);

#ifdef __cplusplus
}
#endif

#endif
