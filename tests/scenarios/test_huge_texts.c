/* SPDX-License-Identifier: MIT */
/*
 * Texts and results above INT32_MAX bytes: each encoder returns SPANLINK_ERR_OTLP_SIZE and writes
 * nothing. The memory is one small file, mapped repeatedly.
 */
#define _GNU_SOURCE

#include "test.h"
#include "test_links.h"

#include <spanlink/otlp.h>
#include <spanlink/otlp_json.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Other platforms lack such lengths or such mappings. test_otlp.c tests with false lengths. */
#if SIZE_MAX > UINT32_MAX && defined(MAP_NORESERVE)

enum { PIECE = 16 << 20 };

/* A length that no message can hold, and a buffer that is larger. */
static const size_t long_text = (size_t)3 << 30, long_buffer = (size_t)6 << 30;

/* Address space in which every piece maps the same memory. */
static char *map_repeated(size_t size) {
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(0, ftruncate(fileno(file), PIECE));
    char *memory = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert_true(memory != MAP_FAILED);
    for (size_t at = 0; at < size; at += PIECE) {
        assert_true(mmap(memory + at, PIECE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
                         fileno(file), 0) != MAP_FAILED);
    }
    fclose(file);
    return memory;
}

static char *text, *buffer;

TEST_AT_START(map_all) {
    text = map_repeated(long_text);
    buffer = map_repeated(long_buffer);
    memset(text, 'x', PIECE);
    memset(buffer, 0x5a, PIECE);
}

static void expect_nothing_written(void) {
    for (size_t i = 0; i < PIECE; i++) {
        if (buffer[i] != 0x5a) {
            fail_msg("byte %zu was written", i);
        }
    }
}

static void expect_too_large(const spanlink_link *links, size_t count) {
    size_t written = 7;
    assert_true(spanlink_otlp_size(links, count) == SIZE_MAX);
    assert_true(spanlink_otlp_json_size(links, count) == SIZE_MAX);
    for (size_t capacity = 1000; capacity <= long_buffer; capacity += long_buffer - 1000) {
        assert_status(SPANLINK_ERR_OTLP_SIZE,
                      spanlink_otlp_encode(links, count, (uint8_t *)buffer, capacity, &written));
        assert_status(SPANLINK_ERR_OTLP_SIZE,
                      spanlink_otlp_json_encode(links, count, buffer, capacity, &written));
    }
    assert_int_equal(7, written);
    expect_nothing_written();
}

/* Places the link between two links that could be written. */
static void expect_too_large_among_others(spanlink_link link) {
    spanlink_attribute small = spanlink_attribute_int("small", 1);
    spanlink_link other = test_link_with(1, &small, 1);
    spanlink_link links[] = {other, link, other};
    expect_too_large(links, 3);
}

static void expect_value_too_large(spanlink_value value) {
    spanlink_attribute attribute = spanlink_attribute_make(spanlink_str_from("key"), value);
    expect_too_large_among_others(test_link_with(1, &attribute, 1));
}

TEST(a_value_above_int32_max_is_a_status) {
    static const size_t lengths[] = {(size_t)INT32_MAX + 1, (size_t)2863311530, (size_t)3 << 30};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        spanlink_value string = spanlink_value_string(spanlink_str_make(text, lengths[i]));
        spanlink_value bytes = spanlink_value_bytes((const uint8_t *)text, lengths[i]);
        spanlink_attribute entries[] = {spanlink_attribute_make(spanlink_str_from("k"), string),
                                        spanlink_attribute_make(spanlink_str_from("l"), bytes)};
        expect_value_too_large(string);
        expect_value_too_large(bytes);
        expect_value_too_large(spanlink_value_array(&string, 1));
        expect_value_too_large(spanlink_value_array(&bytes, 1));
        expect_value_too_large(spanlink_value_map(&entries[0], 1));
        expect_value_too_large(spanlink_value_map(&entries[1], 1));
    }
}

TEST(a_key_or_a_tracestate_above_int32_max_is_a_status) {
    spanlink_str longer = spanlink_str_make(text, long_text);
    spanlink_attribute attribute = spanlink_attribute_make(longer, spanlink_value_int(1));
    spanlink_link link = test_link_with(1, &attribute, 1);
    expect_too_large_among_others(link);
    expect_value_too_large(spanlink_value_map(&attribute, 1));
    link.attribute_count = 0;
    link.context.trace_state = longer;
    expect_too_large_among_others(link);
}

/* Each text fits; all together do not. */
TEST(a_sum_above_int32_max_is_a_status) {
    enum { COUNT = 40 };
    spanlink_value bytes = spanlink_value_bytes((const uint8_t *)text, (size_t)64 << 20);
    spanlink_value values[COUNT];
    spanlink_attribute attributes[COUNT];
    spanlink_link links[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        values[i] = bytes;
        attributes[i] = spanlink_attribute_make(spanlink_str_from("key"), bytes);
        links[i] = test_link_with(1, &attributes[i], 1);
    }
    expect_too_large(links, COUNT);
    links[0].attribute_count = COUNT;
    expect_too_large(links, 1);
    expect_value_too_large(spanlink_value_array(values, COUNT));
    expect_value_too_large(spanlink_value_map(attributes, COUNT));
}

/* Base64 needs four characters for three bytes, an escape needs six for one. */
TEST(a_text_that_json_makes_too_long_is_a_status) {
    memset(text, 1, PIECE);
    spanlink_value values[] = {
        spanlink_value_bytes((const uint8_t *)text, (size_t)INT32_MAX / 4 * 3 + 1),
        spanlink_value_string(spanlink_str_make(text, (size_t)400 << 20))};
    for (size_t i = 0; i < 2; i++) {
        spanlink_attribute attribute = spanlink_attribute_make(spanlink_str_from("k"), values[i]);
        spanlink_link link = test_link_with(1, &attribute, 1);
        size_t written = 7;
        assert_status(SPANLINK_ERR_OTLP_SIZE,
                      spanlink_otlp_json_encode(&link, 1, buffer, long_buffer, &written));
        assert_int_equal(7, written);
        expect_nothing_written();
        assert_true(spanlink_otlp_size(&link, 1) < INT32_MAX);
    }
    memset(text, 'x', PIECE);
}

#endif
