/* SPDX-License-Identifier: MIT */
/* Spans and the links between them, as a picture for Graphviz. */
#ifndef EXAMPLES_GRAPH_H
#define EXAMPLES_GRAPH_H

#include <spanlink/spanlink.h>

struct graph_span {
    spanlink_context context;
    char *name; /* free() it */
    size_t name_length;
    size_t trace;         /* the index of the first span of its trace; set by graph_write() */
    spanlink_list *links; /* of this span; NULL: none */
};

struct graph {
    struct graph_span *spans;
    size_t count, capacity;
};

/* Adds a span; takes ownership of the list. False if an allocation failed; the list is then
 * destroyed. */
bool graph_add(struct graph *graph, const spanlink_context *context, spanlink_str name,
               spanlink_list *links);

/*
 * Writes the graph in Graphviz's language: a box per trace, a labelled edge per link. False, and
 * nothing is written, if an allocation failed.
 */
bool graph_write(struct graph *graph);

void graph_free(struct graph *graph);

#endif
