/* SPDX-License-Identifier: MIT */
/*
 * The trace context of a request or message, whatever carries its headers: each program hands over
 * a getter, and what is read, refused or dropped is judged here, in one place.
 */
#ifndef EXAMPLES_CARRIERS_H
#define EXAMPLES_CARRIERS_H

#include "complaints.h"

#include <spanlink/propagation.h>

/* What a carrier was found to hold. Texts are borrowed from the carrier. */
struct received {
    spanlink_status status; /* SPANLINK_OK: `context` is valid; SPANLINK_ERR_NO_CONTEXT: there
                               is none, which is normal; else the header was refused */
    spanlink_context context;
    uint32_t format;            /* that of the header that was refused */
    spanlink_str header;        /* this header */
    spanlink_status tracestate; /* SPANLINK_OK, or why the tracestate was dropped */
    spanlink_str dropped;       /* that tracestate */
    spanlink_extracted others[SPANLINK_FORMATS_MAX]; /* further spans that other formats name */
    size_t other_count;
    char text[SPANLINK_TRACESTATE_MAX]; /* holds the context's tracestate if lines were joined */
};

/*
 * The formats that OTEL_PROPAGATORS names; without it those of `names`. A name that is not known is
 * reported and passed over.
 */
void formats_from_environment(const char *program, const char *names, spanlink_formats *formats);

/*
 * Reads the span that sent this request or message, from the headers of these formats. NULL:
 * traceparent and tracestate. Where the formats name different spans, that of the last one counts.
 */
void carrier_read(struct received *received, const spanlink_getter *getter,
                  const spanlink_formats *formats);

/*
 * Reads the context in which a message was created. CloudEvents carry it beside the traceparent of
 * the last hop, under a name with a prefix; that one comes first. Then follow the headers of these
 * formats, and the names that other systems give to a header of traceparent's form. Such names are
 * read only if traceparent is among the formats.
 */
void message_read(struct received *received, const spanlink_getter *getter,
                  const spanlink_formats *formats);

/* Reports a header that was refused or a tracestate that was dropped, if there was one. */
void carrier_complain(struct complaints *complaints, const char *where,
                      const struct received *received);

/* A carrier in which the two headers have other names, such as ce-traceparent. */
struct renamed {
    const spanlink_getter *inner;
    const char *traceparent;
    const char *tracestate; /* NULL: there is none */
};
spanlink_getter renamed_getter(const struct renamed *renamed);

/* A carrier in which the last of several headers counts, as in Kafka. Borrows `inner`. */
spanlink_getter last_getter(const spanlink_getter *inner);

#endif
