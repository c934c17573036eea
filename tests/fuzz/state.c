/* SPDX-License-Identifier: MIT */
#include "state.h"

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

bool state_is_key(const char *text, size_t length) {
    bool valid = length >= 1 && length <= 256 && is_start(text[0]);
    for (size_t i = 0; valid && i < length; i++) {
        valid = is_key_character(text[i]);
    }
    return valid;
}

bool state_is_value(const char *text, size_t length) {
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
    if (!state_is_key(text, key)) {
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
    return state_is_value(member->value.ptr, member->value.len) ? SPANLINK_OK
                                                                : SPANLINK_ERR_TRACESTATE_VALUE;
}

static bool has_key(const state *s, spanlink_str key) {
    for (size_t i = 0; i < s->count; i++) {
        if (s->members[i].key.len == key.len &&
            memcmp(s->members[i].key.ptr, key.ptr, key.len) == 0) {
            return true;
        }
    }
    return false;
}

state state_read(const char *text, size_t length) {
    state s = {.status = SPANLINK_OK};
    size_t found = 0, from, to, comma;
    for (size_t start = 0; start < length && s.status == SPANLINK_OK; start = comma + 1) {
        for (comma = start; comma < length && text[comma] != ',';) {
            comma++;
        }
        for (from = start; from < comma && is_blank(text[from]);) {
            from++;
        }
        for (to = comma; to > from && is_blank(text[to - 1]);) {
            to--;
        }
        if (from == to) {
            continue;
        }
        spanlink_tracestate_member member;
        s.status = found++ == 32 ? SPANLINK_ERR_TRACESTATE_MEMBERS
                                 : read_one(text + from, to - from, &member);
        if (s.status == SPANLINK_OK && !has_key(&s, member.key)) {
            s.members[s.count++] = member;
        }
    }
    return s;
}

size_t state_write(const state *from, char *text) {
    size_t length = 0;
    for (size_t i = 0; i < from->count; i++) {
        const spanlink_tracestate_member *member = &from->members[i];
        int written = snprintf(text + length, STATE_TEXT - length, "%s%.*s=%.*s", i == 0 ? "" : ",",
                               (int)member->key.len, member->key.ptr, (int)member->value.len,
                               member->value.ptr);
        length += (size_t)written;
    }
    return length;
}

size_t state_expand(fuzz_input *input, size_t bytes, char *text) {
    size_t length = 0;
    unsigned members = 0;
    for (size_t i = 0; i < bytes && input->left != 0 && length + 512 < STATE_TEXT; i++) {
        uint8_t byte = fuzz_byte(input);
        size_t run = (size_t)(byte / 8 % 16) * (byte / 8 % 16) + 1;
        if (byte < 0x80) {
            text[length++] = (char)byte;
        } else if (byte % 8 == 7) {
            length += (size_t)sprintf(text + length, "k%u=%u,", members, byte);
            members++;
        } else {
            memset(text + length, "a=, \tz~"[byte % 8], run);
            length += run;
        }
    }
    return length;
}
