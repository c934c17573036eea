/* SPDX-License-Identifier: MIT */
/*
 * A fuzz target for the reader and the writer of one header format: what is read is held against
 * the format's oracle, and what is accepted is written and read again.
 */
#ifndef FUZZ_HEADER_H
#define FUZZ_HEADER_H

#include "fuzz.h"

#include "format_oracle.h"

typedef spanlink_status (*fuzz_parser)(spanlink_str header, spanlink_context *context);

/* Reads a header, and holds what is said against what the oracle says. True if there is a context.
 */
static inline bool fuzz_read(fuzz_parser parse, const oracle_reading *wanted, const char *header,
                             size_t length, spanlink_context *context) {
    spanlink_context before;
    memset(&before, 0xa5, sizeof before);
    memcpy(context, &before, sizeof before);
    fuzz_expect(parse((spanlink_str){header, length}, context) == wanted->status);
    if (wanted->status == SPANLINK_OK) {
        fuzz_expect(oracle_agrees(wanted, context));
        return true;
    }
    fuzz_expect(memcmp(context, &before, sizeof before) == 0);
    return false;
}

/* Reads what was written of a context: the same ids, and of the flags those that are sent. */
static inline void fuzz_read_back(fuzz_parser parse, const spanlink_context *context,
                                  const char *header, size_t length, uint8_t flags) {
    spanlink_context again;
    fuzz_expect(parse((spanlink_str){header, length}, &again) == SPANLINK_OK);
    fuzz_expect(spanlink_context_same_span(context, &again));
    fuzz_expect(again.trace_flags == (context->trace_flags & flags));
}

/* Both, for a format that is one text of at most `size` characters with its NUL. */
static inline void
fuzz_text_header(fuzz_parser parse, oracle_reading (*oracle)(const char *header, size_t length),
                 spanlink_status (*format)(const spanlink_context *context, char *text),
                 size_t size, const uint8_t *data, size_t length) {
    char *header = fuzz_copy(data, length), *text = fuzz_memory(size);
    spanlink_context context;
    oracle_reading wanted = oracle(header, length);
    if (fuzz_read(parse, &wanted, header, length, &context)) {
        fuzz_expect(format(&context, text) == SPANLINK_OK);
        fuzz_read_back(parse, &context, text, strlen(text), SPANLINK_TRACE_FLAG_SAMPLED);
    }
    free(text);
    free(header);
}

#endif
