/* SPDX-License-Identifier: MIT */
#include "meter.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t now(bench_clock clock) {
    struct timespec time = {0, 0};
    if (clock != BENCH_NO_CLOCK) {
        clock_gettime(clock == BENCH_WALL_CLOCK ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID,
                      &time);
    }
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

/*
 * instructions.sh counts the instructions of this function and all that it calls, so it must keep
 * its name and must not be inlined.
 */
void bench_measured_work(bench_work work, void *state, size_t operations);

__attribute__((noinline)) void bench_measured_work(bench_work work, void *state,
                                                   size_t operations) {
    work(state, operations);
}

void bench_measure(bench_meter *meter, bench_work work, void *state, size_t operations) {
    meter->counting = true;
    uint64_t start = now(meter->clock);
    bench_measured_work(work, state, operations);
    meter->nanoseconds += now(meter->clock) - start;
    meter->counting = false;
}

static void count(bench_meter *meter, size_t bytes) {
    if (meter->counting) {
        meter->bytes += bytes;
        meter->allocations++;
    }
}

static void *allocate(void *state, size_t size) {
    count(state, size);
    return malloc(size);
}

static void *resize(void *state, void *block, size_t old_size, size_t new_size) {
    count(state, new_size > old_size ? new_size - old_size : 0);
    return realloc(block, new_size);
}

static void release(void *state, void *block, size_t size) {
    (void)state;
    (void)size;
    free(block);
}

spanlink_allocator bench_counting_allocator(bench_meter *meter) {
    return (spanlink_allocator){meter, allocate, resize, release};
}

void bench_require(bool condition, const char *message) {
    if (!condition) {
        fprintf(stderr, "bench: %s\n", message);
        exit(EXIT_FAILURE);
    }
}

void *bench_allocate(size_t count, size_t size) {
    void *block = calloc(count, size);
    bench_require(block != NULL, "out of memory");
    return block;
}
