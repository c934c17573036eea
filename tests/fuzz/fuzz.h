/* SPDX-License-Identifier: MIT */
/*
 * Included by every fuzz target: reads the input piece by piece, and reports broken promises. A
 * target is one function, LLVMFuzzerTestOneInput(). tests/fuzz.sh runs it under libFuzzer; replay.c
 * runs it over the committed inputs with any compiler.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <spanlink/base.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct fuzz_input {
    const uint8_t *at;
    size_t left;
} fuzz_input;

/* The next byte; 0 after the end. */
static inline uint8_t fuzz_byte(fuzz_input *input) {
    if (input->left == 0) {
        return 0;
    }
    input->left--;
    return *input->at++;
}

static inline uint64_t fuzz_number(fuzz_input *input) {
    uint64_t number = 0;
    for (int i = 0; i < 8; i++) {
        number = number << 8 | fuzz_byte(input);
    }
    return number;
}

/* Memory of exactly this size, so that AddressSanitizer detects every access beyond it. */
static inline void *fuzz_memory(size_t size) {
    void *memory = malloc(size != 0 ? size : 1);
    if (memory == NULL) {
        abort();
    }
    return memory;
}

static inline void *fuzz_copy(const void *from, size_t size) {
    void *copy = fuzz_memory(size);
    if (size != 0) {
        memcpy(copy, from, size);
    }
    return copy;
}

static inline bool fuzz_same_text(spanlink_str a, spanlink_str b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Expands few bytes to a long text, into `most` bytes: a byte below 0x80 is itself, others are
 * pieces, which are shorter than 256 bytes. Returns the length. */
static inline size_t fuzz_expand(fuzz_input *input, const spanlink_str *pieces, size_t count,
                                 char *text, size_t most) {
    size_t length = 0;
    while (input->left != 0 && length + 256 < most) {
        uint8_t byte = fuzz_byte(input);
        spanlink_str piece = pieces[byte % count];
        if (byte < 0x80) {
            text[length++] = (char)byte;
        } else {
            memcpy(text + length, piece.ptr, piece.len);
            length += piece.len;
        }
    }
    return length;
}

#define FUZZ_PIECE(text) {text, sizeof(text) - 1}

#define fuzz_expect(promise)                                                                       \
    do {                                                                                           \
        if (!(promise)) {                                                                          \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #promise);                  \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#endif
