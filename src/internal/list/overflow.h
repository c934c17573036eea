/* SPDX-License-Identifier: MIT */
/*
 * Overflow policies: which links a list keeps at its limit.
 *
 * Each policy is a row of functions in overflow.c. Other code does not know policies by name: it
 * calls the functions of the list's policy whenever it changes links. A function that is NULL does
 * nothing.
 */
#ifndef SPANLINK_INTERNAL_LIST_OVERFLOW_H
#define SPANLINK_INTERNAL_LIST_OVERFLOW_H

#include "internal/list/link_copy.h"

#include <spanlink/list.h>

/* A new link about which the policy has to decide. */
typedef struct slnk_candidate {
    const spanlink_context *context;
    const slnk_copy_plan *plan; /* of a link whose context has a zero id, otherwise NULL */
    bool indexed;               /* the list is unique, and the link names a span */
    uint64_t hash;              /* in the index, if indexed */
    bool has_key;               /* it has a key from another list */
    uint64_t key;               /* for a policy that draws at random */
    bool has_victim;            /* if it is admitted, another link is dropped: */
    size_t victim;              /* the number of its slot */
} slnk_candidate;

typedef struct slnk_overflow {
    /* Existing links are dropped for new ones. */
    bool evicts;

    /* As long as the list is not full, each new link is admitted without calling `admitted`. */
    bool free_until_full;

    /* Decides about a new link, and chooses the victim. Changes nothing. */
    bool (*admits)(spanlink_list *list, slnk_candidate *candidate);

    /* A new link was given slot `number`, after its victim was dropped. */
    void (*pushed)(spanlink_list *list, size_t number, const slnk_candidate *candidate);

    /* A new link was not admitted. */
    void (*refused)(spanlink_list *list, const slnk_candidate *candidate);

    /* The caller removes the link in slot `number`, by truncate or dedup. */
    void (*removed)(spanlink_list *list, size_t number);

    /* A link was moved to another slot. */
    void (*moved)(spanlink_list *list, size_t from, size_t to);

    /* The links were renumbered, after all moves. */
    void (*compacted)(spanlink_list *list);

    void (*cleared)(spanlink_list *list);

    /* Allocates memory for `capacity` slots, and for the first drop. False if that failed. */
    bool (*grow)(spanlink_list *list, size_t capacity);
    bool (*reserve_cuts)(spanlink_list *list);

    /*
     * The links of `from`, in slots [0, live), will be added next. Returns their keys, one per
     * slot, or NULL. After the last link, `joined` is called.
     */
    const uint64_t *(*joins)(spanlink_list *list, const spanlink_list *from);
    void (*joined)(spanlink_list *list, const spanlink_list *from);

    /*
     * The list has become a copy of `from`, its links in slots [0, live). The memory is reserved.
     */
    void (*copied)(spanlink_list *list, const spanlink_list *from);

    void (*released)(spanlink_list *list);

    /* The maximum total bytes that `grow` and `reserve_cuts` request in the life of the list. */
    size_t (*bound)(size_t max_links, size_t slots);
} slnk_overflow;

/* Whether a number is that of a policy. */
bool slnk_overflow_is_known(uint32_t overflow);

/* The policy of a list with that bound. */
const slnk_overflow *slnk_overflow_choose(uint32_t overflow, size_t max_links);

#endif
