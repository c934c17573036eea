/* SPDX-License-Identifier: MIT */
/*
 * Integers in byte strings, the same on every machine. Compilers turn each of these shift chains
 * into one load or store where the machine has one.
 */
#ifndef SPANLINK_INTERNAL_BYTES_H
#define SPANLINK_INTERNAL_BYTES_H

#include "internal/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint32_t slnk_bytes_load32(const uint8_t *bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static inline uint64_t slnk_bytes_load64(const uint8_t *bytes) {
    return (uint64_t)bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 |
           (uint64_t)bytes[3] << 24 | (uint64_t)bytes[4] << 32 | (uint64_t)bytes[5] << 40 |
           (uint64_t)bytes[6] << 48 | (uint64_t)bytes[7] << 56;
}

static inline void slnk_bytes_store32(uint8_t *bytes, uint32_t value) {
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
    bytes[2] = (uint8_t)(value >> 16);
    bytes[3] = (uint8_t)(value >> 24);
}

static inline void slnk_bytes_store64(uint8_t *bytes, uint64_t value) {
    slnk_bytes_store32(bytes, (uint32_t)value);
    slnk_bytes_store32(bytes + 4, (uint32_t)(value >> 32));
}

/* The same with the most significant byte first. */
static inline uint64_t slnk_bytes_load64_big(const uint8_t *bytes) {
    return (uint64_t)bytes[7] | (uint64_t)bytes[6] << 8 | (uint64_t)bytes[5] << 16 |
           (uint64_t)bytes[4] << 24 | (uint64_t)bytes[3] << 32 | (uint64_t)bytes[2] << 40 |
           (uint64_t)bytes[1] << 48 | (uint64_t)bytes[0] << 56;
}

/* (In one piece where the compiler is known: gcc -O3 joins the bytes of two such stores one by
 * one.) */
static inline void slnk_bytes_store64_big(uint8_t *bytes, uint64_t value) {
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    value = __builtin_bswap64(value);
    memcpy(bytes, &value, sizeof value);
#else
    for (size_t i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(value >> (56 - 8 * i));
    }
#endif
}

/* Copies 8 to 16 bytes: two moves, which may overlap. */
static inline void slnk_bytes_copy_short(void *to, const void *from, size_t size) {
    uint64_t first, last;
    memcpy(&first, from, 8);
    memcpy(&last, (const uint8_t *)from + size - 8, 8);
    memcpy(to, &first, 8);
    memcpy((uint8_t *)to + size - 8, &last, 8);
}

/* Copies a text, which may be empty and NULL. Most have 4 to 32 bytes, for which a call of memcpy()
 * costs 25 instructions: pairs of moves, which may overlap, take fewer. */
static inline void slnk_bytes_copy(void *to, const void *from, size_t size) {
    uint8_t *target = (uint8_t *)to;
    const uint8_t *source = (const uint8_t *)from;
    if (SLNK_UNLESS_SMALL(size >= 16 && size <= 32)) {
        slnk_bytes_copy_short(target, source, 16);
        slnk_bytes_copy_short(target + size - 16, source + size - 16, 16);
    } else if (SLNK_UNLESS_SMALL(size >= 8 && size < 16)) {
        slnk_bytes_copy_short(target, source, size);
    } else if (SLNK_UNLESS_SMALL(size >= 4 && size < 8)) {
        uint32_t first, last;
        memcpy(&first, source, 4);
        memcpy(&last, source + size - 4, 4);
        memcpy(target, &first, 4);
        memcpy(target + size - 4, &last, 4);
    } else if (size != 0) {
        memcpy(target, source, size);
    }
}

/*
 * Whether two texts are equal, which may be empty and NULL: compares words, of which the last two
 * may overlap. Most texts have 8 to 16 bytes, for which a call of memcmp() costs 25 instructions.
 */
static inline bool slnk_bytes_equal(const void *a, const void *b, size_t size) {
    const uint8_t *x = (const uint8_t *)a, *y = (const uint8_t *)b;
    size_t i = 0;
    if (size < 8) {
        while (i < size && x[i] == y[i]) {
            i++;
        }
        return i == size;
    }
    while (size - i > 8 && slnk_bytes_load64(x + i) == slnk_bytes_load64(y + i)) {
        i += 8;
    }
    return size - i <= 8 && slnk_bytes_load64(x + size - 8) == slnk_bytes_load64(y + size - 8);
}

/* Whether up to 16 bytes are all zero. By memcmp(): gcc 12 does not fuse two of the preceding loads
 * joined by `|`, which costs 50 instructions more. */
/*@ predicate all_zero(uint8_t *bytes, integer size) =
        \forall integer i; 0 <= i < size ==> bytes[i] == 0;
*/
/*@ requires 0 <= size <= 16 && \valid_read(bytes + (0 .. size - 1));
    assigns \nothing;
    ensures \result <==> all_zero(bytes, size);
*/
static inline bool slnk_bytes_are_zero(const uint8_t *bytes, size_t size) {
    static const uint8_t zero[16] = {0};
    return memcmp(bytes, zero, size) == 0;
}

#endif
