/* SPDX-License-Identifier: MIT */
/* Messages that are lines of text, or environments. */
#include "carriers.h"
#include "inputs.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static spanlink_str part(spanlink_str text, size_t start, size_t end) {
    return (spanlink_str){text.ptr + start, end - start};
}

static bool begins_with(spanlink_str text, const char *start) {
    return text.len >= strlen(start) && memcmp(text.ptr, start, strlen(start)) == 0;
}

static bool equals(spanlink_str text, const char *other) {
    return text.len == strlen(other) && begins_with(text, other);
}

/* The place of a character; the text's length if it is not there. */
static size_t find(spanlink_str text, char wanted) {
    const char *at = text.len > 0 ? memchr(text.ptr, wanted, text.len) : NULL;
    return at != NULL ? (size_t)(at - text.ptr) : text.len;
}

/* The place of a text; the whole length if it is not there. */
static size_t find_text(spanlink_str text, const char *wanted) {
    size_t length = strlen(wanted);
    for (size_t i = 0; i + length <= text.len; i++) {
        if (memcmp(text.ptr + i, wanted, length) == 0) {
            return i;
        }
    }
    return text.len;
}

static spanlink_str without_blanks(spanlink_str text) {
    size_t start = 0, end = text.len;
    while (start < end && (text.ptr[start] == ' ' || text.ptr[start] == '\t')) {
        start++;
    }
    while (end > start && (text.ptr[end - 1] == ' ' || text.ptr[end - 1] == '\t')) {
        end--;
    }
    return part(text, start, end);
}

static spanlink_str without_quotes(spanlink_str text) {
    spanlink_str bare = without_blanks(text);
    bool quoted = bare.len >= 2 && (bare.ptr[0] == '"' || bare.ptr[0] == '\'') &&
                  bare.ptr[bare.len - 1] == bare.ptr[0];
    return quoted ? part(bare, 1, bare.len - 1) : bare;
}

/* Reads a line; too long a one is reported and passed over. */
static bool next_line(struct input *input, const struct message_sink *sink, spanlink_str *line) {
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

/* Hands on a message of up to two headers; an empty one, and "-", is none. */
static spanlink_status hand_on(const struct message_sink *sink, uint64_t line,
                               spanlink_str traceparent, spanlink_str tracestate) {
    spanlink_str values[] = {traceparent, tracestate};
    static const char *const names[] = {"traceparent", "tracestate"};
    spanlink_header items[2];
    spanlink_headers headers = {items, 0, 2};
    for (size_t i = 0; i < 2; i++) {
        if (values[i].len != 0 && !equals(values[i], "-")) {
            items[headers.count++] = (spanlink_header){spanlink_str_from(names[i]), values[i]};
        }
    }
    spanlink_getter getter = spanlink_headers_getter(&headers);
    return sink->message(sink->state, line, &getter);
}

/* Two digits, a dash, a digit: no other column of a table or a log looks like that. */
static bool has_shape_of_traceparent(spanlink_str text) {
    return text.len >= 4 && isxdigit((unsigned char)text.ptr[0]) &&
           isxdigit((unsigned char)text.ptr[1]) && text.ptr[2] == '-' &&
           isxdigit((unsigned char)text.ptr[3]);
}

/*
 * Tables: columns are separated by tabs; by commas, if the first line names the columns or the
 * fields are quoted; else by blanks.
 */

struct table {
    char separator; /* '\0': that of each line */
    size_t traceparent, tracestate;
};

static char separator_of(spanlink_str line) {
    spanlink_str text = without_blanks(line);
    bool quoted = text.len > 0 && text.ptr[0] == '"';
    return find(line, '\t') < line.len ? '\t' : quoted && find(line, ',') < line.len ? ',' : ' ';
}

/* Takes the next column off a line. Inside quotation marks a separator is an ordinary character. */
static spanlink_str take_column(spanlink_str *line, char separator) {
    spanlink_str text = *line;
    size_t end = 0;
    for (bool quoted = false; end < text.len && (quoted || text.ptr[end] != separator); end++) {
        quoted = quoted != (separator != ' ' && text.ptr[end] == '"');
    }
    *line = end < text.len ? part(text, end + 1, text.len) : part(text, end, end);
    return without_quotes(part(text, 0, end));
}

static spanlink_str column(spanlink_str line, char separator, size_t wanted) {
    for (size_t i = 0; i < wanted; i++) {
        take_column(&line, separator);
    }
    return take_column(&line, separator);
}

/* Whether a line names the columns, and then which is which. */
static bool read_names(spanlink_str line, struct table *table) {
    bool found = false;
    char separator = find(line, '\t') < line.len ? '\t' : ',';
    struct table named = {separator, SIZE_MAX, SIZE_MAX};
    for (size_t i = 0; line.len > 0; i++) {
        spanlink_str name = take_column(&line, separator);
        if (equals(name, "traceparent")) {
            named.traceparent = i;
            found = true;
        } else if (equals(name, "tracestate")) {
            named.tracestate = i;
        }
    }
    if (found) {
        *table = named;
    }
    return found;
}

/* With blanks between the two, the tracestate is all that follows: it may have blanks inside. */
static spanlink_status hand_on_row(const struct message_sink *sink, uint64_t number,
                                   spanlink_str line, const struct table *table) {
    char separator = table->separator != '\0' ? table->separator : separator_of(line);
    if (separator == ' ') {
        line = without_blanks(line);
        spanlink_str first = take_column(&line, ' ');
        return hand_on(sink, number, first, without_quotes(line));
    }
    spanlink_str tracestate = {NULL, 0};
    if (table->tracestate != SIZE_MAX) {
        tracestate = column(line, separator, table->tracestate);
    }
    return hand_on(sink, number, column(line, separator, table->traceparent), tracestate);
}

spanlink_status read_tsv(const struct input_kind *kind, struct input *input,
                         const struct message_sink *sink) {
    struct table table = {'\0', 0, 1};
    spanlink_str line;
    spanlink_status status = SPANLINK_OK;
    (void)kind;
    while (status == SPANLINK_OK && next_line(input, sink, &line)) {
        if (input->first_line > 1 || !read_names(line, &table)) {
            status = hand_on_row(sink, input->first_line, line, &table);
        }
    }
    return status;
}

bool looks_like_tsv(spanlink_str line) {
    return has_shape_of_traceparent(without_blanks(line));
}

bool looks_like_quoted_tsv(spanlink_str line) {
    spanlink_str text = without_blanks(line);
    return text.len > 0 && text.ptr[0] == '"' && has_shape_of_traceparent(part(text, 1, text.len));
}

bool looks_like_names(spanlink_str line) {
    struct table table;
    return read_names(line, &table);
}

/*
 * Kafka's console consumer: columns separated by tabs, first what it tells of the message, as
 * CreateTime:1690000000000, then the headers as NAME:VALUE,NAME:VALUE, then key and value.
 */

static bool is_about_message(spanlink_str text) {
    static const char *const starts[] = {"CreateTime:", "LogAppendTime:", "NO_TIMESTAMP",
                                         "Partition:",  "Offset:",        "Delivery:",
                                         "Epoch:"};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (begins_with(text, starts[i])) {
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
        end += end > start; /* the comma that ended nothing */
        end += find(part(column, end, column.len), ',');
    } while (end < column.len && !begins_header(part(column, end + 1, column.len)));
    *cursor = end < column.len ? end + 1 : end;
    return part(column, start, end);
}

static bool same_name(spanlink_str a, spanlink_str lowercase) {
    bool same = a.len == lowercase.len;
    for (size_t i = 0; same && i < a.len; i++) {
        same = tolower((unsigned char)a.ptr[i]) == lowercase.ptr[i];
    }
    return same;
}

static bool next_kafka(void *state, spanlink_str name, size_t *cursor, spanlink_str *value) {
    const spanlink_str *column = state;
    while (*cursor < column->len) {
        spanlink_str header = take_header(*column, cursor);
        size_t colon = find(header, ':');
        if (colon < header.len && same_name(part(header, 0, colon), name)) {
            *value = part(header, colon + 1, header.len);
            return true;
        }
    }
    return false;
}

static spanlink_status hand_on_record(const struct message_sink *sink, uint64_t number,
                                      spanlink_str line) {
    spanlink_str headers = take_column(&line, '\t');
    while (is_about_message(headers)) {
        headers = take_column(&line, '\t');
    }
    spanlink_getter all = {&headers, next_kafka}, last = last_getter(&all);
    return sink->message(sink->state, number, &last);
}

/* A value may hold line ends; where each message begins with its time, what does not is no message.
 */
spanlink_status read_kafka(const struct input_kind *kind, struct input *input,
                           const struct message_sink *sink) {
    bool timed = false;
    spanlink_str line;
    spanlink_status status = SPANLINK_OK;
    (void)kind;
    while (status == SPANLINK_OK && next_line(input, sink, &line)) {
        timed = timed || is_about_message(line);
        if (!timed || is_about_message(line)) {
            status = hand_on_record(sink, input->first_line, line);
        }
    }
    return status;
}

bool looks_like_kafka(spanlink_str line) {
    spanlink_str headers = part(line, 0, find(line, '\t'));
    size_t at = find_text(headers, "traceparent:");
    spanlink_str value = part(headers, at < headers.len ? at + 12 : headers.len, headers.len);
    return is_about_message(line) || begins_with(line, "NO_HEADERS") ||
           (begins_header(headers) && has_shape_of_traceparent(value));
}

/*
 * Logs: the header between quotation marks, or after its name. Only after its name is a text taken
 * for a tracestate: the next column may be anything.
 */

/* The value after NAME="…, NAME=…, "NAME":"… and the like. */
static bool find_labelled(spanlink_str line, const char *name, spanlink_str *value) {
    size_t at = find_text(line, name) + strlen(name);
    at += at < line.len && line.ptr[at] == '"';
    if (at >= line.len || (line.ptr[at] != '=' && line.ptr[at] != ':')) {
        return false;
    }
    spanlink_str rest = without_blanks(part(line, at + 1, line.len));
    bool quoted = rest.len > 0 && rest.ptr[0] == '"';
    rest = part(rest, quoted, rest.len);
    *value = part(rest, 0, find(rest, quoted ? '"' : ' '));
    return true;
}

/* The first text between quotation marks that has the shape of a traceparent. */
static bool find_quoted(spanlink_str line, spanlink_str *value) {
    for (size_t at = find(line, '"'); at < line.len;
         at += 1 + find(part(line, at + 1, line.len), '"')) {
        spanlink_str rest = part(line, at + 1, line.len);
        if (has_shape_of_traceparent(rest)) {
            *value = part(rest, 0, find(rest, '"'));
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
    while (status == SPANLINK_OK && next_line(input, sink, &line)) {
        spanlink_str traceparent = {NULL, 0}, tracestate = {NULL, 0};
        if (!find_labelled(line, "traceparent", &traceparent)) {
            find_quoted(line, &traceparent);
        }
        find_labelled(line, "tracestate", &tracestate);
        status = hand_on(sink, input->first_line, traceparent, tracestate);
    }
    return status;
}

bool looks_like_log(spanlink_str line) {
    spanlink_str value;
    return find_labelled(line, "traceparent", &value) || find_quoted(line, &value) ||
           (find(line, '"') < line.len && find_text(line, " HTTP/") < line.len);
}

/*
 * Environments: lines NAME=value as env prints them, or as export -p does, or strings that end in a
 * NUL as the system keeps them. A variable that comes again begins another environment.
 */

enum { TRACEPARENT, TRACESTATE, VARIABLES };
static const char *const variables[VARIABLES] = {"TRACEPARENT", "TRACESTATE"};

struct environment {
    char *values[VARIABLES]; /* copies; NULL: not there */
    uint64_t line;           /* where it began; 0: there is none yet */
};

static spanlink_status end_environment(struct environment *environment,
                                       const struct message_sink *sink) {
    spanlink_status status = SPANLINK_OK;
    if (environment->line != 0) {
        status =
            hand_on(sink, environment->line, spanlink_str_from(environment->values[TRACEPARENT]),
                    spanlink_str_from(environment->values[TRACESTATE]));
    }
    for (size_t i = 0; i < VARIABLES; i++) {
        free(environment->values[i]);
    }
    *environment = (struct environment){{NULL, NULL}, 0};
    return status;
}

static spanlink_str without_export(spanlink_str line) {
    static const char *const starts[] = {"export ", "declare -x "};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (begins_with(line, starts[i])) {
            return part(line, strlen(starts[i]), line.len);
        }
    }
    return line;
}

static char *copy_of(spanlink_str text) {
    char *copy = malloc(text.len + 1);
    if (copy != NULL) {
        memcpy(copy, text.ptr, text.len);
        copy[text.len] = '\0';
    }
    return copy;
}

static spanlink_status take_variable(struct environment *environment, uint64_t number,
                                     spanlink_str line, const struct message_sink *sink) {
    spanlink_status status = SPANLINK_OK;
    size_t equals_sign = find(line, '=');
    size_t variable = 0;
    while (variable < VARIABLES && !equals(part(line, 0, equals_sign), variables[variable])) {
        variable++;
    }
    if (variable < VARIABLES && environment->values[variable] != NULL) {
        status = end_environment(environment, sink);
    }
    environment->line = environment->line != 0 ? environment->line : number;
    if (variable < VARIABLES && status == SPANLINK_OK && equals_sign < line.len) {
        spanlink_str value = without_quotes(part(line, equals_sign + 1, line.len));
        environment->values[variable] = copy_of(value);
        status = environment->values[variable] != NULL ? SPANLINK_OK : SPANLINK_ERR_NO_MEMORY;
    }
    return status;
}

spanlink_status read_environment(const struct input_kind *kind, struct input *input,
                                 const struct message_sink *sink) {
    struct environment environment = {{NULL, NULL}, 0};
    spanlink_str text = input_peek(input);
    bool nul = find(text, '\0') < text.len;
    spanlink_status status = SPANLINK_OK;
    (void)kind;
    while (status == SPANLINK_OK && (nul ? input_until(input, '\0') : input_line(input))) {
        spanlink_str line = {input->text, input->length};
        uint64_t number = nul ? 1 : input->first_line;
        status = take_variable(&environment, number, without_export(line), sink);
    }
    spanlink_status last = end_environment(&environment, sink);
    return status != SPANLINK_OK ? status : last;
}

bool looks_like_environment(spanlink_str line) {
    static const char *const usual[] = {"TRACEPARENT=", "TRACESTATE=", "PATH=", "HOME=", "PWD="};
    spanlink_str variable = without_export(line);
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        if (begins_with(variable, usual[i])) {
            return true;
        }
    }
    return false;
}
