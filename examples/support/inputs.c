/* SPDX-License-Identifier: MIT */
#include "inputs.h"

#include "text.h"

#include <ctype.h>
#include <string.h>

static const struct input_kind kinds[] = {
    {.name = "tsv",
     .what = "lines TRACEPARENT<TAB>TRACESTATE, or with columns that a first line names",
     .read = read_tsv},
    {.name = "kafka",
     .what = "what kafka-console-consumer prints with print.headers=true",
     .read = read_kafka},
    {.name = "kcat",
     .what = "what kcat -J prints",
     .read = read_json,
     .last_counts = true,
     .marks = {"tstype", "partition"},
     .places = {"headers"}},
    {.name = "sqs",
     .what = "what aws sqs receive-message prints, or the event that a Lambda function gets",
     .read = read_json,
     .marks = {"ReceiptHandle", "receiptHandle", "Messages"},
     .places = {"MessageAttributes", "messageAttributes", "Body.MessageAttributes",
                "body.MessageAttributes", "Attributes", "attributes"}},
    {.name = "sns",
     .what = "notifications of SNS, or the event that a Lambda function gets",
     .read = read_json,
     .marks = {"TopicArn", "Sns"},
     .places = {"MessageAttributes", "Sns.MessageAttributes"}},
    {.name = "cloudevents",
     .what = "CloudEvents as JSON, one after the other or in an array",
     .read = read_json,
     .marks = {"specversion", "ce-specversion", "ce_specversion"},
     .places = {CLOUDEVENT, "headers"}},
    {.name = "celery",
     .what = "Celery's messages as JSON, with an object \"headers\"",
     .read = read_json,
     .marks = {"body_encoding", "content-encoding"},
     .places = {"headers", "headers.headers", "properties.headers"}},
    {.name = "amqp",
     .what = "AMQP messages as JSON, with an object \"headers\" or \"application_properties\"",
     .read = read_json,
     .marks = {"headers", "application_properties", "properties"},
     .places = {"headers", "properties.headers", "application_properties",
                "properties.application_properties"}},
    {.name = "json",
     .what = "other JSON objects with the headers inside, or in \"attributes\" or \"metadata\"",
     .read = read_json,
     .places = {"", "headers", "attributes", "message.attributes", "metadata"}},
    {.name = "env",
     .what = "a dump of an environment: lines NAME=value, or /proc/PID/environ",
     .read = read_environment},
    {.name = "log",
     .what = "an access log with the header in quotes: \"00-...\", or traceparent=\"00-...\"",
     .read = read_log},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

const struct input_kind *input_kind_named(const char *name) {
    for (size_t i = 0; i < KINDS; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

void input_kinds_print(FILE *output) {
    for (size_t i = 0; i < KINDS; i++) {
        fprintf(output, "  %-12s %s\n", kinds[i].name, kinds[i].what);
    }
}

/* Whether a line of the text, or a string of it that ends in a NUL, matches. */
static bool has_line(spanlink_str text, bool (*looks)(spanlink_str line)) {
    for (size_t start = 0; start < text.len;) {
        size_t end = start;
        while (end < text.len && text.ptr[end] != '\n' && text.ptr[end] != '\0') {
            end++;
        }
        if (looks((spanlink_str){text.ptr + start, end - start})) {
            return true;
        }
        start = end + 1;
    }
    return false;
}

static bool begins_as_json(spanlink_str text) {
    size_t at = 0;
    while (at < text.len && strchr(" \t\r\n", text.ptr[at]) != NULL) {
        at++;
    }
    return at < text.len && (text.ptr[at] == '{' || text.ptr[at] == '[');
}

/* Whether a text contains a member's name, between quotation marks. */
static bool has_member(spanlink_str text, const char *name) {
    size_t length = strlen(name);
    for (size_t i = 0; i + length + 2 <= text.len; i++) {
        if (text.ptr[i] == '"' && text.ptr[i + length + 1] == '"' &&
            memcmp(text.ptr + i + 1, name, length) == 0) {
            return true;
        }
    }
    return false;
}

/* The kind with the most specific mark: these are first in the table. */
static const struct input_kind *json_kind_of(spanlink_str text) {
    for (size_t i = 0; i < KINDS; i++) {
        for (size_t k = 0; k < INPUT_MARKS && kinds[i].marks[k] != NULL; k++) {
            if (has_member(text, kinds[i].marks[k])) {
                return &kinds[i];
            }
        }
    }
    return input_kind_named("json");
}

/* Only a line of a table begins with a traceparent; it may follow other text. */
const struct input_kind *input_kind_of(struct input *input) {
    static const struct {
        bool (*looks)(spanlink_str line);
        const char *name;
    } texts[] = {{looks_like_quoted_tsv, "tsv"},
                 {looks_like_names, "tsv"},
                 {looks_like_kafka, "kafka"},
                 {looks_like_environment, "env"},
                 {looks_like_log, "log"}};
    spanlink_str text = input_peek(input);
    if (has_line(text, looks_like_tsv)) {
        return input_kind_named("tsv");
    }
    if (begins_as_json(text)) {
        return json_kind_of(text);
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (has_line(text, texts[i].looks)) {
            return input_kind_named(texts[i].name);
        }
    }
    return input_kind_named("tsv");
}

/*
 * Shared by the readers of text.
 */

bool input_next_line(struct input *input, const struct message_sink *sink, spanlink_str *line) {
    while (input_line(input)) {
        *line = (spanlink_str){input->text, input->length};
        if (!input->too_long) {
            return true;
        }
        sink->fault(sink->state, input->first_line, "the line is too long", *line,
                    "at most 16 MiB");
    }
    return false;
}

spanlink_status input_hand_on(const struct message_sink *sink, uint64_t line,
                              spanlink_str traceparent, spanlink_str tracestate) {
    spanlink_str values[] = {traceparent, tracestate};
    static const char *const names[] = {"traceparent", "tracestate"};
    spanlink_header items[2];
    spanlink_headers headers = {items, 0, 2};
    for (size_t i = 0; i < 2; i++) {
        if (values[i].len != 0 && !text_equals(values[i], "-")) {
            items[headers.count++] = (spanlink_header){spanlink_str_from(names[i]), values[i]};
        }
    }
    spanlink_getter getter = spanlink_headers_getter(&headers);
    return sink->message(sink->state, line, &getter);
}

bool text_looks_like_traceparent(spanlink_str text) {
    return text.len >= 4 && isxdigit((unsigned char)text.ptr[0]) &&
           isxdigit((unsigned char)text.ptr[1]) && text.ptr[2] == '-' &&
           isxdigit((unsigned char)text.ptr[3]);
}
