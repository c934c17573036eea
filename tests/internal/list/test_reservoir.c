/* SPDX-License-Identifier: MIT */
/* The sketch of a reservoir, held against a plain sort of all keys of the stream. */
#include "test.h"
#include "test_links.h"

#include "internal/list/slots.h"

#include <stdlib.h>

enum { MOST = 40 };

static spanlink_list *reservoir_of(size_t max_links) {
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.limits.max_links = max_links;
    options.overflow = SPANLINK_OVERFLOW_RESERVOIR;
    options.unique = true;
    return test_list_create(&options);
}

static uint64_t key_of(const spanlink_list *list, uint64_t number) {
    spanlink_context context = test_context(number);
    return slnk_hash_draw(list->reservoir.seed, context.trace_id, context.span_id, 0) >> 1;
}

/* The numbers in [first, last] that have fewer than `most` smaller keys among those. */
static bool is_among_smallest(const spanlink_list *list, uint64_t first, uint64_t last,
                              uint64_t number, size_t most) {
    size_t smaller = 0;
    for (uint64_t i = first; i <= last; i++) {
        smaller += key_of(list, i) < key_of(list, number);
    }
    return smaller < most;
}

/* Those of [first, last] with the smallest keys, less those below `from`, are what the list has. */
static void expect_smallest(spanlink_list *list, uint64_t last, size_t most, uint64_t from) {
    size_t count, found = 0;
    const spanlink_link *links = spanlink_list_links(list, &count);
    for (uint64_t number = 1; number <= last; number++) {
        bool wanted = number >= from && is_among_smallest(list, 1, last, number, most);
        if (wanted) {
            assert_true(found < count);
            assert_int_equal(number, test_number(&links[found]));
        }
        found += wanted;
    }
    assert_int_equal(found, count);
}

static void the_smallest_keys_of_the_stream_are_kept(void **state) {
    (void)state;
    for (size_t most = 1; most <= 12; most++) {
        spanlink_list *list = reservoir_of(most);
        for (uint64_t number = 1; number <= MOST; number++) {
            test_list_add(list, number);
            if (number % 3 == 0) {
                expect_smallest(list, number, most, 1);
            }
        }
        spanlink_list_destroy(list);
    }
}

/* Each length of the stream before and after; all of the links, or some, are removed. */
static void links_that_were_removed_keep_their_place_in_the_draw(void **state) {
    (void)state;
    enum { BOUND = 6 };
    for (uint64_t before = BOUND + 1; before < 20; before++) {
        spanlink_list *list = reservoir_of(BOUND);
        test_list_add_range(list, 1, before);
        slnk_list_begin_change(list);
        for (size_t i = BOUND; i-- > 0;) { /* as truncate(list, 0) does */
            list->policy->removed(list, i + list->first);
        }
        uint64_t threshold = list->reservoir.threshold;
        assert_int_equal(BOUND, list->reservoir.removed);
        assert_true(threshold != UINT64_MAX);
        spanlink_list_destroy(list);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_keys_of_the_stream_are_kept),
        cmocka_unit_test(links_that_were_removed_keep_their_place_in_the_draw),
    };
    return cmocka_run_group_tests_name("reservoir", tests, NULL, NULL);
}
