/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_links.h"

#include <spanlink/propagation.h>

#include <stdio.h>

static const char parent[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

static spanlink_str str(const char *text) {
    return spanlink_str_from(text);
}

/* From two values */

static void both_headers_make_a_context(void **state) {
    (void)state;
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

static void a_missing_traceparent_is_told_from_a_malformed_one(void **state) {
    (void)state;
    spanlink_context context, before;
    memset(&context, 0x55, sizeof context);
    before = context;
    assert_status(SPANLINK_ERR_NO_TRACEPARENT,
                  spanlink_context_from_headers(str(NULL), str("a=1"), &context));
    assert_status(SPANLINK_ERR_NO_TRACEPARENT,
                  spanlink_context_from_headers(str(""), str("a=1"), &context));
    assert_status(SPANLINK_ERR_TRACEPARENT_LENGTH,
                  spanlink_context_from_headers(str(" "), str("a=1"), &context));
    assert_status(SPANLINK_ERR_TRACEPARENT_VERSION,
                  spanlink_context_from_headers(str("ff"), str("a=1"), &context));
    assert_memory_equal(&before, &context, sizeof context);
}

static void a_bad_tracestate_is_left_out(void **state) {
    (void)state;
    static const char *const bad[] = {"a", "A=1", "a=1,b", "=", "a=", ",", "  ,\t, ", " "};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        spanlink_context context;
        assert_status(SPANLINK_OK,
                      spanlink_context_from_headers(str(parent), str(bad[i]), &context));
        assert_int_equal(0, context.trace_state.len);
    }
}

static void spaces_around_a_tracestate_are_not_borrowed(void **state) {
    (void)state;
    spanlink_context context;
    assert_status(SPANLINK_OK,
                  spanlink_context_from_headers(str(parent), str(" \ta=1 , b=2\t "), &context));
    assert_text("a=1 , b=2", context.trace_state);
}

static void null_arguments_are_refused(void **state) {
    (void)state;
    spanlink_context context = test_context(1);
    spanlink_str null = {NULL, 3};
    spanlink_headers headers = {NULL, 0, 0};
    spanlink_getter getter = spanlink_headers_getter(&headers), no_getter = {NULL, NULL};
    spanlink_setter setter = spanlink_headers_setter(&headers), no_setter = {NULL, NULL};
    char text[100];
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_context_from_headers(str(parent), str(""), NULL));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_context_from_headers(null, str(""), &context));
    assert_status(SPANLINK_ERR_ARGUMENT,
                  spanlink_context_from_headers(str(parent), null, &context));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_extract(NULL, text, 100, &context));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_extract(&no_getter, text, 100, &context));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_extract(&getter, NULL, 100, &context));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_extract(&getter, text, 100, NULL));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_inject(NULL, &setter, text, 100));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_inject(&context, NULL, text, 100));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_inject(&context, &no_setter, text, 100));
    assert_status(SPANLINK_ERR_ARGUMENT, spanlink_inject(&context, &setter, NULL, 100));
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
    return spanlink_extract(&getter, text, capacity, context);
}

static void one_tracestate_line_is_borrowed(void **state) {
    (void)state;
    spanlink_header items[] = {{str("Host"), str("x")},
                               {str("TraceState"), str("a=1")},
                               {str("TRACEPARENT"), str(parent)},
                               {str("tracestate"), str(" \t")}};
    spanlink_context context;
    assert_status(SPANLINK_OK, extract(items, 4, NULL, 0, &context));
    assert_ptr_equal(items[1].value.ptr, context.trace_state.ptr);
    assert_text("a=1", context.trace_state);
}

static void several_lines_are_joined_in_order(void **state) {
    (void)state;
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

static void the_limits_hold_for_the_joined_text(void **state) {
    (void)state;
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

static void the_longest_tracestate_fits(void **state) {
    (void)state;
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

static void two_traceparents_are_no_context(void **state) {
    (void)state;
    spanlink_header items[] = {{str("traceparent"), str(parent)},
                               {str("Traceparent"), str(parent)}};
    spanlink_context context, before;
    memset(&context, 0x55, sizeof context);
    before = context;
    assert_status(SPANLINK_ERR_MULTIPLE_TRACEPARENT, extract(items, 2, NULL, 0, &context));
    assert_status(SPANLINK_ERR_NO_TRACEPARENT, extract(items, 0, NULL, 0, &context));
    items[0].value = str("");
    assert_status(SPANLINK_ERR_TRACEPARENT_LENGTH, extract(items, 1, NULL, 0, &context));
    assert_memory_equal(&before, &context, sizeof context);
}

static void thousands_of_lines_cost_bounded_work(void **state) {
    (void)state;
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
    assert_status(SPANLINK_OK, spanlink_extract(&getter, text, sizeof text, &context));
    assert_int_equal(0, context.trace_state.len);
    assert_int_equal(2, c.traceparent_asks);
    assert_int_equal(33, c.tracestate_asks);
    c = (carrier){{items, 2 * LINES, 2 * LINES}, 0, 0};
    assert_status(SPANLINK_ERR_MULTIPLE_TRACEPARENT,
                  spanlink_extract(&getter, text, sizeof text, &context));
    assert_int_equal(2, c.traceparent_asks);
    assert_int_equal(0, c.tracestate_asks);
}

static void without_a_valid_traceparent_the_tracestate_is_not_read(void **state) {
    (void)state;
    spanlink_header items[] = {{str("traceparent"), str("00")}, {str("tracestate"), str("a=1")}};
    carrier c = {{items, 2, 2}, 0, 0};
    spanlink_getter getter = {&c, next_counted};
    spanlink_context context;
    assert_status(SPANLINK_ERR_TRACEPARENT_LENGTH, spanlink_extract(&getter, NULL, 0, &context));
    assert_int_equal(0, c.tracestate_asks);
}

static void a_name_is_matched_whole(void **state) {
    (void)state;
    spanlink_header items[] = {{str("traceparent2"), str(parent)},
                               {str("xtraceparent"), str(parent)},
                               {str("trace[arent"), str(parent)},
                               {str(""), str(parent)}};
    spanlink_context context;
    assert_status(SPANLINK_ERR_NO_TRACEPARENT, extract(items, 4, NULL, 0, &context));
}

/* Into a carrier */

static void inject_writes_both_headers_in_lowercase(void **state) {
    (void)state;
    spanlink_context context, back;
    assert_status(SPANLINK_OK,
                  spanlink_context_from_headers(str(parent), str("a=1 ,, b=2\t,a=3"), &context));
    spanlink_header items[2];
    spanlink_headers headers = {items, 0, 2};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    char text[56 + 16];
    assert_status(SPANLINK_OK, spanlink_inject(&context, &setter, text, sizeof text));
    assert_int_equal(2, headers.count);
    assert_text("traceparent", items[0].name);
    assert_text(parent, items[0].value);
    assert_text("tracestate", items[1].name);
    assert_text("a=1,b=2", items[1].value);
    assert_true(items[0].value.ptr >= text && items[1].value.ptr < text + sizeof text);
    assert_status(SPANLINK_OK, extract(items, 2, NULL, 0, &back));
    assert_true(spanlink_context_same_span(&context, &back));
}

static void inject_writes_no_empty_or_bad_tracestate(void **state) {
    (void)state;
    static const char *const states[] = {"", ",,", "bad", "a=1,b"};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        spanlink_context context = test_context(1);
        context.trace_state = str(states[i]);
        spanlink_header items[2];
        spanlink_headers headers = {items, 0, 2};
        spanlink_setter setter = spanlink_headers_setter(&headers);
        char text[64];
        assert_status(SPANLINK_OK, spanlink_inject(&context, &setter, text, sizeof text));
        assert_int_equal(1, headers.count);
    }
}

static void inject_needs_56_characters_and_the_tracestates_length(void **state) {
    (void)state;
    spanlink_context context = test_context(1);
    context.trace_state = str("a=1,b=2");
    char text[56 + 7];
    for (size_t capacity = 0; capacity <= sizeof text; capacity++) {
        spanlink_header items[2];
        spanlink_headers headers = {items, 0, 2};
        spanlink_setter setter = spanlink_headers_setter(&headers);
        spanlink_status wanted = capacity == sizeof text ? SPANLINK_OK : SPANLINK_ERR_CAPACITY;
        assert_status(wanted, spanlink_inject(&context, &setter, text, capacity));
        assert_int_equal(capacity == sizeof text ? 2 : 0, headers.count);
    }
    context.trace_state.len = 0;
    spanlink_header item;
    spanlink_headers headers = {&item, 0, 1};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    assert_status(SPANLINK_OK, spanlink_inject(&context, &setter, text, 56));
    assert_status(SPANLINK_ERR_CAPACITY, spanlink_inject(&context, &setter, NULL, 0));
}

static void an_invalid_context_is_not_injected(void **state) {
    (void)state;
    spanlink_header items[2];
    spanlink_headers headers = {items, 0, 2};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    char text[56];
    spanlink_context context = test_context(1);
    memset(context.span_id, 0, 8);
    assert_status(SPANLINK_ERR_SPAN_ID_ZERO, spanlink_inject(&context, &setter, text, 56));
    context = test_context(1);
    memset(context.trace_id, 0, 16);
    assert_status(SPANLINK_ERR_TRACE_ID_ZERO, spanlink_inject(&context, &setter, text, 56));
    assert_int_equal(0, headers.count);
}

static spanlink_status fail_at_zero(void *state, spanlink_str name, spanlink_str value) {
    int *left = state;
    (void)name;
    (void)value;
    return (*left)-- == 0 ? SPANLINK_ERR_NO_MEMORY : SPANLINK_OK;
}

static void the_status_of_set_is_passed_on(void **state) {
    (void)state;
    spanlink_context context = test_context(1);
    context.trace_state = str("a=1");
    char text[64];
    for (int calls = 0; calls < 3; calls++) {
        int left = calls;
        spanlink_setter setter = {&left, fail_at_zero};
        assert_status(calls < 2 ? SPANLINK_ERR_NO_MEMORY : SPANLINK_OK,
                      spanlink_inject(&context, &setter, text, sizeof text));
    }
}

static void the_ready_carrier_replaces_what_is_there(void **state) {
    (void)state;
    spanlink_header items[4] = {{str("TraceParent"), str("old")},
                                {str("host"), str("x")},
                                {str("traceparent"), str("older")}};
    spanlink_headers headers = {items, 3, 4};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    assert_status(SPANLINK_OK, setter.set(setter.state, str("traceparent"), str("new")));
    assert_int_equal(2, headers.count);
    assert_text("new", items[0].value);
    assert_text("host", items[1].name);
    headers.capacity = 2;
    assert_status(SPANLINK_ERR_CAPACITY, setter.set(setter.state, str("tracestate"), str("a=1")));
    assert_int_equal(2, headers.count);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_headers_make_a_context),
        cmocka_unit_test(a_missing_traceparent_is_told_from_a_malformed_one),
        cmocka_unit_test(a_bad_tracestate_is_left_out),
        cmocka_unit_test(spaces_around_a_tracestate_are_not_borrowed),
        cmocka_unit_test(null_arguments_are_refused),
        cmocka_unit_test(one_tracestate_line_is_borrowed),
        cmocka_unit_test(several_lines_are_joined_in_order),
        cmocka_unit_test(the_limits_hold_for_the_joined_text),
        cmocka_unit_test(the_longest_tracestate_fits),
        cmocka_unit_test(two_traceparents_are_no_context),
        cmocka_unit_test(thousands_of_lines_cost_bounded_work),
        cmocka_unit_test(without_a_valid_traceparent_the_tracestate_is_not_read),
        cmocka_unit_test(a_name_is_matched_whole),
        cmocka_unit_test(inject_writes_both_headers_in_lowercase),
        cmocka_unit_test(inject_writes_no_empty_or_bad_tracestate),
        cmocka_unit_test(inject_needs_56_characters_and_the_tracestates_length),
        cmocka_unit_test(an_invalid_context_is_not_injected),
        cmocka_unit_test(the_status_of_set_is_passed_on),
        cmocka_unit_test(the_ready_carrier_replaces_what_is_there),
    };
    return cmocka_run_group_tests_name("propagation", tests, NULL, NULL);
}
