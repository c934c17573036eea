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
    span->name = malloc(name.len + 1);
    if (span->name == NULL) {
        return false;
    }
    if (name.len != 0) {
        memcpy(span->name, name.ptr, name.len);
    }
    span->name[name.len] = '\0';
    return true;
}

/* A text between quotation marks: Graphviz knows one escape that matters here. */
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

static bool same_trace(const spanlink_context *a, const spanlink_context *b) {
    return memcmp(a->trace_id, b->trace_id, sizeof a->trace_id) == 0;
}

static bool is_first_of_its_trace(const struct graph *graph, size_t index) {
    for (size_t i = 0; i < index; i++) {
        if (same_trace(&graph->spans[i].context, &graph->spans[index].context)) {
            return false;
        }
    }
    return true;
}

static void write_trace(const struct graph *graph, size_t first) {
    char trace[33];
    spanlink_trace_id_to_hex(graph->spans[first].context.trace_id, trace);
    printf("  subgraph \"cluster_%s\" {\n    label=\"trace %.8s…\"; color=gray60;\n", trace, trace);
    for (size_t i = first; i < graph->count; i++) {
        const struct graph_span *span = &graph->spans[i];
        if (same_trace(&span->context, &graph->spans[first].context)) {
            printf("    ");
            write_node_name(&span->context);
            printf(" [label=");
            write_label(span->name, strlen(span->name));
            printf("];\n");
        }
    }
    printf("  }\n");
}

/* From the span that holds the link to the one that it points at, which nobody may have exported.
 */
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

void graph_write(const struct graph *graph) {
    printf(
        "digraph spans {\n  rankdir=LR; fontname=\"sans-serif\";\n"
        "  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"sans-serif\"];\n"
        "  edge [fontname=\"sans-serif\", fontsize=10];\n");
    for (size_t i = 0; i < graph->count; i++) {
        if (is_first_of_its_trace(graph, i)) {
            write_trace(graph, i);
        }
    }
    for (size_t i = 0; i < graph->count; i++) {
        size_t count;
        const spanlink_link *links = spanlink_list_links(graph->spans[i].links, &count);
        for (size_t k = 0; k < count; k++) {
            write_link(&graph->spans[i], &links[k]);
        }
    }
    printf("}\n");
}

void graph_free(struct graph *graph) {
    for (size_t i = 0; i < graph->count; i++) {
        free(graph->spans[i].name);
        spanlink_list_destroy(graph->spans[i].links);
    }
    free(graph->spans);
}
