/* SPDX-License-Identifier: MIT */
#include <spanlink/cloud_trace.h>

#include "internal/field.h"
#include "internal/hex.h"

/* Both ids, from what is before the options. */
static spanlink_status read_cloud_ids(spanlink_str text, uint8_t trace_id[16], uint8_t span_id[8]) {
    slnk_field_parts parts = slnk_field_parts_of(text);
    spanlink_str digits;
    slnk_field_next(&parts, '/', &digits);
    if (digits.len != 32) {
        return SPANLINK_ERR_TRACE_ID_LENGTH;
    }
    spanlink_status status = slnk_field_trace_id(digits, trace_id);
    if (status != SPANLINK_OK) {
        return status;
    }
    if (!parts.more) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    return slnk_field_span_id_decimal(slnk_text_trim(parts.rest), span_id);
}

/* What is behind the semicolon: `o=` and 1 if the span is sampled, or nothing. False if it has
 * another form. */
static bool read_cloud_options(spanlink_str options, bool *sampled) {
    *sampled = false;
    if (options.len == 0) {
        return true;
    }
    if (options.len < 2 || options.ptr[0] != 'o' || options.ptr[1] != '=') {
        return false;
    }
    *sampled = slnk_field_is(options, "o=1", 3);
    return memchr(options.ptr, ';', options.len) == NULL;
}

spanlink_status spanlink_cloud_trace_parse(spanlink_str header, spanlink_context *context) {
    uint8_t trace_id[16], span_id[8];
    spanlink_str ids, options = {NULL, 0};
    bool sampled;
    if (context == NULL || slnk_text_is_broken(header)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    slnk_field_parts parts = slnk_field_parts_of(slnk_text_trim(header));
    if (parts.rest.len == 0) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    slnk_field_next(&parts, ';', &ids);
    if (parts.more) {
        options = slnk_text_trim(parts.rest);
    }
    if (!read_cloud_options(options, &sampled)) {
        return SPANLINK_ERR_FORMAT_SYNTAX;
    }
    spanlink_status status = read_cloud_ids(ids, trace_id, span_id);
    if (status == SPANLINK_OK) {
        slnk_field_accept(trace_id, span_id, sampled ? SPANLINK_TRACE_FLAG_SAMPLED : 0, context);
    }
    return status;
}

spanlink_status spanlink_cloud_trace_format(const spanlink_context *context, char text[58]) {
    if (context == NULL || text == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_status status = slnk_field_check(context);
    if (status == SPANLINK_OK) {
        slnk_hex_encode(context->trace_id, text);
        slnk_hex_encode(context->trace_id + 8, text + 16);
        text[32] = '/';
        char *end = text + 33 + slnk_field_decimal(context->span_id, text + 33);
        memcpy(end, ";o=", 3);
        end[3] = slnk_field_sampled(context);
        end[4] = '\0';
    }
    return status;
}
