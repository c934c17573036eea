/* SPDX-License-Identifier: MIT */
/*
 * Kafka's console consumer: columns separated by tabs, first properties of the message, as
 * CreateTime:1690000000000, then the headers as NAME:VALUE,NAME:VALUE, then key and value.
 */
#include "carriers.h"
#include "inputs.h"
#include "text.h"

#include <string.h>

static spanlink_str take_column(spanlink_str *line) {
    size_t tab = text_find(*line, '\t');
    spanlink_str column = text_part(*line, 0, tab);
    *line = text_part(*line, tab + (tab < line->len), line->len);
    return column;
}

static bool is_about_message(spanlink_str text) {
    static const char *const starts[] = {"CreateTime:", "LogAppendTime:", "NO_TIMESTAMP",
                                         "Partition:",  "Offset:",        "Delivery:",
                                         "Epoch:"};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (text_begins(text, starts[i])) {
            return true;
        }
    }
    return false;
}

/*
 * Whether a header begins here: a colon comes before an equals sign and a comma. A comma inside a
 * tracestate is followed by KEY=, so it ends no header.
 */
static bool begins_header(spanlink_str text) {
    size_t end = 0;
    while (end < text.len && strchr(":=,", text.ptr[end]) == NULL) {
        end++;
    }
    return end < text.len && text.ptr[end] == ':';
}

static spanlink_str take_header(spanlink_str column, size_t *cursor) {
    size_t start = *cursor, end = start;
    do {
        end += end > start; /* a comma that ended no header */
        end += text_find(text_part(column, end, column.len), ',');
    } while (end < column.len && !begins_header(text_part(column, end + 1, column.len)));
    *cursor = end < column.len ? end + 1 : end;
    return text_part(column, start, end);
}

static bool next_kafka(void *state, spanlink_str name, size_t *cursor, spanlink_str *value) {
    const spanlink_str *column = state;
    while (*cursor < column->len) {
        spanlink_str header = take_header(*column, cursor);
        size_t colon = text_find(header, ':');
        if (colon < header.len && text_is_name(text_part(header, 0, colon), name)) {
            *value = text_part(header, colon + 1, header.len);
            return true;
        }
    }
    return false;
}

static spanlink_status hand_on_record(const struct message_sink *sink, uint64_t number,
                                      spanlink_str line) {
    spanlink_str headers = take_column(&line);
    while (is_about_message(headers)) {
        headers = take_column(&line);
    }
    spanlink_getter all = {&headers, next_kafka}, last = last_getter(&all);
    return sink->message(sink->state, number, &last);
}

/* A value may contain line ends; if each message begins with its time, other lines are not
 * messages. */
spanlink_status read_kafka(const struct input_kind *kind, struct input *input,
                           const struct message_sink *sink) {
    bool timed = false;
    spanlink_str line;
    spanlink_status status = SPANLINK_OK;
    (void)kind;
    while (status == SPANLINK_OK && input_next_line(input, sink, &line)) {
        timed = timed || is_about_message(line);
        if (!timed || is_about_message(line)) {
            status = hand_on_record(sink, input->first_line, line);
        }
    }
    return status;
}

bool looks_like_kafka(spanlink_str line) {
    spanlink_str headers = text_part(line, 0, text_find(line, '\t'));
    size_t at = text_find_text(headers, "traceparent:");
    spanlink_str value = text_part(headers, at < headers.len ? at + 12 : headers.len, headers.len);
    return is_about_message(line) || text_begins(line, "NO_HEADERS") ||
           (begins_header(headers) && text_looks_like_traceparent(value));
}
