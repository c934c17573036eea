/* SPDX-License-Identifier: MIT */
#include "graph_read.h"

#include "export.h"

#include <inttypes.h>

static void refuse_span(struct graph_reader *reader, const char *fault) {
    char where[300];
    snprintf(where, sizeof where, "%.200s: span %" PRIu64, reader->file, reader->spans);
    complain(&reader->bad_spans, where, fault, (spanlink_str){NULL, 0}, NULL);
}

bool graph_read_span(struct graph_reader *reader, const struct found_span *found) {
    spanlink_list *links = NULL;
    reader->spans++;
    if (found->fault != NULL || !spanlink_context_is_valid(&found->context)) {
        refuse_span(reader, found->fault != NULL ? found->fault : "it lacks a valid id");
        return true;
    }
    spanlink_status status = spanlink_list_create(NULL, &links);
    if (status == SPANLINK_OK) {
        status = spanlink_otlp_decode(found->links, found->links_size, links);
    }
    if (status == SPANLINK_OK) {
        return graph_add(reader->graph, &found->context, found->name, links);
    }
    spanlink_list_destroy(links);
    if (status != SPANLINK_ERR_NO_MEMORY) {
        refuse_span(reader, spanlink_status_text(status));
    }
    return status != SPANLINK_ERR_NO_MEMORY;
}

void graph_refuse(struct graph_reader *reader, const char *where, const char *fault,
                  const char *expected) {
    char place[300];
    snprintf(place, sizeof place, "%.200s%s%s", reader->file, where[0] != '\0' ? ": " : "", where);
    complain(&reader->bad_files, place, fault, (spanlink_str){NULL, 0}, expected);
}

/*
 * A protobuf request begins with a newline character, field 1 of type bytes. JSON begins with a
 * bracket, perhaps after a newline: then the file's name decides.
 */
static bool is_protobuf(const char *file, spanlink_str bytes) {
    size_t at = 0;
    while (at < bytes.len && (bytes.ptr[at] == '\n' || bytes.ptr[at] == ' ')) {
        at++;
    }
    bool bracket = at < bytes.len && (bytes.ptr[at] == '{' || bytes.ptr[at] == '[');
    bool newline = bytes.len > 0 && bytes.ptr[0] == '\n';
    return newline ? !bracket || is_protobuf_file(file) : !bracket && is_protobuf_file(file);
}

bool graph_read(struct graph_reader *reader, struct input *input) {
    reader->file = input->name;
    reader->spans = 0;
    input->most = SIZE_MAX / 2;
    if (!is_protobuf(input->name, input_peek(input))) {
        return graph_read_json(reader, input);
    }
    input_all(input);
    return !input->too_long &&
           graph_read_protobuf(reader, (const uint8_t *)input->text, input->length);
}
