/* SPDX-License-Identifier: MIT */
#include "internal/protobuf.h"

static int64_t varint_size(uint64_t value) {
    int64_t size = 1;
    for (; value >= 0x80; value >>= 7) {
        size++;
    }
    return size;
}

int64_t spanlink_protobuf_put_long_varint(uint8_t *buffer, int64_t position, uint64_t value) {
    position -= varint_size(value);
    if (position >= 0) {
        uint8_t *byte = buffer + position;
        for (; value >= 0x80; value >>= 7) {
            *byte++ = (uint8_t)(value | 0x80);
        }
        *byte = (uint8_t)value;
    }
    return position;
}
