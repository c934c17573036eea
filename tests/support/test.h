/* SPDX-License-Identifier: MIT */
/* Every test program includes this first: cmocka, with the headers that it requires. */
#ifndef TEST_H
#define TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <spanlink/base.h>

/*
 * Defines a test. The main() of test_main.c runs all tests of a program, in the order of the file;
 * no list of them is needed.
 *
 *     TEST(an_empty_list_has_no_links) {
 *         ...
 *     }
 */
#define TEST(name)                                                                                 \
    static void name(void **state);                                                                \
    TEST_AT_START(add_##name) {                                                                    \
        test_add(__LINE__, #name, name);                                                           \
    }                                                                                              \
    static void name(TEST_UNUSED void **state)

/* Defines a function that runs after each test of the program. */
#define AFTER_EACH_TEST(name)                                                                      \
    static int name(void **state);                                                                 \
    TEST_AT_START(add_##name) {                                                                    \
        test_add_teardown(name);                                                                   \
    }                                                                                              \
    static int name(TEST_UNUSED void **state)

/* How many of very many: a fourth on boards with little memory, which tests/bare_metal.sh says. */
#ifdef TEST_SMALL_MEMORY
#define TEST_MANY(count) ((count) / 4)
#else
#define TEST_MANY(count) (count)
#endif

void test_add(int line, const char *name, void (*test)(void **state));
void test_add_teardown(int (*teardown)(void **state));

/* A function that runs before main(). Microsoft's C library calls the functions in a section. */
#if defined(_MSC_VER)
#ifdef _M_IX86
#define TEST_SYMBOL "_"
#else
#define TEST_SYMBOL ""
#endif
#pragma section(".CRT$XCU", read)
#define TEST_AT_START(name)                                                                        \
    static void name(void);                                                                        \
    __declspec(allocate(".CRT$XCU")) void (*const name##_at_start)(void) = name;                   \
    __pragma(comment(linker, "/include:" TEST_SYMBOL #name "_at_start")) static void name(void)
#define TEST_UNUSED
#else
#define TEST_AT_START(name) __attribute__((constructor)) static void name(void)
#define TEST_UNUSED         __attribute__((unused))
#endif

static inline spanlink_str str(const char *text) {
    return spanlink_str_from(text);
}

/* Texts to loop over, up to NULL. */
#define VALUES(...) ((const char *const[]){__VA_ARGS__, NULL})

#define assert_status(wanted, call)                                                                \
    assert_string_equal(spanlink_status_text(wanted), spanlink_status_text(call))
#define assert_ok(call)      assert_status(SPANLINK_OK, call)
#define assert_refused(call) assert_status(SPANLINK_ERR_ARGUMENT, call)
#define assert_text(wanted, view)                                                                  \
    do {                                                                                           \
        spanlink_str test_view = (view);                                                           \
        assert_int_equal(strlen(wanted), test_view.len);                                           \
        assert_memory_equal(wanted, test_view.ptr, test_view.len);                                 \
    } while (0)

#endif
