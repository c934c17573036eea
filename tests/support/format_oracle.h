/* SPDX-License-Identifier: MIT */
/*
 * What each format's reader must say of a header: slow readers, written with the string functions
 * of the C library and with ids as text, in another way than those of the library. Judges of unit
 * tests and of fuzz targets.
 */
#ifndef FORMAT_ORACLE_H
#define FORMAT_ORACLE_H

#include <spanlink/propagation.h>

typedef struct oracle_reading {
    spanlink_status status;
    char trace_id[33], span_id[17]; /* lowercase, with all zeros; of SPANLINK_OK alone */
    uint8_t flags;
} oracle_reading;

/* Cuts a text into four values, one a line, for the judges of one header: the last may hold more
 * line ends. Values that are not there are empty. */
void oracle_cut_lines(const char *text, size_t length, spanlink_str values[4]);

oracle_reading oracle_b3(const char *header, size_t length);
oracle_reading oracle_b3_multi(const spanlink_str values[4]);
oracle_reading oracle_xray(const char *header, size_t length);
oracle_reading oracle_datadog(const spanlink_str values[4]);
oracle_reading oracle_jaeger(const char *header, size_t length);
oracle_reading oracle_cloud_trace(const char *header, size_t length);
oracle_reading oracle_binary(const char *bytes, size_t length);

/* What the headers of a format hold, and what an extract shall find in those of several: the spans,
 * the one that decides first. */
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
    char *traceparent, *tracestate; /* of the caller's, as long as the statement */
    size_t traceparent_length, tracestate_length;
} oracle_comment;

void oracle_sql_comment(const char *sql, size_t length, oracle_comment *comment);

/* Whether a context is what was read: remote and without a tracestate. */
bool oracle_agrees(const oracle_reading *reading, const spanlink_context *context);

#endif
