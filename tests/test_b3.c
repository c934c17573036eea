/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "test_formats.h"

#include <spanlink/b3.h>

#include <stdio.h>

static const char usual[] = "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1";
static const char longest[] =
    "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-d-05e3ac9a4f6e3b90";
static const char shortest[] = "64fe8b2a57d3eff7-e457b5a2e4d86bd1";

/* The separate headers, as lines of one text. */
static const char usual_multi[] = "80f198ee56343ba864fe8b2a57d3eff7\ne457b5a2e4d86bd1\ntrue\n1";

TEST(a_header_becomes_a_context) {
    expect_each_context(&test_b3, "%s", VALUES(usual, longest), "80f198ee56343ba864fe8b2a57d3eff7",
                        "e457b5a2e4d86bd1", 1);
}

TEST(a_trace_id_of_64_bits_is_the_low_half) {
    expect_context(&test_b3, shortest, "000000000000000064fe8b2a57d3eff7", "e457b5a2e4d86bd1", 0);
    expect_context(&test_b3, "64fe8b2a57d3eff7-e457b5a2e4d86bd1-1",
                   "000000000000000064fe8b2a57d3eff7", "e457b5a2e4d86bd1", 1);
    expect_context(&test_b3_multi, "64fe8b2a57d3eff7\ne457b5a2e4d86bd1\n1",
                   "000000000000000064fe8b2a57d3eff7", "e457b5a2e4d86bd1", 1);
}

TEST(one_and_debug_are_sampled_and_all_else_is_not) {
    for (int byte = 1; byte < 256; byte++) {
        char header[] = "64fe8b2a57d3eff7-e457b5a2e4d86bd1-?-05e3ac9a4f6e3b90";
        header[34] = (char)byte;
        if (byte != '-') {
            expect_context(&test_b3, header, "000000000000000064fe8b2a57d3eff7", "e457b5a2e4d86bd1",
                           byte == '1' || byte == 'd');
        }
    }
    expect_each_context(
        &test_b3, "%s",
        VALUES("64fe8b2a57d3eff7-e457b5a2e4d86bd1-true", "64fe8b2a57d3eff7-e457b5a2e4d86bd1-"),
        "000000000000000064fe8b2a57d3eff7", "e457b5a2e4d86bd1", 0);
}

TEST(a_parent_of_any_form_is_ignored) {
    expect_each_reads(&test_b3, SPANLINK_OK, "%s",
                      VALUES("64fe8b2a57d3eff7-e457b5a2e4d86bd1-1-0",
                             "64fe8b2a57d3eff7-e457b5a2e4d86bd1-1-",
                             "64fe8b2a57d3eff7-e457b5a2e4d86bd1-1-0000000000000000",
                             "64fe8b2a57d3eff7-e457b5a2e4d86bd1-1-what?",
                             "64fe8b2a57d3eff7-e457b5a2e4d86bd1-05e3ac9a4f6e3b90"));
}

TEST(a_sampling_decision_alone_names_no_span) {
    expect_each_reads(&test_b3, SPANLINK_ERR_NO_CONTEXT, "%s", VALUES("", " \t", "0", " 1", "d\t"));
    expect_each_reads(&test_b3, SPANLINK_ERR_FORMAT_SYNTAX, "%s", VALUES("2", "D"));
}

TEST(more_or_fewer_parts_are_another_format) {
    expect_each_reads(&test_b3, SPANLINK_ERR_FORMAT_SYNTAX, "%s",
                      VALUES("80f198ee56343ba864fe8b2a57d3eff7",
                             "64fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90-",
                             "a-b-c-d-e-f"));
}

TEST(each_fault_of_an_id_has_its_status) {
    expect_each_reads(&test_b3, SPANLINK_ERR_TRACE_ID_LENGTH, "%s",
                      VALUES("-e457b5a2e4d86bd1", "4fe8b2a57d3eff7-e457b5a2e4d86bd1",
                             "064fe8b2a57d3eff7-e457b5a2e4d86bd1",
                             "080f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1"));
    expect_reads(&test_b3, SPANLINK_ERR_TRACE_ID_DIGIT, "64fe8b2a57d3efg7-e457b5a2e4d86bd1");
    expect_each_reads(&test_b3, SPANLINK_ERR_TRACE_ID_ZERO, "%s",
                      VALUES("0000000000000000-e457b5a2e4d86bd1",
                             "00000000000000000000000000000000-0000000000000000-1"));
    expect_each_reads(&test_b3, SPANLINK_ERR_SPAN_ID_ZERO, "%s",
                      VALUES("80f198ee56343ba864fe8b2a57d3eff7-0000000000000000-1",
                             "64fe8b2a57d3eff7-0000000000000000-1"));
    expect_each_reads(&test_b3, SPANLINK_ERR_SPAN_ID_LENGTH, "%s",
                      VALUES("64fe8b2a57d3eff7-", "64fe8b2a57d3eff7-e457b5a2e4d86bd",
                             "64fe8b2a57d3eff7-e457b5a2e4d86bd11-1"));
    expect_reads(&test_b3, SPANLINK_ERR_SPAN_ID_DIGIT, "64fe8b2a57d3eff7-e457b5a2e4d86bg1");
}

TEST(uppercase_is_refused) {
    expect_reads(&test_b3, SPANLINK_ERR_TRACE_ID_DIGIT,
                 "80F198EE56343BA864FE8B2A57D3EFF7-e457b5a2e4d86bd1-1");
    expect_reads(&test_b3, SPANLINK_ERR_SPAN_ID_DIGIT,
                 "80f198ee56343ba864fe8b2a57d3eff7-E457B5A2E4D86BD1-1");
    expect_reads(&test_b3_multi, SPANLINK_ERR_TRACE_ID_DIGIT, "64FE8B2A57D3EFF7\ne457b5a2e4d86bd1");
}

TEST(spaces_and_tabs_around_parts_are_passed_over) {
    expect_context(&test_b3, "\t 64fe8b2a57d3eff7 -\te457b5a2e4d86bd1 - 1 \t-  x ",
                   "000000000000000064fe8b2a57d3eff7", "e457b5a2e4d86bd1", 1);
    expect_reads(&test_b3, SPANLINK_ERR_TRACE_ID_DIGIT, "64fe8b2a57d3 ff7-e457b5a2e4d86bd1");
    expect_context(&test_b3_multi, " 64fe8b2a57d3eff7\n\te457b5a2e4d86bd1 \n 1 \n\t1",
                   "000000000000000064fe8b2a57d3eff7", "e457b5a2e4d86bd1", 1);
}

TEST(without_both_ids_there_is_no_context) {
    expect_each_reads(&test_b3_multi, SPANLINK_ERR_NO_CONTEXT, "%s",
                      VALUES("\n\n1\n1", "64fe8b2a57d3eff7\n\n1", " \ne457b5a2e4d86bd1\n1"));
    expect_reads(&test_b3_multi, SPANLINK_ERR_TRACE_ID_LENGTH, "1\n2");
    expect_reads(&test_b3_multi, SPANLINK_ERR_TRACE_ID_ZERO,
                 "0000000000000000\ne457b5a2e4d86bd1\n1");
    expect_reads(&test_b3_multi, SPANLINK_ERR_SPAN_ID_ZERO,
                 "64fe8b2a57d3eff7\n0000000000000000\n1");
}

TEST(sampled_and_flags_decide_together) {
    static const char *const sampled[] = {"1",   "true", "TRUE", "TrUe", "0",     "false", "",
                                          "yes", "d",    "11",   "tru",  "truee", "Trun",  "2"};
    for (size_t i = 0; i < sizeof sampled / sizeof sampled[0]; i++) {
        char pattern[64];
        sprintf(pattern, "64fe8b2a57d3eff7\ne457b5a2e4d86bd1\n%s\n%%s", sampled[i]);
        expect_each_context(&test_b3_multi, pattern, VALUES("0", "", "2", "11", "true", "01"),
                            "000000000000000064fe8b2a57d3eff7", "e457b5a2e4d86bd1", i < 4);
        expect_each_context(&test_b3_multi, pattern, VALUES("1"),
                            "000000000000000064fe8b2a57d3eff7", "e457b5a2e4d86bd1", 1);
    }
}

TEST(headers_are_judged_as_specified) {
    expect_judged(&test_b3, usual, strlen(usual), "0a1d-- \tA");
    expect_judged(&test_b3, longest, strlen(longest), "0a1d-- \tA");
    expect_judged(&test_b3, shortest, strlen(shortest), "0a1d-- \tA");
    expect_judged(&test_b3_multi, usual_multi, strlen(usual_multi), "01td\n\n tTRUErue");
}

TEST(null_arguments_are_refused) {
    expect_arguments_refused(&test_b3, usual);
    expect_arguments_refused(&test_b3_multi, usual_multi);
}

TEST(format_writes_51_characters_and_a_nul) {
    expect_written(&test_b3, longest, strlen(longest), usual, SPANLINK_B3_LENGTH);
    expect_written(&test_b3, shortest, strlen(shortest),
                   "000000000000000064fe8b2a57d3eff7-e457b5a2e4d86bd1-0", SPANLINK_B3_LENGTH);
}
