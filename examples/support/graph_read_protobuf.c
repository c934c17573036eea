/* SPDX-License-Identifier: MIT */
/* Only the path to a request's spans is read here; the library reads their links. */
#include "graph_read.h"

enum wire_type { VARINT = 0, FIXED64 = 1, BYTES = 2, GROUP = 3, END_GROUP = 4, FIXED32 = 5 };

struct bytes {
    const uint8_t *at, *end;
};

struct field {
    uint64_t number;
    enum wire_type type;
    struct bytes bytes; /* of type BYTES */
};

/* All of these return false if the bytes are not protobuf. */

static bool take_varint(struct bytes *from, uint64_t *value) {
    *value = 0;
    for (unsigned shift = 0; from->at < from->end && shift < 64; shift += 7) {
        uint8_t byte = *from->at++;
        *value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return true;
        }
    }
    return false;
}

static bool take_bytes(struct bytes *from, uint64_t size, struct bytes *taken) {
    if (size > (uint64_t)(from->end - from->at)) {
        return false;
    }
    *taken = (struct bytes){from->at, from->at + size};
    from->at += size;
    return true;
}

/* The content after a field's tag; of a group, nothing. */
static bool take_value(struct bytes *from, struct field *field) {
    uint64_t number;
    switch (field->type) {
    case VARINT:
        return take_varint(from, &number);
    case FIXED64:
        return take_bytes(from, 8, &field->bytes);
    case FIXED32:
        return take_bytes(from, 4, &field->bytes);
    case BYTES:
        return take_varint(from, &number) && take_bytes(from, number, &field->bytes);
    case GROUP:
    case END_GROUP:
        return true;
    }
    return false;
}

static bool take_tag_and_value(struct bytes *from, struct field *field) {
    uint64_t tag;
    if (!take_varint(from, &tag)) {
        return false;
    }
    *field = (struct field){tag >> 3, (enum wire_type)(tag & 7), {NULL, NULL}};
    return field->number != 0 && take_value(from, field);
}

/* A field; a group is skipped with its content. */
static bool take_field(struct bytes *from, struct field *field) {
    struct field inner;
    if (!take_tag_and_value(from, field) || field->type == END_GROUP) {
        return false;
    }
    for (size_t depth = field->type == GROUP; depth > 0;) {
        if (!take_tag_and_value(from, &inner)) {
            return false;
        }
        depth += inner.type == GROUP;
        depth -= inner.type == END_GROUP;
    }
    return true;
}

static spanlink_str view(struct bytes bytes) {
    return (spanlink_str){(const char *)bytes.at, (size_t)(bytes.end - bytes.at)};
}

/* An id of another length counts as missing. */
static void read_id(struct bytes bytes, uint8_t *id, size_t size) {
    if ((size_t)(bytes.end - bytes.at) == size) {
        memcpy(id, bytes.at, size);
    } else {
        memset(id, 0, size);
    }
}

static bool read_span(struct graph_reader *reader, struct bytes span) {
    struct found_span found = {.links = span.at, .links_size = (size_t)(span.end - span.at)};
    struct field field;
    while (span.at < span.end && found.fault == NULL) {
        if (!take_field(&span, &field)) {
            found.fault = "its bytes are no protobuf";
        } else if (field.type == BYTES && field.number == 1) {
            read_id(field.bytes, found.context.trace_id, sizeof found.context.trace_id);
        } else if (field.type == BYTES && field.number == 2) {
            read_id(field.bytes, found.context.span_id, sizeof found.context.span_id);
        } else if (field.type == BYTES && field.number == 5) {
            found.name = view(field.bytes);
        }
    }
    return graph_read_span(reader, &found);
}

/* ExportTraceServiceRequest 1 resource_spans, ResourceSpans 2 scope_spans, ScopeSpans 2 spans. */
static bool read_spans(struct graph_reader *reader, struct bytes message, int level) {
    static const uint64_t way[] = {1, 2, 2};
    struct field field;
    while (message.at < message.end) {
        if (!take_field(&message, &field)) {
            graph_refuse(reader, "", "the bytes are no protobuf, or are cut short",
                         "an ExportTraceServiceRequest");
            return true;
        }
        if (field.type == BYTES && field.number == way[level] &&
            !(level == 2 ? read_span(reader, field.bytes)
                         : read_spans(reader, field.bytes, level + 1))) {
            return false;
        }
    }
    return true;
}

bool graph_read_protobuf(struct graph_reader *reader, const uint8_t *bytes, size_t size) {
    return size == 0 || read_spans(reader, (struct bytes){bytes, bytes + size}, 0);
}
