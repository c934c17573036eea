/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_fixtures.h"

#include "internal/utf8.h"

static size_t encode(uint32_t code, size_t length, char text[4]) {
    static const uint8_t marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = length; i-- > 1;) {
        text[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    text[0] = (char)(marks[length] | code);
    return length;
}

/* Encodes each number in every length that can hold it, at most one of which is valid UTF-8. */
TEST(exactly_the_shortest_form_of_each_code_point_is_valid) {
    static const uint32_t limits[] = {0, 0x80, 0x800, 0x10000, 0x200000};
    for (uint32_t code = 0; code < 0x200000; code++) {
        bool is_character = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
        for (size_t length = 1; length <= 4; length++) {
            char text[4];
            bool is_shortest = code >= limits[length - 1];
            if (code < limits[length]) {
                size_t written = encode(code, length, text);
                if (slnk_utf8_valid(text, written) != (is_character && is_shortest)) {
                    fail_msg("U+%X in %u bytes", (unsigned)code, (unsigned)length);
                }
            }
        }
    }
}

TEST(every_second_and_later_byte_must_be_a_continuation) {
    static const char *const characters[] = {"\xc2\x80", "\xe1\x80\x80", "\xf1\x80\x80\x80"};
    for (size_t c = 0; c < 3; c++) {
        size_t length = strlen(characters[c]);
        for (size_t i = 1; i < length; i++) {
            char text[32]; /* large enough for the loads of longer texts, or compilers warn */
            memcpy(text, characters[c], length);
            for (int byte = 0; byte < 256; byte++) {
                text[i] = (char)byte;
                assert_int_equal(byte >= 0x80 && byte < 0xc0, slnk_utf8_valid(text, length));
            }
        }
    }
}

TEST(one_byte_alone_is_a_character_below_0x80_only) {
    for (int byte = 0; byte < 256; byte++) {
        char text[32]; /* large enough for the loads of longer texts, or compilers warn */
        text[0] = (char)byte;
        assert_int_equal(byte < 0x80, slnk_utf8_valid(text, 1));
    }
}

TEST(a_character_that_ends_early_is_not_valid) {
    static const char *const characters[] = {"\xc2\x80", "\xe1\x80\x80", "\xf1\x80\x80\x80"};
    for (size_t c = 0; c < 3; c++) {
        for (size_t length = 1; length < strlen(characters[c]); length++) {
            char *exact = test_block(length);
            memcpy(exact, characters[c], length);
            assert_false(slnk_utf8_valid(exact, length));
        }
    }
}

TEST(bytes_after_a_text_complete_no_character) {
    static const char text[] = "abcdefghijklmnopqrs\xe2\x82\xac";
    for (size_t start = 0; start <= 19; start++) {
        for (size_t missing = 1; missing < 3; missing++) {
            size_t length = sizeof text - 1 - start - missing;
            assert_false(slnk_utf8_valid(text + start, length));
            assert_int_equal(length - 1, slnk_utf8_prefix(text + start, length, length - 1));
        }
    }
}

TEST(short_ascii_is_8_to_16_characters_below_0x80_and_long_ascii_17_to_32) {
    static const char stray[] = {(char)0x80, (char)0x81, (char)0xc3, (char)0xff};
    for (size_t length = 0; length <= 34; length++) {
        char text[] = "abcdefghijklmnopqrstuvwxyz01234567";
        assert_int_equal(length >= 8 && length <= 16, slnk_utf8_is_short_ascii(text, length));
        assert_int_equal(length > 16 && length <= 32, slnk_utf8_is_long_ascii(text, length));
        for (size_t i = 0; i < length; i++) {
            char before = text[i];
            for (size_t s = 0; s < sizeof stray; s++) {
                text[i] = stray[s];
                assert_false(slnk_utf8_is_short_ascii(text, length));
                assert_false(slnk_utf8_is_long_ascii(text, length));
            }
            text[i] = before;
        }
    }
}

/* At every position of texts of every length, in a block of exactly that size. */
TEST(one_bad_byte_is_found_at_every_position) {
    for (size_t length = 1; length <= 40; length++) {
        char *text = test_block(length);
        memset(text, 'a', length);
        assert_true(slnk_utf8_valid(text, length));
        for (size_t i = 0; i < length; i++) {
            text[i] = (char)0xff;
            assert_false(slnk_utf8_valid(text, length));
            text[i] = 'a';
        }
    }
}

TEST(one_bad_byte_is_found_after_a_character) {
    for (size_t before = 0; before < 12; before++) {
        for (size_t behind = 0; behind < 24; behind++) {
            size_t length = before + 2 + behind;
            char *text = test_block(length);
            memset(text, 'a', length);
            memcpy(text + before, "\xc3\xa4", 2);
            assert_true(slnk_utf8_valid(text, length));
            for (size_t i = before + 2; i < length; i++) {
                text[i] = (char)0x80;
                assert_false(slnk_utf8_valid(text, length));
                text[i] = 'a';
            }
            test_end_round();
        }
    }
}

TEST(the_empty_text_is_valid) {
    assert_true(slnk_utf8_valid(NULL, 0));
    assert_true(slnk_utf8_valid("", 0));
    assert_true(slnk_utf8_valid("\0", 1));
}

TEST(a_prefix_counts_characters_and_never_cuts_one) {
    const char *text = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z";
    static const size_t ends[] = {0, 1, 3, 6, 10, 11, 11};
    for (size_t characters = 0; characters <= 6; characters++) {
        assert_int_equal(ends[characters], slnk_utf8_prefix(text, 11, characters));
    }
    assert_int_equal(11, slnk_utf8_prefix(text, 11, SIZE_MAX));
    assert_int_equal(0, slnk_utf8_prefix(NULL, 0, 0));
}

TEST(in_a_prefix_each_stray_byte_counts_as_one_character) {
    const char *text = "\xff\x80\xe2\x82!\xc3";
    for (size_t characters = 0; characters <= 6; characters++) {
        assert_int_equal(characters, slnk_utf8_prefix(text, 6, characters));
    }
}
