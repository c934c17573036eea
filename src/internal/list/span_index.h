/* SPDX-License-Identifier: MIT */
/*
 * A hash table from spans to the positions of their links. It stores no spans: the caller has the
 * links and compares. Open addressing with linear probing, at most half full; removal moves the
 * following entries back, so that there are no tombstones and an endless stream can run through it.
 *
 * An entry is 64 bits: the upper half of the hash, its lowest bit set so that no entry is zero, and
 * the position. The link itself is read only if the upper halves are equal, which saves a dedup of
 * a million links most of their memory accesses.
 */
#ifndef SPANLINK_INTERNAL_LIST_SPAN_INDEX_H
#define SPANLINK_INTERNAL_LIST_SPAN_INDEX_H

#include "internal/compiler.h"
#include "internal/hash.h"
#include "internal/link_rules.h"
#include "internal/memory.h"

#include <spanlink/list.h>

typedef struct slnk_span_index {
    uint64_t *entries; /* 0: free */
    size_t size;       /* a power of two, or 0 */
    size_t count;
    slnk_hash_seed seed;
    bool crowded; /* a search, or closing a hole, was long: the table must be rebuilt with another
                     seed */
} slnk_span_index;

/* The slot where probing begins, with `mask` the size minus 1: bits of the hash that the entry
 * contains too. */
static inline size_t slnk_span_index_home(size_t mask, uint64_t entry) {
    return (size_t)(entry >> 33) & mask;
}

/*
 * Whether a search from one slot to another is long. In a table that is at most half full, with an
 * unknown seed, the probability is below 10^-10. So the sender of the spans knows the seed, and the
 * table is rebuilt with another one: that keeps the work linear.
 */
static inline bool slnk_span_index_is_long(size_t mask, size_t first, size_t last) {
    return ((last - first) & mask) >= 128;
}

static inline uint64_t slnk_span_index_entry(uint64_t hash, uint32_t position) {
    return ((hash >> 32 | 1) << 32) | position;
}

/* The result of a search. A long one ends without an answer. */
typedef enum slnk_span_index_finding {
    SLNK_SPAN_INDEX_NEW,
    SLNK_SPAN_INDEX_FOUND,
    SLNK_SPAN_INDEX_LONG
} slnk_span_index_finding;

/* A table to search: its positions are `base` plus the numbers of the links. */
typedef struct slnk_span_index_table {
    const uint64_t *entries;
    size_t mask;
    const spanlink_link *links;
    uint32_t base;
} slnk_span_index_table;

/* Searches the table for a span, given its entry without the position. If it is new, *slot is the
 * slot for its entry. */
static SLNK_MERGED slnk_span_index_finding slnk_span_index_find(slnk_span_index_table table,
                                                                uint64_t entry,
                                                                const spanlink_context *context,
                                                                size_t *slot) {
    size_t home = slnk_span_index_home(table.mask, entry), at = home;
    for (; table.entries[at] != 0; at = (at + 1) & table.mask) {
        uint64_t other = table.entries[at];
        if (other >> 32 == entry >> 32 &&
            slnk_context_same_ids(&table.links[(uint32_t)other - table.base].context, context)) {
            return SLNK_SPAN_INDEX_FOUND;
        }
        if (slnk_span_index_is_long(table.mask, home, at)) {
            return SLNK_SPAN_INDEX_LONG;
        }
    }
    *slot = at;
    return SLNK_SPAN_INDEX_NEW;
}

static inline void slnk_span_index_insert(slnk_span_index *index, uint64_t hash,
                                          uint32_t position) {
    uint64_t entry = slnk_span_index_entry(hash, position);
    size_t slot = slnk_span_index_home(index->size - 1, entry);
    while (index->entries[slot] != 0) {
        slot = (slot + 1) & (index->size - 1);
    }
    index->entries[slot] = entry;
    index->count++;
}

/* Removes an existing entry. */
void slnk_span_index_remove(slnk_span_index *index, uint64_t hash, uint32_t position);

/* Empties the table and keeps its memory. */
void slnk_span_index_clear(slnk_span_index *index);

/* Empties a crowded table and gives it another seed. */
void slnk_span_index_renew(slnk_span_index *index);

/* The size of the table for a number of spans. SIZE_MAX if that is impossible. */
size_t slnk_span_index_size(size_t spans);

/* Replaces the table by an empty one of that size. False, and no change, if memory ran out. */
bool slnk_span_index_resize(slnk_span_index *index, const spanlink_allocator *allocator,
                            size_t size);

void slnk_span_index_release(slnk_span_index *index, const spanlink_allocator *allocator);

#endif
