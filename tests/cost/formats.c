/* SPDX-License-Identifier: MIT */
/* Headers of formats other than W3C Trace Context, and SQL statements, made of one repeated piece.
 */
#include "cost.h"

#include <string.h>

#ifndef SPANLINK_NO_FORMATS

enum { MOST_TEXT = 1 << 19 };

static char text[MOST_TEXT], state[64];

static spanlink_str header_of(size_t size) {
    return (spanlink_str){text, size};
}

static void repeat(const char *piece, size_t size) {
    size_t length = strlen(piece);
    cost_expect(size <= sizeof text, "room for a header");
    for (size_t i = 0; i < size; i++) {
        text[i] = piece[i % length];
    }
}

/* Passes one header to every parser. None finds a context. */
static void work_on_header(size_t size) {
    spanlink_str header = header_of(size), one = spanlink_str_from("1");
    spanlink_context context;
    cost_expect(spanlink_b3_parse(header, &context) != SPANLINK_OK &&
                    spanlink_b3_parse_multi(header, header, header, header, &context) !=
                        SPANLINK_OK &&
                    spanlink_xray_parse(header, &context) != SPANLINK_OK &&
                    spanlink_jaeger_parse(header, &context) != SPANLINK_OK &&
                    spanlink_cloud_trace_parse(header, &context) != SPANLINK_OK,
                "no context");
    cost_expect(spanlink_datadog_parse(one, one, header, header, &context) == SPANLINK_OK,
                "a context, whatever is in the tags");
}

static void work_on_statement(size_t size) {
    spanlink_context context;
    cost_expect(spanlink_sql_comment_parse(header_of(size), state, sizeof state, &context) !=
                    SPANLINK_OK,
                "no context");
}

static void work_on_binary(size_t size) {
    spanlink_context context;
    cost_expect(spanlink_binary_decode((const uint8_t *)text, size, &context) != SPANLINK_OK,
                "no context");
}

/* A dollar-quote tag of half the statement's length, followed by dollar signs. */
static void prepare_long_tag(size_t size) {
    repeat("$", size);
    memset(text + 1, 'a', size / 2);
}

/* Each attack repeats one piece. */
#define PREPARE(name, piece)                                                                       \
    static void prepare_##name(size_t size) {                                                      \
        repeat(piece, size);                                                                       \
    }

PREPARE(dashes, "-")
PREPARE(fields, "Root=1;")
PREPARE(blank_fields, " ;")
PREPARE(equals, "=")
PREPARE(colons, "%3A")
PREPARE(percents, "%")
PREPARE(digits, "9")
PREPARE(zeros, "0")
PREPARE(blanks, " ")
PREPARE(tags, "_dd.p.tid=,")
PREPARE(comments, "/*a='b',*/")
PREPARE(openings, "/*")
PREPARE(slashes, "*/ ")
PREPARE(quotes, "'")
PREPARE(backslashes, "\\")
PREPARE(escapes, "\\'")
PREPARE(dollars, "$")
PREPARE(dollar_tags, "$a")
PREPARE(line_comments, "--\n")
PREPARE(hashes, "#")
PREPARE(members, "a='%27\\'',")

static void prepare_members_in_comment(size_t size) {
    prepare_members(size);
    memcpy(text, "/*", 2);
    memcpy(text + size - 2, "*/", 2);
}

#define HEADER(name)    {"header_" #name, COST_LINEAR, 4096, 0, 0, prepare_##name, work_on_header}
#define STATEMENT(name) {"sql_" #name, COST_LINEAR, 4096, 0, 0, prepare_##name, work_on_statement}

static const cost_attack attacks[] = {
    HEADER(dashes),
    HEADER(fields),
    HEADER(blank_fields),
    HEADER(equals),
    HEADER(colons),
    HEADER(percents),
    HEADER(digits),
    HEADER(zeros),
    HEADER(blanks),
    HEADER(tags),
    {"binary_zeros", COST_CONSTANT, 4096, 0, 0, prepare_zeros, work_on_binary},
    STATEMENT(comments),
    STATEMENT(openings),
    STATEMENT(slashes),
    STATEMENT(quotes),
    STATEMENT(backslashes),
    STATEMENT(escapes),
    STATEMENT(dollars),
    STATEMENT(dollar_tags),
    STATEMENT(long_tag),
    STATEMENT(line_comments),
    STATEMENT(hashes),
    STATEMENT(members_in_comment),
};

const cost_group cost_formats = {attacks, sizeof attacks / sizeof attacks[0], false};

#else

const cost_group cost_formats = {NULL, 0};

#endif
