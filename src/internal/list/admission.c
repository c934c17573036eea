/* SPDX-License-Identifier: MIT */
#include "internal/list/admission.h"

/* Long probes suggest an attacker who knows the seed: reseeds and rebuilds the index. */
SLNK_RARE bool slnk_admission_find_reseeded(spanlink_list *list, slnk_candidate *candidate) {
    slnk_span_index_finding found;
    do {
        slnk_span_index_renew(&list->index);
        slnk_list_fill_index(list);
        candidate->hash = slnk_list_hash(list, candidate->context);
        found = slnk_admission_find_span(list, candidate);
    } while (found == SLNK_SPAN_INDEX_LONG);
    return found == SLNK_SPAN_INDEX_FOUND;
}
