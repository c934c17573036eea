/* SPDX-License-Identifier: MIT */
#include "state.h"

#include "test_tracestate_oracle.h"

state state_read(const char *text, size_t length) {
    state s = {.status = SPANLINK_OK};
    s.status = test_tracestate_read(text, length, s.members, &s.count);
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
