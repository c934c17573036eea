/* SPDX-License-Identifier: MIT */
/*
 * The workloads.
 *
 * A workload does any number of operations. It prepares its input in set_up, as unpredictable for
 * the processor as possible, and passes the work to measure to bench_measure().
 */
#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include "meter.h"

typedef struct bench_workload {
    const char *name;
    const char *operation; /* what one operation is */
    size_t size;           /* number of links, members or keys, see each group of workloads */
    size_t threads;        /* 0: the calling thread alone */
    size_t counted;        /* operations when instructions are counted; 0: not counted, because the
                              number varies between runs or counting takes minutes */
    uint32_t variant;      /* distinguishes workloads that share functions */
    void *(*set_up)(const struct bench_workload *workload, const spanlink_allocator *allocator);
    void (*run)(void *state, bench_meter *meter, size_t operations);
    void (*tear_down)(void *state);
} bench_workload;

typedef struct bench_group {
    const bench_workload *workloads;
    size_t count;
} bench_group;

extern const bench_group bench_traceparent, bench_tracestate, bench_formats, bench_propagation,
    bench_lists, bench_dedup, bench_otlp, bench_threads;

#endif
