/* SPDX-License-Identifier: MIT */
/* What some compilers can be told. */
#ifndef SPANLINK_INTERNAL_COMPILER_H
#define SPANLINK_INTERNAL_COMPILER_H

/* A function that is seldom called: kept apart, so that its stack frame burdens nobody else. */
#if defined(__GNUC__)
#define SPANLINK_RARE __attribute__((noinline, cold))
#else
#define SPANLINK_RARE
#endif

#endif
