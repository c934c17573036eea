/* SPDX-License-Identifier: MIT */
/*
 * Reads its input as a traceparent, and compares with an oracle that follows the specification's
 * grammar one character at a time. An accepted header is written and read again.
 */
#include "fuzz.h"

#include <spanlink/traceparent.h>

typedef struct reading {
    spanlink_status status;
    uint8_t version, trace_id[16], span_id[8], flags;
} reading;

static int digit(char character) {
    static const char digits[] = "0123456789abcdef";
    const char *found = character != '\0' ? strchr(digits, character) : NULL;
    return found != NULL ? (int)(found - digits) : -1;
}

static bool any_bit(const uint8_t *bytes, size_t size) {
    uint8_t bits = 0;
    for (size_t i = 0; i < size; i++) {
        bits |= bytes[i];
    }
    return bits != 0;
}

/* Reads a field of hex digits. A bad digit takes precedence over the end of the text. */
static spanlink_status walk_field(const char *text, size_t length, size_t at, uint8_t *bytes,
                                  size_t size, spanlink_status bad_digit) {
    for (size_t i = 0; i < 2 * size; i++) {
        if (at + i >= length) {
            return SPANLINK_ERR_TRACEPARENT_LENGTH;
        }
        if (digit(text[at + i]) < 0) {
            return bad_digit;
        }
        bytes[i / 2] = (uint8_t)(bytes[i / 2] << 4 | digit(text[at + i]));
    }
    return SPANLINK_OK;
}

static spanlink_status walk_dash(const char *text, size_t length, size_t at) {
    if (at >= length) {
        return SPANLINK_ERR_TRACEPARENT_LENGTH;
    }
    return text[at] == '-' ? SPANLINK_OK : SPANLINK_ERR_TRACEPARENT_DELIMITER;
}

static spanlink_status walk(const char *text, size_t length, reading *r) {
    struct {
        size_t at, size;
        uint8_t *bytes;
        spanlink_status bad_digit, zero;
    } fields[] = {
        {0, 1, &r->version, SPANLINK_ERR_TRACEPARENT_VERSION, SPANLINK_OK},
        {3, 16, r->trace_id, SPANLINK_ERR_TRACEPARENT_TRACE_ID,
         SPANLINK_ERR_TRACEPARENT_TRACE_ID_ZERO},
        {36, 8, r->span_id, SPANLINK_ERR_TRACEPARENT_SPAN_ID,
         SPANLINK_ERR_TRACEPARENT_SPAN_ID_ZERO},
        {53, 1, &r->flags, SPANLINK_ERR_TRACEPARENT_FLAGS, SPANLINK_OK},
    };
    spanlink_status status = SPANLINK_OK;
    for (size_t i = 0; i < 4 && status == SPANLINK_OK; i++) {
        status = i == 0 ? SPANLINK_OK : walk_dash(text, length, fields[i].at - 1);
        if (status == SPANLINK_OK) {
            status = walk_field(text, length, fields[i].at, fields[i].bytes, fields[i].size,
                                fields[i].bad_digit);
        }
        if (status == SPANLINK_OK && i == 0 && r->version == 0xff) {
            status = SPANLINK_ERR_TRACEPARENT_VERSION;
        }
        if (status == SPANLINK_OK && !any_bit(fields[i].bytes, fields[i].size)) {
            status = fields[i].zero;
        }
    }
    if (status == SPANLINK_OK && length > 55) {
        status = r->version == 0 ? SPANLINK_ERR_TRACEPARENT_LENGTH : walk_dash(text, length, 55);
    }
    return status;
}

static reading read_plainly(const char *text, size_t length) {
    reading r = {.flags = 0};
    while (length != 0 && (*text == ' ' || *text == '\t')) {
        text++;
        length--;
    }
    while (length != 0 && (text[length - 1] == ' ' || text[length - 1] == '\t')) {
        length--;
    }
    r.status = walk(text, length, &r);
    return r;
}

static void compare(const reading *wanted, const spanlink_context *context) {
    fuzz_expect(memcmp(context->trace_id, wanted->trace_id, 16) == 0);
    fuzz_expect(memcmp(context->span_id, wanted->span_id, 8) == 0);
    fuzz_expect(context->trace_flags == wanted->flags);
    fuzz_expect(context->is_remote && context->trace_state.len == 0);
}

static void round_trip(const spanlink_context *context) {
    char *text = fuzz_memory(56);
    spanlink_context again;
    fuzz_expect(spanlink_traceparent_format(context, text) == SPANLINK_OK);
    fuzz_expect(strlen(text) == 55);
    fuzz_expect(spanlink_traceparent_parse((spanlink_str){text, 55}, &again) == SPANLINK_OK);
    fuzz_expect(spanlink_context_same_span(context, &again));
    fuzz_expect(again.trace_flags == (context->trace_flags & 0x03));
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_copy(data, size);
    reading wanted = read_plainly(text, size);
    spanlink_context context, before;
    memset(&before, 0xa5, sizeof before);
    memcpy(&context, &before, sizeof context);
    fuzz_expect(spanlink_traceparent_parse((spanlink_str){text, size}, &context) == wanted.status);
    if (wanted.status == SPANLINK_OK) {
        compare(&wanted, &context);
        round_trip(&context);
    } else {
        fuzz_expect(memcmp(&context, &before, sizeof context) == 0);
    }
    free(text);
    return 0;
}
