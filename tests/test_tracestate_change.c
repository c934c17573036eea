/* SPDX-License-Identifier: MIT */
#include "test_tracestates.h"

enum { MOST = TEST_TRACESTATE_MOST };

TEST(get_finds_the_first_value_of_a_key) {
    spanlink_str value, tracestate = spanlink_str_from(" a=1, bb=2 ,a=3,c= x");
    assert_true(spanlink_tracestate_get(tracestate, "a", &value));
    assert_text("1", value);
    assert_true(spanlink_tracestate_get(tracestate, "bb", &value));
    assert_text("2", value);
    assert_true(spanlink_tracestate_get(tracestate, "c", &value));
    assert_text(" x", value);
    assert_true(spanlink_tracestate_get(tracestate, "c", NULL));
    assert_false(spanlink_tracestate_get(tracestate, "x", NULL));
}

TEST(get_of_a_missing_key_leaves_the_value_unchanged) {
    spanlink_str value = spanlink_str_from("before");
    static const char *const states[] = {"", "b=1", "ab=1", "a=1,b", "a=1,B=2"};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        assert_false(spanlink_tracestate_get(spanlink_str_from(states[i]), "a", &value));
    }
    assert_false(spanlink_tracestate_get(spanlink_str_from("a=1"), NULL, &value));
    assert_false(spanlink_tracestate_get(spanlink_str_from("a=1"), "", &value));
    assert_false(spanlink_tracestate_get((spanlink_str){NULL, 3}, "a", &value));
    assert_text("before", value);
}

static void expect_set(const char *wanted, const char *tracestate, const char *key,
                       const char *value) {
    char text[100];
    size_t length = 0;
    assert_ok(spanlink_tracestate_set(spanlink_str_from(tracestate), key, spanlink_str_from(value),
                                      text, sizeof text, &length));
    assert_text(wanted, ((spanlink_str){text, length}));
}

TEST(set_puts_a_member_first) {
    expect_set("a=1", "", "a", "1");
    expect_set("a=1,b=2,c=3", "b=2,c=3", "a", "1");
    expect_set("c=4,b=2", "b=2,c=3", "c", "4");
    expect_set("b=  4,c=3", "b=2,c=3", "b", "  4");
    expect_set("b=4", "b=2", "b", "4");
}

TEST(set_normalises_the_others) {
    expect_set("a=1,b=2,c= 3", " b=2 ,, b=9,\tc= 3 ,a=8,", "a", "1");
}

TEST(set_drops_the_last_of_33) {
    char old[1000], text[1000], wanted[1000];
    size_t length, old_length = many_members(32, old), wanted_length = many_members(31, wanted);
    assert_ok(spanlink_tracestate_set((spanlink_str){old, old_length}, "new",
                                      spanlink_str_from("1"), text, sizeof text, &length));
    assert_int_equal(6 + wanted_length, length);
    assert_memory_equal("new=1,", text, 6);
    assert_memory_equal(wanted, text + 6, wanted_length);
    assert_ok(spanlink_tracestate_set((spanlink_str){old, old_length}, "k31",
                                      spanlink_str_from("1"), text, sizeof text, &length));
    assert_int_equal(6 + wanted_length, length);
    assert_memory_equal("k31=1,", text, 6);
    assert_memory_equal(wanted, text + 6, wanted_length);
}

static void expect_set_fails(spanlink_status wanted, spanlink_str tracestate, const char *key,
                             spanlink_str value) {
    char text[600], before[600];
    size_t length = 77;
    memset(text, '#', sizeof text);
    memset(before, '#', sizeof before);
    assert_status(wanted,
                  spanlink_tracestate_set(tracestate, key, value, text, sizeof text, &length));
    assert_int_equal(77, length);
    assert_memory_equal(before, text, sizeof text);
}

TEST(set_checks_every_byte_of_key_and_value) {
    spanlink_str old = spanlink_str_from("z=26"), one = spanlink_str_from("1");
    for (int byte = 1; byte < 256; byte++) {
        char first[] = "?b", later[] = "b?", value[] = "v?v", last[] = "v?", text[20];
        first[0] = later[1] = value[1] = last[1] = (char)byte;
        size_t length;
        struct {
            const char *key;
            spanlink_str value;
            spanlink_status status;
        } cases[] = {
            {first, one, SPANLINK_ERR_TRACESTATE_KEY},
            {later, one, SPANLINK_ERR_TRACESTATE_KEY},
            {"a", {value, 3}, SPANLINK_ERR_TRACESTATE_VALUE},
            {"a", {last, 2}, SPANLINK_ERR_TRACESTATE_VALUE},
        };
        for (size_t i = 0; i < 4; i++) {
            if (test_tracestate_is_key(cases[i].key, strlen(cases[i].key)) &&
                test_tracestate_is_value(cases[i].value.ptr, cases[i].value.len)) {
                assert_ok(spanlink_tracestate_set(old, cases[i].key, cases[i].value, text,
                                                  sizeof text, &length));
                expect_parse(text, length);
            } else {
                expect_set_fails(cases[i].status, old, cases[i].key, cases[i].value);
            }
        }
    }
    expect_set_fails(SPANLINK_ERR_TRACESTATE_VALUE, old, "a", (spanlink_str){"v\0v", 3});
    expect_set_fails(SPANLINK_ERR_TRACESTATE_KEY, old, "", one);
    expect_set_fails(SPANLINK_ERR_TRACESTATE_VALUE, old, "a", (spanlink_str){NULL, 0});
}

TEST(set_checks_lengths) {
    char key[258], value[257], text[520];
    memset(value, 'v', sizeof value);
    for (size_t n = 255; n <= 257; n++) {
        size_t length = 77;
        memset(key, 'k', sizeof key);
        key[n] = '\0';
        spanlink_status status = n <= 256 ? SPANLINK_OK : SPANLINK_ERR_TRACESTATE_KEY;
        assert_status(status, spanlink_tracestate_set((spanlink_str){NULL, 0}, key,
                                                      (spanlink_str){value, 1}, text, sizeof text,
                                                      &length));
        assert_int_equal(n <= 256 ? n + 2 : 77, length);
        status = n <= 256 ? SPANLINK_OK : SPANLINK_ERR_TRACESTATE_VALUE;
        length = 77;
        assert_status(status, spanlink_tracestate_set((spanlink_str){NULL, 0}, "a",
                                                      (spanlink_str){value, n}, text, sizeof text,
                                                      &length));
        assert_int_equal(n <= 256 ? n + 2 : 77, length);
    }
}

TEST(set_on_an_invalid_tracestate_returns_its_error) {
    spanlink_str one = spanlink_str_from("1");
    expect_set_fails(SPANLINK_ERR_TRACESTATE_KEY, spanlink_str_from("B=2"), "a", one);
    expect_set_fails(SPANLINK_ERR_TRACESTATE_EQUALS, spanlink_str_from("b"), "a", one);
    expect_set_fails(SPANLINK_ERR_TRACESTATE_VALUE, spanlink_str_from("b="), "a", one);
    char text[1000];
    size_t length = many_members(33, text);
    expect_set_fails(SPANLINK_ERR_TRACESTATE_MEMBERS, (spanlink_str){text, length}, "a", one);
}

TEST(set_refuses_null_arguments) {
    spanlink_str old = spanlink_str_from("b=2"), one = spanlink_str_from("1");
    char text[20] = "#";
    size_t length = 77;
    expect_set_fails(SPANLINK_ERR_ARGUMENT, old, NULL, one);
    expect_set_fails(SPANLINK_ERR_ARGUMENT, old, "a", (spanlink_str){NULL, 1});
    expect_set_fails(SPANLINK_ERR_ARGUMENT, (spanlink_str){NULL, 1}, "a", one);
    assert_refused(spanlink_tracestate_set(old, "a", one, NULL, sizeof text, &length));
    assert_refused(spanlink_tracestate_set(old, "a", one, text, sizeof text, NULL));
    assert_int_equal(77, length);
    assert_string_equal("#", text);
}

TEST(set_returns_the_needed_capacity) {
    spanlink_str old = spanlink_str_from(" bb=22 , c=3");
    char text[20];
    for (size_t capacity = 0; capacity <= sizeof text; capacity++) {
        size_t length = 77;
        memset(text, '#', sizeof text);
        spanlink_status wanted = capacity < 13 ? SPANLINK_ERR_CAPACITY : SPANLINK_OK;
        assert_status(wanted,
                      spanlink_tracestate_set(old, "a", spanlink_str_from("1"),
                                              capacity == 0 ? NULL : text, capacity, &length));
        assert_int_equal(13, length);
        if (capacity >= 13) {
            assert_memory_equal("a=1,bb=22,c=3#", text, 14);
        }
    }
}

TEST(set_may_take_its_value_from_the_old_tracestate) {
    spanlink_str old = spanlink_str_from("a=1,b=2"), value;
    char text[20];
    size_t length;
    assert_true(spanlink_tracestate_get(old, "b", &value));
    assert_ok(spanlink_tracestate_set(old, "b", value, text, sizeof text, &length));
    assert_text("b=2,a=1", ((spanlink_str){text, length}));
}

TEST(set_fills_the_longest_tracestate) {
    static char old[MOST + 1], text[MOST + 1];
    test_tracestate longest = {.count = 32};
    member *members = longest.members;
    char keys[32][256], value[256];
    memset(keys, 'k', sizeof keys);
    memset(value, 'v', sizeof value);
    for (size_t i = 0; i < 32; i++) {
        keys[i][0] = (char)('a' + i % 16);
        keys[i][1] = (char)('a' + i / 16);
        members[i] = (member){{keys[i], 256}, {value, 256}};
    }
    size_t length = 0, old_length = test_tracestate_write(&longest, old);
    assert_int_equal(MOST, old_length);
    char key[257];
    memset(key, 'x', 256);
    key[256] = '\0';
    spanlink_str view = {old, old_length};
    assert_status(SPANLINK_ERR_CAPACITY,
                  spanlink_tracestate_set(view, key, members[0].value, text, MOST - 1, &length));
    assert_int_equal(MOST, length);
    assert_ok(spanlink_tracestate_set(view, key, members[0].value, text, MOST, &length));
    assert_int_equal(MOST, length);
    expect_parse(text, length);
}

static void expect_remove(const char *wanted, const char *tracestate, const char *key) {
    char text[100];
    size_t length = 77;
    assert_ok(
        spanlink_tracestate_remove(spanlink_str_from(tracestate), key, text, sizeof text, &length));
    assert_text(wanted, ((spanlink_str){text, length}));
    size_t old_length = strlen(tracestate);
    memcpy(text, tracestate, old_length);
    assert_ok(spanlink_tracestate_remove((spanlink_str){text, old_length}, key, text, old_length,
                                         &length));
    assert_text(wanted, ((spanlink_str){text, length}));
}

TEST(remove_removes_a_member) {
    expect_remove("b=2,c=3", "a=1,b=2,c=3", "a");
    expect_remove("a=1,c=3", "a=1,b=2,c=3", "b");
    expect_remove("a=1,b=2", "a=1,b=2,c=3", "c");
    expect_remove("", "a=1", "a");
    expect_remove("b=2", "a=1,b=2,a=3", "a");
}

TEST(remove_of_a_missing_key_only_normalises) {
    expect_remove("a=1,b= 2", " a=1 ,,\tb= 2\t,a=3 ,", "x");
    expect_remove("", " , ", "x");
    expect_remove("", "", "x");
}

static void expect_limit(const char *wanted, const char *tracestate, size_t max_length) {
    char text[700];
    size_t length = 77, old_length = strlen(tracestate);
    assert_ok(spanlink_tracestate_limit(spanlink_str_from(tracestate), max_length, text,
                                        strlen(wanted), &length));
    assert_text(wanted, ((spanlink_str){text, length}));
    memcpy(text, tracestate, old_length);
    assert_ok(spanlink_tracestate_limit((spanlink_str){text, old_length}, max_length, text,
                                        old_length, &length));
    assert_text(wanted, ((spanlink_str){text, length}));
}

TEST(limit_drops_members_from_the_end) {
    expect_limit("a=1,b=2,c=3", "a=1,b=2,c=3", 11);
    expect_limit("a=1,b=2", "a=1,b=2,c=3", 10);
    expect_limit("a=1,b=2", "a=1,b=2,c=3", 7);
    expect_limit("a=1", "a=1,b=2,c=3", 6);
    expect_limit("a=1", "a=1,b=2,c=3", 3);
    expect_limit("", "a=1,b=2,c=3", 2);
    expect_limit("", "a=1,b=2,c=3", 0);
    expect_limit("", "", 0);
}

TEST(limit_without_bounds_only_normalises) {
    expect_limit("a=1,b= 2", " a=1 ,,\tb= 2\t,a=3 ,", SPANLINK_UNLIMITED);
    expect_limit("a=1,b= 2", " a=1 ,,\tb= 2\t,a=3 ,", 8);
}

TEST(limit_drops_long_members_first) {
    char long1[130], long2[130], just128[129], old[600], wanted[600];
    memset(long1, '1', sizeof long1);
    memset(long2, '2', sizeof long2);
    memset(just128, '3', sizeof just128);
    memcpy(long1, "l=", 2);
    memcpy(long2, "m=", 2);
    memcpy(just128, "n=", 2);
    long1[129] = long2[129] = just128[128] = '\0';
    snprintf(old, sizeof old, "a=1,%s,b=2,%s,%s,c=3", long1, long2, just128);
    size_t whole = strlen(old);
    expect_limit(old, old, whole);
    snprintf(wanted, sizeof wanted, "a=1,%s,b=2,%s,c=3", long1, just128);
    expect_limit(wanted, old, whole - 1);
    expect_limit(wanted, old, whole - 130);
    snprintf(wanted, sizeof wanted, "a=1,b=2,%s,c=3", just128);
    expect_limit(wanted, old, whole - 131);
    expect_limit(wanted, old, whole - 260);
    snprintf(wanted, sizeof wanted, "a=1,b=2,%s", just128);
    expect_limit(wanted, old, whole - 261);
    expect_limit("a=1,b=2", old, whole - 265);
}

static spanlink_status remove_or_limit(bool remove, spanlink_str tracestate, char *text,
                                       size_t capacity, size_t *length) {
    return remove ? spanlink_tracestate_remove(tracestate, "x", text, capacity, length)
                  : spanlink_tracestate_limit(tracestate, 600, text, capacity, length);
}

TEST(sized_keys_do_what_texts_do) {
    spanlink_str old = spanlink_str_from("a=1,bb=2"), one = spanlink_str_from("1"), value;
    spanlink_str bb = spanlink_str_make("bbb", 2), none = {NULL, 0}, bad = {NULL, 2};
    char text[20], *exact = test_copy("a", 1);
    size_t length = 0;
    assert_true(spanlink_tracestate_get_str(old, bb, &value));
    assert_text("2", value);
    assert_true(spanlink_tracestate_get_str(old, spanlink_str_make(exact, 1), NULL));
    assert_false(spanlink_tracestate_get_str(old, spanlink_str_make("bbb", 3), NULL));
    assert_false(spanlink_tracestate_get_str(old, none, NULL));
    assert_false(spanlink_tracestate_get_str(old, bad, NULL));

    assert_ok(spanlink_tracestate_set_str(old, bb, one, text, sizeof text, &length));
    assert_text("bb=1,a=1", spanlink_str_make(text, length));
    assert_ok(spanlink_tracestate_set_str(old, spanlink_str_make(exact, 1), one, text, sizeof text,
                                          &length));
    assert_status(SPANLINK_ERR_TRACESTATE_KEY,
                  spanlink_tracestate_set_str(old, none, one, text, sizeof text, &length));
    assert_status(SPANLINK_ERR_TRACESTATE_KEY,
                  spanlink_tracestate_set_str(old, spanlink_str_make("a\0", 2), one, text,
                                              sizeof text, &length));
    assert_refused(spanlink_tracestate_set_str(old, bad, one, text, sizeof text, &length));

    assert_ok(spanlink_tracestate_remove_str(old, bb, text, sizeof text, &length));
    assert_text("a=1", spanlink_str_make(text, length));
    assert_status(SPANLINK_ERR_TRACESTATE_KEY,
                  spanlink_tracestate_remove_str(old, none, text, sizeof text, &length));
    assert_refused(spanlink_tracestate_remove_str(old, bad, text, sizeof text, &length));
    free(exact);
}

/* W3C Trace Context Level 2, "list": an empty list-member is allowed and does not count. */
TEST(empty_members_do_not_count_as_members) {
    char text[2000];
    size_t length = many_members(32, text);
    text[length] = ',';
    memmove(text + 3, text, length + 1);
    memcpy(text, ", ,", 3);
    member members[32];
    size_t count = 0;
    spanlink_str with_empty = spanlink_str_make(text, length + 4);
    assert_ok(spanlink_tracestate_parse(with_empty, members, &count));
    assert_int_equal(32, count);
    char changed[2000];
    size_t changed_length;
    assert_ok(spanlink_tracestate_limit(with_empty, SPANLINK_UNLIMITED, changed, sizeof changed,
                                        &changed_length));
    assert_int_equal(length, changed_length);
    assert_memory_equal(text + 3, changed, length);
}

TEST(a_limit_of_zero_or_none_leaves_nothing) {
    static const size_t limits[] = {0, SPANLINK_NONE};
    for (size_t i = 0; i < 2; i++) {
        size_t length = 77;
        assert_ok(spanlink_tracestate_limit(spanlink_str_from("a=1"), limits[i], NULL, 0, &length));
        assert_int_equal(0, length);
    }
}

TEST(remove_and_limit_return_the_needed_capacity) {
    spanlink_str old = spanlink_str_from(" bb=22 , c=3");
    for (size_t capacity = 0; capacity < 20; capacity++) {
        for (int remove = 0; remove < 2; remove++) {
            char text[20];
            size_t length = 77;
            memset(text, '#', sizeof text);
            spanlink_status wanted = capacity < 9 ? SPANLINK_ERR_CAPACITY : SPANLINK_OK;
            assert_status(wanted, remove_or_limit(remove != 0, old, capacity == 0 ? NULL : text,
                                                  capacity, &length));
            assert_int_equal(9, length);
            assert_memory_equal(capacity < 9 ? "##########" : "bb=22,c=3#", text, 10);
        }
    }
}

TEST(an_empty_result_needs_no_capacity) {
    size_t length = 77;
    assert_ok(spanlink_tracestate_remove(spanlink_str_from("x=1"), "x", NULL, 0, &length));
    assert_int_equal(0, length);
    length = 77;
    assert_ok(
        spanlink_tracestate_limit((spanlink_str){NULL, 0}, SPANLINK_UNLIMITED, NULL, 0, &length));
    assert_int_equal(0, length);
}

TEST(remove_and_limit_refuse_bad_arguments) {
    spanlink_str old = spanlink_str_from("b=2");
    char text[20] = "#";
    size_t length = 77;
    for (int remove = 0; remove < 2; remove++) {
        assert_refused(remove_or_limit(remove != 0, old, text, sizeof text, NULL));
        assert_refused(remove_or_limit(remove != 0, old, NULL, sizeof text, &length));
        assert_refused(
            remove_or_limit(remove != 0, (spanlink_str){NULL, 3}, text, sizeof text, &length));
        assert_status(
            SPANLINK_ERR_TRACESTATE_EQUALS,
            remove_or_limit(remove != 0, spanlink_str_from("b=1,c"), text, sizeof text, &length));
    }
    static const char *const keys[] = {"", "A", "a b", "-a", "a=", "\xc3\xa4"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        assert_status(SPANLINK_ERR_TRACESTATE_KEY,
                      spanlink_tracestate_remove(old, keys[i], text, sizeof text, &length));
    }
    assert_refused(spanlink_tracestate_remove(old, NULL, text, sizeof text, &length));
    assert_int_equal(77, length);
    assert_string_equal("#", text);
}

TEST(random_tracestates_change_as_specified) {
    static const char *const keys[] = {"a", "bb", "ccc", "dddddddd", "x"};
    static char old[40 * 300], text[40 * 300], wanted[MOST + 1];
    uint64_t random = 9;
    for (int round = 0; round < 6000; round++) {
        size_t length = 77, old_length = random_tracestate(&random, old);
        test_tracestate before = test_tracestate_read(old, old_length), after;
        spanlink_str view = {old, old_length}, value = spanlink_str_from("new");
        const char *key = keys[test_random_below(&random, 5)];
        size_t max_length = test_random_below(&random, old_length + 10);
        if (round % 3 == 0) {
            assert_status(before.status,
                          spanlink_tracestate_set(view, key, value, text, sizeof text, &length));
            after = test_tracestate_set(before, spanlink_str_from(key), value);
        } else {
            memcpy(text, old, old_length);
            view.ptr = text;
            assert_status(
                before.status,
                round % 3 == 1
                    ? spanlink_tracestate_remove(view, key, text, old_length, &length)
                    : spanlink_tracestate_limit(view, max_length, text, old_length, &length));
            after = round % 3 == 1 ? test_tracestate_remove(before, spanlink_str_from(key))
                                   : test_tracestate_limit(before, max_length);
        }
        if (before.status == SPANLINK_OK) {
            assert_int_equal(test_tracestate_write(&after, wanted), length);
            assert_memory_equal(wanted, text, length);
        } else {
            assert_int_equal(77, length);
        }
    }
}
