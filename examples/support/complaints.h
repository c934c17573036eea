/* SPDX-License-Identifier: MIT */
/*
 * Reports of invalid input. Invalid input ends no program: each error is counted, the first ten are
 * described on standard error, and a last line has the number of further ones.
 */
#ifndef EXAMPLES_COMPLAINTS_H
#define EXAMPLES_COMPLAINTS_H

#include <spanlink/base.h>

#include <stdio.h>

struct complaints {
    const char *prefix; /* before each line, such as "http_relay: "; NULL: nothing */
    const char *what;   /* after "and 99 more", such as " dropped"; NULL: nothing */
    uint64_t count;     /* of all errors; initially 0 */
};

/*
 * Reports one error:  PREFIX WHERE: FAULT: saw "SEEN", expected EXPECTED
 *
 * `seen` is shown with its first characters, control characters escaped. `seen` may be empty and
 * `expected` may be NULL.
 */
void complain(struct complaints *complaints, const char *where, const char *fault,
              spanlink_str seen, const char *expected);

/* Reports how many further errors there were, if there were more than ten. */
void complaints_end(const struct complaints *complaints);

/* Prints a text between quotation marks: its first characters, control characters escaped. */
void print_quoted(FILE *output, spanlink_str text);

#endif
