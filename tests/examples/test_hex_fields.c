/* SPDX-License-Identifier: MIT */
/* The example's own header format: three fields of hex digits, read strictly. */
#include "test.h"

#include "support/hex_fields.h"

#include <string.h>

#define TRACE "0af7651916cd43dd8448eb211c80319c"
#define SPAN  "b7ad6b7169203331"

static spanlink_status extract(const char *trace, const char *span, spanlink_str flags,
                               spanlink_context *context) {
    spanlink_header items[] = {{spanlink_str_from("trace_id"), spanlink_str_from(trace)},
                               {spanlink_str_from("span_id"), spanlink_str_from(span)},
                               {spanlink_str_from("trace_flags"), flags}};
    spanlink_headers headers = {items, 3, 3};
    spanlink_getter getter = spanlink_headers_getter(&headers);
    return hex_fields_extract(&getter, context);
}

static spanlink_status with_flags(const char *flags) {
    spanlink_context context;
    return extract(TRACE, SPAN, spanlink_str_from(flags), &context);
}

TEST(what_was_written_comes_back) {
    char text[53];
    spanlink_header items[3];
    spanlink_headers headers = {items, 0, 3};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    spanlink_getter getter = spanlink_headers_getter(&headers);
    spanlink_context sent, got;
    assert_int_equal(spanlink_context_from_hex(TRACE, SPAN, 0xfe, &sent), SPANLINK_OK);
    assert_int_equal(hex_fields_inject(&sent, &setter, text), SPANLINK_OK);
    assert_int_equal(hex_fields_extract(&getter, &got), SPANLINK_OK);
    assert_memory_equal(got.trace_id, sent.trace_id, sizeof sent.trace_id);
    assert_memory_equal(got.span_id, sent.span_id, sizeof sent.span_id);
    assert_int_equal(got.trace_flags, 0xfe);
    assert_true(got.is_remote);
}

TEST(flags_are_two_hex_digits) {
    static const char *const bad[] = {"zz", "-1", "+1", "0x", " 1", "1 ", "101", "1", "", "0g"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(with_flags(bad[i]), SPANLINK_ERR_FORMAT_SYNTAX);
    }
    assert_int_equal(with_flags("01"), SPANLINK_OK);
    assert_int_equal(with_flags("fF"), SPANLINK_OK);
}

TEST(text_after_a_nul_is_not_ignored) {
    spanlink_context context;
    assert_int_equal(extract(TRACE, SPAN, (spanlink_str){"01\0x", 4}, &context),
                     SPANLINK_ERR_FORMAT_SYNTAX);
    assert_int_equal(extract(TRACE, SPAN, (spanlink_str){"1", 2}, &context),
                     SPANLINK_ERR_FORMAT_SYNTAX);
}

TEST(ids_are_of_their_length_and_of_digits) {
    spanlink_context context = {.trace_flags = 0x55};
    spanlink_str flags = spanlink_str_from("01");
    assert_int_equal(extract(TRACE "0", SPAN, flags, &context), SPANLINK_ERR_TRACE_ID_LENGTH);
    assert_int_equal(extract(TRACE, "b7ad", flags, &context), SPANLINK_ERR_SPAN_ID_LENGTH);
    assert_int_equal(extract(TRACE, "b7ad6b716920333x", flags, &context),
                     SPANLINK_ERR_SPAN_ID_DIGIT);
    assert_int_equal(extract(TRACE, "0000000000000000", flags, &context),
                     SPANLINK_ERR_SPAN_ID_ZERO);
    assert_int_equal(context.trace_flags, 0x55); /* nothing was written */
}

TEST(a_field_that_comes_twice_is_refused) {
    static const char *const names[] = {"trace_id", "span_id", "trace_flags"};
    static const char *const values[] = {TRACE, SPAN, "01"};
    for (size_t twice = 0; twice < 3; twice++) {
        spanlink_header items[4];
        spanlink_headers headers = {items, 4, 4};
        spanlink_getter getter = spanlink_headers_getter(&headers);
        spanlink_context context;
        for (size_t i = 0; i < 4; i++) {
            size_t which = i < 3 ? i : twice;
            items[i] = (spanlink_header){spanlink_str_from(names[which]),
                                         spanlink_str_from(values[which])};
        }
        assert_int_equal(hex_fields_extract(&getter, &context), SPANLINK_ERR_FORMAT_SYNTAX);
    }
}

TEST(a_missing_field_is_no_context) {
    spanlink_header items[] = {{spanlink_str_from("trace_id"), spanlink_str_from("nonsense")},
                               {spanlink_str_from("span_id"), spanlink_str_from(SPAN)}};
    spanlink_headers headers = {items, 2, 2};
    spanlink_getter getter = spanlink_headers_getter(&headers);
    spanlink_context context;
    assert_int_equal(hex_fields_extract(&getter, &context), SPANLINK_ERR_NO_CONTEXT);
}
