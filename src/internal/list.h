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
#ifndef SPANLINK_INTERNAL_LIST_H
#define SPANLINK_INTERNAL_LIST_H

#include "arena.h"
#include "hash.h"
#include "link_copy.h"
#include "memory.h"
#include "span_index.h"

#include <spanlink/list.h>

#include <assert.h>

/* The most slots of a list: their numbers fit into 32 bits with room to double, and their bytes
 * into a size_t. */
enum { SPANLINK_LIST_MOST_SLOTS = SIZE_MAX / 128 < 1 << 30 ? SIZE_MAX / 128 : 1 << 30 };

/* In a slot's attribute_count: the link was cut, or is not stored yet and `attributes` is its
 * source. */
#define SPANLINK_LIST_HOLE   SIZE_MAX
#define SPANLINK_LIST_COMING (SIZE_MAX - 1)

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

    spanlink_span_index index; /* of a unique list: positions are slot numbers plus `base` */
    uint32_t base;

    uint64_t *keys; /* RESERVOIR: the key of each slot's link; the heap stands behind them */
    uint32_t *heap;
    size_t ranked_slots; /* for how many slots there are keys */
    bool heap_ready;     /* the heap holds the numbers of all links */
    spanlink_hash_seed key_seed;
    uint64_t arrivals, first_arrival;

    spanlink_arena arena;
    spanlink_copy_scratch scratch;

    spanlink_attribute *markers; /* the last link's attributes, with the markers, while `marked` */
    size_t marker_room;          /* in attributes */
    size_t widest;               /* the most attributes of any link since the list was empty */
    bool marked;
    const spanlink_attribute *own_attributes; /* what the last link has without the markers */
    size_t own_attribute_count;

    uint64_t duplicate, over_limit, invalid;
};

static inline bool spanlink_list_is_hole(const spanlink_link *slot) {
    return slot->attribute_count == SPANLINK_LIST_HOLE;
}

/* A counter stays at its maximum rather than wrap. */
static inline void spanlink_list_count(uint64_t *counter, uint64_t more) {
    *counter = more > UINT64_MAX - *counter ? UINT64_MAX : *counter + more;
}

static inline bool spanlink_list_names_a_span(const spanlink_context *context) {
    return !spanlink_bytes_are_zero(context->trace_id, sizeof context->trace_id);
}

/* Whether a link with so many attributes says nothing at all: no list takes such a one. */
static inline bool spanlink_list_points_nowhere(const spanlink_context *context,
                                                size_t attributes) {
    return attributes == 0 && context->trace_state.len == 0 &&
           (!spanlink_list_names_a_span(context) || spanlink_bytes_load64(context->span_id) == 0);
}

/* A caller's mistake: attributes that are counted, but not there. */
static inline bool spanlink_list_lacks_attributes(const spanlink_link *link) {
    return link->attributes == NULL && link->attribute_count != 0;
}

static inline uint64_t spanlink_list_hash(const spanlink_list *list,
                                          const spanlink_context *context) {
    return spanlink_hash_span(list->index.seed, context->trace_id, context->span_id);
}

static inline bool spanlink_list_same_ids(const spanlink_context *a, const spanlink_context *b) {
    return memcmp(a->trace_id, b->trace_id, sizeof a->trace_id) == 0 &&
           memcmp(a->span_id, b->span_id, sizeof a->span_id) == 0;
}

/* Takes the markers off the last link. */
void spanlink_list_take_markers_off(spanlink_list *list);

/* Takes them off if they are there. Every change begins with it. */
static inline void spanlink_list_begin_change(spanlink_list *list) {
    if (list->marked) {
        spanlink_list_take_markers_off(list);
    }
}

/* Puts the markers on the last link, if the list has cut links. It is not empty, and their room
 * was reserved. */
void spanlink_list_put_markers(spanlink_list *list);

/* Room for the markers behind as many attributes as any link has, or `attributes`. OK or NO_MEMORY.
 */
spanlink_status spanlink_list_reserve_markers(spanlink_list *list, size_t attributes);

/* Whether the markers have room behind so many attributes, or behind those of any link. */
static inline bool spanlink_list_has_marker_room(const spanlink_list *list, size_t attributes) {
    size_t widest = attributes > list->widest ? attributes : list->widest;
    return list->marker_room >= spanlink_size_add(widest, 2);
}

/* What links to come need: their number, the bytes of their blocks, and their most attributes. */
typedef struct spanlink_list_need {
    size_t links, bytes, largest, widest;
} spanlink_list_need;

/* Makes sure that links with that need can be admitted and stored. OK or NO_MEMORY. */
spanlink_status spanlink_list_reserve(spanlink_list *list, const spanlink_list_need *need);

/* Whether any newcomer is admitted, and no other link makes way. Then none ever has, so that there
 * are no holes. */
static inline bool spanlink_list_takes_any(const spanlink_list *list) {
    return !list->unique && list->overflow != SPANLINK_OVERFLOW_RESERVOIR &&
           list->live < list->limits.max_links && list->over_limit == 0;
}

/* Whether so many more can be offered, and no link is cut. Then none has ever been. */
static inline bool spanlink_list_has_room(const spanlink_list *list, size_t links) {
    return list->over_limit == 0 && links <= list->limits.max_links - list->live;
}

/* Where a list stands: it can go back there as long as no link is cut. */
typedef struct spanlink_list_mark {
    size_t live, unsampled_end;
    uint64_t duplicate, invalid;
} spanlink_list_mark;

spanlink_list_mark spanlink_list_set_mark(const spanlink_list *list);

/* Takes back all links that were added since, and what was counted. */
void spanlink_list_go_back(spanlink_list *list, const spanlink_list_mark *mark);

/* What the list's policy says of a newcomer. It holds until the next change. */
typedef enum spanlink_list_verdict {
    SPANLINK_LIST_ADMITTED,
    SPANLINK_LIST_DUPLICATE,
    SPANLINK_LIST_CUT
} spanlink_list_verdict;

/* What admitting a newcomer needs to know. */
typedef struct spanlink_list_judgement {
    bool indexed;  /* unique, and it names a span */
    uint64_t hash; /* if indexed */
    uint64_t key;  /* of a RESERVOIR */
    size_t victim; /* the slot that makes way, or SIZE_MAX */
} spanlink_list_judgement;

/* `key` is the newcomer's key in another reservoir that it comes from, or NULL. */
spanlink_list_verdict spanlink_list_judge(spanlink_list *list, const spanlink_context *context,
                                          const uint64_t *key, spanlink_list_judgement *judgement);

/* Counts a newcomer that is not admitted. */
static inline void spanlink_list_keep_out(spanlink_list *list, spanlink_list_verdict verdict) {
    if (verdict == SPANLINK_LIST_CUT) {
        list->arrivals++;
        spanlink_list_count(&list->over_limit, 1);
    } else {
        spanlink_list_count(&list->duplicate, 1);
    }
}

/* Gives a newcomer its slot, to be filled by the caller. The memory was reserved. */
spanlink_link *spanlink_list_admit(spanlink_list *list, const spanlink_list_judgement *judgement);

/*
 * Makes a link of the slot behind the last one, which must be there.
 *
 * `unsampled_end` moves whether the link is sampled or not: a branch on that is mispredicted every
 * other time, which costs an add a quarter more. spanlink_list_admit() takes it back where it must.
 */
static inline spanlink_link *spanlink_list_push(spanlink_list *list) {
    assert(list->end < list->capacity);
    spanlink_link *slot = &list->slots[list->end++];
    list->live++;
    list->arrivals++;
    list->unsampled_end = list->end;
    return slot;
}

/* Copies a link into its slot. The memory was reserved. */
void spanlink_list_store(spanlink_list *list, const spanlink_copy_plan *plan, spanlink_link *slot);

/* Moves the links together, to the front of the slots. */
void spanlink_list_close_gaps(spanlink_list *list);

/* Gives up what the link in a slot points at; the slot itself is the caller's business. */
static inline void spanlink_list_drop_block(spanlink_list *list, const spanlink_link *slot) {
    const void *block =
        slot->attribute_count == SPANLINK_LIST_COMING ? NULL : spanlink_copy_block(slot);
    if (block != NULL) {
        spanlink_arena_drop(&list->arena, block);
    }
}

/* Gives up a link: its block, and its place in the index of a unique list. Its slot is the caller's
 * business. */
void spanlink_list_let_go(spanlink_list *list, size_t number);

/*
 * Tells the list that its links are slots [0, live) now, and another set than before: the heap and
 * the search for unsampled links start anew. The index of a unique list is the caller's business.
 */
void spanlink_list_links_changed(spanlink_list *list, size_t live);

/*
 * Empties the index, with the links still in their slots. Where few spans are in a large table this
 * looks at them only: else one large batch would make every later one slow.
 */
void spanlink_list_forget_spans(spanlink_list *list);

/* Enters all links into an empty index that is large enough. */
void spanlink_list_fill_index(spanlink_list *list);

/*
 * Makes an empty list that collects what shall go into `list` in one step: the same allocator and
 * the same limits of a link, but any number of links, repeats included. OK or NO_MEMORY.
 */
spanlink_status spanlink_list_create_scratch(const spanlink_list *list, spanlink_list **scratch);

/* Does what spanlink_list_merge() does, but leaves the links of `from` as they are. OK or
 * NO_MEMORY. */
spanlink_status spanlink_list_offer_all(spanlink_list *list, spanlink_list *from);

/* Does so with several lists, one after the other, all or nothing. */
spanlink_status spanlink_list_offer_lists(spanlink_list *list, spanlink_list *const *from,
                                          size_t count);

/*
 * Makes an empty list number its arrivals from `first`, also after a clear: so that parts of a
 * stream in several lists, merged later, draw different keys.
 */
void spanlink_list_start_arrivals(spanlink_list *list, uint64_t first);

#endif
