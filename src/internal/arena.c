/* SPDX-License-Identifier: MIT */
#include "internal/arena.h"

enum { LEAST_CHUNK = 512 };

void slnk_arena_lend(slnk_arena *arena, void *memory, size_t size) {
    slnk_arena_chunk *chunk = memory;
    chunk->next = NULL;
    chunk->size = size - sizeof *chunk;
    arena->first = chunk;
    arena->total = chunk->size;
    slnk_arena_enter(arena, chunk);
}

void slnk_arena_exchange(slnk_arena *a, slnk_arena *b) {
    slnk_arena held = *a;
    slnk_arena_chunk *lent = a->first, *other = b->first, *next = lent->next;
    assert(other->size == 0);
    lent->next = other->next;
    other->next = next;
    *a = *b;
    a->first = lent;
    a->total += lent->size;
    if (a->current == other) { /* which contains no block */
        slnk_arena_enter(a, lent);
    }
    *b = held;
    b->first = other;
    b->total -= lent->size;
    slnk_arena_enter(b, other);
}

/*
 * Bytes guaranteed usable of `left`: the end of a chunk may be just too short for the next block.
 */
static size_t certain_room(size_t left, size_t largest) {
    return left < largest ? 0 : left - (largest - sizeof(uint64_t));
}

bool slnk_arena_has_room(const slnk_arena *arena, size_t total, size_t largest) {
    size_t left = slnk_arena_left(arena);
    size_t room = 0;
    for (const slnk_arena_chunk *chunk = arena->current; chunk != NULL; chunk = chunk->next) {
        left = chunk == arena->current ? left : chunk->size;
        room += certain_room(left, largest);
        if (left >= total || room >= total) {
            return true;
        }
    }
    return false;
}

bool slnk_arena_move_on(slnk_arena *arena, size_t size) {
    slnk_arena_chunk *next = arena->current->next;
    if (arena->room >= size || next == NULL || next->size < size + SLNK_ARENA_HEADER) {
        return false;
    }
    slnk_arena_enter(arena, next);
    return true;
}

static size_t next_chunk_size(size_t total, size_t needed) {
    size_t size = total / 2 > LEAST_CHUNK ? total / 2 & ~(size_t)7 : LEAST_CHUNK;
    return size > needed ? size : needed;
}

static size_t stretched_size(size_t size) {
    return slnk_size_add(size, size / 4 & ~(size_t)7);
}

static slnk_arena_chunk **last_link(slnk_arena *arena) {
    slnk_arena_chunk **link = &arena->first;
    while (*link != NULL) {
        link = &(*link)->next;
    }
    return link;
}

bool slnk_arena_grow(slnk_arena *arena, const spanlink_allocator *allocator, size_t total) {
    size_t size = next_chunk_size(arena->total, total);
    size_t bytes = slnk_size_add(size, sizeof(slnk_arena_chunk));
    slnk_arena_chunk *chunk = slnk_memory_allocate(allocator, bytes);
    if (chunk == NULL) {
        return false;
    }
    *chunk = (slnk_arena_chunk){.size = size};
    *last_link(arena) = chunk;
    arena->total += size;
    return true;
}

bool slnk_arena_stretch(slnk_arena *arena, const spanlink_allocator *allocator, size_t total) {
    slnk_arena_chunk *own = arena->first->next;
    if (own == NULL) {
        return slnk_arena_grow(arena, allocator, total);
    }
    bool is_current = arena->current == own;
    size_t used = is_current ? own->size - slnk_arena_left(arena) : 0;
    size_t size = slnk_size_most(stretched_size(own->size), slnk_size_add(used, total));
    slnk_arena_chunk *chunk = slnk_memory_resize(allocator, own, sizeof *own + own->size,
                                                 slnk_size_add(sizeof *own, size));
    if (chunk == NULL) {
        return false;
    }
    arena->total += size - chunk->size;
    arena->first->next = chunk;
    chunk->size = size;
    if (is_current) {
        slnk_arena_enter(arena, chunk);
        arena->next += used;
        arena->room -= used; /* the new part is larger than a block's header */
    }
    return true;
}

void slnk_arena_release(slnk_arena *arena, const spanlink_allocator *allocator) {
    slnk_arena_chunk *next;
    for (slnk_arena_chunk *chunk = arena->first->next; chunk != NULL; chunk = next) {
        next = chunk->next;
        slnk_memory_release(allocator, chunk, sizeof *chunk + chunk->size);
    }
}

/*
 * A chunk is added only if packing does not pay, or was just done. In the first case the bytes in
 * use, the garbage and the request are together below twice what can be in use. In addition, the
 * end of each chunk may be too short for a block. A chunk is at most the larger of the request and
 * half of all chunks before it; there are most chunks if each is no larger than necessary.
 */
size_t slnk_arena_bound(size_t lent, size_t in_use, size_t asked, size_t block, size_t granule) {
    size_t full = slnk_size_multiply(slnk_size_multiply(in_use, block), 2);
    size_t largest = slnk_size_multiply(asked, block);
    size_t total = lent, lost = slnk_size_least(lent, block), chunks = 0, reached = 0;
    for (; total <= slnk_size_add(full, lost); chunks++) {
        size_t size = next_chunk_size(total, 0);
        if (total > SIZE_MAX / 4) {
            return SIZE_MAX;
        }
        reached = slnk_size_add(full, lost);
        total += size;
        lost = slnk_size_add(lost, slnk_size_least(size, block));
    }
    if (chunks == 0) {
        return 0;
    }
    size_t heads = slnk_size_multiply(chunks + 1, sizeof(slnk_arena_chunk) + granule);
    size_t last = next_chunk_size(reached, largest);
    return slnk_size_add(slnk_size_most(total, slnk_size_add(reached, last)) - lent, heads);
}

/*
 * The chunk is stretched only if packing does not pay, or was just done: the bytes in use, the
 * garbage and the request are below twice what can be in use, or equal the request. A chunk that a
 * pool has moved leaves a hole of its old size. Earlier holes are smaller than what the pool has
 * placed after them.
 */
size_t slnk_arena_stretch_bound(size_t in_use, size_t asked, size_t block, size_t others,
                                size_t granule) {
    size_t blocks = slnk_size_most(slnk_size_multiply(in_use, 2), asked);
    size_t reached = slnk_size_multiply(blocks, block);
    size_t head = sizeof(slnk_arena_chunk) + granule;
    if (reached <= LEAST_CHUNK) {
        return reached == 0 ? 0 : LEAST_CHUNK + head;
    }
    size_t old_and_new = slnk_size_add(slnk_size_add(reached, head), stretched_size(reached));
    return slnk_size_add(slnk_size_add(old_and_new, head), others);
}
