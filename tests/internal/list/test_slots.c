/* SPDX-License-Identifier: MIT */
/* Lists too large to fill in a test: their fields are set as if they were filled. */
#include "test.h"
#include "test_fixtures.h"

#include "internal/list/slots.h"

static spanlink_list *list_of_one(bool unique) {
    spanlink_list *list =
        test_list(.allocator = test_counted(), .limits.max_links = 1, .unique = unique);
    test_list_add(list, 1);
    test_list_add(list, 1);
    return list;
}

TEST(counters_stay_at_their_maximum) {
    spanlink_list *list = list_of_one(false), *from = list_of_one(true);
    list->over_limit = UINT64_MAX - 1;
    list->duplicate = UINT64_MAX - 1;
    list->invalid = UINT64_MAX;
    from->over_limit = from->duplicate = 7;
    spanlink_link nowhere = {.attribute_count = 0};
    assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_list_add(list, &nowhere));
    assert_ok(spanlink_list_merge(list, from));
    spanlink_list_stats stats = test_stats(list);
    assert_true(stats.over_limit == UINT64_MAX);
    assert_true(stats.duplicate == UINT64_MAX);
    assert_true(stats.invalid == UINT64_MAX);
    assert_true(stats.offered == UINT64_MAX);
    assert_int_equal(UINT32_MAX, stats.dropped);
    assert_int_equal(1, stats.kept);
}

TEST(a_marker_stays_at_the_largest_integer) {
    spanlink_list *list = list_of_one(false);
    list->over_limit = INT64_MAX - 1;
    assert_true(test_marked_count(list) == INT64_MAX);
    spanlink_list_clear(list);
    test_list_add(list, 1);
    list->over_limit = INT64_MAX;
    assert_true(test_marked_count(list) == INT64_MAX);
}

TEST(dropped_is_exact_up_to_its_maximum) {
    spanlink_list *list = list_of_one(false);
    list->over_limit = UINT32_MAX - (uint64_t)1;
    assert_int_equal(UINT32_MAX - 1, test_stats(list).dropped);
    list->over_limit = (uint64_t)UINT32_MAX + 1;
    assert_int_equal(UINT32_MAX, test_stats(list).dropped);
}

TEST(a_list_with_all_slots_there_can_be_has_no_memory_for_more) {
    spanlink_list *list = list_of_one(false);
    spanlink_attribute storage[1];
    spanlink_link link = test_link(2, storage);
    size_t had = list->capacity;
    list->limits.max_links = SPANLINK_UNLIMITED;
    list->live = list->end = list->capacity = SLNK_LIST_MOST_LINKS;
    size_t calls = test_heap.calls;
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_add(list, &link));
    assert_int_equal(calls, test_heap.calls);
    list->live = list->end = 1;
    list->capacity = had;
}

/* Without a given seed; the seed of the table of attributes is secret even with one. */
TEST(lists_have_secrets_of_their_own) {
    for (uint64_t seed = 0; seed < 2; seed++) {
        spanlink_list *one = test_list(.hash_seed = {seed}),
                      *other = test_list(.hash_seed = {seed});
        assert_true(one->scratch.seed.a != other->scratch.seed.a);
        assert_true((one->index.seed.a != other->index.seed.a) == (seed == 0));
        assert_true(one->index.seed.a != one->scratch.seed.a || seed == 0);
        test_end_round();
    }
}
