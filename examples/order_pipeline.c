/* SPDX-License-Identifier: MIT */
/*
 * An order on its way through three services, each a process:
 *
 *     order_pipeline order | order_pipeline payment | order_pipeline shipping
 *
 * A step hands on one line an order: its number, and the trace headers of the steps so far. No step
 * waits for the next one, so each begins a trace of its own and links to those that led to it:
 * payment is caused by the order, shipping follows from the payment and is caused by the order too.
 */
#include "support/export.h"

#include <stdio.h>
#include <stdlib.h>

#define ORDERS 3

/* What travels: an order and the contexts of the steps that it has been through. */
struct message {
    int order;
    char steps[2][56]; /* traceparent of the order, of the payment */
};

static bool read_message(struct message *message) {
    memset(message, 0, sizeof *message);
    return scanf("%d %55s %55s", &message->order, message->steps[0], message->steps[1]) == 3;
}

/* A step that a service has not come to yet stands as "-". */
static void send_message(const struct message *message) {
    printf("%d %s %s\n", message->order, message->steps[0], message->steps[1]);
}

static void link_to(struct span *span, const char *traceparent, const char *service,
                    spanlink_link_type type) {
    spanlink_context context;
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    spanlink_status status = spanlink_traceparent_parse(spanlink_str_from(traceparent), &context);
    if (status != SPANLINK_OK) {
        fprintf(stderr, "order_pipeline: %s of %s: %s\n", span->name, service,
                spanlink_status_text(status));
        return; /* the order goes on without the link */
    }
    spanlink_link link = spanlink_factory_of_type(&context, type, storage);
    storage[link.attribute_count++] = spanlink_attribute_string("link.source_service", service);
    must(spanlink_list_add(span->links, &link), "link");
}

/* One step of one order: a span with its links, handed on and exported. */
static int process(const struct export_to *to, struct message *message) {
    struct span span;
    bool payment = strcmp(to->service, "payment") == 0,
         shipping = strcmp(to->service, "shipping") == 0;
    span_start(&span, to->service, payment || shipping ? SPAN_CONSUMER : SPAN_PRODUCER, NULL);
    must(spanlink_list_create(NULL, &span.links), "links");
    span_set(&span, spanlink_attribute_int("order.number", message->order));
    if (shipping) {
        link_to(&span, message->steps[1], "payment", SPANLINK_LINK_TYPE_FOLLOWS_FROM);
    }
    if (payment || shipping) {
        link_to(&span, message->steps[0], "order", SPANLINK_LINK_TYPE_CAUSED_BY);
    }
    span_end(&span);
    if (!shipping) {
        must(spanlink_traceparent_format(&span.context, message->steps[payment]), "traceparent");
        send_message(message);
    }
    int outcome = export_spans(to, &span, 1);
    spanlink_list_destroy(span.links);
    return outcome;
}

static int take_orders(const struct export_to *to) {
    int outcome = EXIT_SUCCESS;
    for (int order = 1; order <= ORDERS; order++) {
        struct message message = {order, {"-", "-"}};
        outcome |= process(to, &message);
    }
    return outcome;
}

static int pass_on(const struct export_to *to) {
    struct message message;
    int outcome = EXIT_SUCCESS;
    while (read_message(&message)) {
        outcome |= process(to, &message);
    }
    return outcome;
}

int main(int argc, char **argv) {
    struct export_to to = {.program = "order_pipeline"};
    const char *step = argc > 1 ? argv[1] : "";
    bool order = strcmp(step, "order") == 0;
    bool known = order || strcmp(step, "payment") == 0 || strcmp(step, "shipping") == 0;
    for (int i = 2; i < argc && known; i++) {
        known = export_option(&to, argc, argv, &i);
    }
    if (!known) {
        fputs("usage: order_pipeline order|payment|shipping [OPTION…]\n" EXPORT_USAGE, stderr);
        return 2;
    }
    to.service = step;
    return order ? take_orders(&to) : pass_on(&to);
}
