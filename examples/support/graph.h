/* SPDX-License-Identifier: MIT */
/* Spans and the links between them, as a picture for Graphviz. */
#ifndef EXAMPLES_GRAPH_H
#define EXAMPLES_GRAPH_H

#include <spanlink/spanlink.h>

struct graph_span {
    spanlink_context context;
    char *name; /* free() it */
    size_t name_length;
    size_t trace;         /* the index of the first span of its trace; graph_write() finds it out */
    spanlink_list *links; /* of this span; NULL: none */
};

struct graph {
    struct graph_span *spans;
    size_t count, capacity;
};

/* Adds a span; takes over the list. False without memory, and then the list is destroyed. */
bool graph_add(struct graph *graph, const spanlink_context *context, spanlink_str name,
               spanlink_list *links);

/*
 * Writes the graph in Graphviz's language: a box a trace, a labelled edge a link. False without
 * memory, and then nothing is written.
 */
bool graph_write(struct graph *graph);

void graph_free(struct graph *graph);

#endif
