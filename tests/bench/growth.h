/* SPDX-License-Identifier: MIT */
/* How the cost of a link grows with the number of links and of threads. */
#ifndef BENCH_GROWTH_H
#define BENCH_GROWTH_H

#include "workload.h"

/* The workload with a name. */
typedef const bench_workload *bench_find_fn(const char *name);

/*
 * Prints lines of: what is done, how many links, how many threads, nanoseconds a link; tabs
 * separate them, two empty lines what is done. First one thread and 1 to 10,000,000 links, then up
 * to that many threads.
 */
void bench_growth_print(bench_find_fn *find, bench_clock clock, size_t most_threads);

#endif
