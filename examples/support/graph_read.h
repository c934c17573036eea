/* SPDX-License-Identifier: MIT */
/*
 * Reads the spans of OTLP requests into a graph, from protobuf or from lines of JSON, with the same
 * result. An invalid span is reported and skipped; input that is not OTLP is reported with its
 * likely format.
 */
#ifndef EXAMPLES_GRAPH_READ_H
#define EXAMPLES_GRAPH_READ_H

#include "complaints.h"
#include "graph.h"
#include "input.h"

struct graph_reader {
    struct graph *graph;
    const char *file;            /* for messages */
    uint64_t spans;              /* found in this file */
    struct complaints bad_spans; /* that were skipped */
    struct complaints bad_files; /* including lines that are not requests */
};

/* Reads a whole input. False if an allocation failed. */
bool graph_read(struct graph_reader *reader, struct input *input);

/* A span as found by both readers. */
struct found_span {
    spanlink_context context; /* its ids; zeros where they are missing */
    spanlink_str name;
    const uint8_t *links; /* an encoded Span, or its `links` fields */
    size_t links_size;
    const char *fault; /* the error; NULL: none so far */
};

/* Adds a span, or reports it. False if an allocation failed. */
bool graph_read_span(struct graph_reader *reader, const struct found_span *found);

/* Reports input that is not a request. */
void graph_refuse(struct graph_reader *reader, const char *where, const char *fault,
                  const char *expected);

/* graph_read_protobuf.c, graph_read_json.c. False if an allocation failed. */
bool graph_read_protobuf(struct graph_reader *reader, const uint8_t *bytes, size_t size);
bool graph_read_json(struct graph_reader *reader, struct input *input);

#endif
