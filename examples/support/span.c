/* SPDX-License-Identifier: MIT */
#include "span.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void must(spanlink_status status, const char *what) {
    if (status != SPANLINK_OK) {
        fprintf(stderr, "%s: %s\n", what, spanlink_status_text(status));
        exit(EXIT_FAILURE);
    }
}

void random_bytes(void *bytes, size_t size) {
    FILE *source = fopen("/dev/urandom", "rb");
    if (source == NULL || fread(bytes, 1, size, source) != size) {
        perror("/dev/urandom");
        exit(EXIT_FAILURE);
    }
    fclose(source);
}

static uint64_t nanoseconds_since_1970(void) {
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void span_start(struct span *span, const char *name, enum span_kind kind,
                const spanlink_context *parent) {
    memset(span, 0, sizeof *span);
    span->name = name;
    span->kind = kind;
    if (parent != NULL) {
        span->parent = *parent;
        span->context = *parent;
        span->context.is_remote = false;
    } else {
        random_bytes(span->context.trace_id, sizeof span->context.trace_id);
        span->context.trace_flags = SPANLINK_TRACE_FLAG_SAMPLED | SPANLINK_TRACE_FLAG_RANDOM;
    }
    random_bytes(span->context.span_id, sizeof span->context.span_id);
    span->start_time = nanoseconds_since_1970();
}

void span_set(struct span *span, spanlink_attribute attribute) {
    assert(span->attribute_count < SPAN_ATTRIBUTES);
    span->attributes[span->attribute_count++] = attribute;
}

void span_end(struct span *span) {
    span->end_time = nanoseconds_since_1970();
}
