/* SPDX-License-Identifier: MIT */
/* Decoding spans from a hostile sender, and encoding links with such content. */
#include "cost.h"

#include <string.h>

enum { MOST_BYTES = 1 << 21, MOST_LINKS = 1 << 14 };

/* The fields, as tags with their wire types. */
enum {
    SPAN_LINK = 0x6a,
    LINK_ATTRIBUTE = 0x22,
    KEY_VALUE_VALUE = 0x12,
    VALUE_ARRAY = 0x2a,
    VALUE_MAP = 0x32,
    ELEMENT = 0x0a
};

static uint8_t bytes[MOST_BYTES], output[2 * MOST_BYTES];
static size_t length;

static void put(const void *more, size_t size) {
    cost_expect(length + size <= sizeof bytes, "room for the input");
    memcpy(bytes + length, more, size);
    length += size;
}

static void put_times(size_t times, const void *more, size_t size) {
    for (size_t i = 0; i < times; i++) {
        put(more, size);
    }
}

/* Inserts a tag and the length before the bytes from `start` on. */
static void wrap(size_t start, uint8_t tag) {
    uint8_t head[11] = {tag};
    size_t size = 1;
    for (uint64_t left = length - start; size == 1 || left != 0; left >>= 7) {
        head[size++] = (uint8_t)((left & 0x7f) | (left >> 7 != 0 ? 0x80 : 0));
    }
    cost_expect(length + size <= sizeof bytes, "room for the input");
    memmove(bytes + start + size, bytes + start, length - start);
    memcpy(bytes + start, head, size);
    length += size;
}

/* Wraps the encoded value into an attribute of a link. */
static void wrap_as_link(size_t start) {
    wrap(start, KEY_VALUE_VALUE);
    wrap(start, LINK_ATTRIBUTE);
    wrap(start, SPAN_LINK);
}

/* Spans of many small things */

static void repeat(size_t times, const void *unit, size_t size) {
    length = 0;
    put_times(times, unit, size);
}

static void repeat_in_link(size_t times, const void *unit, size_t size) {
    repeat(times, unit, size);
    wrap(0, SPAN_LINK);
}

COST_STEP(prepare_void_links, repeat(size, "\x6a\x00", 2))
COST_STEP(prepare_empty_attributes, repeat_in_link(size, "\x22\x00", 2))
COST_STEP(prepare_repeated_keys, repeat_in_link(size, "\x22\x07\x0a\x01k\x12\x02\x18\x01", 9))

static void prepare_attributes(size_t size) {
    length = 0;
    for (size_t i = 0; i < size; i++) {
        char key[8];
        for (size_t j = 0; j < sizeof key; j++) {
            key[j] = (char)('a' + (i >> (4 * j) & 15));
        }
        put("\x22\x0e\x0a\x08", 4);
        put(key, sizeof key);
        put("\x12\x02\x18\x01", 4);
    }
    wrap(0, SPAN_LINK);
}

/* The greatest dropped counts, in the span and in its links. */
COST_STEP(prepare_dropped,
          repeat(size, "\x70\xff\xff\xff\xff\x0f\x6a\x0a\x1a\x02xx\x28\xff\xff\xff\xff\x0f", 18))

/* Markers on each link, although only those of the last one are read. */
static void prepare_markers(size_t size) {
    static const char link[] = "\x6a\x3b\x22\x15\x0a\x0flinks.truncated\x12\x02\x10\x01"
                               "\x22\x22\x0a\x14links.original_count"
                               "\x12\x0a\x18\xff\xff\xff\xff\xff\xff\xff\xff\x7f";
    repeat(size, link, sizeof link - 1);
}

/* Unknown fields with the longest varints, and groups of the greatest depth. */
static void prepare_unknown(size_t size) {
    static const uint8_t field[] = "\xf8\xff\xff\xff\x0f\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
    length = 0;
    for (size_t i = 0; i < size; i++) {
        put_times(COST_DEEPEST, "\x0b", 1);
        put(field, sizeof field - 1);
        put_times(COST_DEEPEST, "\x0c", 1);
    }
}

/* Spans of nested things */

static void nest(size_t start, size_t depth, bool maps) {
    put("\x18\x01", 2);
    for (size_t i = 0; i < depth; i++) {
        if (maps) {
            wrap(start, KEY_VALUE_VALUE);
        }
        wrap(start, ELEMENT);
        wrap(start, maps ? VALUE_MAP : VALUE_ARRAY);
    }
}

static void prepare_deep_links(size_t count, size_t depth, bool maps) {
    static uint8_t unit[4096];
    length = 0;
    nest(0, depth, maps);
    wrap_as_link(0);
    size_t size = length;
    cost_expect(size <= sizeof unit, "room for a link");
    memcpy(unit, bytes, size);
    repeat(count, unit, size);
}

COST_STEP(prepare_deep_arrays, prepare_deep_links(size, COST_DEEPEST, false))
COST_STEP(prepare_deep_maps, prepare_deep_links(size, COST_DEEPEST, true))

/* Half of each value exceeds what lists keep. */
COST_STEP(prepare_too_deep, prepare_deep_links(size, 2 * COST_DEEPEST, false))

/* Only nested arrays. */
static void prepare_one_deep_value(size_t size) {
    length = 0;
    nest(0, size, false);
    wrap_as_link(0);
}

/* Each array has many elements and then the next array. */
static void prepare_wide_arrays(size_t size) {
    static uint8_t inner[MOST_BYTES];
    length = 0;
    put("\x18\x01", 2);
    for (size_t i = 0; i < COST_DEEPEST; i++) {
        wrap(0, ELEMENT);
        size_t inner_size = length;
        memcpy(inner, bytes, length);
        repeat(size, "\x0a\x00", 2);
        put(inner, inner_size);
        wrap(0, VALUE_ARRAY);
    }
    wrap_as_link(0);
}

/* One AnyValue with as many array fields as fit: the last one is used. */
static void prepare_replaced_arrays(size_t size) {
    repeat(size, "\x2a\x04\x0a\x00\x0a\x00", 6);
    wrap_as_link(0);
}

static void prepare_empty_elements(size_t size) {
    repeat(size, "\x0a\x00", 2);
    wrap(0, VALUE_ARRAY);
    wrap_as_link(0);
}

static void decode(size_t max_attributes) {
    spanlink_list_options options = cost_list_options();
    options.limits.max_attributes = max_attributes;
    spanlink_list *list = cost_list(&options);
    cost_expect(spanlink_otlp_decode(bytes, length, list) == SPANLINK_OK, "a span");
    spanlink_list_destroy(list);
}

COST_STEP(work_decodes, decode(128))
COST_STEP(work_decodes_unlimited, decode(SPANLINK_UNLIMITED))

static void work_decodes_with_many_secrets(size_t size) {
    for (size_t i = 0; i < COST_SECRETS; i++) {
        work_decodes(size);
    }
}

/* Encoding */

static spanlink_attribute attributes[MOST_LINKS];
static spanlink_link encoded;

static void prepare_text_of(size_t size, const char *piece, size_t piece_size) {
    repeat(size, piece, piece_size);
    spanlink_str text = {(const char *)bytes, length};
    attributes[0] = spanlink_attribute_make(spanlink_str_from("text"), spanlink_value_string(text));
    encoded = (spanlink_link){.attributes = attributes, .attribute_count = 1};
}

COST_STEP(prepare_controls, prepare_text_of(size, "\x01", 1))
COST_STEP(prepare_no_text, prepare_text_of(size, "\xf0\x9f\x94", 3))

/* Every eighth character needs an escape, because text is read in words of eight. */
COST_STEP(prepare_seldom_escapes, prepare_text_of(size, "abcdefg\"", 8))

static void prepare_bad_keys(size_t size) {
    for (size_t i = 0; i < size; i++) {
        attributes[i] = spanlink_attribute_make((spanlink_str){"\xff", 1},
                                                spanlink_value_string((spanlink_str){"x", 1}));
    }
    encoded = (spanlink_link){.attributes = attributes, .attribute_count = size};
}

/* Attributes that are arrays nested to the greatest depth. */
static void prepare_deep_values(size_t size) {
    const spanlink_value deep = cost_nested_value(COST_DEEPEST);
    for (size_t i = 0; i < size; i++) {
        attributes[i] = (spanlink_attribute){spanlink_str_from("deep"), deep};
    }
    encoded = (spanlink_link){.attributes = attributes, .attribute_count = size};
}

static void prepare_doubles(size_t size) {
    for (size_t i = 0; i < size; i++) {
        attributes[i] = spanlink_attribute_double("real", 4.9406564584124654e-324);
    }
    encoded = (spanlink_link){.attributes = attributes, .attribute_count = size};
}

static void work_encodes(size_t size) {
    size_t written;
    (void)size;
    cost_expect(spanlink_otlp_encode(&encoded, 1, output, sizeof output, &written) == SPANLINK_OK,
                "OTLP");
    cost_expect(spanlink_otlp_fit(&encoded, 1, written - 1) == 0, "a byte less does not do");
}

static void work_encodes_json(size_t size) {
    size_t written;
    (void)size;
    cost_expect(spanlink_otlp_json_encode(&encoded, 1, (char *)output, sizeof output, &written) ==
                    SPANLINK_OK,
                "OTLP/JSON");
    cost_expect(spanlink_otlp_json_size(&encoded, 1) == written, "the size beforehand");
}

/* Decoding may use up to 100 bytes of heap for each input byte, see otlp.h; most inputs use far
 * less. */
static const cost_attack attacks[] = {
    {"otlp_void_links", COST_LINEAR, 2048, 4096, 0, prepare_void_links, work_decodes},
    {"otlp_empty_attributes", COST_LINEAR, 1024, 8192, 100, prepare_empty_attributes, work_decodes},
    {"otlp_attributes", COST_LINEAR, 512, 4096, 160, prepare_attributes, work_decodes_unlimited},
    {"otlp_attributes_beyond", COST_LINEAR, 512, 16384, 100, prepare_attributes,
     work_decodes_with_many_secrets},
    {"otlp_repeated_keys", COST_LINEAR, 512, 8192, 100, prepare_repeated_keys, work_decodes},
    {"otlp_dropped", COST_LINEAR, 256, 4096, 160, prepare_dropped, work_decodes},
    {"otlp_unknown", COST_LINEAR, 128, 4096, 0, prepare_unknown, work_decodes},
    {"otlp_deep_arrays", COST_LINEAR, 32, 8192, 64 * COST_DEEPEST, prepare_deep_arrays,
     work_decodes},
    {"otlp_deep_maps", COST_LINEAR, 32, 8192, 100 * COST_DEEPEST, prepare_deep_maps, work_decodes},
    {"otlp_too_deep", COST_LINEAR, 32, 8192, 64 * COST_DEEPEST, prepare_too_deep, work_decodes},
    {"otlp_one_deep_value", COST_CONSTANT, 512, 8192, 0, prepare_one_deep_value, work_decodes},
    {"otlp_markers", COST_LINEAR, 256, 8192, 512, prepare_markers, work_decodes},
    {"otlp_wide_arrays", COST_LINEAR, 32, 16384, 100 * COST_DEEPEST, prepare_wide_arrays,
     work_decodes},
    {"otlp_replaced_arrays", COST_LINEAR, 512, 4096, 100, prepare_replaced_arrays, work_decodes},
    {"otlp_empty_elements", COST_LINEAR, 1024, 4096, 100, prepare_empty_elements, work_decodes},
    {"otlp_encode_no_text", COST_LINEAR, 4096, 0, 0, prepare_no_text, work_encodes},
    {"otlp_encode_bad_keys", COST_LINEAR, 1024, 0, 0, prepare_bad_keys, work_encodes},
    {"otlp_encode_deep", COST_LINEAR, 32, 0, 0, prepare_deep_values, work_encodes},
    {"json_controls", COST_LINEAR, 4096, 0, 0, prepare_controls, work_encodes_json},
    {"json_seldom_escapes", COST_LINEAR, 2048, 0, 0, prepare_seldom_escapes, work_encodes_json},
    {"json_no_text", COST_LINEAR, 2048, 0, 0, prepare_no_text, work_encodes_json},
    {"json_bad_keys", COST_LINEAR, 1024, 0, 0, prepare_bad_keys, work_encodes_json},
    {"json_deep", COST_LINEAR, 32, 0, 0, prepare_deep_values, work_encodes_json},
    {"json_doubles", COST_LINEAR, 128, 0, 0, prepare_doubles, work_encodes_json},
};

const cost_group cost_otlp = {attacks, sizeof attacks / sizeof attacks[0], false};
