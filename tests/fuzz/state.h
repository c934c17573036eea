/* SPDX-License-Identifier: MIT */
/* A tracestate read in the plainest words: split at commas, trim, look at each character. */
#ifndef FUZZ_STATE_H
#define FUZZ_STATE_H

#include "fuzz.h"

#include <spanlink/tracestate.h>

enum { STATE_TEXT = 20000 };

typedef struct state {
    spanlink_status status;
    spanlink_tracestate_member members[32]; /* views of the text */
    size_t count;
} state;

state state_read(const char *text, size_t length);

bool state_is_key(const char *text, size_t length);
bool state_is_value(const char *text, size_t length);

/* The members as they are sent on; the text has room for STATE_TEXT characters. */
size_t state_write(const state *from, char *text);

/*
 * Makes a long text of few bytes: below 0x80 a byte is itself, above it is a run of one character
 * that matters, or a member of its own. Returns the length, STATE_TEXT at most.
 */
size_t state_expand(fuzz_input *input, size_t bytes, char *text);

#endif
