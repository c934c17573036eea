/* SPDX-License-Identifier: MIT */
/*
 * Makes links from its input, encodes them as OTLP/JSON, parses that with jansson and compares
 * every field with the links, according to the specification's JSON mapping.
 */
#include "maker.h"

#include "test_otlp_rules.h"

#include <spanlink/otlp_json.h>

#include <inttypes.h>
#include <jansson.h>
#include <math.h>

enum { MOST_LINKS = 4 };

static void expect_text(const json_t *json, const char *text, size_t length) {
    fuzz_expect(json_is_string(json) && json_string_length(json) == length);
    fuzz_expect(length == 0 || memcmp(json_string_value(json), text, length) == 0);
}

static void expect_hex(const json_t *json, const uint8_t *bytes, size_t size) {
    char text[33];
    for (size_t i = 0; i < size; i++) {
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    }
    expect_text(json, text, 2 * size);
}

/* Base64 with padding (RFC 4648, section 4), decoded bit by bit. */
static void expect_base64(const json_t *json, const void *data, size_t size) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *bytes = data;
    size_t length = (size + 2) / 3 * 4;
    char *text = fuzz_memory(length);
    memset(text, '=', length);
    for (size_t i = 0; i * 6 < size * 8; i++) {
        unsigned value = 0;
        for (size_t bit = i * 6; bit < i * 6 + 6; bit++) {
            value =
                value << 1 | (bit < size * 8 ? (unsigned)bytes[bit / 8] >> (7 - bit % 8) & 1u : 0);
        }
        text[i] = digits[value];
    }
    expect_text(json, text, length);
    free(text);
}

static void expect_double(const json_t *json, double value) {
    if (isnan(value)) {
        expect_text(json, "NaN", 3);
    } else if (isinf(value)) {
        expect_text(json, value > 0 ? "Infinity" : "-Infinity", value > 0 ? 8 : 9);
    } else {
        double read = json_real_value(json);
        fuzz_expect(json_is_real(json) && memcmp(&read, &value, sizeof value) == 0);
    }
}

static void expect_number(const json_t *json, uint32_t number) {
    fuzz_expect(number == 0 ? json == NULL
                            : json_is_real(json) && json_real_value(json) == (double)number);
}

static void expect_value(const json_t *json, const spanlink_value *given, test_otlp_place place);

/* Expects the attributes with valid keys, in order. A link without any has no array. */
static void expect_attributes(const json_t *json, spanlink_attributes attributes,
                              test_otlp_place place) {
    size_t written = 0;
    for (size_t i = 0; i < attributes.len; i++) {
        const spanlink_attribute *attribute = &attributes.ptr[i];
        if (test_otlp_keeps_key(attribute->key)) {
            const json_t *entry = json_array_get(json, written++);
            fuzz_expect(json_object_size(entry) == 2);
            expect_text(json_object_get(entry, "key"), attribute->key.ptr, attribute->key.len);
            expect_value(json_object_get(entry, "value"), &attribute->value, place);
        }
    }
    fuzz_expect(json_array_size(json) == written);
}

static void expect_array(const json_t *json, spanlink_values array, test_otlp_place place) {
    fuzz_expect(json_array_size(json) == array.len);
    for (size_t i = 0; i < array.len; i++) {
        expect_value(json_array_get(json, i), &array.ptr[i], place);
    }
}

static const char *const field_names[] = {
    [SPANLINK_VALUE_STRING] = "stringValue", [SPANLINK_VALUE_BOOL] = "boolValue",
    [SPANLINK_VALUE_INT] = "intValue",       [SPANLINK_VALUE_DOUBLE] = "doubleValue",
    [SPANLINK_VALUE_BYTES] = "bytesValue",   [SPANLINK_VALUE_ARRAY] = "arrayValue",
    [SPANLINK_VALUE_MAP] = "kvlistValue",
};

static void expect_flat(const json_t *field, const spanlink_value *value) {
    char number[32];
    switch (value->type) {
    case SPANLINK_VALUE_STRING:
        expect_text(field, value->string_value.ptr, value->string_value.len);
        break;
    case SPANLINK_VALUE_BOOL:
        fuzz_expect(json_is_boolean(field) && json_is_true(field) == value->bool_value);
        break;
    case SPANLINK_VALUE_INT:
        snprintf(number, sizeof number, "%" PRId64, value->int_value);
        expect_text(field, number, strlen(number));
        break;
    case SPANLINK_VALUE_DOUBLE:
        expect_double(field, value->double_value);
        break;
    default:
        expect_base64(field, value->bytes_value.ptr, value->bytes_value.len);
        break;
    }
}

static void expect_value(const json_t *json, const spanlink_value *given, test_otlp_place place) {
    spanlink_value value = test_otlp_written(given, place);
    fuzz_expect(json_is_object(json));
    if (value.type == SPANLINK_VALUE_EMPTY) {
        fuzz_expect(json_object_size(json) == 0);
        return;
    }
    fuzz_expect(json_object_size(json) == 1);
    const json_t *field = json_object_get(json, field_names[value.type]);
    const json_t *values = json_object_get(field, "values");
    if (value.type == SPANLINK_VALUE_ARRAY) {
        expect_array(values, value.array_value, test_otlp_inside(place, &value));
    } else if (value.type == SPANLINK_VALUE_MAP) {
        expect_attributes(values, value.map_value, test_otlp_inside(place, &value));
    } else {
        expect_flat(field, &value);
    }
}

static void expect_link(const json_t *json, const spanlink_link *link) {
    const spanlink_context *context = &link->context;
    spanlink_attributes given = {link->attributes, link->attribute_count};
    const json_t *attributes = json_object_get(json, "attributes");
    const json_t *state = json_object_get(json, "traceState");
    expect_hex(json_object_get(json, "traceId"), context->trace_id, 16);
    expect_hex(json_object_get(json, "spanId"), context->span_id, 8);
    expect_number(json_object_get(json, "flags"), test_otlp_flags(context));
    expect_number(json_object_get(json, "droppedAttributesCount"), test_otlp_dropped(link));
    expect_attributes(attributes, given, test_otlp_of_link());
    fuzz_expect(attributes == NULL || json_array_size(attributes) != 0);
    if (test_otlp_keeps_trace_state(context->trace_state)) {
        expect_text(state, context->trace_state.ptr, context->trace_state.len);
    } else {
        fuzz_expect(state == NULL);
    }
}

static void read_back(const char *text, size_t size, const spanlink_link *links, size_t count) {
    json_error_t error;
    json_t *json = json_loadb(
        text, size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
    fuzz_expect(json_is_array(json) && json_array_size(json) == count);
    for (size_t i = 0; i < count; i++) {
        expect_link(json_array_get(json, i), &links[i]);
    }
    json_decref(json);
}

/* Encodes into a buffer of exactly this capacity. */
static void encode(const spanlink_link *links, size_t count, size_t size, size_t capacity) {
    char *text = fuzz_memory(capacity);
    size_t written = SIZE_MAX;
    spanlink_status status = spanlink_otlp_json_encode(links, count, text, capacity, &written);
    fuzz_expect(written == size);
    fuzz_expect(status == (capacity < size ? SPANLINK_ERR_CAPACITY : SPANLINK_OK));
    if (status == SPANLINK_OK) {
        read_back(text, size, links, count);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static maker makers[MOST_LINKS];
    spanlink_link links[MOST_LINKS] = {{.attribute_count = 0}};
    spanlink_status wanted = SPANLINK_OK;
    fuzz_input input = {data, size};
    uint8_t shape = fuzz_byte(&input), cut = fuzz_byte(&input);
    size_t count = shape % (MOST_LINKS + 1u), unused = 5;
    for (size_t i = 0; i < count; i++) {
        makers[i] = (maker){.input = &input, .bad_types = shape >= 128};
        links[i] = maker_link(&makers[i]);
        wanted = test_otlp_is_encodable(&links[i]) ? wanted : SPANLINK_ERR_VALUE_TYPE;
    }

    size_t needed = spanlink_otlp_json_size(links, count);
    fuzz_expect((needed == SIZE_MAX) == (wanted != SPANLINK_OK));
    if (wanted == SPANLINK_OK) {
        encode(links, count, needed, needed);
        encode(links, count, needed, cut < needed ? cut : needed - 1);
        encode(links, count, needed, needed - 1 - (needed > cut ? cut % needed : 0));
    } else {
        char *text = fuzz_memory(cut);
        fuzz_expect(spanlink_otlp_json_encode(links, count, text, cut, &unused) == wanted);
        fuzz_expect(unused == 5);
        free(text);
    }
    for (size_t i = 0; i < count; i++) {
        maker_forget(&makers[i]);
    }
    return 0;
}
