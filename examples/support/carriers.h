/* SPDX-License-Identifier: MIT */
/*
 * The trace context of a request or message, for any carrier: each program passes a getter, and
 * reading, rejecting and reporting are done here.
 */
#ifndef EXAMPLES_CARRIERS_H
#define EXAMPLES_CARRIERS_H

#include "complaints.h"

#include <spanlink/propagation.h>

/* What a carrier contains. Texts are borrowed from the carrier. */
struct received {
    spanlink_status status; /* SPANLINK_OK: `context` is valid; SPANLINK_ERR_NO_CONTEXT: there is
                               none; otherwise the header was rejected */
    spanlink_context context;
    uint32_t format;            /* the format of the rejected header */
    spanlink_str header;        /* this header */
    spanlink_status tracestate; /* SPANLINK_OK, or why the tracestate was dropped */
    spanlink_str dropped;       /* that tracestate */
    spanlink_extracted others[SPANLINK_FORMATS_MAX]; /* further spans that other formats name */
    size_t other_count;
    char text[SPANLINK_TRACESTATE_MAX]; /* holds the context's tracestate if lines were joined */
};

/*
 * The formats that OTEL_PROPAGATORS names; without it those of `names`. An unknown name is reported
 * and ignored.
 */
void formats_from_environment(const char *program, const char *names, spanlink_formats *formats);

/*
 * Reads the span that sent this request or message, from the headers of these formats. NULL:
 * traceparent and tracestate. If the formats name different spans, the last one counts.
 */
void carrier_read(struct received *received, const spanlink_getter *getter,
                  const spanlink_formats *formats);

/*
 * Reads the context in which a message was created. CloudEvents carry it in addition to the
 * traceparent of the last hop, under a name with a prefix, which is read first. Then follow the
 * headers of these formats, and the names that other systems use for a header in the form of
 * traceparent. Such names are read only if traceparent is among the formats.
 */
void message_read(struct received *received, const spanlink_getter *getter,
                  const spanlink_formats *formats);

/* Reports a rejected header or a dropped tracestate, if there was one. */
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
