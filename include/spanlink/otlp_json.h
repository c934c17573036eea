/* SPDX-License-Identifier: MIT */
/**
 * @file otlp_json.h
 * Links as OTLP/JSON: the members `links` and `droppedLinksCount` of a Span (opentelemetry-proto
 * 1.11; OTLP specification, "JSON Protobuf Encoding"). A link is written on one line, without
 * spaces, as
 *
 *     {"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331",
 *      "traceState":"vendor=1","attributes":[{"key":"batch.index","value":{"intValue":"7"}}],
 *      "droppedAttributesCount":1,"flags":769}
 *
 * Members with default values are left out, but ids are always written. Ids are lowercase hex,
 * bytes are base64, integers of 64 bits are strings. A double has the fewest digits that restore
 * it, such as 0.1 or 1e+300, or is "NaN", "Infinity" or "-Infinity". What receivers reject is
 * changed as in otlp.h. There is no decoder of JSON; that of otlp.h reads protobuf.
 *
 * @code
 * char text[8192];
 * size_t length;
 * spanlink_status status = spanlink_otlp_json_encode_list(list, text, sizeof text, &length);
 * @endcode
 *
 * @snippet concepts/otlp_json.c otlp_json
 */
#ifndef SPANLINK_OTLP_JSON_H
#define SPANLINK_OTLP_JSON_H

#include <spanlink/link.h>
#include <spanlink/list.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Returns the number of characters that spanlink_otlp_json_encode() writes.
 *
 * @param links Borrowed during the call. NULL only if `count` is 0.
 * @param count The number of links.
 * @return The length in characters. SIZE_MAX if encoding fails with any capacity.
 *
 * Thread safety: any thread.
 * Cost: linear in the links, their values and texts; never allocates.
 */
SPANLINK_MUST_USE SPANLINK_API size_t spanlink_otlp_json_size(const spanlink_link *links,
                                                              size_t count);

/**
 * Returns the number of characters that spanlink_otlp_json_encode_list() writes.
 *
 * @param list Read as by spanlink_list_links().
 * @return The length in characters. SIZE_MAX if `list` is NULL, or if encoding fails with any
 *         capacity.
 *
 * Thread safety: one thread at a time per list.
 * Cost: linear in the links, their values and texts; never allocates.
 */
SPANLINK_MUST_USE SPANLINK_API size_t spanlink_otlp_json_list_size(spanlink_list *list);

/**
 * Encodes links as a JSON array: the value of a Span's member `links`. Without links it is `[]`.
 *
 * @param links    Borrowed during the call. NULL only if `count` is 0.
 * @param count    The number of links.
 * @param text     Receives ASCII, and UTF-8 in keys and strings, without a NUL. NULL only if
 *                 `capacity` is 0.
 * @param capacity In characters.
 * @param written  Set to the number of characters written; on SPANLINK_ERR_CAPACITY to the capacity
 *                 that is needed.
 * @retval SPANLINK_OK             Success.
 * @retval SPANLINK_ERR_ARGUMENT   `links`, `text` or `written` is NULL, or a link's `attributes` is
 *                                 NULL but its attribute_count is not 0.
 * @retval SPANLINK_ERR_VALUE_TYPE The type of a value that would be written is unknown. The first
 *                                 invalid link or value determines the status.
 * @retval SPANLINK_ERR_OTLP_SIZE  A text or the result is longer than INT32_MAX characters. Takes
 *                                 precedence over errors in links and values; `text` is unchanged.
 * @retval SPANLINK_ERR_CAPACITY   `text` is too small. All other errors take precedence.
 *
 * Thread safety: any thread.
 * Cost: linear in the links, their values and texts; never allocates.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_otlp_json_encode(const spanlink_link *links,
                                                                         size_t count, char *text,
                                                                         size_t capacity,
                                                                         size_t *written);

/**
 * Encodes the links of a list as members of a Span: `"links":[...],"droppedLinksCount":3`, without
 * braces. The second member is written only if links were dropped.
 *
 * The links are those of spanlink_list_links(), markers included. The number is the `dropped` of
 * spanlink_list_get_stats().
 *
 * @param list     Read as by spanlink_list_links().
 * @param text     Receives ASCII, and UTF-8 in keys and strings, without a NUL. NULL only if
 *                 `capacity` is 0.
 * @param capacity In characters.
 * @param written  Set to the number of characters written; on SPANLINK_ERR_CAPACITY to the capacity
 *                 that is needed.
 * @retval SPANLINK_OK            Success.
 * @retval SPANLINK_ERR_ARGUMENT  `list`, `text` or `written` is NULL.
 * @retval SPANLINK_ERR_OTLP_SIZE A text or the result is longer than INT32_MAX characters; `text`
 *                                is unchanged.
 * @retval SPANLINK_ERR_CAPACITY  `text` is too small.
 *
 * Ownership: pointers returned by earlier calls stay valid.
 * Thread safety: one thread at a time per list.
 * Cost: linear in the links, their values and texts; never allocates.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_otlp_json_encode_list(spanlink_list *list,
                                                                              char *text,
                                                                              size_t capacity,
                                                                              size_t *written);

#ifdef __cplusplus
}
#endif

#endif
