/* SPDX-License-Identifier: MIT */
/**
 * @file otlp.h
 * Links as OTLP protobuf: field `links` (13) of `opentelemetry.proto.trace.v1.Span`
 * (opentelemetry-proto v1.x, trace.proto and common.proto).
 *
 * The encoder writes one field per link, tag and length included, so its output can stand anywhere
 * between the fields of an encoded Span: append it to one, or wrap it. What it writes is, byte for
 * byte, what protobuf's own encoder writes.
 *
 * Encoding follows the rules of OTLP receivers, which refuse a whole message for one bad string:
 *
 * - A string value that is not UTF-8 is written as bytes.
 * - An attribute whose key is empty or not UTF-8 is left out and added to the link's
 *   `dropped_attributes_count`; so is one in a map inside a value.
 * - A tracestate with a character outside 0x20 to 0x7e is left out.
 * - `flags` always carries bit 0x100, which says that bit 0x200, `is_remote`, means something.
 *
 * Links are written as given: a key that stands twice in a caller's own array is written twice.
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
 * How many bytes spanlink_otlp_encode() writes.
 *
 * @param links Borrowed during the call. NULL only with a count of 0.
 * @param count How many there are.
 * @return SIZE_MAX where encoding would fail, whatever the capacity.
 *
 * Any thread; never allocates; linear in the links, their values and text.
 */
SPANLINK_API size_t spanlink_otlp_size(const spanlink_link *links, size_t count);

/**
 * Writes links as OTLP protobuf.
 *
 * @param links    Borrowed during the call. NULL only with a count of 0.
 * @param count    With 0 nothing is written, which is how a Span without links is encoded.
 * @param buffer   Owned by the caller. All of its `capacity` bytes may be used on the way: bytes
 *                 beyond `*written` have no meaning. NULL only with a capacity of 0.
 * @param capacity In bytes.
 * @param written  The bytes written, from the front of the buffer; on SPANLINK_ERR_CAPACITY the
 *                 capacity that is needed.
 * @retval SPANLINK_OK
 * @retval SPANLINK_ERR_ARGUMENT    A pointer is NULL, or the attributes of a link that has some.
 * @retval SPANLINK_ERR_VALUE_TYPE  A value's type is none of spanlink_value_type.
 * @retval SPANLINK_ERR_VALUE_DEPTH A value is nested deeper than 64 arrays and maps. Of several bad
 *                                  links or values the first one decides.
 * @retval SPANLINK_ERR_OTLP_SIZE   The result would be larger than INT32_MAX bytes. Goes before a
 *                                  bad link or value.
 * @retval SPANLINK_ERR_CAPACITY    The buffer is too small, and all else is well.
 *
 * Any thread; never allocates; linear in the links, their values and text. One pass, with no
 * measuring first: there is no need to call spanlink_otlp_size() where a buffer is at hand.
 */
SPANLINK_API spanlink_status spanlink_otlp_encode(const spanlink_link *links, size_t count,
                                                  uint8_t *buffer, size_t capacity,
                                                  size_t *written);

/**
 * How many of the first links fit whole into a buffer, to send what a byte budget allows.
 *
 * @param links    Borrowed during the call. NULL counts as none.
 * @param count    How many there are.
 * @param capacity In bytes.
 * @return The most links that spanlink_otlp_encode() can write into `capacity` bytes from the front
 *         of `links`. A link that cannot be encoded ends the count.
 *
 * Any thread; never allocates; linear in what fits, and one link more.
 */
SPANLINK_API size_t spanlink_otlp_fit(const spanlink_link *links, size_t count, size_t capacity);

/**
 * Reads the links of an encoded Span into a list, all or nothing.
 *
 * Every `links` field (13), wherever it stands, is offered to the list in order, as by
 * spanlink_list_append(): its limits, its policy and `unique` hold, and its statistics count. A
 * link that points nowhere (a zero or absent id, and neither attributes nor a tracestate) is passed
 * over and counted as invalid. What spanlink_otlp_encode() wrote comes back as it was, where all
 * text is UTF-8 and within the list's limits.
 *
 * As in protobuf's own parsers, unknown fields are skipped, groups too, and so is a known field
 * with another wire type than its own; of a field that is there several times, the last one counts,
 * and of several values in one AnyValue, the last one. (Only an array or map that is there several
 * times is replaced here, where protobuf joins them.) A KeyValue without a value has an empty one.
 * `flags` without bit 0x100 read as not remote.
 *
 * @param span          Borrowed during the call: an encoded Span, or only `links` fields, as
 *                      spanlink_otlp_encode() writes them. NULL only with a size of 0.
 * @param size          In bytes. 0 is a Span without links.
 * @param list          Takes copies of the links.
 * @param dropped_links The Span's `dropped_links_count` (14), 0 if it has none. May be NULL.
 * @retval SPANLINK_OK
 * @retval SPANLINK_ERR_ARGUMENT        `span` or `list` is NULL.
 * @retval SPANLINK_ERR_NO_MEMORY
 * @retval SPANLINK_ERR_OTLP_SIZE       More than INT32_MAX bytes.
 * @retval SPANLINK_ERR_OTLP_TRUNCATED  The bytes, or those of a message inside, end within a field.
 * @retval SPANLINK_ERR_OTLP_VARINT     A varint is longer than ten bytes or than 64 bits.
 * @retval SPANLINK_ERR_OTLP_FIELD      A field number is 0 or above 2^29 - 1, or a group ends that
 *                                      did not begin there.
 * @retval SPANLINK_ERR_OTLP_WIRE_TYPE  A wire type is 6 or 7, which do not exist.
 * @retval SPANLINK_ERR_OTLP_TRACE_ID   A trace id is neither 16 bytes nor empty.
 * @retval SPANLINK_ERR_OTLP_SPAN_ID    A span id is neither 8 bytes nor empty.
 * @retval SPANLINK_ERR_OTLP_UTF8       A key, a string value or a tracestate is not UTF-8.
 * @retval SPANLINK_ERR_VALUE_DEPTH     A value is nested deeper than 64 arrays and maps, or an
 *                                      unknown group deeper than 64 groups.
 *
 * Of several faults the leftmost decides. On failure the list is as before. Linear in `size`, for
 * hostile input too. Beside what the list keeps, it takes memory from the list's allocator and
 * gives it back: none for links of up to 32 attributes that are not nested and all stay; usually
 * less than three times `size` where some are or links may be cut; never more than 100 times. And
 * up to 32 KiB of stack, for values that are nested to the limit. Ends earlier views of the list.
 * Not thread-safe: see list.h.
 */
SPANLINK_API spanlink_status spanlink_otlp_decode(const uint8_t *span, size_t size,
                                                  spanlink_list *list, uint32_t *dropped_links);

#ifdef __cplusplus
}
#endif

#endif
