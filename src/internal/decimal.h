/* SPDX-License-Identifier: MIT */
/* Numbers as decimal text: exact, the same everywhere, with no locale, allocation or printf(). */
#ifndef SPANLINK_INTERNAL_DECIMAL_H
#define SPANLINK_INTERNAL_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

/* The maximum length of an integer and of a double, such as -1.2345678901234568e-300. */
enum { SLNK_DECIMAL_INTEGER_SIZE = 20, SLNK_DECIMAL_DOUBLE_SIZE = 24 };

/* Writes an integer, and no NUL. Returns the number of characters. */
size_t slnk_decimal_from_uint64(uint64_t value, char *text);

/* The same for a signed integer. */
size_t slnk_decimal_from_int64(int64_t value, char *text);

/*
 * Writes a finite double with the fewest digits that restore it, and of those the nearest: as 5.0,
 * -0.001, 1e+300. It is a JSON number that is recognisable as a double. No NUL. Returns the number
 * of characters.
 */
size_t slnk_decimal_from_double(double value, char *text);

#endif
