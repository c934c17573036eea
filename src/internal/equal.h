/* SPDX-License-Identifier: MIT */
/*
 * Whether two values, or two sets of attributes, are equal: maps and attributes in any order, of a
 * repeated key the last entry. Arrays and maps deeper than 64 count as empty values, so that the
 * recursion is bounded. Nothing is allocated. A NULL with a length counts as empty.
 */
#ifndef SPANLINK_INTERNAL_EQUAL_H
#define SPANLINK_INTERNAL_EQUAL_H

#include <spanlink/attribute.h>

enum { SLNK_EQUAL_DEEPEST = 64 };

/* `depth` is that of the values: 1 for the value of an attribute of a link. */
bool slnk_equal_values(const spanlink_value *a, const spanlink_value *b, unsigned depth);

/* `depth` is that of the attributes' values. */
bool slnk_equal_attributes(spanlink_attributes a, spanlink_attributes b, unsigned depth);

#endif
