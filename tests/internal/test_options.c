/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "internal/options.h"

#include <stdlib.h>

/* A struct like those of options and statistics: fields of several widths, and final padding. */
typedef struct sample {
    size_t struct_size;
    spanlink_allocator allocator;
    uint32_t number;
    bool flag;
    uint64_t pair[2];
    uint8_t last;
} sample;

#define SAMPLE_FIELD(member) SLNK_OPTIONS_FIELD(sample, member)
static const slnk_options_layout layout =
    SLNK_OPTIONS_LAYOUT(sample, SLNK_OPTIONS_ALLOCATOR(sample), SAMPLE_FIELD(number),
                        SAMPLE_FIELD(flag), SAMPLE_FIELD(pair), SAMPLE_FIELD(last));

enum { LARGEST = 4096 };

/* A caller's struct in a block of exactly `size` bytes: every byte of a known field is `filler`,
 * all others are zero. */
static uint8_t *make_struct(size_t size, int filler) {
    uint8_t *bytes = calloc(1, size < sizeof(size_t) ? sizeof(size_t) : size);
    for (size_t i = 0; i < layout.count; i++) {
        slnk_options_field field = layout.fields[i];
        for (size_t byte = field.offset; byte < field.offset + field.size && byte < size; byte++) {
            bytes[byte] = (uint8_t)filler;
        }
    }
    memcpy(bytes, &size, sizeof size);
    return bytes;
}

static bool is_filled(const void *bytes, size_t size, int filler) {
    for (size_t i = 0; i < size; i++) {
        if (((const uint8_t *)bytes)[i] != filler) {
            return false;
        }
    }
    return true;
}

/* Expects fields within `size` to hold `inside`, and fields that end beyond it to hold `other`. */
static void expect_fields(const sample *read, size_t size, int inside, int other) {
    for (size_t i = 1; i < layout.count; i++) {
        const uint8_t *field = (const uint8_t *)read + layout.fields[i].offset;
        bool counts = layout.fields[i].offset + layout.fields[i].size <= size;
        assert_true(is_filled(field, layout.fields[i].size, counts ? inside : other));
    }
}

TEST(a_field_is_read_if_it_lies_wholly_inside_the_struct_size) {
    for (size_t size = 1; size <= sizeof(sample) + 20; size++) {
        sample read;
        uint8_t *given = make_struct(size, 0xa5);
        memset(&read, 0xff, sizeof read);
        assert_true(slnk_options_read(&layout, given, &read));
        assert_int_equal(size < sizeof size ? 0 : size, read.struct_size);
        expect_fields(&read, size, 0xa5, 0);
        free(given);
    }
}

TEST(no_options_are_options_of_zeros) {
    sample read;
    memset(&read, 0xff, sizeof read);
    assert_true(slnk_options_read(&layout, NULL, &read));
    assert_true(is_filled(&read, sizeof read, 0));
}

TEST(a_struct_size_of_zero_or_above_4096_is_refused) {
    static const size_t bad[] = {0, LARGEST + 1, SIZE_MAX};
    static uint8_t given[LARGEST];
    sample read;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        memcpy(given, &bad[i], sizeof bad[i]);
        assert_false(slnk_options_read(&layout, given, &read));
    }
    const size_t largest = LARGEST;
    memcpy(given, &largest, sizeof largest);
    assert_true(slnk_options_read(&layout, given, &read));
}

TEST(a_tail_that_this_version_does_not_know_must_be_zero) {
    const size_t sizes[] = {sizeof(sample) + 1, sizeof(sample) + 40, LARGEST};
    for (size_t i = 0; i < 3; i++) {
        sample read;
        uint8_t *given = make_struct(sizes[i], 1);
        const size_t places[] = {sizeof(sample), (sizeof(sample) + sizes[i]) / 2, sizes[i] - 1};
        for (size_t place = 0; place < 3; place++) {
            given[places[place]] = 1;
            assert_false(slnk_options_read(&layout, given, &read));
            given[places[place]] = 0;
            assert_true(slnk_options_read(&layout, given, &read));
        }
        free(given);
    }
}

TEST(a_struct_is_written_up_to_its_size_with_a_zeroed_tail) {
    sample values;
    memset(&values, 0x3c, sizeof values);
    for (size_t size = sizeof(size_t); size <= sizeof(sample) + 40; size++) {
        uint8_t given[sizeof(sample) + 50];
        size_t written;
        sample known;
        memset(given, 0xee, sizeof given);
        slnk_options_write(&layout, &values, given, size);
        memcpy(&written, given, sizeof written);
        assert_true(written == size);
        assert_true(is_filled(given + size, sizeof given - size, 0xee));
        if (size > sizeof(sample)) {
            assert_true(is_filled(given + sizeof(sample), size - sizeof(sample), 0));
        }
        memset(given + size, 0, sizeof given - size);
        memcpy(&known, given, sizeof known);
        expect_fields(&known, size, 0x3c, 0);
    }
}

TEST(nothing_is_written_without_a_size_or_a_struct) {
    static const size_t bad[] = {0, 1, sizeof(size_t) - 1, LARGEST + 1, SIZE_MAX};
    const sample values = {.number = 7};
    static uint8_t given[LARGEST + 1];
    memset(given, 0xee, sizeof given);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        slnk_options_write(&layout, &values, given, bad[i]);
        assert_true(is_filled(given, sizeof given, 0xee));
    }
    slnk_options_write(&layout, &values, NULL, sizeof(sample));
    slnk_options_write(&layout, &values, given, LARGEST);
    assert_true(is_filled(given + sizeof(sample), LARGEST - sizeof(sample), 0));
    assert_int_equal(0xee, given[LARGEST]);
}

TEST(zero_is_the_default_and_none_is_nothing) {
    assert_true(slnk_options_number(0, 128) == 128);
    assert_true(slnk_options_number(1, 128) == 1);
    assert_true(slnk_options_number(SPANLINK_NONE, 128) == 0);
    assert_true(slnk_options_number(SPANLINK_UNLIMITED, 128) == SPANLINK_UNLIMITED);
    assert_true(SPANLINK_NONE == SIZE_MAX - 1);
}
