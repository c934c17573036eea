/* SPDX-License-Identifier: MIT */
/* The decision of each policy about a new link, without the checks of a list. */
#include "test.h"
#include "test_fixtures.h"

#include "internal/list/overflow.h"
#include "internal/list/slots.h"

enum { HELD = 3 };

/* A full list of HELD links, of which the one at `sampled` is sampled. */
static spanlink_list *full_list(uint32_t overflow, size_t sampled) {
    spanlink_list *list = test_list(.limits.max_links = HELD, .overflow = overflow);
    for (size_t i = 0; i < HELD; i++) {
        spanlink_link link = {.context = test_context(i + 1)};
        link.context.trace_flags = i == sampled;
        assert_ok(spanlink_list_add(list, &link));
    }
    return list;
}

/* The victim of a new link; SIZE_MAX if it is refused. */
static size_t victim_of(spanlink_list *list, bool sampled) {
    spanlink_context context = test_context(9);
    context.trace_flags = sampled;
    slnk_candidate candidate = {.context = &context};
    bool admitted = list->policy->admits(list, &candidate);
    assert_int_equal(admitted, candidate.has_victim);
    return admitted ? candidate.victim : SIZE_MAX;
}

TEST(the_policies_are_those_that_have_a_number) {
    for (uint32_t number = 0; number < 6; number++) {
        assert_int_equal(number <= SPANLINK_OVERFLOW_RESERVOIR, slnk_overflow_is_known(number));
    }
    assert_false(slnk_overflow_is_known(UINT32_MAX));
}

TEST(without_a_bound_every_policy_admits_and_cuts_nothing) {
    const slnk_overflow *first = slnk_overflow_choose(0, SPANLINK_UNLIMITED);
    for (uint32_t number = 0; number <= SPANLINK_OVERFLOW_RESERVOIR; number++) {
        assert_ptr_equal(first, slnk_overflow_choose(number, SPANLINK_UNLIMITED));
        assert_ptr_not_equal(first, slnk_overflow_choose(number, HELD));
    }
    assert_false(first->evicts);
}

TEST(a_full_list_cuts_the_new_the_oldest_or_the_latest_unsampled_link) {
    static const struct {
        uint32_t overflow;
        size_t sampled, for_unsampled, for_sampled;
    } rows[] = {
        {SPANLINK_OVERFLOW_KEEP_FIRST, 0, SIZE_MAX, SIZE_MAX},
        {SPANLINK_OVERFLOW_KEEP_LAST, 0, 0, 0},
        {SPANLINK_OVERFLOW_SAMPLED_FIRST, 0, SIZE_MAX, 2},
        {SPANLINK_OVERFLOW_SAMPLED_FIRST, 2, SIZE_MAX, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        spanlink_list *list = full_list(rows[i].overflow, rows[i].sampled);
        assert_true(victim_of(list, false) == rows[i].for_unsampled);
        assert_true(victim_of(list, true) == rows[i].for_sampled);
        assert_int_equal(HELD, list->live); /* the query has changed nothing */
        test_end_round();
    }
}

TEST(a_search_for_unsampled_links_passes_each_link_once_until_the_links_are_numbered_anew) {
    spanlink_list *list = full_list(SPANLINK_OVERFLOW_SAMPLED_FIRST, 2);
    assert_int_equal(1, victim_of(list, true));
    assert_int_equal(2, list->search_end);
    list->links[2].context.trace_flags = 0; /* after the position of the search */
    assert_int_equal(1, victim_of(list, true));
    list->policy->compacted(list);
    assert_int_equal(2, victim_of(list, true));
}
