/* SPDX-License-Identifier: MIT */
#include <spanlink/otlp.h>

#include "internal/otlp_rules.h"
#include "internal/protobuf.h"

/* The fields, with their wire types, as opentelemetry-proto v1.x numbers them. */
enum {
    SPAN_LINKS = SPANLINK_PROTOBUF_TAG(13, SPANLINK_PROTOBUF_BYTES),
    LINK_TRACE_ID = SPANLINK_PROTOBUF_TAG(1, SPANLINK_PROTOBUF_BYTES),
    LINK_SPAN_ID = SPANLINK_PROTOBUF_TAG(2, SPANLINK_PROTOBUF_BYTES),
    LINK_TRACE_STATE = SPANLINK_PROTOBUF_TAG(3, SPANLINK_PROTOBUF_BYTES),
    LINK_ATTRIBUTES = SPANLINK_PROTOBUF_TAG(4, SPANLINK_PROTOBUF_BYTES),
    LINK_DROPPED_ATTRIBUTES_COUNT = SPANLINK_PROTOBUF_TAG(5, SPANLINK_PROTOBUF_VARINT),
    LINK_FLAGS = SPANLINK_PROTOBUF_TAG(6, SPANLINK_PROTOBUF_FIXED32),
    KEY_VALUE_KEY = SPANLINK_PROTOBUF_TAG(1, SPANLINK_PROTOBUF_BYTES),
    KEY_VALUE_VALUE = SPANLINK_PROTOBUF_TAG(2, SPANLINK_PROTOBUF_BYTES),
    VALUE_STRING = SPANLINK_PROTOBUF_TAG(1, SPANLINK_PROTOBUF_BYTES),
    VALUE_BOOL = SPANLINK_PROTOBUF_TAG(2, SPANLINK_PROTOBUF_VARINT),
    VALUE_INT = SPANLINK_PROTOBUF_TAG(3, SPANLINK_PROTOBUF_VARINT),
    VALUE_DOUBLE = SPANLINK_PROTOBUF_TAG(4, SPANLINK_PROTOBUF_FIXED64),
    VALUE_ARRAY = SPANLINK_PROTOBUF_TAG(5, SPANLINK_PROTOBUF_BYTES),
    VALUE_MAP = SPANLINK_PROTOBUF_TAG(6, SPANLINK_PROTOBUF_BYTES),
    VALUE_BYTES = SPANLINK_PROTOBUF_TAG(7, SPANLINK_PROTOBUF_BYTES),
    ARRAY_VALUES = SPANLINK_PROTOBUF_TAG(1, SPANLINK_PROTOBUF_BYTES),
    MAP_VALUES = SPANLINK_PROTOBUF_TAG(1, SPANLINK_PROTOBUF_BYTES)
};

/*
 * Encoding, from the last link to the first: see internal/protobuf.h. Arrays of arrays may share
 * their elements and so be far larger than the memory that they take, so that the loops stop at the
 * limit. A bad value is passed over, and the last one met, which is the first in order, decides.
 */

typedef struct otlp_writer {
    uint8_t *buffer;
    int64_t limit; /* A position below it means that the result is too large. */
    uint32_t dropped;
    spanlink_status fault;
} otlp_writer;

static int64_t write_value(otlp_writer *writer, int64_t position, const spanlink_value *value,
                           unsigned depth);

static int64_t write_head(const otlp_writer *writer, int64_t position, uint8_t tag, int64_t end) {
    return spanlink_protobuf_put_varint(writer->buffer, position, tag, (uint64_t)(end - position));
}

static int64_t write_bytes(const otlp_writer *writer, int64_t position, uint8_t tag,
                           const void *bytes, size_t length) {
    if (length > SPANLINK_OTLP_MAX_SIZE) {
        return position - SPANLINK_OTLP_MAX_SIZE - 1;
    }
    return spanlink_protobuf_put_bytes(writer->buffer, position, tag, bytes, length);
}

/*
 * What most attributes are: a key of 8 to 16 ASCII characters with a string like it, or with a
 * number below 128. Such a value is a tag, one byte, and a text that is as long as the byte says.
 * Every length is one byte then, and the whole attribute is written in one step: half the
 * instructions for 128 batch items (30 k; without this, 50 k).
 */
typedef struct short_value {
    uint8_t tag, byte;
    spanlink_str text;
} short_value;

static bool is_short_value(const spanlink_value *value, short_value *content) {
    if (value->type == SPANLINK_VALUE_STRING) {
        content->tag = VALUE_STRING;
        content->byte = (uint8_t)value->as.string.len;
        content->text = value->as.string;
        return spanlink_utf8_is_short_ascii(content->text.ptr, content->text.len);
    }
    if (value->type == SPANLINK_VALUE_INT) {
        content->tag = VALUE_INT;
        content->byte = (uint8_t)value->as.integer;
        content->text.len = 0;
        return (uint64_t)value->as.integer < 128;
    }
    return false;
}

static bool is_short(const spanlink_attribute *attribute, short_value *value) {
    return spanlink_utf8_is_short_ascii(attribute->key.ptr, attribute->key.len) &&
           is_short_value(&attribute->value, value);
}

static int64_t write_short_attribute(const otlp_writer *writer, int64_t position, uint8_t tag,
                                     spanlink_str key, const short_value *value) {
    position -= (int64_t)(key.len + value->text.len + 8);
    if (position >= 0) {
        uint8_t *front = writer->buffer + position;
        front[0] = tag;
        front[1] = (uint8_t)(key.len + value->text.len + 6);
        front[2] = KEY_VALUE_KEY;
        front[3] = (uint8_t)key.len;
        spanlink_bytes_copy_short(front + 4, key.ptr, key.len);
        front += key.len + 4;
        front[0] = KEY_VALUE_VALUE;
        front[1] = (uint8_t)(value->text.len + 2);
        front[2] = value->tag;
        front[3] = value->byte;
        if (value->text.len != 0) {
            spanlink_bytes_copy_short(front + 4, value->text.ptr, value->text.len);
        }
    }
    return position;
}

/* An attribute of any kind. */
static int64_t write_attribute(otlp_writer *writer, int64_t position, uint8_t tag,
                               const spanlink_attribute *attribute, unsigned depth) {
    int64_t end = position;
    position = write_value(writer, position, &attribute->value, depth);
    position = write_head(writer, position, KEY_VALUE_VALUE, end);
    position = write_bytes(writer, position, KEY_VALUE_KEY, attribute->key.ptr, attribute->key.len);
    return write_head(writer, position, tag, end);
}

static int64_t write_attributes(otlp_writer *writer, int64_t position, uint8_t tag,
                                const spanlink_attribute *attributes, size_t count,
                                unsigned depth) {
    size_t left = count;
    while (left != 0 && position >= writer->limit) {
        const spanlink_attribute *attribute = &attributes[--left];
        short_value value;
        if (is_short(attribute, &value)) {
            position = write_short_attribute(writer, position, tag, attribute->key, &value);
        } else if (spanlink_otlp_keeps_key(attribute->key)) {
            position = write_attribute(writer, position, tag, attribute, depth);
        } else {
            writer->dropped = spanlink_otlp_add_dropped(writer->dropped, 1);
        }
    }
    return position;
}

static int64_t write_values(otlp_writer *writer, int64_t position, const spanlink_value *values,
                            size_t count, unsigned depth) {
    for (size_t i = count; i-- > 0 && position >= writer->limit;) {
        int64_t end = position;
        position = write_value(writer, position, &values[i], depth);
        position = write_head(writer, position, ARRAY_VALUES, end);
    }
    return position;
}

static int64_t write_nested(otlp_writer *writer, int64_t position, const spanlink_value *value,
                            unsigned depth) {
    int64_t end = position;
    if (depth == SPANLINK_OTLP_MAX_DEPTH) {
        writer->fault = SPANLINK_ERR_VALUE_DEPTH;
        return position;
    }
    if (value->type == SPANLINK_VALUE_ARRAY) {
        position =
            write_values(writer, position, value->as.array.ptr, value->as.array.len, depth + 1);
        return write_head(writer, position, VALUE_ARRAY, end);
    }
    position = write_attributes(writer, position, MAP_VALUES, value->as.map.ptr, value->as.map.len,
                                depth + 1);
    return write_head(writer, position, VALUE_MAP, end);
}

static uint64_t bits_of(double real) {
    uint64_t bits;
    memcpy(&bits, &real, sizeof bits);
    return bits;
}

/* The content of an AnyValue; `depth` arrays and maps stand around it. */
static int64_t write_value(otlp_writer *writer, int64_t position, const spanlink_value *value,
                           unsigned depth) {
    uint8_t *buffer = writer->buffer;
    switch (value->type) {
    case SPANLINK_VALUE_EMPTY:
        return position;
    case SPANLINK_VALUE_STRING:
        return write_bytes(writer, position,
                           spanlink_otlp_is_text(value->as.string) ? VALUE_STRING : VALUE_BYTES,
                           value->as.string.ptr, value->as.string.len);
    case SPANLINK_VALUE_BOOL:
        return spanlink_protobuf_put_varint(buffer, position, VALUE_BOOL, value->as.boolean);
    case SPANLINK_VALUE_INT:
        return spanlink_protobuf_put_varint(buffer, position, VALUE_INT,
                                            (uint64_t)value->as.integer);
    case SPANLINK_VALUE_DOUBLE:
        return spanlink_protobuf_put_fixed64(buffer, position, VALUE_DOUBLE,
                                             bits_of(value->as.real));
    case SPANLINK_VALUE_BYTES:
        return write_bytes(writer, position, VALUE_BYTES, value->as.bytes.ptr, value->as.bytes.len);
    case SPANLINK_VALUE_ARRAY:
    case SPANLINK_VALUE_MAP:
        return write_nested(writer, position, value, depth);
    default:
        writer->fault = SPANLINK_ERR_VALUE_TYPE;
        return position;
    }
}

static int64_t write_link_attributes(otlp_writer *writer, int64_t position,
                                     const spanlink_link *link) {
    if (spanlink_otlp_lacks_attributes(link)) {
        writer->fault = SPANLINK_ERR_ARGUMENT;
        return position;
    }
    return write_attributes(writer, position, LINK_ATTRIBUTES, link->attributes,
                            link->attribute_count, 0);
}

/* Both ids, in one step because no link lacks them. */
static int64_t write_ids(const otlp_writer *writer, int64_t position,
                         const spanlink_context *context) {
    position -= 28;
    if (position >= 0) {
        uint8_t *front = writer->buffer + position;
        front[0] = LINK_TRACE_ID;
        front[1] = sizeof context->trace_id;
        memcpy(front + 2, context->trace_id, sizeof context->trace_id);
        front[18] = LINK_SPAN_ID;
        front[19] = sizeof context->span_id;
        memcpy(front + 20, context->span_id, sizeof context->span_id);
    }
    return position;
}

static int64_t write_content(otlp_writer *writer, int64_t position, const spanlink_link *link,
                             uint32_t dropped) {
    const spanlink_context *context = &link->context;
    position = spanlink_protobuf_put_fixed32(writer->buffer, position, LINK_FLAGS,
                                             spanlink_otlp_flags(context));
    if (dropped != 0) {
        position = spanlink_protobuf_put_varint(writer->buffer, position,
                                                LINK_DROPPED_ATTRIBUTES_COUNT, dropped);
    }
    position = write_link_attributes(writer, position, link);
    if (spanlink_otlp_keeps_trace_state(context->trace_state)) {
        position = write_bytes(writer, position, LINK_TRACE_STATE, context->trace_state.ptr,
                               context->trace_state.len);
    }
    return write_ids(writer, position, context);
}

/* The count of dropped attributes stands behind the attributes, so it is written before it is
 * known. Where the guess, the link's own count, was too small, the link is written again. */
static int64_t write_link(otlp_writer *writer, int64_t end, const spanlink_link *link) {
    uint32_t dropped = link->dropped_attribute_count, written;
    int64_t position;
    do {
        written = dropped;
        writer->dropped = 0;
        position = write_content(writer, end, link, written);
        dropped = spanlink_otlp_add_dropped(link->dropped_attribute_count, writer->dropped);
    } while (dropped > written);
    return write_head(writer, position, SPAN_LINKS, end);
}

/* Writes into `room` bytes and tells the position reached, which may be below zero. */
static spanlink_status write_links(const spanlink_link *links, size_t count, uint8_t *buffer,
                                   int64_t room, int64_t *reached) {
    otlp_writer writer = {buffer, room - SPANLINK_OTLP_MAX_SIZE, 0, SPANLINK_OK};
    int64_t position = room;
    for (size_t i = count; i-- > 0 && position >= writer.limit;) {
        position = write_link(&writer, position, &links[i]);
    }
    *reached = position;
    return position < writer.limit ? SPANLINK_ERR_OTLP_SIZE : writer.fault;
}

static int64_t room_of(size_t capacity) {
    return capacity < SPANLINK_OTLP_MAX_SIZE ? (int64_t)capacity : SPANLINK_OTLP_MAX_SIZE;
}

size_t spanlink_otlp_size(const spanlink_link *links, size_t count) {
    int64_t position;
    if ((links == NULL && count != 0) ||
        write_links(links, count, NULL, 0, &position) != SPANLINK_OK) {
        return SIZE_MAX;
    }
    return (size_t)-position;
}

spanlink_status spanlink_otlp_encode(const spanlink_link *links, size_t count, uint8_t *buffer,
                                     size_t capacity, size_t *written) {
    if ((links == NULL && count != 0) || (buffer == NULL && capacity != 0) || written == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    int64_t room = room_of(capacity), position;
    spanlink_status status = write_links(links, count, buffer, room, &position);
    if (status != SPANLINK_OK) {
        return status;
    }
    *written = (size_t)(room - position);
    if (position < 0) {
        return SPANLINK_ERR_CAPACITY;
    }
    if (*written != 0) {
        memmove(buffer, buffer + position, *written);
    }
    return SPANLINK_OK;
}

size_t spanlink_otlp_fit(const spanlink_link *links, size_t count, size_t capacity) {
    int64_t room = room_of(capacity);
    size_t fitting = 0;
    while (links != NULL && fitting < count) {
        int64_t position;
        if (write_links(&links[fitting], 1, NULL, 0, &position) != SPANLINK_OK ||
            room + position < 0) {
            break;
        }
        room += position;
        fitting++;
    }
    return fitting;
}
