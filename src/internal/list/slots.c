/* SPDX-License-Identifier: MIT */
#include "internal/list/slots.h"

#include "internal/compiler.h"
#include "internal/names.h"

/* If a table has fewer spans than its size divided by this, they are removed one at a time. */
enum { FEW_SPANS = 256 };

enum { LEAST_MARKER_ROOM = 4 };

/* Up to this maximum number of links, a list has one chunk of memory for their blocks, which is
 * stretched: the ends of several chunks that are too short for the next block would be most of its
 * memory. */
enum { FEW_BLOCKS = 4 };

/* Markers */

void slnk_list_take_markers_off(spanlink_list *list) {
    spanlink_link *last = &list->links[list->end - 1];
    last->attributes = list->own_attributes;
    last->attribute_count = list->own_attribute_count;
    list->marked = false;
}

static bool is_marker_key(spanlink_str key) {
    return slnk_memory_same_text(key, SLNK_NAME(truncated)) ||
           slnk_memory_same_text(key, SLNK_NAME(original_count));
}

size_t slnk_list_copy_unmarked(const spanlink_link *link, spanlink_attribute *to) {
    size_t count = 0;
    for (size_t i = 0; i < link->attribute_count; i++) {
        if (!is_marker_key(link->attributes[i].key)) {
            to[count++] = link->attributes[i];
        }
    }
    return count;
}

static int64_t original_count(const spanlink_list *list) {
    uint64_t count = list->over_limit;
    slnk_list_count(&count, list->live);
    return count > INT64_MAX ? INT64_MAX : (int64_t)count;
}

void slnk_list_put_markers(spanlink_list *list) {
    if (list->marked || list->no_markers || list->over_limit == 0) {
        return;
    }
    assert(list->live != 0);
    spanlink_link *last = &list->links[list->end - 1];
    size_t count = slnk_list_copy_unmarked(last, list->markers);
    list->markers[count++] =
        spanlink_attribute_make(SLNK_NAME(truncated), spanlink_value_bool(true));
    list->markers[count++] = spanlink_attribute_make(SLNK_NAME(original_count),
                                                     spanlink_value_int(original_count(list)));
    list->own_attributes = last->attributes;
    list->own_attribute_count = last->attribute_count;
    last->attributes = list->markers;
    last->attribute_count = count;
    list->marked = true;
}

/* Capacity for the markers and a number of attributes: a power of two, so that it grows in few
 * steps. */
static size_t marker_room_for(size_t attributes) {
    size_t room = LEAST_MARKER_ROOM;
    while (room < slnk_size_add(attributes, 2) && room < SIZE_MAX / 2) {
        room *= 2;
    }
    return room;
}

static bool reserve_markers(spanlink_list *list, size_t attributes) {
    size_t room = marker_room_for(slnk_size_most(attributes, list->widest));
    if (room <= list->marker_room || list->no_markers) {
        return true;
    }
    spanlink_attribute *markers =
        slnk_memory_resize(&list->allocator, list->markers, list->marker_room * sizeof *markers,
                           slnk_size_multiply(room, sizeof *markers));
    if (markers == NULL) {
        return false;
    }
    list->markers = markers;
    list->marker_room = room;
    return true;
}

spanlink_status slnk_list_reserve_cuts(spanlink_list *list, size_t attributes) {
    if (slnk_list_has_reserved_cuts(list, attributes)) {
        return SPANLINK_OK;
    }
    if (!reserve_markers(list, attributes) ||
        (list->policy->reserve_cuts != NULL && !list->policy->reserve_cuts(list))) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    list->cuttable = list->no_markers ? SIZE_MAX : list->marker_room - 1;
    return SPANLINK_OK;
}

spanlink_status slnk_list_count_upstream(spanlink_list *list, uint64_t cuts) {
    if (cuts != 0 && slnk_list_reserve_cuts(list, 0) != SPANLINK_OK) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    slnk_list_count_cuts(list, cuts);
    return SPANLINK_OK;
}

/* Slots */

/* Dropped links leave holes. With half as many slots more, the gaps need closing less often. */
static size_t most_slots(const slnk_overflow *policy, size_t max_links) {
    size_t links = slnk_size_least(max_links, SLNK_LIST_MOST_LINKS);
    size_t spare = policy->evicts && links != 0 ? links / 2 + 8 : 0;
    return links + slnk_size_least(spare, SLNK_LIST_MOST_SPARE);
}

static size_t grown_capacity(const spanlink_list *list, size_t needed) {
    size_t max_links = list->limits.max_links, most = most_slots(list->policy, max_links);
    size_t doubled = slnk_size_most(2 * list->capacity, SLNK_LIST_LEAST_SLOTS);
    size_t capacity = slnk_size_most(doubled, needed);
    return max_links != SPANLINK_UNLIMITED && capacity > most / 4 ? most
                                                                  : slnk_size_least(capacity, most);
}

static bool grow_index(spanlink_list *list, size_t capacity) {
    size_t size = slnk_span_index_size(slnk_size_least(capacity, list->limits.max_links));
    if (size <= list->index.size) {
        return true;
    }
    if (!slnk_span_index_resize(&list->index, &list->allocator, size)) {
        return false;
    }
    slnk_list_fill_index(list);
    return true;
}

/* The slots after the links move separately. */
static bool grow_slots(spanlink_list *list, size_t capacity) {
    spanlink_link *links = slnk_memory_resize(
        &list->allocator, list->links, list->capacity * SLNK_LIST_EACH, capacity * SLNK_LIST_EACH);
    if (links == NULL) {
        return false;
    }
    slnk_slot *slots = (slnk_slot *)(void *)(links + capacity);
    memmove(slots, links + list->capacity, list->end * sizeof *slots);
    list->links = links;
    list->slots = slots;
    list->capacity = capacity;
    slnk_list_reopen(list);
    return true;
}

static bool grow(spanlink_list *list, size_t capacity) {
    return (list->policy->grow == NULL || list->policy->grow(list, capacity)) &&
           (!list->unique || grow_index(list, capacity)) && grow_slots(list, capacity);
}

static bool reserve_slots(spanlink_list *list, size_t links) {
    if (links <= list->capacity - list->end) {
        return true;
    }
    size_t most = list->limits.max_links, needed = slnk_size_add(list->live, links);
    if (slnk_size_least(needed, most) > SLNK_LIST_MOST_LINKS) {
        return false;
    }
    if (needed > most) {
        needed = most_slots(list->policy, most);
    }
    return needed <= list->capacity || grow(list, grown_capacity(list, needed));
}

void slnk_list_links_changed(spanlink_list *list, size_t live) {
    list->first = 0;
    list->end = list->live = live;
    if (list->policy->compacted != NULL) {
        list->policy->compacted(list);
    }
}

/* Removes the span of a slot's link, if it names one, from the index of a unique list. A crowded
 * index is left unchanged: it is rebuilt before the next search. */
static void forget_span(spanlink_list *list, size_t number) {
    const spanlink_context *context = &list->links[number].context;
    if (list->unique && !list->index.crowded && slnk_context_has_trace_id(context)) {
        slnk_span_index_remove(&list->index, slnk_list_hash(list, context),
                               list->base + (uint32_t)number);
    }
}

void slnk_list_forget_spans(spanlink_list *list) {
    bool few = list->index.count <= list->index.size / FEW_SPANS;
    for (size_t i = list->first; few && i < list->end; i++) {
        if (!slnk_list_is_hole(list, i)) {
            forget_span(list, i);
        }
    }
    slnk_span_index_clear(&list->index);
}

void slnk_list_fill_index(spanlink_list *list) {
    for (size_t i = list->first; i < list->end; i++) {
        const spanlink_context *context = &list->links[i].context;
        if (!slnk_list_is_hole(list, i) && slnk_context_has_trace_id(context)) {
            slnk_span_index_insert(&list->index, slnk_list_hash(list, context),
                                   list->base + (uint32_t)i);
        }
    }
}

void slnk_list_release(spanlink_list *list, size_t number) {
    const slnk_slot *slot = &list->slots[number];
    forget_span(list, number);
    if (slot->kind == SLNK_SLOT_LINK && slot->content.block != NULL) {
        slnk_arena_drop(&list->arena, slot->content.block);
    }
    list->live--;
}

void slnk_list_evict(spanlink_list *list, size_t number) {
    slnk_list_release(list, number);
    list->slots[number].kind = SLNK_SLOT_HOLE;
    slnk_list_count_cuts(list, 1);
    while (list->first < list->end && slnk_list_is_hole(list, list->first)) {
        list->first++;
    }
}

/* With holes only at the front, all links move by the same distance, and the index need not be
 * rebuilt. */
static void shift_to_front(spanlink_list *list) {
    size_t distance = list->first;
    memmove(list->links, list->links + distance, list->live * sizeof *list->links);
    memmove(list->slots, list->slots + distance, list->live * sizeof *list->slots);
    for (size_t i = 0; list->policy->moved != NULL && i < list->live; i++) {
        list->policy->moved(list, i + distance, i);
    }
    list->base += (uint32_t)distance;
    slnk_list_links_changed(list, list->live);
}

static void move_link(spanlink_list *list, size_t from, size_t to) {
    list->links[to] = list->links[from];
    list->slots[to] = list->slots[from];
    if (list->policy->moved != NULL) {
        list->policy->moved(list, from, to);
    }
}

static void move_together(spanlink_list *list) {
    size_t live = 0;
    for (size_t i = list->first; i < list->end; i++) {
        if (!slnk_list_is_hole(list, i)) {
            move_link(list, i, live++);
        }
    }
    slnk_list_links_changed(list, live);
    if (list->unique) {
        slnk_span_index_clear(&list->index);
        list->base = 0;
        slnk_list_fill_index(list);
    }
}

void slnk_list_close_gaps(spanlink_list *list) {
    if (list->live != list->end - list->first) {
        move_together(list);
    } else if (list->first != 0) {
        shift_to_front(list);
    }
}

slnk_list_mark slnk_list_set_mark(const spanlink_list *list) {
    return (slnk_list_mark){list->live, list->duplicate, list->over_limit, list->invalid,
                            list->arrivals};
}

void slnk_list_go_back(spanlink_list *list, const slnk_list_mark *mark) {
    while (list->live != mark->live) {
        slnk_list_release(list, --list->end);
    }
    slnk_list_set_cuts(list, mark->over_limit);
    list->duplicate = mark->duplicate;
    list->invalid = mark->invalid;
    list->arrivals = mark->arrivals;
}

/* Blocks */

static void pack_blocks(spanlink_list *list) {
    slnk_arena_rewind(&list->arena);
    for (size_t i = list->first; i < list->end; i++) {
        slnk_slot *slot = &list->slots[i];
        if (slot->kind != SLNK_SLOT_LINK || slot->content.block == NULL) {
            continue;
        }
        size_t size = slnk_arena_block_size(slot->content.block);
        void *old = slot->content.block, *block = slnk_arena_take(&list->arena, size);
        if (block != old) {
            memmove(block, old, size);
            slnk_copy_moved(&list->links[i], old, size, block);
            slot->content.block = block;
        }
    }
}

/* Corrects the pointers of links whose blocks are in the chunk that was moved. */
static void follow_blocks(spanlink_list *list, uintptr_t old, size_t size) {
    char *chunk = (char *)list->arena.first->next;
    for (size_t i = list->first; i < list->end; i++) {
        slnk_slot *slot = &list->slots[i];
        if (slot->kind == SLNK_SLOT_LINK && (uintptr_t)slot->content.block - old < size) {
            void *block = slot->content.block, *moved = chunk + ((uintptr_t)block - old);
            slnk_copy_moved(&list->links[i], block, slnk_arena_block_size(moved), moved);
            slot->content.block = moved;
        }
    }
}

static bool stretch_blocks(spanlink_list *list, size_t bytes) {
    slnk_arena *arena = &list->arena;
    const slnk_arena_chunk *own = arena->first->next;
    size_t size = own == NULL ? 0 : sizeof *own + own->size;
    uintptr_t old = (uintptr_t)own;
    if (!slnk_arena_stretch(arena, &list->allocator, bytes)) {
        return false;
    }
    if ((uintptr_t)arena->first->next != old) {
        follow_blocks(list, old, size);
    }
    return true;
}

static bool reserve_blocks(spanlink_list *list, size_t bytes, size_t largest) {
    if (slnk_arena_has_room(&list->arena, bytes, largest)) {
        return true;
    }
    if (slnk_arena_worth_packing(&list->arena, list->live, bytes)) {
        pack_blocks(list);
        if (slnk_arena_has_room(&list->arena, bytes, largest)) {
            return true;
        }
    }
    return list->limits.max_links <= FEW_BLOCKS
               ? stretch_blocks(list, bytes)
               : slnk_arena_grow(&list->arena, &list->allocator, bytes);
}

spanlink_status slnk_list_reserve(spanlink_list *list, const slnk_list_need *need) {
    bool may_cut =
        list->over_limit != 0 || slnk_size_add(list->live, need->links) > list->limits.max_links;
    if (!reserve_slots(list, need->links) || !reserve_blocks(list, need->bytes, need->largest)) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    return may_cut ? slnk_list_reserve_cuts(list, need->widest) : SPANLINK_OK;
}

slnk_slot slnk_list_store(spanlink_list *list, const slnk_copy_plan *plan, size_t number) {
    slnk_slot slot = {SLNK_SLOT_LINK, {NULL}};
    if (plan->size != 0) {
        slot.content.block = slnk_arena_take(&list->arena, plan->size);
    }
    slnk_copy_write(plan, slot.content.block, &list->links[number]);
    list->widest = slnk_size_most(list->widest, plan->count);
    return slot;
}

size_t slnk_list_growth(size_t slots, size_t each) {
    return slnk_size_add(slnk_memory_growth(slots, slots, each),
                         slnk_memory_growth(SLNK_LIST_LEAST_SLOTS, slots / 4, each));
}

static size_t blocks_bound(const slnk_overflow *policy, size_t links, size_t block, size_t lent,
                           size_t others) {
    size_t in_use = links - (links != 0 && !policy->evicts);
    return links <= FEW_BLOCKS
               ? slnk_arena_stretch_bound(in_use, links, block, others, SLNK_MEMORY_GRANULE)
               : slnk_arena_bound(lent, in_use, links, block, SLNK_MEMORY_GRANULE);
}

/*
 * The memory that may be requested after the first block of a link: tables, markers, and scratch.
 */
static size_t others_bound(const slnk_overflow *policy, size_t links, size_t attributes,
                           bool no_markers) {
    size_t index = links == 0 ? 0 : slnk_span_index_size(links);
    size_t markers = no_markers ? 0 : marker_room_for(attributes);
    size_t tables = slnk_memory_growth(slnk_span_index_size(0), index, sizeof(uint64_t));
    size_t keys = policy->bound == NULL ? 0 : policy->bound(links, most_slots(policy, links));
    size_t room = slnk_memory_growth(LEAST_MARKER_ROOM, markers, sizeof(spanlink_attribute));
    size_t scratch = slnk_copy_scratch_bound(attributes);
    return slnk_size_add(slnk_size_add(tables, keys), slnk_size_add(room, scratch));
}

size_t slnk_list_bound(const spanlink_list_options *options, size_t lent, size_t attributes,
                       size_t text) {
    size_t links = options->limits.max_links;
    const slnk_overflow *policy = slnk_overflow_choose(options->overflow, links);
    size_t block = slnk_size_add(slnk_copy_bound(attributes, text), SLNK_ARENA_HEADER);
    size_t slots = slnk_list_growth(most_slots(policy, links), SLNK_LIST_EACH);
    size_t others = others_bound(policy, links, attributes, options->no_markers);
    return slnk_size_add(slnk_size_add(slots, others),
                         blocks_bound(policy, links, block, lent, others));
}
