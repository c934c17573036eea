/* SPDX-License-Identifier: MIT */
/* A service on 127.0.0.1 that answers POST requests, with a thread per connection. */
#ifndef EXAMPLES_HTTP_SERVICE_H
#define EXAMPLES_HTTP_SERVICE_H

#include <microhttpd.h>
#include <stddef.h>

/* Handles one request and returns the HTTP status code of the answer. Called by many threads. */
typedef unsigned (*http_handler)(struct MHD_Connection *connection, const char *body, size_t size);

/* Serves until SIGINT or SIGTERM. EXIT_SUCCESS, or EXIT_FAILURE with a message on standard error.
 */
int http_service_run(const char *program, int port, http_handler handler);

#endif
