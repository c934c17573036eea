/* SPDX-License-Identifier: MIT */
/* Which links are plain. The others need a plan, but give the same copy. */
#include "test.h"
#include "test_links.h"

#include "internal/list/link_plain.h"

#include <stdlib.h>

enum { MOST_LENGTH = 12 };

static const spanlink_limits limits = {
    SPANLINK_UNLIMITED, SLNK_COPY_FEW, MOST_LENGTH, 0, {0, 0, 0, 0}};

/* A copy and its block. */
typedef struct plain_copy {
    spanlink_link link;
    union {
        spanlink_attribute attributes[SLNK_COPY_FEW];
        char bytes[2048];
    } block;
} plain_copy;

static bool copy_into(const spanlink_link *link, size_t room, plain_copy *copy, size_t *size) {
    return slnk_plain_copy(link, &limits, copy->block.bytes, room, &copy->link, size);
}

/* The size of the copy's block. */
static size_t copy_plain(const spanlink_link *link, plain_copy *copy) {
    size_t size = 1;
    assert_true(copy_into(link, sizeof copy->block, copy, &size));
    assert_int_equal(0, size % 8);
    return size;
}

static spanlink_link link_with(const spanlink_attribute *attributes, size_t count) {
    return test_link_with(1, attributes, count);
}

TEST(up_to_the_limits_a_link_is_plain) {
    static const size_t most[] = {0, 1, SLNK_COPY_FEW - 1, SPANLINK_UNLIMITED};
    plain_copy copy;
    size_t size;
    for (size_t i = 0; i < sizeof most / sizeof most[0]; i++) {
        spanlink_limits some = limits;
        some.max_attributes = most[i];
        for (size_t count = 0; count <= SLNK_COPY_FEW + 1; count++) {
            spanlink_link link = link_with(test_attributes(), count);
            bool plain = count <= SLNK_COPY_FEW && count <= most[i];
            assert_int_equal(plain, slnk_plain_copy(&link, &some, copy.block.bytes,
                                                    sizeof copy.block, &copy.link, &size));
        }
    }
}

TEST(a_link_of_the_librarys_own_texts_is_done_at_once) {
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
        assert_int_equal((count * sizeof attributes[0] + 7) / 8 * 8, copy_plain(&link, &copy));
        assert_true(test_same_link(&link, &copy.link));
    }
}

TEST(static_texts_are_not_copied_among_others) {
    plain_copy copy;
    spanlink_attribute attributes[2] = {
        spanlink_attribute_make(SLNK_NAME(link_type),
                                spanlink_value_string(SLNK_NAME(follows_from))),
        spanlink_attribute_string("my key", "my value"),
    };
    spanlink_link link = link_with(attributes, 2);
    size_t size = copy_plain(&link, &copy);
    assert_int_equal((sizeof attributes + 14 + 7) / 8 * 8, size);
    assert_true(test_same_link(&link, &copy.link));
    assert_ptr_equal(slnk_names.link_type, copy.block.attributes[0].key.ptr);
    assert_ptr_equal(slnk_names.follows_from, copy.block.attributes[0].value.string_value.ptr);
    assert_ptr_equal(copy.block.bytes + sizeof attributes, copy.block.attributes[1].key.ptr);
}

/* Copies to a block of exactly this size. False if the link does not fit. */
static bool copy_into_room(const spanlink_link *link, size_t room, size_t *size) {
    spanlink_link copy;
    void *block = malloc(room + 1);
    assert_non_null(block);
    bool fits = slnk_plain_copy(link, &limits, block, room, &copy, size);
    assert_true(!fits || test_same_link(link, &copy));
    free(block);
    return fits;
}

TEST(texts_fill_the_block_and_no_more) {
    spanlink_attribute attributes[2] = {
        spanlink_attribute_int("a", 1),
        spanlink_attribute_string("another key than a", "twelve bytes"),
    };
    spanlink_link link = link_with(attributes, 2);
    link.context.trace_state = spanlink_str_from("a=b,cd=ef");
    size_t whole = sizeof attributes + 40;
    size_t size = 0;
    for (size_t room = 0; room < whole; room++) {
        assert_false(copy_into_room(&link, room, &size));
    }
    assert_true(copy_into_room(&link, whole, &size));
    assert_int_equal(whole, size);
}

/* Links that a planned copy changes, or has to check for changes. */
TEST(links_whose_copy_may_differ_are_not_plain) {
    plain_copy copy;
    size_t size;
    spanlink_value element = spanlink_value_int(1);
    spanlink_attribute other[] = {
        spanlink_attribute_int("", 1),
        spanlink_attribute_int("\xff", 1),
        spanlink_attribute_string("k", "thirteen bytes"),
        spanlink_attribute_make(SLNK_NAME(link_type), spanlink_value_string(SLNK_NAME(link_type))),
        spanlink_attribute_bytes("k", (const uint8_t *)"b", 1),
        spanlink_attribute_array("k", &element, 1),
        spanlink_attribute_map("k", NULL, 0),
        spanlink_attribute_make(SLNK_NAME(link_type), spanlink_value_array(&element, 1)),
        spanlink_attribute_make(SLNK_NAME(link_type), (spanlink_value){.type = 8}),
        spanlink_attribute_make(spanlink_str_from("k"), (spanlink_value){.type = 256}),
    };
    other[3].value.string_value.len = MOST_LENGTH + 1;
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
        spanlink_link link = link_with(&other[i], 1);
        assert_false(copy_into(&link, sizeof copy.block, &copy, &size));
    }
    spanlink_attribute twice[2] = {spanlink_attribute_int("k", 1), spanlink_attribute_int("k", 2)};
    spanlink_link link = link_with(twice, 2);
    assert_false(copy_into(&link, sizeof copy.block, &copy, &size));
}

/* The library's own texts are not copied, wherever they are used; empty texts need no bytes. */
TEST(a_static_tracestate_needs_no_bytes) {
    plain_copy copy;
    spanlink_link link = link_with(NULL, 0);
    link.context.trace_state = SLNK_NAME(retry_of);
    assert_int_equal(0, copy_plain(&link, &copy));
    assert_ptr_equal(slnk_names.retry_of, copy.link.context.trace_state.ptr);
}

/* A list without memory has no block. */
TEST(without_a_block_no_text_is_copied) {
    spanlink_link copy, link = link_with(NULL, 0);
    size_t size;
    link.context.trace_state = spanlink_str_from("a=b");
    assert_false(slnk_plain_copy(&link, &limits, NULL, 0, &copy, &size));
    link.context.trace_state.len = 0;
    assert_true(slnk_plain_copy(&link, &limits, NULL, 0, &copy, &size));
    assert_int_equal(0, size);
}

TEST(every_scalar_with_a_static_key_is_done_at_once) {
    plain_copy copy;
    const spanlink_value values[] = {
        spanlink_value_empty(),
        spanlink_value_bool(true),
        spanlink_value_int(-1),
        spanlink_value_double(0.5),
    };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        spanlink_attribute attribute = spanlink_attribute_make(SLNK_NAME(batch_index), values[i]);
        spanlink_link link = link_with(&attribute, 1);
        assert_int_equal(SLNK_PLAIN_DONE, slnk_plain_begin(&link, &limits, copy.block.bytes,
                                                           sizeof copy.block, &copy.link));
        assert_true(test_same_link(&link, &copy.link));
    }
}
