/* SPDX-License-Identifier: MIT */
/* What some compilers can be told. */
#ifndef SPANLINK_INTERNAL_COMPILER_H
#define SPANLINK_INTERNAL_COMPILER_H

/*
 * A function that is kept apart, so that its registers and stack frame burden nobody else; RARE if
 * it is seldom called, too, and copies no texts: gcc would copy with "rep movs" there, at twice the
 * time.
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
