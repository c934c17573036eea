/* SPDX-License-Identifier: MIT */
#include "model.h"

#include "test_otlp_rules.h"

/* The code point of the sequence that starts here, and its length; length 0 if there is none. */
static uint32_t decode(const uint8_t *bytes, size_t left, size_t *length) {
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned ones = 0;
    while (ones < 8 && (bytes[0] >> (7 - ones) & 1) != 0) {
        ones++;
    }
    *length = 0;
    if (ones == 1 || ones > 4 || left < ones) {
        return 0;
    }
    size_t size = ones == 0 ? 1 : ones;
    uint32_t point = ones == 0 ? bytes[0] : bytes[0] & (0xffu >> (ones + 1));
    for (size_t i = 1; i < size; i++) {
        if (bytes[i] >> 6 != 2) {
            return 0;
        }
        point = point << 6 | (bytes[i] & 0x3fu);
    }
    bool surrogate = point >= 0xd800 && point <= 0xdfff;
    if (point < smallest[size] || point > 0x10ffff || surrogate) {
        return 0;
    }
    *length = size;
    return point;
}

/* The bytes of the first characters; a byte that belongs to none counts as one. */
static size_t prefix(spanlink_str text, size_t characters) {
    size_t bytes = 0, step;
    for (size_t i = 0; i < characters && bytes < text.len; i++) {
        decode((const uint8_t *)text.ptr + bytes, text.len - bytes, &step);
        bytes += step == 0 ? 1 : step;
    }
    return bytes;
}

/* The first fault on a walk through a value from the left: OK, VALUE_TYPE or VALUE_DEPTH. */
static spanlink_status fault(const spanlink_value *value, size_t depth, size_t most) {
    bool array = value->type == SPANLINK_VALUE_ARRAY, map = value->type == SPANLINK_VALUE_MAP;
    spanlink_status status = SPANLINK_OK;
    if (value->type > SPANLINK_VALUE_MAP) {
        return SPANLINK_ERR_VALUE_TYPE;
    }
    if ((array || map) && depth >= most) {
        return SPANLINK_ERR_VALUE_DEPTH;
    }
    for (size_t i = 0; array && status == SPANLINK_OK && i < value->array_value.len; i++) {
        status = fault(&value->array_value.ptr[i], depth + 1, most);
    }
    for (size_t i = 0; map && status == SPANLINK_OK && i < value->map_value.len; i++) {
        if (test_otlp_keeps_key(value->map_value.ptr[i].key)) {
            status = fault(&value->map_value.ptr[i].value, depth + 1, most);
        }
    }
    return status;
}

static spanlink_str copy_text(spanlink_str text) {
    return (spanlink_str){fuzz_copy(text.ptr, text.len), text.len};
}

static void forget(const void *block) {
    free((void *)(uintptr_t)block);
}

static spanlink_value copy_value(const spanlink_value *value, const spanlink_limits *limits,
                                 uint64_t *dropped);

static spanlink_value copy_map(const spanlink_value *value, const spanlink_limits *limits,
                               uint64_t *dropped) {
    spanlink_attribute *entries = fuzz_memory(value->map_value.len * sizeof *entries);
    spanlink_value copy = {.type = SPANLINK_VALUE_MAP};
    copy.map_value.ptr = entries;
    copy.map_value.len = 0;
    for (size_t i = 0; i < value->map_value.len; i++) {
        const spanlink_attribute *from = &value->map_value.ptr[i];
        if (test_otlp_keeps_key(from->key)) {
            entries[copy.map_value.len].key = copy_text(from->key);
            entries[copy.map_value.len++].value = copy_value(&from->value, limits, dropped);
        } else {
            ++*dropped;
        }
    }
    return copy;
}

static spanlink_value copy_array(const spanlink_value *value, const spanlink_limits *limits,
                                 uint64_t *dropped) {
    spanlink_value *elements = fuzz_memory(value->array_value.len * sizeof *elements);
    spanlink_value copy = {.type = SPANLINK_VALUE_ARRAY};
    copy.array_value.ptr = elements;
    copy.array_value.len = value->array_value.len;
    for (size_t i = 0; i < value->array_value.len; i++) {
        elements[i] = copy_value(&value->array_value.ptr[i], limits, dropped);
    }
    return copy;
}

static spanlink_value copy_value(const spanlink_value *value, const spanlink_limits *limits,
                                 uint64_t *dropped) {
    spanlink_value copy = *value;
    size_t most = limits->max_value_length;
    if (value->type == SPANLINK_VALUE_STRING) {
        spanlink_str text = value->string_value;
        copy.string_value = copy_text((spanlink_str){text.ptr, prefix(text, most)});
    } else if (value->type == SPANLINK_VALUE_BYTES) {
        copy.bytes_value.len = value->bytes_value.len < most ? value->bytes_value.len : most;
        copy.bytes_value.ptr = fuzz_copy(value->bytes_value.ptr, copy.bytes_value.len);
    } else if (value->type == SPANLINK_VALUE_ARRAY) {
        copy = copy_array(value, limits, dropped);
    } else if (value->type == SPANLINK_VALUE_MAP) {
        copy = copy_map(value, limits, dropped);
    }
    return copy;
}

static void forget_value(const spanlink_value *value) {
    if (value->type == SPANLINK_VALUE_STRING) {
        forget(value->string_value.ptr);
    } else if (value->type == SPANLINK_VALUE_BYTES) {
        forget(value->bytes_value.ptr);
    } else if (value->type == SPANLINK_VALUE_ARRAY) {
        for (size_t i = 0; i < value->array_value.len; i++) {
            forget_value(&value->array_value.ptr[i]);
        }
        forget(value->array_value.ptr);
    } else if (value->type == SPANLINK_VALUE_MAP) {
        for (size_t i = 0; i < value->map_value.len; i++) {
            forget(value->map_value.ptr[i].key.ptr);
            forget_value(&value->map_value.ptr[i].value);
        }
        forget(value->map_value.ptr);
    }
}

static bool same_key(spanlink_str a, spanlink_str b) {
    return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

/* Which of the caller's attributes stay: `chosen` gets them in order. */
static size_t choose(const spanlink_link *link, const spanlink_limits *limits,
                     const spanlink_attribute **chosen, uint64_t *dropped) {
    size_t count = 0;
    for (size_t i = 0; i < link->attribute_count; i++) {
        const spanlink_attribute *attribute = &link->attributes[i];
        size_t place = 0;
        if (!test_otlp_keeps_key(attribute->key) ||
            fault(&attribute->value, 0, limits->max_value_depth) != SPANLINK_OK) {
            ++*dropped;
            continue;
        }
        while (place < count && !same_key(chosen[place]->key, attribute->key)) {
            place++;
        }
        if (place < limits->max_attributes) {
            chosen[place] = attribute;
            count += place == count;
        } else {
            ++*dropped;
        }
    }
    return count;
}

static bool has_unknown_type(const spanlink_link *link, const spanlink_limits *limits) {
    for (size_t i = 0; i < link->attribute_count; i++) {
        if (fault(&link->attributes[i].value, 0, limits->max_value_depth) ==
            SPANLINK_ERR_VALUE_TYPE) {
            return true;
        }
    }
    return false;
}

spanlink_status model_copy(const spanlink_link *link, const spanlink_limits *limits,
                           spanlink_link *copy) {
    uint64_t dropped = link->dropped_attributes_count;
    if (has_unknown_type(link, limits)) {
        return SPANLINK_ERR_VALUE_TYPE;
    }
    const spanlink_attribute **chosen = fuzz_memory(link->attribute_count * sizeof *chosen);
    size_t count = choose(link, limits, chosen, &dropped);
    spanlink_attribute *attributes = fuzz_memory(count * sizeof *attributes);
    for (size_t i = 0; i < count; i++) {
        attributes[i].key = copy_text(chosen[i]->key);
        attributes[i].value = copy_value(&chosen[i]->value, limits, &dropped);
    }
    free(chosen);
    *copy = *link;
    copy->context.trace_state = copy_text(link->context.trace_state);
    copy->attributes = attributes;
    copy->attribute_count = count;
    copy->dropped_attributes_count = dropped > UINT32_MAX ? UINT32_MAX : (uint32_t)dropped;
    return SPANLINK_OK;
}

void model_forget(spanlink_link *copy) {
    for (size_t i = 0; i < copy->attribute_count; i++) {
        forget(copy->attributes[i].key.ptr);
        forget_value(&copy->attributes[i].value);
    }
    forget(copy->attributes);
    forget(copy->context.trace_state.ptr);
}
