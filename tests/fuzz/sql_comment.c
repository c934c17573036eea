/* SPDX-License-Identifier: MIT */
/*
 * Reads its input as a statement, and compares with an oracle; the first byte is the capacity for
 * the tracestate. Then appends a comment to the statement, which may end inside a quote or comment,
 * and compares again.
 */
#include "format_oracle.h"
#include "fuzz.h"

#include <spanlink/propagation.h>
#include <spanlink/sql_comment.h>

enum { COMMENT = 87 + 3 * 512 };

/* Pieces of SQL syntax; a byte above 0x7f stands for one of them. */
#define PARENT "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
static const spanlink_str pieces[] = {
    FUZZ_PIECE("/*"),
    FUZZ_PIECE("*/"),
    FUZZ_PIECE("'"),
    FUZZ_PIECE("\\'"),
    FUZZ_PIECE("$$"),
    FUZZ_PIECE("$a$"),
    FUZZ_PIECE("--"),
    FUZZ_PIECE("\n"),
    FUZZ_PIECE("E'"),
    FUZZ_PIECE("%27"),
    FUZZ_PIECE("traceparent"),
    FUZZ_PIECE("tracestate"),
    FUZZ_PIECE("='"),
    FUZZ_PIECE("traceparent='" PARENT "'"),
    FUZZ_PIECE("tracestate='a%3D1'"),
    FUZZ_PIECE("/*traceparent='" PARENT "'*/"),
};

/* The oracle's result. It uses the library's parsers of the W3C headers, which have their own fuzz
 * targets. */
static spanlink_status judge(const char *sql, size_t length, size_t capacity, char *memory,
                             spanlink_context *context) {
    oracle_comment comment = {.traceparent = memory, .tracestate = memory + length};
    oracle_sql_comment(sql, length, &comment);
    if (!comment.found) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    if (comment.traceparent_length == 0 || comment.traceparent_length > 128) {
        return SPANLINK_ERR_TRACEPARENT_LENGTH;
    }
    spanlink_str state = {comment.tracestate,
                          comment.tracestate_length > capacity ? 0 : comment.tracestate_length};
    return spanlink_context_from_headers(
        (spanlink_str){comment.traceparent, comment.traceparent_length}, state, context);
}

static void compare(const char *sql, size_t length, size_t capacity) {
    char *memory = fuzz_memory(2 * length), *text = fuzz_memory(capacity);
    char *copy = fuzz_copy(sql, length);
    spanlink_context wanted, context, before;
    memset(&before, 0xa5, sizeof before);
    memcpy(&context, &before, sizeof before);
    spanlink_status status = judge(sql, length, capacity, memory, &wanted);
    fuzz_expect(spanlink_sql_comment_parse((spanlink_str){copy, length}, text, capacity,
                                           &context) == status);
    if (status == SPANLINK_OK) {
        fuzz_expect(spanlink_context_same_span(&wanted, &context) && context.is_remote);
        fuzz_expect(wanted.trace_flags == context.trace_flags);
        fuzz_expect(fuzz_same_text(wanted.trace_state, context.trace_state));
    } else {
        fuzz_expect(memcmp(&context, &before, sizeof before) == 0);
    }
    free(copy);
    free(text);
    free(memory);
}

/* Appends a comment whose tracestate is the text of the statement. */
static void append(const char *sql, size_t length) {
    char *longer = fuzz_memory(length + COMMENT);
    size_t added = 0;
    spanlink_context context = {.trace_id = {1}, .span_id = {2}, .trace_flags = 3};
    context.trace_state = (spanlink_str){sql, length < 512 ? length : 512};
    memcpy(longer, sql, length);
    fuzz_expect(spanlink_sql_comment_format(&context, longer + length, COMMENT, &added) ==
                SPANLINK_OK);
    fuzz_expect(memcmp(longer + length, "/*", 2) == 0 &&
                memcmp(longer + length + added - 2, "*/", 2) == 0);
    compare(longer, length + added, length);
    free(longer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_input input = {data, size};
    size_t capacity = fuzz_byte(&input), most = 80 * input.left + 256;
    char *sql = fuzz_memory(most);
    size_t length = fuzz_expand(&input, pieces, sizeof pieces / sizeof pieces[0], sql, most);
    compare(sql, length, capacity);
    append(sql, length);
    free(sql);
    return 0;
}
