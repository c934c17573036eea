/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "test_formats.h"

#include <spanlink/cloud_trace.h>

#include <stdio.h>

#define TRACE_ID "105445aa7843bc8bf206b12000100000"

static const test_format cloud_trace = {spanlink_cloud_trace_parse, oracle_cloud_trace};
static const char usual[] = TRACE_ID "/18374686479671623803;o=1";

static void a_header_becomes_a_context(void **state) {
    (void)state;
    expect_context(&cloud_trace, usual, TRACE_ID, "ff0000000000007b", 1);
    expect_context(&cloud_trace, TRACE_ID "/1;o=0", TRACE_ID, "0000000000000001", 0);
}

static void options_may_be_missing_or_empty(void **state) {
    (void)state;
    static const char *const options[] = {"", ";", ";o=", "; ", " ;o=\t"};
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        char header[80];
        sprintf(header, "%s/123%s", TRACE_ID, options[i]);
        expect_context(&cloud_trace, header, TRACE_ID, "000000000000007b", 0);
    }
}

static void only_1_is_sampled(void **state) {
    (void)state;
    static const char *const options[] = {"0", "2", "3", "11", "01", "x", "-1", "1 1", "o=1"};
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        char header[80];
        sprintf(header, "%s/123;o=%s", TRACE_ID, options[i]);
        expect_context(&cloud_trace, header, TRACE_ID, "000000000000007b", 0);
    }
}

static void what_else_is_behind_the_ids_is_another_format(void **state) {
    (void)state;
    static const char *const options[] = {"x",     "x=1", "o",    "O=1",     "oo=1", "=1",
                                          "o o=1", "1",   "o=1;", "o=1;o=1", ";o=1"};
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        char header[80];
        sprintf(header, "%s/123;%s", TRACE_ID, options[i]);
        expect_reads(&cloud_trace, SPANLINK_ERR_FORMAT_SYNTAX, header);
    }
}

static void hex_digits_of_either_case_are_read(void **state) {
    (void)state;
    expect_context(&cloud_trace, "105445AA7843BC8BF206B12000100000/1;o=1", TRACE_ID,
                   "0000000000000001", 1);
}

static void a_trace_without_a_span_is_no_context(void **state) {
    (void)state;
    expect_reads(&cloud_trace, SPANLINK_ERR_NO_CONTEXT, "");
    expect_reads(&cloud_trace, SPANLINK_ERR_NO_CONTEXT, "\t");
    expect_reads(&cloud_trace, SPANLINK_ERR_NO_CONTEXT, TRACE_ID);
    expect_reads(&cloud_trace, SPANLINK_ERR_NO_CONTEXT, TRACE_ID ";o=1");
    expect_reads(&cloud_trace, SPANLINK_ERR_TRACE_ID_LENGTH, "105445aa7843bc8b");
    expect_reads(&cloud_trace, SPANLINK_ERR_TRACE_ID_ZERO, "00000000000000000000000000000000");
}

static void a_bare_sampling_decision_is_no_context(void **state) {
    (void)state;
    expect_reads(&cloud_trace, SPANLINK_ERR_NO_CONTEXT, ";o=1");
    expect_reads(&cloud_trace, SPANLINK_ERR_NO_CONTEXT, "\t; o=0 ");
    expect_reads(&cloud_trace, SPANLINK_ERR_NO_CONTEXT, ";");
    expect_reads(&cloud_trace, SPANLINK_ERR_FORMAT_SYNTAX, ";x");
}

static void each_fault_of_an_id_has_its_status(void **state) {
    (void)state;
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

static void decimals_may_have_zeros_in_front(void **state) {
    (void)state;
    expect_context(&cloud_trace, TRACE_ID "/00000000000000000000000000000123;o=1", TRACE_ID,
                   "000000000000007b", 1);
    expect_context(&cloud_trace, TRACE_ID "/0018446744073709551615", TRACE_ID, "ffffffffffffffff",
                   0);
}

static void spaces_and_tabs_around_parts_are_passed_over(void **state) {
    (void)state;
    expect_context(&cloud_trace, " " TRACE_ID "\t/ 123 ; o=1\t", TRACE_ID, "000000000000007b", 1);
    expect_context(&cloud_trace, TRACE_ID "/123;o =\t1", TRACE_ID, "000000000000007b", 1);
    expect_reads(&cloud_trace, SPANLINK_ERR_SPAN_ID_DIGIT, TRACE_ID "/1 2;o=1");
}

static void a_header_is_judged_as_specified(void **state) {
    (void)state;
    expect_each_byte_judged(&cloud_trace, usual, strlen(usual));
    expect_each_byte_judged(&cloud_trace, TRACE_ID "/9", 34);
    expect_each_length_judged(&cloud_trace, usual, strlen(usual));
    expect_each_length_judged(&cloud_trace, TRACE_ID "/9", 34);
    expect_damage_judged(&cloud_trace, usual, strlen(usual), "01aF/;o= \t");
}

static void null_arguments_are_refused(void **state) {
    (void)state;
    expect_arguments_refused(&cloud_trace, usual);
}

static void format_writes_at_most_57_characters_and_a_nul(void **state) {
    (void)state;
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

static void format_refuses_what_names_no_span(void **state) {
    (void)state;
    spanlink_context context = {.span_id = {1}};
    char text[58] = "#";
    assert_status(SPANLINK_ERR_TRACE_ID_ZERO, spanlink_cloud_trace_format(&context, text));
    context = (spanlink_context){.trace_id = {1}};
    assert_status(SPANLINK_ERR_SPAN_ID_ZERO, spanlink_cloud_trace_format(&context, text));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_cloud_trace_format(NULL, text));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_cloud_trace_format(&context, NULL));
    assert_string_equal("#", text);
}

static void what_is_written_is_read_back(void **state) {
    (void)state;
    uint64_t random = 11;
    for (int round = 0; round < 20000; round++) {
        spanlink_context context = test_random_context(&random), back;
        char text[58];
        assert_status(SPANLINK_OK, spanlink_cloud_trace_format(&context, text));
        assert_status(SPANLINK_OK, spanlink_cloud_trace_parse(spanlink_str_from(text), &back));
        expect_same_context(&context, &back, SPANLINK_TRACE_FLAG_SAMPLED);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_becomes_a_context),
        cmocka_unit_test(options_may_be_missing_or_empty),
        cmocka_unit_test(only_1_is_sampled),
        cmocka_unit_test(what_else_is_behind_the_ids_is_another_format),
        cmocka_unit_test(hex_digits_of_either_case_are_read),
        cmocka_unit_test(a_trace_without_a_span_is_no_context),
        cmocka_unit_test(a_bare_sampling_decision_is_no_context),
        cmocka_unit_test(each_fault_of_an_id_has_its_status),
        cmocka_unit_test(decimals_may_have_zeros_in_front),
        cmocka_unit_test(spaces_and_tabs_around_parts_are_passed_over),
        cmocka_unit_test(a_header_is_judged_as_specified),
        cmocka_unit_test(null_arguments_are_refused),
        cmocka_unit_test(format_writes_at_most_57_characters_and_a_nul),
        cmocka_unit_test(format_refuses_what_names_no_span),
        cmocka_unit_test(what_is_written_is_read_back),
    };
    return cmocka_run_group_tests_name("cloud_trace", tests, NULL, NULL);
}
