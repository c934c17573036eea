/* SPDX-License-Identifier: MIT */
/* All header formats, and what each of their tests does: hold a reader against its oracle. */
#ifndef TEST_FORMATS_H
#define TEST_FORMATS_H

#include "format_oracle.h"

/* How the library reads and writes a format, and its oracle. */
typedef struct test_format {
    spanlink_status (*read)(spanlink_str header, spanlink_context *context);
    oracle_reading (*judge)(const char *header, size_t length);
    /* Instead of both, for a format of four headers: they are the lines of one text. */
    spanlink_status (*read_four)(spanlink_str first, spanlink_str second, spanlink_str third,
                                 spanlink_str fourth, spanlink_context *context);
    oracle_reading (*judge_four)(const spanlink_str values[4]);

    spanlink_status (*write)(const spanlink_context *context, char *text);
    size_t size; /* of the longest text that is written, with its NUL if it has one */
    bool has_no_nul;
    uint8_t flags; /* that are sent */
} test_format;

extern const test_format test_b3, test_b3_multi, test_xray, test_datadog, test_jaeger,
    test_cloud_trace, test_binary;

enum { TEST_FORMAT_MOST = 96 }; /* characters that any of them writes */

spanlink_status test_format_read(const test_format *format, spanlink_str header,
                                 spanlink_context *context);
oracle_reading test_format_judge(const test_format *format, spanlink_str header);
spanlink_str test_format_written(const test_format *format, const char *text);

/* The reader says what the oracle says, of a copy that ends where the text does, so that a
 * sanitizer sees each read behind it; a context is changed on success alone. */
void expect_as_specified(const test_format *format, const char *header, size_t length);

/* The same of a string, and that the status is this one. */
void expect_reads(const test_format *format, spanlink_status wanted, const char *header);

/* The same, with the ids and flags that it reads. */
void expect_context(const test_format *format, const char *header, const char *trace_id,
                    const char *span_id, uint8_t flags);

/* Both, of each VALUES("one", "other") put into a pattern for printf. */
#define VALUES(...) ((const char *const[]){__VA_ARGS__, NULL})
void expect_each_reads(const test_format *format, spanlink_status wanted, const char *pattern,
                       const char *const *values);
void expect_each_context(const test_format *format, const char *pattern, const char *const *values,
                         const char *trace_id, const char *span_id, uint8_t flags);

/* Each byte of a header changed to each other one; its first characters, and the header followed by
 * each of some characters, up to a length of 300; characters of it changed to likely ones, left
 * out, doubled and moved, many times. */
void expect_judged(const test_format *format, const char *header, size_t length,
                   const char *likely);

/* Every view that is NULL with a length, and a context that is NULL, is refused. */
void expect_arguments_refused(const test_format *format, const char *header);

/* The context that a header names is written as `wanted`, with nothing behind it; what names no
 * span is not; and all kinds of contexts are read back. */
void expect_written(const test_format *format, const char *header, size_t header_length,
                    const char *wanted, size_t length);

/* A context with random ids: sometimes with halves, ends and bytes that are zero, never without a
 * set bit in the low half of an id. */
spanlink_context test_random_context(uint64_t *random);

/* A context is what another one was, as far as its format carries it: the flags are masked. */
void expect_same_context(const spanlink_context *wanted, const spanlink_context *read,
                         uint8_t flags);

#endif
