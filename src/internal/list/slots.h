/* SPDX-License-Identifier: MIT */
/*
 * The layout of a list, and the parts of its operations.
 *
 * Links are in slots, in order of arrival. Slots [first, end) are in use. The slot of a dropped
 * link is a hole until the gaps are closed, which costs a move per link; that happens after at
 * least an eighth as many drops as there are links, or when the links are read. The content of a
 * link is in one block of the arena, and blocks are in the order of their links.
 *
 * An operation on a list has four steps. Only the second can fail, so that a list is always
 * unchanged or completely changed:
 *
 *     begin_change     removes the markers
 *     reserve          allocates all memory that the new links can need
 *     decide, admit    decide about each link and give it a slot (internal/list/admission.h)
 *     store            copies the link into its slot
 */
#ifndef SPANLINK_INTERNAL_LIST_SLOTS_H
#define SPANLINK_INTERNAL_LIST_SLOTS_H

#include "internal/arena.h"
#include "internal/list/link_copy.h"
#include "internal/list/overflow.h"
#include "internal/list/reservoir.h"
#include "internal/list/span_index.h"
#include "internal/memory.h"

#include <spanlink/list.h>

#include <assert.h>

/*
 * The maximum numbers of links and of slots, which leave an eighth for holes: their bytes fit into
 * a size_t, and their numbers into 32 bits.
 */
enum {
    SLNK_LIST_MOST_LINKS = SIZE_MAX / 256 < 1 << 30 ? 1 << 24 : 1 << 30,
    SLNK_LIST_MOST_SPARE = SLNK_LIST_MOST_LINKS / 8,
    SLNK_LIST_LEAST_SLOTS = 8 /* initial slots, unless the limit is lower */
};

/* The content of a slot. */
typedef enum slnk_slot_kind {
    SLNK_SLOT_HOLE,   /* a hole: its link was dropped */
    SLNK_SLOT_LINK,   /* a link */
    SLNK_SLOT_PENDING /* an admitted link, which is copied at the end of the operation */
} slnk_slot_kind;

typedef struct slnk_slot {
    slnk_slot_kind kind;
    union {
        void *block;                 /* LINK: its block, or NULL if it needs none */
        const spanlink_link *source; /* PENDING: the link to copy */
    } content;
} slnk_slot;

struct spanlink_list {
    spanlink_allocator allocator;
    spanlink_limits limits;
    const slnk_overflow *policy;
    bool unique, no_markers;
    size_t footprint; /* bytes of this struct's own allocation */

    spanlink_link
        *links; /* one for each slot: [first, end) is the public array, if there are no holes */
    slnk_slot *slots; /* after the links, in the same block */
    size_t capacity, first, end;
    size_t open_until; /* while fewer links are live, a new one is admitted, and has a slot */
    size_t live;       /* number of links: slots in use that are not holes */

    slnk_span_index index; /* of a unique list: positions are slot numbers plus `base` */
    uint32_t base;

    uint64_t arrivals;        /* number of links that the policy has decided about, */
    uint64_t first_arrival;   /* counted from this number, also after a clear */
    slnk_reservoir reservoir; /* RESERVOIR */
    bool search_began;        /* SAMPLED_FIRST: from `search_end` on, */
    size_t search_end;        /* every link is sampled */

    slnk_arena arena;
    slnk_copy_scratch scratch;

    spanlink_attribute *markers; /* the last link's attributes, with the markers, while `marked` */
    size_t marker_room;          /* in attributes */
    size_t widest;               /* maximum attributes of a link since the list was empty */
    size_t cuttable; /* links with fewer attributes can be dropped: the memory is reserved */
    bool marked;
    const spanlink_attribute *own_attributes; /* the last link's attributes without the markers */
    size_t own_attribute_count;

    uint64_t duplicate, over_limit, invalid;
};

/* The bytes of a slot and its link. */
enum { SLNK_LIST_EACH = sizeof(spanlink_link) + sizeof(slnk_slot) };

static inline bool slnk_list_is_hole(const spanlink_list *list, size_t number) {
    return list->slots[number].kind == SLNK_SLOT_HOLE;
}

/* Adds to a counter, which stays at its maximum instead of wrapping. */
static inline void slnk_list_count(uint64_t *counter, uint64_t more) {
    *counter = more > UINT64_MAX - *counter ? UINT64_MAX : *counter + more;
}

/* Whether each link that fits is admitted. */
static inline bool slnk_list_admits_all(const spanlink_list *list) {
    return list->over_limit == 0 && !list->unique && list->policy->free_until_full;
}

/* Sets the number of links up to which the list needs no check: a new link has a slot, the policy
 * admits it, and no markers exist. */
static inline void slnk_list_reopen(spanlink_list *list) {
    bool open = slnk_list_admits_all(list);
    list->open_until = open ? slnk_size_least(list->limits.max_links, list->capacity) : 0;
}

static inline void slnk_list_set_cuts(spanlink_list *list, uint64_t cuts) {
    list->over_limit = cuts;
    slnk_list_reopen(list);
}

static inline void slnk_list_count_cuts(spanlink_list *list, uint64_t more) {
    slnk_list_count(&list->over_limit, more);
    list->open_until = list->over_limit == 0 ? list->open_until : 0;
}

static inline uint64_t slnk_list_hash(const spanlink_list *list, const spanlink_context *context) {
    return slnk_hash_span(list->index.seed, context->trace_id, context->span_id);
}

/* Markers */

/* Removes the markers from the last link. */
void slnk_list_take_markers_off(spanlink_list *list);

/* Removes the markers if there are any. Every change begins with it. */
static inline void slnk_list_begin_change(spanlink_list *list) {
    if (list->marked) {
        slnk_list_take_markers_off(list);
    }
}

/* Puts the markers on the last link, if the list has dropped links and uses markers. The list is
 * not empty, and the memory was reserved. */
void slnk_list_put_markers(spanlink_list *list);

/* Copies the attributes of a link that do not have the key of a marker to `to`, which may be the
 * same array. Returns their number. */
size_t slnk_list_copy_unmarked(const spanlink_link *link, spanlink_attribute *to);

/* Memory */

/* The need of new links: their number, the bytes of their blocks, and their maximum number of
 * attributes. */
typedef struct slnk_list_need {
    size_t links, bytes, largest, widest;
} slnk_list_need;

/* Makes sure that links with this need can be admitted and stored. OK or NO_MEMORY. */
spanlink_status slnk_list_reserve(spanlink_list *list, const slnk_list_need *need);

/* The maximum bytes that an array with an element per slot takes from a pool in all: a bounded list
 * allocates all its slots once a quarter of them are needed. */
size_t slnk_list_growth(size_t slots, size_t each);

/* The maximum bytes that a list with these options takes from a pool, without its own struct and
 * the `lent` bytes for blocks after it. */
size_t slnk_list_bound(const spanlink_list_options *options, size_t lent, size_t attributes,
                       size_t text);

/* Makes sure that links can be dropped, with the markers on a link with this number of attributes,
 * or on any link of the list. OK or NO_MEMORY. */
spanlink_status slnk_list_reserve_cuts(spanlink_list *list, size_t attributes);

static inline bool slnk_list_has_reserved_cuts(const spanlink_list *list, size_t attributes) {
    return slnk_size_most(attributes, list->widest) < list->cuttable;
}

/* Counts links that were dropped before they reached this list. This changes no decision about
 * later links. OK or NO_MEMORY. */
spanlink_status slnk_list_count_upstream(spanlink_list *list, uint64_t cuts);

/* Whether this number of links can be added without dropping one; true only if none was dropped. */
static inline bool slnk_list_has_room(const spanlink_list *list, size_t links) {
    return list->over_limit == 0 && links <= list->limits.max_links - list->live;
}

/* Slots */

/* Takes the slot after the last one, which must exist, and returns its number. The caller writes
 * the link before or after. */
static inline size_t slnk_list_push(spanlink_list *list, slnk_slot slot) {
    assert(list->end < list->capacity);
    list->slots[list->end] = slot;
    list->live++;
    return list->end++;
}

/* Copies a link into the slot after the last one, which must exist. The memory was reserved. */
slnk_slot slnk_list_store(spanlink_list *list, const slnk_copy_plan *plan, size_t number);

/* Releases a link: its block, and its place in the index of a unique list, not its slot. */
void slnk_list_release(spanlink_list *list, size_t number);

/* Drops a link: its slot becomes a hole. */
void slnk_list_evict(spanlink_list *list, size_t number);

/* Moves the links together, to the front of the slots. */
void slnk_list_close_gaps(spanlink_list *list);

/* Sets the links to slots [0, live). Does not update the index of a unique list. */
void slnk_list_links_changed(spanlink_list *list, size_t live);

/* A list can return to a mark if no link was dropped since. */
typedef struct slnk_list_mark {
    size_t live;
    uint64_t duplicate, over_limit, invalid, arrivals;
} slnk_list_mark;

slnk_list_mark slnk_list_set_mark(const spanlink_list *list);

/* Removes all links that were added since the mark, and resets the statistics to it. */
void slnk_list_go_back(spanlink_list *list, const slnk_list_mark *mark);

/* Index */

/*
 * Empties the index, with the links still in their slots. If few spans are in a large table, only
 * these are visited: otherwise one large batch would make every later one slow.
 */
void slnk_list_forget_spans(spanlink_list *list);

/* Enters all links into an empty index that is large enough. */
void slnk_list_fill_index(spanlink_list *list);

/* Whole lists: see list.c. */

/*
 * Creates an empty list that collects links to be added to `list` in one step: the same allocator
 * and the same limits of a link, but any number of links, duplicates included. OK or NO_MEMORY.
 */
spanlink_status slnk_list_create_scratch(const spanlink_list *list, spanlink_list **scratch);

/* Does what spanlink_list_add() does, for a link with two attributes whose texts are all static
 * texts of the library, and whose keys differ. */
spanlink_status slnk_list_add_static(spanlink_list *list, const spanlink_link *link);

/* Does what spanlink_list_add() does, with a valid link that is a copy in a block of `size` bytes,
 * made under `limits`. */
spanlink_status slnk_list_add_copy(spanlink_list *list, const spanlink_link *link,
                                   const void *block, size_t size, const spanlink_limits *limits);

/* Does what spanlink_list_merge() does, for several lists in order, all or none, but leaves their
 * links unchanged. OK or NO_MEMORY. */
spanlink_status slnk_list_offer_lists(spanlink_list *list, spanlink_list *const *from,
                                      size_t count);

/* The same, if the caller clears the other lists on success: until then what they hold is
 * unspecified. */
spanlink_status slnk_list_move_lists(spanlink_list *list, spanlink_list *const *from, size_t count);

#endif
