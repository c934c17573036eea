/* SPDX-License-Identifier: MIT */
/* <stdlib.h> where no C library's headers are at hand: without heap and environment nothing of it
 * is used. */
#include <stddef.h>
