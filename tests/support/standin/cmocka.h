/* SPDX-License-Identifier: MIT */
/*
 * The part of cmocka that the tests use, for machines without a package of it. The first assertion
 * that fails prints its place, and ends the program. With SPANLINK_TEST_STANDIN
 * tests/CMakeLists.txt uses this header instead of cmocka's.
 */
#ifndef TEST_STANDIN_CMOCKA_H
#define TEST_STANDIN_CMOCKA_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CMUnitTest {
    const char *name;
    void (*test_func)(void **state);
    int (*teardown_func)(void **state);
    void *initial_state;
};

#define cmocka_unit_test(function) {#function, function, NULL, NULL}
#define print_message              printf

/* Whether the environment variable STANDIN_SKIP lists a test: see tests/support/mutation.py. */
static inline int standin_skips(const char *name) {
    const char *names = getenv("STANDIN_SKIP");
    size_t length = strlen(name);
    for (const char *at = names; at != NULL && (at = strstr(at, name)) != NULL; at += length) {
        if ((at == names || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0')) {
            return 1;
        }
    }
    return 0;
}

static inline int standin_run(const char *group, const struct CMUnitTest *tests, size_t count) {
    size_t passed = 0;
    for (size_t i = 0; i < count; i++) {
        void *state = tests[i].initial_state;
        if (tests[i].name == NULL || standin_skips(tests[i].name)) {
            continue;
        }
        printf("%s: %s\n", group, tests[i].name);
        fflush(stdout);
        tests[i].test_func(&state);
        if (tests[i].teardown_func != NULL) {
            tests[i].teardown_func(&state);
        }
        passed++;
    }
    printf("%s: %u tests passed\n", group, (unsigned)passed);
    return 0;
}

/* No group of tests here needs a setup or teardown: both must be NULL. */
#define _cmocka_run_group_tests(group, tests, count, setup, teardown)                              \
    standin_run(group, tests,                                                                      \
                (setup) == NULL && (teardown) == NULL ? (count) : (abort(), (size_t)0))

#define cmocka_run_group_tests_name(group, tests, setup, teardown)                                 \
    _cmocka_run_group_tests(group, tests, sizeof(tests) / sizeof((tests)[0]), setup, teardown)

#define fail_msg(...)                                                                              \
    do {                                                                                           \
        fflush(stdout);                                                                            \
        fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);                                            \
        fprintf(stderr, __VA_ARGS__);                                                              \
        fputc('\n', stderr);                                                                       \
        exit(1);                                                                                   \
    } while (0)
#define fail() fail_msg("failed")

/* An assertion, with printf()'s arguments for the values found. */
#define standin_assert(holds, ...)                                                                 \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            fail_msg(__VA_ARGS__);                                                                 \
        }                                                                                          \
    } while (0)

#define assert_true(condition)   standin_assert((condition), "not true: %s", #condition)
#define assert_false(condition)  standin_assert(!(condition), "not false: %s", #condition)
#define assert_null(pointer)     standin_assert((pointer) == NULL, "not NULL: %s", #pointer)
#define assert_non_null(pointer) standin_assert((pointer) != NULL, "NULL: %s", #pointer)
#define assert_ptr_equal(a, b)                                                                     \
    standin_assert((const void *)(a) == (const void *)(b), "not equal: %s, %s", #a, #b)
#define assert_ptr_not_equal(a, b)                                                                 \
    standin_assert((const void *)(a) != (const void *)(b), "equal: %s, %s", #a, #b)

/* As in cmocka, numbers are compared as the widest unsigned type. */
#define standin_assert_numbers(a, operator, b)                                                     \
    do {                                                                                           \
        uintmax_t standin_a = (uintmax_t)(a), standin_b = (uintmax_t)(b);                          \
        standin_assert(standin_a operator standin_b, "does not hold: %s (%llx) %s %s (%llx)", #a,  \
                       (unsigned long long)standin_a, #operator, #b,                               \
                       (unsigned long long)standin_b);                                             \
    } while (0)
#define assert_int_equal(a, b)     standin_assert_numbers(a, ==, b)
#define assert_int_not_equal(a, b) standin_assert_numbers(a, !=, b)
#define assert_in_range(value, least, most)                                                        \
    do {                                                                                           \
        standin_assert_numbers(value, >=, least);                                                  \
        standin_assert_numbers(value, <=, most);                                                   \
    } while (0)

static inline int standin_same_text(const char *a, const char *b, int line) {
    int same = strcmp(a, b) == 0;
    if (!same) {
        fprintf(stderr, "line %d: \"%s\" and \"%s\"\n", line, a, b);
    }
    return same;
}

#define assert_string_equal(a, b)                                                                  \
    standin_assert(standin_same_text(a, b, __LINE__), "not the same text: %s, %s", #a, #b)
#define assert_string_not_equal(a, b)                                                              \
    standin_assert(strcmp(a, b) != 0, "the same text: %s, %s", #a, #b)
#define assert_memory_equal(a, b, size)                                                            \
    standin_assert(memcmp(a, b, size) == 0, "not the same bytes: %s, %s", #a, #b)
#define assert_memory_not_equal(a, b, size)                                                        \
    standin_assert(memcmp(a, b, size) != 0, "the same bytes: %s, %s", #a, #b)

#endif
