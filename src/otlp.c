/* SPDX-License-Identifier: MIT */
#include <spanlink/otlp.h>

#include "internal/arena.h"
#include "internal/compiler.h"
#include "internal/list/slots.h"
#include "internal/names.h"
#include "internal/options.h"
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

enum { TRACE_ID_SIZE = 16, SPAN_ID_SIZE = 8 };

/*
 * Encoding, from the last link to the first: see internal/protobuf.h. Arrays of arrays may share
 * their elements and so be far larger than their memory, so the loops stop at the limit. An invalid
 * value is skipped, and the last one found, which is the first in order, determines the status.
 *
 * `messages` counts the nested messages of a request: see internal/otlp_rules.h.
 */

typedef struct otlp_writer {
    uint8_t *buffer;
    int64_t limit; /* A position below this limit means that the result is too large. */
    uint32_t dropped;
    spanlink_status fault;
} otlp_writer;

static int64_t write_value(otlp_writer *writer, int64_t position, const spanlink_value *value,
                           unsigned messages);

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

/* NOLINTBEGIN(misc-no-recursion): values nest, SLNK_OTLP_MOST_MESSAGES at most */

/* An attribute of any kind. */
static int64_t write_attribute(otlp_writer *writer, int64_t position, uint8_t tag,
                               const spanlink_attribute *attribute, unsigned messages) {
    int64_t end = position;
    position = write_value(writer, position, &attribute->value, messages);
    position = write_head(writer, position, KEY_VALUE_VALUE, end);
    position = write_bytes(writer, position, KEY_VALUE_KEY, attribute->key.ptr, attribute->key.len);
    return write_head(writer, position, tag, end);
}

static int64_t write_attributes(otlp_writer *writer, int64_t position, uint8_t tag,
                                spanlink_attributes attributes, unsigned messages) {
    for (size_t left = attributes.len; left != 0 && position >= writer->limit; left--) {
        const spanlink_attribute *attribute = &attributes.ptr[left - 1];
        if (slnk_otlp_keeps_key(attribute->key)) {
            position = write_attribute(writer, position, tag, attribute, messages);
        } else {
            writer->dropped = slnk_link_add_dropped(writer->dropped, 1);
        }
    }
    return position;
}

static int64_t write_array(otlp_writer *writer, int64_t end, spanlink_values array,
                           unsigned messages) {
    int64_t position = end;
    if (!slnk_otlp_keeps_array(array, messages)) {
        return end;
    }
    for (size_t left = array.len; left != 0 && position >= writer->limit; left--) {
        int64_t element_end = position;
        position = write_value(writer, position, &array.ptr[left - 1],
                               messages + SLNK_OTLP_ARRAY_MESSAGES);
        position = write_head(writer, position, ARRAY_VALUES, element_end);
    }
    return write_head(writer, position, VALUE_ARRAY, end);
}

static int64_t write_map(otlp_writer *writer, int64_t end, spanlink_attributes map,
                         unsigned messages) {
    if (!slnk_otlp_keeps_map(map, messages)) {
        return end;
    }
    int64_t position =
        write_attributes(writer, end, MAP_VALUES, map, messages + SLNK_OTLP_MAP_MESSAGES);
    return write_head(writer, position, VALUE_MAP, end);
}

static int64_t write_string(const otlp_writer *writer, int64_t position, spanlink_str text) {
    uint8_t tag = slnk_otlp_is_text(text) ? VALUE_STRING : VALUE_BYTES;
    return write_bytes(writer, position, tag, text.ptr, text.len);
}

/* The bits are copied: a processor register could make a signalling NaN quiet. */
static int64_t write_double(const otlp_writer *writer, int64_t position, const double *number) {
    uint64_t bits;
    memcpy(&bits, number, sizeof bits);
    return slnk_protobuf_put_fixed(writer->buffer, position, VALUE_DOUBLE, bits, 8);
}

/* The content of an AnyValue, which is the `messages`-th one. */
static int64_t write_value(otlp_writer *writer, int64_t position, const spanlink_value *value,
                           unsigned messages) {
    uint8_t *buffer = writer->buffer;
    switch (value->type) {
    case SPANLINK_VALUE_EMPTY:
        return position;
    case SPANLINK_VALUE_STRING:
        return write_string(writer, position, value->string_value);
    case SPANLINK_VALUE_BOOL:
        return slnk_protobuf_put_varint(buffer, position, VALUE_BOOL, value->bool_value);
    case SPANLINK_VALUE_INT:
        return slnk_protobuf_put_varint(buffer, position, VALUE_INT, (uint64_t)value->int_value);
    case SPANLINK_VALUE_DOUBLE:
        return write_double(writer, position, &value->double_value);
    case SPANLINK_VALUE_BYTES:
        return write_bytes(writer, position, VALUE_BYTES, value->bytes_value.ptr,
                           value->bytes_value.len);
    case SPANLINK_VALUE_ARRAY:
        return write_array(writer, position, value->array_value, messages);
    case SPANLINK_VALUE_MAP:
        return write_map(writer, position, value->map_value, messages);
    default:
        writer->fault = SPANLINK_ERR_VALUE_TYPE;
        return position;
    }
}

/* NOLINTEND(misc-no-recursion): the end of what calls itself for nested values */

static int64_t write_link_attributes(otlp_writer *writer, int64_t position,
                                     const spanlink_link *link) {
    if (slnk_link_lacks_attributes(link)) {
        writer->fault = SPANLINK_ERR_ARGUMENT;
        return position;
    }
    spanlink_attributes attributes = {link->attributes, link->attribute_count};
    return write_attributes(writer, position, LINK_ATTRIBUTES, attributes,
                            SLNK_OTLP_ATTRIBUTE_MESSAGES);
}

static int64_t write_content(otlp_writer *writer, int64_t position, const spanlink_link *link,
                             uint32_t dropped) {
    const spanlink_context *context = &link->context;
    uint32_t flags = slnk_otlp_flags(context);
    if (flags != 0) {
        position = slnk_protobuf_put_fixed(writer->buffer, position, LINK_FLAGS, flags, 4);
    }
    if (dropped != 0) {
        position = slnk_protobuf_put_varint(writer->buffer, position, LINK_DROPPED_ATTRIBUTES_COUNT,
                                            dropped);
    }
    position = write_link_attributes(writer, position, link);
    if (slnk_link_keeps_trace_state(context->trace_state)) {
        position = write_bytes(writer, position, LINK_TRACE_STATE, context->trace_state.ptr,
                               context->trace_state.len);
    }
    position = write_bytes(writer, position, LINK_SPAN_ID, context->span_id, SPAN_ID_SIZE);
    return write_bytes(writer, position, LINK_TRACE_ID, context->trace_id, TRACE_ID_SIZE);
}

/* The count of dropped attributes follows the attributes, so it is written before it is known. If
 * the estimate, the link's own count, was too small, the link is written again. */
SLNK_APART static int64_t write_any_link(otlp_writer *writer, int64_t end,
                                         const spanlink_link *link) {
    uint32_t dropped = link->dropped_attributes_count, written;
    int64_t position;
    do {
        written = dropped;
        writer->dropped = 0;
        position = write_content(writer, end, link, written);
        dropped = slnk_link_add_dropped(link->dropped_attributes_count, writer->dropped);
    } while (dropped > written);
    return write_head(writer, position, SPAN_LINKS, end);
}

/*
 * Plain links, as most are: few attributes, each with a short key and a short text, a number below
 * 128 or a bool, and otherwise only ids and known flags. If there is certainly enough space for
 * such a link, it is written without bounds checks. Each of these functions writes before `end` and
 * returns the start, or NULL if the link is not plain; the bytes written then have no meaning.
 */

/* An attribute of two such texts has at most SHORT_ATTRIBUTE bytes. */
enum { SHORT_TEXT = 60, SHORT_ATTRIBUTE = 2 * SHORT_TEXT + 8, FEW_ATTRIBUTES = 100 };

/* Ids and flags with their tags and lengths, and the head of the link. */
enum { PLAIN_LINK = 2 + TRACE_ID_SIZE + 2 + SPAN_ID_SIZE + 5 + 3 };

/* A text of another length, or one that is not ASCII. */
SLNK_APART static uint8_t *put_odd_text(uint8_t *end, spanlink_str text, size_t least) {
    if (text.len < least || text.len > SHORT_TEXT ||
        !slnk_utf8_valid_sequences(text.ptr, text.len)) {
        return NULL;
    }
    slnk_bytes_copy(end - text.len, text.ptr, text.len);
    return end - text.len;
}

static inline uint8_t *put_short_text(uint8_t *end, spanlink_str text, size_t least) {
    if (!slnk_utf8_is_short_ascii(text.ptr, text.len)) {
        return put_odd_text(end, text, least);
    }
    slnk_bytes_copy_short(end - text.len, text.ptr, text.len);
    return end - text.len;
}

/* Two tags, each followed by one byte, which is a length or a number. */
static inline uint8_t *put_tags(uint8_t *end, uint8_t tag, size_t byte, uint8_t inner_tag,
                                uint8_t inner_byte) {
    end[-4] = tag;
    end[-3] = (uint8_t)byte;
    end[-2] = inner_tag;
    end[-1] = inner_byte;
    return end - 4;
}

static inline uint8_t *put_short_value(uint8_t *end, const spanlink_value *value) {
    if (value->type == SPANLINK_VALUE_STRING) {
        uint8_t length = (uint8_t)value->string_value.len;
        uint8_t *front = put_short_text(end, value->string_value, 0);
        return front == NULL ? NULL
                             : put_tags(front, KEY_VALUE_VALUE, length + 2U, VALUE_STRING, length);
    }
    if (value->type == SPANLINK_VALUE_INT && (uint64_t)value->int_value < 128) {
        return put_tags(end, KEY_VALUE_VALUE, 2, VALUE_INT, (uint8_t)value->int_value);
    }
    return value->type != SPANLINK_VALUE_BOOL
               ? NULL
               : put_tags(end, KEY_VALUE_VALUE, 2, VALUE_BOOL, value->bool_value);
}

static inline uint8_t *put_short_attribute(uint8_t *end, const spanlink_attribute *attribute) {
    uint8_t *value = put_short_value(end, &attribute->value);
    uint8_t *key = value == NULL ? NULL : put_short_text(value, attribute->key, 1);
    return key == NULL ? NULL
                       : put_tags(key, LINK_ATTRIBUTES, (size_t)(end - key) + 2, KEY_VALUE_KEY,
                                  (uint8_t)attribute->key.len);
}

static inline uint8_t *put_id(uint8_t *end, uint8_t tag, const uint8_t *id, uint8_t size) {
    uint8_t *front = end - size - 2;
    front[0] = tag;
    front[1] = size;
    memcpy(front + 2, id, size);
    return front;
}

/* Only if it is known whether the context is remote: otherwise the flags may be 0, and are omitted.
 */
static inline uint8_t *put_flags(uint8_t *end, const spanlink_context *context) {
    end[-5] = LINK_FLAGS;
    end[-4] = context->trace_flags;
    end[-3] = (SLNK_OTLP_HAS_IS_REMOTE | (context->is_remote ? SLNK_OTLP_IS_REMOTE : 0)) >> 8;
    end[-2] = end[-1] = 0;
    return end - 5;
}

static inline uint8_t *put_plain_head(uint8_t *end, size_t size) {
    if (size >= 128) {
        *--end = (uint8_t)(size >> 7);
        size |= 128;
    }
    end[-2] = SPAN_LINKS;
    end[-1] = (uint8_t)size;
    return end - 2;
}

static uint8_t *put_plain_link(uint8_t *end, const spanlink_link *link) {
    uint8_t *front = put_flags(end, &link->context);
    const spanlink_attribute *attributes = link->attributes;
    for (size_t left = link->attribute_count; left != 0; left--) {
        front = put_short_attribute(front, &attributes[left - 1]);
        if (front == NULL) {
            return NULL;
        }
    }
    front = put_id(front, LINK_SPAN_ID, link->context.span_id, SPAN_ID_SIZE);
    front = put_id(front, LINK_TRACE_ID, link->context.trace_id, TRACE_ID_SIZE);
    return put_plain_head(front, (size_t)(end - front));
}

/* Whether a link may be plain and then certainly fits before `end`. Missing attributes are detected
 * before anything is written. */
static inline bool may_be_plain(const spanlink_link *link, int64_t end) {
    return link->attribute_count <= FEW_ATTRIBUTES &&
           end >= PLAIN_LINK + SHORT_ATTRIBUTE * (int64_t)link->attribute_count &&
           (link->context.trace_state.len | link->dropped_attributes_count |
            link->context.remote_unknown) == 0;
}

static int64_t write_link(otlp_writer *writer, int64_t end, const spanlink_link *link) {
    if (SLNK_UNLESS_SMALL(may_be_plain(link, end))) {
        assert(writer->buffer != NULL);
        const uint8_t *front = put_plain_link(writer->buffer + end, link);
        if (front != NULL) {
            return front - writer->buffer;
        }
    }
    return write_any_link(writer, end, link);
}

static int64_t room_of(size_t capacity) {
    return capacity < SLNK_OTLP_MAX_SIZE ? (int64_t)capacity : SLNK_OTLP_MAX_SIZE;
}

/* Written to the end of the buffer, and then moved to its front. */
static spanlink_status write_span(const slnk_otlp_span *span, void *buffer, size_t capacity,
                                  uint64_t *length) {
    int64_t room = room_of(capacity), position = room;
    otlp_writer writer = {buffer, room - SLNK_OTLP_MAX_SIZE, 0, SPANLINK_OK};
    if (span->dropped_links != 0) {
        position = slnk_protobuf_put_varint(buffer, position, SPAN_DROPPED_LINKS_COUNT,
                                            span->dropped_links);
    }
    for (size_t left = span->count; left != 0 && position >= writer.limit; left--) {
        position = write_link(&writer, position, &span->links[left - 1]);
    }
    *length = (uint64_t)(room - position);
    if (position > 0 && position != room) {
        memmove(buffer, writer.buffer + position, (size_t)*length);
    }
    return position < writer.limit ? SPANLINK_ERR_OTLP_SIZE : writer.fault;
}

uint32_t spanlink_otlp_flags(const spanlink_context *context) {
    return context == NULL ? 0 : slnk_otlp_flags(context);
}

size_t spanlink_otlp_size(const spanlink_link *links, size_t count) {
    return slnk_otlp_size(write_span, links, count);
}

size_t spanlink_otlp_list_size(spanlink_list *list) {
    return slnk_otlp_list_size(write_span, list);
}

spanlink_status spanlink_otlp_encode(const spanlink_link *links, size_t count, uint8_t *buffer,
                                     size_t capacity, size_t *written) {
    return slnk_otlp_encode(write_span, links, count, buffer, capacity, written);
}

spanlink_status spanlink_otlp_encode_list(spanlink_list *list, uint8_t *buffer, size_t capacity,
                                          size_t *written) {
    return slnk_otlp_encode_list(write_span, list, buffer, capacity, written);
}

size_t spanlink_otlp_fit(const spanlink_link *links, size_t count, size_t capacity) {
    size_t left = (size_t)room_of(slnk_options_number(capacity, 0)), fitting = 0;
    while (links != NULL && fitting < count) {
        size_t size = spanlink_otlp_size(&links[fitting], 1);
        if (size > left) {
            break;
        }
        left -= size;
        fitting++;
    }
    return fitting;
}

/*
 * Decoding, in one pass. The elements of an array are pushed onto a stack, because their number is
 * unknown until the array ends; elements of nested arrays are pushed on top of them. A complete
 * array is moved to the arena. Texts are not copied: they point into the input.
 *
 * As long as the list is not full, each link is added as soon as it is read, and a later error
 * removes all of them again. If links may be dropped, this is impossible: from then on links wait,
 * and are added to the list in one step at the end.
 */

/* Most links fit into the first part of the stack, so that nothing is allocated. */
enum { FIRST_ATTRIBUTES = 32 };

typedef struct otlp_stack {
    char *bytes;
    size_t used, capacity;
    size_t allocated; /* 0, or `capacity` if the bytes are the allocator's */
} otlp_stack;

typedef struct otlp_decoder {
    spanlink_list *list;
    size_t max_depth;      /* levels of arrays and maps that the list keeps */
    otlp_stack elements;   /* of the current link */
    slnk_arena arena;      /* arrays and maps, and the attributes of waiting links */
    slnk_arena_chunk none; /* the arena's first chunk, which is empty */
    bool waits;            /* links wait for the end of the Span */
    otlp_stack waiting;    /* those links */
    size_t links;          /* the Span's `links` fields, invalid links included */
    size_t links_left;     /* of them, not read yet */
    uint64_t void_links;
    uint64_t marked_links;  /* the number of links according to the markers, 0 without markers */
    uint32_t dropped_links; /* the Span's dropped_links_count */
    spanlink_attribute first_elements[FIRST_ATTRIBUTES]; /* last: all before it begins as zero */
} otlp_decoder;

/* The decoder's memory */

static void start_decoder(otlp_decoder *decoder, spanlink_list *list) {
    memset(decoder, 0, offsetof(otlp_decoder, first_elements));
    decoder->list = list;
    decoder->max_depth = slnk_copy_max_depth(&list->limits);
    decoder->elements.bytes = (char *)decoder->first_elements;
    decoder->elements.capacity = sizeof decoder->first_elements;
    slnk_arena_lend(&decoder->arena, &decoder->none, sizeof decoder->none);
}

static void release_stack(const otlp_decoder *decoder, otlp_stack *stack) {
    if (stack->allocated != 0) {
        slnk_memory_release(&decoder->list->allocator, stack->bytes, stack->allocated);
    }
}

static void end_decoder(otlp_decoder *decoder) {
    release_stack(decoder, &decoder->elements);
    release_stack(decoder, &decoder->waiting);
    slnk_arena_release(&decoder->arena, &decoder->list->allocator);
}

static bool grow_stack(const otlp_decoder *decoder, otlp_stack *stack) {
    size_t capacity = stack->capacity == 0 ? sizeof decoder->first_elements
                                           : slnk_size_multiply(stack->capacity, 2);
    char *bytes = slnk_memory_allocate(&decoder->list->allocator, capacity);
    if (bytes == NULL) {
        return false;
    }
    slnk_bytes_copy(bytes, stack->bytes, stack->used);
    release_stack(decoder, stack);
    stack->bytes = bytes;
    stack->capacity = stack->allocated = capacity;
    return true;
}

static inline spanlink_status push(const otlp_decoder *decoder, otlp_stack *stack,
                                   const void *element, size_t size) {
    if (stack->capacity - stack->used < size && !grow_stack(decoder, stack)) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    memcpy(stack->bytes + stack->used, element, size);
    stack->used += size;
    return SPANLINK_OK;
}

/* Moves the elements from `base` on to the arena. */
static spanlink_status pop_array(otlp_decoder *decoder, size_t base, const void **array) {
    otlp_stack *elements = &decoder->elements;
    size_t size = elements->used - base;
    size_t block = (size + SLNK_ARENA_HEADER + 7) & ~(size_t)7;
    if (!slnk_arena_has_room(&decoder->arena, block, block) &&
        !slnk_arena_grow(&decoder->arena, &decoder->list->allocator, block)) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    *array = memcpy(slnk_arena_take(&decoder->arena, block - SLNK_ARENA_HEADER),
                    elements->bytes + base, size);
    elements->used = base;
    return SPANLINK_OK;
}

/* Values and attributes */

static spanlink_status read_value(otlp_decoder *decoder, slnk_protobuf_reader *message,
                                  size_t depth, spanlink_value *value);

static spanlink_str read_part(slnk_protobuf_reader part) {
    return (spanlink_str){(const char *)part.at, (size_t)(part.end - part.at)};
}

/* A key or a string value; false if it is not UTF-8. The library's own names, which its factories
 * use, are replaced by their static texts: a list need not copy them. */
static inline bool read_name(slnk_protobuf_reader part, spanlink_str *text) {
    *text = read_part(part);
    if (slnk_utf8_is_short_ascii(text->ptr, text->len)) {
        text->ptr = slnk_name_find(text->ptr, text->len);
        return true;
    }
    return slnk_utf8_valid_sequences(text->ptr, text->len);
}

static spanlink_status read_text(slnk_protobuf_reader part, spanlink_str *text) {
    return read_name(part, text) ? SPANLINK_OK : SPANLINK_ERR_OTLP_UTF8;
}

static spanlink_status read_trace_state(slnk_protobuf_reader part, spanlink_str *state) {
    *state = read_part(part);
    return slnk_utf8_valid(state->ptr, state->len) ? SPANLINK_OK : SPANLINK_ERR_OTLP_UTF8;
}

/* Takes the next field, if there is one and no error before it. */
static bool take_field(slnk_protobuf_reader *message, slnk_protobuf_field *field,
                       spanlink_status *status) {
    if (*status == SPANLINK_OK && message->at != message->end) {
        *status = slnk_protobuf_next(message, field);
        return *status == SPANLINK_OK;
    }
    return false;
}

/* NOLINTBEGIN(misc-no-recursion): values nest, as deep as the list keeps them */

/* The content of a KeyValue. `depth` arrays and maps are around it. */
static spanlink_status read_key_value(otlp_decoder *decoder, slnk_protobuf_reader *message,
                                      size_t depth, spanlink_attribute *attribute) {
    spanlink_status status = SPANLINK_OK;
    slnk_protobuf_field field;
    memset(attribute, 0, sizeof *attribute);
    while (take_field(message, &field, &status)) {
        if (field.tag == KEY_VALUE_KEY) {
            status = read_text(field.part, &attribute->key);
        } else if (field.tag == KEY_VALUE_VALUE) {
            status = read_value(decoder, &field.part, depth, &attribute->value);
        }
    }
    return status;
}

static spanlink_status push_key_value(otlp_decoder *decoder, slnk_protobuf_reader *message,
                                      size_t depth) {
    spanlink_attribute attribute;
    spanlink_status status = read_key_value(decoder, message, depth, &attribute);
    return status == SPANLINK_OK ? push(decoder, &decoder->elements, &attribute, sizeof attribute)
                                 : status;
}

static spanlink_status push_value(otlp_decoder *decoder, slnk_protobuf_reader *message,
                                  size_t depth) {
    spanlink_value value = {.type = SPANLINK_VALUE_EMPTY};
    spanlink_status status = read_value(decoder, message, depth, &value);
    return status == SPANLINK_OK ? push(decoder, &decoder->elements, &value, sizeof value) : status;
}

/* An ArrayValue or KeyValueList: both have their elements in field 1. */
static spanlink_status read_elements(otlp_decoder *decoder, slnk_protobuf_reader *message,
                                     size_t depth, bool is_map, spanlink_value *value) {
    size_t base = decoder->elements.used, count = 0;
    const void *array = NULL;
    spanlink_status status = SPANLINK_OK;
    slnk_protobuf_field field;
    while (take_field(message, &field, &status)) {
        if (field.tag == ARRAY_VALUES) {
            status = is_map ? push_key_value(decoder, &field.part, depth)
                            : push_value(decoder, &field.part, depth);
            count++;
        }
    }
    if (status == SPANLINK_OK && count != 0) {
        status = pop_array(decoder, base, &array);
    }
    *value = is_map ? spanlink_value_map(array, count) : spanlink_value_array(array, count);
    return status;
}

/* A value that the list would replace by an empty value is skipped, without checking that it is
 * valid. */
static spanlink_status read_nested(otlp_decoder *decoder, slnk_protobuf_field *field, size_t depth,
                                   spanlink_value *value) {
    if (depth >= decoder->max_depth) {
        *value = spanlink_value_empty();
        return SPANLINK_OK;
    }
    return read_elements(decoder, &field->part, depth + 1, field->tag == VALUE_MAP, value);
}

/* The bits are copied: a processor register could make a signalling NaN quiet. */
static void read_double(uint64_t bits, spanlink_value *value) {
    value->type = SPANLINK_VALUE_DOUBLE;
    memcpy(&value->double_value, &bits, sizeof bits);
}

/* One field of an AnyValue. */
static spanlink_status read_value_field(otlp_decoder *decoder, slnk_protobuf_field *field,
                                        size_t depth, spanlink_value *value) {
    switch (field->tag) {
    case VALUE_STRING:
        value->type = SPANLINK_VALUE_STRING;
        return read_text(field->part, &value->string_value);
    case VALUE_BOOL:
        *value = spanlink_value_bool(field->number != 0);
        return SPANLINK_OK;
    case VALUE_INT:
        *value = spanlink_value_int((int64_t)field->number);
        return SPANLINK_OK;
    case VALUE_DOUBLE:
        read_double(field->number, value);
        return SPANLINK_OK;
    case VALUE_BYTES:
        *value = spanlink_value_bytes(field->part.at, (size_t)(field->part.end - field->part.at));
        return SPANLINK_OK;
    case VALUE_ARRAY:
    case VALUE_MAP:
        return read_nested(decoder, field, depth, value);
    default:
        return SPANLINK_OK;
    }
}

/* The content of an AnyValue; `depth` arrays and maps are around it. */
static spanlink_status read_value(otlp_decoder *decoder, slnk_protobuf_reader *message,
                                  size_t depth, spanlink_value *value) {
    spanlink_status status = SPANLINK_OK;
    slnk_protobuf_field field;
    while (take_field(message, &field, &status)) {
        status = read_value_field(decoder, &field, depth, value);
    }
    return status;
}

/* NOLINTEND(misc-no-recursion): the end of what calls itself for nested values */

/* Links */

/* An empty id is zero. */
static spanlink_status read_id(slnk_protobuf_reader part, uint8_t *id, ptrdiff_t size,
                               spanlink_status fault) {
    if (part.end - part.at == size) {
        memcpy(id, part.at, (size_t)size);
        return SPANLINK_OK;
    }
    memset(id, 0, (size_t)size);
    return part.at == part.end ? SPANLINK_OK : fault;
}

static void read_flags(uint32_t flags, spanlink_context *context) {
    context->trace_flags = (uint8_t)flags;
    context->remote_unknown = (flags & SLNK_OTLP_HAS_IS_REMOTE) == 0;
    context->is_remote = !context->remote_unknown && (flags & SLNK_OTLP_IS_REMOTE) != 0;
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
        return read_trace_state(field->part, &context->trace_state);
    case LINK_ATTRIBUTES:
        return push_key_value(decoder, &field->part, 0);
    case LINK_DROPPED_ATTRIBUTES_COUNT:
        link->dropped_attributes_count = (uint32_t)field->number;
        return SPANLINK_OK;
    case LINK_FLAGS:
        read_flags((uint32_t)field->number, context);
        return SPANLINK_OK;
    default:
        return SPANLINK_OK;
    }
}

/*
 * The form of most links, as encoders write the fields in order: both ids, short attributes, flags.
 * Each of these is read in one step if it is in this order; the following loop reads the rest.
 */

static inline void take_id(slnk_protobuf_reader *message, uint8_t tag, uint8_t *id, uint8_t size) {
    const uint8_t *bytes;
    if (slnk_protobuf_take_sized(message, tag, size, &bytes)) {
        memcpy(id, bytes, size);
    }
}

/* A value that is a string or a number below 128; false for any other value. */
static inline bool read_short_value(slnk_protobuf_reader message, spanlink_value *value) {
    slnk_protobuf_reader part;
    uint8_t number;
    if (slnk_protobuf_take_rest(message, VALUE_STRING, &part)) {
        value->type = SPANLINK_VALUE_STRING;
        return read_name(part, &value->string_value);
    }
    if (slnk_protobuf_take_digit(message, VALUE_INT, &number)) {
        *value = spanlink_value_int(number);
        return true;
    }
    return false;
}

/*
 * An attribute of fewer than 128 bytes: a key, and such a value. False, and nothing is taken, for
 * any other attribute, and for text that is not UTF-8.
 */
static inline bool read_short_attribute(slnk_protobuf_reader *message,
                                        spanlink_attribute *attribute) {
    slnk_protobuf_reader rest = *message, pair, key, value;
    if (!slnk_protobuf_take_short(&rest, LINK_ATTRIBUTES, &pair) ||
        !slnk_protobuf_take_short(&pair, KEY_VALUE_KEY, &key) ||
        !slnk_protobuf_take_rest(pair, KEY_VALUE_VALUE, &value)) {
        return false;
    }
    if (!read_name(key, &attribute->key) || !read_short_value(value, &attribute->value)) {
        return false;
    }
    *message = rest;
    return true;
}

static spanlink_attribute *stacked_attributes(const otlp_decoder *decoder) {
    return (spanlink_attribute *)(void *)decoder->elements.bytes;
}

/* Pushes such attributes onto the stack, until it is full. */
static inline void read_short_attributes(otlp_decoder *decoder, slnk_protobuf_reader *message) {
    otlp_stack *elements = &decoder->elements;
    spanlink_attribute *next = stacked_attributes(decoder);
    size_t used = 0;
    while (elements->capacity - used >= sizeof *next && read_short_attribute(message, next)) {
        used += sizeof *next;
        next++;
    }
    elements->used = used;
}

static inline void read_short_fields(otlp_decoder *decoder, slnk_protobuf_reader *message,
                                     spanlink_link *link) {
    slnk_protobuf_reader rest = *message;
    uint32_t flags;
    take_id(&rest, LINK_TRACE_ID, link->context.trace_id, sizeof link->context.trace_id);
    take_id(&rest, LINK_SPAN_ID, link->context.span_id, sizeof link->context.span_id);
    read_short_attributes(decoder, &rest);
    if (slnk_protobuf_take_fixed32(&rest, LINK_FLAGS, &flags)) {
        read_flags(flags, &link->context);
    }
    *message = rest;
}

SLNK_APART static spanlink_status
read_any_fields(otlp_decoder *decoder, slnk_protobuf_reader message, spanlink_link *link) {
    spanlink_status status = SPANLINK_OK;
    slnk_protobuf_field field;
    while (take_field(&message, &field, &status)) {
        status = read_link_field(decoder, &field, link);
    }
    return status;
}

/* The content of a Link. Afterwards its attributes are on the stack, and nothing else. */
static inline spanlink_status read_link_content(otlp_decoder *decoder, slnk_protobuf_reader message,
                                                spanlink_link *link) {
    memset(link, 0, sizeof *link);
    link->context.remote_unknown = true;
    decoder->elements.used = 0;
    if (SLNK_UNLESS_SMALL(true)) {
        read_short_fields(decoder, &message, link);
    }
    spanlink_status status = SPANLINK_OK;
    if (message.at != message.end) {
        status = read_any_fields(decoder, message, link);
    }
    link->attribute_count = decoder->elements.used / sizeof *link->attributes;
    link->attributes = link->attribute_count == 0 ? NULL : stacked_attributes(decoder);
    return status;
}

/* Markers: see list.h, spanlink_list_links(). */

static const spanlink_value *find_marker(const spanlink_link *link, const char *key,
                                         uint32_t type) {
    const spanlink_attribute *attribute = spanlink_link_find(link, key);
    return attribute != NULL && attribute->value.type == type ? &attribute->value : NULL;
}

/* Whether a link carries both markers, and the number of links according to them. */
static bool read_markers(const spanlink_link *link, uint64_t *links) {
    const spanlink_value *truncated = find_marker(link, slnk_names.truncated, SPANLINK_VALUE_BOOL);
    const spanlink_value *count = find_marker(link, slnk_names.original_count, SPANLINK_VALUE_INT);
    if (truncated == NULL || !truncated->bool_value || count == NULL) {
        return false;
    }
    *links = count->int_value > 0 ? (uint64_t)count->int_value : 0;
    return true;
}

static void take_markers_off(otlp_decoder *decoder, spanlink_link *link) {
    spanlink_attribute *attributes = stacked_attributes(decoder);
    if (!read_markers(link, &decoder->marked_links)) {
        return;
    }
    link->attribute_count = slnk_list_copy_unmarked(link, attributes);
    decoder->elements.used = link->attribute_count * sizeof *attributes;
}

/* Adds a link to the waiting ones, with its attributes in the arena. */
static spanlink_status keep_link(otlp_decoder *decoder, spanlink_link *link) {
    const void *attributes = NULL;
    spanlink_status status =
        link->attribute_count == 0 ? SPANLINK_OK : pop_array(decoder, 0, &attributes);
    link->attributes = attributes;
    return status == SPANLINK_OK ? push(decoder, &decoder->waiting, link, sizeof *link) : status;
}

/* Adds a link. The list copies it, so that its arrays and maps need no more memory. */
static spanlink_status add_link(otlp_decoder *decoder, const spanlink_link *link) {
    if (slnk_arena_in_use(&decoder->arena) != 0) {
        slnk_arena_rewind(&decoder->arena);
    }
    return spanlink_list_add(decoder->list, link);
}

/* Whether the list keeps an attribute of a link: any attribute with a key. */
static bool keeps_an_attribute(const otlp_decoder *decoder, const spanlink_link *link) {
    size_t i = 0;
    while (i < link->attribute_count && link->attributes[i].key.len == 0) {
        i++;
    }
    return i < link->attribute_count && decoder->list->limits.max_attributes != 0;
}

static inline spanlink_status read_link(otlp_decoder *decoder, slnk_protobuf_reader message) {
    spanlink_link link;
    spanlink_status status = read_link_content(decoder, message, &link);
    if (status != SPANLINK_OK) {
        return status;
    }
    decoder->links_left--;
    if (decoder->links_left == 0) {
        take_markers_off(decoder, &link);
    }
    if (slnk_link_is_invalid(&link.context, keeps_an_attribute(decoder, &link))) {
        decoder->void_links++;
        return SPANLINK_OK;
    }
    decoder->waits = decoder->waits || !slnk_list_has_room(decoder->list, 1);
    return decoder->waits ? keep_link(decoder, &link) : add_link(decoder, &link);
}

/* The Span */

/* The next field of a Span; most are links of fewer than 128 bytes. */
static inline spanlink_status next_field(slnk_protobuf_reader *message,
                                         slnk_protobuf_field *field) {
    if (slnk_protobuf_take_short(message, SPAN_LINKS, &field->part)) {
        field->tag = SPAN_LINKS;
        return SPANLINK_OK;
    }
    return slnk_protobuf_next(message, field);
}

/* The number of `links` fields of a Span, up to the first error, which read_span() finds again. */
static size_t count_link_fields(slnk_protobuf_reader message) {
    size_t count = 0;
    slnk_protobuf_field field = {.tag = 0};
    while (message.at != message.end && next_field(&message, &field) == SPANLINK_OK) {
        count += field.tag == SPAN_LINKS;
    }
    return count;
}

static inline spanlink_status read_span_field(otlp_decoder *decoder,
                                              const slnk_protobuf_field *field) {
    if (field->tag == SPAN_LINKS) {
        return read_link(decoder, field->part);
    }
    if (field->tag == SPAN_DROPPED_LINKS_COUNT) {
        decoder->dropped_links = (uint32_t)field->number;
    }
    return SPANLINK_OK;
}

static spanlink_status read_span(otlp_decoder *decoder, slnk_protobuf_reader message) {
    spanlink_status status = SPANLINK_OK;
    slnk_protobuf_field field = {.tag = 0};
    decoder->links = decoder->links_left = count_link_fields(message);
    while (status == SPANLINK_OK && message.at != message.end) {
        status = next_field(&message, &field);
        if (status == SPANLINK_OK) {
            status = read_span_field(decoder, &field);
        }
    }
    return status;
}

/* The number of links dropped by the sender: the larger of its count and of what its markers state,
 * because both describe the same links. */
static uint64_t upstream_cuts(const otlp_decoder *decoder) {
    uint64_t marked =
        decoder->marked_links > decoder->links ? decoder->marked_links - decoder->links : 0;
    return marked > decoder->dropped_links ? marked : decoder->dropped_links;
}

/* Counts the links dropped by the sender, which may need memory, and adds the waiting links. */
static spanlink_status finish_list(const otlp_decoder *decoder) {
    const void *waiting = decoder->waiting.bytes;
    spanlink_status status = slnk_list_count_upstream(decoder->list, upstream_cuts(decoder));
    return status == SPANLINK_OK && decoder->waits
               ? spanlink_list_append(decoder->list, waiting,
                                      decoder->waiting.used / sizeof(spanlink_link))
               : status;
}

static spanlink_status read_all(otlp_decoder *decoder, slnk_protobuf_reader message) {
    slnk_list_mark mark = slnk_list_set_mark(decoder->list);
    spanlink_status status = read_span(decoder, message);
    if (status == SPANLINK_OK) {
        status = finish_list(decoder);
    }
    if (status != SPANLINK_OK) {
        slnk_list_go_back(decoder->list, &mark);
    }
    return status;
}

spanlink_status spanlink_otlp_decode(const uint8_t *span, size_t size, spanlink_list *list) {
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
    slnk_list_begin_change(list);
    start_decoder(&decoder, list);
    spanlink_status status = read_all(&decoder, message);
    end_decoder(&decoder);
    if (status == SPANLINK_OK) {
        slnk_list_count(&list->invalid, decoder.void_links);
    }
    return status;
}
