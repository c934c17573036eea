/* SPDX-License-Identifier: MIT */
/* The heap of a reservoir, held against a plain search for the largest. */
#include "test.h"
#include "test_links.h"

#include "internal/list/reservoir.h"

enum { MOST = 20 };

/* The number of the largest key; of equal keys the one with the higher number. */
static uint32_t largest(const uint32_t *numbers, size_t count, const uint64_t *keys) {
    uint32_t found = numbers[0];
    for (size_t i = 1; i < count; i++) {
        uint32_t number = numbers[i];
        if (keys[number] > keys[found] || (keys[number] == keys[found] && number > found)) {
            found = number;
        }
    }
    return found;
}

static void the_largest_key_is_on_top(void **state) {
    (void)state;
    uint64_t random = 1;
    for (size_t count = 1; count <= MOST; count++) {
        for (uint64_t different_keys = 1; different_keys <= 30; different_keys++) {
            uint64_t keys[2 * MOST];
            uint32_t heap[MOST];
            for (uint32_t i = 0; i < 2 * count; i++) {
                keys[i] = test_random(&random) % different_keys;
            }
            for (uint32_t i = 0; i < count; i++) {
                heap[i] = i;
            }
            slnk_reservoir_build(heap, count, keys);
            for (uint32_t next = (uint32_t)count; next < 2 * count; next++) {
                assert_int_equal(largest(heap, count, keys), heap[0]);
                slnk_reservoir_replace_top(heap, count, keys, next);
            }
            assert_int_equal(largest(heap, count, keys), heap[0]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_key_is_on_top),
    };
    return cmocka_run_group_tests_name("reservoir", tests, NULL, NULL);
}
