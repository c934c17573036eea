/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "test_formats.h"
#include "test_links.h"

#include <spanlink/traceparent.h>

#include <stdlib.h>

static const char example[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

static void expect(spanlink_status wanted, const char *text, size_t length) {
    assert_status(wanted, oracle_traceparent(text, length).status);
    expect_as_specified(&test_traceparent, text, length);
}

static void expect_text(spanlink_status wanted, const char *text) {
    expect(wanted, text, strlen(text));
}

static spanlink_context parsed(const char *text) {
    spanlink_context context;
    assert_ok(spanlink_traceparent_parse(spanlink_str_from(text), &context));
    return context;
}

TEST(a_header_becomes_a_remote_context) {
    spanlink_context context = {.trace_state = {"old", 3}, .remote_unknown = true};
    assert_ok(spanlink_traceparent_parse(spanlink_str_from(example), &context));
    static const uint8_t trace_id[16] = {0x0a, 0xf7, 0x65, 0x19, 0x16, 0xcd, 0x43, 0xdd,
                                         0x84, 0x48, 0xeb, 0x21, 0x1c, 0x80, 0x31, 0x9c};
    static const uint8_t span_id[8] = {0xb7, 0xad, 0x6b, 0x71, 0x69, 0x20, 0x33, 0x31};
    assert_memory_equal(trace_id, context.trace_id, 16);
    assert_memory_equal(span_id, context.span_id, 8);
    assert_int_equal(1, context.trace_flags);
    assert_true(context.is_remote);
    assert_false(context.remote_unknown);
    assert_int_equal(0, context.trace_state.len);
}

TEST(every_byte_in_every_place_is_judged_as_specified) {
    static const char *const bases[] = {
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "f0-00000000000000000000000000000000-0000000000000000-ff",
        "0f-00000000000000000000000000000001-0000000000000001-00-what the future brings",
    };
    for (size_t base = 0; base < sizeof bases / sizeof bases[0]; base++) {
        size_t length = strlen(bases[base]);
        for (size_t at = 0; at < 55 || (at == 55 && length > 55); at++) {
            for (int byte = 0; byte < 256; byte++) {
                char text[80];
                memcpy(text, bases[base], length);
                text[at] = (char)byte;
                expect_as_specified(&test_traceparent, text, length);
            }
        }
    }
}

/* The example with a byte written in two hex digits at a place. */
static void example_with(char text[56], size_t place, unsigned byte) {
    memcpy(text, example, 56);
    text[place] = "0123456789abcdef"[byte / 16];
    text[place + 1] = "0123456789abcdef"[byte % 16];
}

TEST(all_eight_flag_bits_are_kept) {
    for (unsigned flags = 0; flags < 256; flags++) {
        char text[56];
        example_with(text, 53, flags);
        assert_int_equal(flags, parsed(text).trace_flags);
    }
}

TEST(every_version_but_ff_is_read) {
    for (unsigned version = 0; version < 256; version++) {
        char text[56];
        example_with(text, 0, version);
        expect_text(version == 255 ? SPANLINK_ERR_TRACEPARENT_VERSION : SPANLINK_OK, text);
    }
}

TEST(zero_ids_make_a_header_invalid) {
    expect_text(SPANLINK_ERR_TRACEPARENT_TRACE_ID_ZERO,
                "00-00000000000000000000000000000000-b7ad6b7169203331-01");
    expect_text(SPANLINK_ERR_TRACEPARENT_SPAN_ID_ZERO,
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01");
    expect_text(SPANLINK_OK, "00-80000000000000000000000000000000-8000000000000000-00");
    expect_text(SPANLINK_OK, "00-00000000000000010000000000000000-0000000000000001-00");
}

TEST(uppercase_is_refused) {
    expect_text(SPANLINK_ERR_TRACEPARENT_TRACE_ID,
                "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01");
    expect_text(SPANLINK_ERR_TRACEPARENT_SPAN_ID,
                "00-0af7651916cd43dd8448eb211c80319c-B7ad6b7169203331-01");
    expect_text(SPANLINK_ERR_TRACEPARENT_VERSION,
                "FF-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
}

TEST(the_leftmost_fault_decides) {
    expect_text(SPANLINK_ERR_TRACEPARENT_VERSION, "g");
    expect_text(SPANLINK_ERR_TRACEPARENT_VERSION, "ff");
    expect_text(SPANLINK_ERR_TRACEPARENT_LENGTH, "f");
    expect_text(SPANLINK_ERR_TRACEPARENT_DELIMITER, "00_00000000000000000000000000000000");
    expect_text(SPANLINK_ERR_TRACEPARENT_TRACE_ID_ZERO, "00-00000000000000000000000000000000");
    expect_text(SPANLINK_ERR_TRACEPARENT_LENGTH, "00-0000000000000000000000000000000");
    expect_text(SPANLINK_ERR_TRACEPARENT_TRACE_ID, "00-0000000000000000000000000000000G_");
    expect_text(SPANLINK_ERR_TRACEPARENT_TRACE_ID_ZERO,
                "00-00000000000000000000000000000000_xxxxxxxxxxxxxxxx_xx");
    expect_text(SPANLINK_ERR_TRACEPARENT_SPAN_ID_ZERO,
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000_xx");
    expect_text(SPANLINK_ERR_TRACEPARENT_FLAGS,
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0xtoo long");
}

TEST(version_00_is_exactly_55_characters) {
    expect_text(SPANLINK_ERR_TRACEPARENT_LENGTH,
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0");
    expect_text(SPANLINK_ERR_TRACEPARENT_LENGTH,
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-");
    expect_text(SPANLINK_ERR_TRACEPARENT_LENGTH,
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x");
}

TEST(a_later_version_may_continue_after_a_dash) {
    expect_text(SPANLINK_OK, "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    expect_text(SPANLINK_OK, "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-");
    expect_text(SPANLINK_OK, "10-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-\x80 x");
    expect_text(SPANLINK_ERR_TRACEPARENT_DELIMITER,
                "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.what");
    expect_text(SPANLINK_ERR_TRACEPARENT_DELIMITER,
                "10-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 -");
}

TEST(every_length_is_judged_as_specified) {
    static const char *const versions[] = {"00", "cc"};
    for (size_t version = 0; version < 2; version++) {
        for (size_t length = 0; length <= 4096; length++) {
            char text[4096];
            memset(text, '-', sizeof text);
            memcpy(text, example, 55);
            memcpy(text, versions[version], 2);
            expect_as_specified(&test_traceparent, text, length);
        }
    }
}

TEST(spaces_and_tabs_around_are_passed_over) {
    expect_text(SPANLINK_OK, " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    expect_text(SPANLINK_OK, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\t");
    expect_text(SPANLINK_OK, "\t  00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 \t ");
    expect_text(SPANLINK_OK, "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01  ");
    expect_text(SPANLINK_ERR_TRACEPARENT_VERSION, "\t \n");
    expect_text(SPANLINK_ERR_TRACEPARENT_DELIMITER,
                "00 -0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    for (size_t length = 0; length <= 4096; length++) {
        char text[4096];
        memset(text, length % 2 == 0 ? ' ' : '\t', length);
        expect(SPANLINK_ERR_TRACEPARENT_LENGTH, text, length);
    }
}

TEST(no_other_character_counts_as_space) {
    for (int byte = 0; byte < 256; byte++) {
        char text[57];
        memcpy(text + 1, example, 56);
        text[0] = (char)byte;
        bool space = byte == ' ' || byte == '\t';
        if (byte == 0 || strchr("0123456789abcdef", byte) == NULL) {
            expect(space ? SPANLINK_OK : SPANLINK_ERR_TRACEPARENT_VERSION, text, 56);
        }
        text[56] = (char)byte;
        expect(space ? SPANLINK_OK : SPANLINK_ERR_TRACEPARENT_LENGTH, text + 1, 56);
    }
}

TEST(random_damage_is_judged_as_specified) {
    static const char likely[] = "0123456789abcdef-- \tgAF0000";
    uint64_t random = 7;
    for (int round = 0; round < 200000; round++) {
        char text[70];
        size_t length = 55;
        memset(text, '-', sizeof text);
        memcpy(text, example, length);
        if (test_random_below(&random, 4) == 0) {
            memset(text + (test_random_below(&random, 2) == 0 ? 3 : 36), '0', 16);
        }
        for (size_t i = test_random_below(&random, 4); i > 0; i--) {
            text[test_random_below(&random, 57)] =
                likely[test_random_below(&random, sizeof likely - 1)];
        }
        if (test_random_below(&random, 2) == 0) {
            length = test_random_below(&random, sizeof text);
        }
        expect_as_specified(&test_traceparent, text, length);
    }
}

TEST(empty_and_null_headers) {
    spanlink_context context, before;
    memset(&context, 0x5a, sizeof context);
    memset(&before, 0x5a, sizeof before);
    assert_status(SPANLINK_ERR_TRACEPARENT_LENGTH,
                  spanlink_traceparent_parse((spanlink_str){NULL, 0}, &context));
    assert_status(SPANLINK_ERR_TRACEPARENT_LENGTH,
                  spanlink_traceparent_parse((spanlink_str){"", 0}, &context));
    assert_refused(spanlink_traceparent_parse((spanlink_str){NULL, 55}, &context));
    assert_refused(spanlink_traceparent_parse((spanlink_str){NULL, SIZE_MAX}, &context));
    assert_refused(spanlink_traceparent_parse(spanlink_str_from(example), NULL));
    assert_memory_equal(&before, &context, sizeof context);
}

TEST(format_writes_55_characters_and_a_nul_that_are_read_back) {
    expect_written(&test_traceparent, example, 55, example, 55);
}

TEST(format_sends_version_00_and_its_flags_only) {
    spanlink_context context =
        parsed("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00-more");
    for (int flags = 0; flags < 256; flags++) {
        char text[56], wanted[56];
        memcpy(wanted, example, 56);
        wanted[54] = (char)('0' + flags % 4);
        context.trace_flags = (uint8_t)flags;
        assert_ok(spanlink_traceparent_format(&context, text));
        assert_string_equal(wanted, text);
    }
}

TEST(format_refuses_zero_ids) {
    spanlink_context context = parsed(example);
    char text[56], before[56];
    memset(text, '#', sizeof text);
    memset(before, '#', sizeof before);
    memset(context.span_id, 0, 8);
    assert_status(SPANLINK_ERR_SPAN_ID_ZERO, spanlink_traceparent_format(&context, text));
    memset(context.trace_id, 0, 16);
    assert_status(SPANLINK_ERR_TRACE_ID_ZERO, spanlink_traceparent_format(&context, text));
    context.span_id[0] = 1;
    assert_status(SPANLINK_ERR_TRACE_ID_ZERO, spanlink_traceparent_format(&context, text));
    assert_memory_equal(before, text, 56);
    for (size_t at = 0; at < 16; at++) {
        memset(&context, 0, sizeof context);
        context.trace_id[at] = 1;
        context.span_id[at / 2] = 1;
        assert_ok(spanlink_traceparent_format(&context, text));
    }
}
