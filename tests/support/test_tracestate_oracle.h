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

/* The members as views of the text. On an error, `count` members precede it. */
spanlink_status test_tracestate_read(const char *text, size_t length,
                                     spanlink_tracestate_member members[32], size_t *count);

#endif
