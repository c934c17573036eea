/* SPDX-License-Identifier: MIT */
/*
 * A consumer that takes a batch of messages from a queue: one span for the batch, one link for each
 * message's sender.
 *
 * Reads messages in common formats (see the table in support/inputs.c) and prints an OTLP request
 * with the span. The memory is bounded by --max-links, however many messages there are. With
 * --split all links are kept, in as many spans as necessary.
 */
#include "support/carriers.h"
#include "support/inputs.h"
#include "support/request.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

static const char usage[] =
    "usage: batch_consumer [OPTION]... [FILE]\n"
    "\n"
    "Links one span to the senders of a batch of messages and prints it as an OTLP request.\n"
    "FILE contains the messages; the default, and -, is standard input.\n"
    "\n"
    "  --input KIND       the format of FILE; detected by default\n"
    "  --formats NAMES    the headers to read; overrides OTEL_PROPAGATORS, with the same\n"
    "                     names: tracecontext, b3, b3multi, xray, datadog, jaeger,\n"
    "                     cloud_trace, grpc-trace-bin (xray,tracecontext); the last valid counts\n"
    "  --max-links N      maximum number of links in a span (128)\n"
    "  --overflow POLICY  which links are kept if there are more: keep_first (the default),\n"
    "                     keep_last, sampled_first or reservoir\n"
    "  --split            keep all links, in child spans of N links each\n"
    "  --protobuf         write the binary request rather than JSON\n"
    "  --help             print this help\n"
    "\n"
    "Each KIND holds:\n";

struct arguments {
    const char *file;              /* NULL: standard input */
    const struct input_kind *kind; /* NULL: detect it */
    spanlink_formats formats;
    size_t max_links;
    spanlink_overflow overflow;
    bool split, protobuf, help;
};

struct batch {
    spanlink_list *links;
    const spanlink_formats *formats;
    uint64_t messages;
    uint64_t valid;           /* messages with a context */
    uint64_t without_context; /* messages without one, which is not an error */
    struct complaints invalid;
    struct complaints dropped; /* dropped tracestates */
};

static bool parse_count(const char *text, size_t *count) {
    char *end;
    errno = 0;
    uintmax_t number = strtoumax(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end != '\0' || errno != 0 || number > SIZE_MAX) {
        return false;
    }
    *count = (size_t)number;
    return true;
}

static bool parse_overflow(const char *text, spanlink_overflow *overflow) {
    static const char *const names[] = {"keep_first", "keep_last", "sampled_first", "reservoir"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(text, names[i]) == 0) {
            *overflow = (spanlink_overflow)i;
            return true;
        }
    }
    return false;
}

static bool parse_formats(const char *names, spanlink_formats *formats) {
    spanlink_str unknown;
    return spanlink_formats_from_names(spanlink_str_from(names), formats, &unknown) ==
               SPANLINK_OK &&
           unknown.len == 0;
}

/* An option with a value. */
static bool parse_option(const char *word, const char *value, struct arguments *arguments) {
    if (strcmp(word, "--input") == 0) {
        arguments->kind = input_kind_named(value);
        return arguments->kind != NULL;
    }
    return (strcmp(word, "--formats") == 0 && parse_formats(value, &arguments->formats)) ||
           (strcmp(word, "--max-links") == 0 && parse_count(value, &arguments->max_links)) ||
           (strcmp(word, "--overflow") == 0 && parse_overflow(value, &arguments->overflow));
}

static bool parse_arguments(int argc, char **argv, struct arguments *arguments) {
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";
        if (parse_option(word, value, arguments)) {
            i++;
        } else if (strcmp(word, "--split") == 0) {
            arguments->split = true;
        } else if (strcmp(word, "--protobuf") == 0) {
            arguments->protobuf = true;
        } else if (strcmp(word, "--help") == 0) {
            arguments->help = true;
        } else if ((word[0] != '-' || word[1] == '\0') && arguments->file == NULL) {
            arguments->file = word;
        } else {
            return false;
        }
    }
    return !arguments->split || arguments->max_links > 0;
}

static int fail(const char *what, const char *reason) {
    fprintf(stderr, "batch_consumer: %s: %s\n", what, reason);
    return EXIT_FAILURE;
}

/* Where a message is: in a document of several messages, the line alone is not enough. */
static void describe_place(const struct batch *batch, uint64_t line, char text[64]) {
    if (line == batch->messages) {
        snprintf(text, 64, "line %" PRIu64, line);
    } else {
        snprintf(text, 64, "line %" PRIu64 ", message %" PRIu64, line, batch->messages);
    }
}

/*
 * The core: headers in, a link out. A message without a context, or with a malformed one, is
 * counted, and processing continues.
 */
static spanlink_status link_message(void *state, uint64_t line, const spanlink_getter *headers) {
    struct batch *batch = state;
    struct received received;
    char where[64];
    batch->messages++;
    describe_place(batch, line, where);
    message_read(&received, headers, batch->formats);
    carrier_complain(received.status == SPANLINK_OK ? &batch->dropped : &batch->invalid, where,
                     &received);
    batch->without_context += received.status == SPANLINK_ERR_NO_CONTEXT;
    if (received.status != SPANLINK_OK) {
        return SPANLINK_OK;
    }
    batch->valid++;
    return spanlink_list_add_batch_item(batch->links, &received.context,
                                        (int64_t)batch->messages - 1);
}

/* Input that is not a message counts as an invalid message. */
static void refuse(void *state, uint64_t line, const char *fault, spanlink_str seen,
                   const char *expected) {
    struct batch *batch = state;
    char where[64];
    batch->messages++;
    describe_place(batch, line, where);
    complain(&batch->invalid, where, fault, seen, expected);
}

/* A link that the list dropped is not an error: the statistics count it. */
static void print_summary(const struct batch *batch) {
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    spanlink_list_get_stats(batch->links, &stats);
    complaints_end(&batch->invalid);
    complaints_end(&batch->dropped);
    fprintf(stderr,
            "%" PRIu64 " messages: %" PRIu64 " links, %" PRIu64 " duplicates, %" PRIu64
            " invalid, %" PRIu64 " over the limit, %" PRIu64 " without context, %" PRIu64
            " tracestates dropped\n",
            batch->messages, stats.kept, stats.duplicate, batch->invalid.count, stats.over_limit,
            batch->without_context, batch->dropped.count);
}

static int print_request(const struct span *spans, size_t count, bool protobuf) {
    struct buffer out = {NULL, 0, 0, SPANLINK_OK};
    spanlink_status status = protobuf ? request_protobuf(&out, "batch_consumer", spans, count)
                                      : request_json(&out, "batch_consumer", spans, count);
    int outcome = EXIT_SUCCESS;
    if (status != SPANLINK_OK) {
        outcome = fail("the request", spanlink_status_text(status));
    } else if (fwrite(out.bytes, 1, out.size, stdout) != out.size ||
               (!protobuf && putchar('\n') == EOF) || fflush(stdout) != 0) {
        outcome = fail("standard output", strerror(errno));
    }
    free(out.bytes);
    return outcome;
}

/* Child spans of spans[0], each with the next `most` links. */
static void spread_links(struct span *spans, size_t children, spanlink_list *all, size_t most) {
    size_t count;
    const spanlink_link *links = spanlink_list_links(all, &count);
    for (size_t i = 0; i < children; i++) {
        struct span *child = &spans[1 + i];
        size_t left = count - i * most;
        span_start(child, "process_batch_part", SPAN_CONSUMER, &spans[0].context);
        must(spanlink_list_create(NULL, &child->links), "the list of links");
        must(spanlink_list_append(child->links, links + i * most, left < most ? left : most),
             "the links");
        span_end(child);
    }
}

static int print_split(struct batch *batch, const struct span *parent,
                       const struct arguments *arguments) {
    size_t count;
    spanlink_list_links(batch->links, &count);
    size_t children = count / arguments->max_links + (count % arguments->max_links != 0);
    struct span *spans = calloc(1 + children, sizeof *spans);
    if (spans == NULL) {
        return fail("the spans", strerror(errno));
    }
    spans[0] = *parent;
    spread_links(spans, children, batch->links, arguments->max_links);
    span_end(&spans[0]);
    int outcome = print_request(spans, 1 + children, arguments->protobuf);
    for (size_t i = 0; i < children; i++) {
        spanlink_list_destroy(spans[1 + i].links);
    }
    free(spans);
    return outcome;
}

/* One span for the whole input. It is a failure if all contexts are invalid. */
static int process_batch(struct batch *batch, struct input *input,
                         const struct arguments *arguments) {
    struct span span;
    const struct input_kind *kind =
        arguments->kind != NULL ? arguments->kind : input_kind_of(input);
    struct message_sink sink = {batch, link_message, refuse};
    span_start(&span, "process_batch", SPAN_CONSUMER, NULL);
    spanlink_status status = kind->read(kind, input, &sink);
    if (status != SPANLINK_OK) {
        return fail("the links", spanlink_status_text(status));
    }
    const char *fault = input_fault(input);
    if (fault != NULL) {
        return fail(input->name, fault);
    }
    span_set(&span,
             spanlink_attribute_int("messaging.batch.message_count", (int64_t)batch->messages));
    span.links = arguments->split ? NULL : batch->links;
    span_end(&span);
    int outcome = arguments->split ? print_split(batch, &span, arguments)
                                   : print_request(&span, 1, arguments->protobuf);
    print_summary(batch);
    bool useless = batch->valid == 0 && batch->invalid.count > 0;
    return useless ? fail(input->name, "no message has a valid context") : outcome;
}

static int run(struct input *input, const struct arguments *arguments) {
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    size_t max_links = arguments->max_links > 0 ? arguments->max_links : SPANLINK_NONE;
    options.limits.max_links = arguments->split ? SPANLINK_UNLIMITED : max_links;
    options.overflow = arguments->overflow;
    options.unique = true; /* a message that is delivered twice is linked once */
    random_bytes(options.hash_seed, sizeof options.hash_seed); /* senders may be hostile */

    struct batch batch = {.formats = &arguments->formats,
                          .dropped = {.what = " tracestates dropped"}};
    spanlink_status status = spanlink_list_create(&options, &batch.links);
    if (status != SPANLINK_OK) {
        return fail("the list of links", spanlink_status_text(status));
    }
    int outcome = process_batch(&batch, input, arguments);
    spanlink_list_destroy(batch.links);
    return outcome;
}

int main(int argc, char **argv) {
    static struct input input;
    struct arguments arguments = {.max_links = 128};
    /* Amazon's own header is used for messages without a valid traceparent. */
    formats_from_environment("batch_consumer", "xray,tracecontext", &arguments.formats);
    bool understood = parse_arguments(argc, argv, &arguments);
    if (!understood || arguments.help) {
        FILE *output = understood ? stdout : stderr;
        fputs(usage, output);
        input_kinds_print(output);
        return !understood ? 2 : fflush(output) != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
    }
    const char *fault = input_open(&input, arguments.file);
    int outcome = fault == NULL ? run(&input, &arguments) : fail(input.name, fault);
    input_close(&input);
    return outcome;
}
