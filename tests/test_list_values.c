/* SPDX-License-Identifier: MIT */
#include "test_lists.h"

static spanlink_value string_value(const char *text) {
    return spanlink_attribute_string("", text).value;
}

TEST(a_list_copies_everything) {
    char key[] = "key", text[] = "text", state_text[] = "vendor=1";
    uint8_t bytes[] = {1, 2, 3};
    spanlink_value inner[] = {string_value(text), {.type = SPANLINK_VALUE_EMPTY}};
    spanlink_attribute entry[] = {
        spanlink_attribute_array(key, inner, 2),
        spanlink_attribute_bytes("bytes", bytes, 3),
        spanlink_attribute_map("nothing", NULL, 0),
        spanlink_attribute_array("none", NULL, 0),
    };
    spanlink_value outer[] = {spanlink_value_map(entry, 4), spanlink_value_double(0.5)};
    spanlink_attribute attributes[] = {
        spanlink_attribute_string(key, text),    spanlink_attribute_bool("bool", true),
        spanlink_attribute_int("int", -1),       spanlink_attribute_double("double", -0.0),
        spanlink_attribute_bytes("b", bytes, 3), spanlink_attribute_array("array", outer, 2),
        spanlink_attribute_map("map", entry, 4), spanlink_attribute_string("empty", ""),
    };
    spanlink_link link = test_link_with(9, attributes, 8);
    link.context.trace_state = spanlink_str_from(state_text);
    link.context.trace_flags = 0xff;
    link.context.is_remote = true;
    link.dropped_attributes_count = 3;
    spanlink_list *first = test_list(), *second = test_list();
    assert_ok(spanlink_list_add(first, &link));
    assert_ok(spanlink_list_append(second, &link, 1));
    assert_true(test_same_link(&link, spanlink_list_links(first, NULL)));
    assert_true(test_same_link(&link, spanlink_list_links(second, NULL)));
    memset(key, '!', 3);
    memset(text, '!', 4);
    memset(state_text, '!', 8);
    memset(bytes, 0, 3);
    memset(inner, 0, sizeof inner);
    memset(outer, 0, sizeof outer);
    memset(entry, 0, sizeof entry);
    memset(attributes, 0, sizeof attributes);
    const spanlink_link *copy = spanlink_list_links(first, NULL);
    assert_true(test_same_link(copy, spanlink_list_links(second, NULL)));
    assert_text("key", copy->attributes[0].key);
    assert_text("text", copy->attributes[5]
                            .value.array_value.ptr[0]
                            .map_value.ptr[0]
                            .value.array_value.ptr[0]
                            .string_value);
    assert_text("vendor=1", copy->context.trace_state);
}

/*
 * A list copies most links in one step and plans the copies of others; it plans all links that are
 * appended to a list that drops links. The attributes are a mixture: some are the library's own
 * texts, some must be copied, some are truncated, and some dropped.
 */

enum { MIXED = 20 };

static void make_mixture(spanlink_attribute mixture[MIXED], const char text[64]) {
    static const uint8_t bytes[] = {1, 2, 3};
    static const spanlink_value numbers[2] = {{.type = SPANLINK_VALUE_INT},
                                              {.type = SPANLINK_VALUE_INT}};
    spanlink_context context = test_context(1);
    spanlink_str own = spanlink_str_from(spanlink_link_type_name(SPANLINK_LINK_TYPE_RETRY_OF));
    spanlink_factory_batch_item(&context, 7, mixture);
    spanlink_factory_causal(&context, text + 40, mixture + 2);
    mixture[4] = spanlink_attribute_make((spanlink_str){text, 1}, spanlink_value_string(own));
    mixture[5] = spanlink_attribute_make(own, spanlink_value_string((spanlink_str){text, 5}));
    mixture[6] = spanlink_attribute_make(own, spanlink_value_string(own));
    mixture[7] = spanlink_attribute_make((spanlink_str){text, 9},
                                         spanlink_value_string((spanlink_str){text + 20, 13}));
    mixture[8] = spanlink_attribute_make((spanlink_str){text + 1, 9},
                                         spanlink_value_string((spanlink_str){text, 0}));
    mixture[9] = spanlink_attribute_make((spanlink_str){text, 26},
                                         spanlink_value_string((spanlink_str){text, 40}));
    mixture[10] = spanlink_attribute_make((spanlink_str){text, 26}, spanlink_value_string(own));
    mixture[11] = spanlink_attribute_bool("bool", true);
    mixture[12] = spanlink_attribute_double("real", 0.5);
    mixture[13] = spanlink_attribute_bytes(NULL, bytes, sizeof bytes);
    mixture[13].key = own;
    mixture[14] = spanlink_attribute_array("numbers", numbers, 2);
    mixture[15] = spanlink_attribute_array("none", NULL, 0);
    mixture[16] = spanlink_attribute_string("", "an empty key");
    mixture[17] = spanlink_attribute_string("\xff is not UTF-8", "");
    mixture[18] = (spanlink_attribute){.key = {text + 3, 3}};
    mixture[19] = spanlink_attribute_make((spanlink_str){own.ptr, 0}, spanlink_value_string(own));
}

static size_t mix(const spanlink_attribute mixture[MIXED], uint64_t *random,
                  spanlink_attribute attributes[18]) {
    size_t count = test_random_below(random, 20) == 0 ? 18 : test_random_below(random, 5);
    for (size_t i = 0; i < count; i++) {
        attributes[i] = mixture[test_random_below(random, MIXED)];
    }
    return count;
}

/* Links that later ones evict, if the list is bounded. */
static void add_fillers(spanlink_list *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        spanlink_link filler = {.context = test_context(1000 + i)};
        assert_ok(spanlink_list_add(list, &filler));
    }
}

static void expect_same_copies(const spanlink_list_options *options, size_t fillers,
                               uint64_t *random) {
    enum { LINKS = 40 };
    static spanlink_attribute attributes[LINKS][18];
    spanlink_attribute mixture[MIXED];
    spanlink_link links[LINKS];
    char *text = test_block(64);
    memcpy(text, "abcdefghijklmnopqrstuvwxyz0123456789ABCD\0", 42);
    make_mixture(mixture, text);
    for (size_t i = 0; i < LINKS; i++) {
        links[i] = (spanlink_link){.context = test_context(i + 1), .attributes = attributes[i]};
        links[i].attribute_count = mix(mixture, random, attributes[i]);
        links[i].context.trace_state = (spanlink_str){text, test_random_below(random, 3) * 20};
        links[i].dropped_attributes_count = (uint32_t)test_random_below(random, 2);
    }
    spanlink_list *added = test_list_create(options), *appended = test_list_create(options);
    add_fillers(added, fillers);
    add_fillers(appended, fillers);
    for (size_t i = 0; i < LINKS; i++) {
        assert_ok(spanlink_list_add(added, &links[i]));
    }
    assert_ok(spanlink_list_append(appended, links, LINKS));
    memset(text, '?', 64);
    test_expect_same_links(added, appended);
    test_end_round();
}

TEST(add_makes_the_same_copies_as_append) {
    static const size_t limits[] = {0, 2, 3, 16, SPANLINK_UNLIMITED};
    uint64_t random = 5;
    for (size_t round = 0; round < 500; round++) {
        spanlink_list_options options = test_list_options();
        options.limits.max_attributes = test_limit(limits[test_random_below(&random, 5)]);
        options.limits.max_value_length = test_limit(limits[test_random_below(&random, 5)]);
        options.limits.max_links = round % 3 == 0 ? 10 : SPANLINK_UNLIMITED;
        options.overflow = (uint32_t)(round % 4);
        options.unique = round % 2 == 0;
        options.expected_links = test_random_below(&random, 60);
        expect_same_copies(&options, round % 3 == 0 ? 11 : 0, &random);
    }
}

TEST(a_link_without_ids_and_content_is_refused) {
    for (int zero = 0; zero < 3; zero++) {
        spanlink_list *list = test_list();
        spanlink_attribute attribute = spanlink_attribute_int("a", 1);
        spanlink_link link = {.context = test_context(5)};
        assert_ok(spanlink_list_add(list, &link));
        if (zero != 1) {
            memset(link.context.trace_id, 0, 16);
        }
        if (zero != 0) {
            memset(link.context.span_id, 0, 8);
        }
        assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_list_add(list, &link));
        test_expect_stats(list, 1, 0, 0, 1);
        link.context.trace_state = spanlink_str_from("a=b");
        assert_ok(spanlink_list_add(list, &link));
        link.context.trace_state = spanlink_str_from(NULL);
        link.attributes = &attribute;
        link.attribute_count = 1;
        assert_ok(spanlink_list_add(list, &link));
        test_expect_stats(list, 3, 0, 0, 1);
        test_end_round();
    }
}

TEST(attributes_with_bad_keys_are_dropped_and_counted) {
    spanlink_attribute entries[] = {spanlink_attribute_int("", 1), spanlink_attribute_int("in", 2),
                                    spanlink_attribute_int("\xff", 3)};
    spanlink_attribute attributes[] = {
        spanlink_attribute_int("", 1), spanlink_attribute_int("ok", 2),
        spanlink_attribute_int("\xc3\x28", 3), spanlink_attribute_map("map", entries, 3),
        spanlink_attribute_map("bad", entries, 1)};
    spanlink_link link = test_link_with(1, attributes, 5);
    link.dropped_attributes_count = 10;
    spanlink_list *list = test_list();
    assert_ok(spanlink_list_add(list, &link));
    const spanlink_link *copy = spanlink_list_links(list, NULL);
    assert_int_equal(3, copy->attribute_count);
    assert_text("ok", copy->attributes[0].key);
    assert_int_equal(1, copy->attributes[1].value.map_value.len);
    assert_text("in", copy->attributes[1].value.map_value.ptr[0].key);
    assert_int_equal(0, copy->attributes[2].value.map_value.len);
    assert_int_equal(10 + 2 + 2 + 1, copy->dropped_attributes_count);
    link.dropped_attributes_count = UINT32_MAX - 1;
    assert_ok(spanlink_list_add(list, &link));
    assert_int_equal(UINT32_MAX, spanlink_list_links(list, NULL)[1].dropped_attributes_count);
}

TEST(the_last_value_of_a_key_wins_in_the_first_ones_place) {
    spanlink_attribute attributes[] = {
        spanlink_attribute_int("a", 1), spanlink_attribute_int("b", 2),
        spanlink_attribute_string("a", "three"), spanlink_attribute_int("c", 4)};
    spanlink_link link = test_link_with(1, attributes, 4);
    spanlink_list *list = test_list(.limits.max_attributes = 2);
    assert_ok(spanlink_list_add(list, &link));
    const spanlink_link *copy = spanlink_list_links(list, NULL);
    assert_int_equal(2, copy->attribute_count);
    assert_text("a", copy->attributes[0].key);
    assert_text("three", copy->attributes[0].value.string_value);
    assert_text("b", copy->attributes[1].key);
    assert_int_equal(1, copy->dropped_attributes_count);
}

/* Also if both are the library's own texts, which need no copy. */
TEST(of_a_repeated_key_of_the_library_the_last_value_stays) {
    spanlink_attribute attributes[4];
    spanlink_context context = test_context(1);
    spanlink_factory_batch_item(&context, 1, attributes);
    spanlink_factory_batch_item(&context, 2, attributes + 2);
    spanlink_link link = {.context = context, .attributes = attributes, .attribute_count = 4};
    spanlink_attribute indexes[2] = {attributes[1], attributes[3]};
    spanlink_link twice = {.context = context, .attributes = indexes, .attribute_count = 2};
    spanlink_attribute later[3] = {attributes[0], attributes[1], attributes[3]};
    spanlink_link behind = {.context = context, .attributes = later, .attribute_count = 3};
    for (size_t room = 0; room <= 8; room += 8) {
        spanlink_list *list = test_list(.expected_links = room);
        assert_ok(spanlink_list_add(list, &link));
        const spanlink_link *copy = spanlink_list_links(list, NULL);
        assert_int_equal(2, copy->attribute_count);
        assert_int_equal(2, copy->attributes[1].value.int_value);
        assert_int_equal(0, copy->dropped_attributes_count);
        assert_ok(spanlink_list_add(list, &twice));
        copy = spanlink_list_links(list, NULL) + 1;
        assert_int_equal(1, copy->attribute_count);
        assert_int_equal(2, copy->attributes[0].value.int_value);
        assert_ok(spanlink_list_add(list, &behind));
        copy = spanlink_list_links(list, NULL) + 2;
        assert_int_equal(2, copy->attribute_count);
        assert_int_equal(2, copy->attributes[1].value.int_value);
        test_end_round();
    }
}

TEST(many_attributes_are_made_unique_like_few) {
    enum { MANY = 3000, KEYS = 700 };
    static spanlink_attribute attributes[MANY];
    static char keys[MANY][8];
    static int64_t last[KEYS];
    for (size_t i = 0; i < MANY; i++) {
        size_t key = i * i % KEYS;
        snprintf(keys[i], sizeof keys[i], "k%u", (unsigned)key);
        attributes[i] = spanlink_attribute_int(keys[i], (int64_t)i);
        last[key] = (int64_t)i;
    }
    spanlink_link link = test_link_with(1, attributes, MANY);
    spanlink_list_options options = test_list_options();
    options.limits.max_attributes = SPANLINK_UNLIMITED;
    spanlink_list *list = test_list_create(&options);
    assert_ok(spanlink_list_add(list, &link));
    const spanlink_link *copy = spanlink_list_links(list, NULL);
    size_t seen = 0;
    for (size_t i = 0; i < MANY; i++) {
        bool first = true;
        for (size_t k = 0; first && k < i; k++) {
            first = k * k % KEYS != i * i % KEYS;
        }
        if (first) {
            assert_true(seen < copy->attribute_count);
            assert_text(keys[i], copy->attributes[seen].key);
            assert_int_equal(last[i * i % KEYS], copy->attributes[seen].value.int_value);
            seen++;
        }
    }
    assert_int_equal(seen, copy->attribute_count);
    assert_int_equal(0, copy->dropped_attributes_count);
    options.limits.max_attributes = 20;
    list = test_list_create(&options);
    assert_ok(spanlink_list_add(list, &link));
    assert_int_equal(20, spanlink_list_links(list, NULL)->attribute_count);
}

TEST(links_of_increasing_numbers_of_attributes_leak_nothing) {
    spanlink_list *list = test_list(.allocator = test_counted());
    for (size_t count = 17; count <= 128; count += 37) {
        spanlink_link link = test_link_with(count, test_attributes(), count);
        assert_ok(spanlink_list_add(list, &link));
    }
}

TEST(values_are_cut_by_characters_and_bytes) {
    static const uint8_t bytes[] = {1, 2, 3, 4};
    spanlink_value inner[] = {string_value("abcdef")};
    spanlink_attribute entry[] = {spanlink_attribute_string("key longer than three", "abcdef")};
    spanlink_attribute attributes[] = {
        spanlink_attribute_string("ascii", "abcdef"),
        spanlink_attribute_string("utf8", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80x"),
        spanlink_attribute_string("short", "ab"),
        spanlink_attribute_bytes("bytes", bytes, 4),
        spanlink_attribute_array("array", inner, 1),
        spanlink_attribute_map("map", entry, 1),
    };
    spanlink_link link = test_link_with(1, attributes, 6);
    link.context.trace_state = spanlink_str_from("longer=than3");
    spanlink_list *list = test_list(.limits.max_value_length = 3);
    assert_ok(spanlink_list_add(list, &link));
    const spanlink_link *copy = spanlink_list_links(list, NULL);
    assert_text("abc", copy->attributes[0].value.string_value);
    assert_text("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", copy->attributes[1].value.string_value);
    assert_text("ab", copy->attributes[2].value.string_value);
    assert_int_equal(3, copy->attributes[3].value.bytes_value.len);
    assert_text("abc", copy->attributes[4].value.array_value.ptr[0].string_value);
    assert_text("abc", copy->attributes[5].value.map_value.ptr[0].value.string_value);
    assert_text("key longer than three", copy->attributes[5].value.map_value.ptr[0].key);
    assert_text("longer=than3", copy->context.trace_state);
    assert_int_equal(0, copy->dropped_attributes_count);
}

/* `depth` nested arrays, the innermost one empty or not. */
static spanlink_value nest(spanlink_value *values, size_t depth, bool empty) {
    spanlink_value value = string_value("core");
    for (size_t i = 0; i < depth; i++) {
        values[i] = value;
        value = spanlink_value_array(&values[i], i == 0 && empty ? 0 : 1);
    }
    return value;
}

/* The value inside `depth` arrays. */
static const spanlink_value *inside(const spanlink_value *value, size_t depth) {
    for (size_t i = 0; i < depth; i++) {
        assert_int_equal(SPANLINK_VALUE_ARRAY, value->type);
        assert_int_equal(1, value->array_value.len);
        value = value->array_value.ptr;
    }
    return value;
}

/* common/README "Attribute Limits": the top-level value is depth 1. A limit above 64 is 64. */
TEST(values_deeper_than_the_limit_become_empty_and_nothing_is_dropped) {
    enum { DEEPEST = 20000 };
    static spanlink_value values[DEEPEST];
    static const size_t limits[] = {SPANLINK_NONE, 1, 2, 8, 64, 65, SPANLINK_UNLIMITED};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        size_t most = limits[i] == SPANLINK_NONE ? 0 : limits[i] < 64 ? limits[i] : 64;
        for (size_t depth = 0; depth < DEEPEST; depth = depth < 70 ? depth + 1 : 2 * depth) {
            spanlink_list *list = test_list(.limits.max_value_depth = limits[i]);
            spanlink_attribute attribute = {spanlink_str_from("a"), nest(values, depth, false)};
            spanlink_link link = test_link_with(1, &attribute, 1);
            assert_ok(spanlink_list_add(list, &link));
            const spanlink_link *copy = spanlink_list_links(list, NULL);
            assert_int_equal(1, copy->attribute_count);
            assert_int_equal(0, copy->dropped_attributes_count);
            const spanlink_value *core =
                inside(&copy->attributes[0].value, depth < most ? depth : most);
            if (depth <= most) {
                assert_text("core", core->string_value);
            } else {
                assert_int_equal(SPANLINK_VALUE_EMPTY, core->type);
            }
            test_end_round();
        }
    }
}

/* Also an empty array or map that is too deep becomes an empty value. The content of a deeper one
 * is not checked for bad keys and unknown types. */
TEST(values_below_the_depth_limit_are_not_checked) {
    spanlink_value unknown = {.type = 77};
    spanlink_attribute bad_key = spanlink_attribute_int("\xff", 1);
    spanlink_attribute attributes[] = {
        spanlink_attribute_array("a", NULL, 0), spanlink_attribute_map("b", NULL, 0),
        spanlink_attribute_array("c", &unknown, 1), spanlink_attribute_map("d", &bad_key, 1)};
    spanlink_list *list = test_list(.limits.max_value_depth = SPANLINK_NONE);
    spanlink_link link = test_link_with(1, attributes, 4);
    assert_ok(spanlink_list_add(list, &link));
    const spanlink_link *copy = spanlink_list_links(list, NULL);
    assert_int_equal(4, copy->attribute_count);
    assert_int_equal(0, copy->dropped_attributes_count);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(SPANLINK_VALUE_EMPTY, copy->attributes[i].value.type);
    }
}

/* common/README "map<string, AnyValue>": the last value is used, at the first one's position. */
TEST(a_map_holds_each_key_once_at_every_level) {
    enum { MANY = 300 };
    static spanlink_attribute inner[MANY], outer[2];
    static char keys[MANY][2];
    for (size_t length = 2; length <= MANY; length += length < 40 ? 1 : 130) {
        for (size_t i = 0; i < length; i++) {
            size_t key = i % (length - length / 2);
            keys[i][0] = (char)('A' + key % 32);
            keys[i][1] = (char)('A' + key / 32);
            inner[i] = spanlink_attribute_make(spanlink_str_make(keys[i], 2),
                                               spanlink_value_int((int64_t)i));
        }
        outer[0] = spanlink_attribute_int("m", 1);
        outer[1] = spanlink_attribute_map("m", inner, length);
        spanlink_value element = spanlink_value_map(outer, 2);
        spanlink_attribute attribute = spanlink_attribute_array("a", &element, 1);
        spanlink_link link = test_link_with(1, &attribute, 1);
        spanlink_list *list = test_list();
        assert_ok(spanlink_list_add(list, &link));
        const spanlink_link *copy = spanlink_list_links(list, NULL);
        const spanlink_attributes *middle = &copy->attributes->value.array_value.ptr->map_value;
        assert_int_equal(1, middle->len);
        const spanlink_attributes *last = &middle->ptr->value.map_value;
        size_t distinct = length - length / 2;
        assert_int_equal(distinct, last->len);
        for (size_t i = 0; i < distinct; i++) {
            size_t value = i + distinct < length ? i + distinct : i;
            assert_memory_equal(keys[i], last->ptr[i].key.ptr, 2);
            assert_int_equal(value, last->ptr[i].value.int_value);
        }
        assert_int_equal(0, copy->dropped_attributes_count);
        test_end_round();
    }
}

TEST(a_value_of_unknown_type_is_refused_and_counted) {
    spanlink_attribute attributes[] = {spanlink_attribute_int("a", 1)};
    spanlink_link links[2] = {{.context = test_context(1)}, {.context = test_context(2)}};
    links[1].attributes = attributes;
    links[1].attribute_count = 1;
    spanlink_list *list = test_list();
    spanlink_value bad = {.type = SPANLINK_VALUE_MAP + 1};
    attributes[0].value = bad;
    assert_status(SPANLINK_ERR_VALUE_TYPE, spanlink_list_add(list, &links[1]));
    attributes[0] = spanlink_attribute_array("a", &bad, 1);
    assert_status(SPANLINK_ERR_VALUE_TYPE, spanlink_list_add(list, &links[1]));
    assert_status(SPANLINK_ERR_VALUE_TYPE, spanlink_list_append(list, links, 2));
    test_expect_stats(list, 0, 0, 0, 3);
}
