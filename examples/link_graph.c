/* SPDX-License-Identifier: MIT */
/*
 * Reads OTLP files that the other examples write and draws their spans and links:
 *
 *     link_graph order.json shipping.pb | dot -Tsvg > links.svg
 */
#include "support/export.h"
#include "support/graph_read.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static int fail(const char *file, const char *reason) {
    fprintf(stderr, "link_graph: %s: %s\n", file, reason);
    return EXIT_FAILURE;
}

/* The whole of a file, to be freed; NULL, and errno, where it can't be had. */
static char *read_file(const char *file, size_t *size) {
    FILE *input = fopen(file, "rb");
    char *bytes = NULL, *longer = input != NULL ? malloc(1) : NULL;
    size_t capacity = 1;
    for (*size = 0; longer != NULL; longer = realloc(bytes, capacity)) {
        bytes = longer;
        *size += fread(bytes + *size, 1, capacity - *size, input);
        if (*size < capacity) {
            break;
        }
        capacity *= 2;
    }
    bool whole = longer != NULL && !ferror(input);
    if (input != NULL) {
        fclose(input);
    }
    if (!whole) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

static int add_file(struct graph *graph, const char *file) {
    size_t size;
    char *bytes = read_file(file, &size);
    if (bytes == NULL) {
        return fail(file, strerror(errno));
    }
    const char *fault = is_protobuf_file(file)
                            ? graph_read_protobuf(graph, (const uint8_t *)bytes, size)
                            : graph_read_json(graph, bytes, size);
    free(bytes);
    return fault == NULL ? EXIT_SUCCESS : fail(file, fault);
}

int main(int argc, char **argv) {
    struct graph graph = {NULL, 0, 0};
    int outcome = EXIT_SUCCESS;
    if (argc < 2) {
        fputs("usage: link_graph FILE… | dot -Tsvg > links.svg\n", stderr);
        return 2;
    }
    for (int i = 1; i < argc && outcome == EXIT_SUCCESS; i++) {
        outcome = add_file(&graph, argv[i]);
    }
    if (outcome == EXIT_SUCCESS) {
        graph_write(&graph);
    }
    graph_free(&graph);
    return outcome;
}
