/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "test_formats.h"

#include <spanlink/b3.h>

static const test_format b3 = {spanlink_b3_parse, oracle_b3};
static const char usual[] = "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1";
static const char longest[] =
    "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-d-05e3ac9a4f6e3b90";
static const char shortest[] = "64fe8b2a57d3eff7-e457b5a2e4d86bd1";

/* The multiple headers, as lines of one text for the judges of one header. */

enum { VALUES = 4 };

static spanlink_status parse_multi(spanlink_str header, spanlink_context *context) {
    spanlink_str v[VALUES];
    oracle_cut_lines(header.ptr, header.len, v);
    return spanlink_b3_parse_multi(v[0], v[1], v[2], v[3], context);
}

static oracle_reading judge_multi(const char *header, size_t length) {
    spanlink_str values[VALUES];
    oracle_cut_lines(header, length, values);
    return oracle_b3_multi(values);
}

static const test_format multi = {parse_multi, judge_multi};
static const char usual_multi[] = "80f198ee56343ba864fe8b2a57d3eff7\ne457b5a2e4d86bd1\ntrue\n1";

TEST(a_header_becomes_a_context) {
    expect_context(&b3, usual, "80f198ee56343ba864fe8b2a57d3eff7", "e457b5a2e4d86bd1", 1);
    expect_context(&b3, longest, "80f198ee56343ba864fe8b2a57d3eff7", "e457b5a2e4d86bd1", 1);
}

TEST(a_trace_id_of_64_bits_is_the_low_half) {
    expect_context(&b3, shortest, "000000000000000064fe8b2a57d3eff7", "e457b5a2e4d86bd1", 0);
    expect_context(&b3, "64fe8b2a57d3eff7-e457b5a2e4d86bd1-1", "000000000000000064fe8b2a57d3eff7",
                   "e457b5a2e4d86bd1", 1);
    expect_context(&multi, "64fe8b2a57d3eff7\ne457b5a2e4d86bd1\n1",
                   "000000000000000064fe8b2a57d3eff7", "e457b5a2e4d86bd1", 1);
}

TEST(one_and_debug_are_sampled_and_all_else_is_not) {
    for (int byte = 1; byte < 256; byte++) {
        char header[] = "64fe8b2a57d3eff7-e457b5a2e4d86bd1-?-05e3ac9a4f6e3b90";
        header[34] = (char)byte;
        if (byte != '-') {
            expect_context(&b3, header, "000000000000000064fe8b2a57d3eff7", "e457b5a2e4d86bd1",
                           byte == '1' || byte == 'd');
        }
    }
    expect_context(&b3, "64fe8b2a57d3eff7-e457b5a2e4d86bd1-true",
                   "000000000000000064fe8b2a57d3eff7", "e457b5a2e4d86bd1", 0);
    expect_context(&b3, "64fe8b2a57d3eff7-e457b5a2e4d86bd1-", "000000000000000064fe8b2a57d3eff7",
                   "e457b5a2e4d86bd1", 0);
}

TEST(a_parent_is_passed_over_whatever_it_is) {
    expect_reads(&b3, SPANLINK_OK, "64fe8b2a57d3eff7-e457b5a2e4d86bd1-1-0");
    expect_reads(&b3, SPANLINK_OK, "64fe8b2a57d3eff7-e457b5a2e4d86bd1-1-");
    expect_reads(&b3, SPANLINK_OK, "64fe8b2a57d3eff7-e457b5a2e4d86bd1-1-0000000000000000");
    expect_reads(&b3, SPANLINK_OK, "64fe8b2a57d3eff7-e457b5a2e4d86bd1-1-what?");
    expect_reads(&b3, SPANLINK_OK, "64fe8b2a57d3eff7-e457b5a2e4d86bd1-05e3ac9a4f6e3b90");
}

TEST(a_sampling_decision_alone_names_no_span) {
    expect_reads(&b3, SPANLINK_ERR_NO_CONTEXT, "");
    expect_reads(&b3, SPANLINK_ERR_NO_CONTEXT, " \t");
    expect_reads(&b3, SPANLINK_ERR_NO_CONTEXT, "0");
    expect_reads(&b3, SPANLINK_ERR_NO_CONTEXT, " 1");
    expect_reads(&b3, SPANLINK_ERR_NO_CONTEXT, "d\t");
    expect_reads(&b3, SPANLINK_ERR_FORMAT_SYNTAX, "2");
    expect_reads(&b3, SPANLINK_ERR_FORMAT_SYNTAX, "D");
}

TEST(more_or_fewer_parts_are_another_format) {
    expect_reads(&b3, SPANLINK_ERR_FORMAT_SYNTAX, "80f198ee56343ba864fe8b2a57d3eff7");
    expect_reads(&b3, SPANLINK_ERR_FORMAT_SYNTAX,
                 "64fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90-");
    expect_reads(&b3, SPANLINK_ERR_FORMAT_SYNTAX, "a-b-c-d-e-f");
}

TEST(each_fault_of_an_id_has_its_status) {
    expect_reads(&b3, SPANLINK_ERR_TRACE_ID_LENGTH, "-e457b5a2e4d86bd1");
    expect_reads(&b3, SPANLINK_ERR_TRACE_ID_LENGTH, "4fe8b2a57d3eff7-e457b5a2e4d86bd1");
    expect_reads(&b3, SPANLINK_ERR_TRACE_ID_LENGTH, "064fe8b2a57d3eff7-e457b5a2e4d86bd1");
    expect_reads(&b3, SPANLINK_ERR_TRACE_ID_LENGTH,
                 "080f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1");
    expect_reads(&b3, SPANLINK_ERR_TRACE_ID_DIGIT, "64fe8b2a57d3efg7-e457b5a2e4d86bd1");
    expect_reads(&b3, SPANLINK_ERR_TRACE_ID_ZERO, "0000000000000000-e457b5a2e4d86bd1");
    expect_reads(&b3, SPANLINK_ERR_TRACE_ID_ZERO,
                 "00000000000000000000000000000000-0000000000000000-1");
    expect_reads(&b3, SPANLINK_ERR_SPAN_ID_ZERO,
                 "80f198ee56343ba864fe8b2a57d3eff7-0000000000000000-1");
    expect_reads(&b3, SPANLINK_ERR_SPAN_ID_LENGTH, "64fe8b2a57d3eff7-");
    expect_reads(&b3, SPANLINK_ERR_SPAN_ID_LENGTH, "64fe8b2a57d3eff7-e457b5a2e4d86bd");
    expect_reads(&b3, SPANLINK_ERR_SPAN_ID_LENGTH, "64fe8b2a57d3eff7-e457b5a2e4d86bd11-1");
    expect_reads(&b3, SPANLINK_ERR_SPAN_ID_DIGIT, "64fe8b2a57d3eff7-e457b5a2e4d86bg1");
    expect_reads(&b3, SPANLINK_ERR_SPAN_ID_ZERO, "64fe8b2a57d3eff7-0000000000000000-1");
}

TEST(uppercase_is_refused) {
    expect_reads(&b3, SPANLINK_ERR_TRACE_ID_DIGIT,
                 "80F198EE56343BA864FE8B2A57D3EFF7-e457b5a2e4d86bd1-1");
    expect_reads(&b3, SPANLINK_ERR_SPAN_ID_DIGIT,
                 "80f198ee56343ba864fe8b2a57d3eff7-E457B5A2E4D86BD1-1");
    expect_reads(&multi, SPANLINK_ERR_TRACE_ID_DIGIT, "64FE8B2A57D3EFF7\ne457b5a2e4d86bd1");
}

TEST(spaces_and_tabs_around_parts_are_passed_over) {
    expect_context(&b3, "\t 64fe8b2a57d3eff7 -\te457b5a2e4d86bd1 - 1 \t-  x ",
                   "000000000000000064fe8b2a57d3eff7", "e457b5a2e4d86bd1", 1);
    expect_reads(&b3, SPANLINK_ERR_TRACE_ID_DIGIT, "64fe8b2a57d3 ff7-e457b5a2e4d86bd1");
    expect_context(&multi, " 64fe8b2a57d3eff7\n\te457b5a2e4d86bd1 \n 1 \n\t1",
                   "000000000000000064fe8b2a57d3eff7", "e457b5a2e4d86bd1", 1);
}

TEST(a_header_is_judged_as_specified) {
    expect_each_byte_judged(&b3, usual, strlen(usual));
    expect_each_byte_judged(&b3, longest, strlen(longest));
    expect_each_byte_judged(&b3, shortest, strlen(shortest));
    expect_each_length_judged(&b3, longest, strlen(longest));
    expect_each_length_judged(&b3, shortest, strlen(shortest));
    expect_damage_judged(&b3, usual, strlen(usual), "0a1d-- \tA");
    expect_damage_judged(&b3, longest, strlen(longest), "0a1d-- \tA");
}

TEST(multiple_headers_are_judged_as_specified) {
    expect_each_byte_judged(&multi, usual_multi, strlen(usual_multi));
    expect_each_length_judged(&multi, usual_multi, strlen(usual_multi));
    expect_damage_judged(&multi, usual_multi, strlen(usual_multi), "01td\n\n tTRUErue");
}

TEST(sampled_and_flags_decide_together) {
    static const char *const sampled[] = {"1",   "true", "TRUE", "TrUe", "0",     "false", "",
                                          "yes", "d",    "11",   "tru",  "truee", "Trun",  "2"};
    static const char *const flags[] = {"1", "0", "", "2", "11", "true", "01"};
    for (size_t i = 0; i < sizeof sampled / sizeof sampled[0]; i++) {
        for (size_t j = 0; j < sizeof flags / sizeof flags[0]; j++) {
            spanlink_context context;
            assert_status(SPANLINK_OK,
                          spanlink_b3_parse_multi(spanlink_str_from("64fe8b2a57d3eff7"),
                                                  spanlink_str_from("e457b5a2e4d86bd1"),
                                                  spanlink_str_from(sampled[i]),
                                                  spanlink_str_from(flags[j]), &context));
            assert_int_equal(i < 4 || j == 0, context.trace_flags);
        }
    }
}

TEST(without_both_ids_there_is_no_context) {
    expect_reads(&multi, SPANLINK_ERR_NO_CONTEXT, "\n\n1\n1");
    expect_reads(&multi, SPANLINK_ERR_NO_CONTEXT, "64fe8b2a57d3eff7\n\n1");
    expect_reads(&multi, SPANLINK_ERR_NO_CONTEXT, " \ne457b5a2e4d86bd1\n1");
    expect_reads(&multi, SPANLINK_ERR_TRACE_ID_LENGTH, "1\n2");
    expect_reads(&multi, SPANLINK_ERR_TRACE_ID_ZERO, "0000000000000000\ne457b5a2e4d86bd1\n1");
    expect_reads(&multi, SPANLINK_ERR_SPAN_ID_ZERO, "64fe8b2a57d3eff7\n0000000000000000\n1");
}

TEST(null_arguments_are_refused) {
    expect_arguments_refused(&b3, usual);
    for (size_t broken = 0; broken < VALUES; broken++) {
        spanlink_str v[VALUES];
        spanlink_context context = {.trace_flags = 9};
        oracle_cut_lines(usual_multi, strlen(usual_multi), v);
        assert_status(SPANLINK_ERR_ARGUMENT, spanlink_b3_parse_multi(v[0], v[1], v[2], v[3], NULL));
        v[broken].ptr = NULL;
        assert_status(SPANLINK_ERR_ARGUMENT,
                      spanlink_b3_parse_multi(v[0], v[1], v[2], v[3], &context));
        assert_int_equal(9, context.trace_flags);
    }
}

TEST(format_writes_51_characters_and_a_nul) {
    spanlink_context context;
    char text[53];
    memset(text, '#', sizeof text);
    assert_status(SPANLINK_OK, spanlink_b3_parse(spanlink_str_from(usual), &context));
    assert_status(SPANLINK_OK, spanlink_b3_format(&context, text));
    assert_string_equal(usual, text);
    assert_int_equal(SPANLINK_B3_LENGTH, strlen(text));
    assert_int_equal('#', text[52]);
    context.trace_flags = 0xfe;
    assert_status(SPANLINK_OK, spanlink_b3_format(&context, text));
    assert_int_equal('0', text[50]);
}

TEST(format_refuses_what_names_no_span) {
    spanlink_context context = {.span_id = {1}};
    char text[52] = "#";
    assert_status(SPANLINK_ERR_TRACE_ID_ZERO, spanlink_b3_format(&context, text));
    context = (spanlink_context){.trace_id = {1}};
    assert_status(SPANLINK_ERR_SPAN_ID_ZERO, spanlink_b3_format(&context, text));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_b3_format(NULL, text));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_b3_format(&context, NULL));
    assert_string_equal("#", text);
}

TEST(what_is_written_is_read_back) {
    uint64_t random = 11;
    for (int round = 0; round < 20000; round++) {
        spanlink_context context = test_random_context(&random), back;
        char text[52];
        assert_status(SPANLINK_OK, spanlink_b3_format(&context, text));
        assert_status(SPANLINK_OK, spanlink_b3_parse(spanlink_str_from(text), &back));
        expect_same_context(&context, &back, SPANLINK_TRACE_FLAG_SAMPLED);
    }
}
