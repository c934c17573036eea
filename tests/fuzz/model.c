/* SPDX-License-Identifier: MIT */
#include "model.h"

#include "test_otlp_rules.h"

/* The size of the first characters; a byte that is not part of a character counts as one. */
static size_t prefix(spanlink_str text, size_t characters) {
    size_t bytes = 0, step;
    for (size_t i = 0; i < characters && bytes < text.len; i++) {
        spanlink_str rest = {text.ptr + bytes, text.len - bytes};
        bytes += test_utf8_starts(rest, &step) ? step : 1;
    }
    return bytes;
}

static spanlink_str copy_text(spanlink_str text) {
    return (spanlink_str){fuzz_copy(text.ptr, text.len), text.len};
}

static void forget(const void *block) {
    free((void *)(uintptr_t)block);
}

static spanlink_value copy_value(const spanlink_value *value, const spanlink_limits *limits,
                                 size_t levels, uint64_t *dropped);

/* Stores the attributes to keep in `chosen`, in order. */
static size_t choose(const spanlink_attribute *attributes, size_t length, size_t limit,
                     const spanlink_attribute **chosen, uint64_t *dropped) {
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        size_t place = 0;
        if (!test_otlp_keeps_key(attributes[i].key)) {
            ++*dropped;
            continue;
        }
        while (place < count && !fuzz_same_text(chosen[place]->key, attributes[i].key)) {
            place++;
        }
        if (place < limit) {
            chosen[place] = &attributes[i];
            count += place == count;
        } else {
            ++*dropped;
        }
    }
    return count;
}

/* Copies the attributes to keep; `levels` is the depth of arrays and maps still allowed. */
static spanlink_attributes copy_attributes(const spanlink_attribute *attributes, size_t length,
                                           size_t limit, const spanlink_limits *limits,
                                           size_t levels, uint64_t *dropped) {
    const spanlink_attribute **chosen = fuzz_memory(length * sizeof *chosen);
    size_t count = choose(attributes, length, limit, chosen, dropped);
    spanlink_attribute *copies = fuzz_memory(count * sizeof *copies);
    for (size_t i = 0; i < count; i++) {
        copies[i].key = copy_text(chosen[i]->key);
        copies[i].value = copy_value(&chosen[i]->value, limits, levels, dropped);
    }
    free(chosen);
    return (spanlink_attributes){copies, count};
}

static spanlink_value copy_array(const spanlink_value *value, const spanlink_limits *limits,
                                 size_t levels, uint64_t *dropped) {
    spanlink_value *elements = fuzz_memory(value->array_value.len * sizeof *elements);
    spanlink_value copy = {.type = SPANLINK_VALUE_ARRAY};
    copy.array_value.ptr = elements;
    copy.array_value.len = value->array_value.len;
    for (size_t i = 0; i < value->array_value.len; i++) {
        elements[i] = copy_value(&value->array_value.ptr[i], limits, levels, dropped);
    }
    return copy;
}

static bool is_nested(const spanlink_value *value) {
    return value->type == SPANLINK_VALUE_ARRAY || value->type == SPANLINK_VALUE_MAP;
}

static spanlink_value copy_value(const spanlink_value *value, const spanlink_limits *limits,
                                 size_t levels, uint64_t *dropped) {
    spanlink_value copy = *value;
    size_t most = limits->max_value_length;
    if (is_nested(value) && levels == 0) {
        return (spanlink_value){.type = SPANLINK_VALUE_EMPTY};
    }
    if (value->type == SPANLINK_VALUE_STRING) {
        spanlink_str text = value->string_value;
        copy.string_value = copy_text((spanlink_str){text.ptr, prefix(text, most)});
    } else if (value->type == SPANLINK_VALUE_BYTES) {
        copy.bytes_value.len = value->bytes_value.len < most ? value->bytes_value.len : most;
        copy.bytes_value.ptr = fuzz_copy(value->bytes_value.ptr, copy.bytes_value.len);
    } else if (value->type == SPANLINK_VALUE_ARRAY) {
        copy = copy_array(value, limits, levels - 1, dropped);
    } else if (value->type == SPANLINK_VALUE_MAP) {
        copy.map_value = copy_attributes(value->map_value.ptr, value->map_value.len, SIZE_MAX,
                                         limits, levels - 1, dropped);
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

static bool has_unknown_type(const spanlink_value *value, size_t levels) {
    bool found = value->type > SPANLINK_VALUE_MAP;
    for (size_t i = 0;
         levels != 0 && value->type == SPANLINK_VALUE_ARRAY && !found && i < value->array_value.len;
         i++) {
        found = has_unknown_type(&value->array_value.ptr[i], levels - 1);
    }
    for (size_t i = 0;
         levels != 0 && value->type == SPANLINK_VALUE_MAP && !found && i < value->map_value.len;
         i++) {
        const spanlink_attribute *entry = &value->map_value.ptr[i];
        found = test_otlp_keeps_key(entry->key) && has_unknown_type(&entry->value, levels - 1);
    }
    return found;
}

spanlink_status model_copy(const spanlink_link *link, const spanlink_limits *limits,
                           spanlink_link *copy) {
    uint64_t dropped = link->dropped_attributes_count;
    size_t levels = limits->max_value_depth < 64 ? limits->max_value_depth : 64;
    for (size_t i = 0; i < link->attribute_count; i++) {
        if (has_unknown_type(&link->attributes[i].value, levels)) {
            return SPANLINK_ERR_VALUE_TYPE;
        }
    }
    spanlink_attributes attributes = copy_attributes(
        link->attributes, link->attribute_count, limits->max_attributes, limits, levels, &dropped);
    *copy = *link;
    copy->context.trace_state = copy_text(link->context.trace_state);
    copy->attributes = attributes.ptr;
    copy->attribute_count = attributes.len;
    copy->dropped_attributes_count = dropped > UINT32_MAX ? UINT32_MAX : (uint32_t)dropped;
    if (attributes.len == 0 && !spanlink_context_is_valid(&link->context) &&
        !test_otlp_keeps_trace_state(link->context.trace_state)) {
        model_forget(copy);
        return SPANLINK_ERR_LINK_INVALID;
    }
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
