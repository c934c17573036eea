/* SPDX-License-Identifier: MIT */
/*
 * Spans and texts that collide in the library's tables, made with the knowledge of their seed.
 *
 * The first step of a hash is a product: with the seed known, one factor is made zero, and the
 * other one no longer matters. So there are as many as wanted with the same 64 bits.
 */
#ifndef TEST_COLLISIONS_H
#define TEST_COLLISIONS_H

#include <spanlink/context.h>

/* The span of a number: all of them have one hash. */
void test_collide_span(const uint64_t seed[2], uint64_t number, spanlink_context *context);

/* Where the search for a span begins, in a table with so many slots. */
size_t test_home_of_span(const uint64_t seed[2], size_t slots, const spanlink_context *context);

/* Turns a span into one whose search begins at one of `count` slots from `first` on. Spans that
 * begin side by side leave no gap between them. */
void test_crowd_span(const uint64_t seed[2], size_t slots, size_t first, size_t count,
                     spanlink_context *context);

enum { TEST_COLLIDING_TEXT = 16 };

/* The text of a number: all of them have one hash. */
void test_collide_text(const uint64_t seed[2], uint64_t number, char text[TEST_COLLIDING_TEXT]);

/* Finds a seed for which there are such texts of ASCII, and makes one of them: for keys of
 * attributes. */
void test_find_ascii_seed(uint64_t seed[2]);
void test_collide_ascii(const uint64_t seed[2], uint64_t number, char text[TEST_COLLIDING_TEXT]);

#endif
