/* SPDX-License-Identifier: MIT */
/* Text from a file or from standard input, line by line, each line complete. */
#ifndef EXAMPLES_INPUT_H
#define EXAMPLES_INPUT_H

#include <spanlink/base.h>

#include <stdio.h>

/* The maximum length of a line or JSON document, unless `most` is set. */
#define INPUT_MAX ((size_t)16 << 20)

struct input {
    FILE *file;
    const char *name;           /* for messages */
    unsigned char ahead[65536]; /* bytes that were read in advance */
    size_t at, size;
    char *text; /* the last line, without its end; followed by a NUL */
    size_t length, capacity;
    size_t most;         /* the maximum length of a text; input_open() sets INPUT_MAX */
    bool too_long;       /* the text was longer: `text` is its beginning */
    uint64_t ends;       /* line ends that were read */
    uint64_t first_line; /* the line where `text` began, from 1 */
};

/*
 * Opens a file; "-" or NULL is standard input. A byte order mark is skipped. Returns NULL, or the
 * error: errno's text, or that the file is UTF-16. Call input_close() in either case.
 */
const char *input_open(struct input *input, const char *name);

/* Returns the first 64 KiB without consuming them. */
spanlink_str input_peek(struct input *input);

/* Reads a line without its end, LF or CRLF. False at the end, or after a failure. */
bool input_line(struct input *input);

/* Reads up to the next `end` character, or to the end of the input, without it. */
bool input_until(struct input *input, char end);

/*
 * Reads the next JSON object or array, over any number of lines. An incomplete one ends where a
 * line ends inside a string, or where, inside an object, a line begins with "{", so that the
 * following ones are read. Text that begins with neither bracket is read as a line.
 */
bool input_json(struct input *input);

/* Reads the rest. */
void input_all(struct input *input);

/* NULL, or the error: call it at the end of reading. */
const char *input_fault(const struct input *input);

void input_close(struct input *input);

#endif
