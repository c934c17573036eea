/* SPDX-License-Identifier: MIT */
/*
 * Protobuf's wire format, version 3: a reader, and a writer that works from the end of a buffer
 * towards its front.
 */
#ifndef SPANLINK_INTERNAL_PROTOBUF_H
#define SPANLINK_INTERNAL_PROTOBUF_H

#include "internal/bytes.h"

#include <spanlink/base.h>

#include <assert.h>

typedef enum slnk_protobuf_wire {
    SLNK_PROTOBUF_VARINT = 0,
    SLNK_PROTOBUF_FIXED64 = 1,
    SLNK_PROTOBUF_BYTES = 2,
    SLNK_PROTOBUF_GROUP = 3,
    SLNK_PROTOBUF_END_GROUP = 4,
    SLNK_PROTOBUF_FIXED32 = 5
} slnk_protobuf_wire;

/* A field's tag: its number and wire type. One byte for numbers below 16. */
#define SLNK_PROTOBUF_TAG(field, wire) ((uint8_t)((field) << 3 | (wire)))

/*
 * Writing. A message is preceded by its length. Written backwards, the length is known when it is
 * needed, so that nothing is measured in advance. A position is the number of free bytes of the
 * buffer, before the bytes that are written. If the buffer is too small, the position becomes
 * negative and nothing more is written: so the same code computes the size, and only measures if it
 * starts at zero.
 *
 * Each function returns the new position.
 */

/* A tag and a varint of 128 and above. */
int64_t slnk_protobuf_put_long_varint(uint8_t *buffer, int64_t position, uint8_t tag,
                                      uint64_t value);

/* A tag and a varint: a whole field, or the head of a message with its length. */
static inline int64_t slnk_protobuf_put_varint(uint8_t *buffer, int64_t position, uint8_t tag,
                                               uint64_t value) {
    if (value >= 0x80) {
        return slnk_protobuf_put_long_varint(buffer, position, tag, value);
    }
    position -= 2;
    if (position >= 0) {
        assert(buffer != NULL);
        buffer[position] = tag;
        buffer[position + 1] = (uint8_t)value;
    }
    return position;
}

/* A tag and the lowest bytes of a number: `size` is 4 or 8. */
static inline int64_t slnk_protobuf_put_fixed(uint8_t *buffer, int64_t position, uint8_t tag,
                                              uint64_t number, int size) {
    position -= size + 1;
    if (position >= 0) {
        assert(buffer != NULL);
        buffer[position] = tag;
        if (size == 4) {
            slnk_bytes_store32(buffer + position + 1, (uint32_t)number);
        } else {
            slnk_bytes_store64(buffer + position + 1, number);
        }
    }
    return position;
}

static inline int64_t slnk_protobuf_put_bytes(uint8_t *buffer, int64_t position, uint8_t tag,
                                              const void *bytes, size_t length) {
    position -= (int64_t)length;
    if (position >= 0 && length != 0) {
        assert(buffer != NULL);
        slnk_bytes_copy(buffer + position, bytes, length);
    }
    return slnk_protobuf_put_varint(buffer, position, tag, length);
}

/* Reading */

/* The rest of a message. */
typedef struct slnk_protobuf_reader {
    const uint8_t *at, *end;
} slnk_protobuf_reader;

typedef struct slnk_protobuf_field {
    uint32_t tag;
    uint64_t number;           /* of a varint, fixed32 or fixed64 */
    slnk_protobuf_reader part; /* of bytes: the nested text or message */
} slnk_protobuf_field;

/* The maximum depth of unknown groups. */
enum { SLNK_PROTOBUF_MOST_GROUPS = 64 };

/*
 * Takes the next field; there must be one. A group is skipped as a whole and becomes a field
 * without number and part.
 *
 * OK, OTLP_TRUNCATED, OTLP_VARINT, OTLP_FIELD, OTLP_WIRE_TYPE, or OTLP_GROUPS.
 */
spanlink_status slnk_protobuf_next(slnk_protobuf_reader *reader, slnk_protobuf_field *field);

/*
 * The most common fields, each taken in one step if it is next: all have a tag of one byte. False,
 * and nothing is taken, for any other field.
 */

static inline ptrdiff_t slnk_protobuf_left(const slnk_protobuf_reader *reader) {
    return reader->end - reader->at;
}

/* Fewer than 128 bytes. */
static inline bool slnk_protobuf_take_short(slnk_protobuf_reader *reader, uint8_t tag,
                                            slnk_protobuf_reader *part) {
    const uint8_t *at = reader->at;
    if (slnk_protobuf_left(reader) < 2 || at[0] != tag || at[1] > 127 ||
        at[1] > slnk_protobuf_left(reader) - 2) {
        return false;
    }
    part->at = at + 2;
    part->end = reader->at = at + 2 + at[1];
    return true;
}

/* `size` bytes, fewer than 128. */
static inline bool slnk_protobuf_take_sized(slnk_protobuf_reader *reader, uint8_t tag, uint8_t size,
                                            const uint8_t **bytes) {
    const uint8_t *at = reader->at;
    if (slnk_protobuf_left(reader) < size + 2 || at[0] != tag || at[1] != size) {
        return false;
    }
    *bytes = at + 2;
    reader->at = at + 2 + size;
    return true;
}

/* Bytes that fill the rest of a message of fewer than 128 bytes. */
static inline bool slnk_protobuf_take_rest(slnk_protobuf_reader reader, uint8_t tag,
                                           slnk_protobuf_reader *part) {
    ptrdiff_t size = slnk_protobuf_left(&reader) - 2;
    if (size < 0 || reader.at[0] != tag || reader.at[1] != size) {
        return false;
    }
    part->at = reader.at + 2;
    part->end = reader.end;
    return true;
}

/* A varint below 128 that is the rest of the message. */
static inline bool slnk_protobuf_take_digit(slnk_protobuf_reader reader, uint8_t tag,
                                            uint8_t *number) {
    if (slnk_protobuf_left(&reader) != 2 || reader.at[0] != tag || reader.at[1] > 127) {
        return false;
    }
    *number = reader.at[1];
    return true;
}

static inline bool slnk_protobuf_take_fixed32(slnk_protobuf_reader *reader, uint8_t tag,
                                              uint32_t *number) {
    const uint8_t *at = reader->at;
    if (slnk_protobuf_left(reader) < 5 || at[0] != tag) {
        return false;
    }
    *number = slnk_bytes_load32(at + 1);
    reader->at = at + 5;
    return true;
}

#endif
