/* SPDX-License-Identifier: MIT */
/*
 * Compares the hashes with an independent bitwise implementation. Hashes are equal on all machines,
 * so that a reservoir chooses the same links everywhere.
 */
#include "test.h"
#include "test_links.h"

#include "internal/hash.h"

#include <time.h>

/* The 128-bit product as a sum of shifted numbers, then the xor of its halves. */
static uint64_t slow_fold(uint64_t a, uint64_t b) {
    uint64_t low = 0, high = 0;
    for (unsigned bit = 0; bit < 64; bit++) {
        if ((b >> bit & 1) != 0) {
            uint64_t part = a << bit;
            low += part;
            high += (bit == 0 ? 0 : a >> (64 - bit)) + (low < part);
        }
    }
    return low ^ high;
}

static uint64_t slow_word(const uint8_t *bytes, size_t count) {
    uint64_t word = 0;
    for (size_t i = 0; i < count; i++) {
        word = word * 256 + bytes[count - 1 - i];
    }
    return word;
}

static uint64_t slow_span(slnk_hash_seed seed, const uint8_t ids[24]) {
    uint64_t hash = slow_fold(slow_word(ids, 8) ^ seed.a, slow_word(ids + 8, 8) ^ seed.b);
    return slow_fold(slow_word(ids + 16, 8) ^ hash, UINT64_C(0x243f6a8885a308d3) ^ seed.a);
}

/* The rest of a text, at most 16 bytes, as its first and its last eight bytes. */
static void slow_rest(const uint8_t *rest, size_t left, uint64_t words[2]) {
    words[0] = slow_word(rest, left < 8 ? left : 8);
    words[1] = left < 8 ? 0 : slow_word(rest + left - 8, 8);
}

static uint64_t slow_text(slnk_hash_seed seed, const uint8_t *text, size_t length) {
    size_t steps = length == 0 ? 0 : (length - 1) / 16;
    uint64_t hash = seed.a, words[2];
    for (size_t i = 0; i < steps; i++) {
        hash =
            slow_fold(slow_word(text + 16 * i, 8) ^ hash, slow_word(text + 16 * i + 8, 8) ^ seed.b);
    }
    slow_rest(text + 16 * steps, length - 16 * steps, words);
    hash = slow_fold(words[0] ^ hash, words[1] ^ seed.b);
    return slow_fold(hash ^ UINT64_C(0x243f6a8885a308d3),
                     seed.a ^ UINT64_C(0x13198a2e03707345) ^ length);
}

static uint64_t random_word(uint64_t *random) {
    static const uint64_t special[] = {0, 1, UINT64_MAX, UINT64_C(1) << 32, UINT32_MAX};
    size_t choice = test_random_below(random, 20);
    return choice < 5 ? special[choice] : test_random(random);
}

TEST(a_fold_is_the_whole_product) {
    uint64_t random = 1;
    for (int i = 0; i < 10000; i++) {
        uint64_t a = random_word(&random), b = random_word(&random);
        assert_true(slow_fold(a, b) == slnk_hash_fold(a, b));
    }
}

TEST(a_seed_is_spread_over_both_words) {
    slnk_hash_seed seed = slnk_hash_seed_from(1, 2);
    assert_true(seed.a == UINT64_C(0x1af858a5a3824548));
    assert_true(seed.b == UINT64_C(0xa4d19e701bf97b14));
}

/* A stopped clock, where the library reads timespec_get(). */
static struct timespec clock_time = {1000, 500};
static int clock_reads;

#ifdef TIME_UTC
int timespec_get(struct timespec *now, int base) {
    clock_reads++;
    *now = clock_time;
    return base;
}
#endif

static void expect_other_seed(slnk_hash_seed one, slnk_hash_seed other) {
    assert_true(one.a != other.a && one.b != other.b);
}

TEST(a_secret_seed_depends_on_all_that_it_is_made_of) {
    const char here[2] = {0};
    const uint64_t known[3][2] = {{1, 2}, {3, 2}, {1, 3}};
    clock_reads = 0;
    slnk_hash_seed seed = slnk_hash_seed_secret(known[0], &here[0]);
    expect_other_seed(seed, slnk_hash_seed_secret(known[0], &here[1]));
    expect_other_seed(seed, slnk_hash_seed_secret(known[1], &here[0]));
    expect_other_seed(seed, slnk_hash_seed_secret(known[2], &here[0]));
    assert_int_equal(0, clock_reads);
}

TEST(without_a_given_seed_the_time_is_in_it) {
    const char here[2] = {0};
    const uint64_t none[2] = {0, 0};
    clock_time = (struct timespec){1000, 500};
    slnk_hash_seed seed = slnk_hash_seed_secret(none, &here[0]);
    expect_other_seed(seed, slnk_hash_seed_secret(none, &here[1]));
#if defined(TIME_UTC) && !defined(SPANLINK_NO_CLOCK)
    clock_time.tv_nsec++;
    expect_other_seed(seed, slnk_hash_seed_secret(none, &here[0]));
    clock_time = (struct timespec){1001, 500};
    expect_other_seed(seed, slnk_hash_seed_secret(none, &here[0]));
#endif
}

TEST(a_renewed_seed_is_another_one) {
    const char here[2] = {0};
    clock_reads = 0;
    slnk_hash_seed seed = slnk_hash_seed_from(1, 2);
    slnk_hash_seed one = slnk_hash_seed_renew(seed, &here[0]);
    slnk_hash_seed second = slnk_hash_seed_renew(one, &here[0]);
    expect_other_seed(seed, one);
    expect_other_seed(one, second);
    expect_other_seed(seed, second);
    expect_other_seed(one, slnk_hash_seed_renew(seed, &here[1]));
    assert_int_equal(0, clock_reads);
}

TEST(a_given_seed_is_taken_before_the_secret_one) {
    const uint64_t given[3][2] = {{1, 0}, {0, 1}, {0, 0}};
    const slnk_hash_seed secret = {7, 8};
    for (size_t i = 0; i < 2; i++) {
        slnk_hash_seed wanted = slnk_hash_seed_from(given[i][0], given[i][1]);
        slnk_hash_seed seed = slnk_hash_seed_choose(given[i], secret);
        assert_true(wanted.a == seed.a && wanted.b == seed.b);
    }
    slnk_hash_seed chosen = slnk_hash_seed_choose(given[2], secret);
    assert_true(chosen.a == 7 && chosen.b == 8);
}

TEST(numbers_and_spans_hash_the_same_everywhere) {
    uint64_t random = 2;
    slnk_hash_seed seed = slnk_hash_seed_from(1, 2);
    assert_true(slnk_hash_number(seed, 0) == UINT64_C(0x1dce9f7994b35eef));
    assert_true(slnk_hash_number(seed, UINT64_MAX) == UINT64_C(0x6dc6dc3ed9ae32f5));
    for (int i = 0; i < 1000; i++) {
        uint8_t ids[24];
        for (size_t j = 0; j < sizeof ids; j++) {
            ids[j] = (uint8_t)test_random(&random);
        }
        assert_true(slow_span(seed, ids) == slnk_hash_span(seed, ids, ids + 16));
    }
}

TEST(texts_hash_the_same_everywhere) {
    uint64_t random = 3;
    slnk_hash_seed seed = slnk_hash_seed_from(5, 6);
    for (size_t length = 0; length <= 48; length++) {
        uint8_t text[49];
        for (size_t i = 0; i < sizeof text; i++) {
            text[i] = (uint8_t)test_random(&random);
        }
        assert_true(slow_text(seed, text, length) ==
                    slnk_hash_text(seed, (const char *)text, length));
    }
}

TEST(each_byte_of_a_text_counts) {
    char text[48] = {0};
    slnk_hash_seed seed = slnk_hash_seed_from(7, 8);
    for (size_t length = 1; length <= sizeof text; length++) {
        uint64_t hash = slnk_hash_text(seed, text, length);
        for (size_t i = 0; i < length; i++) {
            text[i] = 1;
            assert_true(hash != slnk_hash_text(seed, text, length));
            text[i] = 0;
        }
    }
}

/* Appending bytes to a text changes its hash, with each of these seeds. */
TEST(texts_that_differ_by_their_length_have_different_hashes) {
    char text[48] = {0};
    uint64_t random = 4;
    for (int round = 0; round < 20; round++) {
        slnk_hash_seed seed = slnk_hash_seed_from(test_random(&random), 1);
        for (size_t a = 0; a <= sizeof text; a++) {
            for (size_t b = 0; b < a; b++) {
                text[0] = 0;
                uint64_t hash = slnk_hash_text(seed, text, a);
                assert_true(hash != slnk_hash_text(seed, text, b));
                text[0] = (char)(a ^ b);
                assert_true(b == 0 || hash != slnk_hash_text(seed, text, b));
            }
        }
    }
}
