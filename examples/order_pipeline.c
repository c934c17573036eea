/* SPDX-License-Identifier: MIT */
/*
 * An order that three services process in sequence, each in its own process:
 *
 *     order_pipeline order | order_pipeline payment | order_pipeline shipping
 *
 * A step prints one line per order: its number, and the traceparents of the order and the payment,
 * or "-" for a missing one. No step waits for the next one, so each starts its own trace and links
 * to the spans that led to it: payment is caused by the order; shipping follows from the payment
 * and is caused by the order too.
 *
 * Spans are also written to standard output, unless --output names a file. Spans of earlier steps
 * are passed on unchanged.
 */
#include "support/carriers.h"
#include "support/export.h"
#include "support/input.h"

#include <inttypes.h>
#include <stdlib.h>

#define ORDERS 3

enum step { ORDER, PAYMENT, SHIPPING, STEPS };
static const char *const step_names[STEPS] = {"order", "payment", "shipping"};

/* An order, and the spans of the steps that have processed it. */
struct message {
    uint64_t order;
    spanlink_context steps[SHIPPING]; /* all zeros: missing */
};

struct service {
    enum step step;
    struct export_to to;
    struct complaints refused; /* lines and headers */
    struct complaints
        missing; /* contexts of earlier steps that are missing, which is not an error */
};

/* Reading: a line is accepted completely or rejected, and so is each header. */

static bool is_blank(char character) {
    return character == ' ' || character == '\t';
}

/* Takes the next word of a line; empty if there is none. */
static spanlink_str next_word(spanlink_str *line) {
    size_t start = 0, end;
    while (start < line->len && is_blank(line->ptr[start])) {
        start++;
    }
    for (end = start; end < line->len && !is_blank(line->ptr[end]);) {
        end++;
    }
    spanlink_str word = {line->ptr + start, end - start};
    *line = (spanlink_str){line->ptr + end, line->len - end};
    return word;
}

static bool read_number(spanlink_str word, uint64_t *number) {
    *number = 0;
    for (size_t i = 0; i < word.len; i++) {
        if (word.ptr[i] < '0' || word.ptr[i] > '9') {
            return false;
        }
        *number = 10 * *number + (uint64_t)(word.ptr[i] - '0');
    }
    return word.len > 0 && word.len <= 18; /* fits into an attribute */
}

/* If a header is invalid, the order is processed without the link. */
static void read_header(struct service *service, const char *where, spanlink_str word,
                        spanlink_context *context) {
    spanlink_header header = {spanlink_str_from("traceparent"), word};
    spanlink_headers headers = {&header, 1, 1};
    spanlink_getter getter = spanlink_headers_getter(&headers);
    struct received received;
    if (word.len == 1 && word.ptr[0] == '-') {
        return;
    }
    carrier_read(&received, &getter, NULL);
    carrier_complain(&service->refused, where, &received);
    if (received.status == SPANLINK_OK) {
        *context = received.context;
    }
}

/* Whether a line contains spans of an earlier step. */
static bool is_request(const struct input *input) {
    static const char start[] = "{\"resourceSpans\":";
    return !input->too_long && input->length > sizeof start - 1 &&
           memcmp(input->text, start, sizeof start - 1) == 0;
}

/* False if the line is not an order. */
static bool read_message(struct service *service, const struct input *input,
                         struct message *message) {
    char where[32];
    spanlink_str line = {input->text, input->length}, words[1 + SHIPPING];
    memset(message, 0, sizeof *message);
    snprintf(where, sizeof where, "line %" PRIu64, input->first_line);
    for (size_t i = 0; i < 1 + SHIPPING; i++) {
        words[i] = next_word(&line);
    }
    if (input->too_long || words[SHIPPING].len == 0 || next_word(&line).len != 0 ||
        !read_number(words[0], &message->order)) {
        complain(&service->refused, where, "this is not an order",
                 (spanlink_str){input->text, input->length}, "NUMBER TRACEPARENT|- TRACEPARENT|-");
        return false;
    }
    for (size_t i = 0; i < SHIPPING; i++) {
        read_header(service, where, words[1 + i], &message->steps[i]);
    }
    return true;
}

static void send_message(const struct message *message) {
    printf("%" PRIu64, message->order);
    for (size_t i = 0; i < SHIPPING; i++) {
        char text[56] = "-";
        if (spanlink_context_is_valid(&message->steps[i])) {
            must(spanlink_traceparent_format(&message->steps[i], text), "traceparent");
        }
        printf(" %s", text);
    }
    putchar('\n');
}

/* The steps */

static void link_to(struct service *service, struct span *span, const struct message *message,
                    enum step step, spanlink_link_type type) {
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES + 1];
    if (!spanlink_context_is_valid(&message->steps[step])) {
        char where[32];
        snprintf(where, sizeof where, "order %" PRIu64, message->order);
        complain(&service->missing, where, "no link to a step that has sent no context",
                 spanlink_str_from(step_names[step]), NULL);
        return;
    }
    spanlink_link link = spanlink_factory_of_type(&message->steps[step], type, storage);
    storage[link.attribute_count++] =
        spanlink_attribute_string("link.source_service", step_names[step]);
    must(spanlink_list_add(span->links, &link), "link");
}

/* One step of one order: a span with its links, passed on and exported. */
static int process(struct service *service, struct message *message) {
    struct span span;
    enum step step = service->step;
    span_start(&span, step_names[step], step == ORDER ? SPAN_PRODUCER : SPAN_CONSUMER, NULL);
    must(spanlink_list_create(NULL, &span.links), "links");
    span_set(&span, spanlink_attribute_int("order.number", (int64_t)message->order));
    if (step == SHIPPING) {
        link_to(service, &span, message, PAYMENT, SPANLINK_LINK_TYPE_FOLLOWS_FROM);
    }
    if (step != ORDER) {
        link_to(service, &span, message, ORDER, SPANLINK_LINK_TYPE_CAUSED_BY);
    }
    span_end(&span);
    if (step != SHIPPING) {
        message->steps[step] = span.context;
        send_message(message);
    }
    int outcome = export_spans(&service->to, &span, 1);
    spanlink_list_destroy(span.links);
    return outcome;
}

static int take_orders(struct service *service) {
    int outcome = EXIT_SUCCESS;
    for (uint64_t order = 1; order <= ORDERS; order++) {
        struct message message = {.order = order};
        outcome |= process(service, &message);
    }
    return outcome;
}

/* EXIT_FAILURE also if a line or a header was rejected; all others are processed. */
static int pass_on(struct service *service) {
    static struct input input;
    const char *fault = input_open(&input, "-");
    int outcome = EXIT_SUCCESS;
    while (fault == NULL && input_line(&input)) {
        struct message message;
        if (is_request(&input)) {
            fwrite(input.text, 1, input.length, stdout);
            putchar('\n');
        } else if (read_message(service, &input, &message)) {
            outcome |= process(service, &message);
        }
    }
    fault = fault != NULL ? fault : input_fault(&input);
    if (fault != NULL) {
        fprintf(stderr, "order_pipeline %s: %s: %s\n", step_names[service->step], input.name,
                fault);
    }
    input_close(&input);
    complaints_end(&service->refused);
    complaints_end(&service->missing);
    return fault != NULL || service->refused.count > 0 ? EXIT_FAILURE : outcome;
}

int main(int argc, char **argv) {
    struct service service = {.step = ORDER, .to = {.program = "order_pipeline"}};
    char prefix[32];
    while (service.step < STEPS && strcmp(argc > 1 ? argv[1] : "", step_names[service.step]) != 0) {
        service.step++;
    }
    bool known = service.step < STEPS;
    service.to.service = known ? step_names[service.step] : NULL;
    for (int i = 2; i < argc && known; i++) {
        known = export_option(&service.to, argc, argv, &i);
    }
    if (!known) {
        fputs("usage: order_pipeline order|payment|shipping [OPTION…]\n" EXPORT_USAGE, stderr);
        return 2;
    }
    snprintf(prefix, sizeof prefix, "order_pipeline %s: ", step_names[service.step]);
    service.refused.prefix = service.missing.prefix = prefix;
    int outcome = service.step == ORDER ? take_orders(&service) : pass_on(&service);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("order_pipeline: standard output");
        outcome = EXIT_FAILURE;
    }
    return outcome;
}
