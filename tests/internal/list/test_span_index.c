/* SPDX-License-Identifier: MIT */
/* Whether a table of spans detects that its searches have become long. */
#include "test.h"
#include "test_allocator.h"

#include "internal/list/span_index.h"

static test_allocator memory;

/* The hash of a span whose home is a slot. */
static uint64_t hash_at(size_t slot) {
    return (uint64_t)slot << 33;
}

static slnk_span_index table_with_row(size_t spans) {
    slnk_span_index index = {.seed = {1, 2}};
    spanlink_allocator heap = test_allocator_interface(&memory);
    assert_true(slnk_span_index_resize(&index, &heap, 1024));
    for (size_t i = 0; i < spans; i++) {
        slnk_span_index_insert(&index, hash_at(1000 + i), (uint32_t)i);
    }
    return index;
}

static void release(slnk_span_index *index) {
    spanlink_allocator heap = test_allocator_interface(&memory);
    slnk_span_index_release(index, &heap);
    assert_int_equal(0, memory.live_blocks);
}

TEST(a_search_is_long_from_128_slots_on) {
    for (size_t first = 0; first < 1024; first += 31) {
        assert_false(slnk_span_index_is_long(1023, first, first));
        assert_false(slnk_span_index_is_long(1023, first, (first + 127) & 1023));
        assert_true(slnk_span_index_is_long(1023, first, (first + 128) & 1023));
        assert_true(slnk_span_index_is_long(1023, first, (first + 1023) & 1023));
    }
}

/* Closing a hole before a row reads the whole row, across the end of the table. */
TEST(closing_a_hole_before_a_long_row_crowds_the_table) {
    for (size_t spans = 126; spans <= 131; spans++) {
        slnk_span_index index = table_with_row(spans);
        slnk_span_index_remove(&index, hash_at(1000 + spans - 1), (uint32_t)spans - 1);
        assert_false(index.crowded);
        slnk_span_index_remove(&index, hash_at(1000), 0);
        assert_int_equal(spans - 1 >= 128, index.crowded);
        release(&index);
    }
}

TEST(a_renewed_table_is_empty_with_another_seed) {
    slnk_span_index index = table_with_row(200);
    index.crowded = true;
    slnk_span_index_renew(&index);
    assert_false(index.crowded);
    assert_int_equal(0, index.count);
    for (size_t i = 0; i < index.size; i++) {
        assert_int_equal(0, index.entries[i]);
    }
    assert_true(index.seed.a != 1 && index.seed.b != 2);
    release(&index);
}

/* So that a list notices when a large table holds few spans. */
TEST(a_table_counts_its_spans) {
    spanlink_allocator heap = test_allocator_interface(&memory);
    slnk_span_index index = table_with_row(200);
    assert_int_equal(200, index.count);
    for (size_t i = 0; i < 200; i++) {
        slnk_span_index_remove(&index, hash_at(1000 + i), (uint32_t)i);
        assert_int_equal(199 - i, index.count);
    }
    slnk_span_index_insert(&index, hash_at(1), 1);
    assert_true(slnk_span_index_resize(&index, &heap, 2048));
    assert_int_equal(0, index.count);
    release(&index);
}

/* Not a table that is too small, whose searches would never end. */
TEST(more_spans_than_memory_could_hold_have_no_table) {
    assert_int_equal(SIZE_MAX, slnk_span_index_size(SIZE_MAX));
    assert_int_equal(SIZE_MAX, slnk_span_index_size(SIZE_MAX / sizeof(uint64_t)));
    assert_int_equal(16, slnk_span_index_size(4));
    assert_int_equal(32, slnk_span_index_size(5));
}
