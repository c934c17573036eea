/* SPDX-License-Identifier: MIT */
/* The part of <string.h> that the library uses, for machines without a C library's headers. */
#ifndef TEST_FREESTANDING_STRING_H
#define TEST_FREESTANDING_STRING_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void *memchr(const void *bytes, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *bytes, int byte, size_t size);
size_t strlen(const char *text);

#ifdef __cplusplus
}
#endif

#endif
