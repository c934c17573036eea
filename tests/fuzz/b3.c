/* SPDX-License-Identifier: MIT */
/*
 * Reads its input as B3's single header, or, if it has a line end, as lines of the multiple ones,
 * against an oracle, and writes what is accepted.
 */
#include "header.h"

#include <spanlink/b3.h>

static spanlink_status parse_lines(spanlink_str lines, spanlink_context *context) {
    spanlink_str v[4];
    oracle_cut_lines(lines.ptr, lines.len, v);
    return spanlink_b3_parse_multi(v[0], v[1], v[2], v[3], context);
}

static oracle_reading judge_lines(const char *lines, size_t length) {
    spanlink_str values[4];
    oracle_cut_lines(lines, length, values);
    return oracle_b3_multi(values);
}

static void read_lines(const char *lines, size_t length) {
    spanlink_context context;
    char *text = fuzz_memory(SPANLINK_B3_LENGTH + 1);
    oracle_reading wanted = judge_lines(lines, length);
    if (fuzz_read(parse_lines, &wanted, lines, length, &context)) {
        fuzz_expect(spanlink_b3_format(&context, text) == SPANLINK_OK);
        fuzz_read_back(spanlink_b3_parse, &context, text, strlen(text),
                       SPANLINK_TRACE_FLAG_SAMPLED);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size != 0 && memchr(data, '\n', size) != NULL) {
        char *lines = fuzz_copy(data, size);
        read_lines(lines, size);
        free(lines);
    } else {
        fuzz_text_header(spanlink_b3_parse, oracle_b3, spanlink_b3_format, SPANLINK_B3_LENGTH + 1,
                         data, size);
    }
    return 0;
}
