/* SPDX-License-Identifier: MIT */
/* The path that this machine takes, held against the portable one and against plain arithmetic. */
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

static void every_character_has_its_value(void **state) {
    (void)state;
    for (int c = 0; c < 256; c++) {
        uint32_t lower = lowercase_value(c);
        uint32_t upper = c >= 'A' && c <= 'F' ? lowercase_value(c - 'A' + 'a') : 16;
        uint32_t wanted = lower < 16   ? lower
                          : upper < 16 ? upper + SPANLINK_HEX_UPPER
                                       : SPANLINK_HEX_NONE;
        assert_int_equal(wanted, spanlink_hex_value((char)c));
    }
}

static void both_decoders_find_every_fault(void **state) {
    (void)state;
    for (size_t at = 0; at < 16; at++) {
        for (int c = 0; c < 256; c++) {
            char text[16];
            memcpy(text, "0123456789abcdef", 16);
            text[at] = (char)c;
            uint8_t chosen[8], portable[8];
            uint32_t wanted = (uint32_t)(lowercase_value(c) == 16) << at;
            assert_int_equal(wanted, spanlink_hex_decode(text, chosen));
            assert_int_equal(wanted, spanlink_hex_decode_portable(text, portable));
            for (size_t i = 0; wanted == 0 && i < 8; i++) {
                uint32_t byte =
                    lowercase_value(text[2 * i]) << 4 | lowercase_value(text[2 * i + 1]);
                assert_int_equal(byte, chosen[i]);
                assert_int_equal(byte, portable[i]);
            }
        }
    }
}

static void faults_in_several_places_are_all_told(void **state) {
    (void)state;
    for (uint32_t faults = 0; faults < 65536; faults++) {
        char text[16];
        for (size_t i = 0; i < 16; i++) {
            text[i] = (faults >> i & 1) != 0 ? "gG/:`@\xff"[(faults + i) % 7] : '7';
        }
        uint8_t bytes[8];
        assert_int_equal(faults, spanlink_hex_decode(text, bytes));
        assert_int_equal(faults, spanlink_hex_decode_portable(text, bytes));
    }
}

static void both_encoders_write_every_byte(void **state) {
    (void)state;
    for (size_t at = 0; at < 8; at++) {
        for (uint32_t byte = 0; byte < 256; byte++) {
            uint8_t bytes[8] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
            bytes[at] = (uint8_t)byte;
            char chosen[17], portable[17];
            chosen[16] = portable[16] = '#';
            spanlink_hex_encode(bytes, chosen);
            spanlink_hex_encode_portable(bytes, portable);
            assert_memory_equal(chosen, portable, 17);
            assert_int_equal(byte >> 4, lowercase_value(chosen[2 * at]));
            assert_int_equal(byte & 15, lowercase_value(chosen[2 * at + 1]));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_has_its_value),
        cmocka_unit_test(both_decoders_find_every_fault),
        cmocka_unit_test(faults_in_several_places_are_all_told),
        cmocka_unit_test(both_encoders_write_every_byte),
    };
    return cmocka_run_group_tests_name("hex", tests, NULL, NULL);
}
