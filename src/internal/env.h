/* SPDX-License-Identifier: MIT */
/* Environment variables; none is set in builds without getenv() (SPANLINK_NO_ENV). */
#ifndef SPANLINK_INTERNAL_ENV_H
#define SPANLINK_INTERNAL_ENV_H

#include <stddef.h>

#if !defined(SPANLINK_NO_ENV)
#include <stdlib.h>
#endif

/* The value of a variable, or NULL. It is valid until the environment is changed. */
static inline const char *slnk_env_get(const char *name) {
#if defined(SPANLINK_NO_ENV)
    (void)name;
    return NULL;
#else
    return getenv(name);
#endif
}

#endif
