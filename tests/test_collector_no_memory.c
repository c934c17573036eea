/* SPDX-License-Identifier: MIT */
#include "test_collectors.h"

static spanlink_collector_options failing_options;

static spanlink_status make_one(test_world *w, size_t step) {
    spanlink_collector_options options = failing_options;
    spanlink_list_options list_options = test_list_options();
    options.allocator = list_options.allocator = w->allocator;
    return step == 0 ? spanlink_collector_create(&options, &w->collector)
                     : spanlink_list_create(&list_options, &w->lists[0]);
}

static spanlink_status make_add_or_drain(test_world *w, size_t step) {
    if (step < 2) {
        return make_one(w, step);
    }
    as_thread(step % 3);
    if (step == 62) {
        return spanlink_collector_snapshot(w->collector, w->lists[0]);
    }
    if (step == 63 || step == 95) {
        return spanlink_collector_drain(w->collector, w->lists[0]);
    }
    if (step == 64) {
        spanlink_list_clear(w->lists[0]);
        return SPANLINK_OK;
    }
    return add_number(w->collector, 1 + step / 2, step % 5 == 0);
}

/* A reservoir may choose other links when a call is repeated. */
static void look_at_collector(test_world *w, test_picture *picture) {
    test_picture_collector(picture, w->collector);
    if (failing_options.overflow == SPANLINK_OVERFLOW_RESERVOIR && !failing_options.unique) {
        test_picture_stats(picture, w->lists[0]);
    } else {
        test_picture_list(picture, w->lists[0]);
    }
}

TEST(each_allocation_that_fails_leaves_all_as_it_was) {
    for (uint32_t kind = 0; kind < 16; kind++) {
        failing_options =
            options_with(kind / 8 == 0 ? 15 : SPANLINK_UNLIMITED, kind % 4, kind / 4 % 2 != 0);
        const test_scenario scenario = {96, make_add_or_drain, look_at_collector};
        assert_true(test_scenario_fail(&scenario) > 10);
        assert_true(test_scenario_fail_in_pools(&scenario) > 300);
    }
}

#if defined(SLNK_LOCK_POSIX) && defined(PTHREAD_CANCEL_DISABLE)
/*
 * Cancelled threads. A drain holds all locks while the allocator of its list waits for the gate,
 * which is a cancellation point.
 */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static bool gate_reached, gate_open; /* guarded by the mutex */

static bool look_at_gate(bool arrive) {
    pthread_mutex_lock(&gate);
    gate_reached = gate_reached || arrive;
    bool open = arrive ? gate_open : gate_reached;
    pthread_mutex_unlock(&gate);
    return open;
}

static void *allocate_behind_gate(void *state, size_t size) {
    while (!look_at_gate(true)) {
        pthread_testcancel();
        sched_yield();
    }
    return test_counted().allocate(state, size);
}

typedef struct worker {
    spanlink_collector *collector;
    spanlink_list *list; /* to drain to; NULL: adds */
    spanlink_attribute storage[1];
    spanlink_link link;
    bool done;
    pthread_t thread;
} worker;

/* Has no variables in an inner scope: GCC's AddressSanitizer reports errors for them if the thread
 * is cancelled. */
static void *add_or_drain(void *state) {
    worker *self = state;
    spanlink_status status = self->list != NULL
                                 ? spanlink_collector_drain(self->collector, self->list)
                                 : spanlink_collector_add(self->collector, &self->link);
    self->done = status == SPANLINK_OK;
    pthread_testcancel();
    return NULL;
}

static void start_worker(worker *self, spanlink_collector *collector, spanlink_list *list) {
    *self = (worker){.collector = collector, .list = list};
    self->link = test_link(7, self->storage);
    assert_int_equal(0, pthread_create(&self->thread, NULL, add_or_drain, self));
}

static void expect_cancelled_when_done(worker *self) {
    void *result;
    assert_int_equal(0, pthread_join(self->thread, &result));
    assert_true(self->done);
    assert_true(result == PTHREAD_CANCELED);
}

/* Both the draining thread and one that waits for it complete their call before they end. */
TEST(cancelled_threads_do_their_work_first) {
    spanlink_collector *collector = test_collector(.shards = 1);
    spanlink_allocator allocator = test_counted();
    worker drainer, adder;
    allocator.allocate = allocate_behind_gate;
    gate_open = true;
    spanlink_list *list = test_list(.allocator = allocator);
    gate_open = gate_reached = false;
    add_numbers(collector, 1, 3);
    start_worker(&drainer, collector, list);
    while (!look_at_gate(false)) {
        sched_yield();
    }
    start_worker(&adder, collector, NULL);
    assert_int_equal(0, pthread_cancel(drainer.thread));
    assert_int_equal(0, pthread_cancel(adder.thread));
    pthread_mutex_lock(&gate);
    gate_open = true;
    pthread_mutex_unlock(&gate);
    expect_cancelled_when_done(&drainer);
    expect_cancelled_when_done(&adder);
    expect_numbers(list, 1, 3);
    spanlink_list_clear(list);
    assert_ok(spanlink_collector_drain(collector, list));
    expect_numbers(list, 7, 7);
}
#endif
