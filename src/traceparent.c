/* SPDX-License-Identifier: MIT */
#include <spanlink/traceparent.h>

#include "internal/bytes.h"
#include "internal/compiler.h"
#include "internal/hex.h"
#include "internal/text.h"

/* Offsets of the fields. */
enum {
    TRACE_ID_AT = 3,
    SPAN_ID_AT = 36,
    FLAGS_AT = 53,
    TRACEPARENT_LENGTH = SPANLINK_TRACEPARENT_LENGTH,
};

/*
 * What tests/proof.sh proves: `reads` is the status of a trimmed text, its leftmost error, and
 * `says` is the context of a text without an error. For formatting it proves the ids; tests check
 * the rest.
 */
/*@ predicate zero_hex(char *text, integer size) =
        \forall integer i; 0 <= i < size ==> hex_byte(text, i) == 0;

    predicate reads_end(char *text, integer length, integer status) =
        length == 55 ? status == SPANLINK_OK
        : length < 55 || (text[0] == '0' && text[1] == '0')
            ? status == SPANLINK_ERR_TRACEPARENT_LENGTH
        : text[55] == '-' ? status == SPANLINK_OK
        : status == SPANLINK_ERR_TRACEPARENT_DELIMITER;
    predicate reads_flags(char *text, integer length, integer status) =
        text[52] != '-' ? status == SPANLINK_ERR_TRACEPARENT_DELIMITER
        : !is_hex(text[53]) || !is_hex(text[54]) ? status == SPANLINK_ERR_TRACEPARENT_FLAGS
        : reads_end(text, length, status);
    predicate reads_span_id(char *text, integer status) =
        text[35] != '-' ? status == SPANLINK_ERR_TRACEPARENT_DELIMITER
        : !all_hex(text + 36, 16) ? status == SPANLINK_ERR_TRACEPARENT_SPAN_ID
        : zero_hex(text + 36, 8) ? status == SPANLINK_ERR_TRACEPARENT_SPAN_ID_ZERO
        : status == SPANLINK_OK;
    predicate reads_trace_id(char *text, integer status) =
        text[2] != '-' ? status == SPANLINK_ERR_TRACEPARENT_DELIMITER
        : !all_hex(text + 3, 32) ? status == SPANLINK_ERR_TRACEPARENT_TRACE_ID
        : zero_hex(text + 3, 16) ? status == SPANLINK_ERR_TRACEPARENT_TRACE_ID_ZERO
        : status == SPANLINK_OK;
    predicate is_version(char *text) =
        is_hex(text[0]) && is_hex(text[1]) && !(text[0] == 'f' && text[1] == 'f');
    predicate reads(char *text, integer length, integer status) =
        !is_version(text) ? status == SPANLINK_ERR_TRACEPARENT_VERSION
        : !reads_trace_id(text, SPANLINK_OK) ? reads_trace_id(text, status)
        : !reads_span_id(text, SPANLINK_OK) ? reads_span_id(text, status)
        : reads_flags(text, length, status);
    predicate says(char *text, spanlink_context *context) =
        hex_bytes(text + 3, &context->trace_id[0], 16) &&
        hex_bytes(text + 36, &context->span_id[0], 8) &&
        context->trace_flags == hex_byte(text + 53, 0);
*/

/* "ff" is not a version. */
/*@ requires \valid_read(text + (0 .. 1));
    assigns \nothing;
    ensures \result <==> is_version(text);
*/
static bool header_version_is_valid(const char text[2]) {
    uint8_t high = slnk_hex_value(text[0]), low = slnk_hex_value(text[1]);
    return slnk_hex_worse(high, low) <= 15 && high + low != 30;
}

/* Version 00 ends after 55 characters; in later versions a dash and any text may follow. */
/*@ requires length > TRACEPARENT_LENGTH ==> \valid_read(text + 55);
    requires \valid_read(text + (0 .. 54));
    assigns \nothing;
    ensures reads_end(text, length, \result);
*/
static spanlink_status check_header_end(const char *text, size_t length) {
    if (length == TRACEPARENT_LENGTH) {
        return SPANLINK_OK;
    }
    if (length < TRACEPARENT_LENGTH || (text[0] == '0' && text[1] == '0')) {
        return SPANLINK_ERR_TRACEPARENT_LENGTH;
    }
    return text[TRACEPARENT_LENGTH] == '-' ? SPANLINK_OK : SPANLINK_ERR_TRACEPARENT_DELIMITER;
}

/*@ requires length > TRACEPARENT_LENGTH ==> \valid_read(text + 55);
    requires \valid_read(text + (0 .. 54)) && \valid(flags);
    requires \separated(text + (0 .. 54), flags);
    assigns *flags;
    ensures reads_flags(text, length, \result);
    ensures \result == SPANLINK_OK ==> *flags == hex_byte(text + 53, 0);
*/
static spanlink_status read_header_flags(const char *text, size_t length, uint8_t *flags) {
    uint8_t high = slnk_hex_value(text[FLAGS_AT]), low = slnk_hex_value(text[FLAGS_AT + 1]);
    if (text[FLAGS_AT - 1] != '-') {
        return SPANLINK_ERR_TRACEPARENT_DELIMITER;
    }
    if (slnk_hex_worse(high, low) > 15) {
        return SPANLINK_ERR_TRACEPARENT_FLAGS;
    }
    *flags = (uint8_t)(16 * high + low);
    return check_header_end(text, length);
}

/*@ requires \valid_read(text + (0 .. 54)) && \valid(id + (0 .. 15));
    requires \separated(text + (0 .. 54), id + (0 .. 15));
    assigns id[0 .. 15];
    ensures reads_trace_id(text, \result);
    ensures \result == SPANLINK_OK ==> hex_bytes(text + 3, id, 16);
*/
static spanlink_status read_header_trace_id(const char *text, uint8_t id[16]) {
    if (text[TRACE_ID_AT - 1] != '-') {
        return SPANLINK_ERR_TRACEPARENT_DELIMITER;
    }
    if (!slnk_hex_decode_trace_id(text + TRACE_ID_AT, id)) {
        return SPANLINK_ERR_TRACEPARENT_TRACE_ID;
    }
    return slnk_bytes_are_zero(id, 16) ? SPANLINK_ERR_TRACEPARENT_TRACE_ID_ZERO : SPANLINK_OK;
}

/*@ requires \valid_read(text + (0 .. 54)) && \valid(id + (0 .. 7));
    requires \separated(text + (0 .. 54), id + (0 .. 7));
    assigns id[0 .. 7];
    ensures reads_span_id(text, \result);
    ensures \result == SPANLINK_OK ==> hex_bytes(text + 36, id, 8);
*/
static spanlink_status read_header_span_id(const char *text, uint8_t id[8]) {
    if (text[SPAN_ID_AT - 1] != '-') {
        return SPANLINK_ERR_TRACEPARENT_DELIMITER;
    }
    if (!slnk_hex_decode_span_id(text + SPAN_ID_AT, id)) {
        return SPANLINK_ERR_TRACEPARENT_SPAN_ID;
    }
    return slnk_bytes_are_zero(id, 8) ? SPANLINK_ERR_TRACEPARENT_SPAN_ID_ZERO : SPANLINK_OK;
}

/*
 * Reads field by field from the left, so that the first error is the leftmost one. Within a field
 * no branch depends on the text, and whether a field is well-formed is easily predicted.
 *
 * The text has 55 characters or more, whatever `length` is. The fields are written one by one: a
 * struct copy would be loaded before its parts have reached memory, which makes a parse take 51
 * cycles instead of 27 with gcc 12.
 */
/*@ requires length > TRACEPARENT_LENGTH ==> \valid_read(text + 55);
    requires \valid_read(text + (0 .. 54)) && \valid(context);
    requires \separated(text + (0 .. 54), context);
    assigns *context;
    ensures reads(text, length, \result);
    ensures \result == SPANLINK_OK ==> says(text, context);
    ensures \result == SPANLINK_OK ==> context->is_remote != 0 &&
                context->remote_unknown == 0 && context->trace_state.ptr == \null &&
   context->trace_state.len == 0; ensures \result != SPANLINK_OK ==> *context == \old(*context);
*/
static spanlink_status read_header(const char *text, size_t length, spanlink_context *context) {
    uint8_t trace_id[16], span_id[8], flags;
    if (!header_version_is_valid(text)) {
        return SPANLINK_ERR_TRACEPARENT_VERSION;
    }
    spanlink_status status = read_header_trace_id(text, trace_id);
    if (status != SPANLINK_OK) {
        return status;
    }
    status = read_header_span_id(text, span_id);
    if (status != SPANLINK_OK) {
        return status;
    }
    status = read_header_flags(text, length, &flags);
    if (status != SPANLINK_OK) {
        return status;
    }
    memcpy(context->trace_id, trace_id, sizeof trace_id);
    memcpy(context->span_id, span_id, sizeof span_id);
    context->trace_flags = flags;
    context->is_remote = true;
    context->remote_unknown = false;
    context->trace_state = (spanlink_str){NULL, 0};
    return SPANLINK_OK;
}

/*
 * A text that is too short may have an error before its end. It is completed from a text without
 * errors, so that only its own errors remain. (Not inlined: this saves the usual path 8
 * instructions.)
 */
/*@ requires text.len < TRACEPARENT_LENGTH && \valid(context);
    requires text.len != 0 ==> \valid_read(text.ptr + (0 .. text.len - 1));
    requires \separated(text.ptr + (0 .. text.len - 1), context);
    assigns *context;
    ensures \result != SPANLINK_OK && *context == \old(*context);
*/
SLNK_APART static spanlink_status read_short_header(spanlink_str text, spanlink_context *context) {
    char completed[] = "00-11111111111111111111111111111111-1111111111111111-00";
    /*@ loop invariant 0 <= i <= text.len;
        loop assigns i, completed[0 .. 54];
        loop variant text.len - i;
    */
    for (size_t i = 0; i < text.len; i++) {
        completed[i] = text.ptr[i];
    }
    return read_header(completed, text.len, context);
}

/* A text with spaces around it, or a short one. (Not inlined: this saves 6 instructions.) */
/*@ requires \valid(context);
    requires header.len != 0 ==> \valid_read(header.ptr + (0 .. header.len - 1));
    requires \separated(header.ptr + (0 .. header.len - 1), context);
    assigns *context;
    ensures \forall integer from, to; trimmed(header.ptr, header.len, from, to) ==>
                (to - from < TRACEPARENT_LENGTH ? \result != SPANLINK_OK
                 : reads(header.ptr + from, to - from, \result)) &&
                (\result == SPANLINK_OK ==> says(header.ptr + from, context));
    ensures \result != SPANLINK_OK ==> *context == \old(*context);
*/
SLNK_RARE static spanlink_status read_spaced_header(spanlink_str header,
                                                    spanlink_context *context) {
    spanlink_str text = slnk_text_trim(header);
    return text.len < TRACEPARENT_LENGTH ? read_short_header(text, context)
                                         : read_header(text.ptr, text.len, context);
}

/*@ requires header.ptr != \null && header.len != 0 ==>
                 \valid_read(header.ptr + (0 .. header.len - 1));
    requires context != \null ==> \valid(context);
    requires \separated(header.ptr + (0 .. header.len - 1), context);
    assigns *context;
    ensures context == \null || (header.ptr == \null && header.len != 0)
                ? \result == SPANLINK_ERR_ARGUMENT
                : \forall integer from, to; trimmed(header.ptr, header.len, from, to) ==>
                      (to - from < TRACEPARENT_LENGTH ? \result != SPANLINK_OK
                       : reads(header.ptr + from, to - from, \result)) &&
                      (\result == SPANLINK_OK ==> says(header.ptr + from, context));
    ensures context != \null && \result != SPANLINK_OK ==> *context == \old(*context);
*/
spanlink_status spanlink_traceparent_parse(spanlink_str header, spanlink_context *context) {
    if (context == NULL || slnk_text_is_broken(header)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (header.len < TRACEPARENT_LENGTH || slnk_text_is_space(header.ptr[0]) ||
        slnk_text_is_space(header.ptr[header.len - 1])) {
        return read_spaced_header(header, context);
    }
    return read_header(header.ptr, header.len, context);
}

/*@ requires context != \null ==> \valid_read(context);
    requires text != \null ==> \valid(text + (0 .. 55));
    requires \separated(context, text + (0 .. 55));
    assigns text[0 .. 55];
    ensures context == \null || text == \null ? \result == SPANLINK_ERR_ARGUMENT
            : all_zero(&context->trace_id[0], 16) ? \result == SPANLINK_ERR_TRACE_ID_ZERO
            : all_zero(&context->span_id[0], 8) ? \result == SPANLINK_ERR_SPAN_ID_ZERO
            : \result == SPANLINK_OK;
    ensures \result == SPANLINK_OK ==> hex_bytes(text + 3, &context->trace_id[0], 8);
    ensures \result == SPANLINK_OK ==> hex_bytes(text + 19, &context->trace_id[8], 8);
    ensures \result == SPANLINK_OK ==> hex_bytes(text + 36, &context->span_id[0], 8);
*/
spanlink_status spanlink_traceparent_format(const spanlink_context *context, char text[56]) {
    if (context == NULL || text == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (slnk_bytes_are_zero(context->trace_id, 16)) {
        return SPANLINK_ERR_TRACE_ID_ZERO;
    }
    if (slnk_bytes_are_zero(context->span_id, 8)) {
        return SPANLINK_ERR_SPAN_ID_ZERO;
    }
    memcpy(text, "00-0", 4);
    slnk_hex_encode(context->trace_id, text + TRACE_ID_AT);
    slnk_hex_encode(context->trace_id + 8, text + TRACE_ID_AT + 16);
    /*@ assert hex_bytes(text + 3, &context->trace_id[0], 8) &&
               hex_bytes(text + 19, &context->trace_id[8], 8); */
    text[SPAN_ID_AT - 1] = '-';
    slnk_hex_encode(context->span_id, text + SPAN_ID_AT);
    memcpy(text + FLAGS_AT - 1, "-00", 4);
    text[FLAGS_AT + 1] = (char)('0' | (context->trace_flags &
                                       (SPANLINK_TRACE_FLAG_SAMPLED | SPANLINK_TRACE_FLAG_RANDOM)));
    return SPANLINK_OK;
}
