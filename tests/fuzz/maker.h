/* SPDX-License-Identifier: MIT */
/* Makes links from a fuzzer's bytes: every type of value, bad keys, text of every kind. */
#ifndef FUZZ_MAKER_H
#define FUZZ_MAKER_H

#include "fuzz.h"

#include <spanlink/link.h>

/* The most that a link holds: attributes plus elements of arrays and maps, and bytes of text. */
enum { MAKER_ELEMENTS = 96, MAKER_TEXT = 2048, MAKER_DEPTH = 80 };

typedef struct maker {
    fuzz_input *input;
    bool bad_types;        /* some values have an unknown type */
    size_t elements, text; /* left for the link */
    void *blocks[4 * MAKER_ELEMENTS + 8];
    size_t count;
} maker;

/* Makes the next link, whose memory is valid until maker_forget(). */
spanlink_link maker_link(maker *self);

/* One of 256 spans: the upper half of the number is the trace id, the lower half the span id. */
void maker_ids(uint8_t number, spanlink_context *context);

void maker_forget(maker *self);

#endif
