/* SPDX-License-Identifier: MIT */
/* Extracts contexts from arrays of `size` headers and injects into them. The table at the end lists
 * the variants. */
#include "inputs.h"
#include "workload.h"

#include <spanlink/propagation.h>

#include <stdio.h>
#include <stdlib.h>

enum { MOST_HEADERS = 20, VALUE = 64, W3C_ALONE = 0, ALL_FORMATS = 1 };

typedef struct requests {
    size_t size;
    const spanlink_formats *formats;
    spanlink_context contexts[BENCH_INPUTS];
    spanlink_header headers[BENCH_INPUTS][MOST_HEADERS];
    char values[BENCH_INPUTS][2][VALUE];
    volatile size_t sink;
} requests;

static const spanlink_formats every_format = {
    8,
    {SPANLINK_FORMAT_W3C, SPANLINK_FORMAT_B3, SPANLINK_FORMAT_B3_MULTI, SPANLINK_FORMAT_XRAY,
     SPANLINK_FORMAT_DATADOG, SPANLINK_FORMAT_JAEGER, SPANLINK_FORMAT_CLOUD_TRACE,
     SPANLINK_FORMAT_GRPC_TRACE_BIN}};

/* Headers that browsers, proxies and services send besides a context. */
static const char *const names[MOST_HEADERS] = {
    "Host",
    "User-Agent",
    "Accept",
    "Accept-Encoding",
    "Content-Type",
    "Content-Length",
    "Connection",
    "Accept-Language",
    "Authorization",
    "Cookie",
    "X-Request-Id",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Real-Ip",
    "Cache-Control",
    "Referer",
    "Sec-Fetch-Mode",
    "If-None-Match",
    "Via",
    "Priority",
};

static void *set_up(const bench_workload *workload, const spanlink_allocator *allocator) {
    requests *self = bench_allocate(1, sizeof *self);
    (void)allocator;
    self->size = workload->size;
    self->formats = workload->variant == ALL_FORMATS ? &every_format : NULL;
    for (size_t i = 0; i < BENCH_INPUTS; i++) {
        self->contexts[i] = bench_context(i);
        for (size_t j = 0; j < self->size; j++) {
            self->headers[i][j].name = spanlink_str_from(names[(i + j) % MOST_HEADERS]);
            self->headers[i][j].value = spanlink_str_from("value");
        }
    }
    return self;
}

/* traceparent and tracestate are among the other headers, at varying positions. */
static void *set_up_w3c(const bench_workload *workload, const spanlink_allocator *allocator) {
    requests *self = set_up(workload, allocator);
    uint64_t state = 1;
    for (size_t i = 0; i < BENCH_INPUTS; i++) {
        size_t at = bench_random(&state) % self->size, behind = (at + 1) % self->size;
        char *traceparent = self->values[i][0], *tracestate = self->values[i][1];
        bench_require(spanlink_traceparent_format(&self->contexts[i], traceparent) == SPANLINK_OK,
                      "a context was not formatted");
        snprintf(tracestate, VALUE, "vendor=t%zu", i);
        self->headers[i][at] =
            (spanlink_header){spanlink_str_from("Traceparent"), spanlink_str_from(traceparent)};
        self->headers[i][behind] =
            (spanlink_header){spanlink_str_from("tracestate"), spanlink_str_from(tracestate)};
    }
    return self;
}

static void extract(void *state, size_t operations) {
    requests *self = state;
    spanlink_context context;
    size_t good = 0;
    for (size_t i = 0; i < operations; i++) {
        spanlink_headers headers = {self->headers[i % BENCH_INPUTS], self->size, self->size};
        spanlink_getter getter = spanlink_headers_getter(&headers);
        good += spanlink_extract(&getter, self->formats, NULL, 0, &context) == SPANLINK_OK;
    }
    self->sink = good;
}

static void inject(void *state, size_t operations) {
    requests *self = state;
    spanlink_header items[MOST_HEADERS];
    char text[SPANLINK_INJECT_TEXT];
    size_t good = 0;
    for (size_t i = 0; i < operations; i++) {
        spanlink_headers headers = {items, 0, MOST_HEADERS};
        spanlink_setter setter = spanlink_headers_setter(&headers);
        good += spanlink_inject(&self->contexts[i % BENCH_INPUTS], self->formats, &setter, text,
                                sizeof text) == SPANLINK_OK;
    }
    self->sink = good;
}

BENCH_RUN_COUNTED(run_found, extract, requests, operations, "a context was not found")
BENCH_RUN_COUNTED(run_not_found, extract, requests, 0, "a context was found where there is none")
BENCH_RUN_COUNTED(run_inject, inject, requests, operations, "a context was not injected")

/* name, operation, size, threads, counted, variant, set up, run, tear down */
static const bench_workload workloads[] = {
    {"extract_w3c_8", "request", 8, 0, 4096, W3C_ALONE, set_up_w3c, run_found, free},
    {"extract_all_8", "request", 8, 0, 4096, ALL_FORMATS, set_up_w3c, run_found, free},
    {"extract_all_20_none", "request", 20, 0, 4096, ALL_FORMATS, set_up, run_not_found, free},
    {"inject_w3c", "context", 1, 0, 4096, W3C_ALONE, set_up, run_inject, free},
    {"inject_all", "context", 1, 0, 4096, ALL_FORMATS, set_up, run_inject, free},
};

const bench_group bench_propagation = {workloads, sizeof workloads / sizeof workloads[0]};
