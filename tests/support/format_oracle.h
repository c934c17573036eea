/* SPDX-License-Identifier: MIT */
/*
 * Oracles for unit tests and fuzz targets: they compute the result that the reader of each format
 * must return. They are slow and use the C library's string functions and ids as text, unlike the
 * readers of the library.
 */
#ifndef FORMAT_ORACLE_H
#define FORMAT_ORACLE_H

#include <spanlink/propagation.h>

typedef struct oracle_reading {
    spanlink_status status;
    char trace_id[33], span_id[17]; /* lowercase, with leading zeros; only if SPANLINK_OK */
    uint8_t flags;
} oracle_reading;

/* Splits a text into four values, one per line, for formats with several headers. The last value
 * may contain further line ends; missing values are empty. */
void oracle_cut_lines(const char *text, size_t length, spanlink_str values[4]);

oracle_reading oracle_traceparent(const char *header, size_t length);
oracle_reading oracle_b3(const char *header, size_t length);
oracle_reading oracle_b3_multi(const spanlink_str values[4]);
oracle_reading oracle_xray(const char *header, size_t length);
oracle_reading oracle_datadog(const spanlink_str values[4]);
oracle_reading oracle_jaeger(const char *header, size_t length);
oracle_reading oracle_cloud_trace(const char *header, size_t length);
oracle_reading oracle_binary(const char *bytes, size_t length);

/* The content of a format's headers, and what spanlink_extract_all() must find in those of several
 * formats: the spans, that of the last format first. */
enum { ORACLE_FORMATS = 8 };

typedef struct oracle_found {
    spanlink_status status;
    bool there;
    spanlink_context context;
} oracle_found;

typedef struct oracle_choice {
    spanlink_status status;
    spanlink_extracted found[ORACLE_FORMATS];
    size_t count;
} oracle_choice;

oracle_choice oracle_choose(const oracle_found all[ORACLE_FORMATS],
                            const spanlink_formats *formats);

/* The values of a statement's last comment that has a traceparent, decoded. */
typedef struct oracle_comment {
    bool found;
    char *traceparent, *tracestate; /* the caller's buffers, each as long as the statement */
    size_t traceparent_length, tracestate_length;
} oracle_comment;

void oracle_sql_comment(const char *sql, size_t length, oracle_comment *comment);

/* Whether a context equals the reading, and is remote and without a tracestate. */
bool oracle_agrees(const oracle_reading *reading, const spanlink_context *context);

#endif
