/* SPDX-License-Identifier: MIT */
#include "internal/decimal.h"

#include "internal/memory.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

size_t slnk_decimal_from_uint64(uint64_t value, char *text) {
    char digits[SLNK_DECIMAL_INTEGER_SIZE];
    size_t first = sizeof digits;
    do {
        digits[--first] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    memcpy(text, digits + first, sizeof digits - first);
    return sizeof digits - first;
}

size_t slnk_decimal_from_int64(int64_t value, char *text) {
    if (value >= 0) {
        return slnk_decimal_from_uint64((uint64_t)value, text);
    }
    *text = '-';
    return 1 + slnk_decimal_from_uint64(0 - (uint64_t)value, text + 1);
}

/*
 * Integers as large as a double needs: 2^1024 for the largest, 5e-324 times 10^324 and four bits
 * for rounding for the smallest.
 */
enum { BIG_WORDS = 36 };

typedef struct big {
    size_t length; /* words in use, the last of which is not zero */
    uint32_t words[BIG_WORDS];
} big;

static void trim_big(big *number) {
    while (number->length != 0 && number->words[number->length - 1] == 0) {
        number->length--;
    }
}

/* value * 2^shift */
static big big_from(uint64_t value, unsigned shift) {
    big number = {.length = shift / 32 + 3};
    uint64_t low = (value & UINT32_MAX) << shift % 32;
    uint64_t high = (value >> 32 << shift % 32) + (low >> 32);
    assert(number.length <= BIG_WORDS);
    number.words[number.length - 3] = (uint32_t)low;
    number.words[number.length - 2] = (uint32_t)high;
    number.words[number.length - 1] = (uint32_t)(high >> 32);
    trim_big(&number);
    return number;
}

static void multiply_big(big *number, uint32_t factor) {
    uint64_t carry = 0;
    for (size_t i = 0; i < number->length; i++) {
        carry += (uint64_t)number->words[i] * factor;
        number->words[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0) {
        assert(number->length < BIG_WORDS);
        number->words[number->length++] = (uint32_t)carry;
    }
}

static void multiply_by_power_of_ten(big *number, int power) {
    for (; power >= 9; power -= 9) {
        multiply_big(number, 1000000000);
    }
    for (; power > 0; power--) {
        multiply_big(number, 10);
    }
}

static uint32_t word_of(const big *number, size_t index) {
    return index < number->length ? number->words[index] : 0;
}

/* The sign of a + b - c. The words are compared from the most significant one. The lower words add
 * less than 2 and subtract less than 1, so that most comparisons end early. */
static int compare_sum(const big *a, const big *b, const big *c) {
    int64_t difference = 0;
    size_t words = slnk_size_most(slnk_size_most(a->length, b->length), c->length);
    while (words != 0 && difference <= 0 && difference >= -1) {
        words--;
        difference *= (int64_t)1 << 32;
        difference += (int64_t)word_of(a, words) + word_of(b, words) - word_of(c, words);
    }
    return (difference > 0) - (difference < 0);
}

static int compare_big(const big *a, const big *b) {
    static const big zero = {.length = 0};
    return compare_sum(a, &zero, b);
}

/* a must not be less than b. */
static void subtract_big(big *a, const big *b) {
    int64_t borrow = 0;
    for (size_t i = 0; i < a->length; i++) {
        borrow += (int64_t)a->words[i] - word_of(b, i);
        a->words[i] = (uint32_t)borrow;
        borrow = borrow < 0 ? -1 : 0;
    }
    trim_big(a);
}

/*
 * The shortest digits, by the algorithm of Steele and White in the form of Burger and Dybvig
 * ("Printing Floating-Point Numbers Quickly and Accurately", 1996). Every number between the
 * midpoints to a double's neighbours is read as that double; the midpoints too if its last bit is
 * zero, since readers round to even. Digits are generated until the rest can be rounded away.
 */

typedef struct binary {
    uint64_t fraction; /* the value is fraction * 2^exponent */
    int exponent;
    bool narrow; /* a power of two: the neighbour below is half as far as the one above */
} binary;

/* The sign is ignored. */
static binary split_double(uint64_t bits) {
    uint64_t stored = bits & ((UINT64_C(1) << 52) - 1);
    int exponent = (int)(bits >> 52 & 0x7ff);
    if (exponent == 0) {
        return (binary){stored, -1074, false};
    }
    return (binary){stored | UINT64_C(1) << 52, exponent - 1075, stored == 0 && exponent > 1};
}

/* The value is rest / unit; above / unit and below / unit are the distances to the midpoints. */
typedef struct scaled {
    big rest, unit, above, below;
    bool even;
} scaled;

static scaled scale_double(binary value) {
    unsigned up = value.exponent > 0 ? (unsigned)value.exponent : 0;
    unsigned down = value.exponent < 0 ? (unsigned)-value.exponent : 0;
    unsigned narrow = value.narrow ? 1 : 0;
    return (scaled){
        .rest = big_from(value.fraction, up + 1 + narrow),
        .unit = big_from(1, down + 1 + narrow),
        .above = big_from(1, up + narrow),
        .below = big_from(1, up),
        .even = value.fraction % 2 == 0,
    };
}

static bool may_round_up(const scaled *number) {
    int sign = compare_sum(&number->rest, &number->above, &number->unit);
    return sign > 0 || (sign == 0 && number->even);
}

static bool may_round_down(const scaled *number) {
    int sign = compare_big(&number->rest, &number->below);
    return sign < 0 || (sign == 0 && number->even);
}

static void multiply_rest(scaled *number, int power) {
    multiply_by_power_of_ten(&number->rest, power);
    multiply_by_power_of_ten(&number->above, power);
    multiply_by_power_of_ten(&number->below, power);
}

static int bit_length(uint64_t value) {
    int length = 0;
    for (; value != 0; value >>= 1) {
        length++;
    }
    return length;
}

/* Divides by the power of ten that leaves 0.1 to 1, or a value that is rounded up to 1, and returns
 * its exponent. 30103 / 100000 is the logarithm of 2; the estimate is never too large. */
static int normalize(scaled *number, binary value) {
    int point = (bit_length(value.fraction) - 1 + value.exponent) * 30103 / 100000;
    multiply_by_power_of_ten(&number->unit, point);
    multiply_rest(number, -point);
    while (may_round_up(number)) {
        multiply_big(&number->unit, 10);
        point++;
    }
    return point;
}

static char next_digit(scaled *number) {
    char digit = '0';
    multiply_rest(number, 1);
    while (compare_big(&number->rest, &number->unit) >= 0) {
        subtract_big(&number->rest, &number->unit);
        digit++;
    }
    return digit;
}

/*
 * Whether the rest is nearer to the next digit than to this one; at the midpoint, to the even one.
 */
static bool is_nearer_above(const scaled *number, char digit) {
    int sign = compare_sum(&number->rest, &number->rest, &number->unit);
    return sign > 0 || (sign == 0 && digit % 2 == 1);
}

/* Writes the digits of a value above 0 and returns their number. The value is 0.DIGITS times ten to
 * the power of `point`. */
static size_t shortest_digits(binary value, char digits[17], int *point) {
    scaled number = scale_double(value);
    *point = normalize(&number, value);
    size_t count = 0;
    bool up, down;
    do {
        digits[count++] = next_digit(&number);
        up = may_round_up(&number);
        down = may_round_down(&number);
    } while (!up && !down);
    if (up && (!down || is_nearer_above(&number, digits[count - 1]))) {
        digits[count - 1]++;
    }
    return count;
}

/* Layout */

static char *put_part(char *text, const char *from, size_t size) {
    memcpy(text, from, size);
    return text + size;
}

static char *put_zeros(char *text, int count) {
    memset(text, '0', (size_t)count);
    return text + count;
}

/* 1.5e+300 */
static char *put_scientific(char *text, const char *digits, size_t count, int exponent) {
    *text++ = digits[0];
    if (count > 1) {
        *text++ = '.';
        text = put_part(text, digits + 1, count - 1);
    }
    *text++ = 'e';
    *text++ = exponent < 0 ? '-' : '+';
    return text + slnk_decimal_from_uint64((uint64_t)(exponent < 0 ? -exponent : exponent), text);
}

/* 0.0015, 1.5 or 1500.0 */
static char *put_positional(char *text, const char *digits, size_t count, int point) {
    int whole = point < (int)count ? point : (int)count;
    if (whole <= 0) {
        text = put_zeros(put_part(text, "0.", 2), -point);
        return put_part(text, digits, count);
    }
    text = put_zeros(put_part(text, digits, (size_t)whole), point - whole);
    *text++ = '.';
    if (whole == (int)count) {
        *text++ = '0';
    }
    return put_part(text, digits + whole, count - (size_t)whole);
}

static char *put_positive(char *text, uint64_t bits) {
    char digits[17];
    int point;
    size_t count = shortest_digits(split_double(bits), digits, &point);
    return point < -3 || point > 16 ? put_scientific(text, digits, count, point - 1)
                                    : put_positional(text, digits, count, point);
}

size_t slnk_decimal_from_double(double value, char *text) {
    char *end = text;
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (bits >> 63 != 0) {
        *end++ = '-';
        value = -value;
    }
    /* Integers below 2^53 are by far the most common values, and all their digits are the shortest
     * form: this takes 5 ns instead of hundreds. */
    if (value < 9007199254740992.0 && value == (double)(uint64_t)value) {
        end += slnk_decimal_from_uint64((uint64_t)value, end);
        end = put_part(end, ".0", 2);
    } else {
        end = put_positive(end, bits);
    }
    return (size_t)(end - text);
}
