/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "test_formats.h"
#include "test_links.h"

#include <spanlink/datadog.h>

#include <stdio.h>

/* The headers as lines of one text: trace id, parent id, sampling priority, tags. */
static spanlink_status parse_lines(spanlink_str lines, spanlink_context *context) {
    spanlink_str v[4];
    oracle_cut_lines(lines.ptr, lines.len, v);
    return spanlink_datadog_parse(v[0], v[1], v[2], v[3], context);
}

static oracle_reading judge_lines(const char *lines, size_t length) {
    spanlink_str values[4];
    oracle_cut_lines(lines, length, values);
    return oracle_datadog(values);
}

static const test_format datadog = {parse_lines, judge_lines};
static const char usual[] =
    "11803532876627986230\n67667974448284343\n2\n_dd.p.dm=-1,_dd.p.tid=640cfd8d00000000";

TEST(headers_become_a_context) {
    expect_context(&datadog, usual, "640cfd8d00000000a3ce929d0e0e4736", "00f067aa0ba902b7", 1);
    expect_context(&datadog, "1\n18446744073709551615", "00000000000000000000000000000001",
                   "ffffffffffffffff", 0);
}

TEST(the_tag_among_others_is_the_high_half) {
    static const char *const tags[] = {
        "_dd.p.tid=640cfd8d00000000",
        "_dd.p.tid=640CFD8D00000000,",
        ",a=b,_dd.p.tid=640cfd8d00000000,_dd.p.dm=-4",
        " a=b ,\t_dd.p.tid= 640cfd8d00000000 , c",
        "_dd.p.tid=1111111111111111,_dd.p.tid=640cfd8d00000000,_dd.p.tid=",
    };
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        char lines[128];
        sprintf(lines, "1\n2\n\n%s", tags[i]);
        expect_context(&datadog, lines, "640cfd8d000000000000000000000001", "0000000000000002", 0);
    }
}

TEST(a_zero_tag_takes_no_other_one_away) {
    expect_context(&datadog, "1\n2\n\n_dd.p.tid=640cfd8d00000000,_dd.p.tid=0000000000000000",
                   "640cfd8d000000000000000000000001", "0000000000000002", 0);
}

TEST(a_malformed_tag_is_passed_over) {
    static const char *const tags[] = {
        "",
        "_dd.p.tid",
        "_dd.p.tid=",
        "_dd.p.tid=40cfd8d00000000",
        "_dd.p.tid=0640cfd8d00000000",
        "_dd.p.tid=640cfd8d0000000g",
        "_dd.p.tid=640cfd8d 0000000",
        "_dd.p.tid=0000000000000000",
        "_DD.P.TID=640cfd8d00000000",
        "_dd.p.tidy=640cfd8d00000000",
        "x_dd.p.tid=640cfd8d00000000",
        "_dd.p.tid =640cfd8d00000000",
        "_dd.p.tid:640cfd8d00000000",
        "a,                                 ,b",
        "a,\t                  _dd.p.tid=    ,b",
    };
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        char lines[128];
        sprintf(lines, "1\n2\n\n%s", tags[i]);
        expect_context(&datadog, lines, "00000000000000000000000000000001", "0000000000000002", 0);
    }
}

TEST(a_priority_above_0_is_sampled) {
    static const char *const sampled[] = {"1", "2", " 1\t", "01", "3", "99999999999999999999999"};
    static const char *const unsampled[] = {"0",  "-1", "",   "00",  "true", "1.0",
                                            "+1", "1x", "x1", "--1", "1 2"};
    char lines[64];
    for (size_t i = 0; i < sizeof sampled / sizeof sampled[0]; i++) {
        sprintf(lines, "1\n2\n%s", sampled[i]);
        expect_context(&datadog, lines, "00000000000000000000000000000001", "0000000000000002", 1);
    }
    for (size_t i = 0; i < sizeof unsampled / sizeof unsampled[0]; i++) {
        sprintf(lines, "1\n2\n%s", unsampled[i]);
        expect_context(&datadog, lines, "00000000000000000000000000000001", "0000000000000002", 0);
    }
}

TEST(decimals_may_have_spaces_around_and_zeros_in_front) {
    expect_context(&datadog, " 000000000000000000000000000000000000000000017\t\n\t0012 ",
                   "00000000000000000000000000000011", "000000000000000c", 0);
    expect_context(&datadog, "018446744073709551615\n00000000000000000000000018446744073709551615",
                   "0000000000000000ffffffffffffffff", "ffffffffffffffff", 0);
}

TEST(each_fault_of_an_id_has_its_status) {
    expect_reads(&datadog, SPANLINK_ERR_TRACE_ID_DIGIT, "12a\n1");
    expect_reads(&datadog, SPANLINK_ERR_TRACE_ID_DIGIT, "+12\n1");
    expect_reads(&datadog, SPANLINK_ERR_TRACE_ID_DIGIT, "-12\n1");
    expect_reads(&datadog, SPANLINK_ERR_TRACE_ID_DIGIT, "1 2\n1");
    expect_reads(&datadog, SPANLINK_ERR_TRACE_ID_DIGIT, "999999999999999999999999999x\n1");
    expect_reads(&datadog, SPANLINK_ERR_TRACE_ID_DIGIT, "x99999999999999999999999999\n1");
    expect_reads(&datadog, SPANLINK_ERR_TRACE_ID_LENGTH, "18446744073709551616\n1");
    expect_reads(&datadog, SPANLINK_ERR_TRACE_ID_LENGTH, "99999999999999999999\n1");
    expect_reads(&datadog, SPANLINK_ERR_TRACE_ID_LENGTH, "184467440737095516150\n1");
    expect_reads(&datadog, SPANLINK_ERR_TRACE_ID_LENGTH, "100000000000000000000000000000000\n1");
    expect_reads(&datadog, SPANLINK_ERR_TRACE_ID_LENGTH, " \n1");
    expect_reads(&datadog, SPANLINK_ERR_TRACE_ID_ZERO, "0\n1");
    expect_reads(&datadog, SPANLINK_ERR_TRACE_ID_ZERO,
                 "0000000000000000000000000\n1\n1\n_dd.p.tid=640cfd8d00000000");
    expect_reads(&datadog, SPANLINK_ERR_SPAN_ID_DIGIT, "1\n0x1");
    expect_reads(&datadog, SPANLINK_ERR_SPAN_ID_LENGTH, "1\n18446744073709551616");
    expect_reads(&datadog, SPANLINK_ERR_SPAN_ID_LENGTH, "1\n");
    expect_reads(&datadog, SPANLINK_ERR_SPAN_ID_ZERO, "1\n0\n1");
}

TEST(without_ids_there_is_no_context) {
    expect_reads(&datadog, SPANLINK_ERR_NO_CONTEXT, "");
    expect_reads(&datadog, SPANLINK_ERR_NO_CONTEXT, "\t\n \n2\n_dd.p.tid=640cfd8d00000000");
}

TEST(headers_are_judged_as_specified) {
    static const char largest[] = "18446744073709551615\n18446744073709551614";
    expect_each_byte_judged(&datadog, usual, strlen(usual));
    expect_each_byte_judged(&datadog, largest, strlen(largest));
    expect_each_length_judged(&datadog, usual, strlen(usual));
    expect_each_length_judged(&datadog, "12", 2);
    expect_damage_judged(&datadog, usual, strlen(usual), "0189aF\n,=- \t");
    expect_damage_judged(&datadog, largest, strlen(largest), "0189aF\n,=- \t");
}

TEST(null_arguments_are_refused) {
    spanlink_str one = spanlink_str_from("1"), none = {NULL, 0};
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_datadog_parse(one, one, one, none, NULL));
    for (size_t broken = 0; broken < 4; broken++) {
        spanlink_str v[4];
        spanlink_context context = {.trace_flags = 9};
        oracle_cut_lines(usual, strlen(usual), v);
        v[broken].ptr = NULL;
        assert_status(SPANLINK_ERR_ARGUMENT,
                      spanlink_datadog_parse(v[0], v[1], v[2], v[3], &context));
        assert_int_equal(9, context.trace_flags);
    }
}

TEST(format_writes_each_header) {
    spanlink_context context;
    spanlink_datadog_headers headers;
    assert_status(SPANLINK_OK, parse_lines(spanlink_str_from(usual), &context));
    assert_status(SPANLINK_OK, spanlink_datadog_format(&context, &headers));
    assert_string_equal("11803532876627986230", headers.trace_id);
    assert_string_equal("67667974448284343", headers.parent_id);
    assert_string_equal("1", headers.sampling_priority);
    assert_string_equal("_dd.p.tid=640cfd8d00000000", headers.tags);
}

TEST(format_leaves_out_a_high_half_of_zeros) {
    spanlink_context context = {.trace_id = {[15] = 1}, .span_id = {[7] = 9}, .trace_flags = 0xfe};
    spanlink_datadog_headers headers;
    assert_status(SPANLINK_OK, spanlink_datadog_format(&context, &headers));
    assert_string_equal("1", headers.trace_id);
    assert_string_equal("9", headers.parent_id);
    assert_string_equal("0", headers.sampling_priority);
    assert_string_equal("", headers.tags);
}

TEST(format_refuses_what_names_no_span) {
    spanlink_datadog_headers headers, before;
    spanlink_context context = {.span_id = {1}};
    memset(&headers, '#', sizeof headers);
    memset(&before, '#', sizeof before);
    assert_status(SPANLINK_ERR_TRACE_ID_ZERO, spanlink_datadog_format(&context, &headers));
    context.trace_id[0] = 1; /* of a low half of zeros Datadog reads no trace */
    assert_status(SPANLINK_ERR_TRACE_ID_ZERO, spanlink_datadog_format(&context, &headers));
    context = (spanlink_context){.trace_id = {[8] = 1}};
    assert_status(SPANLINK_ERR_SPAN_ID_ZERO, spanlink_datadog_format(&context, &headers));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_datadog_format(NULL, &headers));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_datadog_format(&context, NULL));
    assert_memory_equal(&before, &headers, sizeof headers);
}

TEST(what_is_written_is_read_back) {
    uint64_t random = 11;
    for (int round = 0; round < 20000; round++) {
        spanlink_context context = test_random_context(&random), back;
        spanlink_datadog_headers headers;
        assert_status(SPANLINK_OK, spanlink_datadog_format(&context, &headers));
        assert_status(SPANLINK_OK,
                      spanlink_datadog_parse(spanlink_str_from(headers.trace_id),
                                             spanlink_str_from(headers.parent_id),
                                             spanlink_str_from(headers.sampling_priority),
                                             spanlink_str_from(headers.tags), &back));
        expect_same_context(&context, &back, SPANLINK_TRACE_FLAG_SAMPLED);
    }
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
        assert_status(SPANLINK_OK, spanlink_datadog_format(&context, &headers));
        assert_string_equal(wanted, headers.parent_id);
    }
}
