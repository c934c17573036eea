/* SPDX-License-Identifier: MIT */
/*
 * A consumer that takes a batch of messages from a queue: one span for the batch, one link for each
 * message's sender.
 *
 * Reads messages, one a line, `traceparent<TAB>tracestate` (the tracestate may be missing), and
 * prints the request that tells a collector of it. However many messages there are, the memory
 * stays that of --max-links links.
 */
#include "support/request.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_LINE       32768 /* twice what a traceparent and the longest tracestate take */
#define MAX_COMPLAINTS 10    /* malformed lines that are named */

static const char usage[] =
    "usage: batch_consumer [--max-links N] [--overflow POLICY] [--protobuf] [FILE]\n"
    "\n"
    "Links one span to the senders of a batch of messages and prints it as an OTLP request.\n"
    "FILE, or standard input, holds one message a line: traceparent<TAB>tracestate\n"
    "\n"
    "  --max-links N      links in the span at most (128)\n"
    "  --overflow POLICY  who stays when there are more: keep_first (the default),\n"
    "                     keep_last, sampled_first or reservoir\n"
    "  --protobuf         write the binary request rather than JSON\n"
    "  --help             print this\n";

struct arguments {
    const char *file; /* NULL: standard input */
    size_t max_links;
    spanlink_overflow overflow;
    bool protobuf;
    bool help;
};

struct batch {
    spanlink_list *links;
    uint64_t messages;
    uint64_t malformed;
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

static bool parse_arguments(int argc, char **argv, struct arguments *arguments) {
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(word, "--max-links") == 0 && parse_count(value, &arguments->max_links)) {
            i++;
        } else if (strcmp(word, "--overflow") == 0 && parse_overflow(value, &arguments->overflow)) {
            i++;
        } else if (strcmp(word, "--protobuf") == 0) {
            arguments->protobuf = true;
        } else if (strcmp(word, "--help") == 0) {
            arguments->help = true;
        } else if (word[0] != '-' && arguments->file == NULL) {
            arguments->file = word;
        } else {
            return false;
        }
    }
    return true;
}

static int fail(const char *what, const char *reason) {
    fprintf(stderr, "batch_consumer: %s: %s\n", what, reason);
    return EXIT_FAILURE;
}

/*
 * Reads a line without its end (LF or CRLF); false at the end of the input. Of a longer line the
 * first MAX_LINE characters are kept, and `length` tells.
 */
static bool read_line(FILE *input, char line[MAX_LINE], size_t *length) {
    int character = getc(input);
    if (character == EOF) {
        return false;
    }
    for (*length = 0; character != '\n' && character != EOF; character = getc(input)) {
        if (*length < MAX_LINE) {
            line[*length] = (char)character;
        }
        ++*length;
    }
    if (*length > 0 && *length <= MAX_LINE && line[*length - 1] == '\r') {
        --*length;
    }
    return true;
}

static void complain(struct batch *batch, const char *reason) {
    if (++batch->malformed <= MAX_COMPLAINTS) {
        fprintf(stderr, "line %" PRIu64 ": %s\n", batch->messages, reason);
    }
}

/* The heart of the matter: headers in, a link out. What is malformed is counted, and work goes on.
 */
static spanlink_status link_message(struct batch *batch, const char *line, size_t length) {
    const char *tab = memchr(line, '\t', length);
    spanlink_str traceparent = {line, length}, tracestate = {NULL, 0};
    if (tab != NULL) {
        traceparent.len = (size_t)(tab - line);
        tracestate.ptr = tab + 1;
        tracestate.len = length - traceparent.len - 1;
    }
    spanlink_context context;
    spanlink_status status = spanlink_context_from_headers(traceparent, tracestate, &context);
    if (status != SPANLINK_OK) {
        complain(batch, spanlink_status_text(status));
        return SPANLINK_OK;
    }
    return spanlink_list_add_batch_item(batch->links, &context, (int64_t)batch->messages - 1);
}

static spanlink_status link_messages(struct batch *batch, FILE *input) {
    static char line[MAX_LINE];
    size_t length;
    spanlink_status status = SPANLINK_OK;
    while (status == SPANLINK_OK && read_line(input, line, &length)) {
        batch->messages++;
        if (length > MAX_LINE) {
            complain(batch, "the line is too long");
        } else {
            status = link_message(batch, line, length);
        }
    }
    return status;
}

/* What the list did not keep is no failure: its statistics tell. */
static void print_summary(const struct batch *batch) {
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    spanlink_list_get_stats(batch->links, &stats);
    fprintf(stderr,
            "%" PRIu64 " messages: %" PRIu64 " links, %" PRIu64 " duplicates, %" PRIu64
            " invalid, %" PRIu64 " over the limit\n",
            batch->messages, stats.kept, stats.duplicate, stats.invalid + batch->malformed,
            stats.over_limit);
}

static int print_request(const struct span *span, bool protobuf) {
    struct buffer out = {NULL, 0, 0, SPANLINK_OK};
    spanlink_status status = protobuf ? request_protobuf(&out, "batch_consumer", span, 1)
                                      : request_json(&out, "batch_consumer", span, 1);
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

/* One span around all that the input holds. */
static int process_batch(struct batch *batch, FILE *input, const struct arguments *arguments) {
    struct span span;
    span_start(&span, "process_batch", SPAN_CONSUMER, NULL);
    spanlink_status status = link_messages(batch, input);
    if (status != SPANLINK_OK) {
        return fail("the links", spanlink_status_text(status));
    }
    if (ferror(input)) {
        return fail(arguments->file != NULL ? arguments->file : "standard input", strerror(errno));
    }
    span_set(&span, spanlink_attribute_int("batch.size", (int64_t)batch->messages));
    span.links = batch->links;
    span_end(&span);
    int outcome = print_request(&span, arguments->protobuf);
    print_summary(batch);
    return outcome;
}

static int run(FILE *input, const struct arguments *arguments) {
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.limits.max_links = arguments->max_links != 0 ? arguments->max_links : SPANLINK_NONE;
    options.overflow = arguments->overflow;
    options.unique = true; /* a message that is delivered twice is linked once */
    random_bytes(options.hash_seed, sizeof options.hash_seed); /* senders may be hostile */

    struct batch batch = {NULL, 0, 0};
    spanlink_status status = spanlink_list_create(&options, &batch.links);
    if (status != SPANLINK_OK) {
        return fail("the list of links", spanlink_status_text(status));
    }
    int outcome = process_batch(&batch, input, arguments);
    spanlink_list_destroy(batch.links);
    return outcome;
}

int main(int argc, char **argv) {
    struct arguments arguments = {.max_links = 128};
    if (!parse_arguments(argc, argv, &arguments)) {
        fputs(usage, stderr);
        return 2;
    }
    if (arguments.help) {
        return fputs(usage, stdout) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
    }
    FILE *input = arguments.file != NULL ? fopen(arguments.file, "rb") : stdin;
    if (input == NULL) {
        return fail(arguments.file, strerror(errno));
    }
    int outcome = run(input, &arguments);
    fclose(input);
    return outcome;
}
