/* SPDX-License-Identifier: MIT */
/* Compares the code path of this machine with the portable one and with plain arithmetic. */
#include "test.h"

#include "internal/hex.h"

static uint32_t lowercase_value(int c) {
    static const char digits[] = "0123456789abcdef";
    for (uint32_t i = 0; i < 16; i++) {
        if (digits[i] == c) {
            return i;
        }
    }
    return 16;
}

TEST(every_character_has_its_value) {
    for (int c = 0; c < 256; c++) {
        uint32_t lower = lowercase_value(c);
        uint32_t upper = c >= 'A' && c <= 'F' ? lowercase_value(c - 'A' + 'a') : 16;
        uint32_t wanted = lower < 16 ? lower : upper < 16 ? upper + SLNK_HEX_UPPER : SLNK_HEX_NONE;
        assert_int_equal(wanted, slnk_hex_value((char)c));
    }
}

/* Decodes 32 characters on every path: all results must be equal to `wanted`. */
static void expect_decoded(bool wanted, const char text[32]) {
    uint8_t chosen[16], portable[16], halves[16];
    assert_int_equal(wanted, slnk_hex_decode_trace_id(text, chosen));
    assert_int_equal(wanted, slnk_hex_decode_portable(text, portable, 16));
    bool first = slnk_hex_decode_span_id(text, halves);
    bool second = slnk_hex_decode_span_id(text + 16, halves + 8);
    assert_int_equal(wanted, first && second);
    for (size_t i = 0; wanted && i < 16; i++) {
        uint32_t byte = lowercase_value(text[2 * i]) << 4 | lowercase_value(text[2 * i + 1]);
        assert_int_equal(byte, chosen[i]);
        assert_int_equal(byte, portable[i]);
        assert_int_equal(byte, halves[i]);
    }
}

TEST(every_decoder_judges_every_character_in_every_place) {
    for (size_t at = 0; at < 32; at++) {
        for (int c = 0; c < 256; c++) {
            char text[33] = "0123456789abcdeffedcba9876543210";
            text[at] = (char)c;
            expect_decoded(lowercase_value(c) < 16, text);
        }
    }
}

TEST(faults_in_several_places_do_not_cancel) {
    for (uint32_t faults = 0; faults < 65536; faults++) {
        char text[32];
        memset(text, '7', sizeof text);
        for (size_t i = 0; i < 16; i++) {
            if ((faults >> i & 1) != 0) {
                text[2 * i + i % 2] = "gG/:`@\xff"[(faults + i) % 7];
            }
        }
        expect_decoded(faults == 0, text);
    }
}

TEST(both_encoders_write_every_byte) {
    for (size_t at = 0; at < 8; at++) {
        for (uint32_t byte = 0; byte < 256; byte++) {
            uint8_t bytes[8] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
            bytes[at] = (uint8_t)byte;
            char chosen[17], portable[17];
            chosen[16] = portable[16] = '#';
            slnk_hex_encode(bytes, chosen);
            slnk_hex_encode_portable(bytes, portable);
            assert_memory_equal(chosen, portable, 17);
            assert_int_equal(byte >> 4, lowercase_value(chosen[2 * at]));
            assert_int_equal(byte & 15, lowercase_value(chosen[2 * at + 1]));
        }
    }
}
