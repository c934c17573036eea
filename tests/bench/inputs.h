/* SPDX-License-Identifier: MIT */
/* Random inputs that are the same on every machine. */
#ifndef BENCH_INPUTS_H
#define BENCH_INPUTS_H

#include <spanlink/factory.h>

/* How many different inputs a workload goes round: more than a branch predictor learns by heart. A
 * power of two. */
enum { BENCH_INPUTS = 4096 };

/* The next of a sequence that starts with any number. */
uint64_t bench_random(uint64_t *state);

/* The context with a number: random ids, not zero; remote; half of all are sampled. */
spanlink_context bench_context(uint64_t number);

/* Links with the two attributes of a batch item, in batches of 128, to bench_context(0) and on. */
typedef struct bench_links {
    spanlink_link *links;
    spanlink_attribute *storage;
} bench_links;

bench_links bench_links_create(size_t count);

/* Gives all of them two attributes with four texts that containers must copy. */
void bench_links_set_texts(bench_links *links, size_t count);

void bench_links_destroy(bench_links *links);

#endif
