/* SPDX-License-Identifier: MIT */
/*
 * An HTTP service that propagates trace context, in the formats of OTEL_PROPAGATORS; without it, in
 * the W3C format.
 *
 * It accepts POST of a JSON array of {"url": …, "arguments": […]} and calls each url with a POST of
 * its arguments. This is the protocol of the W3C trace-context conformance harness, which can be
 * run against it. Each request gets a span, which also links to the span that sent the request. If
 * a request names different spans in different formats, as after a proxy that knows only one of
 * them, the span of the last format is continued and the others are linked.
 *
 * With --public the callers are not trusted: their trace ids and sampling decisions are ignored.
 * Each request starts a new trace, and its first span links to the caller.
 */
#include "support/carriers.h"
#include "support/export.h"
#include "support/http_carrier.h"
#include "support/http_service.h"

#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static struct export_to exporter = {.program = "http_relay"};
static pthread_mutex_t export_lock = PTHREAD_MUTEX_INITIALIZER;
static struct complaints complaints = {.prefix = "http_relay: "};
static pthread_mutex_t complaints_lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t requests; /* received; protected by complaints_lock */
static bool is_public;
static spanlink_formats formats;

static void end_and_export(struct span *span) {
    span_end(span);
    pthread_mutex_lock(&export_lock);
    export_spans(&exporter, span, 1);
    pthread_mutex_unlock(&export_lock);
}

static size_t ignore_answer(char *bytes, size_t size, size_t count, void *state) {
    (void)bytes;
    (void)state;
    return size * count;
}

static CURLcode post(const char *url, const char *body, struct curl_slist *headers) {
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 5L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore_answer);
    CURLcode outcome = curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    return outcome;
}

/* Calls a url in its own client span: the same trace and flags, a new span id. */
static void call(const struct span *server, const char *url, const char *body) {
    struct span client;
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    char text[SPANLINK_INJECT_TEXT + SPANLINK_TRACESTATE_MAX];
    spanlink_setter setter = header_list_setter(&headers);
    span_start(&client, "POST", SPAN_CLIENT, &server->context);
    spanlink_status status = spanlink_inject(&client.context, &formats, &setter, text, sizeof text);
    if (status != SPANLINK_OK) {
        fprintf(stderr, "http_relay: inject: %s\n", spanlink_status_text(status));
    }
    CURLcode outcome = post(url, body, headers);
    if (outcome != CURLE_OK) {
        fprintf(stderr, "http_relay: %s: %s\n", url, curl_easy_strerror(outcome));
    }
    curl_slist_free_all(headers);
    end_and_export(&client);
}

static unsigned relay(const struct span *server, const char *body, size_t size) {
    json_t *calls = json_loadb(size != 0 ? body : "", size, 0, NULL), *item;
    size_t index;
    unsigned code = json_is_array(calls) ? MHD_HTTP_OK : MHD_HTTP_BAD_REQUEST;
    json_array_foreach(calls, index, item) {
        const char *url = json_string_value(json_object_get(item, "url"));
        char *arguments = json_dumps(json_object_get(item, "arguments"), JSON_ENCODE_ANY);
        if (url != NULL && arguments != NULL) {
            call(server, url, arguments);
        }
        free(arguments);
    }
    json_decref(calls);
    return code;
}

static void log_request(const struct received *received) {
    char where[32];
    pthread_mutex_lock(&complaints_lock);
    snprintf(where, sizeof where, "request %" PRIu64, ++requests);
    carrier_complain(&complaints, where, received);
    pthread_mutex_unlock(&complaints_lock);
}

/* A span that this one does not continue, because another format names a different one. */
static spanlink_status link_other(spanlink_list *links, const spanlink_extracted *other) {
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES + 1];
    spanlink_link link = spanlink_factory_custom(&other->context, "terminated_context", storage);
    storage[link.attribute_count++] =
        spanlink_attribute_string("context_headers", spanlink_format_name(other->format));
    return spanlink_list_add(links, &link);
}

static spanlink_status link_callers(spanlink_list *links, const struct received *received) {
    spanlink_status status = spanlink_list_add_custom(links, &received->context, "http_request");
    for (size_t i = 0; i < received->other_count && status == SPANLINK_OK; i++) {
        status = link_other(links, &received->others[i]);
    }
    return status;
}

/*
 * Without a valid context a new trace starts; otherwise this span continues the sender's, unless
 * the service is public. In both cases it links to the sender.
 */
static void start_server_span(struct span *server, const struct received *received) {
    bool known = received->status == SPANLINK_OK;
    span_start(server, "relay", SPAN_SERVER, known && !is_public ? &received->context : NULL);
    if (!known) {
        return;
    }
    spanlink_status status = spanlink_list_create(NULL, &server->links);
    if (status == SPANLINK_OK) {
        status = link_callers(server->links, received);
    }
    if (status != SPANLINK_OK) {
        fprintf(stderr, "http_relay: link: %s\n", spanlink_status_text(status));
    }
}

static unsigned serve(struct MHD_Connection *connection, const char *body, size_t size) {
    struct received received;
    struct span server;
    struct request_headers headers = {.connection = connection};
    spanlink_getter getter = request_getter(&headers);
    carrier_read(&received, &getter, &formats);
    log_request(&received);
    start_server_span(&server, &received);
    unsigned code = relay(&server, body, size);
    span_set(&server, spanlink_attribute_int("http.response.status_code", (int64_t)code));
    end_and_export(&server);
    spanlink_list_destroy(server.links);
    return code;
}

int main(int argc, char **argv) {
    int port = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--public") == 0) {
            is_public = true;
        } else if (!export_option(&exporter, argc, argv, &i)) {
            port = atoi(argv[i]);
        }
    }
    if (port < 1 || port > 65535) {
        fputs("usage: http_relay PORT [OPTION…]\n"
              "  --public         begin a new trace for each request, and link the "
              "caller\n" EXPORT_USAGE,
              stderr);
        return 2;
    }
    formats_from_environment("http_relay", "tracecontext", &formats);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int outcome = http_service_run("http_relay", port, serve);
    complaints_end(&complaints);
    curl_global_cleanup();
    return outcome;
}
