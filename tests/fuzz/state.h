/* SPDX-License-Identifier: MIT */
/* A tracestate as the oracle reads it. */
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

/* Writes the members as they are propagated; `text` has a capacity of STATE_TEXT. */
size_t state_write(const state *from, char *text);

/*
 * Expands few bytes to a long text: a byte below 0x80 is itself, others are a run of one
 * significant character, or a member. Returns the length, at most STATE_TEXT.
 */
size_t state_expand(fuzz_input *input, size_t bytes, char *text);

#endif
