/* SPDX-License-Identifier: MIT */
/* Reading and writing headers of formats other than W3C Trace Context. */
#include "inputs.h"
#include "workload.h"

#include <spanlink/spanlink.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Fewer inputs than in other workloads, so that all headers stay in the processor's cache. */
enum { MOST_TEXT = 160, HEADERS = BENCH_INPUTS / 4 };

typedef struct header_text {
    char text[MOST_TEXT];
    spanlink_str part[4];
} header_text;

typedef struct formats {
    spanlink_context contexts[HEADERS];
    header_text headers[HEADERS];
    volatile size_t sink;
} formats;

/* The ids of a context as text, written without the library, whose parser and writer could share a
 * mistake. */
typedef struct id_texts {
    char trace_id[33], span_id[17], low_half[21], span_number[21];
    int sampled;
} id_texts;

static uint64_t number_of(const uint8_t bytes[8]) {
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++) {
        number = number << 8 | bytes[i];
    }
    return number;
}

static id_texts texts_of(const spanlink_context *context) {
    id_texts texts;
    for (size_t i = 0; i < 16; i++) {
        sprintf(texts.trace_id + 2 * i, "%02x", (unsigned)context->trace_id[i]);
    }
    for (size_t i = 0; i < 8; i++) {
        sprintf(texts.span_id + 2 * i, "%02x", (unsigned)context->span_id[i]);
    }
    sprintf(texts.low_half, "%" PRIu64, number_of(context->trace_id + 8));
    sprintf(texts.span_number, "%" PRIu64, number_of(context->span_id));
    texts.sampled = context->trace_flags & 1;
    return texts;
}

typedef enum format_kind {
    B3,
    XRAY,
    DATADOG,
    JAEGER,
    CLOUD_TRACE,
    BINARY,
    SQL_COMMENT
} format_kind;

static int write_text(format_kind kind, const id_texts *texts, char *text) {
    switch (kind) {
    case B3:
        return sprintf(text, "%s-%s-%d", texts->trace_id, texts->span_id, texts->sampled);
    case XRAY:
        return sprintf(text, "Root=1-%.8s-%s;Parent=%s;Sampled=%d", texts->trace_id,
                       texts->trace_id + 8, texts->span_id, texts->sampled);
    case JAEGER:
        return sprintf(text, "%s:%s:0:%d", texts->trace_id, texts->span_id, texts->sampled);
    case CLOUD_TRACE:
        return sprintf(text, "%s/%s;o=%d", texts->trace_id, texts->span_number, texts->sampled);
    default:
        return sprintf(text, "SELECT name FROM t WHERE id = 'x' /*traceparent='00-%s-%s-%02x'*/",
                       texts->trace_id, texts->span_id, (unsigned)texts->sampled);
    }
}

static void write_binary(const spanlink_context *context, header_text *header) {
    char *at = header->text;
    memcpy(at, "\0\0", 2);
    memcpy(at + 2, context->trace_id, 16);
    at[18] = 1;
    memcpy(at + 19, context->span_id, 8);
    at[27] = 2;
    at[28] = (char)context->trace_flags;
}

static void write_datadog(const id_texts *texts, header_text *header) {
    int lengths[4];
    char *at = header->text;
    lengths[0] = sprintf(at, "%s", texts->low_half);
    lengths[1] = sprintf(at + 24, "%s", texts->span_number);
    lengths[2] = sprintf(at + 48, "%d", texts->sampled);
    lengths[3] = sprintf(at + 52, "_dd.p.dm=-1,_dd.p.tid=%.16s", texts->trace_id);
    static const size_t starts[4] = {0, 24, 48, 52};
    for (size_t i = 0; i < 4; i++) {
        header->part[i] = (spanlink_str){at + starts[i], (size_t)lengths[i]};
    }
}

static void *set_up(const bench_workload *workload, const spanlink_allocator *allocator) {
    formats *self = bench_allocate(1, sizeof *self);
    (void)allocator;
    for (size_t i = 0; i < HEADERS; i++) {
        header_text *header = &self->headers[i];
        self->contexts[i] = bench_context(i);
        id_texts texts = texts_of(&self->contexts[i]);
        if (workload->variant == BINARY) {
            write_binary(&self->contexts[i], header);
        } else if (workload->variant == DATADOG) {
            write_datadog(&texts, header);
        } else {
            int length = write_text((format_kind)workload->variant, &texts, header->text);
            header->part[0] = (spanlink_str){header->text, (size_t)length};
        }
    }
    return self;
}

/* Defines two functions of a workload: one makes `call` for each input, the other measures it.
 * `call` may use `header`, `context` and `out`, a buffer of 160 characters. */
#define WORK(name, call)                                                                           \
    static void loop_##name(void *state, size_t operations) {                                      \
        formats *self = state;                                                                     \
        size_t good = 0;                                                                           \
        for (size_t i = 0; i < operations; i++) {                                                  \
            const header_text *header = &self->headers[i % HEADERS];                               \
            spanlink_context *context = &self->contexts[i % HEADERS];                              \
            char out[MOST_TEXT];                                                                   \
            (void)header;                                                                          \
            (void)out;                                                                             \
            good += (call) == SPANLINK_OK;                                                         \
        }                                                                                          \
        self->sink = good;                                                                         \
    }                                                                                              \
    BENCH_RUN_COUNTED(run_##name, loop_##name, formats, operations,                                \
                      "a good header was refused: " #name)

static spanlink_status format_datadog(const spanlink_context *context) {
    spanlink_datadog_headers headers;
    return spanlink_datadog_format(context, &headers);
}

static spanlink_status format_sql_comment(const spanlink_context *context, char *out) {
    size_t length;
    return spanlink_sql_comment_format(context, out, MOST_TEXT, &length);
}

WORK(b3_parse, spanlink_b3_parse(header->part[0], context))
WORK(b3_format, spanlink_b3_format(context, out))
WORK(xray_parse, spanlink_xray_parse(header->part[0], context))
WORK(xray_format, spanlink_xray_format(context, out))
WORK(datadog_parse, spanlink_datadog_parse(header->part[0], header->part[1], header->part[2],
                                           header->part[3], context))
WORK(datadog_format, format_datadog(context))
WORK(jaeger_parse, spanlink_jaeger_parse(header->part[0], context))
WORK(jaeger_format, spanlink_jaeger_format(context, out))
WORK(cloud_trace_parse, spanlink_cloud_trace_parse(header->part[0], context))
WORK(cloud_trace_format, spanlink_cloud_trace_format(context, out))
WORK(binary_decode, spanlink_binary_decode((const uint8_t *)header->text, 29, context))
WORK(binary_encode, spanlink_binary_encode(context, (uint8_t *)out))
WORK(sql_comment_parse, spanlink_sql_comment_parse(header->part[0], NULL, 0, context))
WORK(sql_comment_format, format_sql_comment(context, out))

/* name, operation, size, threads, counted, variant, set up, run, tear down */
static const bench_workload workloads[] = {
    {"b3_parse", "header", 1, 0, 8192, B3, set_up, run_b3_parse, free},
    {"b3_format", "header", 1, 0, 8192, B3, set_up, run_b3_format, free},
    {"xray_parse", "header", 1, 0, 8192, XRAY, set_up, run_xray_parse, free},
    {"xray_format", "header", 1, 0, 8192, XRAY, set_up, run_xray_format, free},
    {"datadog_parse", "context", 1, 0, 8192, DATADOG, set_up, run_datadog_parse, free},
    {"datadog_format", "context", 1, 0, 8192, DATADOG, set_up, run_datadog_format, free},
    {"jaeger_parse", "header", 1, 0, 8192, JAEGER, set_up, run_jaeger_parse, free},
    {"jaeger_format", "header", 1, 0, 8192, JAEGER, set_up, run_jaeger_format, free},
    {"cloud_trace_parse", "header", 1, 0, 8192, CLOUD_TRACE, set_up, run_cloud_trace_parse, free},
    {"cloud_trace_format", "header", 1, 0, 8192, CLOUD_TRACE, set_up, run_cloud_trace_format, free},
    {"binary_decode", "context", 1, 0, 8192, BINARY, set_up, run_binary_decode, free},
    {"binary_encode", "context", 1, 0, 8192, BINARY, set_up, run_binary_encode, free},
    {"sql_comment_parse", "statement", 1, 0, 8192, SQL_COMMENT, set_up, run_sql_comment_parse,
     free},
    {"sql_comment_format", "comment", 1, 0, 8192, SQL_COMMENT, set_up, run_sql_comment_format,
     free},
};

const bench_group bench_formats = {workloads, sizeof workloads / sizeof workloads[0]};
