/* SPDX-License-Identifier: MIT */
/*
 * Reads the spans of OTLP requests into a graph, from protobuf or from lines of JSON, with the same
 * result. A span that is broken is reported and passed over; what is no OTLP at all is reported as
 * what it looks like.
 */
#ifndef EXAMPLES_GRAPH_READ_H
#define EXAMPLES_GRAPH_READ_H

#include "complaints.h"
#include "graph.h"
#include "input.h"

struct graph_reader {
    struct graph *graph;
    const char *file;            /* for messages */
    uint64_t spans;              /* that were met in this file */
    struct complaints bad_spans; /* that were passed over */
    struct complaints bad_files; /* and lines that are no request */
};

/* Reads a whole input. False without memory. */
bool graph_read(struct graph_reader *reader, struct input *input);

/* A span as both readers find it. */
struct found_span {
    spanlink_context context; /* its ids; zeros where they are missing */
    spanlink_str name;
    const uint8_t *links; /* an encoded Span, or its `links` fields */
    size_t links_size;
    const char *fault; /* why it is broken; NULL: so far it is not */
};

/* Adds a span, or reports it. False without memory. */
bool graph_read_span(struct graph_reader *reader, const struct found_span *found);

/* Reports what is no request. */
void graph_refuse(struct graph_reader *reader, const char *where, const char *fault,
                  const char *expected);

/* graph_read_protobuf.c, graph_read_json.c. False without memory. */
bool graph_read_protobuf(struct graph_reader *reader, const uint8_t *bytes, size_t size);
bool graph_read_json(struct graph_reader *reader, struct input *input);

#endif
