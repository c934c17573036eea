/* SPDX-License-Identifier: MIT */
/*
 * Scenarios in which the memory runs out, at each place where it can.
 *
 * A scenario is a number of steps on objects that take their memory from one allocator. It is first
 * done undisturbed, and a picture of the objects is taken before each step. Then it is done again
 * and again, with less memory each time, and every run is held to this: a step in which an
 * allocation fails says SPANLINK_ERR_NO_MEMORY, and no other step fails; the objects are then as
 * they were before it, by their pictures; the same step succeeds once there is memory, and the
 * scenario ends as it did undisturbed; all memory is back when the objects are gone.
 *
 * Objects are only looked at where a step has failed, and at the end, because looking changes what
 * is inside of them: it closes gaps.
 */
#ifndef TEST_SCENARIO_H
#define TEST_SCENARIO_H

#include "test_picture.h"

typedef struct test_scenario {
    size_t steps;
    void *world; /* all objects; of that size, zeroed before the first step of each run */
    size_t world_size;

    /* Where steps shall take memory from. */
    spanlink_allocator *allocator;

    /* Does a step, or fails and leaves all as it was: what makes an object is a step too. */
    spanlink_status (*step)(void *world, size_t step);

    /* Writes down all that can be seen of the objects that there are. */
    void (*look)(void *world, test_picture *picture);

    /* Ends the objects that there are. */
    void (*end)(void *world);
} test_scenario;

/*
 * While the 1st, 2nd, 3rd ... allocation fails, and then while each one from there on fails, until
 * a run needs no more of them. Returns how many there are. A test states the least number, so that
 * no scenario turns hollow.
 */
size_t test_scenario_fail(const test_scenario *scenario);

/* In pools of every size from 0 up to where everything succeeds. Returns in how many it did not. */
size_t test_scenario_fail_in_pools(const test_scenario *scenario);
/*
 * Both ways for a function that changes a list: one of 35 links, of which each two name the same
 * span, with four changes on the way. Returns as test_scenario_fail().
 */
size_t test_scenario_change_list(spanlink_status (*change)(spanlink_list *list));

#endif
