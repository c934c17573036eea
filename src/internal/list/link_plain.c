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
    if (length == 0) {
        *text = slnk_names.empty;
        return true;
    }
    if (slnk_name_owned(*text)) {
        return true;
    }
    if (length > room->left) {
        return false;
    }
    slnk_bytes_copy(room->next, *text, length);
    *text = room->next;
    room->next += length;
    room->left -= length;
    return true;
}

static inline bool take_key(text_room *room, spanlink_str *key) {
    return key->len != 0 && (slnk_name_owned(key->ptr) || (slnk_utf8_valid(key->ptr, key->len) &&
                                                           take_text(room, &key->ptr, key->len)));
}

/* False for a value that does not stay as it is, or owns more than a string. */
static inline bool take_value(text_room *room, spanlink_value *value, size_t max_length) {
    switch (value->type) {
    case SPANLINK_VALUE_EMPTY:
    case SPANLINK_VALUE_BOOL:
    case SPANLINK_VALUE_INT:
    case SPANLINK_VALUE_DOUBLE:
        return true;
    case SPANLINK_VALUE_STRING:
        return value->string_value.len <= max_length &&
               take_text(room, &value->string_value.ptr, value->string_value.len);
    default:
        return false;
    }
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

bool slnk_plain_finish(spanlink_link *copy, void *block, size_t room, size_t max_value_length,
                       size_t *size) {
    if (block == NULL) {
        return false;
    }
    spanlink_attribute *attributes = block;
    spanlink_str *state = &copy->context.trace_state;
    size_t count = copy->attribute_count, structure = count * sizeof *attributes;
    size_t whole = room & ~(size_t)7;
    text_room rest = {(char *)block + structure, whole - structure};
    for (size_t i = 0; i < count; i++) {
        if (repeats_key(attributes, i) || !take_key(&rest, &attributes[i].key) ||
            !take_value(&rest, &attributes[i].value, max_value_length)) {
            return false;
        }
    }
    if (!take_text(&rest, &state->ptr, state->len)) {
        return false;
    }
    *size = (whole - rest.left + 7) & ~(size_t)7;
    return true;
}
