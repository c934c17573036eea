/* SPDX-License-Identifier: MIT */
/*
 * A consumer that processes batches of messages from Kafka, and a producer to test it.
 *
 *     kafka_consumer produce 100 --brokers ADDRESS
 *     kafka_consumer consume 100 --brokers ADDRESS [--batch N]
 *
 * A batch is one span, with a link to the span that sent each message. Offsets are committed after
 * the span is exported. If the consumer crashes in between, the messages of one batch are linked
 * twice, and none is lost.
 */
#include "support/carriers.h"
#include "support/export.h"

#include <librdkafka/rdkafka.h>

#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#define TOPIC "orders"

struct arguments {
    struct export_to to;
    struct complaints complaints;
    spanlink_formats formats; /* OTEL_PROPAGATORS */
    const char *brokers;
    int messages;
    int batch;          /* maximum number of messages in one span */
    int idle;           /* ends after this many seconds without a message */
    int crash_taken;    /* crash after receiving this many messages; 0: never */
    int crash_exported; /* crash after exporting this many, before the commit; 0: never */
    int taken;
    uint64_t no_context;
};

static bool fail(const char *what, const char *reason) {
    fprintf(stderr, "kafka_consumer: %s: %s\n", what, reason);
    return false;
}

static void set(rd_kafka_conf_t *settings, const char *name, const char *value) {
    char reason[200];
    if (rd_kafka_conf_set(settings, name, value, reason, sizeof reason) != RD_KAFKA_CONF_OK) {
        fail(name, reason);
        exit(EXIT_FAILURE);
    }
}

/* Takes ownership of the settings. On failure prints a message and returns NULL. */
static rd_kafka_t *connect_client(rd_kafka_type_t type, rd_kafka_conf_t *settings) {
    char reason[200];
    rd_kafka_t *client = rd_kafka_new(type, settings, reason, sizeof reason);
    if (client == NULL) {
        rd_kafka_conf_destroy(settings);
        fail("client", reason);
    }
    return client;
}

/* The producer */

static spanlink_status add_header(void *headers, spanlink_str name, spanlink_str value) {
    return rd_kafka_header_add(headers, name.ptr, (ssize_t)name.len, value.ptr,
                               (ssize_t)value.len) == RD_KAFKA_RESP_ERR_NO_ERROR
               ? SPANLINK_OK
               : SPANLINK_ERR_NO_MEMORY;
}

static bool send_one(rd_kafka_t *client, const char *key, const spanlink_context *context) {
    char text[SPANLINK_INJECT_TEXT];
    rd_kafka_headers_t *headers = rd_kafka_headers_new(2);
    spanlink_setter setter = {.state = headers, .set = add_header};
    must(spanlink_inject(context, NULL, &setter, text, sizeof text), "inject");
    rd_kafka_vu_t parts[] = {
        {.vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = TOPIC},
        {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {(void *)(uintptr_t)key, strlen(key)}},
        {.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {(void *)(uintptr_t)"{}", 2}},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
        {.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
    };
    rd_kafka_error_t *error = rd_kafka_produceva(client, parts, sizeof parts / sizeof parts[0]);
    if (error != NULL) {
        fail("produce", rd_kafka_error_string(error));
        rd_kafka_error_destroy(error);
        rd_kafka_headers_destroy(headers);
        return false;
    }
    return true;
}

static int produce(struct arguments *arguments, rd_kafka_t *client) {
    bool done = true;
    for (int i = 0; i < arguments->messages && done; i++) {
        struct span span;
        char key[32];
        snprintf(key, sizeof key, "message-%d", i);
        span_start(&span, "send " TOPIC, SPAN_PRODUCER, NULL);
        span.context.trace_state = spanlink_str_from("shop=orders");
        span_set(&span, spanlink_attribute_string("messaging.kafka.message.key", key));
        done = send_one(client, key, &span.context);
        span_end(&span);
        done = export_spans(&arguments->to, &span, 1) == EXIT_SUCCESS && done;
    }
    return rd_kafka_flush(client, 10000) == RD_KAFKA_RESP_ERR_NO_ERROR && done ? EXIT_SUCCESS
                                                                               : EXIT_FAILURE;
}

/* The consumer */

/* The next header of a name in a message; names are compared case-insensitively. */
static bool next_header(void *state, spanlink_str name, size_t *cursor, spanlink_str *value) {
    const char *key;
    const void *bytes;
    size_t size;
    while (rd_kafka_header_get_all(state, (*cursor)++, &key, &bytes, &size) ==
           RD_KAFKA_RESP_ERR_NO_ERROR) {
        if (strlen(key) == name.len && strncasecmp(key, name.ptr, name.len) == 0) {
            *value = spanlink_str_make(bytes, size);
            return true;
        }
    }
    return false;
}

/* Of several headers of a name, the last one is used, as is usual with Kafka. A message without a
 * valid context is processed without a link. */
static void link_sender(struct arguments *arguments, spanlink_list *links,
                        const rd_kafka_message_t *message) {
    char where[64], partition[16];
    struct received received = {.status = SPANLINK_ERR_NO_CONTEXT};
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES + 5];
    rd_kafka_headers_t *headers;
    if (rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        spanlink_getter all = {headers, next_header}, last = last_getter(&all);
        message_read(&received, &last, &arguments->formats);
    }
    snprintf(partition, sizeof partition, "%" PRId32, message->partition);
    snprintf(where, sizeof where, "partition %s, offset %" PRId64, partition, message->offset);
    carrier_complain(&arguments->complaints, where, &received);
    if (received.status != SPANLINK_OK) {
        arguments->no_context += received.status == SPANLINK_ERR_NO_CONTEXT;
        return;
    }
    spanlink_link link =
        spanlink_factory_of_type(&received.context, SPANLINK_LINK_TYPE_FOLLOWS_FROM, storage);
    storage[link.attribute_count++] = spanlink_attribute_string("messaging.system", "kafka");
    storage[link.attribute_count++] =
        spanlink_attribute_string("messaging.destination.partition.id", partition);
    storage[link.attribute_count++] =
        spanlink_attribute_int("messaging.kafka.offset", message->offset);
    storage[link.attribute_count++] = spanlink_attribute_make(
        spanlink_str_from("messaging.kafka.message.key"),
        spanlink_value_string(spanlink_str_make(message->key, message->key_len)));
    must(spanlink_list_add(links, &link), "link");
}

static void crash_if(bool it_is_time) {
    if (it_is_time) {
        kill(getpid(), SIGKILL);
    }
}

/* Waits for a message. Returns NULL after `idle` seconds without one, or after a reported error. */
static rd_kafka_message_t *take(struct arguments *arguments, rd_kafka_t *client) {
    rd_kafka_message_t *message = rd_kafka_consumer_poll(client, 1000 * arguments->idle);
    if (message != NULL && message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        fail("message", rd_kafka_message_errstr(message));
        rd_kafka_message_destroy(message);
        return NULL;
    }
    return message;
}

/* Processes up to `most` messages in one span, exports it, then commits. Returns their number. */
static int process(struct arguments *arguments, rd_kafka_t *client, int most, int *outcome) {
    struct span span;
    int count = 0;
    rd_kafka_message_t *message;
    span_start(&span, "process " TOPIC, SPAN_CONSUMER, NULL);
    must(spanlink_list_create(NULL, &span.links), "links");
    while (count < most && (message = take(arguments, client)) != NULL) {
        link_sender(arguments, span.links, message);
        rd_kafka_message_destroy(message);
        crash_if(arguments->taken + ++count == arguments->crash_taken);
    }
    span_set(&span, spanlink_attribute_int("messaging.batch.message_count", count));
    span_end(&span);
    if (count > 0) {
        *outcome |= export_spans(&arguments->to, &span, 1);
        crash_if(arguments->taken + count == arguments->crash_exported);
        rd_kafka_resp_err_t error = rd_kafka_commit(client, NULL, 0);
        *outcome |= error != RD_KAFKA_RESP_ERR_NO_ERROR && !fail("commit", rd_kafka_err2str(error));
    }
    spanlink_list_destroy(span.links);
    arguments->taken += count;
    return count;
}

static int consume(struct arguments *arguments, rd_kafka_t *client) {
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    int outcome = EXIT_SUCCESS, count = 1;
    rd_kafka_topic_partition_list_add(topics, TOPIC, RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t error = rd_kafka_subscribe(client, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return fail("subscribe", rd_kafka_err2str(error)) ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    for (int left = arguments->messages; left > 0 && count > 0; left -= count) {
        int most = left < arguments->batch ? left : arguments->batch;
        count = process(arguments, client, most, &outcome);
    }
    complaints_end(&arguments->complaints);
    fprintf(stderr, "%d messages, %" PRIu64 " without a context, %" PRIu64 " errors\n",
            arguments->taken, arguments->no_context, arguments->complaints.count);
    rd_kafka_consumer_close(client);
    return outcome;
}

/* The command line */

static bool read_number(const char *word, const char *name, const char *value, int most,
                        int *number) {
    if (strcmp(word, name) != 0) {
        return false;
    }
    *number = atoi(value);
    return *number > 0 && *number <= most;
}

static bool read_option(struct arguments *arguments, int argc, char **argv, int *i) {
    const char *word = argv[*i], *value = *i + 1 < argc ? argv[*i + 1] : "";
    if (strcmp(word, "--brokers") == 0) {
        arguments->brokers = value;
    } else if (!read_number(word, "--batch", value, 128, &arguments->batch) &&
               !read_number(word, "--idle", value, 3600, &arguments->idle) &&
               !read_number(word, "--crash-taken", value, INT_MAX, &arguments->crash_taken) &&
               !read_number(word, "--crash-exported", value, INT_MAX, &arguments->crash_exported)) {
        return export_option(&arguments->to, argc, argv, i);
    }
    ++*i;
    return *i < argc;
}

static const char usage[] =
    "usage: kafka_consumer produce|consume COUNT --brokers ADDRESS [OPTION]...\n"
    "  --batch N           maximum number of messages in one span (50); a span keeps 128 links\n"
    "  --idle N            end after N seconds without a message (30)\n"
    "  --crash-taken N     crash after receiving N messages\n"
    "  --crash-exported N  crash after exporting N messages, before the commit\n" EXPORT_USAGE;

static int run(struct arguments *arguments, bool producer) {
    rd_kafka_conf_t *settings = rd_kafka_conf_new();
    set(settings, "bootstrap.servers", arguments->brokers);
    if (!producer) {
        set(settings, "group.id", "spanlink");
        set(settings, "enable.auto.commit", "false");
        set(settings, "auto.offset.reset", "earliest");
        set(settings, "session.timeout.ms", "6000"); /* delay until another consumer takes over */
    }
    rd_kafka_t *client = connect_client(producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER, settings);
    if (client == NULL) {
        return EXIT_FAILURE;
    }
    int outcome = producer ? produce(arguments, client) : consume(arguments, client);
    rd_kafka_destroy(client);
    return outcome;
}

int main(int argc, char **argv) {
    struct arguments arguments = {.to = {.program = "kafka_consumer"},
                                  .messages = argc > 2 ? atoi(argv[2]) : 0,
                                  .batch = 50,
                                  .idle = 30};
    formats_from_environment("kafka_consumer", "tracecontext", &arguments.formats);
    bool producer = argc > 1 && strcmp(argv[1], "produce") == 0;
    bool understood = producer || (argc > 1 && strcmp(argv[1], "consume") == 0);
    for (int i = 3; i < argc && understood; i++) {
        understood = read_option(&arguments, argc, argv, &i);
    }
    if (!understood || arguments.messages <= 0 || arguments.brokers == NULL) {
        fputs(usage, stderr);
        return 2;
    }
    return run(&arguments, producer);
}
