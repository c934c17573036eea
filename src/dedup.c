/* SPDX-License-Identifier: MIT */
#include <spanlink/dedup.h>

#include "internal/list.h"

/*
 * Where a table is larger than a second-level cache, the slot of the link that is so many ahead is
 * fetched from memory already. That takes one more hash a link, which only pays there.
 */
enum { AHEAD = 16, LARGE = 1 << 15 };

/*
 * What the loop works with: copies of what stands in the list, which the compiler would load again
 * after each store, and the part of the table that so many links need.
 */
typedef struct workspace {
    spanlink_link *slots;
    uint64_t *keys;
    uint64_t *entries;
    size_t mask;
    spanlink_hash_seed seed;
} workspace;

static void prefetch(const void *address) {
#ifdef __GNUC__
    __builtin_prefetch(address);
#else
    (void)address;
#endif
}

/* The entry of a slot's link, but for its position. */
static inline uint64_t entry_of(const workspace *space, size_t number) {
    const spanlink_context *context = &space->slots[number].context;
    uint64_t hash = spanlink_hash_span(space->seed, context->trace_id, context->span_id);
    return spanlink_span_index_entry(hash, 0);
}

static inline uint64_t *home(const workspace *space, uint64_t entry) {
    return &space->entries[(size_t)(entry >> 33) & space->mask];
}

/* Whether a link in front of `kept` has the span of a slot; enters the span at `kept` if not. */
static inline bool seen_before(const workspace *space, size_t number, size_t kept) {
    const spanlink_context *context = &space->slots[number].context;
    uint64_t entry = entry_of(space, number);
    size_t slot = (size_t)(entry >> 33) & space->mask;
    for (; space->entries[slot] != 0; slot = (slot + 1) & space->mask) {
        uint64_t other = space->entries[slot];
        if (other >> 32 == entry >> 32 &&
            spanlink_list_same_ids(&space->slots[(uint32_t)other].context, context)) {
            return true;
        }
    }
    space->entries[slot] = entry | (uint32_t)kept;
    return false;
}

static inline void keep_at(const workspace *space, size_t from, size_t to) {
    space->slots[to] = space->slots[from];
    if (space->keys != NULL) {
        space->keys[to] = space->keys[from];
    }
}

/* Removes all repeats from slots [0, live); returns how many links are left. */
static size_t keep_first_ones(spanlink_list *list, const workspace space) {
    size_t live = list->live, kept = 0;
    size_t fetched = space.mask >= LARGE ? AHEAD : live;
    for (size_t i = 0; i < live; i++) {
        if (fetched < live) {
            prefetch(home(&space, entry_of(&space, fetched++)));
        }
        if (spanlink_list_names_a_span(&space.slots[i].context) && seen_before(&space, i, kept)) {
            spanlink_list_drop_block(list, &space.slots[i]);
            continue;
        }
        if (kept != i) {
            keep_at(&space, i, kept);
        }
        kept++;
    }
    return kept;
}

spanlink_status spanlink_list_dedup(spanlink_list *list) {
    if (list == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_list_begin_change(list);
    if (list->unique || list->live == 0) {
        return SPANLINK_OK;
    }
    spanlink_span_index *index = &list->index;
    size_t size = spanlink_span_index_size(list->live);
    if (size > index->size && !spanlink_span_index_resize(index, &list->allocator, size)) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    spanlink_list_close_gaps(list);
    const workspace space = {list->slots, list->keys, index->entries, size - 1, index->seed};
    size_t kept = keep_first_ones(list, space);
    memset(index->entries, 0, size * sizeof *index->entries);
    spanlink_list_count(&list->duplicate, list->live - kept);
    spanlink_list_links_changed(list, kept);
    return SPANLINK_OK;
}
