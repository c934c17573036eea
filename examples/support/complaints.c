/* SPDX-License-Identifier: MIT */
#include "complaints.h"

#include <inttypes.h>

#define MOST_SHOWN      10  /* errors that are described */
#define MOST_CHARACTERS 120 /* characters of the input that are shown */

static void print_character(FILE *output, unsigned char character) {
    if (character == '"' || character == '\\') {
        fprintf(output, "\\%c", character);
    } else if (character < ' ' || character == 0x7f) {
        fprintf(output, "\\x%02x", character);
    } else {
        putc(character, output);
    }
}

void print_quoted(FILE *output, spanlink_str text) {
    putc('"', output);
    for (size_t i = 0; i < text.len && i < MOST_CHARACTERS; i++) {
        print_character(output, (unsigned char)text.ptr[i]);
    }
    fputs(text.len > MOST_CHARACTERS ? "\"..." : "\"", output);
}

static const char *or_nothing(const char *text) {
    return text != NULL ? text : "";
}

void complain(struct complaints *complaints, const char *where, const char *fault,
              spanlink_str seen, const char *expected) {
    if (++complaints->count > MOST_SHOWN) {
        return;
    }
    fprintf(stderr, "%s%s: %s", or_nothing(complaints->prefix), where, fault);
    if (seen.len != 0) {
        fputs(": saw ", stderr);
        print_quoted(stderr, seen);
    }
    if (expected != NULL) {
        fprintf(stderr, "%s expected %s", seen.len != 0 ? "," : ":", expected);
    }
    putc('\n', stderr);
}

void complaints_end(const struct complaints *complaints) {
    if (complaints->count > MOST_SHOWN) {
        fprintf(stderr, "%sand %" PRIu64 " more%s\n", or_nothing(complaints->prefix),
                complaints->count - MOST_SHOWN, or_nothing(complaints->what));
    }
}
