/* SPDX-License-Identifier: MIT */
/*
 * Keyed hashes of spans, numbers and texts, the same on every machine.
 *
 * The step is a 64 x 64 -> 128 bit multiplication whose halves are folded together: each input bit
 * affects the whole result. Without the seed an attacker cannot choose a table's slots.
 */
#ifndef SPANLINK_INTERNAL_HASH_H
#define SPANLINK_INTERNAL_HASH_H

#include "internal/bytes.h"

#include <stddef.h>

typedef struct slnk_hash_seed {
    uint64_t a, b;
} slnk_hash_seed;

/* Odd constants with well-mixed bits: the fractional digits of pi. */
#define SLNK_HASH_1 UINT64_C(0x243f6a8885a308d3)
#define SLNK_HASH_2 UINT64_C(0x13198a2e03707345)

static inline uint64_t slnk_hash_fold(uint64_t a, uint64_t b) {
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
    uint64_t a_low = (uint32_t)a, a_high = a >> 32, b_low = (uint32_t)b, b_high = b >> 32;
    uint64_t low = a_low * b_low, middle1 = a_high * b_low, middle2 = a_low * b_high;
    uint64_t carry = (low >> 32) + (uint32_t)middle1 + (uint32_t)middle2;
    uint64_t high = a_high * b_high + (middle1 >> 32) + (middle2 >> 32) + (carry >> 32);
    return (carry << 32 | (uint32_t)low) ^ high;
#endif
}

/* Spreads a seed, which may be small, over two words. */
static inline slnk_hash_seed slnk_hash_seed_from(uint64_t a, uint64_t b) {
    slnk_hash_seed seed;
    seed.a = slnk_hash_fold(a ^ SLNK_HASH_1, b ^ SLNK_HASH_2);
    seed.b = slnk_hash_fold(seed.a ^ SLNK_HASH_2, b ^ SLNK_HASH_1);
    return seed;
}

/*
 * Derives a hard-to-guess seed (not cryptographic) from the caller's seed and an address, and from
 * the time if the caller gives no seed. So no clock is read if a seed is given, or with
 * SPANLINK_NO_CLOCK.
 */
slnk_hash_seed slnk_hash_seed_secret(const uint64_t given[2], const void *address);

/* The caller's seed, or the secret one if both words are zero. */
static inline slnk_hash_seed slnk_hash_seed_choose(const uint64_t given[2], slnk_hash_seed secret) {
    return (given[0] | given[1]) != 0 ? slnk_hash_seed_from(given[0], given[1]) : secret;
}

/* Another seed, derived from the old one and an address, for a table under attack by a sender who
 * knows the old seed. */
static inline slnk_hash_seed slnk_hash_seed_renew(slnk_hash_seed old, const void *address) {
    return slnk_hash_seed_from(old.a, old.b ^ (uintptr_t)address);
}

static inline uint64_t slnk_hash_number(slnk_hash_seed seed, uint64_t number) {
    uint64_t hash = slnk_hash_fold(number ^ seed.a, SLNK_HASH_1 ^ seed.b);
    return slnk_hash_fold(hash ^ SLNK_HASH_2, seed.a ^ SLNK_HASH_1);
}

static inline uint64_t slnk_hash_span(slnk_hash_seed seed, const uint8_t trace_id[16],
                                      const uint8_t span_id[8]) {
    uint64_t hash = slnk_hash_fold(slnk_bytes_load64(trace_id) ^ seed.a,
                                   slnk_bytes_load64(trace_id + 8) ^ seed.b);
    return slnk_hash_fold(slnk_bytes_load64(span_id) ^ hash, SLNK_HASH_1 ^ seed.a);
}

/* A permutation of 64 bits in which each bit of the argument changes each bit of the result in half
 * of all cases: the multipliers were searched for that. */
static inline uint64_t slnk_hash_mix(uint64_t number) {
    uint64_t mixed = (number ^ number >> 32) * UINT64_C(0xd6e8feb86659fd93);
    mixed = (mixed ^ mixed >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return mixed ^ mixed >> 32;
}

/*
 * A number for random selection among spans, where its order matters and not only that collisions
 * are rare: slnk_hash_span() makes progressions of sequential ids.
 */
static inline uint64_t slnk_hash_draw(slnk_hash_seed seed, const uint8_t trace_id[16],
                                      const uint8_t span_id[8]) {
    uint64_t hash = slnk_hash_fold(slnk_bytes_load64(trace_id) ^ seed.a,
                                   slnk_bytes_load64(trace_id + 8) ^ seed.b);
    return slnk_hash_mix(hash ^ slnk_bytes_load64(span_id));
}

/* Another number for the same span: `number` separates links of the same span. */
static inline uint64_t slnk_hash_draw_again(slnk_hash_seed seed, uint64_t draw, uint64_t number) {
    return slnk_hash_mix(draw ^ number ^ seed.b);
}

/* Up to sixteen bytes as two words: the first and the last eight, which may overlap. Fewer than
 * eight are one word, and a zero. */
static inline void slnk_hash_take(const uint8_t *bytes, size_t length, uint64_t words[2]) {
    if (length >= 8) {
        words[0] = slnk_bytes_load64(bytes);
        words[1] = slnk_bytes_load64(bytes + length - 8);
        return;
    }
    words[0] = words[1] = 0;
    for (size_t i = 0; i < length; i++) {
        words[0] |= (uint64_t)bytes[i] << (8 * i);
    }
}

/* Sixteen bytes per step. The length enters the last step, so that no text can compensate for it
 * without the seed. */
static inline uint64_t slnk_hash_text(slnk_hash_seed seed, const char *text, size_t length) {
    const uint8_t *bytes = (const uint8_t *)text;
    uint64_t hash = seed.a, words[2];
    size_t left = length;
    for (; left > 16; left -= 16, bytes += 16) {
        hash =
            slnk_hash_fold(slnk_bytes_load64(bytes) ^ hash, slnk_bytes_load64(bytes + 8) ^ seed.b);
    }
    slnk_hash_take(bytes, left, words);
    hash = slnk_hash_fold(words[0] ^ hash, words[1] ^ seed.b);
    return slnk_hash_fold(hash ^ SLNK_HASH_1, seed.a ^ SLNK_HASH_2 ^ length);
}

#endif
