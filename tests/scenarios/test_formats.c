/* SPDX-License-Identifier: MIT */
#include "test_messages.h"

TEST(each_format_has_its_name_in_any_case) {
    spanlink_formats wanted = {7, {2, 0, 7, 3, 6, 4, 5}};
    spanlink_formats formats =
        named("B3Multi, tracecontext,GRPC-Trace-Bin\t,xray,,CLOUD_TRACE,DataDog,jaeger");
    assert_memory_equal(&wanted, &formats, sizeof formats);
    for (uint32_t format = 0; format < FORMATS; format++) {
        wanted = only(format);
        formats = named(known[format].name);
        assert_memory_equal(&wanted, &formats, sizeof formats);
        assert_string_equal(known[format].name, spanlink_format_name(format));
    }
}

TEST(a_format_is_listed_once_however_often_it_is_named) {
    spanlink_formats wanted = {3, {1, 6, 0}};
    spanlink_formats formats = named("b3,gcp,cloud_trace,B3,baggage,tracecontext,GCP,b3");
    assert_memory_equal(&wanted, &formats, sizeof formats);
}

TEST(fields_are_the_names_of_all_headers_of_a_format) {
    static const char *const fields[FORMATS] = {
        "traceparent tracestate ",
        "b3 x-b3-traceid x-b3-spanid x-b3-sampled x-b3-flags ",
        "b3 x-b3-traceid x-b3-spanid x-b3-sampled x-b3-flags ",
        "x-amzn-trace-id awstraceheader ",
        "x-datadog-trace-id x-datadog-parent-id x-datadog-sampling-priority x-datadog-tags ",
        "uber-trace-id ",
        "x-cloud-trace-context ",
        "grpc-trace-bin ",
    };
    for (uint32_t format = 0; format < FORMATS; format++) {
        size_t count = 0;
        const spanlink_str *names = spanlink_format_fields(format, &count);
        char all[VALUE] = "";
        for (size_t i = 0; i < count; i++) {
            strcat(strncat(all, names[i].ptr, names[i].len), " ");
        }
        assert_string_equal(fields[format], all);
    }
}

TEST(each_format_is_read_from_its_headers) {
    const span spans[] = {full_a, short_a, full_b};
    for (uint32_t format = 0; format < FORMATS; format++) {
        for (size_t i = 0; i < 3; i++) {
            MESSAGE(m);
            spanlink_context context;
            known[format].add(&m, spans[i]);
            assert_ok(extract(&m, only(format), &context));
            assert_context(spans[i], &context);
            assert_int_equal(format == SPANLINK_FORMAT_W3C ? 5 : 0, context.trace_state.len);
            expect_found(spans[i], &m, every_format);
        }
    }
}

TEST(a_format_does_not_read_the_headers_of_another) {
    for (uint32_t format = 0; format < FORMATS; format++) {
        MESSAGE(m);
        for (uint32_t other = 0; other < FORMATS; other++) {
            bool both_b3 = (format == 1 && other == 2) || (format == 2 && other == 1);
            if (other != format && !both_b3) {
                known[other].add(&m, full_a);
            }
        }
        expect_status(SPANLINK_ERR_NO_CONTEXT, &m, only(format));
    }
}

TEST(malformed_headers_give_the_status_of_their_parser) {
    for (uint32_t format = 0; format < FORMATS; format++) {
        MESSAGE(m);
        add(&m, known[format].malformed_name, known[format].malformed);
        expect_status(known[format].status, &m, only(format));
        expect_status(known[format].status, &m, every_format);
    }
}

TEST(spaces_around_a_value_are_skipped_and_blank_values_ignored) {
    MESSAGE(m);
    add(&m, "b3", " \t");
    add(&m, "x-b3-traceid", "");
    add(&m, "x-amzn-trace-id", "");
    add(&m, "x-datadog-trace-id", " ");
    add(&m, "x-datadog-parent-id", "\t");
    add(&m, "uber-trace-id", "");
    add(&m, "x-cloud-trace-context", " ");
    add(&m, "grpc-trace-bin", "");
    expect_status(SPANLINK_ERR_NO_CONTEXT, &m, every_format);
    add(&m, "awstraceheader",
        "\t Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331 ");
    expect_found(full_b, &m, every_format);
}

TEST(a_header_that_comes_twice_counts_as_its_first) {
    for (uint32_t format = 1; format < FORMATS; format++) {
        MESSAGE(m);
        known[format].add(&m, full_a);
        known[format].add(&m, full_b);
        add(&m, known[format].malformed_name, known[format].malformed);
        expect_found(full_a, &m, only(format));
    }
}

TEST(both_b3_formats_read_one_header_before_several) {
    for (uint32_t format = SPANLINK_FORMAT_B3; format <= SPANLINK_FORMAT_B3_MULTI; format++) {
        MESSAGE(m);
        add_b3_multi(&m, full_a);
        expect_found(full_a, &m, only(format));
        add_b3(&m, full_b);
        expect_found(full_b, &m, only(format));
    }
}

TEST(several_b3_headers_are_read_if_the_one_is_malformed) {
    message m;
    spanlink_context context;
    clear(&m);
    add(&m, "b3", "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b");
    expect_status(SPANLINK_ERR_SPAN_ID_LENGTH, &m, named("b3"));
    add(&m, "x-b3-sampled", "1");
    expect_status(SPANLINK_ERR_SPAN_ID_LENGTH, &m, named("b3"));
    add(&m, "x-b3-spanid", "0");
    add(&m, "x-b3-traceid", "0");
    expect_status(SPANLINK_ERR_SPAN_ID_LENGTH, &m, named("b3"));
    clear(&m);
    add(&m, "b3", "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b");
    add_b3_multi(&m, full_a);
    expect_found(full_a, &m, named("b3"));
    assert_ok(extract(&m, named("b3multi"), &context));
}

TEST(a_bare_decision_of_b3_is_neither_absent_nor_malformed) {
    static const char *const decisions[] = {"0", "1", "d", " 0 "};
    for (size_t i = 0; i < 4; i++) {
        MESSAGE(m);
        add(&m, "b3", decisions[i]);
        add_b3_multi(&m, full_a);
        expect_status(SPANLINK_ERR_NO_CONTEXT, &m, named("b3"));
        expect_status(SPANLINK_ERR_NO_CONTEXT, &m, named("b3multi"));
    }
}

TEST(decisions_without_ids_are_no_context) {
    message m;
    clear(&m);
    add(&m, "x-b3-sampled", "1");
    add(&m, "x-b3-flags", "1");
    add(&m, "x-datadog-sampling-priority", "1");
    add(&m, "x-datadog-tags", "_dd.p.tid=4bf92f3577b34da6");
    expect_status(SPANLINK_ERR_NO_CONTEXT, &m, every_format);
    add(&m, "x-b3-traceid", "a3ce929d0e0e4736");
    expect_status(SPANLINK_ERR_NO_CONTEXT, &m, every_format);
    add(&m, "x-b3-spanid", "00f067aa0ba902b7");
    expect_found(short_a, &m, every_format);
    clear(&m);
    add(&m, "x-b3-spanid", "00f067aa0ba902b7");
    expect_status(SPANLINK_ERR_NO_CONTEXT, &m, named("b3"));
    add(&m, "x-datadog-parent-id", "1");
    expect_status(SPANLINK_ERR_TRACE_ID_LENGTH, &m, named("datadog"));
}

TEST(debug_is_sampled_and_tags_hold_half_of_a_trace_id) {
    MESSAGE(m);
    add(&m, "x-b3-traceid", "a3ce929d0e0e4736");
    add(&m, "x-b3-spanid", "00f067aa0ba902b7");
    add(&m, "x-b3-flags", "1");
    expect_found(short_a, &m, named("b3multi"));
}

TEST(x_ray_is_read_from_sqs_if_http_has_none) {
    MESSAGE(m);
    add(&m, "AWSTraceHeader", "Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331");
    expect_found(full_b, &m, named("xray"));
    add_xray(&m, full_a);
    expect_found(full_a, &m, named("xray"));
}

TEST(the_last_valid_format_decides) {
    for (uint32_t first = 0; first < FORMATS; first++) {
        for (uint32_t second = 0; second < FORMATS; second++) {
            bool both_b3 = (first == 1 && second == 2) || (first == 2 && second == 1);
            if (first == second || both_b3) {
                continue;
            }
            MESSAGE(m);
            known[first].add(&m, full_a);
            known[second].add(&m, full_b);
            expect_found(full_b, &m, (spanlink_formats){2, {first, second}});
            expect_found(full_a, &m, (spanlink_formats){2, {second, first}});
        }
    }
}

TEST(a_malformed_format_does_not_decide) {
    for (uint32_t format = 0; format < FORMATS; format++) {
        MESSAGE(m);
        uint32_t good =
            format == SPANLINK_FORMAT_JAEGER ? SPANLINK_FORMAT_XRAY : SPANLINK_FORMAT_JAEGER;
        add(&m, known[format].malformed_name, known[format].malformed);
        known[good].add(&m, full_a);
        expect_found(full_a, &m, (spanlink_formats){2, {good, format}});
        expect_found(full_a, &m, (spanlink_formats){2, {format, good}});
    }
}

TEST(another_header_of_the_same_span_does_not_cost_the_tracestate) {
    const span others[] = {full_a, short_a};
    for (uint32_t format = 1; format < FORMATS; format++) {
        for (size_t i = 0; i < 2; i++) {
            MESSAGE(m);
            spanlink_context context;
            add_w3c(&m, full_a);
            known[format].add(&m, others[i]);
            assert_ok(extract(&m, (spanlink_formats){2, {0, format}}, &context));
            assert_context(full_a, &context);
            assert_text("w3c=1", context.trace_state);
        }
    }
}

TEST(w3c_is_kept_even_with_half_a_trace_id) {
    MESSAGE(m);
    spanlink_context context;
    add_w3c(&m, short_a);
    add_b3(&m, full_a);
    assert_ok(extract(&m, named("tracecontext,b3"), &context));
    assert_context(short_a, &context);
    assert_text("w3c=1", context.trace_state);
}

TEST(of_one_span_the_last_full_trace_id_is_kept) {
    MESSAGE(m);
    span unsampled = full_a;
    unsampled.sampled = false;
    add_jaeger(&m, full_a);
    add_datadog(&m, short_a);
    add_b3(&m, unsampled);
    expect_found(full_a, &m, named("jaeger,datadog"));
    expect_found(unsampled, &m, named("jaeger,b3,datadog"));
    expect_found(full_a, &m, named("b3,datadog,jaeger"));
}

TEST(of_one_span_with_half_trace_ids_alone_the_last_is_kept) {
    MESSAGE(m);
    span unsampled = short_a;
    unsampled.sampled = false;
    add_datadog(&m, short_a);
    add_b3(&m, unsampled);
    expect_found(unsampled, &m, named("datadog,b3"));
    expect_found(short_a, &m, named("b3,datadog"));
}

TEST(without_a_valid_context_the_first_format_that_was_there_gives_the_status) {
    MESSAGE(m);
    add(&m, "uber-trace-id", "1");
    add(&m, "x-datadog-trace-id", "x");
    add(&m, "x-cloud-trace-context", "1/1");
    expect_status(SPANLINK_ERR_TRACE_ID_DIGIT, &m, named("b3,datadog,jaeger,cloud_trace"));
    expect_status(SPANLINK_ERR_TRACE_ID_LENGTH, &m, named("tracecontext,cloud_trace,datadog"));
    expect_status(SPANLINK_ERR_FORMAT_SYNTAX, &m, named("grpc-trace-bin,xray,jaeger,datadog"));
    add(&m, "x-amzn-trace-id", "Root=1-0af76519-16cd43dd8448eb211c80319c");
    expect_status(SPANLINK_ERR_NO_CONTEXT, &m, named("xray,jaeger,datadog"));
}

TEST(a_view_of_null_with_a_length_is_a_bad_header) {
    for (uint32_t format = 0; format < FORMATS; format++) {
        spanlink_header item = {str(known[format].malformed_name), {NULL, 29}};
        spanlink_headers headers = {&item, 1, 1};
        spanlink_getter getter = spanlink_headers_getter(&headers);
        spanlink_formats formats = only(format);
        spanlink_context context;
        assert_refused(spanlink_extract(&getter, &formats, NULL, 0, &context));
    }
}
