/* SPDX-License-Identifier: MIT */
#include "test_tracestate_oracle.h"

#include <string.h>

static bool is_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_key_character(char c) {
    return is_start(c) || (c != '\0' && strchr("_-*/@", c) != NULL);
}

static bool is_value_character(char c) {
    return c >= ' ' && c <= '~' && c != ',' && c != '=';
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

bool test_tracestate_is_key(const char *text, size_t length) {
    bool valid = length >= 1 && length <= 256 && is_start(text[0]);
    for (size_t i = 0; valid && i < length; i++) {
        valid = is_key_character(text[i]);
    }
    return valid;
}

bool test_tracestate_is_value(const char *text, size_t length) {
    bool valid = length >= 1 && length <= 256 && text[length - 1] != ' ';
    for (size_t i = 0; valid && i < length; i++) {
        valid = is_value_character(text[i]);
    }
    return valid;
}

/* One trimmed member that is not empty. */
static spanlink_status read_one(const char *text, size_t length,
                                spanlink_tracestate_member *member) {
    size_t key = 0;
    while (key < length && is_key_character(text[key])) {
        key++;
    }
    if (!test_tracestate_is_key(text, key)) {
        return SPANLINK_ERR_TRACESTATE_KEY;
    }
    if (key == length) {
        return SPANLINK_ERR_TRACESTATE_EQUALS;
    }
    if (text[key] != '=') {
        return SPANLINK_ERR_TRACESTATE_KEY;
    }
    member->key = (spanlink_str){text, key};
    member->value = (spanlink_str){text + key + 1, length - key - 1};
    return test_tracestate_is_value(member->value.ptr, member->value.len)
               ? SPANLINK_OK
               : SPANLINK_ERR_TRACESTATE_VALUE;
}

static bool has_key(const spanlink_tracestate_member *members, size_t count, spanlink_str key) {
    for (size_t i = 0; i < count; i++) {
        if (members[i].key.len == key.len && memcmp(members[i].key.ptr, key.ptr, key.len) == 0) {
            return true;
        }
    }
    return false;
}

static spanlink_str trimmed(const char *text, size_t length) {
    while (length != 0 && is_blank(text[0])) {
        text++;
        length--;
    }
    while (length != 0 && is_blank(text[length - 1])) {
        length--;
    }
    return (spanlink_str){text, length};
}

spanlink_status test_tracestate_read(const char *text, size_t length,
                                     spanlink_tracestate_member members[32], size_t *count) {
    spanlink_status status = SPANLINK_OK;
    size_t found = 0, comma;
    *count = 0;
    for (size_t start = 0; start < length && status == SPANLINK_OK; start = comma + 1) {
        for (comma = start; comma < length && text[comma] != ',';) {
            comma++;
        }
        spanlink_str piece = trimmed(text + start, comma - start);
        if (piece.len == 0) {
            continue;
        }
        spanlink_tracestate_member member;
        status = found++ == 32 ? SPANLINK_ERR_TRACESTATE_MEMBERS
                               : read_one(piece.ptr, piece.len, &member);
        if (status == SPANLINK_OK && !has_key(members, *count, member.key)) {
            members[(*count)++] = member;
        }
    }
    return status;
}
