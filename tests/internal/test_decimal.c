/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_links.h"

#include "internal/decimal.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double from_bits(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t to_bits(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void assert_double(const char *wanted, double value) {
    char text[SLNK_DECIMAL_DOUBLE_SIZE];
    size_t size = slnk_decimal_from_double(value, text);
    assert_text(wanted, ((spanlink_str){text, size}));
}

TEST(integers_are_written_in_full) {
    static const int64_t values[] = {0, 1, 9, 10, -1, -10, 1234567890, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char wanted[30], text[SLNK_DECIMAL_INTEGER_SIZE];
        snprintf(wanted, sizeof wanted, "%lld", (long long)values[i]);
        assert_text(wanted, ((spanlink_str){text, slnk_decimal_from_int64(values[i], text)}));
        snprintf(wanted, sizeof wanted, "%llu", (unsigned long long)values[i]);
        assert_text(wanted,
                    ((spanlink_str){text, slnk_decimal_from_uint64((uint64_t)values[i], text)}));
    }
}

TEST(doubles_look_like_json_numbers) {
    assert_double("0.0", 0.0);
    assert_double("-0.0", -0.0);
    assert_double("5.0", 5.0);
    assert_double("-1234567.0", -1234567.0);
    assert_double("0.1", 0.1);
    assert_double("1.5", 1.5);
    assert_double("-2.25", -2.25);
    assert_double("0.001", 0.001);
    assert_double("0.0001", 0.0001);
    assert_double("1e-5", 0.00001);
    assert_double("1.5e-5", 0.000015);
    assert_double("0.3333333333333333", 1.0 / 3);
    assert_double("9007199254740991.0", 9007199254740991.0);
    assert_double("9007199254740992.0", 9007199254740992.0);
    assert_double("9007199254740994.0", 9007199254740994.0);
    assert_double("9999999999999998.0", 9999999999999998.0);
    assert_double("1e+16", 1e16);
    assert_double("1.2345678901234567e+19", 12345678901234567890.0);
    assert_double("1e+22", 1e22);
    assert_double("1e+23", 1e23);
    assert_double("1e+300", 1e300);
    assert_double("1.7976931348623157e+308", DBL_MAX);
    assert_double("2.2250738585072014e-308", DBL_MIN);
    assert_double("-2.225073858507201e-308", -from_bits(0x000fffffffffffff));
    assert_double("5e-324", DBL_TRUE_MIN);
    assert_double("-1.2345678901234568e-300", -1.2345678901234568e-300);
}

TEST(the_longest_numbers_have_the_documented_sizes) {
    char text[64];
    size_t size = slnk_decimal_from_double(-2.2250738585072014e-308, text);
    assert_int_equal(SLNK_DECIMAL_DOUBLE_SIZE, size);
    assert_int_equal(SLNK_DECIMAL_INTEGER_SIZE, slnk_decimal_from_int64(INT64_MIN, text));
    assert_int_equal(SLNK_DECIMAL_INTEGER_SIZE, slnk_decimal_from_uint64(UINT64_MAX, text));
}

/* A number halfway between two digit strings is rounded to the even one, as by printf(). */
TEST(a_tie_goes_to_the_even_digit) {
    assert_double("7.867813110351562e-6", 33.0 / 4194304); /* ...5625 exactly */
    assert_double("9.775161743164062e-6", 41.0 / 4194304); /* ...0625 exactly */
    assert_double("8.821487426757812e-6", 37.0 / 4194304); /* ...8125 exactly */
    assert_double("8.344650268554688e-6", 35.0 / 4194304); /* ...6875 exactly */
}

/* The digits of a number in decimal text, without leading and trailing zeros. */
static void digits_of(const char *text, char digits[40]) {
    size_t count = 0;
    for (; *text != '\0' && *text != 'e'; text++) {
        if (*text >= '0' && *text <= '9' && (count != 0 || *text != '0')) {
            digits[count++] = *text;
        }
    }
    while (count > 0 && digits[count - 1] == '0') {
        count--;
    }
    digits[count] = '\0';
}

/* Whether the digits without the last one, as they are or rounded up, are read as the same value.
 */
static bool fewer_digits_do(const char *text, double value) {
    char digits[40], shorter[60];
    digits_of(text, digits);
    size_t count = strlen(digits);
    if (count < 2) {
        return false;
    }
    digits[count - 1] = '\0';
    snprintf(shorter, sizeof shorter, "%.20e", value);
    long exponent = strtol(strchr(shorter, 'e') + 1, NULL, 10) - (long)count + 2;
    unsigned long long whole = strtoull(digits, NULL, 10);
    for (unsigned up = 0; up < 2; up++) {
        snprintf(shorter, sizeof shorter, "%llue%ld", whole + up, exponent);
        if (strtod(shorter, NULL) == value) {
            return true;
        }
    }
    return false;
}

/* strtod() of Windows rounds twice, so it may be wrong by one unit. The digits are computed with
 * integers only, so they equal those of machines that read exactly. */
#ifdef _WIN32
static const bool reads_exactly = false;
#else
static const bool reads_exactly = true;
#endif

static bool reads_as(const char *text, double value) {
    uint64_t read = to_bits(strtod(text, NULL)), wanted = to_bits(value);
    return read == wanted || (!reads_exactly && read - wanted + 1 <= 2);
}

static void assert_shortest(double value) {
    char text[SLNK_DECIMAL_DOUBLE_SIZE + 1];
    size_t size = slnk_decimal_from_double(value, text);
    assert_true(size <= SLNK_DECIMAL_DOUBLE_SIZE);
    text[size] = '\0';
    if (!reads_as(text, value)) {
        fail_msg("%s is not %a", text, value);
    }
    if (text[0] == '0' && strchr(text, 'e') != NULL) {
        fail_msg("%s begins with a zero", text);
    }
    if (reads_exactly && fewer_digits_do(text, value)) {
        fail_msg("%s is not the shortest for %a", text, value);
    }
}

/* printf() gives the nearest digits of the same number. */
static void assert_nearest(double value) {
    char text[SLNK_DECIMAL_DOUBLE_SIZE + 1], other[40], digits[40], other_digits[40];
    text[slnk_decimal_from_double(value, text)] = '\0';
    digits_of(text, digits);
    snprintf(other, sizeof other, "%.*e", (int)strlen(digits) - 1, value);
    digits_of(other, other_digits);
    assert_string_equal(other_digits, digits);
}

TEST(any_double_comes_back_from_its_shortest_digits) {
    uint64_t random = 1;
    for (int i = 0; i < 20000; i++) {
        double value = from_bits(test_random(&random) >> 1);
        if (isfinite(value)) {
            assert_shortest(value);
            assert_nearest(value);
        }
        assert_shortest((double)(test_random(&random) % 100000000) / 1000);
        assert_shortest(from_bits(test_random(&random) % (UINT64_C(1) << (i % 52))) + DBL_TRUE_MIN);
    }
}

TEST(powers_of_two_and_their_neighbours_come_back_too) {
    for (uint64_t exponent = 0; exponent < 0x7ff; exponent++) {
        uint64_t power = exponent << 52;
        for (uint64_t bits = power < 2 ? 1 : power - 2; bits <= power + 2; bits++) {
            assert_shortest(from_bits(bits));
        }
    }
    for (int i = 0; i < 52; i++) {
        assert_shortest(from_bits(UINT64_C(1) << i));
    }
    assert_shortest(DBL_MAX);
}

TEST(powers_of_ten_have_one_digit) {
    for (int i = -323; i <= 308; i++) {
        char power[20];
        snprintf(power, sizeof power, i < 0 ? "1e-%d" : "1e+%d", abs(i));
        if (i < -4 || i >= 16) {
            assert_double(power, strtod(power, NULL));
        }
        assert_shortest(strtod(power, NULL));
    }
}
