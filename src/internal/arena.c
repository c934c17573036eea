/* SPDX-License-Identifier: MIT */
#include "arena.h"

enum { LEAST_CHUNK = 512 };

void spanlink_arena_lend(spanlink_arena *arena, void *memory, size_t size) {
    spanlink_arena_chunk *chunk = memory;
    chunk->next = NULL;
    chunk->size = size - sizeof *chunk;
    arena->first = arena->current = chunk;
    arena->total = chunk->size;
}

/* What surely fits into `left` bytes: the block that does not fit any more may just miss it. */
static size_t certain_room(size_t left, size_t largest) {
    return left < largest ? 0 : left - (largest - sizeof(uint64_t));
}

bool spanlink_arena_has_room(const spanlink_arena *arena, size_t total, size_t largest) {
    size_t left = spanlink_arena_left(arena);
    size_t room = 0;
    for (const spanlink_arena_chunk *chunk = arena->current; chunk != NULL; chunk = chunk->next) {
        left = chunk == arena->current ? left : chunk->size;
        room += certain_room(left, largest);
        if (left >= total || room >= total) {
            return true;
        }
    }
    return false;
}

bool spanlink_arena_move_on(spanlink_arena *arena, size_t size) {
    spanlink_arena_chunk *next = arena->current->next;
    if (next == NULL || next->size < size) {
        return false;
    }
    arena->current = next;
    arena->used = 0;
    return true;
}

static size_t next_chunk_size(size_t total, size_t needed) {
    size_t size = total / 2 > LEAST_CHUNK ? total / 2 & ~(size_t)7 : LEAST_CHUNK;
    return size > needed ? size : needed;
}

static spanlink_arena_chunk **last_link(spanlink_arena *arena) {
    spanlink_arena_chunk **link = &arena->first;
    while (*link != NULL) {
        link = &(*link)->next;
    }
    return link;
}

bool spanlink_arena_grow(spanlink_arena *arena, const spanlink_allocator *allocator, size_t total) {
    size_t size = next_chunk_size(arena->total, total);
    size_t bytes = spanlink_size_add(size, sizeof(spanlink_arena_chunk));
    spanlink_arena_chunk *chunk =
        bytes == SIZE_MAX ? NULL : spanlink_memory_allocate(allocator, bytes);
    if (chunk == NULL) {
        return false;
    }
    *chunk = (spanlink_arena_chunk){.size = size};
    *last_link(arena) = chunk;
    arena->total += size;
    return true;
}

void spanlink_arena_release(spanlink_arena *arena, const spanlink_allocator *allocator) {
    spanlink_arena_chunk *next;
    for (spanlink_arena_chunk *chunk = arena->first->next; chunk != NULL; chunk = next) {
        next = chunk->next;
        spanlink_memory_release(allocator, chunk, sizeof *chunk + chunk->size);
    }
}

/*
 * A chunk is added only where room is missing although packing is not worth it, or has just been
 * done: then what is in use, the garbage, and what is asked for are below three times `blocks`
 * blocks, and a block's worth may be lost at the end of each chunk. The last chunk is the largest
 * of what was asked for and half of all others.
 */
size_t spanlink_arena_bound(size_t blocks, size_t block, size_t granule) {
    size_t full = spanlink_size_multiply(spanlink_size_multiply(blocks, block), 3);
    size_t chunks = 0;
    size_t reached = full;
    for (size_t total = 0; total < reached && reached != SIZE_MAX; chunks++) {
        total = spanlink_size_add(total, next_chunk_size(total, 0));
        reached = spanlink_size_add(full, spanlink_size_multiply(chunks + 1, block));
    }
    size_t asked = spanlink_size_multiply(blocks, block);
    size_t last = next_chunk_size(reached, asked);
    size_t lost = spanlink_size_multiply(chunks + 1, sizeof(spanlink_arena_chunk) + granule);
    return spanlink_size_add(spanlink_size_add(reached, last), lost);
}
