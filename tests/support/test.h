/* SPDX-License-Identifier: MIT */
/* What every test program includes first: cmocka with the headers that it needs before it. */
#ifndef TEST_H
#define TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <spanlink/base.h>

#define assert_status(wanted, call)                                                                \
    assert_string_equal(spanlink_status_text(wanted), spanlink_status_text(call))
#define assert_text(wanted, view)                                                                  \
    do {                                                                                           \
        spanlink_str test_view = (view);                                                           \
        assert_int_equal(strlen(wanted), test_view.len);                                           \
        assert_memory_equal(wanted, test_view.ptr, test_view.len);                                 \
    } while (0)

#endif
