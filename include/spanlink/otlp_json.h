/* SPDX-License-Identifier: MIT */
/**
 * @file otlp_json.h
 * Links as OTLP/JSON: the members `links` and `droppedLinksCount` of a Span (opentelemetry-proto
 * 1.11; the JSON mapping of protobuf with the differences that the OTLP specification, "JSON
 * Protobuf Encoding", makes).
 *
 * A link is written as
 *
 *     {"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331",
 *      "traceState":"vendor=1","attributes":[{"key":"batch.index","value":{"intValue":"7"}}],
 *      "droppedAttributesCount":1,"flags":769}
 *
 * on one line, with no spaces. Fields at their default are left out, ids never are. Ids are
 * lowercase hex, bytes are base64, integers of 64 bits are strings. A double is a number with
 * the fewest digits that give it back, such as 0.1 or 1e+300, or "NaN", "Infinity", "-Infinity".
 *
 * What is written, changed or left out, and who may call what, is the same as in otlp.h.
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
 * The number of characters that spanlink_otlp_json_encode() writes.
 *
 * @param links Borrowed during the call. NULL only with a count of 0.
 * @param count The number of links.
 * @return SIZE_MAX if encoding would fail with any capacity.
 *
 * Any thread; never allocates; linear in the links, their values and text.
 */
SPANLINK_MUST_USE SPANLINK_API size_t spanlink_otlp_json_size(const spanlink_link *links,
                                                              size_t count);

/**
 * The number of characters that spanlink_otlp_json_encode_list() writes.
 *
 * @param list Read as by spanlink_list_links().
 * @return SIZE_MAX if `list` is NULL, or encoding would fail with any capacity.
 *
 * Not thread-safe: see list.h. Never allocates; linear in the links, their values and text.
 */
SPANLINK_MUST_USE SPANLINK_API size_t spanlink_otlp_json_list_size(spanlink_list *list);

/**
 * Writes links as a JSON array: the value of a Span's member `links`. No links are `[]`.
 *
 * @param links    Borrowed during the call. NULL only with a count of 0.
 * @param count    The number of links.
 * @param text     ASCII but for the UTF-8 of keys and strings; no NUL is written. NULL only with a
 *                 capacity of 0.
 * @param capacity In characters.
 * @param written  The characters written; on SPANLINK_ERR_CAPACITY the capacity that is needed.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT   A pointer is NULL, or the attributes of a link that has some.
 * @retval SPANLINK_ERR_VALUE_TYPE A value's type is none of spanlink_value_type. Of several bad
 *                                 links or values the first one decides.
 * @retval SPANLINK_ERR_OTLP_SIZE  A text or the result is longer than INT32_MAX characters. Takes
 *                                 precedence over a bad link or value; nothing is written.
 * @retval SPANLINK_ERR_CAPACITY   The buffer is too small, and all else is well.
 *
 * Any thread; never allocates; linear in the links, their values and text.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_otlp_json_encode(const spanlink_link *links,
                                                                         size_t count, char *text,
                                                                         size_t capacity,
                                                                         size_t *written);

/**
 * Writes the links of a list as members of a Span: `"links":[...],"droppedLinksCount":3`. There are
 * no braces around them, and the second member is there only if links were dropped.
 *
 * The links are those that spanlink_list_links() returns, markers included. The count is
 * spanlink_list_stats.dropped.
 *
 * @param list     Read as by spanlink_list_links().
 * @param text     As in spanlink_otlp_json_encode().
 * @param capacity In characters.
 * @param written  As in spanlink_otlp_json_encode().
 * @return As spanlink_otlp_json_encode(); SPANLINK_ERR_ARGUMENT if `list` is NULL.
 *
 * Not thread-safe: see list.h. Never allocates; linear in the links, their values and text.
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_otlp_json_encode_list(spanlink_list *list,
                                                                              char *text,
                                                                              size_t capacity,
                                                                              size_t *written);

#ifdef __cplusplus
}
#endif

#endif
