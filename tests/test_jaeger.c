/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "test_formats.h"

#include <spanlink/jaeger.h>

#include <stdio.h>

#define TRACE_ID "463ac35c9f6413ad48485a3953bb6124"
#define SPAN_ID  "a2fb4a1d1a96d312"

static const char usual[] = TRACE_ID ":" SPAN_ID ":0:1";

TEST(a_header_becomes_a_context) {
    expect_each_context(&test_jaeger, "%s",
                        VALUES(usual, TRACE_ID ":" SPAN_ID ":0020000000000001:03"), TRACE_ID,
                        SPAN_ID, 1);
}

TEST(ids_may_lack_leading_zeros) {
    expect_context(&test_jaeger, "1:2:0:0", "00000000000000000000000000000001", "0000000000000002",
                   0);
    expect_context(&test_jaeger, "ac35c9f6413ad48485a3953bb6124:fb4a1d1a96d312:0:1",
                   "000ac35c9f6413ad48485a3953bb6124", "00fb4a1d1a96d312", 1);
    for (size_t zeros = 0; zeros < 32; zeros++) {
        char header[64], trace_id[33];
        sprintf(header, "%.*s:%.*s:0:1", (int)(32 - zeros), TRACE_ID,
                (int)(zeros < 16 ? 16 - zeros : 1), SPAN_ID);
        memset(trace_id, '0', 32);
        memcpy(trace_id + zeros, TRACE_ID, 33 - zeros);
        trace_id[32] = '\0';
        oracle_reading reading = oracle_jaeger(header, strlen(header));
        assert_string_equal(trace_id, reading.trace_id);
        expect_reads(&test_jaeger, SPANLINK_OK, header);
    }
}

TEST(hex_digits_of_either_case_are_read) {
    expect_context(&test_jaeger, "463AC35C9F6413AD48485A3953BB6124:A2FB4a1d1a96d312:0:1", TRACE_ID,
                   SPAN_ID, 1);
    expect_context(&test_jaeger, "AbCdEf:FeDcBa:0:F", "00000000000000000000000000abcdef",
                   "0000000000fedcba", 1);
}

TEST(a_colon_may_be_encoded) {
    expect_each_context(&test_jaeger, "%s",
                        VALUES(TRACE_ID "%3A" SPAN_ID "%3A0%3A1", TRACE_ID "%3a" SPAN_ID ":0%3A1",
                               TRACE_ID ":" SPAN_ID ":%41:1"),
                        TRACE_ID, SPAN_ID, 1);
    expect_each_reads(&test_jaeger, SPANLINK_ERR_FORMAT_SYNTAX, "%s",
                      VALUES(TRACE_ID "%3B" SPAN_ID "%3A0%3A1", TRACE_ID "%3A" SPAN_ID "%3A0%3"));
}

TEST(bit_0_of_the_flags_is_sampled) {
    for (unsigned flags = 0; flags < 256; flags++) {
        char header[3][64];
        sprintf(header[0], "1:2:0:%x", flags);
        sprintf(header[1], "1:2:0:%02X", flags);
        sprintf(header[2], "1:2:0:%016x", flags);
        for (size_t i = 0; i < 3; i++) {
            expect_context(&test_jaeger, header[i], "00000000000000000000000000000001",
                           "0000000000000002", flags & 1);
        }
    }
}

TEST(a_parent_of_any_form_is_ignored) {
    expect_each_context(&test_jaeger, "%s",
                        VALUES(TRACE_ID ":" SPAN_ID "::1", TRACE_ID ":" SPAN_ID ":what?:1",
                               TRACE_ID ":" SPAN_ID ":x:1"),
                        TRACE_ID, SPAN_ID, 1);
}

TEST(more_or_fewer_parts_are_another_format) {
    expect_each_reads(&test_jaeger, SPANLINK_ERR_FORMAT_SYNTAX, "%s",
                      VALUES(TRACE_ID, TRACE_ID ":" SPAN_ID ":0",
                             TRACE_ID ":" SPAN_ID ":0:1:", TRACE_ID ":" SPAN_ID ":0::", ":"));
}

TEST(an_empty_header_names_no_span) {
    expect_each_reads(&test_jaeger, SPANLINK_ERR_NO_CONTEXT, "%s", VALUES("", "\t "));
}

TEST(each_fault_of_an_id_has_its_status) {
    expect_each_reads(&test_jaeger, SPANLINK_ERR_TRACE_ID_LENGTH, "%s",
                      VALUES(":" SPAN_ID ":0:1", "0" TRACE_ID ":" SPAN_ID ":0:1"));
    expect_reads(&test_jaeger, SPANLINK_ERR_TRACE_ID_DIGIT, "46x:" SPAN_ID ":0:1");
    expect_each_reads(
        &test_jaeger, SPANLINK_ERR_TRACE_ID_ZERO, "%s",
        VALUES("0:" SPAN_ID ":0:1", "00000000000000000000000000000000:" SPAN_ID ":0:1"));
    expect_each_reads(&test_jaeger, SPANLINK_ERR_SPAN_ID_LENGTH, "%s",
                      VALUES(TRACE_ID "::0:1", TRACE_ID ":0" SPAN_ID ":0:1"));
    expect_reads(&test_jaeger, SPANLINK_ERR_SPAN_ID_DIGIT, TRACE_ID ":0x1:0:1");
    expect_reads(&test_jaeger, SPANLINK_ERR_SPAN_ID_ZERO, TRACE_ID ":0000:0:1");
}

TEST(spaces_and_tabs_around_parts_are_passed_over) {
    expect_context(&test_jaeger, " " TRACE_ID "\t: " SPAN_ID " : 0 :\t1 ", TRACE_ID, SPAN_ID, 1);
    expect_reads(&test_jaeger, SPANLINK_ERR_TRACE_ID_DIGIT, "4 6:" SPAN_ID ":0:1");
}

TEST(flags_that_are_no_number_are_not_sampled) {
    expect_each_context(&test_jaeger, "1:2:0:%s",
                        VALUES("", " ", "x", "-1", "0x1", "1 1", "g1", "1g", "true"),
                        "00000000000000000000000000000001", "0000000000000002", 0);
}

TEST(headers_are_judged_as_specified) {
    static const char encoded[] = "463ac35c9f%3Aa2fb4a1d1%3a0:3";
    expect_judged(&test_jaeger, usual, strlen(usual), "01aF:: \t%");
    expect_judged(&test_jaeger, encoded, strlen(encoded), "01aF:: \t%3A");
}

TEST(null_arguments_are_refused) {
    expect_arguments_refused(&test_jaeger, usual);
}

TEST(format_writes_53_characters_and_a_nul) {
    expect_written(&test_jaeger, usual, strlen(usual), usual, SPANLINK_JAEGER_LENGTH);
}
