/* SPDX-License-Identifier: MIT */
/*
 * A subscriber for MQTT 5, and a publisher to test it.
 *
 *     mqtt_subscriber publish 100 [--port N]
 *     mqtt_subscriber subscribe 100 [--port N] [--batch N]
 *
 * The sender's context is in the message's user properties `traceparent` and `tracestate`. A batch
 * of messages is one span, with a link to each sender.
 */
#include "support/carriers.h"
#include "support/export.h"

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define HOST            "127.0.0.1"
#define MOST_PROPERTIES 64 /* of a message; further ones are ignored */

struct arguments {
    struct export_to to;
    struct complaints complaints;
    spanlink_formats formats; /* OTEL_PROPAGATORS */
    struct mosquitto *client;
    int port;
    int messages; /* to send or to wait for */
    int batch;    /* maximum number of messages in one span */
    int idle;     /* ends after this many seconds without a message */
    int done;     /* messages sent and acknowledged, or received */
    int outcome;
    uint64_t no_context;
    struct span span;
    int in_span; /* number of messages in `span` */
};

static bool succeeded(const struct arguments *arguments, const char *what, int error) {
    if (error != MOSQ_ERR_SUCCESS) {
        fprintf(stderr, "mqtt_subscriber: broker at %s:%d: %s: %s\n", HOST, arguments->port, what,
                mosquitto_strerror(error));
    }
    return error == MOSQ_ERR_SUCCESS;
}

/* Handles the connection until all messages are done, or none arrived for `idle` seconds. */
static bool run_until_done(struct arguments *arguments) {
    time_t last = time(NULL);
    for (int before = 0; arguments->done < arguments->messages;) {
        if (!succeeded(arguments, "connection", mosquitto_loop(arguments->client, 100, 1))) {
            return false;
        }
        if (arguments->done != before) {
            before = arguments->done;
            last = time(NULL);
        } else if (time(NULL) - last > arguments->idle) {
            return false;
        }
    }
    return true;
}

/* The publisher */

static void on_publish(struct mosquitto *client, void *state, int id, int reason,
                       const mosquitto_property *properties) {
    struct arguments *arguments = state;
    (void)client;
    (void)id;
    (void)properties;
    if (reason >= 0x80) {
        fprintf(stderr, "mqtt_subscriber: not published: %s\n", mosquitto_reason_string(reason));
        arguments->outcome = EXIT_FAILURE;
    }
    arguments->done++;
}

/* libmosquitto needs NUL-terminated copies. A binary value, which may contain NULs, is omitted. */
static spanlink_status add_property(void *state, spanlink_str name, spanlink_str value) {
    if (memchr(value.ptr, '\0', value.len) != NULL) {
        return SPANLINK_OK;
    }
    char text[SPANLINK_TRACESTATE_MAX + 1], key[64];
    snprintf(key, sizeof key, "%.*s", (int)name.len, name.ptr);
    snprintf(text, sizeof text, "%.*s", (int)value.len, value.ptr);
    return mosquitto_property_add_string_pair(state, MQTT_PROP_USER_PROPERTY, key, text) ==
                   MOSQ_ERR_SUCCESS
               ? SPANLINK_OK
               : SPANLINK_ERR_NO_MEMORY;
}

static bool send_one(struct arguments *arguments, const char *topic,
                     const spanlink_context *context) {
    char text[SPANLINK_INJECT_TEXT + 64];
    mosquitto_property *properties = NULL;
    spanlink_setter setter = {.state = &properties, .set = add_property};
    must(spanlink_inject(context, &arguments->formats, &setter, text, sizeof text), "inject");
    int error = mosquitto_publish_v5(arguments->client, NULL, topic, 2, "{}", 1, false, properties);
    mosquitto_property_free_all(&properties);
    return succeeded(arguments, "publish", error);
}

static int publish(struct arguments *arguments) {
    bool sent = true;
    mosquitto_publish_v5_callback_set(arguments->client, on_publish);
    for (int i = 0; i < arguments->messages && sent; i++) {
        struct span span;
        char topic[32];
        snprintf(topic, sizeof topic, "orders/%d", i);
        span_start(&span, "send orders", SPAN_PRODUCER, NULL);
        span.context.trace_state = spanlink_str_from("shop=orders");
        span_set(&span, spanlink_attribute_string("messaging.destination.name", topic));
        sent = send_one(arguments, topic, &span.context);
        span_end(&span);
        arguments->outcome |= export_spans(&arguments->to, &span, 1);
    }
    return sent && run_until_done(arguments) ? arguments->outcome : EXIT_FAILURE;
}

/* The subscriber */

static void begin_batch(struct arguments *arguments) {
    span_start(&arguments->span, "process orders", SPAN_CONSUMER, NULL);
    must(spanlink_list_create(NULL, &arguments->span.links), "links");
    arguments->in_span = 0;
}

static void end_batch(struct arguments *arguments) {
    struct span *span = &arguments->span;
    span_set(span, spanlink_attribute_int("messaging.batch.message_count", arguments->in_span));
    span_end(span);
    if (arguments->in_span > 0) {
        arguments->outcome |= export_spans(&arguments->to, span, 1);
    }
    spanlink_list_destroy(span->links);
}

/* The user properties as headers. libmosquitto allocates the texts; the caller frees them. */
static void read_properties(const mosquitto_property *at, spanlink_headers *headers) {
    char *name, *value;
    at = mosquitto_property_read_string_pair(at, MQTT_PROP_USER_PROPERTY, &name, &value, false);
    while (at != NULL) {
        if (headers->count < headers->capacity) {
            headers->items[headers->count++] =
                (spanlink_header){spanlink_str_from(name), spanlink_str_from(value)};
        } else {
            free(name);
            free(value);
        }
        at = mosquitto_property_read_string_pair(at, MQTT_PROP_USER_PROPERTY, &name, &value, true);
    }
}

static void free_properties(const spanlink_headers *headers) {
    for (size_t i = 0; i < headers->count; i++) {
        free((void *)(uintptr_t)headers->items[i].name.ptr);
        free((void *)(uintptr_t)headers->items[i].value.ptr);
    }
}

/* A message without a valid context is processed without a link. */
static void link_sender(struct arguments *arguments, const char *topic,
                        const spanlink_headers *properties) {
    struct received received;
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES + 2];
    spanlink_getter getter = spanlink_headers_getter(properties);
    message_read(&received, &getter, &arguments->formats);
    carrier_complain(&arguments->complaints, topic, &received);
    if (received.status != SPANLINK_OK) {
        arguments->no_context += received.status == SPANLINK_ERR_NO_CONTEXT;
        return;
    }
    spanlink_link link =
        spanlink_factory_of_type(&received.context, SPANLINK_LINK_TYPE_FOLLOWS_FROM, storage);
    storage[link.attribute_count++] = spanlink_attribute_string("messaging.system", "mqtt");
    storage[link.attribute_count++] =
        spanlink_attribute_string("messaging.destination.name", topic);
    must(spanlink_list_add(arguments->span.links, &link), "link");
}

static void on_message(struct mosquitto *client, void *state,
                       const struct mosquitto_message *message, const mosquitto_property *at) {
    struct arguments *arguments = state;
    spanlink_header items[MOST_PROPERTIES];
    spanlink_headers properties = {items, 0, MOST_PROPERTIES};
    (void)client;
    read_properties(at, &properties);
    link_sender(arguments, message->topic, &properties);
    free_properties(&properties);
    arguments->done++;
    if (++arguments->in_span == arguments->batch) {
        end_batch(arguments);
        begin_batch(arguments);
    }
}

static int subscribe(struct arguments *arguments) {
    mosquitto_message_v5_callback_set(arguments->client, on_message);
    if (!succeeded(arguments, "subscribe",
                   mosquitto_subscribe(arguments->client, NULL, "orders/#", 1))) {
        return EXIT_FAILURE;
    }
    begin_batch(arguments);
    run_until_done(arguments);
    end_batch(arguments);
    complaints_end(&arguments->complaints);
    fprintf(stderr, "%d messages, %" PRIu64 " without a context, %" PRIu64 " errors\n",
            arguments->done, arguments->no_context, arguments->complaints.count);
    return arguments->outcome;
}

/* The command line */

static bool read_option(struct arguments *arguments, int argc, char **argv, int *i) {
    int value = *i + 1 < argc ? atoi(argv[*i + 1]) : 0;
    if (strcmp(argv[*i], "--port") == 0) {
        arguments->port = value;
    } else if (strcmp(argv[*i], "--batch") == 0) {
        arguments->batch = value;
    } else if (strcmp(argv[*i], "--idle") == 0) {
        arguments->idle = value;
    } else {
        return export_option(&arguments->to, argc, argv, i);
    }
    ++*i;
    return value > 0;
}

static int run(struct arguments *arguments, bool publisher) {
    mosquitto_lib_init();
    arguments->client = mosquitto_new(NULL, true, arguments);
    int outcome = EXIT_FAILURE;
    if (arguments->client != NULL) {
        mosquitto_int_option(arguments->client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
        if (succeeded(arguments, "connection",
                      mosquitto_connect(arguments->client, HOST, arguments->port, 60))) {
            outcome = publisher ? publish(arguments) : subscribe(arguments);
        }
        mosquitto_disconnect(arguments->client);
        mosquitto_destroy(arguments->client);
    }
    mosquitto_lib_cleanup();
    return outcome;
}

int main(int argc, char **argv) {
    struct arguments arguments = {.to = {.program = "mqtt_subscriber"},
                                  .messages = argc > 2 ? atoi(argv[2]) : 0,
                                  .port = 1883,
                                  .batch = 10,
                                  .idle = 5};
    formats_from_environment("mqtt_subscriber", "tracecontext", &arguments.formats);
    bool publisher = argc > 1 && strcmp(argv[1], "publish") == 0;
    bool understood = publisher || (argc > 1 && strcmp(argv[1], "subscribe") == 0);
    for (int i = 3; i < argc && understood; i++) {
        understood = read_option(&arguments, argc, argv, &i);
    }
    if (!understood || arguments.messages <= 0 || arguments.batch > 128) {
        fputs("usage: mqtt_subscriber publish|subscribe COUNT [OPTION]...\n"
              "  --port N         the port of the broker on 127.0.0.1 (1883)\n"
              "  --batch N        maximum number of messages in one span (10); it keeps 128 links\n"
              "  --idle N         end after N seconds without a message (5)\n" EXPORT_USAGE,
              stderr);
        return 2;
    }
    return run(&arguments, publisher);
}
