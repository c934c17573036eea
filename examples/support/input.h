/* SPDX-License-Identifier: MIT */
/* Text that comes from a file or from standard input, line by line, each read whole. */
#ifndef EXAMPLES_INPUT_H
#define EXAMPLES_INPUT_H

#include <spanlink/base.h>

#include <stdio.h>

/* The longest line or JSON document that is kept, unless `most` is set to something else. */
#define INPUT_MAX ((size_t)16 << 20)

struct input {
    FILE *file;
    const char *name;           /* for messages */
    unsigned char ahead[65536]; /* bytes that were looked at and are still to be read */
    size_t at, size;
    char *text; /* the line that was read last, without its end; NUL behind it */
    size_t length, capacity;
    size_t most;         /* the longest text that is kept; input_open() sets INPUT_MAX */
    bool too_long;       /* it was longer: `text` is its beginning */
    uint64_t ends;       /* line ends that were read */
    uint64_t first_line; /* where `text` began, counted from 1 */
};

/*
 * Opens a file; "-" or NULL is standard input. A byte order mark is passed over. Returns NULL, or
 * what is wrong: errno's text, or that the file is UTF-16. Call input_close() in either case.
 */
const char *input_open(struct input *input, const char *name);

/* Looks at the first 64 KiB without reading them. */
spanlink_str input_peek(struct input *input);

/* Reads a line without its end, LF or CRLF. False at the end, or after a failure. */
bool input_line(struct input *input);

/* Reads up to the next `end` character, or to the end of the input, without it. */
bool input_until(struct input *input, char end);

/*
 * Reads the next JSON object or array, over however many lines. One that is cut short ends where a
 * line ends inside a string, or where, inside an object, a line begins with "{": it costs nothing
 * that follows. What begins with neither bracket is read as a line.
 */
bool input_json(struct input *input);

/* Reads all that is left. */
void input_all(struct input *input);

/* NULL, or what failed: call it when reading has come to an end. */
const char *input_fault(const struct input *input);

void input_close(struct input *input);

#endif
