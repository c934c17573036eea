/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "test_formats.h"
#include "test_links.h"

#include <spanlink/b3.h>
#include <spanlink/binary.h>
#include <spanlink/cloud_trace.h>
#include <spanlink/datadog.h>
#include <spanlink/jaeger.h>
#include <spanlink/traceparent.h>
#include <spanlink/xray.h>

#include <stdio.h>
#include <stdlib.h>

enum { MOST_LENGTH = 300, ROUNDS = 100000 };

/* The formats */

const test_format test_traceparent = {.read = spanlink_traceparent_parse,
                                      .judge = oracle_traceparent,
                                      .write = spanlink_traceparent_format,
                                      .size = SPANLINK_TRACEPARENT_LENGTH + 1,
                                      .flags =
                                          SPANLINK_TRACE_FLAG_SAMPLED | SPANLINK_TRACE_FLAG_RANDOM};

#ifndef SPANLINK_NO_FORMATS

static spanlink_status write_datadog(const spanlink_context *context, char *text) {
    spanlink_datadog_headers headers;
    spanlink_status status = spanlink_datadog_format(context, text == NULL ? NULL : &headers);
    if (status == SPANLINK_OK) {
        sprintf(text, "%s\n%s\n%s\n%s", headers.trace_id, headers.parent_id,
                headers.sampling_priority, headers.tags);
    }
    return status;
}

static spanlink_status read_binary(spanlink_str bytes, spanlink_context *context) {
    return spanlink_binary_decode((const uint8_t *)bytes.ptr, bytes.len, context);
}

static spanlink_status write_binary(const spanlink_context *context, char *bytes) {
    return spanlink_binary_encode(context, (uint8_t *)bytes);
}

#define ONE_HEADER(name, NAME)                                                                     \
    const test_format test_##name = {.read = spanlink_##name##_parse,                              \
                                     .judge = oracle_##name,                                       \
                                     .write = spanlink_##name##_format,                            \
                                     .size = SPANLINK_##NAME##_LENGTH + 1,                         \
                                     .flags = SPANLINK_TRACE_FLAG_SAMPLED}

ONE_HEADER(b3, B3);
ONE_HEADER(xray, XRAY);
ONE_HEADER(jaeger, JAEGER);
ONE_HEADER(cloud_trace, CLOUD_TRACE);
const test_format test_b3_multi = {.read_four = spanlink_b3_parse_multi,
                                   .judge_four = oracle_b3_multi};
const test_format test_datadog = {.read_four = spanlink_datadog_parse,
                                  .judge_four = oracle_datadog,
                                  .write = write_datadog,
                                  .size = TEST_FORMAT_MOST,
                                  .flags = SPANLINK_TRACE_FLAG_SAMPLED};
const test_format test_binary = {.read = read_binary,
                                 .judge = oracle_binary,
                                 .write = write_binary,
                                 .size = SPANLINK_BINARY_SIZE,
                                 .has_no_nul = true,
                                 .flags = SPANLINK_TRACE_FLAG_SAMPLED | SPANLINK_TRACE_FLAG_RANDOM};

#endif

spanlink_status test_format_read(const test_format *format, spanlink_str header,
                                 spanlink_context *context) {
    if (format->read != NULL) {
        return format->read(header, context);
    }
    spanlink_str v[4];
    oracle_cut_lines(header.ptr, header.len, v);
    return format->read_four(v[0], v[1], v[2], v[3], context);
}

oracle_reading test_format_judge(const test_format *format, spanlink_str header) {
    if (format->judge != NULL) {
        return format->judge(header.ptr, header.len);
    }
    spanlink_str values[4];
    oracle_cut_lines(header.ptr, header.len, values);
    return format->judge_four(values);
}

spanlink_str test_format_written(const test_format *format, const char *text) {
    return (spanlink_str){text, format->has_no_nul ? format->size : strlen(text)};
}

/* Reading */

static spanlink_status read_exact(const test_format *format, const char *header, size_t length,
                                  spanlink_context *context) {
    char *copy = test_copy(header, length);
    spanlink_status status = test_format_read(format, (spanlink_str){copy, length}, context);
    memset(copy, '#', length);
    free(copy);
    return status;
}

void expect_as_specified(const test_format *format, const char *header, size_t length) {
    spanlink_context context, before;
    memset(&context, 0x5a, sizeof context);
    memset(&before, 0x5a, sizeof before);
    oracle_reading wanted = test_format_judge(format, (spanlink_str){header, length});
    spanlink_status status = read_exact(format, header, length, &context);
    if (status != wanted.status || (status == SPANLINK_OK && !oracle_agrees(&wanted, &context))) {
        fail_msg("\"%.*s\" reads as %d, not %d", (int)length, header, (int)status,
                 (int)wanted.status);
    }
    if (status != SPANLINK_OK) {
        assert_memory_equal(&before, &context, sizeof context);
    }
}

void expect_reads(const test_format *format, spanlink_status wanted, const char *header) {
    assert_status(wanted, test_format_judge(format, spanlink_str_from(header)).status);
    expect_as_specified(format, header, strlen(header));
}

void expect_context(const test_format *format, const char *header, const char *trace_id,
                    const char *span_id, uint8_t flags) {
    oracle_reading reading = test_format_judge(format, spanlink_str_from(header));
    assert_ok(reading.status);
    assert_string_equal(trace_id, reading.trace_id);
    assert_string_equal(span_id, reading.span_id);
    assert_int_equal(flags, reading.flags);
    expect_as_specified(format, header, strlen(header));
}

void expect_each_reads(const test_format *format, spanlink_status wanted, const char *pattern,
                       const char *const *values) {
    for (; *values != NULL; values++) {
        char header[MOST_LENGTH];
        snprintf(header, sizeof header, pattern, *values);
        expect_reads(format, wanted, header);
    }
}

void expect_each_context(const test_format *format, const char *pattern, const char *const *values,
                         const char *trace_id, const char *span_id, uint8_t flags) {
    for (; *values != NULL; values++) {
        char header[MOST_LENGTH];
        snprintf(header, sizeof header, pattern, *values);
        expect_context(format, header, trace_id, span_id, flags);
    }
}

static void expect_each_byte_judged(const test_format *format, const char *header, size_t length) {
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

static void expect_each_length_judged(const test_format *format, const char *header,
                                      size_t length) {
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

/* Changes a text at one position, in one of four ways. */
static size_t damage(char *text, size_t length, const char *likely, uint64_t *random) {
    size_t at = test_random_below(random, length + 1);
    char character = likely[test_random_below(random, strlen(likely))];
    size_t rest = length - at;
    switch (test_random_below(random, 4)) {
    case 0: /* removed */
        if (rest != 0) {
            memmove(text + at, text + at + 1, rest - 1);
            length--;
        }
        break;
    case 1: /* inserted */
        memmove(text + at + 1, text + at, rest);
        text[at] = character;
        length++;
        break;
    case 2: /* appended again */
        memmove(text + length, text + at, rest);
        length += rest;
        break;
    default:
        text[at == length ? 0 : at] = character;
    }
    return length;
}

static void expect_damage_judged(const test_format *format, const char *header, size_t length,
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

void expect_judged(const test_format *format, const char *header, size_t length,
                   const char *likely) {
    expect_each_byte_judged(format, header, length);
    expect_each_length_judged(format, header, length);
    expect_damage_judged(format, header, length, likely);
}

static void expect_views_refused(const test_format *format, const char *header,
                                 spanlink_context *context) {
    if (format->read != NULL) {
        assert_refused(format->read((spanlink_str){NULL, 1}, context));
        assert_refused(format->read((spanlink_str){NULL, SIZE_MAX}, context));
        assert_status(SPANLINK_ERR_NO_CONTEXT, format->read((spanlink_str){NULL, 0}, context));
        assert_status(SPANLINK_ERR_NO_CONTEXT, format->read((spanlink_str){"", 0}, context));
        return;
    }
    for (size_t broken = 0; broken < 4; broken++) {
        spanlink_str v[4];
        oracle_cut_lines(header, strlen(header), v);
        v[broken].ptr = NULL;
        assert_refused(format->read_four(v[0], v[1], v[2], v[3], context));
    }
}

void expect_arguments_refused(const test_format *format, const char *header) {
    spanlink_context context, before;
    memset(&context, 0x5a, sizeof context);
    memset(&before, 0x5a, sizeof before);
    assert_refused(test_format_read(format, spanlink_str_from(header), NULL));
    expect_views_refused(format, header, &context);
    assert_memory_equal(&before, &context, sizeof context);
}

/* Writing */

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
    assert_true(spanlink_context_same_span(wanted, read) && read->is_remote);
    assert_int_equal(wanted->trace_flags & flags, read->trace_flags);
}

static void expect_read_back(const test_format *format) {
    uint64_t random = 11;
    for (int round = 0; round < 20000; round++) {
        spanlink_context context = test_random_context(&random), back;
        char text[TEST_FORMAT_MOST];
        assert_ok(format->write(&context, text));
        assert_ok(test_format_read(format, test_format_written(format, text), &back));
        expect_same_context(&context, &back, format->flags);
    }
}

static void expect_refused(const test_format *format) {
    spanlink_context context = {.span_id = {1}};
    char text[TEST_FORMAT_MOST] = "#";
    assert_status(SPANLINK_ERR_TRACE_ID_ZERO, format->write(&context, text));
    context = (spanlink_context){.trace_id = {[15] = 1}};
    assert_status(SPANLINK_ERR_SPAN_ID_ZERO, format->write(&context, text));
    assert_refused(format->write(NULL, text));
    assert_refused(format->write(&context, NULL));
    assert_string_equal("#", text);
}

void expect_written(const test_format *format, const char *header, size_t header_length,
                    const char *wanted, size_t length) {
    spanlink_context context;
    char text[TEST_FORMAT_MOST + 1];
    memset(text, '#', sizeof text);
    assert_ok(test_format_read(format, (spanlink_str){header, header_length}, &context));
    context.trace_flags |= (uint8_t)~format->flags;
    assert_ok(format->write(&context, text));
    spanlink_str written = test_format_written(format, text);
    assert_int_equal(length, written.len);
    assert_memory_equal(wanted, text, length);
    assert_int_equal('#', text[format->size]);
    expect_refused(format);
    expect_read_back(format);
}
