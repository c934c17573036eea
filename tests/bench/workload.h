/* SPDX-License-Identifier: MIT */
/*
 * What is measured.
 *
 * A workload does any number of operations. It prepares its input in set_up, with as little as
 * possible that the processor could foresee, and gives each stretch of work to bench_measure().
 */
#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include "meter.h"

typedef struct bench_workload {
    const char *name;
    const char *operation; /* what one operation is */
    size_t size;           /* how many links, members, keys: see each group of workloads */
    size_t threads;        /* 0: the calling thread alone */
    size_t counted;        /* operations in a count of instructions; 0: not counted, as they differ
                              from run to run or would take minutes */
    uint32_t variant;      /* what else sets it apart from others of its kind */
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
