/* SPDX-License-Identifier: MIT */
#include "test_caches.h"

static spanlink_status keep_key(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                void *sink) {
    spanlink_attribute attribute =
        spanlink_attribute_make(spanlink_str_from("key"), spanlink_value_string(key));
    spanlink_link link = test_link_with(1, &attribute, 1);
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
    spanlink_cache *cache = test_cache_create(NULL);
    for (size_t round = 0; round < 2; round++) {
        for (size_t i = 0; i < KEYS; i++) {
            spanlink_list *list = test_list();
            char copy[3000];
            if (keys[i].len != 0) {
                memcpy(copy, keys[i].ptr, keys[i].len);
            }
            spanlink_str key = {copy, keys[i].len};
            assert_ok(spanlink_cache_get_or_create(cache, key, keep_key, NULL, list));
            memset(copy, 'z', sizeof copy);
            const spanlink_str held =
                spanlink_list_links(list, NULL)->attributes[0].value.string_value;
            assert_int_equal(keys[i].len, held.len);
            if (held.len != 0) {
                assert_memory_equal(keys[i].ptr, held.ptr, held.len);
            }
        }
    }
    expect_stats(cache, KEYS, KEYS, 0, KEYS);
    assert_true(spanlink_cache_remove(cache, keys[0]));
}

/* Keys of 16 and of 32 bytes with equal hashes: the last step of the hash results in zero whatever
 * the length. */
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
    spanlink_list *list = test_list();
    for (size_t i = 0; i < 12; i++) {
        maker from = maker_of(i % 4);
        assert_ok(spanlink_cache_get_or_create(cache, views[i % 4], make, &from, list));
        assert_int_equal(i % 4, last_number(list));
    }
    expect_stats(cache, 8, 4, 0, 4);
    assert_true(spanlink_cache_remove(cache, views[1]));
    assert_false(spanlink_cache_remove(cache, views[1]));
    expect_stats(cache, 8, 4, 0, 3);
}

static void ask_for_colliding(spanlink_cache *cache, unsigned first, unsigned last,
                              spanlink_list *list) {
    for (unsigned i = first; i <= last; i++) {
        char key[TEST_COLLIDING_TEXT];
        test_collide_text(known_seed, i, key);
        maker from = maker_of(i);
        assert_ok(spanlink_cache_get_or_create(cache, (spanlink_str){key, sizeof key}, make, &from,
                                               list));
        assert_int_equal(i, last_number(list));
    }
}

/* So that look-ups stay short, the oldest keys of a full bucket are evicted although the cache has
 * capacity, also just after the table has grown. */
TEST(colliding_keys_in_a_full_bucket_are_evicted) {
    enum { MOST = 32 };
    static const unsigned keys[] = {MOST + 1, 40, 64, 65, 100};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        spanlink_cache *cache = create_with(SPANLINK_UNLIMITED, 1);
        spanlink_list *list = test_list();
        ask_for_colliding(cache, 1, keys[i], list);
        expect_stats(cache, 0, keys[i], keys[i] - MOST, MOST);
        ask_for_colliding(cache, keys[i] - MOST + 1, keys[i], list);
        expect_stats(cache, MOST, keys[i], keys[i] - MOST, MOST);
        test_end_round();
    }
}

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

/* Returns whether it was a hit. */
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
        test_end_round();
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
}

TEST(with_capacity_zero_nothing_is_kept) {
    spanlink_cache *cache = create_with(0, 0);
    assert_int_equal(1, number_of(cache, "a", 1));
    assert_int_equal(2, number_of(cache, "a", 2));
    expect_stats(cache, 0, 2, 0, 0);
}

/* Options that are zero except struct_size, or NULL. */
TEST(a_default_cache_keeps_1024_links) {
    spanlink_cache_options zero = {.struct_size = sizeof zero};
    const spanlink_cache_options *defaults[] = {NULL, &zero};
    for (size_t i = 0; i < 2; i++) {
        spanlink_cache *cache = test_cache_create(defaults[i]);
        fill(cache, 1024);
        expect_stats(cache, 0, 1024, 0, 1024);
        fill(cache, 1100);
        assert_int_equal(1024, stats_of(cache).entries);
        test_end_round();
    }
}

/* Keys that are all missed and kept, and then all hit. */
static void expect_kept(spanlink_cache *cache, size_t keys) {
    fill(cache, keys);
    expect_stats(cache, 0, keys, 0, keys);
    fill(cache, keys);
    expect_stats(cache, keys, keys, 0, keys);
}

TEST(an_unlimited_cache_keeps_all) {
    static const size_t shards[] = {0, 1, 5};
    for (size_t i = 0; i < 3; i++) {
        spanlink_cache *cache = create_with(SPANLINK_UNLIMITED, shards[i]);
        expect_kept(cache, 3000);
        test_end_round();
    }
}

/* No shard evicts before the whole cache is full, however keys are distributed. */
TEST(nothing_is_evicted_below_the_capacity) {
    static const size_t shards[] = {0, 1, 2, 32};
    for (size_t i = 0; i < 4; i++) {
        spanlink_cache *cache = create_with(1024, shards[i]);
        expect_kept(cache, 1024);
        fill(cache, 5000);
        assert_int_equal(1024, stats_of(cache).entries);
        test_end_round();
    }
}

TEST(a_small_cache_with_many_shards_keeps_every_new_link) {
    spanlink_cache *cache = create_with(3, 1000);
    for (size_t i = 0; i < 100; i++) {
        char key[32];
        snprintf(key, sizeof key, "key %lu", (unsigned long)i);
        number_of(cache, key, i);
        assert_int_equal(i, number_of(cache, key, 7));
        assert_true(stats_of(cache).entries <= 3);
    }
}

/* The keys that remain of 64, as bits. */
static uint64_t keys_left(const uint64_t hash_seed[2]) {
    spanlink_cache_options options = options_with(16, 4);
    memcpy(options.hash_seed, hash_seed, sizeof options.hash_seed);
    spanlink_cache *cache = test_cache_create(&options);
    uint64_t left = 0;
    fill(cache, 64);
    for (size_t i = 0; i < 64; i++) {
        char key[32];
        snprintf(key, sizeof key, "key %lu", (unsigned long)i);
        left |= (uint64_t)spanlink_cache_remove(cache, spanlink_str_from(key)) << i;
    }
    test_end_round();
    return left;
}

/* Whether two keys share a shard depends on a secret. */
TEST(the_hash_seed_decides_which_keys_share_a_shard) {
    static const uint64_t seeds[3][2] = {{1, 0}, {2, 0}, {1, 1}};
    assert_true(keys_left(seeds[0]) == keys_left(seeds[0]));
    assert_true(keys_left(seeds[0]) != keys_left(seeds[1]));
    assert_true(keys_left(seeds[0]) != keys_left(seeds[2]));
}
