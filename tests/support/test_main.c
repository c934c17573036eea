/* SPDX-License-Identifier: MIT */
#include "test_fixtures.h"

#include "test.h"

#include <stdbool.h>
#include <stdlib.h>

enum { MOST_TESTS = 128 };

static struct CMUnitTest tests[MOST_TESTS]; /* cmocka leaves out rows without a name */
static int lines[MOST_TESTS];
static size_t count;
static int (*teardown)(void **state);
static bool started;

/* If even this is not called, functions before main() do not work, and no test was added. */
TEST_AT_START(start) {
    started = true;
}

/* Compilers call this in different orders, so the tests are sorted by their lines. */
void test_add(int line, const char *name, void (*test)(void **state)) {
    if (count == MOST_TESTS) {
        abort();
    }
    size_t at = count++;
    for (; at != 0 && lines[at - 1] > line; at--) {
        lines[at] = lines[at - 1];
        tests[at] = tests[at - 1];
    }
    lines[at] = line;
    tests[at] = (struct CMUnitTest){.name = name, .test_func = test};
}

void test_add_teardown(int (*function)(void **state)) {
    teardown = function;
}

static int after_test(void **state) {
    test_end_round();
    return teardown == NULL ? 0 : teardown(state);
}

int main(void) {
    for (size_t i = 0; i < count; i++) {
        tests[i].teardown_func = after_test;
    }
    return started ? cmocka_run_group_tests_name("unit tests", tests, NULL, NULL) : EXIT_FAILURE;
}
