/* SPDX-License-Identifier: MIT */
#include <spanlink/xray.h>

#include "internal/compiler.h"
#include "internal/field.h"
#include "internal/hex.h"

enum { ROOT_LENGTH = 35, EPOCH_AT = 2, UNIQUE_AT = 11 };

/* The fields that count; of a repeated one the last. A NULL view: it is not there. */
typedef struct xray_fields {
    spanlink_str root, parent, sampled;
} xray_fields;

static void keep_xray_field(xray_fields *fields, spanlink_str key, spanlink_str value) {
    if (slnk_field_is(key, "Root", 4)) {
        fields->root = value;
    } else if (slnk_field_is(key, "Parent", 6)) {
        fields->parent = value;
    } else if (slnk_field_is(key, "Sampled", 7)) {
        fields->sampled = value;
    }
}

/* False if a part is no field. */
static bool read_xray_fields(spanlink_str header, xray_fields *fields) {
    slnk_field_parts parts = slnk_field_parts_of(header);
    spanlink_str part, key, value;
    while (slnk_field_next(&parts, ';', &part)) {
        if (part.len == 0) {
            continue;
        }
        if (!slnk_field_pair(part, &key, &value)) {
            return false;
        }
        keep_xray_field(fields, key, value);
    }
    return true;
}

/* 1-{8}-{24}: the version, and the trace id with a dash behind its seconds. */
static spanlink_status read_root(spanlink_str root, uint8_t id[16]) {
    uint64_t digits[4];
    if (root.len < EPOCH_AT || memcmp(root.ptr, "1-", 2) != 0) {
        return SPANLINK_ERR_FORMAT_SYNTAX;
    }
    if (root.len != ROOT_LENGTH) {
        return SPANLINK_ERR_TRACE_ID_LENGTH;
    }
    if (root.ptr[UNIQUE_AT - 1] != '-') {
        return SPANLINK_ERR_FORMAT_SYNTAX;
    }
    memcpy(&digits[0], root.ptr + EPOCH_AT, 8);
    for (size_t i = 0; i < 3; i++) {
        memcpy(&digits[1 + i], root.ptr + UNIQUE_AT + 8 * i, 8);
    }
    return slnk_field_trace_id((spanlink_str){(const char *)digits, 32}, id);
}

static spanlink_status read_parent(spanlink_str parent, uint8_t id[8]) {
    return parent.len == 16 ? slnk_field_span_id(parent, id) : SPANLINK_ERR_SPAN_ID_LENGTH;
}

static spanlink_status read_xray_ids(const xray_fields *fields, spanlink_context *context) {
    uint8_t trace_id[16], span_id[8];
    spanlink_status status = read_root(fields->root, trace_id);
    if (status == SPANLINK_OK) {
        status = read_parent(fields->parent, span_id);
    }
    if (status == SPANLINK_OK) {
        bool sampled = slnk_field_is(fields->sampled, "1", 1);
        slnk_field_accept(trace_id, span_id, sampled ? SPANLINK_TRACE_FLAG_SAMPLED : 0, context);
    }
    return status;
}

/* Where what spanlink_xray_format() writes has its values. */
enum { ROOT_AT = 5, PARENT_AT = 48, SAMPLED_AT = 73 };

/* The three fields in the order in which most senders write them. */
static bool read_usual_xray(spanlink_str header, spanlink_context *context) {
    const char *text = header.ptr;
    if (header.len != SPANLINK_XRAY_LENGTH || memcmp(text, "Root=", 5) != 0 ||
        memcmp(text + 40, ";Parent=", 8) != 0 || memcmp(text + 64, ";Sampled=", 9) != 0) {
        return false;
    }
    xray_fields fields = {
        {text + ROOT_AT, ROOT_LENGTH}, {text + PARENT_AT, 16}, {text + SAMPLED_AT, 1}};
    return read_xray_ids(&fields, context) == SPANLINK_OK;
}

spanlink_status spanlink_xray_parse(spanlink_str header, spanlink_context *context) {
    xray_fields fields = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
    if (context == NULL || slnk_text_is_broken(header)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (SLNK_UNLESS_SMALL(read_usual_xray(header, context))) {
        return SPANLINK_OK;
    }
    if (!read_xray_fields(header, &fields)) {
        return SPANLINK_ERR_FORMAT_SYNTAX;
    }
    if (fields.root.ptr == NULL || fields.parent.ptr == NULL) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    return read_xray_ids(&fields, context);
}

spanlink_status spanlink_xray_format(const spanlink_context *context, char text[75]) {
    if (context == NULL || text == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_status status = slnk_field_check(context);
    if (status == SPANLINK_OK) {
        char digits[32];
        slnk_hex_encode(context->trace_id, digits);
        slnk_hex_encode(context->trace_id + 8, digits + 16);
        memcpy(text, "Root=1-", 7);
        memcpy(text + 7, digits, 8);
        text[15] = '-';
        memcpy(text + 16, digits + 8, 24);
        memcpy(text + 40, ";Parent=", 8);
        slnk_hex_encode(context->span_id, text + 48);
        memcpy(text + 64, ";Sampled=", 9);
        text[73] = slnk_field_sampled(context);
        text[74] = '\0';
    }
    return status;
}

uint32_t spanlink_xray_epoch(const spanlink_context *context) {
    if (context == NULL) {
        return 0;
    }
    const uint8_t *id = context->trace_id;
    return (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
}
