/* SPDX-License-Identifier: MIT */
/*
 * A span's links are built from the JSON and encoded, so that the library checks them like those of
 * protobuf. Of a value only what matters for that is read: whether it is present, and texts,
 * booleans and integers.
 */
#include "graph_read.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

static const char wanted[] =
    "lines of OTLP/JSON, {\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[...]}]}]}";

static spanlink_str text_of(const json_t *text) {
    return (spanlink_str){json_string_value(text), json_string_length(text)};
}

static bool is_absent(const json_t *value) {
    return value == NULL || json_is_null(value);
}

/* Ids */

static bool looks_like_base64(spanlink_str id) {
    return (id.len == 24 && id.ptr[23] == '=') || (id.len == 12 && id.ptr[11] == '=');
}

/* An id's digits; zeros where there is none. */
static spanlink_str digits_of(const json_t *id, size_t length) {
    static const char zeros[] = "00000000000000000000000000000000";
    bool none = is_absent(id) || (json_is_string(id) && json_string_length(id) == 0);
    return none ? (spanlink_str){zeros, length} : text_of(id);
}

/* NULL, or the error of the ids. */
static const char *read_ids(const json_t *object, spanlink_context *context) {
    spanlink_str trace_id = digits_of(json_object_get(object, "traceId"), 32);
    spanlink_str span_id = digits_of(json_object_get(object, "spanId"), 16);
    spanlink_status status = spanlink_context_from_hex_str(trace_id, span_id, 0, context);
    return status == SPANLINK_OK ? NULL
           : looks_like_base64(trace_id) || looks_like_base64(span_id)
               ? "its ids are base64, and those of OTLP/JSON are hex"
               : spanlink_status_text(status);
}

/* Links */

/* An integer is a text or a number in JSON; the distinction does not matter here. */
static spanlink_value int_of(const json_t *value) {
    const char *text = json_string_value(value);
    return spanlink_value_int(text != NULL ? strtoll(text, NULL, 10)
                                           : json_number_value(value) > 0);
}

static spanlink_value value_of(const json_t *value) {
    const json_t *member;
    if (json_is_string(member = json_object_get(value, "stringValue"))) {
        return spanlink_value_string(text_of(member));
    }
    if (json_is_boolean(member = json_object_get(value, "boolValue"))) {
        return spanlink_value_bool(json_is_true(member));
    }
    if (!is_absent(member = json_object_get(value, "intValue"))) {
        return int_of(member);
    }
    return spanlink_value_empty();
}

/* The parts of one span. */
struct parts {
    spanlink_link *links;
    size_t count;
    spanlink_attribute *attributes; /* of all links */
    size_t attribute_count;
};

static void read_attributes(struct parts *parts, const json_t *attributes, spanlink_link *link) {
    json_t *attribute;
    size_t index;
    link->attributes = &parts->attributes[parts->attribute_count];
    json_array_foreach(attributes, index, attribute) {
        parts->attributes[parts->attribute_count++] =
            spanlink_attribute_make(text_of(json_object_get(attribute, "key")),
                                    value_of(json_object_get(attribute, "value")));
    }
    link->attribute_count = json_array_size(attributes);
}

static const char *read_link(struct parts *parts, const json_t *object) {
    spanlink_link *link = &parts->links[parts->count++];
    const char *fault = read_ids(object, &link->context);
    link->context.trace_state = text_of(json_object_get(object, "traceState"));
    read_attributes(parts, json_object_get(object, "attributes"), link);
    return fault;
}

/*
 * Allocates the arrays for all links of a span and their attributes. False if an allocation failed.
 */
static bool make_arrays(struct parts *parts, const json_t *links) {
    size_t attributes = 0, index;
    json_t *link;
    json_array_foreach(links, index, link) {
        attributes += json_array_size(json_object_get(link, "attributes"));
    }
    parts->links = calloc(json_array_size(links) + 1, sizeof *parts->links);
    parts->attributes = calloc(attributes + 1, sizeof *parts->attributes);
    return parts->links != NULL && parts->attributes != NULL;
}

/* Encodes the links; an error of a link is the span's. False if an allocation failed. */
static bool encode_links(const json_t *links, struct parts *parts, struct found_span *found,
                         uint8_t **bytes) {
    json_t *link;
    size_t index;
    json_array_foreach(links, index, link) {
        const char *fault = read_link(parts, link);
        found->fault = found->fault != NULL ? found->fault : fault;
    }
    size_t size = spanlink_otlp_size(parts->links, parts->count);
    if (found->fault != NULL || size == SIZE_MAX) {
        found->fault = found->fault != NULL ? found->fault : "its links are too large";
        return true;
    }
    *bytes = malloc(size + 1);
    if (*bytes == NULL) {
        return false;
    }
    found->links = *bytes;
    if (spanlink_otlp_encode(parts->links, parts->count, *bytes, size, &found->links_size) !=
        SPANLINK_OK) {
        found->fault = "its links cannot be encoded";
    }
    return true;
}

/* Spans */

static bool read_span(struct graph_reader *reader, const json_t *span) {
    uint8_t *bytes = NULL;
    struct parts parts = {NULL, 0, NULL, 0};
    struct found_span found = {.name = text_of(json_object_get(span, "name"))};
    const json_t *links = json_object_get(span, "links");
    found.fault = read_ids(span, &found.context);
    if (found.fault == NULL && !is_absent(links) && !json_is_array(links)) {
        found.fault = "its links are no array";
    }
    bool done = make_arrays(&parts, links) && encode_links(links, &parts, &found, &bytes) &&
                graph_read_span(reader, &found);
    free(bytes);
    free(parts.links);
    free(parts.attributes);
    return done;
}

static bool read_spans(struct graph_reader *reader, const json_t *object, int level) {
    static const char *const way[] = {"resourceSpans", "scopeSpans", "spans"};
    json_t *item;
    size_t index;
    json_array_foreach(json_object_get(object, way[level]), index, item) {
        if (!(level == 2 ? read_span(reader, item) : read_spans(reader, item, level + 1))) {
            return false;
        }
    }
    return true;
}

/* The likely format of a document that is not OTLP/JSON. */

static bool has(const json_t *object, const char *name) {
    return json_object_get(object, name) != NULL;
}

static const char *shape_of_array(const json_t *array) {
    const json_t *first = json_array_get(array, 0);
    return has(first, "traceId") && has(first, "id") ? "this is Zipkin's format"
           : has(first, "traceID")                   ? "this is Jaeger's format"
                                                     : "this is an array at the top";
}

/* Writers that keep protobuf's own names, or those of before 2022, do so at every level. */
static bool has_other_names(const json_t *object) {
    const json_t *first = json_array_get(json_object_get(object, "resourceSpans"), 0);
    const json_t *scope = json_array_get(json_object_get(first, "scopeSpans"), 0);
    const json_t *span = json_array_get(json_object_get(scope, "spans"), 0);
    return has(object, "resource_spans") || has(first, "scope_spans") || has(span, "trace_id");
}

static const char *name_of_shape(const json_t *document) {
    static const char *const shapes[][2] = {
        {"batches", "this is Tempo's \"batches\""},
        {"trace", "this is what Tempo's API gives, with \"trace\""},
        {"data", "this is what Jaeger's API and UI give, with \"data\""},
        {"traceID", "this is Jaeger's format, with \"traceID\""},
        {"localEndpoint", "this is Zipkin's format"},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (has(document, shapes[i][0])) {
            return shapes[i][1];
        }
    }
    return "this object has no \"resourceSpans\"";
}

/* NULL: it is OTLP/JSON. */
static const char *other_shape(const json_t *document) {
    if (!json_is_object(document)) {
        return shape_of_array(document);
    }
    if (has_other_names(document)) {
        return "its names are written with underscores (snake_case)";
    }
    if (has(json_array_get(json_object_get(document, "resourceSpans"), 0),
            "instrumentationLibrarySpans")) {
        return "this is OTLP/JSON of before 2022, with \"instrumentationLibrarySpans\"";
    }
    if (has(document, "resourceSpans") || json_object_size(document) == 0) {
        return NULL;
    }
    return name_of_shape(document);
}

static bool read_document(struct graph_reader *reader, const json_t *document, const char *where) {
    const char *shape = other_shape(document);
    if (shape != NULL) {
        graph_refuse(reader, where, shape, wanted);
        return true;
    }
    return read_spans(reader, document, 0);
}

bool graph_read_json(struct graph_reader *reader, struct input *input) {
    bool done = true;
    while (done && input_json(input)) {
        char where[32], fault[JSON_ERROR_TEXT_LENGTH + 32];
        json_error_t error;
        json_t *document = json_loadb(input->text, input->length,
                                      JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
        snprintf(where, sizeof where, "line %" PRIu64, input->first_line);
        if (document != NULL) {
            done = read_document(reader, document, where);
        } else {
            snprintf(fault, sizeof fault, "this is not JSON: %s", error.text);
            graph_refuse(reader, where, fault, wanted);
        }
        json_decref(document);
    }
    return done;
}
