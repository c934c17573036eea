/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_links.h"

#include <limits.h>
#include <stdalign.h>
#include <stdlib.h>

TEST(a_null_text_is_the_empty_view) {
    assert_null(spanlink_str_from(NULL).ptr);
    assert_int_equal(0, spanlink_str_from(NULL).len);
    assert_text("abc", spanlink_str_from("abc"));
}

TEST(the_inline_functions_have_exported_twins) {
    spanlink_str (*volatile from)(const char *) = spanlink_str_from;
    assert_text("abc", from("abc"));
}

TEST(the_library_has_the_version_of_its_headers) {
    assert_string_equal(SPANLINK_VERSION, spanlink_version());
}

/* Has no default, so that compilers report a missing code. */
static bool is_a_status(int code) {
    switch ((spanlink_status)code) {
    case SPANLINK_OK:
    case SPANLINK_ERR_ARGUMENT:
    case SPANLINK_ERR_NO_MEMORY:
    case SPANLINK_ERR_CAPACITY:
    case SPANLINK_ERR_LOCK:
    case SPANLINK_ERR_TRACE_ID_LENGTH:
    case SPANLINK_ERR_TRACE_ID_DIGIT:
    case SPANLINK_ERR_TRACE_ID_ZERO:
    case SPANLINK_ERR_SPAN_ID_LENGTH:
    case SPANLINK_ERR_SPAN_ID_DIGIT:
    case SPANLINK_ERR_SPAN_ID_ZERO:
    case SPANLINK_ERR_TRACEPARENT_LENGTH:
    case SPANLINK_ERR_TRACEPARENT_VERSION:
    case SPANLINK_ERR_TRACEPARENT_DELIMITER:
    case SPANLINK_ERR_TRACEPARENT_TRACE_ID:
    case SPANLINK_ERR_TRACEPARENT_TRACE_ID_ZERO:
    case SPANLINK_ERR_TRACEPARENT_SPAN_ID:
    case SPANLINK_ERR_TRACEPARENT_SPAN_ID_ZERO:
    case SPANLINK_ERR_TRACEPARENT_FLAGS:
    case SPANLINK_ERR_TRACESTATE_KEY:
    case SPANLINK_ERR_TRACESTATE_EQUALS:
    case SPANLINK_ERR_TRACESTATE_VALUE:
    case SPANLINK_ERR_TRACESTATE_MEMBERS:
    case SPANLINK_ERR_NO_CONTEXT:
    case SPANLINK_ERR_MULTIPLE_TRACEPARENT:
    case SPANLINK_ERR_FORMAT_SYNTAX:
    case SPANLINK_ERR_VALUE_TYPE:
    case SPANLINK_ERR_LINK_INVALID:
    case SPANLINK_ERR_CACHE_RECURSION:
    case SPANLINK_ERR_CACHE_NO_LINK:
    case SPANLINK_ERR_CACHE_MULTIPLE_LINKS:
    case SPANLINK_ERR_OTLP_SIZE:
    case SPANLINK_ERR_OTLP_TRUNCATED:
    case SPANLINK_ERR_OTLP_VARINT:
    case SPANLINK_ERR_OTLP_FIELD:
    case SPANLINK_ERR_OTLP_WIRE_TYPE:
    case SPANLINK_ERR_OTLP_TRACE_ID:
    case SPANLINK_ERR_OTLP_SPAN_ID:
    case SPANLINK_ERR_OTLP_UTF8:
    case SPANLINK_ERR_OTLP_GROUPS:
        return true;
    }
    return false;
}

TEST(every_status_has_a_text_of_its_own) {
    const char *seen[256];
    size_t known = 0;
    for (int code = 0; code < 256; code++) {
        const char *text = spanlink_status_text((spanlink_status)code);
        assert_int_equal(is_a_status(code), strcmp(text, "unknown status") != 0);
        for (size_t i = 0; i < known && is_a_status(code); i++) {
            assert_string_not_equal(seen[i], text);
        }
        seen[known] = text;
        known += is_a_status(code);
    }
}

TEST(a_text_fills_its_row_at_most_to_the_last_byte) {
    for (int code = 0; code < 256; code++) {
        assert_non_null(memchr(spanlink_status_text((spanlink_status)code), '\0', 79));
    }
}

TEST(a_number_that_is_no_status_has_a_text) {
    assert_string_equal("unknown status", spanlink_status_text((spanlink_status)-1));
    assert_string_equal("unknown status", spanlink_status_text((spanlink_status)INT_MAX));
    if (sizeof(spanlink_status) > 1) { /* one byte in Arm's ABI for bare metal */
        assert_string_equal("unknown status", spanlink_status_text((spanlink_status)256));
    }
}

static spanlink_pool pool;

TEST(a_pool_aligns_its_blocks) {
    alignas(max_align_t) char buffer[1024];
    for (size_t offset = 0; offset < 32; offset++) {
        spanlink_allocator a = spanlink_pool_init(&pool, buffer + offset, sizeof buffer - offset);
        for (size_t size = 1; size < 40; size++) {
            void *block = a.allocate(a.state, size);
            assert_non_null(block);
            assert_int_equal(0, (uintptr_t)block % 8);
            memset(block, 0xff, size);
            a.release(a.state, block, size);
        }
    }
}

TEST(a_pool_gives_all_of_its_buffer_and_no_more) {
    alignas(max_align_t) char buffer[256 + 2] = {0};
    buffer[256] = 42;
    spanlink_allocator a = spanlink_pool_init(&pool, buffer, 256);
    assert_null(a.allocate(a.state, 257));
    assert_null(a.allocate(a.state, SIZE_MAX));
    assert_null(a.allocate(a.state, SIZE_MAX - 15));
    char *all = a.allocate(a.state, 256);
    assert_ptr_equal(buffer, all);
    memset(all, 0, 256);
    assert_null(a.allocate(a.state, 1));
    assert_int_equal(42, buffer[256]);
}

/* At any address and of any size. */
TEST(a_pool_writes_nothing_outside_its_buffer) {
    for (size_t offset = 0; offset < 33; offset++) {
        for (size_t size = 0; size < 100; size++) {
            alignas(max_align_t) unsigned char memory[160];
            memset(memory, 42, sizeof memory);
            spanlink_allocator a = spanlink_pool_init(&pool, memory + offset, size);
            void *block;
            while ((block = a.allocate(a.state, 1)) != NULL) {
                assert_in_range((uintptr_t)block, (uintptr_t)memory + offset,
                                (uintptr_t)memory + offset + size - 1);
                a.release(a.state, block, 1);
                block = a.allocate(a.state, 1);
                memset(block, 0, 1);
            }
            for (size_t i = 0; i < sizeof memory; i++) {
                if (i < offset || i >= offset + size) {
                    assert_int_equal(42, memory[i]);
                }
            }
        }
    }
}

TEST(a_full_pool_fails) {
    spanlink_allocator a = spanlink_pool_init(&pool, NULL, 0);
    assert_null(a.allocate(a.state, 1));
    a = spanlink_pool_init(&pool, NULL, 100);
    assert_null(a.allocate(a.state, 1));
    alignas(max_align_t) char buffer[32];
    a = spanlink_pool_init(&pool, buffer + 1, 3);
    assert_null(a.allocate(a.state, 1));
    a = spanlink_pool_init(&pool, buffer, 7);
    assert_null(a.allocate(a.state, 1));
}

TEST(released_blocks_are_joined_in_any_order) {
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    alignas(max_align_t) char buffer[192];
    for (size_t i = 0; i < 6; i++) {
        spanlink_allocator a = spanlink_pool_init(&pool, buffer, sizeof buffer);
        void *blocks[3];
        for (size_t k = 0; k < 3; k++) {
            blocks[k] = a.allocate(a.state, 64);
        }
        assert_null(a.allocate(a.state, 1));
        for (size_t k = 0; k < 3; k++) {
            a.release(a.state, blocks[orders[i][k]], 64);
        }
        assert_non_null(a.allocate(a.state, sizeof buffer));
    }
}

TEST(a_pool_resizes_in_place_where_it_can) {
    alignas(max_align_t) char buffer[256];
    spanlink_allocator a = spanlink_pool_init(&pool, buffer, sizeof buffer);
    char *block = a.allocate(a.state, 64);
    memset(block, 7, 64);
    assert_ptr_equal(block, a.resize(a.state, block, 64, 128));
    assert_ptr_equal(block, a.resize(a.state, block, 128, 120));
    assert_ptr_equal(block, a.resize(a.state, block, 120, 32));
    assert_int_equal(7, block[31]);
    assert_ptr_equal(block, a.resize(a.state, block, 32, sizeof buffer)); /* all free bytes */
    assert_null(a.allocate(a.state, 1));
    assert_ptr_equal(block, a.resize(a.state, block, sizeof buffer, 32));
    assert_non_null(a.allocate(a.state, 224));
}

TEST(a_pool_moves_a_block_that_cannot_grow) {
    alignas(max_align_t) char buffer[256];
    spanlink_allocator a = spanlink_pool_init(&pool, buffer, sizeof buffer);
    char *first = a.allocate(a.state, 32);
    memset(first, 7, 32);
    char *second = a.allocate(a.state, 32);
    char *moved = a.resize(a.state, first, 32, 64);
    assert_non_null(moved);
    assert_ptr_not_equal(first, moved);
    assert_int_equal(7, moved[0]);
    assert_int_equal(7, moved[31]);
    assert_ptr_equal(first, a.allocate(a.state, 32));
    assert_null(a.resize(a.state, second, 32, 1024));
    assert_null(a.resize(a.state, second, 32, SIZE_MAX));
    char *last = a.allocate(a.state, 128);
    assert_non_null(last);
    assert_null(a.resize(a.state, last, 128, 129));
    a.release(a.state, second, 32);
    assert_null(a.resize(a.state, first, 32, 96));
}

/* Less than 8 bytes are lost at the start, and blocks are at multiples of 8. */
TEST(a_pool_asks_for_no_more_alignment_than_8) {
    alignas(16) char buffer[64 + 8];
    spanlink_allocator a = spanlink_pool_init(&pool, buffer + 8, 64);
    assert_ptr_equal(buffer + 8, a.allocate(a.state, 64));
    a = spanlink_pool_init(&pool, buffer + 1, 71);
    assert_ptr_equal(buffer + 8, a.allocate(a.state, 64));
}

TEST(a_pool_survives_a_random_program) {
    alignas(max_align_t) static char buffer[8192];
    spanlink_allocator a = spanlink_pool_init(&pool, buffer, sizeof buffer);
    struct {
        unsigned char *block;
        size_t size;
    } slots[32] = {{NULL, 0}};
    uint64_t random = 1;
    for (int step = 0; step < 50000; step++) {
        size_t i = test_random_below(&random, 32);
        size_t size = 1 + test_random_below(&random, 500);
        for (size_t k = 0; k < slots[i].size; k++) {
            assert_int_equal(i, slots[i].block[k]);
        }
        unsigned char *block = slots[i].block;
        if (block != NULL && test_random_below(&random, 2) == 0) {
            a.release(a.state, block, slots[i].size);
            slots[i].block = NULL;
            slots[i].size = 0;
            continue;
        }
        block = block == NULL ? a.allocate(a.state, size)
                              : a.resize(a.state, block, slots[i].size, size);
        if (block != NULL) {
            slots[i].block = block;
            slots[i].size = size;
            memset(block, (int)i, size);
        }
    }
    for (size_t i = 0; i < 32; i++) {
        if (slots[i].block != NULL) {
            a.release(a.state, slots[i].block, slots[i].size);
        }
    }
    assert_non_null(a.allocate(a.state, sizeof buffer));
}

TEST(the_features_are_those_of_the_build) {
    uint32_t wanted = 0;
#ifndef SPANLINK_NO_HEAP
    wanted |= SPANLINK_FEATURE_HEAP;
#endif
#ifndef SPANLINK_NO_CLOCK
    wanted |= SPANLINK_FEATURE_CLOCK;
#endif
#ifndef SPANLINK_NO_THREADS
    wanted |= SPANLINK_FEATURE_THREADS;
#endif
#ifndef SPANLINK_NO_OTLP
    wanted |= SPANLINK_FEATURE_OTLP;
#endif
#ifndef SPANLINK_NO_FORMATS
    wanted |= SPANLINK_FEATURE_FORMATS;
#endif
    assert_int_equal(wanted, spanlink_features());
    assert_int_equal(1 + 2 + 4 + 8 + 16, SPANLINK_FEATURE_THREADS + SPANLINK_FEATURE_OTLP +
                                             SPANLINK_FEATURE_FORMATS + SPANLINK_FEATURE_HEAP +
                                             SPANLINK_FEATURE_CLOCK);
}
