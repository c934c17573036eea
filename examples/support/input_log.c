/* SPDX-License-Identifier: MIT */
/*
 * Logs: the header between quotation marks, or after its name. Only after its name is a text taken
 * for a tracestate: the next column may be anything.
 */
#include "inputs.h"
#include "text.h"

#include <string.h>

/* The value after NAME="…, NAME=…, "NAME":"… and the like. */
static bool find_labelled(spanlink_str line, const char *name, spanlink_str *value) {
    size_t at = text_find_text(line, name) + strlen(name);
    at += at < line.len && line.ptr[at] == '"';
    if (at >= line.len || (line.ptr[at] != '=' && line.ptr[at] != ':')) {
        return false;
    }
    spanlink_str rest = text_trim(text_part(line, at + 1, line.len));
    bool quoted = rest.len > 0 && rest.ptr[0] == '"';
    rest = text_part(rest, quoted, rest.len);
    *value = text_part(rest, 0, text_find(rest, quoted ? '"' : ' '));
    return true;
}

/* The first text between quotation marks that has the shape of a traceparent. */
static bool find_quoted(spanlink_str line, spanlink_str *value) {
    for (size_t at = text_find(line, '"'); at < line.len;
         at += 1 + text_find(text_part(line, at + 1, line.len), '"')) {
        spanlink_str rest = text_part(line, at + 1, line.len);
        if (text_looks_like_traceparent(rest)) {
            *value = text_part(rest, 0, text_find(rest, '"'));
            return true;
        }
    }
    return false;
}

spanlink_status read_log(const struct input_kind *kind, struct input *input,
                         const struct message_sink *sink) {
    spanlink_str line;
    spanlink_status status = SPANLINK_OK;
    (void)kind;
    while (status == SPANLINK_OK && input_next_line(input, sink, &line)) {
        spanlink_str traceparent = {NULL, 0}, tracestate = {NULL, 0};
        if (!find_labelled(line, "traceparent", &traceparent)) {
            find_quoted(line, &traceparent);
        }
        find_labelled(line, "tracestate", &tracestate);
        status = input_hand_on(sink, input->first_line, traceparent, tracestate);
    }
    return status;
}

bool looks_like_log(spanlink_str line) {
    spanlink_str value;
    return find_labelled(line, "traceparent", &value) || find_quoted(line, &value) ||
           (text_find(line, '"') < line.len && text_find_text(line, " HTTP/") < line.len);
}
