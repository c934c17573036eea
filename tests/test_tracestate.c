/* SPDX-License-Identifier: MIT */
#include "test_tracestates.h"

static void expect_status(spanlink_status wanted, const char *text) {
    assert_status(wanted, test_tracestate_read(text, strlen(text)).status);
    expect_parse(text, strlen(text));
}

static void expect_statuses(spanlink_status wanted, const char *const *texts) {
    for (; *texts != NULL; texts++) {
        expect_status(wanted, *texts);
    }
}

/* The text is valid, and its members are those of `wanted`, which is written without spaces. */
static void expect_members(const char *wanted, const char *text) {
    test_tracestate read = {.status = SPANLINK_OK};
    char joined[TEST_TRACESTATE_MOST + 1] = "";
    assert_ok(spanlink_tracestate_parse(spanlink_str_from(text), read.members, &read.count));
    test_tracestate_write(&read, joined);
    assert_string_equal(wanted, joined);
}

TEST(a_header_is_split_into_members) {
    expect_members("rojo=00f067aa0ba902b7,congo=t61r", "rojo=00f067aa0ba902b7,congo=t61r");
}

TEST(spaces_tabs_and_empty_members_are_passed_over) {
    expect_statuses(SPANLINK_OK,
                    VALUES(" a=1 , b=2\t,\t c=3 ", ",,a=1,,b=2,", ", ,\t, a=1 \t , ,"));
    expect_members("a=1,b=2", "\t,a=1 \t ,, b=2  ");
}

TEST(a_text_without_members_is_valid) {
    for (const char *const *text = VALUES("", ",", " ", "\t", ",,,,", " , \t ,"); *text != NULL;
         text++) {
        expect_members("", *text);
    }
}

TEST(a_value_may_begin_with_spaces_but_not_end_with_them) {
    expect_members("a=  b c,d= e", "a=  b c  ,d= e");
    expect_statuses(SPANLINK_ERR_TRACESTATE_VALUE, VALUES("a=   ", "a= \t,b=1", "a=\t1", "a=1\t2"));
}

TEST(each_fault_has_its_status) {
    expect_statuses(SPANLINK_ERR_TRACESTATE_KEY,
                    VALUES("=1", "A=1", "aB=1", "_a=1", "a =1", "a\t=1", "a b"));
    expect_statuses(SPANLINK_ERR_TRACESTATE_EQUALS, VALUES("a", "a \t", "a ,b=1"));
    expect_statuses(SPANLINK_ERR_TRACESTATE_VALUE, VALUES("a=", "a=,b=1", "a==", "a=1=2"));
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

TEST(every_byte_in_every_role_is_judged_after_other_members) {
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

/* One member with a key and a value of these lengths, between "a=1" and "z=26". */
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
            size_t length = member_between(key, value, text);
            spanlink_status wanted = key == 0 || key > 256       ? SPANLINK_ERR_TRACESTATE_KEY
                                     : value == 0 || value > 256 ? SPANLINK_ERR_TRACESTATE_VALUE
                                                                 : SPANLINK_OK;
            assert_status(wanted, test_tracestate_read(text, length).status);
            expect_parse(text, length);
            expect_parse(text + 4, length - 4);
            expect_parse(text, length - 5);
            expect_parse(text + 4, length - 9);
        }
    }
}

TEST(a_long_key_without_equals_is_an_error_at_its_257th_character) {
    for (size_t length = 255; length <= 258; length++) {
        char text[260];
        memset(text, 'k', sizeof text);
        text[length] = '\0';
        expect_status(length <= 256 ? SPANLINK_ERR_TRACESTATE_EQUALS : SPANLINK_ERR_TRACESTATE_KEY,
                      text);
    }
}

TEST(spaces_after_a_value_are_ignored) {
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

TEST(a_33rd_member_is_an_error_at_its_start) {
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
    expect_members("a=1,b=2,c=5", "a=1,b=2,a=3,b=4,c=5");
}

TEST(repeated_keys_count_as_members) {
    char text[200];
    for (size_t i = 0; i < 33; i++) {
        memcpy(text + 4 * i, "a=1,", 4);
    }
    expect_parse(text, 4 * 32);
    member members[32];
    size_t count = 0;
    assert_ok(spanlink_tracestate_parse((spanlink_str){text, 4 * 32}, members, &count));
    assert_int_equal(1, count);
    assert_status(SPANLINK_ERR_TRACESTATE_MEMBERS,
                  spanlink_tracestate_parse((spanlink_str){text, 4 * 33}, members, &count));
}

/* The keys agree in length, first, middle and last character, which a parser may sample. */
TEST(keys_that_differ_in_one_character_are_told_apart) {
    for (size_t repeated = 0; repeated < 2; repeated++) {
        char text[2000];
        size_t length = 0;
        for (size_t i = 0; i < 32; i++) {
            size_t number = repeated == 1 && i == 31 ? 7 : i;
            length += (size_t)snprintf(text + length, 64, "%ssystem%c%ctenant/of/vendor@x=%lu",
                                       i == 0 ? "" : ",", (char)('a' + number / 6),
                                       (char)('a' + number % 6), (unsigned long)i);
        }
        member members[32];
        size_t count;
        assert_ok(spanlink_tracestate_parse((spanlink_str){text, length}, members, &count));
        assert_int_equal(32 - repeated, count);
        expect_parse(text, length);
    }
}

TEST(null_arguments_are_refused) {
    member members[32];
    size_t count = 5;
    spanlink_str some = spanlink_str_from("a=1");
    assert_refused(spanlink_tracestate_parse((spanlink_str){NULL, 1}, members, &count));
    assert_refused(spanlink_tracestate_parse(some, NULL, &count));
    assert_refused(spanlink_tracestate_parse(some, members, NULL));
    assert_int_equal(5, count);
    assert_ok(spanlink_tracestate_parse((spanlink_str){NULL, 0}, members, &count));
    assert_int_equal(0, count);
}

TEST(random_texts_are_read_as_specified) {
    static const char likely[] = "ab0_@=, \tA~\x7f\x80=,";
    static char text[40 * 300];
    uint64_t random = 5;
    for (int round = 0; round < 30000; round++) {
        size_t length = random_tracestate(&random, text);
        for (size_t i = test_random_below(&random, 3); length != 0 && i > 0; i--) {
            text[test_random_below(&random, length)] =
                likely[test_random_below(&random, sizeof likely - 1)];
        }
        expect_parse(text, length);
        length = test_random_below(&random, 70);
        for (size_t i = 0; i < length; i++) {
            text[i] = likely[test_random_below(&random, sizeof likely - 1)];
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
