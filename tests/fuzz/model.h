/* SPDX-License-Identifier: MIT */
/*
 * A simple model of how a list copies a link: recursive, one block for each piece, keys compared
 * pairwise. It shares no code with the library.
 */
#ifndef FUZZ_MODEL_H
#define FUZZ_MODEL_H

#include "fuzz.h"

#include <spanlink/list.h>

/* Copies a link under limits. Returns OK, or VALUE_TYPE without a copy. */
spanlink_status model_copy(const spanlink_link *link, const spanlink_limits *limits,
                           spanlink_link *copy);
void model_forget(spanlink_link *copy);

#endif
