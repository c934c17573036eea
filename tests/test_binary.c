/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "test_formats.h"

#include <spanlink/binary.h>

/* The fields of a literal, without its NUL. */
#define TRACE_FIELD "\x00\x0a\xf7\x65\x19\x16\xcd\x43\xdd\x84\x48\xeb\x21\x1c\x80\x31\x9c"
#define SPAN_FIELD  "\x01\xb7\xad\x6b\x71\x69\x20\x33\x31"
#define ZEROS       "\0\0\0\0\0\0\0\0"
static const char usual[] = "\0" TRACE_FIELD SPAN_FIELD "\2\1";

static void expect_bytes(spanlink_status wanted, const char *bytes, size_t length) {
    assert_status(wanted, oracle_binary(bytes, length).status);
    expect_as_specified(&test_binary, bytes, length);
}

#define expect(wanted, literal) expect_bytes((wanted), "" literal, sizeof literal - 1)

static void expect_flags(uint8_t wanted, const char *bytes, size_t length) {
    spanlink_context context;
    static const uint8_t trace_id[16] = {0x0a, 0xf7, 0x65, 0x19, 0x16, 0xcd, 0x43, 0xdd,
                                         0x84, 0x48, 0xeb, 0x21, 0x1c, 0x80, 0x31, 0x9c};
    static const uint8_t span_id[8] = {0xb7, 0xad, 0x6b, 0x71, 0x69, 0x20, 0x33, 0x31};
    expect_bytes(SPANLINK_OK, bytes, length);
    assert_ok(test_format_read(&test_binary, (spanlink_str){bytes, length}, &context));
    assert_memory_equal(trace_id, context.trace_id, 16);
    assert_memory_equal(span_id, context.span_id, 8);
    assert_int_equal(wanted, context.trace_flags);
}

TEST(bytes_become_a_context) {
    expect_flags(1, usual, SPANLINK_BINARY_SIZE);
}

TEST(without_flags_they_are_0) {
    expect_flags(0, usual, 27);
}

TEST(all_eight_flag_bits_are_kept) {
    for (int flags = 0; flags < 256; flags++) {
        char bytes[SPANLINK_BINARY_SIZE];
        memcpy(bytes, usual, sizeof bytes);
        bytes[28] = (char)flags;
        expect_flags((uint8_t)flags, bytes, sizeof bytes);
    }
}

TEST(an_unknown_field_ends_the_reading_without_an_error) {
    static const char behind_flags[] = "\0" TRACE_FIELD SPAN_FIELD "\2\1\3anything";
    static const char before_flags[] = "\0" TRACE_FIELD SPAN_FIELD "\3\2\1";
    static const char repeated[] = "\0" TRACE_FIELD SPAN_FIELD SPAN_FIELD "\2\1";
    expect_flags(1, behind_flags, sizeof behind_flags - 1);
    expect_flags(0, before_flags, sizeof before_flags - 1);
    expect_flags(0, repeated, sizeof repeated - 1);
}

TEST(without_both_ids_there_is_no_context) {
    expect(SPANLINK_ERR_NO_CONTEXT, "");
    expect(SPANLINK_ERR_NO_CONTEXT, "\0");
    expect(SPANLINK_ERR_NO_CONTEXT, "\0\2\1");
    expect(SPANLINK_ERR_NO_CONTEXT, "\0\7");
    expect(SPANLINK_ERR_NO_CONTEXT, "\0" TRACE_FIELD);
    expect(SPANLINK_ERR_NO_CONTEXT, "\0" TRACE_FIELD "\2\1");
    expect(SPANLINK_ERR_NO_CONTEXT, "\0" SPAN_FIELD "\2\1");
    expect(SPANLINK_ERR_NO_CONTEXT, "\0" SPAN_FIELD TRACE_FIELD "\2\1");
    expect(SPANLINK_ERR_NO_CONTEXT, "\0" TRACE_FIELD TRACE_FIELD SPAN_FIELD);
}

TEST(another_version_and_a_field_cut_short_are_another_format) {
    expect(SPANLINK_ERR_FORMAT_SYNTAX, "\1" TRACE_FIELD SPAN_FIELD "\2\1");
    expect(SPANLINK_ERR_FORMAT_SYNTAX, "\xff");
    expect(SPANLINK_ERR_FORMAT_SYNTAX, "\0\0");
    expect(SPANLINK_ERR_FORMAT_SYNTAX, "\0\1");
    expect(SPANLINK_ERR_FORMAT_SYNTAX, "\0\2");
    expect_bytes(SPANLINK_ERR_FORMAT_SYNTAX, usual, 17);
    expect_bytes(SPANLINK_ERR_FORMAT_SYNTAX, usual, 26);
    expect_bytes(SPANLINK_ERR_FORMAT_SYNTAX, usual, 28);
}

TEST(zero_ids_are_refused) {
    expect(SPANLINK_ERR_TRACE_ID_ZERO, "\0\0" ZEROS ZEROS SPAN_FIELD "\2\1");
    expect(SPANLINK_ERR_TRACE_ID_ZERO, "\0\0" ZEROS ZEROS "\1" ZEROS);
    expect(SPANLINK_ERR_SPAN_ID_ZERO, "\0" TRACE_FIELD "\1" ZEROS "\2\1");
}

TEST(bytes_are_judged_as_specified) {
    expect_judged(&test_binary, usual, SPANLINK_BINARY_SIZE, "\1\2\3\xff");
}

TEST(null_arguments_are_refused) {
    expect_arguments_refused(&test_binary, "");
}

TEST(encode_writes_29_bytes_and_of_the_flags_what_is_specified) {
    expect_written(&test_binary, usual, SPANLINK_BINARY_SIZE, usual, SPANLINK_BINARY_SIZE);
}
