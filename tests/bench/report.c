/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <stdio.h>

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
#define COMPILER "gcc " __VERSION__
#else
#define COMPILER "unknown"
#endif

/* The processor's name if the system provides it, without characters that JSON must escape. */
static void read_processor(char name[128]) {
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "r");
    snprintf(name, 128, "unknown");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "model name : %127[^\"\\\n]", name) == 1) {
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

void bench_report_begin(bench_report *report) {
    char processor[128];
    read_processor(processor);
    if (report->json) {
        printf("{\n  \"library\": \"%s\",\n  \"processor\": \"%s\",\n  \"compiler\": \"%s\",\n"
               "  \"runs\": %d,\n  \"workloads\": [",
               spanlink_version(), processor, COMPILER, BENCH_RUNS);
    } else {
        printf("spanlink %s, %s, %s; medians of %d runs\n\n", spanlink_version(), processor,
               COMPILER, BENCH_RUNS);
        printf("| workload | one operation | ns | spread, ns | heap bytes | allocations |\n");
        printf("|---|---|---:|---:|---:|---:|\n");
    }
}

void bench_report_sample(bench_report *report, const bench_workload *workload,
                         const bench_sample *sample) {
    if (report->json) {
        printf("%s\n    {\"name\": \"%s\", \"operation\": \"%s\", \"threads\": %zu, "
               "\"operations\": %zu, \"nanoseconds\": %.3f, \"spread\": %.3f, "
               "\"heap_bytes\": %.3f, \"allocations\": %.4f}",
               report->samples == 0 ? "" : ",", workload->name, workload->operation,
               workload->threads, sample->operations, sample->nanoseconds, sample->spread,
               sample->bytes, sample->allocations);
    } else {
        printf("| %s | %s | %.1f | %.1f | %.1f | %.3f |\n", workload->name, workload->operation,
               sample->nanoseconds, sample->spread, sample->bytes, sample->allocations);
    }
    report->samples++;
    fflush(stdout);
}

void bench_report_end(bench_report *report) {
    if (report->json) {
        printf("\n  ]\n}\n");
    }
}
