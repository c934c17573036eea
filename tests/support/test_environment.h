/* SPDX-License-Identifier: MIT */
/* Sets environment variables, which C11 alone cannot do. */
#ifndef TEST_ENVIRONMENT_H
#define TEST_ENVIRONMENT_H

/* Sets a variable; NULL removes it. */
void test_set_variable(const char *name, const char *value);

#endif
