/* SPDX-License-Identifier: MIT */
/* Files of messages in common formats, each kind read by a row of one table. */
#ifndef EXAMPLES_INPUTS_H
#define EXAMPLES_INPUTS_H

#include "input.h"

#include <spanlink/propagation.h>

/* Receives the content of an input. Everything is borrowed during the call. */
struct message_sink {
    void *state;
    /* A message: a getter for its headers. A status other than SPANLINK_OK ends the reading. */
    spanlink_status (*message)(void *state, uint64_t line, const spanlink_getter *headers);
    /* Input that is not a message of this kind. */
    void (*fault)(void *state, uint64_t line, const char *fault, spanlink_str seen,
                  const char *expected);
};

enum { INPUT_MARKS = 3, INPUT_PLACES = 6 };

struct input_kind {
    const char *name; /* for --input */
    const char *what; /* for the usage, and for messages */
    /* Reads the whole input. */
    spanlink_status (*read)(const struct input_kind *kind, struct input *input,
                            const struct message_sink *sink);
    /* JSON: members by which the kind is recognised. */
    const char *marks[INPUT_MARKS];
    /*
     * JSON: the places of headers in a message; the first place that has a name counts. A path of
     * members, "" for the message itself, or CLOUDEVENT.
     */
    const char *places[INPUT_PLACES];
    bool last_counts; /* of several headers of a name the last is used, as in Kafka */
};

/*
 * The message itself is a CloudEvent: its traceparent is that of its creation, not of the last hop.
 */
#define CLOUDEVENT "(cloudevent)"

/* The kind with that name; NULL if there is none. */
const struct input_kind *input_kind_named(const char *name);

/* The kind that matches the beginning of an input. */
const struct input_kind *input_kind_of(struct input *input);

/* Prints a line for each kind. */
void input_kinds_print(FILE *output);

/* input_tsv.c */
spanlink_status read_tsv(const struct input_kind *kind, struct input *input,
                         const struct message_sink *sink);
bool looks_like_tsv(spanlink_str line);
bool looks_like_quoted_tsv(spanlink_str line);
bool looks_like_names(spanlink_str line);

/* input_kafka.c */
spanlink_status read_kafka(const struct input_kind *kind, struct input *input,
                           const struct message_sink *sink);
bool looks_like_kafka(spanlink_str line);

/* input_log.c */
spanlink_status read_log(const struct input_kind *kind, struct input *input,
                         const struct message_sink *sink);
bool looks_like_log(spanlink_str line);

/* input_environment.c */
spanlink_status read_environment(const struct input_kind *kind, struct input *input,
                                 const struct message_sink *sink);
bool looks_like_environment(spanlink_str line);

/* input_json.c: JSON objects, one after the other or in arrays. */
spanlink_status read_json(const struct input_kind *kind, struct input *input,
                          const struct message_sink *sink);

/*
 * Shared by the readers of text.
 */

/* Reads a line; one that is too long is reported and skipped. */
bool input_next_line(struct input *input, const struct message_sink *sink, spanlink_str *line);

/* Passes on a message with up to two headers; an empty one, or "-", is missing. */
spanlink_status input_hand_on(const struct message_sink *sink, uint64_t line,
                              spanlink_str traceparent, spanlink_str tracestate);

/* Two digits, a dash, a digit: no other column of a table or a log begins in this way. */
bool text_looks_like_traceparent(spanlink_str text);

#endif
