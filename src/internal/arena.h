/* SPDX-License-Identifier: MIT */
/*
 * Blocks of memory in a chain of chunks, for an owner who knows all blocks that are in use.
 *
 * Blocks are taken one behind the other. What is dropped is only counted as garbage. When the chain
 * is full and packing would gain as much as it moves, the owner packs: it rewinds the arena and
 * takes each block that is in use again, in the old order, moving it there. No block then moves
 * towards the end, because with fewer blocks before it each finds room at its old place or an
 * earlier one. So packing needs no second memory, and an endless stream of blocks, few of them in
 * use, needs bounded memory.
 *
 * A block's size is without its header; sums over many blocks count the headers.
 */
#ifndef SPANLINK_INTERNAL_ARENA_H
#define SPANLINK_INTERNAL_ARENA_H

#include "internal/memory.h"

#include <assert.h>

typedef struct slnk_arena_chunk {
    struct slnk_arena_chunk *next;
    size_t size; /* of the bytes behind this struct */
} slnk_arena_chunk;

typedef struct slnk_arena {
    slnk_arena_chunk *first, *current; /* the first is lent: its memory is the owner's */
    size_t used;                       /* bytes taken from the current chunk */
    size_t total;                      /* bytes in all chunks */
    size_t in_use, garbage;            /* bytes in blocks */
} slnk_arena;

/* Each block's size stands in front of it. */
#define SLNK_ARENA_HEADER sizeof(uint64_t)

static inline uint64_t *slnk_arena_header(const void *block) {
    return (uint64_t *)(uintptr_t)block - 1;
}

/* The bytes of a block, without its header. */
static inline size_t slnk_arena_block_size(const void *block) {
    return (size_t)*slnk_arena_header(block) - SLNK_ARENA_HEADER;
}

static inline size_t slnk_arena_left(const slnk_arena *arena) {
    return arena->current->size - arena->used;
}

/*
 * Memory that is not taken yet: where the next block will be, if it fits into the current chunk. A
 * caller may write there before it knows how much it needs, or whether it needs anything.
 */
typedef struct slnk_arena_place {
    void *block;
    size_t room; /* without the header; a multiple of 8 */
} slnk_arena_place;

static inline slnk_arena_place slnk_arena_next(const slnk_arena *arena) {
    size_t left = slnk_arena_left(arena);
    slnk_arena_place place = {NULL, 0};
    if (left > SLNK_ARENA_HEADER) {
        place.block = (char *)(arena->current + 1) + arena->used + SLNK_ARENA_HEADER;
        place.room = left - SLNK_ARENA_HEADER;
    }
    return place;
}

/* Takes the next block, of `size` bytes, a multiple of 8, at the place where it is still free. */
static inline void *slnk_arena_take_next(slnk_arena *arena, slnk_arena_place place, size_t size) {
    assert(place.block == slnk_arena_next(arena).block && size <= place.room);
    size_t whole = size + SLNK_ARENA_HEADER;
    *slnk_arena_header(place.block) = whole;
    arena->used += whole;
    arena->in_use += whole;
    return place.block;
}

/* Takes a block, from the first chunk that has room. There is one. */
static inline void *slnk_arena_take(slnk_arena *arena, size_t size) {
    while (slnk_arena_left(arena) < size + SLNK_ARENA_HEADER) {
        arena->current = arena->current->next;
        arena->used = 0;
    }
    return slnk_arena_take_next(arena, slnk_arena_next(arena), size);
}

/* Gives up a block. */
static inline void slnk_arena_drop(slnk_arena *arena, const void *block) {
    size_t size = (size_t)*slnk_arena_header(block);
    arena->in_use -= size;
    arena->garbage += size;
}

/*
 * Whether packing moves no more than it gains and than is to come, so that its cost is shared out.
 * The owner walks over `owned` things that may each have a block: those without one must not be too
 * many either, so each counts as much as a block's header.
 */
static inline bool slnk_arena_worth_packing(const slnk_arena *arena, size_t owned, size_t to_come) {
    size_t gain = slnk_size_add(arena->garbage, to_come);
    return arena->garbage != 0 && gain >= arena->in_use && gain / SLNK_ARENA_HEADER >= owned;
}

/* Starts again at the first chunk with no block in use, to pack or to begin anew. */
static inline void slnk_arena_rewind(slnk_arena *arena) {
    arena->current = arena->first;
    arena->used = arena->in_use = arena->garbage = 0;
}

/* Makes an arena. Its first chunk is in memory that the owner keeps: aligned to 8, a chunk struct
 * at least. */
void slnk_arena_lend(slnk_arena *arena, void *memory, size_t size);

/* Exchanges the chunks of two arenas, but for the first ones, which are lent. The first one of `b`
 * has no room. */
void slnk_arena_exchange(slnk_arena *a, slnk_arena *b);

/* Whether blocks of `total` bytes together, each of `largest` at most, fit from here on. */
bool slnk_arena_has_room(const slnk_arena *arena, size_t total, size_t largest);

/* Adds a chunk that holds `total` bytes, and more where there is much already, so that steps are
 * few. */
bool slnk_arena_grow(slnk_arena *arena, const spanlink_allocator *allocator, size_t total);

void slnk_arena_release(slnk_arena *arena, const spanlink_allocator *allocator);

/*
 * The most bytes that all chunks together ever take from an allocator, `granule` lost with each,
 * while at most `blocks` blocks of `block` bytes are in use, or asked room for at once. SIZE_MAX
 * where that is more than size_t holds.
 */
size_t slnk_arena_bound(size_t blocks, size_t block, size_t granule);

#endif
