/* SPDX-License-Identifier: MIT */
/* Environment variables, which C11 lets a program read only. */
#ifndef TEST_ENVIRONMENT_H
#define TEST_ENVIRONMENT_H

/* Sets a variable; NULL removes it. */
void test_set_variable(const char *name, const char *value);

#endif
