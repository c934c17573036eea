/* SPDX-License-Identifier: MIT */
#include <spanlink/otlp.h>

#include "internal/arena.h"
#include "internal/list/slots.h"
#include "internal/otlp_rules.h"
#include "internal/protobuf.h"

#include <assert.h>

/* The fields, with their wire types, as opentelemetry-proto v1.x numbers them. */
enum {
    SPAN_LINKS = SLNK_PROTOBUF_TAG(13, SLNK_PROTOBUF_BYTES),
    SPAN_DROPPED_LINKS_COUNT = SLNK_PROTOBUF_TAG(14, SLNK_PROTOBUF_VARINT),
    LINK_TRACE_ID = SLNK_PROTOBUF_TAG(1, SLNK_PROTOBUF_BYTES),
    LINK_SPAN_ID = SLNK_PROTOBUF_TAG(2, SLNK_PROTOBUF_BYTES),
    LINK_TRACE_STATE = SLNK_PROTOBUF_TAG(3, SLNK_PROTOBUF_BYTES),
    LINK_ATTRIBUTES = SLNK_PROTOBUF_TAG(4, SLNK_PROTOBUF_BYTES),
    LINK_DROPPED_ATTRIBUTES_COUNT = SLNK_PROTOBUF_TAG(5, SLNK_PROTOBUF_VARINT),
    LINK_FLAGS = SLNK_PROTOBUF_TAG(6, SLNK_PROTOBUF_FIXED32),
    KEY_VALUE_KEY = SLNK_PROTOBUF_TAG(1, SLNK_PROTOBUF_BYTES),
    KEY_VALUE_VALUE = SLNK_PROTOBUF_TAG(2, SLNK_PROTOBUF_BYTES),
    VALUE_STRING = SLNK_PROTOBUF_TAG(1, SLNK_PROTOBUF_BYTES),
    VALUE_BOOL = SLNK_PROTOBUF_TAG(2, SLNK_PROTOBUF_VARINT),
    VALUE_INT = SLNK_PROTOBUF_TAG(3, SLNK_PROTOBUF_VARINT),
    VALUE_DOUBLE = SLNK_PROTOBUF_TAG(4, SLNK_PROTOBUF_FIXED64),
    VALUE_ARRAY = SLNK_PROTOBUF_TAG(5, SLNK_PROTOBUF_BYTES),
    VALUE_MAP = SLNK_PROTOBUF_TAG(6, SLNK_PROTOBUF_BYTES),
    VALUE_BYTES = SLNK_PROTOBUF_TAG(7, SLNK_PROTOBUF_BYTES),
    ARRAY_VALUES = SLNK_PROTOBUF_TAG(1, SLNK_PROTOBUF_BYTES),
    MAP_VALUES = SLNK_PROTOBUF_TAG(1, SLNK_PROTOBUF_BYTES)
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
    return slnk_protobuf_put_varint(writer->buffer, position, tag, (uint64_t)(end - position));
}

static int64_t write_bytes(const otlp_writer *writer, int64_t position, uint8_t tag,
                           const void *bytes, size_t length) {
    if (length > SLNK_OTLP_MAX_SIZE) {
        return position - SLNK_OTLP_MAX_SIZE - 1;
    }
    return slnk_protobuf_put_bytes(writer->buffer, position, tag, bytes, length);
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
        content->byte = (uint8_t)value->string_value.len;
        content->text = value->string_value;
        return slnk_utf8_is_short_ascii(content->text.ptr, content->text.len);
    }
    if (value->type == SPANLINK_VALUE_INT) {
        content->tag = VALUE_INT;
        content->byte = (uint8_t)value->int_value;
        content->text.len = 0;
        return (uint64_t)value->int_value < 128;
    }
    return false;
}

static bool is_short(const spanlink_attribute *attribute, short_value *value) {
    return slnk_utf8_is_short_ascii(attribute->key.ptr, attribute->key.len) &&
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
        slnk_bytes_copy_short(front + 4, key.ptr, key.len);
        front += key.len + 4;
        front[0] = KEY_VALUE_VALUE;
        front[1] = (uint8_t)(value->text.len + 2);
        front[2] = value->tag;
        front[3] = value->byte;
        if (value->text.len != 0) {
            slnk_bytes_copy_short(front + 4, value->text.ptr, value->text.len);
        }
    }
    return position;
}

/* NOLINTBEGIN(misc-no-recursion): values nest, and SLNK_OTLP_MAX_DEPTH bounds how deep */

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
        } else if (slnk_otlp_keeps_key(attribute->key)) {
            position = write_attribute(writer, position, tag, attribute, depth);
        } else {
            writer->dropped = slnk_otlp_add_dropped(writer->dropped, 1);
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
    if (depth == SLNK_OTLP_MAX_DEPTH) {
        writer->fault = SPANLINK_ERR_VALUE_DEPTH;
        return position;
    }
    if (value->type == SPANLINK_VALUE_ARRAY) {
        position = write_values(writer, position, value->array_value.ptr, value->array_value.len,
                                depth + 1);
        return write_head(writer, position, VALUE_ARRAY, end);
    }
    position = write_attributes(writer, position, MAP_VALUES, value->map_value.ptr,
                                value->map_value.len, depth + 1);
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
                           slnk_otlp_is_text(value->string_value) ? VALUE_STRING : VALUE_BYTES,
                           value->string_value.ptr, value->string_value.len);
    case SPANLINK_VALUE_BOOL:
        return slnk_protobuf_put_varint(buffer, position, VALUE_BOOL, value->bool_value);
    case SPANLINK_VALUE_INT:
        return slnk_protobuf_put_varint(buffer, position, VALUE_INT, (uint64_t)value->int_value);
    case SPANLINK_VALUE_DOUBLE:
        return slnk_protobuf_put_fixed64(buffer, position, VALUE_DOUBLE,
                                         bits_of(value->double_value));
    case SPANLINK_VALUE_BYTES:
        return write_bytes(writer, position, VALUE_BYTES, value->bytes_value.ptr,
                           value->bytes_value.len);
    case SPANLINK_VALUE_ARRAY:
    case SPANLINK_VALUE_MAP:
        return write_nested(writer, position, value, depth);
    default:
        writer->fault = SPANLINK_ERR_VALUE_TYPE;
        return position;
    }
}

/* NOLINTEND(misc-no-recursion): here ends what calls itself for nested values */

static int64_t write_link_attributes(otlp_writer *writer, int64_t position,
                                     const spanlink_link *link) {
    if (slnk_otlp_lacks_attributes(link)) {
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
        assert(writer->buffer != NULL);
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
    position =
        slnk_protobuf_put_fixed32(writer->buffer, position, LINK_FLAGS, slnk_otlp_flags(context));
    if (dropped != 0) {
        position = slnk_protobuf_put_varint(writer->buffer, position, LINK_DROPPED_ATTRIBUTES_COUNT,
                                            dropped);
    }
    position = write_link_attributes(writer, position, link);
    if (slnk_otlp_keeps_trace_state(context->trace_state)) {
        position = write_bytes(writer, position, LINK_TRACE_STATE, context->trace_state.ptr,
                               context->trace_state.len);
    }
    return write_ids(writer, position, context);
}

/* The count of dropped attributes stands behind the attributes, so it is written before it is
 * known. Where the guess, the link's own count, was too small, the link is written again. */
static int64_t write_link(otlp_writer *writer, int64_t end, const spanlink_link *link) {
    uint32_t dropped = link->dropped_attributes_count, written;
    int64_t position;
    do {
        written = dropped;
        writer->dropped = 0;
        position = write_content(writer, end, link, written);
        dropped = slnk_otlp_add_dropped(link->dropped_attributes_count, writer->dropped);
    } while (dropped > written);
    return write_head(writer, position, SPAN_LINKS, end);
}

/* Writes into `room` bytes and tells the position reached, which may be below zero. */
static spanlink_status write_links(const spanlink_link *links, size_t count, uint8_t *buffer,
                                   int64_t room, int64_t *reached) {
    otlp_writer writer = {buffer, room - SLNK_OTLP_MAX_SIZE, 0, SPANLINK_OK};
    int64_t position = room;
    for (size_t i = count; i-- > 0 && position >= writer.limit;) {
        position = write_link(&writer, position, &links[i]);
    }
    *reached = position;
    return position < writer.limit ? SPANLINK_ERR_OTLP_SIZE : writer.fault;
}

static int64_t room_of(size_t capacity) {
    return capacity < SLNK_OTLP_MAX_SIZE ? (int64_t)capacity : SLNK_OTLP_MAX_SIZE;
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
        assert(buffer != NULL);
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

/*
 * Decoding, in one pass. The elements of an array are put on a stack, one behind the other, since
 * their number is not known before the array ends; those of arrays inside come and go above them.
 * A complete array moves to the arena. All text stays where it is in the input.
 *
 * While the list has room, each link goes into it as soon as it is read, and a fault further on
 * takes all of them back. Where links will be cut there is no way back: these wait on the stack,
 * and are given to the list in one step.
 */

/* Most links fit into the first part of the stack, so that nothing is allocated. */
enum { FIRST_ROOM = 32 * sizeof(spanlink_attribute) };

typedef struct otlp_decoder {
    spanlink_list *list;
    slnk_arena arena;
    slnk_arena_chunk none; /* the arena's first chunk, without room */
    char *stack;
    size_t used, room;
    uint32_t dropped_links;
    uint64_t void_links;
    union {
        spanlink_attribute aligned;
        char bytes[FIRST_ROOM];
    } first;
} otlp_decoder;

static spanlink_status read_value(otlp_decoder *decoder, slnk_protobuf_reader *message,
                                  unsigned depth, spanlink_value *value);

static void start_decoder(otlp_decoder *decoder, spanlink_list *list) {
    decoder->list = list;
    memset(&decoder->arena, 0, sizeof decoder->arena);
    slnk_arena_lend(&decoder->arena, &decoder->none, sizeof decoder->none);
    decoder->stack = decoder->first.bytes;
    decoder->used = 0;
    decoder->room = sizeof decoder->first.bytes;
    decoder->dropped_links = 0;
    decoder->void_links = 0;
}

static void release_stack(otlp_decoder *decoder) {
    if (decoder->stack != decoder->first.bytes) {
        slnk_memory_release(&decoder->list->allocator, decoder->stack, decoder->room);
    }
}

static bool grow_stack(otlp_decoder *decoder) {
    size_t room = slnk_size_multiply(decoder->room, 2);
    char *stack = slnk_memory_allocate(&decoder->list->allocator, room);
    if (stack == NULL) {
        return false;
    }
    memcpy(stack, decoder->stack, decoder->used);
    release_stack(decoder);
    decoder->stack = stack;
    decoder->room = room;
    return true;
}

static inline spanlink_status push(otlp_decoder *decoder, const void *element, size_t size) {
    if (decoder->room - decoder->used < size && !grow_stack(decoder)) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    memcpy(decoder->stack + decoder->used, element, size);
    decoder->used += size;
    return SPANLINK_OK;
}

/* Moves what lies on the stack from `base` on to the arena. */
static spanlink_status pop_array(otlp_decoder *decoder, size_t base, const void **array) {
    size_t size = decoder->used - base;
    size_t block = (size + SLNK_ARENA_HEADER + 7) & ~(size_t)7;
    if (slnk_arena_left(&decoder->arena) < block &&
        !slnk_arena_grow(&decoder->arena, &decoder->list->allocator, block)) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    *array = memcpy(slnk_arena_take(&decoder->arena, block), decoder->stack + base, size);
    decoder->used = base;
    return SPANLINK_OK;
}

static spanlink_status read_text(slnk_protobuf_reader part, spanlink_str *text) {
    text->ptr = (const char *)part.at;
    text->len = (size_t)(part.end - part.at);
    return slnk_utf8_valid(text->ptr, text->len) ? SPANLINK_OK : SPANLINK_ERR_OTLP_UTF8;
}

/* NOLINTBEGIN(misc-no-recursion): values nest, and SLNK_OTLP_MAX_DEPTH bounds how deep */

static spanlink_status read_key_value(otlp_decoder *decoder, slnk_protobuf_reader *message,
                                      unsigned depth, spanlink_attribute *attribute) {
    memset(attribute, 0, sizeof *attribute);
    while (message->at != message->end) {
        slnk_protobuf_field field;
        spanlink_status status = slnk_protobuf_next(message, &field);
        if (status == SPANLINK_OK && field.tag == KEY_VALUE_KEY) {
            status = read_text(field.part, &attribute->key);
        } else if (status == SPANLINK_OK && field.tag == KEY_VALUE_VALUE) {
            status = read_value(decoder, &field.part, depth, &attribute->value);
        }
        if (status != SPANLINK_OK) {
            return status;
        }
    }
    return SPANLINK_OK;
}

/* Reads a KeyValue onto the stack. */
static spanlink_status push_key_value(otlp_decoder *decoder, slnk_protobuf_reader *message,
                                      unsigned depth) {
    spanlink_attribute attribute;
    spanlink_status status = read_key_value(decoder, message, depth, &attribute);
    return status == SPANLINK_OK ? push(decoder, &attribute, sizeof attribute) : status;
}

/* Reads an AnyValue onto the stack. */
static spanlink_status push_value(otlp_decoder *decoder, slnk_protobuf_reader *message,
                                  unsigned depth) {
    spanlink_value value = {.type = SPANLINK_VALUE_EMPTY};
    spanlink_status status = read_value(decoder, message, depth, &value);
    return status == SPANLINK_OK ? push(decoder, &value, sizeof value) : status;
}

/* An ArrayValue or KeyValueList: both have their elements in field 1. */
static spanlink_status read_nested(otlp_decoder *decoder, slnk_protobuf_reader *message,
                                   unsigned depth, spanlink_value *value) {
    bool is_map = value->type == SPANLINK_VALUE_MAP;
    size_t base = decoder->used, count = 0;
    while (message->at != message->end) {
        slnk_protobuf_field field;
        spanlink_status status = slnk_protobuf_next(message, &field);
        if (status == SPANLINK_OK && field.tag == ARRAY_VALUES) {
            status = is_map ? push_key_value(decoder, &field.part, depth)
                            : push_value(decoder, &field.part, depth);
            count++;
        }
        if (status != SPANLINK_OK) {
            return status;
        }
    }
    const void *array = NULL;
    spanlink_status status = count == 0 ? SPANLINK_OK : pop_array(decoder, base, &array);
    if (is_map) {
        value->map_value.ptr = array;
        value->map_value.len = count;
    } else {
        value->array_value.ptr = array;
        value->array_value.len = count;
    }
    return status;
}

static void read_bytes_value(slnk_protobuf_reader part, spanlink_value *value) {
    value->type = SPANLINK_VALUE_BYTES;
    value->bytes_value.ptr = part.at;
    value->bytes_value.len = (size_t)(part.end - part.at);
}

static void read_double(uint64_t bits, spanlink_value *value) {
    value->type = SPANLINK_VALUE_DOUBLE;
    memcpy(&value->double_value, &bits, sizeof bits);
}

/* One field of an AnyValue. */
static spanlink_status read_value_field(otlp_decoder *decoder, slnk_protobuf_field *field,
                                        unsigned depth, spanlink_value *value) {
    switch (field->tag) {
    case VALUE_STRING:
        value->type = SPANLINK_VALUE_STRING;
        return read_text(field->part, &value->string_value);
    case VALUE_BOOL:
        value->type = SPANLINK_VALUE_BOOL;
        value->bool_value = field->number != 0;
        return SPANLINK_OK;
    case VALUE_INT:
        value->type = SPANLINK_VALUE_INT;
        value->int_value = (int64_t)field->number;
        return SPANLINK_OK;
    case VALUE_DOUBLE:
        read_double(field->number, value);
        return SPANLINK_OK;
    case VALUE_BYTES:
        read_bytes_value(field->part, value);
        return SPANLINK_OK;
    case VALUE_ARRAY:
    case VALUE_MAP:
        value->type = field->tag == VALUE_MAP ? SPANLINK_VALUE_MAP : SPANLINK_VALUE_ARRAY;
        return depth == SLNK_OTLP_MAX_DEPTH ? SPANLINK_ERR_VALUE_DEPTH
                                            : read_nested(decoder, &field->part, depth + 1, value);
    default:
        return SPANLINK_OK;
    }
}

/* The content of an AnyValue; `depth` arrays and maps stand around it. */
static spanlink_status read_value(otlp_decoder *decoder, slnk_protobuf_reader *message,
                                  unsigned depth, spanlink_value *value) {
    while (message->at != message->end) {
        slnk_protobuf_field field;
        spanlink_status status = slnk_protobuf_next(message, &field);
        if (status == SPANLINK_OK) {
            status = read_value_field(decoder, &field, depth, value);
        }
        if (status != SPANLINK_OK) {
            return status;
        }
    }
    return SPANLINK_OK;
}

/* NOLINTEND(misc-no-recursion): here ends what calls itself for nested values */

/* An id that is empty is zero. */
static spanlink_status read_id(slnk_protobuf_reader part, uint8_t *id, ptrdiff_t size,
                               spanlink_status fault) {
    if (part.end - part.at == size) {
        memcpy(id, part.at, (size_t)size);
        return SPANLINK_OK;
    }
    memset(id, 0, (size_t)size);
    return part.at == part.end ? SPANLINK_OK : fault;
}

static void set_flags(uint64_t flags, spanlink_context *context) {
    uint32_t remote = SLNK_OTLP_HAS_IS_REMOTE | SLNK_OTLP_IS_REMOTE;
    context->trace_flags = (uint8_t)flags;
    context->is_remote = (flags & remote) == remote;
}

/* One field of a Link; its attributes go onto the stack. */
static spanlink_status read_link_field(otlp_decoder *decoder, slnk_protobuf_field *field,
                                       spanlink_link *link) {
    spanlink_context *context = &link->context;
    switch (field->tag) {
    case LINK_TRACE_ID:
        return read_id(field->part, context->trace_id, 16, SPANLINK_ERR_OTLP_TRACE_ID);
    case LINK_SPAN_ID:
        return read_id(field->part, context->span_id, 8, SPANLINK_ERR_OTLP_SPAN_ID);
    case LINK_TRACE_STATE:
        return read_text(field->part, &context->trace_state);
    case LINK_ATTRIBUTES:
        link->attribute_count++;
        return push_key_value(decoder, &field->part, 0);
    case LINK_DROPPED_ATTRIBUTES_COUNT:
        link->dropped_attributes_count = (uint32_t)field->number;
        return SPANLINK_OK;
    case LINK_FLAGS:
        set_flags(field->number, context);
        return SPANLINK_OK;
    default:
        return SPANLINK_OK;
    }
}

/*
 * What most links are, as encoders write the fields in order: both ids, short attributes, flags.
 * Each of these is read in one step where it stands at its place; the loop behind it reads what is
 * left, if anything is. With the ids alone so, 128 batch items take 137 k instructions; with all
 * of them, 78.
 */

static void read_leading_ids(slnk_protobuf_reader *message, spanlink_context *context) {
    const uint8_t *at = message->at;
    if (message->end - at >= 28 && at[0] == LINK_TRACE_ID && at[1] == 16 &&
        at[18] == LINK_SPAN_ID && at[19] == 8) {
        memcpy(context->trace_id, at + 2, 16);
        memcpy(context->span_id, at + 20, 8);
        message->at += 28;
    }
}

/*
 * An attribute of fewer than 128 bytes, a key and then a value that fills the rest, which is a
 * string or a number below 128. False, and nothing is taken, for any other, and for text that is
 * not UTF-8.
 */
static inline bool read_short_attribute(slnk_protobuf_reader *message,
                                        spanlink_attribute *attribute) {
    const uint8_t *at = message->at;
    ptrdiff_t left = message->end - at - 2;
    if (left < 6 || at[0] != LINK_ATTRIBUTES || at[1] > 127 || at[1] > left ||
        at[2] != KEY_VALUE_KEY || at[3] > at[1] - 6) {
        return false;
    }
    spanlink_str key = {(const char *)at + 4, at[3]};
    const uint8_t *value = at + 4 + key.len;
    size_t size = at[1] - key.len - 4;
    if (value[0] != KEY_VALUE_VALUE || value[1] != size || !slnk_utf8_valid(key.ptr, key.len)) {
        return false;
    }
    spanlink_str text = {(const char *)value + 4, size - 2};
    if (value[2] == VALUE_STRING && value[3] == text.len && slnk_utf8_valid(text.ptr, text.len)) {
        attribute->value = (spanlink_value){.type = SPANLINK_VALUE_STRING, .string_value = text};
    } else if (value[2] == VALUE_INT && size == 2 && value[3] < 128) {
        attribute->value = (spanlink_value){.type = SPANLINK_VALUE_INT, .int_value = value[3]};
    } else {
        return false;
    }
    attribute->key = key;
    message->at = value + 2 + size;
    return true;
}

/* Attributes onto the stack, as far as it has room. */
static void read_short_attributes(otlp_decoder *decoder, slnk_protobuf_reader *message,
                                  spanlink_link *link) {
    spanlink_attribute *next = (spanlink_attribute *)(void *)(decoder->stack + decoder->used);
    size_t most = (decoder->room - decoder->used) / sizeof *next, count = 0;
    while (count < most && read_short_attribute(message, &next[count])) {
        count++;
    }
    link->attribute_count = count;
    decoder->used += count * sizeof *next;
}

static void read_closing_flags(slnk_protobuf_reader *message, spanlink_context *context) {
    if (message->end - message->at == 5 && message->at[0] == LINK_FLAGS) {
        set_flags(slnk_bytes_load32(message->at + 1), context);
        message->at = message->end;
    }
}

static spanlink_status read_link_fields(otlp_decoder *decoder, slnk_protobuf_reader *message,
                                        spanlink_link *link) {
    memset(link, 0, sizeof *link);
    read_leading_ids(message, &link->context);
    read_short_attributes(decoder, message, link);
    read_closing_flags(message, &link->context);
    while (message->at != message->end) {
        slnk_protobuf_field field;
        spanlink_status status = slnk_protobuf_next(message, &field);
        if (status == SPANLINK_OK) {
            status = read_link_field(decoder, &field, link);
        }
        if (status != SPANLINK_OK) {
            return status;
        }
    }
    return SPANLINK_OK;
}

/* Adds the link whose attributes the stack holds from `base` on. */
static spanlink_status add_link(otlp_decoder *decoder, spanlink_link *link, size_t base) {
    if (link->attribute_count != 0) {
        link->attributes = (const spanlink_attribute *)(const void *)(decoder->stack + base);
    }
    decoder->used = base;
    return spanlink_list_add(decoder->list, link);
}

/* Leaves the link on the stack, in the place of its attributes. */
static spanlink_status keep_link(otlp_decoder *decoder, spanlink_link *link, size_t base) {
    const void *attributes = NULL;
    spanlink_status status =
        link->attribute_count == 0 ? SPANLINK_OK : pop_array(decoder, base, &attributes);
    link->attributes = attributes;
    return status == SPANLINK_OK ? push(decoder, link, sizeof *link) : status;
}

static spanlink_status read_link(otlp_decoder *decoder, slnk_protobuf_reader *message) {
    size_t base = decoder->used;
    spanlink_link link;
    spanlink_status status = read_link_fields(decoder, message, &link);
    if (status != SPANLINK_OK) {
        return status;
    }
    if (slnk_list_points_nowhere(&link.context, link.attribute_count)) {
        decoder->void_links++;
        return SPANLINK_OK;
    }
    bool waits = base != 0 || !slnk_list_has_room(decoder->list, 1);
    return waits ? keep_link(decoder, &link, base) : add_link(decoder, &link, base);
}

static spanlink_status read_span(otlp_decoder *decoder, slnk_protobuf_reader *message) {
    while (message->at != message->end) {
        slnk_protobuf_field field;
        spanlink_status status = slnk_protobuf_next(message, &field);
        if (status == SPANLINK_OK && field.tag == SPAN_LINKS) {
            status = read_link(decoder, &field.part);
        }
        if (status != SPANLINK_OK) {
            return status;
        }
        if (field.tag == SPAN_DROPPED_LINKS_COUNT) {
            decoder->dropped_links = (uint32_t)field.number;
        }
    }
    return SPANLINK_OK;
}

/* The links that had to wait. */
static spanlink_status append_kept(const otlp_decoder *decoder) {
    const void *links = decoder->stack;
    return spanlink_list_append(decoder->list, links, decoder->used / sizeof(spanlink_link));
}

static spanlink_status read_all(otlp_decoder *decoder, slnk_protobuf_reader *message) {
    slnk_list_mark mark = slnk_list_set_mark(decoder->list);
    spanlink_status status = read_span(decoder, message);
    if (status == SPANLINK_OK) {
        status = append_kept(decoder);
    }
    if (status != SPANLINK_OK) {
        slnk_list_go_back(decoder->list, &mark);
    }
    return status;
}

spanlink_status spanlink_otlp_decode(const uint8_t *span, size_t size, spanlink_list *list,
                                     uint32_t *dropped_links) {
    if ((span == NULL && size != 0) || list == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (size > SLNK_OTLP_MAX_SIZE) {
        return SPANLINK_ERR_OTLP_SIZE;
    }
    slnk_protobuf_reader message = {span, span};
    if (size != 0) {
        message.end += size;
    }
    otlp_decoder decoder;
    start_decoder(&decoder, list);
    spanlink_status status = read_all(&decoder, &message);
    release_stack(&decoder);
    slnk_arena_release(&decoder.arena, &list->allocator);
    if (status != SPANLINK_OK) {
        return status;
    }
    slnk_list_count(&list->invalid, decoder.void_links);
    if (dropped_links != NULL) {
        *dropped_links = decoder.dropped_links;
    }
    return SPANLINK_OK;
}
