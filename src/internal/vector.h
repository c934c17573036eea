/* SPDX-License-Identifier: MIT */
/*
 * Which vector instructions are available. SSE2 is in every x86-64 and NEON in every aarch64, so
 * neither needs a test at run time; other machines use plain C. SPANLINK_PORTABLE selects plain C
 * everywhere.
 */
#ifndef SPANLINK_INTERNAL_VECTOR_H
#define SPANLINK_INTERNAL_VECTOR_H

#if defined(SPANLINK_PORTABLE)
#define SPANLINK_NO_VECTOR
#elif defined(__SSE2__)
#define SLNK_SSE2
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#define SLNK_NEON
#include <arm_neon.h>
#else
#define SPANLINK_NO_VECTOR
#endif

#endif
