/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <spanlink/attribute.h>

TEST(each_constructor_gives_its_type_and_value) {
    static const uint8_t bytes[] = {1, 2, 3};
    spanlink_attribute text = spanlink_attribute_string("key", "value");
    assert_text("key", text.key);
    assert_int_equal(SPANLINK_VALUE_STRING, text.value.type);
    assert_text("value", text.value.string_value);
    assert_true(spanlink_attribute_bool("key", true).value.bool_value);
    assert_int_equal(SPANLINK_VALUE_BOOL, spanlink_attribute_bool("key", false).value.type);
    assert_int_equal(INT64_MIN, spanlink_attribute_int("key", INT64_MIN).value.int_value);
    assert_int_equal(SPANLINK_VALUE_INT, spanlink_attribute_int("key", 0).value.type);
    assert_true(spanlink_attribute_double("key", -0.5).value.double_value == -0.5);
    assert_int_equal(SPANLINK_VALUE_DOUBLE, spanlink_attribute_double("key", 0).value.type);
    spanlink_attribute raw = spanlink_attribute_bytes("key", bytes, 3);
    assert_int_equal(SPANLINK_VALUE_BYTES, raw.value.type);
    assert_ptr_equal(bytes, raw.value.bytes_value.ptr);
    assert_int_equal(3, raw.value.bytes_value.len);
    spanlink_attribute array = spanlink_attribute_array("key", &text.value, 1);
    assert_int_equal(SPANLINK_VALUE_ARRAY, array.value.type);
    assert_ptr_equal(&text.value, array.value.array_value.ptr);
    assert_int_equal(1, array.value.array_value.len);
    spanlink_attribute map = spanlink_attribute_map("key", &text, 1);
    assert_int_equal(SPANLINK_VALUE_MAP, map.value.type);
    assert_ptr_equal(&text, map.value.map_value.ptr);
    assert_int_equal(1, map.value.map_value.len);
    assert_text("key", map.key);
}

TEST(sized_texts_may_hold_nuls) {
    spanlink_str key = {"k\0y", 3};
    spanlink_str value = {"a\0b", 3};
    spanlink_attribute attribute = spanlink_attribute_make(key, spanlink_value_string(value));
    assert_int_equal(3, attribute.key.len);
    assert_int_equal(3, attribute.value.string_value.len);
    assert_ptr_equal(value.ptr, attribute.value.string_value.ptr);
}

TEST(null_texts_are_empty) {
    spanlink_attribute attribute = spanlink_attribute_string(NULL, NULL);
    assert_int_equal(0, attribute.key.len);
    assert_int_equal(0, attribute.value.string_value.len);
}

TEST(an_empty_value_is_a_zeroed_one) {
    spanlink_value value = {0};
    assert_int_equal(SPANLINK_VALUE_EMPTY, value.type);
}

/* Equality */

static void expect_values(bool wanted, spanlink_value a, spanlink_value b) {
    assert_int_equal(wanted, spanlink_value_equal(&a, &b));
    assert_int_equal(wanted, spanlink_value_equal(&b, &a));
}

static spanlink_value text_value(const char *text) {
    return spanlink_value_string(spanlink_str_from(text));
}

static spanlink_value double_of_bits(uint64_t bits) {
    spanlink_value value = spanlink_value_double(0);
    memcpy(&value.double_value, &bits, sizeof bits);
    return value;
}

TEST(values_are_equal_if_type_and_content_are) {
    static const uint8_t bytes[] = {'a'};
    const spanlink_value element = spanlink_value_int(1);
    const spanlink_attribute entry = {{"k", 1}, element};
    const spanlink_value values[] = {
        spanlink_value_empty(),
        text_value("a"),
        text_value("b"),
        text_value(""),
        spanlink_value_bool(false),
        spanlink_value_bool(true),
        spanlink_value_int(0),
        spanlink_value_int(1),
        spanlink_value_int(INT64_MIN),
        spanlink_value_double(0),
        spanlink_value_double(1),
        spanlink_value_bytes(bytes, 1),
        spanlink_value_bytes(NULL, 0),
        spanlink_value_array(&element, 1),
        spanlink_value_array(NULL, 0),
        spanlink_value_map(&entry, 1),
        spanlink_value_map(NULL, 0),
    };
    enum { COUNT = sizeof values / sizeof values[0] };
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < COUNT; j++) {
            expect_values(i == j, values[i], values[j]);
        }
    }
}

TEST(texts_at_different_addresses_are_compared) {
    char one[] = "text", other[] = "text", longer[] = "texts";
    expect_values(true, text_value(one), text_value(other));
    expect_values(false, text_value(one), text_value(longer));
    expect_values(true, spanlink_value_bytes((uint8_t *)one, 4),
                  spanlink_value_bytes((uint8_t *)other, 4));
    expect_values(false, spanlink_value_bytes((uint8_t *)one, 4),
                  spanlink_value_bytes((uint8_t *)other, 3));
}

TEST(doubles_are_compared_by_their_bits) {
    const uint64_t quiet = UINT64_C(0x7ff8000000000000);
    const uint64_t signalling = UINT64_C(0x7ff0000000000001);
    expect_values(true, double_of_bits(quiet), double_of_bits(quiet));
    expect_values(true, double_of_bits(signalling), double_of_bits(signalling));
    expect_values(false, double_of_bits(quiet), double_of_bits(signalling));
    expect_values(false, spanlink_value_double(0.0), spanlink_value_double(-0.0));
}

TEST(arrays_are_equal_in_one_order_only) {
    const spanlink_value a[] = {spanlink_value_int(1), text_value("x")};
    const spanlink_value b[] = {text_value("x"), spanlink_value_int(1)};
    const spanlink_value c[] = {spanlink_value_int(1), text_value("x")};
    expect_values(true, spanlink_value_array(a, 2), spanlink_value_array(c, 2));
    expect_values(false, spanlink_value_array(a, 2), spanlink_value_array(b, 2));
    expect_values(false, spanlink_value_array(a, 2), spanlink_value_array(a, 1));
}

TEST(maps_are_equal_in_any_order) {
    const spanlink_attribute a[] = {spanlink_attribute_int("x", 1), spanlink_attribute_int("y", 2)};
    const spanlink_attribute b[] = {spanlink_attribute_int("y", 2), spanlink_attribute_int("x", 1)};
    const spanlink_attribute c[] = {spanlink_attribute_int("x", 1), spanlink_attribute_int("y", 3)};
    const spanlink_attribute d[] = {spanlink_attribute_int("x", 1), spanlink_attribute_int("z", 2)};
    expect_values(true, spanlink_value_map(a, 2), spanlink_value_map(b, 2));
    expect_values(false, spanlink_value_map(a, 2), spanlink_value_map(c, 2));
    expect_values(false, spanlink_value_map(a, 2), spanlink_value_map(d, 2));
    expect_values(false, spanlink_value_map(a, 2), spanlink_value_map(a, 1));
}

TEST(of_a_repeated_key_the_last_entry_counts) {
    const spanlink_attribute twice[] = {spanlink_attribute_int("x", 1),
                                        spanlink_attribute_int("y", 2),
                                        spanlink_attribute_int("x", 3)};
    const spanlink_attribute last[] = {spanlink_attribute_int("x", 3),
                                       spanlink_attribute_int("y", 2)};
    const spanlink_attribute first[] = {spanlink_attribute_int("x", 1),
                                        spanlink_attribute_int("y", 2)};
    const spanlink_attribute more[] = {spanlink_attribute_int("x", 3),
                                       spanlink_attribute_int("y", 2),
                                       spanlink_attribute_int("z", 0)};
    expect_values(true, spanlink_value_map(twice, 3), spanlink_value_map(last, 2));
    expect_values(false, spanlink_value_map(twice, 3), spanlink_value_map(first, 2));
    expect_values(false, spanlink_value_map(twice, 3), spanlink_value_map(more, 3));
}

/* Nests a value in `depth` arrays or maps, alternating if `mixed`. */
static spanlink_value nested(spanlink_value inner, size_t depth, bool mixed) {
    static spanlink_attribute levels[2][200];
    static size_t used;
    spanlink_attribute *storage = levels[used++ % 2];
    for (size_t i = 0; i < depth; i++) {
        storage[i] = spanlink_attribute_make(spanlink_str_from("k"), inner);
        inner = mixed && i % 2 != 0 ? spanlink_value_map(&storage[i], 1)
                                    : spanlink_value_array(&storage[i].value, 1);
    }
    return inner;
}

TEST(values_deeper_than_64_count_as_empty) {
    const spanlink_value one = spanlink_value_int(1), two = spanlink_value_int(2);
    for (size_t depth = 0; depth < 100; depth++) {
        for (int mixed = 0; mixed < 2; mixed++) {
            spanlink_value a = nested(one, depth, mixed), b = nested(two, depth, mixed);
            expect_values(depth > 64, a, b);
        }
    }
    expect_values(true, nested(spanlink_value_array(&one, 1), 64, false),
                  nested(spanlink_value_map(NULL, 0), 64, false));
    expect_values(true, nested(spanlink_value_array(&one, 1), 64, false),
                  nested(spanlink_value_empty(), 64, false));
    expect_values(false, nested(spanlink_value_array(&one, 1), 63, false),
                  nested(spanlink_value_empty(), 63, false));
    expect_values(false, nested(one, 64, false), nested(spanlink_value_empty(), 64, false));
}

TEST(null_and_unknown_values_equal_nothing) {
    spanlink_value empty = spanlink_value_empty(), unknown = {.type = 8};
    assert_false(spanlink_value_equal(&empty, NULL));
    assert_false(spanlink_value_equal(NULL, &empty));
    assert_false(spanlink_value_equal(NULL, NULL));
    assert_false(spanlink_value_equal(&unknown, &unknown));
    unknown.type = UINT32_MAX;
    assert_false(spanlink_value_equal(&unknown, &unknown));
}

TEST(a_null_with_a_length_counts_as_empty) {
    const spanlink_attribute bad_key = {{NULL, 7}, spanlink_value_int(1)};
    const spanlink_attribute no_key = {{NULL, 0}, spanlink_value_int(1)};
    expect_values(true, spanlink_value_string(spanlink_str_make(NULL, 7)), text_value(""));
    expect_values(false, spanlink_value_string(spanlink_str_make(NULL, 1)), text_value("a"));
    expect_values(true, spanlink_value_bytes(NULL, 7), spanlink_value_bytes(NULL, 0));
    expect_values(true, spanlink_value_array(NULL, 7), spanlink_value_array(NULL, 0));
    expect_values(true, spanlink_value_map(NULL, 7), spanlink_value_map(NULL, 0));
    expect_values(true, spanlink_value_map(&bad_key, 1), spanlink_value_map(&no_key, 1));
}

/* The library exports each inline function, for languages that call by symbol. */
TEST(every_inline_function_has_an_exported_copy) {
    spanlink_attribute (*const volatile make)(spanlink_str, spanlink_value) =
        spanlink_attribute_make;
    spanlink_value (*const volatile empty)(void) = spanlink_value_empty;
    assert_int_equal(SPANLINK_VALUE_EMPTY, make(spanlink_str_from("k"), empty()).value.type);
}
