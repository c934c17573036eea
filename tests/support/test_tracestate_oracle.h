/* SPDX-License-Identifier: MIT */
/*
 * An oracle of the tracestate that follows the specification: the text is split at its commas, each
 * piece is trimmed and checked separately.
 */
#ifndef TEST_TRACESTATE_ORACLE_H
#define TEST_TRACESTATE_ORACLE_H

#include <spanlink/tracestate.h>

bool test_tracestate_is_key(const char *text, size_t length);
bool test_tracestate_is_value(const char *text, size_t length);

typedef struct test_tracestate {
    spanlink_status status;
    spanlink_tracestate_member members[32]; /* views of the text; on an error, those before it */
    size_t count;
} test_tracestate;

enum { TEST_TRACESTATE_MOST = 32 * 513 + 31 }; /* the longest text that is written */

test_tracestate test_tracestate_read(const char *text, size_t length);

/* The place of a key, or the number of members. */
size_t test_tracestate_find(const test_tracestate *state, spanlink_str key);

/* The members as they are propagated, and the length of that text. */
size_t test_tracestate_write(const test_tracestate *state, char text[TEST_TRACESTATE_MOST + 1]);
size_t test_tracestate_length(const test_tracestate *state);

/* What the library's functions of these names do. */
test_tracestate test_tracestate_set(test_tracestate state, spanlink_str key, spanlink_str value);
test_tracestate test_tracestate_remove(test_tracestate state, spanlink_str key);
test_tracestate test_tracestate_limit(test_tracestate state, size_t max_length);

#endif
