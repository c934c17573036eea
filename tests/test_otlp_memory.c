/* SPDX-License-Identifier: MIT */
#include "test_otlp.h"

/* Also with exactly enough capacity for the last one. */
TEST(decoding_takes_no_memory_but_the_lists_if_all_links_stay) {
    enum { LINKS = 3 };
    spanlink_attribute storage[LINKS][1];
    spanlink_link links[LINKS];
    spanlink_list_options options = test_list_options();
    options.allocator = test_counted();
    options.limits.max_links = options.expected_links = LINKS;
    for (size_t i = 0; i < LINKS; i++) {
        links[i] = test_link(i + 1, storage[i]);
    }
    encoded span = encode(links, LINKS);
    spanlink_list *list = test_list_create(&options);
    size_t calls = test_heap.calls;
    assert_ok(spanlink_otlp_decode(span.bytes, span.size, list));
    assert_int_equal(LINKS, test_stats(list).kept);
    assert_int_equal(calls, test_heap.calls);
}

/* A megabyte of one small field (less with TEST_MANY()), inside messages with these tags. */
static void assert_bounded_memory(const char *tags, const char *field, size_t field_size) {
    static uint8_t bytes[TEST_MANY(1 << 20)];
    size_t heads = 5 * strlen(tags);
    size_t size = heads + (sizeof bytes - heads) / field_size * field_size;
    for (size_t i = 0; tags[i] != '\0'; i++) {
        size_t length = size - 5 * (i + 1);
        uint8_t start[5] = {(uint8_t)tags[i], (uint8_t)(length | 128), (uint8_t)(length >> 7 | 128),
                            (uint8_t)(length >> 14 | 128), (uint8_t)(length >> 21)};
        memcpy(bytes + 5 * i, start, 5);
    }
    for (size_t i = heads; i < size; i += field_size) {
        memcpy(bytes + i, field, field_size);
    }
    spanlink_list *list = test_list(.allocator = test_counted());
    assert_ok(spanlink_otlp_decode(bytes, size, list));
    assert_true(test_heap.peak_bytes < 100 * size);
    test_end_round();
}

TEST(memory_is_linear_in_the_input) {
    assert_bounded_memory("", "\x6a\x00", 2);
    assert_bounded_memory("", "\x6a\x03\x1a\001a", 5);
    assert_bounded_memory("", "\x6a\x02\x22\x00", 4);
    assert_bounded_memory("\x6a", "\x22\x00", 2);
    assert_bounded_memory("\x6a\x22\x12\x2a", "\x0a\x00", 2);
    assert_bounded_memory("\x6a\x22\x12\x32", "\x0a\x00", 2);
    assert_bounded_memory("\x6a\x22\x12", "\x2a\x02\x0a\x00", 4);
    assert_bounded_memory("\x6a\x22\x12\x2a", "\x0a\x04\x2a\x02\x0a\x00", 6);
}

/* The second time, the list already has its memory. */
TEST(a_link_of_32_attributes_takes_no_memory_on_the_way) {
    char keys[32][2];
    spanlink_attribute attributes[32];
    for (int real = 0; real < 2; real++) {
        for (size_t i = 0; i < 32; i++) {
            keys[i][0] = (char)('A' + i);
            keys[i][1] = '\0';
            attributes[i] =
                real ? spanlink_attribute_double(keys[i], 0.5) : spanlink_attribute_int(keys[i], 1);
        }
        spanlink_link link = link_with(attributes, 32);
        uint8_t bytes[1024];
        size_t size;
        assert_ok(spanlink_otlp_encode(&link, 1, bytes, sizeof bytes, &size));
        spanlink_list *list = test_list(.allocator = test_counted());
        assert_ok(spanlink_otlp_decode(bytes, size, list));
        spanlink_list_clear(list);
        size_t calls = test_heap.calls;
        assert_ok(spanlink_otlp_decode(bytes, size, list));
        assert_int_equal(calls, test_heap.calls);
        assert_true(test_same_link(&link, spanlink_list_links(list, NULL)));
        test_end_round();
    }
}

static uint8_t failing_bytes[200000];

static size_t failing_size;

static size_t failing_limit = SPANLINK_UNLIMITED; /* of the list's links */

static spanlink_status make_add_or_decode(test_world *w, size_t step) {
    spanlink_link first = plain_link();
    spanlink_list_options options = test_list_options();
    options.allocator = w->allocator;
    options.limits.max_links = test_limit(failing_limit);
    options.overflow = SPANLINK_OVERFLOW_KEEP_LAST;
    switch (step) {
    case 0:
        return spanlink_list_create(&options, &w->lists[0]);
    case 1:
        return spanlink_list_add(w->lists[0], &first);
    default:
        return spanlink_otlp_decode(failing_bytes, failing_size, w->lists[0]);
    }
}

static const test_scenario decoding = {3, make_add_or_decode, NULL};

static size_t fail_to_decode(const spanlink_link *links, size_t count) {
    assert_ok(
        spanlink_otlp_encode(links, count, failing_bytes, sizeof failing_bytes, &failing_size));
    return test_scenario_fail(&decoding);
}

/* So many links, up to 200, of the five kinds of varied_links(). */
static size_t fail_to_decode_varied(size_t count) {
    spanlink_link links[200];
    for (size_t i = varied_links(links); i < count; i++) {
        links[i] = links[i % 5];
        links[i].context = test_context(i);
    }
    return fail_to_decode(links, count);
}

TEST(each_allocation_that_fails_leaves_the_list_as_it_was) {
    assert_true(fail_to_decode_varied(200) > 6);
}

/* A full list adds links at the end; until then they are in the decoder's memory. */
TEST(each_allocation_may_fail_where_links_are_cut_too) {
    failing_limit = 7;
    assert_true(fail_to_decode_varied(100) > 8);
    failing_limit = SPANLINK_UNLIMITED;
}

/* Many small elements, so that the decoder's first allocation is too small. */
TEST(growing_while_decoding_may_fail) {
    static const spanlink_value values[5000];
    spanlink_attribute attributes[20];
    for (size_t i = 0; i < 20; i++) {
        attributes[i] = spanlink_attribute_array("k", values, i % 2 * 5000);
    }
    spanlink_link link = link_with(attributes, 20);
    assert_true(fail_to_decode(&link, 1) > 8);
}

TEST(a_pool_of_any_size_decodes_all_or_nothing) {
    spanlink_link links[5];
    assert_ok(spanlink_otlp_encode(links, varied_links(links), failing_bytes, sizeof failing_bytes,
                                   &failing_size));
    assert_true(test_scenario_fail_in_pools(&decoding) > 200);
}
