/* SPDX-License-Identifier: MIT */
/*
 * Work that is distributed to threads and then combined.
 *
 * Each worker runs in its own trace, which links back with `spawned_from`: the parent does not wait
 * for it, so the worker's span is not a child. A worker that has finished adds a link to itself to
 * a collector, which any number of threads may do at once; the span that combines the results takes
 * the links from there.
 */
#include "support/export.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define WORKERS 8
#define LINES   1000

struct worker {
    pthread_t thread;
    struct span span;
    spanlink_context spawner;
    spanlink_collector *done;
    char name[16];
    unsigned result;
};

/* Work that takes some time: counts the primes in a range. */
static unsigned count_primes(unsigned first, unsigned last) {
    unsigned primes = 0;
    for (unsigned number = first < 2 ? 2 : first; number < last; number++) {
        unsigned divisor = 2;
        while (divisor * divisor <= number && number % divisor != 0) {
            divisor++;
        }
        primes += divisor * divisor > number;
    }
    return primes;
}

static void *work(void *argument) {
    struct worker *worker = argument;
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES + 1];
    span_start(&worker->span, worker->name, SPAN_INTERNAL, NULL);
    must(spanlink_list_create(NULL, &worker->span.links), "links");
    must(spanlink_list_add_custom(worker->span.links, &worker->spawner, "spawned_from"), "link");

    unsigned part = (unsigned)atoi(worker->name + sizeof "worker" - 1);
    worker->result = count_primes(part * LINES, (part + 1) * LINES);

    spanlink_link link = spanlink_factory_aggregate(&worker->span.context, worker->name, storage);
    storage[link.attribute_count++] = spanlink_attribute_int("result.count", worker->result);
    must(spanlink_collector_add(worker->done, &link), "collector");
    span_set(&worker->span, spanlink_attribute_int("result.count", worker->result));
    span_end(&worker->span);
    return NULL;
}

static void fan_out(struct worker workers[WORKERS], const spanlink_context *spawner,
                    spanlink_collector *done) {
    for (size_t i = 0; i < WORKERS; i++) {
        workers[i].spawner = *spawner;
        workers[i].done = done;
        snprintf(workers[i].name, sizeof workers[i].name, "worker%zu", i);
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) {
            must(SPANLINK_ERR_NO_MEMORY, "thread");
        }
    }
    for (size_t i = 0; i < WORKERS; i++) {
        pthread_join(workers[i].thread, NULL);
    }
}

/* The span that combines the results links to every worker that delivered one. */
static void fan_in(struct span *span, const struct worker workers[WORKERS],
                   spanlink_collector *done, const spanlink_context *parent) {
    int64_t total = 0;
    span_start(span, "combine", SPAN_INTERNAL, parent);
    must(spanlink_list_create(NULL, &span->links), "links");
    must(spanlink_collector_drain(done, span->links), "drain");
    for (size_t i = 0; i < WORKERS; i++) {
        total += workers[i].result;
    }
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    spanlink_list_get_stats(span->links, &stats);
    span_set(span, spanlink_attribute_int("links.count", (int64_t)stats.kept));
    span_set(span, spanlink_attribute_int("result.count", total));
    span_end(span);
    warn_if_cut("fan_out_fan_in", span->links);
    fprintf(stderr, "%d primes found by %d workers\n", (int)total, WORKERS);
}

int main(int argc, char **argv) {
    static struct worker workers[WORKERS];
    static struct span spans[WORKERS + 2];
    struct export_to to = {.program = "fan_out_fan_in"};
    for (int i = 1; i < argc; i++) {
        if (!export_option(&to, argc, argv, &i)) {
            fputs("usage: fan_out_fan_in [OPTION…]\n" EXPORT_USAGE, stderr);
            return 2;
        }
    }
    spanlink_collector *done = NULL;
    must(spanlink_collector_create(NULL, &done), "collector");
    span_start(&spans[0], "fan_out", SPAN_INTERNAL, NULL);
    fan_out(workers, &spans[0].context, done);
    fan_in(&spans[1], workers, done, &spans[0].context);
    span_end(&spans[0]);
    for (size_t i = 0; i < WORKERS; i++) {
        spans[2 + i] = workers[i].span;
    }
    int outcome = export_spans(&to, spans, WORKERS + 2);
    for (size_t i = 0; i < WORKERS + 2; i++) {
        spanlink_list_destroy(spans[i].links);
    }
    spanlink_collector_destroy(done);
    return outcome;
}
