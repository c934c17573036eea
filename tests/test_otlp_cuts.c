/* SPDX-License-Identifier: MIT */
#include "test_otlp.h"

static spanlink_attribute marker_truncated(bool truncated) {
    return spanlink_attribute_bool("links.truncated", truncated);
}

static spanlink_attribute marker_count(int64_t count) {
    return spanlink_attribute_int("links.original_count", count);
}

/* Decodes links that are encoded unchanged, followed by a dropped_links_count unless it is 0. */
static void decode_links(spanlink_list *list, const spanlink_link *links, size_t count,
                         uint8_t dropped) {
    encoded span = encode(links, count);
    append(&span, (uint8_t[]){0x70, dropped}, dropped != 0 ? 2 : 0);
    assert_ok(decode_bytes(span.bytes, span.size, list));
}

static void expect_stats(const spanlink_list *list, uint64_t kept, uint64_t over_limit) {
    spanlink_list_stats stats = test_stats(list);
    assert_true(kept == stats.kept);
    assert_true(over_limit == stats.over_limit);
    uint64_t offered = kept + over_limit + stats.duplicate + stats.invalid;
    assert_true(stats.offered == (offered < over_limit ? UINT64_MAX : offered));
    assert_int_equal(over_limit > UINT32_MAX ? UINT32_MAX : over_limit, stats.dropped);
}

/* trace.proto, Span.dropped_links_count */
TEST(the_count_of_dropped_links_is_added_to_this_lists_count) {
    spanlink_list *list = test_list();
    assert_ok(decode_literal("\x70\x05", list));
    expect_stats(list, 0, 5);
    assert_null(spanlink_list_links(list, NULL));
    assert_ok(decode_literal("\x70\x05\x70\xac\x02", list));
    expect_stats(list, 0, 305);
    assert_ok(decode_literal("\x70\x85\x80\x80\x80\x10", list)); /* only 32 bits are used */
    expect_stats(list, 0, 310);
    spanlink_link link = plain_link();
    decode_links(list, &link, 1, 7);
    expect_stats(list, 1, 317);
    assert_int_equal(318, test_marked_count(list));
    assert_ok(decode_literal("\x72\x01x\x71"
                             "12345678",
                             list)); /* not a varint */
    expect_stats(list, 1, 317);
}

TEST(markers_of_the_last_link_are_removed_and_counted) {
    spanlink_attribute attributes[] = {spanlink_attribute_int("a", 1), marker_count(10),
                                       spanlink_attribute_int("b", 2), marker_truncated(true),
                                       spanlink_attribute_int("c", 3)};
    spanlink_attribute own[] = {attributes[0], attributes[2], attributes[4]};
    spanlink_link links[] = {link_with(attributes, 1), link_with(attributes, 5)};
    spanlink_link wanted = link_with(own, 3);
    spanlink_list *list = test_list();
    decode_links(list, links, 2, 0);
    expect_stats(list, 2, 8);
    assert_int_equal(10, test_marked_count(list));
    links[1] = spanlink_list_links(list, NULL)[1];
    links[1].attribute_count -= 2; /* the list's own markers follow */
    assert_true(test_same_link(&wanted, &links[1]));
}

/* Both counts are equal unless one is missing or wrong. */
TEST(the_larger_of_both_counts_is_added) {
    for (uint8_t dropped = 0; dropped < 12; dropped++) {
        for (int64_t original = -1; original < 12; original++) {
            spanlink_attribute markers[] = {marker_truncated(true), marker_count(original)};
            spanlink_link links[] = {plain_link(), link_with(markers, 2)};
            spanlink_list *list = test_list();
            decode_links(list, links, 2, dropped);
            int64_t marked = original > 2 ? original - 2 : 0;
            expect_stats(list, 2, (uint64_t)(marked > dropped ? marked : dropped));
            test_end_round();
        }
    }
}

/* Anything else is an ordinary attribute. */
TEST(attributes_that_are_not_a_pair_of_markers_stay) {
    const spanlink_attribute pairs[][2] = {
        {marker_truncated(false), marker_count(10)},
        {spanlink_attribute_int("links.truncated", 1), marker_count(10)},
        {marker_truncated(true), spanlink_attribute_double("links.original_count", 10)},
        {marker_truncated(true), spanlink_attribute_int("links.original", 10)},
        {spanlink_attribute_bool("links.Truncated", true), marker_count(10)}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        spanlink_link link = link_with(pairs[i], 2);
        spanlink_list *list = test_list();
        decode_links(list, &link, 1, 0);
        expect_stats(list, 1, 0);
        assert_true(test_same_link(&link, spanlink_list_links(list, NULL)));
        test_end_round();
    }
    spanlink_attribute markers[] = {marker_truncated(true), marker_count(10)};
    spanlink_link links[] = {link_with(markers, 2), plain_link()};
    spanlink_list *list = test_list();
    decode_links(list, links, 2, 0); /* not on the last link */
    expect_stats(list, 2, 0);
    assert_true(test_same_link(&links[0], spanlink_list_links(list, NULL)));
}

/* As in a list, the last value of a repeated key is used. */
TEST(of_repeated_markers_the_last_count) {
    spanlink_attribute markers[] = {marker_truncated(false), marker_count(5),
                                    marker_truncated(true), marker_count(7), marker_count(9)};
    spanlink_link link = link_with(markers, 5);
    spanlink_list *list = test_list();
    decode_links(list, &link, 1, 0);
    expect_stats(list, 1, 8);
    assert_int_equal(2, spanlink_list_links(list, NULL)->attribute_count); /* the list's own */
    spanlink_list_clear(list);
    markers[4] = spanlink_attribute_string("links.original_count", "9");
    decode_links(list, &link, 1, 0);
    expect_stats(list, 1, 0);
    assert_int_equal(2, spanlink_list_links(list, NULL)->attribute_count);
}

/* A duplicate, a dropped link, and a link that is invalid without its markers. */
TEST(markers_are_removed_even_if_the_link_is_not_kept) {
    spanlink_attribute markers[] = {marker_truncated(true), marker_count(10)};
    spanlink_list *list = test_list(.unique = true, .limits.max_links = 2);
    spanlink_link links[] = {plain_link(), link_with(markers, 2)};
    decode_links(list, links, 2, 0);
    expect_stats(list, 1, 8);
    assert_int_equal(1, test_stats(list).duplicate);
    spanlink_link nothing = {.attributes = markers, .attribute_count = 2};
    decode_links(list, &nothing, 1, 0);
    expect_stats(list, 1, 17);
    assert_int_equal(1, test_stats(list).invalid);
    links[0].context = test_context(5);
    links[1].context = test_context(6);
    decode_links(list, links, 2, 0);
    expect_stats(list, 2, 26);
    assert_int_equal(28, test_marked_count(list));
}

/* The sender's counts are added, but counters saturate. */
TEST(forged_counts_do_not_wrap) {
    static const int64_t counts[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        spanlink_attribute markers[] = {marker_truncated(true), marker_count(counts[i])};
        spanlink_link link = link_with(markers, 2);
        spanlink_list *list = test_list();
        decode_links(list, &link, 1, 0);
        uint64_t cut = counts[i] > 1 ? (uint64_t)counts[i] - 1 : 0;
        expect_stats(list, 1, cut);
        decode_links(list, &link, 1, 0);
        expect_stats(list, 2, 2 * cut);
        decode_links(list, &link, 1, 0);
        expect_stats(list, 3, cut > UINT64_MAX / 3 ? UINT64_MAX : 3 * cut);
        assert_true(test_marked_count(list) == (cut != 0 ? INT64_MAX : 0));
        test_end_round();
    }
}

/* From list to list, as whole Spans, or as links, whose markers then hold the count. */
TEST(a_total_of_dropped_links_survives_three_hops) {
    static const size_t bounds[][3] = {{3, 128, 2}, {3, 3, 3}, {1, 1, 1}, {5, 1, 9}, {300, 2, 200}};
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        for (int whole = 0; whole < 2; whole++) {
            spanlink_list *lists[3];
            for (size_t hop = 0; hop < 3; hop++) {
                spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
                options.limits.max_links = bounds[i][hop];
                options.unique = hop == 1;
                options.overflow = (uint32_t)(hop + i) % 4;
                options.seed = hop;
                lists[hop] = test_list_create(&options);
            }
            test_list_add_range(lists[0], 1, 40);
            for (size_t hop = 1; hop < 3; hop++) {
                static uint8_t bytes[40 * 100];
                size_t size, count;
                const spanlink_link *links = spanlink_list_links(lists[hop - 1], &count);
                assert_status(
                    SPANLINK_OK,
                    whole ? spanlink_otlp_encode_list(lists[hop - 1], bytes, sizeof bytes, &size)
                          : spanlink_otlp_encode(links, count, bytes, sizeof bytes, &size));
                assert_ok(spanlink_otlp_decode(bytes, size, lists[hop]));
            }
            assert_int_equal(40, test_stats(lists[2]).offered);
            assert_int_equal(40 - test_stats(lists[2]).kept, test_stats(lists[2]).over_limit);
            for (size_t hop = 0; hop < 3; hop++) {
                test_end_round();
            }
        }
    }
}

/* As protobuf's parsers read them: the links of both, and the last dropped_links_count. */
TEST(two_spans_in_one_buffer_are_one) {
    spanlink_attribute markers[] = {marker_truncated(true), marker_count(10)};
    spanlink_link marked = link_with(markers, 2);
    encoded span = encode(&marked, 1);
    append(&span, "\x70\x09", 2);
    size_t one = span.size;
    append(&span, span.bytes, one);
    span.bytes[2 * one - 1] = 5;
    spanlink_list *list = test_list();
    assert_ok(decode_bytes(span.bytes, span.size, list));
    expect_stats(list, 2, 8);
    assert_true(test_same_link(&marked, spanlink_list_links(list, NULL)));
}

TEST(a_span_that_fails_counts_nothing) {
    spanlink_attribute markers[] = {marker_truncated(true), marker_count(10)};
    spanlink_link links[] = {plain_link(), link_with(markers, 2)};
    for (size_t bound = 0; bound < 4; bound++) {
        spanlink_list *list = test_list(.limits.max_links = bound == 0 ? SPANLINK_NONE : bound);
        encoded span = encode(links, 2);
        append(&span, "\x70\x09\x0f", 3);
        assert_status(SPANLINK_ERR_OTLP_WIRE_TYPE, decode_bytes(span.bytes, span.size, list));
        expect_stats(list, 0, 0);
        test_end_round();
    }
}

/* The choice depends only on links that were added to this list. */
TEST(links_dropped_by_a_sender_do_not_change_the_choice_of_a_reservoir) {
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.overflow = SPANLINK_OVERFLOW_RESERVOIR;
    options.limits.max_links = 5;
    for (uint64_t seed = 0; seed < 20; seed++) {
        options.seed = seed;
        spanlink_list *lists[2] = {test_list_create(&options), test_list_create(&options)};
        assert_ok(decode_literal("\x70\x64", lists[0]));
        for (size_t i = 0; i < 2; i++) {
            test_list_add_range(lists[i], 1, 50);
        }
        size_t count;
        const spanlink_link *links[2] = {spanlink_list_links(lists[0], &count),
                                         spanlink_list_links(lists[1], NULL)};
        assert_int_equal(5, count);
        for (size_t i = 0; i < count; i++) {
            assert_memory_equal(links[0][i].context.span_id, links[1][i].context.span_id, 8);
        }
        expect_stats(lists[0], 5, 145);
        test_end_round();
    }
}

/* The markers fit after the attributes of any link that becomes the last one. */
TEST(later_links_carry_the_markers) {
    spanlink_list *list = test_list(), *merged = test_list();
    assert_ok(decode_literal("\x70\x05", list));
    for (size_t count = 0; count <= 100; count++) {
        spanlink_link link = link_with(test_attributes(), count);
        assert_ok(spanlink_list_add(list, &link));
        assert_int_equal(count + 6, test_marked_count(list));
    }
    assert_ok(spanlink_list_merge(merged, list));
    expect_stats(merged, 101, 5);
    assert_int_equal(106, test_marked_count(merged));
}

TEST(a_list_is_encoded_with_its_count_of_dropped_links) {
    spanlink_list *list = test_list(.limits.max_links = 3);
    for (uint64_t number = 0; number < 140; number++) {
        uint8_t bytes[512], wanted[512];
        size_t size, count, links_size;
        assert_ok(spanlink_otlp_encode_list(list, bytes, sizeof bytes, &size));
        assert_int_equal(size, spanlink_otlp_list_size(list));
        const spanlink_link *links = spanlink_list_links(list, &count);
        assert_ok(spanlink_otlp_encode(links, count, wanted, sizeof wanted, &links_size));
        if (number > 3) {
            uint8_t field[] = {0x70, (uint8_t)(number - 3), 1};
            field[1] |= number - 3 > 127 ? 128 : 0;
            memcpy(wanted + links_size, field, sizeof field);
            links_size += number - 3 > 127 ? 3 : 2;
        }
        assert_int_equal(links_size, size);
        assert_memory_equal(wanted, bytes, size);
        test_list_add(list, number);
    }
}

TEST(a_list_without_links_encodes_its_dropped_count) {
    spanlink_list *list = test_list();
    uint8_t bytes[8];
    size_t size = 7;
    assert_int_equal(0, spanlink_otlp_list_size(list));
    assert_ok(spanlink_otlp_encode_list(list, NULL, 0, &size));
    assert_int_equal(0, size);
    assert_ok(decode_literal("\x70\xff\xff\xff\xff\x0f", list));
    assert_ok(decode_literal("\x70\xff\xff\xff\xff\x0f", list));
    assert_int_equal(6, spanlink_otlp_list_size(list));
    assert_ok(spanlink_otlp_encode_list(list, bytes, sizeof bytes, &size));
    assert_int_equal(6, size);
    assert_memory_equal("\x70\xff\xff\xff\xff\x0f", bytes, 6);
}
