/* SPDX-License-Identifier: MIT */
/* How the cost of a link grows with the number of links and of threads. */
#ifndef BENCH_GROWTH_H
#define BENCH_GROWTH_H

#include "workload.h"

/* Finds a workload by its name. */
typedef const bench_workload *bench_find_fn(const char *name);

/*
 * Prints lines of four fields between tabs: work, number of links, number of threads, nanoseconds
 * per link. Two empty lines separate kinds of work. First one thread with 1 to 10,000,000 links,
 * then up to `most_threads` threads.
 */
void bench_growth_print(bench_find_fn *find, bench_clock clock, size_t most_threads);

#endif
