/* SPDX-License-Identifier: MIT */
#include "internal/list/overflow.h"

#include "internal/list/slots.h"

static bool is_full(const spanlink_list *list) {
    return list->live >= list->limits.max_links;
}

/* KEEP_FIRST: the new link is dropped. */

static bool admits_until_full(spanlink_list *list, slnk_candidate *candidate) {
    (void)candidate;
    return !is_full(list);
}

/* KEEP_LAST: the oldest link is dropped. */

static bool admits_for_oldest(spanlink_list *list, slnk_candidate *candidate) {
    candidate->has_victim = is_full(list);
    candidate->victim = list->first;
    return list->limits.max_links != 0;
}

/*
 * SAMPLED_FIRST: for a sampled link the latest unsampled one is dropped. The list is searched from
 * its end; all links that a search has passed are sampled, and so is each link that is added to a
 * full list, so that no link is searched twice.
 */

static bool is_sampled(const spanlink_context *context) {
    return (context->trace_flags & SPANLINK_TRACE_FLAG_SAMPLED) != 0;
}

static bool is_unsampled_link(const spanlink_list *list, size_t number) {
    return !slnk_list_is_hole(list, number) && !is_sampled(&list->links[number].context);
}

static bool find_latest_unsampled(spanlink_list *list, size_t *number) {
    if (!list->search_began) {
        list->search_began = true;
        list->search_end = list->end;
    }
    while (list->search_end > list->first && !is_unsampled_link(list, list->search_end - 1)) {
        list->search_end--;
    }
    *number = list->search_end - 1;
    return list->search_end > list->first;
}

static bool admits_for_unsampled(spanlink_list *list, slnk_candidate *candidate) {
    if (!is_full(list)) {
        return true;
    }
    candidate->has_victim =
        is_sampled(candidate->context) && find_latest_unsampled(list, &candidate->victim);
    return candidate->has_victim;
}

static void search_anew(spanlink_list *list) {
    list->search_began = false;
}

/* The table */

static const slnk_overflow policies[] = {
    [SPANLINK_OVERFLOW_KEEP_FIRST] = {.free_until_full = true, .admits = admits_until_full},
    [SPANLINK_OVERFLOW_KEEP_LAST] = {.evicts = true,
                                     .free_until_full = true,
                                     .admits = admits_for_oldest},
    [SPANLINK_OVERFLOW_SAMPLED_FIRST] = {.evicts = true,
                                         .free_until_full = true,
                                         .admits = admits_for_unsampled,
                                         .compacted = search_anew,
                                         .cleared = search_anew},
    /* All functions, in the order of overflow.h. */
    [SPANLINK_OVERFLOW_RESERVOIR] = {true, false, slnk_reservoir_admits, slnk_reservoir_pushed,
                                     slnk_reservoir_refused, slnk_reservoir_removed,
                                     slnk_reservoir_moved, slnk_reservoir_compacted,
                                     slnk_reservoir_cleared, slnk_reservoir_grow,
                                     slnk_reservoir_reserve_cuts, slnk_reservoir_joins,
                                     slnk_reservoir_joined, slnk_reservoir_copied,
                                     slnk_reservoir_released, slnk_reservoir_bound},
};

/* A list without a bound never drops a link. */
static const slnk_overflow unbounded = {.free_until_full = true, .admits = admits_until_full};

bool slnk_overflow_is_known(uint32_t overflow) {
    return overflow < sizeof policies / sizeof policies[0];
}

const slnk_overflow *slnk_overflow_choose(uint32_t overflow, size_t max_links) {
    return max_links == SPANLINK_UNLIMITED ? &unbounded : &policies[overflow];
}
