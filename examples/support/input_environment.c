/* SPDX-License-Identifier: MIT */
/*
 * Environments: lines NAME=value as printed by env or export -p, or strings that end in a NUL as
 * the system keeps them. The library's getter reads them. A repeated traceparent or tracestate
 * begins another environment.
 */
#include "inputs.h"
#include "text.h"

#include <spanlink/environment.h>

#include <stdlib.h>
#include <string.h>

enum { MOST_VARIABLES = 4096 };

struct environment {
    char *entries[MOST_VARIABLES + 1]; /* copies, terminated by NULL */
    size_t count;
    uint64_t line; /* the line where it began; 0: there is none */
};

static spanlink_status end_environment(struct environment *environment,
                                       const struct message_sink *sink) {
    spanlink_status status = SPANLINK_OK;
    if (environment->line != 0) {
        spanlink_getter getter = spanlink_environment_getter(environment->entries);
        status = sink->message(sink->state, environment->line, &getter);
    }
    for (size_t i = 0; i < environment->count; i++) {
        free(environment->entries[i]);
        environment->entries[i] = NULL;
    }
    environment->count = 0;
    environment->line = 0;
    return status;
}

static spanlink_str without_export(spanlink_str line) {
    static const char *const starts[] = {"export ", "declare -x "};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (text_begins(line, starts[i])) {
            return text_part(line, strlen(starts[i]), line.len);
        }
    }
    return line;
}

/* Whether the environment already has a variable that a dump contains once. */
static bool is_repeated(const struct environment *environment, spanlink_str name) {
    if (!text_equals(name, "TRACEPARENT=") && !text_equals(name, "TRACESTATE=")) {
        return false;
    }
    for (size_t i = 0; i < environment->count; i++) {
        if (strncmp(environment->entries[i], name.ptr, name.len) == 0) {
            return true;
        }
    }
    return false;
}

static char *copy_entry(spanlink_str name, spanlink_str value) {
    char *entry = malloc(name.len + value.len + 1);
    if (entry != NULL) {
        memcpy(entry, name.ptr, name.len);
        memcpy(entry + name.len, value.ptr, value.len);
        entry[name.len + value.len] = '\0';
    }
    return entry;
}

/* A line without an equals sign continues a value of several lines. */
static spanlink_status take_variable(struct environment *environment, spanlink_str line,
                                     const struct input *input, const struct message_sink *sink) {
    spanlink_status status = SPANLINK_OK;
    size_t end = text_find(line, '=');
    spanlink_str name = text_part(line, 0, end + (end < line.len));
    if (end < line.len && is_repeated(environment, name)) {
        status = end_environment(environment, sink);
    }
    environment->line = environment->line != 0 ? environment->line : input->first_line;
    if (end == line.len || status != SPANLINK_OK) {
        return status;
    }
    if (environment->count == MOST_VARIABLES || input->too_long) {
        sink->fault(sink->state, input->first_line, "there is too much in this environment", name,
                    "4096 variables, none longer than 16 MiB");
        return SPANLINK_OK;
    }
    char *entry = copy_entry(name, text_unquote(text_part(line, name.len, line.len)));
    environment->entries[environment->count] = entry;
    environment->count += entry != NULL;
    return entry != NULL ? SPANLINK_OK : SPANLINK_ERR_NO_MEMORY;
}

spanlink_status read_environment(const struct input_kind *kind, struct input *input,
                                 const struct message_sink *sink) {
    static struct environment environment;
    spanlink_str text = input_peek(input);
    bool nul = text_find(text, '\0') < text.len;
    spanlink_status status = SPANLINK_OK;
    (void)kind;
    while (status == SPANLINK_OK && (nul ? input_until(input, '\0') : input_line(input))) {
        spanlink_str line = {input->text, input->length};
        status = take_variable(&environment, without_export(line), input, sink);
    }
    spanlink_status last = end_environment(&environment, sink);
    return status != SPANLINK_OK ? status : last;
}

bool looks_like_environment(spanlink_str line) {
    static const char *const usual[] = {"TRACEPARENT=", "TRACESTATE=", "PATH=", "HOME=", "PWD="};
    spanlink_str variable = without_export(line);
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        if (text_begins(variable, usual[i])) {
            return true;
        }
    }
    return false;
}
