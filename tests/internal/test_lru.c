/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_fixtures.h"

#include <internal/lru.h>

enum { MOST = 100 };

/* Entries are numbers, whose hashes are the numbers times `step`. `expected` lists the entries that
 * the table should hold, the most recently used last. */
typedef struct world {
    slnk_lru lru;
    spanlink_allocator allocator;
    uint32_t step;
    size_t expected[MOST + 1];
    size_t count;
} world;

static void end(void *ended) {
    world *w = ended;
    slnk_lru_release(&w->lru, &w->allocator);
}

static world *begin(uint32_t step) {
    static world w;
    w = (world){.step = step, .allocator = test_counted()};
    slnk_lru_init(&w.lru);
    test_keep(&w, end);
    return &w;
}

static uint32_t hash_of(const world *w, size_t number) {
    return (uint32_t)number * w->step;
}

static void *entry_of(size_t number) {
    return (void *)(uintptr_t)number;
}

static uint32_t find(const world *w, size_t number) {
    uint32_t node = slnk_lru_bucket(&w->lru, hash_of(w, number));
    while (node != 0 && w->lru.nodes[node].entry != entry_of(number)) {
        node = w->lru.nodes[node].next;
    }
    return node;
}

static void expect_away(world *w, size_t number) {
    for (size_t i = 0; i < w->count; i++) {
        if (w->expected[i] == number) {
            memmove(&w->expected[i], &w->expected[i + 1],
                    (w->count - i - 1) * sizeof w->expected[0]);
            w->count--;
        }
    }
}

static void add(world *w, size_t number) {
    assert_true(slnk_lru_reserve(&w->lru, &w->allocator));
    slnk_lru_add(&w->lru, hash_of(w, number), entry_of(number));
    w->expected[w->count++] = number;
}

static void use(world *w, size_t number) {
    slnk_lru_use(&w->lru, find(w, number));
    expect_away(w, number);
    w->expected[w->count++] = number;
}

static void take_away(world *w, size_t number) {
    assert_true(slnk_lru_remove(&w->lru, find(w, number)) == entry_of(number));
    expect_away(w, number);
}

static void expect_order(const world *w) {
    uint32_t node = slnk_lru_oldest(&w->lru);
    assert_int_equal(w->count, w->lru.count);
    for (size_t i = 0; i < w->count; i++) {
        assert_true(w->lru.nodes[node].entry == entry_of(w->expected[i]));
        assert_int_equal(node, find(w, w->expected[i]));
        node = w->lru.nodes[node].newer;
    }
    assert_int_equal(0, node);
}

TEST(an_empty_table_has_no_block_and_no_nodes) {
    world *w = begin(1);
    assert_int_equal(0, slnk_lru_oldest(&w->lru));
    assert_int_equal(0, slnk_lru_bucket(&w->lru, 12345));
    assert_int_equal(0, slnk_lru_crowded_out(&w->lru, 12345));
    assert_int_equal(0, test_heap.live_blocks);
}

TEST(the_order_of_use_is_kept_in_a_random_program) {
    static const uint32_t steps[] = {0, 1, 0x10000, 0x9e3779b1};
    for (size_t i = 0; i < 4; i++) {
        world *w = begin(steps[i]);
        uint64_t random = i;
        for (int step = 0; step < 2000; step++) {
            size_t number = 1 + (size_t)test_random_below(&random, MOST);
            if (find(w, number) == 0) {
                add(w, number);
            } else if (test_random_below(&random, 3) == 0) {
                take_away(w, number);
            } else {
                use(w, number);
            }
            expect_order(w);
        }
        test_end_round();
    }
}

TEST(a_full_table_grows_or_stays_as_it_is) {
    world *w = begin(7);
    for (size_t number = 1; number <= MOST; number++) {
        bool grows = w->lru.count == w->lru.size;
        test_heap.fail_at = test_heap.calls + 1;
        assert_int_equal(!grows, slnk_lru_reserve(&w->lru, &w->allocator));
        expect_order(w);
        test_heap.fail_at = 0;
        add(w, number);
        expect_order(w);
        assert_int_equal(1, test_heap.live_blocks);
    }
}

TEST(a_removed_node_is_used_again) {
    world *w = begin(1);
    for (size_t number = 1; number <= 4; number++) {
        add(w, number);
    }
    size_t calls = test_heap.calls;
    for (size_t number = 5; number <= MOST; number++) {
        take_away(w, number - 2);
        add(w, number);
        expect_order(w);
    }
    assert_int_equal(calls, test_heap.calls);
}

TEST(a_bucket_that_is_full_names_the_node_that_came_first) {
    world *w = begin(0);
    for (size_t number = 1; number < SLNK_LRU_MOST_IN_BUCKET; number++) {
        add(w, number);
        assert_int_equal(0, slnk_lru_crowded_out(&w->lru, 0));
    }
    add(w, MOST);
    assert_int_equal(find(w, 1), slnk_lru_crowded_out(&w->lru, 0));
    use(w, 1);
    assert_int_equal(find(w, 1), slnk_lru_crowded_out(&w->lru, 0));
    assert_int_equal(0, slnk_lru_crowded_out(&w->lru, 1));
}

TEST(a_released_table_can_be_filled_again) {
    world *w = begin(3);
    for (int round = 0; round < 3; round++) {
        for (size_t number = 1; number <= 20; number++) {
            add(w, number);
        }
        expect_order(w);
        slnk_lru_release(&w->lru, &w->allocator);
        w->count = 0;
        expect_order(w);
        assert_int_equal(0, test_heap.live_blocks);
    }
}
