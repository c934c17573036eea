/* SPDX-License-Identifier: MIT */
/*
 * Structs that begin with their size, so that programs and libraries of different versions are
 * compatible: options and limits, which the caller fills, and statistics, which the library fills.
 * These rules hold for all of them:
 *
 * - A struct_size of 0, or above SLNK_OPTIONS_LARGEST, is invalid.
 * - A field counts if it is wholly inside struct_size. A field that does not count is 0.
 * - Bytes inside struct_size after the fields that this version knows must be zero in options, and
 * are set to zero in statistics.
 * - In options 0 means a field's default, and SPANLINK_NONE means 0.
 */
#ifndef SPANLINK_INTERNAL_OPTIONS_H
#define SPANLINK_INTERNAL_OPTIONS_H

#include <spanlink/base.h>

enum { SLNK_OPTIONS_LARGEST = 4096 };

/* The place of a field in its struct. */
typedef struct slnk_options_field {
    uint16_t offset, size;
} slnk_options_field;

#define SLNK_OPTIONS_FIELD(type, member)                                                           \
    {offsetof(type, member), sizeof((const type *)NULL)->member}

/* The four fields of a member `allocator`. */
#define SLNK_OPTIONS_ALLOCATOR(type)                                                               \
    SLNK_OPTIONS_FIELD(type, allocator.state), SLNK_OPTIONS_FIELD(type, allocator.allocate),       \
        SLNK_OPTIONS_FIELD(type, allocator.resize), SLNK_OPTIONS_FIELD(type, allocator.release)

/* All fields of a struct, of which the first is its struct_size, and its size. */
typedef struct slnk_options_layout {
    const slnk_options_field *fields;
    uint16_t count, size;
} slnk_options_layout;

#define SLNK_OPTIONS_LAYOUT(type, ...)                                                             \
    {SLNK_OPTIONS_ARRAY(type, __VA_ARGS__),                                                        \
     sizeof SLNK_OPTIONS_ARRAY(type, __VA_ARGS__) / sizeof(slnk_options_field), sizeof(type)}
#define SLNK_OPTIONS_ARRAY(type, ...)                                                              \
    (const slnk_options_field[]) {                                                                 \
        SLNK_OPTIONS_FIELD(type, struct_size), __VA_ARGS__                                         \
    }

/*
 * Reads the caller's options into `options`, a whole struct of this version. NULL leaves every
 * field 0. False if the struct_size is invalid, or the unknown tail is not zero.
 */
bool slnk_options_read(const slnk_options_layout *layout, const void *given, void *options);

/*
 * Writes `values`, a whole struct of this version, into a caller's struct of `struct_size` bytes,
 * and sets its struct_size. No-op if `to` is NULL or the size is invalid.
 */
void slnk_options_write(const slnk_options_layout *layout, const void *values, void *to,
                        size_t struct_size);

/* The value of an option: 0 means `otherwise`, SPANLINK_NONE means 0. */
static inline size_t slnk_options_number(size_t given, size_t otherwise) {
    return given == 0 ? otherwise : given == SPANLINK_NONE ? 0 : given;
}

#endif
