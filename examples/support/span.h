/* SPDX-License-Identifier: MIT */
/*
 * A span, which contains links. Example code, just enough to send links to a collector; in a
 * service the tracer provides this.
 */
#ifndef EXAMPLES_SPAN_H
#define EXAMPLES_SPAN_H

#include <spanlink/spanlink.h>

/* The maximum number of attributes of a span here. */
#define SPAN_ATTRIBUTES 16

/* OTLP's numbers. */
enum span_kind {
    SPAN_INTERNAL = 1,
    SPAN_SERVER = 2,
    SPAN_CLIENT = 3,
    SPAN_PRODUCER = 4,
    SPAN_CONSUMER = 5
};

/* Borrows its texts, and the links. */
struct span {
    const char *name;
    enum span_kind kind;
    spanlink_context context; /* its own identity, which others link to or receive in headers */
    spanlink_context parent;  /* all zeros: a root span */
    uint64_t start_time;      /* nanoseconds since 1970 */
    uint64_t end_time;
    spanlink_attribute attributes[SPAN_ATTRIBUTES]; /* strings, booleans and integers */
    size_t attribute_count;
    spanlink_list *links; /* NULL: none */
};

/*
 * Starts a span now. A child takes its parent's trace id, flags and tracestate, and a new span id;
 * without a parent (NULL) it is the sampled root of a new trace. Exits if the system has no random
 * bytes.
 */
void span_start(struct span *span, const char *name, enum span_kind kind,
                const spanlink_context *parent);

/* Adds an attribute, as spanlink_attribute_int("batch.size", 100) makes it. */
void span_set(struct span *span, spanlink_attribute attribute);

/* Ends a span now. */
void span_end(struct span *span);

/* Unless the status is SPANLINK_OK, reports what failed and why, and exits. */
void must(spanlink_status status, const char *what);

/* Fills `size` bytes with the system's random bytes. Exits if there are none. */
void random_bytes(void *bytes, size_t size);

#endif
