/* SPDX-License-Identifier: MIT */
#include "internal/list/reservoir.h"

#include <stdbool.h>

static bool larger(const uint64_t *keys, uint32_t a, uint32_t b) {
    return keys[a] != keys[b] ? keys[a] > keys[b] : a > b;
}

/* Lets the number at `place` sink below all that are larger. */
static void sink(uint32_t *heap, size_t count, const uint64_t *keys, size_t place) {
    uint32_t number = heap[place];
    for (size_t child = 2 * place + 1; child < count; child = 2 * place + 1) {
        if (child + 1 < count && larger(keys, heap[child + 1], heap[child])) {
            child++;
        }
        if (larger(keys, number, heap[child])) {
            break;
        }
        heap[place] = heap[child];
        place = child;
    }
    heap[place] = number;
}

void slnk_reservoir_build(uint32_t *heap, size_t count, const uint64_t *keys) {
    for (size_t place = count / 2; place > 0; place--) {
        sink(heap, count, keys, place - 1);
    }
}

void slnk_reservoir_replace_top(uint32_t *heap, size_t count, const uint64_t *keys,
                                uint32_t number) {
    heap[0] = number;
    sink(heap, count, keys, 0);
}
