/* SPDX-License-Identifier: MIT */
/* Compares the vector code with plain code that reads character by character. */
#include "test.h"
#include "test_links.h"

#include "internal/scan.h"

#include <stdlib.h>

#if defined(SPANLINK_NO_VECTOR)
static const bool scans = false;
#else
static const bool scans = true;
#endif

static bool of_key(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c != '\0' && strchr("_*/@-", c));
}

static bool of_value(char c) {
    return c >= 0x20 && c <= 0x7e && c != ',' && c != '=';
}

typedef struct lengths {
    bool found;
    size_t key, value;
} lengths;

/* Finds a member of at most 32 characters whose key has 1 to 16 characters. */
static lengths oracle(const char *text, size_t left) {
    size_t equals = 0;
    while (equals < left && of_key(text[equals])) {
        equals++;
    }
    size_t end = equals + 1;
    while (end < left && of_value(text[end])) {
        end++;
    }
    bool member = left >= 8 && equals < left && text[equals] == '=' && end > equals + 1 &&
                  text[end - 1] != ' ' && (end == left || text[end] == ',');
    return (lengths){scans && member && equals <= 16 && end <= 32, equals, end - equals - 1};
}

static void expect_scan(const char *text, size_t left) {
    char *copy = test_copy(text, left);
    lengths wanted = oracle(text, left);
    size_t key = 0, value = 0;
    assert_int_equal(wanted.found, slnk_scan_member(copy, left, &key, &value));
    if (wanted.found) {
        assert_int_equal(wanted.key, key);
        assert_int_equal(wanted.value, value);
    }
    free(copy);
}

TEST(every_byte_at_every_position_is_classified) {
    for (size_t left = 0; left <= 40; left++) {
        for (size_t equals = 1; equals < left && equals < 20; equals += 1 + equals / 3) {
            for (size_t at = 1; at < left; at++) {
                for (int byte = 0; byte < 256; byte++) {
                    char text[40];
                    memset(text, 'k', sizeof text);
                    memset(text + equals, 'V', sizeof text - equals);
                    text[equals] = '=';
                    text[at] = (char)byte;
                    expect_scan(text, left);
                }
            }
        }
    }
}

TEST(every_key_and_value_length_is_found) {
    for (size_t equals = 1; equals <= 40; equals++) {
        for (size_t end = equals + 1; end <= 44; end++) {
            for (size_t left = end; left <= 46; left++) {
                char text[46];
                memset(text, '7', sizeof text);
                text[equals] = '=';
                if (left > end) {
                    text[end] = ',';
                }
                expect_scan(text, left);
            }
        }
    }
}

TEST(random_texts_are_read_as_by_the_oracle) {
    static const char likely[] = "aaz09_@=v~V  ,\t,=\x7f\x80";
    uint64_t random = 3;
    for (int round = 0; round < 200000; round++) {
        char text[48];
        for (size_t i = 0; i < sizeof text; i++) {
            text[i] = likely[test_random_below(&random, i % 8 == 3 ? sizeof likely - 1 : 5)];
        }
        expect_scan(text, test_random_below(&random, 49));
    }
}
