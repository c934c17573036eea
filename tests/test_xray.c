/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "test_formats.h"

#include <spanlink/xray.h>

#include <stdio.h>

#define ROOT     "Root=1-5759e988-bd862e3fe1be46a994272793"
#define PARENT   "Parent=53995c3f42cd8ad8"
#define TRACE_ID "5759e988bd862e3fe1be46a994272793"
#define SPAN_ID  "53995c3f42cd8ad8"

static const char usual[] = ROOT ";" PARENT ";Sampled=1";
static const char long_one[] =
    "Self=1-67891234-12456789abcdef012345678; " ROOT " ;Lineage=a:12345678:f ; Sampled=1;" PARENT;

TEST(a_header_becomes_a_context) {
    expect_each_context(&test_xray, "%s", VALUES(usual, long_one), TRACE_ID, SPAN_ID, 1);
}

TEST(fields_come_in_any_order) {
    expect_context(&test_xray, "Sampled=1;" PARENT ";" ROOT, TRACE_ID, SPAN_ID, 1);
    expect_context(&test_xray, PARENT ";" ROOT, TRACE_ID, SPAN_ID, 0);
}

TEST(hex_digits_of_either_case_are_read) {
    expect_context(&test_xray, "Root=1-5759E988-BD862E3FE1BE46A994272793;Parent=53995C3F42CD8AD8",
                   TRACE_ID, SPAN_ID, 0);
    expect_context(&test_xray,
                   "Root=1-5759E988-BD862E3fe1be46a994272793;Parent=53995C3f42cd8ad8;Sampled=1",
                   TRACE_ID, SPAN_ID, 1);
}

TEST(spaces_and_tabs_around_parts_are_passed_over) {
    expect_context(&test_xray,
                   "\tRoot = 1-5759e988-bd862e3fe1be46a994272793 ; Parent=\t" SPAN_ID
                   ";Sampled = 1 ",
                   TRACE_ID, SPAN_ID, 1);
    expect_reads(&test_xray, SPANLINK_ERR_TRACE_ID_LENGTH,
                 "Root=1-5759e988 -bd862e3fe1be46a994272793;" PARENT);
    expect_reads(&test_xray, SPANLINK_ERR_FORMAT_SYNTAX,
                 "Root=1 -5759e988-bd862e3fe1be46a994272793;" PARENT);
}

TEST(empty_fields_and_other_fields_are_passed_over) {
    expect_context(&test_xray, ";;" ROOT ";;" PARENT ";Sampled=1;", TRACE_ID, SPAN_ID, 1);
    expect_context(&test_xray, "root=1;=;" ROOT ";Parents=0;" PARENT ";x==y", TRACE_ID, SPAN_ID, 0);
}

TEST(the_last_of_repeated_fields_is_used) {
    expect_context(&test_xray, "Root=2;Parent=;Sampled=0;" ROOT ";" PARENT ";Sampled=1", TRACE_ID,
                   SPAN_ID, 1);
    expect_reads(&test_xray, SPANLINK_ERR_SPAN_ID_LENGTH, ROOT ";" PARENT ";Parent=");
}

TEST(without_root_or_parent_there_is_no_context) {
    expect_each_reads(&test_xray, SPANLINK_ERR_NO_CONTEXT, "%s",
                      VALUES("", " ; ;", ROOT, ROOT ";Sampled=1", PARENT ";Sampled=1", "Sampled=?",
                             "Self=1-5759e988-bd862e3fe1be46a994272793"));
}

TEST(text_that_is_not_a_field_is_another_format) {
    expect_each_reads(&test_xray, SPANLINK_ERR_FORMAT_SYNTAX, "%s",
                      VALUES(ROOT ";" PARENT ";Sampled", "1-5759e988-bd862e3fe1be46a994272793",
                             "Root=2-5759e988-bd862e3fe1be46a994272793;" PARENT,
                             "Root=" TRACE_ID ";" PARENT, "Root=;" PARENT));
}

TEST(a_root_of_any_length_without_a_second_dash_is_another_format) {
    static const char *const roots[] = {"1-", "1-5", "1-" TRACE_ID, "1-" TRACE_ID "0"};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        char header[96];
        sprintf(header, "Root=%s;" PARENT, roots[i]);
        expect_reads(&test_xray, SPANLINK_ERR_FORMAT_SYNTAX, header);
    }
}

TEST(a_second_dash_elsewhere_gives_the_parts_of_the_root_other_lengths) {
    expect_each_reads(
        &test_xray, SPANLINK_ERR_TRACE_ID_LENGTH, "%s",
        VALUES("Root=1-5759e98-8bd862e3fe1be46a994272793;" PARENT, "Root=1--;" PARENT));
}

TEST(each_fault_of_an_id_has_its_status) {
    expect_each_reads(&test_xray, SPANLINK_ERR_TRACE_ID_LENGTH, "%s",
                      VALUES("Root=1-759e988-bd862e3fe1be46a994272793;" PARENT,
                             "Root=1-5759e988-bd862e3fe1be46a9942727931;" PARENT));
    expect_reads(&test_xray, SPANLINK_ERR_TRACE_ID_DIGIT,
                 "Root=1-5759e988-bd862e3fe1be46a99427279g;" PARENT);
    expect_each_reads(&test_xray, SPANLINK_ERR_TRACE_ID_ZERO, "%s",
                      VALUES("Root=1-00000000-000000000000000000000000;" PARENT,
                             "Root=1-00000000-000000000000000000000000;" PARENT ";Sampled=1"));
    expect_each_reads(&test_xray, SPANLINK_ERR_SPAN_ID_LENGTH, "%s",
                      VALUES(ROOT ";Parent=53995c3f42cd8ad", ROOT ";Parent=053995c3f42cd8ad8"));
    expect_reads(&test_xray, SPANLINK_ERR_SPAN_ID_DIGIT, ROOT ";Parent=53995c3f42cd8adz");
    expect_reads(&test_xray, SPANLINK_ERR_SPAN_ID_ZERO, ROOT ";Parent=0000000000000000;Sampled=1");
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

TEST(only_1_is_sampled) {
    expect_each_context(&test_xray, ROOT ";" PARENT ";Sampled=%s",
                        VALUES("0", "?", "", "true", "11", "01", "d"), TRACE_ID, SPAN_ID, 0);
}

TEST(headers_are_judged_as_specified) {
    expect_judged(&test_xray, usual, strlen(usual), "01aAR=;- \tP");
    expect_judged(&test_xray, long_one, strlen(long_one), "01aAR=;- \tP");
}

TEST(null_arguments_are_refused) {
    expect_arguments_refused(&test_xray, usual);
}

TEST(format_writes_74_characters_and_a_nul) {
    expect_written(&test_xray, long_one, strlen(long_one), usual, SPANLINK_XRAY_LENGTH);
}
