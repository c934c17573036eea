/* SPDX-License-Identifier: MIT */
/*
 * A producer and a consumer over RabbitMQ.
 *
 *     message_queue produce 100 [--hex]      sends 100 messages, each in a span of its own
 *     message_queue consume 100 [--batch N]  processes up to 100, N of them (default 1) in one span
 *
 * The context is sent as traceparent and tracestate headers. With --hex it is sent as fields of hex
 * digits, as by a system without W3C headers. Values are text; with --bytes they are byte arrays,
 * as some clients send them. A consumer does not continue the producer's trace, because a message
 * may wait for hours: its span links to the producer's with `follows_from`.
 */
#include "support/carriers.h"
#include "support/export.h"
#include "support/hex_fields.h"
#include "support/queue.h"

#include <stdio.h>
#include <stdlib.h>

struct arguments {
    struct export_to to;
    struct queue queue;
    int messages, batch;
    bool hex;
    spanlink_formats formats; /* OTEL_PROPAGATORS */
    struct complaints complaints;
};

/* The producer */

static bool send_one(struct arguments *arguments, const char *id, const spanlink_context *context) {
    char text[SPANLINK_INJECT_TEXT + SPANLINK_TRACESTATE_MAX];
    spanlink_header items[QUEUE_HEADERS];
    spanlink_headers headers = {items, 0, QUEUE_HEADERS};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    must(arguments->hex ? hex_fields_inject(context, &setter, text)
                        : spanlink_inject(context, &arguments->formats, &setter, text, sizeof text),
         "inject");
    return queue_publish(&arguments->queue, id, "{\"order\": 1}", &headers);
}

static int produce(struct arguments *arguments) {
    bool done = true;
    for (int i = 0; i < arguments->messages && done; i++) {
        struct span span;
        char id[32];
        snprintf(id, sizeof id, "message-%d", i);
        span_start(&span, "send orders", SPAN_PRODUCER, NULL);
        span.context.trace_state = spanlink_str_from("shop=orders");
        span_set(&span, spanlink_attribute_string("messaging.message.id", id));
        bool sent = send_one(arguments, id, &span.context);
        span_end(&span);
        done = export_spans(&arguments->to, &span, 1) == EXIT_SUCCESS && sent;
    }
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* The consumer */

/* The hex fields if the message has them, otherwise the headers. */
static void read_sender(const struct arguments *arguments, const struct delivery *delivery,
                        struct received *received) {
    spanlink_getter getter = delivery_getter(delivery);
    received->status = hex_fields_extract(&getter, &received->context);
    received->tracestate = SPANLINK_OK;
    received->header = spanlink_str_from("");
    received->other_count = 0;
    if (received->status == SPANLINK_ERR_NO_CONTEXT) {
        message_read(received, &getter, &arguments->formats);
    }
}

/* A message without a valid context is processed without a link. */
static void link_sender(struct arguments *arguments, spanlink_list *links,
                        const struct delivery *delivery) {
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES + 3];
    struct received received;
    read_sender(arguments, delivery, &received);
    carrier_complain(&arguments->complaints, delivery->id, &received);
    if (received.status != SPANLINK_OK) {
        return;
    }
    spanlink_link link =
        spanlink_factory_of_type(&received.context, SPANLINK_LINK_TYPE_FOLLOWS_FROM, storage);
    storage[link.attribute_count++] = spanlink_attribute_string("messaging.system", "rabbitmq");
    storage[link.attribute_count++] =
        spanlink_attribute_string("messaging.destination.name", arguments->queue.name);
    storage[link.attribute_count++] =
        spanlink_attribute_string("messaging.message.id", delivery->id);
    must(spanlink_list_add(links, &link), "link");
}

/* Processes up to `most` messages in one span, and exports the span before it acknowledges them, so
 * that a crash loses none. Returns the number of messages. */
static int process(struct arguments *arguments, int most, int *outcome) {
    struct span span;
    struct delivery delivery = {.tag = 0};
    int taken = 0;
    size_t linked;
    span_start(&span, "process orders", SPAN_CONSUMER, NULL);
    must(spanlink_list_create(NULL, &span.links), "links");
    for (; taken < most && queue_take(&arguments->queue, &delivery); taken++) {
        link_sender(arguments, span.links, &delivery);
        amqp_destroy_envelope(&delivery.envelope);
    }
    spanlink_list_links(span.links, &linked);
    span_set(&span, spanlink_attribute_int("messaging.batch.message_count", taken));
    span_set(&span, spanlink_attribute_int("links.missing", taken - (int64_t)linked));
    span_end(&span);
    if (taken > 0) {
        *outcome |= export_spans(&arguments->to, &span, 1);
        *outcome |= queue_acknowledge(&arguments->queue, delivery.tag) ? 0 : EXIT_FAILURE;
    }
    spanlink_list_destroy(span.links);
    return taken;
}

static int consume(struct arguments *arguments) {
    int outcome = EXIT_SUCCESS, taken = 1;
    if (!queue_consume(&arguments->queue, (uint16_t)arguments->batch)) {
        return EXIT_FAILURE;
    }
    for (int left = arguments->messages; left > 0 && taken > 0; left -= taken) {
        taken = process(arguments, left < arguments->batch ? left : arguments->batch, &outcome);
    }
    complaints_end(&arguments->complaints);
    return outcome;
}

static bool read_option(struct arguments *arguments, int argc, char **argv, int *i) {
    if (strcmp(argv[*i], "--hex") == 0) {
        arguments->hex = true;
        return true;
    }
    if (strcmp(argv[*i], "--bytes") == 0) {
        arguments->queue.byte_arrays = true;
        return true;
    }
    if (strcmp(argv[*i], "--batch") == 0 && *i + 1 < argc) {
        arguments->batch = atoi(argv[++*i]);
        return arguments->batch > 0 && arguments->batch <= 1000;
    }
    return queue_option(&arguments->queue, argc, argv, i) ||
           export_option(&arguments->to, argc, argv, i);
}

int main(int argc, char **argv) {
    struct arguments arguments = {.to = {.program = "message_queue"},
                                  .queue = queue_of("message_queue", "orders"),
                                  .messages = argc > 2 ? atoi(argv[2]) : 0,
                                  .batch = 1,
                                  .complaints = {.prefix = "message_queue: "}};
    formats_from_environment("message_queue", "tracecontext", &arguments.formats);
    bool producer = argc > 1 && strcmp(argv[1], "produce") == 0;
    bool understood = producer || (argc > 1 && strcmp(argv[1], "consume") == 0);
    for (int i = 3; i < argc && understood; i++) {
        understood = read_option(&arguments, argc, argv, &i);
    }
    if (!understood || arguments.messages <= 0) {
        fputs("usage: message_queue produce|consume COUNT [OPTION…]\n"
              "  --hex            send the context as fields of hex digits\n"
              "  --bytes          send it as byte arrays rather than as text\n"
              "  --batch N        process N messages in one span\n" QUEUE_USAGE EXPORT_USAGE,
              stderr);
        return 2;
    }
    if (!queue_open(&arguments.queue)) {
        return EXIT_FAILURE;
    }
    int outcome = producer ? produce(&arguments) : consume(&arguments);
    queue_close(&arguments.queue);
    return outcome;
}
