/* SPDX-License-Identifier: MIT */
#include <spanlink/cloud_trace.h>

#include "internal/compiler.h"
#include "internal/field.h"
#include "internal/hex.h"

enum { SLASH_AT = 32, OPTIONS_LENGTH = 4 };

static const slnk_field_hex cloud_hex = {32, 16, true};

/* Reads the part after the semicolon: "o=1" if the span is sampled, another number if not, or
 * empty. False if it has another form. */
static bool read_cloud_options(spanlink_str options, bool *sampled) {
    slnk_field_parts sides = slnk_field_parts_of(options);
    spanlink_str key;
    slnk_field_next(&sides, '=', &key);
    *sampled = slnk_field_is(slnk_field_parts_of(sides.rest).rest, "1", 1);
    return options.len == 0 || (sides.more && slnk_field_is(key, "o", 1) &&
                                memchr(options.ptr, ';', options.len) == NULL);
}

/* Both ids, from the part before the options. */
static spanlink_status read_cloud_ids(spanlink_str text, bool sampled, spanlink_context *context) {
    slnk_field_parts parts = slnk_field_parts_of(text);
    uint8_t trace_id[16];
    uint64_t span_id;
    spanlink_str digits;
    slnk_field_next(&parts, '/', &digits);
    spanlink_status status = slnk_field_trace_id(digits, &cloud_hex, trace_id);
    if (status != SPANLINK_OK) {
        return status;
    }
    if (!parts.more) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    status = slnk_field_span_id_decimal(slnk_field_parts_of(parts.rest).rest, &span_id);
    if (status == SPANLINK_OK) {
        memcpy(context->trace_id, trace_id, sizeof trace_id);
        slnk_field_accept(span_id, sampled, context);
    }
    return status;
}

/* {32}/{decimal};o={1} in lowercase, the form that most senders write. Other forms are left to
 * read_cloud_ids(). */
static bool read_usual_cloud(spanlink_str header, spanlink_context *context) {
    uint8_t trace_id[16];
    uint64_t span_id;
    const char *text = header.ptr;
    if (header.len <= SLASH_AT + 1 + OPTIONS_LENGTH || text[SLASH_AT] != '/') {
        return false;
    }
    const char *options = text + header.len - OPTIONS_LENGTH;
    if (memcmp(options, ";o=", 3) != 0 || (options[3] != '0' && options[3] != '1') ||
        !slnk_hex_decode_trace_id(text, trace_id) || slnk_bytes_are_zero(trace_id, 16)) {
        return false;
    }
    spanlink_str digits = {text + SLASH_AT + 1, (size_t)(options - text) - SLASH_AT - 1};
    if (slnk_field_span_id_decimal(digits, &span_id) != SPANLINK_OK) {
        return false;
    }
    memcpy(context->trace_id, trace_id, sizeof trace_id);
    slnk_field_accept(span_id, options[3] == '1', context);
    return true;
}

spanlink_status spanlink_cloud_trace_parse(spanlink_str header, spanlink_context *context) {
    spanlink_str ids, options = {NULL, 0};
    bool sampled;
    if (context == NULL || slnk_text_is_broken(header)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (SLNK_UNLESS_SMALL(read_usual_cloud(header, context))) {
        return SPANLINK_OK;
    }
    slnk_field_parts parts = slnk_field_parts_of(header);
    slnk_field_next(&parts, ';', &ids);
    if (parts.more) {
        options = slnk_field_parts_of(parts.rest).rest;
    }
    if (!read_cloud_options(options, &sampled)) {
        return SPANLINK_ERR_FORMAT_SYNTAX;
    }
    if (ids.len == 0) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    return read_cloud_ids(ids, sampled, context);
}

spanlink_status spanlink_cloud_trace_format(const spanlink_context *context, char text[58]) {
    spanlink_status status = slnk_field_check(context, text);
    if (status == SPANLINK_OK) {
        slnk_field_put_ids(context, '/', text);
        char *end = text + SLASH_AT + 1 + slnk_field_decimal(context->span_id, text + SLASH_AT + 1);
        memcpy(end, ";o=", 3);
        end[3] = slnk_field_sampled(context);
        end[4] = '\0';
    }
    return status;
}
