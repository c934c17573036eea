/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_fixtures.h"

#include "internal/memory.h"

TEST(an_allocator_is_not_asked_for_more_than_there_can_be) {
    static const size_t sizes[] = {(size_t)PTRDIFF_MAX + 1, SIZE_MAX - 15, SIZE_MAX - 1, SIZE_MAX};
    spanlink_allocator allocator = test_counted();
    void *block = slnk_memory_allocate(&allocator, 8);
    assert_non_null(block);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        assert_null(slnk_memory_allocate(&allocator, sizes[i]));
        assert_null(slnk_memory_resize(&allocator, NULL, 0, sizes[i]));
        assert_null(slnk_memory_resize(&allocator, block, 8, sizes[i]));
    }
    assert_int_equal(1, test_heap.calls);
    slnk_memory_release(&allocator, block, 8);
}

TEST(the_largest_block_is_asked_for) {
    spanlink_allocator allocator = test_counted();
    test_heap.fail_at = 1;
    assert_null(slnk_memory_allocate(&allocator, PTRDIFF_MAX));
    assert_int_equal(1, test_heap.calls);
}

TEST(no_block_is_resized_by_allocating_and_released_by_nothing) {
    spanlink_allocator allocator = test_counted();
    void *block = slnk_memory_resize(&allocator, NULL, 0, 8);
    assert_non_null(block);
    block = slnk_memory_resize(&allocator, block, 8, 100);
    assert_non_null(block);
    slnk_memory_release(&allocator, block, 100);
    slnk_memory_release(&allocator, NULL, 0);
}

TEST(sizes_stay_at_their_maximum) {
    assert_true(slnk_size_add(1, 2) == 3);
    assert_true(slnk_size_add(SIZE_MAX, 0) == SIZE_MAX);
    assert_true(slnk_size_add(SIZE_MAX - 1, 1) == SIZE_MAX);
    assert_true(slnk_size_add(SIZE_MAX - 1, 2) == SIZE_MAX);
    assert_true(slnk_size_multiply(3, 4) == 12);
    assert_true(slnk_size_multiply(SIZE_MAX, 0) == 0);
    assert_true(slnk_size_multiply(0, SIZE_MAX) == 0);
    assert_true(slnk_size_multiply(SIZE_MAX, 1) == SIZE_MAX);
    assert_true(slnk_size_multiply(SIZE_MAX / 2, 2) == SIZE_MAX - 1);
    assert_true(slnk_size_multiply(SIZE_MAX / 2 + 1, 2) == SIZE_MAX);
    assert_true(slnk_size_least(1, 2) == 1 && slnk_size_least(2, 1) == 1);
    assert_true(slnk_size_most(1, 2) == 2 && slnk_size_most(2, 1) == 2);
}

TEST(an_allocator_with_some_functions_missing_is_refused) {
    const spanlink_allocator whole = test_counted();
    bool has_heap = (spanlink_features() & SPANLINK_FEATURE_HEAP) != 0;
    for (int given = 0; given < 8; given++) {
        spanlink_allocator allocator = {.state = whole.state};
        allocator.allocate = (given & 1) != 0 ? whole.allocate : NULL;
        allocator.resize = (given & 2) != 0 ? whole.resize : NULL;
        allocator.release = (given & 4) != 0 ? whole.release : NULL;
        bool wanted = given == 7 || (given == 0 && has_heap);
        assert_int_equal(wanted, slnk_memory_complete(&allocator));
    }
}
