/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_allocator.h"
#include "test_collisions.h"
#include "test_links.h"
#include "test_locks.h"
#include "test_scenario.h"

#include <spanlink/cache.h>
#include <spanlink/factory.h>

#include <internal/hash.h>
#include <internal/lock.h>

#include <stdio.h>

AFTER_EACH_TEST(locks_work) {
    test_locks_left = -1;
    return 0;
}

static spanlink_cache_options options_with(size_t capacity, size_t shards) {
    spanlink_cache_options options = SPANLINK_CACHE_OPTIONS_INIT;
    options.capacity = test_limit(capacity);
    options.shards = shards;
    options.hash_seed[0] = 1;
    return options;
}

static spanlink_cache *create(const spanlink_cache_options *options) {
    spanlink_cache *cache = NULL;
    assert_status(SPANLINK_OK, spanlink_cache_create(options, &cache));
    return cache;
}

static spanlink_cache *create_with(size_t capacity, size_t shards) {
    spanlink_cache_options options = options_with(capacity, shards);
    return create(&options);
}

static spanlink_cache_stats stats_of(const spanlink_cache *cache) {
    spanlink_cache_stats stats = SPANLINK_CACHE_STATS_INIT;
    spanlink_cache_get_stats(cache, &stats);
    return stats;
}

static void expect_stats(const spanlink_cache *cache, uint64_t hits, uint64_t misses,
                         uint64_t evictions, uint64_t entries) {
    spanlink_cache_stats stats = stats_of(cache);
    assert_int_equal(hits, stats.hits);
    assert_int_equal(misses, stats.misses);
    assert_int_equal(evictions, stats.evictions);
    assert_int_equal(entries, stats.entries);
}

/* Makes links with the number `number`, `emits` times, ignores what emit says, returns `status`. */
typedef struct maker {
    uint64_t number;
    int emits;
    spanlink_status status;
    int calls;
    spanlink_status emitted; /* what emit said last */
} maker;

static spanlink_status make(void *state, spanlink_str key, spanlink_link_emit_fn emit, void *sink) {
    maker *self = state;
    (void)key;
    self->calls++;
    for (int i = 0; i < self->emits; i++) {
        spanlink_attribute storage[1];
        spanlink_link link = test_link(self->number, storage);
        self->emitted = emit(sink, &link);
    }
    return self->status;
}

static maker maker_of(uint64_t number) {
    return (maker){.number = number, .emits = 1};
}

static spanlink_status get(spanlink_cache *cache, const char *key, maker *from,
                           spanlink_list *list) {
    return spanlink_cache_get_or_create(cache, spanlink_str_from(key), make, from, list);
}

static uint64_t last_number(spanlink_list *list) {
    size_t count;
    const spanlink_link *links = spanlink_list_links(list, &count);
    assert_true(count > 0);
    return test_number(&links[count - 1]);
}

/* The number that a key gives now; a miss gives it `fresh`. */
static uint64_t number_of(spanlink_cache *cache, const char *key, uint64_t fresh) {
    spanlink_list *list = test_list_create(NULL);
    maker from = maker_of(fresh);
    assert_status(SPANLINK_OK, get(cache, key, &from, list));
    assert_int_equal(1, test_stats(list).kept);
    uint64_t number = last_number(list);
    spanlink_list_destroy(list);
    return number;
}

/* Creation */

TEST(the_defaults_are_those_of_the_macros) {
    spanlink_cache_options macro = SPANLINK_CACHE_OPTIONS_INIT, function;
    memset(&function, 0xff, sizeof function);
    spanlink_cache_options_init(&function, sizeof function);
    assert_int_equal(sizeof function, function.struct_size);
    assert_null(function.allocator.allocate);
    assert_memory_equal(&macro.limits, &function.limits, sizeof macro.limits);
    assert_int_equal(1024, function.capacity);
    assert_int_equal(0, function.shards);
    assert_int_equal(0, function.hash_seed[0] | function.hash_seed[1]);
    spanlink_cache_stats stats;
    memset(&stats, 0xff, sizeof stats);
    spanlink_cache_stats_init(&stats, sizeof stats);
    assert_int_equal(sizeof stats, stats.struct_size);
    assert_int_equal(0, stats.hits | stats.misses | stats.evictions | stats.entries);
    spanlink_cache_options_init(NULL, sizeof function);
    spanlink_cache_stats_init(NULL, sizeof stats);
}

TEST(structs_of_other_versions_are_used_as_far_as_known) {
    spanlink_cache_options older;
    memset(&older, 0xff, sizeof older);
    spanlink_cache_options_init(&older, offsetof(spanlink_cache_options, shards));
    assert_int_equal(SIZE_MAX, older.shards);
    spanlink_cache *cache = create(&older);
    assert_int_equal(7, number_of(cache, "key", 7));
    struct {
        spanlink_cache_stats known;
        uint64_t more;
    } newer = {{sizeof newer, 9, 9, 9, 9}, 9};
    spanlink_cache_get_stats(cache, &newer.known);
    assert_int_equal(sizeof newer, newer.known.struct_size);
    assert_int_equal(1, newer.known.misses);
    assert_int_equal(0, newer.more);
    spanlink_cache_stats shorter = {offsetof(spanlink_cache_stats, misses), 9, 9, 9, 9};
    spanlink_cache_get_stats(cache, &shorter);
    assert_int_equal(0, shorter.hits);
    assert_int_equal(9, shorter.misses);
    spanlink_cache_stats none = {0, 9, 9, 9, 9};
    spanlink_cache_get_stats(cache, &none);
    assert_int_equal(9, none.hits);
    spanlink_cache_destroy(cache);
}

/* A later version may give them a meaning, which this one would not heed. */
TEST(limits_that_are_not_known_make_no_cache) {
    spanlink_cache *cache = NULL;
    for (size_t i = 0; i < 4; i++) {
        spanlink_cache_options options = SPANLINK_CACHE_OPTIONS_INIT;
        options.limits.reserved[i] = 1;
        assert_status(SPANLINK_ERR_ARGUMENT, spanlink_cache_create(&options, &cache));
        assert_null(cache);
    }
}

TEST(bad_arguments_make_no_cache) {
    spanlink_cache *cache = NULL;
    spanlink_cache_options options = SPANLINK_CACHE_OPTIONS_INIT;
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_cache_create(&options, NULL));
    options.struct_size = 0;
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_cache_create(&options, &cache));
    test_allocator memory = {.fail_at = 0};
    options = options_with(1, 1);
    options.allocator = test_allocator_interface(&memory);
    options.allocator.release = NULL;
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_cache_create(&options, &cache));
    options = options_with(SPANLINK_UNLIMITED, SPANLINK_UNLIMITED);
    options.allocator = test_allocator_interface(&memory);
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_cache_create(&options, &cache));
    options.shards = SIZE_MAX / 2;
    assert_status(SPANLINK_ERR_NO_MEMORY, spanlink_cache_create(&options, &cache));
    assert_null(cache);
}

TEST(a_lock_that_cannot_be_made_leaves_nothing_behind) {
    spanlink_status status = SPANLINK_ERR_LOCK;
    int left = 0;
    for (; status == SPANLINK_ERR_LOCK; left++) {
        spanlink_cache *cache = NULL;
        test_allocator memory = {.fail_at = 0};
        spanlink_cache_options options = options_with(100, 3);
        options.allocator = test_allocator_interface(&memory);
        test_locks_left = left;
        status = spanlink_cache_create(&options, &cache);
        assert_true((cache != NULL) == (status == SPANLINK_OK));
        assert_int_equal(cache != NULL ? left : 0, test_locks_live);
        spanlink_cache_destroy(cache);
        assert_int_equal(0, memory.live_blocks);
        assert_int_equal(0, test_locks_live);
    }
    assert_status(SPANLINK_OK, status);
    assert_true(left > 5);
}

TEST(null_is_refused_or_empty) {
    spanlink_cache *cache = create(NULL);
    spanlink_list *list = test_list_create(NULL);
    maker from = maker_of(1);
    spanlink_str key = spanlink_str_from("key"), bad = {NULL, 1};
    assert_status(SPANLINK_ERR_ARGUMENT,
                  spanlink_cache_get_or_create(NULL, key, make, &from, list));
    assert_status(SPANLINK_ERR_ARGUMENT,
                  spanlink_cache_get_or_create(cache, bad, make, &from, list));
    assert_status(SPANLINK_ERR_ARGUMENT,
                  spanlink_cache_get_or_create(cache, key, NULL, &from, list));
    assert_status(SPANLINK_ERR_ARGUMENT,
                  spanlink_cache_get_or_create(cache, key, make, &from, NULL));
    assert_int_equal(0, from.calls);
    assert_false(spanlink_cache_remove(NULL, key));
    assert_false(spanlink_cache_remove(cache, bad));
    spanlink_cache_clear(NULL);
    spanlink_cache_stats stats = {sizeof stats, 7, 7, 7, 7};
    spanlink_cache_get_stats(NULL, &stats);
    assert_int_equal(7, stats.hits);
    spanlink_cache_get_stats(cache, NULL);
    spanlink_cache_destroy(NULL);
    expect_stats(cache, 0, 0, 0, 0);
    spanlink_cache_destroy(cache);
    spanlink_list_destroy(list);
}

/* Hits and misses */

TEST(a_miss_creates_and_a_hit_appends_a_copy) {
    spanlink_cache *cache = create(NULL);
    spanlink_list *list = test_list_create(NULL);
    maker first = maker_of(1), second = maker_of(2);
    assert_status(SPANLINK_OK, get(cache, "key", &first, list));
    assert_int_equal(1, first.calls);
    assert_status(SPANLINK_OK, first.emitted);
    assert_status(SPANLINK_OK, get(cache, "key", &second, list));
    assert_int_equal(0, second.calls);
    assert_int_equal(2, test_stats(list).kept);
    assert_int_equal(1, last_number(list));
    expect_stats(cache, 1, 1, 0, 1);
    spanlink_cache_destroy(cache);
    assert_int_equal(1, last_number(list));
    spanlink_list_destroy(list);
}

static spanlink_status make_rich(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                 void *sink) {
    const spanlink_link *wanted = state;
    (void)key;
    char text[] = "value", tracestate[] = "a=1,b=2";
    spanlink_attribute attributes[2] = {spanlink_attribute_string("text", text),
                                        spanlink_attribute_int("number", 7)};
    spanlink_link link = *wanted;
    link.attributes = attributes;
    link.context.trace_state = spanlink_str_from(tracestate);
    spanlink_status status = emit(sink, &link);
    memset(text, 'x', 5);
    memset(tracestate, 'x', 7);
    memset(attributes, 0, sizeof attributes);
    return status;
}

TEST(the_stored_link_is_the_one_emitted) {
    spanlink_cache *cache = create(NULL);
    spanlink_list *list = test_list_create(NULL);
    spanlink_attribute attributes[2] = {spanlink_attribute_string("text", "value"),
                                        spanlink_attribute_int("number", 7)};
    spanlink_link wanted = {test_context(5), attributes, 2, 3};
    wanted.context.trace_state = spanlink_str_from("a=1,b=2");
    wanted.context.is_remote = true;
    wanted.context.trace_flags = 0x83;
    for (int i = 0; i < 2; i++) {
        assert_status(SPANLINK_OK, spanlink_cache_get_or_create(cache, spanlink_str_from("key"),
                                                                make_rich, &wanted, list));
    }
    const spanlink_link *links = spanlink_list_links(list, NULL);
    assert_true(test_same_link(&wanted, &links[0]));
    assert_true(test_same_link(&wanted, &links[1]));
    spanlink_cache_destroy(cache);
    spanlink_list_destroy(list);
}

TEST(limits_hold_for_what_is_stored) {
    spanlink_cache_options options = options_with(10, 1);
    options.limits.max_attributes = 1;
    options.limits.max_value_length = 3;
    options.limits.max_links = SPANLINK_NONE;
    spanlink_cache *cache = create(&options);
    spanlink_list *list = test_list_create(NULL);
    spanlink_link wanted = {.context = test_context(5), .attribute_count = 2};
    assert_status(SPANLINK_OK, spanlink_cache_get_or_create(cache, spanlink_str_from("key"),
                                                            make_rich, &wanted, list));
    const spanlink_link *links = spanlink_list_links(list, NULL);
    assert_int_equal(1, links[0].attribute_count);
    assert_int_equal(1, links[0].dropped_attributes_count);
    assert_text("val", links[0].attributes[0].value.string_value);
    expect_stats(cache, 0, 1, 0, 1);
    spanlink_cache_destroy(cache);
    spanlink_list_destroy(list);
}

static spanlink_status keep_key(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                void *sink) {
    spanlink_attribute attribute =
        spanlink_attribute_make(spanlink_str_from("key"), spanlink_value_string(key));
    spanlink_link link = {test_context(1), &attribute, 1, 0};
    (void)state;
    return emit(sink, &link);
}

TEST(a_key_is_any_bytes) {
    static char many[3000];
    memset(many, 'x', sizeof many);
    const spanlink_str keys[] = {{NULL, 0},    {"\0", 1},   {"\0\0", 2}, {"a", 1},
                                 {"a\0", 2},   {"a\0b", 3}, {"a\0c", 3}, {"\xff\xfe", 2},
                                 {many, 15},   {many, 16},  {many, 17},  {many, 2999},
                                 {many, 3000}, {"A", 1},    {"a ", 2},   {"0123456789", 10}};
    enum { KEYS = sizeof keys / sizeof keys[0] };
    spanlink_cache *cache = create(NULL);
    for (size_t round = 0; round < 2; round++) {
        for (size_t i = 0; i < KEYS; i++) {
            spanlink_list *list = test_list_create(NULL);
            char copy[3000];
            if (keys[i].len != 0) {
                memcpy(copy, keys[i].ptr, keys[i].len);
            }
            spanlink_str key = {copy, keys[i].len};
            assert_status(SPANLINK_OK,
                          spanlink_cache_get_or_create(cache, key, keep_key, NULL, list));
            memset(copy, 'z', sizeof copy);
            const spanlink_str held =
                spanlink_list_links(list, NULL)->attributes[0].value.string_value;
            assert_int_equal(keys[i].len, held.len);
            if (held.len != 0) {
                assert_memory_equal(keys[i].ptr, held.ptr, held.len);
            }
            spanlink_list_destroy(list);
        }
    }
    expect_stats(cache, KEYS, KEYS, 0, KEYS);
    assert_true(spanlink_cache_remove(cache, keys[0]));
    spanlink_cache_destroy(cache);
}

static const uint64_t known_seed[2] = {1, 0};

/* Keys of 16 and of 32 bytes with one hash: the step before the last leaves what the last one turns
 * to zero, whatever the length is. */
static void make_key_of_hash_0(char *key, size_t length) {
    slnk_hash_seed seed = slnk_hash_seed_from(known_seed[0], known_seed[1]);
    uint64_t before = length == 16 ? seed.a : 0;
    if (length == 32) {
        test_collide_text(known_seed, 0, key);
    }
    slnk_bytes_store64((uint8_t *)key + length - 16, before ^ 1);
    slnk_bytes_store64((uint8_t *)key + length - 8, SLNK_HASH_1 ^ seed.b);
    assert_int_equal(0, slnk_hash_text(seed, key, length));
}

TEST(keys_with_equal_hashes_are_told_apart) {
    char keys[4][32];
    test_collide_text(known_seed, 'a', keys[0]);
    test_collide_text(known_seed, 'b', keys[1]);
    make_key_of_hash_0(keys[2], 16);
    make_key_of_hash_0(keys[3], 32);
    const spanlink_str views[4] = {{keys[0], 16}, {keys[1], 16}, {keys[2], 16}, {keys[3], 32}};
    slnk_hash_seed seed = slnk_hash_seed_from(known_seed[0], known_seed[1]);
    assert_true(slnk_hash_text(seed, keys[0], 16) == slnk_hash_text(seed, keys[1], 16));
    spanlink_cache *cache = create_with(10, 1);
    spanlink_list *list = test_list_create(NULL);
    for (size_t i = 0; i < 12; i++) {
        maker from = maker_of(i % 4);
        assert_status(SPANLINK_OK,
                      spanlink_cache_get_or_create(cache, views[i % 4], make, &from, list));
        assert_int_equal(i % 4, last_number(list));
    }
    expect_stats(cache, 8, 4, 0, 4);
    assert_true(spanlink_cache_remove(cache, views[1]));
    assert_false(spanlink_cache_remove(cache, views[1]));
    expect_stats(cache, 8, 4, 0, 3);
    spanlink_cache_destroy(cache);
    spanlink_list_destroy(list);
}

static void ask_for_colliding(spanlink_cache *cache, unsigned first, unsigned last,
                              spanlink_list *list) {
    for (unsigned i = first; i <= last; i++) {
        char key[TEST_COLLIDING_TEXT];
        test_collide_text(known_seed, i, key);
        maker from = maker_of(i);
        assert_status(SPANLINK_OK, spanlink_cache_get_or_create(
                                       cache, (spanlink_str){key, sizeof key}, make, &from, list));
        assert_int_equal(i, last_number(list));
    }
}

/* Look-ups stay short: of as many keys as that the oldest make way, though there is room, and also
 * where the table has just grown. */
TEST(keys_that_are_aimed_at_one_bucket_make_way_for_each_other) {
    enum { MOST = 32 };
    static const unsigned keys[] = {MOST + 1, 40, 64, 65, 100};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        spanlink_cache *cache = create_with(SPANLINK_UNLIMITED, 1);
        spanlink_list *list = test_list_create(NULL);
        ask_for_colliding(cache, 1, keys[i], list);
        expect_stats(cache, 0, keys[i], keys[i] - MOST, MOST);
        ask_for_colliding(cache, keys[i] - MOST + 1, keys[i], list);
        expect_stats(cache, MOST, keys[i], keys[i] - MOST, MOST);
        spanlink_cache_destroy(cache);
        spanlink_list_destroy(list);
    }
}

/* The order of use: a model beside a cache of one shard. */

typedef struct model {
    unsigned keys[8]; /* the most recently used first */
    size_t count, capacity;
} model;

static size_t model_find(const model *m, unsigned key) {
    size_t i = 0;
    while (i < m->count && m->keys[i] != key) {
        i++;
    }
    return i;
}

static void model_remove(model *m, size_t i) {
    memmove(&m->keys[i], &m->keys[i + 1], (m->count - i - 1) * sizeof m->keys[0]);
    m->count--;
}

/* Whether it was a hit. */
static bool model_use(model *m, unsigned key) {
    size_t i = model_find(m, key);
    bool hit = i < m->count;
    if (hit) {
        model_remove(m, i);
    } else if (m->count == m->capacity) {
        m->count--;
    }
    memmove(&m->keys[1], &m->keys[0], m->count * sizeof m->keys[0]);
    m->keys[0] = key;
    m->count++;
    return hit;
}

static void model_step(spanlink_cache *cache, model *m, uint64_t random) {
    char key[32];
    unsigned number = (unsigned)(random >> 8) % 10;
    snprintf(key, sizeof key, "k%u", number);
    if (random % 64 == 0) {
        spanlink_cache_clear(cache);
        m->count = 0;
    } else if (random % 64 < 6) {
        size_t i = model_find(m, number);
        assert_int_equal(i < m->count, spanlink_cache_remove(cache, spanlink_str_from(key)));
        if (i < m->count) {
            model_remove(m, i);
        }
    } else {
        uint64_t misses = stats_of(cache).misses;
        assert_int_equal(number, number_of(cache, key, number));
        assert_int_equal(model_use(m, number) ? misses : misses + 1, stats_of(cache).misses);
    }
    assert_int_equal(m->count, stats_of(cache).entries);
}

TEST(one_shard_forgets_the_least_recently_used) {
    for (size_t capacity = 1; capacity <= 7; capacity++) {
        spanlink_cache *cache = create_with(capacity, capacity % 2);
        model m = {.capacity = capacity};
        uint64_t random = capacity;
        for (int step = 0; step < 2000; step++) {
            model_step(cache, &m, test_random(&random));
        }
        spanlink_cache_destroy(cache);
    }
}

TEST(evictions_are_counted) {
    spanlink_cache *cache = create_with(2, 1);
    number_of(cache, "a", 1);
    number_of(cache, "b", 2);
    number_of(cache, "a", 3);
    number_of(cache, "c", 4);
    expect_stats(cache, 1, 3, 1, 2);
    assert_int_equal(1, number_of(cache, "a", 5));
    assert_int_equal(6, number_of(cache, "b", 6));
    expect_stats(cache, 2, 4, 2, 2);
    spanlink_cache_destroy(cache);
}

TEST(with_capacity_zero_nothing_is_kept) {
    spanlink_cache *cache = create_with(0, 0);
    assert_int_equal(1, number_of(cache, "a", 1));
    assert_int_equal(2, number_of(cache, "a", 2));
    expect_stats(cache, 0, 2, 0, 0);
    spanlink_cache_destroy(cache);
}

static void fill(spanlink_cache *cache, size_t keys) {
    for (size_t i = 0; i < keys; i++) {
        char key[32];
        snprintf(key, sizeof key, "key %zu", i);
        assert_int_equal(i, number_of(cache, key, i));
    }
}

/* All zero but its size, or no options at all. */
TEST(a_default_cache_keeps_1024_links) {
    spanlink_cache_options zero = {.struct_size = sizeof zero};
    const spanlink_cache_options *defaults[] = {NULL, &zero};
    for (size_t i = 0; i < 2; i++) {
        spanlink_cache *cache = create(defaults[i]);
        fill(cache, 1024);
        expect_stats(cache, 0, 1024, 0, 1024);
        fill(cache, 1100);
        assert_int_equal(1024, stats_of(cache).entries);
        spanlink_cache_destroy(cache);
    }
}

TEST(an_unlimited_cache_keeps_all) {
    static const size_t shards[] = {0, 1, 5};
    for (size_t i = 0; i < 3; i++) {
        spanlink_cache *cache = create_with(SPANLINK_UNLIMITED, shards[i]);
        fill(cache, 3000);
        expect_stats(cache, 0, 3000, 0, 3000);
        fill(cache, 3000);
        expect_stats(cache, 3000, 3000, 0, 3000);
        spanlink_cache_destroy(cache);
    }
}

/* No shard overflows before the whole cache is full, however the keys fall. */
TEST(as_many_keys_as_the_capacity_all_stay) {
    static const size_t shards[] = {0, 1, 2, 32};
    for (size_t i = 0; i < 4; i++) {
        spanlink_cache *cache = create_with(1024, shards[i]);
        fill(cache, 1024);
        fill(cache, 1024);
        expect_stats(cache, 1024, 1024, 0, 1024);
        fill(cache, 5000);
        assert_int_equal(1024, stats_of(cache).entries);
        spanlink_cache_destroy(cache);
    }
}

TEST(no_shard_is_without_room) {
    spanlink_cache *cache = create_with(3, 1000);
    for (size_t i = 0; i < 100; i++) {
        char key[32];
        snprintf(key, sizeof key, "key %zu", i);
        number_of(cache, key, i);
        assert_int_equal(i, number_of(cache, key, 7));
        assert_true(stats_of(cache).entries <= 3);
    }
    spanlink_cache_destroy(cache);
}

/* Which of many keys are still there, as bits. */
static uint64_t keys_left(const uint64_t hash_seed[2]) {
    spanlink_cache_options options = options_with(16, 4);
    memcpy(options.hash_seed, hash_seed, sizeof options.hash_seed);
    spanlink_cache *cache = create(&options);
    uint64_t left = 0;
    fill(cache, 64);
    for (size_t i = 0; i < 64; i++) {
        char key[32];
        snprintf(key, sizeof key, "key %zu", i);
        left |= (uint64_t)spanlink_cache_remove(cache, spanlink_str_from(key)) << i;
    }
    spanlink_cache_destroy(cache);
    return left;
}

/* Where two keys meet depends on a secret. */
TEST(the_hash_seed_decides_which_keys_share_a_shard) {
    static const uint64_t seeds[3][2] = {{1, 0}, {2, 0}, {1, 1}};
    assert_true(keys_left(seeds[0]) == keys_left(seeds[0]));
    assert_true(keys_left(seeds[0]) != keys_left(seeds[1]));
    assert_true(keys_left(seeds[0]) != keys_left(seeds[2]));
}

/* Failures of create() */

TEST(what_create_returns_is_returned_and_nothing_is_kept) {
    spanlink_cache *cache = create(NULL);
    spanlink_list *list = test_list_create(NULL);
    for (int emits = 0; emits < 3; emits++) {
        maker from = {.number = 1, .emits = emits, .status = SPANLINK_ERR_NO_CONTEXT};
        assert_status(SPANLINK_ERR_NO_CONTEXT, get(cache, "key", &from, list));
    }
    maker odd = {.number = 1, .emits = 1, .status = (spanlink_status)250};
    assert_int_equal(250, get(cache, "key", &odd, list));
    expect_stats(cache, 0, 4, 0, 0);
    assert_int_equal(0, test_stats(list).offered);
    assert_int_equal(9, number_of(cache, "key", 9));
    spanlink_cache_destroy(cache);
    spanlink_list_destroy(list);
}

TEST(create_emits_exactly_one_link) {
    spanlink_cache *cache = create(NULL);
    spanlink_list *list = test_list_create(NULL);
    maker none = {.emits = 0}, two = {.emits = 2}, three = {.emits = 3};
    assert_status(SPANLINK_ERR_CACHE_NO_LINK, get(cache, "key", &none, list));
    assert_status(SPANLINK_ERR_CACHE_MULTIPLE_LINKS, get(cache, "key", &two, list));
    assert_status(SPANLINK_ERR_CACHE_MULTIPLE_LINKS, two.emitted);
    assert_status(SPANLINK_ERR_CACHE_MULTIPLE_LINKS, get(cache, "key", &three, list));
    expect_stats(cache, 0, 3, 0, 0);
    assert_int_equal(0, test_stats(list).offered);
    spanlink_cache_destroy(cache);
    spanlink_list_destroy(list);
}

/* Emits the link in its state, whatever that is, and takes no notice of the status. */
typedef struct careless {
    const spanlink_link *link;
    spanlink_status emitted;
} careless;

static spanlink_status make_carelessly(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                       void *sink) {
    careless *self = state;
    (void)key;
    self->emitted = emit(sink, self->link);
    return SPANLINK_OK;
}

static void expect_refusal(spanlink_cache *cache, const spanlink_link *link,
                           spanlink_status emitted, spanlink_status returned) {
    spanlink_list *list = test_list_create(NULL);
    careless from = {link, SPANLINK_OK};
    assert_status(returned, spanlink_cache_get_or_create(cache, spanlink_str_from("key"),
                                                         make_carelessly, &from, list));
    assert_status(emitted, from.emitted);
    assert_int_equal(0, test_stats(list).offered);
    assert_int_equal(0, stats_of(cache).entries);
    spanlink_list_destroy(list);
}

/* With a block at hand or without one. */
static void expect_none_is_refused(bool spare) {
    spanlink_cache_options options = options_with(10, 1);
    options.limits.max_attributes = 1;
    spanlink_cache *cache = create(&options);
    if (spare) {
        number_of(cache, "key", 1);
        assert_true(spanlink_cache_remove(cache, spanlink_str_from("key")));
    }
    spanlink_attribute unknown = spanlink_attribute_int("a", 1), empty = {.key = {NULL, 0}};
    unknown.value.type = 99;
    spanlink_link nowhere = {.attribute_count = 0}, no_key = {.attribute_count = 1};
    spanlink_link half = {.context = test_context(1)}, odd = {.context = test_context(1)};
    spanlink_link lacking = {.context = test_context(1), .attribute_count = 1};
    no_key.attributes = &empty;
    memset(half.context.span_id, 0, sizeof half.context.span_id);
    odd.attributes = &unknown;
    odd.attribute_count = 1;
    expect_refusal(cache, NULL, SPANLINK_ERR_ARGUMENT, SPANLINK_ERR_CACHE_NO_LINK);
    expect_refusal(cache, &lacking, SPANLINK_ERR_ARGUMENT, SPANLINK_ERR_CACHE_NO_LINK);
    expect_refusal(cache, &nowhere, SPANLINK_ERR_LINK_INVALID, SPANLINK_ERR_LINK_INVALID);
    expect_refusal(cache, &half, SPANLINK_ERR_LINK_INVALID, SPANLINK_ERR_LINK_INVALID);
    expect_refusal(cache, &no_key, SPANLINK_ERR_LINK_INVALID, SPANLINK_ERR_LINK_INVALID);
    expect_refusal(cache, &odd, SPANLINK_ERR_VALUE_TYPE, SPANLINK_ERR_VALUE_TYPE);
    spanlink_cache_destroy(cache);
}

TEST(a_link_that_is_none_is_refused) {
    expect_none_is_refused(false);
    expect_none_is_refused(true);
}

TEST(a_context_or_an_attribute_or_a_tracestate_makes_a_link) {
    spanlink_cache *cache = create(NULL);
    spanlink_list *list = test_list_create(NULL);
    spanlink_link stated = {.attribute_count = 0}, bare = {.context = test_context(1)};
    stated.context.trace_state = spanlink_str_from("a=1");
    careless from = {&stated, SPANLINK_OK}, plain = {&bare, SPANLINK_OK};
    maker zero = maker_of(0);
    assert_status(SPANLINK_OK, get(cache, "zero", &zero, list));
    assert_status(SPANLINK_OK, spanlink_cache_get_or_create(cache, spanlink_str_from("stated"),
                                                            make_carelessly, &from, list));
    assert_status(SPANLINK_OK, spanlink_cache_get_or_create(cache, spanlink_str_from("bare"),
                                                            make_carelessly, &plain, list));
    assert_int_equal(3, test_stats(list).kept);
    spanlink_cache_destroy(cache);
    spanlink_list_destroy(list);
}

/* create() that uses the cache */

typedef struct nested {
    spanlink_cache *cache;
    spanlink_list *list;
    const char *inner[2]; /* keys to ask for, one inside the other */
    size_t depth;
    spanlink_status seen; /* of the innermost call */
    bool remove_first;    /* its own key */
} nested;

static spanlink_status make_nested(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                   void *sink) {
    nested *self = state;
    if (self->remove_first) {
        assert_false(spanlink_cache_remove(self->cache, key));
    }
    if (self->depth < 2 && self->inner[self->depth] != NULL) {
        const char *inner = self->inner[self->depth++];
        self->seen = spanlink_cache_get_or_create(self->cache, spanlink_str_from(inner),
                                                  make_nested, self, self->list);
    }
    spanlink_attribute storage[1];
    spanlink_link link = test_link(key.ptr[0] == 'a' ? 1 : 2, storage);
    return emit(sink, &link);
}

static spanlink_status get_nested(nested *from, const char *key) {
    return spanlink_cache_get_or_create(from->cache, spanlink_str_from(key), make_nested, from,
                                        from->list);
}

TEST(create_may_use_the_cache_with_another_key) {
    static const size_t shards[] = {1, 8};
    for (size_t i = 0; i < 2; i++) {
        nested from = {.cache = create_with(100, shards[i]), .list = test_list_create(NULL)};
        from.inner[0] = "b";
        assert_status(SPANLINK_OK, get_nested(&from, "a"));
        assert_status(SPANLINK_OK, from.seen);
        assert_int_equal(2, test_stats(from.list).kept);
        const spanlink_link *links = spanlink_list_links(from.list, NULL);
        assert_int_equal(2, test_number(&links[0]));
        assert_int_equal(1, test_number(&links[1]));
        expect_stats(from.cache, 0, 2, 0, 2);
        spanlink_cache_destroy(from.cache);
        spanlink_list_destroy(from.list);
    }
}

TEST(a_key_inside_its_own_create_is_recursion) {
    nested from = {.cache = create_with(100, 1), .list = test_list_create(NULL)};
    from.inner[0] = "a";
    assert_status(SPANLINK_OK, get_nested(&from, "a"));
    assert_status(SPANLINK_ERR_CACHE_RECURSION, from.seen);
    expect_stats(from.cache, 0, 1, 0, 1);
    assert_int_equal(1, test_stats(from.list).kept);
    spanlink_cache_clear(from.cache);
    from.depth = 0;
    from.inner[0] = "b";
    from.inner[1] = "a";
    assert_status(SPANLINK_OK, get_nested(&from, "a"));
    assert_status(SPANLINK_OK, from.seen); /* of "b"; that of the innermost "a" was passed over */
    spanlink_cache_destroy(from.cache);
    spanlink_list_destroy(from.list);
}

TEST(a_key_removed_inside_its_own_create_is_still_recursion) {
    nested from = {
        .cache = create_with(100, 1), .list = test_list_create(NULL), .remove_first = true};
    from.inner[0] = "a";
    assert_status(SPANLINK_OK, get_nested(&from, "a"));
    assert_status(SPANLINK_ERR_CACHE_RECURSION, from.seen);
    assert_int_equal(1, test_stats(from.list).kept);
    expect_stats(from.cache, 0, 1, 0, 0);
    spanlink_cache_destroy(from.cache);
    spanlink_list_destroy(from.list);
}

static spanlink_status ask_colliding(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                     void *sink) {
    nested *self = state;
    char other[16];
    test_collide_text(known_seed, 'b', other);
    assert_memory_not_equal(other, key.ptr, 16);
    maker from = maker_of(2);
    self->seen = spanlink_cache_get_or_create(self->cache, (spanlink_str){other, 16}, make, &from,
                                              self->list);
    assert_false(spanlink_cache_remove(self->cache, (spanlink_str){other, 15}));
    spanlink_attribute storage[1];
    spanlink_link link = test_link(1, storage);
    return emit(sink, &link);
}

TEST(equal_hashes_are_no_recursion) {
    nested from = {.cache = create_with(100, 1), .list = test_list_create(NULL)};
    char key[16];
    test_collide_text(known_seed, 'a', key);
    assert_status(SPANLINK_OK, spanlink_cache_get_or_create(from.cache, (spanlink_str){key, 16},
                                                            ask_colliding, &from, from.list));
    assert_status(SPANLINK_OK, from.seen);
    expect_stats(from.cache, 0, 2, 0, 2);
    spanlink_cache_destroy(from.cache);
    spanlink_list_destroy(from.list);
}

/* Removing */

TEST(remove_forgets_one_key) {
    spanlink_cache *cache = create(NULL);
    number_of(cache, "a", 1);
    number_of(cache, "b", 2);
    assert_true(spanlink_cache_remove(cache, spanlink_str_from("a")));
    assert_false(spanlink_cache_remove(cache, spanlink_str_from("a")));
    assert_false(spanlink_cache_remove(cache, spanlink_str_from("c")));
    expect_stats(cache, 0, 2, 0, 1);
    assert_int_equal(3, number_of(cache, "a", 3));
    assert_int_equal(2, number_of(cache, "b", 4));
    spanlink_cache_destroy(cache);
}

TEST(clear_forgets_all_and_gives_the_memory_back) {
    test_allocator memory = {.fail_at = 0};
    spanlink_cache_options options = options_with(50, 3);
    options.allocator = test_allocator_interface(&memory);
    spanlink_cache *cache = create(&options);
    fill(cache, 100);
    assert_true(memory.live_blocks > 50);
    spanlink_cache_clear(cache);
    assert_int_equal(1, memory.live_blocks);
    assert_int_equal(100, stats_of(cache).misses);
    assert_int_equal(0, stats_of(cache).entries);
    fill(cache, 100);
    assert_int_equal(50, stats_of(cache).entries);
    spanlink_cache_destroy(cache);
    assert_int_equal(0, memory.live_blocks);
    assert_int_equal(0, memory.wrong_sizes);
}

typedef struct interrupted {
    spanlink_cache *cache;
    bool clear;
} interrupted;

static spanlink_status make_interrupted(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                        void *sink) {
    const interrupted *self = state;
    spanlink_attribute storage[1];
    spanlink_link link = test_link(1, storage);
    spanlink_status status = emit(sink, &link);
    if (self->clear) {
        spanlink_cache_clear(self->cache);
    } else {
        assert_false(spanlink_cache_remove(self->cache, key));
    }
    return status;
}

TEST(what_is_removed_while_it_is_made_is_delivered_but_not_kept) {
    for (int clear = 0; clear < 2; clear++) {
        interrupted from = {create_with(10, 1), clear != 0};
        spanlink_list *list = test_list_create(NULL);
        assert_status(SPANLINK_OK,
                      spanlink_cache_get_or_create(from.cache, spanlink_str_from("key"),
                                                   make_interrupted, &from, list));
        assert_int_equal(1, last_number(list));
        expect_stats(from.cache, 0, 1, 0, 0);
        spanlink_cache_destroy(from.cache);
        spanlink_list_destroy(list);
    }
}

/* Memory */

TEST(misses_that_evict_reuse_the_blocks) {
    test_allocator memory = {.fail_at = 0};
    spanlink_cache_options options = options_with(10, 1);
    options.allocator = test_allocator_interface(&memory);
    spanlink_cache *cache = create(&options);
    spanlink_list *list = test_list_create(NULL);
    size_t calls = 0;
    for (uint64_t i = 0; i < 1000; i++) {
        char key[32];
        snprintf(key, sizeof key, "key %4u", (unsigned)i);
        maker from = maker_of(i);
        assert_status(SPANLINK_OK, get(cache, key, &from, list));
        assert_int_equal(i, last_number(list));
        calls = i == 20 ? memory.calls : calls;
    }
    assert_int_equal(calls, memory.calls);
    spanlink_cache_destroy(cache);
    spanlink_list_destroy(list);
}

/* What a miss allocates for a key of one length, where the link that was evicted last had one of
 * another length. */
static size_t allocations_after(size_t evicted_length, size_t length) {
    static const char letters[1000];
    test_allocator memory = {.fail_at = 0};
    spanlink_cache_options options = options_with(1, 1);
    options.allocator = test_allocator_interface(&memory);
    spanlink_cache *cache = create(&options);
    spanlink_list *list = test_list_create(NULL);
    maker from = maker_of(1);
    const spanlink_str keys[] = {{letters, evicted_length}, {"another", 7}, {letters, length}};
    size_t calls = 0;
    for (size_t i = 0; i < 3; i++) {
        calls = memory.calls;
        assert_status(SPANLINK_OK, spanlink_cache_get_or_create(cache, keys[i], make, &from, list));
    }
    calls = memory.calls - calls;
    spanlink_cache_destroy(cache);
    spanlink_list_destroy(list);
    return calls;
}

TEST(a_block_serves_a_link_that_is_not_much_smaller) {
    assert_int_equal(0, allocations_after(30, 30));
    assert_int_equal(0, allocations_after(30, 5));
    assert_int_equal(1, allocations_after(5, 30));
    assert_int_equal(1, allocations_after(1000, 300));
}

/* A link of any kind: some are copied into a reused block at once, others are planned first. */
static void make_any_link(uint64_t *random, char text[64], spanlink_attribute attributes[20],
                          spanlink_link *link) {
    static const spanlink_value numbers[2] = {{.type = SPANLINK_VALUE_INT},
                                              {.type = SPANLINK_VALUE_INT}};
    spanlink_str own = spanlink_str_from(spanlink_link_type_name(SPANLINK_LINK_TYPE_RETRY_OF));
    size_t count = test_random_below(random, 10) == 0 ? 20 : test_random_below(random, 5);
    for (size_t i = 0; i < count; i++) {
        spanlink_str key = {text + i, 1 + test_random_below(random, 20)};
        spanlink_str value = {text, test_random_below(random, 40)};
        uint64_t kind = test_random_below(random, 8);
        attributes[i] = spanlink_attribute_make(kind == 0 ? own : key,
                                                spanlink_value_string(kind == 1 ? own : value));
        if (kind == 2) {
            attributes[i] = spanlink_attribute_array("numbers", numbers, 2);
        }
    }
    *link = (spanlink_link){.context = test_context(1 + test_random_below(random, 9)),
                            .attributes = attributes,
                            .attribute_count = count};
    link->context.trace_state = (spanlink_str){text, test_random_below(random, 2) * 30};
    if (test_random_below(random, 5) == 0) {
        *link = spanlink_factory_batch_item(&link->context, 7, attributes);
    }
}

/* It is what a list with the same limits makes of it, also when the caller's text is gone.
 * Blocks are reused only where they fit: neither too small, nor much too large. */
TEST(a_reused_block_holds_any_link) {
    static const char letters[64] =
        "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-";
    static const size_t limits[] = {0, 3, 16, SPANLINK_UNLIMITED};
    static char keys[64];
    uint64_t random = 3;
    char text[64];
    memset(keys, 'k', sizeof keys);
    for (size_t round = 0; round < 200; round++) {
        spanlink_cache_options options = options_with(1, 1);
        spanlink_list_options list_options = test_list_options();
        options.limits.max_attributes = test_limit(limits[test_random_below(&random, 4)]);
        options.limits.max_value_length = test_limit(limits[test_random_below(&random, 4)]);
        list_options.limits = options.limits;
        spanlink_cache *cache = create(&options);
        for (size_t i = 0; i < 50; i++) {
            spanlink_attribute attributes[20];
            spanlink_link link;
            memcpy(text, letters, sizeof text);
            make_any_link(&random, text, attributes, &link);
            spanlink_list *given = test_list_create(&list_options);
            spanlink_list *cached = test_list_create(NULL);
            assert_status(SPANLINK_OK, spanlink_list_add(given, &link));
            spanlink_str key = {keys, i};
            careless from = {&link, SPANLINK_OK};
            assert_status(SPANLINK_OK,
                          spanlink_cache_get_or_create(cache, key, make_carelessly, &from, cached));
            memset(text, '!', sizeof text);
            assert_status(SPANLINK_OK,
                          spanlink_cache_get_or_create(cache, key, make_carelessly, &from, cached));
            const spanlink_link *wanted = spanlink_list_links(given, NULL);
            const spanlink_link *got = spanlink_list_links(cached, NULL);
            assert_true(test_same_link(wanted, &got[0]));
            assert_true(test_same_link(wanted, &got[1]));
            spanlink_list_destroy(given);
            spanlink_list_destroy(cached);
        }
        spanlink_cache_destroy(cache);
    }
}

TEST(a_small_link_does_not_keep_a_large_block) {
    static char large[20000];
    memset(large, 'k', sizeof large - 1);
    test_allocator memory = {.fail_at = 0};
    spanlink_cache_options options = options_with(1, 1);
    options.allocator = test_allocator_interface(&memory);
    spanlink_cache *cache = create(&options);
    number_of(cache, "small", 1);
    size_t small = memory.live_bytes;
    number_of(cache, large, 2);
    assert_int_equal(2, number_of(cache, large, 3));
    number_of(cache, "other", 4);
    number_of(cache, "third", 5);
    assert_true(memory.live_bytes < 2 * small);
    spanlink_cache_destroy(cache);
    assert_int_equal(0, memory.live_blocks);
    assert_int_equal(0, memory.wrong_sizes);
}

/* A link with more attributes than are planned without memory, at each sixth key. */
static spanlink_status make_wide(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                 void *sink) {
    (void)state;
    (void)key;
    char keys[30][2];
    spanlink_attribute attributes[30];
    for (size_t i = 0; i < 30; i++) {
        keys[i][0] = (char)('A' + i);
        keys[i][1] = '\0';
        attributes[i] = spanlink_attribute_int(keys[i], 1);
    }
    spanlink_link link = {test_context(1), attributes, 30, 0};
    return emit(sink, &link);
}

static spanlink_status ask(spanlink_cache *cache, spanlink_list *list, size_t step) {
    char key[32];
    snprintf(key, sizeof key, "key %zu", step % 20);
    maker from = maker_of(step % 20);
    return step % 6 == 0
               ? spanlink_cache_get_or_create(cache, spanlink_str_from(key), make_wide, NULL, list)
               : get(cache, key, &from, list);
}

/* The cache alone lacks memory here: what a call has made is kept where only its list does. */

typedef struct failing_cache {
    spanlink_allocator allocator;
    spanlink_cache *cache;
    spanlink_list *list;
} failing_cache;

static spanlink_status make_or_ask(void *world, size_t step) {
    failing_cache *w = world;
    if (step == 0) {
        w->list = test_list_create(NULL);
        return SPANLINK_OK;
    }
    if (step == 1) {
        spanlink_cache_options options = options_with(12, 2);
        options.allocator = w->allocator;
        return spanlink_cache_create(&options, &w->cache);
    }
    return ask(w->cache, w->list, step - 2);
}

/* Every call that asks is counted, so that only the number of links is as before. */
static void look_at_cache(void *world, test_picture *picture) {
    failing_cache *w = world;
    if (w->cache != NULL) {
        test_picture_number(picture, stats_of(w->cache).entries);
        test_picture_number(picture, stats_of(w->cache).evictions);
    }
    test_picture_list(picture, w->list);
}

static void end_cache(void *world) {
    failing_cache *w = world;
    spanlink_cache_destroy(w->cache);
    spanlink_list_destroy(w->list);
}

TEST(each_allocation_that_fails_leaves_all_as_it_was) {
    failing_cache world;
    test_scenario scenario = {62,          &world,        sizeof world, &world.allocator,
                              make_or_ask, look_at_cache, end_cache};
    assert_true(test_scenario_fail(&scenario) > 20);
    assert_true(test_scenario_fail_in_pools(&scenario) > 50);
}

TEST(a_link_stays_if_only_the_list_has_no_memory) {
    test_allocator memory = {.fail_at = 0};
    spanlink_list_options options = test_list_options();
    options.allocator = test_allocator_interface(&memory);
    spanlink_list *list = test_list_create(&options);
    spanlink_cache *cache = create(NULL);
    maker first = maker_of(1), second = maker_of(2);
    memory.fail_at = memory.calls + 1;
    assert_status(SPANLINK_ERR_NO_MEMORY, get(cache, "key", &first, list));
    assert_int_equal(0, test_stats(list).offered);
    expect_stats(cache, 0, 1, 0, 1);
    memory.fail_at = memory.calls + 1;
    assert_status(SPANLINK_ERR_NO_MEMORY, get(cache, "key", &second, list));
    assert_status(SPANLINK_OK, get(cache, "key", &second, list));
    assert_int_equal(0, second.calls);
    assert_int_equal(1, last_number(list));
    expect_stats(cache, 2, 1, 0, 1);
    spanlink_cache_destroy(cache);
    spanlink_list_destroy(list);
}

#ifndef SPANLINK_NO_THREADS

#include <pthread.h>
#include <sched.h>

/*
 * Many threads. Each asks once and writes down what came of it; what the main thread reads there
 * after joining, it asserts. A create() that shall last until others wait looks at the statistics,
 * which count a waiting thread as a hit.
 */

enum { ASKERS = 6 };

typedef struct asker {
    spanlink_cache *cache;
    const char *key;
    spanlink_create_fn run;
    void *state;
    spanlink_list *list;
    spanlink_status status;
    pthread_t thread;
} asker;

static void *run_asker(void *state) {
    asker *self = state;
    self->status = spanlink_cache_get_or_create(self->cache, spanlink_str_from(self->key),
                                                self->run, self->state, self->list);
    return NULL;
}

static void start_asker(asker *self, spanlink_cache *cache, const char *key, spanlink_create_fn run,
                        void *state) {
    *self = (asker){.cache = cache, .key = key, .run = run, .state = state};
    self->list = test_list_create(NULL);
    assert_int_equal(0, pthread_create(&self->thread, NULL, run_asker, self));
}

static void join_asker(asker *self, spanlink_status status, uint64_t number) {
    assert_int_equal(0, pthread_join(self->thread, NULL));
    assert_status(status, self->status);
    assert_int_equal(status == SPANLINK_OK, test_stats(self->list).offered);
    if (status == SPANLINK_OK) {
        assert_int_equal(number, last_number(self->list));
    }
    spanlink_list_destroy(self->list);
}

/* A create() that returns once so many others wait, or somebody opens the gate. */
typedef struct gate {
    spanlink_cache *cache;
    uint64_t waiters;
    pthread_mutex_t mutex;
    int calls;   /* guarded by the mutex, as what follows */
    bool closed; /* it waits for opening, too */
    maker from;
} gate;

static void make_gate(gate *g, spanlink_cache *cache, uint64_t waiters) {
    *g = (gate){.cache = cache, .waiters = waiters, .from = maker_of(1)};
    assert_int_equal(0, pthread_mutex_init(&g->mutex, NULL));
}

static int gate_calls(gate *g) {
    pthread_mutex_lock(&g->mutex);
    int calls = g->calls;
    pthread_mutex_unlock(&g->mutex);
    return calls;
}

static bool gate_is_closed(gate *g) {
    pthread_mutex_lock(&g->mutex);
    bool closed = g->closed;
    pthread_mutex_unlock(&g->mutex);
    return closed;
}

static void open_gate(gate *g) {
    pthread_mutex_lock(&g->mutex);
    g->closed = false;
    pthread_mutex_unlock(&g->mutex);
}

static spanlink_status make_behind_gate(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                        void *sink) {
    gate *self = state;
    pthread_mutex_lock(&self->mutex);
    self->calls++;
    pthread_mutex_unlock(&self->mutex);
    while (stats_of(self->cache).hits < self->waiters || gate_is_closed(self)) {
        sched_yield();
    }
    return make(&self->from, key, emit, sink);
}

static void ask_together(gate *g, spanlink_status status) {
    asker askers[ASKERS];
    for (size_t i = 0; i < ASKERS; i++) {
        start_asker(&askers[i], g->cache, "key", make_behind_gate, g);
    }
    for (size_t i = 0; i < ASKERS; i++) {
        join_asker(&askers[i], status, 1);
    }
    assert_int_equal(1, g->calls);
    pthread_mutex_destroy(&g->mutex);
}

TEST(who_misses_together_gets_the_link_of_one_create) {
    static const size_t capacities[] = {0, 10};
    for (size_t i = 0; i < 2; i++) {
        test_allocator memory = {.fail_at = 0};
        spanlink_cache_options options = options_with(capacities[i], 1);
        options.allocator = test_allocator_interface(&memory);
        spanlink_cache *cache = create(&options);
        gate g;
        make_gate(&g, cache, ASKERS - 1);
        ask_together(&g, SPANLINK_OK);
        expect_stats(cache, ASKERS - 1, 1, 0, capacities[i] != 0);
        spanlink_cache_destroy(cache);
        assert_int_equal(0, memory.live_blocks);
    }
}

TEST(who_misses_together_gets_the_same_failure) {
    spanlink_cache *cache = create_with(10, 1);
    gate g;
    make_gate(&g, cache, ASKERS - 1);
    g.from.status = SPANLINK_ERR_TRACEPARENT_FLAGS;
    ask_together(&g, SPANLINK_ERR_TRACEPARENT_FLAGS);
    expect_stats(cache, ASKERS - 1, 1, 0, 0);
    assert_int_equal(5, number_of(cache, "key", 5));
    spanlink_cache_destroy(cache);
}

/* The table's growth fails after create() has succeeded: that fails for all. */
TEST(who_misses_together_lacks_the_same_memory) {
    test_allocator memory = {.fail_at = 0};
    spanlink_cache_options options = options_with(10, 1);
    options.allocator = test_allocator_interface(&memory);
    spanlink_cache *cache = create(&options);
    fill(cache, 4); /* as many as the first table holds */
    uint64_t hits = stats_of(cache).hits;
    gate g;
    make_gate(&g, cache, hits + ASKERS - 1);
    memory.fail_at = memory.calls + 2; /* the entry, and then the table */
    ask_together(&g, SPANLINK_ERR_NO_MEMORY);
    assert_int_equal(4, stats_of(cache).entries);
    assert_int_equal(5, number_of(cache, "key", 5));
    spanlink_cache_destroy(cache);
    assert_int_equal(0, memory.live_blocks);
}

static void start_behind_gate(asker *self, gate *g, const char *key) {
    int calls = gate_calls(g);
    start_asker(self, g->cache, key, make_behind_gate, g);
    while (gate_calls(g) == calls) {
        sched_yield();
    }
}

TEST(other_keys_do_not_wait) {
    spanlink_cache *cache = create_with(10, 1);
    gate gates[2];
    asker slow[2];
    for (size_t i = 0; i < 2; i++) {
        make_gate(&gates[i], cache, 0);
        gates[i].closed = true;
        start_behind_gate(&slow[i], &gates[i], i == 0 ? "slow" : "slower");
    }
    assert_int_equal(2, number_of(cache, "other", 2));
    assert_int_equal(2, number_of(cache, "other", 3));
    assert_true(spanlink_cache_remove(cache, spanlink_str_from("other")));
    for (size_t i = 0; i < 2; i++) {
        open_gate(&gates[i]);
        join_asker(&slow[i], SPANLINK_OK, 1);
        pthread_mutex_destroy(&gates[i].mutex);
    }
    spanlink_cache_destroy(cache);
}

/* Who waits already gets the old link, who asks after the removal a new one. */
TEST(after_a_removal_the_link_is_made_anew) {
    for (int clear = 0; clear < 2; clear++) {
        spanlink_cache *cache = create_with(10, 1);
        gate g;
        make_gate(&g, cache, 0);
        g.closed = true;
        asker first, second;
        start_behind_gate(&first, &g, "key");
        start_asker(&second, cache, "key", make_behind_gate, &g);
        while (stats_of(cache).hits == 0) {
            sched_yield();
        }
        if (clear != 0) {
            spanlink_cache_clear(cache);
        } else {
            assert_false(spanlink_cache_remove(cache, spanlink_str_from("key")));
        }
        assert_int_equal(2, number_of(cache, "key", 2));
        open_gate(&g);
        join_asker(&first, SPANLINK_OK, 1);
        join_asker(&second, SPANLINK_OK, 1);
        assert_int_equal(1, gate_calls(&g));
        assert_int_equal(2, number_of(cache, "key", 3));
        pthread_mutex_destroy(&g.mutex);
        spanlink_cache_destroy(cache);
    }
}

TEST(the_failure_of_a_waiters_list_is_its_own) {
    test_allocator memory = {.fail_at = 0};
    spanlink_list_options options = test_list_options();
    options.allocator = test_allocator_interface(&memory);
    spanlink_cache *cache = create_with(10, 1);
    gate g;
    make_gate(&g, cache, 1);
    asker first;
    start_behind_gate(&first, &g, "key");
    spanlink_list *list = test_list_create(&options);
    memory.fail_at = memory.calls + 1;
    assert_status(
        SPANLINK_ERR_NO_MEMORY,
        spanlink_cache_get_or_create(cache, spanlink_str_from("key"), make_behind_gate, &g, list));
    assert_int_equal(0, test_stats(list).offered);
    join_asker(&first, SPANLINK_OK, 1);
    assert_int_equal(1, number_of(cache, "key", 2));
    pthread_mutex_destroy(&g.mutex);
    spanlink_list_destroy(list);
    spanlink_cache_destroy(cache);
}

#if defined(SLNK_LOCK_POSIX) && defined(PTHREAD_CANCEL_DISABLE)

/*
 * Cancelled threads. A create() that never returns waits until its thread is cancelled; the main
 * thread sees by the statistics how far the others are.
 */

static spanlink_status make_for_ever(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                     void *sink) {
    maker *self = state;
    if (self->emits != 0) {
        make(self, key, emit, sink);
    }
    for (;;) {
        pthread_testcancel();
        sched_yield();
    }
    return SPANLINK_OK;
}

static void wait_for_misses(const spanlink_cache *cache, uint64_t misses) {
    while (stats_of(cache).misses < misses) {
        sched_yield();
    }
}

static void wait_for_hits(const spanlink_cache *cache, uint64_t hits) {
    while (stats_of(cache).hits < hits) {
        sched_yield();
    }
}

static void cancel_asker(asker *self) {
    void *result;
    assert_int_equal(0, pthread_cancel(self->thread));
    assert_int_equal(0, pthread_join(self->thread, &result));
    assert_true(result == PTHREAD_CANCELED);
    assert_int_equal(0, test_stats(self->list).offered);
    spanlink_list_destroy(self->list);
}

/* The first, the last or one between: its place among those who wait is of no importance. */
TEST(a_cancelled_waiter_harms_no_other) {
    for (size_t cancelled = 1; cancelled < ASKERS; cancelled++) {
        test_allocator memory = {.fail_at = 0};
        spanlink_cache_options options = options_with(10, 1);
        options.allocator = test_allocator_interface(&memory);
        spanlink_cache *cache = create(&options);
        gate g;
        asker askers[ASKERS];
        make_gate(&g, cache, 0);
        g.closed = true;
        start_behind_gate(&askers[0], &g, "key");
        for (size_t i = 1; i < ASKERS; i++) {
            start_asker(&askers[i], cache, "key", make_behind_gate, &g);
            wait_for_hits(cache, i);
        }
        cancel_asker(&askers[cancelled]);
        open_gate(&g);
        for (size_t i = 0; i < ASKERS; i++) {
            if (i != cancelled) {
                join_asker(&askers[i], SPANLINK_OK, 1);
            }
        }
        expect_stats(cache, ASKERS - 1, 1, 0, 1);
        pthread_mutex_destroy(&g.mutex);
        spanlink_cache_destroy(cache);
        assert_int_equal(0, memory.live_blocks);
    }
}

/* Those who waited for it ask anew: one of them creates the link, the others get that. */
TEST(after_a_cancelled_create_another_thread_creates) {
    for (int emits = 0; emits < 2; emits++) {
        test_allocator memory = {.fail_at = 0};
        spanlink_cache_options options = options_with(10, 1);
        options.allocator = test_allocator_interface(&memory);
        spanlink_cache *cache = create(&options);
        maker first = {.number = 9, .emits = emits}, second = maker_of(1);
        asker cancelled, askers[ASKERS];
        start_asker(&cancelled, cache, "key", make_for_ever, &first);
        wait_for_misses(cache, 1);
        for (size_t i = 0; i < ASKERS; i++) {
            start_asker(&askers[i], cache, "key", make, &second);
            wait_for_hits(cache, i + 1);
        }
        cancel_asker(&cancelled);
        for (size_t i = 0; i < ASKERS; i++) {
            join_asker(&askers[i], SPANLINK_OK, 1);
        }
        assert_int_equal(1, second.calls);
        expect_stats(cache, ASKERS - 1, 2, 0, 1);
        assert_int_equal(1, number_of(cache, "key", 2));
        spanlink_cache_destroy(cache);
        assert_int_equal(0, memory.live_blocks);
        assert_int_equal(0, memory.wrong_sizes);
    }
}

TEST(a_cancelled_create_leaves_the_cache_as_it_was) {
    spanlink_cache *cache = create_with(10, 1);
    maker never = {.number = 9, .emits = 1};
    asker cancelled;
    number_of(cache, "other", 2);
    start_asker(&cancelled, cache, "key", make_for_ever, &never);
    wait_for_misses(cache, 2);
    cancel_asker(&cancelled);
    assert_int_equal(1, number_of(cache, "key", 1));
    assert_int_equal(2, number_of(cache, "other", 3));
    assert_int_equal(2, stats_of(cache).entries);
    spanlink_cache_destroy(cache);
}

/* A create() inside another one. */
static spanlink_status make_nested_for_ever(void *state, spanlink_str key,
                                            spanlink_link_emit_fn emit, void *sink) {
    nested *self = state;
    maker never = {.emits = 1};
    (void)key;
    (void)emit;
    (void)sink;
    return spanlink_cache_get_or_create(self->cache, spanlink_str_from("inner"), make_for_ever,
                                        &never, self->list);
}

TEST(a_cancelled_create_inside_another_abandons_both) {
    spanlink_cache *cache = create_with(10, 1);
    nested from = {.cache = cache, .list = test_list_create(NULL)};
    asker cancelled;
    start_asker(&cancelled, cache, "outer", make_nested_for_ever, &from);
    wait_for_misses(cache, 2);
    cancel_asker(&cancelled);
    assert_int_equal(1, number_of(cache, "outer", 1));
    assert_int_equal(2, number_of(cache, "inner", 2));
    assert_int_equal(0, test_stats(from.list).offered);
    spanlink_cache_destroy(cache);
    spanlink_list_destroy(from.list);
}

static spanlink_status make_and_exit(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                     void *sink) {
    (void)state;
    (void)key;
    (void)emit;
    (void)sink;
    pthread_exit(NULL);
    return SPANLINK_OK;
}

TEST(a_thread_that_exits_in_its_create_harms_nobody) {
    spanlink_cache *cache = create_with(10, 1);
    asker leaving;
    start_asker(&leaving, cache, "key", make_and_exit, NULL);
    assert_int_equal(0, pthread_join(leaving.thread, NULL));
    assert_int_equal(1, number_of(cache, "key", 1));
    spanlink_list_destroy(leaving.list);
    spanlink_cache_destroy(cache);
}

#endif

#endif
