/* SPDX-License-Identifier: MIT */
#include <spanlink/otlp_json.h>

#include "internal/decimal.h"
#include "internal/hex.h"
#include "internal/otlp_rules.h"

/*
 * Text is written from the front. If the capacity is used up, nothing more is written, but
 * everything is counted: so the same code computes the size. As in otlp, loops stop if the result
 * is too large, and the first of several errors determines the status.
 */

typedef struct json_writer {
    char *text;
    uint64_t capacity;
    uint64_t length;
    uint32_t dropped;
    spanlink_status fault;
} json_writer;

static void print_value(json_writer *writer, const spanlink_value *value, unsigned messages);

static bool is_too_large(const json_writer *writer) {
    return writer->length > SLNK_OTLP_MAX_SIZE;
}

static void set_fault(json_writer *writer, spanlink_status fault) {
    if (writer->fault == SPANLINK_OK) {
        writer->fault = fault;
    }
}

/* Makes the result too large. */
static void overflow(json_writer *writer) {
    writer->length += (uint64_t)SLNK_OTLP_MAX_SIZE + 1;
}

/* Takes space for `size` characters; NULL if there is not enough. */
static inline char *take(json_writer *writer, uint64_t size) {
    uint64_t start = writer->length;
    writer->length += size;
    return writer->length <= writer->capacity ? writer->text + start : NULL;
}

static void put_chars(json_writer *writer, const char *text, size_t size) {
    char *to = take(writer, size);
    if (to != NULL) {
        slnk_bytes_copy(to, text, size);
    }
}

/* 8 to 16 characters. */
static inline void put_short(json_writer *writer, spanlink_str text) {
    char *to = take(writer, text.len);
    if (to != NULL) {
        slnk_bytes_copy_short(to, text.ptr, text.len);
    }
}

/* Inline, so that the size of a literal is known and its copy becomes a few moves. */
static inline void put_literal(json_writer *writer, const char *literal) {
    size_t size = strlen(literal);
    char *to = take(writer, size);
    if (to != NULL) {
        memcpy(to, literal, size);
    }
}

/* Strings */

/*
 * Marks the bytes of a word that must be escaped: control characters, quotes and backslashes. A
 * control character or quote with bit 1 flipped, and no other ASCII character, is below 0x21, and
 * only such a byte borrows. The byte after a marked one may be marked by mistake.
 */
static uint64_t specials(uint64_t word) {
    uint64_t control_or_quote =
        (word ^ UINT64_C(0x0202020202020202)) - UINT64_C(0x2121212121212121);
    uint64_t backslash = (word ^ UINT64_C(0x5c5c5c5c5c5c5c5c)) - UINT64_C(0x0101010101010101);
    return (control_or_quote | backslash) & ~word & UINT64_C(0x8080808080808080);
}

static bool is_plain(char character) {
    return (uint8_t)character >= 0x20 && character != '"' && character != '\\';
}

/* The number of leading characters that are written unchanged. */
static size_t plain_length(const char *text, size_t length) {
    size_t i = 0;
    while (length - i >= 8 && specials(slnk_utf8_word(text + i)) == 0) {
        i += 8;
    }
    while (i < length && is_plain(text[i])) {
        i++;
    }
    return i;
}

static void put_escape(json_writer *writer, char character) {
    static const char escaped[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *known = memchr(escaped, character, sizeof escaped - 1);
    if (known != NULL) {
        char escape[2] = {'\\', letters[known - escaped]};
        put_chars(writer, escape, sizeof escape);
    } else {
        char escape[6] = {
            '\\', 'u', '0', '0', slnk_hex_digits[character >> 4], slnk_hex_digits[character & 15]};
        put_chars(writer, escape, sizeof escape);
    }
}

static void put_long_string(json_writer *writer, spanlink_str text) {
    if (text.len > SLNK_OTLP_MAX_SIZE) {
        overflow(writer);
        return;
    }
    size_t done = 0;
    while (done != text.len) {
        size_t plain = plain_length(text.ptr + done, text.len - done);
        put_chars(writer, text.ptr + done, plain);
        done += plain;
        if (done != text.len) {
            put_escape(writer, text.ptr[done++]);
        }
    }
}

/* The inside of a JSON string. The text is UTF-8. Most texts have 8 to 16 characters and nothing to
 * escape: two words show that, at a third of the cost. */
static void put_string(json_writer *writer, spanlink_str text) {
    if (text.len >= 8 && text.len <= 16 &&
        (specials(slnk_utf8_word(text.ptr)) | specials(slnk_utf8_word(text.ptr + text.len - 8))) ==
            0) {
        put_short(writer, text);
    } else {
        put_long_string(writer, text);
    }
}

static void encode_base64(const uint8_t *bytes, size_t length, char *text) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (; length >= 3; length -= 3, bytes += 3, text += 4) {
        text[0] = digits[bytes[0] >> 2];
        text[1] = digits[(bytes[0] & 3) << 4 | bytes[1] >> 4];
        text[2] = digits[(bytes[1] & 15) << 2 | bytes[2] >> 6];
        text[3] = digits[bytes[2] & 63];
    }
    if (length != 0) {
        uint8_t second = length == 2 ? bytes[1] : 0;
        text[0] = digits[bytes[0] >> 2];
        text[1] = digits[(bytes[0] & 3) << 4 | second >> 4];
        text[2] = length == 2 ? digits[(second & 15) << 2] : '=';
        text[3] = '=';
    }
}

static void put_base64(json_writer *writer, const uint8_t *bytes, size_t length) {
    if (length > SLNK_OTLP_MAX_SIZE) {
        overflow(writer);
        return;
    }
    char *to = take(writer, ((uint64_t)length + 2) / 3 * 4);
    if (to != NULL) {
        encode_base64(bytes, length, to);
    }
}

/* Numbers */

static void put_uint32(json_writer *writer, uint32_t value) {
    char text[SLNK_DECIMAL_INTEGER_SIZE];
    put_chars(writer, text, slnk_decimal_from_uint64(value, text));
}

static void put_int64(json_writer *writer, int64_t value) {
    char text[SLNK_DECIMAL_INTEGER_SIZE];
    put_chars(writer, text, slnk_decimal_from_int64(value, text));
}

static void put_double(json_writer *writer, double value) {
    char text[SLNK_DECIMAL_DOUBLE_SIZE];
    if (value != value) {
        put_literal(writer, "\"NaN\"");
    } else if (value - value != 0) {
        put_literal(writer, value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
    } else {
        put_chars(writer, text, slnk_decimal_from_double(value, text));
    }
}

/* Values and attributes */

/* NOLINTBEGIN(misc-no-recursion): values nest, SLNK_OTLP_MOST_MESSAGES at most */

/* Returns whether any attribute was written: then `opening` precedes the first one. */
static bool print_attributes(json_writer *writer, spanlink_str opening,
                             const spanlink_attribute *attributes, size_t count,
                             unsigned messages) {
    spanlink_str separator = opening;
    bool any = false;
    for (size_t i = 0; i < count && !is_too_large(writer); i++) {
        if (!slnk_otlp_keeps_key(attributes[i].key)) {
            writer->dropped = slnk_link_add_dropped(writer->dropped, 1);
            continue;
        }
        put_chars(writer, separator.ptr, separator.len);
        separator = (spanlink_str){",", 1};
        any = true;
        put_literal(writer, "{\"key\":\"");
        put_string(writer, attributes[i].key);
        put_literal(writer, "\",\"value\":");
        print_value(writer, &attributes[i].value, messages);
        put_literal(writer, "}");
    }
    return any;
}

static void print_array(json_writer *writer, spanlink_values array, unsigned messages) {
    if (!slnk_otlp_keeps_array(array, messages)) {
        put_literal(writer, "{}");
        return;
    }
    put_literal(writer, "{\"arrayValue\":{\"values\":[");
    for (size_t i = 0; i < array.len && !is_too_large(writer); i++) {
        if (i != 0) {
            put_literal(writer, ",");
        }
        print_value(writer, &array.ptr[i], messages + SLNK_OTLP_ARRAY_MESSAGES);
    }
    put_literal(writer, "]}}");
}

static void print_map(json_writer *writer, spanlink_attributes map, unsigned messages) {
    if (!slnk_otlp_keeps_map(map, messages)) {
        put_literal(writer, "{}");
        return;
    }
    put_literal(writer, "{\"kvlistValue\":{\"values\":[");
    print_attributes(writer, spanlink_str_from(""), map.ptr, map.len,
                     messages + SLNK_OTLP_MAP_MESSAGES);
    put_literal(writer, "]}}");
}

static void print_bytes(json_writer *writer, const void *bytes, size_t length) {
    put_literal(writer, "{\"bytesValue\":\"");
    put_base64(writer, bytes, length);
    put_literal(writer, "\"}");
}

static void print_string(json_writer *writer, spanlink_str text) {
    if (!slnk_otlp_is_text(text)) {
        print_bytes(writer, text.ptr, text.len);
        return;
    }
    put_literal(writer, "{\"stringValue\":\"");
    put_string(writer, text);
    put_literal(writer, "\"}");
}

/* An AnyValue, which is the `messages`-th nested message of a request. */
static void print_value(json_writer *writer, const spanlink_value *value, unsigned messages) {
    switch (value->type) {
    case SPANLINK_VALUE_EMPTY:
        put_literal(writer, "{}");
        break;
    case SPANLINK_VALUE_STRING:
        print_string(writer, value->string_value);
        break;
    case SPANLINK_VALUE_BOOL:
        put_literal(writer, value->bool_value ? "{\"boolValue\":true}" : "{\"boolValue\":false}");
        break;
    case SPANLINK_VALUE_INT:
        put_literal(writer, "{\"intValue\":\"");
        put_int64(writer, value->int_value);
        put_literal(writer, "\"}");
        break;
    case SPANLINK_VALUE_DOUBLE:
        put_literal(writer, "{\"doubleValue\":");
        put_double(writer, value->double_value);
        put_literal(writer, "}");
        break;
    case SPANLINK_VALUE_BYTES:
        print_bytes(writer, value->bytes_value.ptr, value->bytes_value.len);
        break;
    case SPANLINK_VALUE_ARRAY:
        print_array(writer, value->array_value, messages);
        break;
    case SPANLINK_VALUE_MAP:
        print_map(writer, value->map_value, messages);
        break;
    default:
        set_fault(writer, SPANLINK_ERR_VALUE_TYPE);
    }
}

/* NOLINTEND(misc-no-recursion): the end of what calls itself for nested values */

/* Links */

/* Both ids in one step, because every link has them. */
static void print_ids(json_writer *writer, const spanlink_context *context) {
    static const char frame[] = "{\"traceId\":\"tttttttttttttttttttttttttttttttt\","
                                "\"spanId\":\"ssssssssssssssss\"";
    char *to = take(writer, sizeof frame - 1);
    if (to != NULL) {
        memcpy(to, frame, sizeof frame - 1);
        slnk_hex_encode(context->trace_id, to + 12);
        slnk_hex_encode(context->trace_id + 8, to + 28);
        slnk_hex_encode(context->span_id, to + 56);
    }
}

static void print_link(json_writer *writer, const spanlink_link *link) {
    const spanlink_context *context = &link->context;
    print_ids(writer, context);
    if (slnk_link_keeps_trace_state(context->trace_state)) {
        put_literal(writer, ",\"traceState\":\"");
        put_string(writer, context->trace_state);
        put_literal(writer, "\"");
    }
    writer->dropped = link->dropped_attributes_count;
    if (slnk_link_lacks_attributes(link)) {
        set_fault(writer, SPANLINK_ERR_ARGUMENT);
    } else if (print_attributes(writer, spanlink_str_from(",\"attributes\":["), link->attributes,
                                link->attribute_count, SLNK_OTLP_ATTRIBUTE_MESSAGES)) {
        put_literal(writer, "]");
    }
    if (writer->dropped != 0) {
        put_literal(writer, ",\"droppedAttributesCount\":");
        put_uint32(writer, writer->dropped);
    }
    if (slnk_otlp_flags(context) != 0) {
        put_literal(writer, ",\"flags\":");
        put_uint32(writer, slnk_otlp_flags(context));
    }
    put_literal(writer, "}");
}

static void print_links(json_writer *writer, const slnk_otlp_span *span) {
    put_literal(writer, "[");
    for (size_t i = 0; i < span->count && !is_too_large(writer); i++) {
        if (i != 0) {
            put_literal(writer, ",");
        }
        print_link(writer, &span->links[i]);
    }
    put_literal(writer, "]");
}

static spanlink_status end_json(const json_writer *writer, uint64_t *length) {
    *length = writer->length;
    return is_too_large(writer) ? SPANLINK_ERR_OTLP_SIZE : writer->fault;
}

/* The two forms of the result. */

static spanlink_status write_json_links(const slnk_otlp_span *span, void *text, size_t capacity,
                                        uint64_t *length) {
    json_writer writer = {text, capacity, 0, 0, SPANLINK_OK};
    print_links(&writer, span);
    return end_json(&writer, length);
}

static spanlink_status write_json_members(const slnk_otlp_span *span, void *text, size_t capacity,
                                          uint64_t *length) {
    json_writer writer = {text, capacity, 0, 0, SPANLINK_OK};
    put_literal(&writer, "\"links\":");
    print_links(&writer, span);
    if (span->dropped_links != 0) {
        put_literal(&writer, ",\"droppedLinksCount\":");
        put_uint32(&writer, span->dropped_links);
    }
    return end_json(&writer, length);
}

size_t spanlink_otlp_json_size(const spanlink_link *links, size_t count) {
    return slnk_otlp_size(write_json_links, links, count);
}

size_t spanlink_otlp_json_list_size(spanlink_list *list) {
    return slnk_otlp_list_size(write_json_members, list);
}

spanlink_status spanlink_otlp_json_encode(const spanlink_link *links, size_t count, char *text,
                                          size_t capacity, size_t *written) {
    return slnk_otlp_encode(write_json_links, links, count, text, capacity, written);
}

spanlink_status spanlink_otlp_json_encode_list(spanlink_list *list, char *text, size_t capacity,
                                               size_t *written) {
    return slnk_otlp_encode_list(write_json_members, list, text, capacity, written);
}
