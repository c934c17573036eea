/* SPDX-License-Identifier: MIT */
/*
 * The benchmark of spanlink.
 *
 *     bench [--json] [--processor-time] [--only WORKLOAD]
 *     bench [--processor-time] --growth THREADS
 *     bench --list
 *     bench --only WORKLOAD --count N
 *
 * --list prints the workloads, each with the number of operations to run when instructions are
 * counted. --count does exactly N operations once, for tools like callgrind. --processor-time
 * measures processor time, summed over all threads, instead of elapsed time, for shared machines.
 * --growth measures how the cost of a link grows with the number of links, and of threads up to
 * THREADS: see growth.sh.
 */
#include "growth.h"
#include "report.h"
#include "sample.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const bench_group *const groups[] = {&bench_traceparent, &bench_tracestate, &bench_formats,
                                            &bench_propagation, &bench_lists,      &bench_dedup,
                                            &bench_otlp,        &bench_threads};
enum { GROUPS = sizeof groups / sizeof groups[0] };

typedef struct options {
    bool json, list;
    bench_clock clock;
    const char *only;
    size_t count, growth;
} options;

static const bench_workload *find(const char *name) {
    for (size_t i = 0; i < GROUPS; i++) {
        for (size_t j = 0; j < groups[i]->count; j++) {
            if (strcmp(groups[i]->workloads[j].name, name) == 0) {
                return &groups[i]->workloads[j];
            }
        }
    }
    return NULL;
}

static void list_all(void) {
    for (size_t i = 0; i < GROUPS; i++) {
        for (size_t j = 0; j < groups[i]->count; j++) {
            const bench_workload *workload = &groups[i]->workloads[j];
            printf("%s\t%s\t%zu\n", workload->name, workload->operation, workload->counted);
        }
    }
}

static void sample_all(bench_report *report, bench_clock clock, const bench_workload *only) {
    for (size_t i = 0; i < GROUPS; i++) {
        for (size_t j = 0; j < groups[i]->count; j++) {
            const bench_workload *workload = &groups[i]->workloads[j];
            if (only == NULL || only == workload) {
                bench_sample sample = bench_sample_take(workload, clock);
                bench_report_sample(report, workload, &sample);
            }
        }
    }
}

static size_t parse_number(const char *text) {
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    bench_require(errno == 0 && *end == '\0' && number != 0 && number <= SIZE_MAX,
                  "--count and --growth take a number");
    return (size_t)number;
}

static options parse(int argc, char **argv) {
    options parsed = {.clock = BENCH_WALL_CLOCK};
    for (int i = 1; i < argc; i++) {
        bool more = i + 1 < argc;
        if (strcmp(argv[i], "--json") == 0) {
            parsed.json = true;
        } else if (strcmp(argv[i], "--list") == 0) {
            parsed.list = true;
        } else if (strcmp(argv[i], "--growth") == 0 && more) {
            parsed.growth = parse_number(argv[++i]);
        } else if (strcmp(argv[i], "--processor-time") == 0) {
            parsed.clock = BENCH_PROCESSOR_CLOCK;
        } else if (strcmp(argv[i], "--only") == 0 && more) {
            parsed.only = argv[++i];
        } else if (strcmp(argv[i], "--count") == 0 && more) {
            parsed.count = parse_number(argv[++i]);
        } else {
            bench_require(false,
                          "usage: bench [--json] [--list] [--growth THREADS] [--processor-time] "
                          "[--only WORKLOAD [--count N]]");
        }
    }
    return parsed;
}

static void measure(const options *wanted, const bench_workload *only) {
    bench_report report = {.json = wanted->json};
    bench_report_begin(&report);
    sample_all(&report, wanted->clock, only);
    bench_report_end(&report);
}

int main(int argc, char **argv) {
    options wanted = parse(argc, argv);
    const bench_workload *only = wanted.only == NULL ? NULL : find(wanted.only);
    bench_require(wanted.only == NULL || only != NULL, "no such workload: see --list");
    bench_require(wanted.count == 0 || only != NULL, "--count needs --only");
    if (wanted.list) {
        list_all();
    } else if (wanted.growth != 0) {
        bench_growth_print(find, wanted.clock, wanted.growth);
    } else if (wanted.count != 0) {
        bench_sample_count(only, wanted.count);
    } else {
        measure(&wanted, only);
    }
    return EXIT_SUCCESS;
}
