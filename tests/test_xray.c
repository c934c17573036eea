/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "test_formats.h"

#include <spanlink/xray.h>

#define ROOT     "Root=1-5759e988-bd862e3fe1be46a994272793"
#define PARENT   "Parent=53995c3f42cd8ad8"
#define TRACE_ID "5759e988bd862e3fe1be46a994272793"
#define SPAN_ID  "53995c3f42cd8ad8"

static const test_format xray = {spanlink_xray_parse, oracle_xray};
static const char usual[] = ROOT ";" PARENT ";Sampled=1";
static const char long_one[] =
    "Self=1-67891234-12456789abcdef012345678; " ROOT " ;Lineage=a:12345678:f ; Sampled=1;" PARENT;

TEST(a_header_becomes_a_context) {
    expect_context(&xray, usual, TRACE_ID, SPAN_ID, 1);
    expect_context(&xray, long_one, TRACE_ID, SPAN_ID, 1);
}

TEST(fields_come_in_any_order) {
    expect_context(&xray, "Sampled=1;" PARENT ";" ROOT, TRACE_ID, SPAN_ID, 1);
    expect_context(&xray, PARENT ";" ROOT, TRACE_ID, SPAN_ID, 0);
}

TEST(hex_digits_of_either_case_are_read) {
    expect_context(&xray, "Root=1-5759E988-BD862E3FE1BE46A994272793;Parent=53995C3F42CD8AD8",
                   TRACE_ID, SPAN_ID, 0);
    expect_context(&xray,
                   "Root=1-5759E988-BD862E3fe1be46a994272793;Parent=53995C3f42cd8ad8;Sampled=1",
                   TRACE_ID, SPAN_ID, 1);
}

TEST(spaces_and_tabs_around_parts_are_passed_over) {
    expect_context(
        &xray, "\tRoot = 1-5759e988-bd862e3fe1be46a994272793 ; Parent=\t" SPAN_ID ";Sampled = 1 ",
        TRACE_ID, SPAN_ID, 1);
    expect_reads(&xray, SPANLINK_ERR_TRACE_ID_LENGTH,
                 "Root=1-5759e988 -bd862e3fe1be46a994272793;" PARENT);
    expect_reads(&xray, SPANLINK_ERR_FORMAT_SYNTAX,
                 "Root=1 -5759e988-bd862e3fe1be46a994272793;" PARENT);
}

TEST(empty_fields_and_other_fields_are_passed_over) {
    expect_context(&xray, ";;" ROOT ";;" PARENT ";Sampled=1;", TRACE_ID, SPAN_ID, 1);
    expect_context(&xray, "root=1;=;" ROOT ";Parents=0;" PARENT ";x==y", TRACE_ID, SPAN_ID, 0);
}

TEST(of_a_repeated_field_the_last_counts) {
    expect_context(&xray, "Root=2;Parent=;Sampled=0;" ROOT ";" PARENT ";Sampled=1", TRACE_ID,
                   SPAN_ID, 1);
    expect_reads(&xray, SPANLINK_ERR_SPAN_ID_LENGTH, ROOT ";" PARENT ";Parent=");
}

TEST(only_1_is_sampled) {
    static const char *const values[] = {"0", "?", "", "true", "11", "01", "d"};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char header[128] = ROOT ";" PARENT ";Sampled=";
        strcat(header, values[i]);
        expect_context(&xray, header, TRACE_ID, SPAN_ID, 0);
    }
}

TEST(without_root_or_parent_there_is_no_context) {
    expect_reads(&xray, SPANLINK_ERR_NO_CONTEXT, "");
    expect_reads(&xray, SPANLINK_ERR_NO_CONTEXT, " ; ;");
    expect_reads(&xray, SPANLINK_ERR_NO_CONTEXT, ROOT);
    expect_reads(&xray, SPANLINK_ERR_NO_CONTEXT, ROOT ";Sampled=1");
    expect_reads(&xray, SPANLINK_ERR_NO_CONTEXT, PARENT ";Sampled=1");
    expect_reads(&xray, SPANLINK_ERR_NO_CONTEXT, "Sampled=?");
    expect_reads(&xray, SPANLINK_ERR_NO_CONTEXT, "Self=1-5759e988-bd862e3fe1be46a994272793");
}

TEST(what_is_no_field_is_another_format) {
    expect_reads(&xray, SPANLINK_ERR_FORMAT_SYNTAX, ROOT ";" PARENT ";Sampled");
    expect_reads(&xray, SPANLINK_ERR_FORMAT_SYNTAX, "1-5759e988-bd862e3fe1be46a994272793");
    expect_reads(&xray, SPANLINK_ERR_FORMAT_SYNTAX,
                 "Root=2-5759e988-bd862e3fe1be46a994272793;" PARENT);
    expect_reads(&xray, SPANLINK_ERR_FORMAT_SYNTAX, "Root=" TRACE_ID ";" PARENT);
    expect_reads(&xray, SPANLINK_ERR_FORMAT_SYNTAX,
                 "Root=1-5759e98-8bd862e3fe1be46a994272793;" PARENT);
    expect_reads(&xray, SPANLINK_ERR_FORMAT_SYNTAX, "Root=;" PARENT);
}

TEST(each_fault_of_an_id_has_its_status) {
    expect_reads(&xray, SPANLINK_ERR_TRACE_ID_LENGTH,
                 "Root=1-759e988-bd862e3fe1be46a994272793;" PARENT);
    expect_reads(&xray, SPANLINK_ERR_TRACE_ID_LENGTH,
                 "Root=1-5759e988-bd862e3fe1be46a9942727931;" PARENT);
    expect_reads(&xray, SPANLINK_ERR_TRACE_ID_DIGIT,
                 "Root=1-5759e988-bd862e3fe1be46a99427279g;" PARENT);
    expect_reads(&xray, SPANLINK_ERR_TRACE_ID_ZERO,
                 "Root=1-00000000-000000000000000000000000;" PARENT);
    expect_reads(&xray, SPANLINK_ERR_TRACE_ID_ZERO,
                 "Root=1-00000000-000000000000000000000000;" PARENT ";Sampled=1");
    expect_reads(&xray, SPANLINK_ERR_SPAN_ID_LENGTH, ROOT ";Parent=53995c3f42cd8ad");
    expect_reads(&xray, SPANLINK_ERR_SPAN_ID_LENGTH, ROOT ";Parent=053995c3f42cd8ad8");
    expect_reads(&xray, SPANLINK_ERR_SPAN_ID_DIGIT, ROOT ";Parent=53995c3f42cd8adz");
    expect_reads(&xray, SPANLINK_ERR_SPAN_ID_ZERO, ROOT ";Parent=0000000000000000;Sampled=1");
}

TEST(a_header_is_judged_as_specified) {
    expect_each_byte_judged(&xray, usual, strlen(usual));
    expect_each_byte_judged(&xray, long_one, strlen(long_one));
    expect_each_length_judged(&xray, usual, strlen(usual));
    expect_each_length_judged(&xray, long_one, strlen(long_one));
    expect_damage_judged(&xray, usual, strlen(usual), "01aAR=;- \tP");
    expect_damage_judged(&xray, long_one, strlen(long_one), "01aAR=;- \tP");
}

TEST(null_arguments_are_refused) {
    expect_arguments_refused(&xray, usual);
}

TEST(format_writes_74_characters_and_a_nul) {
    spanlink_context context;
    char text[76];
    memset(text, '#', sizeof text);
    assert_status(SPANLINK_OK, spanlink_xray_parse(spanlink_str_from(long_one), &context));
    assert_status(SPANLINK_OK, spanlink_xray_format(&context, text));
    assert_string_equal(usual, text);
    assert_int_equal(SPANLINK_XRAY_LENGTH, strlen(text));
    assert_int_equal('#', text[75]);
}

TEST(format_refuses_what_names_no_span) {
    spanlink_context context = {.span_id = {1}};
    char text[75] = "#";
    assert_status(SPANLINK_ERR_TRACE_ID_ZERO, spanlink_xray_format(&context, text));
    context = (spanlink_context){.trace_id = {1}};
    assert_status(SPANLINK_ERR_SPAN_ID_ZERO, spanlink_xray_format(&context, text));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_xray_format(NULL, text));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_xray_format(&context, NULL));
    assert_string_equal("#", text);
}

TEST(what_is_written_is_read_back) {
    uint64_t random = 11;
    for (int round = 0; round < 20000; round++) {
        spanlink_context context = test_random_context(&random), back;
        char text[75];
        assert_status(SPANLINK_OK, spanlink_xray_format(&context, text));
        assert_status(SPANLINK_OK, spanlink_xray_parse(spanlink_str_from(text), &back));
        expect_same_context(&context, &back, SPANLINK_TRACE_FLAG_SAMPLED);
    }
}

TEST(the_first_32_bits_of_a_trace_id_are_its_time) {
    spanlink_context context = {.trace_id = {0x57, 0x59, 0xe9, 0x88, 0xff}};
    assert_int_equal(1465510280, spanlink_xray_epoch(&context));
    memset(context.trace_id, 0xff, 16);
    assert_int_equal(UINT32_MAX, spanlink_xray_epoch(&context));
    memset(context.trace_id, 0, 4);
    assert_int_equal(0, spanlink_xray_epoch(&context));
    assert_int_equal(0, spanlink_xray_epoch(NULL));
}
