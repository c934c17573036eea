/* SPDX-License-Identifier: MIT */
#include "collisions.h"

#include "cost.h"

#include <internal/hash.h>

void cost_make_span(uint64_t number, spanlink_context *context) {
    uint64_t id = spanlink_hash_number(spanlink_hash_seed_from(5, 6), number);
    *context = (spanlink_context){.trace_flags = number % 2};
    spanlink_bytes_store64(context->trace_id, id);
    spanlink_bytes_store64(context->span_id, id);
}

void cost_collide_span(const uint64_t seed[2], uint64_t number, spanlink_context *context) {
    spanlink_hash_seed spread = spanlink_hash_seed_from(seed[0], seed[1]);
    spanlink_bytes_store64(context->trace_id, spread.a);
    spanlink_bytes_store64(context->trace_id + 8, number);
    spanlink_bytes_store64(context->span_id, 1);
}

void cost_collide_text(const uint64_t seed[2], uint64_t number, char text[COST_COLLIDING_TEXT]) {
    spanlink_hash_seed spread = spanlink_hash_seed_from(seed[0], seed[1]);
    spanlink_bytes_store64((uint8_t *)text, spread.a);
    spanlink_bytes_store64((uint8_t *)text + 8, number);
}

static bool is_ascii(uint64_t word) {
    return (word & UINT64_C(0x8080808080808080)) == 0;
}

void cost_find_ascii_seed(uint64_t seed[2]) {
    seed[0] = seed[1] = 0;
    do {
        seed[0]++;
    } while (!is_ascii(spanlink_hash_seed_from(seed[0], seed[1]).b));
}

void cost_collide_ascii(const uint64_t seed[2], uint64_t number, char text[COST_COLLIDING_TEXT]) {
    spanlink_hash_seed spread = spanlink_hash_seed_from(seed[0], seed[1]);
    for (size_t i = 0; i < 8; i++) {
        text[i] = (char)('a' + (number >> (4 * i) & 15));
    }
    spanlink_bytes_store64((uint8_t *)text + 8, spread.b);
}

uint64_t cost_reservoir_key(const spanlink_context *context) {
    return spanlink_hash_span(spanlink_hash_seed_from(0, 0), context->trace_id, context->span_id);
}
