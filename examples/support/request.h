/* SPDX-License-Identifier: MIT */
/*
 * Spans with their links as a complete OTLP request, which any OpenTelemetry collector accepts at
 * /v1/traces: as JSON (Content-Type: application/json) or protobuf (application/x-protobuf).
 */
#ifndef EXAMPLES_REQUEST_H
#define EXAMPLES_REQUEST_H

#include "span.h"

/* Bytes that grow. The first failure is kept in `status`; nothing is appended after it. */
struct buffer {
    uint8_t *bytes; /* free() it */
    size_t size;
    size_t capacity;
    spanlink_status status;
};

/*
 * Append a request with the spans of one service to a buffer, which is initially zeroed. They
 * return the buffer's status. JSON is one line without its end, so that a file of lines can contain
 * several requests.
 */
spanlink_status request_json(struct buffer *out, const char *service, const struct span *spans,
                             size_t count);
spanlink_status request_protobuf(struct buffer *out, const char *service, const struct span *spans,
                                 size_t count);

#endif
