/* SPDX-License-Identifier: MIT */
/*
 * Blocks of memory in a chain of chunks, for an owner that knows all blocks in use.
 *
 * Blocks are taken in sequence. Dropped blocks are only counted as garbage. When the chain is full
 * and packing would gain at least as much as it moves, the owner packs: it rewinds the arena and
 * takes each block in use again, in the old order, moving it there. No block moves towards the end,
 * because with fewer blocks before it each fits at its old place or an earlier one. So packing
 * needs no second memory, and an endless stream of blocks, few of them in use, needs bounded
 * memory.
 *
 * A block's size excludes its header; sums over several blocks include the headers.
 */
#ifndef SPANLINK_INTERNAL_ARENA_H
#define SPANLINK_INTERNAL_ARENA_H

#include "internal/memory.h"

#include <assert.h>

typedef struct slnk_arena_chunk {
    struct slnk_arena_chunk *next;
    size_t size; /* of the bytes after this struct */
} slnk_arena_chunk;

typedef struct slnk_arena {
    slnk_arena_chunk *first, *current; /* the first one is lent by the owner */
    char *next;                        /* the place of the current chunk's next block */
    size_t room;                       /* the maximum size of that block: a multiple of 8 */
    size_t total;                      /* bytes in all chunks */
    size_t taken, garbage;             /* bytes in blocks, and in dropped blocks */
} slnk_arena;

/* Each block is preceded by its size. */
#define SLNK_ARENA_HEADER sizeof(uint64_t)

static inline uint64_t *slnk_arena_header(const void *block) {
    return (uint64_t *)(uintptr_t)block - 1;
}

/* The bytes of a block, without its header. */
static inline size_t slnk_arena_block_size(const void *block) {
    return (size_t)*slnk_arena_header(block) - SLNK_ARENA_HEADER;
}

/* The free bytes of the current chunk, with the next block's header. */
static inline size_t slnk_arena_left(const slnk_arena *arena) {
    return arena->room == 0 ? 0 : arena->room + SLNK_ARENA_HEADER;
}

/* Goes to the start of a chunk. */
static inline void slnk_arena_enter(slnk_arena *arena, slnk_arena_chunk *chunk) {
    bool is_empty = chunk->size == 0;
    arena->current = chunk;
    arena->next = (char *)(chunk + 1) + (is_empty ? 0 : SLNK_ARENA_HEADER);
    arena->room = chunk->size - (is_empty ? 0 : SLNK_ARENA_HEADER);
}

/* Moves on to the next chunk if a block fits there but not into the current one, as taking the
 * block would. Returns whether it moved. */
bool slnk_arena_move_on(slnk_arena *arena, size_t size);

/*
 * Takes a block of `size` bytes, a multiple of 8, which must fit at `next`. A caller may write
 * there before it takes the block, if it takes no other block in between.
 */
static inline void *slnk_arena_take_next(slnk_arena *arena, const void *place, size_t size) {
    assert(place == arena->next && size <= arena->room);
    char *block = arena->next;
    size_t whole = size + SLNK_ARENA_HEADER, room = arena->room - size;
    (void)place;
    *slnk_arena_header(block) = whole;
    bool is_full = room <= SLNK_ARENA_HEADER;
    arena->next = block + (is_full ? size : whole);
    arena->room = is_full ? 0 : room - SLNK_ARENA_HEADER;
    arena->taken += whole;
    return block;
}

/* Goes to the first chunk with enough space for a block. There must be one. */
static inline void slnk_arena_go_to(slnk_arena *arena, size_t size) {
    while (arena->room < size) {
        slnk_arena_enter(arena, arena->current->next);
    }
}

/* Takes a block from the first chunk with enough space. There must be one. */
static inline void *slnk_arena_take(slnk_arena *arena, size_t size) {
    slnk_arena_go_to(arena, size);
    return slnk_arena_take_next(arena, arena->next, size);
}

/* Drops a block. */
static inline void slnk_arena_drop(slnk_arena *arena, const void *block) {
    arena->garbage += (size_t)*slnk_arena_header(block);
}

static inline size_t slnk_arena_in_use(const slnk_arena *arena) {
    return arena->taken - arena->garbage;
}

/*
 * Whether packing moves no more than it gains and than will be added, so that its cost is
 * amortised. The owner visits `owned` items that may each have a block: items without one must not
 * be too many either, so each counts as much as a block's header.
 */
static inline bool slnk_arena_worth_packing(const slnk_arena *arena, size_t owned, size_t to_come) {
    size_t gain = slnk_size_add(arena->garbage, to_come);
    return arena->garbage != 0 && gain >= slnk_arena_in_use(arena) &&
           gain / SLNK_ARENA_HEADER >= owned;
}

/* Starts again at the first chunk, with no block in use: to pack, or to empty the arena. */
static inline void slnk_arena_rewind(slnk_arena *arena) {
    slnk_arena_enter(arena, arena->first);
    arena->taken = arena->garbage = 0;
}

/* Initialises an arena. Its first chunk is in memory of the owner: aligned to 8, at least the size
 * of a chunk struct. */
void slnk_arena_lend(slnk_arena *arena, void *memory, size_t size);

/* Exchanges the chunks of two arenas, except the first ones, which are lent. The first one of `b`
 * has no space. */
void slnk_arena_exchange(slnk_arena *a, slnk_arena *b);

/* Whether blocks of `total` bytes together, each of at most `largest` bytes, fit into the rest of
 * the arena. */
bool slnk_arena_has_room(const slnk_arena *arena, size_t total, size_t largest);

/* Adds a chunk of at least `total` bytes, and more if the arena is large, so that growth takes few
 * steps. */
bool slnk_arena_grow(slnk_arena *arena, const spanlink_allocator *allocator, size_t total);

/* Enlarges the only allocated chunk of the arena by `total` bytes. It may move, with all its
 * blocks. */
bool slnk_arena_stretch(slnk_arena *arena, const spanlink_allocator *allocator, size_t total);

void slnk_arena_release(slnk_arena *arena, const spanlink_allocator *allocator);

/*
 * The most bytes that all chunks together take from an allocator, with `granule` bytes lost per
 * chunk, in addition to the `lent` bytes of the first chunk. At most `in_use` blocks of `block`
 * bytes are in use when space for others is requested, for at most `asked` at once. SIZE_MAX if
 * that does not fit in a size_t.
 */
size_t slnk_arena_bound(size_t lent, size_t in_use, size_t asked, size_t block, size_t granule);

/* The same for an arena whose only chunk is stretched. The pool also holds `others` bytes that were
 * requested after the chunk. */
size_t slnk_arena_stretch_bound(size_t in_use, size_t asked, size_t block, size_t others,
                                size_t granule);

#endif
