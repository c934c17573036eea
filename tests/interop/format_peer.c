/* SPDX-License-Identifier: MIT */
/*
 * spanlink's side of the comparison with other tracers' propagators. Reads standard input and
 * writes standard output line by line, with tabs between fields:
 *
 *     format_peer write      reads `FORMAT trace-id span-id flags`, prints the header values
 *     format_peer read       reads `FORMAT value...`, prints `trace-id span-id flags` or `- reason`
 *
 * Ids and the binary format are in hex, flags are 0 or 1.
 */
#include "test_formats.h"

#include <spanlink/binary.h>

#include <stdio.h>
#include <stdlib.h>

enum { MAX_LINE = 4096 };

/* b3multi is written as b3, whose parts are its values. */
static const struct {
    const char *name;
    const test_format *read, *write;
} formats[] = {
    {"b3", &test_b3, &test_b3},
    {"b3multi", &test_b3_multi, &test_b3},
    {"xray", &test_xray, &test_xray},
    {"datadog", &test_datadog, &test_datadog},
    {"jaeger", &test_jaeger, &test_jaeger},
    {"cloud_trace", &test_cloud_trace, &test_cloud_trace},
    {"binary", &test_binary, &test_binary},
};

static size_t number_of(const char *name) {
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(name, formats[i].name) == 0) {
            return i;
        }
    }
    fprintf(stderr, "format_peer: no format %s\n", name);
    exit(EXIT_FAILURE);
}

static void replace(char *text, char old, char by) {
    while ((text = strchr(text, old)) != NULL) {
        *text++ = by;
    }
}

/* Decodes hex in place, and returns the number of bytes. */
static size_t decode(char *hex) {
    size_t size = strlen(hex) / 2;
    for (size_t i = 0; i < size; i++) {
        char pair[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        hex[i] = (char)strtoul(pair, NULL, 16);
    }
    return size;
}

/* The fields of a line, which are the lines of a text for test_format_read(). */
static spanlink_status answer_read(char *line) {
    char *values = strchr(line, '\t');
    spanlink_context context;
    char trace_id[33], span_id[17];
    if (values == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    *values++ = '\0';
    const test_format *format = formats[number_of(line)].read;
    replace(values, '\t', '\n');
    size_t length = format == &test_binary ? decode(values) : strlen(values);
    spanlink_status status = test_format_read(format, spanlink_str_make(values, length), &context);
    if (status == SPANLINK_OK) {
        spanlink_trace_id_to_hex(context.trace_id, trace_id);
        spanlink_span_id_to_hex(context.span_id, span_id);
        printf("%s\t%s\t%u\n", trace_id, span_id, (unsigned)context.trace_flags);
    }
    return status;
}

static void print_written(const char *name, const test_format *format, char *text) {
    for (size_t i = 0; i < SPANLINK_BINARY_SIZE && format == &test_binary; i++) {
        printf("%02x", (unsigned)(uint8_t)text[i]);
    }
    if (strcmp(name, "b3multi") == 0) {
        replace(text, '-', '\t');
    }
    replace(text, '\n', '\t');
    puts(format == &test_binary ? "" : text);
}

static spanlink_status answer_write(char *line) {
    char name[16], trace_id[40], span_id[24], text[TEST_FORMAT_MOST];
    unsigned flags;
    if (sscanf(line, "%15s %39s %23s %u", name, trace_id, span_id, &flags) != 4) {
        return SPANLINK_ERR_ARGUMENT;
    }
    const test_format *format = formats[number_of(name)].write;
    spanlink_context context;
    spanlink_status status = spanlink_context_from_hex(trace_id, span_id, flags == 1, &context);
    if (status == SPANLINK_OK) {
        status = format->write(&context, text);
    }
    if (status == SPANLINK_OK) {
        print_written(name, format, text);
    }
    return status;
}

int main(int argc, char **argv) {
    static char line[MAX_LINE];
    bool writes = argc == 2 && strcmp(argv[1], "write") == 0;
    if (!writes && (argc != 2 || strcmp(argv[1], "read") != 0)) {
        fputs("usage: format_peer read|write\n", stderr);
        return 2;
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        spanlink_status status = writes ? answer_write(line) : answer_read(line);
        if (status != SPANLINK_OK) {
            printf("-\t%s\n", spanlink_status_text(status));
        }
    }
    return EXIT_SUCCESS;
}
