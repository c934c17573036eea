/* SPDX-License-Identifier: MIT */
#include <spanlink/dedup.h>

#include "internal/compiler.h"
#include "internal/list/slots.h"

/*
 * What the loop works with: copies of fields of the list, which the compiler would otherwise load
 * again after each store, and the part of the table that this number of links needs.
 */
typedef struct workspace {
    spanlink_link *links;
    slnk_slot *slots;
    const slnk_overflow *told; /* the list's policy; NULL if it has no functions to call */
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

/* The progress of the loop: links read, and links kept. */
typedef struct progress {
    size_t seen, kept;
} progress;

/* The entry of a slot's link, without its position. */
static SLNK_MERGED uint64_t entry_of(const workspace *space, size_t number) {
    const spanlink_context *context = &space->links[number].context;
    uint64_t hash = slnk_hash_span(space->seed, context->trace_id, context->span_id);
    return slnk_span_index_entry(hash, 0);
}

/* Whether a link before `kept` has the span of a link; if not, enters the span at `kept`. */
static inline slnk_span_index_finding find_or_enter(const workspace *space,
                                                    const spanlink_context *context, uint64_t entry,
                                                    size_t kept) {
    slnk_span_index_table table = {space->entries, space->mask, space->links, 0};
    size_t slot = 0;
    slnk_span_index_finding found = slnk_span_index_find(table, entry, context, &slot);
    if (found == SLNK_SPAN_INDEX_NEW) {
        space->entries[slot] = entry | (uint32_t)kept;
    }
    return found;
}

/* Keeps the next link, after the `kept` ones. */
static inline void keep_next(spanlink_list *list, const workspace *space, progress *done) {
    size_t from = done->seen++, to = done->kept++;
    if (from != to) {
        space->links[to] = space->links[from];
        space->slots[to] = space->slots[from];
        if (space->told != NULL) {
            space->told->moved(list, from, to);
        }
    }
}

static inline void drop_next(spanlink_list *list, const workspace *space, progress *done) {
    size_t number = done->seen++;
    if (space->slots[number].content.block != NULL) {
        slnk_arena_drop(&list->arena, space->slots[number].content.block);
    }
    if (space->told != NULL) {
        space->told->removed(list, number);
    }
}

/* Keeps or drops the next link. False, and neither, if the search was long: a crowded table. */
static SLNK_MERGED bool keep_or_drop_next(spanlink_list *list, const workspace *space,
                                          progress *done, uint64_t entry) {
    const spanlink_context *context = &space->links[done->seen].context;
    slnk_span_index_finding found = SLNK_SPAN_INDEX_NEW;
    if (slnk_context_has_trace_id(context)) {
        found = find_or_enter(space, context, entry, done->kept);
    }
    if (found == SLNK_SPAN_INDEX_NEW) {
        keep_next(list, space, done);
    } else if (found == SLNK_SPAN_INDEX_FOUND) {
        drop_next(list, space, done);
    }
    return found != SLNK_SPAN_INDEX_LONG;
}

/* Removes all duplicates from slots [0, live), or up to where the table becomes crowded. */
static progress keep_first_ones(spanlink_list *list, const workspace space) {
    progress done = {0, 0};
    while (done.seen < list->live &&
           keep_or_drop_next(list, &space, &done, entry_of(&space, done.seen))) {
    }
    return done;
}

/*
 * The same for tables and links that are larger than the CPU's inner caches: in groups, which
 * prefetch first their table entries and then the earlier links, so that the memory accesses
 * overlap. This takes a fifth less time for a million links, a fourteenth less for 10,000, though
 * a fifth more instructions, and more time for 128.
 */

enum { GROUP = 16, LARGE = 1 << 15 };

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
            prefetch(&space->links[(uint32_t)other].context);
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

/* Removes all duplicates, with `size` slots of the table. False if the table became crowded: the
 * rest of the links is then not checked. */
static bool remove_repeats(spanlink_list *list, size_t size) {
    uint64_t *entries = list->index.entries;
    const slnk_overflow *told = list->policy->moved == NULL ? NULL : list->policy;
    const workspace space = {list->links, list->slots, told, entries, size - 1, list->index.seed};
    bool many = SLNK_UNLESS_SMALL(size >= LARGE);
    progress done = many ? keep_first_ones_of_many(list, space) : keep_first_ones(list, space);
    bool all = done.seen == list->live;
    while (done.seen < list->live) {
        keep_next(list, &space, &done);
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
    while (!remove_repeats(list, size)) { /* an attacker may know the seed */
        index->seed = slnk_hash_seed_renew(index->seed, index);
    }
    slnk_list_count(&list->duplicate, offered - list->live);
    slnk_list_links_changed(list, list->live);
    return SPANLINK_OK;
}
