/* SPDX-License-Identifier: MIT */
/* Random inputs that are the same on every machine. */
#ifndef BENCH_INPUTS_H
#define BENCH_INPUTS_H

#include <spanlink/factory.h>

/* The number of different inputs that a workload cycles through: more than a branch predictor can
 * learn. A power of two. */
enum { BENCH_INPUTS = 4096 };

/* The next number of a random sequence; `state` may start with any value. */
uint64_t bench_random(uint64_t *state);

/* The context with a number: random ids that are not zero; remote; half of them sampled. */
spanlink_context bench_context(uint64_t number);

/* Links to bench_context(0), bench_context(1) and so on, with the two attributes of an item in a
 * batch of 128. */
typedef struct bench_links {
    spanlink_link *links;
    spanlink_attribute *storage;
} bench_links;

bench_links bench_links_create(size_t count);

/* Gives each link two attributes with four texts that containers must copy. */
void bench_links_set_texts(bench_links *links, size_t count);

void bench_links_destroy(bench_links *links);

#endif
