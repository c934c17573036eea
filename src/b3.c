/* SPDX-License-Identifier: MIT */
#include <spanlink/b3.h>

#include "internal/compiler.h"
#include "internal/field.h"
#include "internal/hex.h"

enum { B3_MOST_PARTS = 4 };

static const slnk_field_hex b3_hex = {.least_of_trace_id = 16, .least_of_span_id = 16};

static spanlink_status read_b3_ids(spanlink_str trace_digits, spanlink_str span_digits,
                                   bool sampled, spanlink_context *context) {
    if (trace_digits.len > 16 && trace_digits.len < 32) {
        return SPANLINK_ERR_TRACE_ID_LENGTH;
    }
    return slnk_field_ids(trace_digits, span_digits, &b3_hex, sampled, context);
}

/* "1", or "d" for debug. */
static bool b3_state_is_sampled(spanlink_str state) {
    return state.len == 1 && (state.ptr[0] == '1' || state.ptr[0] == 'd');
}

/* Empty, or a sampling decision without ids. */
static bool names_nothing(spanlink_str header) {
    return header.len == 0 || b3_state_is_sampled(header) || slnk_field_is(header, "0", 1);
}

/* {32}-{16}-{1}, the form that most senders write, decoded at fixed offsets. Other forms are left
 * to read_b3_parts(). */
static bool read_usual_b3(spanlink_str header, spanlink_context *context) {
    uint8_t trace_id[16], span_id[8] = {0};
    const char *text = header.ptr;
    if (header.len != SPANLINK_B3_LENGTH || text[32] != '-' || text[49] != '-' ||
        !slnk_hex_decode_trace_id(text, trace_id) || !slnk_hex_decode_span_id(text + 33, span_id) ||
        slnk_bytes_are_zero(trace_id, 16) || slnk_bytes_are_zero(span_id, 8)) {
        return false;
    }
    memcpy(context->trace_id, trace_id, sizeof trace_id);
    slnk_field_accept(slnk_bytes_load64_big(span_id), text[50] == '1' || text[50] == 'd', context);
    return true;
}

static spanlink_status read_b3_parts(spanlink_str header, spanlink_context *context) {
    spanlink_str part[B3_MOST_PARTS] = {{NULL, 0}};
    slnk_field_parts parts = slnk_field_parts_of(header);
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

spanlink_status spanlink_b3_parse(spanlink_str header, spanlink_context *context) {
    if (context == NULL || slnk_text_is_broken(header)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (SLNK_UNLESS_SMALL(read_usual_b3(header, context))) {
        return SPANLINK_OK;
    }
    return read_b3_parts(header, context);
}

/* "1", or "true" in any case, which old tracers write. */
static bool b3_says_sampled(spanlink_str text) {
    static const char word[] = "true";
    size_t same = 0;
    while (same < text.len && same < 4 && (text.ptr[same] | 0x20) == word[same]) {
        same++;
    }
    return (same == 4 && text.len == 4) || slnk_field_is(text, "1", 1);
}

spanlink_status spanlink_b3_parse_multi(spanlink_str trace_id, spanlink_str span_id,
                                        spanlink_str sampled, spanlink_str flags,
                                        spanlink_context *context) {
    spanlink_str values[4] = {trace_id, span_id, sampled, flags};
    if (context == NULL || !slnk_field_trim_all(values)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (values[0].len == 0 || values[1].len == 0) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    bool is_sampled = b3_says_sampled(values[2]) || slnk_field_is(values[3], "1", 1);
    return read_b3_ids(values[0], values[1], is_sampled, context);
}

spanlink_status spanlink_b3_format(const spanlink_context *context, char text[52]) {
    spanlink_status status = slnk_field_check(context, text);
    if (status == SPANLINK_OK) {
        slnk_field_put_ids(context, '-', text);
        text[49] = '-';
        text[50] = slnk_field_sampled(context);
        text[51] = '\0';
    }
    return status;
}
