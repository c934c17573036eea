/* SPDX-License-Identifier: MIT */
/* Reading tracestate headers of `size` members. */
#include "inputs.h"
#include "workload.h"

#include <spanlink/tracestate.h>

#include <stdlib.h>

enum { MOST_MEMBERS = 32, MOST_LENGTH = MOST_MEMBERS * 17 };

typedef struct tracestates {
    size_t size;
    spanlink_str headers[BENCH_INPUTS];
    char text[BENCH_INPUTS][MOST_LENGTH];
    volatile size_t sink;
} tracestates;

/*
 * A member of 15 or 16 characters, alternately. Its key has 3 to 10 characters and starts with the
 * two digits of the member's number, so that keys are distinct.
 */
static char *write_member(char *text, size_t number, uint64_t *state) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    size_t length = 15 + number % 2, key = 3 + (size_t)(bench_random(state) % 8);
    for (size_t i = 0; i < length; i++) {
        text[i] = letters[bench_random(state) % 36];
    }
    text[0] = letters[number / 26];
    text[1] = letters[number % 26];
    text[key] = '=';
    return text + length;
}

static void *set_up(const bench_workload *workload, const spanlink_allocator *allocator) {
    tracestates *self = bench_allocate(1, sizeof *self);
    uint64_t state = 1;
    (void)allocator;
    self->size = workload->size;
    for (size_t i = 0; i < BENCH_INPUTS; i++) {
        char *end = self->text[i];
        for (size_t j = 0; j < self->size; j++) {
            *end++ = ','; /* not before the first member: an empty member counts */
            end = write_member(end, j, &state);
        }
        self->headers[i] = (spanlink_str){self->text[i] + 1, (size_t)(end - self->text[i]) - 1};
    }
    return self;
}

static void parse(void *state, size_t operations) {
    tracestates *self = state;
    spanlink_tracestate_member members[MOST_MEMBERS];
    size_t count, sum = 0;
    for (size_t i = 0; i < operations; i++) {
        spanlink_str header = self->headers[i % BENCH_INPUTS];
        if (spanlink_tracestate_parse(header, members, &count) == SPANLINK_OK) {
            sum += count;
        }
    }
    self->sink = sum;
}

BENCH_RUN_COUNTED(run, parse, tracestates, operations * self->size, "a good tracestate was refused")

/* name, operation, size, threads, counted, variant, set up, run, tear down */
static const bench_workload workloads[] = {
    {"tracestate_parse_1", "header", 1, 0, 4096, 0, set_up, run, free},
    {"tracestate_parse_4", "header", 4, 0, 4096, 0, set_up, run, free},
    {"tracestate_parse_32", "header", 32, 0, 4096, 0, set_up, run, free},
};

const bench_group bench_tracestate = {workloads, sizeof workloads / sizeof workloads[0]};
