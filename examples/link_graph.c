/* SPDX-License-Identifier: MIT */
/*
 * Reads OTLP files, as the other examples write them, and draws their spans and links:
 *
 *     link_graph order.json shipping.pb | dot -Tsvg > links.svg
 *     trace_aggregation | link_graph - | dot -Tsvg > links.svg
 *
 * JSON and protobuf give the same picture. An invalid span is reported and left out; input that is
 * not OTLP is reported with its likely format. The exit status is 1 if a file could not be read
 * completely, or if all spans were invalid.
 */
#include "support/graph_read.h"

#include <stdlib.h>

static int fail(const char *file, const char *reason) {
    fprintf(stderr, "link_graph: %s: %s\n", file, reason);
    return EXIT_FAILURE;
}

static int add_file(struct graph_reader *reader, const char *file) {
    static struct input input;
    const char *fault = input_open(&input, file);
    int outcome = EXIT_SUCCESS;
    if (fault == NULL && !graph_read(reader, &input)) {
        fault = "out of memory";
    }
    fault = fault != NULL ? fault : input_fault(&input);
    if (fault != NULL) {
        outcome = fail(input.name, fault);
    } else if (reader->spans == 0 && reader->bad_files.count == 0) {
        fprintf(stderr, "link_graph: %s: no spans\n", input.name);
    }
    input_close(&input);
    return outcome;
}

/* All valid spans are drawn; without any, nothing is drawn. */
static int draw(const struct graph_reader *reader, int outcome) {
    bool none = reader->graph->count == 0;
    complaints_end(&reader->bad_files);
    complaints_end(&reader->bad_spans);
    if (reader->bad_files.count > 0 || (none && reader->bad_spans.count > 0)) {
        outcome = EXIT_FAILURE;
    }
    if (none && outcome == EXIT_FAILURE) {
        return outcome;
    }
    if (!graph_write(reader->graph) || fflush(stdout) != 0) {
        return fail("the picture", "it could not be written");
    }
    return outcome;
}

int main(int argc, char **argv) {
    struct graph graph = {NULL, 0, 0};
    struct graph_reader reader = {
        .graph = &graph,
        .bad_spans = {.prefix = "link_graph: ", .what = " spans left out"},
        .bad_files = {.prefix = "link_graph: "}};
    int outcome = EXIT_SUCCESS;
    if (argc < 2) {
        fputs("usage: link_graph FILE… | dot -Tsvg > links.svg\n"
              "FILE holds OTLP/JSON, or protobuf if its name ends in .pb; - is standard input.\n",
              stderr);
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        outcome |= add_file(&reader, argv[i]);
    }
    outcome = draw(&reader, outcome);
    graph_free(&graph);
    return outcome;
}
