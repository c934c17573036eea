/* SPDX-License-Identifier: MIT */
/* A queue of RabbitMQ, as far as message_queue needs one. */
#ifndef EXAMPLES_QUEUE_H
#define EXAMPLES_QUEUE_H

/* Newer versions of librabbitmq have moved their headers, and warn about the old paths. */
#ifdef __has_include
#if __has_include(<rabbitmq-c/amqp.h>)
#define EXAMPLES_NEW_RABBITMQ_HEADERS
#endif
#endif
#ifdef EXAMPLES_NEW_RABBITMQ_HEADERS
#include <rabbitmq-c/amqp.h>
#include <rabbitmq-c/tcp_socket.h>
#else
#include <amqp.h>
#include <amqp_tcp_socket.h>
#endif

#include <spanlink/propagation.h>

/* The maximum number of headers of a sent message; all formats together set 14. */
#define QUEUE_HEADERS 16

struct queue {
    const char *program; /* for messages */
    const char *name;
    int port;         /* on 127.0.0.1 */
    bool byte_arrays; /* send headers as byte arrays instead of text */
    int crash_after; /* for tests: exit with this many messages processed and one more received; -1:
                        never */
    amqp_connection_state_t connection;
};

struct delivery {
    amqp_envelope_t envelope; /* the message: release it by amqp_destroy_envelope() */
    uint64_t tag;             /* of the last message received, for queue_acknowledge() */
    char id[64];
};

/* A queue with that name, on RabbitMQ's default port. */
struct queue queue_of(const char *program, const char *name);

/*
 * Reads `--port N` and `--crash-after N` at *index, and moves it to the last word read. False, and
 * *index unchanged, for any other word.
 */
bool queue_option(struct queue *queue, int argc, char **argv, int *index);

#define QUEUE_USAGE                                                                                \
    "  --port N         the port of the broker on 127.0.0.1 (5672)\n"                              \
    "  --crash-after N  crash after N processed messages, before the next is acknowledged\n"

/* Opens the connection and declares the queue. False, and a message, on failure. */
bool queue_open(struct queue *queue);

/* Publishes a message. The headers are fields of text, or byte arrays. False, and a message, on
 * failure. */
bool queue_publish(struct queue *queue, const char *id, const char *body,
                   const spanlink_headers *headers);

/* Starts a consumer that may have `prefetch` unacknowledged messages. */
bool queue_consume(struct queue *queue, uint16_t prefetch);

/* Receives a message. False after two seconds without one, or after a failure, with a message. */
bool queue_take(struct queue *queue, struct delivery *delivery);

/* Acknowledges the message with this tag and all before it. */
bool queue_acknowledge(struct queue *queue, uint64_t tag);

/* The fields of a message as a carrier. */
spanlink_getter delivery_getter(const struct delivery *delivery);

void queue_close(struct queue *queue);

#endif
