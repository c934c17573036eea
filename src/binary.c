/* SPDX-License-Identifier: MIT */
#include <spanlink/binary.h>

#include "internal/compiler.h"
#include "internal/field.h"

/* The offset of each field's number if all fields are present; its bytes follow. */
enum { TRACE_FIELD_AT = 1, SPAN_FIELD_AT = 18, FLAGS_FIELD_AT = 27 };

/* The rest of the input. */
typedef struct binary_input {
    const uint8_t *at;
    size_t left;
} binary_input;

/* Takes a field if it is next; otherwise leaves `*bytes` unchanged. False if it is incomplete. */
static bool take_part(binary_input *input, uint8_t number, size_t size, const uint8_t **bytes) {
    if (input->left == 0 || input->at[0] != number) {
        return true;
    }
    if (input->left <= size) {
        return false;
    }
    *bytes = input->at + 1;
    input->at += 1 + size;
    input->left -= 1 + size;
    return true;
}

static spanlink_status accept_binary(const uint8_t *trace_id, const uint8_t *span_id, uint8_t flags,
                                     spanlink_context *context) {
    if (slnk_bytes_are_zero(trace_id, 16)) {
        return SPANLINK_ERR_TRACE_ID_ZERO;
    }
    if (slnk_bytes_are_zero(span_id, 8)) {
        return SPANLINK_ERR_SPAN_ID_ZERO;
    }
    memcpy(context->trace_id, trace_id, 16);
    slnk_field_accept(slnk_bytes_load64_big(span_id), flags, context);
    return SPANLINK_OK;
}

static spanlink_status read_binary_fields(const uint8_t *bytes, size_t size,
                                          spanlink_context *context) {
    static const uint8_t no_flags = 0;
    const uint8_t *trace_id = NULL, *span_id = NULL, *flags = &no_flags;
    if (size == 0) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    binary_input input = {bytes + 1, size - 1};
    if (bytes[0] != 0 || !take_part(&input, 0, 16, &trace_id) ||
        !take_part(&input, 1, 8, &span_id) || !take_part(&input, 2, 1, &flags)) {
        return SPANLINK_ERR_FORMAT_SYNTAX;
    }
    if (trace_id == NULL || span_id == NULL) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    return accept_binary(trace_id, span_id, *flags, context);
}

/* Whether all fields are present. */
static bool is_complete(const uint8_t *bytes, size_t size) {
    return size >= SPANLINK_BINARY_SIZE && bytes[0] == 0 && bytes[TRACE_FIELD_AT] == 0 &&
           bytes[SPAN_FIELD_AT] == 1 && bytes[FLAGS_FIELD_AT] == 2;
}

spanlink_status spanlink_binary_decode(const uint8_t *bytes, size_t size,
                                       spanlink_context *context) {
    if (context == NULL || (bytes == NULL && size != 0)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (SLNK_UNLESS_SMALL(is_complete(bytes, size))) {
        return accept_binary(bytes + TRACE_FIELD_AT + 1, bytes + SPAN_FIELD_AT + 1,
                             bytes[FLAGS_FIELD_AT + 1], context);
    }
    return read_binary_fields(bytes, size, context);
}

spanlink_status spanlink_binary_encode(const spanlink_context *context, uint8_t bytes[29]) {
    spanlink_status status = slnk_field_check(context, bytes);
    if (status == SPANLINK_OK) {
        bytes[0] = 0;
        bytes[TRACE_FIELD_AT] = 0;
        memcpy(bytes + TRACE_FIELD_AT + 1, context->trace_id, 16);
        bytes[SPAN_FIELD_AT] = 1;
        memcpy(bytes + SPAN_FIELD_AT + 1, context->span_id, 8);
        bytes[FLAGS_FIELD_AT] = 2;
        bytes[FLAGS_FIELD_AT + 1] =
            context->trace_flags & (SPANLINK_TRACE_FLAG_SAMPLED | SPANLINK_TRACE_FLAG_RANDOM);
    }
    return status;
}
