/* SPDX-License-Identifier: MIT */
#include "internal/list/admission.h"

#include "internal/compiler.h"

spanlink_status slnk_admission_prepare(spanlink_list *list, size_t attributes) {
    if (list->end == list->capacity) {
        slnk_list_close_gaps(list);
    }
    bool may_cut = list->over_limit != 0 || list->live >= list->limits.max_links;
    return may_cut ? slnk_list_reserve_cuts(list, attributes) : SPANLINK_OK;
}

static slnk_span_index_finding find_span(const spanlink_list *list,
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

/* Whoever chose the spans may know the seed: with another one, all of them are spread again. */
SLNK_RARE static bool find_span_anew(spanlink_list *list, slnk_candidate *candidate) {
    slnk_span_index_finding found;
    do {
        slnk_span_index_renew(&list->index);
        slnk_list_fill_index(list);
        candidate->hash = slnk_list_hash(list, candidate->context);
        found = find_span(list, candidate);
    } while (found == SLNK_SPAN_INDEX_LONG);
    return found == SLNK_SPAN_INDEX_FOUND;
}

static bool holds_span(spanlink_list *list, slnk_candidate *candidate) {
    candidate->hash = slnk_list_hash(list, candidate->context);
    slnk_span_index_finding found =
        list->index.crowded ? SLNK_SPAN_INDEX_LONG : find_span(list, candidate);
    return found == SLNK_SPAN_INDEX_LONG ? find_span_anew(list, candidate)
                                         : found == SLNK_SPAN_INDEX_FOUND;
}

slnk_verdict slnk_admission_decide(spanlink_list *list, slnk_candidate *candidate) {
    candidate->has_victim = false;
    candidate->indexed = list->unique && slnk_context_has_trace_id(candidate->context);
    if (candidate->indexed && holds_span(list, candidate)) {
        return SLNK_DUPLICATE;
    }
    return list->policy->admits(list, candidate) ? SLNK_ADMITTED : SLNK_CUT;
}

void slnk_admission_take(spanlink_list *list, const slnk_candidate *candidate, slnk_slot slot) {
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

void slnk_admission_refuse(spanlink_list *list, const slnk_candidate *candidate,
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
