/* SPDX-License-Identifier: MIT */
#include "test_lists.h"

TEST(expected_links_allocate_nothing) {
    spanlink_list *list = test_list(.allocator = test_counted(), .expected_links = 128);
    assert_int_equal(2, test_heap.calls);
    add_batch_items(list, 128);
    assert_int_equal(2, test_heap.calls);
    assert_true(test_heap.live_bytes <= 181 * 128);
}

/* Not even to detect equal keys. */
TEST(a_link_with_16_attributes_takes_no_memory_besides_its_copy) {
    spanlink_attribute attributes[16];
    spanlink_list *list = test_list(.allocator = test_counted(), .expected_links = 16);
    for (size_t i = 0; i < 16; i++) {
        attributes[i] = spanlink_attribute_int(&"abcdefghijklmno"[i % 15], 1);
    }
    spanlink_link link = test_link_with(1, attributes, 16);
    assert_ok(spanlink_list_add(list, &link));
    assert_int_equal(15, spanlink_list_links(list, NULL)->attribute_count);
    assert_int_equal(2, test_heap.calls);
}

/* The list, the slots of the expected links, and the tables that the options need. */
TEST(create_allocates_no_more_than_it_says) {
    for (uint32_t variant = 0; variant < 16; variant++) {
        bool unique = variant / 4 % 2 != 0, has_limit = variant >= 8;
        bool ranked = has_limit && variant % 4 == SPANLINK_OVERFLOW_RESERVOIR;
        spanlink_list_options options =
            options_with(has_limit ? 50 : SPANLINK_UNLIMITED, variant % 4, unique);
        options.allocator = test_counted();
        options.expected_links = 50;
        test_list_create(&options);
        assert_int_equal(2 + unique + ranked, test_heap.calls);
        test_end_round();
    }
}

/* So that adding has constant amortised cost. */
TEST(a_list_grows_in_few_steps) {
    for (uint32_t variant = 0; variant < 16; variant++) {
        spanlink_list *list =
            counted(variant < 8 ? SPANLINK_UNLIMITED : 5000, variant % 4, variant / 4 % 2 != 0);
        test_list_add_range(list, 1, 10000);
        assert_true(test_heap.calls < 100);
        test_end_round();
    }
}

/* In a full list, gaps are closed and memory is packed rarely. */
TEST(links_that_stay_are_seldom_moved) {
    enum { LINKS = 200, ADDED = 5000 };
    spanlink_list *list = bounded(LINKS, SPANLINK_OVERFLOW_KEEP_LAST, false);
    test_list_add_range(list, 1, LINKS + 1);
    const spanlink_link *links = spanlink_list_links(list, NULL);
    size_t other_slots = 0, other_memory = 0;
    for (uint64_t i = 1; i <= ADDED; i++) {
        uintptr_t slot = (uintptr_t)&links[1], memory = (uintptr_t)links[1].attributes;
        test_list_add(list, LINKS + 1 + i);
        links = spanlink_list_links(list, NULL);
        other_slots += slot != (uintptr_t)links;
        other_memory += memory != (uintptr_t)links->attributes;
    }
    assert_in_range(other_slots, 1, 2 * ADDED / LINKS);
    assert_in_range(other_memory, 1, 2 * ADDED / LINKS);
}

/* A link without attributes and tracestate needs only its slot. */
TEST(a_stream_of_bare_links_takes_bounded_memory) {
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        spanlink_list_options options = options_with(10, overflow, false);
        options.allocator = test_counted();
        spanlink_list *list = test_list_create(&options);
        for (uint64_t number = 1; number <= 5000; number++) {
            spanlink_link link = {.context = test_context(number)};
            assert_ok(spanlink_list_append(list, &link, 1));
        }
        assert_true(test_heap.peak_bytes <= spanlink_list_pool_size(&options, 0, 0));
        test_end_round();
    }
}

/* A link with every kind of value, also inside arrays and maps. */
typedef struct rich_link {
    spanlink_link link;
    spanlink_attribute attributes[9], entries[4], inner[1];
    spanlink_value elements[4];
} rich_link;

static void make_rich_link(rich_link *made, uint64_t number, size_t padding) {
    static const char text[128] = "some text, of which the links have parts of different lengths";
    const uint8_t *bytes = (const uint8_t *)text;
    made->inner[0] = spanlink_attribute_bytes("inner", bytes, 5);
    made->entries[0] = spanlink_attribute_string("s", "entry");
    made->entries[1] = spanlink_attribute_map("m", made->inner, 1);
    made->entries[2] = spanlink_attribute_array("a", NULL, 0);
    made->entries[3] = spanlink_attribute_map("e", NULL, 0);
    made->elements[0] = spanlink_value_map(made->entries, 4);
    made->elements[1] = spanlink_value_bytes(bytes, padding % 7);
    made->elements[2] = spanlink_value_double(0.5);
    made->elements[3] = spanlink_value_array(NULL, 0);
    made->attributes[0] = spanlink_attribute_int("n", (int64_t)number);
    made->attributes[1] = spanlink_attribute_array("array", made->elements, 4);
    made->attributes[2] = spanlink_attribute_map("map", made->entries, 4);
    made->attributes[3] = spanlink_attribute_bytes("bytes", bytes, padding);
    made->attributes[4] = spanlink_attribute_bool("bool", true);
    made->attributes[5] = (spanlink_attribute){.key = {"empty", 5}};
    made->attributes[6] = spanlink_attribute_map("no map", NULL, 0);
    made->attributes[7] = spanlink_attribute_array("no array", NULL, 0);
    made->attributes[8] = spanlink_attribute_make(
        (spanlink_str){"text", 4}, spanlink_value_string((spanlink_str){text, padding}));
    made->link = test_link_with(number, made->attributes, padding % 10);
    made->link.context.trace_state = (spanlink_str){text, padding / 2};
}

TEST(links_keep_their_values_while_memory_is_packed) {
    spanlink_list *list = counted(7, SPANLINK_OVERFLOW_KEEP_LAST, false);
    uint64_t random = 1;
    static rich_link made[2000];
    for (size_t i = 0; i < 2000; i++) {
        make_rich_link(&made[i], i + 1, test_random_below(&random, 100));
        assert_ok(spanlink_list_add(list, &made[i].link));
        if (i % 3 == 0 && i > 7) {
            size_t count;
            const spanlink_link *links = spanlink_list_links(list, &count);
            for (size_t k = 0; k < count - 1; k++) { /* the last one also has the markers */
                assert_true(test_same_link(&links[k], &made[i + 1 + k - count].link));
            }
        }
    }
    assert_true(test_heap.live_bytes < 65536);
}

TEST(a_bounded_stream_takes_bounded_memory) {
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        for (int unique = 0; unique < 2; unique++) {
            spanlink_list *list = counted(128, overflow, unique);
            for (uint64_t i = 1; i <= 1000; i++) {
                assert_ok(add_number(list, i, i % 7 == 0));
            }
            size_t peak = test_heap.peak_bytes;
            for (uint64_t i = 1001; i <= 1000000; i++) {
                if (add_number(list, i, i % 7 == 0) != SPANLINK_OK) {
                    fail();
                }
            }
            assert_int_equal(peak, test_heap.peak_bytes);
            assert_true(peak < 64 * 1024);
            assert_int_equal(1000000, test_marked_count(list));
            test_end_round();
        }
    }
}

/* As tracestate, key or value, in any order: a block is found by its slot, not by the address of a
 * text. */
TEST(static_texts_may_be_anywhere_while_memory_is_packed) {
    static char text[100];
    spanlink_str names[8];
    for (int type = 0; type < 5; type++) {
        names[type] = spanlink_str_from(spanlink_link_type_name((spanlink_link_type)type));
    }
    names[5] = (spanlink_str){text, sizeof text};
    names[6] = (spanlink_str){text, 3};
    names[7] = (spanlink_str){NULL, 0};
    memset(text, 'x', sizeof text);
    for (uint32_t variant = 0; variant < 8; variant++) {
        spanlink_list_options options = options_with(20, variant % 4, false);
        options.unique = variant / 4 != 0;
        spanlink_list *list = test_list_create(&options), *other = test_list_create(&options);
        uint64_t random = variant + 1;
        for (uint64_t i = 1; i <= 3000; i++) {
            spanlink_str key = names[test_random(&random) % 7],
                         value = names[test_random(&random) % 8];
            spanlink_attribute attribute =
                spanlink_attribute_make(key, spanlink_value_string(value));
            spanlink_link link = {.context = test_context(i), .attributes = &attribute};
            link.attribute_count = test_random(&random) % 2;
            link.context.trace_state = names[test_random(&random) % 8];
            link.context.trace_flags = i % 2;
            assert_ok(spanlink_list_add(list, &link));
            if (i % 700 == 0) {
                assert_ok(spanlink_list_truncate(list, 5));
            } else if (i % 500 == 0) {
                assert_ok(spanlink_list_merge(other, list));
                assert_ok(spanlink_list_copy(list, other));
            }
        }
        size_t count;
        const spanlink_link *links = spanlink_list_links(list, &count);
        for (size_t i = 0; i < count; i++) {
            spanlink_str trace_state = links[i].context.trace_state;
            bool known = false;
            for (size_t j = 0; j < 8; j++) {
                known = known || (trace_state.len == names[j].len &&
                                  (trace_state.len == 0 ||
                                   memcmp(trace_state.ptr, names[j].ptr, trace_state.len) == 0));
            }
            assert_true(known);
        }
        test_end_round();
    }
}
