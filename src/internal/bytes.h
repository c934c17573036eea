/* SPDX-License-Identifier: MIT */
/*
 * Integers in byte strings, the same on every machine. Compilers turn each of these shift chains
 * into one load or store where the machine has one.
 */
#ifndef SPANLINK_INTERNAL_BYTES_H
#define SPANLINK_INTERNAL_BYTES_H

#include <stdint.h>

static inline uint32_t spanlink_bytes_load32(const uint8_t *bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static inline uint64_t spanlink_bytes_load64(const uint8_t *bytes) {
    return (uint64_t)bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 |
           (uint64_t)bytes[3] << 24 | (uint64_t)bytes[4] << 32 | (uint64_t)bytes[5] << 40 |
           (uint64_t)bytes[6] << 48 | (uint64_t)bytes[7] << 56;
}

static inline void spanlink_bytes_store32(uint8_t *bytes, uint32_t value) {
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
    bytes[2] = (uint8_t)(value >> 16);
    bytes[3] = (uint8_t)(value >> 24);
}

static inline void spanlink_bytes_store64(uint8_t *bytes, uint64_t value) {
    spanlink_bytes_store32(bytes, (uint32_t)value);
    spanlink_bytes_store32(bytes + 4, (uint32_t)(value >> 32));
}

#endif
