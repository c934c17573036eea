/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_links.h"

#include "internal/bytes.h"

/* The lowest byte comes first on every machine. */
TEST(integers_are_loaded_and_stored_byte_by_byte) {
    uint64_t random = 1;
    for (int i = 0; i < 1000; i++) {
        uint64_t wanted = test_random(&random);
        uint8_t bytes[8], stored[8];
        for (unsigned byte = 0; byte < 8; byte++) {
            bytes[byte] = (uint8_t)(wanted >> 8 * byte);
        }
        assert_true(slnk_bytes_load64(bytes) == wanted);
        assert_true(slnk_bytes_load32(bytes) == (uint32_t)wanted);
        slnk_bytes_store64(stored, wanted);
        assert_memory_equal(bytes, stored, 8);
        memset(stored, 0, sizeof stored);
        slnk_bytes_store32(stored, (uint32_t)wanted);
        assert_memory_equal(bytes, stored, 4);
        assert_true(slnk_bytes_load32(stored + 4) == 0);
    }
}

TEST(texts_of_every_length_are_copied_and_nothing_else) {
    static const char from[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    for (size_t length = 0; length < 30; length++) {
        char to[40], wanted[40];
        memset(to, '-', sizeof to);
        memset(wanted, '-', sizeof wanted);
        memcpy(wanted + 5, from + 1, length);
        slnk_bytes_copy(to + 5, length != 0 ? from + 1 : NULL, length);
        assert_memory_equal(wanted, to, sizeof to);
    }
}

TEST(one_bit_among_zeros_is_seen) {
    for (size_t size = 0; size <= 16; size++) {
        uint8_t bytes[17] = {0};
        bytes[size] = 1;
        assert_true(slnk_bytes_are_zero(bytes, size));
        for (size_t i = 0; i < 8 * size; i++) {
            bytes[i / 8] = (uint8_t)(1 << i % 8);
            assert_false(slnk_bytes_are_zero(bytes, size));
            bytes[i / 8] = 0;
        }
    }
}

TEST(texts_are_equal_if_every_byte_is) {
    enum { MOST = 40 };
    uint8_t a[MOST + 2], b[MOST + 2];
    for (size_t size = 0; size <= MOST; size++) {
        memset(a, 'a', sizeof a);
        memset(b, 'b', sizeof b);
        memset(b + 1, 'a', size); /* the bytes around it differ */
        assert_true(slnk_bytes_equal(a, b + 1, size));
        for (size_t i = 0; i < size; i++) {
            b[i + 1] ^= 0x80;
            assert_false(slnk_bytes_equal(a, b + 1, size));
            b[i + 1] ^= 0x80;
        }
    }
}

TEST(empty_texts_are_equal_wherever_they_are) {
    assert_true(slnk_bytes_equal(NULL, NULL, 0));
    assert_true(slnk_bytes_equal(NULL, "a", 0));
    assert_true(slnk_bytes_equal("a", "b", 0));
}
