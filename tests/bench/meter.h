/* SPDX-License-Identifier: MIT */
/* Measures work: its time, and the memory that it allocates. */
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
    bool counting;          /* while work is measured */
    _Atomic uint64_t bytes; /* allocated by the work, including growth of blocks */
    _Atomic uint64_t allocations;
} bench_meter;

/* Does `operations` operations. */
typedef void (*bench_work)(void *state, size_t operations);

/*
 * Does work and adds its cost to the meter. Preparation and clean-up outside `work` are not
 * measured.
 */
void bench_measure(bench_meter *meter, bench_work work, void *state, size_t operations);

/* Defines the run function of a workload that measures all its operations at once. */
#define BENCH_RUN(name, work)                                                                      \
    static void name(void *state, bench_meter *meter, size_t operations) {                         \
        bench_measure(meter, work, state, operations);                                             \
    }

/* The same for work that counts its successes in `sink` of a state of that type: their number must
 * be `wanted`. */
#define BENCH_RUN_COUNTED(name, work, type, wanted, message)                                       \
    static void name(void *state, bench_meter *meter, size_t operations) {                         \
        type *self = state;                                                                        \
        bench_measure(meter, work, self, operations);                                              \
        bench_require(self->sink == (wanted), message);                                            \
    }

/* malloc() that counts allocations while the meter measures. Thread-safe. */
spanlink_allocator bench_counting_allocator(bench_meter *meter);

/* Ends the program with a message if a condition is false: wrong results must not be measured. */
void bench_require(bool condition, const char *message);

/* Zeroed memory for the benchmark itself. Ends the program if there is not enough. */
void *bench_allocate(size_t count, size_t size);

#endif
