/* SPDX-License-Identifier: MIT */
/*
 * A hash table from spans to the positions of their links. It stores no span: whoever asks has the
 * links and compares. Open addressing with linear probing, at most half full, entries removed by
 * moving back those behind, so that there are no tombstones and a stream can run through it for
 * ever.
 *
 * An entry is 64 bits: the upper half of the hash, its lowest bit set so that no entry is zero, and
 * the position. Only where the upper halves agree is the link itself looked at, which keeps dedup
 * of a million links off their memory.
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
    bool crowded; /* a search, or closing a hole, was long: all is to be spread by another seed */
} slnk_span_index;

/* Where probing begins, `mask` being the size less 1: bits of the hash that the entry holds too. */
static inline size_t slnk_span_index_home(size_t mask, uint64_t entry) {
    return (size_t)(entry >> 33) & mask;
}

/*
 * Whether a search that began at one slot and has come to another one is long. In a table that is
 * half full at most, whose seed nobody knows, fewer than one in 10^10 are. So the spans were chosen
 * by somebody who knows the seed, and the table takes another one: that keeps the work linear.
 */
static inline bool slnk_span_index_is_long(size_t mask, size_t first, size_t last) {
    return ((last - first) & mask) >= 128;
}

static inline uint64_t slnk_span_index_entry(uint64_t hash, uint32_t position) {
    return ((hash >> 32 | 1) << 32) | position;
}

/* What a search has come to. A long one ends without an answer. */
typedef enum slnk_span_index_finding {
    SLNK_SPAN_INDEX_NEW,
    SLNK_SPAN_INDEX_FOUND,
    SLNK_SPAN_INDEX_LONG
} slnk_span_index_finding;

/* A table to search in: `base` is what its positions are above the numbers of the links. */
typedef struct slnk_span_index_table {
    const uint64_t *entries;
    size_t mask;
    const spanlink_link *links;
    uint32_t base;
} slnk_span_index_table;

/* Searches the table for a span, whose entry is given but for its position. If it is new, *slot is
 * where its entry goes. */
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

/* Removes an entry that is there. */
void slnk_span_index_remove(slnk_span_index *index, uint64_t hash, uint32_t position);

/* Empties the table and keeps its memory. */
void slnk_span_index_clear(slnk_span_index *index);

/* Empties a crowded table, which takes another seed. */
void slnk_span_index_renew(slnk_span_index *index);

/* The size of the table for so many spans. SIZE_MAX where there can be none. */
size_t slnk_span_index_size(size_t spans);

/* Puts an empty table of that size in the place of the old one. False, and no change, without
 * memory. */
bool slnk_span_index_resize(slnk_span_index *index, const spanlink_allocator *allocator,
                            size_t size);

void slnk_span_index_release(slnk_span_index *index, const spanlink_allocator *allocator);

#endif
