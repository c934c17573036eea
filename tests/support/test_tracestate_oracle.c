/* SPDX-License-Identifier: MIT */
#include "test_tracestate_oracle.h"

#include <stdio.h>
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

size_t test_tracestate_find(const test_tracestate *state, spanlink_str key) {
    size_t at = 0;
    for (; at < state->count; at++) {
        spanlink_str other = state->members[at].key;
        if (other.len == key.len && memcmp(other.ptr, key.ptr, key.len) == 0) {
            break;
        }
    }
    return at;
}

test_tracestate test_tracestate_read(const char *text, size_t length) {
    test_tracestate state = {.status = SPANLINK_OK};
    size_t found = 0, comma;
    for (size_t start = 0; start < length && state.status == SPANLINK_OK; start = comma + 1) {
        for (comma = start; comma < length && text[comma] != ',';) {
            comma++;
        }
        spanlink_str piece = trimmed(text + start, comma - start);
        if (piece.len == 0) {
            continue;
        }
        spanlink_tracestate_member member;
        state.status = found++ == 32 ? SPANLINK_ERR_TRACESTATE_MEMBERS
                                     : read_one(piece.ptr, piece.len, &member);
        if (state.status == SPANLINK_OK &&
            test_tracestate_find(&state, member.key) == state.count) {
            state.members[state.count++] = member;
        }
    }
    return state;
}

size_t test_tracestate_write(const test_tracestate *state, char text[TEST_TRACESTATE_MOST + 1]) {
    size_t length = 0;
    for (size_t i = 0; i < state->count; i++) {
        const spanlink_tracestate_member *member = &state->members[i];
        length += (size_t)snprintf(text + length, TEST_TRACESTATE_MOST + 1 - length, "%s%.*s=%.*s",
                                   i == 0 ? "" : ",", (int)member->key.len, member->key.ptr,
                                   (int)member->value.len, member->value.ptr);
    }
    return length;
}

static size_t length_of(const spanlink_tracestate_member *member) {
    return member->key.len + 1 + member->value.len;
}

size_t test_tracestate_length(const test_tracestate *state) {
    size_t length = state->count == 0 ? 0 : state->count - 1;
    for (size_t i = 0; i < state->count; i++) {
        length += length_of(&state->members[i]);
    }
    return length;
}

static void take_out(test_tracestate *state, size_t at) {
    state->count--;
    memmove(&state->members[at], &state->members[at + 1],
            (state->count - at) * sizeof state->members[0]);
}

test_tracestate test_tracestate_remove(test_tracestate state, spanlink_str key) {
    size_t at = test_tracestate_find(&state, key);
    if (!test_tracestate_is_key(key.ptr, key.len)) {
        state.status = SPANLINK_ERR_TRACESTATE_KEY;
    } else if (at < state.count) {
        take_out(&state, at);
    }
    return state;
}

test_tracestate test_tracestate_set(test_tracestate state, spanlink_str key, spanlink_str value) {
    state = test_tracestate_remove(state, key);
    if (!test_tracestate_is_key(key.ptr, key.len)) {
        return state;
    }
    if (!test_tracestate_is_value(value.ptr, value.len)) {
        state.status = SPANLINK_ERR_TRACESTATE_VALUE;
        return state;
    }
    state.count -= state.count == 32;
    memmove(&state.members[1], &state.members[0], state.count * sizeof state.members[0]);
    state.members[0] = (spanlink_tracestate_member){key, value};
    state.count++;
    return state;
}

test_tracestate test_tracestate_limit(test_tracestate state, size_t max_length) {
    for (size_t i = state.count; i-- > 0;) {
        if (test_tracestate_length(&state) > max_length && length_of(&state.members[i]) > 128) {
            take_out(&state, i);
        }
    }
    while (test_tracestate_length(&state) > max_length) {
        take_out(&state, state.count - 1);
    }
    return state;
}
