/* SPDX-License-Identifier: MIT */
#include <spanlink/dedup.h>

#include "internal/compiler.h"
#include "internal/list.h"

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

static inline void prefetch(const void *address) {
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

/* Whether a link in front of `kept` has the span of a slot; enters the span at `kept` if not. */
static inline bool seen_before(const workspace *space, size_t number, uint64_t entry, size_t kept) {
    const spanlink_context *context = &space->slots[number].context;
    size_t slot = spanlink_span_index_home(space->mask, entry);
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

/* Keeps the link of a slot behind the `kept` ones, or drops it; returns how many these are then. */
static SPANLINK_MERGED size_t keep_or_drop(spanlink_list *list, const workspace *space,
                                           size_t number, uint64_t entry, size_t kept) {
    const spanlink_link *link = &space->slots[number];
    if (spanlink_list_names_a_span(&link->context) && seen_before(space, number, entry, kept)) {
        spanlink_list_drop_block(list, link);
        return kept;
    }
    if (kept != number) {
        keep_at(space, number, kept);
    }
    return kept + 1;
}

/* Removes all repeats from slots [0, live); returns how many links are left. */
static size_t keep_first_ones(spanlink_list *list, const workspace space) {
    size_t kept = 0;
    for (size_t i = 0; i < list->live; i++) {
        kept = keep_or_drop(list, &space, i, entry_of(&space, i), kept);
    }
    return kept;
}

/*
 * Does the same where table and links are larger than the caches: in groups, for which first the
 * table and then the earlier links are asked for, so that the memory's answers arrive together. A
 * million links take a fifth less time so; 10,000 take as long, and 128 longer.
 */

enum { GROUP = 16, LARGE = 1 << 16 };

static void fetch_entries(const workspace *space, size_t first, size_t count, uint64_t *entries) {
    for (size_t i = 0; i < count; i++) {
        entries[i] = entry_of(space, first + i);
        prefetch(&space->entries[spanlink_span_index_home(space->mask, entries[i])]);
    }
}

static void fetch_links(const workspace *space, const uint64_t *entries, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint64_t other = space->entries[spanlink_span_index_home(space->mask, entries[i])];
        if (other >> 32 == entries[i] >> 32) {
            prefetch(&space->slots[(uint32_t)other].context);
        }
    }
}

static size_t keep_first_ones_of_many(spanlink_list *list, const workspace space) {
    size_t kept = 0;
    for (size_t first = 0; first < list->live; first += GROUP) {
        uint64_t entries[GROUP];
        size_t left = list->live - first, count = left < GROUP ? left : GROUP;
        fetch_entries(&space, first, count, entries);
        fetch_links(&space, entries, count);
        for (size_t i = 0; i < count; i++) {
            kept = keep_or_drop(list, &space, first + i, entries[i], kept);
        }
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
    bool many = SPANLINK_UNLESS_SMALL(size >= LARGE);
    size_t kept = many ? keep_first_ones_of_many(list, space) : keep_first_ones(list, space);
    memset(index->entries, 0, size * sizeof *index->entries);
    spanlink_list_count(&list->duplicate, list->live - kept);
    spanlink_list_links_changed(list, kept);
    return SPANLINK_OK;
}
