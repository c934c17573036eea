/* SPDX-License-Identifier: MIT */
#include "http_service.h"

#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BODY ((size_t)1 << 20)

/* The body of a request, as it arrives. */
struct request {
    char *body;
    size_t size;
};

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned code) {
    static char nothing[1];
    struct MHD_Response *response =
        MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result = MHD_queue_response(connection, code, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result add_part(struct request *request, const char *part, size_t *size) {
    char *longer =
        *size <= MAX_BODY - request->size ? realloc(request->body, request->size + *size) : NULL;
    if (longer == NULL) {
        return MHD_NO;
    }
    memcpy(longer + request->size, part, *size);
    request->body = longer;
    request->size += *size;
    *size = 0;
    return MHD_YES;
}

/* Called at the start of a request, then for each part of its body, then at its end. */
static enum MHD_Result handle(void *handler, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *part,
                              size_t *part_size, void **state) {
    struct request *request = *state;
    (void)url;
    (void)version;
    if (strcmp(method, "POST") != 0) {
        return answer(connection, MHD_HTTP_METHOD_NOT_ALLOWED);
    }
    if (request == NULL) {
        *state = calloc(1, sizeof *request);
        return *state != NULL ? MHD_YES : MHD_NO;
    }
    if (*part_size != 0) {
        return add_part(request, part, part_size);
    }
    return answer(connection, (*(http_handler *)handler)(connection, request->body, request->size));
}

static void forget(void *unused, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode reason) {
    struct request *request = *state;
    (void)unused;
    (void)connection;
    (void)reason;
    if (request != NULL) {
        free(request->body);
        free(request);
    }
}

/* The signals that end the service are blocked until it waits for them. */
static sigset_t block_signals(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    return signals;
}

int http_service_run(const char *program, int port, http_handler handler) {
    sigset_t signals = block_signals();
    int received;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, (uint16_t)port, NULL, NULL,
        handle, &handler, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_NOTIFY_COMPLETED, forget, NULL,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)1 << 17, MHD_OPTION_END);
    if (daemon == NULL) {
        fprintf(stderr, "%s: 127.0.0.1:%d: cannot listen\n", program, port);
        return EXIT_FAILURE;
    }
    fprintf(stderr, "%s: listening on 127.0.0.1:%d\n", program, port);
    sigwait(&signals, &received);
    MHD_stop_daemon(daemon);
    return EXIT_SUCCESS;
}
