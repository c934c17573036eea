/* SPDX-License-Identifier: MIT */
#include "sample.h"

#include <stdlib.h>

/*
 * The least duration of a run in nanoseconds: long compared with reading the clock, and short
 * compared with the system's time slices, so that other programs interrupt few runs and do not
 * affect the median. Runs with threads are longer, because starting threads takes time.
 */
enum { LEAST_RUN = 2000000, LEAST_RUN_OF_THREADS = 20000000 };

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double time_of(const bench_workload *workload, void *state, bench_clock clock,
                      size_t operations) {
    bench_meter meter = {.clock = clock};
    workload->run(state, &meter, operations);
    return (double)meter.nanoseconds;
}

/* The number of operations for a run that is long enough: a multiple of `step`. */
static size_t calibrate(const bench_workload *workload, void *state, bench_clock clock,
                        size_t step) {
    size_t operations = step;
    double least = workload->threads == 0 ? LEAST_RUN : LEAST_RUN_OF_THREADS;
    while (time_of(workload, state, clock, operations) < least) {
        operations *= 2;
    }
    return operations;
}

/* Measures the time per operation in several runs. Returns the number of operations of each. */
static size_t time_runs(const bench_workload *workload, bench_clock clock, size_t step,
                        double *times, size_t runs) {
    const spanlink_allocator heap = {NULL, NULL, NULL, NULL};
    void *state = workload->set_up(workload, &heap);
    size_t operations = calibrate(workload, state, clock, step);
    for (size_t i = 0; i < runs; i++) {
        times[i] = time_of(workload, state, clock, operations) / (double)operations;
    }
    workload->tear_down(state);
    return operations;
}

static void sample_time(const bench_workload *workload, bench_clock clock, bench_sample *sample) {
    double times[BENCH_RUNS];
    sample->operations = time_runs(workload, clock, workload->size, times, BENCH_RUNS);
    qsort(times, BENCH_RUNS, sizeof times[0], compare);
    sample->nanoseconds = times[BENCH_RUNS / 2];
    sample->spread = times[BENCH_RUNS * 3 / 4] - times[BENCH_RUNS / 4];
}

/* In a separate run, because counting takes time. */
static void count_memory(const bench_workload *workload, bench_sample *sample) {
    bench_meter meter = {.clock = BENCH_NO_CLOCK};
    spanlink_allocator counting = bench_counting_allocator(&meter);
    size_t operations =
        workload->size > 8192 ? workload->size : 8192 / workload->size * workload->size;
    void *state = workload->set_up(workload, &counting);
    workload->run(state, &meter, operations);
    workload->tear_down(state);
    sample->bytes = (double)meter.bytes / (double)operations;
    sample->allocations = (double)meter.allocations / (double)operations;
}

bench_sample bench_sample_take(const bench_workload *workload, bench_clock clock) {
    bench_sample sample;
    sample_time(workload, clock, &sample);
    count_memory(workload, &sample);
    return sample;
}

double bench_sample_fastest(const bench_workload *workload, bench_clock clock, size_t step,
                            size_t runs) {
    double times[BENCH_RUNS];
    bench_require(runs >= 1 && runs <= BENCH_RUNS, "too many runs");
    time_runs(workload, clock, step, times, runs);
    qsort(times, runs, sizeof times[0], compare);
    return times[0];
}

void bench_sample_count(const bench_workload *workload, size_t operations) {
    const spanlink_allocator heap = {NULL, NULL, NULL, NULL};
    bench_meter meter = {.clock = BENCH_NO_CLOCK};
    void *state = workload->set_up(workload, &heap);
    workload->run(state, &meter, operations);
    workload->tear_down(state);
}
