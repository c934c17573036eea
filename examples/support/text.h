/* SPDX-License-Identifier: MIT */
/* Views of text that are not NUL-terminated: to look at parts of them. Nothing is copied. */
#ifndef EXAMPLES_TEXT_H
#define EXAMPLES_TEXT_H

#include <spanlink/base.h>

/* What lies from `start` up to `end`. */
spanlink_str text_part(spanlink_str text, size_t start, size_t end);

bool text_begins(spanlink_str text, const char *start);
bool text_equals(spanlink_str text, const char *other);

/* Whether a text is a name that is given in lowercase, in letters of either case. */
bool text_is_name(spanlink_str text, spanlink_str lowercase);

/* Where a character, or another text, comes first; the length if it does not. */
size_t text_find(spanlink_str text, char wanted);
size_t text_find_text(spanlink_str text, const char *wanted);

/* Without blanks and tabs around it. */
spanlink_str text_trim(spanlink_str text);

/* The same, and without quotation marks of either kind around that. */
spanlink_str text_unquote(spanlink_str text);

#endif
