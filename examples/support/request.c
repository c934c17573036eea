/* SPDX-License-Identifier: MIT */
#include "request.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* The name of the instrumentation scope of these spans. */
#define SCOPE_NAME "spanlink-examples"

/* Makes the buffer `size` bytes larger and returns the start of these; on failure NULL, and sets
 * the status. */
static uint8_t *reserve(struct buffer *out, size_t size) {
    if (out->status != SPANLINK_OK) {
        return NULL;
    }
    if (out->capacity - out->size < size) {
        size_t capacity = 2 * out->capacity + size;
        uint8_t *bytes = capacity < size ? NULL : realloc(out->bytes, capacity);
        if (bytes == NULL) {
            out->status = SPANLINK_ERR_NO_MEMORY;
            return NULL;
        }
        out->bytes = bytes;
        out->capacity = capacity;
    }
    return out->bytes + out->size;
}

static void append(struct buffer *out, const void *bytes, size_t size) {
    uint8_t *free_bytes = reserve(out, size);
    if (free_bytes != NULL && size > 0) {
        memcpy(free_bytes, bytes, size);
        out->size += size;
    }
}

/* Bit 0x100 means that bit 0x200, "the parent is remote", is valid. */
static uint32_t span_flags(const struct span *span) {
    return span->context.trace_flags | 0x100u | (span->parent.is_remote ? 0x200u : 0);
}

/*
 * JSON. Ids are hex, 64-bit integers are strings.
 */

static void json_text(struct buffer *out, const char *text) {
    append(out, text, strlen(text));
}

static void json_string(struct buffer *out, spanlink_str text) {
    json_text(out, "\"");
    for (size_t i = 0; i < text.len; i++) {
        unsigned char character = (unsigned char)text.ptr[i];
        char escape[7];
        if (character < 0x20 || character == '"' || character == '\\') {
            snprintf(escape, sizeof escape, "\\u%04x", character);
            json_text(out, escape);
        } else {
            append(out, &text.ptr[i], 1);
        }
    }
    json_text(out, "\"");
}

static void json_number(struct buffer *out, const char *key, uint64_t number) {
    char text[80];
    snprintf(text, sizeof text, ",\"%s\":%" PRIu64, key, number);
    json_text(out, text);
}

static void json_time(struct buffer *out, const char *key, uint64_t nanoseconds) {
    char text[80];
    snprintf(text, sizeof text, ",\"%s\":\"%" PRIu64 "\"", key, nanoseconds);
    json_text(out, text);
}

static void json_attribute(struct buffer *out, const spanlink_attribute *attribute) {
    const spanlink_value *value = &attribute->value;
    json_text(out, "{\"key\":");
    json_string(out, attribute->key);
    json_text(out, ",\"value\":{");
    if (value->type == SPANLINK_VALUE_STRING) {
        json_text(out, "\"stringValue\":");
        json_string(out, value->string_value);
    } else if (value->type == SPANLINK_VALUE_BOOL) {
        json_text(out, value->bool_value ? "\"boolValue\":true" : "\"boolValue\":false");
    } else if (value->type == SPANLINK_VALUE_INT) {
        char text[48];
        snprintf(text, sizeof text, "\"intValue\":\"%" PRId64 "\"", value->int_value);
        json_text(out, text);
    }
    json_text(out, "}}");
}

static void json_attributes(struct buffer *out, const spanlink_attribute *attributes,
                            size_t count) {
    json_text(out, "\"attributes\":[");
    for (size_t i = 0; i < count; i++) {
        json_text(out, i > 0 ? "," : "");
        json_attribute(out, &attributes[i]);
    }
    json_text(out, "]");
}

/* spanlink writes the links, and the number of dropped links. */
static void json_links(struct buffer *out, const struct span *span) {
    size_t written, size = spanlink_otlp_json_list_size(span->links);
    json_text(out, ",");
    uint8_t *free_bytes = reserve(out, size);
    if (free_bytes != NULL) {
        out->status =
            spanlink_otlp_json_encode_list(span->links, (char *)free_bytes, size, &written);
        out->size += out->status == SPANLINK_OK ? written : 0;
    }
}

static void json_ids(struct buffer *out, const struct span *span) {
    char trace_id[33], span_id[17], parent_span_id[17];
    spanlink_trace_id_to_hex(span->context.trace_id, trace_id);
    spanlink_span_id_to_hex(span->context.span_id, span_id);
    spanlink_span_id_to_hex(span->parent.span_id, parent_span_id);
    char text[160];
    snprintf(text, sizeof text, "\"traceId\":\"%s\",\"spanId\":\"%s\",\"parentSpanId\":\"%s\"",
             trace_id, span_id, spanlink_context_is_valid(&span->parent) ? parent_span_id : "");
    json_text(out, text);
}

static void json_span(struct buffer *out, const struct span *span) {
    json_text(out, "{");
    json_ids(out, span);
    json_text(out, ",\"traceState\":");
    json_string(out, span->context.trace_state);
    json_text(out, ",\"name\":");
    json_string(out, spanlink_str_from(span->name));
    json_number(out, "kind", span->kind);
    json_number(out, "flags", span_flags(span));
    json_time(out, "startTimeUnixNano", span->start_time);
    json_time(out, "endTimeUnixNano", span->end_time);
    json_text(out, ",");
    json_attributes(out, span->attributes, span->attribute_count);
    if (span->links != NULL) {
        json_links(out, span);
    }
    json_text(out, "}");
}

spanlink_status request_json(struct buffer *out, const char *service, const struct span *spans,
                             size_t count) {
    spanlink_attribute name = spanlink_attribute_string("service.name", service);
    json_text(out, "{\"resourceSpans\":[{\"resource\":{");
    json_attributes(out, &name, 1);
    json_text(out, "},\"scopeSpans\":[{\"scope\":{\"name\":\"" SCOPE_NAME "\"},\"spans\":[");
    for (size_t i = 0; i < count; i++) {
        json_text(out, i > 0 ? "," : "");
        json_span(out, &spans[i]);
    }
    json_text(out, "]}]}]}");
    return out->status;
}

/*
 * Protobuf. A nested message begins with its length, which is known at its end.
 */

enum { VARINT = 0, FIXED64 = 1, MESSAGE = 2, FIXED32 = 5 };

static void varint(struct buffer *out, uint64_t number) {
    uint8_t bytes[10];
    size_t size = 0;
    for (; number >= 0x80; number >>= 7) {
        bytes[size++] = (uint8_t)(number | 0x80);
    }
    bytes[size++] = (uint8_t)number;
    append(out, bytes, size);
}

static void tag(struct buffer *out, unsigned field, unsigned type) {
    varint(out, field << 3 | type);
}

/* Little-endian on every machine. */
static void fixed(struct buffer *out, uint64_t number, size_t size) {
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = (uint8_t)(number >> 8 * i);
        append(out, &byte, 1);
    }
}

static void number_field(struct buffer *out, unsigned field, unsigned type, uint64_t number) {
    tag(out, field, type);
    if (type == VARINT) {
        varint(out, number);
    } else {
        fixed(out, number, type == FIXED64 ? 8 : 4);
    }
}

static void bytes_field(struct buffer *out, unsigned field, const void *bytes, size_t size) {
    tag(out, field, MESSAGE);
    varint(out, size);
    append(out, bytes, size);
}

/* Begins a message; pass the result to end(). */
static size_t begin(struct buffer *out, unsigned field) {
    tag(out, field, MESSAGE);
    return out->size;
}

/* Writes the length after the message, then exchanges the two. */
static void end(struct buffer *out, size_t start) {
    size_t length = out->size - start;
    varint(out, length);
    if (out->status == SPANLINK_OK) {
        uint8_t prefix[10], *message = out->bytes + start;
        size_t size = out->size - start - length;
        memcpy(prefix, message + length, size);
        memmove(message + size, message, length);
        memcpy(message, prefix, size);
    }
}

static void protobuf_attribute(struct buffer *out, unsigned field,
                               const spanlink_attribute *attribute) {
    const spanlink_value *value = &attribute->value;
    size_t key_value = begin(out, field);
    bytes_field(out, 1, attribute->key.ptr, attribute->key.len);
    size_t any_value = begin(out, 2);
    if (value->type == SPANLINK_VALUE_STRING) {
        bytes_field(out, 1, value->string_value.ptr, value->string_value.len);
    } else if (value->type == SPANLINK_VALUE_BOOL) {
        number_field(out, 2, VARINT, value->bool_value);
    } else if (value->type == SPANLINK_VALUE_INT) {
        number_field(out, 3, VARINT, (uint64_t)value->int_value);
    }
    end(out, any_value);
    end(out, key_value);
}

/* spanlink writes the fields `links` and `dropped_links_count`. */
static void protobuf_links(struct buffer *out, const struct span *span) {
    size_t written, size = spanlink_otlp_list_size(span->links);
    uint8_t *free_bytes = reserve(out, size);
    if (free_bytes != NULL) {
        out->status = spanlink_otlp_encode_list(span->links, free_bytes, size, &written);
        out->size += out->status == SPANLINK_OK ? written : 0;
    }
}

static void protobuf_span(struct buffer *out, const struct span *span) {
    size_t message = begin(out, 2);
    bytes_field(out, 1, span->context.trace_id, sizeof span->context.trace_id);
    bytes_field(out, 2, span->context.span_id, sizeof span->context.span_id);
    bytes_field(out, 3, span->context.trace_state.ptr, span->context.trace_state.len);
    if (spanlink_context_is_valid(&span->parent)) {
        bytes_field(out, 4, span->parent.span_id, sizeof span->parent.span_id);
    }
    bytes_field(out, 5, span->name, strlen(span->name));
    number_field(out, 6, VARINT, span->kind);
    number_field(out, 7, FIXED64, span->start_time);
    number_field(out, 8, FIXED64, span->end_time);
    for (size_t i = 0; i < span->attribute_count; i++) {
        protobuf_attribute(out, 9, &span->attributes[i]);
    }
    if (span->links != NULL) {
        protobuf_links(out, span);
    }
    number_field(out, 16, FIXED32, span_flags(span));
    end(out, message);
}

spanlink_status request_protobuf(struct buffer *out, const char *service, const struct span *spans,
                                 size_t count) {
    spanlink_attribute name = spanlink_attribute_string("service.name", service);
    size_t resource_spans = begin(out, 1);
    size_t resource = begin(out, 1);
    protobuf_attribute(out, 1, &name);
    end(out, resource);
    size_t scope_spans = begin(out, 2);
    size_t scope = begin(out, 1);
    bytes_field(out, 1, SCOPE_NAME, strlen(SCOPE_NAME));
    end(out, scope);
    for (size_t i = 0; i < count; i++) {
        protobuf_span(out, &spans[i]);
    }
    end(out, scope_spans);
    end(out, resource_spans);
    return out->status;
}
