/* SPDX-License-Identifier: MIT */
/* Doubles are copied bit by bit: a signalling NaN remains signalling even where floating-point
 * registers would make it quiet (x87 without optimisation). */
#include "test.h"
#include "test_fixtures.h"

#include <spanlink/spanlink.h>

static const uint64_t patterns[] = {
    UINT64_C(0x7ff4000000000001),
    UINT64_C(0x7ff0000000000001), /* signalling */
    UINT64_C(0xfff4000000000001),
    UINT64_C(0xfff0000000000001), /* signalling, negative */
    UINT64_C(0x7ff7ffffffffffff),
    UINT64_C(0x7ff8000000000000), /* the last, and the first quiet one */
    UINT64_C(0x7ff8000000000123),
    UINT64_C(0xffffffffffffffff), /* quiet, with a payload */
    UINT64_C(0x8000000000000000),
    UINT64_C(0x0000000000000001), /* -0.0, and the smallest */
    UINT64_C(0x800fffffffffffff), /* negative and subnormal */
};

enum { PATTERNS = sizeof patterns / sizeof patterns[0] };

/* Puts the pattern in a link as a value, in an array and in a map. */
static spanlink_link make_link(uint64_t bits, spanlink_attribute storage[3]) {
    spanlink_link link = test_link_with(1, storage, 3);
    storage[0] = spanlink_attribute_double("value", 0);
    memcpy(&storage[0].value.double_value, &bits, sizeof bits);
    storage[1] = spanlink_attribute_array("array", &storage[0].value, 1);
    storage[2] = spanlink_attribute_map("map", storage, 1);
    return link;
}

static void expect_bits(uint64_t wanted, const spanlink_value *value) {
    uint64_t bits;
    assert_int_equal(SPANLINK_VALUE_DOUBLE, value->type);
    memcpy(&bits, &value->double_value, sizeof bits);
    assert_true(bits == wanted);
}

/* Expects every link of the list to hold the pattern three times. */
static void expect_pattern(uint64_t wanted, spanlink_list *list, size_t links) {
    const spanlink_link *found = test_list_links(list, links);
    for (size_t i = 0; i < links; i++) {
        expect_bits(wanted, &found[i].attributes[0].value);
        expect_bits(wanted, found[i].attributes[1].value.array_value.ptr);
        expect_bits(wanted, &found[i].attributes[2].value.map_value.ptr->value);
    }
}

TEST(lists_keep_the_bits_of_doubles) {
    for (size_t i = 0; i < PATTERNS; i++) {
        spanlink_attribute storage[3];
        spanlink_link link = make_link(patterns[i], storage);
        spanlink_list *list = test_list(), *other = test_list();
        assert_ok(spanlink_list_add(list, &link));
        assert_ok(spanlink_list_append(other, &link, 1));
        assert_ok(spanlink_list_merge(list, other));
        expect_pattern(patterns[i], list, 2);
        test_end_round();
    }
}

TEST(collectors_and_caches_keep_the_bits_of_doubles) {
    for (size_t i = 0; i < PATTERNS; i++) {
        spanlink_attribute storage[3];
        spanlink_link link = make_link(patterns[i], storage);
        spanlink_list *list = test_list();
        spanlink_collector *collector = test_collector_create(NULL);
        spanlink_cache *cache = test_cache_create(NULL);
        assert_ok(spanlink_collector_add(collector, &link));
        assert_ok(spanlink_collector_drain(collector, list));
        for (int call = 0; call < 2; call++) {
            assert_ok(spanlink_cache_get_or_create(cache, spanlink_str_from("key"), test_emit,
                                                   &link, list));
        }
        expect_pattern(patterns[i], list, 3);
        test_end_round();
    }
}

#ifndef SPANLINK_NO_OTLP
TEST(otlp_keeps_the_bits_of_doubles) {
    for (size_t i = 0; i < PATTERNS; i++) {
        uint8_t bytes[200];
        size_t written;
        spanlink_attribute storage[3];
        spanlink_link link = make_link(patterns[i], storage);
        spanlink_list *list = test_list();
        assert_ok(spanlink_otlp_encode(&link, 1, bytes, sizeof bytes, &written));
        assert_ok(spanlink_otlp_decode(bytes, written, list));
        expect_pattern(patterns[i], list, 1);
        assert_true(spanlink_link_equal(&link, spanlink_list_links(list, NULL)));
        test_end_round();
    }
}
#endif
