/* SPDX-License-Identifier: MIT */
/*
 * Scenarios in which each allocation fails once.
 *
 * A scenario is a number of steps on objects with one allocator. It is first run without failures,
 * and a picture of the objects is taken before each step. Then it is run many times with failing
 * allocations. In every run a step in which an allocation fails must return SPANLINK_ERR_NO_MEMORY
 * and leave the objects unchanged, according to their pictures; no other step may fail. The same
 * step must succeed once there is memory, and the scenario must end as without failures. When the
 * objects are destroyed, all memory must be released.
 *
 * Pictures are taken only after a failed step, and at the end, because reading a list changes its
 * memory: it closes gaps.
 */
#ifndef TEST_SCENARIO_H
#define TEST_SCENARIO_H

#include "test_picture.h"

#include <spanlink/cache.h>

/* The objects of a scenario: zeroed before the first step, and destroyed after the last one. */
typedef struct test_world {
    spanlink_allocator allocator; /* which the steps must use */
    spanlink_list *lists[3];
    spanlink_collector *collector;
    spanlink_cache *cache;
    uint64_t notes; /* for the steps */
} test_world;

typedef struct test_scenario {
    size_t steps;

    /* Does a step, or fails and changes nothing. Creating an object is a step, too. */
    spanlink_status (*step)(test_world *world, size_t step);

    /* Appends the visible state of the existing objects to a picture; NULL: that of the lists. */
    void (*look)(test_world *world, test_picture *picture);
} test_scenario;

/*
 * Runs the scenario with the 1st, 2nd, 3rd ... allocation failing, alone and together with all
 * later ones, until a run has fewer allocations. Returns their number, of which a test states the
 * minimum, so that no scenario stops allocating unnoticed.
 */
size_t test_scenario_fail(const test_scenario *scenario);

/* Runs it in pools of every size, from 0 until everything succeeds. Returns the number of pools
 * that were too small. */
size_t test_scenario_fail_in_pools(const test_scenario *scenario);
/*
 * Does both for a function that changes a list. The list gets 35 links, pairs of which name the
 * same span, and is changed four times. Returns the result of test_scenario_fail().
 */
size_t test_scenario_change_list(spanlink_status (*change)(spanlink_list *list));

#endif
