/* SPDX-License-Identifier: MIT */
/* All header formats, and the checks that compare a format's reader with its oracle. */
#ifndef TEST_FORMATS_H
#define TEST_FORMATS_H

#include "format_oracle.h"

/* A format: the library's reader and writer, and the oracle. */
typedef struct test_format {
    spanlink_status (*read)(spanlink_str header, spanlink_context *context);
    oracle_reading (*judge)(const char *header, size_t length);
    /* Instead of both, for a format with four headers: these are the lines of one text. */
    spanlink_status (*read_four)(spanlink_str first, spanlink_str second, spanlink_str third,
                                 spanlink_str fourth, spanlink_context *context);
    oracle_reading (*judge_four)(const spanlink_str values[4]);

    spanlink_status (*write)(const spanlink_context *context, char *text);
    size_t size; /* the longest text that is written, with its NUL if it has one */
    bool has_no_nul;
    uint8_t flags; /* the flags that the format sends */
} test_format;

extern const test_format test_traceparent, test_b3, test_b3_multi, test_xray, test_datadog,
    test_jaeger, test_cloud_trace, test_binary;

enum { TEST_FORMAT_MOST = 96 }; /* the longest text that a format writes */

spanlink_status test_format_read(const test_format *format, spanlink_str header,
                                 spanlink_context *context);
oracle_reading test_format_judge(const test_format *format, spanlink_str header);
spanlink_str test_format_written(const test_format *format, const char *text);

/* The reader returns the oracle's result, and changes the context only on success. It reads a copy
 * that ends with the text, so that a sanitizer detects each read beyond it. */
void expect_as_specified(const test_format *format, const char *header, size_t length);

/* The same for a string, and with this status. */
void expect_reads(const test_format *format, spanlink_status wanted, const char *header);

/* The same, with these ids and flags. */
void expect_context(const test_format *format, const char *header, const char *trace_id,
                    const char *span_id, uint8_t flags);

/* Both, for each of the values, put into a pattern for printf. */
void expect_each_reads(const test_format *format, spanlink_status wanted, const char *pattern,
                       const char *const *values);
void expect_each_context(const test_format *format, const char *pattern, const char *const *values,
                         const char *trace_id, const char *span_id, uint8_t flags);

/* The reader returns the oracle's result for many variants of a header: each byte changed to every
 * other value; every prefix; the header followed by repeated characters, up to a length of 300; and
 * random changes, insertions, removals and moves of characters. */
void expect_judged(const test_format *format, const char *header, size_t length,
                   const char *likely);

/* A view that is NULL with a length, and a NULL context, are rejected. */
void expect_arguments_refused(const test_format *format, const char *header);

/* The context of a header is written as `wanted`, and nothing after it. A context without a span is
 * rejected. Random contexts are read back after writing. */
void expect_written(const test_format *format, const char *header, size_t header_length,
                    const char *wanted, size_t length);

/* A context with random ids. Sometimes a half, an end or a byte is zero, but never the whole low
 * half of an id. */
spanlink_context test_random_context(uint64_t *random);

/* A context equals another one, with only the flags that the format carries. */
void expect_same_context(const spanlink_context *wanted, const spanlink_context *read,
                         uint8_t flags);

#endif
