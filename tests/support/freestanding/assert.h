/* SPDX-License-Identifier: MIT */
/* <assert.h> where no C library's headers are at hand: nothing is checked. */
#undef assert
#define assert(condition) ((void)0)
