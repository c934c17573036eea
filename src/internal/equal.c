/* SPDX-License-Identifier: MIT */
#include "internal/equal.h"

#include "internal/text.h"

static bool same_bytes(spanlink_bytes a, spanlink_bytes b) {
    return slnk_text_equal(spanlink_str_make((const char *)a.ptr, a.len),
                           spanlink_str_make((const char *)b.ptr, b.len));
}

static size_t readable(const void *elements, size_t count) {
    return elements == NULL ? 0 : count;
}

/* NOLINTBEGIN(misc-no-recursion): values nest, and SLNK_EQUAL_DEEPEST bounds how deep */
static bool same_elements(spanlink_values a, spanlink_values b, unsigned depth) {
    size_t count = readable(a.ptr, a.len), i = 0;
    if (count != readable(b.ptr, b.len)) {
        return false;
    }
    while (i < count && slnk_equal_values(&a.ptr[i], &b.ptr[i], depth)) {
        i++;
    }
    return i == count;
}

/* The entry that counts for a key among the first `count`: the last one. NULL if there is none. */
static const spanlink_attribute *last_entry(const spanlink_attribute *entries, size_t count,
                                            spanlink_str key) {
    while (count != 0) {
        const spanlink_attribute *entry = &entries[--count];
        if (slnk_text_equal(entry->key, key)) {
            return entry;
        }
    }
    return NULL;
}

/* Whether the entry is the last one of its key. */
static bool counts(spanlink_attributes entries, size_t i) {
    return last_entry(entries.ptr, entries.len, entries.ptr[i].key) == &entries.ptr[i];
}

static size_t count_keys(spanlink_attributes entries) {
    size_t keys = 0;
    for (size_t i = 0; i < entries.len; i++) {
        keys += counts(entries, i);
    }
    return keys;
}

/* Whether each key of `a` has the same value in `b`. */
static bool contains(spanlink_attributes b, spanlink_attributes a, unsigned depth) {
    for (size_t i = 0; i < a.len; i++) {
        if (!counts(a, i)) {
            continue;
        }
        const spanlink_attribute *other = last_entry(b.ptr, b.len, a.ptr[i].key);
        if (other == NULL || !slnk_equal_values(&a.ptr[i].value, &other->value, depth)) {
            return false;
        }
    }
    return true;
}

bool slnk_equal_attributes(spanlink_attributes a, spanlink_attributes b, unsigned depth) {
    a.len = readable(a.ptr, a.len);
    b.len = readable(b.ptr, b.len);
    return count_keys(a) == count_keys(b) && contains(b, a, depth);
}

/* Compares the bits: a NaN equals itself, and -0.0 does not equal 0.0. */
static uint64_t bits_of(const double *number) {
    uint64_t bits;
    memcpy(&bits, number, sizeof bits);
    return bits;
}

/* The type as which a value counts at its depth. */
static uint32_t type_at(const spanlink_value *value, unsigned depth) {
    bool too_deep = depth > SLNK_EQUAL_DEEPEST &&
                    (value->type == SPANLINK_VALUE_ARRAY || value->type == SPANLINK_VALUE_MAP);
    return too_deep ? SPANLINK_VALUE_EMPTY : value->type;
}

bool slnk_equal_values(const spanlink_value *a, const spanlink_value *b, unsigned depth) {
    uint32_t type = type_at(a, depth);
    if (type != type_at(b, depth)) {
        return false;
    }
    switch (type) {
    case SPANLINK_VALUE_EMPTY:
        return true;
    case SPANLINK_VALUE_STRING:
        return slnk_text_equal(a->string_value, b->string_value);
    case SPANLINK_VALUE_BOOL:
        return a->bool_value == b->bool_value;
    case SPANLINK_VALUE_INT:
        return a->int_value == b->int_value;
    case SPANLINK_VALUE_DOUBLE:
        return bits_of(&a->double_value) == bits_of(&b->double_value);
    case SPANLINK_VALUE_BYTES:
        return same_bytes(a->bytes_value, b->bytes_value);
    case SPANLINK_VALUE_ARRAY:
        return same_elements(a->array_value, b->array_value, depth + 1);
    case SPANLINK_VALUE_MAP:
        return slnk_equal_attributes(a->map_value, b->map_value, depth + 1);
    default:
        return false;
    }
}
/* NOLINTEND(misc-no-recursion): the end of what calls itself for nested values */
