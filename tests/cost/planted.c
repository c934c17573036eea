/* SPDX-License-Identifier: MIT */
/* Attacks that the check must report: each exceeds one of its bounds. */
#include "cost.h"

static volatile unsigned char touched[1 << 16];

static void touch(size_t times) {
    for (size_t i = 0; i < times; i++) {
        touched[i % sizeof touched]++;
    }
}

/* Quadratic in a part of the work. */
static void work_quadratic(size_t size) {
    touch(64 * size);
    touch(size * size / 64);
}

/* Reads a whole input, most of which is beyond a limit. */
static void work_on_all(size_t size) {
    touch(4096);
    touch(size);
}

/* Correct work, but too large a block. */
static void work_hoarding(size_t size) {
    spanlink_allocator heap = cost_heap();
    touch(size);
    void *block = heap.allocate(heap.state, size * size);
    cost_expect(block != NULL, "a block");
    heap.release(heap.state, block, size * size);
}

static const cost_attack attacks[] = {
    {"planted_quadratic", COST_LINEAR, 1024, 0, 0, NULL, work_quadratic},
    {"planted_linear", COST_CONSTANT, 1024, 0, 0, NULL, work_on_all},
    {"planted_hoarding", COST_LINEAR, 1024, 0, 64, NULL, work_hoarding},
};

const cost_group cost_planted = {attacks, sizeof attacks / sizeof attacks[0], true};
