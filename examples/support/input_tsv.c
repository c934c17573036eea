/* SPDX-License-Identifier: MIT */
/*
 * Tables: columns are separated by tabs; by commas, if the first line names the columns or the
 * fields are quoted; otherwise by blanks.
 */
#include "inputs.h"
#include "text.h"

struct table {
    char separator; /* '\0': that of each line */
    size_t traceparent, tracestate;
};

static char separator_of(spanlink_str line) {
    spanlink_str text = text_trim(line);
    bool quoted = text.len > 0 && text.ptr[0] == '"';
    return text_find(line, '\t') < line.len            ? '\t'
           : quoted && text_find(line, ',') < line.len ? ','
                                                       : ' ';
}

/* The end of a column: at a separator, but not inside quotation marks around the column. */
static size_t end_of_column(spanlink_str text, char separator) {
    bool quoted = separator != ' ' && text.len > 0 && text.ptr[0] == '"';
    size_t end = quoted;
    for (bool inside = quoted; end < text.len && (inside || text.ptr[end] != separator); end++) {
        inside = inside != (quoted && text.ptr[end] == '"');
        if (inside && end + 1 == text.len) {
            return text_find(text, separator); /* the quotation mark is never closed */
        }
    }
    return end;
}

/* Takes the next column off a line. */
static spanlink_str take_column(spanlink_str *line, char separator) {
    size_t end = end_of_column(*line, separator);
    spanlink_str taken = text_part(*line, 0, end);
    *line = text_part(*line, end + (end < line->len), line->len);
    return text_unquote(taken);
}

static spanlink_str column(spanlink_str line, char separator, size_t wanted) {
    for (size_t i = 0; i < wanted; i++) {
        take_column(&line, separator);
    }
    return take_column(&line, separator);
}

/* Whether a line names the columns, and if so, their order. */
static bool read_names(spanlink_str line, struct table *table) {
    bool found = false;
    char separator = text_find(line, '\t') < line.len ? '\t' : ',';
    struct table named = {separator, SIZE_MAX, SIZE_MAX};
    for (size_t i = 0; line.len > 0; i++) {
        spanlink_str name = take_column(&line, separator);
        if (text_equals(name, "traceparent")) {
            named.traceparent = i;
            found = true;
        } else if (text_equals(name, "tracestate")) {
            named.tracestate = i;
        }
    }
    if (found) {
        *table = named;
    }
    return found;
}

/* If blanks separate the two, the tracestate is the whole rest: it may contain blanks. */
static spanlink_status hand_on_row(const struct message_sink *sink, uint64_t number,
                                   spanlink_str line, const struct table *table) {
    char separator = table->separator != '\0' ? table->separator : separator_of(line);
    if (separator == ' ') {
        line = text_trim(line);
        spanlink_str first = take_column(&line, ' ');
        return input_hand_on(sink, number, first, text_unquote(line));
    }
    spanlink_str tracestate = {NULL, 0};
    if (table->tracestate != SIZE_MAX) {
        tracestate = column(line, separator, table->tracestate);
    }
    return input_hand_on(sink, number, column(line, separator, table->traceparent), tracestate);
}

spanlink_status read_tsv(const struct input_kind *kind, struct input *input,
                         const struct message_sink *sink) {
    struct table table = {'\0', 0, 1};
    spanlink_str line;
    spanlink_status status = SPANLINK_OK;
    (void)kind;
    while (status == SPANLINK_OK && input_next_line(input, sink, &line)) {
        if (input->first_line > 1 || !read_names(line, &table)) {
            status = hand_on_row(sink, input->first_line, line, &table);
        }
    }
    return status;
}

bool looks_like_tsv(spanlink_str line) {
    return text_looks_like_traceparent(text_trim(line));
}

bool looks_like_quoted_tsv(spanlink_str line) {
    spanlink_str text = text_trim(line);
    return text.len > 0 && text.ptr[0] == '"' &&
           text_looks_like_traceparent(text_part(text, 1, text.len));
}

bool looks_like_names(spanlink_str line) {
    struct table table;
    return read_names(line, &table);
}
