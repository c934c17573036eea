/* SPDX-License-Identifier: MIT */
#include "graph.h"

#include <stdio.h>
#include <stdlib.h>

bool graph_add(struct graph *graph, const spanlink_context *context, spanlink_str name,
               spanlink_list *links) {
    if (graph->count == graph->capacity) {
        size_t capacity = graph->capacity == 0 ? 64 : 2 * graph->capacity;
        struct graph_span *spans = realloc(graph->spans, capacity * sizeof *spans);
        if (spans == NULL) {
            spanlink_list_destroy(links);
            return false;
        }
        graph->spans = spans;
        graph->capacity = capacity;
    }
    struct graph_span *span = &graph->spans[graph->count++];
    *span = (struct graph_span){.context = *context, .links = links};
    span->name = malloc(name.len + 1); /* malloc(0) might return NULL */
    if (span->name == NULL) {
        return false;
    }
    if (name.len != 0) {
        memcpy(span->name, name.ptr, name.len);
    }
    span->name_length = name.len;
    return true;
}

/* A quoted text: Graphviz has only one escape that matters here. */
static void write_label(const char *text, size_t length) {
    putchar('"');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"' || text[i] == '\\') {
            putchar('\\');
        }
        putchar((unsigned char)text[i] < ' ' ? ' ' : text[i]);
    }
    putchar('"');
}

static void write_node_name(const spanlink_context *context) {
    char trace[33], span[17];
    spanlink_trace_id_to_hex(context->trace_id, trace);
    spanlink_span_id_to_hex(context->span_id, span);
    printf("\"%s-%s\"", trace, span);
}

/*
 * The spans sorted by traces, and the traces by their first occurrence. Sorting keeps the work
 * linear: searching for each span's trace would be quadratic.
 */

static int compare(size_t a, size_t b) {
    return (a > b) - (a < b);
}

static int by_trace_id(const void *a, const void *b) {
    const struct graph_span *one = *(struct graph_span *const *)a,
                            *two = *(struct graph_span *const *)b;
    int order = memcmp(one->context.trace_id, two->context.trace_id, sizeof one->context.trace_id);
    return order != 0 ? order : compare(one->trace, two->trace);
}

static int by_trace(const void *a, const void *b) {
    const struct graph_span *one = *(struct graph_span *const *)a,
                            *two = *(struct graph_span *const *)b;
    int order = compare(one->trace, two->trace);
    return order != 0 ? order : (one > two) - (one < two);
}

static bool same_trace(const struct graph_span *a, const struct graph_span *b) {
    return memcmp(a->context.trace_id, b->context.trace_id, sizeof a->context.trace_id) == 0;
}

/* An array to free(); NULL if an allocation failed. */
static struct graph_span **sort_by_trace(struct graph *graph) {
    struct graph_span **sorted = malloc((graph->count + 1) * sizeof *sorted);
    if (sorted == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < graph->count; i++) {
        sorted[i] = &graph->spans[i];
        sorted[i]->trace = i;
    }
    qsort(sorted, graph->count, sizeof *sorted, by_trace_id);
    for (size_t i = 1; i < graph->count; i++) {
        if (same_trace(sorted[i - 1], sorted[i])) {
            sorted[i]->trace = sorted[i - 1]->trace;
        }
    }
    qsort(sorted, graph->count, sizeof *sorted, by_trace);
    return sorted;
}

static void write_span(const struct graph_span *span) {
    printf("    ");
    write_node_name(&span->context);
    printf(" [label=");
    write_label(span->name, span->name_length);
    printf("];\n");
}

/* Writes the spans of one trace, from sorted[first] on. Returns the index of the next trace. */
static size_t write_trace(struct graph_span **sorted, size_t first, size_t count) {
    char trace[33];
    size_t i = first;
    spanlink_trace_id_to_hex(sorted[first]->context.trace_id, trace);
    printf("  subgraph \"cluster_%s\" {\n    label=\"trace %.8s…\"; color=gray60;\n", trace, trace);
    for (; i < count && sorted[i]->trace == sorted[first]->trace; i++) {
        write_span(sorted[i]);
    }
    printf("  }\n");
    return i;
}

/* From the span with the link to the linked span, which may not have been exported. */
static void write_link(const struct graph_span *span, const spanlink_link *link) {
    const spanlink_attribute *type = spanlink_link_find(link, "link.type");
    bool named = type != NULL && type->value.type == SPANLINK_VALUE_STRING;
    spanlink_str label = named ? type->value.string_value : spanlink_str_from("link");
    printf("  ");
    write_node_name(&span->context);
    printf(" -> ");
    write_node_name(&link->context);
    printf(" [label=");
    write_label(label.ptr, label.len);
    printf("];\n");
}

bool graph_write(struct graph *graph) {
    struct graph_span **sorted = sort_by_trace(graph);
    if (sorted == NULL) {
        return false;
    }
    printf(
        "digraph spans {\n  rankdir=LR; fontname=\"sans-serif\";\n"
        "  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"sans-serif\"];\n"
        "  edge [fontname=\"sans-serif\", fontsize=10];\n");
    for (size_t i = 0; i < graph->count;) {
        i = write_trace(sorted, i, graph->count);
    }
    free(sorted);
    for (size_t i = 0; i < graph->count; i++) {
        size_t count;
        const spanlink_link *links = spanlink_list_links(graph->spans[i].links, &count);
        for (size_t k = 0; k < count; k++) {
            write_link(&graph->spans[i], &links[k]);
        }
    }
    printf("}\n");
    return true;
}

void graph_free(struct graph *graph) {
    for (size_t i = 0; i < graph->count; i++) {
        free(graph->spans[i].name);
        spanlink_list_destroy(graph->spans[i].links);
    }
    free(graph->spans);
}
