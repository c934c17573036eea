/* SPDX-License-Identifier: MIT */
/* Compares names of any length with a comparison of single characters. */
#include "test.h"

#include "internal/header_name.h"

static char plain_lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool plainly_same(const char *a, const char *b, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (plain_lower(a[i]) != plain_lower(b[i])) {
            return false;
        }
    }
    return true;
}

TEST(every_pair_of_bytes_is_compared_as_letters_are) {
    static const size_t lengths[] = {1, 7, 8, 9, 16, 17};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        size_t length = lengths[i];
        for (int one = 0; one < 256; one++) {
            for (int other = 0; other < 256; other++) {
                char a[] = "x-Datadog-Tags-9z", b[] = "X-dATADOG-tags-9Z";
                size_t place = (size_t)(one + other) % length;
                a[place] = (char)one;
                b[place] = (char)other;
                assert_int_equal(
                    plainly_same(a, b, length),
                    slnk_header_name_same((spanlink_str){a, length}, (spanlink_str){b, length}));
            }
        }
    }
}

TEST(a_difference_counts_at_each_place_of_each_length) {
    static const char name[] = "x-datadog-sampling-priority";
    for (size_t length = 1; length < sizeof name; length++) {
        spanlink_str whole = {name, length};
        assert_true(slnk_header_name_same(whole, whole));
        for (size_t place = 0; place < length; place++) {
            char other[sizeof name];
            memcpy(other, name, sizeof name);
            other[place] ^= 1;
            assert_false(slnk_header_name_same(whole, (spanlink_str){other, length}));
        }
    }
}

TEST(names_of_different_lengths_differ) {
    assert_false(slnk_header_name_same((spanlink_str){"b3", 2}, (spanlink_str){"b3", 1}));
    assert_true(slnk_header_name_same((spanlink_str){NULL, 0}, (spanlink_str){"", 0}));
}
