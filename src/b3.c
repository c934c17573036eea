/* SPDX-License-Identifier: MIT */
#include <spanlink/b3.h>

#include "internal/compiler.h"
#include "internal/field.h"
#include "internal/hex.h"

enum { B3_MOST_PARTS = 4 };

/* 32 or 16 lowercase digits, the latter as the low half. */
static spanlink_status read_b3_trace_id(spanlink_str digits, uint8_t id[16]) {
    if (digits.len != 32 && digits.len != 16) {
        return SPANLINK_ERR_TRACE_ID_LENGTH;
    }
    memset(id, 0, 8);
    if (digits.len == 32 ? !slnk_hex_decode_trace_id(digits.ptr, id)
                         : !slnk_hex_decode_span_id(digits.ptr, id + 8)) {
        return SPANLINK_ERR_TRACE_ID_DIGIT;
    }
    return slnk_bytes_are_zero(id, 16) ? SPANLINK_ERR_TRACE_ID_ZERO : SPANLINK_OK;
}

static spanlink_status read_b3_span_id(spanlink_str digits, uint8_t id[8]) {
    if (digits.len != 16) {
        return SPANLINK_ERR_SPAN_ID_LENGTH;
    }
    if (!slnk_hex_decode_span_id(digits.ptr, id)) {
        return SPANLINK_ERR_SPAN_ID_DIGIT;
    }
    return slnk_bytes_are_zero(id, 8) ? SPANLINK_ERR_SPAN_ID_ZERO : SPANLINK_OK;
}

static spanlink_status read_b3_ids(spanlink_str trace_digits, spanlink_str span_digits,
                                   bool sampled, spanlink_context *context) {
    uint8_t trace_id[16], span_id[8];
    spanlink_status status = read_b3_trace_id(trace_digits, trace_id);
    if (status == SPANLINK_OK) {
        status = read_b3_span_id(span_digits, span_id);
    }
    if (status == SPANLINK_OK) {
        slnk_field_accept(trace_id, span_id, sampled ? SPANLINK_TRACE_FLAG_SAMPLED : 0, context);
    }
    return status;
}

/* "1", or "d" for debug. */
static bool b3_state_is_sampled(spanlink_str state) {
    return state.len == 1 && (state.ptr[0] == '1' || state.ptr[0] == 'd');
}

/* Nothing, or a sampling decision without ids. */
static bool names_nothing(spanlink_str header) {
    return header.len == 0 || b3_state_is_sampled(header) || slnk_field_is(header, "0", 1);
}

/* Cuts a header into its parts wherever they are. */
static spanlink_status read_b3_parts(spanlink_str header, spanlink_context *context) {
    spanlink_str part[B3_MOST_PARTS] = {{NULL, 0}};
    slnk_field_parts parts = slnk_field_parts_of(slnk_text_trim(header));
    size_t count = 0;
    if (names_nothing(parts.rest)) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    while (count < B3_MOST_PARTS && slnk_field_next(&parts, '-', &part[count])) {
        count++;
    }
    if (count < 2 || parts.more) {
        return SPANLINK_ERR_FORMAT_SYNTAX;
    }
    return read_b3_ids(part[0], part[1], b3_state_is_sampled(part[2]), context);
}

/* {32}-{16}-{1}, the form that most senders write. */
static bool read_usual_b3(spanlink_str header, spanlink_context *context) {
    const char *text = header.ptr;
    if (header.len != SPANLINK_B3_LENGTH || text[32] != '-' || text[49] != '-') {
        return false;
    }
    bool sampled = b3_state_is_sampled((spanlink_str){text + 50, 1});
    return read_b3_ids((spanlink_str){text, 32}, (spanlink_str){text + 33, 16}, sampled, context) ==
           SPANLINK_OK;
}

spanlink_status spanlink_b3_parse(spanlink_str header, spanlink_context *context) {
    if (context == NULL || slnk_text_is_broken(header)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (SLNK_UNLESS_SMALL(read_usual_b3(header, context))) {
        return SPANLINK_OK;
    }
    return read_b3_parts(header, context);
}

/* "true" in letters of any case: old tracers write it. */
static bool is_true(spanlink_str text) {
    static const char word[] = "true";
    for (size_t i = 0; text.len == 4 && i < 4; i++) {
        if ((text.ptr[i] | 0x20) != word[i]) {
            return false;
        }
    }
    return text.len == 4;
}

spanlink_status spanlink_b3_parse_multi(spanlink_str trace_id, spanlink_str span_id,
                                        spanlink_str sampled, spanlink_str flags,
                                        spanlink_context *context) {
    if (context == NULL || slnk_text_is_broken(trace_id) || slnk_text_is_broken(span_id) ||
        slnk_text_is_broken(sampled) || slnk_text_is_broken(flags)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_str trace_digits = slnk_text_trim(trace_id), span_digits = slnk_text_trim(span_id);
    spanlink_str decision = slnk_text_trim(sampled);
    if (trace_digits.len == 0 || span_digits.len == 0) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    bool is_sampled = slnk_field_is(decision, "1", 1) || is_true(decision) ||
                      slnk_field_is(slnk_text_trim(flags), "1", 1);
    return read_b3_ids(trace_digits, span_digits, is_sampled, context);
}

spanlink_status spanlink_b3_format(const spanlink_context *context, char text[52]) {
    if (context == NULL || text == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_status status = slnk_field_check(context);
    if (status == SPANLINK_OK) {
        slnk_hex_encode(context->trace_id, text);
        slnk_hex_encode(context->trace_id + 8, text + 16);
        slnk_hex_encode(context->span_id, text + 33);
        text[32] = '-';
        text[49] = '-';
        text[50] = slnk_field_sampled(context);
        text[51] = '\0';
    }
    return status;
}
