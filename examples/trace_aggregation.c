/* SPDX-License-Identifier: MIT */
/*
 * Many ways in which one span can link to others: to whole traces, related operations, the span
 * that fulfilled its condition, earlier attempts, and tasks that are known only while it runs.
 */
#include "support/export.h"

#include <stdio.h>

#define MAX_LINKS 8

enum { REPORT, DASHBOARD, ALERT, RETRIES, LAST_RETRY = RETRIES + 2, SCHEDULER, SPANS };

static void start(struct span *span, const char *name) {
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.limits.max_links = MAX_LINKS;
    options.unique = true;
    span_start(span, name, SPAN_INTERNAL, NULL);
    must(spanlink_list_create(&options, &span->links), "links");
}

static void end(struct span *span, const char *counted) {
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    spanlink_list_get_stats(span->links, &stats);
    span_set(span, spanlink_attribute_int(counted, (int64_t)stats.offered));
    span_end(span);
    warn_if_cut("trace_aggregation", span->links);
}

/* A span of another service, as it would be received in a message or read from a database. */
static spanlink_context somebody(void) {
    struct span span;
    span_start(&span, "", SPAN_INTERNAL, NULL);
    return span.context;
}

/* Whole traces: a zero span id names no span; the attributes make the link valid. */
static void report(struct span *span) {
    start(span, "nightly_report");
    for (int i = 0; i < 3; i++) {
        spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
        spanlink_context trace = somebody();
        memset(trace.span_id, 0, sizeof trace.span_id);
        spanlink_link link = spanlink_factory_custom(&trace, "aggregated_trace", storage);
        storage[link.attribute_count++] = spanlink_attribute_string("link.source", "checkout");
        must(spanlink_list_add(span->links, &link), "link");
    }
    end(span, "traces.count");
}

/* Related operations, in order and with a description: more than the list keeps. */
static void dashboard(struct span *span) {
    static const char *const what[] = {"reads the orders", "reads the stock", "reads the prices"};
    start(span, "dashboard");
    for (int i = 0; i < MAX_LINKS + 4; i++) {
        spanlink_context context = somebody();
        spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES + 1];
        spanlink_link link = spanlink_factory_custom(&context, "related_operation", storage);
        storage[link.attribute_count++] = spanlink_attribute_int("link.index", i);
        storage[link.attribute_count++] =
            spanlink_attribute_string("link.description", what[i % 3]);
        must(spanlink_list_add(span->links, &link), "link");
    }
    end(span, "links.count");
}

/* Links only to operations that fulfil a condition. */
static void alert(struct span *span) {
    static const int64_t latencies[] = {12, 250, 31, 1800}; /* in milliseconds */
    start(span, "latency_alert");
    for (size_t i = 0; i < sizeof latencies / sizeof latencies[0]; i++) {
        spanlink_context context = somebody();
        spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
        if (latencies[i] > 200) {
            spanlink_link link = spanlink_factory_custom(&context, "conditional", storage);
            storage[link.attribute_count++] = spanlink_attribute_int("latency.ms", latencies[i]);
            must(spanlink_list_add(span->links, &link), "link");
        }
    }
    end(span, "links.count");
}

/* Each attempt links to all attempts before it. */
static void retries(struct span spans[3]) {
    for (int attempt = 0; attempt < 3; attempt++) {
        start(&spans[attempt], "send_invoice");
        for (int earlier = 0; earlier < attempt; earlier++) {
            must(
                spanlink_list_add_retry(spans[attempt].links, &spans[earlier].context, earlier + 1),
                "link");
        }
        end(&spans[attempt], "links.count");
    }
}

/* Tasks that are known only when the span ends: a provider returns them then. */
static spanlink_status tell_tasks(void *state, spanlink_context_emit_fn emit, void *sink) {
    for (int *left = state; *left > 0; --*left) {
        spanlink_context context = somebody();
        spanlink_status status = emit(sink, &context);
        if (status != SPANLINK_OK) {
            return status;
        }
    }
    return SPANLINK_OK;
}

static void scheduler(struct span *span) {
    int tasks = 4;
    spanlink_lazy lazy = {tell_tasks, &tasks, spanlink_str_from("dynamic")};
    spanlink_list *found = NULL;
    size_t count;
    start(span, "scheduler");
    must(spanlink_list_create(NULL, &found), "links");
    must(spanlink_lazy_build(&lazy, found), "tasks");
    const spanlink_link *links = spanlink_list_links(found, &count);
    for (size_t i = 0; i < count; i++) {
        spanlink_link link = links[i];
        spanlink_attribute attributes[] = {link.attributes[0],
                                           spanlink_attribute_int("dynamic.index", (int64_t)i)};
        link.attributes = attributes;
        link.attribute_count = 2;
        must(spanlink_list_add(span->links, &link), "link");
    }
    spanlink_list_destroy(found);
    end(span, "links.count");
}

int main(int argc, char **argv) {
    static struct span spans[SPANS];
    struct export_to to = {.program = "trace_aggregation"};
    for (int i = 1; i < argc; i++) {
        if (!export_option(&to, argc, argv, &i)) {
            fputs("usage: trace_aggregation [OPTION…]\n" EXPORT_USAGE, stderr);
            return 2;
        }
    }
    report(&spans[REPORT]);
    dashboard(&spans[DASHBOARD]);
    alert(&spans[ALERT]);
    retries(&spans[RETRIES]);
    scheduler(&spans[SCHEDULER]);
    int outcome = export_spans(&to, spans, SPANS);
    for (size_t i = 0; i < SPANS; i++) {
        spanlink_list_destroy(spans[i].links);
    }
    return outcome;
}
