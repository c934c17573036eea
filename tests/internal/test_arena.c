/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_allocator.h"

#include "internal/arena.h"

static void moving_on_tells_whether_there_is_room_now(void **state) {
    (void)state;
    test_allocator memory = {0};
    spanlink_allocator heap = test_allocator_interface(&memory);
    spanlink_arena_chunk lent;
    spanlink_arena arena = {.used = 0};
    spanlink_arena_lend(&arena, &lent, sizeof lent);
    assert_false(spanlink_arena_move_on(&arena, 8));
    assert_true(spanlink_arena_grow(&arena, &heap, 1024));
    size_t size = arena.first->next->size;
    spanlink_arena_rewind(&arena);
    assert_false(spanlink_arena_move_on(&arena, size + 8));
    assert_int_equal(0, spanlink_arena_left(&arena));
    assert_true(spanlink_arena_move_on(&arena, size));
    assert_int_equal(size, spanlink_arena_left(&arena));
    spanlink_arena_release(&arena, &heap);
    assert_int_equal(0, memory.live_blocks);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moving_on_tells_whether_there_is_room_now),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
