/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "test_formats.h"
#include "test_links.h"

#include <spanlink/datadog.h>

#include <stdio.h>

/* The headers are lines of one text: trace id, parent id, sampling priority, tags. */
static const char usual[] =
    "11803532876627986230\n67667974448284343\n2\n_dd.p.dm=-1,_dd.p.tid=640cfd8d00000000";

TEST(headers_become_a_context) {
    expect_context(&test_datadog, usual, "640cfd8d00000000a3ce929d0e0e4736", "00f067aa0ba902b7", 1);
    expect_context(&test_datadog, "1\n18446744073709551615", "00000000000000000000000000000001",
                   "ffffffffffffffff", 0);
}

TEST(a_zero_tag_does_not_hide_a_valid_one) {
    expect_context(&test_datadog, "1\n2\n\n_dd.p.tid=640cfd8d00000000,_dd.p.tid=0000000000000000",
                   "640cfd8d000000000000000000000001", "0000000000000002", 0);
}

TEST(decimals_may_have_spaces_around_and_zeros_in_front) {
    expect_context(&test_datadog, " 000000000000000000000000000000000000000000017\t\n\t0012 ",
                   "00000000000000000000000000000011", "000000000000000c", 0);
    expect_context(&test_datadog,
                   "018446744073709551615\n00000000000000000000000018446744073709551615",
                   "0000000000000000ffffffffffffffff", "ffffffffffffffff", 0);
}

TEST(each_fault_of_an_id_has_its_status) {
    expect_each_reads(&test_datadog, SPANLINK_ERR_TRACE_ID_DIGIT, "%s",
                      VALUES("12a\n1", "+12\n1", "-12\n1", "1 2\n1",
                             "999999999999999999999999999x\n1", "x99999999999999999999999999\n1"));
    expect_each_reads(&test_datadog, SPANLINK_ERR_TRACE_ID_LENGTH, "%s",
                      VALUES("18446744073709551616\n1", "99999999999999999999\n1",
                             "184467440737095516150\n1", "100000000000000000000000000000000\n1",
                             " \n1"));
    expect_each_reads(
        &test_datadog, SPANLINK_ERR_TRACE_ID_ZERO, "%s",
        VALUES("0\n1", "0000000000000000000000000\n1\n1\n_dd.p.tid=640cfd8d00000000"));
    expect_reads(&test_datadog, SPANLINK_ERR_SPAN_ID_DIGIT, "1\n0x1");
    expect_each_reads(&test_datadog, SPANLINK_ERR_SPAN_ID_LENGTH, "%s",
                      VALUES("1\n18446744073709551616", "1\n"));
    expect_reads(&test_datadog, SPANLINK_ERR_SPAN_ID_ZERO, "1\n0\n1");
}

TEST(without_ids_there_is_no_context) {
    expect_each_reads(&test_datadog, SPANLINK_ERR_NO_CONTEXT, "%s",
                      VALUES("", "\t\n \n2\n_dd.p.tid=640cfd8d00000000"));
}

TEST(format_leaves_out_a_high_half_of_zeros) {
    spanlink_context context = {.trace_id = {[15] = 1}, .span_id = {[7] = 9}, .trace_flags = 0xfe};
    spanlink_datadog_headers headers;
    assert_ok(spanlink_datadog_format(&context, &headers));
    assert_string_equal("1", headers.trace_id);
    assert_string_equal("9", headers.parent_id);
    assert_string_equal("0", headers.sampling_priority);
    assert_string_equal("", headers.tags);
}

TEST(numbers_of_all_sizes_are_written_as_the_c_library_writes_them) {
    uint64_t random = 3;
    for (unsigned round = 0; round < 200000; round++) {
        uint64_t number = (test_random(&random) >> round % 64) | 1;
        spanlink_context context = {.trace_id = {[8] = 1}};
        for (size_t i = 0; i < 8; i++) {
            context.span_id[i] = (uint8_t)(number >> (56 - 8 * i));
        }
        spanlink_datadog_headers headers;
        char wanted[24];
        sprintf(wanted, "%llu", (unsigned long long)number);
        assert_ok(spanlink_datadog_format(&context, &headers));
        assert_string_equal(wanted, headers.parent_id);
    }
}

TEST(the_tag_among_others_is_the_high_half) {
    expect_each_context(&test_datadog, "1\n2\n\n%s",
                        VALUES("_dd.p.tid=640cfd8d00000000", "_dd.p.tid=640CFD8D00000000,",
                               ",a=b,_dd.p.tid=640cfd8d00000000,_dd.p.dm=-4",
                               " a=b ,\t_dd.p.tid= 640cfd8d00000000 , c",
                               "_dd.p.tid=1111111111111111,_dd.p.tid=640cfd8d00000000,_dd.p.tid="),
                        "640cfd8d000000000000000000000001", "0000000000000002", 0);
}

TEST(a_malformed_tag_is_passed_over) {
    expect_each_context(&test_datadog, "1\n2\n\n%s",
                        VALUES("", "_dd.p.tid", "_dd.p.tid=", "_dd.p.tid=40cfd8d00000000",
                               "_dd.p.tid=0640cfd8d00000000", "_dd.p.tid=640cfd8d0000000g",
                               "_dd.p.tid=640cfd8d 0000000", "_dd.p.tid=0000000000000000",
                               "_DD.P.TID=640cfd8d00000000", "_dd.p.tidy=640cfd8d00000000",
                               "x_dd.p.tid=640cfd8d00000000", "_dd.p.tid =640cfd8d00000000",
                               "_dd.p.tid:640cfd8d00000000",
                               "a,                                 ,b",
                               "a,\t                  _dd.p.tid=    ,b"),
                        "00000000000000000000000000000001", "0000000000000002", 0);
}

TEST(a_priority_above_0_is_sampled) {
    expect_each_context(&test_datadog, "1\n2\n%s",
                        VALUES("1", "2", " 1\t", "01", "3", "99999999999999999999999"),
                        "00000000000000000000000000000001", "0000000000000002", 1);
    expect_each_context(&test_datadog, "1\n2\n%s",
                        VALUES("0", "-1", "", "00", "true", "1.0", "+1", "1x", "x1", "--1", "1 2"),
                        "00000000000000000000000000000001", "0000000000000002", 0);
}

TEST(headers_are_judged_as_specified) {
    static const char largest[] = "18446744073709551615\n18446744073709551614";
    expect_judged(&test_datadog, usual, strlen(usual), "0189aF\n,=- \t");
    expect_judged(&test_datadog, largest, strlen(largest), "0189aF\n,=- \t");
    expect_judged(&test_datadog, "12", 2, "0189aF\n,=- \t");
}

TEST(null_arguments_are_refused) {
    expect_arguments_refused(&test_datadog, usual);
}

TEST(format_writes_each_header) {
    static const char written[] =
        "11803532876627986230\n67667974448284343\n1\n_dd.p.tid=640cfd8d00000000";
    expect_written(&test_datadog, usual, strlen(usual), written, strlen(written));
}

TEST(a_trace_id_with_a_zero_low_half_is_refused) {
    spanlink_datadog_headers headers;
    spanlink_context context = {.trace_id = {1}, .span_id = {1}};
    assert_status(SPANLINK_ERR_TRACE_ID_ZERO, spanlink_datadog_format(&context, &headers));
}
