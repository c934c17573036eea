/* SPDX-License-Identifier: MIT */
#include "internal/list/slots.h"

#include "internal/compiler.h"
#include "internal/list/reservoir.h"
#include "internal/names.h"

/* A table with fewer spans than its size divided by this is emptied one span at a time. */
enum { FEW_SPANS = 256 };

static bool is_bounded(const spanlink_list *list) {
    return list->limits.max_links != SPANLINK_UNLIMITED;
}

static bool is_reservoir(const spanlink_list *list) {
    return list->overflow == SPANLINK_OVERFLOW_RESERVOIR && is_bounded(list);
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Markers */

void slnk_list_take_markers_off(spanlink_list *list) {
    spanlink_link *last = &list->slots[list->end - 1];
    last->attributes = list->own_attributes;
    last->attribute_count = list->own_attribute_count;
    list->marked = false;
}

/* A link that another list has marked may come with markers of its own: they must not stand twice.
 */
bool slnk_list_is_marker(const spanlink_attribute *attribute) {
    return slnk_memory_same_text(attribute->key, SLNK_NAME(truncated)) ||
           slnk_memory_same_text(attribute->key, SLNK_NAME(original_count));
}

static int64_t original_count(const spanlink_list *list) {
    uint64_t count = list->over_limit;
    slnk_list_count(&count, list->live);
    return count > INT64_MAX ? INT64_MAX : (int64_t)count;
}

void slnk_list_put_markers(spanlink_list *list) {
    if (list->marked || list->over_limit == 0) {
        return;
    }
    assert(list->live != 0);
    spanlink_link *last = &list->slots[list->end - 1];
    size_t count = 0;
    for (size_t i = 0; i < last->attribute_count; i++) {
        if (!slnk_list_is_marker(&last->attributes[i])) {
            list->markers[count++] = last->attributes[i];
        }
    }
    spanlink_attribute *markers = &list->markers[count];
    memset(markers, 0, 2 * sizeof *markers);
    markers[0].key = SLNK_NAME(truncated);
    markers[0].value.type = SPANLINK_VALUE_BOOL;
    markers[0].value.bool_value = true;
    markers[1].key = SLNK_NAME(original_count);
    markers[1].value.type = SPANLINK_VALUE_INT;
    markers[1].value.int_value = original_count(list);
    list->own_attributes = last->attributes;
    list->own_attribute_count = last->attribute_count;
    last->attributes = list->markers;
    last->attribute_count = count + 2;
    list->marked = true;
}

spanlink_status slnk_list_reserve_markers(spanlink_list *list, size_t attributes) {
    size_t needed = (attributes > list->widest ? attributes : list->widest) + 2;
    if (needed <= list->marker_room) {
        return SPANLINK_OK;
    }
    size_t room = list->marker_room == 0 ? 4 : list->marker_room;
    while (room < needed) {
        room *= 2;
    }
    spanlink_attribute *markers =
        slnk_memory_resize(&list->allocator, list->markers, list->marker_room * sizeof *markers,
                           room * sizeof *markers);
    if (markers == NULL) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    list->markers = markers;
    list->marker_room = room;
    return SPANLINK_OK;
}

spanlink_status slnk_list_count_upstream(spanlink_list *list, uint64_t cuts) {
    if (cuts != 0 && slnk_list_reserve_markers(list, 0) != SPANLINK_OK) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    slnk_list_count(&list->over_limit, cuts);
    return SPANLINK_OK;
}

/* Slots */

/* Cuts leave holes: half as many slots more let one closing of the gaps serve many cuts. */
static size_t most_slots(const spanlink_list *list) {
    size_t links = list->limits.max_links;
    size_t spare = list->overflow == SPANLINK_OVERFLOW_KEEP_FIRST ? 0 : links / 2 + 8;
    return least(slnk_size_add(links, spare), SLNK_LIST_MOST_SLOTS);
}

static size_t grown_capacity(const spanlink_list *list, size_t needed) {
    size_t most = most_slots(list);
    size_t capacity = list->capacity == 0 ? 8 : 2 * list->capacity;
    if (capacity > most || (is_bounded(list) && list->capacity >= most / 4)) {
        capacity = most;
    }
    return capacity > needed ? capacity : needed;
}

/* Keys and heap in one block, for as many slots. The heap is built anew when it is needed. */
static bool grow_ranks(spanlink_list *list, size_t capacity) {
    size_t each = sizeof *list->keys + sizeof *list->heap;
    uint64_t *keys = slnk_memory_allocate(&list->allocator, capacity * each);
    if (keys == NULL) {
        return false;
    }
    slnk_memory_copy(keys, list->keys, list->end * sizeof *keys);
    slnk_memory_release(&list->allocator, list->keys, list->ranked_slots * each);
    list->keys = keys;
    list->heap = (uint32_t *)(void *)(keys + capacity);
    list->heap_ready = false;
    list->ranked_slots = capacity;
    return true;
}

static bool grow_index(spanlink_list *list, size_t capacity) {
    size_t size = slnk_span_index_size(least(capacity, list->limits.max_links));
    if (size <= list->index.size) {
        return true;
    }
    if (!slnk_span_index_resize(&list->index, &list->allocator, size)) {
        return false;
    }
    slnk_list_fill_index(list);
    return true;
}

static bool grow_slots(spanlink_list *list, size_t capacity) {
    if (is_reservoir(list) && capacity > list->ranked_slots && !grow_ranks(list, capacity)) {
        return false;
    }
    if (list->unique && !grow_index(list, capacity)) {
        return false;
    }
    size_t each = sizeof *list->slots;
    spanlink_link *slots =
        slnk_memory_resize(&list->allocator, list->slots, list->capacity * each, capacity * each);
    if (slots == NULL) {
        return false;
    }
    list->slots = slots;
    list->capacity = capacity;
    return true;
}

static spanlink_status reserve_slots(spanlink_list *list, size_t links) {
    if (links <= list->capacity - list->end) {
        return SPANLINK_OK;
    }
    size_t needed = slnk_size_add(list->live, links);
    if (needed > list->limits.max_links) {
        needed = most_slots(list);
    }
    if (needed <= list->capacity) {
        return SPANLINK_OK;
    }
    bool possible = needed <= SLNK_LIST_MOST_SLOTS;
    return possible && grow_slots(list, grown_capacity(list, needed)) ? SPANLINK_OK
                                                                      : SPANLINK_ERR_NO_MEMORY;
}

void slnk_list_links_changed(spanlink_list *list, size_t live) {
    list->first = 0;
    list->end = list->live = list->unsampled_end = live;
    list->heap_ready = false;
}

/* Takes the span of a slot's link, if it names one, out of the index of a unique list. A crowded
 * index is left as it is: nobody looks into it before it is filled anew. */
static void forget_span(spanlink_list *list, size_t number) {
    const spanlink_context *context = &list->slots[number].context;
    if (list->unique && !list->index.crowded && slnk_list_names_a_span(context)) {
        slnk_span_index_remove(&list->index, slnk_list_hash(list, context),
                               list->base + (uint32_t)number);
    }
}

void slnk_list_forget_spans(spanlink_list *list) {
    bool few = list->index.count <= list->index.size / FEW_SPANS;
    for (size_t i = list->first; few && i < list->end; i++) {
        if (!slnk_list_is_hole(&list->slots[i])) {
            forget_span(list, i);
        }
    }
    slnk_span_index_clear(&list->index);
}

void slnk_list_fill_index(spanlink_list *list) {
    for (size_t i = list->first; i < list->end; i++) {
        const spanlink_link *slot = &list->slots[i];
        if (!slnk_list_is_hole(slot) && slnk_list_names_a_span(&slot->context)) {
            slnk_span_index_insert(&list->index, slnk_list_hash(list, &slot->context),
                                   list->base + (uint32_t)i);
        }
    }
}

/* With holes only in front, all links move by the same distance, and the index need not be filled
 * anew. */
static void shift_to_front(spanlink_list *list) {
    size_t distance = list->first;
    memmove(list->slots, list->slots + distance, list->live * sizeof *list->slots);
    if (is_reservoir(list)) {
        memmove(list->keys, list->keys + distance, list->live * sizeof *list->keys);
    }
    list->base += (uint32_t)distance;
    list->first = 0;
    list->end = list->unsampled_end = list->live;
    list->heap_ready = false;
}

void slnk_list_close_gaps(spanlink_list *list) {
    if (list->live == list->end - list->first) {
        if (list->first != 0) {
            shift_to_front(list);
        }
        return;
    }
    size_t live = 0;
    for (size_t i = list->first; i < list->end; i++) {
        if (!slnk_list_is_hole(&list->slots[i])) {
            list->slots[live] = list->slots[i];
            if (is_reservoir(list)) {
                list->keys[live] = list->keys[i];
            }
            live++;
        }
    }
    slnk_list_links_changed(list, live);
    if (list->unique) {
        slnk_span_index_clear(&list->index);
        list->base = 0;
        slnk_list_fill_index(list);
    }
}

/* Blocks */

static void pack_blocks(spanlink_list *list) {
    slnk_arena_rewind(&list->arena);
    for (size_t i = list->first; i < list->end; i++) {
        spanlink_link *slot = &list->slots[i];
        void *block = slnk_list_is_hole(slot) ? NULL : slnk_copy_block(slot);
        if (block == NULL) {
            continue;
        }
        size_t size = (size_t)*slnk_arena_header(block);
        void *moved = slnk_arena_take(&list->arena, size);
        if (moved != block) {
            memmove(moved, block, size - SLNK_ARENA_HEADER);
            slnk_copy_moved(slot, block, moved);
        }
    }
}

static spanlink_status reserve_blocks(spanlink_list *list, size_t bytes, size_t largest) {
    if (bytes <= slnk_arena_left(&list->arena) ||
        slnk_arena_has_room(&list->arena, bytes, largest)) {
        return SPANLINK_OK;
    }
    if (slnk_arena_worth_packing(&list->arena, list->live, bytes)) {
        pack_blocks(list);
        if (slnk_arena_has_room(&list->arena, bytes, largest)) {
            return SPANLINK_OK;
        }
    }
    return slnk_arena_grow(&list->arena, &list->allocator, bytes) ? SPANLINK_OK
                                                                  : SPANLINK_ERR_NO_MEMORY;
}

spanlink_status slnk_list_reserve(spanlink_list *list, const slnk_list_need *need) {
    bool may_cut =
        list->over_limit != 0 || slnk_size_add(list->live, need->links) > list->limits.max_links;
    spanlink_status status = reserve_slots(list, need->links);
    if (status == SPANLINK_OK) {
        status = reserve_blocks(list, need->bytes, need->largest);
    }
    if (status == SPANLINK_OK && may_cut) {
        status = slnk_list_reserve_markers(list, need->widest);
    }
    return status;
}

void slnk_list_store(spanlink_list *list, const slnk_copy_plan *plan, spanlink_link *slot) {
    void *block = slot; /* any address, where nothing is written */
    if (plan->size != 0) {
        block = slnk_arena_take(&list->arena, plan->size + SLNK_ARENA_HEADER);
    }
    slnk_copy_write(plan, block, slot);
    if (plan->count > list->widest) {
        list->widest = plan->count;
    }
}

/* The policy */

/* Whether a span is in the index. A long search ends without an answer: the index is crowded. */
static SLNK_MERGED bool find_span(spanlink_list *list, const spanlink_context *context,
                                  uint64_t hash) {
    slnk_span_index *index = &list->index;
    if (index->count == 0) {
        return false;
    }
    uint64_t wanted = slnk_span_index_entry(hash, 0);
    size_t mask = index->size - 1, home = slnk_span_index_home(mask, wanted), slot = home;
    for (; index->entries[slot] != 0; slot = (slot + 1) & mask) {
        uint64_t entry = index->entries[slot];
        uint32_t number = (uint32_t)entry - list->base;
        if (entry >> 32 == wanted >> 32 &&
            slnk_list_same_ids(&list->slots[number].context, context)) {
            return true;
        }
        if (slnk_span_index_is_long(mask, home, slot)) {
            index->crowded = true;
            return false;
        }
    }
    return false;
}

/* Who chose the spans may know the seed: with another one, all of them are spread again. */
SLNK_RARE static bool find_span_again(spanlink_list *list, const spanlink_context *context,
                                      uint64_t *hash) {
    bool found = false;
    while (list->index.crowded) {
        slnk_span_index_renew(&list->index);
        slnk_list_fill_index(list);
        *hash = slnk_list_hash(list, context);
        found = find_span(list, context, *hash);
    }
    return found;
}

/* Of a unique list, the key is the span's. Else, and for what names no span, its arrival goes into
 * it, too; not that alone, or the links of two lists with one seed would have the same keys. */
static uint64_t new_key(const spanlink_list *list, const spanlink_context *context, bool indexed) {
    uint64_t key = slnk_hash_span(list->key_seed, context->trace_id, context->span_id);
    return indexed ? key : slnk_hash_number(list->key_seed, key ^ list->arrivals);
}

/* The latest link that is not sampled. What the search has passed, it need not look at again. */
static size_t latest_unsampled(spanlink_list *list) {
    for (; list->unsampled_end > list->first; list->unsampled_end--) {
        const spanlink_link *slot = &list->slots[list->unsampled_end - 1];
        bool sampled = (slot->context.trace_flags & SPANLINK_TRACE_FLAG_SAMPLED) != 0;
        if (!slnk_list_is_hole(slot) && !sampled) {
            return list->unsampled_end - 1;
        }
    }
    return SIZE_MAX;
}

static void build_heap(spanlink_list *list) {
    size_t count = 0;
    for (size_t i = list->first; i < list->end; i++) {
        if (!slnk_list_is_hole(&list->slots[i])) {
            list->heap[count++] = (uint32_t)i;
        }
    }
    slnk_reservoir_build(list->heap, count, list->keys);
    list->heap_ready = true;
}

static size_t largest_key_above(spanlink_list *list, uint64_t key) {
    if (!list->heap_ready) {
        build_heap(list);
    }
    return key < list->keys[list->heap[0]] ? list->heap[0] : SIZE_MAX;
}

/* Which link of a full list makes way; SIZE_MAX if it is the newcomer. */
static size_t find_victim(spanlink_list *list, const spanlink_context *context,
                          const slnk_list_judgement *judgement) {
    if (list->live == 0) {
        return SIZE_MAX;
    }
    switch (list->overflow) {
    case SPANLINK_OVERFLOW_KEEP_LAST:
        return list->first;
    case SPANLINK_OVERFLOW_SAMPLED_FIRST:
        return (context->trace_flags & SPANLINK_TRACE_FLAG_SAMPLED) != 0 ? latest_unsampled(list)
                                                                         : SIZE_MAX;
    case SPANLINK_OVERFLOW_RESERVOIR:
        return largest_key_above(list, judgement->key);
    default:
        return SIZE_MAX;
    }
}

slnk_list_verdict slnk_list_judge(spanlink_list *list, const spanlink_context *context,
                                  const uint64_t *key, slnk_list_judgement *judgement) {
    judgement->victim = SIZE_MAX;
    judgement->key = 0;
    judgement->indexed = list->unique && slnk_list_names_a_span(context);
    if (judgement->indexed) {
        judgement->hash = slnk_list_hash(list, context);
        bool found = !list->index.crowded && find_span(list, context, judgement->hash);
        if (list->index.crowded) {
            found = find_span_again(list, context, &judgement->hash);
        }
        if (found) {
            return SLNK_LIST_DUPLICATE;
        }
    }
    if (is_reservoir(list)) {
        judgement->key = key != NULL ? *key : new_key(list, context, judgement->indexed);
    }
    if (list->live < list->limits.max_links) {
        return SLNK_LIST_ADMITTED;
    }
    judgement->victim = find_victim(list, context, judgement);
    return judgement->victim == SIZE_MAX ? SLNK_LIST_CUT : SLNK_LIST_ADMITTED;
}

void slnk_list_let_go(spanlink_list *list, size_t number) {
    forget_span(list, number);
    slnk_list_drop_block(list, &list->slots[number]);
    list->live--;
}

/* Makes a hole of a link, and moves `first` behind the holes in front. */
static void evict(spanlink_list *list, size_t victim) {
    slnk_list_let_go(list, victim);
    list->slots[victim].attribute_count = SLNK_LIST_HOLE;
    slnk_list_count(&list->over_limit, 1);
    while (list->first < list->end && slnk_list_is_hole(&list->slots[list->first])) {
        list->first++;
    }
}

static void rank(spanlink_list *list, size_t number, const slnk_list_judgement *judgement) {
    list->keys[number] = judgement->key;
    if (list->heap_ready) {
        assert(judgement->victim != SIZE_MAX); /* there is a heap only while the list is full */
        slnk_reservoir_replace_top(list->heap, list->live, list->keys, (uint32_t)number);
    }
}

spanlink_link *slnk_list_admit(spanlink_list *list, const slnk_list_judgement *judgement) {
    if (judgement->victim != SIZE_MAX) {
        evict(list, judgement->victim);
    }
    if (list->end == list->capacity) {
        slnk_list_close_gaps(list);
    }
    size_t number = list->end, passed = list->unsampled_end;
    spanlink_link *slot = slnk_list_push(list);
    if (judgement->victim != SIZE_MAX) {
        list->unsampled_end = passed; /* under SAMPLED_FIRST the newcomer is sampled */
    }
    if (judgement->indexed) {
        slnk_span_index_insert(&list->index, judgement->hash, list->base + (uint32_t)number);
    }
    if (is_reservoir(list)) {
        rank(list, number, judgement);
    }
    return slot;
}

void slnk_list_start_arrivals(spanlink_list *list, uint64_t first) {
    list->arrivals = list->first_arrival = first;
}
