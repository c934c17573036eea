/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "test_formats.h"
#include "test_links.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_LENGTH = 300, ROUNDS = 100000 };

static spanlink_status parse_exact(const test_format *format, const char *header, size_t length,
                                   spanlink_context *context) {
    char *copy = malloc(length == 0 ? 1 : length);
    assert_non_null(copy);
    memcpy(copy, header, length);
    spanlink_status status = format->parse((spanlink_str){copy, length}, context);
    memset(copy, '#', length);
    free(copy);
    return status;
}

void expect_as_specified(const test_format *format, const char *header, size_t length) {
    spanlink_context context, before;
    memset(&context, 0x5a, sizeof context);
    memset(&before, 0x5a, sizeof before);
    oracle_reading wanted = format->oracle(header, length);
    spanlink_status status = parse_exact(format, header, length, &context);
    if (status != wanted.status || (status == SPANLINK_OK && !oracle_agrees(&wanted, &context))) {
        fail_msg("\"%.*s\" reads as %d, not %d", (int)length, header, (int)status,
                 (int)wanted.status);
    }
    if (status != SPANLINK_OK) {
        assert_memory_equal(&before, &context, sizeof context);
    }
}

void expect_reads(const test_format *format, spanlink_status wanted, const char *header) {
    assert_status(wanted, format->oracle(header, strlen(header)).status);
    expect_as_specified(format, header, strlen(header));
}

void expect_context(const test_format *format, const char *header, const char *trace_id,
                    const char *span_id, uint8_t flags) {
    oracle_reading reading = format->oracle(header, strlen(header));
    assert_status(SPANLINK_OK, reading.status);
    assert_string_equal(trace_id, reading.trace_id);
    assert_string_equal(span_id, reading.span_id);
    assert_int_equal(flags, reading.flags);
    expect_as_specified(format, header, strlen(header));
}

void expect_each_byte_judged(const test_format *format, const char *header, size_t length) {
    char text[MOST_LENGTH];
    memcpy(text, header, length);
    for (size_t at = 0; at < length; at++) {
        for (int byte = 0; byte < 256; byte++) {
            text[at] = (char)byte;
            expect_as_specified(format, text, length);
        }
        text[at] = header[at];
    }
}

void expect_each_length_judged(const test_format *format, const char *header, size_t length) {
    static const char behind[] = "0a \t-:;,/=%\0x";
    char text[MOST_LENGTH];
    for (size_t i = 0; i < sizeof behind; i++) {
        memset(text, behind[i], sizeof text);
        memcpy(text, header, length);
        for (size_t size = 0; size <= MOST_LENGTH; size++) {
            expect_as_specified(format, text, size);
        }
    }
}

/* Changes one place of a text in one of four ways. */
static size_t damage(char *text, size_t length, const char *likely, uint64_t *random) {
    size_t at = test_random_below(random, length + 1);
    char character = likely[test_random_below(random, strlen(likely))];
    size_t rest = length - at;
    switch (test_random_below(random, 4)) {
    case 0: /* left out */
        if (rest != 0) {
            memmove(text + at, text + at + 1, rest - 1);
            length--;
        }
        break;
    case 1: /* put in */
        memmove(text + at + 1, text + at, rest);
        text[at] = character;
        length++;
        break;
    case 2: /* repeated behind the end */
        memmove(text + length, text + at, rest);
        length += rest;
        break;
    default:
        text[at == length ? 0 : at] = character;
    }
    return length;
}

void expect_damage_judged(const test_format *format, const char *header, size_t length,
                          const char *likely) {
    uint64_t random = 7;
    for (int round = 0; round < ROUNDS; round++) {
        char text[16 * MOST_LENGTH];
        size_t size = length;
        memcpy(text, header, length);
        for (size_t i = test_random_below(&random, 4) + 1; i > 0 && size < MOST_LENGTH; i--) {
            size = damage(text, size, likely, &random);
        }
        expect_as_specified(format, text, size);
    }
}

void expect_arguments_refused(const test_format *format, const char *header) {
    spanlink_context context, before;
    memset(&context, 0x5a, sizeof context);
    memset(&before, 0x5a, sizeof before);
    assert_status(SPANLINK_ERR_ARGUMENT, format->parse(spanlink_str_from(header), NULL));
    assert_status(SPANLINK_ERR_ARGUMENT, format->parse((spanlink_str){NULL, 1}, &context));
    assert_status(SPANLINK_ERR_ARGUMENT, format->parse((spanlink_str){NULL, SIZE_MAX}, &context));
    assert_status(SPANLINK_ERR_NO_CONTEXT, format->parse((spanlink_str){NULL, 0}, &context));
    assert_status(SPANLINK_ERR_NO_CONTEXT, format->parse((spanlink_str){"", 0}, &context));
    assert_memory_equal(&before, &context, sizeof context);
}

spanlink_context test_random_context(uint64_t *random) {
    spanlink_context context = {.trace_flags = (uint8_t)test_random(random)};
    for (size_t i = 0; i < 24; i++) {
        uint8_t *byte = i < 16 ? &context.trace_id[i] : &context.span_id[i - 16];
        *byte = (uint8_t)test_random(random);
    }
    switch (test_random_below(random, 4)) {
    case 0:
        memset(context.trace_id, 0, 8);
        break;
    case 1:
        memset(context.trace_id, 0, test_random_below(random, 16));
        memset(context.span_id, 0, test_random_below(random, 8));
        break;
    case 2:
        memset(context.span_id, 0xff, 8);
        break;
    default:
        break;
    }
    context.trace_id[15] |= 1;
    context.span_id[7] |= 1;
    return context;
}

void expect_same_context(const spanlink_context *wanted, const spanlink_context *read,
                         uint8_t flags) {
    assert_memory_equal(wanted->trace_id, read->trace_id, 16);
    assert_memory_equal(wanted->span_id, read->span_id, 8);
    assert_int_equal(wanted->trace_flags & flags, read->trace_flags);
    assert_true(read->is_remote);
}
