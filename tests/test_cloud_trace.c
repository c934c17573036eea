/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "test_formats.h"

#include <spanlink/cloud_trace.h>

#include <stdio.h>

#define TRACE_ID "105445aa7843bc8bf206b12000100000"

static const test_format cloud_trace = {spanlink_cloud_trace_parse, oracle_cloud_trace};
static const char usual[] = TRACE_ID "/18374686479671623803;o=1";

TEST(a_header_becomes_a_context) {
    expect_context(&cloud_trace, usual, TRACE_ID, "ff0000000000007b", 1);
    expect_context(&cloud_trace, TRACE_ID "/1;o=0", TRACE_ID, "0000000000000001", 0);
}

TEST(options_may_be_missing_or_empty) {
    static const char *const options[] = {"", ";", ";o=", "; ", " ;o=\t"};
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        char header[80];
        sprintf(header, "%s/123%s", TRACE_ID, options[i]);
        expect_context(&cloud_trace, header, TRACE_ID, "000000000000007b", 0);
    }
}

TEST(only_1_is_sampled) {
    static const char *const options[] = {"0", "2", "3", "11", "01", "x", "-1", "1 1", "o=1"};
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        char header[80];
        sprintf(header, "%s/123;o=%s", TRACE_ID, options[i]);
        expect_context(&cloud_trace, header, TRACE_ID, "000000000000007b", 0);
    }
}

TEST(what_else_is_behind_the_ids_is_another_format) {
    static const char *const options[] = {"x",     "x=1", "o",    "O=1",     "oo=1", "=1",
                                          "o o=1", "1",   "o=1;", "o=1;o=1", ";o=1"};
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        char header[80];
        sprintf(header, "%s/123;%s", TRACE_ID, options[i]);
        expect_reads(&cloud_trace, SPANLINK_ERR_FORMAT_SYNTAX, header);
    }
}

TEST(hex_digits_of_either_case_are_read) {
    expect_context(&cloud_trace, "105445AA7843BC8BF206B12000100000/1;o=1", TRACE_ID,
                   "0000000000000001", 1);
}

TEST(a_trace_without_a_span_is_no_context) {
    expect_reads(&cloud_trace, SPANLINK_ERR_NO_CONTEXT, "");
    expect_reads(&cloud_trace, SPANLINK_ERR_NO_CONTEXT, "\t");
    expect_reads(&cloud_trace, SPANLINK_ERR_NO_CONTEXT, TRACE_ID);
    expect_reads(&cloud_trace, SPANLINK_ERR_NO_CONTEXT, TRACE_ID ";o=1");
    expect_reads(&cloud_trace, SPANLINK_ERR_TRACE_ID_LENGTH, "105445aa7843bc8b");
    expect_reads(&cloud_trace, SPANLINK_ERR_TRACE_ID_ZERO, "00000000000000000000000000000000");
}

TEST(a_bare_sampling_decision_is_no_context) {
    expect_reads(&cloud_trace, SPANLINK_ERR_NO_CONTEXT, ";o=1");
    expect_reads(&cloud_trace, SPANLINK_ERR_NO_CONTEXT, "\t; o=0 ");
    expect_reads(&cloud_trace, SPANLINK_ERR_NO_CONTEXT, ";");
    expect_reads(&cloud_trace, SPANLINK_ERR_FORMAT_SYNTAX, ";x");
}

TEST(each_fault_of_an_id_has_its_status) {
    expect_reads(&cloud_trace, SPANLINK_ERR_TRACE_ID_LENGTH, "/1;o=1");
    expect_reads(&cloud_trace, SPANLINK_ERR_TRACE_ID_LENGTH, "5445aa7843bc8bf206b12000100000/1");
    expect_reads(&cloud_trace, SPANLINK_ERR_TRACE_ID_LENGTH, "0" TRACE_ID "/1");
    expect_reads(&cloud_trace, SPANLINK_ERR_TRACE_ID_DIGIT, "x05445aa7843bc8bf206b12000100000/1");
    expect_reads(&cloud_trace, SPANLINK_ERR_TRACE_ID_ZERO, "00000000000000000000000000000000/1");
    expect_reads(&cloud_trace, SPANLINK_ERR_TRACE_ID_ZERO,
                 "00000000000000000000000000000000/1;o=1");
    expect_reads(&cloud_trace, SPANLINK_ERR_SPAN_ID_LENGTH, TRACE_ID "/");
    expect_reads(&cloud_trace, SPANLINK_ERR_SPAN_ID_LENGTH, TRACE_ID "/ ;o=1");
    expect_reads(&cloud_trace, SPANLINK_ERR_SPAN_ID_LENGTH, TRACE_ID "/18446744073709551616");
    expect_reads(&cloud_trace, SPANLINK_ERR_SPAN_ID_DIGIT, TRACE_ID "/7b");
    expect_reads(&cloud_trace, SPANLINK_ERR_SPAN_ID_DIGIT, TRACE_ID "/-1");
    expect_reads(&cloud_trace, SPANLINK_ERR_SPAN_ID_DIGIT, TRACE_ID "/1/2");
    expect_reads(&cloud_trace, SPANLINK_ERR_SPAN_ID_ZERO, TRACE_ID "/0;o=1");
    expect_reads(&cloud_trace, SPANLINK_ERR_SPAN_ID_ZERO, TRACE_ID "/0000000000000000000000000");
}

TEST(decimals_may_have_zeros_in_front) {
    expect_context(&cloud_trace, TRACE_ID "/00000000000000000000000000000123;o=1", TRACE_ID,
                   "000000000000007b", 1);
    expect_context(&cloud_trace, TRACE_ID "/0018446744073709551615", TRACE_ID, "ffffffffffffffff",
                   0);
}

TEST(spaces_and_tabs_around_parts_are_passed_over) {
    expect_context(&cloud_trace, " " TRACE_ID "\t/ 123 ; o=1\t", TRACE_ID, "000000000000007b", 1);
    expect_context(&cloud_trace, TRACE_ID "/123;o =\t1", TRACE_ID, "000000000000007b", 1);
    expect_reads(&cloud_trace, SPANLINK_ERR_SPAN_ID_DIGIT, TRACE_ID "/1 2;o=1");
}

TEST(a_header_is_judged_as_specified) {
    expect_each_byte_judged(&cloud_trace, usual, strlen(usual));
    expect_each_byte_judged(&cloud_trace, TRACE_ID "/9", 34);
    expect_each_length_judged(&cloud_trace, usual, strlen(usual));
    expect_each_length_judged(&cloud_trace, TRACE_ID "/9", 34);
    expect_damage_judged(&cloud_trace, usual, strlen(usual), "01aF/;o= \t");
}

TEST(null_arguments_are_refused) {
    expect_arguments_refused(&cloud_trace, usual);
}

TEST(format_writes_at_most_57_characters_and_a_nul) {
    spanlink_context context;
    char text[59];
    memset(text, '#', sizeof text);
    assert_status(SPANLINK_OK, spanlink_cloud_trace_parse(spanlink_str_from(usual), &context));
    assert_status(SPANLINK_OK, spanlink_cloud_trace_format(&context, text));
    assert_string_equal(usual, text);
    assert_int_equal(SPANLINK_CLOUD_TRACE_LENGTH, strlen(text));
    assert_int_equal('#', text[58]);
    memset(context.span_id, 0, 7);
    context.trace_flags = 0;
    assert_status(SPANLINK_OK, spanlink_cloud_trace_format(&context, text));
    assert_string_equal(TRACE_ID "/123;o=0", text);
}

TEST(format_refuses_what_names_no_span) {
    spanlink_context context = {.span_id = {1}};
    char text[58] = "#";
    assert_status(SPANLINK_ERR_TRACE_ID_ZERO, spanlink_cloud_trace_format(&context, text));
    context = (spanlink_context){.trace_id = {1}};
    assert_status(SPANLINK_ERR_SPAN_ID_ZERO, spanlink_cloud_trace_format(&context, text));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_cloud_trace_format(NULL, text));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_cloud_trace_format(&context, NULL));
    assert_string_equal("#", text);
}

TEST(what_is_written_is_read_back) {
    uint64_t random = 11;
    for (int round = 0; round < 20000; round++) {
        spanlink_context context = test_random_context(&random), back;
        char text[58];
        assert_status(SPANLINK_OK, spanlink_cloud_trace_format(&context, text));
        assert_status(SPANLINK_OK, spanlink_cloud_trace_parse(spanlink_str_from(text), &back));
        expect_same_context(&context, &back, SPANLINK_TRACE_FLAG_SAMPLED);
    }
}
