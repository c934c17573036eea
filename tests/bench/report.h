/* SPDX-License-Identifier: MIT */
/* Results on standard output, as a table or as JSON. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "sample.h"

typedef struct bench_report {
    bool json;
    size_t samples; /* written so far */
} bench_report;

void bench_report_begin(bench_report *report);
void bench_report_sample(bench_report *report, const bench_workload *workload,
                         const bench_sample *sample);

void bench_report_end(bench_report *report);

#endif
