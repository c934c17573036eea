/* SPDX-License-Identifier: MIT */
/* How a link that is offered to a list is admitted, is kept out as a duplicate, or is cut. */
#ifndef SPANLINK_INTERNAL_LIST_ADMISSION_H
#define SPANLINK_INTERNAL_LIST_ADMISSION_H

#include "internal/list/slots.h"

typedef enum slnk_verdict { SLNK_ADMITTED, SLNK_DUPLICATE, SLNK_CUT } slnk_verdict;

/*
 * Makes sure that a link with that many attributes can be decided about: closes the gaps if no slot
 * is left behind the last one, and reserves what a cut takes if there may be one. OK or NO_MEMORY.
 */
spanlink_status slnk_admission_prepare(spanlink_list *list, size_t attributes);

/* Decides about a candidate, of which the context is set, and the plan or a key where there is one.
 * Changes nothing, and holds until the next change. */
slnk_verdict slnk_admission_decide(spanlink_list *list, slnk_candidate *candidate);

/* Gives a candidate that is admitted the slot behind the last one, and cuts its victim. A copy that
 * was written there in advance stays where it is. */
void slnk_admission_take(spanlink_list *list, const slnk_candidate *candidate, slnk_slot slot);

/* Counts a candidate that is not admitted. */
void slnk_admission_refuse(spanlink_list *list, const slnk_candidate *candidate,
                           slnk_verdict verdict);

#endif
