/* SPDX-License-Identifier: MIT */
/* Reading and writing traceparent headers. */
#include "inputs.h"
#include "workload.h"

#include <spanlink/traceparent.h>

#include <stdio.h>
#include <stdlib.h>

enum { LENGTH = SPANLINK_TRACEPARENT_LENGTH, SPACE = LENGTH + 2 };

typedef struct traceparents {
    spanlink_context contexts[BENCH_INPUTS];
    spanlink_str headers[BENCH_INPUTS];
    char text[BENCH_INPUTS][SPACE];
    volatile size_t sink;
} traceparents;

/* Written without the library, whose parser and writer could share a mistake. */
static void write_header(const spanlink_context *context, char text[SPACE]) {
    char *end = text + sprintf(text, "00-");
    for (size_t i = 0; i < sizeof context->trace_id; i++) {
        end += sprintf(end, "%02x", (unsigned)context->trace_id[i]);
    }
    *end++ = '-';
    for (size_t i = 0; i < sizeof context->span_id; i++) {
        end += sprintf(end, "%02x", (unsigned)context->span_id[i]);
    }
    sprintf(end, "-%02x", (unsigned)context->trace_flags);
}

static void *set_up(const bench_workload *workload, const spanlink_allocator *allocator) {
    traceparents *self = bench_allocate(1, sizeof *self);
    (void)workload;
    (void)allocator;
    for (size_t i = 0; i < BENCH_INPUTS; i++) {
        self->contexts[i] = bench_context(i);
        write_header(&self->contexts[i], self->text[i]);
        self->headers[i] = (spanlink_str){self->text[i], LENGTH};
    }
    return self;
}

/* Makes a valid header invalid, in one of eight ways. */
static void spoil(spanlink_str *header, char *text, uint64_t random) {
    size_t somewhere = (size_t)(random >> 32);
    switch (random % 8) {
    case 0: /* too short */
        header->len = somewhere % LENGTH;
        break;
    case 1: /* too long */
        text[header->len++] = '-';
        break;
    case 2: /* version ff */
        text[0] = text[1] = 'f';
        break;
    case 3: /* no dash */
        text[35] = '0';
        break;
    case 4: /* an uppercase digit in the trace id */
        text[3 + somewhere % 32] = 'A';
        break;
    case 5: /* a character that is not a digit in the span id */
        text[36 + somewhere % 16] = 'g';
        break;
    case 6:
        memset(text + 3, '0', 32);
        break;
    default:
        memset(text + 36, '0', 16);
    }
}

static void *set_up_bad(const bench_workload *workload, const spanlink_allocator *allocator) {
    traceparents *self = set_up(workload, allocator);
    uint64_t state = 1;
    for (size_t i = 0; i < BENCH_INPUTS; i++) {
        spoil(&self->headers[i], self->text[i], bench_random(&state));
    }
    return self;
}

static void parse(void *state, size_t operations) {
    traceparents *self = state;
    spanlink_context context;
    size_t good = 0;
    for (size_t i = 0; i < operations; i++) {
        good +=
            spanlink_traceparent_parse(self->headers[i % BENCH_INPUTS], &context) == SPANLINK_OK;
    }
    self->sink = good;
}

static void format(void *state, size_t operations) {
    traceparents *self = state;
    char text[LENGTH + 1];
    size_t good = 0;
    for (size_t i = 0; i < operations; i++) {
        good += spanlink_traceparent_format(&self->contexts[i % BENCH_INPUTS], text) == SPANLINK_OK;
    }
    self->sink = good;
}

BENCH_RUN_COUNTED(run_parse, parse, traceparents, operations, "a good traceparent was refused")
BENCH_RUN_COUNTED(run_reject, parse, traceparents, 0, "a bad traceparent was accepted")
BENCH_RUN_COUNTED(run_format, format, traceparents, operations, "a context was not formatted")

/* name, operation, size, threads, counted, variant, set up, run, tear down */
static const bench_workload workloads[] = {
    {"traceparent_parse", "header", 1, 0, 8192, 0, set_up, run_parse, free},
    {"traceparent_reject", "header", 1, 0, 8192, 0, set_up_bad, run_reject, free},
    {"traceparent_format", "header", 1, 0, 8192, 0, set_up, run_format, free},
};

const bench_group bench_traceparent = {workloads, sizeof workloads / sizeof workloads[0]};
