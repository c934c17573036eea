/* SPDX-License-Identifier: MIT */
/*
 * The output of an example's spans: standard output or a file, and with --endpoint also a collector
 * over HTTP.
 *
 * A file whose name ends in .pb contains concatenated protobuf requests, which protobuf reads as
 * one; all other output is one JSON request per line. Spans are written before they are sent, so
 * that none is lost if the collector is down.
 */
#ifndef EXAMPLES_EXPORT_H
#define EXAMPLES_EXPORT_H

#include "span.h"

struct export_to {
    const char *program; /* for messages, and service.name if `service` is NULL */
    const char *service;
    const char *file;     /* NULL or "-": standard output */
    const char *endpoint; /* http://host:4318; NULL: none */
};

/*
 * Reads `--output FILE`, `--endpoint URL` and `--service NAME` at *index, and moves it to the last
 * word read. False, and *index unchanged, for any other word.
 */
bool export_option(struct export_to *to, int argc, char **argv, int *index);

#define EXPORT_USAGE                                                                               \
    "  --output FILE    append the spans to FILE instead of printing them: as protobuf if its\n"   \
    "                   name ends in .pb, otherwise as lines of JSON\n"                            \
    "  --endpoint URL   also send them to the collector at URL (http://127.0.0.1:4318)\n"          \
    "  --service NAME   the spans' service.name\n"

/* Appends to the output, then sends. EXIT_SUCCESS, or EXIT_FAILURE with a message on standard
 * error.
 */
int export_spans(const struct export_to *to, const struct span *spans, size_t count);

/* Whether a file's name ends in .pb. */
bool is_protobuf_file(const char *file);

/* Reports on standard error how many links a list has dropped, if any. */
void warn_if_cut(const char *program, const spanlink_list *links);

#endif
