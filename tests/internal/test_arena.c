/* SPDX-License-Identifier: MIT */
/* Compares the memory that an arena uses and its capacity with the precomputed bounds. */
#include "test.h"
#include "test_fixtures.h"

#include "internal/arena.h"

static slnk_arena arena;
static slnk_arena_chunk none;
static spanlink_allocator allocator;

static void release(void *ended) {
    slnk_arena_release(ended, &allocator);
}

static void begin(void) {
    arena = (slnk_arena){.garbage = 0};
    allocator = test_counted();
    slnk_arena_lend(&arena, &none, sizeof none);
    test_keep(&arena, release);
}

/* Moves the only block to the front. */
static void *pack(void *block) {
    size_t size = slnk_arena_block_size(block);
    slnk_arena_rewind(&arena);
    return memmove(slnk_arena_take(&arena, size), block, size);
}

/* Frees memory as a list does. Returns the new address of the block. */
static void *make_room(void *block, size_t size) {
    bool has_room = slnk_arena_has_room(&arena, size, size);
    if (!has_room && slnk_arena_worth_packing(&arena, 1, size)) {
        block = pack(block);
        has_room = slnk_arena_has_room(&arena, size, size);
    }
    if (!has_room) {
        assert_true(slnk_arena_grow(&arena, &allocator, size));
    }
    return block;
}

/* Each block is slightly larger than the one that it replaces, so that the chunk of the old one may
 * be too small for it. */
TEST(one_block_that_grows_takes_no_more_than_the_bound) {
    enum { LARGEST = 16000, GRANULE = 16 };
    void *block = NULL;
    begin();
    for (size_t size = 16; size <= LARGEST; size += 8) {
        block = make_room(block, size);
        void *next = slnk_arena_take(&arena, size - SLNK_ARENA_HEADER);
        if (block != NULL) {
            slnk_arena_drop(&arena, block);
        }
        block = next;
        size_t bytes = test_heap.live_bytes + GRANULE * test_heap.live_blocks;
        assert_true(bytes <= slnk_arena_bound(0, 1, 1, LARGEST, GRANULE));
    }
}

/* Makes a chunk with one block, which has 16 bytes with its header. */
static void *begin_with_a_block(void) {
    begin();
    assert_true(slnk_arena_stretch(&arena, &allocator, 16));
    return slnk_arena_take(&arena, 8);
}

TEST(a_stretched_chunk_keeps_its_blocks) {
    memset(begin_with_a_block(), 'x', 8);
    for (size_t size = 512; size < 100000; size *= 2) {
        assert_true(slnk_arena_stretch(&arena, &allocator, size));
        assert_true(slnk_arena_has_room(&arena, size, size));
        assert_int_equal(arena.first->next->size, arena.total);
        const uint64_t *first = (const void *)(arena.first->next + 1);
        assert_int_equal(16, first[0]);
        assert_memory_equal("xxxxxxxx", &first[1], 8);
        void *block = slnk_arena_take(&arena, 8);
        assert_true((uint64_t *)block >= first + 3);
    }
    assert_int_equal(1, test_heap.live_blocks);
}

TEST(a_chunk_without_a_block_in_use_is_stretched_to_what_is_asked_for) {
    begin_with_a_block();
    slnk_arena_rewind(&arena);
    assert_true(slnk_arena_stretch(&arena, &allocator, 4096));
    assert_int_equal(4096, arena.total);
    assert_ptr_equal(&none, arena.current);
}

TEST(a_chunk_that_cannot_be_stretched_stays_as_it_is) {
    begin_with_a_block();
    slnk_arena before = arena;
    assert_false(slnk_arena_stretch(&arena, &allocator, SIZE_MAX));
    test_heap.fail_at = test_heap.calls + 1;
    assert_false(slnk_arena_stretch(&arena, &allocator, 4096));
    assert_memory_equal(&before, &arena, sizeof arena);
}

TEST(what_is_lent_is_enough_for_few_blocks) {
    assert_int_equal(0, slnk_arena_bound(4096, 16, 16, 64, 16));
    assert_true(slnk_arena_bound(4096, 16, 16, 256, 16) != 0);
    assert_true(slnk_arena_bound(0, SIZE_MAX, 1, 64, 16) == SIZE_MAX);
}

/* Whether blocks of unknown order fit into `count` chunks of `size` bytes each. */
static bool chunks_have_room(size_t count, size_t size, size_t total, size_t largest) {
    slnk_arena_chunk chunks[40] = {{.next = NULL}};
    for (size_t i = 0; i < count; i++) {
        chunks[i] = (slnk_arena_chunk){i + 1 < count ? &chunks[i + 1] : NULL, size};
    }
    slnk_arena filled = {.first = chunks};
    slnk_arena_enter(&filled, chunks);
    return slnk_arena_has_room(&filled, total, largest);
}

TEST(blocks_that_fit_in_every_order_have_room) {
    assert_true(chunks_have_room(1, 64, 64, 64));
    assert_true(chunks_have_room(1, 64, 64, 16));
    assert_false(chunks_have_room(1, 64, 72, 16));
    assert_true(chunks_have_room(2, 64, 64, 40));
    assert_true(chunks_have_room(2, 56, 64, 32)); /* 24 may be lost at the end of each */
    assert_false(chunks_have_room(2, 56, 72, 32));
    assert_true(chunks_have_room(3, 16, 24, 16));
    assert_false(chunks_have_room(40, 8, 16, 16));
}

/* Arguments: bytes in use, bytes of garbage, number of owned blocks, and bytes to add. */
static bool is_worth_packing(size_t in_use, size_t garbage, size_t owned, size_t to_come) {
    slnk_arena used = {.taken = in_use + garbage, .garbage = garbage};
    return slnk_arena_worth_packing(&used, owned, to_come);
}

TEST(packing_is_worth_it_where_it_moves_no_more_than_it_gains) {
    assert_true(is_worth_packing(80, 40, 1, 40));
    assert_false(is_worth_packing(88, 40, 1, 40));
    assert_false(is_worth_packing(40, 0, 1, 80)); /* nothing to gain */
    assert_true(is_worth_packing(8, 40, 10, 40));
    assert_false(is_worth_packing(8, 40, 11, 40));
}

/* A lent chunk is no memory of the other arena, and does not count there. */
TEST(arenas_exchange_all_chunks_but_the_lent_ones) {
    static uint64_t lent[10];
    slnk_arena other = {.garbage = 0};
    begin();
    slnk_arena_lend(&other, lent, sizeof lent);
    size_t own = other.total;
    assert_true(slnk_arena_grow(&arena, &allocator, 1000));
    size_t total = arena.total;
    for (int times = 0; times < 3; times++) {
        slnk_arena_exchange(&other, &arena);
        assert_int_equal(own + (times % 2 == 0 ? total : 0), other.total);
        assert_int_equal(times % 2 == 0 ? 0 : total, arena.total);
    }
    slnk_arena_release(&other, &allocator);
}
