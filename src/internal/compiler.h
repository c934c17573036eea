/* SPDX-License-Identifier: MIT */
/* Hints for compilers that support them. */
#ifndef SPANLINK_INTERNAL_COMPILER_H
#define SPANLINK_INTERNAL_COMPILER_H

/*
 * APART: not inlined, which keeps the fast path of its caller small. RARE: not inlined and cold;
 * not for functions that copy texts, because gcc uses the slow "rep movs" in cold code.
 */
#if defined(__GNUC__)
#define SLNK_APART __attribute__((noinline))
#define SLNK_RARE  __attribute__((noinline, cold))
#else
#define SLNK_APART
#define SLNK_RARE
#endif

/* A function that is always inlined, unless the build is for size: constants of the caller remove
 * much of it. */
#if defined(__GNUC__) && !defined(__OPTIMIZE_SIZE__)
#define SLNK_MERGED inline __attribute__((always_inline))
#else
#define SLNK_MERGED inline
#endif

/* A second, faster path for the same work, unless the build is for size. */
#if defined(__OPTIMIZE_SIZE__)
#define SLNK_UNLESS_SMALL(condition) (false && (condition))
#else
#define SLNK_UNLESS_SMALL(condition) (condition)
#endif

#endif
