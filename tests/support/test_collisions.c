/* SPDX-License-Identifier: MIT */
#include "test_collisions.h"

#include <internal/list/span_index.h>

static slnk_hash_seed spread(const uint64_t seed[2]) {
    return slnk_hash_seed_from(seed[0], seed[1]);
}

void test_collide_span(const uint64_t seed[2], uint64_t number, spanlink_context *context) {
    slnk_bytes_store64(context->trace_id, spread(seed).a);
    slnk_bytes_store64(context->trace_id + 8, number);
    slnk_bytes_store64(context->span_id, 1);
}

size_t test_home_of_span(const uint64_t seed[2], size_t slots, const spanlink_context *context) {
    uint64_t hash = slnk_hash_span(spread(seed), context->trace_id, context->span_id);
    return slnk_span_index_home(slots - 1, slnk_span_index_entry(hash, 0));
}

void test_crowd_span(const uint64_t seed[2], size_t slots, size_t first, size_t count,
                     spanlink_context *context) {
    uint64_t span_id = slnk_bytes_load64(context->span_id);
    size_t home = test_home_of_span(seed, slots, context);
    while (home < first || home >= first + count) {
        slnk_bytes_store64(context->span_id, ++span_id);
        home = test_home_of_span(seed, slots, context);
    }
}

void test_collide_text(const uint64_t seed[2], uint64_t number, char text[TEST_COLLIDING_TEXT]) {
    slnk_bytes_store64((uint8_t *)text, spread(seed).a);
    slnk_bytes_store64((uint8_t *)text + 8, number);
}

static bool is_ascii(uint64_t word) {
    return (word & UINT64_C(0x8080808080808080)) == 0;
}

void test_find_ascii_seed(uint64_t seed[2]) {
    seed[0] = seed[1] = 0;
    do {
        seed[0]++;
    } while (!is_ascii(spread(seed).b));
}

void test_collide_ascii(const uint64_t seed[2], uint64_t number, char text[TEST_COLLIDING_TEXT]) {
    for (size_t i = 0; i < 8; i++) {
        text[i] = (char)('a' + (number >> (4 * i) & 15));
    }
    slnk_bytes_store64((uint8_t *)text + 8, spread(seed).b);
}
