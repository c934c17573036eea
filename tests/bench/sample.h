/* SPDX-License-Identifier: MIT */
/* The cost of a workload. */
#ifndef BENCH_SAMPLE_H
#define BENCH_SAMPLE_H

#include "workload.h"

enum { BENCH_RUNS = 15 };

/* Per operation. */
typedef struct bench_sample {
    double nanoseconds; /* the median of the runs */
    double spread;      /* difference between the third and the first quartile */
    double bytes;       /* allocated */
    double allocations;
    size_t operations; /* of each run */
} bench_sample;

/* Runs a workload often enough to determine its cost. */
bench_sample bench_sample_take(const bench_workload *workload, bench_clock clock);

/* The nanoseconds per operation in the fastest of `runs` runs, 1 to BENCH_RUNS. Each run does a
 * multiple of `step` operations. */
double bench_sample_fastest(const bench_workload *workload, bench_clock clock, size_t step,
                            size_t runs);

/* Runs exactly `operations` operations once, without a clock. */
void bench_sample_count(const bench_workload *workload, size_t operations);

#endif
