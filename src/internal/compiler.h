/* SPDX-License-Identifier: MIT */
/* Hints for compilers that take them. */
#ifndef SPANLINK_INTERNAL_COMPILER_H
#define SPANLINK_INTERNAL_COMPILER_H

/*
 * APART: not inlined, which keeps the registers and the stack frame of its caller small. RARE: that
 * and seldom called; not for functions that copy texts, because gcc copies with "rep movs" in cold
 * code, which takes twice the time.
 */
#if defined(__GNUC__)
#define SLNK_APART __attribute__((noinline))
#define SLNK_RARE  __attribute__((noinline, cold))
#else
#define SLNK_APART
#define SLNK_RARE
#endif

/* A function that becomes part of each caller, however large it is, unless size matters most: where
 * a caller's constants make much of it vanish. */
#if defined(__GNUC__) && !defined(__OPTIMIZE_SIZE__)
#define SLNK_MERGED inline __attribute__((always_inline))
#else
#define SLNK_MERGED inline
#endif

/* A second way through the same work, worth its bytes unless size matters most. */
#if defined(__OPTIMIZE_SIZE__)
#define SLNK_UNLESS_SMALL(condition) (false && (condition))
#else
#define SLNK_UNLESS_SMALL(condition) (condition)
#endif

#endif
