/* SPDX-License-Identifier: MIT */
/* Fields written to a buffer of exactly the needed capacity, or one byte less. */
#include "test.h"

#include "internal/protobuf.h"

/* Writes a field of one kind into the first `room` bytes. */
static int64_t put(unsigned kind, uint8_t *buffer, int64_t room) {
    switch (kind) {
    case 0:
        return slnk_protobuf_put_varint(buffer, room, 8, 127);
    case 1:
        return slnk_protobuf_put_varint(buffer, room, 8, 128);
    case 2:
        return slnk_protobuf_put_varint(buffer, room, 8, UINT64_MAX);
    case 3:
        return slnk_protobuf_put_fixed(buffer, room, 13, 0x01020304, 4);
    case 4:
        return slnk_protobuf_put_fixed(buffer, room, 9, UINT64_C(0x0102030405060708), 8);
    default:
        return slnk_protobuf_put_bytes(buffer, room, 10, "bytes", 5);
    }
}

TEST(a_field_needs_exactly_its_size) {
    static const char *const wanted[] = {"\x08\x7f",
                                         "\x08\x80\x01",
                                         "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
                                         "\x0d\x04\x03\x02\x01",
                                         "\x09\x08\x07\x06\x05\x04\x03\x02\x01",
                                         "\x0a\x05\x62ytes"};
    for (unsigned kind = 0; kind < 6; kind++) {
        uint8_t buffer[16];
        int64_t size = (int64_t)strlen(wanted[kind]);
        memset(buffer, 0xee, sizeof buffer);
        assert_true(put(kind, buffer, size) == 0);
        assert_memory_equal(wanted[kind], buffer, (size_t)size);
        assert_int_equal(0xee, buffer[size]);
        assert_true(put(kind, buffer, size - 1) == -1);
        assert_int_equal(0xee, buffer[size]);
        assert_true(put(kind, NULL, 0) == -size);
    }
}
