/* SPDX-License-Identifier: MIT */
/* Dedup of lists of `size` links, half of them repeats. */
#include "inputs.h"
#include "workload.h"

#include <spanlink/dedup.h>

#include <stdlib.h>

/* Several small lists are prepared and then deduplicated in one measurement, so that reading the
 * clock does not distort it; large lists are measured one by one. */
enum { MOST_LISTS = 8, LINKS_AT_ONCE = 1024 };

typedef struct dedup {
    size_t size;
    bench_links inputs;
    spanlink_link *links; /* each span twice, in random order */
    spanlink_list *lists[MOST_LISTS];
    size_t list_count;
} dedup;

static void shuffle(spanlink_link *links, size_t count) {
    uint64_t state = 1;
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)(bench_random(&state) % i);
        spanlink_link link = links[i - 1];
        links[i - 1] = links[other];
        links[other] = link;
    }
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* One operation is one link. */
static void remove_repeats(void *state, size_t operations) {
    dedup *self = state;
    for (size_t i = 0; i * self->size < operations; i++) {
        spanlink_status status = spanlink_list_dedup(self->lists[i]);
        bench_require(status == SPANLINK_OK, "a list was not deduplicated");
    }
}

/* Adds `links` links, filling one list after the other. */
static void refill(dedup *self, size_t links) {
    for (size_t i = 0; i * self->size < links; i++) {
        size_t count = least(self->size, links - i * self->size);
        spanlink_list_clear(self->lists[i]);
        spanlink_status status = spanlink_list_append(self->lists[i], self->links, count);
        bench_require(status == SPANLINK_OK, "links were not added");
    }
}

static void *set_up(const bench_workload *workload, const spanlink_allocator *allocator) {
    dedup *self = bench_allocate(1, sizeof *self);
    self->size = workload->size;
    self->inputs = bench_links_create(self->size / 2);
    self->links = bench_allocate(self->size, sizeof *self->links);
    for (size_t i = 0; i < self->size; i++) {
        self->links[i] = self->inputs.links[i % (self->size / 2)];
    }
    shuffle(self->links, self->size);
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.limits.max_links = SPANLINK_UNLIMITED;
    options.allocator = *allocator;
    options.hash_seed[0] = 1;
    self->list_count = LINKS_AT_ONCE / self->size;
    self->list_count = self->list_count == 0 ? 1 : self->list_count;
    self->list_count = self->list_count > MOST_LISTS ? MOST_LISTS : self->list_count;
    for (size_t i = 0; i < self->list_count; i++) {
        spanlink_status status = spanlink_list_create(&options, &self->lists[i]);
        bench_require(status == SPANLINK_OK, "a list was not created");
    }
    refill(self, self->list_count * self->size);
    remove_repeats(self, self->list_count * self->size); /* grows the tables to their final size */
    return self;
}

static void run(void *state, bench_meter *meter, size_t operations) {
    dedup *self = state;
    size_t links;
    for (size_t done = 0; done < operations; done += links) {
        links = least(self->list_count * self->size, operations - done);
        refill(self, links);
        bench_measure(meter, remove_repeats, self, links);
        size_t left;
        spanlink_list_links(self->lists[0], &left);
        bench_require(links < self->size || left == self->size / 2, "dedup left the wrong links");
    }
}

static void tear_down(void *state) {
    dedup *self = state;
    for (size_t i = 0; i < self->list_count; i++) {
        spanlink_list_destroy(self->lists[i]);
    }
    free(self->links);
    bench_links_destroy(&self->inputs);
    free(self);
}

/* name, operation, size, threads, counted, variant, set up, run, tear down */
static const bench_workload workloads[] = {
    {"dedup_128", "link", 128, 0, 8192, 0, set_up, run, tear_down},
    {"dedup_10000", "link", 10000, 0, 10000, 0, set_up, run, tear_down},
    {"dedup_1000000", "link", 1000000, 0, 0, 0, set_up, run, tear_down},
};

const bench_group bench_dedup = {workloads, sizeof workloads / sizeof workloads[0]};
