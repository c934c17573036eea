/* SPDX-License-Identifier: MIT */
/* The files of messages that people have, each kind read by a row of one table. */
#ifndef EXAMPLES_INPUTS_H
#define EXAMPLES_INPUTS_H

#include "input.h"

#include <spanlink/propagation.h>

/* Is told of what an input holds. Everything is borrowed during the call. */
struct message_sink {
    void *state;
    /* A message: where its headers are read. A status that is not SPANLINK_OK ends the reading. */
    spanlink_status (*message)(void *state, uint64_t line, const spanlink_getter *headers);
    /* What is no message of this kind. */
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
     * JSON: where in a message its headers are, the first that has a name counts. A path of
     * members,
     * "" for the message itself, or CLOUDEVENT.
     */
    const char *places[INPUT_PLACES];
    bool last_counts; /* of several headers of a name, as in Kafka */
};

/* The message itself is a CloudEvent: its traceparent is not the last hop's, but its creation's. */
#define CLOUDEVENT "(cloudevent)"

/* The kind of that name; NULL if there is none. */
const struct input_kind *input_kind_named(const char *name);

/* The kind that the beginning of an input looks like. */
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
 * What the readers of text share.
 */

/* Reads a line; one that is too long is reported and passed over. */
bool input_next_line(struct input *input, const struct message_sink *sink, spanlink_str *line);

/* Hands on a message of up to two headers; one that is empty, or "-", is not there. */
spanlink_status input_hand_on(const struct message_sink *sink, uint64_t line,
                              spanlink_str traceparent, spanlink_str tracestate);

/* Two digits, a dash, a digit: no other column of a table or a log begins like that. */
bool text_looks_like_traceparent(spanlink_str text);

#endif
