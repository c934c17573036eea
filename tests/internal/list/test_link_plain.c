/* SPDX-License-Identifier: MIT */
/* Which links are plain: each that is none costs a plan, but becomes the same copy. */
#include "test.h"
#include "test_links.h"

#include "internal/list/link_plain.h"

#include <stdlib.h>

enum { MOST_LENGTH = 12 };

static const spanlink_limits limits = {SPANLINK_UNLIMITED, SLNK_COPY_FEW, MOST_LENGTH, 0};

/* A copy, and the block that it may fill. */
typedef struct plain_copy {
    spanlink_link link;
    union {
        spanlink_attribute attributes[SLNK_COPY_FEW];
        char bytes[2048];
    } block;
} plain_copy;

static bool copy_clear(const spanlink_link *link, plain_copy *copy) {
    assert_true(slnk_plain_is_small(link, &limits));
    return slnk_plain_copy(link, MOST_LENGTH, copy->block.attributes, &copy->link);
}

/* The size of the copy's block, in so much room. */
static size_t copy_rest(const spanlink_link *link, size_t room, plain_copy *copy) {
    assert_false(copy_clear(link, copy));
    return slnk_plain_finish(&copy->link, copy->block.attributes, room, MOST_LENGTH);
}

static spanlink_link link_with(const spanlink_attribute *attributes, size_t count) {
    return (spanlink_link){
        .context = test_context(1), .attributes = attributes, .attribute_count = count};
}

static void up_to_the_limits_a_link_is_small(void **state) {
    (void)state;
    spanlink_limits none = limits, one = limits, many = limits;
    none.max_attributes = 0;
    one.max_attributes = 1;
    many.max_attributes = SPANLINK_UNLIMITED;
    for (size_t count = 0; count <= SLNK_COPY_FEW + 1; count++) {
        spanlink_link link = link_with(NULL, count);
        assert_int_equal(count == 0, slnk_plain_is_small(&link, &none));
        assert_int_equal(count <= 1, slnk_plain_is_small(&link, &one));
        assert_int_equal(count <= SLNK_COPY_FEW, slnk_plain_is_small(&link, &many));
    }
}

static void a_link_of_the_librarys_own_texts_is_done_at_once(void **state) {
    (void)state;
    plain_copy copy;
    spanlink_attribute attributes[3] = {
        spanlink_attribute_make(SLNK_NAME(link_type),
                                spanlink_value_string(SLNK_NAME(follows_from))),
        spanlink_attribute_make(SLNK_NAME(aggregate_source),
                                spanlink_value_string(SLNK_NAME(lazy))),
        spanlink_attribute_int(slnk_names.batch_index, 7),
    };
    assert_int_equal(MOST_LENGTH, attributes[0].value.string_value.len);
    for (size_t count = 0; count <= 3; count++) {
        spanlink_link link = link_with(attributes, count);
        assert_true(copy_clear(&link, &copy));
        assert_true(test_same_link(&link, &copy.link));
    }
}

static void own_texts_stay_where_they_are_beside_others(void **state) {
    (void)state;
    plain_copy copy;
    spanlink_attribute attributes[2] = {
        spanlink_attribute_make(SLNK_NAME(link_type),
                                spanlink_value_string(SLNK_NAME(follows_from))),
        spanlink_attribute_string("my key", "my value"),
    };
    spanlink_link link = link_with(attributes, 2);
    size_t size = copy_rest(&link, sizeof copy.block, &copy);
    assert_int_equal((sizeof attributes + 14 + 7) / 8 * 8, size);
    assert_true(test_same_link(&link, &copy.link));
    assert_ptr_equal(slnk_names.link_type, copy.block.attributes[0].key.ptr);
    assert_ptr_equal(slnk_names.follows_from, copy.block.attributes[0].value.string_value.ptr);
    assert_ptr_equal(copy.block.bytes + sizeof attributes, copy.block.attributes[1].key.ptr);
}

/* In a block of that very size. */
static size_t copy_into_room(const spanlink_link *link, size_t room) {
    spanlink_link copy;
    spanlink_attribute *block = malloc(room);
    assert_non_null(block);
    assert_false(slnk_plain_copy(link, MOST_LENGTH, block, &copy));
    size_t size = slnk_plain_finish(&copy, block, room, MOST_LENGTH);
    assert_true(size == SLNK_PLAIN_NONE || test_same_link(link, &copy));
    free(block);
    return size;
}

static void texts_fill_the_room_there_is_and_no_more(void **state) {
    (void)state;
    spanlink_attribute attributes[2] = {
        spanlink_attribute_int("a", 1),
        spanlink_attribute_string("another key than a", "twelve bytes"),
    };
    spanlink_link link = link_with(attributes, 2);
    link.context.trace_state = spanlink_str_from("a=b,cd=ef");
    size_t whole = sizeof attributes + 40;
    for (size_t room = sizeof attributes; room < whole; room++) {
        assert_true(copy_into_room(&link, room) == SLNK_PLAIN_NONE);
    }
    assert_int_equal(whole, copy_into_room(&link, whole));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(up_to_the_limits_a_link_is_small),
        cmocka_unit_test(a_link_of_the_librarys_own_texts_is_done_at_once),
        cmocka_unit_test(own_texts_stay_where_they_are_beside_others),
        cmocka_unit_test(texts_fill_the_room_there_is_and_no_more),
    };
    return cmocka_run_group_tests_name("link_plain", tests, NULL, NULL);
}
