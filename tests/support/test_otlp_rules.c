/* SPDX-License-Identifier: MIT */
#include "test_otlp_rules.h"

#include <string.h>

/* Text */

size_t test_encode_utf8(uint32_t code, char *text) {
    static const uint32_t ends[] = {0x80, 0x800, 0x10000, 0x110000};
    static const uint8_t marks[] = {0, 0xc0, 0xe0, 0xf0};
    size_t more = 0;
    while (code >= ends[more]) {
        more++;
    }
    for (size_t i = more; i > 0; i--) {
        text[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    text[0] = (char)(marks[more] | code);
    return more + 1;
}

/* Decodes without checks. A valid character is the same when it is encoded again. */
bool test_utf8_starts(spanlink_str text, size_t *length) {
    uint8_t lead = (uint8_t)text.ptr[0];
    *length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (*length > text.len) {
        return false;
    }
    uint32_t code = lead & (0xffu >> (*length == 1 ? 0 : *length + 1));
    for (size_t i = 1; i < *length; i++) {
        code = code << 6 | ((uint8_t)text.ptr[i] & 0x3f);
    }
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
        return false;
    }
    char again[4];
    return test_encode_utf8(code, again) == *length && memcmp(again, text.ptr, *length) == 0;
}

bool test_otlp_is_utf8(spanlink_str text) {
    size_t length;
    for (; text.len != 0; text.ptr += length, text.len -= length) {
        if (!test_utf8_starts(text, &length)) {
            return false;
        }
    }
    return true;
}

bool test_otlp_keeps_key(spanlink_str key) {
    return key.len != 0 && test_otlp_is_utf8(key);
}

bool test_otlp_keeps_trace_state(spanlink_str state) {
    for (size_t i = 0; i < state.len; i++) {
        if (strchr(" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
                   "abcdefghijklmnopqrstuvwxyz{|}~",
                   state.ptr[i]) == NULL ||
            state.ptr[i] == '\0') {
            return false;
        }
    }
    return state.len != 0;
}

/* Values */

spanlink_value test_otlp_written(const spanlink_value *value, test_otlp_place place) {
    static const spanlink_value empty = {.type = SPANLINK_VALUE_EMPTY};
    unsigned array = place.messages + 1, map = place.messages + 1;
    switch (value->type) {
    case SPANLINK_VALUE_STRING:
        return test_otlp_is_utf8(value->string_value)
                   ? *value
                   : spanlink_value_bytes((const uint8_t *)value->string_value.ptr,
                                          value->string_value.len);
    case SPANLINK_VALUE_ARRAY:
        array += value->array_value.len != 0 ? 1 : 0; /* the AnyValue of an element */
        return array <= 100 ? *value : empty;
    case SPANLINK_VALUE_MAP:
        map += value->map_value.len != 0 ? 2 : 0; /* the KeyValue and its AnyValue */
        return map <= 100 ? *value : empty;
    default:
        return *value;
    }
}

test_otlp_place test_otlp_of_link(void) {
    return (test_otlp_place){6};
}

test_otlp_place test_otlp_inside(test_otlp_place place, const spanlink_value *value) {
    return (test_otlp_place){place.messages + (value->type == SPANLINK_VALUE_MAP ? 3 : 2)};
}

/* Drop counts and errors */

typedef struct findings {
    uint64_t dropped; /* attributes and entries with a bad key */
    bool unknown;     /* a type */
} findings;

static void inspect_all(spanlink_attributes attributes, test_otlp_place place, findings *found);

static void inspect(const spanlink_value *value, test_otlp_place place, findings *found) {
    spanlink_value written = test_otlp_written(value, place);
    test_otlp_place inside = test_otlp_inside(place, &written);
    found->unknown = found->unknown || written.type > SPANLINK_VALUE_MAP;
    if (written.type == SPANLINK_VALUE_MAP) {
        inspect_all(written.map_value, inside, found);
    }
    for (size_t i = 0; written.type == SPANLINK_VALUE_ARRAY && i < written.array_value.len; i++) {
        inspect(&written.array_value.ptr[i], inside, found);
    }
}

static void inspect_all(spanlink_attributes attributes, test_otlp_place place, findings *found) {
    for (size_t i = 0; i < attributes.len; i++) {
        if (test_otlp_keeps_key(attributes.ptr[i].key)) {
            inspect(&attributes.ptr[i].value, place, found);
        } else {
            found->dropped++;
        }
    }
}

static findings inspect_link(const spanlink_link *link) {
    findings found = {0, false};
    inspect_all((spanlink_attributes){link->attributes, link->attribute_count}, test_otlp_of_link(),
                &found);
    return found;
}

uint32_t test_otlp_dropped(const spanlink_link *link) {
    uint64_t dropped = link->dropped_attributes_count + inspect_link(link).dropped;
    return dropped > UINT32_MAX ? UINT32_MAX : (uint32_t)dropped;
}

bool test_otlp_is_encodable(const spanlink_link *link) {
    return !inspect_link(link).unknown;
}

uint32_t test_otlp_flags(const spanlink_context *context) {
    uint32_t origin = context->remote_unknown ? 0u : context->is_remote ? 3u : 1u;
    return context->trace_flags + 256u * origin;
}
