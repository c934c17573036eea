/* SPDX-License-Identifier: MIT */
#include <spanlink/datadog.h>

#include "internal/compiler.h"
#include "internal/field.h"
#include "internal/hex.h"

static const char tid_tag[] = "_dd.p.tid=";

enum { TID_TAG_LENGTH = sizeof tid_tag - 1 };

static const slnk_field_hex tid_hex = {.least_of_span_id = 16, .upper = true};

/* Only this tag, in lowercase, as most senders write it. */
static bool read_usual_tid(spanlink_str tag, uint8_t high[8]) {
    return tag.len == TID_TAG_LENGTH + 16 && memcmp(tag.ptr, tid_tag, TID_TAG_LENGTH) == 0 &&
           slnk_hex_decode_span_id(tag.ptr + TID_TAG_LENGTH, high) && !slnk_bytes_are_zero(high, 8);
}

static bool read_tid(spanlink_str tag, uint8_t high[8]) {
    tag = slnk_field_parts_of(tag).rest;
    if (tag.len < TID_TAG_LENGTH || memcmp(tag.ptr, tid_tag, TID_TAG_LENGTH) != 0) {
        return false;
    }
    tag.ptr += TID_TAG_LENGTH;
    tag.len -= TID_TAG_LENGTH;
    return slnk_field_span_id(slnk_field_parts_of(tag).rest, &tid_hex, high) == SPANLINK_OK;
}

/* The high half of the trace id: the last valid tag counts. Most other tags are too short to be
 * read. */
static uint64_t read_high_half(spanlink_str tags) {
    uint64_t high = 0;
    while (tags.len != 0) {
        uint8_t read[8] = {0};
        const char *comma = memchr(tags.ptr, ',', tags.len);
        size_t length = comma != NULL ? (size_t)(comma - tags.ptr) : tags.len;
        spanlink_str tag = {tags.ptr, length};
        if (length >= TID_TAG_LENGTH + 16 &&
            (SLNK_UNLESS_SMALL(read_usual_tid(tag, read)) || read_tid(tag, read))) {
            high = slnk_bytes_load64_big(read);
        }
        length += comma != NULL;
        tags.ptr += length;
        tags.len -= length;
    }
    return high;
}

/* A decimal number above 0. */
static bool is_positive(spanlink_str priority) {
    bool any = false;
    for (size_t i = 0; i < priority.len; i++) {
        if (priority.ptr[i] < '0' || priority.ptr[i] > '9') {
            return false;
        }
        any |= priority.ptr[i] != '0';
    }
    return any;
}

spanlink_status spanlink_datadog_parse(spanlink_str trace_id, spanlink_str parent_id,
                                       spanlink_str sampling_priority, spanlink_str tags,
                                       spanlink_context *context) {
    spanlink_str values[4] = {trace_id, parent_id, sampling_priority, tags};
    uint64_t low, span_id;
    if (context == NULL || !slnk_field_trim_all(values)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (values[0].len == 0 && values[1].len == 0) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    spanlink_status status = slnk_field_trace_id_decimal(values[0], &low);
    if (status == SPANLINK_OK) {
        status = slnk_field_span_id_decimal(values[1], &span_id);
    }
    if (status == SPANLINK_OK) {
        slnk_bytes_store64_big(context->trace_id, read_high_half(values[3]));
        slnk_bytes_store64_big(context->trace_id + 8, low);
        slnk_field_accept(span_id, is_positive(values[2]), context);
    }
    return status;
}

spanlink_status spanlink_datadog_format(const spanlink_context *context,
                                        spanlink_datadog_headers *headers) {
    spanlink_status status = slnk_field_check(context, headers);
    if (status == SPANLINK_OK && slnk_bytes_are_zero(context->trace_id + 8, 8)) {
        status = SPANLINK_ERR_TRACE_ID_ZERO;
    }
    if (status == SPANLINK_OK) {
        headers->trace_id[slnk_field_decimal(context->trace_id + 8, headers->trace_id)] = '\0';
        headers->parent_id[slnk_field_decimal(context->span_id, headers->parent_id)] = '\0';
        headers->sampling_priority[0] = slnk_field_sampled(context);
        headers->sampling_priority[1] = '\0';
        memcpy(headers->tags, tid_tag, TID_TAG_LENGTH);
        slnk_hex_encode(context->trace_id, headers->tags + TID_TAG_LENGTH);
        size_t length = slnk_bytes_are_zero(context->trace_id, 8) ? 0 : TID_TAG_LENGTH + 16;
        headers->tags[length] = '\0';
    }
    return status;
}
