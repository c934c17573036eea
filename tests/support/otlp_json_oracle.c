/* SPDX-License-Identifier: MIT */
#include "otlp_json_oracle.h"

#include "test.h"
#include "test_otlp_rules.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>

static void assert_string(const char *wanted, size_t size, const json_t *got) {
    assert_true(json_is_string(got));
    assert_int_equal(size, json_string_length(got));
    if (size != 0) {
        assert_memory_equal(wanted, json_string_value(got), size);
    }
}

static void assert_hex(const uint8_t *bytes, size_t count, const json_t *got) {
    char text[40];
    for (size_t i = 0; i < count; i++) {
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    }
    assert_string(text, 2 * count, got);
}

/* Six bits for each digit, the most significant first. */
static void assert_base64(const uint8_t *bytes, size_t size, const json_t *got) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *text = json_string_value(got);
    assert_non_null(text);
    size_t length = strlen(text);
    assert_int_equal((size + 2) / 3 * 4, length);
    for (size_t bit = 0; bit < length * 6; bit += 6) {
        unsigned wanted = 0;
        for (size_t i = bit; i < bit + 6; i++) {
            bool set = i / 8 < size && (bytes[i / 8] >> (7 - i % 8) & 1) != 0;
            wanted = wanted * 2 + set;
        }
        assert_int_equal(bit < size * 8 ? digits[wanted] : '=', text[bit / 6]);
    }
}

/* The only member of an object. */
static const json_t *only(const json_t *object, const char *name) {
    assert_true(json_is_object(object));
    assert_int_equal(1, json_object_size(object));
    const json_t *member = json_object_get(object, name);
    assert_non_null(member);
    return member;
}

static void assert_value(const spanlink_value *given, test_otlp_place place, const json_t *got);

static void assert_attributes(spanlink_attributes attributes, test_otlp_place place,
                              const json_t *got) {
    size_t index = 0;
    for (size_t i = 0; i < attributes.len; i++) {
        const spanlink_attribute *attribute = &attributes.ptr[i];
        if (test_otlp_keeps_key(attribute->key)) {
            const json_t *entry = json_array_get(got, index++);
            assert_int_equal(2, json_object_size(entry));
            assert_string(attribute->key.ptr, attribute->key.len, json_object_get(entry, "key"));
            assert_value(&attribute->value, place, json_object_get(entry, "value"));
        }
    }
    assert_int_equal(index, json_array_size(got));
}

static void assert_array(spanlink_values array, test_otlp_place place, const json_t *got) {
    assert_true(json_is_array(got));
    assert_int_equal(array.len, json_array_size(got));
    for (size_t i = 0; i < array.len; i++) {
        assert_value(&array.ptr[i], place, json_array_get(got, i));
    }
}

static void assert_real(double wanted, const json_t *got) {
    if (isnan(wanted)) {
        assert_string("NaN", 3, got);
    } else if (isinf(wanted)) {
        assert_string(wanted > 0 ? "Infinity" : "-Infinity", wanted > 0 ? 8 : 9, got);
    } else {
        double real = json_real_value(got);
        assert_true(json_is_real(got));
        assert_memory_equal(&wanted, &real, sizeof real);
    }
}

static void assert_integer(int64_t wanted, const json_t *got) {
    char text[30];
    snprintf(text, sizeof text, "%" PRId64, wanted);
    assert_string(text, strlen(text), got);
}

static void assert_value(const spanlink_value *given, test_otlp_place place, const json_t *got) {
    spanlink_value value = test_otlp_written(given, place);
    switch (value.type) {
    case SPANLINK_VALUE_STRING:
        assert_string(value.string_value.ptr, value.string_value.len, only(got, "stringValue"));
        break;
    case SPANLINK_VALUE_BOOL:
        assert_true(json_is_boolean(only(got, "boolValue")));
        assert_int_equal(value.bool_value, json_is_true(only(got, "boolValue")));
        break;
    case SPANLINK_VALUE_INT:
        assert_integer(value.int_value, only(got, "intValue"));
        break;
    case SPANLINK_VALUE_DOUBLE:
        assert_real(value.double_value, only(got, "doubleValue"));
        break;
    case SPANLINK_VALUE_BYTES:
        assert_base64(value.bytes_value.ptr, value.bytes_value.len, only(got, "bytesValue"));
        break;
    case SPANLINK_VALUE_ARRAY:
        assert_array(value.array_value, test_otlp_inside(place, &value),
                     only(only(got, "arrayValue"), "values"));
        break;
    case SPANLINK_VALUE_MAP:
        assert_attributes(value.map_value, test_otlp_inside(place, &value),
                          only(only(got, "kvlistValue"), "values"));
        break;
    default:
        assert_true(json_is_object(got));
        assert_int_equal(0, json_object_size(got));
    }
}

static void assert_count(uint32_t wanted, const json_t *got) {
    assert_true(json_is_integer(got));
    assert_true(wanted == json_integer_value(got));
}

static void assert_link(const spanlink_link *link, const json_t *got) {
    const spanlink_context *context = &link->context;
    spanlink_attributes given = {link->attributes, link->attribute_count};
    size_t members = 2;
    assert_hex(context->trace_id, 16, json_object_get(got, "traceId"));
    assert_hex(context->span_id, 8, json_object_get(got, "spanId"));
    if (test_otlp_flags(context) != 0) {
        members++;
        assert_count(test_otlp_flags(context), json_object_get(got, "flags"));
    }
    if (test_otlp_keeps_trace_state(context->trace_state)) {
        members++;
        assert_string(context->trace_state.ptr, context->trace_state.len,
                      json_object_get(got, "traceState"));
    }
    if (test_otlp_dropped(link) != 0) {
        members++;
        assert_count(test_otlp_dropped(link), json_object_get(got, "droppedAttributesCount"));
    }
    const json_t *attributes = json_object_get(got, "attributes");
    members += attributes != NULL;
    assert_true(attributes == NULL || json_array_size(attributes) != 0);
    assert_attributes(given, test_otlp_of_link(), attributes);
    assert_int_equal(members, json_object_size(got));
}

static json_t *parse(const char *text, size_t size) {
    json_error_t error;
    json_t *root = json_loadb(text, size, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        fail_msg("%s at %d of %.*s", error.text, error.position, (int)size, text);
    }
    return root;
}

void otlp_json_expect(const char *text, size_t size, const spanlink_link *links, size_t count) {
    json_t *root = parse(text, size);
    assert_true(json_is_array(root));
    assert_int_equal(count, json_array_size(root));
    for (size_t i = 0; i < count; i++) {
        assert_link(&links[i], json_array_get(root, i));
    }
    json_decref(root);
}
