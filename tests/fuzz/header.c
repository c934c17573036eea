/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of a header format, FUZZ_FORMAT: compares the parser with the format's oracle; an
 * accepted header is written and read again. For B3, input with a line end is read as its four
 * headers.
 */
#include "fuzz.h"

#include "test_formats.h"

static const test_format *const format = &FUZZ_FORMAT;

static const test_format *format_of(const uint8_t *data, size_t size) {
#ifndef SPANLINK_NO_FORMATS
    if (format == &test_b3 && size != 0 && memchr(data, '\n', size) != NULL) {
        return &test_b3_multi;
    }
#endif
    (void)data;
    (void)size;
    return format;
}

/* Reads a header and compares the result with the oracle's. True if there is a context. */
static bool reads(const test_format *reader, spanlink_str header, spanlink_context *context) {
    spanlink_context before;
    memset(&before, 0xa5, sizeof before);
    memcpy(context, &before, sizeof before);
    oracle_reading wanted = test_format_judge(reader, header);
    fuzz_expect(test_format_read(reader, header, context) == wanted.status);
    if (wanted.status == SPANLINK_OK) {
        fuzz_expect(oracle_agrees(&wanted, context));
        return true;
    }
    fuzz_expect(memcmp(context, &before, sizeof before) == 0);
    return false;
}

static void write_and_read_back(const spanlink_context *context) {
    char *text = fuzz_memory(format->size);
    spanlink_context again;
    fuzz_expect(format->write(context, text) == SPANLINK_OK);
    fuzz_expect(test_format_read(format, test_format_written(format, text), &again) == SPANLINK_OK);
    fuzz_expect(spanlink_context_same_span(context, &again));
    fuzz_expect(again.trace_flags == (context->trace_flags & format->flags));
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *header = fuzz_copy(data, size);
    spanlink_context context;
    if (reads(format_of(data, size), (spanlink_str){header, size}, &context)) {
        write_and_read_back(&context);
    }
    free(header);
    return 0;
}
