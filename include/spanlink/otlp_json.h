/* SPDX-License-Identifier: MIT */
/**
 * @file otlp_json.h
 * Links as OTLP/JSON: the value of a Span's `links` (opentelemetry-proto v1.x; the JSON mapping of
 * protobuf with the differences that the OTLP specification, "JSON Protobuf Encoding", makes).
 *
 * A link is written as
 *
 *     {"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331",
 *      "traceState":"vendor=1","attributes":[{"key":"batch.index","value":{"intValue":"7"}}],
 *      "droppedAttributesCount":1,"flags":769}
 *
 * on one line, with no spaces. Fields at their default are left out, flags and ids never are. Ids
 * are lowercase hex, other bytes base64, integers of 64 bits are strings. A double is a number with
 * the fewest digits that give it back, such as 0.1 or 1e+300, or "NaN", "Infinity", "-Infinity".
 *
 * What is written, changed or left out is the same as in otlp.h: a string value that is not UTF-8
 * becomes a `bytesValue`, an attribute whose key is empty or not UTF-8 is dropped and counted, a
 * tracestate that is not printable ASCII is left out.
 *
 * @snippet concepts/otlp_json.c otlp_json
 */
#ifndef SPANLINK_OTLP_JSON_H
#define SPANLINK_OTLP_JSON_H

#include <spanlink/link.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * How many characters spanlink_otlp_json_encode() writes.
 *
 * @param links Borrowed during the call. NULL only with a count of 0.
 * @param count How many there are.
 * @return SIZE_MAX where encoding would fail, whatever the capacity.
 *
 * Any thread; never allocates; linear in the links, their values and text.
 */
SPANLINK_API size_t spanlink_otlp_json_size(const spanlink_link *links, size_t count);

/**
 * Writes links as a JSON array, to stand behind `"links":` in a Span. No links are `[]`.
 *
 * @param links    Borrowed during the call. NULL only with a count of 0.
 * @param count    With 0, `[]` is written.
 * @param text     Owned by the caller. ASCII but for the UTF-8 of keys and strings; no NUL is
 *                 written. NULL only with a capacity of 0.
 * @param capacity In characters.
 * @param written  The characters written; on SPANLINK_ERR_CAPACITY the capacity that is needed.
 * @retval SPANLINK_OK
 * @retval SPANLINK_ERR_ARGUMENT    A pointer is NULL, or the attributes of a link that has some.
 * @retval SPANLINK_ERR_VALUE_TYPE  A value's type is none of spanlink_value_type.
 * @retval SPANLINK_ERR_VALUE_DEPTH A value is nested deeper than 64 arrays and maps. Of several bad
 *                                  links or values the first one decides.
 * @retval SPANLINK_ERR_OTLP_SIZE   The result would be longer than INT32_MAX characters. Goes
 *                                  before a bad link or value.
 * @retval SPANLINK_ERR_CAPACITY    The buffer is too small, and all else is well.
 *
 * Any thread; never allocates; linear in the links, their values and text. One pass: there is no
 * need to call spanlink_otlp_json_size() where a buffer is at hand.
 */
SPANLINK_API spanlink_status spanlink_otlp_json_encode(const spanlink_link *links, size_t count,
                                                       char *text, size_t capacity,
                                                       size_t *written);

#ifdef __cplusplus
}
#endif

#endif
