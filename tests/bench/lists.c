/* SPDX-License-Identifier: MIT */
/* Making links and adding them to lists. `size` is the number of links in a list. */
#include "inputs.h"
#include "workload.h"

#include <stdlib.h>

enum { MOST_TEXTS = 4 };

typedef struct lists {
    size_t size;
    bench_links inputs;
    size_t next; /* index into the inputs, which are used in turn */
    spanlink_attribute texts[MOST_TEXTS];
    spanlink_list_options options;
    spanlink_list *list;
    volatile size_t sink;
} lists;

static const spanlink_link *next_link(lists *self) {
    return &self->inputs.links[self->next++ % BENCH_INPUTS];
}

static lists *start(const bench_workload *workload, const spanlink_allocator *allocator) {
    lists *self = bench_allocate(1, sizeof *self);
    self->size = workload->size;
    self->inputs = bench_links_create(BENCH_INPUTS);
    self->options = (spanlink_list_options)SPANLINK_LIST_OPTIONS_INIT;
    self->options.limits.max_links = SPANLINK_UNLIMITED;
    self->options.allocator = *allocator;
    self->options.hash_seed[0] = 1; /* the same table on every run */
    return self;
}

static void *set_up_inputs(const bench_workload *workload, const spanlink_allocator *allocator) {
    return start(workload, allocator);
}

static void create_list(lists *self) {
    spanlink_status status = spanlink_list_create(&self->options, &self->list);
    bench_require(status == SPANLINK_OK, "a list was not created");
}

/* Adds `count` links to the list as it is. */
static void add(lists *self, size_t count) {
    uint32_t faults = 0;
    for (size_t i = 0; i < count; i++) {
        faults |= (uint32_t)spanlink_list_add(self->list, next_link(self));
    }
    bench_require(faults == 0, "a link was not added");
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static void add_to_reused(void *state, size_t operations) {
    lists *self = state;
    for (size_t done = 0; done < operations; done += self->size) {
        spanlink_list_clear(self->list);
        add(self, least(self->size, operations - done));
    }
}

static void add_to_fresh(void *state, size_t operations) {
    lists *self = state;
    for (size_t done = 0; done < operations; done += self->size) {
        create_list(self);
        add(self, least(self->size, operations - done));
        spanlink_list_destroy(self->list);
    }
    self->list = NULL;
}

/* Adds distinct spans to a reused list with `unique` set. */
static void add_to_unique(void *state, size_t operations) {
    lists *self = state;
    uint32_t faults = 0;
    for (size_t done = 0; done < operations; done += self->size) {
        size_t count = least(self->size, operations - done);
        spanlink_list_clear(self->list);
        for (size_t i = 0; i < count; i++) {
            faults |= (uint32_t)spanlink_list_add(self->list, &self->inputs.links[i]);
        }
    }
    bench_require(faults == 0, "a link was not added");
}

static void *set_up_unique(const bench_workload *workload, const spanlink_allocator *allocator) {
    lists *self = start(workload, allocator);
    self->options.unique = true;
    bench_links_destroy(&self->inputs);
    self->inputs = bench_links_create(self->size);
    create_list(self);
    add_to_unique(self, self->size);
    return self;
}

/* A reused list that already has its full capacity. */
static void *set_up_reused(const bench_workload *workload, const spanlink_allocator *allocator) {
    lists *self = start(workload, allocator);
    create_list(self);
    add_to_reused(self, self->size);
    return self;
}

static void *set_up_expected(const bench_workload *workload, const spanlink_allocator *allocator) {
    lists *self = start(workload, allocator);
    self->options.expected_links = self->size;
    return self;
}

/* Links with `variant` attributes, whose texts a list must copy. */
static void *set_up_texts(const bench_workload *workload, const spanlink_allocator *allocator) {
    lists *self = start(workload, allocator);
    self->texts[0] = spanlink_attribute_string("messaging.system", "kafka");
    self->texts[1] = spanlink_attribute_string("messaging.destination.name", "orders-europe");
    self->texts[2] = spanlink_attribute_string("messaging.operation.name", "process");
    self->texts[3] = spanlink_attribute_string("messaging.message.id", "0f3c9a2e-77d1-4a5b");
    for (size_t i = 0; i < BENCH_INPUTS; i++) {
        self->inputs.links[i].attributes = self->texts;
        self->inputs.links[i].attribute_count = workload->variant;
    }
    create_list(self);
    add_to_reused(self, self->size);
    return self;
}

static void tear_down(void *state) {
    lists *self = state;
    spanlink_list_destroy(self->list);
    bench_links_destroy(&self->inputs);
    free(self);
}

static void make_links(void *state, size_t operations) {
    lists *self = state;
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    size_t attributes = 0;
    for (size_t i = 0; i < operations; i++) {
        const spanlink_context *context = &self->inputs.links[i % BENCH_INPUTS].context;
        spanlink_link link = spanlink_factory_batch_item(context, (int64_t)i, storage);
        attributes += link.attribute_count;
    }
    self->sink = attributes;
}

/* The same in one call. */
static void add_batch_items(void *state, size_t operations) {
    lists *self = state;
    uint32_t faults = 0;
    for (size_t i = 0; i < operations; i++) {
        if (i % self->size == 0) {
            spanlink_list_clear(self->list);
        }
        faults |= (uint32_t)spanlink_list_add_batch_item(self->list, &next_link(self)->context,
                                                         (int64_t)i);
    }
    bench_require(faults == 0, "a link was not added");
}

/* Appends the links of all inputs to an empty list, `size` links per call. */
static void append(void *state, size_t operations) {
    lists *self = state;
    uint32_t faults = 0;
    for (size_t done = 0; done < operations; done += self->size) {
        size_t count = least(self->size, operations - done);
        size_t first = done % (BENCH_INPUTS - self->size);
        spanlink_list_clear(self->list);
        faults |= (uint32_t)spanlink_list_append(self->list, self->inputs.links + first, count);
    }
    bench_require(faults == 0, "links were not appended");
}

/*
 * An endless stream through a list that holds `size` links and no span twice. Three of four links
 * are new spans; the fourth repeats the span of the link five before it.
 */
static void add_stream(void *state, size_t operations) {
    lists *self = state;
    spanlink_link link = self->inputs.links[0];
    uint32_t faults = 0;
    spanlink_list_clear(self->list);
    for (size_t i = 0; i < operations; i++) {
        size_t number = i % 4 == 3 && i > 4 ? i - 5 : i;
        link.context = self->inputs.links[number % BENCH_INPUTS].context;
        link.context.trace_id[0] = (uint8_t)(number / BENCH_INPUTS);
        link.context.trace_id[1] = (uint8_t)(number / BENCH_INPUTS / 256);
        faults |= (uint32_t)spanlink_list_add(self->list, &link);
    }
    bench_require(faults == 0, "a link was refused");
}

static void *set_up_stream(const bench_workload *workload, const spanlink_allocator *allocator) {
    lists *self = start(workload, allocator);
    self->options.limits.max_links = workload->size;
    self->options.overflow = workload->variant;
    self->options.unique = true;
    create_list(self);
    add_stream(self, 2 * BENCH_INPUTS); /* fills the list and grows it to its final size */
    return self;
}

BENCH_RUN(run_factory, make_links)
BENCH_RUN(run_reused, add_to_reused)
BENCH_RUN(run_batch_items, add_batch_items)
BENCH_RUN(run_append, append)
BENCH_RUN(run_fresh, add_to_fresh)
BENCH_RUN(run_unique, add_to_unique)
BENCH_RUN(run_stream, add_stream)

/* name, operation, size, threads, counted, variant, set up, run, tear down */
static const bench_workload workloads[] = {
    {"factory_batch_item", "link", 1, 0, 8192, 0, set_up_inputs, run_factory, tear_down},
    {"list_add_reused", "link", 128, 0, 8192, 0, set_up_reused, run_reused, tear_down},
    {"list_add_batch_item", "link", 128, 0, 8192, 0, set_up_reused, run_batch_items, tear_down},
    {"list_add_bare", "link", 128, 0, 8192, 0, set_up_texts, run_reused, tear_down},
    {"list_add_texts", "link", 128, 0, 8192, 2, set_up_texts, run_reused, tear_down},
    {"list_add_4_texts", "link", 128, 0, 8192, MOST_TEXTS, set_up_texts, run_reused, tear_down},
    {"list_append", "link", 128, 0, 8192, 0, set_up_reused, run_append, tear_down},
    {"list_add_fresh", "link", 128, 0, 8192, 0, set_up_inputs, run_fresh, tear_down},
    {"list_add_expected", "link", 128, 0, 8192, 0, set_up_expected, run_fresh, tear_down},
    {"list_add_fresh_10000", "link", 10000, 0, 10000, 0, set_up_inputs, run_fresh, tear_down},
    {"list_add_expected_10000", "link", 10000, 0, 10000, 0, set_up_expected, run_fresh, tear_down},
    {"list_add_unique", "link", 128, 0, 8192, 0, set_up_unique, run_unique, tear_down},
    {"stream_keep_first", "link", 128, 0, 16384, SPANLINK_OVERFLOW_KEEP_FIRST, set_up_stream,
     run_stream, tear_down},
    {"stream_keep_last", "link", 128, 0, 16384, SPANLINK_OVERFLOW_KEEP_LAST, set_up_stream,
     run_stream, tear_down},
    {"stream_sampled_first", "link", 128, 0, 16384, SPANLINK_OVERFLOW_SAMPLED_FIRST, set_up_stream,
     run_stream, tear_down},
    {"stream_reservoir", "link", 128, 0, 16384, SPANLINK_OVERFLOW_RESERVOIR, set_up_stream,
     run_stream, tear_down},
};

const bench_group bench_lists = {workloads, sizeof workloads / sizeof workloads[0]};
