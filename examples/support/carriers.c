/* SPDX-License-Identifier: MIT */
#include "carriers.h"

#include <stdlib.h>
#include <string.h>

#define MOST_TRACESTATE_LINES 33 /* the library reads no more */

static const char *const wanted_headers[] = {
    [SPANLINK_FORMAT_W3C] =
        "one header 00-TRACE_ID-SPAN_ID-FLAGS of 32, 16 and 2 lowercase hex digits",
    [SPANLINK_FORMAT_B3] = "TRACE_ID-SPAN_ID-SAMPLED, ids of lowercase hex digits",
    [SPANLINK_FORMAT_B3_MULTI] = "x-b3- headers with ids of lowercase hex digits",
    [SPANLINK_FORMAT_XRAY] = "Root=1-TIME-ID;Parent=ID, of 8, 24 and 16 hex digits",
    [SPANLINK_FORMAT_DATADOG] = "x-datadog- headers with decimal ids",
    [SPANLINK_FORMAT_JAEGER] = "TRACE_ID:SPAN_ID:PARENT_ID:FLAGS of hex digits",
    [SPANLINK_FORMAT_CLOUD_TRACE] = "TRACE_ID/SPAN_ID;o=1 of 32 hex digits and a decimal number",
    [SPANLINK_FORMAT_GRPC_TRACE_BIN] = "29 bytes, in base64",
};
static const char wanted_tracestate[] = "1 to 32 members KEY=VALUE, separated by commas";

void formats_from_environment(const char *program, const char *names, spanlink_formats *formats) {
    const char *variable = getenv("OTEL_PROPAGATORS");
    bool is_set = variable != NULL && variable[0] != '\0';
    spanlink_str unknown = {NULL, 0};
    if (spanlink_formats_from_names(spanlink_str_from(is_set ? variable : names), formats,
                                    &unknown) == SPANLINK_OK &&
        unknown.len > 0) {
        fprintf(stderr, "%s: OTEL_PROPAGATORS: unknown: %.*s\n", program, (int)unknown.len,
                unknown.ptr);
    }
}

/* Why a context has no tracestate although the carrier has one; SPANLINK_OK if the carrier has
 * none. */
static spanlink_status why_dropped(const spanlink_getter *getter, spanlink_str *line) {
    spanlink_tracestate_member members[SPANLINK_TRACESTATE_MEMBERS];
    size_t cursor = 0, count, total = 0;
    for (size_t lines = 0; lines < MOST_TRACESTATE_LINES; lines++) {
        if (!getter->next(getter->state, spanlink_str_from("tracestate"), &cursor, line)) {
            break;
        }
        spanlink_status status = spanlink_tracestate_parse(*line, members, &count);
        if (status != SPANLINK_OK) {
            return status;
        }
        total += count;
    }
    return total > 0 ? SPANLINK_ERR_TRACESTATE_MEMBERS : SPANLINK_OK; /* too many when joined */
}

/* The first header of the formats that is present: the one whose status is reported. */
static void find_refused(struct received *received, const spanlink_getter *getter,
                         const spanlink_formats *formats) {
    size_t count = formats != NULL ? formats->count : 0;
    for (size_t i = 0; i < count || i == 0; i++) {
        uint32_t format = count > 0 ? formats->formats[i] : SPANLINK_FORMAT_W3C;
        size_t names = 0;
        const spanlink_str *fields = spanlink_format_fields(format, &names);
        for (size_t k = 0; k < names; k++) {
            size_t cursor = 0;
            received->format = format;
            if (getter->next(getter->state, fields[k], &cursor, &received->header)) {
                return;
            }
        }
    }
}

void carrier_read(struct received *received, const spanlink_getter *getter,
                  const spanlink_formats *formats) {
    received->header = received->dropped = (spanlink_str){NULL, 0};
    received->format = SPANLINK_FORMAT_W3C;
    received->tracestate = SPANLINK_OK;
    spanlink_extracted found[SPANLINK_FORMATS_MAX];
    size_t count = 1;
    received->status = spanlink_extract_all(getter, formats, received->text, sizeof received->text,
                                            found, SPANLINK_FORMATS_MAX, &count);
    received->other_count = count - 1;
    memcpy(received->others, found + 1, received->other_count * sizeof found[0]);
    if (received->status != SPANLINK_OK) {
        find_refused(received, getter, formats);
        return;
    }
    received->context = found[0].context;
    if (found[0].format == SPANLINK_FORMAT_W3C && received->context.trace_state.len == 0) {
        received->tracestate = why_dropped(getter, &received->dropped);
    }
}

/*
 * traceparent and tracestate under other names.
 */

static bool is(spanlink_str name, const char *text) {
    return name.len == strlen(text) && memcmp(name.ptr, text, name.len) == 0;
}

static const char *own_name(const struct renamed *renamed, spanlink_str name) {
    return is(name, "traceparent")  ? renamed->traceparent
           : is(name, "tracestate") ? renamed->tracestate
                                    : NULL;
}

static bool next_renamed(void *state, spanlink_str name, size_t *cursor, spanlink_str *value) {
    const struct renamed *renamed = state;
    const char *own = own_name(renamed, name);
    return own != NULL &&
           renamed->inner->next(renamed->inner->state, spanlink_str_from(own), cursor, value);
}

spanlink_getter renamed_getter(const struct renamed *renamed) {
    return (spanlink_getter){(void *)(uintptr_t)renamed, next_renamed};
}

static bool next_last(void *state, spanlink_str name, size_t *cursor, spanlink_str *value) {
    const spanlink_getter *inner = state;
    bool found = false;
    for (spanlink_str line; inner->next(inner->state, name, cursor, &line); found = true) {
        *value = line;
    }
    return found;
}

spanlink_getter last_getter(const spanlink_getter *inner) {
    return (spanlink_getter){(void *)(uintptr_t)inner, next_last};
}

static const char *const names[][2] = {
    {"ce-traceparent", "ce-tracestate"},                   /* CloudEvents over HTTP */
    {"ce_traceparent", "ce_tracestate"},                   /* over Kafka */
    {"cloudevents:traceparent", "cloudevents:tracestate"}, /* over AMQP */
    {"cloudevents_traceparent", "cloudevents_tracestate"},
    {NULL, NULL},                                        /* the formats' own names */
    {"elastic-apm-traceparent", "tracestate"},           /* Elastic's agents */
    {"googclient_traceparent", "googclient_tracestate"}, /* Google Pub/Sub */
    {"diagnostic-id", NULL},                             /* Azure Service Bus and Event Hubs */
};

static bool has_w3c(const spanlink_formats *formats) {
    bool found = formats == NULL;
    for (size_t i = 0; !found && i < formats->count; i++) {
        found = formats->formats[i] == SPANLINK_FORMAT_W3C;
    }
    return found;
}

void message_read(struct received *received, const spanlink_getter *getter,
                  const spanlink_formats *formats) {
    if (!has_w3c(formats)) {
        carrier_read(received, getter, formats);
        return;
    }
    received->status = SPANLINK_ERR_NO_CONTEXT;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct renamed renamed = {getter, names[i][0], names[i][1]};
        spanlink_getter other = renamed_getter(&renamed);
        if (names[i][0] == NULL) {
            carrier_read(received, getter, formats);
        } else {
            carrier_read(received, &other, NULL);
        }
        if (received->status != SPANLINK_ERR_NO_CONTEXT) {
            return;
        }
    }
}

/*
 * Descriptions of rejected headers.
 */

static bool is_traceparent(const char *text, size_t length) {
    spanlink_context context;
    return spanlink_traceparent_parse((spanlink_str){text, length}, &context) == SPANLINK_OK;
}

/* Two headers that a proxy has joined. */
static bool are_joined(spanlink_str header) {
    const char *comma = header.len > 0 ? memchr(header.ptr, ',', header.len) : NULL;
    size_t before = comma != NULL ? (size_t)(comma - header.ptr) : 0;
    return comma != NULL && is_traceparent(header.ptr, before) &&
           is_traceparent(comma + 1, header.len - before - 1);
}

void carrier_complain(struct complaints *complaints, const char *where,
                      const struct received *received) {
    if (received->status == SPANLINK_OK && received->tracestate != SPANLINK_OK) {
        char fault[160];
        snprintf(fault, sizeof fault, "tracestate dropped: %s",
                 spanlink_status_text(received->tracestate));
        complain(complaints, where, fault, received->dropped, wanted_tracestate);
    } else if (received->status != SPANLINK_OK && received->status != SPANLINK_ERR_NO_CONTEXT) {
        const char *fault = are_joined(received->header)
                                ? "two traceparents joined by a comma, as a proxy does"
                                : spanlink_status_text(received->status);
        complain(complaints, where, fault, received->header, wanted_headers[received->format]);
    }
}
