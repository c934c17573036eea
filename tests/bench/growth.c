/* SPDX-License-Identifier: MIT */
#include "growth.h"

#include "sample.h"

#include <stdio.h>

enum { MOST_LINKS = 10000000, MANY_LINKS = 300000 };

typedef struct growth {
    const char *name;     /* in the plots */
    const char *workload; /* whose size is changed */
    size_t fewest;        /* links that the workload needs */
    bool batches;         /* one operation handles all links, not one */
    bool threads;         /* also measured in several threads */
} growth;

static const growth growths[] = {
    {"add", "list_add_reused", 1, false, false}, {"unique add", "list_add_unique", 1, false, false},
    {"dedup", "dedup_128", 2, false, false},     {"encode", "otlp_encode", 1, true, false},
    {"decode", "otlp_decode", 1, true, false},   {"collect", "collector_add_1", 1, false, true},
    {"cache", "cache_hit_1", 1, false, true},
};
enum { GROWTHS = sizeof growths / sizeof growths[0] };

static void print(const growth *each, const bench_workload *workload, bench_clock clock) {
    size_t runs = workload->size > MANY_LINKS ? 3 : 9;
    size_t step = each->batches ? 1 : workload->size;
    double nanoseconds = bench_sample_fastest(workload, clock, step, runs);
    nanoseconds /= each->batches ? (double)workload->size : 1.0;
    printf("%s\t%zu\t%zu\t%.2f\n", each->name, workload->size,
           workload->threads == 0 ? 1 : workload->threads, nanoseconds);
    fflush(stdout);
}

/* 1, 3, 10, 30, … */
static void grow_links(const growth *each, bench_workload workload, bench_clock clock) {
    for (size_t power = 1; power <= MOST_LINKS; power *= 10) {
        for (size_t digit = 1; digit <= 3; digit += 2) {
            workload.size = power * digit;
            if (workload.size >= each->fewest && workload.size <= MOST_LINKS) {
                print(each, &workload, clock);
            }
        }
    }
}

static void grow_threads(const growth *each, bench_workload workload, bench_clock clock,
                         size_t most) {
    for (workload.threads = 1; workload.threads <= most; workload.threads++) {
        print(each, &workload, clock);
    }
}

void bench_growth_print(bench_find_fn *find, bench_clock clock, size_t most_threads) {
    for (size_t i = 0; i < GROWTHS; i++) {
        grow_links(&growths[i], *find(growths[i].workload), clock);
        printf("\n\n");
    }
    for (size_t i = 0; i < GROWTHS; i++) {
        if (growths[i].threads) {
            grow_threads(&growths[i], *find(growths[i].workload), clock, most_threads);
            printf("\n\n");
        }
    }
}
