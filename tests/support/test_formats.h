/* SPDX-License-Identifier: MIT */
/* What the tests of all header formats do: hold a reader against its oracle. */
#ifndef TEST_FORMATS_H
#define TEST_FORMATS_H

#include "format_oracle.h"

/* A reader of one header and its oracle. */
typedef struct test_format {
    spanlink_status (*parse)(spanlink_str header, spanlink_context *context);
    oracle_reading (*oracle)(const char *header, size_t length);
} test_format;

/* The reader says what the oracle says, of a copy that ends where the text does, so that a
 * sanitizer sees each read behind it; a context is changed on success alone. */
void expect_as_specified(const test_format *format, const char *header, size_t length);

/* The same of a string, and that the status is this one. */
void expect_reads(const test_format *format, spanlink_status wanted, const char *header);

/* The same, with the ids and flags that it reads. */
void expect_context(const test_format *format, const char *header, const char *trace_id,
                    const char *span_id, uint8_t flags);

/* Each byte of a header changed to each other one. */
void expect_each_byte_judged(const test_format *format, const char *header, size_t length);

/* The first characters of a header, and the header followed by each of some characters, up to a
 * length of 300. */
void expect_each_length_judged(const test_format *format, const char *header, size_t length);

/* Characters of a header changed, left out, doubled and moved, many times. */
void expect_damage_judged(const test_format *format, const char *header, size_t length,
                          const char *likely);

/* Every view that is NULL with a length, and a context that is NULL, is refused. */
void expect_arguments_refused(const test_format *format, const char *header);

/* A context with random ids: sometimes with halves, ends and bytes that are zero, never without a
 * set bit in the low half of an id. */
spanlink_context test_random_context(uint64_t *random);

/* A context is what another one was, as far as its format carries it: the flags are masked. */
void expect_same_context(const spanlink_context *wanted, const spanlink_context *read,
                         uint8_t flags);

#endif
