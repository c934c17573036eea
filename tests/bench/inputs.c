/* SPDX-License-Identifier: MIT */
#include "inputs.h"

#include "meter.h"

#include <stdlib.h>

/* splitmix64 */
uint64_t bench_random(uint64_t *state) {
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void fill(uint8_t *bytes, size_t count, uint64_t *state) {
    for (size_t i = 0; i < count; i++) {
        bytes[i] = (uint8_t)(bench_random(state) >> 56);
    }
    bytes[0] |= 1;
}

spanlink_context bench_context(uint64_t number) {
    spanlink_context context = {.is_remote = true};
    uint64_t state = number * UINT64_C(0xd1342543de82ef95);
    fill(context.trace_id, sizeof context.trace_id, &state);
    fill(context.span_id, sizeof context.span_id, &state);
    context.trace_flags = (uint8_t)(bench_random(&state) >> 63);
    return context;
}

bench_links bench_links_create(size_t count) {
    bench_links made;
    made.links = bench_allocate(count, sizeof *made.links);
    made.storage = bench_allocate(count * SPANLINK_FACTORY_ATTRIBUTES, sizeof *made.storage);
    for (size_t i = 0; i < count; i++) {
        spanlink_context context = bench_context(i);
        made.links[i] = spanlink_factory_batch_item(&context, (int64_t)(i % 128),
                                                    made.storage + i * SPANLINK_FACTORY_ATTRIBUTES);
    }
    return made;
}

void bench_links_set_texts(bench_links *links, size_t count) {
    for (size_t i = 0; i < count; i++) {
        spanlink_attribute *storage = links->storage + i * SPANLINK_FACTORY_ATTRIBUTES;
        storage[0] = spanlink_attribute_string("messaging.system", "kafka");
        storage[1] = spanlink_attribute_string("messaging.destination.name", "orders-europe");
    }
}

void bench_links_destroy(bench_links *links) {
    free(links->links);
    free(links->storage);
}
