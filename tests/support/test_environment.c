/* SPDX-License-Identifier: MIT */
/* setenv() */
#define _POSIX_C_SOURCE 200809L

#include "test_environment.h"

#include "test.h"

#include <stdlib.h>

#ifdef _WIN32
/* On Windows an empty variable does not exist; OpenTelemetry treats an empty variable as unset. */
void test_set_variable(const char *name, const char *value) {
    assert_int_equal(0, _putenv_s(name, value == NULL ? "" : value));
}
#else
void test_set_variable(const char *name, const char *value) {
    assert_int_equal(0, value == NULL ? unsetenv(name) : setenv(name, value, 1));
}
#endif
