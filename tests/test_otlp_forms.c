/* SPDX-License-Identifier: MIT */
/* What OTLP and OTLP/JSON promise alike: the same arguments, statuses and sizes. */
#include "test_otlp.h"

#include <spanlink/otlp_json.h>

typedef struct form {
    size_t (*size)(const spanlink_link *links, size_t count);
    spanlink_status (*encode)(const spanlink_link *links, size_t count, uint8_t *buffer,
                              size_t capacity, size_t *written);
    size_t (*list_size)(spanlink_list *list);
    spanlink_status (*encode_list)(spanlink_list *list, uint8_t *buffer, size_t capacity,
                                   size_t *written);
} form;

/* Links that can be encoded also fit. */
static size_t size_and_fit(const spanlink_link *links, size_t count) {
    size_t size = spanlink_otlp_size(links, count);
    assert_int_equal(size != SIZE_MAX, spanlink_otlp_fit(links, count, SIZE_MAX) == count);
    return size;
}

static spanlink_status encode_json(const spanlink_link *links, size_t count, uint8_t *buffer,
                                   size_t capacity, size_t *written) {
    return spanlink_otlp_json_encode(links, count, (char *)buffer, capacity, written);
}

static spanlink_status encode_json_list(spanlink_list *list, uint8_t *buffer, size_t capacity,
                                        size_t *written) {
    return spanlink_otlp_json_encode_list(list, (char *)buffer, capacity, written);
}

static const form forms[] = {
    {size_and_fit, spanlink_otlp_encode, spanlink_otlp_list_size, spanlink_otlp_encode_list},
    {spanlink_otlp_json_size, encode_json, spanlink_otlp_json_list_size, encode_json_list},
};

#define EACH_FORM(f)                                                                               \
    const form *f = forms;                                                                         \
    f < forms + 2;                                                                                 \
    f++

/* Encodes into no buffer: SPANLINK_ERR_CAPACITY if the links can be encoded. */
static spanlink_status status_of(const form *f, const spanlink_link *links, size_t count) {
    size_t written = 7, size = f->size(links, count);
    spanlink_status status = f->encode(links, count, NULL, 0, &written);
    assert_int_equal(status == SPANLINK_ERR_CAPACITY, size != SIZE_MAX);
    assert_int_equal(status == SPANLINK_ERR_CAPACITY ? size : 7, written);
    return status;
}

static spanlink_status status_of_one(const form *f, spanlink_attribute attribute) {
    spanlink_link link = link_with(&attribute, 1);
    return status_of(f, &link, 1);
}

TEST(an_unknown_value_type_is_an_error) {
    spanlink_value bad = {.type = SPANLINK_VALUE_MAP + 1};
    spanlink_attribute attributes[] = {{.key = {"k", 1}, .value = bad},
                                       spanlink_attribute_array("array", &bad, 1)};
    for (size_t i = 0; i < 2; i++) {
        spanlink_link links[2] = {plain_link(), link_with(&attributes[i], 1)};
        for (EACH_FORM(f)) {
            uint8_t buffer[300];
            size_t written = 7;
            assert_status(SPANLINK_ERR_VALUE_TYPE, f->encode(links, 2, buffer, 300, &written));
            assert_int_equal(7, written);
            assert_status(SPANLINK_ERR_VALUE_TYPE, status_of(f, links, 2));
        }
    }
}

TEST(of_several_errors_the_first_determines_the_status) {
    spanlink_value bad = {.type = 99};
    spanlink_attribute in_array = spanlink_attribute_array("array", &bad, 1);
    spanlink_attribute alone = {.key = {"k", 1}, .value = bad};
    spanlink_link links[] = {link_with(&in_array, 1), link_with(NULL, 1), link_with(&alone, 1)};
    for (EACH_FORM(f)) {
        assert_status(SPANLINK_ERR_VALUE_TYPE, status_of(f, links, 3));
        assert_refused(status_of(f, links + 1, 2));
        assert_status(SPANLINK_ERR_VALUE_TYPE, status_of(f, links + 2, 1));
    }
}

/* The lengths are false: a text that is too long is not read. */
TEST(a_text_longer_than_int32_max_is_an_error) {
    static const size_t lengths[] = {(size_t)INT32_MAX + 1, SIZE_MAX / 2 + 1, SIZE_MAX};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        spanlink_str longer = {"", lengths[i]};
        spanlink_attribute key = {.key = longer};
        spanlink_attribute string =
            spanlink_attribute_make(spanlink_str_from("k"), spanlink_value_string(longer));
        spanlink_attribute bytes = spanlink_attribute_bytes("k", (const uint8_t *)"", lengths[i]);
        spanlink_link link = plain_link();
        link.context.trace_state = longer;
        for (EACH_FORM(f)) {
            assert_status(SPANLINK_ERR_OTLP_SIZE, status_of_one(f, key));
            assert_status(SPANLINK_ERR_OTLP_SIZE, status_of_one(f, string));
            assert_status(SPANLINK_ERR_OTLP_SIZE, status_of_one(f, bytes));
            assert_status(SPANLINK_ERR_OTLP_SIZE, status_of(f, &link, 1));
        }
    }
}

/* Counting has to stop at the limit, which takes precedence over errors on both sides. */
TEST(shared_elements_cannot_make_it_run_forever) {
    spanlink_value levels[TEST_SHARED_LEVELS][2];
    spanlink_attribute nested = {.key = {"k", 1}, .value = test_share(levels)};
    spanlink_attribute bad = {.key = {"k", 1}, .value = {.type = 99}};
    spanlink_attribute entries[] = {nested, nested}, all[] = {bad, nested, bad};
    spanlink_link links[] = {plain_link(), link_with(all, 3), plain_link()};
    for (EACH_FORM(f)) {
        assert_status(SPANLINK_ERR_OTLP_SIZE, status_of_one(f, nested));
        assert_status(SPANLINK_ERR_OTLP_SIZE,
                      status_of_one(f, spanlink_attribute_map("m", entries, 2)));
        assert_status(SPANLINK_ERR_OTLP_SIZE, status_of(f, links, 2));
        assert_status(SPANLINK_ERR_OTLP_SIZE, status_of(f, links + 1, 2));
    }
}

/* Encodes into a block of each size, so that a sanitizer detects writes outside it. */
static void expect_each_capacity(const form *f, const spanlink_link *links, size_t count) {
    uint8_t all[4096];
    size_t size;
    assert_ok(f->encode(links, count, all, sizeof all, &size));
    assert_int_equal(size, f->size(links, count));
    for (size_t capacity = 0; capacity <= size + 3; capacity++) {
        uint8_t *buffer = malloc(capacity + 1);
        assert_non_null(buffer);
        buffer[capacity] = 0xee;
        size_t written = 7;
        assert_status(capacity < size ? SPANLINK_ERR_CAPACITY : SPANLINK_OK,
                      f->encode(links, count, buffer, capacity, &written));
        assert_int_equal(size, written);
        assert_int_equal(0xee, buffer[capacity]);
        assert_memory_equal(all, buffer, capacity < size ? 0 : size);
        free(buffer);
    }
}

TEST(a_buffer_that_is_too_small_gives_the_needed_size) {
    spanlink_value values[] = {spanlink_value_int(-1), test_string("a \"long\" text\n", 14),
                               test_bytes("bytes", 5), spanlink_value_double(1.5),
                               test_string("\xff", 1)};
    spanlink_attribute array = spanlink_attribute_array("array", values, 5);
    spanlink_link links[6];
    links[varied_links(links)] = link_with(&array, 1);
    for (EACH_FORM(f)) {
        expect_each_capacity(f, links, 6);
    }
}

TEST(wrong_arguments_have_a_status) {
    spanlink_link link = plain_link(), lacking = link_with(NULL, 1);
    uint8_t buffer[200];
    for (EACH_FORM(f)) {
        size_t written = 7;
        assert_refused(f->encode(NULL, 1, buffer, 200, &written));
        assert_refused(f->encode(&link, 1, NULL, 200, &written));
        assert_refused(f->encode(&link, 1, buffer, 200, NULL));
        assert_refused(f->encode(&lacking, 1, buffer, 200, &written));
        assert_int_equal(7, written);
        assert_refused(status_of(f, NULL, 1));
        assert_refused(status_of(f, &lacking, 1));
        assert_status(SPANLINK_ERR_CAPACITY, status_of(f, &link, 1));
    }
}

TEST(a_list_that_does_not_fit_gives_the_needed_size) {
    spanlink_list *list = test_list(.limits.max_links = 2);
    for (uint64_t number = 1; number <= 200; number++) {
        for (EACH_FORM(f)) {
            uint8_t buffer[1024];
            size_t size = f->list_size(list), written = 0;
            assert_ok(f->encode_list(list, buffer, size, &written));
            assert_int_equal(size, written);
            for (size_t capacity = 0; capacity < size; capacity++) {
                written = 7;
                assert_status(SPANLINK_ERR_CAPACITY,
                              f->encode_list(list, buffer, capacity, &written));
                assert_int_equal(size, written);
            }
        }
        test_list_add(list, number);
    }
}

TEST(wrong_arguments_of_lists_have_a_status) {
    spanlink_list *list = test_list();
    uint8_t buffer[64];
    for (EACH_FORM(f)) {
        size_t written = 7;
        assert_true(f->list_size(NULL) == SIZE_MAX);
        assert_refused(f->encode_list(NULL, buffer, 64, &written));
        assert_refused(f->encode_list(list, NULL, 64, &written));
        assert_refused(f->encode_list(list, buffer, 64, NULL));
        assert_int_equal(7, written);
    }
}
