/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_allocator.h"
#include "test_collisions.h"
#include "test_links.h"
#include "test_picture.h"
#include "test_scenario.h"

#include <spanlink/dedup.h>
#include <spanlink/factory.h>
#include <spanlink/list.h>
#include <spanlink/truncate.h>

#include <stdio.h>
#include <stdlib.h>

static spanlink_list_options options_with(size_t max_links, spanlink_overflow overflow,
                                          bool unique) {
    spanlink_list_options options = test_list_options();
    options.limits.max_links = test_limit(max_links);
    options.overflow = (uint32_t)overflow;
    options.unique = unique;
    options.hash_seed[0] = 1;
    return options;
}

static spanlink_list *bounded(size_t max_links, spanlink_overflow overflow, bool unique) {
    spanlink_list_options options = options_with(max_links, overflow, unique);
    return test_list_create(&options);
}

static spanlink_status add_number(spanlink_list *list, uint64_t number, bool sampled) {
    spanlink_attribute storage[1];
    spanlink_link link = test_link(number, storage);
    link.context.trace_flags = sampled;
    return spanlink_list_add(list, &link);
}

/* The numbers of a list's links, in order, as a text: "1 2 3". */
static const char *numbers(spanlink_list *list) {
    static char text[4096];
    size_t count, length = 0;
    const spanlink_link *links = spanlink_list_links(list, &count);
    text[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%u", i == 0 ? "" : " ",
                                   (unsigned)test_number(&links[i]));
        assert_true(length < sizeof text);
    }
    return text;
}

static void expect_markers_only_on_last(spanlink_list *list, int64_t original) {
    size_t count;
    const spanlink_link *links = spanlink_list_links(list, &count);
    for (size_t i = 0; i < count; i++) {
        const spanlink_attribute *truncated = spanlink_link_find(&links[i], "links.truncated");
        const spanlink_attribute *counted = spanlink_link_find(&links[i], "links.original_count");
        if (original < 0 || i + 1 < count) {
            assert_null(truncated);
            assert_null(counted);
            continue;
        }
        assert_non_null(truncated);
        assert_int_equal(SPANLINK_VALUE_BOOL, truncated->value.type);
        assert_true(truncated->value.bool_value);
        assert_non_null(counted);
        assert_int_equal(SPANLINK_VALUE_INT, counted->value.type);
        assert_int_equal(original, counted->value.int_value);
    }
}

static void expect_stats(const spanlink_list *list, uint64_t kept, uint64_t duplicate,
                         uint64_t over_limit, uint64_t invalid) {
    spanlink_list_stats stats = test_stats(list);
    assert_int_equal(kept, stats.kept);
    assert_int_equal(duplicate, stats.duplicate);
    assert_int_equal(over_limit, stats.over_limit);
    assert_int_equal(invalid, stats.invalid);
    assert_int_equal(kept + duplicate + over_limit + invalid, stats.offered);
    assert_int_equal(over_limit, stats.dropped);
}

/* Creation */

TEST(the_init_functions_do_what_the_macros_do) {
    spanlink_list_options made, wanted = SPANLINK_LIST_OPTIONS_INIT;
    memset(&made, 0, sizeof made);
    spanlink_list_options_init(&made, sizeof made);
    assert_int_equal(wanted.struct_size, made.struct_size);
    assert_memory_equal(&wanted.limits, &made.limits, sizeof wanted.limits);
    assert_int_equal(wanted.overflow, made.overflow);
    assert_false(made.unique);
    spanlink_list_stats stats, empty = SPANLINK_LIST_STATS_INIT;
    memset(&stats, 0xff, sizeof stats);
    spanlink_list_stats_init(&stats, sizeof stats);
    assert_int_equal(empty.struct_size, stats.struct_size);
    assert_int_equal(0, stats.offered);
    spanlink_list_options_init(NULL, 8);
    spanlink_list_stats_init(&stats, 0);
    assert_int_equal(sizeof stats, stats.struct_size);
    stats.offered = 5;
    spanlink_list_stats_init(&stats, SIZE_MAX);
    assert_int_equal(sizeof stats, stats.struct_size);
    spanlink_list_stats_init(&stats, sizeof stats.struct_size); /* the size is all that there is */
    assert_int_equal(sizeof stats.struct_size, stats.struct_size);
    assert_int_equal(5, stats.offered);
}

TEST(create_refuses_bad_options) {
    spanlink_list *list = (spanlink_list *)&list;
    spanlink_list *const before = list;
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_create(NULL, NULL));
    spanlink_list_options options = test_list_options();
    options.struct_size = 0;
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_create(&options, &list));
    options = (spanlink_list_options)SPANLINK_LIST_OPTIONS_INIT;
    options.overflow = 4;
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_create(&options, &list));
    options = (spanlink_list_options)SPANLINK_LIST_OPTIONS_INIT;
    for (size_t i = 0; i < 4; i++) {
        options.limits.reserved[i] = 1;
        assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_create(&options, &list));
        options.limits.reserved[i] = 0;
        options.reserved[i % 2] = 1;
        assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_create(&options, &list));
        options.reserved[i % 2] = 0;
    }
    test_allocator heap = {0};
    spanlink_allocator whole = test_allocator_interface(&heap);
    for (int given = 1; given < 7; given++) { /* some of the three functions, but not all */
        options = (spanlink_list_options)SPANLINK_LIST_OPTIONS_INIT;
        options.allocator.allocate = (given & 1) != 0 ? whole.allocate : NULL;
        options.allocator.resize = (given & 2) != 0 ? whole.resize : NULL;
        options.allocator.release = (given & 4) != 0 ? whole.release : NULL;
        assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_create(&options, &list));
    }
    options = (spanlink_list_options)SPANLINK_LIST_OPTIONS_INIT;
    options.allocator = whole;
    options.limits.max_links = SPANLINK_UNLIMITED;
    options.expected_links = SIZE_MAX / 100;
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_create(&options, &list));
    options.expected_links = SIZE_MAX;
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_create(&options, &list));
    assert_ptr_equal(before, list);
}

TEST(options_of_another_version_are_read_as_far_as_both_know) {
    struct {
        spanlink_list_options known;
        char more[64];
    } newer = {.known = SPANLINK_LIST_OPTIONS_INIT, .more = {0}};
    newer.known.struct_size = sizeof newer;
    newer.known.limits.max_links = 2;
    spanlink_list *list = test_list_create(&newer.known);
    test_list_add_range(list, 1, 5);
    assert_string_equal("1 2", numbers(list));
    spanlink_list_destroy(list);

    spanlink_list_options older = options_with(2, SPANLINK_OVERFLOW_KEEP_LAST, true);
    older.struct_size = offsetof(spanlink_list_options, overflow);
    list = test_list_create(&older);
    test_list_add_range(list, 1, 5);
    test_list_add(list, 1);
    assert_string_equal("1 2", numbers(list));
    expect_stats(list, 2, 0, 4, 0);

    spanlink_list_stats stats;
    memset(&stats, 0xee, sizeof stats);
    stats.struct_size = offsetof(spanlink_list_stats, kept);
    spanlink_list_get_stats(list, &stats);
    assert_int_equal(6, stats.offered);
    assert_int_equal(UINT64_C(0xeeeeeeeeeeeeeeee), stats.kept);
    stats.struct_size = 0;
    stats.offered = 77;
    spanlink_list_get_stats(list, &stats);
    assert_int_equal(77, stats.offered);
    spanlink_list_destroy(list);
}

TEST(null_lists_are_refused_or_ignored) {
    spanlink_attribute storage[1];
    spanlink_link link = test_link(1, storage);
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    size_t count = 5;
    spanlink_list *list = test_list_create(NULL);
    spanlink_list_destroy(NULL);
    spanlink_list_clear(NULL);
    spanlink_list_get_stats(NULL, &stats);
    spanlink_list_get_stats(list, NULL);
    assert_null(spanlink_list_links(NULL, &count));
    assert_int_equal(0, count);
    assert_null(spanlink_list_links(list, NULL));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_add(NULL, &link));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_add(list, NULL));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_append(NULL, &link, 1));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_append(list, NULL, 1));
    assert_status(SPANLINK_OK, spanlink_list_append(list, NULL, 0));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_merge(list, NULL));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_merge(NULL, list));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_merge(list, list));
    link.attributes = NULL;
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_add(list, &link));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_append(list, &link, 1));
    expect_stats(list, 0, 0, 0, 0);
    spanlink_list_destroy(list);
}

/* What a list copies */

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
    spanlink_value outer[] = {spanlink_attribute_map("", entry, 4).value,
                              spanlink_attribute_double("", 0.5).value};
    spanlink_attribute attributes[] = {
        spanlink_attribute_string(key, text),    spanlink_attribute_bool("bool", true),
        spanlink_attribute_int("int", -1),       spanlink_attribute_double("double", -0.0),
        spanlink_attribute_bytes("b", bytes, 3), spanlink_attribute_array("array", outer, 2),
        spanlink_attribute_map("map", entry, 4), spanlink_attribute_string("empty", ""),
    };
    spanlink_link link = {
        .context = test_context(9), .attributes = attributes, .attribute_count = 8};
    link.context.trace_state = spanlink_str_from(state_text);
    link.context.trace_flags = 0xff;
    link.context.is_remote = true;
    link.dropped_attributes_count = 3;
    spanlink_list *first = test_list_create(NULL), *second = test_list_create(NULL);
    assert_status(SPANLINK_OK, spanlink_list_add(first, &link));
    assert_status(SPANLINK_OK, spanlink_list_append(second, &link, 1));
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
    spanlink_list_destroy(first);
    spanlink_list_destroy(second);
}

/*
 * A list copies most links in one step and plans the copies of others; of those that are appended
 * to a list that cuts links, it plans all. A mixture of attributes, of which some are the library's
 * own texts, some must be copied, some are cut, and some dropped.
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

/* Links that later ones push out, if the list cuts any. */
static void add_fillers(spanlink_list *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        spanlink_link filler = {.context = test_context(1000 + i)};
        assert_status(SPANLINK_OK, spanlink_list_add(list, &filler));
    }
}

static void expect_same_copies(const spanlink_list_options *options, size_t fillers,
                               uint64_t *random) {
    enum { LINKS = 40 };
    static spanlink_attribute attributes[LINKS][18];
    spanlink_attribute mixture[MIXED];
    spanlink_link links[LINKS];
    char *text = malloc(64);
    assert_non_null(text);
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
        assert_status(SPANLINK_OK, spanlink_list_add(added, &links[i]));
    }
    assert_status(SPANLINK_OK, spanlink_list_append(appended, links, LINKS));
    memset(text, '?', 64);
    free(text);
    size_t count;
    const spanlink_link *one = spanlink_list_links(added, &count);
    const spanlink_link *other = spanlink_list_links(appended, &count);
    for (size_t i = 0; i < count; i++) {
        assert_true(test_same_link(&one[i], &other[i]));
    }
    spanlink_list_destroy(added);
    spanlink_list_destroy(appended);
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

TEST(a_link_that_points_nowhere_is_refused) {
    for (int zero = 0; zero < 3; zero++) {
        spanlink_list *list = test_list_create(NULL);
        spanlink_attribute attribute = spanlink_attribute_int("a", 1);
        spanlink_link link = {.context = test_context(5)};
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
        if (zero != 1) {
            memset(link.context.trace_id, 0, 16);
        }
        if (zero != 0) {
            memset(link.context.span_id, 0, 8);
        }
        assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_list_add(list, &link));
        expect_stats(list, 1, 0, 0, 1);
        link.context.trace_state = spanlink_str_from("a=b");
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
        link.context.trace_state = spanlink_str_from(NULL);
        link.attributes = &attribute;
        link.attribute_count = 1;
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
        expect_stats(list, 3, 0, 0, 1);
        spanlink_list_destroy(list);
    }
}

TEST(attributes_with_bad_keys_are_dropped_and_counted) {
    spanlink_attribute entries[] = {spanlink_attribute_int("", 1), spanlink_attribute_int("in", 2),
                                    spanlink_attribute_int("\xff", 3)};
    spanlink_attribute attributes[] = {
        spanlink_attribute_int("", 1), spanlink_attribute_int("ok", 2),
        spanlink_attribute_int("\xc3\x28", 3), spanlink_attribute_map("map", entries, 3),
        spanlink_attribute_map("bad", entries, 1)};
    spanlink_link link = {
        .context = test_context(1), .attributes = attributes, .attribute_count = 5};
    link.dropped_attributes_count = 10;
    spanlink_list *list = test_list_create(NULL);
    assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    const spanlink_link *copy = spanlink_list_links(list, NULL);
    assert_int_equal(3, copy->attribute_count);
    assert_text("ok", copy->attributes[0].key);
    assert_int_equal(1, copy->attributes[1].value.map_value.len);
    assert_text("in", copy->attributes[1].value.map_value.ptr[0].key);
    assert_int_equal(0, copy->attributes[2].value.map_value.len);
    assert_int_equal(10 + 2 + 2 + 1, copy->dropped_attributes_count);
    link.dropped_attributes_count = UINT32_MAX - 1;
    assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    assert_int_equal(UINT32_MAX, spanlink_list_links(list, NULL)[1].dropped_attributes_count);
    spanlink_list_destroy(list);
}

TEST(the_last_value_of_a_key_wins_in_the_first_ones_place) {
    spanlink_attribute attributes[] = {
        spanlink_attribute_int("a", 1), spanlink_attribute_int("b", 2),
        spanlink_attribute_string("a", "three"), spanlink_attribute_int("c", 4)};
    spanlink_link link = {
        .context = test_context(1), .attributes = attributes, .attribute_count = 4};
    spanlink_list_options options = test_list_options();
    options.limits.max_attributes = 2;
    spanlink_list *list = test_list_create(&options);
    assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    const spanlink_link *copy = spanlink_list_links(list, NULL);
    assert_int_equal(2, copy->attribute_count);
    assert_text("a", copy->attributes[0].key);
    assert_text("three", copy->attributes[0].value.string_value);
    assert_text("b", copy->attributes[1].key);
    assert_int_equal(1, copy->dropped_attributes_count);
    spanlink_list_destroy(list);
}

/* Also where both are the library's own, which it needs not copy. */
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
        spanlink_list_options options = test_list_options();
        options.expected_links = room;
        spanlink_list *list = test_list_create(&options);
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
        const spanlink_link *copy = spanlink_list_links(list, NULL);
        assert_int_equal(2, copy->attribute_count);
        assert_int_equal(2, copy->attributes[1].value.int_value);
        assert_int_equal(0, copy->dropped_attributes_count);
        assert_status(SPANLINK_OK, spanlink_list_add(list, &twice));
        copy = spanlink_list_links(list, NULL) + 1;
        assert_int_equal(1, copy->attribute_count);
        assert_int_equal(2, copy->attributes[0].value.int_value);
        assert_status(SPANLINK_OK, spanlink_list_add(list, &behind));
        copy = spanlink_list_links(list, NULL) + 2;
        assert_int_equal(2, copy->attribute_count);
        assert_int_equal(2, copy->attributes[1].value.int_value);
        spanlink_list_destroy(list);
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
    spanlink_link link = {
        .context = test_context(1), .attributes = attributes, .attribute_count = MANY};
    spanlink_list_options options = test_list_options();
    options.limits.max_attributes = SPANLINK_UNLIMITED;
    spanlink_list *list = test_list_create(&options);
    assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
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
    spanlink_list_destroy(list);
    options.limits.max_attributes = 20;
    list = test_list_create(&options);
    assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    assert_int_equal(20, spanlink_list_links(list, NULL)->attribute_count);
    spanlink_list_destroy(list);
}

TEST(links_of_ever_more_attributes_leave_no_memory_behind) {
    static spanlink_attribute attributes[128];
    static char keys[128][8];
    for (size_t i = 0; i < 128; i++) {
        snprintf(keys[i], sizeof keys[i], "k%u", (unsigned)i);
        attributes[i] = spanlink_attribute_int(keys[i], (int64_t)i);
    }
    test_allocator heap = {0};
    spanlink_list_options options = test_list_options();
    options.allocator = test_allocator_interface(&heap);
    spanlink_list *list = test_list_create(&options);
    for (size_t count = 17; count <= 128; count += 37) {
        spanlink_link link = {
            .context = test_context(count), .attributes = attributes, .attribute_count = count};
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    }
    spanlink_list_destroy(list);
    assert_int_equal(0, heap.live_blocks);
    assert_int_equal(0, heap.wrong_sizes);
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
    spanlink_link link = {
        .context = test_context(1), .attributes = attributes, .attribute_count = 6};
    link.context.trace_state = spanlink_str_from("longer=than3");
    spanlink_list_options options = test_list_options();
    options.limits.max_value_length = 3;
    spanlink_list *list = test_list_create(&options);
    assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
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
    spanlink_list_destroy(list);
}

/* `depth` arrays, one in the other, the innermost of them empty or not. */
static spanlink_value nest(spanlink_value *values, size_t depth, bool empty) {
    spanlink_value value = string_value("core");
    for (size_t i = 0; i < depth; i++) {
        values[i] = value;
        value = spanlink_attribute_array("", &values[i], i == 0 && empty ? 0 : 1).value;
    }
    return value;
}

/* The value inside of so many arrays. */
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
            spanlink_list_options options = test_list_options();
            options.limits.max_value_depth = limits[i];
            spanlink_list *list = test_list_create(&options);
            spanlink_attribute attribute = {spanlink_str_from("a"), nest(values, depth, false)};
            spanlink_link link = {
                .context = test_context(1), .attributes = &attribute, .attribute_count = 1};
            assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
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
            spanlink_list_destroy(list);
        }
    }
}

/* An empty array or map that is too deep is an empty value as well, and what a deeper one holds is
 * not looked at: neither bad keys nor unknown types. */
TEST(what_lies_below_the_depth_limit_is_not_looked_at) {
    spanlink_value unknown = {.type = 77};
    spanlink_attribute bad_key = spanlink_attribute_int("\xff", 1);
    spanlink_attribute attributes[] = {
        spanlink_attribute_array("a", NULL, 0), spanlink_attribute_map("b", NULL, 0),
        spanlink_attribute_array("c", &unknown, 1), spanlink_attribute_map("d", &bad_key, 1)};
    spanlink_list_options options = test_list_options();
    options.limits.max_value_depth = SPANLINK_NONE;
    spanlink_list *list = test_list_create(&options);
    spanlink_link link = {
        .context = test_context(1), .attributes = attributes, .attribute_count = 4};
    assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    const spanlink_link *copy = spanlink_list_links(list, NULL);
    assert_int_equal(4, copy->attribute_count);
    assert_int_equal(0, copy->dropped_attributes_count);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(SPANLINK_VALUE_EMPTY, copy->attributes[i].value.type);
    }
    spanlink_list_destroy(list);
}

/* common/README "map<string, AnyValue>": the last value counts, in the place of the first. */
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
        spanlink_link link = {
            .context = test_context(1), .attributes = &attribute, .attribute_count = 1};
        spanlink_list *list = test_list_create(NULL);
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
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
        spanlink_list_destroy(list);
    }
}

TEST(a_value_of_unknown_type_is_refused_and_counted) {
    spanlink_attribute attributes[] = {spanlink_attribute_int("a", 1)};
    spanlink_link links[2] = {{.context = test_context(1)}, {.context = test_context(2)}};
    links[1].attributes = attributes;
    links[1].attribute_count = 1;
    spanlink_list *list = test_list_create(NULL);
    spanlink_value bad = {.type = SPANLINK_VALUE_MAP + 1};
    attributes[0].value = bad;
    assert_status(SPANLINK_ERR_VALUE_TYPE, spanlink_list_add(list, &links[1]));
    attributes[0] = spanlink_attribute_array("a", &bad, 1);
    assert_status(SPANLINK_ERR_VALUE_TYPE, spanlink_list_add(list, &links[1]));
    assert_status(SPANLINK_ERR_VALUE_TYPE, spanlink_list_append(list, links, 2));
    expect_stats(list, 0, 0, 0, 3);
    spanlink_list_destroy(list);
}

/* Limits, policies, uniqueness, markers */

TEST(keep_first_cuts_the_newcomer) {
    spanlink_list *list = bounded(3, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    test_list_add_range(list, 1, 3);
    expect_markers_only_on_last(list, -1);
    test_list_add_range(list, 4, 9);
    assert_string_equal("1 2 3", numbers(list));
    expect_stats(list, 3, 0, 6, 0);
    expect_markers_only_on_last(list, 9);
    spanlink_list_destroy(list);
}

TEST(keep_last_cuts_the_oldest) {
    spanlink_list *list = bounded(3, SPANLINK_OVERFLOW_KEEP_LAST, false);
    for (uint64_t i = 1; i <= 50; i++) {
        char wanted[32];
        test_list_add(list, i);
        if (i >= 3) {
            snprintf(wanted, sizeof wanted, "%u %u %u", (unsigned)i - 2, (unsigned)i - 1,
                     (unsigned)i);
            assert_string_equal(wanted, numbers(list));
        }
        expect_markers_only_on_last(list, i > 3 ? (int64_t)i : -1);
    }
    expect_stats(list, 3, 0, 47, 0);
    spanlink_list_destroy(list);
}

TEST(sampled_first_lets_the_latest_unsampled_make_way) {
    spanlink_list *list = bounded(4, SPANLINK_OVERFLOW_SAMPLED_FIRST, false);
    assert_status(SPANLINK_OK, add_number(list, 1, false));
    assert_status(SPANLINK_OK, add_number(list, 2, true));
    assert_status(SPANLINK_OK, add_number(list, 3, false));
    assert_status(SPANLINK_OK, add_number(list, 4, true));
    assert_status(SPANLINK_OK, add_number(list, 5, false));
    assert_string_equal("1 2 3 4", numbers(list));
    assert_status(SPANLINK_OK, add_number(list, 6, true));
    assert_string_equal("1 2 4 6", numbers(list));
    assert_status(SPANLINK_OK, add_number(list, 7, true));
    assert_status(SPANLINK_OK, add_number(list, 8, true));
    assert_string_equal("2 4 6 7", numbers(list));
    expect_stats(list, 4, 0, 4, 0);
    expect_markers_only_on_last(list, 8);
    assert_status(SPANLINK_OK, spanlink_list_truncate(list, 3));
    assert_status(SPANLINK_OK, add_number(list, 9, false));
    assert_status(SPANLINK_OK, add_number(list, 10, true));
    assert_string_equal("2 4 6 10", numbers(list));
    spanlink_list_destroy(list);
}

TEST(a_reservoir_repeats_its_choice_and_keeps_order) {
    for (int unique = 0; unique < 2; unique++) {
        spanlink_list_options options = options_with(10, SPANLINK_OVERFLOW_RESERVOIR, unique);
        char chosen[3][128];
        for (uint64_t run = 0; run < 3; run++) {
            options.seed = run == 2 ? 99 : 7;
            options.hash_seed[0] = run + 1;
            spanlink_list *list = test_list_create(&options);
            test_list_add_range(list, 1, 1000);
            size_t count;
            const spanlink_link *links = spanlink_list_links(list, &count);
            assert_int_equal(10, count);
            for (size_t i = 1; i < count; i++) {
                assert_true(test_number(&links[i - 1]) < test_number(&links[i]));
            }
            snprintf(chosen[run], sizeof chosen[run], "%s", numbers(list));
            expect_stats(list, 10, 0, 990, 0);
            spanlink_list_destroy(list);
        }
        assert_string_equal(chosen[0], chosen[1]);
        assert_string_not_equal(chosen[0], chosen[2]);
    }
}

/* On every machine, so that parts from several of them can be merged. */
TEST(a_reservoir_chooses_the_same_everywhere) {
    spanlink_list_options options = options_with(8, SPANLINK_OVERFLOW_RESERVOIR, false);
    options.seed = 7;
    spanlink_list *list = test_list_create(&options);
    test_list_add_range(list, 1, 500);
    spanlink_list_clear(list);
    test_list_add_range(list, 1, 1000);
    assert_string_equal("36 198 268 472 812 920 931 981", numbers(list));
    spanlink_list_destroy(list);
    options.unique = true;
    list = test_list_create(&options);
    test_list_add_range(list, 1, 1000);
    assert_string_equal("195 292 396 428 450 887 972 992", numbers(list));
    spanlink_list_destroy(list);
}

/* Reading closes the gaps that cuts have left, wherever they are. */
TEST(reading_on_the_way_changes_no_choice) {
    for (uint64_t seed = 0; seed < 40; seed++) {
        for (uint32_t overflow = 0; overflow < 8; overflow++) {
            spanlink_list *read = bounded(6, (spanlink_overflow)(overflow % 4), overflow >= 4);
            spanlink_list *unread = bounded(6, (spanlink_overflow)(overflow % 4), overflow >= 4);
            uint64_t random = seed;
            for (size_t i = 0; i < 40; i++) {
                uint64_t number = test_random_below(&random, 30);
                bool sampled = test_random_below(&random, 2) != 0;
                assert_status(SPANLINK_OK, add_number(read, number, sampled));
                assert_status(SPANLINK_OK, add_number(unread, number, sampled));
                spanlink_list_links(read, NULL);
            }
            char wanted[128];
            snprintf(wanted, sizeof wanted, "%s", numbers(unread));
            assert_string_equal(wanted, numbers(read));
            spanlink_list_destroy(read);
            spanlink_list_destroy(unread);
        }
    }
}

TEST(a_reservoir_without_a_bound_keeps_all) {
    spanlink_list *list = bounded(SPANLINK_UNLIMITED, SPANLINK_OVERFLOW_RESERVOIR, false);
    test_list_add_range(list, 1, 100);
    expect_stats(list, 100, 0, 0, 0);
    spanlink_list_destroy(list);
}

/* Each of 50 links must stay about 10/50 of 2,000 times: 400, with a deviation of 18. */
static void expect_fair_choice(bool unique, unsigned repeats_of_one) {
    unsigned kept[51] = {0};
    for (uint64_t seed = 0; seed < 2000; seed++) {
        spanlink_list_options options = options_with(10, SPANLINK_OVERFLOW_RESERVOIR, unique);
        options.seed = seed;
        spanlink_list *list = test_list_create(&options);
        test_list_add_range(list, 1, 50);
        for (unsigned i = 0; i < repeats_of_one; i++) {
            test_list_add(list, 33);
        }
        size_t count;
        const spanlink_link *links = spanlink_list_links(list, &count);
        for (size_t i = 0; i < count; i++) {
            kept[test_number(&links[i])]++;
        }
        spanlink_list_destroy(list);
    }
    for (unsigned i = 1; i <= 50; i++) {
        assert_in_range(kept[i], 400 - 90, 400 + 90);
    }
}

TEST(a_reservoir_is_fair) {
    expect_fair_choice(false, 0);
    expect_fair_choice(true, 0);
    expect_fair_choice(true, 200);
}

/* From lists that have few holes, or many. */
TEST(unique_reservoirs_of_parts_merge_to_the_choice_of_the_whole) {
    static const uint64_t shapes[][3] = {{10, 170, 300}, {2, 3, 6}, {3, 4, 10}};
    for (uint64_t seed = 0; seed < 150; seed++) {
        const uint64_t *shape = shapes[seed % 3];
        spanlink_list_options options =
            options_with((size_t)shape[0], SPANLINK_OVERFLOW_RESERVOIR, true);
        options.seed = seed;
        spanlink_list *whole = test_list_create(&options), *left = test_list_create(&options),
                      *right = test_list_create(&options);
        test_list_add_range(whole, 1, shape[2]);
        test_list_add_range(left, 1, shape[1]);
        test_list_add_range(right, shape[1] + 1, shape[2]);
        char wanted[128];
        snprintf(wanted, sizeof wanted, "%s", numbers(whole));
        assert_status(SPANLINK_OK, spanlink_list_merge(left, right));
        assert_string_equal(wanted, numbers(left));
        expect_stats(left, shape[0], 0, shape[2] - shape[0], 0);
        spanlink_list_destroy(whole);
        spanlink_list_destroy(left);
        spanlink_list_destroy(right);
    }
}

/* As if all of them had been offered there. */
TEST(reservoirs_that_have_cut_nothing_merge_to_the_choice_of_the_whole) {
    for (uint64_t seed = 0; seed < 50; seed++) {
        spanlink_list_options options = options_with(10, SPANLINK_OVERFLOW_RESERVOIR, false);
        options.seed = seed;
        spanlink_list *whole = test_list_create(&options), *merged = test_list_create(&options);
        for (uint64_t part = 0; part < 5; part++) {
            spanlink_list *from = test_list_create(&options);
            test_list_add_range(whole, 10 * part + 1, 10 * part + 10);
            test_list_add_range(from, 10 * part + 1, 10 * part + 10);
            assert_status(SPANLINK_OK, spanlink_list_merge(merged, from));
            spanlink_list_destroy(from);
        }
        char wanted[128];
        snprintf(wanted, sizeof wanted, "%s", numbers(whole));
        assert_string_equal(wanted, numbers(merged));
        spanlink_list_destroy(whole);
        spanlink_list_destroy(merged);
    }
}

/* Two lists of 30 and 60 links become one of `max_links`. In 3,000 merges each link must stay about
 * as often as any other; the bound is beyond five deviations. */
static void expect_fair_merges(size_t max_links, uint64_t distance_of_seeds) {
    unsigned kept[91] = {0};
    for (uint64_t seed = 0; seed < 3000; seed++) {
        spanlink_list_options options = options_with(max_links, SPANLINK_OVERFLOW_RESERVOIR, false);
        options.seed = seed;
        spanlink_list *left = test_list_create(&options);
        options.seed = seed + distance_of_seeds;
        spanlink_list *right = test_list_create(&options);
        test_list_add_range(left, 1, 30);
        test_list_add_range(right, 31, 90);
        assert_status(SPANLINK_OK, spanlink_list_merge(left, right));
        size_t count;
        const spanlink_link *links = spanlink_list_links(left, &count);
        assert_int_equal(max_links, count);
        for (size_t i = 0; i < count; i++) {
            kept[test_number(&links[i])]++;
        }
        spanlink_list_destroy(left);
        spanlink_list_destroy(right);
    }
    unsigned fair = (unsigned)(3000 * max_links / 90);
    unsigned bound = max_links == 1 ? 29 : 105;
    for (unsigned i = 1; i <= 90; i++) {
        assert_in_range(kept[i], fair - bound, fair + bound);
    }
}

TEST(merged_reservoirs_are_fair_whether_they_share_a_seed_or_not) {
    expect_fair_merges(15, 1000000);
    expect_fair_merges(15, 0);
    expect_fair_merges(1, 1000000);
    expect_fair_merges(1, 0);
}

TEST(unique_keeps_the_first_of_a_span_and_forgets_what_was_cut) {
    spanlink_list *list = bounded(3, SPANLINK_OVERFLOW_KEEP_LAST, true);
    test_list_add_range(list, 1, 3);
    for (int i = 0; i < 10; i++) {
        test_list_add_range(list, 1, 3);
    }
    assert_string_equal("1 2 3", numbers(list));
    expect_stats(list, 3, 30, 0, 0);
    expect_markers_only_on_last(list, -1);
    test_list_add(list, 4);
    assert_string_equal("2 3 4", numbers(list));
    test_list_add(list, 1);
    assert_string_equal("3 4 1", numbers(list));
    expect_stats(list, 3, 30, 2, 0);
    expect_markers_only_on_last(list, 5);
    spanlink_list_destroy(list);
}

TEST(a_repeat_does_not_change_the_link_that_is_held) {
    spanlink_list *list = bounded(3, SPANLINK_OVERFLOW_SAMPLED_FIRST, true);
    spanlink_attribute storage[1];
    spanlink_link link = test_link(1, storage);
    assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    link.context.trace_flags = 1;
    link.attributes = NULL;
    link.attribute_count = 0;
    assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    const spanlink_link *held = spanlink_list_links(list, NULL);
    assert_int_equal(1, held->attribute_count);
    assert_int_equal(0, held->context.trace_flags);
    expect_stats(list, 1, 1, 0, 0);
    spanlink_list_destroy(list);
}

TEST(a_zero_trace_id_is_never_a_duplicate) {
    spanlink_list *list = bounded(SPANLINK_UNLIMITED, SPANLINK_OVERFLOW_KEEP_FIRST, true);
    spanlink_attribute attribute = spanlink_attribute_int("a", 1);
    spanlink_link link = {
        .context = test_context(5), .attributes = &attribute, .attribute_count = 1};
    memset(link.context.trace_id, 0, 16);
    assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    link.context = test_context(5);
    memset(link.context.span_id, 0, 8);
    assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    expect_stats(list, 3, 1, 0, 0);
    spanlink_list_destroy(list);
}

TEST(links_with_a_zero_trace_id_make_way_like_others) {
    spanlink_list *list = bounded(5, SPANLINK_OVERFLOW_KEEP_LAST, true);
    spanlink_attribute storage[1];
    spanlink_link link = test_link(1, storage);
    memset(link.context.trace_id, 0, 16);
    for (int i = 0; i < 4; i++) {
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    }
    test_list_add_range(list, 2, 5);
    assert_string_equal("1 2 3 4 5", numbers(list));
    assert_status(SPANLINK_OK, spanlink_list_truncate(list, 2));
    test_list_add_range(list, 2, 4);
    assert_string_equal("1 2 3 4", numbers(list));
    expect_stats(list, 4, 1, 6, 0);
    spanlink_list_destroy(list);
}

/* So many that some of them share their place in a table and the part of the hash that it holds. */
static void expect_all_of_many_spans_stay(void (*change)(spanlink_context *context)) {
    spanlink_list_options options =
        options_with(SPANLINK_UNLIMITED, SPANLINK_OVERFLOW_KEEP_FIRST, true);
    options.hash_seed[0] = 0;
    options.hash_seed[1] = 3; /* one of two words is a seed, too */
    spanlink_list *list = test_list_create(&options);
    uint64_t random = 0;
    for (int i = 0; i < 200000; i++) {
        spanlink_link link = {.context = test_context(test_random(&random))};
        change(&link.context);
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    }
    expect_stats(list, 200000, 0, 0, 0);
    spanlink_list_destroy(list);
}

static void put_in_one_trace(spanlink_context *context) {
    memset(context->trace_id, 1, sizeof context->trace_id);
}

static void give_one_span_id(spanlink_context *context) {
    memset(context->span_id, 1, sizeof context->span_id);
}

TEST(many_different_spans_are_never_duplicates) {
    expect_all_of_many_spans_stay(put_in_one_trace);
    expect_all_of_many_spans_stay(give_one_span_id);
}

/*
 * Spans of one hash, for who knows the seed. With as many as that the list chooses another one, in
 * the middle of its work: all is as with other spans. (What that spares, tests/cost.sh counts.)
 */

static const uint64_t known_seed[2] = {1, 0};

static spanlink_status add_colliding(spanlink_list *list, uint64_t number, bool sampled) {
    spanlink_attribute storage[1];
    spanlink_link link = test_link(number, storage);
    test_collide_span(known_seed, number, &link.context);
    link.context.trace_flags = sampled;
    return spanlink_list_add(list, &link);
}

static void add_colliding_range(spanlink_list *list, uint64_t first, uint64_t last) {
    for (uint64_t number = first; number <= last; number++) {
        assert_status(SPANLINK_OK, add_colliding(list, number, false));
    }
}

TEST(spans_that_collide_are_told_apart) {
    spanlink_list *list = bounded(SPANLINK_UNLIMITED, SPANLINK_OVERFLOW_KEEP_FIRST, true);
    add_colliding_range(list, 1, 600);
    expect_stats(list, 600, 0, 0, 0);
    add_colliding_range(list, 1, 601);
    expect_stats(list, 601, 600, 0, 0);
    spanlink_list_clear(list);
    add_colliding_range(list, 1, 600);
    expect_stats(list, 600, 0, 0, 0);
    spanlink_list_destroy(list);
}

TEST(spans_that_collide_make_way_like_others) {
    spanlink_list *list = bounded(300, SPANLINK_OVERFLOW_KEEP_LAST, true);
    add_colliding_range(list, 1, 1000);
    expect_stats(list, 300, 0, 700, 0);
    add_colliding_range(list, 701, 1000);
    expect_stats(list, 300, 300, 700, 0);
    add_colliding_range(list, 1, 300);
    expect_stats(list, 300, 300, 1000, 0);
    spanlink_list_destroy(list);
}

/* The table is filled anew with gaps between the links, and with links that name no span. */
TEST(spans_that_collide_are_told_apart_between_gaps) {
    spanlink_list *list = bounded(200, SPANLINK_OVERFLOW_SAMPLED_FIRST, true);
    test_list_add(list, 0);
    for (uint64_t number = 1; number <= 100; number++) {
        assert_status(SPANLINK_OK, add_colliding(list, number, true));
        assert_status(SPANLINK_OK, add_number(list, number, number < 50));
    }
    for (int round = 0; round < 2; round++) {
        for (uint64_t number = 101; number <= 140; number++) {
            assert_status(SPANLINK_OK, add_colliding(list, number, true));
        }
    }
    expect_stats(list, 200, 40, 41, 0);
    assert_status(SPANLINK_OK, add_number(list, 99, true)); /* had made way, so it is no repeat */
    expect_stats(list, 200, 40, 42, 0);
    spanlink_list_destroy(list);
}

/* Rows of spans without a gap between them, few beside a table that many others have made large. */

enum { ROW = 150 };

static spanlink_list *unique_with_large_table(void) {
    spanlink_list *list = bounded(SPANLINK_UNLIMITED, SPANLINK_OVERFLOW_KEEP_FIRST, true);
    test_list_add_range(list, 1, 20000);
    spanlink_list_clear(list);
    return list;
}

static void add_to_row(spanlink_list *list, size_t place) {
    spanlink_link link = {.context = test_context(place)};
    test_crowd_span(known_seed, 65536, 1000 + place, 1, &link.context);
    assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
}

/* They are forgotten one by one, until that takes long. */
TEST(spans_that_crowd_a_table_are_forgotten) {
    spanlink_list *list = unique_with_large_table();
    for (int round = 0; round < 3; round++) {
        for (size_t place = 1; place <= ROW; place++) {
            add_to_row(list, place);
        }
        expect_stats(list, ROW, 0, 0, 0);
        spanlink_list_clear(list);
    }
    spanlink_list_destroy(list);
}

/* The span that is taken out here is the first of the row; those behind it are held as before. */
TEST(spans_are_known_again_after_a_row_of_them_was_met) {
    spanlink_list *list = unique_with_large_table();
    for (size_t round = 0; round < 2; round++) {
        for (size_t place = ROW; place > 0; place--) {
            add_to_row(list, place);
        }
        assert_status(SPANLINK_OK, spanlink_list_truncate(list, ROW - 1));
        expect_stats(list, ROW - 1, round * (ROW - 1), 1 + round, 0);
    }
    spanlink_list_destroy(list);
}

/* Also where the list takes another seed, with the holes that they left still in its slots. */
TEST(spans_that_were_cut_are_not_held) {
    spanlink_list *list = bounded(140, SPANLINK_OVERFLOW_SAMPLED_FIRST, true);
    test_list_add_range(list, 1, 30);
    for (uint64_t number = 101; number <= 240; number++) {
        assert_status(SPANLINK_OK, add_colliding(list, number, true));
    }
    expect_stats(list, 140, 0, 30, 0);
    test_list_add_range(list, 1, 30);
    expect_stats(list, 140, 0, 60, 0);
    spanlink_list_destroy(list);
}

TEST(with_no_links_allowed_the_stats_still_tell) {
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        spanlink_list *list = bounded(0, (spanlink_overflow)overflow, true);
        test_list_add_range(list, 1, 5);
        spanlink_attribute storage[1];
        spanlink_link link = test_link(1, storage);
        assert_status(SPANLINK_OK, spanlink_list_append(list, &link, 1));
        assert_null(spanlink_list_links(list, NULL));
        expect_stats(list, 0, 0, 6, 0);
        spanlink_list_destroy(list);
    }
}

TEST(markers_stand_beyond_the_attribute_limit_and_lose_nothing) {
    spanlink_list_options options = options_with(2, SPANLINK_OVERFLOW_KEEP_LAST, false);
    options.limits.max_attributes = 3;
    spanlink_list *list = test_list_create(&options);
    spanlink_attribute attributes[] = {spanlink_attribute_int("a", 1),
                                       spanlink_attribute_int("b", 2),
                                       spanlink_attribute_int("c", 3)};
    for (uint64_t i = 1; i <= 20; i++) {
        spanlink_link link = {.context = test_context(i), .attributes = attributes};
        link.attribute_count = i % 4;
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
        size_t count;
        const spanlink_link *links = spanlink_list_links(list, &count);
        const spanlink_link *last = &links[count - 1];
        size_t more = i > 2 ? 2 : 0;
        assert_int_equal(i % 4 + more, last->attribute_count);
        for (size_t k = 0; k < i % 4; k++) {
            assert_int_equal((int64_t)k + 1, last->attributes[k].value.int_value);
        }
        if (count > 1) {
            assert_int_equal((i - 1) % 4, links[count - 2].attribute_count);
        }
    }
    expect_markers_only_on_last(list, 20);
    spanlink_list_destroy(list);
}

TEST(markers_of_another_list_do_not_stand_twice) {
    spanlink_list *one = bounded(1, SPANLINK_OVERFLOW_KEEP_LAST, false);
    spanlink_list *two = bounded(1, SPANLINK_OVERFLOW_KEEP_LAST, false);
    test_list_add_range(one, 1, 9);
    test_list_add_range(two, 1, 3);
    assert_status(SPANLINK_OK, spanlink_list_add(two, spanlink_list_links(one, NULL)));
    assert_int_equal(3, spanlink_list_links(two, NULL)->attribute_count);
    expect_markers_only_on_last(two, 4);
    spanlink_list_destroy(one);
    spanlink_list_destroy(two);
}

TEST(attributes_whose_keys_are_as_long_as_the_markers_stay) {
    spanlink_list *list = bounded(1, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    spanlink_attribute attributes[2] = {spanlink_attribute_int("links.truncateD", 1),
                                        spanlink_attribute_int("links.original_counT", 2)};
    spanlink_link link = {
        .context = test_context(1), .attributes = attributes, .attribute_count = 2};
    assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    const spanlink_link *kept = spanlink_list_links(list, NULL);
    assert_int_equal(4, kept->attribute_count);
    assert_text("links.truncateD", kept->attributes[0].key);
    assert_text("links.original_counT", kept->attributes[1].key);
    expect_markers_only_on_last(list, 2);
    spanlink_list_destroy(list);
}

TEST(clear_forgets_all_and_keeps_the_memory) {
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        test_allocator heap = {0};
        spanlink_list_options options = options_with(100, (spanlink_overflow)overflow, true);
        options.allocator = test_allocator_interface(&heap);
        spanlink_list *list = test_list_create(&options);
        char first[1024];
        for (int round = 0; round < 5; round++) {
            test_list_add_range(list, 1, 300);
            expect_stats(list, 100, 0, 200, 0);
            expect_markers_only_on_last(list, 300);
            if (round == 0) {
                snprintf(first, sizeof first, "%s", numbers(list));
                heap.calls = 0;
            }
            assert_string_equal(first, numbers(list));
            spanlink_list_clear(list);
            expect_stats(list, 0, 0, 0, 0);
            assert_null(spanlink_list_links(list, NULL));
        }
        assert_int_equal(0, heap.calls);
        spanlink_list_destroy(list);
        assert_int_equal(0, heap.live_blocks);
        assert_int_equal(0, heap.wrong_sizes);
    }
}

static void add_batch_items(spanlink_list *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        spanlink_attribute storage[2];
        spanlink_context context = test_context(i + 1);
        spanlink_link link = spanlink_factory_batch_item(&context, 1, storage);
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    }
}

/* However the links fall into the memory there is: some fill a part of it to its end. */
TEST(the_same_batch_again_takes_no_memory) {
    for (size_t i = 0; i < 80; i++) {
        size_t links = 1 + i / 4;
        test_allocator heap = {0};
        spanlink_list_options options = test_list_options();
        options.allocator = test_allocator_interface(&heap);
        options.expected_links = i % 4;
        spanlink_list *list = test_list_create(&options);
        add_batch_items(list, links);
        size_t calls = heap.calls;
        spanlink_list_clear(list);
        add_batch_items(list, links);
        assert_int_equal(calls, heap.calls);
        spanlink_list_destroy(list);
    }
}

/* The table is then emptied one span at a time. */
TEST(small_batches_after_a_large_one_are_forgotten_too) {
    spanlink_list *list = bounded(SPANLINK_UNLIMITED, SPANLINK_OVERFLOW_KEEP_FIRST, true);
    test_list_add_range(list, 1, 2000);
    for (uint64_t round = 0; round < 20; round++) {
        spanlink_list_clear(list);
        test_list_add_range(list, 1000 - round, 1000 + round);
        test_list_add(list, 1000);
        expect_stats(list, 2 * round + 1, 1, 0, 0);
    }
    spanlink_list_destroy(list);
}

/* Links that name no span are not in the table, and those that were cut no longer are. */
TEST(clear_forgets_few_spans_among_links_that_name_none) {
    spanlink_list *list = bounded(700, SPANLINK_OVERFLOW_SAMPLED_FIRST, true);
    for (uint64_t cut = 0; cut <= 4; cut++) {
        for (int i = 0; i < 697; i++) {
            test_list_add(list, 0);
        }
        test_list_add_range(list, 1, 3);
        for (uint64_t i = 0; i < cut; i++) {
            assert_status(SPANLINK_OK, add_number(list, 0, true));
        }
        if (cut == 4) {
            expect_markers_only_on_last(list, 704);
        }
        expect_stats(list, 700, 0, cut, 0);
        spanlink_list_clear(list);
        test_list_add_range(list, 1, 3);
        expect_stats(list, 3, 0, 0, 0);
        spanlink_list_clear(list);
    }
    spanlink_list_destroy(list);
}

/* What comes and goes is not tidied up each time, because all links would be looked at for it. */
TEST(little_text_among_many_links_takes_bounded_memory) {
    enum { PLAIN = 2000 };
    test_allocator heap = {0};
    spanlink_list_options options = test_list_options();
    options.allocator = test_allocator_interface(&heap);
    spanlink_list *list = test_list_create(&options);
    for (uint64_t number = 1; number <= PLAIN; number++) {
        spanlink_link link = {.context = test_context(number)};
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    }
    size_t before = heap.live_bytes;
    for (uint64_t number = 1; number <= 5000; number++) {
        test_list_add(list, number);
        assert_int_equal(number, test_number(&spanlink_list_links(list, NULL)[PLAIN]));
        assert_status(SPANLINK_OK, spanlink_list_truncate(list, PLAIN));
    }
    assert_true(heap.peak_bytes < before + PLAIN * sizeof(spanlink_link));
    spanlink_list_destroy(list);
    assert_int_equal(0, heap.live_blocks);
}

/* append and merge */

TEST(append_with_an_invalid_link_adds_nothing) {
    spanlink_list *list = test_list_create(NULL);
    spanlink_link links[4] = {{.context = test_context(1)},
                              {.context = test_context(0)},
                              {.context = test_context(2)},
                              {.context = test_context(0)}};
    assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_list_append(list, links, 4));
    expect_stats(list, 0, 0, 0, 2);
    spanlink_list_destroy(list);
}

TEST(append_counts_all_invalid_links_and_names_the_first) {
    spanlink_list *list = test_list_create(NULL);
    spanlink_attribute unknown = {.key = spanlink_str_from("a"), .value = {.type = 99}};
    spanlink_link bad = {.context = test_context(1), .attributes = &unknown, .attribute_count = 1};
    spanlink_link nowhere = {.context = test_context(0)};
    spanlink_link links[5] = {bad, {.context = test_context(2)}, nowhere, bad, nowhere};
    assert_status(SPANLINK_ERR_VALUE_TYPE, spanlink_list_append(list, links, 5));
    expect_stats(list, 0, 0, 0, 4);
    assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_list_append(list, links + 2, 3));
    expect_stats(list, 0, 0, 0, 7);
    spanlink_list_destroy(list);
}

TEST(append_sees_the_faults_of_duplicates_too) {
    spanlink_list *list = bounded(10, SPANLINK_OVERFLOW_KEEP_FIRST, true);
    spanlink_attribute unknown = {.key = spanlink_str_from("a"), .value = {.type = 99}};
    spanlink_link links[2] = {
        {.context = test_context(1)},
        {.context = test_context(1), .attributes = &unknown, .attribute_count = 1}};
    assert_status(SPANLINK_ERR_VALUE_TYPE, spanlink_list_append(list, links, 2));
    expect_stats(list, 0, 0, 0, 1);
    unknown.value.type = SPANLINK_VALUE_EMPTY;
    assert_status(SPANLINK_OK, spanlink_list_append(list, links, 2));
    expect_stats(list, 1, 1, 0, 1);
    spanlink_list_destroy(list);
}

TEST(one_byte_of_a_trace_id_names_a_span) {
    for (size_t i = 0; i < 16; i++) {
        spanlink_list *list = bounded(10, SPANLINK_OVERFLOW_KEEP_FIRST, true);
        spanlink_link link = {.context = {.span_id = {1}}};
        link.context.trace_id[i] = 1;
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
        expect_stats(list, 1, 1, 0, 0);
        spanlink_list_destroy(list);
    }
}

/* An append that fails leaves no trace but in the count of invalid links: what comes later is
 * taken, known or cut as in a list that never saw it. */
TEST(append_takes_back_what_it_had_added) {
    spanlink_attribute attribute = spanlink_attribute_int("n", 1);
    for (uint32_t variant = 0; variant < 8; variant++) {
        spanlink_list *list = bounded(8, (spanlink_overflow)(variant % 4), variant >= 4);
        spanlink_list *plain = bounded(8, (spanlink_overflow)(variant % 4), variant >= 4);
        test_list_add_range(list, 1, 3);
        test_list_add_range(plain, 1, 3);
        spanlink_link batch[5] = {{.context = test_context(4)},
                                  {.context = test_context(1)},
                                  {.attributes = &attribute, .attribute_count = 1},
                                  {.context = test_context(5)},
                                  {.context = test_context(0)}};
        batch[0].context.trace_flags = batch[3].context.trace_flags = 0;
        assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_list_append(list, batch, 5));
        expect_stats(list, 3, 0, 0, 1);
        assert_string_equal("1 2 3", numbers(list));
        test_list_add_range(list, 4, 30);
        test_list_add_range(plain, 4, 30);
        expect_stats(list, 8, 0, 22, 1);
        char wanted[64];
        snprintf(wanted, sizeof wanted, "%s", numbers(plain));
        assert_string_equal(wanted, numbers(list));
        spanlink_list_destroy(list);
        spanlink_list_destroy(plain);
    }
}

TEST(append_offers_each_link_in_turn) {
    enum { COUNT = 600 };
    static spanlink_attribute storage[COUNT][1];
    static spanlink_link links[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        links[i] = test_link(1 + i * i % 97, storage[i]);
        links[i].context.trace_flags = i % 3 == 0;
    }
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        for (int unique = 0; unique < 2; unique++) {
            for (size_t step = 1; step <= COUNT; step += 37) {
                spanlink_list *one = bounded(20, (spanlink_overflow)overflow, unique);
                spanlink_list *two = bounded(20, (spanlink_overflow)overflow, unique);
                for (size_t i = 0; i < COUNT; i++) {
                    assert_status(SPANLINK_OK, spanlink_list_add(one, &links[i]));
                }
                for (size_t i = 0; i < COUNT; i += step) {
                    size_t count = COUNT - i < step ? COUNT - i : step;
                    assert_status(SPANLINK_OK, spanlink_list_append(two, &links[i], count));
                }
                char wanted[256];
                snprintf(wanted, sizeof wanted, "%s", numbers(one));
                assert_string_equal(wanted, numbers(two));
                spanlink_list_stats stats = test_stats(one);
                expect_stats(two, stats.kept, stats.duplicate, stats.over_limit, 0);
                spanlink_list_destroy(one);
                spanlink_list_destroy(two);
            }
        }
    }
}

TEST(merge_moves_links_stats_and_cuts) {
    spanlink_list *list = bounded(5, SPANLINK_OVERFLOW_KEEP_FIRST, true);
    spanlink_list *from = bounded(3, SPANLINK_OVERFLOW_KEEP_LAST, true);
    spanlink_link nowhere = {.attribute_count = 0};
    test_list_add_range(list, 1, 4);
    test_list_add_range(from, 1, 6);
    test_list_add(from, 6);
    assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_list_add(from, &nowhere));
    assert_string_equal("4 5 6", numbers(from));
    assert_status(SPANLINK_OK, spanlink_list_merge(list, from));
    assert_string_equal("1 2 3 4 5", numbers(list));
    expect_stats(list, 5, 2, 4, 1);
    expect_markers_only_on_last(list, 9);
    expect_stats(from, 0, 0, 0, 0);
    assert_null(spanlink_list_links(from, NULL));
    assert_status(SPANLINK_OK, spanlink_list_merge(list, from));
    expect_stats(list, 5, 2, 4, 1);
    spanlink_list_destroy(list);
    spanlink_list_destroy(from);
}

TEST(a_list_that_never_held_a_link_merges) {
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        spanlink_list *list = bounded(3, SPANLINK_OVERFLOW_KEEP_FIRST, true);
        spanlink_list *from = bounded(3, (spanlink_overflow)overflow, true);
        test_list_add_range(list, 1, 2);
        assert_status(SPANLINK_OK, spanlink_list_merge(list, from));
        assert_string_equal("1 2", numbers(list));
        assert_status(SPANLINK_OK, spanlink_list_merge(from, list));
        assert_string_equal("1 2", numbers(from));
        spanlink_list_destroy(list);
        spanlink_list_destroy(from);
    }
}

TEST(the_markers_of_cuts_that_travel_find_room_behind_many_attributes) {
    spanlink_list *list = test_list_create(NULL);
    spanlink_list *from = bounded(1, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    char keys[40][3];
    spanlink_attribute attributes[40];
    for (size_t i = 0; i < 40; i++) {
        keys[i][0] = 'k';
        keys[i][1] = (char)('0' + i);
        keys[i][2] = '\0';
        attributes[i] = spanlink_attribute_int(keys[i], (int64_t)i);
    }
    spanlink_link link = {test_context(1), attributes, 40, 0};
    assert_status(SPANLINK_OK, spanlink_list_add(from, &link));
    assert_status(SPANLINK_OK, spanlink_list_add(from, &link));
    assert_status(SPANLINK_OK, spanlink_list_merge(list, from));
    expect_markers_only_on_last(list, 2);
    assert_int_equal(42, spanlink_list_links(list, NULL)->attribute_count);
    spanlink_list_destroy(list);
    spanlink_list_destroy(from);
}

TEST(the_markers_find_room_on_a_link_that_comes_after_the_cuts) {
    static const size_t sizes[] = {3, 8, 60};
    for (size_t shape = 0; shape < 9; shape++) {
        uint64_t cut = 1 + shape / 3;
        size_t size = sizes[shape % 3], count;
        spanlink_attribute attributes[60];
        char keys[60][2];
        for (size_t i = 0; i < size; i++) {
            keys[i][0] = (char)('0' + i);
            keys[i][1] = '\0';
            attributes[i] = spanlink_attribute_int(keys[i], (int64_t)i);
        }
        test_allocator heap = {0};
        spanlink_list_options options = options_with(2, SPANLINK_OVERFLOW_KEEP_FIRST, false);
        options.allocator = test_allocator_interface(&heap);
        spanlink_list *list = test_list_create(&options);
        spanlink_link link = {test_context(9), attributes, size, 0};
        for (uint64_t i = 0; i < 2 + cut; i++) {
            test_list_add(list, 1);
        }
        assert_status(SPANLINK_OK, spanlink_list_dedup(list));
        size_t bytes = heap.live_bytes;
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
        /* Room is made now: reading takes no memory. */
        assert_true(heap.live_bytes >= bytes + size * sizeof(spanlink_attribute));
        const spanlink_link *links = spanlink_list_links(list, &count);
        assert_int_equal(2, count);
        assert_int_equal(size + 2, links[1].attribute_count);
        expect_markers_only_on_last(list, (int64_t)(2 + cut));
        spanlink_list_destroy(list);
    }
}

TEST(cuts_travel_into_an_empty_unbounded_list) {
    spanlink_list *list = test_list_create(NULL);
    spanlink_list *from = bounded(3, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    test_list_add_range(from, 1, 10);
    assert_status(SPANLINK_OK, spanlink_list_merge(list, from));
    assert_string_equal("1 2 3", numbers(list));
    expect_markers_only_on_last(list, 10);
    test_list_add(list, 4);
    expect_markers_only_on_last(list, 11);
    spanlink_list_destroy(list);
    spanlink_list_destroy(from);
}

TEST(the_markers_of_a_list_that_was_read_do_not_travel) {
    spanlink_list *list = test_list_create(NULL);
    spanlink_list *from = bounded(3, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    for (uint64_t i = 0; i < 3; i++) {
        test_list_add_range(from, 1, 10);
        expect_markers_only_on_last(from, 10);
        assert_status(SPANLINK_OK, spanlink_list_merge(list, from));
    }
    assert_string_equal("1 2 3 1 2 3 1 2 3", numbers(list));
    expect_markers_only_on_last(list, 30);
    spanlink_list_destroy(list);
    spanlink_list_destroy(from);
}

/* Memory */

TEST(expected_links_allocate_nothing) {
    test_allocator heap = {0};
    spanlink_list_options options = test_list_options();
    options.allocator = test_allocator_interface(&heap);
    options.expected_links = 128;
    spanlink_list *list = test_list_create(&options);
    assert_int_equal(2, heap.calls);
    add_batch_items(list, 128);
    assert_int_equal(2, heap.calls);
    assert_true(heap.live_bytes <= 181 * 128);
    spanlink_list_destroy(list);
    assert_int_equal(0, heap.live_blocks);
}

/* Not even to find out that two of its keys are the same. */
TEST(a_link_with_16_attributes_takes_no_memory_beside_its_copy) {
    test_allocator heap = {0};
    spanlink_list_options options = test_list_options();
    spanlink_attribute attributes[16];
    options.allocator = test_allocator_interface(&heap);
    options.expected_links = 16;
    spanlink_list *list = test_list_create(&options);
    for (size_t i = 0; i < 16; i++) {
        attributes[i] = spanlink_attribute_int(&"abcdefghijklmno"[i % 15], 1);
    }
    spanlink_link link = {
        .context = test_context(1), .attributes = attributes, .attribute_count = 16};
    assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    assert_int_equal(15, spanlink_list_links(list, NULL)->attribute_count);
    assert_int_equal(2, heap.calls);
    spanlink_list_destroy(list);
}

/* The list, the slots of the links to expect, and a table each for those that need one. */
TEST(create_allocates_no_more_than_it_says) {
    for (uint32_t variant = 0; variant < 16; variant++) {
        bool unique = variant / 4 % 2 != 0, has_limit = variant >= 8;
        bool ranked = has_limit && variant % 4 == SPANLINK_OVERFLOW_RESERVOIR;
        test_allocator heap = {0};
        spanlink_list_options options = options_with(has_limit ? 50 : SPANLINK_UNLIMITED,
                                                     (spanlink_overflow)(variant % 4), unique);
        options.allocator = test_allocator_interface(&heap);
        options.expected_links = 50;
        spanlink_list_destroy(test_list_create(&options));
        assert_int_equal(2 + unique + ranked, heap.calls);
    }
}

/* So that what an add costs is shared out. */
TEST(a_list_grows_in_few_steps) {
    for (uint32_t variant = 0; variant < 16; variant++) {
        test_allocator heap = {0};
        spanlink_list_options options =
            options_with(variant < 8 ? SPANLINK_UNLIMITED : 5000, (spanlink_overflow)(variant % 4),
                         variant / 4 % 2 != 0);
        options.allocator = test_allocator_interface(&heap);
        spanlink_list *list = test_list_create(&options);
        test_list_add_range(list, 1, 10000);
        assert_true(heap.calls < 100);
        spanlink_list_destroy(list);
    }
}

/* Of a full list, the gaps are closed and the memory is packed seldom. */
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
    spanlink_list_destroy(list);
}

/* A link without attributes and tracestate has nothing but its slot. */
TEST(a_stream_of_bare_links_takes_bounded_memory) {
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        test_allocator heap = {0};
        spanlink_list_options options = options_with(10, (spanlink_overflow)overflow, false);
        options.allocator = test_allocator_interface(&heap);
        spanlink_list *list = test_list_create(&options);
        for (uint64_t number = 1; number <= 5000; number++) {
            spanlink_link link = {.context = test_context(number)};
            assert_status(SPANLINK_OK, spanlink_list_append(list, &link, 1));
        }
        assert_true(heap.peak_bytes <= spanlink_list_pool_size(&options, 0, 0));
        spanlink_list_destroy(list);
    }
}

/* A link that holds every kind of value, and one of each in arrays and maps. */
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
    made->elements[0] = spanlink_attribute_map("", made->entries, 4).value;
    made->elements[1] = spanlink_attribute_bytes("", bytes, padding % 7).value;
    made->elements[2] = spanlink_attribute_double("", 0.5).value;
    made->elements[3] = spanlink_attribute_array("", NULL, 0).value;
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
    made->link = (spanlink_link){.context = test_context(number),
                                 .attributes = made->attributes,
                                 .attribute_count = padding % 10};
    made->link.context.trace_state = (spanlink_str){text, padding / 2};
}

TEST(links_keep_their_values_while_memory_is_packed) {
    test_allocator heap = {0};
    spanlink_list_options options = options_with(7, SPANLINK_OVERFLOW_KEEP_LAST, false);
    options.allocator = test_allocator_interface(&heap);
    spanlink_list *list = test_list_create(&options);
    uint64_t random = 1;
    static rich_link made[2000];
    for (size_t i = 0; i < 2000; i++) {
        make_rich_link(&made[i], i + 1, test_random_below(&random, 100));
        assert_status(SPANLINK_OK, spanlink_list_add(list, &made[i].link));
        if (i % 3 == 0 && i > 7) {
            size_t count;
            const spanlink_link *links = spanlink_list_links(list, &count);
            for (size_t k = 0; k < count - 1; k++) { /* the last one has the markers, too */
                assert_true(test_same_link(&links[k], &made[i + 1 + k - count].link));
            }
        }
    }
    assert_true(heap.live_bytes < 65536);
    spanlink_list_destroy(list);
}

TEST(a_bounded_stream_takes_bounded_memory) {
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        for (int unique = 0; unique < 2; unique++) {
            test_allocator heap = {0};
            spanlink_list_options options = options_with(128, (spanlink_overflow)overflow, unique);
            options.allocator = test_allocator_interface(&heap);
            spanlink_list *list = test_list_create(&options);
            for (uint64_t i = 1; i <= 1000; i++) {
                assert_status(SPANLINK_OK, add_number(list, i, i % 7 == 0));
            }
            size_t peak = heap.peak_bytes;
            for (uint64_t i = 1001; i <= 1000000; i++) {
                if (add_number(list, i, i % 7 == 0) != SPANLINK_OK) {
                    fail();
                }
            }
            assert_int_equal(peak, heap.peak_bytes);
            assert_true(peak < 64 * 1024);
            expect_markers_only_on_last(list, 1000000);
            spanlink_list_destroy(list);
            assert_int_equal(0, heap.live_blocks);
        }
    }
}

/* A link with up to so many attributes and so much text as given, of random shape. */
typedef struct random_link {
    spanlink_link link;
    spanlink_attribute attributes[32];
    spanlink_value elements[32];
    char text[512];
} random_link;

static void make_random_link(random_link *made, uint64_t *random, uint64_t spans, size_t attributes,
                             size_t text) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz";
    size_t count = test_random_below(random, attributes + 1);
    size_t left = text == 0 ? 0 : test_random_below(random, text + 1);
    memset(made->text, 'x', sizeof made->text);
    made->link = (spanlink_link){.context = test_context(1 + test_random(random) % spans)};
    made->link.context.trace_flags = test_random(random) % 4;
    made->link.attributes = made->attributes;
    size_t used = 0;
    while (used < count && left > 0) {
        spanlink_attribute *attribute = &made->attributes[made->link.attribute_count];
        spanlink_str key = {&letters[made->link.attribute_count], 1};
        left--;
        used++;
        made->link.attribute_count++;
        size_t kind = test_random_below(random, 3);
        if (kind == 0) {
            size_t length = test_random_below(random, left + 1);
            *attribute = spanlink_attribute_make(
                key, spanlink_value_string((spanlink_str){made->text, length}));
            left -= length;
        } else if (kind == 1) {
            *attribute = spanlink_attribute_int(NULL, (int64_t)test_random(random));
            attribute->key = key;
        } else {
            size_t length = test_random_below(random, count - used + 1);
            for (size_t i = 0; i < length; i++) {
                made->elements[used + i] = spanlink_attribute_int(NULL, (int64_t)i).value;
            }
            *attribute = spanlink_attribute_array(NULL, &made->elements[used], length);
            attribute->key = key;
            used += length;
        }
    }
    made->link.context.trace_state = (spanlink_str){made->text, left};
}

TEST(a_pool_of_that_size_cannot_run_out) {
    static const size_t shapes[][3] = {{128, 2, 64},  {1, 1, 10},  {3, 0, 0},
                                       {20, 30, 500}, {50, 20, 0}, {7, 4, 300}};
    uint64_t random = 5;
    for (size_t shape = 0; shape < sizeof shapes / sizeof shapes[0]; shape++) {
        size_t links = shapes[shape][0], attributes = shapes[shape][1], text = shapes[shape][2];
        for (uint32_t variant = 0; variant < 16; variant++) {
            spanlink_list_options options =
                options_with(links, (spanlink_overflow)(variant % 4), variant / 4 % 2);
            options.expected_links = variant >= 8 ? links : 0;
            options.no_markers = variant >= 12;
            size_t size = spanlink_list_pool_size(&options, attributes, text);
            char *buffer = malloc(size);
            spanlink_pool pool;
            options.allocator = spanlink_pool_init(&pool, buffer, size);
            spanlink_list *list = test_list_create(&options);
            random_link made[40];
            spanlink_link batch[40];
            for (int step = 0; step < (shape == 0 ? 20000 : 4000); step++) {
                size_t count = test_random(&random) % 50 == 0 ? 40 : 1;
                for (size_t i = 0; i < count; i++) {
                    make_random_link(&made[i], &random, 3 * links, attributes, text);
                    batch[i] = made[i].link;
                }
                assert_status(SPANLINK_OK, count == 1 ? spanlink_list_add(list, batch)
                                                      : spanlink_list_append(list, batch, count));
                uint64_t action = test_random(&random) % 1000;
                if (action == 0) {
                    assert_status(SPANLINK_OK, spanlink_list_dedup(list));
                } else if (action == 1) {
                    assert_status(SPANLINK_OK, spanlink_list_truncate(list, links / 2));
                } else if (action == 2) {
                    spanlink_list_clear(list);
                }
            }
            spanlink_list_destroy(list);
            free(buffer);
        }
    }
}

/* No chunk of the arena is then large enough for the next link, though nothing is in use. */
TEST(a_pool_of_that_size_holds_one_link_after_smaller_ones) {
    static char text[1500];
    spanlink_list_options options = options_with(1, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    for (size_t most = 8; most <= sizeof text; most += 101) {
        for (size_t step = 8; step <= 512; step *= 2) {
            size_t size = spanlink_list_pool_size(&options, 0, most);
            char *buffer = malloc(size);
            assert_non_null(buffer);
            spanlink_pool pool;
            options.allocator = spanlink_pool_init(&pool, buffer, size);
            spanlink_list *list = test_list_create(&options);
            for (size_t length = 1; length <= most; length += step) {
                spanlink_link link = {.context = test_context(1)};
                link.context.trace_state = (spanlink_str){text, length};
                assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
                assert_status(SPANLINK_OK, spanlink_list_truncate(list, 0));
            }
            spanlink_list_destroy(list);
            free(buffer);
        }
    }
}

/* Of links that have nothing else, the slots and their tables are most of the memory. */
TEST(a_pool_of_that_size_holds_all_slots) {
    static const size_t sizes[][2] = {{500, 500}, {500, 0}, {1500, 562}};
    for (uint32_t variant = 0; variant < 24; variant++) {
        size_t links = sizes[variant / 8][0];
        spanlink_list_options options =
            options_with(links, (spanlink_overflow)(variant % 4), variant / 4 % 2 != 0);
        options.expected_links = sizes[variant / 8][1];
        size_t size = spanlink_list_pool_size(&options, 0, 0);
        char *buffer = malloc(size);
        assert_non_null(buffer);
        spanlink_pool pool;
        options.allocator = spanlink_pool_init(&pool, buffer, size);
        spanlink_list *list = test_list_create(&options);
        for (uint64_t number = 1; number <= 2 * links; number++) {
            spanlink_link link = {.context = test_context(number)};
            assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
            if (number % 50 == 0) {
                assert_status(SPANLINK_OK, spanlink_list_dedup(list));
            }
        }
        assert_int_equal(links, test_stats(list).kept);
        spanlink_list_destroy(list);
        free(buffer);
    }
}

/* However many are offered at once. */
TEST(append_asks_for_the_room_of_those_that_can_stay) {
    static spanlink_attribute storage[20000][1];
    static spanlink_link links[20000];
    for (uint64_t i = 0; i < 20000; i++) {
        links[i] = test_link(i + 1, storage[i]);
    }
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        test_allocator heap = {0};
        spanlink_list_options options = options_with(100, (spanlink_overflow)overflow, false);
        options.allocator = test_allocator_interface(&heap);
        spanlink_list *list = test_list_create(&options);
        assert_status(SPANLINK_OK, spanlink_list_append(list, links, 20000));
        expect_stats(list, 100, 0, 19900, 0);
        assert_true(heap.peak_bytes <= spanlink_list_pool_size(&options, 1, 1));
        spanlink_list_destroy(list);
    }
}

TEST(a_pool_size_that_cannot_be_is_the_largest_number) {
    spanlink_list_options options = options_with(10, SPANLINK_OVERFLOW_RESERVOIR, true);
    assert_true(spanlink_list_pool_size(&options, SIZE_MAX, 64) == SIZE_MAX);
    assert_true(spanlink_list_pool_size(&options, 2, SIZE_MAX) == SIZE_MAX);
    assert_true(spanlink_list_pool_size(&options, SIZE_MAX / 130, 0) == SIZE_MAX);
    assert_true(spanlink_list_pool_size(&options, 2, SIZE_MAX / 3) == SIZE_MAX);
    options.overflow = 4;
    assert_true(spanlink_list_pool_size(&options, 2, 64) == SIZE_MAX);
    options = (spanlink_list_options)SPANLINK_LIST_OPTIONS_INIT;
    assert_true(spanlink_list_pool_size(&options, 2, 64) == spanlink_list_pool_size(NULL, 2, 64));
    options.limits.max_links = SPANLINK_UNLIMITED;
    assert_true(spanlink_list_pool_size(&options, 2, 64) == SIZE_MAX);
    options.limits.max_links = SIZE_MAX / 100;
    assert_true(spanlink_list_pool_size(&options, 2, 64) == SIZE_MAX);
    options.limits.max_links = SPANLINK_NONE;
    assert_true(spanlink_list_pool_size(&options, 0, 0) < 2048);
}

/* With every choice of the other options. */
TEST(the_bound_of_a_static_buffer_is_at_least_the_pool_size) {
    static const size_t links[] = {1, 2, 7, 8, 9, 100, 128, 129, 256, 257, 4096, 5000, 100000};
    static const size_t attributes[] = {0, 1, 2, 16, 17, 100, 1000};
    static const size_t texts[] = {0, 1, 64, 500, 5000, 100000};
    for (size_t i = 0; i < 13 * 7 * 6 * 32; i++) {
        size_t k = links[i % 13], a = attributes[i / 13 % 7], t = texts[i / 13 / 7 % 6];
        size_t variant = i / 13 / 7 / 6;
        spanlink_list_options options =
            options_with(k, (spanlink_overflow)(variant % 4), variant / 4 % 2 != 0);
        options.no_markers = variant / 8 % 2 != 0;
        options.expected_links = variant / 16 % 2 != 0 ? k : 0;
        size_t size = spanlink_list_pool_size(&options, a, t);
        assert_true(size == SIZE_MAX || size <= SPANLINK_LIST_POOL_BOUND(k, a, t));
    }
}

/* A constant expression. */
TEST(a_list_runs_in_a_static_buffer) {
    static char buffer[SPANLINK_LIST_POOL_BOUND(8, 2, 64)];
    spanlink_pool pool;
    spanlink_list_options options = options_with(8, SPANLINK_OVERFLOW_RESERVOIR, true);
    options.allocator = spanlink_pool_init(&pool, buffer, sizeof buffer);
    options.expected_links = 8;
    spanlink_list *list = test_list_create(&options);
    test_list_add_range(list, 1, 1000);
    expect_stats(list, 8, 0, 992, 0);
    spanlink_list_destroy(list);
}

TEST(a_hundred_thousand_links_run_without_a_heap) {
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        spanlink_list_options options = options_with(128, (spanlink_overflow)overflow, true);
        size_t size = spanlink_list_pool_size(&options, 1, 1);
        char *buffer = malloc(size);
        spanlink_pool pool;
        options.allocator = spanlink_pool_init(&pool, buffer, size);
        spanlink_list *list = test_list_create(&options);
        test_list_add_range(list, 1, 100000);
        expect_stats(list, 128, 0, 100000 - 128, 0);
        expect_markers_only_on_last(list, 100000);
        spanlink_list_destroy(list);
        free(buffer);
    }
}

/* Two lists, made and then changed in all ways, while every allocation fails in turn. */

static spanlink_list_options failing_options;

typedef struct failing_lists {
    spanlink_allocator allocator;
    spanlink_list *lists[2];
} failing_lists;

static spanlink_status change(spanlink_list *list, spanlink_list *other, size_t step) {
    static random_link made[8];
    spanlink_link batch[8];
    uint64_t random = step * 1000;
    for (size_t i = 0; i < 8; i++) {
        make_random_link(&made[i], &random, 30, i == 0 ? 30 : 4, 100);
        batch[i] = made[i].link;
        batch[i].context.trace_flags = i % 2 != 0;
    }
    switch (step % 6) {
    case 0:
        return spanlink_list_append(list, batch, 8);
    case 1:
        return spanlink_list_merge(list, other);
    case 2:
        return spanlink_list_dedup(list);
    case 3:
        return spanlink_list_truncate(list, 5);
    case 4:
        return spanlink_list_append(other, batch, 8);
    default:
        return spanlink_list_add(list, batch);
    }
}

static spanlink_status make_or_change(void *world, size_t step) {
    failing_lists *w = world;
    if (step < 2) {
        spanlink_list_options options = failing_options;
        options.allocator = w->allocator;
        return spanlink_list_create(&options, &w->lists[step]);
    }
    return change(w->lists[0], w->lists[1], step - 2);
}

static void look_at_lists(void *world, test_picture *picture) {
    failing_lists *w = world;
    test_picture_list(picture, w->lists[0]);
    test_picture_list(picture, w->lists[1]);
}

static void end_lists(void *world) {
    failing_lists *w = world;
    spanlink_list_destroy(w->lists[0]);
    spanlink_list_destroy(w->lists[1]);
}

TEST(every_allocation_may_fail) {
    failing_lists world;
    for (uint32_t variant = 0; variant < 16; variant++) {
        failing_options = options_with(12, (spanlink_overflow)(variant % 4), variant / 4 % 2);
        failing_options.expected_links = variant >= 8 ? 4 : 0;
        test_scenario scenario = {
            62, &world, sizeof world, &world.allocator, make_or_change, look_at_lists, end_lists};
        assert_true(test_scenario_fail(&scenario) > 10);
    }
}

/* Each kind of link has memory of its own to ask for. */
static spanlink_status add_of_a_kind(spanlink_list *list, size_t number) {
    spanlink_context context = test_context(number + 1);
    switch (number % 6) {
    case 0:
        return spanlink_list_add_of_type(list, &context, SPANLINK_LINK_TYPE_CAUSED_BY);
    case 1:
        return spanlink_list_add_custom(list, &context, "a type of its own");
    case 2:
        return spanlink_list_add_batch_item(list, &context, 1);
    case 3:
        return spanlink_list_add_retry(list, &context, 2);
    case 4:
        return spanlink_list_add_aggregate(list, &context, "a source");
    default:
        return spanlink_list_add_causal(list, &context, "a reason");
    }
}

static spanlink_status make_or_add(void *world, size_t step) {
    failing_lists *w = world;
    return step < 2 ? make_or_change(world, step) : add_of_a_kind(w->lists[0], step);
}

TEST(links_of_every_kind_may_lack_memory) {
    failing_lists world;
    failing_options = options_with(20, SPANLINK_OVERFLOW_KEEP_LAST, true);
    test_scenario scenario = {50,          &world,        sizeof world, &world.allocator,
                              make_or_add, look_at_lists, end_lists};
    assert_true(test_scenario_fail(&scenario) > 10);
    assert_true(test_scenario_fail_in_pools(&scenario) > 100);
}

TEST(a_first_cut_without_memory_for_the_markers_changes_nothing) {
    test_allocator heap = {0};
    spanlink_list_options options = options_with(1, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    options.allocator = test_allocator_interface(&heap);
    spanlink_list *list = test_list_create(&options);
    test_list_add(list, 1);
    heap.fail_at = heap.calls + 1;
    assert_status(SPANLINK_ERR_NO_MEMORY, add_number(list, 2, false));
    expect_stats(list, 1, 0, 0, 0);
    expect_markers_only_on_last(list, -1);
    test_list_add(list, 2);
    expect_markers_only_on_last(list, 2);
    spanlink_list_destroy(list);
}

/* Links that need all of what planning a copy may need, in a list that has cut some. */
static spanlink_list *list_of_demanding_links(uint32_t overflow) {
    spanlink_list *list = bounded(3, (spanlink_overflow)overflow, false);
    spanlink_value nested[20];
    nested[0] = spanlink_attribute_int("i", 1).value;
    for (size_t i = 1; i < 20; i++) {
        nested[i] = spanlink_attribute_array("a", &nested[i - 1], 1).value;
    }
    static const char keys[] = "abcdefghijklmnopqrst";
    spanlink_attribute attributes[20];
    for (size_t i = 0; i < 20; i++) {
        attributes[i] = (spanlink_attribute){{&keys[i], 1}, nested[i]};
    }
    for (uint64_t number = 1; number <= 5; number++) {
        spanlink_link link = {
            .context = test_context(number), .attributes = attributes, .attribute_count = 20};
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    }
    return list;
}

/* The list that is merged is there already: it has memory of its own. */
static spanlink_status make_or_merge(void *world, size_t step) {
    failing_lists *w = world;
    switch (step) {
    case 0:
        return make_or_change(world, 0);
    case 1:
        w->lists[1] = list_of_demanding_links(failing_options.overflow);
        return SPANLINK_OK;
    default:
        return spanlink_list_merge(w->lists[0], w->lists[1]);
    }
}

TEST(a_merge_without_memory_changes_neither_list) {
    failing_lists world;
    for (uint32_t overflow = 0; overflow < 4; overflow++) {
        for (size_t max_links = 0; max_links < 8; max_links++) {
            failing_options =
                options_with(max_links, (spanlink_overflow)overflow, max_links % 2 != 0);
            test_scenario scenario = {
                3, &world, sizeof world, &world.allocator, make_or_merge, look_at_lists, end_lists};
            assert_in_range(test_scenario_fail(&scenario), 4, 20);
        }
    }
}

TEST(a_link_with_more_attributes_than_memory_holds_is_refused) {
    spanlink_list_options options = test_list_options();
    options.limits.max_attributes = SPANLINK_UNLIMITED;
    spanlink_list *list = test_list_create(&options);
    spanlink_attribute attribute = spanlink_attribute_int("n", 1);
    spanlink_link link = {
        .context = test_context(1), .attributes = &attribute, .attribute_count = SIZE_MAX};
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_add(list, &link));
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_append(list, &link, 1));
    expect_stats(list, 0, 0, 0, 0);
    spanlink_list_destroy(list);
}

TEST(a_link_too_large_for_memory_is_refused_without_harm) {
    test_allocator heap = {0};
    spanlink_list_options options = test_list_options();
    options.allocator = test_allocator_interface(&heap);
    spanlink_list *list = test_list_create(&options);
    spanlink_attribute attributes[2] = {
        spanlink_attribute_bytes("a", (const uint8_t *)"", SIZE_MAX / 2),
        spanlink_attribute_bytes("b", (const uint8_t *)"", SIZE_MAX / 2 + 10)};
    spanlink_link link = {
        .context = test_context(1), .attributes = attributes, .attribute_count = 2};
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_add(list, &link));
    link.attribute_count = 1;
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_add(list, &link));
    spanlink_link two[2] = {link, link};
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_append(list, two, 2));
    expect_stats(list, 0, 0, 0, 0);
    test_list_add_range(list, 1, 3);
    assert_string_equal("1 2 3", numbers(list));
    assert_status(SPANLINK_OK, spanlink_list_truncate(list, 2)); /* it has cut: another way */
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_append(list, two, 2));
    two[1].attribute_count = 2;
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_list_append(list, two, 2));
    expect_stats(list, 2, 0, 1, 0);
    spanlink_list_destroy(list);
}

/* Copies of lists, and lists that are given to themselves */

/* Holes in front and in the middle, links of all kinds, cuts, and the markers on or off. */
static spanlink_list *make_list_to_copy(spanlink_overflow overflow, bool unique, bool read) {
    spanlink_list_options options = options_with(6, overflow, unique);
    options.seed = 5;
    spanlink_list *list = test_list_create(&options);
    spanlink_value element = spanlink_value_string(spanlink_str_from("inside"));
    for (uint64_t i = 1; i <= 20; i++) {
        spanlink_attribute attributes[2] = {
            spanlink_attribute_int("n", (int64_t)i),
            spanlink_attribute_array("array", &element, 1),
        };
        spanlink_link link = {.context = test_context(i), .attributes = attributes};
        link.attribute_count = 2;
        link.context.trace_flags = i % 3 == 0;
        link.context.trace_state = spanlink_str_from(i % 2 == 0 ? "a=b" : "");
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
    }
    spanlink_link nowhere = {.attribute_count = 0};
    assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_list_add(list, &nowhere));
    if (read) {
        (void)spanlink_list_links(list, NULL);
    }
    return list;
}

static void expect_same_lists(spanlink_list *a, spanlink_list *b) {
    test_picture first = {NULL, 0, 0}, second = {NULL, 0, 0};
    test_picture_list(&first, a);
    test_picture_list(&second, b);
    assert_true(test_picture_same(&first, &second));
    test_picture_release(&first);
    test_picture_release(&second);
}

TEST(a_copy_of_a_list_is_and_behaves_like_it) {
    for (uint32_t variant = 0; variant < 16; variant++) {
        spanlink_list *from =
            make_list_to_copy((spanlink_overflow)(variant % 4), variant / 4 % 2, variant / 8);
        spanlink_list *list = test_list_create(NULL);
        test_list_add_range(list, 100, 130);
        assert_status(SPANLINK_OK, spanlink_list_truncate(list, 25));
        assert_status(SPANLINK_OK, spanlink_list_copy(list, from));
        assert_int_equal(spanlink_list_sampled_count(from), spanlink_list_sampled_count(list));
        expect_same_lists(from, list);
        for (uint64_t number = 15; number < 60; number++) {
            test_list_add(from, number);
            test_list_add(list, number);
            expect_same_lists(from, list);
        }
        spanlink_list_clear(from);
        spanlink_list_clear(list);
        test_list_add_range(from, 1, 40);
        test_list_add_range(list, 1, 40);
        expect_same_lists(from, list);
        spanlink_list_destroy(from);
        spanlink_list_destroy(list);
    }
}

TEST(a_copy_changes_neither_the_views_of_the_other_list_nor_its_own_allocator) {
    test_allocator heap = {0};
    spanlink_list_options options = test_list_options();
    options.allocator = test_allocator_interface(&heap);
    options.expected_links = 3;
    spanlink_list *list = test_list_create(&options);
    spanlink_list *from = make_list_to_copy(SPANLINK_OVERFLOW_KEEP_LAST, true, true);
    size_t count;
    const spanlink_link *links = spanlink_list_links(from, &count);
    const spanlink_attribute *attributes = links[count - 1].attributes;
    size_t calls = heap.calls;
    assert_status(SPANLINK_OK, spanlink_list_copy(list, from));
    assert_true(heap.calls > calls);
    assert_ptr_equal(attributes, links[count - 1].attributes);
    assert_ptr_equal(links, spanlink_list_links(from, &count));
    spanlink_list_destroy(from);
    test_list_add_range(list, 1, 100);
    assert_int_equal(6, test_stats(list).kept);
    spanlink_list_destroy(list);
    assert_int_equal(0, heap.live_blocks);
    assert_int_equal(0, heap.wrong_sizes);
}

TEST(an_empty_list_is_copied_with_its_options) {
    spanlink_list_options options = options_with(2, SPANLINK_OVERFLOW_KEEP_LAST, true);
    options.no_markers = true;
    spanlink_list *from = test_list_create(&options), *list = test_list_create(NULL);
    test_list_add_range(list, 1, 3);
    assert_status(SPANLINK_OK, spanlink_list_copy(list, from));
    assert_int_equal(0, test_stats(list).offered);
    test_list_add(list, 3);
    test_list_add(list, 3);
    test_list_add(list, 4);
    test_list_add(list, 5);
    assert_string_equal("4 5", numbers(list));
    assert_null(spanlink_link_find(&spanlink_list_links(list, NULL)[1], "links.truncated"));
    expect_stats(list, 2, 1, 1, 0);
    spanlink_list_destroy(from);
    spanlink_list_destroy(list);
}

static spanlink_status copy_or_make(void *world, size_t step) {
    failing_lists *w = world;
    if (step == 0) {
        return make_or_change(world, 0);
    }
    if (step == 1) {
        w->lists[1] = make_list_to_copy(SPANLINK_OVERFLOW_RESERVOIR, true, false);
        return SPANLINK_OK;
    }
    return spanlink_list_copy(w->lists[0], w->lists[1]);
}

TEST(a_copy_without_memory_changes_nothing) {
    failing_lists world;
    failing_options = options_with(4, SPANLINK_OVERFLOW_KEEP_FIRST, true);
    test_scenario scenario = {
        3, &world, sizeof world, &world.allocator, copy_or_make, look_at_lists, end_lists};
    assert_in_range(test_scenario_fail(&scenario), 6, 20);
}

TEST(a_list_given_to_itself_is_a_status_and_changes_nothing) {
    for (uint32_t variant = 0; variant < 8; variant++) {
        spanlink_list *list =
            make_list_to_copy((spanlink_overflow)(variant % 4), variant / 4 != 0, true);
        spanlink_list *before = test_list_create(NULL);
        assert_status(SPANLINK_OK, spanlink_list_copy(before, list));
        size_t count;
        const spanlink_link *links = spanlink_list_links(list, &count);
        for (size_t i = 0; i < count; i++) {
            assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_add(list, &links[i]));
            assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_append(list, links + i, count - i));
        }
        assert_status(SPANLINK_OK, spanlink_list_append(list, links, 0));
        assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_merge(list, list));
        assert_status(SPANLINK_OK, spanlink_list_copy(list, list));
        expect_same_lists(before, list);
        spanlink_list_destroy(before);
        spanlink_list_destroy(list);
    }
}

TEST(null_is_no_list_to_copy_and_has_no_sampled_links) {
    spanlink_list *list = test_list_create(NULL);
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_copy(NULL, list));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_list_copy(list, NULL));
    assert_int_equal(0, spanlink_list_sampled_count(NULL));
    assert_int_equal(0, spanlink_list_sampled_count(list));
    spanlink_list_destroy(list);
}

/* What a list shows, another list takes: nothing void, whatever kept it from saying something. */
TEST(what_a_list_shows_any_other_list_takes) {
    spanlink_attribute good = spanlink_attribute_int("n", 1),
                       empty_key = spanlink_attribute_int("", 1);
    const spanlink_link offered[] = {
        {.attributes = &good, .attribute_count = 1},
        {.attributes = &empty_key, .attribute_count = 1},
        {.context.trace_state = spanlink_str_from("a=b")},
        {.context.trace_state = spanlink_str_from("a\nb")},
        {.context = {.trace_id = {1}}, .attributes = &empty_key, .attribute_count = 1},
        {.context = {.span_id = {1}}},
        {.context = {.trace_id = {1}, .span_id = {1}}},
    };
    static const bool valid[] = {true, false, true, false, false, false, true};
    for (size_t full = 0; full < 2; full++) {
        spanlink_list_options options = options_with(full != 0 ? 3 : 128, 0, full != 0);
        spanlink_list *list = test_list_create(&options), *other = test_list_create(&options);
        for (size_t i = 0; i < sizeof offered / sizeof offered[0]; i++) {
            assert_status(valid[i] ? SPANLINK_OK : SPANLINK_ERR_LINK_INVALID,
                          spanlink_list_add(list, &offered[i]));
            assert_status(valid[i] ? SPANLINK_OK : SPANLINK_ERR_LINK_INVALID,
                          spanlink_list_append(other, &offered[i], 1));
        }
        expect_stats(list, 3, 0, 0, 4);
        expect_same_lists(list, other);
        size_t count;
        const spanlink_link *links = spanlink_list_links(list, &count);
        spanlink_list_clear(other);
        assert_status(SPANLINK_OK, spanlink_list_append(other, links, count));
        expect_stats(other, 3, 0, 0, 0);
        spanlink_list_destroy(list);
        spanlink_list_destroy(other);
    }
}

/* A list with narrower limits keeps nothing of some of them. */
TEST(a_merge_counts_links_of_which_nothing_is_kept_as_invalid) {
    spanlink_list_options narrow = options_with(10, SPANLINK_OVERFLOW_KEEP_FIRST, false);
    narrow.limits.max_attributes = SPANLINK_NONE;
    spanlink_list *list = test_list_create(&narrow), *from = test_list_create(NULL);
    spanlink_attribute storage[1];
    spanlink_link link = test_link(1, storage);
    assert_status(SPANLINK_OK, spanlink_list_add(from, &link));
    link.context = (spanlink_context){.trace_flags = 1};
    assert_status(SPANLINK_OK, spanlink_list_add(from, &link));
    assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_list_add(list, &link));
    assert_status(SPANLINK_OK, spanlink_list_merge(list, from));
    expect_stats(list, 1, 0, 0, 2);
    spanlink_list_destroy(list);
    spanlink_list_destroy(from);
}

TEST(with_no_markers_the_statistics_alone_tell_of_cuts) {
    test_allocator heap = {0};
    spanlink_list_options options = options_with(2, SPANLINK_OVERFLOW_KEEP_LAST, false);
    options.allocator = test_allocator_interface(&heap);
    options.no_markers = true;
    options.expected_links = 2;
    spanlink_list *list = test_list_create(&options);
    size_t calls = heap.calls;
    test_list_add_range(list, 1, 9);
    assert_status(SPANLINK_OK, spanlink_list_truncate(list, 1));
    assert_int_equal(1, spanlink_list_links(list, NULL)->attribute_count);
    assert_int_equal(calls, heap.calls);
    expect_stats(list, 1, 0, 8, 0);
    spanlink_list_destroy(list);
}

/* Own attributes under a marker's key are hidden while the link carries the markers, and come back.
 */
TEST(markers_hide_attributes_of_their_keys_on_the_link_that_carries_them) {
    spanlink_list_options options = options_with(2, SPANLINK_OVERFLOW_KEEP_LAST, false);
    spanlink_list *list = test_list_create(&options);
    spanlink_attribute own[] = {spanlink_attribute_string("links.truncated", "mine"),
                                spanlink_attribute_int("n", 1),
                                spanlink_attribute_int("links.original_count", -5)};
    spanlink_link link = {.context = test_context(1), .attributes = own, .attribute_count = 3};
    for (int i = 0; i < 4; i++) {
        assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
        size_t count;
        const spanlink_link *links = spanlink_list_links(list, &count);
        const spanlink_attribute *shown = spanlink_link_find(&links[count - 1], "links.truncated");
        assert_int_equal(i < 2 ? SPANLINK_VALUE_STRING : SPANLINK_VALUE_BOOL, shown->value.type);
        assert_int_equal(3, links[count - 1].attribute_count);
        for (size_t j = 0; j + 1 < count; j++) {
            assert_true(test_same_link(&link, &links[j]));
        }
    }
    spanlink_list_destroy(list);
}

/* As tracestate, key or value, in any order: a block is told by its slot, not by where a text is.
 */
TEST(static_texts_are_welcome_everywhere_while_memory_is_packed) {
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
        spanlink_list_options options = options_with(20, (spanlink_overflow)(variant % 4), false);
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
            assert_status(SPANLINK_OK, spanlink_list_add(list, &link));
            if (i % 700 == 0) {
                assert_status(SPANLINK_OK, spanlink_list_truncate(list, 5));
            } else if (i % 500 == 0) {
                assert_status(SPANLINK_OK, spanlink_list_merge(other, list));
                assert_status(SPANLINK_OK, spanlink_list_copy(list, other));
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
        spanlink_list_destroy(list);
        spanlink_list_destroy(other);
    }
}
