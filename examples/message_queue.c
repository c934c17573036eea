/* SPDX-License-Identifier: MIT */
/*
 * A producer and a consumer over RabbitMQ.
 *
 *     message_queue produce 100 [--hex]     sends 100 messages, each in a span of its own
 *     message_queue consume 100 [--batch N] processes up to 100 messages, each in a span of its
 * own, or N at a time in one span with a link for each message
 *
 * The context travels as traceparent and tracestate headers, or with --hex as fields of hex digits,
 * as a system without W3C headers would send it. A consumer does not continue the producer's trace:
 * a message may wait for hours, so its span links to the producer's with `follows_from`.
 */
#include "support/export.h"
#include "support/queue.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MAX_BATCH 1000

struct arguments {
    struct export_to to;
    struct queue queue;
    int messages, batch, crash_after; /* crash_after: to see what happens to messages under way */
    bool hex;
};

static void must(spanlink_status status, const char *what) {
    if (status != SPANLINK_OK) {
        fprintf(stderr, "message_queue: %s: %s\n", what, spanlink_status_text(status));
        exit(EXIT_FAILURE);
    }
}

/* The producer */

static void add_field(spanlink_headers *headers, const char *name, const char *value) {
    spanlink_setter setter = spanlink_headers_setter(headers);
    must(setter.set(setter.state, spanlink_str_from(name), spanlink_str_from(value)), "field");
}

static bool send_one(struct arguments *arguments, const char *id, const spanlink_context *context) {
    char text[56 + SPANLINK_TRACESTATE_MAX], trace_id[33], span_id[17], flags[3];
    spanlink_header items[4];
    spanlink_headers headers = {items, 0, 4};
    if (arguments->hex) {
        spanlink_trace_id_to_hex(context->trace_id, trace_id);
        spanlink_span_id_to_hex(context->span_id, span_id);
        snprintf(flags, sizeof flags, "%02x", context->trace_flags);
        add_field(&headers, "trace_id", trace_id);
        add_field(&headers, "span_id", span_id);
        add_field(&headers, "trace_flags", flags);
    } else {
        spanlink_setter setter = spanlink_headers_setter(&headers);
        must(spanlink_inject(context, &setter, text, sizeof text), "inject");
    }
    return queue_publish(&arguments->queue, id, "{\"order\": 1}", &headers);
}

static int produce(struct arguments *arguments) {
    int outcome = EXIT_SUCCESS;
    for (int i = 0; i < arguments->messages && outcome == EXIT_SUCCESS; i++) {
        struct span span;
        char id[32];
        snprintf(id, sizeof id, "message-%d", i);
        span_start(&span, "send orders", SPAN_PRODUCER, NULL);
        span.context.trace_state = spanlink_str_from("shop=orders");
        span_set(&span, spanlink_attribute_string("messaging.message.id", id));
        bool sent = send_one(arguments, id, &span.context);
        span_end(&span);
        outcome = export_spans(&arguments->to, &span, 1);
        outcome = sent ? outcome : EXIT_FAILURE;
    }
    return outcome;
}

/* The consumer */

/* The sender's context, from whichever fields the message has. */
static spanlink_status find_sender(const struct delivery *delivery, char *text, size_t capacity,
                                   spanlink_context *sender) {
    char trace_id[64], span_id[64], flags[8];
    if (delivery_field(delivery, "trace_id", trace_id, sizeof trace_id) &&
        delivery_field(delivery, "span_id", span_id, sizeof span_id) &&
        delivery_field(delivery, "trace_flags", flags, sizeof flags)) {
        spanlink_status status =
            spanlink_context_from_hex(trace_id, span_id, (uint8_t)strtoul(flags, NULL, 16), sender);
        sender->is_remote = status == SPANLINK_OK || sender->is_remote;
        return status;
    }
    spanlink_getter getter = delivery_getter(delivery);
    return spanlink_extract(&getter, text, capacity, sender);
}

/* A message with broken fields is processed all the same, without a link. */
static bool link_sender(struct arguments *arguments, spanlink_list *links,
                        const struct delivery *delivery) {
    char text[SPANLINK_TRACESTATE_MAX];
    spanlink_attribute storage[5];
    spanlink_context sender = {.trace_flags = 0};
    spanlink_status status = find_sender(delivery, text, sizeof text, &sender);
    if (status != SPANLINK_OK) {
        fprintf(stderr, "message_queue: %s: no link: %s\n", delivery->id,
                spanlink_status_text(status));
        return false;
    }
    spanlink_link link = spanlink_factory_typed(&sender, SPANLINK_TYPE_FOLLOWS_FROM, storage);
    storage[link.attribute_count++] = spanlink_attribute_string("messaging.system", "rabbitmq");
    storage[link.attribute_count++] =
        spanlink_attribute_string("messaging.destination.name", arguments->queue.name);
    storage[link.attribute_count++] =
        spanlink_attribute_string("messaging.message.id", delivery->id);
    must(spanlink_list_add(links, &link), "link");
    return true;
}

/* Takes up to `most` messages into one span; *tag becomes that of the last one. */
static int take_batch(struct arguments *arguments, struct span *span, int most, uint64_t *tag) {
    struct delivery delivery;
    int taken = 0, unlinked = 0;
    for (; taken < most && queue_take(&arguments->queue, &delivery); taken++) {
        if (arguments->crash_after-- == 0) {
            kill(getpid(), SIGKILL); /* with messages in hand that nobody has acknowledged */
        }
        unlinked += !link_sender(arguments, span->links, &delivery);
        *tag = delivery.tag;
        amqp_destroy_envelope(&delivery.envelope);
    }
    span_set(span, spanlink_attribute_int("batch.size", taken));
    span_set(span, spanlink_attribute_int("links.missing", unlinked));
    return taken;
}

/* Exports the span of some messages before it acknowledges them: none is lost in a crash. */
static int finish_batch(struct arguments *arguments, struct span *span, uint64_t tag) {
    span_end(span);
    warn_if_cut("message_queue", span->links);
    int outcome = export_spans(&arguments->to, span, 1);
    return queue_acknowledge(&arguments->queue, tag) ? outcome : EXIT_FAILURE;
}

static int consume(struct arguments *arguments) {
    int outcome = EXIT_SUCCESS, taken = 1;
    if (!queue_consume(&arguments->queue, (uint16_t)arguments->batch)) {
        return EXIT_FAILURE;
    }
    for (int left = arguments->messages; left > 0 && taken > 0; left -= taken) {
        struct span span;
        uint64_t tag = 0;
        span_start(&span, "process orders", SPAN_CONSUMER, NULL);
        must(spanlink_list_create(NULL, &span.links), "links");
        taken =
            take_batch(arguments, &span, left < arguments->batch ? left : arguments->batch, &tag);
        if (taken > 0) {
            outcome |= finish_batch(arguments, &span, tag);
        }
        spanlink_list_destroy(span.links);
    }
    return outcome;
}

static bool parse(int argc, char **argv, struct arguments *arguments) {
    for (int i = 3; i < argc; i++) {
        int value = i + 1 < argc ? atoi(argv[i + 1]) : 0;
        if (strcmp(argv[i], "--hex") == 0) {
            arguments->hex = true;
        } else if (strcmp(argv[i], "--batch") == 0 && value > 0 && value <= MAX_BATCH) {
            arguments->batch = value;
            i++;
        } else if (strcmp(argv[i], "--crash-after") == 0 && value > 0) {
            arguments->crash_after = value;
            i++;
        } else if (strcmp(argv[i], "--port") == 0 && value > 0) {
            arguments->queue.port = value;
            i++;
        } else if (!export_option(&arguments->to, argc, argv, &i)) {
            return false;
        }
    }
    arguments->messages = argc > 2 ? atoi(argv[2]) : 0;
    return arguments->messages > 0;
}

int main(int argc, char **argv) {
    struct arguments arguments = {
        .to = {.program = "message_queue"},
        .queue = {.program = "message_queue", .name = "orders", .port = 5672},
        .batch = 1,
        .crash_after = -1};
    bool producer = argc > 1 && strcmp(argv[1], "produce") == 0;
    bool consumer = argc > 1 && strcmp(argv[1], "consume") == 0;
    if ((!producer && !consumer) || !parse(argc, argv, &arguments)) {
        fputs("usage: message_queue produce|consume COUNT [OPTION…]\n"
              "  --hex            send the context as fields of hex digits\n"
              "  --batch N        process N messages in one span\n"
              "  --port N         of the broker on 127.0.0.1 (5672)\n"
              "  --crash-after N  die while a message is processed\n" EXPORT_USAGE,
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
