/* SPDX-License-Identifier: MIT */
/* Views of text: the optional whitespace around a header's value (RFC 9110, section 5.6.3), views
 * that are NULL with a length, and comparison. */
#ifndef SPANLINK_INTERNAL_TEXT_H
#define SPANLINK_INTERNAL_TEXT_H

#include "internal/bytes.h"

#include <spanlink/base.h>

/*@ predicate is_blank(integer c) = c == ' ' || c == '\t';
    // The text without the blanks at its ends is [from, to).
    predicate trimmed(char *text, integer length, integer from, integer to) =
        0 <= from <= to <= length &&
        (\forall integer i; 0 <= i < from ==> is_blank(text[i])) &&
        (\forall integer i; to <= i < length ==> is_blank(text[i])) &&
        (from < to ==> !is_blank(text[from]) && !is_blank(text[to - 1]));
*/

/* The first comparison alone is enough for the last character of most texts. */
/*@ assigns \nothing;
    ensures \result <==> is_blank(character);
*/
static inline bool slnk_text_is_space(char character) {
    return (uint8_t)character <= ' ' && (character == ' ' || character == '\t');
}

/* The text without spaces and tabs at its ends; a NULL view stays NULL. */
/*@ requires text.len != 0 ==> \valid_read(text.ptr + (0 .. text.len - 1));
    assigns \nothing;
    ensures \base_addr(\result.ptr) == \base_addr(text.ptr);
    ensures trimmed(text.ptr, text.len, \result.ptr - text.ptr,
                    \result.ptr - text.ptr + \result.len);
*/
static inline spanlink_str slnk_text_trim(spanlink_str text) {
    /*@ loop invariant text.len <= \at(text.len, Pre);
        loop invariant
            \forall integer i; text.len <= i < \at(text.len, Pre) ==> is_blank(text.ptr[i]);
        loop assigns text.len;
        loop variant text.len;
    */
    while (text.len != 0 && slnk_text_is_space(text.ptr[text.len - 1])) {
        text.len--;
    }
    /*@ loop invariant \base_addr(text.ptr) == \base_addr(\at(text.ptr, Pre));
        loop invariant 0 <= text.ptr - \at(text.ptr, Pre);
        loop invariant
            text.ptr - \at(text.ptr, Pre) + text.len == \at(text.len, LoopEntry);
        loop invariant \forall integer i; 0 <= i < text.ptr - \at(text.ptr, Pre) ==>
                           is_blank(\at(text.ptr, Pre)[i]);
        loop assigns text.len, text.ptr;
        loop variant text.len;
    */
    while (text.len != 0 && slnk_text_is_space(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    return text;
}

/* NULL with a length. */
/*@ assigns \nothing;
    ensures \result <==> text.ptr == \null && text.len != 0;
*/
static inline bool slnk_text_is_broken(spanlink_str text) {
    return text.ptr == NULL && text.len != 0;
}

/* Whether two texts have the same bytes. A NULL with a length counts as empty. */
static inline bool slnk_text_equal(spanlink_str a, spanlink_str b) {
    size_t a_length = a.ptr == NULL ? 0 : a.len;
    size_t b_length = b.ptr == NULL ? 0 : b.len;
    return a_length == b_length && slnk_bytes_equal(a.ptr, b.ptr, a_length);
}

#endif
