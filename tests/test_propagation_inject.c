/* SPDX-License-Identifier: MIT */
#include "test_propagations.h"

/* Injects into an array of two headers, which is empty before. */
static spanlink_header items[2];
static size_t item_count;

static spanlink_status inject(const spanlink_context *context, char *text, size_t capacity) {
    spanlink_headers headers = {items, 0, 2};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    spanlink_status status = spanlink_inject(context, NULL, &setter, text, capacity);
    item_count = headers.count;
    return status;
}

TEST(inject_writes_both_headers_in_lowercase) {
    spanlink_context context, back;
    assert_ok(spanlink_context_from_headers(str(parent), str("a=1 ,, b=2\t,a=3"), &context));
    char text[56 + 16];
    assert_ok(inject(&context, text, sizeof text));
    assert_int_equal(2, item_count);
    assert_text("traceparent", items[0].name);
    assert_text(parent, items[0].value);
    assert_text("tracestate", items[1].name);
    assert_text("a=1,b=2", items[1].value);
    assert_true(items[0].value.ptr >= text && items[1].value.ptr < text + sizeof text);
    assert_ok(extract(items, 2, NULL, 0, &back));
    assert_true(spanlink_context_same_span(&context, &back));
}

TEST(inject_writes_no_empty_or_bad_tracestate) {
    static const char *const states[] = {"", ",,", "bad", "a=1,b"};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        spanlink_context context = test_context(1);
        context.trace_state = str(states[i]);
        char text[64];
        assert_ok(inject(&context, text, sizeof text));
        assert_int_equal(1, item_count);
    }
}

TEST(inject_needs_56_characters_and_the_tracestates_length) {
    spanlink_context context = test_context(1);
    context.trace_state = str("a=1,b=2");
    char text[56 + 7];
    for (size_t capacity = 0; capacity <= sizeof text; capacity++) {
        spanlink_status wanted = capacity == sizeof text ? SPANLINK_OK : SPANLINK_ERR_CAPACITY;
        assert_status(wanted, inject(&context, text, capacity));
        assert_int_equal(capacity == sizeof text ? 2 : 0, item_count);
    }
    context.trace_state.len = 0;
    assert_ok(inject(&context, text, 56));
    assert_status(SPANLINK_ERR_CAPACITY, inject(&context, NULL, 0));
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
    char *text = test_block(56 + sizeof tracestate);
    assert_status(SPANLINK_ERR_CAPACITY, inject(&context, text, 55 + sizeof tracestate));
    assert_int_equal(0, item_count);
    assert_ok(inject(&context, text, 56 + sizeof tracestate));
    assert_int_equal(sizeof tracestate, items[1].value.len);
    assert_memory_equal(tracestate, items[1].value.ptr, sizeof tracestate);
    assert_ptr_equal(text + 56, items[1].value.ptr);
}

TEST(inject_keeps_the_rules_of_traceparent) {
    spanlink_context context = test_context(1);
    context.trace_flags = 0xff;
    char text[56];
    assert_ok(inject(&context, text, sizeof text));
    assert_int_equal(55, items[0].value.len);
    assert_int_equal('\0', text[55]);
    assert_memory_equal("-03", items[0].value.ptr + 52, 3);
}

TEST(an_invalid_context_is_not_injected) {
    char text[56];
    spanlink_context context = test_context(1);
    memset(context.span_id, 0, 8);
    assert_status(SPANLINK_ERR_SPAN_ID_ZERO, inject(&context, text, 56));
    context = test_context(1);
    memset(context.trace_id, 0, 16);
    assert_status(SPANLINK_ERR_TRACE_ID_ZERO, inject(&context, text, 56));
    assert_int_equal(0, item_count);
}

static spanlink_status fail_at_zero(void *state, spanlink_str name, spanlink_str value) {
    int *left = state;
    (void)name;
    (void)value;
    return (*left)-- == 0 ? SPANLINK_ERR_NO_MEMORY : SPANLINK_OK;
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

/* Repeats may be next to it, further on, or absent. */
TEST(the_header_array_carrier_replaces_an_existing_header) {
    spanlink_header given[] = {
        {str("TraceParent"), str("old")}, {str("traceparent"), str("older")},
        {str("host"), str("x")},          {str("traceparent"), str("older")},
        {str("accept"), str("y")},        {str("TRACEPARENT"), str("oldest")}};
    spanlink_headers headers = {given, 6, 6};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    for (int i = 0; i < 2; i++) {
        assert_ok(setter.set(setter.state, str("traceparent"), str("new")));
        assert_int_equal(3, headers.count);
        assert_text("TraceParent", given[0].name);
        assert_text("new", given[0].value);
        assert_text("host", given[1].name);
        assert_text("accept", given[2].name);
        assert_text("y", given[2].value);
    }
    assert_ok(setter.set(setter.state, str("host"), str("another")));
    assert_int_equal(3, headers.count);
    assert_text("another", given[1].value);
}

TEST(the_header_array_carrier_adds_at_the_end_until_it_is_full) {
    spanlink_header given[3] = {
        {str("host"), str("x")}, {str("a"), str("b")}, {str("c"), str("d")}};
    spanlink_headers headers = {given, 1, 2};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    assert_ok(setter.set(setter.state, str("tracestate"), str("a=1")));
    assert_int_equal(2, headers.count);
    assert_text("tracestate", given[1].name);
    assert_text("a=1", given[1].value);
    assert_status(SPANLINK_ERR_CAPACITY, setter.set(setter.state, str("traceparent"), str("x")));
    assert_int_equal(2, headers.count);
    assert_text("c", given[2].name);
    assert_ok(setter.set(setter.state, str("tracestate"), str("a=2")));
    assert_text("a=2", given[1].value);
    headers = (spanlink_headers){NULL, 0, 0};
    assert_status(SPANLINK_ERR_CAPACITY, setter.set(setter.state, str("tracestate"), str("a=1")));
}

TEST(the_header_array_carrier_removes_all_headers_of_a_name) {
    spanlink_header given[] = {{str("TraceState"), str("a=1")},
                               {str("host"), str("x")},
                               {str("tracestate"), str("b=1")},
                               {str("accept"), str("y")}};
    spanlink_headers headers = {given, 4, 4};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    for (int i = 0; i < 2; i++) {
        assert_ok(setter.remove(setter.state, str("tracestate")));
        assert_int_equal(2, headers.count);
        assert_text("host", given[0].name);
        assert_text("accept", given[1].name);
    }
}
