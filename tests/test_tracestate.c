/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <spanlink/tracestate.h>

#include <stdio.h>
#include <stdlib.h>

typedef spanlink_tracestate_member member;

enum { MOST = 32 * 513 + 31 };

/*
 * What the functions must do, as the specification reads: the text is split at its commas, and then
 * each piece is looked at on its own.
 */

static bool is_space(char c) {
    return c == ' ' || c == '\t';
}

static bool starts_key(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool of_key(int c) {
    return starts_key(c) || c == '_' || c == '*' || c == '/' || c == '@' || c == '-';
}

static bool of_value(int c) {
    return c >= 0x20 && c <= 0x7e && c != ',' && c != '=';
}

static spanlink_status oracle_value(const char *text, size_t length, spanlink_str *value) {
    *value = (spanlink_str){text, length};
    if (length == 0 || length > 256) {
        return SPANLINK_ERR_TRACESTATE_VALUE;
    }
    for (size_t i = 0; i < length; i++) {
        if (!of_value((unsigned char)text[i])) {
            return SPANLINK_ERR_TRACESTATE_VALUE;
        }
    }
    return SPANLINK_OK;
}

static spanlink_status oracle_piece(const char *text, size_t length, member *read) {
    size_t key = 0;
    while (key < length && of_key((unsigned char)text[key])) {
        key++;
    }
    if (key == 0 || key > 256 || !starts_key((unsigned char)text[0])) {
        return SPANLINK_ERR_TRACESTATE_KEY;
    }
    if (key == length) {
        return SPANLINK_ERR_TRACESTATE_EQUALS;
    }
    if (text[key] != '=') {
        return SPANLINK_ERR_TRACESTATE_KEY;
    }
    read->key = (spanlink_str){text, key};
    return oracle_value(text + key + 1, length - key - 1, &read->value);
}

static bool same(spanlink_str a, spanlink_str b) {
    return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

static bool holds(const member *members, size_t count, spanlink_str key) {
    for (size_t i = 0; i < count; i++) {
        if (same(members[i].key, key)) {
            return true;
        }
    }
    return false;
}

static spanlink_status oracle(const char *text, size_t length, member *members, size_t *count) {
    size_t found = 0;
    *count = 0;
    for (size_t start = 0, end; start <= length; start = end + 1) {
        for (end = start; end < length && text[end] != ','; end++) {
        }
        size_t from = start, to = end;
        while (from < to && is_space(text[from])) {
            from++;
        }
        while (from < to && is_space(text[to - 1])) {
            to--;
        }
        if (from == to) {
            continue;
        }
        if (found++ == 32) {
            return SPANLINK_ERR_TRACESTATE_MEMBERS;
        }
        member read;
        spanlink_status status = oracle_piece(text + from, to - from, &read);
        if (status != SPANLINK_OK) {
            return status;
        }
        if (!holds(members, *count, read.key)) {
            members[(*count)++] = read;
        }
    }
    return SPANLINK_OK;
}

/* Joins members into a text of MOST characters. */
static size_t oracle_join(const member *members, size_t count, char *text) {
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        length += (size_t)snprintf(text + length, MOST + 1 - length, "%s%.*s=%.*s",
                                   i == 0 ? "" : ",", (int)members[i].key.len, members[i].key.ptr,
                                   (int)members[i].value.len, members[i].value.ptr);
    }
    return length;
}

/* Copies end where the text ends, so that a sanitizer sees each read beyond it. */
static char *exact_copy(const char *text, size_t length) {
    char *copy = malloc(length == 0 ? 1 : length);
    assert_non_null(copy);
    memcpy(copy, text, length);
    return copy;
}

static void expect_parse(const char *text, size_t length) {
    char *copy = exact_copy(text, length);
    member wanted[32], members[33], before[33];
    size_t wanted_count, count = 77;
    memset(members, 0x5a, sizeof members);
    memset(before, 0x5a, sizeof before);
    spanlink_status status = oracle(copy, length, wanted, &wanted_count);
    assert_status(status, spanlink_tracestate_parse((spanlink_str){copy, length}, members, &count));
    if (status == SPANLINK_OK) {
        assert_int_equal(wanted_count, count);
        for (size_t i = 0; i < count; i++) {
            assert_ptr_equal(wanted[i].key.ptr, members[i].key.ptr);
            assert_int_equal(wanted[i].key.len, members[i].key.len);
            assert_ptr_equal(wanted[i].value.ptr, members[i].value.ptr);
            assert_int_equal(wanted[i].value.len, members[i].value.len);
        }
    } else {
        assert_int_equal(77, count);
    }
    size_t untouched = status == SPANLINK_OK ? count : 0;
    assert_memory_equal(&before[untouched], &members[untouched],
                        (33 - untouched) * sizeof *members);
    free(copy);
}

static void expect_status(spanlink_status wanted, const char *text) {
    member members[32];
    size_t count;
    assert_status(wanted, oracle(text, strlen(text), members, &count));
    expect_parse(text, strlen(text));
}

TEST(a_header_is_split_into_members) {
    member members[32];
    size_t count;
    assert_status(SPANLINK_OK,
                  spanlink_tracestate_parse(spanlink_str_from("rojo=00f067aa0ba902b7,congo=t61r"),
                                            members, &count));
    assert_int_equal(2, count);
    assert_text("rojo", members[0].key);
    assert_text("00f067aa0ba902b7", members[0].value);
    assert_text("congo", members[1].key);
    assert_text("t61r", members[1].value);
}

TEST(spaces_tabs_and_empty_members_are_passed_over) {
    expect_status(SPANLINK_OK, " a=1 , b=2\t,\t c=3 ");
    expect_status(SPANLINK_OK, ",,a=1,,b=2,");
    expect_status(SPANLINK_OK, ", ,\t, a=1 \t , ,");
    member members[32];
    size_t count;
    assert_status(SPANLINK_OK, spanlink_tracestate_parse(spanlink_str_from("\t,a=1 \t ,, b=2  "),
                                                         members, &count));
    assert_int_equal(2, count);
    assert_text("1", members[0].value);
    assert_text("b", members[1].key);
    assert_text("2", members[1].value);
}

TEST(a_text_without_members_is_valid) {
    static const char *const texts[] = {"", ",", " ", "\t", ",,,,", " , \t ,"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        member members[32];
        size_t count = 9;
        assert_status(SPANLINK_OK,
                      spanlink_tracestate_parse(spanlink_str_from(texts[i]), members, &count));
        assert_int_equal(0, count);
    }
}

TEST(a_value_may_begin_with_spaces_but_not_end_with_them) {
    member members[32];
    size_t count;
    assert_status(SPANLINK_OK,
                  spanlink_tracestate_parse(spanlink_str_from("a=  b c  ,d= e"), members, &count));
    assert_text("  b c", members[0].value);
    assert_text(" e", members[1].value);
    expect_status(SPANLINK_ERR_TRACESTATE_VALUE, "a=   ");
    expect_status(SPANLINK_ERR_TRACESTATE_VALUE, "a= \t,b=1");
    expect_status(SPANLINK_ERR_TRACESTATE_VALUE, "a=\t1");
    expect_status(SPANLINK_ERR_TRACESTATE_VALUE, "a=1\t2");
}

TEST(each_fault_has_its_status) {
    expect_status(SPANLINK_ERR_TRACESTATE_KEY, "=1");
    expect_status(SPANLINK_ERR_TRACESTATE_KEY, "A=1");
    expect_status(SPANLINK_ERR_TRACESTATE_KEY, "aB=1");
    expect_status(SPANLINK_ERR_TRACESTATE_KEY, "_a=1");
    expect_status(SPANLINK_ERR_TRACESTATE_KEY, "a =1");
    expect_status(SPANLINK_ERR_TRACESTATE_KEY, "a\t=1");
    expect_status(SPANLINK_ERR_TRACESTATE_KEY, "a b");
    expect_status(SPANLINK_ERR_TRACESTATE_EQUALS, "a");
    expect_status(SPANLINK_ERR_TRACESTATE_EQUALS, "a \t");
    expect_status(SPANLINK_ERR_TRACESTATE_EQUALS, "a ,b=1");
    expect_status(SPANLINK_ERR_TRACESTATE_VALUE, "a=");
    expect_status(SPANLINK_ERR_TRACESTATE_VALUE, "a=,b=1");
    expect_status(SPANLINK_ERR_TRACESTATE_VALUE, "a==");
    expect_status(SPANLINK_ERR_TRACESTATE_VALUE, "a=1=2");
    expect_status(SPANLINK_OK, "0a_-*/@z=~!\";+");
}

TEST(the_leftmost_fault_decides) {
    expect_status(SPANLINK_ERR_TRACESTATE_VALUE, "a=\x7f,B=1,c");
    expect_status(SPANLINK_ERR_TRACESTATE_EQUALS, "a=1,c,B=1,d=");
    expect_status(SPANLINK_ERR_TRACESTATE_KEY, "a=1,C,b,d=");
}

TEST(every_byte_in_every_place_of_a_short_text_is_judged) {
    for (size_t length = 1; length <= 36; length++) {
        for (size_t equals = 1; equals < length; equals += 1 + equals / 2) {
            for (size_t at = 0; at < length; at++) {
                for (int byte = 0; byte < 256; byte++) {
                    char text[36];
                    memset(text, 'k', equals);
                    memset(text + equals, 'V', sizeof text - equals);
                    text[equals] = '=';
                    text[at] = (char)byte;
                    expect_parse(text, length);
                }
            }
        }
    }
}

TEST(every_byte_in_every_role_is_judged_behind_other_members) {
    static const char text[] = "first=member,kk=VVV,last=member_that_is_longer_than_32_characters";
    for (size_t at = 13; at < 20; at++) {
        for (int byte = 0; byte < 256; byte++) {
            char changed[sizeof text];
            memcpy(changed, text, sizeof text);
            changed[at] = (char)byte;
            expect_parse(changed, sizeof text - 1);
        }
    }
}

/* One member with a key and a value of these lengths, "a=1" before and "z=26" behind it. */
static size_t member_between(size_t key, size_t value, char *text) {
    size_t length = 0;
    memcpy(text, "a=1,", 4);
    length += 4;
    memset(text + length, 'k', key);
    length += key;
    text[length++] = '=';
    memset(text + length, 'v', value);
    length += value;
    memcpy(text + length, ",z=26", 5);
    return length + 5;
}

TEST(keys_and_values_have_256_characters_at_most) {
    for (size_t key = 0; key <= 260; key++) {
        for (size_t value = 0; value <= 260; value += key < 250 ? 5 : 1) {
            char text[600];
            member members[32];
            size_t count, length = member_between(key, value, text);
            spanlink_status wanted = key == 0 || key > 256       ? SPANLINK_ERR_TRACESTATE_KEY
                                     : value == 0 || value > 256 ? SPANLINK_ERR_TRACESTATE_VALUE
                                                                 : SPANLINK_OK;
            assert_status(wanted, oracle(text, length, members, &count));
            expect_parse(text, length);
            expect_parse(text + 4, length - 4);
            expect_parse(text, length - 5);
            expect_parse(text + 4, length - 9);
        }
    }
}

TEST(a_long_key_without_equals_is_a_fault_of_its_257th_character) {
    for (size_t length = 255; length <= 258; length++) {
        char text[260];
        memset(text, 'k', sizeof text);
        text[length] = '\0';
        expect_status(length <= 256 ? SPANLINK_ERR_TRACESTATE_EQUALS : SPANLINK_ERR_TRACESTATE_KEY,
                      text);
    }
}

TEST(spaces_behind_a_value_do_not_count) {
    for (size_t value = 255; value <= 257; value++) {
        char text[600];
        memset(text, ' ', sizeof text);
        memcpy(text, "a=", 2);
        memset(text + 2, 'v', value);
        text[500] = ',';
        text[599] = '\0';
        expect_status(value <= 256 ? SPANLINK_OK : SPANLINK_ERR_TRACESTATE_VALUE, text);
    }
}

static size_t many_members(size_t count, char *text) {
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        length += (size_t)snprintf(text + length, 32, "%sk%zu=%zu", i == 0 ? "" : ",", i, i * i);
    }
    return length;
}

TEST(a_33rd_member_makes_a_tracestate_invalid) {
    for (size_t count = 1; count <= 40; count++) {
        char text[1000];
        member members[32];
        size_t found, length = many_members(count, text);
        assert_status(count <= 32 ? SPANLINK_OK : SPANLINK_ERR_TRACESTATE_MEMBERS,
                      spanlink_tracestate_parse((spanlink_str){text, length}, members, &found));
        expect_parse(text, length);
    }
}

TEST(a_33rd_member_is_a_fault_where_it_starts) {
    char text[1000];
    size_t length = many_members(32, text);
    memcpy(text + length, ", , ", 5);
    expect_status(SPANLINK_OK, text);
    memcpy(text + length, ",!", 3);
    expect_status(SPANLINK_ERR_TRACESTATE_MEMBERS, text);
    text[length - 1] = '\x01';
    expect_status(SPANLINK_ERR_TRACESTATE_VALUE, text);
}

TEST(of_a_repeated_key_the_first_counts) {
    member members[32];
    size_t count;
    assert_status(SPANLINK_OK, spanlink_tracestate_parse(spanlink_str_from("a=1,b=2,a=3,b=4,c=5"),
                                                         members, &count));
    assert_int_equal(3, count);
    assert_text("1", members[0].value);
    assert_text("2", members[1].value);
    assert_text("c", members[2].key);
    assert_text("5", members[2].value);
}

TEST(repeated_keys_count_as_members) {
    char text[200];
    for (size_t i = 0; i < 33; i++) {
        memcpy(text + 4 * i, "a=1,", 4);
    }
    expect_parse(text, 4 * 32);
    member members[32];
    size_t count = 0;
    assert_status(SPANLINK_OK,
                  spanlink_tracestate_parse((spanlink_str){text, 4 * 32}, members, &count));
    assert_int_equal(1, count);
    assert_status(SPANLINK_ERR_TRACESTATE_MEMBERS,
                  spanlink_tracestate_parse((spanlink_str){text, 4 * 33}, members, &count));
}

/* The keys agree in length, first, middle and last character, which is what a parser may sample. */
TEST(keys_that_differ_in_one_character_are_told_apart) {
    for (size_t repeated = 0; repeated < 2; repeated++) {
        char text[2000];
        size_t length = 0;
        for (size_t i = 0; i < 32; i++) {
            size_t number = repeated == 1 && i == 31 ? 7 : i;
            length += (size_t)snprintf(text + length, 64, "%ssystem%c%ctenant/of/vendor@x=%zu",
                                       i == 0 ? "" : ",", (char)('a' + number / 6),
                                       (char)('a' + number % 6), i);
        }
        member members[32];
        size_t count;
        assert_status(SPANLINK_OK,
                      spanlink_tracestate_parse((spanlink_str){text, length}, members, &count));
        assert_int_equal(32 - repeated, count);
        expect_parse(text, length);
    }
}

TEST(null_arguments_are_refused) {
    member members[32];
    size_t count = 5;
    spanlink_str some = spanlink_str_from("a=1");
    assert_status(SPANLINK_ERR_ARGUMENT,
                  spanlink_tracestate_parse((spanlink_str){NULL, 1}, members, &count));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_tracestate_parse(some, NULL, &count));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_tracestate_parse(some, members, NULL));
    assert_int_equal(5, count);
    assert_status(SPANLINK_OK, spanlink_tracestate_parse((spanlink_str){NULL, 0}, members, &count));
    assert_int_equal(0, count);
}

static uint32_t next_random(uint64_t *random) {
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*random >> 33);
}

/* A tracestate that is valid more often than not, with few keys, so that they repeat. */
static size_t random_tracestate(uint64_t *random, char *text) {
    static const char *const separators[] = {",", ", ", " ,", ",\t,", ","};
    static const size_t lengths[] = {1, 2, 3, 8, 15, 16, 17, 30, 31, 32, 40, 120, 128, 256};
    size_t length = 0;
    for (uint32_t members = next_random(random) % 35; members > 0; members--) {
        size_t key = lengths[next_random(random) % 8];
        size_t value = lengths[next_random(random) % (members % 8 == 0 ? 14 : 8)];
        memset(text + length, (int)('a' + next_random(random) % 6), key);
        length += key;
        text[length++] = '=';
        memset(text + length, (int)('A' + next_random(random) % 26), value);
        length += value;
        length += (size_t)snprintf(text + length, 8, "%s", separators[next_random(random) % 5]);
    }
    return length;
}

TEST(random_texts_are_read_as_specified) {
    static const char likely[] = "ab0_@=, \tA~\x7f\x80=,";
    static char text[40 * 300];
    uint64_t random = 5;
    for (int round = 0; round < 30000; round++) {
        size_t length = random_tracestate(&random, text);
        for (uint32_t i = next_random(&random) % 3; length != 0 && i > 0; i--) {
            text[next_random(&random) % length] =
                likely[next_random(&random) % (sizeof likely - 1)];
        }
        expect_parse(text, length);
        length = next_random(&random) % 70;
        for (size_t i = 0; i < length; i++) {
            text[i] = likely[next_random(&random) % (sizeof likely - 1)];
        }
        expect_parse(text, length);
    }
}

TEST(every_length_of_commas_and_spaces_is_read) {
    char text[4096];
    for (size_t length = 0; length <= sizeof text; length++) {
        memset(text, ", \t"[length % 3], length);
        expect_parse(text, length);
        memset(text, 'a', length);
        expect_parse(text, length);
    }
}

/* get */

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

TEST(get_leaves_the_value_where_there_is_none) {
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

/* set */

static void expect_set(const char *wanted, const char *tracestate, const char *key,
                       const char *value) {
    char text[100];
    size_t length = 0;
    assert_status(SPANLINK_OK,
                  spanlink_tracestate_set(spanlink_str_from(tracestate), key,
                                          spanlink_str_from(value), text, sizeof text, &length));
    assert_text(wanted, ((spanlink_str){text, length}));
}

TEST(set_puts_a_member_first) {
    expect_set("a=1", "", "a", "1");
    expect_set("a=1,b=2,c=3", "b=2,c=3", "a", "1");
    expect_set("c=4,b=2", "b=2,c=3", "c", "4");
    expect_set("b=  4,c=3", "b=2,c=3", "b", "  4");
    expect_set("b=4", "b=2", "b", "4");
}

TEST(set_tidies_the_others) {
    expect_set("a=1,b=2,c= 3", " b=2 ,, b=9,\tc= 3 ,a=8,", "a", "1");
}

TEST(set_drops_the_last_of_33) {
    char old[1000], text[1000], wanted[1000];
    size_t length, old_length = many_members(32, old), wanted_length = many_members(31, wanted);
    assert_status(SPANLINK_OK,
                  spanlink_tracestate_set((spanlink_str){old, old_length}, "new",
                                          spanlink_str_from("1"), text, sizeof text, &length));
    assert_int_equal(6 + wanted_length, length);
    assert_memory_equal("new=1,", text, 6);
    assert_memory_equal(wanted, text + 6, wanted_length);
    assert_status(SPANLINK_OK,
                  spanlink_tracestate_set((spanlink_str){old, old_length}, "k31",
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
            bool valid;
            const char *key;
            spanlink_str value;
            spanlink_status status;
        } cases[] = {
            {starts_key(byte), first, one, SPANLINK_ERR_TRACESTATE_KEY},
            {of_key(byte), later, one, SPANLINK_ERR_TRACESTATE_KEY},
            {of_value(byte), "a", {value, 3}, SPANLINK_ERR_TRACESTATE_VALUE},
            {of_value(byte) && byte != ' ', "a", {last, 2}, SPANLINK_ERR_TRACESTATE_VALUE},
        };
        for (size_t i = 0; i < 4; i++) {
            if (cases[i].valid) {
                assert_status(SPANLINK_OK,
                              spanlink_tracestate_set(old, cases[i].key, cases[i].value, text,
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

TEST(set_on_an_invalid_tracestate_says_why) {
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
    assert_status(SPANLINK_ERR_ARGUMENT,
                  spanlink_tracestate_set(old, "a", one, NULL, sizeof text, &length));
    assert_status(SPANLINK_ERR_ARGUMENT,
                  spanlink_tracestate_set(old, "a", one, text, sizeof text, NULL));
    assert_int_equal(77, length);
    assert_string_equal("#", text);
}

TEST(set_says_how_much_room_it_needs) {
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
    assert_status(SPANLINK_OK,
                  spanlink_tracestate_set(old, "b", value, text, sizeof text, &length));
    assert_text("b=2,a=1", ((spanlink_str){text, length}));
}

TEST(set_fills_the_longest_tracestate) {
    static char old[MOST + 1], text[MOST + 1];
    member members[32];
    char keys[32][256], value[256];
    memset(keys, 'k', sizeof keys);
    memset(value, 'v', sizeof value);
    for (size_t i = 0; i < 32; i++) {
        keys[i][0] = (char)('a' + i % 16);
        keys[i][1] = (char)('a' + i / 16);
        members[i] = (member){{keys[i], 256}, {value, 256}};
    }
    size_t length = 0, old_length = oracle_join(members, 32, old);
    assert_int_equal(MOST, old_length);
    char key[257];
    memset(key, 'x', 256);
    key[256] = '\0';
    spanlink_str view = {old, old_length};
    assert_status(SPANLINK_ERR_CAPACITY,
                  spanlink_tracestate_set(view, key, members[0].value, text, MOST - 1, &length));
    assert_int_equal(MOST, length);
    assert_status(SPANLINK_OK,
                  spanlink_tracestate_set(view, key, members[0].value, text, MOST, &length));
    assert_int_equal(MOST, length);
    expect_parse(text, length);
}

/* remove */

static void expect_remove(const char *wanted, const char *tracestate, const char *key) {
    char text[100];
    size_t length = 77;
    assert_status(SPANLINK_OK, spanlink_tracestate_remove(spanlink_str_from(tracestate), key, text,
                                                          sizeof text, &length));
    assert_text(wanted, ((spanlink_str){text, length}));
    size_t old_length = strlen(tracestate);
    memcpy(text, tracestate, old_length);
    assert_status(SPANLINK_OK, spanlink_tracestate_remove((spanlink_str){text, old_length}, key,
                                                          text, old_length, &length));
    assert_text(wanted, ((spanlink_str){text, length}));
}

TEST(remove_takes_a_member_out) {
    expect_remove("b=2,c=3", "a=1,b=2,c=3", "a");
    expect_remove("a=1,c=3", "a=1,b=2,c=3", "b");
    expect_remove("a=1,b=2", "a=1,b=2,c=3", "c");
    expect_remove("", "a=1", "a");
    expect_remove("b=2", "a=1,b=2,a=3", "a");
}

TEST(remove_of_another_key_just_tidies) {
    expect_remove("a=1,b= 2", " a=1 ,,\tb= 2\t,a=3 ,", "x");
    expect_remove("", " , ", "x");
    expect_remove("", "", "x");
}

/* limit */

static void expect_limit(const char *wanted, const char *tracestate, size_t max_length) {
    char text[700];
    size_t length = 77, old_length = strlen(tracestate);
    assert_status(SPANLINK_OK, spanlink_tracestate_limit(spanlink_str_from(tracestate), max_length,
                                                         text, strlen(wanted), &length));
    assert_text(wanted, ((spanlink_str){text, length}));
    memcpy(text, tracestate, old_length);
    assert_status(SPANLINK_OK, spanlink_tracestate_limit((spanlink_str){text, old_length},
                                                         max_length, text, old_length, &length));
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

TEST(unlimited_just_tidies) {
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

/* What remove and limit have in common. */

static spanlink_status remove_or_limit(bool remove, spanlink_str tracestate, char *text,
                                       size_t capacity, size_t *length) {
    return remove ? spanlink_tracestate_remove(tracestate, "x", text, capacity, length)
                  : spanlink_tracestate_limit(tracestate, 600, text, capacity, length);
}

TEST(sized_keys_do_what_texts_do) {
    spanlink_str old = spanlink_str_from("a=1,bb=2"), one = spanlink_str_from("1"), value;
    spanlink_str bb = spanlink_str_make("bbb", 2), none = {NULL, 0}, bad = {NULL, 2};
    char text[20], *exact = malloc(1);
    size_t length = 0;
    assert_non_null(exact);
    *exact = 'a';
    assert_true(spanlink_tracestate_get_str(old, bb, &value));
    assert_text("2", value);
    assert_true(spanlink_tracestate_get_str(old, spanlink_str_make(exact, 1), NULL));
    assert_false(spanlink_tracestate_get_str(old, spanlink_str_make("bbb", 3), NULL));
    assert_false(spanlink_tracestate_get_str(old, none, NULL));
    assert_false(spanlink_tracestate_get_str(old, bad, NULL));

    assert_status(SPANLINK_OK,
                  spanlink_tracestate_set_str(old, bb, one, text, sizeof text, &length));
    assert_text("bb=1,a=1", spanlink_str_make(text, length));
    assert_status(SPANLINK_OK, spanlink_tracestate_set_str(old, spanlink_str_make(exact, 1), one,
                                                           text, sizeof text, &length));
    assert_status(SPANLINK_ERR_TRACESTATE_KEY,
                  spanlink_tracestate_set_str(old, none, one, text, sizeof text, &length));
    assert_status(SPANLINK_ERR_TRACESTATE_KEY,
                  spanlink_tracestate_set_str(old, spanlink_str_make("a\0", 2), one, text,
                                              sizeof text, &length));
    assert_status(SPANLINK_ERR_ARGUMENT,
                  spanlink_tracestate_set_str(old, bad, one, text, sizeof text, &length));

    assert_status(SPANLINK_OK, spanlink_tracestate_remove_str(old, bb, text, sizeof text, &length));
    assert_text("a=1", spanlink_str_make(text, length));
    assert_status(SPANLINK_ERR_TRACESTATE_KEY,
                  spanlink_tracestate_remove_str(old, none, text, sizeof text, &length));
    assert_status(SPANLINK_ERR_ARGUMENT,
                  spanlink_tracestate_remove_str(old, bad, text, sizeof text, &length));
    free(exact);
}

/* W3C Trace Context Level 2, "list": an empty list-member is allowed, and is none. */
TEST(empty_members_do_not_count_as_members) {
    char text[2000];
    size_t length = many_members(32, text);
    text[length] = ',';
    memmove(text + 3, text, length + 1);
    memcpy(text, ", ,", 3);
    member members[32];
    size_t count = 0;
    spanlink_str with_empty = spanlink_str_make(text, length + 4);
    assert_status(SPANLINK_OK, spanlink_tracestate_parse(with_empty, members, &count));
    assert_int_equal(32, count);
    char changed[2000];
    size_t changed_length;
    assert_status(SPANLINK_OK, spanlink_tracestate_limit(with_empty, SPANLINK_UNLIMITED, changed,
                                                         sizeof changed, &changed_length));
    assert_int_equal(length, changed_length);
    assert_memory_equal(text + 3, changed, length);
}

TEST(a_limit_of_zero_or_none_leaves_nothing) {
    static const size_t limits[] = {0, SPANLINK_NONE};
    for (size_t i = 0; i < 2; i++) {
        size_t length = 77;
        assert_status(SPANLINK_OK, spanlink_tracestate_limit(spanlink_str_from("a=1"), limits[i],
                                                             NULL, 0, &length));
        assert_int_equal(0, length);
    }
}

TEST(remove_and_limit_say_how_much_room_they_need) {
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

TEST(an_empty_result_needs_no_room) {
    size_t length = 77;
    assert_status(SPANLINK_OK,
                  spanlink_tracestate_remove(spanlink_str_from("x=1"), "x", NULL, 0, &length));
    assert_int_equal(0, length);
    length = 77;
    assert_status(SPANLINK_OK,
                  spanlink_tracestate_limit(spanlink_str_from("x=1"), 0, NULL, 0, &length));
    assert_int_equal(0, length);
    length = 77;
    assert_status(SPANLINK_OK, spanlink_tracestate_limit((spanlink_str){NULL, 0},
                                                         SPANLINK_UNLIMITED, NULL, 0, &length));
    assert_int_equal(0, length);
}

TEST(remove_and_limit_refuse_bad_arguments) {
    spanlink_str old = spanlink_str_from("b=2");
    char text[20] = "#";
    size_t length = 77;
    for (int remove = 0; remove < 2; remove++) {
        assert_status(SPANLINK_ERR_ARGUMENT,
                      remove_or_limit(remove != 0, old, text, sizeof text, NULL));
        assert_status(SPANLINK_ERR_ARGUMENT,
                      remove_or_limit(remove != 0, old, NULL, sizeof text, &length));
        assert_status(SPANLINK_ERR_ARGUMENT, remove_or_limit(remove != 0, (spanlink_str){NULL, 3},
                                                             text, sizeof text, &length));
        assert_status(
            SPANLINK_ERR_TRACESTATE_EQUALS,
            remove_or_limit(remove != 0, spanlink_str_from("b=1,c"), text, sizeof text, &length));
    }
    static const char *const keys[] = {"", "A", "a b", "-a", "a=", "\xc3\xa4"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        assert_status(SPANLINK_ERR_TRACESTATE_KEY,
                      spanlink_tracestate_remove(old, keys[i], text, sizeof text, &length));
    }
    assert_status(SPANLINK_ERR_ARGUMENT,
                  spanlink_tracestate_remove(old, NULL, text, sizeof text, &length));
    assert_int_equal(77, length);
    assert_string_equal("#", text);
}

/* Random tracestates against the same changes made to lists of members. */

static size_t without(member *members, size_t count, const char *key) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (!same(members[i].key, spanlink_str_from(key))) {
            members[kept++] = members[i];
        }
    }
    return kept;
}

static size_t limited(member *members, size_t count, size_t max_length, char *text) {
    for (size_t longer_than = 128; longer_than <= 128; longer_than -= 128) {
        for (size_t i = count; i-- > 0;) {
            size_t length = members[i].key.len + 1 + members[i].value.len;
            if (oracle_join(members, count, text) > max_length && length > longer_than) {
                memmove(&members[i], &members[i + 1], (--count - i) * sizeof *members);
            }
        }
    }
    return count;
}

static size_t set(member *members, size_t count, const char *key, const char *value) {
    count = without(members, count, key);
    count = count == 32 ? 31 : count;
    memmove(members + 1, members, count * sizeof *members);
    members[0] = (member){spanlink_str_from(key), spanlink_str_from(value)};
    return count + 1;
}

TEST(random_tracestates_change_as_specified) {
    static const char *const keys[] = {"a", "bb", "ccc", "dddddddd", "x"};
    static char old[40 * 300], text[40 * 300], wanted[MOST + 1];
    uint64_t random = 9;
    for (int round = 0; round < 6000; round++) {
        member members[33];
        size_t count, length = 77, old_length = random_tracestate(&random, old);
        spanlink_str view = {old, old_length};
        spanlink_status status = oracle(old, old_length, members, &count);
        const char *key = keys[next_random(&random) % 5];
        size_t max_length = next_random(&random) % (old_length + 10);
        if (round % 3 == 0) {
            assert_status(status, spanlink_tracestate_set(view, key, spanlink_str_from("new"), text,
                                                          sizeof text, &length));
            count = status == SPANLINK_OK ? set(members, count, key, "new") : count;
        } else {
            memcpy(text, old, old_length);
            view.ptr = text;
            assert_status(status, round % 3 == 1 ? spanlink_tracestate_remove(view, key, text,
                                                                              old_length, &length)
                                                 : spanlink_tracestate_limit(view, max_length, text,
                                                                             old_length, &length));
            count = round % 3 == 1 ? without(members, count, key)
                                   : limited(members, count, max_length, wanted);
        }
        if (status == SPANLINK_OK) {
            assert_int_equal(oracle_join(members, count, wanted), length);
            assert_memory_equal(wanted, text, length);
        } else {
            assert_int_equal(77, length);
        }
    }
}
