/* SPDX-License-Identifier: MIT */
/*
 * Runs every attack in its four sizes, for callgrind to count:
 *
 *     cost [ATTACK...]
 *
 * Prints a line for each: attack, growth, whether the check must fail, size, peak heap bytes, and
 * the bound on these bytes.
 */
#include "cost.h"

#include "test_allocator.h"

#include <internal/hash.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cost_group *const groups[] = {&cost_headers, &cost_propagation, &cost_formats,
                                           &cost_lists,   &cost_attributes,  &cost_otlp,
                                           &cost_tables,  &cost_planted};
enum { GROUPS = sizeof groups / sizeof groups[0], SIZES = 4 };

void cost_expect(bool as_expected, const char *what) {
    if (!as_expected) {
        fprintf(stderr, "not as expected: %s\n", what);
        exit(1);
    }
}

static test_allocator heap;

/* Always moves the block, as an allocator may have to, so that growth in small steps is detected.
 */
static void *move(void *state, void *block, size_t old_size, size_t new_size) {
    spanlink_allocator counted = test_allocator_interface(state);
    void *moved = counted.allocate(state, new_size);
    cost_expect(moved != NULL, "a larger block");
    memcpy(moved, block, old_size < new_size ? old_size : new_size);
    counted.release(state, block, old_size);
    return moved;
}

spanlink_allocator cost_heap(void) {
    spanlink_allocator moving = test_allocator_interface(&heap);
    moving.resize = move;
    return moving;
}

const uint64_t cost_known_seed[2] = {1, 2};
const uint64_t cost_other_seed[2] = {3, 4};

void cost_make_span(uint64_t number, spanlink_context *context) {
    uint64_t id = slnk_hash_number(slnk_hash_seed_from(5, 6), number);
    *context = (spanlink_context){.trace_flags = number % 2};
    slnk_bytes_store64(context->trace_id, id);
    slnk_bytes_store64(context->span_id, id);
}

spanlink_value cost_nested_value(size_t depth) {
    static spanlink_value nested[COST_DEEPEST + 2];
    nested[0] = spanlink_attribute_int("", 1).value;
    for (size_t i = 1; i <= depth; i++) {
        nested[i] = spanlink_attribute_array("", &nested[i - 1], 1).value;
    }
    return nested[depth];
}

spanlink_list_options cost_list_options(void) {
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.limits.max_links = SPANLINK_UNLIMITED;
    options.allocator = cost_heap();
    memcpy(options.hash_seed, cost_other_seed, sizeof options.hash_seed);
    return options;
}

spanlink_list *cost_list(const spanlink_list_options *options) {
    spanlink_list *list = NULL;
    cost_expect(spanlink_list_create(options, &list) == SPANLINK_OK, "a list");
    return list;
}

/* Callgrind counts the instructions of this function and writes the count at each return. */
void cost_measured_work(const cost_attack *attack, size_t size);

#ifdef __GNUC__
__attribute__((noinline))
#endif
void cost_measured_work(const cost_attack *attack, size_t size) {
    attack->work(size);
}

static void attack_with(const cost_attack *attack, bool caught, size_t size) {
    static const char *const growths[] = {"linear", "constant"};
    if (attack->prepare != NULL) {
        attack->prepare(size);
    }
    heap = (test_allocator){.fail_at = 0};
    cost_measured_work(attack, size);
    cost_expect(heap.live_blocks == 0 && heap.wrong_sizes == 0, "all memory given back");
    printf("%s\t%s\t%d\t%lu\t%lu\t%lu\n", attack->name, growths[attack->growth], caught,
           (unsigned long)size, (unsigned long)heap.peak_bytes,
           (unsigned long)(attack->fixed_bytes + attack->each_bytes * size));
}

static bool is_wanted(const cost_attack *attack, int count, char **names) {
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], attack->name) == 0) {
            return true;
        }
    }
    return count == 0;
}

int main(int argc, char **argv) {
    for (size_t i = 0; i < GROUPS; i++) {
        for (size_t j = 0; j < groups[i]->count; j++) {
            const cost_attack *attack = &groups[i]->attacks[j];
            for (unsigned k = 0; k < SIZES && is_wanted(attack, argc - 1, argv + 1); k++) {
                attack_with(attack, groups[i]->caught, attack->size << k);
            }
        }
    }
    return 0;
}
