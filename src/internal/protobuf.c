/* SPDX-License-Identifier: MIT */
#include "internal/protobuf.h"

int64_t slnk_protobuf_put_long_varint(uint8_t *buffer, int64_t position, uint8_t tag,
                                      uint64_t value) {
    uint8_t bytes[11] = {tag};
    size_t size = 1;
    for (; value >= 0x80; value >>= 7) {
        bytes[size++] = (uint8_t)(value | 0x80);
    }
    bytes[size++] = (uint8_t)value;
    position -= (int64_t)size;
    if (position >= 0) {
        memcpy(buffer + position, bytes, size);
    }
    return position;
}

/* The tenth byte contains the 64th bit only. */
static spanlink_status read_varint(slnk_protobuf_reader *reader, uint64_t *value) {
    uint64_t result = 0;
    for (unsigned shift = 0;; shift += 7) {
        if (reader->at == reader->end) {
            return SPANLINK_ERR_OTLP_TRUNCATED;
        }
        uint8_t byte = *reader->at++;
        if (shift == 63 && byte > 1) {
            return SPANLINK_ERR_OTLP_VARINT;
        }
        result |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *value = result;
            return SPANLINK_OK;
        }
    }
}

static spanlink_status read_tag(slnk_protobuf_reader *reader, uint32_t *tag) {
    uint64_t value = 0;
    spanlink_status status = read_varint(reader, &value);
    bool has_number = value >= 8 && value <= UINT32_MAX;
    *tag = (uint32_t)value;
    return status != SPANLINK_OK || has_number ? status : SPANLINK_ERR_OTLP_FIELD;
}

static spanlink_status read_bytes(slnk_protobuf_reader *reader, slnk_protobuf_reader *part) {
    uint64_t length;
    spanlink_status status = read_varint(reader, &length);
    if (status != SPANLINK_OK) {
        return status;
    }
    if (length > (uint64_t)(reader->end - reader->at)) {
        return SPANLINK_ERR_OTLP_TRUNCATED;
    }
    part->at = reader->at;
    part->end = reader->at = reader->at + length;
    return SPANLINK_OK;
}

/* `size` is 4 or 8. */
static spanlink_status read_fixed(slnk_protobuf_reader *reader, ptrdiff_t size, uint64_t *value) {
    if (reader->end - reader->at < size) {
        return SPANLINK_ERR_OTLP_TRUNCATED;
    }
    *value = size == 4 ? slnk_bytes_load32(reader->at) : slnk_bytes_load64(reader->at);
    reader->at += size;
    return SPANLINK_OK;
}

/* Reads the content after a tag that is not the beginning or the end of a group. */
static spanlink_status read_content(slnk_protobuf_reader *reader, slnk_protobuf_field *field) {
    switch (field->tag & 7) {
    case SLNK_PROTOBUF_VARINT:
        return read_varint(reader, &field->number);
    case SLNK_PROTOBUF_FIXED64:
        return read_fixed(reader, 8, &field->number);
    case SLNK_PROTOBUF_BYTES:
        return read_bytes(reader, &field->part);
    case SLNK_PROTOBUF_FIXED32:
        return read_fixed(reader, 4, &field->number);
    default:
        return SPANLINK_ERR_OTLP_WIRE_TYPE;
    }
}

/* The groups around a position. */
typedef struct open_groups {
    uint32_t tags[SLNK_PROTOBUF_MOST_GROUPS];
    size_t depth;
} open_groups;

static spanlink_status open_group(open_groups *open, uint32_t tag) {
    if (open->depth == SLNK_PROTOBUF_MOST_GROUPS) {
        return SPANLINK_ERR_OTLP_GROUPS;
    }
    open->tags[open->depth++] = tag;
    return SPANLINK_OK;
}

static spanlink_status close_group(open_groups *open, uint32_t tag) {
    uint32_t beginning = tag - SLNK_PROTOBUF_END_GROUP + SLNK_PROTOBUF_GROUP;
    if (open->depth == 0 || open->tags[open->depth - 1] != beginning) {
        return SPANLINK_ERR_OTLP_FIELD;
    }
    open->depth--;
    return SPANLINK_OK;
}

/* One field, or the beginning or end of a group. */
static spanlink_status read_step(slnk_protobuf_reader *reader, open_groups *open,
                                 slnk_protobuf_field *field) {
    spanlink_status status = read_tag(reader, &field->tag);
    if (status != SPANLINK_OK) {
        return status;
    }
    switch (field->tag & 7) {
    case SLNK_PROTOBUF_GROUP:
        return open_group(open, field->tag);
    case SLNK_PROTOBUF_END_GROUP:
        return close_group(open, field->tag);
    default:
        return read_content(reader, field);
    }
}

spanlink_status slnk_protobuf_next(slnk_protobuf_reader *reader, slnk_protobuf_field *field) {
    open_groups open;
    open.depth = 0;
    spanlink_status status;
    do {
        status = read_step(reader, &open, field);
    } while (status == SPANLINK_OK && open.depth != 0);
    return status;
}
