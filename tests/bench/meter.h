/* SPDX-License-Identifier: MIT */
/* Measures stretches of work: their time, and what they take from an allocator. */
#ifndef BENCH_METER_H
#define BENCH_METER_H

#include <spanlink/base.h>

#include <stdatomic.h>

typedef enum bench_clock {
    BENCH_NO_CLOCK,
    BENCH_WALL_CLOCK,
    BENCH_PROCESSOR_CLOCK /* the processor time of all threads together */
} bench_clock;

typedef struct bench_meter {
    bench_clock clock;
    uint64_t nanoseconds;   /* of all work so far */
    bool counting;          /* inside work */
    _Atomic uint64_t bytes; /* that the work took from the allocator, growth included */
    _Atomic uint64_t allocations;
} bench_meter;

/* Does that many operations. */
typedef void (*bench_work)(void *state, size_t operations);

/*
 * Does work and adds what it costs to the meter. What a workload does outside, to prepare or to
 * clean up, costs nothing.
 */
void bench_measure(bench_meter *meter, bench_work work, void *state, size_t operations);

/* The run of a workload that is one stretch of work. */
#define BENCH_RUN(name, work)                                                                      \
    static void name(void *state, bench_meter *meter, size_t operations) {                         \
        bench_measure(meter, work, state, operations);                                             \
    }

/* malloc() that counts what is taken while the meter measures. Thread-safe. */
spanlink_allocator bench_counting_allocator(bench_meter *meter);

/* Ends the program with a message unless a condition holds: wrong answers are not to be measured.
 */
void bench_require(bool condition, const char *message);

/* Zeroed memory for the benchmark itself: there is enough, or the program ends. */
void *bench_allocate(size_t count, size_t size);

#endif
