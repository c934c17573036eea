/* SPDX-License-Identifier: MIT */
#include "internal/list/span_index.h"

#include <assert.h>

/* Closes the gap at `hole`: the following entries move back, unless that would put them before
 * their home. */
static void close_hole(slnk_span_index *index, size_t hole) {
    size_t mask = index->size - 1, first = hole, slot = (hole + 1) & mask;
    for (; index->entries[slot] != 0; slot = (slot + 1) & mask) {
        size_t home = slnk_span_index_home(mask, index->entries[slot]);
        if (((slot - home) & mask) >= ((slot - hole) & mask)) {
            index->entries[hole] = index->entries[slot];
            hole = slot;
        }
    }
    index->entries[hole] = 0;
    if (slnk_span_index_is_long(mask, first, slot)) {
        index->crowded = true;
    }
}

void slnk_span_index_remove(slnk_span_index *index, uint64_t hash, uint32_t position) {
    uint64_t entry = slnk_span_index_entry(hash, position);
    size_t slot = slnk_span_index_home(index->size - 1, entry);
    while (index->entries[slot] != entry) {
        slot = (slot + 1) & (index->size - 1);
    }
    close_hole(index, slot);
    index->count--;
}

void slnk_span_index_clear(slnk_span_index *index) {
    if (index->count != 0) {
        memset(index->entries, 0, index->size * sizeof *index->entries);
        index->count = 0;
    }
}

void slnk_span_index_renew(slnk_span_index *index) {
    slnk_span_index_clear(index);
    index->seed = slnk_hash_seed_renew(index->seed, index);
    index->crowded = false;
}

/* A small table is at most a quarter full: a search then rarely needs a second probe, which would
 * be mispredicted. A stream through a list of 128 takes a quarter less time. */
static size_t most_spans(size_t size) {
    return size <= 2048 ? size / 4 : size / 2;
}

size_t slnk_span_index_size(size_t spans) {
    size_t size = 16;
    while (most_spans(size) < spans) {
        if (size > SIZE_MAX / 2 / sizeof(uint64_t)) {
            return SIZE_MAX;
        }
        size *= 2;
    }
    return size;
}

bool slnk_span_index_resize(slnk_span_index *index, const spanlink_allocator *allocator,
                            size_t size) {
    assert(size != SIZE_MAX); /* a list's slots are larger and would have failed first */
    uint64_t *entries = slnk_memory_allocate(allocator, size * sizeof *index->entries);
    if (entries == NULL) {
        return false;
    }
    memset(entries, 0, size * sizeof *entries);
    slnk_span_index_release(index, allocator);
    index->entries = entries;
    index->size = size;
    index->count = 0;
    return true;
}

void slnk_span_index_release(slnk_span_index *index, const spanlink_allocator *allocator) {
    slnk_memory_release(allocator, index->entries, index->size * sizeof *index->entries);
}
