/* SPDX-License-Identifier: MIT */
/* Headers of all formats, and environments. No function here allocates memory. */
#include "cost.h"

#include <string.h>

enum { MOST_LINES = 8192, MOST_TEXT = 1 << 17, NAMES = 14 };

static const spanlink_formats every_format = {8, {0, 1, 2, 3, 4, 5, 6, 7}};

static const char *const names[NAMES] = {"traceparent",           "b3",
                                         "x-b3-traceid",          "x-b3-spanid",
                                         "x-b3-sampled",          "x-b3-flags",
                                         "x-amzn-trace-id",       "awstraceheader",
                                         "x-datadog-trace-id",    "x-datadog-parent-id",
                                         "x-datadog-tags",        "uber-trace-id",
                                         "x-cloud-trace-context", "grpc-trace-bin"};

/* A valid value for each name, as far as a single header can be valid. */
static const char *const values[NAMES] = {
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
    "4bf92f3577b34da6a3ce929d0e0e4736",
    "00f067aa0ba902b7",
    "1",
    "1",
    "Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=00f067aa0ba902b7",
    "Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=00f067aa0ba902b7",
    "11803532876627986230",
    "67667974448284343",
    "_dd.p.tid=4bf92f3577b34da6",
    "4bf92f3577b34da6a3ce929d0e0e4736:00f067aa0ba902b7:0:1",
    "4bf92f3577b34da6a3ce929d0e0e4736/67667974448284343;o=1",
    ""};

static spanlink_header lines[MOST_LINES];
static size_t line_count;
static char text[NAMES][MOST_TEXT], joined[SPANLINK_TRACESTATE_MAX];
static char *entries[MOST_LINES + 2], variables[MOST_LINES][32];

static void add_line(const char *name, spanlink_str value) {
    lines[line_count++] = (spanlink_header){spanlink_str_from(name), value};
}

static spanlink_status extract_all(size_t *count) {
    spanlink_headers headers = {lines, line_count, line_count};
    spanlink_getter getter = spanlink_headers_getter(&headers);
    spanlink_extracted found[8];
    return spanlink_extract_all(&getter, &every_format, joined, sizeof joined, found, 8, count);
}

static void work_finds_nothing(size_t size) {
    size_t count;
    (void)size;
    cost_expect(extract_all(&count) != SPANLINK_OK, "no context");
}

static void work_finds_one_span(size_t size) {
    size_t count = 0;
    (void)size;
    cost_expect(extract_all(&count) == SPANLINK_OK && count == 1, "one span");
}

/* Names that differ only in their last letter. */
static void prepare_near_names(size_t size) {
    static char near[NAMES][32];
    line_count = 0;
    for (size_t i = 0; i < size; i++) {
        char *name = strcpy(near[i % NAMES], names[i % NAMES]);
        name[strlen(name) - 1] = '~';
        add_line(name, spanlink_str_from(values[i % NAMES]));
    }
}

/* All headers repeated: the first of each is used. (Except traceparent, which must be unique.) */
static void prepare_repeated_headers(size_t size) {
    line_count = 0;
    for (size_t i = 0; i < size; i++) {
        size_t which = 1 + i % (NAMES - 1);
        add_line(names[which], spanlink_str_from(values[which]));
    }
}

/* One header of each name, filled with one separator character or with digits. */
static void prepare_filled(size_t size, const char *fillers) {
    line_count = 0;
    for (size_t i = 0; i < NAMES; i++) {
        memset(text[i], fillers[i % strlen(fillers)], size);
        add_line(names[i], (spanlink_str){text[i], size});
    }
}

COST_STEP(prepare_separators, prepare_filled(size, "----,,;;00,:/0"))
COST_STEP(prepare_spaces, prepare_filled(size, " "))
COST_STEP(prepare_zeros, prepare_filled(size, "0"))
COST_STEP(prepare_pairs, prepare_filled(size, "="))

/* Tags and fields that are read one by one. */
static void prepare_repeated_fields(size_t size) {
    static const char tag[] = "_dd.p.tid=4bf92f3577b34da6,", parent[] = ";Parent=00f067aa0ba902b7";
    line_count = 0;
    for (size_t i = 0; i < size; i++) {
        text[0][i] = tag[i % (sizeof tag - 1)];
        text[1][i] = parent[i % (sizeof parent - 1)];
    }
    add_line("x-datadog-trace-id", spanlink_str_from(values[8]));
    add_line("x-datadog-parent-id", spanlink_str_from(values[9]));
    add_line("x-datadog-tags", (spanlink_str){text[0], size});
    add_line("x-amzn-trace-id", (spanlink_str){text[1], size});
}

static void work_injects_all(size_t size) {
    spanlink_headers headers = {lines, line_count, MOST_LINES};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    spanlink_context context;
    char values_text[SPANLINK_INJECT_TEXT];
    (void)size;
    cost_make_span(1, &context);
    cost_expect(spanlink_inject(&context, &every_format, &setter, values_text,
                                sizeof values_text) == SPANLINK_OK &&
                    headers.count < 16,
                "one header of each name");
}

COST_STEP(prepare_to_inject, prepare_repeated_headers(size - 1))

/* Environments */

static void prepare_variables(size_t size) {
    for (size_t i = 0; i < size; i++) {
        strcpy(variables[i], i % 2 == 0 ? "TRACEPARENTS=1" : "TRACESTATE=a=1");
        entries[i] = variables[i];
    }
    entries[size] = NULL;
}

static void work_on_environment(size_t size) {
    spanlink_environment environment = {joined, sizeof joined, 0, entries, size, MOST_LINES + 2};
    spanlink_setter setter = spanlink_environment_setter(&environment);
    spanlink_getter getter = spanlink_environment_getter(entries);
    spanlink_context context;
    char values_text[SPANLINK_INJECT_TEXT];
    cost_make_span(1, &context);
    cost_expect(spanlink_inject(&context, NULL, &setter, values_text, sizeof values_text) ==
                        SPANLINK_OK &&
                    spanlink_extract(&getter, NULL, NULL, 0, &context) == SPANLINK_OK &&
                    environment.count == size / 2 + 1,
                "a context in the environment");
    prepare_variables(size);
}

static const cost_attack attacks[] = {
    {"near_names", COST_LINEAR, 1024, 0, 0, prepare_near_names, work_finds_nothing},
    {"repeated_headers", COST_LINEAR, 1024, 0, 0, prepare_repeated_headers, work_finds_one_span},
    {"separators", COST_LINEAR, 8192, 0, 0, prepare_separators, work_finds_nothing},
    {"blank_headers", COST_LINEAR, 8192, 0, 0, prepare_spaces, work_finds_nothing},
    {"zeros", COST_LINEAR, 8192, 0, 0, prepare_zeros, work_finds_nothing},
    {"pairs", COST_LINEAR, 8192, 0, 0, prepare_pairs, work_finds_nothing},
    {"repeated_fields", COST_LINEAR, 8192, 0, 0, prepare_repeated_fields, work_finds_one_span},
    {"headers_replaced", COST_LINEAR, 1024, 0, 0, prepare_to_inject, work_injects_all},
    {"variables", COST_LINEAR, 1024, 0, 0, prepare_variables, work_on_environment},
};

const cost_group cost_propagation = {attacks, sizeof attacks / sizeof attacks[0], false};
