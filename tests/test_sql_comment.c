/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "test_formats.h"
#include "test_links.h"

#include <spanlink/propagation.h>
#include <spanlink/sql_comment.h>

#include <stdio.h>
#include <stdlib.h>

#define TRACEPARENT  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
#define OTHER_PARENT "00-11111111111111111111111111111111-2222222222222222-00"
#define COMMENT      "/*traceparent='" TRACEPARENT "'*/"
#define OTHER        "/*traceparent='" OTHER_PARENT "'*/"

enum { MOST_SQL = 1 << 17 };

/* The result that the library must return, according to the oracle. */
static spanlink_status judge(spanlink_str sql, size_t capacity, spanlink_context *context) {
    static char traceparent[MOST_SQL], tracestate[MOST_SQL];
    oracle_comment comment = {.traceparent = traceparent, .tracestate = tracestate};
    oracle_sql_comment(sql.ptr, sql.len, &comment);
    if (!comment.found) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    spanlink_str parent = {traceparent, comment.traceparent_length};
    spanlink_str state = {tracestate, comment.tracestate_length};
    if (parent.len == 0 || parent.len > 128) {
        return SPANLINK_ERR_TRACEPARENT_LENGTH;
    }
    state.len = state.len > capacity ? 0 : state.len;
    return spanlink_context_from_headers(parent, state, context);
}

/* Compares the library with the oracle, on copies of exact size. */
static void expect_statement_judged(const char *sql, size_t length, size_t capacity) {
    spanlink_context wanted, context, before;
    char *copy = test_copy(sql, length), *text = malloc(capacity + 1);
    assert_non_null(text);
    memset(&wanted, 0x5a, sizeof wanted);
    memset(&context, 0x5a, sizeof context);
    memset(&before, 0x5a, sizeof before);
    text[capacity] = '#';
    spanlink_status status = judge((spanlink_str){copy, length}, capacity, &wanted);
    spanlink_status given =
        spanlink_sql_comment_parse((spanlink_str){copy, length}, text, capacity, &context);
    if (status != given) {
        fail_msg("\"%.*s\" reads as %d, not %d", (int)length, sql, (int)given, (int)status);
    }
    assert_int_equal('#', text[capacity]);
    if (status == SPANLINK_OK) {
        memset(copy, '#', length); /* the context must not borrow from the statement */
        assert_true(spanlink_context_same_span(&wanted, &context));
        assert_int_equal(wanted.trace_flags, context.trace_flags);
        assert_true(context.is_remote);
        assert_int_equal(wanted.trace_state.len, context.trace_state.len);
        if (wanted.trace_state.len != 0) {
            assert_memory_equal(wanted.trace_state.ptr, context.trace_state.ptr,
                                wanted.trace_state.len);
        }
    } else {
        assert_memory_equal(&before, &context, sizeof context);
    }
    free(copy);
    free(text);
}

static void expect_status(spanlink_status wanted, const char *sql) {
    spanlink_context context;
    char text[256];
    expect_statement_judged(sql, strlen(sql), sizeof text);
    assert_status(wanted,
                  spanlink_sql_comment_parse(spanlink_str_from(sql), text, sizeof text, &context));
}

/* The first byte of the trace id identifies the comment: 0x0a or 0x11. */
static void expect_span(uint8_t first, const char *sql) {
    spanlink_context context;
    expect_statement_judged(sql, strlen(sql), 0);
    assert_ok(spanlink_sql_comment_parse(spanlink_str_from(sql), NULL, 0, &context));
    assert_int_equal(first, context.trace_id[0]);
}

static void expect_statuses(spanlink_status wanted, const char *const *statements) {
    for (; *statements != NULL; statements++) {
        expect_status(wanted, *statements);
    }
}

static void expect_spans(uint8_t first, const char *const *statements) {
    for (; *statements != NULL; statements++) {
        expect_span(first, *statements);
    }
}

static void expect_state(const char *wanted, const char *sql) {
    spanlink_context context;
    char text[256];
    expect_statement_judged(sql, strlen(sql), sizeof text);
    assert_ok(spanlink_sql_comment_parse(spanlink_str_from(sql), text, sizeof text, &context));
    assert_int_equal(strlen(wanted), context.trace_state.len);
    if (*wanted != '\0') {
        assert_text(wanted, context.trace_state);
    }
}

TEST(a_comment_becomes_a_context) {
    spanlink_context context;
    char text[64];
    spanlink_str sql = spanlink_str_from(
        "SELECT * FROM t /*action='%2Fparam*d',controller='index',framework='spring',"
        "traceparent='00-5bd66ef5095369c7b0d1f8f4bd33716a-c532cb4098ac3dd2-01',"
        "tracestate='congo%3Dt61rcWkgMzE%2Crojo%3D00f067aa0ba902b7'*/");
    assert_ok(spanlink_sql_comment_parse(sql, text, sizeof text, &context));
    assert_int_equal(0x5b, context.trace_id[0]);
    assert_int_equal(0xd2, context.span_id[7]);
    assert_int_equal(1, context.trace_flags);
    assert_true(context.is_remote);
    assert_text("congo=t61rcWkgMzE,rojo=00f067aa0ba902b7", context.trace_state);
    assert_ptr_equal(text, context.trace_state.ptr);
}

TEST(the_last_comment_that_has_a_traceparent_counts) {
    expect_spans(0x0a, VALUES(OTHER " SELECT 1 " COMMENT,
                              COMMENT " SELECT 1 /* traceparent */ /*+ hint */ /*a='b'*/;",
                              OTHER COMMENT));
    expect_status(SPANLINK_ERR_TRACEPARENT_VERSION, COMMENT " /*traceparent='x'*/");
    expect_status(SPANLINK_ERR_TRACEPARENT_LENGTH, COMMENT " /*traceparent=''*/");
}

TEST(without_a_traceparent_there_is_no_context) {
    expect_statuses(SPANLINK_ERR_NO_CONTEXT, VALUES("", "SELECT 1", "SELECT 1 /**/", "SELECT 1 /*/",
                                                    "SELECT 1 /*tracestate='a%3D1'*/",
                                                    "SELECT 1 /*Traceparent='" TRACEPARENT "'*/",
                                                    "SELECT 1 /*traceparents='" TRACEPARENT "'*/",
                                                    "SELECT 1 /*traceparen='" TRACEPARENT "'*/",
                                                    "SELECT 1 traceparent='" TRACEPARENT "'"));
}

TEST(the_traceparent_has_its_own_statuses) {
    expect_status(SPANLINK_ERR_TRACEPARENT_TRACE_ID_ZERO,
                  "/*traceparent='00-00000000000000000000000000000000-b7ad6b7169203331-01'*/");
    expect_statuses(SPANLINK_ERR_TRACEPARENT_LENGTH,
                    VALUES("/*traceparent='" TRACEPARENT "1'*/",
                           "/*traceparent='" TRACEPARENT " 1'*/",
                           "/*traceparent='" TRACEPARENT "           x'*/"));
    expect_statuses(SPANLINK_OK, VALUES("/*traceparent='\t  " TRACEPARENT "  %20           '*/",
                                        "/*traceparent='cc"
                                        "-0af7651916cd43dd8448eb211c80319c-"
                                        "b7ad6b7169203331-01-and what the future brings'*/"));
    expect_status(SPANLINK_ERR_TRACEPARENT_DELIMITER,
                  "/*traceparent='cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 x'*/");
}

TEST(a_traceparent_of_more_than_128_characters_is_too_long) {
    for (size_t length = 120; length < 140; length++) {
        char sql[200] = "/*traceparent='%63c-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-";
        size_t start = strlen("/*traceparent='%63");
        memset(sql + strlen(sql), 'x', length - 56);
        strcpy(sql + start + length - 1, "'*/");
        expect_status(length <= 128 ? SPANLINK_OK : SPANLINK_ERR_TRACEPARENT_LENGTH, sql);
    }
}

TEST(strings_and_identifiers_hold_no_comments) {
    expect_spans(0x11, VALUES(OTHER " SELECT '/*traceparent=''" TRACEPARENT "''*/'",
                              OTHER " SELECT \"/*traceparent='" TRACEPARENT "'*/\"",
                              OTHER " SELECT `/*traceparent='" TRACEPARENT "'*/`",
                              OTHER " SELECT $$/*traceparent='" TRACEPARENT "'*/$$",
                              OTHER " SELECT $a_1$ $a$ $$ " COMMENT "$a_1$",
                              OTHER " SELECT $\xc3\xa4$" COMMENT "$\xc3\xa4$"));
    expect_statuses(SPANLINK_ERR_NO_CONTEXT,
                    VALUES("SELECT '" COMMENT, "SELECT \"" COMMENT, "SELECT `" COMMENT));
}

TEST(strings_end_where_they_end) {
    expect_spans(0x0a, VALUES("SELECT 'it''s', \"a\"\"b\", `c``d` " COMMENT,
                              "SELECT '', \"\", ``, $$$$, $a$$a$ " COMMENT,
                              "SELECT '\"', \"'\", `'\"`, $$'\"`$$ " COMMENT,
                              "SELECT $a$ $A$ $$ $a $a$ " COMMENT));
}

TEST(a_dollar_is_not_always_a_quote) {
    expect_spans(0x0a, VALUES("SELECT $1, $2$ " COMMENT, "SELECT a$b$c " COMMENT,
                              "SELECT \xc3\xa4$b$ " COMMENT, "SELECT $a " COMMENT,
                              "$ " COMMENT " $", COMMENT "$a"));
    expect_statuses(
        SPANLINK_ERR_NO_CONTEXT,
        VALUES("SELECT $a$ " COMMENT " $a", "SELECT $$ " COMMENT, "SELECT $a$" COMMENT "$b$"));
}

TEST(line_comments_hold_no_comments) {
    expect_spans(0x0a,
                 VALUES(COMMENT " -- " OTHER, COMMENT " --" OTHER "\n",
                        "SELECT 1 -- it's /* one\n" COMMENT, "SELECT 1 -- it's /* one\r" COMMENT,
                        "SELECT 1 - 2 -" COMMENT "-", COMMENT " # " OTHER, COMMENT " #" OTHER,
                        "SELECT 1 # it's\n" COMMENT "#"));
}

TEST(a_hash_is_not_always_a_comment) {
    expect_spans(0x0a, VALUES("SELECT * FROM #temp, ##global " COMMENT,
                              "SELECT a #> '{b}', a #>> '{c}', a #- '{d}' " COMMENT,
                              "SELECT #\xc3\xa4 " COMMENT));
}

TEST(backslashes_are_read_by_mysql_s_rules_first) {
    expect_span(0x11, OTHER " SELECT 'it\\'s /*traceparent=\\'" TRACEPARENT "\\'*/'");
    expect_spans(0x0a, VALUES("SELECT 'it\\'s', \"\\\"\" " COMMENT, "SELECT `\\` " COMMENT,
                              "SELECT '\\\\' " COMMENT));
}

TEST(backslashes_are_characters_if_a_string_would_not_end) {
    expect_spans(0x0a, VALUES("SELECT 'C:\\' " COMMENT, "SELECT 'C:\\', 'D:\\' " COMMENT,
                              "SELECT \"\\\" " COMMENT, "SELECT E'\\'', 'C:\\' " COMMENT,
                              "SELECT e'\\'', 'C:\\' " COMMENT));
    expect_statuses(SPANLINK_ERR_NO_CONTEXT,
                    VALUES("SELECT ae'\\'', 'C:\\' " COMMENT, "SELECT 'a\\", "E'a\\"));
}

TEST(comments_nest_only_if_one_would_not_end_otherwise) {
    expect_spans(0x0a, VALUES("/* a /* b */ " COMMENT, "/* it /* x */ 's */ " COMMENT,
                              "/* it /* x */ 's */ SELECT 'a' " COMMENT));
    expect_status(SPANLINK_ERR_NO_CONTEXT, "/* /* */ ' " COMMENT);
}

TEST(an_unterminated_comment_is_ignored) {
    expect_statuses(SPANLINK_ERR_NO_CONTEXT,
                    VALUES("SELECT 1 /*traceparent='" TRACEPARENT "'",
                           "SELECT 1 /*traceparent='" TRACEPARENT "'*", "SELECT 1 /"));
    expect_spans(0x0a, VALUES(COMMENT " SELECT 'cut off in the mid",
                              COMMENT " /*traceparent='" OTHER_PARENT "'"));
}

TEST(spaces_around_keys_and_values_are_passed_over) {
    expect_spans(0x0a, VALUES("/* traceparent='" TRACEPARENT "' */",
                              "/*\n\ttraceparent\r\n=\n'" TRACEPARENT "'\t,\na='b'\n*/"));
    expect_state("a=1", "/* tracestate = 'a%3D1' , traceparent = '" TRACEPARENT "' */");
}

TEST(members_of_another_form_are_passed_over) {
    expect_spans(0x0a, VALUES("/*it is mine, a,b=,c=d,=,,e='f'g,h='i'='j',traceparent='" TRACEPARENT
                              "'*/",
                              "/*traceparent='" TRACEPARENT "',it's mine*/"));
    expect_statuses(
        SPANLINK_ERR_NO_CONTEXT,
        VALUES("/*traceparent=" TRACEPARENT "*/", "/*traceparent=\"" TRACEPARENT "\"*/",
               "/*traceparent='" TRACEPARENT "' x*/", "/*x traceparent='" TRACEPARENT "'*/",
               "/*traceparent='" TRACEPARENT "*/", "/*a='b,traceparent='" TRACEPARENT "'*/",
               "/*traceparent*/", "/*traceparent=*/"));
}

TEST(values_may_hold_commas_and_escaped_quotes) {
    expect_span(0x0a, "/*a='b,traceparent=\\'x\\'',traceparent='" TRACEPARENT "'*/");
    expect_state("a='1'", "/*tracestate='a=\\'1%27',traceparent='" TRACEPARENT "'*/");
    expect_state("a=\\", "/*tracestate='a=%5c',traceparent='" TRACEPARENT "'*/");
    expect_state("a=\\1", "/*tracestate='a=\\1',traceparent='" TRACEPARENT "'*/");
}

TEST(keys_and_values_are_decoded_once) {
    expect_span(
        0x0a, "/*trac%65paren%74='00%2d0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331%2D01'*/");
    expect_state("a=%41", "/*traceparent='" TRACEPARENT "',tr%61cestate='a%3D%2541'*/");
    expect_state("a=%4", "/*traceparent='" TRACEPARENT "',tracestate='a%3D%4'*/");
    expect_state("a=%zz%", "/*traceparent='" TRACEPARENT "',tracestate='a%3D%zz%'*/");
    expect_state("a=%g1%1g", "/*traceparent='" TRACEPARENT "',tracestate='a%3D%g1%1g'*/");
    expect_state("a=b+c", "/*traceparent='" TRACEPARENT "',tracestate='a%3Db+c'*/");
}

TEST(of_a_repeated_key_the_last_counts) {
    expect_span(0x0a, "/*traceparent='" OTHER_PARENT "',traceparent='" TRACEPARENT "'*/");
    expect_state("b=2", "/*traceparent='" TRACEPARENT "',tracestate='a%3D1',tracestate='b%3D2'*/");
    expect_state("", "/*tracestate='a%3D1'*/ " COMMENT);
}

TEST(a_tracestate_that_is_not_valid_is_left_out) {
    expect_state("", "/*traceparent='" TRACEPARENT "',tracestate=''*/");
    expect_state("", "/*traceparent='" TRACEPARENT "',tracestate='a'*/");
    expect_state("", "/*traceparent='" TRACEPARENT "',tracestate='%00'*/");
    expect_state("", "/*traceparent='" TRACEPARENT "',tracestate=' ,, '*/");
    expect_state("a=1, b=2", "/*traceparent='" TRACEPARENT "',tracestate='\t a=1, b%3d2%20'*/");
}

TEST(a_text_that_is_too_small_loses_the_tracestate_alone) {
    static const char sql[] = "/*traceparent='" TRACEPARENT "',tracestate='a%3D1%2Cb%3D2'*/";
    for (size_t capacity = 0; capacity < 9; capacity++) {
        spanlink_context context;
        char text[9] = "########";
        expect_statement_judged(sql, strlen(sql), capacity);
        assert_ok(spanlink_sql_comment_parse(spanlink_str_from(sql), text, capacity, &context));
        assert_int_equal(capacity < 7 ? 0 : 7, context.trace_state.len);
        assert_int_equal(capacity < 8 ? '#' : '\0', text[capacity] == '#' ? '#' : '\0');
    }
}

TEST(statements_are_judged_as_specified) {
    static const char *const statements[] = {
        "SELECT E'it\\'s', 'C:\\' /* a /* b */ */ " COMMENT,
        "$t$ ' $t$ -- x\n`a` # y\r /*tracestate='a%3D\\'1',traceparent='" TRACEPARENT "'*/",
    };
    for (size_t i = 0; i < 2; i++) {
        char text[256];
        size_t length = strlen(statements[i]);
        memcpy(text, statements[i], length);
        for (size_t at = 0; at < length; at++) {
            for (int byte = 0; byte < 256; byte++) {
                text[at] = (char)byte;
                expect_statement_judged(text, length, 64);
            }
            text[at] = statements[i][at];
            expect_statement_judged(text, at, 64);
        }
    }
}

/* Random statements made of SQL syntax. */
TEST(random_statements_are_judged_as_specified) {
    const char *const *pieces = VALUES(
        "/*", "*/", "'", "'", "\"", "`", "\\", "\\'", "$$", "$a$", "$", "--", "#", "\n", "a", "E",
        "e'", ",", "=", "='", " ", "%27", "%3D", "1", "*", "/", "tracestate='a%3D1'",
        "traceparent='" TRACEPARENT "'", "traceparent='" OTHER_PARENT "'", COMMENT, OTHER, COMMENT);
    size_t count = 0;
    while (pieces[count] != NULL) {
        count++;
    }
    uint64_t random = 5;
    for (int round = 0; round < 200000; round++) {
        char text[2048];
        size_t length = 0;
        for (size_t i = test_random_below(&random, 16); i > 0; i--) {
            const char *piece = pieces[test_random_below(&random, count)];
            memcpy(text + length, piece, strlen(piece));
            length += strlen(piece);
        }
        expect_statement_judged(text, length, test_random_below(&random, 8));
    }
}

TEST(null_arguments_are_refused) {
    spanlink_context context = {.trace_flags = 9, .trace_id = {1}, .span_id = {1}};
    char text[8];
    size_t length = 7;
    spanlink_str sql = spanlink_str_from(COMMENT);
    assert_refused(spanlink_sql_comment_parse(sql, text, 8, NULL));
    assert_refused(spanlink_sql_comment_parse(sql, NULL, 1, &context));
    assert_refused(spanlink_sql_comment_parse((spanlink_str){NULL, 1}, text, 8, &context));
    assert_status(SPANLINK_ERR_NO_CONTEXT,
                  spanlink_sql_comment_parse((spanlink_str){NULL, 0}, NULL, 0, &context));
    assert_int_equal(9, context.trace_flags);
    assert_refused(spanlink_sql_comment_format(NULL, text, 8, &length));
    assert_refused(spanlink_sql_comment_format(&context, NULL, 8, &length));
    assert_refused(spanlink_sql_comment_format(&context, text, 8, NULL));
    context.trace_state.len = 1;
    assert_refused(spanlink_sql_comment_format(&context, text, 8, &length));
    assert_int_equal(7, length);
}

static spanlink_context example(const char *trace_state) {
    spanlink_context context;
    assert_ok(spanlink_context_from_headers(spanlink_str_from(TRACEPARENT), (spanlink_str){NULL, 0},
                                            &context));
    context.trace_state = spanlink_str_from(trace_state);
    return context;
}

static void expect_comment(const char *wanted, const char *trace_state) {
    spanlink_context context = example(trace_state);
    char text[512];
    size_t length = 0;
    assert_ok(spanlink_sql_comment_format(&context, text, sizeof text, &length));
    assert_text(wanted, ((spanlink_str){text, length}));
}

TEST(format_writes_a_comment) {
    expect_comment(COMMENT, "");
    expect_comment("/*traceparent='" TRACEPARENT "',tracestate='a%3D1%2Cb%3D2'*/", "a=1,b=2");
}

TEST(format_encodes_all_but_letters_digits_and_four_marks) {
    for (int byte = 0x20; byte < 0x7f; byte++) {
        char member[8], wanted[128];
        if (byte == ',' || byte == '=') {
            continue;
        }
        sprintf(member, "k=%c.", byte);
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= '0' && byte <= '9') || strchr("-._~", byte) != NULL;
        sprintf(wanted,
                plain ? "/*traceparent='%s',tracestate='k%%3D%c.'*/"
                      : "/*traceparent='%s',tracestate='k%%3D%%%02X.'*/",
                TRACEPARENT, (unsigned)byte);
        expect_comment(wanted, member);
    }
    expect_comment("/*traceparent='" TRACEPARENT "',tracestate='a%40b%2F%2A%3D%2A%2F%27'*/",
                   "a@b/*=*/'");
}

TEST(format_normalises_a_tracestate_and_omits_an_invalid_one) {
    expect_comment("/*traceparent='" TRACEPARENT "',tracestate='a%3D1%2Cb%3D2'*/",
                   " a=1 ,, b=2,a=3\t");
    expect_comment(COMMENT, " , ,");
    expect_comment(COMMENT, "a");
    expect_comment(COMMENT, "a=1,B=2");
}

TEST(format_returns_the_needed_capacity) {
    spanlink_context context = example("a=1");
    char text[100];
    size_t need = strlen("/*traceparent='" TRACEPARENT "',tracestate='a%3D1'*/");
    for (size_t capacity = 0; capacity < need + 3; capacity++) {
        size_t length = 0;
        memset(text, '#', sizeof text);
        assert_status(
            capacity < need ? SPANLINK_ERR_CAPACITY : SPANLINK_OK,
            spanlink_sql_comment_format(&context, capacity != 0 ? text : NULL, capacity, &length));
        assert_int_equal(need, length);
        assert_int_equal('#', text[capacity]);
    }
}

TEST(format_refuses_what_names_no_span) {
    spanlink_context context = example("");
    char text[128];
    size_t length = 7;
    memset(context.span_id, 0, 8);
    assert_status(SPANLINK_ERR_SPAN_ID_ZERO,
                  spanlink_sql_comment_format(&context, text, sizeof text, &length));
    memset(context.trace_id, 0, 16);
    assert_status(SPANLINK_ERR_TRACE_ID_ZERO,
                  spanlink_sql_comment_format(&context, text, sizeof text, &length));
    assert_int_equal(7, length);
}

TEST(the_longest_tracestate_fits_and_comes_back) {
    static char trace_state[SPANLINK_TRACESTATE_MAX + 1], text[SPANLINK_SQL_COMMENT_MAX];
    static char back[SPANLINK_TRACESTATE_MAX];
    spanlink_context context = example(""), read;
    size_t at = 0, length = 0;
    for (int member = 0; member < 32; member++) {
        memset(trace_state + at, '@', 256);
        trace_state[at] = (char)('a' + member % 26);
        trace_state[at + 1] = (char)('a' + member / 26);
        trace_state[at + 256] = '=';
        memset(trace_state + at + 257, '*', 256);
        trace_state[at + 513] = ',';
        at += 514;
    }
    context.trace_state = (spanlink_str){trace_state, at - 1};
    assert_int_equal(SPANLINK_TRACESTATE_MAX, at - 1);
    assert_ok(spanlink_sql_comment_format(&context, text, sizeof text, &length));
    assert_int_equal(SPANLINK_SQL_COMMENT_MAX - 32 * 2 * 2, length);
    assert_ok(spanlink_sql_comment_parse((spanlink_str){text, length}, back, sizeof back, &read));
    assert_int_equal(at - 1, read.trace_state.len);
    assert_memory_equal(trace_state, read.trace_state.ptr, at - 1);
}

TEST(a_comment_after_any_statement_is_read_back) {
    uint64_t random = 11;
    for (int round = 0; round < 20000; round++) {
        spanlink_context context = test_random_context(&random), read;
        char sql[512] = "SELECT 'a', \"b\" FROM t -- c\n", member[32] = "k=", text[64];
        size_t start = strlen(sql), length = 0;
        for (size_t i = 2; i < 10; i++) {
            do {
                member[i] = (char)(0x21 + test_random_below(&random, 94));
            } while (member[i] == ',' || member[i] == '=');
        }
        context.trace_state = spanlink_str_from(member);
        assert_ok(spanlink_sql_comment_format(&context, sql + start, sizeof sql - start, &length));
        assert_ok(spanlink_sql_comment_parse((spanlink_str){sql, start + length}, text, sizeof text,
                                             &read));
        expect_same_context(&context, &read, 3);
        assert_text(member, read.trace_state);
    }
}
