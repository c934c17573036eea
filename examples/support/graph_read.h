/* SPDX-License-Identifier: MIT */
/* Reads the spans of OTLP requests into a graph: from protobuf, or from lines of JSON. */
#ifndef EXAMPLES_GRAPH_READ_H
#define EXAMPLES_GRAPH_READ_H

#include "graph.h"

/* NULL, or what is wrong with the bytes. What came before the fault is in the graph. */
const char *graph_read_protobuf(struct graph *graph, const uint8_t *bytes, size_t size);
const char *graph_read_json(struct graph *graph, const char *text, size_t size);

#endif
