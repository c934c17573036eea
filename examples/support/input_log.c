/* SPDX-License-Identifier: MIT */
/*
 * Logs: the header between quotation marks, or after its name, as traceparent="00-…". Text that a
 * client has written into another quoted column, its request for instance, belongs to that column
 * and is not a header. A text is read as a tracestate only after its name: the next column may be
 * anything.
 */
#include "inputs.h"
#include "text.h"

#include <string.h>

/* One value of a line, and the name before it, which may be empty. */
struct logged {
    spanlink_str name, value;
    bool quoted;
};

static bool is_one_of(char character, const char *set) {
    return character != '\0' && strchr(set, character) != NULL;
}

/* The position where characters of a set begin, or end. */
static size_t span_of(spanlink_str text, const char *set, bool inside) {
    size_t at = 0;
    while (at < text.len && is_one_of(text.ptr[at], set) == inside) {
        at++;
    }
    return at;
}

static spanlink_str rest_of(spanlink_str text, size_t from) {
    return text_part(text, from < text.len ? from : text.len, text.len);
}

/* Takes a text between quotation marks of either kind; a backslash escapes one. */
static spanlink_str take_quoted(spanlink_str *rest) {
    size_t end = 1;
    while (end < rest->len && rest->ptr[end] != rest->ptr[0]) {
        end += rest->ptr[end] == '\\' ? 2 : 1;
    }
    spanlink_str taken = text_part(*rest, 1, end < rest->len ? end : rest->len);
    *rest = rest_of(*rest, end + 1);
    return taken;
}

/* Takes a text between quotation marks, or a word that ends before one of these characters. */
static spanlink_str take_text(spanlink_str *rest, const char *ends, bool *quoted) {
    *quoted = rest->len > 0 && is_one_of(rest->ptr[0], "\"'");
    if (*quoted) {
        return take_quoted(rest);
    }
    size_t end = span_of(*rest, ends, false);
    spanlink_str taken = text_part(*rest, 0, end);
    *rest = rest_of(*rest, end);
    return taken;
}

static bool next_value(spanlink_str *rest, struct logged *logged) {
    *rest = rest_of(*rest, span_of(*rest, " \t,;{}[]()", true));
    if (rest->len == 0) {
        return false;
    }
    logged->name = (spanlink_str){rest->ptr, 0};
    logged->value = take_text(rest, " \t\"=:", &logged->quoted);
    if (rest->len > 0 && is_one_of(rest->ptr[0], "=:")) {
        logged->name = logged->value;
        *rest = rest_of(*rest, 1);
        *rest = rest_of(*rest, span_of(*rest, " ", true));
        logged->value = take_text(rest, " \t\"", &logged->quoted);
    }
    return true;
}

/* A name may have a prefix: http_traceparent, elastic-apm-traceparent. */
static bool is_named(const struct logged *logged, const char *name) {
    size_t length = strlen(name), whole = logged->name.len;
    return whole >= length &&
           text_is_name(rest_of(logged->name, whole - length), spanlink_str_from(name));
}

/* False if the line has neither header; a header may be "-". */
static bool find_headers(spanlink_str line, spanlink_str *traceparent, spanlink_str *tracestate) {
    struct logged logged;
    bool named = false, found = false;
    *traceparent = *tracestate = (spanlink_str){NULL, 0};
    while (next_value(&line, &logged)) {
        if (is_named(&logged, "tracestate")) {
            *tracestate = logged.value;
        } else if (!named && is_named(&logged, "traceparent")) {
            *traceparent = logged.value;
            named = true;
        } else if (!named && !found && logged.quoted && text_looks_like_traceparent(logged.value)) {
            *traceparent = logged.value;
            found = true;
        }
    }
    return named || found;
}

spanlink_status read_log(const struct input_kind *kind, struct input *input,
                         const struct message_sink *sink) {
    spanlink_str line, traceparent, tracestate;
    spanlink_status status = SPANLINK_OK;
    (void)kind;
    while (status == SPANLINK_OK && input_next_line(input, sink, &line)) {
        find_headers(line, &traceparent, &tracestate);
        status = input_hand_on(sink, input->first_line, traceparent, tracestate);
    }
    return status;
}

bool looks_like_log(spanlink_str line) {
    spanlink_str traceparent, tracestate;
    return find_headers(line, &traceparent, &tracestate) ||
           (text_find(line, '"') < line.len && text_find_text(line, " HTTP/") < line.len);
}
