/* SPDX-License-Identifier: MIT */
#include "queue.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>
#include <unistd.h>

#define HOST    "127.0.0.1"
#define CHANNEL 1

struct queue queue_of(const char *program, const char *name) {
    return (struct queue){.program = program, .name = name, .port = 5672, .crash_after = -1};
}

bool queue_option(struct queue *queue, int argc, char **argv, int *index) {
    int value = *index + 1 < argc ? atoi(argv[*index + 1]) : 0;
    if (value <= 0) {
        return false;
    }
    if (strcmp(argv[*index], "--port") == 0) {
        queue->port = value;
    } else if (strcmp(argv[*index], "--crash-after") == 0) {
        queue->crash_after = value;
    } else {
        return false;
    }
    ++*index;
    return true;
}

static bool fail(const struct queue *queue, const char *what, const char *reason) {
    fprintf(stderr, "%s: rabbitmq at %s:%d: %s: %s\n", queue->program, HOST, queue->port, what,
            reason);
    return false;
}

/* A failure on this side of the connection; AMQP_STATUS_OK if the broker rejected something. */
static int own_error(const amqp_rpc_reply_t *reply) {
    return reply->reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION ? reply->library_error
                                                                : AMQP_STATUS_OK;
}

static bool accepted(const struct queue *queue, const char *what, amqp_rpc_reply_t reply) {
    if (reply.reply_type == AMQP_RESPONSE_NORMAL) {
        return true;
    }
    int error = own_error(&reply);
    return fail(queue, what,
                error == AMQP_STATUS_OK ? "the broker refused" : amqp_error_string2(error));
}

/* The broker's last reply. */
static bool succeeded(const struct queue *queue, const char *what) {
    return accepted(queue, what, amqp_get_rpc_reply(queue->connection));
}

static bool log_in(struct queue *queue) {
    amqp_rpc_reply_t reply =
        amqp_login(queue->connection, "/", 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest");
    if (!accepted(queue, "login", reply)) {
        return false;
    }
    amqp_channel_open(queue->connection, CHANNEL);
    return succeeded(queue, "channel");
}

bool queue_open(struct queue *queue) {
    struct timeval limit = {5, 0};
    queue->connection = amqp_new_connection();
    amqp_socket_t *socket = amqp_tcp_socket_new(queue->connection);
    int outcome = amqp_socket_open_noblock(socket, HOST, queue->port, &limit);
    if (outcome != AMQP_STATUS_OK) {
        amqp_destroy_connection(queue->connection);
        return fail(queue, "connection", amqp_error_string2(outcome));
    }
    amqp_set_rpc_timeout(queue->connection, &limit);
    amqp_set_handshake_timeout(queue->connection, &limit);
    bool open = log_in(queue);
    if (open) {
        amqp_queue_declare(queue->connection, CHANNEL, amqp_cstring_bytes(queue->name), 0, 1, 0, 0,
                           amqp_empty_table);
        open = succeeded(queue, "queue");
    }
    if (!open) {
        amqp_destroy_connection(queue->connection);
    }
    return open;
}

bool queue_publish(struct queue *queue, const char *id, const char *body,
                   const spanlink_headers *headers) {
    amqp_table_entry_t fields[QUEUE_HEADERS];
    amqp_basic_properties_t properties = {
        ._flags =
            AMQP_BASIC_HEADERS_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG,
        .message_id = amqp_cstring_bytes(id),
        .delivery_mode = 2, /* survives a restart of the broker */
        .headers = {(int)headers->count, fields},
    };
    for (size_t i = 0; i < headers->count && i < QUEUE_HEADERS; i++) {
        spanlink_header header = headers->items[i];
        fields[i].key = (amqp_bytes_t){header.name.len, (void *)(uintptr_t)header.name.ptr};
        bool is_binary = header.value.len > 0 && memchr(header.value.ptr, '\0', header.value.len);
        fields[i].value.kind =
            queue->byte_arrays || is_binary ? AMQP_FIELD_KIND_BYTES : AMQP_FIELD_KIND_UTF8;
        fields[i].value.value.bytes =
            (amqp_bytes_t){header.value.len, (void *)(uintptr_t)header.value.ptr};
    }
    int outcome = amqp_basic_publish(queue->connection, CHANNEL, amqp_empty_bytes,
                                     amqp_cstring_bytes(queue->name), 0, 0, &properties,
                                     amqp_cstring_bytes(body));
    return outcome == AMQP_STATUS_OK || fail(queue, "publish", amqp_error_string2(outcome));
}

bool queue_consume(struct queue *queue, uint16_t prefetch) {
    amqp_basic_qos(queue->connection, CHANNEL, 0, prefetch, 0);
    amqp_basic_consume(queue->connection, CHANNEL, amqp_cstring_bytes(queue->name),
                       amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
    return succeeded(queue, "consume");
}

bool queue_take(struct queue *queue, struct delivery *delivery) {
    struct timeval limit = {2, 0};
    amqp_maybe_release_buffers(queue->connection);
    amqp_rpc_reply_t reply =
        amqp_consume_message(queue->connection, &delivery->envelope, &limit, 0);
    if (own_error(&reply) == AMQP_STATUS_TIMEOUT || !accepted(queue, "message", reply)) {
        return false;
    }
    if (queue->crash_after-- == 0) {
        kill(getpid(), SIGKILL); /* leaves unacknowledged messages */
    }
    delivery->tag = delivery->envelope.delivery_tag;
    amqp_bytes_t id = delivery->envelope.message.properties.message_id;
    size_t length = id.len < sizeof delivery->id ? id.len : sizeof delivery->id - 1;
    memcpy(delivery->id, id.bytes, length);
    delivery->id[length] = '\0';
    return true;
}

bool queue_acknowledge(struct queue *queue, uint64_t tag) {
    int outcome = amqp_basic_ack(queue->connection, CHANNEL, tag, 1 /* and all before it */);
    return outcome == AMQP_STATUS_OK || fail(queue, "acknowledge", amqp_error_string2(outcome));
}

/* Some clients send text as a byte array. */
static bool is_text(const amqp_field_value_t *value) {
    return value->kind == AMQP_FIELD_KIND_UTF8 || value->kind == AMQP_FIELD_KIND_BYTES;
}

/* The next text field of a message with a name, from *cursor on; names are matched without regard
 * to case. */
static bool next(void *state, spanlink_str name, size_t *cursor, spanlink_str *value) {
    const amqp_table_t *fields = state;
    while (*cursor < (size_t)fields->num_entries) {
        const amqp_table_entry_t *field = &fields->entries[(*cursor)++];
        if (is_text(&field->value) && field->key.len == name.len &&
            strncasecmp(field->key.bytes, name.ptr, name.len) == 0) {
            *value = (spanlink_str){field->value.value.bytes.bytes, field->value.value.bytes.len};
            return true;
        }
    }
    return false;
}

spanlink_getter delivery_getter(const struct delivery *delivery) {
    const amqp_table_t *fields = &delivery->envelope.message.properties.headers;
    return (spanlink_getter){(void *)(uintptr_t)fields, next};
}

void queue_close(struct queue *queue) {
    amqp_connection_close(queue->connection, AMQP_REPLY_SUCCESS);
    amqp_destroy_connection(queue->connection);
}
