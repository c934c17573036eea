/* SPDX-License-Identifier: MIT */
/*
 * RESERVOIR: of all links added, those with the smallest keys are kept, so that each choice is
 * equally likely. A key is a hash of the list's seed and of the link's identity.
 *
 * The state is a sketch of the stream: the `capacity` places with the smallest keys. If truncate or
 * dedup removes a link after another was dropped, its place is kept without a link, so that later
 * links have the same probability of being kept as without the removal. Sketches of several streams
 * can be joined; the capacity is then the smallest of those that have dropped a link.
 */
#ifndef SPANLINK_INTERNAL_LIST_RESERVOIR_H
#define SPANLINK_INTERNAL_LIST_RESERVOIR_H

#include "internal/hash.h"
#include "internal/list/overflow.h"

/* An entry of the sketch: of a link in the list, or of a removed one. */
typedef struct slnk_reservoir_place {
    uint64_t key;
    uint32_t slot; /* of a link in the list, otherwise UINT32_MAX */
    bool is_removed;
} slnk_reservoir_place;

typedef struct slnk_reservoir {
    slnk_hash_seed seed;
    bool has_cut; /* since the list was empty */
    size_t capacity;
    uint64_t *keys; /* of the link in each slot */
    size_t keyed_slots;
    slnk_reservoir_place *places; /* NULL until a link may be dropped */
    size_t room, count;
    size_t removed; /* places without a link */
    bool is_heap;   /* all are in `places`, the largest key on top; otherwise only those without a
                       link */
} slnk_reservoir;

/* Starts an empty sketch. */
void slnk_reservoir_start(slnk_reservoir *reservoir, uint64_t seed, size_t max_links);

/* The functions of the policy: see overflow.h. */
bool slnk_reservoir_admits(spanlink_list *list, slnk_candidate *candidate);
void slnk_reservoir_pushed(spanlink_list *list, size_t number, const slnk_candidate *candidate);
void slnk_reservoir_refused(spanlink_list *list, const slnk_candidate *candidate);
void slnk_reservoir_removed(spanlink_list *list, size_t number);
void slnk_reservoir_moved(spanlink_list *list, size_t from, size_t to);
void slnk_reservoir_compacted(spanlink_list *list);
void slnk_reservoir_cleared(spanlink_list *list);
bool slnk_reservoir_grow(spanlink_list *list, size_t capacity);
bool slnk_reservoir_reserve_cuts(spanlink_list *list);
const uint64_t *slnk_reservoir_joins(spanlink_list *list, const spanlink_list *from);
void slnk_reservoir_joined(spanlink_list *list, const spanlink_list *from);
void slnk_reservoir_copied(spanlink_list *list, const spanlink_list *from);
void slnk_reservoir_released(spanlink_list *list);
size_t slnk_reservoir_bound(size_t max_links, size_t slots);

#endif
