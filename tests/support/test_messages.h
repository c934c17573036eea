/* SPDX-License-Identifier: MIT */
/*
 * Extract and inject in all formats: which headers are read and written, which of several contexts
 * is used, and which headers remain in a carrier. The headers are literals, not made by the
 * library.
 */
#ifndef TEST_MESSAGES_H
#define TEST_MESSAGES_H

#include "test.h"
#include <spanlink/propagation.h>
#include <stdio.h>
#include <stdlib.h>

enum { FORMATS = 8, MOST_HEADERS = 32, VALUE = 128 };

typedef struct span {
    uint64_t high, low, id;
    bool sampled;
} span;

static const span full_a = {0x4bf92f3577b34da6, 0xa3ce929d0e0e4736, 0x00f067aa0ba902b7, true};

static const span short_a = {0, 0xa3ce929d0e0e4736, 0x00f067aa0ba902b7, true};

static const span full_b = {0x0af7651916cd43dd, 0x8448eb211c80319c, 0xb7ad6b7169203331, false};

static inline spanlink_context context_of(span s) {
    spanlink_context context = {.trace_flags = s.sampled ? 1 : 0, .is_remote = true};
    for (size_t i = 0; i < 8; i++) {
        context.trace_id[i] = (uint8_t)(s.high >> (56 - 8 * i));
        context.trace_id[8 + i] = (uint8_t)(s.low >> (56 - 8 * i));
        context.span_id[i] = (uint8_t)(s.id >> (56 - 8 * i));
    }
    return context;
}

static inline void assert_same_context(const spanlink_context *wanted,
                                       const spanlink_context *context) {
    assert_memory_equal(wanted->trace_id, context->trace_id, 16);
    assert_memory_equal(wanted->span_id, context->span_id, 8);
    assert_int_equal(wanted->trace_flags, context->trace_flags);
    assert_true(context->is_remote && !context->remote_unknown);
}

static inline void assert_context(span wanted, const spanlink_context *context) {
    spanlink_context all = context_of(wanted);
    assert_same_context(&all, context);
}

typedef struct message {
    spanlink_header items[MOST_HEADERS];
    char values[MOST_HEADERS][VALUE];
    spanlink_headers headers;
} message;

#define MESSAGE(name) message name = {.headers = {name.items, 0, MOST_HEADERS}}

static inline void clear(message *m) {
    m->headers = (spanlink_headers){m->items, 0, MOST_HEADERS};
}

static inline void add_bytes(message *m, const char *name, const void *value, size_t length) {
    char *copy = m->values[m->headers.count];
    assert_true(length <= VALUE && m->headers.count < MOST_HEADERS);
    memcpy(copy, value, length);
    m->items[m->headers.count++] = (spanlink_header){str(name), {copy, length}};
}

static inline void add(message *m, const char *name, const char *value) {
    add_bytes(m, name, value, strlen(value));
}

static inline void add_number(message *m, const char *name, const char *format, uint64_t number) {
    char text[VALUE];
    snprintf(text, sizeof text, format, (unsigned long long)number);
    add(m, name, text);
}

static inline void add_w3c(message *m, span s) {
    char text[VALUE];
    snprintf(text, sizeof text, "00-%016llx%016llx-%016llx-%02x", (unsigned long long)s.high,
             (unsigned long long)s.low, (unsigned long long)s.id, s.sampled);
    add(m, "traceparent", text);
    add(m, "tracestate", "w3c=1");
}

static inline void add_b3(message *m, span s) {
    char text[VALUE];
    snprintf(
        text, sizeof text, s.high == 0 ? "%.0llx%016llx-%016llx-%d" : "%016llx%016llx-%016llx-%d",
        (unsigned long long)s.high, (unsigned long long)s.low, (unsigned long long)s.id, s.sampled);
    add(m, "b3", text);
}

static inline void add_b3_multi(message *m, span s) {
    char text[VALUE];
    snprintf(text, sizeof text, "%016llx%016llx", (unsigned long long)s.high,
             (unsigned long long)s.low);
    add(m, "X-B3-TraceId", text);
    add_number(m, "X-B3-SpanId", "%016llx", s.id);
    add_number(m, "X-B3-Sampled", "%llu", s.sampled);
}

static inline void add_xray(message *m, span s) {
    char text[VALUE];
    snprintf(text, sizeof text, "Root=1-%08llx-%08llx%016llx;Parent=%016llx;Sampled=%d",
             (unsigned long long)(s.high >> 32), (unsigned long long)(s.high & 0xffffffff),
             (unsigned long long)s.low, (unsigned long long)s.id, s.sampled);
    add(m, "X-Amzn-Trace-Id", text);
}

static inline void add_datadog(message *m, span s) {
    add_number(m, "x-datadog-trace-id", "%llu", s.low);
    add_number(m, "x-datadog-parent-id", "%llu", s.id);
    add_number(m, "x-datadog-sampling-priority", "%llu", s.sampled);
    if (s.high != 0) {
        add_number(m, "x-datadog-tags", "_dd.p.tid=%016llx", s.high);
    }
}

static inline void add_jaeger(message *m, span s) {
    char text[VALUE];
    snprintf(text, sizeof text, "%016llx%016llx:%016llx:0:%d", (unsigned long long)s.high,
             (unsigned long long)s.low, (unsigned long long)s.id, s.sampled);
    add(m, "uber-trace-id", text);
}

static inline void add_cloud_trace(message *m, span s) {
    char text[VALUE];
    snprintf(text, sizeof text, "%016llx%016llx/%llu;o=%d", (unsigned long long)s.high,
             (unsigned long long)s.low, (unsigned long long)s.id, s.sampled);
    add(m, "X-Cloud-Trace-Context", text);
}

static inline void add_grpc(message *m, span s) {
    spanlink_context context = context_of(s);
    uint8_t bytes[29] = {0};
    memcpy(bytes + 2, context.trace_id, 16);
    bytes[18] = 1;
    memcpy(bytes + 19, context.span_id, 8);
    bytes[27] = 2;
    bytes[28] = context.trace_flags;
    add_bytes(m, "grpc-trace-bin", bytes, sizeof bytes);
}

/* Indexed by spanlink_format. */
static const struct {
    const char *name;
    void (*add)(message *m, span s);
    const char *malformed_name, *malformed;
    spanlink_status status;
} known[FORMATS] = {
    {"tracecontext", add_w3c, "traceparent", "00-", SPANLINK_ERR_TRACEPARENT_LENGTH},
    {"b3", add_b3, "b3", "x-y-z", SPANLINK_ERR_TRACE_ID_LENGTH},
    {"b3multi", add_b3_multi, "b3", "x-y-z", SPANLINK_ERR_TRACE_ID_LENGTH},
    {"xray", add_xray, "x-amzn-trace-id", "Root", SPANLINK_ERR_FORMAT_SYNTAX},
    {"datadog", add_datadog, "x-datadog-trace-id", "x", SPANLINK_ERR_TRACE_ID_DIGIT},
    {"jaeger", add_jaeger, "uber-trace-id", "1", SPANLINK_ERR_FORMAT_SYNTAX},
    {"cloud_trace", add_cloud_trace, "x-cloud-trace-context", "1/1", SPANLINK_ERR_TRACE_ID_LENGTH},
    {"grpc-trace-bin", add_grpc, "grpc-trace-bin", "?", SPANLINK_ERR_FORMAT_SYNTAX},
};

static const spanlink_formats every_format = {8, {0, 1, 2, 3, 4, 5, 6, 7}};

static inline spanlink_formats only(uint32_t format) {
    return (spanlink_formats){1, {format}};
}

static inline spanlink_formats named(const char *names) {
    spanlink_formats formats;
    spanlink_str unknown;
    assert_ok(spanlink_formats_from_names(str(names), &formats, &unknown));
    assert_int_equal(0, unknown.len);
    return formats;
}

static inline spanlink_status extract(const message *m, spanlink_formats formats,
                                      spanlink_context *context) {
    spanlink_getter getter = spanlink_headers_getter(&m->headers);
    return spanlink_extract(&getter, &formats, NULL, 0, context);
}

static inline void expect_found(span wanted, const message *m, spanlink_formats formats) {
    spanlink_context context;
    assert_ok(extract(m, formats, &context));
    assert_context(wanted, &context);
}

/* A context is changed only on success. */
static inline void expect_status(spanlink_status wanted, const message *m,
                                 spanlink_formats formats) {
    spanlink_context context, before;
    memset(&before, 0x5a, sizeof before);
    memcpy(&context, &before, sizeof context);
    assert_status(wanted, extract(m, formats, &context));
    assert_memory_equal(&before, &context, sizeof context);
}

#endif
