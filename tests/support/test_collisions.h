/* SPDX-License-Identifier: MIT */
/*
 * Spans and texts that collide in the library's tables, for a known seed.
 *
 * The first step of a hash is a product. With a known seed one factor can be made zero; then any
 * value of the other factor gives the same 64 bits.
 */
#ifndef TEST_COLLISIONS_H
#define TEST_COLLISIONS_H

#include <spanlink/context.h>

/* The span with a number. All these spans have the same hash. */
void test_collide_span(const uint64_t seed[2], uint64_t number, spanlink_context *context);

/* The slot where the search for a span begins, in a table with this number of slots. */
size_t test_home_of_span(const uint64_t seed[2], size_t slots, const spanlink_context *context);

/* Changes a span so that its search begins at one of `count` slots from `first` on. Spans in
 * neighbouring slots leave no gap. */
void test_crowd_span(const uint64_t seed[2], size_t slots, size_t first, size_t count,
                     spanlink_context *context);

enum { TEST_COLLIDING_TEXT = 16 };

/* The text with a number. All these texts have the same hash. */
void test_collide_text(const uint64_t seed[2], uint64_t number, char text[TEST_COLLIDING_TEXT]);

/* Finds a seed for which such texts can be ASCII, as keys of attributes must be. */
void test_find_ascii_seed(uint64_t seed[2]);
void test_collide_ascii(const uint64_t seed[2], uint64_t number, char text[TEST_COLLIDING_TEXT]);

#endif
