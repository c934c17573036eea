/* SPDX-License-Identifier: MIT */
/*
 * What a list's copy of a link shall be, in the plainest words: recursion, a block for every piece,
 * every key compared with every other. It shares no code with the library.
 */
#ifndef FUZZ_MODEL_H
#define FUZZ_MODEL_H

#include "fuzz.h"

#include <spanlink/list.h>

/* Copies a link under limits. OK, or VALUE_TYPE without a copy. */
spanlink_status model_copy(const spanlink_link *link, const spanlink_limits *limits,
                           spanlink_link *copy);
void model_forget(spanlink_link *copy);

/* What keeps links from being encoded: OK, VALUE_TYPE or VALUE_DEPTH, of the first bad value. */
spanlink_status model_encodable(const spanlink_link *links, size_t count);

/* Whether an encoder writes an attribute with that key, and a tracestate. */
bool model_keeps_key(spanlink_str key);
bool model_keeps_trace_state(spanlink_str state);

/* A link's count of dropped attributes, with those that an encoder leaves out. */
uint32_t model_encoded_dropped(const spanlink_link *link);

bool model_is_utf8(const char *text, size_t length);

#endif
