/* SPDX-License-Identifier: MIT */
/*
 * Overflow policies: which links a list keeps when it is offered more than it may hold.
 *
 * Each policy is a row of functions in overflow.c. Nothing outside knows one by its name: whoever
 * changes a list's links tells the list's policy. A function that is NULL does nothing.
 */
#ifndef SPANLINK_INTERNAL_LIST_OVERFLOW_H
#define SPANLINK_INTERNAL_LIST_OVERFLOW_H

#include "internal/list/link_copy.h"

#include <spanlink/list.h>

/* A link that is offered, and what is found out about it until it is admitted or not. */
typedef struct slnk_candidate {
    const spanlink_context *context;
    const slnk_copy_plan *plan; /* of a link whose context has a zero id, else NULL */
    bool indexed;               /* the list is unique, and the link names a span */
    uint64_t hash;              /* in the index, if indexed */
    bool has_key;               /* it brings its key along from another list */
    uint64_t key;               /* for a policy that draws lots */
    bool has_victim;            /* if it is admitted, a link that is held is cut: */
    size_t victim;              /* the number of its slot */
} slnk_candidate;

typedef struct slnk_overflow {
    /* Links that are held are cut for new ones. */
    bool evicts;

    /* While the list is not full, each new link is admitted and nobody need be told. */
    bool free_until_full;

    /* Decides about a new link, and chooses the victim. Changes nothing. */
    bool (*admits)(spanlink_list *list, slnk_candidate *candidate);

    /* A new link was given slot `number`, after its victim was cut. */
    void (*pushed)(spanlink_list *list, size_t number, const slnk_candidate *candidate);

    /* A new link was not admitted. */
    void (*refused)(spanlink_list *list, const slnk_candidate *candidate);

    /* The caller takes the link in slot `number` out, by truncate or dedup. */
    void (*removed)(spanlink_list *list, size_t number);

    /* A link was moved to another slot. */
    void (*moved)(spanlink_list *list, size_t from, size_t to);

    /* The links were numbered anew, after all moves. */
    void (*compacted)(spanlink_list *list);

    void (*cleared)(spanlink_list *list);

    /* Memory for `capacity` slots, and for the first cut. False without memory. */
    bool (*grow)(spanlink_list *list, size_t capacity);
    bool (*reserve_cuts)(spanlink_list *list);

    /*
     * The links of `from`, whose slots are [0, live), are offered next. Returns the keys that they
     * bring along, one for each slot, or NULL. After the last of them, `joined` is told.
     */
    const uint64_t *(*joins)(spanlink_list *list, const spanlink_list *from);
    void (*joined)(spanlink_list *list, const spanlink_list *from);

    /* The list has become a copy of `from`, its links in slots [0, live). The memory is there. */
    void (*copied)(spanlink_list *list, const spanlink_list *from);

    void (*released)(spanlink_list *list);

    /* The most bytes that `grow` and `reserve_cuts` take, over the list's whole life. */
    size_t (*bound)(size_t max_links, size_t slots);
} slnk_overflow;

/* Whether a number is that of a policy. */
bool slnk_overflow_is_known(uint32_t overflow);

/* The policy of a list with that bound. */
const slnk_overflow *slnk_overflow_choose(uint32_t overflow, size_t max_links);

#endif
