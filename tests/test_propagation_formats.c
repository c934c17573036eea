/* SPDX-License-Identifier: MIT */
#include "test_propagations.h"

static void assert_formats(spanlink_formats wanted, spanlink_formats formats) {
    assert_memory_equal(&wanted, &formats, sizeof formats);
}

static void expect_named(spanlink_formats wanted, const char *const *names) {
    for (; *names != NULL; names++) {
        spanlink_formats formats;
        assert_ok(spanlink_formats_from_names(str(*names), &formats, NULL));
        assert_formats(wanted, formats);
    }
}

static const spanlink_formats w3c = {1, {SPANLINK_FORMAT_W3C}}, none = {1, {SPANLINK_FORMAT_NONE}};

TEST(without_names_the_format_is_w3c) {
    expect_named(w3c, VALUES("", " ,\t,, ", "tracecontext", "tracecontext,baggage",
                             " TraceContext , BAGGAGE,tracecontext"));
}

TEST(none_anywhere_and_baggage_alone_turn_formats_off) {
    expect_named(none, VALUES("none", "tracecontext, None", "none,unheard-of", "baggage",
                              "baggage,unheard-of"));
}

TEST(unknown_names_are_passed_over_and_the_first_is_reported) {
    static const char names[] = "tracecontext, ottrace\t,tracecontex,none2";
    spanlink_formats formats;
    spanlink_str unknown = str("?");
    assert_ok(spanlink_formats_from_names(str(names), &formats, &unknown));
    assert_formats(w3c, formats);
    assert_ptr_equal(names + 14, unknown.ptr);
    assert_text("ottrace", unknown);
    assert_ok(spanlink_formats_from_names(str("x"), &formats, &unknown));
    assert_formats(w3c, formats);
    assert_text("x", unknown);
    assert_ok(spanlink_formats_from_names(str("none"), &formats, &unknown));
    assert_int_equal(0, unknown.len);
}

#if defined(SPANLINK_NO_FORMATS)
TEST(a_build_of_w3c_alone_knows_no_other_format) {
    static const char names[] = "b3,b3multi,xray,datadog,jaeger,cloud_trace,gcp,grpc-trace-bin";
    spanlink_formats formats;
    spanlink_str unknown;
    assert_ok(spanlink_formats_from_names(str(names), &formats, &unknown));
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
    assert_refused(spanlink_formats_from_names(str(""), NULL, &unknown));
    assert_refused(spanlink_formats_from_env(NULL, &unknown));
    assert_refused(spanlink_formats_from_names((spanlink_str){NULL, 1}, &formats, &unknown));
    assert_text("?", unknown);
}

#if !defined(SPANLINK_NO_ENV)
TEST(the_environment_names_the_formats) {
    spanlink_formats formats;
    spanlink_str unknown;
    test_set_variable("OTEL_PROPAGATORS", "none,smoke-signal");
    assert_ok(spanlink_formats_from_env(&formats, &unknown));
    assert_formats(none, formats);
    assert_text("smoke-signal", unknown);
    test_set_variable("OTEL_PROPAGATORS", "");
    assert_ok(spanlink_formats_from_env(&formats, NULL));
    assert_formats(w3c, formats);
    test_set_variable("OTEL_PROPAGATORS", NULL);
    assert_ok(spanlink_formats_from_env(&formats, &unknown));
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

TEST(the_format_none_reads_and_writes_nothing) {
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
    assert_ok(spanlink_extract_all(&getter, &zeroed, NULL, 0, &found, 1, &count));
    assert_int_equal(1, count);
    assert_int_equal(SPANLINK_FORMAT_W3C, found.format);
    assert_ok(spanlink_inject(&found.context, &zeroed, &setter, text, 56));
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
