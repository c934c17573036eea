/* SPDX-License-Identifier: MIT */
/*
 * Ordinary spans; and spans and texts that whoever knows a seed can make, as many as wanted, with
 * one and the same hash of 64 bits. The first step of the hash is a product: with the seed known,
 * one factor is made zero, and the other one no longer matters.
 */
#ifndef COST_COLLISIONS_H
#define COST_COLLISIONS_H

#include <spanlink/context.h>

/* The span of a number, with ids like random ones. */
void cost_make_span(uint64_t number, spanlink_context *context);

void cost_collide_span(const uint64_t seed[2], uint64_t number, spanlink_context *context);

enum { COST_COLLIDING_TEXT = 16 };

void cost_collide_text(const uint64_t seed[2], uint64_t number, char text[COST_COLLIDING_TEXT]);

/* Finds a seed for which such texts of ASCII exist, and makes one of them: for keys of attributes.
 */
void cost_find_ascii_seed(uint64_t seed[2]);
void cost_collide_ascii(const uint64_t seed[2], uint64_t number, char text[COST_COLLIDING_TEXT]);

/* The key of a span in a reservoir with seed 0. */
uint64_t cost_reservoir_key(const spanlink_context *context);

#endif
