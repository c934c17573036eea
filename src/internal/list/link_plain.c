/* SPDX-License-Identifier: MIT */
#include "internal/list/link_plain.h"

#include "internal/utf8.h"

/* What is free of a block, behind the attributes. */
typedef struct text_room {
    char *next;
    size_t left;
} text_room;

/* Moves a text into the block; false if it does not fit. */
static inline bool take_text(text_room *room, const char **text, size_t length) {
    if (length > room->left) {
        return false;
    }
    slnk_bytes_copy(room->next, *text, length);
    *text = length != 0 ? room->next : slnk_names.empty;
    room->next += length;
    room->left -= length;
    return true;
}

static inline bool take_key(text_room *room, spanlink_str *key) {
    if (key->len == 0) {
        return false;
    }
    return slnk_name_owned(key->ptr) ||
           (slnk_utf8_valid(key->ptr, key->len) && take_text(room, &key->ptr, key->len));
}

static inline bool take_value(text_room *room, spanlink_value *value, size_t max_length) {
    spanlink_str *text = &value->string_value;
    if (value->type != SPANLINK_VALUE_STRING) {
        return value->type < SPANLINK_VALUE_BYTES;
    }
    return text->len <= max_length &&
           (slnk_name_owned(text->ptr) || take_text(room, &text->ptr, text->len));
}

static inline bool repeats_key(const spanlink_attribute *attributes, size_t index) {
    spanlink_str key = attributes[index].key;
    size_t i = 0;
    while (i < index && (attributes[i].key.len != key.len ||
                         memcmp(attributes[i].key.ptr, key.ptr, key.len) != 0)) {
        i++;
    }
    return i < index;
}

size_t slnk_plain_finish(spanlink_link *copy, spanlink_attribute *attributes, size_t room,
                         size_t max_value_length) {
    size_t count = copy->attribute_count;
    text_room rest = {(char *)(attributes + count), room - count * sizeof *attributes};
    spanlink_str *state = &copy->context.trace_state;
    for (size_t i = 0; i < count; i++) {
        if (repeats_key(attributes, i) || !take_key(&rest, &attributes[i].key) ||
            !take_value(&rest, &attributes[i].value, max_value_length)) {
            return SLNK_PLAIN_NONE;
        }
    }
    if (!take_text(&rest, &state->ptr, state->len)) {
        return SLNK_PLAIN_NONE;
    }
    return (room - rest.left + 7) & ~(size_t)7;
}
