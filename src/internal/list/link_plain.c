/* SPDX-License-Identifier: MIT */
#include "internal/list/link_plain.h"

#include "internal/utf8.h"

/* The free part of a block, after the attributes. */
typedef struct text_room {
    char *next, *end;
} text_room;

/* Copies a text into the block; false if it does not fit. */
static inline bool take_text(text_room *room, const char **text, size_t length) {
    if (length == 0) {
        *text = slnk_names.empty;
        return true;
    }
    if (slnk_name_owned(*text)) {
        return true;
    }
    char *copy = room->next;
    if (length > (size_t)(room->end - copy)) {
        return false;
    }
    room->next += length;
    slnk_bytes_copy(copy, *text, length);
    *text = copy;
    return true;
}

static inline bool take_key(text_room *room, spanlink_str *key) {
    return key->len != 0 && (slnk_name_owned(key->ptr) || (slnk_utf8_valid(key->ptr, key->len) &&
                                                           take_text(room, &key->ptr, key->len)));
}

/* False for a value that the limits change, or that owns more than a string. */
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

/* Whether an attribute before `other` has its key. */
static inline bool repeats_key(const spanlink_attribute *first, const spanlink_attribute *other) {
    while (first != other && !slnk_memory_same_text(first->key, other->key)) {
        first++;
    }
    return first != other;
}

bool slnk_plain_finish(spanlink_link *copy, void *block, size_t room, size_t max_value_length,
                       size_t *size) {
    if (block == NULL) {
        return false;
    }
    spanlink_attribute *attributes = block, *end = attributes + copy->attribute_count;
    spanlink_str *state = &copy->context.trace_state;
    text_room rest = {(char *)end, (char *)block + (room & ~(size_t)7)};
    for (spanlink_attribute *each = attributes; each != end; each++) {
        if (repeats_key(attributes, each) || !take_key(&rest, &each->key) ||
            !take_value(&rest, &each->value, max_value_length)) {
            return false;
        }
    }
    if (!take_text(&rest, &state->ptr, state->len)) {
        return false;
    }
    *size = ((size_t)(rest.next - (char *)block) + 7) & ~(size_t)7;
    return true;
}
