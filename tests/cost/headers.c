/* SPDX-License-Identifier: MIT */
/* Header blocks with tracestates. No function here allocates memory. */
#include "cost.h"

#include <string.h>

enum { MOST_LINES = 8192, MOST_TEXT = 1 << 19, MEMBERS = 32, LONGEST = 256 };

static const char parent[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

static spanlink_header lines[MOST_LINES + 2];
static size_t line_count;
static char text[MOST_TEXT + 64], joined[SPANLINK_TRACESTATE_MAX];

static void add_line(const char *name, spanlink_str value) {
    cost_expect(line_count < sizeof lines / sizeof lines[0], "room for a line");
    lines[line_count++] = (spanlink_header){spanlink_str_from(name), value};
}

static void add_lines(size_t count, const char *name, const char *value) {
    for (size_t i = 0; i < count; i++) {
        add_line(name, spanlink_str_from(value));
    }
}

static spanlink_status extract(spanlink_context *context) {
    spanlink_headers headers = {lines, line_count, line_count};
    spanlink_getter getter = spanlink_headers_getter(&headers);
    return spanlink_extract(&getter, NULL, joined, sizeof joined, context);
}

static void expect_extracted(spanlink_status status, bool has_state) {
    spanlink_context context = {.trace_flags = 0};
    cost_expect(extract(&context) == status, "the status");
    cost_expect((context.trace_state.len != 0) == has_state, "a tracestate or none");
}

COST_STEP(work_is_multiple, expect_extracted(SPANLINK_ERR_MULTIPLE_TRACEPARENT, false))
COST_STEP(work_has_no_state, expect_extracted(SPANLINK_OK, false))
COST_STEP(work_has_state, expect_extracted(SPANLINK_OK, true))

/* Many lines */

static void prepare_many_traceparents(size_t size) {
    line_count = 0;
    add_lines(size, "traceparent", parent);
}

static void prepare_many_tracestates(size_t size) {
    line_count = 0;
    add_lines(1, "traceparent", parent);
    add_lines(size, "tracestate", "a=1");
}

/* Names that differ only in their last letter. The two relevant headers come last. */
static void prepare_other_lines(size_t size) {
    line_count = 0;
    add_lines(size / 2, "TRACEPARENs", parent);
    add_lines(size / 2, "TRACESTATd", "a=1");
    add_lines(1, "traceparent", parent);
    add_lines(1, "tracestate", "a=1");
}

/* Long lines: `text` in one line, or split into 32 lines with one member each. */

static void prepare_line_of(size_t size, char filler, const char *front, const char *back) {
    size_t length = strlen(front), rest = strlen(back);
    memcpy(text, front, length);
    memset(text + length, filler, size);
    memcpy(text + length + size, back, rest);
    line_count = 0;
    add_lines(1, "traceparent", parent);
    add_line("tracestate", (spanlink_str){text, length + size + rest});
}

COST_STEP(prepare_commas, prepare_line_of(size, ',', "", "a=1"))
COST_STEP(prepare_spaces, prepare_line_of(size, ' ', "", "a=1"))
COST_STEP(prepare_spaces_in_value, prepare_line_of(size, ' ', "a=1", "2"))
COST_STEP(prepare_spaces_behind_value, prepare_line_of(size, ' ', "a=1", ",b=2"))
COST_STEP(prepare_long_value, prepare_line_of(size, 'v', "a=", ""))
COST_STEP(prepare_long_key, prepare_line_of(size, 'k', "", "=1"))

static void prepare_comma_lines(size_t size) {
    static const char member[] = "a=1";
    size_t each = size / MEMBERS;
    memset(text, ',', size);
    line_count = 0;
    add_lines(1, "traceparent", parent);
    for (size_t i = 0; i < MEMBERS; i++) {
        memcpy(text + i * each, member, sizeof member - 1);
        add_line("tracestate", (spanlink_str){text + i * each, each});
    }
}

static void prepare_long_traceparent(size_t size) {
    memcpy(text, "cc", 2);
    memcpy(text + 2, parent + 2, sizeof parent - 3);
    memset(text + sizeof parent - 1, '-', size);
    line_count = 0;
    add_line("traceparent", (spanlink_str){text, sizeof parent - 1 + size});
    add_lines(1, "tracestate", "a=1");
}

static void prepare_spaced_traceparent(size_t size) {
    memset(text, ' ', size);
    memcpy(text + size / 2, parent, sizeof parent - 1);
    line_count = 0;
    add_line("traceparent", (spanlink_str){text, size});
    add_lines(1, "tracestate", "a=1");
}

/* Members of the greatest length, whose keys differ at a position that is not sampled. */

enum { MEMBER = LONGEST + 1 + LONGEST + 1 };

static size_t state_length;

static void prepare_near_members(size_t size) {
    char *to = text;
    for (size_t i = 0; i < size; i++) {
        memset(to, 'k', LONGEST);
        to[1] = (char)('a' + i % 26);
        to[2] = (char)('a' + i / 26 % 26);
        to[LONGEST] = '=';
        memset(to + LONGEST + 1, 'v', LONGEST);
        to[MEMBER - 1] = ',';
        to += MEMBER;
    }
    state_length = (size_t)(to - text);
}

/* Every operation on a tracestate, with its last key and with a missing key. */
static void work_on_members(size_t size) {
    spanlink_str state = {text, state_length}, value;
    char last[LONGEST + 1] = {0};
    size_t length;
    memcpy(last, text + (size - 1) * MEMBER, LONGEST);
    cost_expect(spanlink_tracestate_get(state, last, &value), "the last member");
    cost_expect(spanlink_tracestate_set(state, last, spanlink_str_from("2"), joined, sizeof joined,
                                        &length) == SPANLINK_OK,
                "a member set");
    cost_expect(spanlink_tracestate_set(state, "new", spanlink_str_from("2"), joined, sizeof joined,
                                        &length) == SPANLINK_OK,
                "a member added");
    cost_expect(spanlink_tracestate_remove(state, last, joined, sizeof joined, &length) ==
                    SPANLINK_OK,
                "a member removed");
    cost_expect(spanlink_tracestate_limit(state, 512, joined, sizeof joined, &length) ==
                    SPANLINK_OK,
                "members dropped");
}

static void work_has_too_many_members(size_t size) {
    spanlink_tracestate_member members[SPANLINK_TRACESTATE_MEMBERS];
    spanlink_str state = {text, state_length};
    size_t count;
    (void)size;
    cost_expect(spanlink_tracestate_parse(state, members, &count) ==
                    SPANLINK_ERR_TRACESTATE_MEMBERS,
                "too many members");
}

/* Sets headers in a block where every line has that name. */
static void work_injects(size_t size) {
    spanlink_headers headers = {lines, line_count, MOST_LINES};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    spanlink_context context;
    (void)size;
    cost_expect(extract(&context) == SPANLINK_ERR_MULTIPLE_TRACEPARENT, "several traceparents");
    cost_expect(spanlink_traceparent_parse(spanlink_str_from(parent), &context) == SPANLINK_OK &&
                    spanlink_inject(&context, NULL, &setter, joined, sizeof joined) ==
                        SPANLINK_OK &&
                    headers.count == 1,
                "one traceparent");
}

static const cost_attack attacks[] = {
    {"traceparent_lines", COST_CONSTANT, 1024, 0, 0, prepare_many_traceparents, work_is_multiple},
    {"tracestate_lines", COST_LINEAR, 1024, 0, 0, prepare_many_tracestates, work_has_no_state},
    {"other_lines", COST_LINEAR, 1024, 0, 0, prepare_other_lines, work_has_state},
    {"lines_replaced", COST_LINEAR, 1024, 0, 0, prepare_many_traceparents, work_injects},
    {"commas", COST_LINEAR, 8192, 0, 0, prepare_commas, work_has_state},
    {"comma_lines", COST_LINEAR, 8192, 0, 0, prepare_comma_lines, work_has_state},
    {"spaces", COST_LINEAR, 8192, 0, 0, prepare_spaces, work_has_state},
    {"spaces_in_value", COST_LINEAR, 8192, 0, 0, prepare_spaces_in_value, work_has_no_state},
    {"spaces_behind_value", COST_LINEAR, 8192, 0, 0, prepare_spaces_behind_value, work_has_state},
    {"long_value", COST_LINEAR, 8192, 0, 0, prepare_long_value, work_has_no_state},
    {"long_key", COST_LINEAR, 8192, 0, 0, prepare_long_key, work_has_no_state},
    {"long_traceparent", COST_CONSTANT, 8192, 0, 0, prepare_long_traceparent, work_has_state},
    {"spaced_traceparent", COST_LINEAR, 8192, 0, 0, prepare_spaced_traceparent, work_has_state},
    {"near_members", COST_LINEAR, 4, 0, 0, prepare_near_members, work_on_members},
    {"members_beyond", COST_CONSTANT, 64, 0, 0, prepare_near_members, work_has_too_many_members},
};

const cost_group cost_headers = {attacks, sizeof attacks / sizeof attacks[0], false};
