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

#endif
