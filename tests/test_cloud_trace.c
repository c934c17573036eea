/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "test_formats.h"

#include <spanlink/cloud_trace.h>

#define TRACE_ID "105445aa7843bc8bf206b12000100000"

static const char usual[] = TRACE_ID "/18374686479671623803;o=1";

TEST(a_header_becomes_a_context) {
    expect_context(&test_cloud_trace, usual, TRACE_ID, "ff0000000000007b", 1);
    expect_context(&test_cloud_trace, TRACE_ID "/1;o=0", TRACE_ID, "0000000000000001", 0);
}

TEST(hex_digits_of_either_case_are_read) {
    expect_context(&test_cloud_trace, "105445AA7843BC8BF206B12000100000/1;o=1", TRACE_ID,
                   "0000000000000001", 1);
}

TEST(a_trace_without_a_span_is_no_context) {
    expect_each_reads(&test_cloud_trace, SPANLINK_ERR_NO_CONTEXT, "%s",
                      VALUES("", "\t", TRACE_ID, TRACE_ID ";o=1"));
    expect_reads(&test_cloud_trace, SPANLINK_ERR_TRACE_ID_LENGTH, "105445aa7843bc8b");
    expect_reads(&test_cloud_trace, SPANLINK_ERR_TRACE_ID_ZERO, "00000000000000000000000000000000");
}

TEST(a_bare_sampling_decision_is_no_context) {
    expect_each_reads(&test_cloud_trace, SPANLINK_ERR_NO_CONTEXT, "%s",
                      VALUES(";o=1", "\t; o=0 ", ";"));
    expect_reads(&test_cloud_trace, SPANLINK_ERR_FORMAT_SYNTAX, ";x");
}

TEST(each_fault_of_an_id_has_its_status) {
    expect_each_reads(&test_cloud_trace, SPANLINK_ERR_TRACE_ID_LENGTH, "%s",
                      VALUES("/1;o=1", "5445aa7843bc8bf206b12000100000/1", "0" TRACE_ID "/1"));
    expect_reads(&test_cloud_trace, SPANLINK_ERR_TRACE_ID_DIGIT,
                 "x05445aa7843bc8bf206b12000100000/1");
    expect_each_reads(
        &test_cloud_trace, SPANLINK_ERR_TRACE_ID_ZERO, "%s",
        VALUES("00000000000000000000000000000000/1", "00000000000000000000000000000000/1;o=1"));
    expect_each_reads(&test_cloud_trace, SPANLINK_ERR_SPAN_ID_LENGTH, "%s",
                      VALUES(TRACE_ID "/", TRACE_ID "/ ;o=1", TRACE_ID "/18446744073709551616"));
    expect_each_reads(&test_cloud_trace, SPANLINK_ERR_SPAN_ID_DIGIT, "%s",
                      VALUES(TRACE_ID "/7b", TRACE_ID "/-1", TRACE_ID "/1/2"));
    expect_each_reads(&test_cloud_trace, SPANLINK_ERR_SPAN_ID_ZERO, "%s",
                      VALUES(TRACE_ID "/0;o=1", TRACE_ID "/0000000000000000000000000"));
}

TEST(decimals_may_have_zeros_in_front) {
    expect_context(&test_cloud_trace, TRACE_ID "/00000000000000000000000000000123;o=1", TRACE_ID,
                   "000000000000007b", 1);
    expect_context(&test_cloud_trace, TRACE_ID "/0018446744073709551615", TRACE_ID,
                   "ffffffffffffffff", 0);
}

TEST(spaces_and_tabs_around_parts_are_passed_over) {
    expect_each_context(&test_cloud_trace, "%s",
                        VALUES(" " TRACE_ID "\t/ 123 ; o=1\t", TRACE_ID "/123;o =\t1"), TRACE_ID,
                        "000000000000007b", 1);
    expect_reads(&test_cloud_trace, SPANLINK_ERR_SPAN_ID_DIGIT, TRACE_ID "/1 2;o=1");
}

TEST(options_may_be_missing_or_empty_and_only_1_is_sampled) {
    expect_each_context(&test_cloud_trace, TRACE_ID "/123%s",
                        VALUES("", ";", ";o=", "; ", " ;o=\t"), TRACE_ID, "000000000000007b", 0);
    expect_each_context(&test_cloud_trace, TRACE_ID "/123;o=%s",
                        VALUES("0", "2", "3", "11", "01", "x", "-1", "1 1", "o=1"), TRACE_ID,
                        "000000000000007b", 0);
}

TEST(other_text_after_the_ids_is_another_format) {
    expect_each_reads(
        &test_cloud_trace, SPANLINK_ERR_FORMAT_SYNTAX, TRACE_ID "/123;%s",
        VALUES("x", "x=1", "o", "O=1", "oo=1", "=1", "o o=1", "1", "o=1;", "o=1;o=1", ";o=1"));
}

TEST(headers_are_judged_as_specified) {
    expect_judged(&test_cloud_trace, usual, strlen(usual), "01aF/;o= \t");
    expect_judged(&test_cloud_trace, TRACE_ID "/9", 34, "01aF/;o= \t");
}

TEST(null_arguments_are_refused) {
    expect_arguments_refused(&test_cloud_trace, usual);
}

TEST(format_writes_at_most_57_characters_and_a_nul) {
    static const char shorter[] = TRACE_ID "/123;o=0";
    expect_written(&test_cloud_trace, usual, strlen(usual), usual, SPANLINK_CLOUD_TRACE_LENGTH);
    expect_written(&test_cloud_trace, shorter, strlen(shorter), shorter, strlen(shorter));
}
