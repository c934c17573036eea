/* SPDX-License-Identifier: MIT */
/* A queue of RabbitMQ, as far as message_queue needs one. */
#ifndef EXAMPLES_QUEUE_H
#define EXAMPLES_QUEUE_H

/* Newer versions of librabbitmq have moved their headers, and warn of the old places. */
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

/* Most headers of a message that is sent; all formats together set 14. */
#define QUEUE_HEADERS 16

struct queue {
    const char *program; /* for messages */
    const char *name;
    int port;         /* on 127.0.0.1 */
    bool byte_arrays; /* send headers as byte arrays rather than as text */
    int crash_after;  /* die with this many messages taken and one more in hand; -1: never */
    amqp_connection_state_t connection;
};

struct delivery {
    amqp_envelope_t envelope; /* the message: amqp_destroy_envelope() it */
    uint64_t tag;             /* of the last message taken, for queue_acknowledge() */
    char id[64];
};

/* A queue of that name, on RabbitMQ's own port. */
struct queue queue_of(const char *program, const char *name);

/*
 * Reads `--port N` and `--crash-after N` at *index, and moves it to the last word that it took.
 * False, and nothing taken, if the word there is another one.
 */
bool queue_option(struct queue *queue, int argc, char **argv, int *index);

#define QUEUE_USAGE                                                                                \
    "  --port N         of the broker on 127.0.0.1 (5672)\n"                                       \
    "  --crash-after N  die while a message is processed\n"

/* Opens the connection and declares the queue. False, and a message, where that can't be done. */
bool queue_open(struct queue *queue);

/* Publishes a message. The headers travel as fields of text, or as byte arrays. False, and a
 * message, on failure. */
bool queue_publish(struct queue *queue, const char *id, const char *body,
                   const spanlink_headers *headers);

/* Starts a consumer that may hold `prefetch` messages that are not acknowledged yet. */
bool queue_consume(struct queue *queue, uint16_t prefetch);

/* Takes a message. False after two seconds without one, or after a failure, with a message. */
bool queue_take(struct queue *queue, struct delivery *delivery);

/* Acknowledges the message with this tag and all before it. */
bool queue_acknowledge(struct queue *queue, uint64_t tag);

/* The fields of a message as a carrier. */
spanlink_getter delivery_getter(const struct delivery *delivery);

void queue_close(struct queue *queue);

#endif
