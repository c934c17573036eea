/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_fixtures.h"

#include <spanlink/context.h>

#include <stdlib.h>

static const char trace_text[] = "0af7651916cd43dd8448eb211c80319c";
static const char span_text[] = "b7ad6b7169203331";

static spanlink_context some_context(void) {
    spanlink_context context;
    assert_ok(spanlink_context_from_hex(trace_text, span_text, 0xa5, &context));
    return context;
}

TEST(a_context_is_valid_if_both_ids_have_a_bit) {
    for (int bit = 0; bit < 128 + 64; bit++) {
        spanlink_context context = {.is_remote = false};
        uint8_t *id = bit < 128 ? context.trace_id : context.span_id;
        id[bit % 128 / 8] = (uint8_t)(1 << bit % 8);
        assert_false(spanlink_context_is_valid(&context));
        (bit < 128 ? context.span_id : context.trace_id)[3] = 0x80;
        assert_true(spanlink_context_is_valid(&context));
    }
    assert_false(spanlink_context_is_valid(NULL));
    spanlink_context zero = {.trace_flags = 0xff, .is_remote = true};
    assert_false(spanlink_context_is_valid(&zero));
}

TEST(sampled_is_one_bit) {
    for (int flags = 0; flags < 256; flags++) {
        spanlink_context context = {.trace_flags = (uint8_t)flags};
        assert_int_equal(flags % 2, spanlink_context_is_sampled(&context));
    }
    assert_false(spanlink_context_is_sampled(NULL));
}

TEST(same_span_compares_every_byte_of_both_ids) {
    spanlink_context a = some_context(), b = a;
    assert_true(spanlink_context_same_span(&a, &b));
    assert_true(spanlink_context_same_span(&a, &a));
    for (int bit = 0; bit < 128 + 64; bit++) {
        b = a;
        uint8_t *id = bit < 128 ? b.trace_id : b.span_id;
        id[bit % 128 / 8] = (uint8_t)(id[bit % 128 / 8] ^ 1 << bit % 8);
        assert_false(spanlink_context_same_span(&a, &b));
        assert_false(spanlink_context_same_span(&b, &a));
    }
}

TEST(same_span_looks_at_nothing_else) {
    spanlink_context a = some_context(), b = a;
    b.trace_flags = 0;
    b.is_remote = true;
    b.trace_state = spanlink_str_from("a=1");
    assert_true(spanlink_context_same_span(&a, &b));
}

TEST(null_names_no_span) {
    spanlink_context a = some_context();
    assert_false(spanlink_context_same_span(&a, NULL));
    assert_false(spanlink_context_same_span(NULL, &a));
    assert_false(spanlink_context_same_span(NULL, NULL));
}

TEST(from_hex_takes_digits_of_either_case) {
    spanlink_context lower = some_context(), upper;
    memset(&upper, 0xee, sizeof upper);
    assert_ok(spanlink_context_from_hex("0AF7651916CD43DD8448EB211C80319C", "B7AD6B7169203331",
                                        0xa5, &upper));
    static const uint8_t trace_id[16] = {0x0a, 0xf7, 0x65, 0x19, 0x16, 0xcd, 0x43, 0xdd,
                                         0x84, 0x48, 0xeb, 0x21, 0x1c, 0x80, 0x31, 0x9c};
    static const uint8_t span_id[8] = {0xb7, 0xad, 0x6b, 0x71, 0x69, 0x20, 0x33, 0x31};
    assert_memory_equal(trace_id, upper.trace_id, 16);
    assert_memory_equal(span_id, upper.span_id, 8);
    assert_true(spanlink_context_same_span(&lower, &upper));
    assert_int_equal(0xa5, upper.trace_flags);
    assert_false(upper.is_remote);
    assert_int_equal(0, upper.trace_state.len);
    assert_null(upper.trace_state.ptr);
}

TEST(from_hex_accepts_zero_ids) {
    spanlink_context context;
    assert_ok(spanlink_context_from_hex(trace_text, "0000000000000000", 0, &context));
    assert_false(spanlink_context_is_valid(&context));
    assert_ok(
        spanlink_context_from_hex("00000000000000000000000000000000", span_text, 0, &context));
    assert_false(spanlink_context_is_valid(&context));
}

static bool is_digit(int c) {
    return c != '\0' && strchr("0123456789abcdefABCDEF", c) != NULL;
}

/* Calls from_hex with copies of exact size, so that a sanitizer detects reads beyond them. */
static spanlink_status from_hex_exact(const char *trace, const char *span, spanlink_context *out) {
    size_t trace_size = strlen(trace) + 1, span_size = strlen(span) + 1;
    char *trace_copy = test_copy(trace, trace_size), *span_copy = test_copy(span, span_size);
    spanlink_status status = spanlink_context_from_hex(trace_copy, span_copy, 1, out);
    free(trace_copy);
    free(span_copy);
    return status;
}

static void expect_untouched(spanlink_status wanted, const char *trace, const char *span) {
    spanlink_context context, before;
    memset(&context, 0x5a, sizeof context);
    memset(&before, 0x5a, sizeof before);
    assert_status(wanted, from_hex_exact(trace, span, &context));
    assert_memory_equal(&before, &context, sizeof context);
}

TEST(from_hex_names_the_bad_digit) {
    for (size_t at = 0; at < 48; at++) {
        for (int c = 1; c < 256; c++) {
            char trace[33], span[17];
            memcpy(trace, trace_text, sizeof trace);
            memcpy(span, span_text, sizeof span);
            (at < 32 ? trace : span)[at % 32] = (char)c;
            spanlink_context context;
            if (is_digit(c)) {
                assert_ok(from_hex_exact(trace, span, &context));
            } else {
                expect_untouched(at < 32 ? SPANLINK_ERR_TRACE_ID_DIGIT : SPANLINK_ERR_SPAN_ID_DIGIT,
                                 trace, span);
            }
        }
    }
}

TEST(from_hex_reads_no_further_than_the_end) {
    for (size_t length = 0; length < 48; length++) {
        char trace[33], span[17];
        memcpy(trace, trace_text, sizeof trace);
        memcpy(span, span_text, sizeof span);
        (length < 32 ? trace : span)[length % 32] = '\0';
        expect_untouched(length < 32 ? SPANLINK_ERR_TRACE_ID_LENGTH : SPANLINK_ERR_SPAN_ID_LENGTH,
                         trace, span);
    }
}

TEST(from_hex_refuses_ids_that_are_too_long) {
    expect_untouched(SPANLINK_ERR_TRACE_ID_LENGTH, "0af7651916cd43dd8448eb211c80319c0", span_text);
    expect_untouched(SPANLINK_ERR_TRACE_ID_LENGTH, "0af7651916cd43dd8448eb211c80319cx", span_text);
    expect_untouched(SPANLINK_ERR_SPAN_ID_LENGTH, trace_text, "b7ad6b71692033310");
    expect_untouched(SPANLINK_ERR_SPAN_ID_LENGTH, trace_text, "b7ad6b7169203331 ");
}

TEST(from_hex_reports_the_leftmost_fault) {
    expect_untouched(SPANLINK_ERR_TRACE_ID_DIGIT, "0g", "");
    expect_untouched(SPANLINK_ERR_TRACE_ID_LENGTH, "0", "g");
    expect_untouched(SPANLINK_ERR_SPAN_ID_DIGIT, trace_text, "gg");
}

TEST(from_hex_needs_all_pointers) {
    spanlink_context context, before;
    memset(&context, 0x5a, sizeof context);
    memset(&before, 0x5a, sizeof before);
    assert_refused(spanlink_context_from_hex(NULL, span_text, 0, &context));
    assert_refused(spanlink_context_from_hex(trace_text, NULL, 0, &context));
    assert_refused(spanlink_context_from_hex(trace_text, span_text, 0, NULL));
    assert_memory_equal(&before, &context, sizeof context);
}

TEST(ids_are_written_in_lowercase_with_a_nul) {
    spanlink_context context = some_context();
    char text[34];
    memset(text, '#', sizeof text);
    spanlink_trace_id_to_hex(context.trace_id, text);
    assert_string_equal(trace_text, text);
    assert_int_equal('#', text[33]);
    memset(text, '#', sizeof text);
    spanlink_span_id_to_hex(context.span_id, text);
    assert_string_equal(span_text, text);
    assert_int_equal('#', text[17]);
}

TEST(every_byte_in_every_place_travels_there_and_back) {
    for (size_t at = 0; at < 24; at++) {
        for (int byte = 0; byte < 256; byte++) {
            spanlink_context context = some_context(), back;
            (at < 16 ? context.trace_id : context.span_id)[at % 16] = (uint8_t)byte;
            char trace[33], span[17];
            spanlink_trace_id_to_hex(context.trace_id, trace);
            spanlink_span_id_to_hex(context.span_id, span);
            assert_int_equal("0123456789abcdef"[byte / 16], (at < 16 ? trace : span)[at % 16 * 2]);
            assert_ok(spanlink_context_from_hex(trace, span, 0, &back));
            assert_true(spanlink_context_same_span(&context, &back));
        }
    }
}

TEST(from_hex_str_reads_texts_without_a_nul) {
    for (size_t trace_length = 30; trace_length <= 34; trace_length++) {
        for (size_t span_length = 14; span_length <= 18; span_length++) {
            char *trace = test_block(trace_length), *span = test_block(span_length);
            memset(trace, 'A', trace_length);
            memset(span, '5', span_length);
            spanlink_context context, before;
            memset(&context, 0x5a, sizeof context);
            memcpy(&before, &context, sizeof before);
            spanlink_status wanted = trace_length != 32  ? SPANLINK_ERR_TRACE_ID_LENGTH
                                     : span_length != 16 ? SPANLINK_ERR_SPAN_ID_LENGTH
                                                         : SPANLINK_OK;
            assert_status(wanted, spanlink_context_from_hex_str(
                                      spanlink_str_make(trace, trace_length),
                                      spanlink_str_make(span, span_length), 0xa5, &context));
            if (wanted == SPANLINK_OK) {
                assert_int_equal(0xaa, context.trace_id[15]);
                assert_int_equal(0x55, context.span_id[7]);
                assert_int_equal(0xa5, context.trace_flags);
                assert_false(context.is_remote);
                assert_false(context.remote_unknown);
            } else {
                assert_memory_equal(&before, &context, sizeof context);
            }
        }
    }
}

TEST(from_hex_str_counts_a_nul_as_a_character) {
    char trace[33];
    spanlink_context context;
    memcpy(trace, trace_text, sizeof trace);
    trace[31] = '\0';
    assert_status(SPANLINK_ERR_TRACE_ID_DIGIT,
                  spanlink_context_from_hex_str(spanlink_str_make(trace, 32),
                                                spanlink_str_from(span_text), 0, &context));
    assert_status(SPANLINK_ERR_TRACE_ID_LENGTH,
                  spanlink_context_from_hex_str(spanlink_str_make(trace_text, 33),
                                                spanlink_str_from(span_text), 0, &context));
}

TEST(from_hex_str_refuses_null) {
    spanlink_context context;
    spanlink_str trace = spanlink_str_from(trace_text), span = spanlink_str_from(span_text);
    spanlink_str none = {NULL, 0}, bad_trace = {NULL, 32}, bad_span = {NULL, 16};
    assert_refused(spanlink_context_from_hex_str(trace, span, 0, NULL));
    assert_refused(spanlink_context_from_hex_str(bad_trace, span, 0, &context));
    assert_refused(spanlink_context_from_hex_str(trace, bad_span, 0, &context));
    assert_status(SPANLINK_ERR_TRACE_ID_LENGTH,
                  spanlink_context_from_hex_str(none, span, 0, &context));
    assert_status(SPANLINK_ERR_SPAN_ID_LENGTH,
                  spanlink_context_from_hex_str(trace, none, 0, &context));
}

static void expect_contexts(bool wanted, const spanlink_context *a, const spanlink_context *b) {
    assert_int_equal(wanted, spanlink_context_equal(a, b));
    assert_int_equal(wanted, spanlink_context_equal(b, a));
}

TEST(contexts_are_equal_if_all_fields_are) {
    char state_text[] = "a=1";
    spanlink_context a = some_context(), b;
    a.trace_state = spanlink_str_from("a=1");
    b = a;
    b.trace_state.ptr = state_text;
    expect_contexts(true, &a, &b);
    for (int bit = 0; bit < 128 + 64 + 8; bit++) {
        b = a;
        uint8_t *byte = bit < 128   ? &b.trace_id[bit / 8]
                        : bit < 192 ? &b.span_id[bit / 8 - 16]
                                    : &b.trace_flags;
        *byte ^= (uint8_t)(1 << bit % 8);
        expect_contexts(false, &a, &b);
    }
    static const char *const states[] = {"", "a=2", "a=11", "a="};
    for (size_t i = 0; i < 4; i++) {
        b = a;
        b.trace_state = spanlink_str_from(states[i]);
        expect_contexts(false, &a, &b);
    }
}

/* Tries remote_unknown and is_remote of both contexts: unknown origins are equal whatever is_remote
 * is. */
TEST(is_remote_is_ignored_if_the_origin_is_unknown) {
    for (int bits = 0; bits < 16; bits++) {
        spanlink_context a = some_context(), b = a;
        a.remote_unknown = bits & 1;
        b.remote_unknown = bits >> 1 & 1;
        a.is_remote = bits >> 2 & 1;
        b.is_remote = bits >> 3 & 1;
        bool wanted = a.remote_unknown != b.remote_unknown ? false
                      : a.remote_unknown                   ? true
                                                           : a.is_remote == b.is_remote;
        expect_contexts(wanted, &a, &b);
    }
}

TEST(no_context_equals_null) {
    spanlink_context a = some_context(), zero = {.trace_flags = 0};
    expect_contexts(false, &a, NULL);
    expect_contexts(false, &zero, NULL);
    expect_contexts(false, NULL, NULL);
}

TEST(a_tracestate_that_is_null_with_a_length_counts_as_empty) {
    spanlink_context a = some_context(), b = a;
    a.trace_state = (spanlink_str){NULL, 3};
    expect_contexts(true, &a, &b);
    b.trace_state = spanlink_str_from("a=1");
    expect_contexts(false, &a, &b);
}

/* A table may use any bits of the hash; ids that count upwards are spread over its buckets. */
TEST(the_hash_is_of_both_ids_and_the_seed_alone) {
    spanlink_context a = some_context(), b = a;
    b.trace_flags = 0;
    b.is_remote = true;
    b.trace_state = spanlink_str_from("a=1");
    assert_true(spanlink_context_hash(&a, 7) == spanlink_context_hash(&b, 7));
    assert_true(spanlink_context_hash(&a, 7) != spanlink_context_hash(&a, 8));
    assert_true(spanlink_context_hash(&a, 0) != 0);
    assert_true(spanlink_context_hash(NULL, 7) == 0);
    for (int bit = 0; bit < 128 + 64; bit++) {
        b = a;
        (bit < 128 ? b.trace_id : b.span_id)[bit % 128 / 8] ^= (uint8_t)(1 << bit % 8);
        assert_true(spanlink_context_hash(&a, 7) != spanlink_context_hash(&b, 7));
    }
}

TEST(the_hashes_of_counted_ids_fill_a_table_evenly) {
    for (unsigned shift = 0; shift < 64; shift += 8) {
        unsigned buckets[256] = {0};
        for (unsigned i = 0; i < 256 * 64; i++) {
            spanlink_context context = some_context();
            context.span_id[0] = (uint8_t)i;
            context.span_id[1] = (uint8_t)(i >> 8);
            buckets[spanlink_context_hash(&context, 1) >> shift & 255]++;
        }
        for (unsigned i = 0; i < 256; i++) {
            assert_in_range(buckets[i], 16, 112);
        }
    }
}
