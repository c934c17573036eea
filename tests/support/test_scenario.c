/* SPDX-License-Identifier: MIT */
#include "test_scenario.h"

#include "test.h"
#include "test_allocator.h"
#include "test_links.h"

#include <stdalign.h>
#include <stdlib.h>

/* A scenario, with the pictures of its run without failures: one before each step, and one at the
 * end. */
typedef struct rehearsed {
    const test_scenario *scenario;
    test_picture *pictures;
    size_t refusals; /* steps that failed at first */
} rehearsed;

static test_world world;

static void start(spanlink_allocator allocator) {
    world = (test_world){.allocator = allocator};
}

static void end(void) {
    for (size_t i = 0; i < 3; i++) {
        spanlink_list_destroy(world.lists[i]);
    }
    spanlink_collector_destroy(world.collector);
    spanlink_cache_destroy(world.cache);
}

static void look(const test_scenario *scenario, test_picture *picture) {
    if (scenario->look != NULL) {
        scenario->look(&world, picture);
        return;
    }
    for (size_t i = 0; i < 3; i++) {
        test_picture_list(picture, world.lists[i]);
    }
}

static void take_picture(const rehearsed *r, size_t step) {
    look(r->scenario, &r->pictures[step]);
}

static rehearsed rehearse(const test_scenario *scenario) {
    rehearsed r = {scenario, calloc(scenario->steps + 1, sizeof(test_picture)), 0};
    test_allocator memory = {.fail_at = 0};
    assert_non_null(r.pictures);
    start(test_allocator_interface(&memory));
    for (size_t i = 0; i < scenario->steps; i++) {
        take_picture(&r, i);
        assert_ok(scenario->step(&world, i));
    }
    take_picture(&r, scenario->steps);
    end();
    assert_int_equal(0, memory.live_blocks);
    return r;
}

static void forget(rehearsed *r) {
    for (size_t i = 0; i <= r->scenario->steps; i++) {
        test_picture_release(&r->pictures[i]);
    }
    free(r->pictures);
}

static void expect_picture(const rehearsed *r, size_t step) {
    test_picture now = {NULL, 0, 0};
    look(r->scenario, &now);
    if (!test_picture_same(&r->pictures[step], &now)) {
        fail_msg("the objects are not as they were before step %u", (unsigned)step);
    }
    test_picture_release(&now);
}

/*
 * Does a step, and again if it fails. A failed step may have reordered memory, so that the second
 * one succeeds with no more memory.
 */
static spanlink_status try_twice(rehearsed *r, size_t step) {
    const test_scenario *scenario = r->scenario;
    spanlink_status status = scenario->step(&world, step);
    if (status == SPANLINK_ERR_NO_MEMORY) {
        r->refusals++;
        expect_picture(r, step);
        status = scenario->step(&world, step);
    }
    if (status != SPANLINK_OK) {
        assert_status(SPANLINK_ERR_NO_MEMORY, status);
        expect_picture(r, step);
    }
    return status;
}

/* An allocator that fails */

/* Does a step; if it fails, again without failing allocations. The first try must fail if, and only
 * if, an allocation fails. */
static void do_step(rehearsed *r, size_t step, test_allocator *memory) {
    size_t failures = memory->failures, refusals = r->refusals;
    spanlink_status status = try_twice(r, step);
    assert_int_equal(memory->failures != failures, r->refusals != refusals);
    if (status != SPANLINK_OK) {
        assert_true(memory->fail_on);
        memory->fail_at = 0;
        assert_ok(r->scenario->step(&world, step));
    }
}

/* Whether an allocation failed. */
static bool run_failing(rehearsed *r, size_t fail_at, bool fail_on) {
    const test_scenario *scenario = r->scenario;
    test_allocator memory = {.fail_at = fail_at, .fail_on = fail_on};
    start(test_allocator_interface(&memory));
    for (size_t i = 0; i < scenario->steps; i++) {
        do_step(r, i, &memory);
    }
    expect_picture(r, scenario->steps);
    end();
    assert_int_equal(0, memory.live_blocks);
    assert_int_equal(0, memory.live_bytes);
    assert_int_equal(0, memory.wrong_sizes);
    return memory.failures != 0;
}

static size_t count_failing(rehearsed *r, bool fail_on) {
    size_t fail_at = 1;
    while (run_failing(r, fail_at, fail_on)) {
        fail_at++;
    }
    return fail_at - 1;
}

size_t test_scenario_fail(const test_scenario *scenario) {
    rehearsed r = rehearse(scenario);
    size_t allocations = count_failing(&r, false);
    assert_int_equal(allocations, count_failing(&r, true));
    forget(&r);
    return allocations;
}

/* Pools */

/* Checks that a pool is free and in one piece: it can allocate its whole buffer at once. */
static void expect_whole(const spanlink_allocator *pool, size_t size) {
    size_t granule = 2 * sizeof(size_t);
    size_t all = size / granule * granule;
    if (all != 0) {
        assert_non_null(pool->allocate(pool->state, all));
    }
}

/* Whether the pool was large enough. */
static bool run_in_pool(rehearsed *r, void *buffer, size_t size) {
    const test_scenario *scenario = r->scenario;
    spanlink_pool pool;
    spanlink_allocator allocator = spanlink_pool_init(&pool, buffer, size);
    start(allocator);
    size_t done = 0;
    while (done < scenario->steps && try_twice(r, done) == SPANLINK_OK) {
        done++;
    }
    expect_picture(r, done);
    end();
    expect_whole(&allocator, size);
    return done == scenario->steps;
}

/*
 * Every size from 0 up to where everything succeeds, and some more, because a larger pool may be
 * more fragmented. A pool does not use bytes beyond a multiple of its granule: the first sizes test
 * that, later ones are multiples of it.
 */
size_t test_scenario_fail_in_pools(const test_scenario *scenario) {
    enum { EACH = 200, FURTHER = 32, LARGEST = 1 << 20 };
    static alignas(max_align_t) unsigned char buffer[LARGEST];
    rehearsed r = rehearse(scenario);
    size_t failures = 0, succeeded = 0;
    for (size_t size = 0; succeeded < FURTHER; size += size < EACH ? 1 : 2 * sizeof(size_t)) {
        assert_true(size <= LARGEST);
        bool enough = run_in_pool(&r, buffer, size);
        failures += !enough;
        succeeded += enough;
    }
    forget(&r);
    return failures;
}

/* A list that is changed */

/* Not in the world, which is zeroed at each start. */
static spanlink_status (*change_of_list)(spanlink_list *list);

static spanlink_status make_fill_or_change(test_world *w, size_t step) {
    if (step == 0) {
        spanlink_list_options options = test_list_options();
        options.allocator = w->allocator;
        return spanlink_list_create(&options, &w->lists[0]);
    }
    if (step % 10 == 9) {
        return change_of_list(w->lists[0]);
    }
    spanlink_attribute storage[1];
    spanlink_link link = test_link(step / 2 + 1, storage);
    return spanlink_list_add(w->lists[0], &link);
}

size_t test_scenario_change_list(spanlink_status (*change)(spanlink_list *list)) {
    const test_scenario scenario = {40, make_fill_or_change, NULL};
    change_of_list = change;
    assert_true(test_scenario_fail_in_pools(&scenario) > 50);
    return test_scenario_fail(&scenario);
}
