/* SPDX-License-Identifier: MIT */
/*
 * Extract, transform, load: three stages in sequence, each with its own trace.
 *
 * Each source is extracted in its own span. The transformation combines all sources, so it links to
 * each with `aggregates`; the load follows the transformation and links to it with `follows_from`.
 */
#include "support/export.h"

#include <stdio.h>

#define SOURCES 3

enum { TRANSFORM = SOURCES, LOAD, STAGES };

static void start_stage(struct span *span, const char *name, const char *stage) {
    span_start(span, name, SPAN_INTERNAL, NULL);
    must(spanlink_list_create(NULL, &span->links), "links");
    span_set(span, spanlink_attribute_string("pipeline.stage", stage));
}

static void end_stage(struct span *span, int64_t rows) {
    size_t links;
    spanlink_list_links(span->links, &links);
    span_set(span, spanlink_attribute_int("rows.count", rows));
    span_set(span, spanlink_attribute_int("links.count", (int64_t)links));
    span_end(span);
    warn_if_cut("etl_pipeline", span->links);
}

/* A link to a stage also has the stage's name, in addition to the factory's attributes. */
static void link_stage(struct span *span, spanlink_link link, spanlink_attribute *storage,
                       const char *stage) {
    storage[link.attribute_count++] = spanlink_attribute_string("pipeline.stage", stage);
    must(spanlink_list_add(span->links, &link), "link");
}

static int64_t extract(struct span spans[STAGES], const char *const sources[SOURCES]) {
    static const int64_t rows[SOURCES] = {1200, 340, 77};
    int64_t total = 0;
    for (size_t i = 0; i < SOURCES; i++) {
        start_stage(&spans[i], sources[i], "extract");
        end_stage(&spans[i], rows[i]);
        total += rows[i];
    }
    return total;
}

static void transform(struct span spans[STAGES], const char *const sources[SOURCES], int64_t rows) {
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES + 1];
    start_stage(&spans[TRANSFORM], "join", "transform");
    for (size_t i = 0; i < SOURCES; i++) {
        spanlink_link link = spanlink_factory_aggregate(&spans[i].context, sources[i], storage);
        link_stage(&spans[TRANSFORM], link, storage, "extract");
    }
    end_stage(&spans[TRANSFORM], rows);
}

static void load(struct span spans[STAGES], int64_t rows) {
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    start_stage(&spans[LOAD], "warehouse", "load");
    link_stage(&spans[LOAD],
               spanlink_factory_of_type(&spans[TRANSFORM].context, SPANLINK_LINK_TYPE_FOLLOWS_FROM,
                                        storage),
               storage, "transform");
    end_stage(&spans[LOAD], rows);
}

int main(int argc, char **argv) {
    static const char *const sources[SOURCES] = {"orders.csv", "customers.csv", "refunds.csv"};
    static struct span spans[STAGES];
    struct export_to to = {.program = "etl_pipeline"};
    for (int i = 1; i < argc; i++) {
        if (!export_option(&to, argc, argv, &i)) {
            fputs("usage: etl_pipeline [OPTION…]\n" EXPORT_USAGE, stderr);
            return 2;
        }
    }
    int64_t rows = extract(spans, sources);
    transform(spans, sources, rows);
    load(spans, rows);
    fprintf(stderr, "%d rows loaded from %d sources\n", (int)rows, SOURCES);
    int outcome = export_spans(&to, spans, STAGES);
    for (size_t i = 0; i < STAGES; i++) {
        spanlink_list_destroy(spans[i].links);
    }
    return outcome;
}
