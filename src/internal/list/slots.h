/* SPDX-License-Identifier: MIT */
/*
 * The layout of a list, and what its operations are made of.
 *
 * Links stand in slots, in order of arrival. Slots [first, end) are in use; one whose link was cut
 * becomes a hole until the gaps are closed, which costs a move per link and comes after half as
 * many cuts at least as there are links, or when somebody reads. What a link points at lives in one
 * block of the arena, and blocks have the order of their links.
 *
 * An operation on a list goes through four steps. Only the second can fail, so that a list is
 * always as it was before or as it shall be:
 *
 *     begin_change   takes the markers off
 *     reserve        gets all memory that the links to come can need
 *     judge, admit   decide about each link and give it a slot
 *     store          copies the link into its slot
 */
#ifndef SPANLINK_INTERNAL_LIST_SLOTS_H
#define SPANLINK_INTERNAL_LIST_SLOTS_H

#include "internal/arena.h"
#include "internal/hash.h"
#include "internal/list/link_copy.h"
#include "internal/list/span_index.h"
#include "internal/memory.h"

#include <spanlink/list.h>

#include <assert.h>

/* The most slots of a list: their numbers fit into 32 bits with room to double, and their bytes
 * into a size_t. */
enum { SLNK_LIST_MOST_SLOTS = SIZE_MAX / 128 < 1 << 30 ? SIZE_MAX / 128 : 1 << 30 };

/* In a slot's attribute_count: the link was cut, or is not stored yet and `attributes` is its
 * source. */
#define SLNK_LIST_HOLE   SIZE_MAX
#define SLNK_LIST_COMING (SIZE_MAX - 1)

struct spanlink_list {
    spanlink_allocator allocator;
    spanlink_limits limits;
    uint32_t overflow;
    bool unique;
    size_t footprint; /* bytes of this struct's own allocation */

    spanlink_link *slots;
    size_t capacity, first, end;
    size_t live;          /* links: slots in use that are no holes */
    size_t unsampled_end; /* SAMPLED_FIRST: from here on, every link is sampled */

    slnk_span_index index; /* of a unique list: positions are slot numbers plus `base` */
    uint32_t base;

    uint64_t *keys; /* RESERVOIR: the key of each slot's link; the heap stands behind them */
    uint32_t *heap;
    size_t ranked_slots; /* for how many slots there are keys */
    bool heap_ready;     /* the heap holds the numbers of all links */
    slnk_hash_seed key_seed;
    uint64_t arrivals, first_arrival;

    slnk_arena arena;
    slnk_copy_scratch scratch;

    spanlink_attribute *markers; /* the last link's attributes, with the markers, while `marked` */
    size_t marker_room;          /* in attributes */
    size_t widest;               /* the most attributes of any link since the list was empty */
    bool marked;
    const spanlink_attribute *own_attributes; /* what the last link has without the markers */
    size_t own_attribute_count;

    uint64_t duplicate, over_limit, invalid;
};

static inline bool slnk_list_is_hole(const spanlink_link *slot) {
    return slot->attribute_count == SLNK_LIST_HOLE;
}

/* A counter stays at its maximum rather than wrap. */
static inline void slnk_list_count(uint64_t *counter, uint64_t more) {
    *counter = more > UINT64_MAX - *counter ? UINT64_MAX : *counter + more;
}

static inline bool slnk_list_names_a_span(const spanlink_context *context) {
    return !slnk_bytes_are_zero(context->trace_id, sizeof context->trace_id);
}

/* Whether a link with so many attributes says nothing at all: no list takes such a one. */
static inline bool slnk_list_points_nowhere(const spanlink_context *context, size_t attributes) {
    return attributes == 0 && context->trace_state.len == 0 &&
           (!slnk_list_names_a_span(context) || slnk_bytes_load64(context->span_id) == 0);
}

/* A caller's mistake: attributes that are counted, but not there. */
static inline bool slnk_list_lacks_attributes(const spanlink_link *link) {
    return link->attributes == NULL && link->attribute_count != 0;
}

static inline uint64_t slnk_list_hash(const spanlink_list *list, const spanlink_context *context) {
    return slnk_hash_span(list->index.seed, context->trace_id, context->span_id);
}

static inline bool slnk_list_same_ids(const spanlink_context *a, const spanlink_context *b) {
    return memcmp(a->trace_id, b->trace_id, sizeof a->trace_id) == 0 &&
           memcmp(a->span_id, b->span_id, sizeof a->span_id) == 0;
}

/* Takes the markers off the last link. */
void slnk_list_take_markers_off(spanlink_list *list);

/* Takes them off if they are there. Every change begins with it. */
static inline void slnk_list_begin_change(spanlink_list *list) {
    if (list->marked) {
        slnk_list_take_markers_off(list);
    }
}

/* Puts the markers on the last link, if the list has cut links. It is not empty, and their room
 * was reserved. */
void slnk_list_put_markers(spanlink_list *list);

/* Room for the markers behind as many attributes as any link has, or `attributes`. OK or NO_MEMORY.
 */
spanlink_status slnk_list_reserve_markers(spanlink_list *list, size_t attributes);

/* Counts links that were cut before they reached this list. This changes no decision about later
 * links. OK or NO_MEMORY. */
spanlink_status slnk_list_count_upstream(spanlink_list *list, uint64_t cuts);

/* Whether an attribute has the key of a marker. */
bool slnk_list_is_marker(const spanlink_attribute *attribute);

/* Whether the markers have room behind so many attributes, or behind those of any link. */
static inline bool slnk_list_has_marker_room(const spanlink_list *list, size_t attributes) {
    size_t widest = attributes > list->widest ? attributes : list->widest;
    return list->marker_room >= slnk_size_add(widest, 2);
}

/* What links to come need: their number, the bytes of their blocks, and their most attributes. */
typedef struct slnk_list_need {
    size_t links, bytes, largest, widest;
} slnk_list_need;

/* Makes sure that links with that need can be admitted and stored. OK or NO_MEMORY. */
spanlink_status slnk_list_reserve(spanlink_list *list, const slnk_list_need *need);

/* Whether any newcomer is admitted, and no other link makes way. Then none ever has, so that there
 * are no holes. */
static inline bool slnk_list_takes_any(const spanlink_list *list) {
    return !list->unique && list->overflow != SPANLINK_OVERFLOW_RESERVOIR &&
           list->live < list->limits.max_links && list->over_limit == 0;
}

/* Whether so many more can be offered, and no link is cut. Then none has ever been. */
static inline bool slnk_list_has_room(const spanlink_list *list, size_t links) {
    return list->over_limit == 0 && links <= list->limits.max_links - list->live;
}

/* Where a list stands: it can go back there as long as no link is cut. */
typedef struct slnk_list_mark {
    size_t live, unsampled_end;
    uint64_t duplicate, over_limit, invalid;
} slnk_list_mark;

slnk_list_mark slnk_list_set_mark(const spanlink_list *list);

/* Takes back all links that were added since, and what was counted. */
void slnk_list_go_back(spanlink_list *list, const slnk_list_mark *mark);

/* What the list's policy says of a newcomer. It holds until the next change. */
typedef enum slnk_list_verdict {
    SLNK_LIST_ADMITTED,
    SLNK_LIST_DUPLICATE,
    SLNK_LIST_CUT
} slnk_list_verdict;

/* What admitting a newcomer needs to know. */
typedef struct slnk_list_judgement {
    bool indexed;  /* unique, and it names a span */
    uint64_t hash; /* if indexed */
    uint64_t key;  /* of a RESERVOIR */
    size_t victim; /* the slot that makes way, or SIZE_MAX */
} slnk_list_judgement;

/* `key` is the newcomer's key in another reservoir that it comes from, or NULL. */
slnk_list_verdict slnk_list_judge(spanlink_list *list, const spanlink_context *context,
                                  const uint64_t *key, slnk_list_judgement *judgement);

/* Counts a newcomer that is not admitted. */
static inline void slnk_list_keep_out(spanlink_list *list, slnk_list_verdict verdict) {
    if (verdict == SLNK_LIST_CUT) {
        list->arrivals++;
        slnk_list_count(&list->over_limit, 1);
    } else {
        slnk_list_count(&list->duplicate, 1);
    }
}

/* Gives a newcomer its slot, to be filled by the caller. The memory was reserved. */
spanlink_link *slnk_list_admit(spanlink_list *list, const slnk_list_judgement *judgement);

/*
 * Makes a link of the slot behind the last one, which must be there.
 *
 * `unsampled_end` moves whether the link is sampled or not: a branch on that is mispredicted every
 * other time, which costs an add a quarter more. slnk_list_admit() takes it back where it must.
 */
static inline spanlink_link *slnk_list_push(spanlink_list *list) {
    assert(list->end < list->capacity);
    spanlink_link *slot = &list->slots[list->end++];
    list->live++;
    list->arrivals++;
    list->unsampled_end = list->end;
    return slot;
}

/* Copies a link into its slot. The memory was reserved. */
void slnk_list_store(spanlink_list *list, const slnk_copy_plan *plan, spanlink_link *slot);

/* Moves the links together, to the front of the slots. */
void slnk_list_close_gaps(spanlink_list *list);

/* Gives up what the link in a slot points at; the slot itself is the caller's business. */
static inline void slnk_list_drop_block(spanlink_list *list, const spanlink_link *slot) {
    const void *block = slot->attribute_count == SLNK_LIST_COMING ? NULL : slnk_copy_block(slot);
    if (block != NULL) {
        slnk_arena_drop(&list->arena, block);
    }
}

/* Gives up a link: its block, and its place in the index of a unique list. Its slot is the caller's
 * business. */
void slnk_list_let_go(spanlink_list *list, size_t number);

/*
 * Tells the list that its links are slots [0, live) now, and another set than before: the heap and
 * the search for unsampled links start anew. The index of a unique list is the caller's business.
 */
void slnk_list_links_changed(spanlink_list *list, size_t live);

/*
 * Empties the index, with the links still in their slots. Where few spans are in a large table this
 * looks at them only: else one large batch would make every later one slow.
 */
void slnk_list_forget_spans(spanlink_list *list);

/* Enters all links into an empty index that is large enough. */
void slnk_list_fill_index(spanlink_list *list);

/*
 * Makes an empty list that collects what shall go into `list` in one step: the same allocator and
 * the same limits of a link, but any number of links, repeats included. OK or NO_MEMORY.
 */
spanlink_status slnk_list_create_scratch(const spanlink_list *list, spanlink_list **scratch);

/* Does what spanlink_list_merge() does, but leaves the links of `from` as they are. OK or
 * NO_MEMORY. */
spanlink_status slnk_list_offer_all(spanlink_list *list, spanlink_list *from);

/* Does so with several lists, one after the other, all or nothing. */
spanlink_status slnk_list_offer_lists(spanlink_list *list, spanlink_list *const *from,
                                      size_t count);

/*
 * Makes an empty list number its arrivals from `first`, also after a clear: so that parts of a
 * stream in several lists, merged later, draw different keys.
 */
void slnk_list_start_arrivals(spanlink_list *list, uint64_t first);

#endif
