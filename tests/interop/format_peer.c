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
#include <spanlink/spanlink.h>

#include <stdio.h>
#include <stdlib.h>

enum { MAX_LINE = 4096, MAX_FIELDS = 5 };

typedef struct fields {
    char *text[MAX_FIELDS]; /* empty if the line has fewer fields */
} fields;

static spanlink_str value(const fields *line, size_t index) {
    return spanlink_str_from(line->text[index]);
}

static spanlink_status read_binary(const char *hex, spanlink_context *context) {
    uint8_t bytes[MAX_LINE / 2];
    size_t size = strlen(hex) / 2;
    for (size_t i = 0; i < size; i++) {
        char pair[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return spanlink_binary_decode(bytes, size, context);
}

static spanlink_status read_context(const fields *line, spanlink_context *context) {
    const char *format = line->text[0];
    if (strcmp(format, "b3") == 0) {
        return spanlink_b3_parse(value(line, 1), context);
    }
    if (strcmp(format, "b3multi") == 0) {
        return spanlink_b3_parse_multi(value(line, 1), value(line, 2), value(line, 3),
                                       value(line, 4), context);
    }
    if (strcmp(format, "xray") == 0) {
        return spanlink_xray_parse(value(line, 1), context);
    }
    if (strcmp(format, "datadog") == 0) {
        return spanlink_datadog_parse(value(line, 1), value(line, 2), value(line, 3),
                                      value(line, 4), context);
    }
    if (strcmp(format, "jaeger") == 0) {
        return spanlink_jaeger_parse(value(line, 1), context);
    }
    if (strcmp(format, "cloud_trace") == 0) {
        return spanlink_cloud_trace_parse(value(line, 1), context);
    }
    return strcmp(format, "binary") == 0 ? read_binary(line->text[1], context)
                                         : SPANLINK_ERR_ARGUMENT;
}

static void answer_read(const fields *line) {
    spanlink_context context;
    char trace_id[33], span_id[17];
    spanlink_status status = read_context(line, &context);
    if (status != SPANLINK_OK) {
        printf("-\t%s\n", spanlink_status_text(status));
        return;
    }
    spanlink_trace_id_to_hex(context.trace_id, trace_id);
    spanlink_span_id_to_hex(context.span_id, span_id);
    printf("%s\t%s\t%u\n", trace_id, span_id, (unsigned)context.trace_flags);
}

static spanlink_status write_datadog(const spanlink_context *context, char *text) {
    spanlink_datadog_headers headers;
    spanlink_status status = spanlink_datadog_format(context, &headers);
    if (status == SPANLINK_OK) {
        sprintf(text, "%s\t%s\t%s\t%s", headers.trace_id, headers.parent_id,
                headers.sampling_priority, headers.tags);
    }
    return status;
}

static spanlink_status write_binary(const spanlink_context *context, char *text) {
    uint8_t bytes[SPANLINK_BINARY_SIZE];
    spanlink_status status = spanlink_binary_encode(context, bytes);
    for (size_t i = 0; status == SPANLINK_OK && i < sizeof bytes; i++) {
        sprintf(text + 2 * i, "%02x", (unsigned)bytes[i]);
    }
    return status;
}

/* The values of the separate headers are the parts of the single header. */
static spanlink_status write_b3_multi(const spanlink_context *context, char *text) {
    spanlink_status status = spanlink_b3_format(context, text);
    if (status == SPANLINK_OK) {
        text[32] = text[49] = '\t';
    }
    return status;
}

static spanlink_status write_context(const char *format, const spanlink_context *context,
                                     char *text) {
    static const struct {
        const char *format;
        spanlink_status (*write)(const spanlink_context *context, char *text);
    } writers[] = {
        {"b3", spanlink_b3_format},         {"b3multi", write_b3_multi},
        {"xray", spanlink_xray_format},     {"datadog", write_datadog},
        {"jaeger", spanlink_jaeger_format}, {"cloud_trace", spanlink_cloud_trace_format},
        {"binary", write_binary},
    };
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        if (strcmp(format, writers[i].format) == 0) {
            return writers[i].write(context, text);
        }
    }
    return SPANLINK_ERR_ARGUMENT;
}

static void answer_write(const fields *line) {
    spanlink_context context;
    char text[256];
    uint8_t flags = (uint8_t)(line->text[3][0] == '1');
    spanlink_status status =
        spanlink_context_from_hex(line->text[1], line->text[2], flags, &context);
    if (status == SPANLINK_OK) {
        status = write_context(line->text[0], &context, text);
    }
    if (status == SPANLINK_OK) {
        puts(text);
    } else {
        printf("-\t%s\n", spanlink_status_text(status));
    }
}

static fields cut(char *line) {
    static char none[] = "";
    fields cut = {{none, none, none, none, none}};
    line[strcspn(line, "\n")] = '\0';
    for (size_t i = 0; i < MAX_FIELDS && line != NULL; i++) {
        cut.text[i] = line;
        line = strchr(line, '\t');
        if (line != NULL) {
            *line++ = '\0';
        }
    }
    return cut;
}

int main(int argc, char **argv) {
    static char line[MAX_LINE];
    bool writes = argc == 2 && strcmp(argv[1], "write") == 0;
    if (!writes && (argc != 2 || strcmp(argv[1], "read") != 0)) {
        fputs("usage: format_peer read|write\n", stderr);
        return 2;
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
        fields parts = cut(line);
        if (writes) {
            answer_write(&parts);
        } else {
            answer_read(&parts);
        }
    }
    return EXIT_SUCCESS;
}
