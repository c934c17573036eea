/* SPDX-License-Identifier: MIT */
#include <spanlink/dedup.h>

#include "internal/compiler.h"
#include "internal/list/slots.h"

/*
 * What the loop works with: copies of what stands in the list, which the compiler would load again
 * after each store, and the part of the table that so many links need.
 */
typedef struct workspace {
    spanlink_link *slots;
    uint64_t *keys;
    uint64_t *entries;
    size_t mask;
    slnk_hash_seed seed;
} workspace;

static inline void prefetch(const void *address) {
#ifdef __GNUC__
    __builtin_prefetch(address);
#else
    (void)address;
#endif
}

/* What the loop finds of a link. A long search ends without an answer: the table is crowded. */
typedef enum finding { NEW, REPEATED, CROWDED } finding;

/* How far the loop has come: links that it has seen, and those of them that it has kept. */
typedef struct progress {
    size_t seen, kept;
} progress;

/* The entry of a slot's link, but for its position. */
static inline uint64_t entry_of(const workspace *space, size_t number) {
    const spanlink_context *context = &space->slots[number].context;
    uint64_t hash = slnk_hash_span(space->seed, context->trace_id, context->span_id);
    return slnk_span_index_entry(hash, 0);
}

/* Whether a link in front of `kept` has the span of a slot; enters the span at `kept` if not. */
static inline finding find_or_enter(const workspace *space, size_t number, uint64_t entry,
                                    size_t kept) {
    const spanlink_context *context = &space->slots[number].context;
    size_t home = slnk_span_index_home(space->mask, entry), slot = home;
    for (; space->entries[slot] != 0; slot = (slot + 1) & space->mask) {
        uint64_t other = space->entries[slot];
        if (other >> 32 == entry >> 32 &&
            slnk_list_same_ids(&space->slots[(uint32_t)other].context, context)) {
            return REPEATED;
        }
        if (slnk_span_index_is_long(space->mask, home, slot)) {
            return CROWDED;
        }
    }
    space->entries[slot] = entry | (uint32_t)kept;
    return NEW;
}

static inline void keep_at(const workspace *space, size_t from, size_t to) {
    space->slots[to] = space->slots[from];
    if (space->keys != NULL) {
        space->keys[to] = space->keys[from];
    }
}

/* Keeps the next link behind the `kept` ones, or drops it. False, and neither, in a crowded table.
 */
static SLNK_MERGED bool keep_or_drop_next(spanlink_list *list, const workspace *space,
                                          progress *done, uint64_t entry) {
    const spanlink_link *link = &space->slots[done->seen];
    finding found = NEW;
    if (slnk_list_names_a_span(&link->context)) {
        found = find_or_enter(space, done->seen, entry, done->kept);
    }
    if (found == CROWDED) {
        return false;
    }
    if (found == REPEATED) {
        slnk_list_drop_block(list, link);
    } else if (done->kept++ != done->seen) {
        keep_at(space, done->seen, done->kept - 1);
    }
    done->seen++;
    return true;
}

/* Removes all repeats from slots [0, live), or up to where the table is crowded. */
static progress keep_first_ones(spanlink_list *list, const workspace space) {
    progress done = {0, 0};
    while (done.seen < list->live &&
           keep_or_drop_next(list, &space, &done, entry_of(&space, done.seen))) {
    }
    return done;
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
        prefetch(&space->entries[slnk_span_index_home(space->mask, entries[i])]);
    }
}

static void fetch_links(const workspace *space, const uint64_t *entries, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint64_t other = space->entries[slnk_span_index_home(space->mask, entries[i])];
        if (other >> 32 == entries[i] >> 32) {
            prefetch(&space->slots[(uint32_t)other].context);
        }
    }
}

static progress keep_first_ones_of_many(spanlink_list *list, const workspace space) {
    progress done = {0, 0};
    while (done.seen < list->live) {
        uint64_t entries[GROUP];
        size_t left = list->live - done.seen, count = left < GROUP ? left : GROUP;
        fetch_entries(&space, done.seen, count, entries);
        fetch_links(&space, entries, count);
        for (size_t i = 0; i < count; i++) {
            if (!keep_or_drop_next(list, &space, &done, entries[i])) {
                return done;
            }
        }
    }
    return done;
}

/* Removes all repeats, with `size` slots of the table. False if that became crowded: then of some
 * links it is not known yet whether they are repeats. */
static bool remove_repeats(spanlink_list *list, size_t size) {
    uint64_t *entries = list->index.entries;
    const workspace space = {list->slots, list->keys, entries, size - 1, list->index.seed};
    bool many = SLNK_UNLESS_SMALL(size >= LARGE);
    progress done = many ? keep_first_ones_of_many(list, space) : keep_first_ones(list, space);
    bool all = done.seen == list->live;
    for (; done.seen < list->live; done.seen++) {
        keep_at(&space, done.seen, done.kept++);
    }
    list->live = done.kept;
    memset(entries, 0, size * sizeof *entries);
    return all;
}

spanlink_status spanlink_list_dedup(spanlink_list *list) {
    if (list == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    slnk_list_begin_change(list);
    if (list->unique || list->live == 0) {
        return SPANLINK_OK;
    }
    slnk_span_index *index = &list->index;
    size_t size = slnk_span_index_size(list->live);
    if (size > index->size && !slnk_span_index_resize(index, &list->allocator, size)) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    slnk_list_close_gaps(list);
    size_t offered = list->live;
    while (!remove_repeats(list, size)) { /* who chose the spans may know the seed */
        index->seed = slnk_hash_seed_renew(index->seed, index);
    }
    slnk_list_count(&list->duplicate, offered - list->live);
    slnk_list_links_changed(list, list->live);
    return SPANLINK_OK;
}
