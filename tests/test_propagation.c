/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_environment.h"
#include "test_links.h"

#include <spanlink/propagation.h>

#include <stdio.h>
#include <stdlib.h>

static const char parent[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

static spanlink_str str(const char *text) {
    return spanlink_str_from(text);
}

/* From two values */

TEST(both_headers_make_a_context) {
    spanlink_context context;
    spanlink_str tracestate = str("a=1,b=2");
    assert_status(SPANLINK_OK, spanlink_context_from_headers(str(parent), tracestate, &context));
    assert_int_equal(0x0a, context.trace_id[0]);
    assert_int_equal(0x31, context.span_id[7]);
    assert_int_equal(1, context.trace_flags);
    assert_true(context.is_remote);
    assert_ptr_equal(tracestate.ptr, context.trace_state.ptr);
    assert_text("a=1,b=2", context.trace_state);
    assert_status(SPANLINK_OK, spanlink_context_from_headers(str(parent), str(NULL), &context));
    assert_int_equal(0, context.trace_state.len);
}

TEST(a_missing_traceparent_is_told_from_a_malformed_one) {
    spanlink_context context, before;
    memset(&context, 0x55, sizeof context);
    before = context;
    assert_status(SPANLINK_ERR_NO_CONTEXT,
                  spanlink_context_from_headers(str(NULL), str("a=1"), &context));
    assert_status(SPANLINK_ERR_NO_CONTEXT,
                  spanlink_context_from_headers(str(""), str("a=1"), &context));
    assert_status(SPANLINK_ERR_TRACEPARENT_LENGTH,
                  spanlink_context_from_headers(str(" "), str("a=1"), &context));
    assert_status(SPANLINK_ERR_TRACEPARENT_VERSION,
                  spanlink_context_from_headers(str("ff"), str("a=1"), &context));
    assert_memory_equal(&before, &context, sizeof context);
}

TEST(a_bad_tracestate_is_left_out) {
    static const char *const bad[] = {"a", "A=1", "a=1,b", "=", "a=", ",", "  ,\t, ", " "};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        spanlink_context context;
        assert_status(SPANLINK_OK,
                      spanlink_context_from_headers(str(parent), str(bad[i]), &context));
        assert_int_equal(0, context.trace_state.len);
    }
}

TEST(spaces_around_a_tracestate_are_not_borrowed) {
    spanlink_context context;
    assert_status(SPANLINK_OK,
                  spanlink_context_from_headers(str(parent), str(" \ta=1 , b=2\t "), &context));
    assert_text("a=1 , b=2", context.trace_state);
}

TEST(a_headers_array_that_is_null_is_refused) {
    spanlink_context context = test_context(1);
    spanlink_getter getter = spanlink_headers_getter(NULL);
    spanlink_setter setter = spanlink_headers_setter(NULL);
    char text[100];
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_extract(&getter, NULL, text, 100, &context));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_inject(&context, NULL, &setter, text, 100));
}

TEST(null_arguments_are_refused) {
    spanlink_context context = test_context(1);
    spanlink_str null = {NULL, 3};
    spanlink_headers headers = {NULL, 0, 0};
    spanlink_getter getter = spanlink_headers_getter(&headers), no_getter = {NULL, NULL};
    spanlink_setter setter = spanlink_headers_setter(&headers), no_setter = {NULL, NULL, NULL};
    char text[100];
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_context_from_headers(str(parent), str(""), NULL));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_context_from_headers(str(""), str(""), NULL));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_context_from_headers(null, str(""), &context));
    assert_status(SPANLINK_ERR_ARGUMENT,
                  spanlink_context_from_headers(str(parent), null, &context));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_extract(NULL, NULL, text, 100, &context));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_extract(&no_getter, NULL, text, 100, &context));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_extract(&getter, NULL, NULL, 100, &context));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_extract(&getter, NULL, text, 100, NULL));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_inject(NULL, NULL, &setter, text, 100));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_inject(&context, NULL, NULL, text, 100));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_inject(&context, NULL, &no_setter, text, 100));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_inject(&context, NULL, &setter, NULL, 100));
    context.trace_state = null;
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_inject(&context, NULL, &setter, text, 100));
}

/* From a carrier */

typedef struct carrier {
    spanlink_headers headers;
    size_t traceparent_asks, tracestate_asks;
} carrier;

static bool next_counted(void *state, spanlink_str name, size_t *cursor, spanlink_str *value) {
    carrier *c = state;
    *(name.len == 11 ? &c->traceparent_asks : &c->tracestate_asks) += 1;
    spanlink_getter getter = spanlink_headers_getter(&c->headers);
    return getter.next(getter.state, name, cursor, value);
}

static spanlink_status extract(spanlink_header *items, size_t count, char *text, size_t capacity,
                               spanlink_context *context) {
    spanlink_headers headers = {items, count, count};
    spanlink_getter getter = spanlink_headers_getter(&headers);
    return spanlink_extract(&getter, NULL, text, capacity, context);
}

TEST(one_tracestate_line_is_borrowed) {
    spanlink_header items[] = {{str("Host"), str("x")},
                               {str("TraceState"), str("a=1")},
                               {str("TRACEPARENT"), str(parent)},
                               {str("tracestate"), str(" \t")}};
    spanlink_context context;
    assert_status(SPANLINK_OK, extract(items, 4, NULL, 0, &context));
    assert_ptr_equal(items[1].value.ptr, context.trace_state.ptr);
    assert_text("a=1", context.trace_state);
}

TEST(several_lines_are_joined_in_order) {
    spanlink_header items[] = {{str("tracestate"), str("a=1 ")},
                               {str("traceparent"), str(parent)},
                               {str("tracestate"), str("")},
                               {str("TRACESTATE"), str(" b=2,c=3")},
                               {str("tracestate"), str("d=4")}};
    spanlink_context context;
    char text[16];
    memset(text, '!', sizeof text);
    assert_status(SPANLINK_OK, extract(items, 5, text, 15, &context));
    assert_ptr_equal(text, context.trace_state.ptr);
    assert_text("a=1,b=2,c=3,d=4", context.trace_state);
    assert_int_equal('!', text[15]);
    for (size_t capacity = 0; capacity < 15; capacity++) {
        assert_status(SPANLINK_OK, extract(items, 5, text, capacity, &context));
        assert_int_equal(0, context.trace_state.len);
    }
}

TEST(the_limits_hold_for_the_joined_text) {
    static char values[34][8];
    spanlink_header items[35] = {{str("traceparent"), str(parent)}};
    char text[512];
    for (size_t i = 0; i < 34; i++) {
        snprintf(values[i], sizeof values[i], "k%u=v", (unsigned)i);
        items[1 + i] = (spanlink_header){str("tracestate"), str(values[i])};
    }
    spanlink_context context;
    assert_status(SPANLINK_OK, extract(items, 33, text, sizeof text, &context));
    assert_int_equal(32 * 4 + 22 + 31, context.trace_state.len);
    assert_status(SPANLINK_OK, extract(items, 34, text, sizeof text, &context));
    assert_int_equal(0, context.trace_state.len);
    items[1].value = str("");
    assert_status(SPANLINK_OK, extract(items, 34, text, sizeof text, &context));
    assert_int_equal(0, context.trace_state.len);
    items[1].value = str("x=1,y=2");
    assert_status(SPANLINK_OK, extract(items, 33, text, sizeof text, &context));
    assert_int_equal(0, context.trace_state.len);
    items[2].value = str("bad");
    assert_status(SPANLINK_OK, extract(items, 5, text, sizeof text, &context));
    assert_int_equal(0, context.trace_state.len);
}

TEST(the_longest_tracestate_fits) {
    static char values[32][514], text[SPANLINK_TRACESTATE_MAX];
    spanlink_header items[33] = {{str("traceparent"), str(parent)}};
    for (size_t i = 0; i < 32; i++) {
        memset(values[i], 'x', 513);
        values[i][0] = (char)('a' + i % 26);
        values[i][1] = (char)('a' + i / 26);
        values[i][256] = '=';
        items[1 + i] = (spanlink_header){str("tracestate"), str(values[i])};
    }
    spanlink_context context;
    assert_status(SPANLINK_OK, extract(items, 33, text, sizeof text, &context));
    assert_int_equal(SPANLINK_TRACESTATE_MAX, context.trace_state.len);
    assert_status(SPANLINK_OK, extract(items, 33, text, sizeof text - 1, &context));
    assert_int_equal(0, context.trace_state.len);
}

/* Two lines with `spaces` spaces in each, and a member at each end. */
static void lines_of_spaces(size_t spaces, char *first, char *second) {
    memset(first, ' ', spaces);
    memset(second, ',', spaces);
    memcpy(first, "a=1,", 4);
    memcpy(first + spaces - 3, "b=2", 3);
    memcpy(second, "c=3", 3);
    memcpy(second + spaces - 4, "\td=4", 4);
}

TEST(spaces_and_commas_in_joined_lines_take_no_room) {
    enum { SPACES = 2 * SPANLINK_TRACESTATE_MAX };
    static char first[SPACES], second[SPACES];
    lines_of_spaces(SPACES, first, second);
    spanlink_header items[] = {{str("traceparent"), str(parent)},
                               {str("tracestate"), {first, SPACES}},
                               {str("tracestate"), {second, SPACES}}};
    char *text = malloc(15);
    assert_non_null(text);
    spanlink_context context;
    assert_status(SPANLINK_OK, extract(items, 3, text, 15, &context));
    assert_ptr_equal(text, context.trace_state.ptr);
    assert_text("a=1,b=2,c=3,d=4", context.trace_state);
    assert_status(SPANLINK_OK, extract(items, 3, text, 14, &context));
    assert_int_equal(0, context.trace_state.len);
    free(text);
}

TEST(lines_without_members_join_to_nothing) {
    spanlink_header items[] = {{str("traceparent"), str(parent)},
                               {str("tracestate"), str(" , ")},
                               {str("tracestate"), str(",")}};
    spanlink_context context;
    assert_status(SPANLINK_OK, extract(items, 3, NULL, 0, &context));
    assert_int_equal(0, context.trace_state.len);
    assert_null(context.trace_state.ptr);
    items[2].value = str("a=1,");
    char text[3];
    assert_status(SPANLINK_OK, extract(items, 3, text, sizeof text, &context));
    assert_text("a=1", context.trace_state);
}

static uint32_t next_random(uint64_t *random) {
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*random >> 33);
}

static bool same_members(const spanlink_tracestate_member *a, const spanlink_tracestate_member *b,
                         size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (a[i].key.len != b[i].key.len || a[i].value.len != b[i].value.len ||
            memcmp(a[i].key.ptr, b[i].key.ptr, a[i].key.len + 1 + a[i].value.len) != 0) {
            return false;
        }
    }
    return true;
}

/* Whatever the lines: the context holds the members of the lines joined as they are, or nothing. */
TEST(random_lines_are_read_like_one_joined_line) {
    static const char *const parts[] = {"a=1", "b=22", "c= 3 ", ",",   " ",  "\t",   ",,",   "a=4",
                                        "d",   "E=1",  "f=",    "g=5", ", ", ",h=6", "i=7,", ""};
    uint64_t random = 1;
    for (int round = 0; round < 20000; round++) {
        char values[34][64], joined[34 * 64] = "";
        spanlink_header items[35] = {{str("traceparent"), str(parent)}};
        size_t lines = next_random(&random) % (round % 10 == 0 ? 35 : 5), length = 0;
        for (size_t i = 0; i < lines; i++) {
            values[i][0] = '\0';
            for (uint32_t k = next_random(&random) % 4; k > 0; k--) {
                strcat(values[i], parts[next_random(&random) % (round % 3 == 0 ? 16 : 8)]);
            }
            items[1 + i] = (spanlink_header){str("tracestate"), str(values[i])};
            length += (size_t)snprintf(joined + length, sizeof joined - length, "%s%s",
                                       i == 0 ? "" : ",", values[i]);
        }
        spanlink_tracestate_member wanted[32], members[32];
        size_t wanted_count = 0, count = 0;
        char text[34 * 64];
        spanlink_context context;
        spanlink_str whole = {joined, length};
        if (spanlink_tracestate_parse(whole, wanted, &wanted_count) != SPANLINK_OK) {
            wanted_count = 0;
        }
        assert_status(SPANLINK_OK, extract(items, 1 + lines, text, sizeof text, &context));
        assert_status(SPANLINK_OK, spanlink_tracestate_parse(context.trace_state, members, &count));
        assert_int_equal(lines > 32 ? 0 : wanted_count, count);
        assert_true(same_members(wanted, members, count));
    }
}

TEST(two_traceparents_are_no_context) {
    spanlink_header items[] = {{str("traceparent"), str(parent)},
                               {str("Traceparent"), str(parent)}};
    spanlink_context context, before;
    memset(&context, 0x55, sizeof context);
    before = context;
    assert_status(SPANLINK_ERR_MULTIPLE_TRACEPARENT, extract(items, 2, NULL, 0, &context));
    assert_status(SPANLINK_ERR_NO_CONTEXT, extract(items, 0, NULL, 0, &context));
    items[0].value = str("");
    assert_status(SPANLINK_ERR_TRACEPARENT_LENGTH, extract(items, 1, NULL, 0, &context));
    assert_memory_equal(&before, &context, sizeof context);
}

TEST(thousands_of_lines_cost_bounded_work) {
    enum { LINES = 5000 };
    static spanlink_header items[2 * LINES];
    char text[SPANLINK_TRACESTATE_MAX];
    for (size_t i = 0; i < LINES; i++) {
        items[i] = (spanlink_header){str("tracestate"), str("a=1")};
        items[LINES + i] = (spanlink_header){str("traceparent"), str(parent)};
    }
    carrier c = {{items, LINES + 1, LINES + 1}, 0, 0};
    spanlink_getter getter = {&c, next_counted};
    spanlink_context context;
    assert_status(SPANLINK_OK, spanlink_extract(&getter, NULL, text, sizeof text, &context));
    assert_int_equal(0, context.trace_state.len);
    assert_int_equal(2, c.traceparent_asks);
    assert_int_equal(33, c.tracestate_asks);
    c = (carrier){{items, 2 * LINES, 2 * LINES}, 0, 0};
    assert_status(SPANLINK_ERR_MULTIPLE_TRACEPARENT,
                  spanlink_extract(&getter, NULL, text, sizeof text, &context));
    assert_int_equal(2, c.traceparent_asks);
    assert_int_equal(0, c.tracestate_asks);
}

/* A carrier that never ends: each line is the one that is asked for. */
typedef struct endless {
    spanlink_str traceparent, tracestate;
    size_t traceparents, asks;
} endless;

static bool next_endless(void *state, spanlink_str name, size_t *cursor, spanlink_str *value) {
    endless *c = state;
    c->asks++;
    *value = name.len == 11 ? c->traceparent : c->tracestate;
    return name.len != 11 || (*cursor)++ < c->traceparents;
}

TEST(an_endless_carrier_is_left_after_33_lines) {
    static const char *const lines[] = {"a=1", "", " ", ","};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        endless c = {str(parent), str(lines[i]), 1, 0};
        spanlink_getter getter = {&c, next_endless};
        spanlink_context context;
        char text[200];
        assert_status(SPANLINK_OK, spanlink_extract(&getter, NULL, text, sizeof text, &context));
        assert_int_equal(0, context.trace_state.len);
        assert_int_equal(2 + 33, c.asks);
    }
}

TEST(a_null_line_with_a_length_is_malformed) {
    spanlink_context context, before;
    memset(&context, 0x55, sizeof context);
    before = context;
    endless c = {{NULL, 55}, str("a=1"), 1, 0};
    spanlink_getter getter = {&c, next_endless};
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_extract(&getter, NULL, NULL, 0, &context));
    assert_memory_equal(&before, &context, sizeof context);
    c = (endless){str(parent), {NULL, 3}, 1, 0};
    assert_status(SPANLINK_OK, spanlink_extract(&getter, NULL, NULL, 0, &context));
    assert_int_equal(0, context.trace_state.len);
}

TEST(a_cursor_beyond_the_array_finds_nothing) {
    spanlink_header item = {str("traceparent"), str(parent)};
    spanlink_headers headers = {&item, 1, 1};
    spanlink_getter getter = spanlink_headers_getter(&headers);
    spanlink_str value = {NULL, 0};
    for (size_t start = 1; start < 4; start++) {
        size_t cursor = start;
        assert_false(getter.next(getter.state, str("traceparent"), &cursor, &value));
    }
    assert_null(value.ptr);
}

TEST(without_a_valid_traceparent_the_tracestate_is_not_read) {
    spanlink_header items[] = {{str("traceparent"), str("00")}, {str("tracestate"), str("a=1")}};
    carrier c = {{items, 2, 2}, 0, 0};
    spanlink_getter getter = {&c, next_counted};
    spanlink_context context;
    assert_status(SPANLINK_ERR_TRACEPARENT_LENGTH,
                  spanlink_extract(&getter, NULL, NULL, 0, &context));
    assert_int_equal(0, c.tracestate_asks);
}

TEST(a_name_is_matched_whole) {
    spanlink_header items[] = {{str("traceparent2"), str(parent)},
                               {str("xtraceparent"), str(parent)},
                               {str("trace[arent"), str(parent)},
                               {str(""), str(parent)}};
    spanlink_context context;
    assert_status(SPANLINK_ERR_NO_CONTEXT, extract(items, 4, NULL, 0, &context));
}

TEST(names_are_matched_without_the_case_of_ascii_letters) {
    static const char lower[] = "traceparent", upper[] = "TRACEPARENT";
    for (size_t place = 0; place < 11; place++) {
        for (int byte = 0; byte < 256; byte++) {
            char name[] = "TraCeParENt";
            name[place] = (char)byte;
            bool same = byte == lower[place] || byte == upper[place];
            spanlink_header item = {{name, 11}, str(parent)};
            spanlink_context context;
            assert_status(same ? SPANLINK_OK : SPANLINK_ERR_NO_CONTEXT,
                          extract(&item, 1, NULL, 0, &context));
        }
    }
}

/* As it stands in a block of headers. */
TEST(a_name_ends_where_its_view_ends) {
    spanlink_header item = {{"traceparent: ", 11}, str(parent)};
    spanlink_context context;
    assert_status(SPANLINK_OK, extract(&item, 1, NULL, 0, &context));
    item.name.len = 12;
    assert_status(SPANLINK_ERR_NO_CONTEXT, extract(&item, 1, NULL, 0, &context));
    item.name.len = 10;
    assert_status(SPANLINK_ERR_NO_CONTEXT, extract(&item, 1, NULL, 0, &context));
}

/* Into a carrier */

TEST(inject_writes_both_headers_in_lowercase) {
    spanlink_context context, back;
    assert_status(SPANLINK_OK,
                  spanlink_context_from_headers(str(parent), str("a=1 ,, b=2\t,a=3"), &context));
    spanlink_header items[2];
    spanlink_headers headers = {items, 0, 2};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    char text[56 + 16];
    assert_status(SPANLINK_OK, spanlink_inject(&context, NULL, &setter, text, sizeof text));
    assert_int_equal(2, headers.count);
    assert_text("traceparent", items[0].name);
    assert_text(parent, items[0].value);
    assert_text("tracestate", items[1].name);
    assert_text("a=1,b=2", items[1].value);
    assert_true(items[0].value.ptr >= text && items[1].value.ptr < text + sizeof text);
    assert_status(SPANLINK_OK, extract(items, 2, NULL, 0, &back));
    assert_true(spanlink_context_same_span(&context, &back));
}

TEST(inject_writes_no_empty_or_bad_tracestate) {
    static const char *const states[] = {"", ",,", "bad", "a=1,b"};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        spanlink_context context = test_context(1);
        context.trace_state = str(states[i]);
        spanlink_header items[2];
        spanlink_headers headers = {items, 0, 2};
        spanlink_setter setter = spanlink_headers_setter(&headers);
        char text[64];
        assert_status(SPANLINK_OK, spanlink_inject(&context, NULL, &setter, text, sizeof text));
        assert_int_equal(1, headers.count);
    }
}

TEST(inject_needs_56_characters_and_the_tracestates_length) {
    spanlink_context context = test_context(1);
    context.trace_state = str("a=1,b=2");
    char text[56 + 7];
    for (size_t capacity = 0; capacity <= sizeof text; capacity++) {
        spanlink_header items[2];
        spanlink_headers headers = {items, 0, 2};
        spanlink_setter setter = spanlink_headers_setter(&headers);
        spanlink_status wanted = capacity == sizeof text ? SPANLINK_OK : SPANLINK_ERR_CAPACITY;
        assert_status(wanted, spanlink_inject(&context, NULL, &setter, text, capacity));
        assert_int_equal(capacity == sizeof text ? 2 : 0, headers.count);
    }
    context.trace_state.len = 0;
    spanlink_header item;
    spanlink_headers headers = {&item, 0, 1};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    assert_status(SPANLINK_OK, spanlink_inject(&context, NULL, &setter, text, 56));
    assert_status(SPANLINK_ERR_CAPACITY, spanlink_inject(&context, NULL, &setter, NULL, 0));
}

TEST(inject_writes_the_longest_tracestate) {
    static char tracestate[SPANLINK_TRACESTATE_MAX];
    memset(tracestate, 'x', sizeof tracestate);
    for (size_t i = 0; i < 32; i++) {
        tracestate[514 * i] = (char)('a' + i % 26);
        tracestate[514 * i + 1] = (char)('a' + i / 26);
        tracestate[514 * i + 256] = '=';
        if (i != 31) {
            tracestate[514 * i + 513] = ',';
        }
    }
    spanlink_context context = test_context(1);
    context.trace_state = (spanlink_str){tracestate, sizeof tracestate};
    char *text = malloc(56 + sizeof tracestate);
    assert_non_null(text);
    spanlink_header items[2];
    spanlink_headers headers = {items, 0, 2};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    assert_status(SPANLINK_ERR_CAPACITY,
                  spanlink_inject(&context, NULL, &setter, text, 55 + sizeof tracestate));
    assert_int_equal(0, headers.count);
    assert_status(SPANLINK_OK,
                  spanlink_inject(&context, NULL, &setter, text, 56 + sizeof tracestate));
    assert_int_equal(sizeof tracestate, items[1].value.len);
    assert_memory_equal(tracestate, items[1].value.ptr, sizeof tracestate);
    assert_ptr_equal(text + 56, items[1].value.ptr);
    free(text);
}

TEST(inject_keeps_the_rules_of_traceparent) {
    spanlink_context context = test_context(1);
    context.trace_flags = 0xff;
    spanlink_header items[2];
    spanlink_headers headers = {items, 0, 2};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    char text[56];
    assert_status(SPANLINK_OK, spanlink_inject(&context, NULL, &setter, text, sizeof text));
    assert_int_equal(55, items[0].value.len);
    assert_int_equal('\0', text[55]);
    assert_memory_equal("-03", items[0].value.ptr + 52, 3);
}

TEST(an_invalid_context_is_not_injected) {
    spanlink_header items[2];
    spanlink_headers headers = {items, 0, 2};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    char text[56];
    spanlink_context context = test_context(1);
    memset(context.span_id, 0, 8);
    assert_status(SPANLINK_ERR_SPAN_ID_ZERO, spanlink_inject(&context, NULL, &setter, text, 56));
    context = test_context(1);
    memset(context.trace_id, 0, 16);
    assert_status(SPANLINK_ERR_TRACE_ID_ZERO, spanlink_inject(&context, NULL, &setter, text, 56));
    assert_int_equal(0, headers.count);
}

static spanlink_status fail_at_zero(void *state, spanlink_str name, spanlink_str value) {
    int *left = state;
    (void)name;
    (void)value;
    return (*left)-- == 0 ? SPANLINK_ERR_NO_MEMORY : SPANLINK_OK;
}

/* Whether the repeats stand next to it, further on, or not at all. */
TEST(a_header_that_is_set_stands_once) {
    spanlink_header items[6] = {{spanlink_str_from("traceparent"), spanlink_str_from("old")},
                                {spanlink_str_from("TraceParent"), spanlink_str_from("older")},
                                {spanlink_str_from("host"), spanlink_str_from("h")},
                                {spanlink_str_from("traceparent"), spanlink_str_from("oldest")}};
    spanlink_headers headers = {items, 4, 6};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    for (int i = 0; i < 2; i++) {
        assert_status(SPANLINK_OK, setter.set(setter.state, spanlink_str_from("traceparent"),
                                              spanlink_str_from("new")));
        assert_int_equal(2, headers.count);
        assert_text("new", items[0].value);
        assert_text("host", items[1].name);
    }
    assert_status(SPANLINK_OK, setter.set(setter.state, spanlink_str_from("host"),
                                          spanlink_str_from("another")));
    assert_int_equal(2, headers.count);
    assert_text("another", items[1].value);
}

TEST(the_status_of_set_is_passed_on) {
    spanlink_context context = test_context(1);
    context.trace_state = str("a=1");
    char text[64];
    for (int calls = 0; calls < 3; calls++) {
        int left = calls;
        spanlink_setter setter = {&left, fail_at_zero, NULL};
        assert_status(calls < 2 ? SPANLINK_ERR_NO_MEMORY : SPANLINK_OK,
                      spanlink_inject(&context, NULL, &setter, text, sizeof text));
    }
}

TEST(the_ready_carrier_replaces_what_is_there) {
    spanlink_header items[6] = {{str("TraceParent"), str("old")},
                                {str("host"), str("x")},
                                {str("traceparent"), str("older")},
                                {str("accept"), str("y")},
                                {str("TRACEPARENT"), str("oldest")}};
    spanlink_headers headers = {items, 5, 5};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    assert_status(SPANLINK_OK, setter.set(setter.state, str("traceparent"), str("new")));
    assert_int_equal(3, headers.count);
    assert_text("TraceParent", items[0].name);
    assert_text("new", items[0].value);
    assert_text("host", items[1].name);
    assert_text("accept", items[2].name);
    assert_text("y", items[2].value);
}

TEST(the_ready_carrier_adds_at_the_end_until_it_is_full) {
    spanlink_header items[3] = {
        {str("host"), str("x")}, {str("a"), str("b")}, {str("c"), str("d")}};
    spanlink_headers headers = {items, 1, 2};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    assert_status(SPANLINK_OK, setter.set(setter.state, str("tracestate"), str("a=1")));
    assert_int_equal(2, headers.count);
    assert_text("tracestate", items[1].name);
    assert_text("a=1", items[1].value);
    assert_status(SPANLINK_ERR_CAPACITY, setter.set(setter.state, str("traceparent"), str("x")));
    assert_int_equal(2, headers.count);
    assert_text("c", items[2].name);
    assert_status(SPANLINK_OK, setter.set(setter.state, str("tracestate"), str("a=2")));
    assert_text("a=2", items[1].value);
    headers = (spanlink_headers){NULL, 0, 0};
    assert_status(SPANLINK_ERR_CAPACITY, setter.set(setter.state, str("tracestate"), str("a=1")));
}

TEST(the_ready_carrier_removes_all_headers_of_a_name) {
    spanlink_header items[] = {{str("TraceState"), str("a=1")},
                               {str("host"), str("x")},
                               {str("tracestate"), str("b=1")},
                               {str("accept"), str("y")}};
    spanlink_headers headers = {items, 4, 4};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    for (int i = 0; i < 2; i++) {
        assert_status(SPANLINK_OK, setter.remove(setter.state, str("tracestate")));
        assert_int_equal(2, headers.count);
        assert_text("host", items[0].name);
        assert_text("accept", items[1].name);
    }
}

/* Formats */

static spanlink_formats formats_named(const char *names) {
    spanlink_formats formats;
    assert_status(SPANLINK_OK, spanlink_formats_from_names(str(names), &formats, NULL));
    return formats;
}

static void assert_formats(spanlink_formats wanted, spanlink_formats formats) {
    assert_memory_equal(&wanted, &formats, sizeof formats);
}

static const spanlink_formats w3c = {1, {SPANLINK_FORMAT_W3C}}, none = {1, {SPANLINK_FORMAT_NONE}};

TEST(without_names_the_format_is_w3c) {
    assert_formats(w3c, formats_named(""));
    assert_formats(w3c, formats_named(" ,\t,, "));
    assert_formats(w3c, formats_named("tracecontext"));
    assert_formats(w3c, formats_named("tracecontext,baggage"));
    assert_formats(w3c, formats_named(" TraceContext , BAGGAGE,tracecontext"));
}

TEST(none_anywhere_and_baggage_alone_turn_formats_off) {
    assert_formats(none, formats_named("none"));
    assert_formats(none, formats_named("tracecontext, None"));
    assert_formats(none, formats_named("none,unheard-of"));
    assert_formats(none, formats_named("baggage"));
    assert_formats(none, formats_named("baggage,unheard-of"));
}

TEST(unknown_names_are_passed_over_and_the_first_is_reported) {
    static const char names[] = "tracecontext, ottrace\t,tracecontex,none2";
    spanlink_formats formats;
    spanlink_str unknown = str("?");
    assert_status(SPANLINK_OK, spanlink_formats_from_names(str(names), &formats, &unknown));
    assert_formats(w3c, formats);
    assert_ptr_equal(names + 14, unknown.ptr);
    assert_text("ottrace", unknown);
    assert_status(SPANLINK_OK, spanlink_formats_from_names(str("x"), &formats, &unknown));
    assert_formats(w3c, formats);
    assert_text("x", unknown);
    assert_status(SPANLINK_OK, spanlink_formats_from_names(str("none"), &formats, &unknown));
    assert_int_equal(0, unknown.len);
}

#if defined(SPANLINK_NO_FORMATS)
TEST(a_build_of_w3c_alone_knows_no_other_format) {
    static const char names[] = "b3,b3multi,xray,datadog,jaeger,cloud_trace,gcp,grpc-trace-bin";
    spanlink_formats formats;
    spanlink_str unknown;
    assert_status(SPANLINK_OK, spanlink_formats_from_names(str(names), &formats, &unknown));
    assert_formats(w3c, formats);
    assert_text("b3", unknown);
    for (uint32_t format = 1; format < 8; format++) {
        size_t count = 9;
        assert_null(spanlink_format_name(format));
        assert_null(spanlink_format_fields(format, &count));
        assert_int_equal(0, count);
    }
}
#endif

TEST(names_without_formats_or_characters_are_refused) {
    spanlink_formats formats;
    spanlink_str unknown = str("?");
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_formats_from_names(str(""), NULL, &unknown));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_formats_from_env(NULL, &unknown));
    assert_status(SPANLINK_ERR_ARGUMENT,
                  spanlink_formats_from_names((spanlink_str){NULL, 1}, &formats, &unknown));
    assert_text("?", unknown);
}

#if !defined(SPANLINK_NO_ENV)
TEST(the_environment_names_the_formats) {
    spanlink_formats formats;
    spanlink_str unknown;
    test_set_variable("OTEL_PROPAGATORS", "none,smoke-signal");
    assert_status(SPANLINK_OK, spanlink_formats_from_env(&formats, &unknown));
    assert_formats(none, formats);
    assert_text("smoke-signal", unknown);
    test_set_variable("OTEL_PROPAGATORS", "");
    assert_status(SPANLINK_OK, spanlink_formats_from_env(&formats, NULL));
    assert_formats(w3c, formats);
    test_set_variable("OTEL_PROPAGATORS", NULL);
    assert_status(SPANLINK_OK, spanlink_formats_from_env(&formats, &unknown));
    assert_formats(w3c, formats);
    assert_int_equal(0, unknown.len);
}
#endif

TEST(a_format_has_a_name_and_fields) {
    size_t count = 9;
    const spanlink_str *fields = spanlink_format_fields(SPANLINK_FORMAT_W3C, &count);
    assert_string_equal("tracecontext", spanlink_format_name(SPANLINK_FORMAT_W3C));
    assert_int_equal(2, count);
    assert_text("traceparent", fields[0]);
    assert_text("tracestate", fields[1]);
    assert_null(spanlink_format_fields(SPANLINK_FORMAT_W3C, NULL));
}

TEST(none_and_unknown_numbers_have_neither_name_nor_fields) {
    static const uint32_t numbers[] = {8, 254, SPANLINK_FORMAT_NONE, 256, UINT32_MAX};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        size_t count = 9;
        assert_null(spanlink_format_name(numbers[i]));
        assert_null(spanlink_format_fields(numbers[i], &count));
        assert_int_equal(0, count);
    }
}

/* A carrier that counts calls and finds nothing. */
static bool next_of_none(void *state, spanlink_str name, size_t *cursor, spanlink_str *value) {
    (void)name;
    (void)cursor;
    (void)value;
    *(int *)state += 1;
    return false;
}

static spanlink_status count_set(void *state, spanlink_str name, spanlink_str value) {
    (void)name;
    (void)value;
    *(int *)state += 1;
    return SPANLINK_OK;
}

static spanlink_status count_remove(void *state, spanlink_str name) {
    (void)name;
    *(int *)state += 1;
    return SPANLINK_OK;
}

static void assert_formats_call_nothing(spanlink_status extracted, spanlink_status injected,
                                        const spanlink_formats *formats) {
    int calls = 0;
    spanlink_getter getter = {&calls, next_of_none};
    spanlink_setter setter = {&calls, count_set, count_remove};
    char text[SPANLINK_INJECT_TEXT];
    spanlink_context context = test_context(1), before = context;
    spanlink_extracted found = {.format = 77};
    size_t count = 99;
    assert_status(extracted, spanlink_extract(&getter, formats, NULL, 0, &context));
    assert_status(extracted, spanlink_extract_all(&getter, formats, NULL, 0, &found, 1, &count));
    assert_status(injected, spanlink_inject(&context, formats, &setter, text, sizeof text));
    assert_int_equal(0, calls);
    assert_int_equal(99, count);
    assert_int_equal(77, found.format);
    assert_memory_equal(&before, &context, sizeof context);
}

TEST(with_none_nothing_is_read_or_written) {
    spanlink_formats formats = {3, {SPANLINK_FORMAT_W3C, SPANLINK_FORMAT_NONE}};
    assert_formats_call_nothing(SPANLINK_ERR_NO_CONTEXT, SPANLINK_OK, &none);
    assert_formats_call_nothing(SPANLINK_ERR_NO_CONTEXT, SPANLINK_OK, &formats);
}

TEST(zeroed_formats_are_w3c_alone) {
    static const spanlink_formats zeroed;
    spanlink_header items[] = {{str("traceparent"), str(parent)}};
    spanlink_headers headers = {items, 1, 1};
    spanlink_getter getter = spanlink_headers_getter(&headers);
    spanlink_setter setter = spanlink_headers_setter(&headers);
    spanlink_extracted found;
    char text[56];
    size_t count = 0;
    assert_status(SPANLINK_OK, spanlink_extract_all(&getter, &zeroed, NULL, 0, &found, 1, &count));
    assert_int_equal(1, count);
    assert_int_equal(SPANLINK_FORMAT_W3C, found.format);
    assert_status(SPANLINK_OK, spanlink_inject(&found.context, &zeroed, &setter, text, 56));
    assert_text(parent, items[0].value);
}

TEST(unknown_and_too_many_formats_are_refused) {
#if defined(SPANLINK_NO_FORMATS)
    static const uint32_t numbers[] = {1, 7, 8, 254, 256, UINT32_MAX};
#else
    static const uint32_t numbers[] = {8, 254, 256, UINT32_MAX};
#endif
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        spanlink_formats formats = {2, {SPANLINK_FORMAT_NONE, numbers[i]}};
        assert_formats_call_nothing(SPANLINK_ERR_ARGUMENT, SPANLINK_ERR_ARGUMENT, &formats);
    }
    spanlink_formats many = {SPANLINK_FORMATS_MAX + 1, {SPANLINK_FORMAT_W3C}};
    assert_formats_call_nothing(SPANLINK_ERR_ARGUMENT, SPANLINK_ERR_ARGUMENT, &many);
    many.count = UINT32_MAX;
    assert_formats_call_nothing(SPANLINK_ERR_ARGUMENT, SPANLINK_ERR_ARGUMENT, &many);
}
