/* SPDX-License-Identifier: MIT */
/* A block of header lines, and a getter for it that shares no code with the library. */
#ifndef FUZZ_CARRIER_H
#define FUZZ_CARRIER_H

#include "fuzz.h"

#include <spanlink/propagation.h>

enum { MOST_LINES = 400 };

typedef struct block {
    spanlink_header lines[MOST_LINES];
    size_t count, asked; /* how often the getter was called */
} block;

/* A colon ends a name; CR LF or LF ends a line. */
static inline void split(block *b, const char *text, size_t length) {
    size_t end;
    for (size_t start = 0; start < length && b->count < MOST_LINES; start = end + 1) {
        for (end = start; end < length && text[end] != '\n';) {
            end++;
        }
        size_t stop = end > start && text[end - 1] == '\r' ? end - 1 : end;
        const char *colon = memchr(text + start, ':', stop - start);
        if (colon != NULL) {
            size_t name = (size_t)(colon - text) - start;
            b->lines[b->count++] =
                (spanlink_header){{text + start, name}, {colon + 1, stop - start - name - 1}};
        }
    }
}

static inline bool is_named(spanlink_str text, const char *name) {
    bool same = text.len == strlen(name);
    for (size_t i = 0; same && i < text.len; i++) {
        char c = text.ptr[i];
        same = (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) == name[i];
    }
    return same;
}

static inline bool next(void *carrier, spanlink_str name, size_t *cursor, spanlink_str *value) {
    block *b = carrier;
    char asked[32] = "";
    memcpy(asked, name.ptr, name.len);
    b->asked++;
    while (*cursor < b->count) {
        const spanlink_header *line = &b->lines[(*cursor)++];
        if (is_named(line->name, asked)) {
            *value = line->value;
            return true;
        }
    }
    return false;
}

static inline spanlink_str trim(spanlink_str text) {
    while (text.len != 0 && (text.ptr[0] == ' ' || text.ptr[0] == '\t')) {
        text = (spanlink_str){text.ptr + 1, text.len - 1};
    }
    while (text.len != 0 && strchr(" \t", text.ptr[text.len - 1]) && text.ptr[text.len - 1] != 0) {
        text.len--;
    }
    return text;
}

#endif
