/* SPDX-License-Identifier: MIT */
#include <spanlink/datadog.h>

#include "internal/field.h"
#include "internal/hex.h"

static const char tid_tag[] = "_dd.p.tid=";

enum { TID_TAG_LENGTH = sizeof tid_tag - 1 };

/* The high half of the trace id, of the last `_dd.p.tid` that is well-formed; else it stays. */
static void read_high_half(spanlink_str tags, uint8_t high[8]) {
    slnk_field_parts parts = slnk_field_parts_of(tags);
    spanlink_str tag;
    while (slnk_field_next(&parts, ',', &tag)) {
        uint8_t read[8];
        if (tag.len < TID_TAG_LENGTH || memcmp(tag.ptr, tid_tag, TID_TAG_LENGTH) != 0) {
            continue;
        }
        tag.ptr += TID_TAG_LENGTH;
        tag.len -= TID_TAG_LENGTH;
        tag = slnk_text_trim(tag);
        if (tag.len == 16 && slnk_field_span_id(tag, read) == SPANLINK_OK) {
            memcpy(high, read, sizeof read);
        }
    }
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
    uint8_t read_trace_id[16] = {0}, read_span_id[8];
    if (context == NULL || slnk_text_is_broken(trace_id) || slnk_text_is_broken(parent_id) ||
        slnk_text_is_broken(sampling_priority) || slnk_text_is_broken(tags)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_str trace_digits = slnk_text_trim(trace_id), span_digits = slnk_text_trim(parent_id);
    if (trace_digits.len == 0 && span_digits.len == 0) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    spanlink_status status = slnk_field_trace_id_decimal(trace_digits, read_trace_id + 8);
    if (status == SPANLINK_OK) {
        status = slnk_field_span_id_decimal(span_digits, read_span_id);
    }
    if (status == SPANLINK_OK) {
        bool sampled = is_positive(slnk_text_trim(sampling_priority));
        read_high_half(tags, read_trace_id);
        slnk_field_accept(read_trace_id, read_span_id, sampled ? SPANLINK_TRACE_FLAG_SAMPLED : 0,
                          context);
    }
    return status;
}

spanlink_status spanlink_datadog_format(const spanlink_context *context,
                                        spanlink_datadog_headers *headers) {
    if (context == NULL || headers == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (slnk_bytes_are_zero(context->trace_id + 8, 8)) {
        return SPANLINK_ERR_TRACE_ID_ZERO;
    }
    spanlink_status status = slnk_field_check(context);
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
