/* SPDX-License-Identifier: MIT */
/* <stdlib.h> for machines without a C library's headers: without heap and environment the library
 * uses nothing of it. */
#include <stddef.h>
