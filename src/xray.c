/* SPDX-License-Identifier: MIT */
#include <spanlink/xray.h>

#include "internal/compiler.h"
#include "internal/field.h"
#include "internal/hex.h"

/* Offsets of the parts of a root. */
enum { ROOT_LENGTH = 35, EPOCH_AT = 2, UNIQUE_AT = 11 };

/* Offsets of the values in a written header. */
enum { ROOT_AT = 5, PARENT_AT = 48, SAMPLED_AT = 73 };

static const slnk_field_hex xray_hex = {32, 16, true};

/* The fields that are read; of a repeated field the last counts. A NULL view: there is none. */
enum { XRAY_ROOT, XRAY_PARENT, XRAY_SAMPLED, XRAY_FIELDS };

static void keep_xray_field(spanlink_str fields[XRAY_FIELDS], spanlink_str key,
                            spanlink_str value) {
    static const char names[XRAY_FIELDS][8] = {"Root", "Parent", "Sampled"};
    for (size_t i = 0; i < XRAY_FIELDS; i++) {
        if (slnk_field_is(key, names[i], strlen(names[i]))) {
            fields[i] = value;
        }
    }
}

/* False if a part is not a field. */
static bool read_xray_fields(spanlink_str header, spanlink_str fields[XRAY_FIELDS]) {
    slnk_field_parts parts = slnk_field_parts_of(header);
    spanlink_str part, key;
    while (slnk_field_next(&parts, ';', &part)) {
        slnk_field_parts sides = slnk_field_parts_of(part);
        if (part.len == 0) {
            continue;
        }
        slnk_field_next(&sides, '=', &key);
        if (!sides.more) {
            return false;
        }
        keep_xray_field(fields, key, slnk_field_parts_of(sides.rest).rest);
    }
    return true;
}

/* 1-{8}-{24}: a version, and the trace id with a dash after its seconds, which is removed. */
static spanlink_status read_root(spanlink_str root, char digits[32]) {
    if (root.len < EPOCH_AT || memcmp(root.ptr, "1-", 2) != 0) {
        return SPANLINK_ERR_FORMAT_SYNTAX;
    }
    const char *dash = memchr(root.ptr + EPOCH_AT, '-', root.len - EPOCH_AT);
    if (dash == NULL) {
        return SPANLINK_ERR_FORMAT_SYNTAX;
    }
    if (dash != root.ptr + UNIQUE_AT - 1 || root.len != ROOT_LENGTH) {
        return SPANLINK_ERR_TRACE_ID_LENGTH;
    }
    memcpy(digits, root.ptr + EPOCH_AT, 8);
    memcpy(digits + 8, root.ptr + UNIQUE_AT, 24);
    return SPANLINK_OK;
}

/* The seconds of a trace id; false if they are not eight lowercase digits. */
static bool read_epoch(const char text[8], uint32_t *epoch) {
    uint8_t worst = 0;
    *epoch = 0;
    for (size_t i = 0; i < 8; i++) {
        uint8_t digit = slnk_hex_value(text[i]);
        worst = slnk_hex_worse(worst, digit);
        *epoch = *epoch << 4 | digit;
    }
    return worst <= 15;
}

/*
 * The three fields in the order and the case in which most senders write them. Other forms are left
 * to read_xray_fields(). The digits after the dash are decoded in two runs of 16, which overlap:
 * joining the 8 and the 24 digits in memory first makes a parse three times slower.
 */
static bool read_usual_xray(spanlink_str header, spanlink_context *context) {
    const char *text = header.ptr;
    uint32_t epoch;
    uint8_t first[8] = {0}, last[8] = {0}, span_id[8] = {0};
    if (header.len != SPANLINK_XRAY_LENGTH || memcmp(text, "Root=1-", 7) != 0) {
        return false;
    }
    const char *root = text + ROOT_AT;
    if (root[UNIQUE_AT - 1] != '-' || memcmp(text + 40, ";Parent=", 8) != 0 ||
        memcmp(text + 64, ";Sampled=", 9) != 0 || !read_epoch(root + EPOCH_AT, &epoch) ||
        !slnk_hex_decode_span_id(root + UNIQUE_AT, first) ||
        !slnk_hex_decode_span_id(root + UNIQUE_AT + 8, last) ||
        !slnk_hex_decode_span_id(text + PARENT_AT, span_id) || slnk_bytes_are_zero(span_id, 8)) {
        return false;
    }
    uint64_t high = (uint64_t)epoch << 32 | slnk_bytes_load64_big(first) >> 32;
    uint64_t low = slnk_bytes_load64_big(last);
    if ((high | low) == 0) {
        return false;
    }
    slnk_bytes_store64_big(context->trace_id, high);
    slnk_bytes_store64_big(context->trace_id + 8, low);
    slnk_field_accept(slnk_bytes_load64_big(span_id), text[SAMPLED_AT] == '1', context);
    return true;
}

spanlink_status spanlink_xray_parse(spanlink_str header, spanlink_context *context) {
    spanlink_str fields[XRAY_FIELDS] = {{NULL, 0}};
    char digits[32];
    if (context == NULL || slnk_text_is_broken(header)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (SLNK_UNLESS_SMALL(read_usual_xray(header, context))) {
        return SPANLINK_OK;
    }
    if (!read_xray_fields(header, fields)) {
        return SPANLINK_ERR_FORMAT_SYNTAX;
    }
    if (fields[XRAY_ROOT].ptr == NULL || fields[XRAY_PARENT].ptr == NULL) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    spanlink_status status = read_root(fields[XRAY_ROOT], digits);
    if (status != SPANLINK_OK) {
        return status;
    }
    return slnk_field_ids((spanlink_str){digits, sizeof digits}, fields[XRAY_PARENT], &xray_hex,
                          slnk_field_is(fields[XRAY_SAMPLED], "1", 1), context);
}

spanlink_status spanlink_xray_format(const spanlink_context *context, char text[75]) {
    spanlink_status status = slnk_field_check(context, text);
    if (status == SPANLINK_OK) {
        char ids[49];
        slnk_field_put_ids(context, '\0', ids);
        memcpy(text, "Root=1-", 7);
        memcpy(text + 7, ids, 8);
        text[15] = '-';
        memcpy(text + 16, ids + 8, 24);
        memcpy(text + 40, ";Parent=", 8);
        memcpy(text + PARENT_AT, ids + 33, 16);
        memcpy(text + 64, ";Sampled=", 9);
        text[SAMPLED_AT] = slnk_field_sampled(context);
        text[74] = '\0';
    }
    return status;
}

uint32_t spanlink_xray_epoch(const spanlink_context *context) {
    return context != NULL ? (uint32_t)(slnk_bytes_load64_big(context->trace_id) >> 32) : 0;
}
