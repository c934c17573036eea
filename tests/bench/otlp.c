/* SPDX-License-Identifier: MIT */
/* Encoding and decoding batches of `size` links with two attributes. One operation is one batch. */
#include "inputs.h"
#include "workload.h"

#include <spanlink/otlp.h>
#include <spanlink/otlp_json.h>

#include <stdlib.h>

typedef struct batches {
    size_t size;
    bench_links inputs;
    size_t count; /* of inputs: a multiple of the batch size, at least one batch */
    size_t next;
    uint8_t *buffer;
    size_t capacity;
    spanlink_list *list;
    volatile size_t sink;
} batches;

static const spanlink_link *next_batch(batches *self) {
    const spanlink_link *batch = &self->inputs.links[self->next];
    self->next = (self->next + self->size) % self->count;
    return batch;
}

static void *set_up(const bench_workload *workload, const spanlink_allocator *allocator) {
    batches *self = bench_allocate(1, sizeof *self);
    (void)allocator;
    self->size = workload->size;
    self->count = self->size > BENCH_INPUTS ? self->size : BENCH_INPUTS / self->size * self->size;
    self->inputs = bench_links_create(self->count);
    self->capacity = 512 * self->size; /* larger than any batch */
    self->buffer = bench_allocate(self->capacity, 1);
    return self;
}

static void tear_down(void *state) {
    batches *self = state;
    spanlink_list_destroy(self->list);
    bench_links_destroy(&self->inputs);
    free(self->buffer);
    free(self);
}

static void encode(void *state, size_t operations) {
    batches *self = state;
    size_t written = 0, sum = 0;
    for (size_t i = 0; i < operations; i++) {
        spanlink_status status = spanlink_otlp_encode(next_batch(self), self->size, self->buffer,
                                                      self->capacity, &written);
        bench_require(status == SPANLINK_OK, "a batch was not encoded");
        sum += written;
    }
    self->sink = sum;
}

static void encode_json(void *state, size_t operations) {
    batches *self = state;
    size_t written = 0, sum = 0;
    for (size_t i = 0; i < operations; i++) {
        spanlink_status status = spanlink_otlp_json_encode(
            next_batch(self), self->size, (char *)self->buffer, self->capacity, &written);
        bench_require(status == SPANLINK_OK, "a batch was not encoded");
        sum += written;
    }
    self->sink = sum;
}

/* Continues with the batch that is encoded in the buffer. */
static void *set_up_decode(const bench_workload *workload, const spanlink_allocator *allocator) {
    batches *self = set_up(workload, allocator);
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.limits.max_links = SPANLINK_UNLIMITED;
    options.allocator = *allocator;
    bench_require(spanlink_list_create(&options, &self->list) == SPANLINK_OK, "no list");
    spanlink_status status = spanlink_otlp_encode(self->inputs.links, self->size, self->buffer,
                                                  self->capacity, &self->capacity);
    bench_require(status == SPANLINK_OK, "a batch was not encoded");
    return self;
}

static void decode(void *state, size_t operations) {
    batches *self = state;
    for (size_t i = 0; i < operations; i++) {
        spanlink_list_clear(self->list);
        spanlink_status status = spanlink_otlp_decode(self->buffer, self->capacity, self->list);
        bench_require(status == SPANLINK_OK, "a batch was not decoded");
    }
    spanlink_list_links(self->list, &self->count);
    bench_require(self->count == self->size, "links were lost");
}

BENCH_RUN(run_decode, decode)
BENCH_RUN(run_encode, encode)
BENCH_RUN(run_encode_json, encode_json)

/* name, operation, size, threads, counted, variant, set up, run, tear down */
static const bench_workload workloads[] = {
    {"otlp_encode", "batch of 128", 128, 0, 128, 0, set_up, run_encode, tear_down},
    {"otlp_json_encode", "batch of 128", 128, 0, 64, 0, set_up, run_encode_json, tear_down},
    {"otlp_decode", "batch of 128", 128, 0, 64, 0, set_up_decode, run_decode, tear_down},
};

const bench_group bench_otlp = {workloads, sizeof workloads / sizeof workloads[0]};
