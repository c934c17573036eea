/* SPDX-License-Identifier: MIT */
#include "test_messages.h"

typedef struct calls {
    message into;
    char text[SPANLINK_INJECT_TEXT];
    size_t count, fail_at; /* the call that fails; SIZE_MAX: none */
    char names[MOST_HEADERS][VALUE];
} calls;

#define CALLS(name, fails)                                                                         \
    calls name = {.into = {.headers = {name.into.items, 0, MOST_HEADERS}}, .fail_at = fails}

static bool goes_on(calls *c, char sign, spanlink_str name) {
    snprintf(c->names[c->count], VALUE, "%c%.*s", sign, (int)name.len, name.ptr);
    return c->count++ != c->fail_at;
}

static spanlink_status set(void *state, spanlink_str name, spanlink_str value) {
    calls *c = state;
    if (!goes_on(c, '+', name)) {
        return SPANLINK_ERR_LOCK;
    }
    spanlink_setter setter = spanlink_headers_setter(&c->into.headers);
    return setter.set(setter.state, name, value);
}

static spanlink_status remove_all(void *state, spanlink_str name) {
    calls *c = state;
    if (!goes_on(c, '-', name)) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    spanlink_setter setter = spanlink_headers_setter(&c->into.headers);
    return setter.remove(setter.state, name);
}

static void assert_calls(const char *wanted, const calls *c) {
    char all[1024] = "";
    for (size_t i = 0; i < c->count; i++) {
        strcat(strcat(all, i == 0 ? "" : " "), c->names[i]);
    }
    assert_string_equal(wanted, all);
}

static spanlink_status inject_within(const spanlink_context *context, const char *names, calls *c,
                                     char *text, size_t capacity) {
    spanlink_formats formats = named(names);
    spanlink_setter setter = {c, set, remove_all};
    return spanlink_inject(context, &formats, &setter, text, capacity);
}

static spanlink_status inject(const spanlink_context *context, const char *names, calls *c) {
    return inject_within(context, names, c, c->text, sizeof c->text);
}

TEST(each_format_sets_its_headers_and_removes_its_others) {
    static const char *const wanted[FORMATS] = {
        "+traceparent -tracestate",
        "+b3 -x-b3-traceid -x-b3-spanid -x-b3-sampled -x-b3-flags",
        "+x-b3-traceid +x-b3-spanid +x-b3-sampled -b3 -x-b3-flags",
        "+x-amzn-trace-id -awstraceheader",
        "+x-datadog-trace-id +x-datadog-parent-id +x-datadog-sampling-priority +x-datadog-tags",
        "+uber-trace-id",
        "+x-cloud-trace-context",
        "+grpc-trace-bin",
    };
    for (uint32_t format = 0; format < FORMATS; format++) {
        CALLS(c, SIZE_MAX);
        spanlink_context context = context_of(full_b);
        assert_ok(inject(&context, known[format].name, &c));
        assert_calls(wanted[format], &c);
    }
}

TEST(half_a_trace_id_has_no_tag_of_datadog) {
    CALLS(c, SIZE_MAX);
    spanlink_context context = context_of(short_a);
    assert_ok(inject(&context, "datadog", &c));
    assert_calls("+x-datadog-trace-id +x-datadog-parent-id +x-datadog-sampling-priority "
                 "-x-datadog-tags",
                 &c);
}

TEST(formats_are_set_in_their_order_and_others_removed_afterwards) {
    CALLS(c, SIZE_MAX);
    spanlink_context context = context_of(full_b);
    context.trace_state = str("a=1");
    assert_ok(inject(&context, "xray,b3multi,tracecontext,b3,xray", &c));
    assert_calls("+x-amzn-trace-id +x-b3-traceid +x-b3-spanid +x-b3-sampled +traceparent "
                 "+tracestate +b3 -x-b3-flags -awstraceheader",
                 &c);
}

TEST(values_are_those_of_each_format) {
    for (uint32_t format = 0; format < FORMATS; format++) {
        MESSAGE(wanted);
        MESSAGE(m);
        char text[SPANLINK_INJECT_TEXT];
        spanlink_context context = context_of(full_a);
        spanlink_formats formats = only(format);
        clear(&wanted);
        spanlink_setter setter = spanlink_headers_setter(&m.headers);
        context.trace_state = str("w3c=1");
        known[format].add(&wanted, full_a);
        assert_ok(spanlink_inject(&context, &formats, &setter, text, sizeof text));
        assert_int_equal(wanted.headers.count, m.headers.count);
        for (size_t i = 0; i < m.headers.count; i++) {
            assert_int_equal(wanted.items[i].name.len, m.items[i].name.len);
            assert_int_equal(wanted.items[i].value.len, m.items[i].value.len);
            assert_memory_equal(wanted.items[i].value.ptr, m.items[i].value.ptr,
                                m.items[i].value.len);
            assert_true(m.items[i].value.ptr >= text && m.items[i].value.ptr < text + sizeof text);
        }
    }
}

TEST(the_sampled_flag_is_written_in_each_format) {
    const span spans[] = {full_a, full_b};
    for (uint32_t format = 0; format < FORMATS; format++) {
        for (size_t i = 0; i < 2; i++) {
            MESSAGE(m);
            char text[SPANLINK_INJECT_TEXT];
            spanlink_context context = context_of(spans[i]), back;
            spanlink_formats formats = only(format);
            spanlink_setter setter = spanlink_headers_setter(&m.headers);
            assert_ok(spanlink_inject(&context, &formats, &setter, text, sizeof text));
            assert_ok(extract(&m, formats, &back));
            assert_context(spans[i], &back);
        }
    }
}

TEST(stale_headers_of_another_span_are_gone) {
    for (uint32_t format = 0; format < FORMATS; format++) {
        MESSAGE(m);
        char text[SPANLINK_INJECT_TEXT];
        spanlink_context context = context_of(full_b);
        spanlink_extracted found[FORMATS];
        spanlink_formats formats = only(format);
        size_t count = 0;
        for (uint32_t other = 0; other < FORMATS; other++) {
            known[other].add(&m, full_a);
        }
        add(&m, "AWSTraceHeader", "Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=1");
        add(&m, "x-b3-flags", "1");
        spanlink_setter setter = spanlink_headers_setter(&m.headers);
        spanlink_getter getter = spanlink_headers_getter(&m.headers);
        assert_ok(spanlink_inject(&context, &formats, &setter, text, sizeof text));
        assert_ok(spanlink_extract_all(&getter, &formats, NULL, 0, found, FORMATS, &count));
        assert_int_equal(1, count);
        assert_context(full_b, &found[0].context);
        assert_int_equal(0, found[0].context.trace_state.len);
    }
}

TEST(a_setter_that_cannot_remove_leaves_what_is_stale) {
    MESSAGE(m);
    char text[SPANLINK_INJECT_TEXT];
    spanlink_context context = context_of(full_b);
    add(&m, "tracestate", "stale=1");
    spanlink_setter setter = spanlink_headers_setter(&m.headers);
    setter.remove = NULL;
    assert_ok(spanlink_inject(&context, NULL, &setter, text, sizeof text));
    assert_int_equal(2, m.headers.count);
    assert_text("stale=1", m.items[0].value);
}

static const char all_names[] =
    "tracecontext,b3,b3multi,xray,datadog,jaeger,cloud_trace,grpc-trace-bin";

/* If the buffer is too small, the setter is not called. */
TEST(values_are_measured_before_the_first_is_set) {
    spanlink_context context = context_of(full_b);
    context.trace_state = str("a=1,b=2");
    for (uint32_t format = 0; format <= FORMATS; format++) {
        const char *names = format == FORMATS ? all_names : known[format].name;
        CALLS(c, SIZE_MAX);
        spanlink_status status = SPANLINK_ERR_CAPACITY;
        for (size_t capacity = 0; status == SPANLINK_ERR_CAPACITY; capacity++) {
            assert_true(capacity <= SPANLINK_INJECT_TEXT + 7);
            assert_int_equal(0, c.count);
            clear(&c.into);
            char *exact = capacity == 0 ? NULL : malloc(capacity);
            status = inject_within(&context, names, &c, exact, capacity);
            free(exact);
        }
        assert_ok(status);
    }
}

TEST(a_setter_that_fails_ends_the_injection_at_each_call) {
    spanlink_context context = context_of(full_b);
    size_t sets = 13, all = 13 + 3; /* no tracestate, no x-b3-flags, no awstraceheader */
    for (size_t fail_at = 0; fail_at <= all; fail_at++) {
        CALLS(c, fail_at);
        spanlink_status status = inject(&context, all_names, &c);
        spanlink_status wanted = fail_at < sets  ? SPANLINK_ERR_LOCK
                                 : fail_at < all ? SPANLINK_ERR_NO_MEMORY
                                                 : SPANLINK_OK;
        assert_status(wanted, status);
        assert_int_equal(fail_at < all ? fail_at + 1 : all, c.count);
        assert_int_equal(fail_at < sets ? fail_at : sets, c.into.headers.count);
    }
}

TEST(a_context_that_names_no_span_sets_nothing) {
    for (uint32_t format = 0; format < FORMATS; format++) {
        CALLS(c, SIZE_MAX);
        spanlink_context context = context_of(full_b);
        memset(context.trace_id, 0, 16);
        assert_status(SPANLINK_ERR_TRACE_ID_ZERO, inject(&context, known[format].name, &c));
        assert_status(SPANLINK_ERR_TRACE_ID_ZERO,
                      inject_within(&context, known[format].name, &c, NULL, 0));
        context = context_of(full_b);
        memset(context.span_id, 0, 8);
        assert_status(SPANLINK_ERR_SPAN_ID_ZERO, inject(&context, known[format].name, &c));
        assert_int_equal(0, c.count);
    }
}

TEST(datadog_is_left_out_if_it_cannot_carry_the_trace_id) {
    CALLS(c, SIZE_MAX);
    spanlink_context context = context_of(full_b);
    memset(context.trace_id + 8, 0, 8);
    assert_status(SPANLINK_ERR_TRACE_ID_ZERO, inject(&context, "datadog", &c));
    assert_int_equal(0, c.count);
    assert_ok(inject(&context, "datadog,jaeger", &c));
    assert_calls("+uber-trace-id -x-datadog-trace-id -x-datadog-parent-id "
                 "-x-datadog-sampling-priority -x-datadog-tags",
                 &c);
}
