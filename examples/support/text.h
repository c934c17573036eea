/* SPDX-License-Identifier: MIT */
/* Parts of text views that are not NUL-terminated. Nothing is copied. */
#ifndef EXAMPLES_TEXT_H
#define EXAMPLES_TEXT_H

#include <spanlink/base.h>

/* The text from `start` up to `end`. */
spanlink_str text_part(spanlink_str text, size_t start, size_t end);

bool text_begins(spanlink_str text, const char *start);
bool text_equals(spanlink_str text, const char *other);

/* Whether a text equals a lowercase name, without regard to case. */
bool text_is_name(spanlink_str text, spanlink_str lowercase);

/* The first position of a character, or of another text; the length if there is none. */
size_t text_find(spanlink_str text, char wanted);
size_t text_find_text(spanlink_str text, const char *wanted);

/* Without blanks and tabs around it. */
spanlink_str text_trim(spanlink_str text);

/* The same, and without quotation marks of either kind. */
spanlink_str text_unquote(spanlink_str text);

#endif
