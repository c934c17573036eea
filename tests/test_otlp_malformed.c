/* SPDX-License-Identifier: MIT */
#include "test_otlp.h"

/* Bytes of a message, which may include zeros. */
typedef struct piece {
    const char *bytes;
    size_t size;
} piece;

#define BYTES(literal) {literal, sizeof(literal) - 1}

/* Expects this status for each piece after `around` has wrapped it in a Span. */
static void expect_each(spanlink_status wanted, encoded (*around)(const void *bytes, size_t size),
                        const piece *pieces) {
    for (; pieces->bytes != NULL; pieces++) {
        assert_status(wanted, status_of_span(around(pieces->bytes, pieces->size)));
    }
}

#define PIECES(...)                    ((const piece[]){__VA_ARGS__, {NULL, 0}})
#define expect_links(wanted, ...)      expect_each(wanted, span_with, PIECES(__VA_ARGS__))
#define expect_values(wanted, ...)     expect_each(wanted, span_with_value, PIECES(__VA_ARGS__))
#define expect_attributes(wanted, ...) expect_each(wanted, span_with_attribute, PIECES(__VA_ARGS__))

/* One field of each wire type, including a group, with an unknown number. */
static const char unknown[] = "\xa0\x06\x80\x01\xa1\00612345678\xa2\x06\x01x\xa5\0061234"
                              "\xa3\x06\x08\x01\xab\x06\x0a\x00\xac\x06\xa4\x06";

TEST(unknown_fields_are_skipped_everywhere) {
    size_t size = sizeof unknown - 1;
    encoded element = {.size = 0}, array = {.size = 0}, key_value = {.size = 0}, link = {.size = 0};
    append(&element, unknown, size);
    append(&element, "\x18\x01", 2);
    append(&array, unknown, size);
    put_field(&array, 0x0a, element.bytes, element.size);
    append(&array, unknown, size);
    encoded value = field_of(0x2a, array.bytes, array.size);
    append(&value, unknown, size);
    append(&key_value, unknown, size);
    append(&key_value, "\x0a\x01k", 3);
    put_field(&key_value, 0x12, value.bytes, value.size);
    append(&link, unknown, size);
    put_field(&link, 0x22, key_value.bytes, key_value.size);
    append(&link, unknown, size);
    encoded span = {.size = 0}, inner = span_with(link.bytes, link.size);
    append(&span, unknown, size);
    append(&span, inner.bytes, inner.size);
    append(&span, unknown, size);
    spanlink_value one = spanlink_value_int(1);
    assert_decodes_value(span, spanlink_value_array(&one, 1));
}

TEST(a_known_field_of_another_wire_type_is_unknown) {
    static const char fields[] = "\x08\x01\x10\x01\x18\x01\x20\x01\x2a\x01x\x30\x01\x32\x01x"
                                 "\x22\x13\x08\x01\x10\x01\x0a\x01k\x12\x0a"
                                 "\x08\x01\x12\x01x\x1a\x01x\x20\x01";
    spanlink_attribute attribute = {.key = {"k", 1}};
    spanlink_link wanted = bare_link(&attribute, 1);
    assert_decodes(span_with(fields, sizeof fields - 1), wanted);
    spanlink_list *list = test_list();
    assert_ok(decode_bytes("\x68\x01\x72\x01x", 5, list));
    assert_int_equal(0, test_stats(list).offered);
}

TEST(groups_nest_64_deep_and_no_deeper) {
    for (size_t depth = 60; depth <= 66; depth++) {
        encoded groups = {.size = 0};
        for (size_t i = 0; i < depth; i++) {
            append(&groups, i % 2 == 0 ? "\x7b" : "\x73", 1);
        }
        for (size_t i = depth; i-- > 0;) {
            append(&groups, i % 2 == 0 ? "\x7c" : "\x74", 1);
        }
        assert_status(depth <= 64 ? SPANLINK_OK : SPANLINK_ERR_OTLP_GROUPS,
                      status_of_span(span_with(groups.bytes, groups.size)));
    }
}

TEST(groups_must_end_where_they_began) {
    expect_links(SPANLINK_ERR_OTLP_FIELD, BYTES("\x7c"), BYTES("\x7b\x74"),
                 BYTES("\x7b\x73\x7c\x74"));
    expect_links(SPANLINK_ERR_OTLP_TRUNCATED, BYTES("\x7b"), BYTES("\x7b\x08\x01"),
                 BYTES("\x7b\x08"));
    expect_links(SPANLINK_ERR_OTLP_WIRE_TYPE, BYTES("\x7b\x0e\x7c"));
    expect_links(SPANLINK_OK, BYTES("\x7b\x7c"));
}

TEST(varints_have_ten_bytes_and_64_bits_at_most) {
    expect_values(SPANLINK_OK, BYTES("\x18\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"),
                  BYTES("\x18\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"));
    expect_values(SPANLINK_ERR_OTLP_VARINT, BYTES("\x18\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02"),
                  BYTES("\x18\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"),
                  BYTES("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
                  BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f"));
    /* Overlong varints are valid, also in lengths and tags. */
    expect_values(SPANLINK_OK, BYTES("\x8a\x80\x00\x81\x00x"));
}

TEST(field_numbers_are_1_to_2_to_the_29th_less_1) {
    expect_values(SPANLINK_ERR_OTLP_FIELD, BYTES("\x00\x01"), BYTES("\x02\x00"), BYTES("\x07\x00"),
                  BYTES("\x80\x80\x80\x80\x10\x01"), BYTES("\x88\x80\x80\x80\x10\x01"));
    /* Also with content that would be valid in another field. */
    expect_values(SPANLINK_ERR_OTLP_FIELD, BYTES("\x00\x7f"), BYTES("\x02\x08of eight"),
                  BYTES("\x05\x7f\x7f\x7f\x7f"), BYTES("\x80\x00\x01"));
    expect_values(SPANLINK_OK, BYTES("\x08\x01"), BYTES("\x80\x01\x05"),
                  BYTES("\xf8\xff\xff\xff\x0f\x01"));
}

TEST(wire_types_6_and_7_are_errors) {
    expect_values(SPANLINK_ERR_OTLP_WIRE_TYPE, BYTES("\x0e\x01"), BYTES("\x0f\x01"),
                  BYTES("\xff\xff\xff\xff\x0f\x01"));
    expect_links(SPANLINK_ERR_OTLP_WIRE_TYPE, BYTES("\xa6\x06"));
}

TEST(fields_that_end_early_are_errors) {
    expect_values(SPANLINK_ERR_OTLP_TRUNCATED, BYTES("\x18"), BYTES("\x18\x80"), BYTES("\x98"),
                  BYTES("\x0a"), BYTES("\x0a\x01"), BYTES("\x0a\x80\x01x"),
                  BYTES("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), BYTES("!1234567"),
                  BYTES("%123"), BYTES("\xa5\006123"), BYTES("\x2a\x02\x0a\x01"),
                  BYTES("\x32\x02\x0a\x01"));
    expect_values(SPANLINK_OK, BYTES("\xa5\0061234"));
    expect_links(SPANLINK_ERR_OTLP_TRUNCATED, BYTES("\x35\x01\x01\x00\x00\x78"));
    expect_attributes(SPANLINK_ERR_OTLP_TRUNCATED, BYTES("\x0a\x05k"), BYTES("\x0a\x7fkkkkkkkk"));
}

/* The first of the two bytes would be a valid length by itself. */
TEST(a_length_of_two_bytes_is_not_read_as_one) {
    encoded attribute = {.size = 0};
    append(&attribute, "\x22\x80\x0a\x03key\x12\x79\x0a\x77", 11);
    memset(attribute.bytes + attribute.size, 'x', 0x77);
    attribute.size += 0x77;
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED,
                  status_of_span(span_with(attribute.bytes, attribute.size)));
    attribute.bytes[1] = 0x81; /* and 0x0a: 1281 */
    assert_status(SPANLINK_ERR_OTLP_TRUNCATED,
                  status_of_span(span_with(attribute.bytes, attribute.size)));
}

/* The bytes after the link would complete its attribute. */
TEST(an_attribute_ends_within_its_link) {
    static const char attributes[2][11] = {"\x22\x08\x0a\x01k\x12\x03\x0a\x01v",
                                           "\x22\x08\x0a\x02kk\x12\x02\x18\x01"};
    for (size_t i = 0; i < 2; i++) {
        for (char size = 1; size <= 10; size++) {
            encoded span = {.size = 0};
            spanlink_list *list = test_list();
            append(&span, "\x6a", 1);
            append(&span, &size, 1);
            append(&span, attributes[i], 10);
            spanlink_status status = decode_bytes(span.bytes, span.size, list);
            assert_status(size == 10 ? SPANLINK_OK : SPANLINK_ERR_OTLP_TRUNCATED, status);
            test_end_round();
        }
    }
}

TEST(a_key_ends_within_its_attribute) {
    expect_attributes(SPANLINK_ERR_OTLP_TRUNCATED, BYTES("\x0a\x7fkey of 14 bytes"),
                      BYTES("\x0a\x7f\x01 and 13 bytes"), BYTES("\x0a\x01k\x12\x01\x0a"));
}

TEST(text_must_be_utf8) {
    expect_values(SPANLINK_ERR_OTLP_UTF8, BYTES("\x0a\x01\xff"), BYTES("\x70\x01\x0a\x01\xff"),
                  BYTES("\x2a\x05\x0a\x03\x0a\x01\xff"));
    expect_attributes(SPANLINK_ERR_OTLP_UTF8, BYTES("\x0a\x01\xff\x12\x02\x18\x01"),
                      BYTES("\x0a\x01\xff\x12\x02\x0a\x00"), BYTES("\x0a\x01\xff"));
    expect_links(SPANLINK_ERR_OTLP_UTF8, BYTES("\x1a\x01\xff"));
    expect_links(SPANLINK_OK, BYTES("\x1a\x02\xc3\xa4"));
    expect_values(SPANLINK_OK, BYTES("\x3a\x01\xff"));
}

/* A buffer that is filled from its end to its start. */
typedef struct backwards {
    uint8_t bytes[8192];
    size_t from;
} backwards;

static void put_before(backwards *to, const void *bytes, size_t size) {
    to->from -= size;
    memcpy(to->bytes + to->from, bytes, size);
}

/* Makes a field of the bytes written so far, with a length of two bytes. */
static void put_head_before(backwards *to, uint8_t tag) {
    size_t size = sizeof to->bytes - to->from;
    uint8_t head[] = {tag, (uint8_t)(128 | (size & 127)), (uint8_t)(size >> 7)};
    put_before(to, head, sizeof head);
}

/* Nested arrays or maps around an AnyValue, as the attribute "k" of a Span's only link. */
static void put_deep_span(backwards *to, bool map, size_t levels, encoded innermost) {
    to->from = sizeof to->bytes;
    put_before(to, innermost.bytes, innermost.size);
    for (size_t i = 0; i < levels; i++) {
        if (map) {
            put_head_before(to, 0x12);
            put_before(to, "\x0a\x01k", 3);
        }
        put_head_before(to, 0x0a);
        put_head_before(to, map ? 0x32 : 0x2a);
    }
    put_head_before(to, 0x12);
    put_before(to, "\x0a\x01k", 3);
    put_head_before(to, 0x22);
    put_before(to, ids, sizeof ids - 1);
    put_head_before(to, 0x6a);
}

static size_t levels_read(bool map, size_t levels, size_t max_depth, encoded innermost,
                          uint32_t *type) {
    static backwards span;
    put_deep_span(&span, map, levels, innermost);
    spanlink_list *list = test_list(.limits.max_value_depth = max_depth);
    assert_ok(decode_bytes(span.bytes + span.from, sizeof span.bytes - span.from, list));
    return levels_in(list, type);
}

/* common/README, "Attribute Limits": a value that is too deep is replaced by an empty one. */
TEST(values_deeper_than_the_lists_limit_are_read_as_empty) {
    static const size_t limits[] = {1, 2, 5, 63, 64, 65, 1000, SPANLINK_UNLIMITED};
    encoded one = {.bytes = {0x18, 0x01}, .size = 2};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        size_t most = limits[i] < 64 ? limits[i] : 64;
        for (size_t levels = 0; levels <= 120; levels++) {
            for (int map = 0; map < 2; map++) {
                uint32_t type;
                assert_int_equal(levels < most ? levels : most,
                                 levels_read(map != 0, levels, limits[i], one, &type));
                assert_int_equal(levels <= most ? SPANLINK_VALUE_INT : SPANLINK_VALUE_EMPTY, type);
            }
        }
    }
}

/* Its content is dropped, so it is not checked. */
TEST(what_the_list_would_not_keep_is_skipped) {
    encoded bad = {.bytes = {0x0f}, .size = 1};
    uint32_t type;
    assert_int_equal(3, levels_read(false, 4, 3, bad, &type));
    assert_int_equal(SPANLINK_VALUE_EMPTY, type);
    assert_int_equal(64, levels_read(true, 120, SPANLINK_UNLIMITED, bad, &type));
    assert_int_equal(SPANLINK_VALUE_EMPTY, type);
}

TEST(the_leftmost_fault_decides) {
    expect_links(SPANLINK_ERR_OTLP_UTF8, BYTES("\x22\x03\x0a\x01\xff\x0f"));
    expect_links(SPANLINK_ERR_OTLP_WIRE_TYPE, BYTES("\x0f\x22\x03\x0a\x01\xff"));
    encoded span = span_with("\x1a\x01\xff", 3);
    append(&span, "\x00", 1);
    assert_status(SPANLINK_ERR_OTLP_UTF8, status_of_span(span));
}

TEST(one_bad_link_and_nothing_changes) {
    spanlink_list *list = test_list();
    spanlink_link link = plain_link();
    assert_ok(spanlink_list_add(list, &link));
    encoded span = encode(&link, 1);
    append(&span, "\x6a\x00\x70\x05\x6a\x03\x1a\x01\xff", 9);
    assert_status(SPANLINK_ERR_OTLP_UTF8, decode_bytes(span.bytes, span.size, list));
    assert_int_equal(1, test_stats(list).offered);
    assert_true(test_same_link(&link, spanlink_list_links(list, NULL)));
}

/* A cut between links is valid input; any other cut is an error and leaves the list unchanged. */
TEST(input_cut_anywhere_gives_whole_links_or_a_status) {
    spanlink_link links[5];
    size_t count = varied_links(links);
    encoded all = encode(links, count);
    for (size_t size = 0; size <= all.size; size++) {
        spanlink_list *list = test_list();
        size_t whole = spanlink_otlp_fit(links, count, size), got;
        bool at_end = spanlink_otlp_size(links, whole) == size;
        spanlink_status status = decode_bytes(all.bytes, size, list);
        assert_status(at_end ? SPANLINK_OK : SPANLINK_ERR_OTLP_TRUNCATED, status);
        spanlink_list_links(list, &got);
        assert_int_equal(at_end ? whole : 0, got);
        test_end_round();
    }
}

/* Encoding the decoded links and decoding again gives the same links, except tracestates that are
 * not encoded. */
static void assert_stable(spanlink_list *list) {
    static spanlink_link links[32];
    size_t count;
    const spanlink_link *decoded = spanlink_list_links(list, &count);
    assert_true(count <= 32);
    for (size_t i = 0; i < count; i++) {
        links[i] = decoded[i];
        if (!test_otlp_keeps_trace_state(links[i].context.trace_state)) {
            links[i].context.trace_state.len = 0;
        }
        if (links[i].attribute_count == 0 && links[i].context.trace_state.len == 0) {
            links[i].context.trace_id[0] |= 1;
            links[i].context.span_id[0] |= 1;
        }
    }
    assert_round_trip(links, count);
}

TEST(every_changed_byte_gives_links_or_a_status) {
    spanlink_link links[5];
    size_t count = varied_links(links);
    links[0].attributes++; /* omits attributes that only add length */
    links[0].attribute_count = 7;
    encoded all = encode(links, count);
    spanlink_list *list = test_list();
    for (size_t i = 0; i < all.size; i++) {
        uint8_t before = all.bytes[i];
        bool is_filler = before == 'x' && i > 0 && all.bytes[i - 1] == 'x';
        for (unsigned byte = 0; byte < 256 && !is_filler; byte++) {
            all.bytes[i] = (uint8_t)byte;
            if (decode_bytes(all.bytes, all.size, list) == SPANLINK_OK) {
                assert_stable(list);
            }
            spanlink_list_clear(list);
        }
        all.bytes[i] = before;
    }
}

/* Decodes a link twice: unchanged, and after an unknown field, which turns fast paths off. `behind`
 * follows the Span in memory. Returns the status. */
static spanlink_status read_both_ways(const encoded *link, size_t size, const encoded *behind) {
    encoded slow = {.size = 0}, spans[2] = {{.size = 0}, {.size = 0}};
    spanlink_status status[2];
    spanlink_list *lists[2];
    append(&slow, "\x78\x00", 2);
    append(&slow, link->bytes, size);
    put_field(&spans[0], 0x6a, link->bytes, size);
    put_field(&spans[1], 0x6a, slow.bytes, slow.size);
    for (size_t i = 0; i < 2; i++) {
        size_t end = spans[i].size;
        append(&spans[i], behind->bytes, behind->size);
        lists[i] = test_list();
        status[i] = spanlink_otlp_decode(spans[i].bytes, end, lists[i]);
    }
    assert_status(status[1], status[0]);
    test_expect_same_lists(lists[1], lists[0]);
    test_end_round();
    return status[0];
}

static const piece ordinary_fields[] = {
    BYTES("\x0a\x10\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12"),
    BYTES("\x12\x08\x08ssss\x12\x24\x0a"),
    BYTES("\x22\x13\x0a\x03key\x12\x0c\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a"),
    BYTES("\x22\x11\x0a\x03KEY\x12\x0a\x0a\x08textText"),
    BYTES("\x22\x4f\x0a\x03kEy\x12\x48\x0a\x46seventy letters, more than is left "
          "of a link behind most of its values"),
    BYTES("\x22\x1a\x0a\x04last\x12\x12\x0a\x10sixteen letters "),
    BYTES("\x22\x22\x0a\x04long\x12\x1a\x0a\x18twenty-four letters here"),
    BYTES("\x22\x10\x0a\x0aten letter\x12\x02\x18\x00"),
    BYTES("\x22\x0a\x0a\004four\x12\x02\x18\x18"),
    BYTES("\x22\x0b\x0a\004five\x12\x03\x18\x85\x00"),
    BYTES("\x22\x0a\x0a\x04\x04our\x12\x02\x18\x01"),
    BYTES("\x22\x18\x0a\x12"
          "a long key\x12\x02\x18\x05more\x78\x00\x78\x00"),
    BYTES("\x22\x2f\x0a\x07seven 7\x12\x24\x0a\x22thirty-four letters in this value."),
    BYTES("\x22\x0a\x0a\x04over\x78\x12\x10\x18"),
    BYTES("\x22\x24\x0a\x06tail \x12\x1a\x0a\x18unknown 9\x12\x0e\x0a\x0ctwelve chars"),
    BYTES("\x35\x35\x03\x00\x00")};

enum { ORDINARY_FIELDS = sizeof ordinary_fields / sizeof ordinary_fields[0] };

/* A link with one of the attributes and one after it. `ends` receives the ends of its fields. */
static encoded ordinary_link(size_t i, size_t ends[6]) {
    const size_t chosen[] = {0, 1, i, 3, ORDINARY_FIELDS - 1};
    encoded link = {.size = 0};
    ends[0] = 0;
    for (size_t field = 0; field < 5; field++) {
        append(&link, ordinary_fields[chosen[field]].bytes, ordinary_fields[chosen[field]].size);
        ends[field + 1] = link.size;
    }
    return link;
}

TEST(fast_paths_read_the_same_as_slow_ones) {
    static const encoded nothing = {.size = 0};
    for (size_t attribute = 2; attribute + 1 < ORDINARY_FIELDS; attribute++) {
        size_t ends[6];
        encoded link = ordinary_link(attribute, ends);
        assert_ok(read_both_ways(&link, link.size, &nothing));
        for (size_t i = 0; i < link.size; i++) {
            uint8_t before = link.bytes[i];
            for (unsigned byte = 0; byte < 256; byte++) {
                link.bytes[i] = (uint8_t)byte;
                read_both_ways(&link, link.size, &nothing);
            }
            link.bytes[i] = before;
        }
    }
}

/* The link is followed by the rest of its truncated field, and zeros. */
TEST(nothing_after_a_link_is_read) {
    for (size_t attribute = 2; attribute + 1 < ORDINARY_FIELDS; attribute++) {
        size_t ends[6];
        encoded link = ordinary_link(attribute, ends);
        for (size_t size = 0, whole = 0; size <= link.size; size++) {
            encoded rest = {.size = 0};
            bool at_end = size == ends[whole];
            append(&rest, link.bytes + size, ends[whole] - size);
            append(&rest, "\0\0\0\0\0\0\0\0", 8);
            whole += at_end;
            assert_status(at_end ? SPANLINK_OK : SPANLINK_ERR_OTLP_TRUNCATED,
                          read_both_ways(&link, size, &rest));
        }
    }
}
