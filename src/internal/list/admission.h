/* SPDX-License-Identifier: MIT */
/*
 * How a link that is added to a list is admitted, dropped as a duplicate, or dropped by the policy.
 */
#ifndef SPANLINK_INTERNAL_LIST_ADMISSION_H
#define SPANLINK_INTERNAL_LIST_ADMISSION_H

#include "internal/list/slots.h"

typedef enum slnk_verdict { SLNK_ADMITTED, SLNK_DUPLICATE, SLNK_CUT } slnk_verdict;

/*
 * Makes sure that a decision about a link with this number of attributes is possible: closes the
 * gaps if no slot is left after the last one, and reserves the memory for dropping a link if that
 * may be necessary. OK or NO_MEMORY.
 */
static inline spanlink_status slnk_admission_prepare(spanlink_list *list, size_t attributes) {
    if (list->end == list->capacity) {
        slnk_list_close_gaps(list);
    }
    bool may_cut = list->over_limit != 0 || list->live >= list->limits.max_links;
    return !may_cut || slnk_list_has_reserved_cuts(list, attributes)
               ? SPANLINK_OK
               : slnk_list_reserve_cuts(list, attributes);
}

static inline slnk_span_index_finding slnk_admission_find_span(const spanlink_list *list,
                                                               const slnk_candidate *candidate) {
    const slnk_span_index *index = &list->index;
    size_t slot;
    if (index->count == 0) {
        return SLNK_SPAN_INDEX_NEW;
    }
    slnk_span_index_table table = {index->entries, index->size - 1, list->links, list->base};
    return slnk_span_index_find(table, slnk_span_index_entry(candidate->hash, 0),
                                candidate->context, &slot);
}

/* Whether a list has a link to the span, if the index is crowded: reseeds it first. */
bool slnk_admission_find_reseeded(spanlink_list *list, slnk_candidate *candidate);

static inline bool slnk_admission_holds_span(spanlink_list *list, slnk_candidate *candidate) {
    candidate->hash = slnk_list_hash(list, candidate->context);
    slnk_span_index_finding found =
        list->index.crowded ? SLNK_SPAN_INDEX_LONG : slnk_admission_find_span(list, candidate);
    return found == SLNK_SPAN_INDEX_LONG ? slnk_admission_find_reseeded(list, candidate)
                                         : found == SLNK_SPAN_INDEX_FOUND;
}

/* Decides about a candidate, whose context is set, and the plan or a key if there is one. Changes
 * nothing, and is valid until the next change. */
static SLNK_MERGED slnk_verdict slnk_admission_decide(spanlink_list *list,
                                                      slnk_candidate *candidate) {
    candidate->has_victim = false;
    candidate->indexed = list->unique && slnk_context_has_trace_id(candidate->context);
    if (candidate->indexed && slnk_admission_holds_span(list, candidate)) {
        return SLNK_DUPLICATE;
    }
    return list->policy->admits(list, candidate) ? SLNK_ADMITTED : SLNK_CUT;
}

/* Gives an admitted candidate the slot after the last one, and drops its victim. A copy that was
 * written there in advance is kept. */
static inline void slnk_admission_take(spanlink_list *list, const slnk_candidate *candidate,
                                       slnk_slot slot) {
    if (candidate->has_victim) {
        slnk_list_evict(list, candidate->victim);
    }
    size_t number = slnk_list_push(list, slot);
    list->arrivals++;
    if (candidate->indexed) {
        slnk_span_index_insert(&list->index, candidate->hash, list->base + (uint32_t)number);
    }
    if (list->policy->pushed != NULL) {
        list->policy->pushed(list, number, candidate);
    }
}

/* Counts a candidate that is not admitted. */
static inline void slnk_admission_refuse(spanlink_list *list, const slnk_candidate *candidate,
                                         slnk_verdict verdict) {
    if (verdict == SLNK_DUPLICATE) {
        slnk_list_count(&list->duplicate, 1);
        return;
    }
    list->arrivals++;
    slnk_list_count_cuts(list, 1);
    if (list->policy->refused != NULL) {
        list->policy->refused(list, candidate);
    }
}

#endif
