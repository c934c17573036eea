/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <ctype.h>
#include <string.h>

spanlink_str text_part(spanlink_str text, size_t start, size_t end) {
    return (spanlink_str){text.ptr + start, end - start};
}

bool text_begins(spanlink_str text, const char *start) {
    return text.len >= strlen(start) && memcmp(text.ptr, start, strlen(start)) == 0;
}

bool text_equals(spanlink_str text, const char *other) {
    return text.len == strlen(other) && text_begins(text, other);
}

/* The position of a character; the text's length if there is none. */
size_t text_find(spanlink_str text, char wanted) {
    const char *at = text.len > 0 ? memchr(text.ptr, wanted, text.len) : NULL;
    return at != NULL ? (size_t)(at - text.ptr) : text.len;
}

/* The position of a text; the whole length if there is none. */
size_t text_find_text(spanlink_str text, const char *wanted) {
    size_t length = strlen(wanted);
    for (size_t i = 0; i + length <= text.len; i++) {
        if (memcmp(text.ptr + i, wanted, length) == 0) {
            return i;
        }
    }
    return text.len;
}

spanlink_str text_trim(spanlink_str text) {
    size_t start = 0, end = text.len;
    while (start < end && (text.ptr[start] == ' ' || text.ptr[start] == '\t')) {
        start++;
    }
    while (end > start && (text.ptr[end - 1] == ' ' || text.ptr[end - 1] == '\t')) {
        end--;
    }
    return text_part(text, start, end);
}

spanlink_str text_unquote(spanlink_str text) {
    spanlink_str bare = text_trim(text);
    bool quoted = bare.len >= 2 && (bare.ptr[0] == '"' || bare.ptr[0] == '\'') &&
                  bare.ptr[bare.len - 1] == bare.ptr[0];
    return quoted ? text_part(bare, 1, bare.len - 1) : bare;
}

bool text_is_name(spanlink_str a, spanlink_str lowercase) {
    bool same = a.len == lowercase.len;
    for (size_t i = 0; same && i < a.len; i++) {
        same = tolower((unsigned char)a.ptr[i]) == lowercase.ptr[i];
    }
    return same;
}
