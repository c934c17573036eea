/* SPDX-License-Identifier: MIT */
#include "graph_read.h"

#include <jansson.h>

/* Protobuf: of the request only the way down to its spans matters; the library reads their links.
 */

struct field {
    uint64_t number; /* 0: there is none any more, or the bytes are no protobuf */
    const uint8_t *bytes;
    size_t size; /* of a field of bytes; of others 0 */
};

static uint64_t take_varint(const uint8_t **at, const uint8_t *end) {
    uint64_t value = 0;
    for (unsigned shift = 0; *at < end && shift < 64; shift += 7) {
        uint8_t byte = *(*at)++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            break;
        }
    }
    return value;
}

static struct field take_field(const uint8_t **at, const uint8_t *end) {
    struct field field = {0, NULL, 0};
    uint64_t tag = *at < end ? take_varint(at, end) : 0;
    uint64_t size = 0;
    switch (tag & 7) {
    case 0:
        take_varint(at, end);
        break;
    case 1:
        size = 8;
        break;
    case 2:
        size = take_varint(at, end);
        break;
    case 5:
        size = 4;
        break;
    default:
        return field;
    }
    if (size > (uint64_t)(end - *at)) {
        return field;
    }
    field.number = tag >> 3;
    field.bytes = *at;
    field.size = (size_t)size;
    *at += size;
    return field;
}

static spanlink_status read_span(struct graph *graph, const uint8_t *bytes, size_t size) {
    spanlink_context context = {.trace_flags = 0};
    spanlink_str name = {NULL, 0};
    spanlink_list *links = NULL;
    const uint8_t *at = bytes, *end = bytes + size;
    for (struct field f = take_field(&at, end); f.number != 0; f = take_field(&at, end)) {
        if (f.number == 1 && f.size == sizeof context.trace_id) {
            memcpy(context.trace_id, f.bytes, f.size);
        } else if (f.number == 2 && f.size == sizeof context.span_id) {
            memcpy(context.span_id, f.bytes, f.size);
        } else if (f.number == 5) {
            name = (spanlink_str){(const char *)f.bytes, f.size};
        }
    }
    spanlink_status status = spanlink_list_create(NULL, &links);
    if (status == SPANLINK_OK) {
        status = spanlink_otlp_decode(bytes, size, links, NULL);
    }
    if (status != SPANLINK_OK) {
        spanlink_list_destroy(links);
        return status;
    }
    return graph_add(graph, &context, name, links) ? SPANLINK_OK : SPANLINK_ERR_NO_MEMORY;
}

/* ExportTraceServiceRequest 1 resource_spans, ResourceSpans 2 scope_spans, ScopeSpans 2 spans. */
static spanlink_status read_spans(struct graph *graph, const uint8_t *bytes, size_t size,
                                  int level) {
    static const uint64_t way[] = {1, 2, 2};
    const uint8_t *at = bytes, *end = bytes + size;
    spanlink_status status = SPANLINK_OK;
    while (status == SPANLINK_OK && at < end) {
        struct field f = take_field(&at, end);
        if (f.number == 0) {
            return SPANLINK_ERR_OTLP_TRUNCATED;
        }
        if (f.number == way[level]) {
            status = level == 2 ? read_span(graph, f.bytes, f.size)
                                : read_spans(graph, f.bytes, f.size, level + 1);
        }
    }
    return status;
}

const char *graph_read_protobuf(struct graph *graph, const uint8_t *bytes, size_t size) {
    spanlink_status status = read_spans(graph, bytes, size, 0);
    return status == SPANLINK_OK ? NULL : spanlink_status_text(status);
}

/* JSON: the context of each link, and of its attributes the type. */

static bool read_ids(const json_t *object, spanlink_context *context) {
    const char *trace = json_string_value(json_object_get(object, "traceId"));
    const char *span = json_string_value(json_object_get(object, "spanId"));
    return spanlink_context_from_hex(trace, span, 0, context) == SPANLINK_OK;
}

static const char *string_attribute(const json_t *object, const char *key) {
    json_t *attribute;
    size_t index;
    json_array_foreach(json_object_get(object, "attributes"), index, attribute) {
        const char *name = json_string_value(json_object_get(attribute, "key"));
        if (name != NULL && strcmp(name, key) == 0) {
            const json_t *value = json_object_get(attribute, "value");
            return json_string_value(json_object_get(value, "stringValue"));
        }
    }
    return NULL;
}

static const char *read_json_links(const json_t *links, spanlink_list *list) {
    json_t *link;
    size_t index;
    json_array_foreach(links, index, link) {
        const char *type = string_attribute(link, "link.type");
        spanlink_context context;
        if (!read_ids(link, &context)) {
            return "a link without ids";
        }
        spanlink_status status =
            spanlink_list_add_custom(list, &context, type != NULL ? type : "link");
        if (status != SPANLINK_OK) {
            return spanlink_status_text(status);
        }
    }
    return NULL;
}

static const char *read_json_span(struct graph *graph, const json_t *span) {
    spanlink_context context;
    spanlink_list *links = NULL;
    if (!read_ids(span, &context)) {
        return "a span without ids";
    }
    if (spanlink_list_create(NULL, &links) != SPANLINK_OK) {
        return spanlink_status_text(SPANLINK_ERR_NO_MEMORY);
    }
    const char *fault = read_json_links(json_object_get(span, "links"), links);
    if (fault != NULL) {
        spanlink_list_destroy(links);
        return fault;
    }
    spanlink_str name = spanlink_str_from(json_string_value(json_object_get(span, "name")));
    return graph_add(graph, &context, name, links) ? NULL
                                                   : spanlink_status_text(SPANLINK_ERR_NO_MEMORY);
}

static const char *read_json_spans(struct graph *graph, const json_t *object, int level) {
    static const char *const way[] = {"resourceSpans", "scopeSpans", "spans"};
    const char *fault = NULL;
    json_t *item;
    size_t index;
    json_array_foreach(json_object_get(object, way[level]), index, item) {
        fault = level == 2 ? read_json_span(graph, item) : read_json_spans(graph, item, level + 1);
        if (fault != NULL) {
            break;
        }
    }
    return fault;
}

const char *graph_read_json(struct graph *graph, const char *text, size_t size) {
    static char message[JSON_ERROR_TEXT_LENGTH + 1];
    const char *fault = NULL;
    for (size_t at = 0; fault == NULL && at < size;) {
        json_error_t error;
        json_t *request = json_loadb(text + at, size - at, JSON_DISABLE_EOF_CHECK, &error);
        if (request == NULL) {
            snprintf(message, sizeof message, "%s", error.text);
            return message;
        }
        fault = read_json_spans(graph, request, 0);
        json_decref(request);
        at += (size_t)error.position;
        while (at < size && (text[at] == '\n' || text[at] == ' ' || text[at] == '\r')) {
            at++;
        }
    }
    return fault;
}
