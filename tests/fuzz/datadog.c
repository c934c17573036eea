/* SPDX-License-Identifier: MIT */
/* Reads its input as lines of Datadog's four headers, against an oracle, and writes what is
 * accepted. */
#include "header.h"

#include <spanlink/datadog.h>

static spanlink_status parse_lines(spanlink_str lines, spanlink_context *context) {
    spanlink_str v[4];
    oracle_cut_lines(lines.ptr, lines.len, v);
    return spanlink_datadog_parse(v[0], v[1], v[2], v[3], context);
}

static void write_lines(const spanlink_context *context) {
    spanlink_datadog_headers *headers = fuzz_memory(sizeof *headers);
    char lines[80];
    fuzz_expect(spanlink_datadog_format(context, headers) == SPANLINK_OK);
    int length = snprintf(lines, sizeof lines, "%s\n%s\n%s\n%s", headers->trace_id,
                          headers->parent_id, headers->sampling_priority, headers->tags);
    fuzz_expect(length > 0 && (size_t)length < sizeof lines);
    fuzz_read_back(parse_lines, context, lines, (size_t)length, SPANLINK_TRACE_FLAG_SAMPLED);
    free(headers);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *lines = fuzz_copy(data, size);
    spanlink_str values[4];
    spanlink_context context;
    oracle_cut_lines(lines, size, values);
    oracle_reading wanted = oracle_datadog(values);
    if (fuzz_read(parse_lines, &wanted, lines, size, &context)) {
        write_lines(&context);
    }
    free(lines);
    return 0;
}
