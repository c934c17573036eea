/* SPDX-License-Identifier: MIT */
/*
 * The library's encoding equals, byte for byte, that of protobuf's own encoder for the same
 * content, and the library reads that encoding. protoc gets the content in protobuf's text format.
 */
#include "test.h"
#include "test_fixtures.h"
#include "test_otlp_links.h"
#include "test_otlp_rules.h"

#include <spanlink/otlp.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Text format */

static void print_bytes(FILE *file, const char *name, const void *bytes, size_t size) {
    fprintf(file, "%s: \"", name);
    for (size_t i = 0; i < size; i++) {
        fprintf(file, "\\%03o", ((const uint8_t *)bytes)[i]);
    }
    fprintf(file, "\"\n");
}

static void print_value(FILE *file, const spanlink_value *given, test_otlp_place place);

static void print_attributes(FILE *file, const char *name, spanlink_attributes attributes,
                             test_otlp_place place) {
    for (size_t i = 0; i < attributes.len; i++) {
        const spanlink_attribute *attribute = &attributes.ptr[i];
        if (test_otlp_keeps_key(attribute->key)) {
            fprintf(file, "%s {\n", name);
            print_bytes(file, "key", attribute->key.ptr, attribute->key.len);
            fprintf(file, "value {\n");
            print_value(file, &attribute->value, place);
            fprintf(file, "}\n}\n");
        }
    }
}

static void print_array(FILE *file, spanlink_values array, test_otlp_place place) {
    fprintf(file, "array_value {\n");
    for (size_t i = 0; i < array.len; i++) {
        fprintf(file, "values {\n");
        print_value(file, &array.ptr[i], place);
        fprintf(file, "}\n");
    }
    fprintf(file, "}\n");
}

static void print_map(FILE *file, spanlink_attributes map, test_otlp_place place) {
    fprintf(file, "kvlist_value {\n");
    print_attributes(file, "values", map, place);
    fprintf(file, "}\n");
}

static void print_double(FILE *file, double real) {
    if (isnan(real)) {
        fprintf(file, "double_value: nan\n");
    } else {
        fprintf(file, "double_value: %.17g\n", real);
    }
}

static void print_value(FILE *file, const spanlink_value *given, test_otlp_place place) {
    spanlink_value value = test_otlp_written(given, place);
    switch (value.type) {
    case SPANLINK_VALUE_STRING:
        print_bytes(file, "string_value", value.string_value.ptr, value.string_value.len);
        break;
    case SPANLINK_VALUE_BOOL:
        fprintf(file, "bool_value: %s\n", value.bool_value ? "true" : "false");
        break;
    case SPANLINK_VALUE_INT:
        fprintf(file, "int_value: %lld\n", (long long)value.int_value);
        break;
    case SPANLINK_VALUE_DOUBLE:
        print_double(file, value.double_value);
        break;
    case SPANLINK_VALUE_BYTES:
        print_bytes(file, "bytes_value", value.bytes_value.ptr, value.bytes_value.len);
        break;
    case SPANLINK_VALUE_ARRAY:
        print_array(file, value.array_value, test_otlp_inside(place, &value));
        break;
    case SPANLINK_VALUE_MAP:
        print_map(file, value.map_value, test_otlp_inside(place, &value));
        break;
    default:
        break;
    }
}

static void print_link(FILE *file, const spanlink_link *link) {
    const spanlink_context *context = &link->context;
    spanlink_attributes attributes = {link->attributes, link->attribute_count};
    fprintf(file, "links {\n");
    print_bytes(file, "trace_id", context->trace_id, 16);
    print_bytes(file, "span_id", context->span_id, 8);
    if (test_otlp_keeps_trace_state(context->trace_state)) {
        print_bytes(file, "trace_state", context->trace_state.ptr, context->trace_state.len);
    }
    print_attributes(file, "attributes", attributes, test_otlp_of_link());
    fprintf(file, "dropped_attributes_count: %lu\n", (unsigned long)test_otlp_dropped(link));
    fprintf(file, "flags: %lu\n}\n", (unsigned long)test_otlp_flags(context));
}

/* protoc */

typedef struct content {
    uint8_t *bytes;
    size_t size;
} content;

static content read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(0, fseek(file, 0, SEEK_END));
    content read = {.size = (size_t)ftell(file)};
    rewind(file);
    read.bytes = malloc(read.size + 1);
    assert_non_null(read.bytes);
    assert_int_equal(read.size, fread(read.bytes, 1, read.size, file));
    fclose(file);
    return read;
}

/* The paths are passed in the environment, so that the shell does not interpret their characters.
 */
static void run_protoc(const char *text, const char *binary) {
    char command[512];
    snprintf(command, sizeof command,
             "\"$PROTOC\" --encode=spanlink.interop.Span -I \"$INTEROP_DIRECTORY\" trace.proto < "
             "%s > %s",
             text, binary);
    assert_int_equal(0, system(command));
}

static content encode_with_protoc(const char *name, const spanlink_link *links, size_t count) {
    char text[64], binary[64];
    snprintf(text, sizeof text, "%s.txtpb", name);
    snprintf(binary, sizeof binary, "%s.binpb", name);
    FILE *file = fopen(text, "wb");
    assert_non_null(file);
    for (size_t i = 0; i < count; i++) {
        print_link(file, &links[i]);
    }
    fclose(file);
    run_protoc(text, binary);
    return read_file(binary);
}

static content encode(const spanlink_link *links, size_t count) {
    content encoded = {.size = spanlink_otlp_size(links, count)};
    encoded.bytes = malloc(encoded.size + 1);
    assert_non_null(encoded.bytes);
    assert_ok(spanlink_otlp_encode(links, count, encoded.bytes, encoded.size, &encoded.size));
    return encoded;
}

static void assert_same_bytes(const char *name, const spanlink_link *links, size_t count) {
    content wanted = encode_with_protoc(name, links, count);
    content got = encode(links, count);
    assert_int_equal(wanted.size, got.size);
    assert_memory_equal(wanted.bytes, got.bytes, got.size);
    free(wanted.bytes);
    free(got.bytes);
}

/* Too large for a stack. */
static test_otlp_links made;

TEST(every_edge_is_encoded_as_protobuf_does) {
    test_otlp_edges(&made);
    assert_same_bytes("edges", made.links, made.count);
}

TEST(random_content_is_encoded_as_protobuf_does) {
    for (uint64_t seed = 0; seed < 40; seed++) {
        test_otlp_random(&made, seed, true);
        assert_same_bytes("random", made.links, made.count);
    }
}

TEST(what_protobuf_encodes_is_decoded) {
    for (uint64_t seed = 0; seed < 40; seed++) {
        test_otlp_random(&made, seed, false);
        content encoded = encode_with_protoc("decoded", made.links, made.count);
        spanlink_list *list = test_list();
        assert_ok(spanlink_otlp_decode(encoded.bytes, encoded.size, list));
        test_expect_links(list, made.links, made.count);
        test_end_round();
        free(encoded.bytes);
    }
}

/* Keeps each key once, with its last value at its first position, also in maps. */
TEST(of_repeated_keys_that_protobuf_encodes_the_last_value_is_read) {
    spanlink_attribute entries[] = {spanlink_attribute_int("x", 1), spanlink_attribute_int("y", 2),
                                    spanlink_attribute_int("x", 3)};
    spanlink_attribute once[] = {spanlink_attribute_int("x", 3), spanlink_attribute_int("y", 2)};
    spanlink_attribute given[] = {spanlink_attribute_int("a", 1),
                                  spanlink_attribute_map("m", entries, 3),
                                  spanlink_attribute_int("a", 4)};
    spanlink_attribute wanted[] = {spanlink_attribute_int("a", 4),
                                   spanlink_attribute_map("m", once, 2)};
    spanlink_link link = test_link_with(1, given, 3);
    content encoded = encode_with_protoc("repeated", &link, 1);
    spanlink_list *list = test_list();
    assert_ok(spanlink_otlp_decode(encoded.bytes, encoded.size, list));
    link = (spanlink_link){.context = link.context, .attributes = wanted, .attribute_count = 2};
    assert_true(test_same_link(&link, spanlink_list_links(list, NULL)));
    free(encoded.bytes);
}

/* Each value contains the one before it, so that all of them need little memory. */
TEST(values_of_0_to_120_levels_are_encoded_as_protobuf_does) {
    enum { LEVELS = 121 };
    static spanlink_attribute chains[2][LEVELS];
    spanlink_link links[2];
    for (size_t kind = 0; kind < 2; kind++) {
        for (size_t i = 0; i < LEVELS; i++) {
            spanlink_value value = spanlink_value_int(1);
            if (i != 0 && kind == 0) {
                value = spanlink_value_array(&chains[0][i - 1].value, 1);
            } else if (i != 0) {
                value = spanlink_value_map(&chains[1][i - 1], 1);
            }
            chains[kind][i] = spanlink_attribute_make(spanlink_str_from("level"), value);
        }
        links[kind] = test_link_with(kind + 1, chains[kind], LEVELS);
    }
    assert_same_bytes("levels", links, 2);
}

TEST(every_flag_is_encoded_as_protobuf_does) {
    enum { FLAGS = 256, ORIGINS = 3 };
    static spanlink_link links[FLAGS * ORIGINS];
    for (size_t i = 0; i < FLAGS * ORIGINS; i++) {
        links[i].context = test_context(i + 1);
        links[i].context.trace_flags = (uint8_t)(i % FLAGS);
        links[i].context.is_remote = i / FLAGS == 1;
        links[i].context.remote_unknown = i / FLAGS == 2;
    }
    assert_same_bytes("flags", links, FLAGS * ORIGINS);
}
