/* SPDX-License-Identifier: MIT */
#include "http_carrier.h"

#include <stdio.h>
#include <string.h>

struct search {
    spanlink_str name, value;
    size_t skip; /* lines of that name that were read before */
    bool found;
};

static bool same_name(spanlink_str wanted, const char *name) {
    return strlen(name) == wanted.len && curl_strnequal(name, wanted.ptr, wanted.len) != 0;
}

static enum MHD_Result look_at(void *state, enum MHD_ValueKind kind, const char *name,
                               const char *value) {
    struct search *search = state;
    (void)kind;
    if (same_name(search->name, name) && search->skip-- == 0) {
        search->value = spanlink_str_from(value);
        search->found = true;
        return MHD_NO; /* stop here */
    }
    return MHD_YES;
}

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static bool is_binary(spanlink_str name) {
    return name.len > 4 && memcmp(name.ptr + name.len - 4, "-bin", 4) == 0;
}

/* Base64 with or without its padding. Empty if it is too long or not base64. */
static spanlink_str decode_base64(spanlink_str text, char *bytes, size_t capacity) {
    uint32_t bits = 0;
    size_t length = 0;
    while (text.len > 0 && text.ptr[text.len - 1] == '=') {
        text.len--;
    }
    for (size_t i = 0; i < text.len; i++) {
        const char *digit = text.ptr[i] != '\0' ? strchr(digits, text.ptr[i]) : NULL;
        if (digit == NULL || length == capacity) {
            return (spanlink_str){NULL, 0};
        }
        bits = bits << 6 | (uint32_t)(digit - digits);
        if (i % 4 != 0) {
            bytes[length++] = (char)(uint8_t)(bits >> (6 - 2 * (i % 4)));
        }
    }
    return (spanlink_str){bytes, length};
}

static void encode_base64(spanlink_str bytes, char *text) {
    for (size_t i = 0; i < bytes.len; i += 3) {
        uint32_t bits = 0;
        for (size_t k = i; k < i + 3; k++) {
            bits = bits << 8 | (k < bytes.len ? (uint8_t)bytes.ptr[k] : 0);
        }
        for (int k = 3; k >= 0; k--, bits >>= 6) {
            text[i / 3 * 4 + (size_t)k] = digits[bits % 64];
        }
    }
    text[(bytes.len * 4 + 2) / 3] = '\0'; /* without padding */
}

static bool next(void *state, spanlink_str name, size_t *cursor, spanlink_str *value) {
    struct request_headers *headers = state;
    struct search search = {.name = name, .skip = *cursor};
    MHD_get_connection_values(headers->connection, MHD_HEADER_KIND, look_at, &search);
    *cursor += 1;
    *value = is_binary(name) ? decode_base64(search.value, headers->bytes, sizeof headers->bytes)
                             : search.value;
    return search.found;
}

spanlink_getter request_getter(struct request_headers *headers) {
    return (spanlink_getter){headers, next};
}

static spanlink_status set(void *headers, spanlink_str name, spanlink_str value) {
    struct curl_slist **list = headers;
    char line[SPANLINK_TRACESTATE_MAX + 64], base64[64];
    if (is_binary(name)) { /* 29 bytes */
        encode_base64(value, base64);
        value = spanlink_str_from(base64);
    }
    snprintf(line, sizeof line, "%.*s: %.*s", (int)name.len, name.ptr, (int)value.len, value.ptr);
    struct curl_slist *longer = curl_slist_append(*list, line);
    if (longer == NULL) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    *list = longer;
    return SPANLINK_OK;
}

spanlink_setter header_list_setter(struct curl_slist **headers) {
    return (spanlink_setter){.state = headers, .set = set};
}
