/* SPDX-License-Identifier: MIT */
/*
 * Extract and inject in all formats: which headers are read and written, which of several contexts
 * decides, and what stays in a carrier. The headers are written here, without the library.
 */
#include "test.h"

#include <spanlink/propagation.h>

#include <stdio.h>
#include <stdlib.h>

enum { FORMATS = 8, MOST_HEADERS = 32, VALUE = 128 };

static spanlink_str str(const char *text) {
    return spanlink_str_from(text);
}

/* Contexts of the test */

typedef struct span {
    uint64_t high, low, id;
    bool sampled;
} span;

static const span full_a = {0x4bf92f3577b34da6, 0xa3ce929d0e0e4736, 0x00f067aa0ba902b7, true};
static const span short_a = {0, 0xa3ce929d0e0e4736, 0x00f067aa0ba902b7, true};
static const span full_b = {0x0af7651916cd43dd, 0x8448eb211c80319c, 0xb7ad6b7169203331, false};
/* The half of the trace id, and the span id, are those of full_a. */
static const span same_half_as_a = {0x1111111111111111, 0xa3ce929d0e0e4736, 0x00f067aa0ba902b7, 1};
static const span same_trace_as_a = {0x4bf92f3577b34da6, 0xa3ce929d0e0e4736, 0x1, true};

static spanlink_context context_of(span s) {
    spanlink_context context = {.trace_flags = s.sampled ? 1 : 0, .is_remote = true};
    for (size_t i = 0; i < 8; i++) {
        context.trace_id[i] = (uint8_t)(s.high >> (56 - 8 * i));
        context.trace_id[8 + i] = (uint8_t)(s.low >> (56 - 8 * i));
        context.span_id[i] = (uint8_t)(s.id >> (56 - 8 * i));
    }
    return context;
}

static void assert_context(span wanted, const spanlink_context *context) {
    spanlink_context all = context_of(wanted);
    assert_memory_equal(all.trace_id, context->trace_id, 16);
    assert_memory_equal(all.span_id, context->span_id, 8);
    assert_int_equal(all.trace_flags, context->trace_flags);
    assert_true(context->is_remote && !context->remote_unknown);
}

/* A carrier of the test */

typedef struct message {
    spanlink_header items[MOST_HEADERS];
    char values[MOST_HEADERS][VALUE];
    spanlink_headers headers;
} message;

static void clear(message *m) {
    m->headers = (spanlink_headers){m->items, 0, MOST_HEADERS};
}

static void add_bytes(message *m, const char *name, const void *value, size_t length) {
    char *copy = m->values[m->headers.count];
    assert_true(length <= VALUE && m->headers.count < MOST_HEADERS);
    memcpy(copy, value, length);
    m->items[m->headers.count++] = (spanlink_header){str(name), {copy, length}};
}

static void add(message *m, const char *name, const char *value) {
    add_bytes(m, name, value, strlen(value));
}

static void add_number(message *m, const char *name, const char *format, uint64_t number) {
    char text[VALUE];
    snprintf(text, sizeof text, format, (unsigned long long)number);
    add(m, name, text);
}

static void add_w3c(message *m, span s) {
    char text[VALUE];
    snprintf(text, sizeof text, "00-%016llx%016llx-%016llx-%02x", (unsigned long long)s.high,
             (unsigned long long)s.low, (unsigned long long)s.id, s.sampled);
    add(m, "traceparent", text);
    add(m, "tracestate", "w3c=1");
}

static void add_b3(message *m, span s) {
    char text[VALUE];
    snprintf(
        text, sizeof text, s.high == 0 ? "%.0llx%016llx-%016llx-%d" : "%016llx%016llx-%016llx-%d",
        (unsigned long long)s.high, (unsigned long long)s.low, (unsigned long long)s.id, s.sampled);
    add(m, "b3", text);
}

static void add_b3_multi(message *m, span s) {
    char text[VALUE];
    snprintf(text, sizeof text, "%016llx%016llx", (unsigned long long)s.high,
             (unsigned long long)s.low);
    add(m, "X-B3-TraceId", text);
    add_number(m, "X-B3-SpanId", "%016llx", s.id);
    add_number(m, "X-B3-Sampled", "%llu", s.sampled);
}

static void add_xray(message *m, span s) {
    char text[VALUE];
    snprintf(text, sizeof text, "Root=1-%08llx-%08llx%016llx;Parent=%016llx;Sampled=%d",
             (unsigned long long)(s.high >> 32), (unsigned long long)(s.high & 0xffffffff),
             (unsigned long long)s.low, (unsigned long long)s.id, s.sampled);
    add(m, "X-Amzn-Trace-Id", text);
}

static void add_datadog(message *m, span s) {
    add_number(m, "x-datadog-trace-id", "%llu", s.low);
    add_number(m, "x-datadog-parent-id", "%llu", s.id);
    add_number(m, "x-datadog-sampling-priority", "%llu", s.sampled);
    if (s.high != 0) {
        add_number(m, "x-datadog-tags", "_dd.p.tid=%016llx", s.high);
    }
}

static void add_jaeger(message *m, span s) {
    char text[VALUE];
    snprintf(text, sizeof text, "%016llx%016llx:%016llx:0:%d", (unsigned long long)s.high,
             (unsigned long long)s.low, (unsigned long long)s.id, s.sampled);
    add(m, "uber-trace-id", text);
}

static void add_cloud_trace(message *m, span s) {
    char text[VALUE];
    snprintf(text, sizeof text, "%016llx%016llx/%llu;o=%d", (unsigned long long)s.high,
             (unsigned long long)s.low, (unsigned long long)s.id, s.sampled);
    add(m, "X-Cloud-Trace-Context", text);
}

static void add_grpc(message *m, span s) {
    spanlink_context context = context_of(s);
    uint8_t bytes[29] = {0};
    memcpy(bytes + 2, context.trace_id, 16);
    bytes[18] = 1;
    memcpy(bytes + 19, context.span_id, 8);
    bytes[27] = 2;
    bytes[28] = context.trace_flags;
    add_bytes(m, "grpc-trace-bin", bytes, sizeof bytes);
}

/* By the numbers of spanlink_format. */
static const struct {
    const char *name;
    void (*add)(message *m, span s);
    const char *malformed_name, *malformed;
    spanlink_status status;
} known[FORMATS] = {
    {"tracecontext", add_w3c, "traceparent", "00-", SPANLINK_ERR_TRACEPARENT_LENGTH},
    {"b3", add_b3, "b3", "x-y-z", SPANLINK_ERR_TRACE_ID_LENGTH},
    {"b3multi", add_b3_multi, "b3", "x-y-z", SPANLINK_ERR_TRACE_ID_LENGTH},
    {"xray", add_xray, "x-amzn-trace-id", "Root", SPANLINK_ERR_FORMAT_SYNTAX},
    {"datadog", add_datadog, "x-datadog-trace-id", "x", SPANLINK_ERR_TRACE_ID_DIGIT},
    {"jaeger", add_jaeger, "uber-trace-id", "1", SPANLINK_ERR_FORMAT_SYNTAX},
    {"cloud_trace", add_cloud_trace, "x-cloud-trace-context", "1/1", SPANLINK_ERR_TRACE_ID_LENGTH},
    {"grpc-trace-bin", add_grpc, "grpc-trace-bin", "?", SPANLINK_ERR_FORMAT_SYNTAX},
};

static const spanlink_formats every_format = {8, {0, 1, 2, 3, 4, 5, 6, 7}};

static spanlink_formats only(uint32_t format) {
    return (spanlink_formats){1, {format}};
}

static spanlink_formats named(const char *names) {
    spanlink_formats formats;
    spanlink_str unknown;
    assert_status(SPANLINK_OK, spanlink_formats_from_names(str(names), &formats, &unknown));
    assert_int_equal(0, unknown.len);
    return formats;
}

static spanlink_status extract(const message *m, spanlink_formats formats,
                               spanlink_context *context) {
    spanlink_getter getter = spanlink_headers_getter(&m->headers);
    return spanlink_extract(&getter, &formats, NULL, 0, context);
}

/* Names */

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

/* Extracting one format */

TEST(each_format_is_read_from_its_headers) {
    const span spans[] = {full_a, short_a, full_b};
    for (uint32_t format = 0; format < FORMATS; format++) {
        for (size_t i = 0; i < 3; i++) {
            message m;
            spanlink_context context;
            clear(&m);
            known[format].add(&m, spans[i]);
            assert_status(SPANLINK_OK, extract(&m, only(format), &context));
            assert_context(spans[i], &context);
            assert_int_equal(format == SPANLINK_FORMAT_W3C ? 5 : 0, context.trace_state.len);
            assert_status(SPANLINK_OK, extract(&m, every_format, &context));
            assert_context(spans[i], &context);
        }
    }
}

TEST(a_format_does_not_read_the_headers_of_another) {
    for (uint32_t format = 0; format < FORMATS; format++) {
        message m;
        spanlink_context context;
        clear(&m);
        for (uint32_t other = 0; other < FORMATS; other++) {
            bool both_b3 = (format == 1 && other == 2) || (format == 2 && other == 1);
            if (other != format && !both_b3) {
                known[other].add(&m, full_a);
            }
        }
        assert_status(SPANLINK_ERR_NO_CONTEXT, extract(&m, only(format), &context));
    }
}

TEST(malformed_headers_give_the_status_of_their_parser) {
    for (uint32_t format = 0; format < FORMATS; format++) {
        message m;
        spanlink_context context, before;
        memset(&before, 0x5a, sizeof before);
        context = before;
        clear(&m);
        add(&m, known[format].malformed_name, known[format].malformed);
        assert_status(known[format].status, extract(&m, only(format), &context));
        assert_status(known[format].status, extract(&m, every_format, &context));
        assert_memory_equal(&before, &context, sizeof context);
    }
}

TEST(spaces_around_a_value_are_passed_over_and_blank_values_are_none) {
    message m;
    spanlink_context context;
    clear(&m);
    add(&m, "b3", " \t");
    add(&m, "x-b3-traceid", "");
    add(&m, "x-amzn-trace-id", "");
    add(&m, "x-datadog-trace-id", " ");
    add(&m, "x-datadog-parent-id", "\t");
    add(&m, "uber-trace-id", "");
    add(&m, "x-cloud-trace-context", " ");
    add(&m, "grpc-trace-bin", "");
    assert_status(SPANLINK_ERR_NO_CONTEXT, extract(&m, every_format, &context));
    add(&m, "awstraceheader",
        "\t Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331 ");
    assert_status(SPANLINK_OK, extract(&m, every_format, &context));
    assert_context(full_b, &context);
}

TEST(a_header_that_comes_twice_counts_as_its_first) {
    for (uint32_t format = 1; format < FORMATS; format++) {
        message m;
        spanlink_context context;
        clear(&m);
        known[format].add(&m, full_a);
        known[format].add(&m, full_b);
        add(&m, known[format].malformed_name, known[format].malformed);
        assert_status(SPANLINK_OK, extract(&m, only(format), &context));
        assert_context(full_a, &context);
    }
}

/* B3 and X-Ray, which have more than one place */

TEST(both_b3_formats_read_one_header_before_several) {
    for (uint32_t format = SPANLINK_FORMAT_B3; format <= SPANLINK_FORMAT_B3_MULTI; format++) {
        message m;
        spanlink_context context;
        clear(&m);
        add_b3_multi(&m, full_a);
        assert_status(SPANLINK_OK, extract(&m, only(format), &context));
        assert_context(full_a, &context);
        add_b3(&m, full_b);
        assert_status(SPANLINK_OK, extract(&m, only(format), &context));
        assert_context(full_b, &context);
    }
}

TEST(several_b3_headers_are_read_if_the_one_is_malformed) {
    message m;
    spanlink_context context;
    clear(&m);
    add(&m, "b3", "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b");
    assert_status(SPANLINK_ERR_SPAN_ID_LENGTH, extract(&m, named("b3"), &context));
    add(&m, "x-b3-sampled", "1");
    assert_status(SPANLINK_ERR_SPAN_ID_LENGTH, extract(&m, named("b3"), &context));
    add(&m, "x-b3-spanid", "0");
    add(&m, "x-b3-traceid", "0");
    assert_status(SPANLINK_ERR_SPAN_ID_LENGTH, extract(&m, named("b3"), &context));
    clear(&m);
    add(&m, "b3", "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b");
    add_b3_multi(&m, full_a);
    assert_status(SPANLINK_OK, extract(&m, named("b3"), &context));
    assert_context(full_a, &context);
    assert_status(SPANLINK_OK, extract(&m, named("b3multi"), &context));
}

TEST(a_bare_decision_of_b3_is_neither_absent_nor_malformed) {
    static const char *const decisions[] = {"0", "1", "d", " 0 "};
    for (size_t i = 0; i < 4; i++) {
        message m;
        spanlink_context context;
        clear(&m);
        add(&m, "b3", decisions[i]);
        add_b3_multi(&m, full_a);
        assert_status(SPANLINK_ERR_NO_CONTEXT, extract(&m, named("b3"), &context));
        assert_status(SPANLINK_ERR_NO_CONTEXT, extract(&m, named("b3multi"), &context));
    }
}

TEST(decisions_without_ids_are_no_context) {
    message m;
    spanlink_context context;
    clear(&m);
    add(&m, "x-b3-sampled", "1");
    add(&m, "x-b3-flags", "1");
    add(&m, "x-datadog-sampling-priority", "1");
    add(&m, "x-datadog-tags", "_dd.p.tid=4bf92f3577b34da6");
    assert_status(SPANLINK_ERR_NO_CONTEXT, extract(&m, every_format, &context));
    add(&m, "x-b3-traceid", "a3ce929d0e0e4736");
    assert_status(SPANLINK_ERR_NO_CONTEXT, extract(&m, every_format, &context));
    add(&m, "x-b3-spanid", "00f067aa0ba902b7");
    assert_status(SPANLINK_OK, extract(&m, every_format, &context));
    assert_context(short_a, &context);
    clear(&m);
    add(&m, "x-b3-spanid", "00f067aa0ba902b7");
    assert_status(SPANLINK_ERR_NO_CONTEXT, extract(&m, named("b3"), &context));
    add(&m, "x-datadog-parent-id", "1");
    assert_status(SPANLINK_ERR_TRACE_ID_LENGTH, extract(&m, named("datadog"), &context));
}

TEST(debug_is_sampled_and_tags_hold_half_of_a_trace_id) {
    message m;
    spanlink_context context;
    clear(&m);
    add(&m, "x-b3-traceid", "a3ce929d0e0e4736");
    add(&m, "x-b3-spanid", "00f067aa0ba902b7");
    add(&m, "x-b3-flags", "1");
    assert_status(SPANLINK_OK, extract(&m, named("b3multi"), &context));
    assert_context(short_a, &context);
}

TEST(x_ray_is_read_from_sqs_if_http_has_none) {
    message m;
    spanlink_context context;
    clear(&m);
    add(&m, "AWSTraceHeader", "Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331");
    assert_status(SPANLINK_OK, extract(&m, named("xray"), &context));
    assert_context(full_b, &context);
    add_xray(&m, full_a);
    assert_status(SPANLINK_OK, extract(&m, named("xray"), &context));
    assert_context(full_a, &context);
}

/* Which context decides */

TEST(the_last_valid_format_decides) {
    for (uint32_t first = 0; first < FORMATS; first++) {
        for (uint32_t second = 0; second < FORMATS; second++) {
            bool both_b3 = (first == 1 && second == 2) || (first == 2 && second == 1);
            if (first == second || both_b3) {
                continue;
            }
            message m;
            spanlink_context context;
            clear(&m);
            known[first].add(&m, full_a);
            known[second].add(&m, full_b);
            assert_status(SPANLINK_OK,
                          extract(&m, (spanlink_formats){2, {first, second}}, &context));
            assert_context(full_b, &context);
            assert_status(SPANLINK_OK,
                          extract(&m, (spanlink_formats){2, {second, first}}, &context));
            assert_context(full_a, &context);
        }
    }
}

TEST(a_malformed_format_does_not_decide) {
    for (uint32_t format = 0; format < FORMATS; format++) {
        message m;
        spanlink_context context;
        uint32_t good =
            format == SPANLINK_FORMAT_JAEGER ? SPANLINK_FORMAT_XRAY : SPANLINK_FORMAT_JAEGER;
        clear(&m);
        add(&m, known[format].malformed_name, known[format].malformed);
        known[good].add(&m, full_a);
        assert_status(SPANLINK_OK, extract(&m, (spanlink_formats){2, {good, format}}, &context));
        assert_context(full_a, &context);
        assert_status(SPANLINK_OK, extract(&m, (spanlink_formats){2, {format, good}}, &context));
        assert_context(full_a, &context);
    }
}

TEST(another_header_of_the_same_span_does_not_cost_the_tracestate) {
    const span others[] = {full_a, short_a};
    for (uint32_t format = 1; format < FORMATS; format++) {
        for (size_t i = 0; i < 2; i++) {
            message m;
            spanlink_context context;
            clear(&m);
            add_w3c(&m, full_a);
            known[format].add(&m, others[i]);
            assert_status(SPANLINK_OK, extract(&m, (spanlink_formats){2, {0, format}}, &context));
            assert_context(full_a, &context);
            assert_text("w3c=1", context.trace_state);
        }
    }
}

TEST(w3c_is_kept_even_with_half_a_trace_id) {
    message m;
    spanlink_context context;
    clear(&m);
    add_w3c(&m, short_a);
    add_b3(&m, full_a);
    assert_status(SPANLINK_OK, extract(&m, named("tracecontext,b3"), &context));
    assert_context(short_a, &context);
    assert_text("w3c=1", context.trace_state);
}

TEST(of_one_span_the_last_full_trace_id_is_kept) {
    message m;
    spanlink_context context;
    span unsampled = full_a;
    unsampled.sampled = false;
    clear(&m);
    add_jaeger(&m, full_a);
    add_datadog(&m, short_a);
    add_b3(&m, unsampled);
    assert_status(SPANLINK_OK, extract(&m, named("jaeger,datadog"), &context));
    assert_context(full_a, &context);
    assert_status(SPANLINK_OK, extract(&m, named("jaeger,b3,datadog"), &context));
    assert_context(unsampled, &context);
    assert_status(SPANLINK_OK, extract(&m, named("b3,datadog,jaeger"), &context));
    assert_context(full_a, &context);
}

TEST(of_one_span_with_half_trace_ids_alone_the_last_is_kept) {
    message m;
    spanlink_context context;
    span unsampled = short_a;
    unsampled.sampled = false;
    clear(&m);
    add_datadog(&m, short_a);
    add_b3(&m, unsampled);
    assert_status(SPANLINK_OK, extract(&m, named("datadog,b3"), &context));
    assert_context(unsampled, &context);
    assert_status(SPANLINK_OK, extract(&m, named("b3,datadog"), &context));
    assert_context(short_a, &context);
}

TEST(without_a_valid_context_the_first_format_that_was_there_gives_the_status) {
    message m;
    spanlink_context context;
    clear(&m);
    add(&m, "uber-trace-id", "1");
    add(&m, "x-datadog-trace-id", "x");
    add(&m, "x-cloud-trace-context", "1/1");
    assert_status(SPANLINK_ERR_TRACE_ID_DIGIT,
                  extract(&m, named("b3,datadog,jaeger,cloud_trace"), &context));
    assert_status(SPANLINK_ERR_TRACE_ID_LENGTH,
                  extract(&m, named("tracecontext,cloud_trace,datadog"), &context));
    assert_status(SPANLINK_ERR_FORMAT_SYNTAX,
                  extract(&m, named("grpc-trace-bin,xray,jaeger,datadog"), &context));
    add(&m, "x-amzn-trace-id", "Root=1-0af76519-16cd43dd8448eb211c80319c");
    assert_status(SPANLINK_ERR_NO_CONTEXT, extract(&m, named("xray,jaeger,datadog"), &context));
}

TEST(a_view_of_null_with_a_length_is_a_bad_header) {
    for (uint32_t format = 0; format < FORMATS; format++) {
        spanlink_header item = {str(known[format].malformed_name), {NULL, 29}};
        spanlink_headers headers = {&item, 1, 1};
        spanlink_getter getter = spanlink_headers_getter(&headers);
        spanlink_formats formats = only(format);
        spanlink_context context;
        assert_status(SPANLINK_ERR_ARGUMENT,
                      spanlink_extract(&getter, &formats, NULL, 0, &context));
    }
}

/* All spans */

typedef struct outcome {
    span found;
    spanlink_status status;
    bool there;
} outcome;

/* The plain rule, by pairs: which entries there are, and which comes first. */
static size_t list_plainly(const outcome outcomes[FORMATS], const spanlink_formats *formats,
                           uint32_t entries[FORMATS], spanlink_status *status) {
    uint32_t valid[FORMATS];
    size_t count = 0, listed = 0;
    bool seen[FORMATS] = {false}, there = false;
    *status = SPANLINK_ERR_NO_CONTEXT;
    for (size_t i = 0; i < formats->count; i++) {
        uint32_t format = formats->formats[i];
        if (!seen[format] && outcomes[format].status == SPANLINK_OK) {
            valid[count++] = format;
        } else if (!seen[format] && outcomes[format].there && !there) {
            *status = outcomes[format].status;
            there = true;
        }
        seen[format] = true;
    }
    uint32_t first = count != 0 ? valid[count - 1] : 0;
    for (size_t i = 0; i < count; i++) {
        bool kept = true;
        for (size_t j = 0; j < count; j++) {
            span mine = outcomes[valid[i]].found, other = outcomes[valid[j]].found;
            bool same = mine.id == other.id && mine.low == other.low; /* see full_a, full_b */
            if (same && i != j) {
                bool w3c = valid[i] == 0, worse = mine.high == 0 && other.high != 0;
                bool better = mine.high != 0 && other.high == 0;
                kept = kept && (w3c || (valid[j] != 0 && !worse && (better || i > j)));
            }
        }
        if (kept) {
            entries[listed++] = valid[i];
        }
    }
    for (size_t i = 0; i < listed; i++) {
        span mine = outcomes[entries[i]].found, last = outcomes[first].found;
        if (mine.id == last.id && mine.low == last.low) {
            uint32_t front = entries[i];
            memmove(entries + 1, entries, i * sizeof entries[0]);
            entries[0] = front;
        }
    }
    *status = count != 0 ? SPANLINK_OK : *status;
    return listed;
}

static void compare_with_the_plain_rule(const message *m, const outcome outcomes[FORMATS],
                                        const spanlink_formats *formats) {
    spanlink_getter getter = spanlink_headers_getter(&m->headers);
    uint32_t entries[FORMATS];
    spanlink_extracted found[FORMATS];
    spanlink_context context;
    spanlink_status status;
    size_t wanted = list_plainly(outcomes, formats, entries, &status), count = 77;
    assert_status(status, spanlink_extract_all(&getter, formats, NULL, 0, found, FORMATS, &count));
    assert_status(status, spanlink_extract(&getter, formats, NULL, 0, &context));
    if (status != SPANLINK_OK) {
        assert_int_equal(77, count);
        return;
    }
    assert_int_equal(wanted, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(entries[i], found[i].format);
        assert_context(outcomes[entries[i]].found, &found[i].context);
        assert_int_equal(entries[i] == 0 ? 5 : 0, found[i].context.trace_state.len);
    }
    assert_memory_equal(found[0].context.trace_id, context.trace_id, 16);
    assert_memory_equal(found[0].context.span_id, context.span_id, 8);
    assert_int_equal(found[0].context.trace_state.len, context.trace_state.len);
}

/* One of five things: absent, malformed, and three contexts, two of which name one span. */
static outcome add_outcome(message *m, uint32_t format, uint32_t choice) {
    const span spans[] = {full_a, short_a, full_b};
    if (choice == 0) {
        return (outcome){full_a, SPANLINK_ERR_NO_CONTEXT, false};
    }
    if (choice == 1) {
        add(m, known[format].malformed_name, known[format].malformed);
        return (outcome){full_a, known[format].status, true};
    }
    known[format].add(m, spans[choice - 2]);
    return (outcome){spans[choice - 2], SPANLINK_OK, true};
}

static uint32_t next_random(uint64_t *random) {
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*random >> 33);
}

/* Both formats of B3 read the same headers, here the one. */
static void fill_randomly(message *m, outcome outcomes[FORMATS], uint64_t *random) {
    clear(m);
    for (uint32_t format = 0; format < FORMATS; format++) {
        outcomes[format] = format == SPANLINK_FORMAT_B3_MULTI
                               ? outcomes[SPANLINK_FORMAT_B3]
                               : add_outcome(m, format, next_random(random) % 5);
    }
}

/* Goes through all orders of all subsets of the formats. */
static void permute(const message *m, const outcome outcomes[FORMATS], spanlink_formats *formats,
                    unsigned used) {
    if (formats->count != 0) {
        compare_with_the_plain_rule(m, outcomes, formats);
    }
    for (uint32_t format = 0; format < FORMATS; format++) {
        if ((used & 1u << format) == 0) {
            formats->formats[formats->count++] = format;
            permute(m, outcomes, formats, used | 1u << format);
            formats->count--;
        }
    }
}

TEST(extract_all_follows_the_plain_rule_in_all_orders_of_all_subsets) {
    uint64_t random = 1;
    for (int round = 0; round < 2; round++) {
        message m;
        outcome outcomes[FORMATS];
        spanlink_formats formats = {0, {0}};
        fill_randomly(&m, outcomes, &random);
        permute(&m, outcomes, &formats, 0);
    }
}

TEST(extract_all_follows_the_plain_rule_for_random_messages_and_lists) {
    uint64_t random = 7;
    for (int round = 0; round < 30000; round++) {
        message m;
        outcome outcomes[FORMATS];
        spanlink_formats formats = {1 + next_random(&random) % SPANLINK_FORMATS_MAX, {0}};
        for (size_t i = 0; i < formats.count; i++) {
            formats.formats[i] = next_random(&random) % FORMATS;
        }
        fill_randomly(&m, outcomes, &random);
        compare_with_the_plain_rule(&m, outcomes, &formats);
    }
}

static spanlink_status extract_all(const message *m, const char *names, spanlink_extracted *found,
                                   size_t capacity, size_t *count) {
    spanlink_getter getter = spanlink_headers_getter(&m->headers);
    spanlink_formats formats = named(names);
    return spanlink_extract_all(&getter, &formats, NULL, 0, found, capacity, count);
}

TEST(other_spans_follow_in_the_order_of_their_formats) {
    message m;
    spanlink_extracted found[4];
    size_t count = 0;
    span third = {1, 2, 3, false};
    clear(&m);
    add_datadog(&m, short_a);
    add_b3(&m, full_b);
    add_jaeger(&m, full_a);
    add_xray(&m, third);
    assert_status(SPANLINK_OK, extract_all(&m, "datadog,b3,jaeger,xray", found, 4, &count));
    assert_int_equal(3, count);
    assert_int_equal(SPANLINK_FORMAT_XRAY, found[0].format);
    assert_context(third, &found[0].context);
    assert_int_equal(SPANLINK_FORMAT_B3, found[1].format);
    assert_context(full_b, &found[1].context);
    assert_int_equal(SPANLINK_FORMAT_JAEGER, found[2].format);
    assert_context(full_a, &found[2].context);
}

TEST(two_full_trace_ids_with_one_half_in_common_stay_two_spans) {
    message m;
    spanlink_extracted found[4];
    size_t count = 0;
    clear(&m);
    add_xray(&m, full_a);
    add_jaeger(&m, same_half_as_a);
    add_datadog(&m, short_a);
    assert_status(SPANLINK_OK, extract_all(&m, "xray,jaeger,datadog", found, 4, &count));
    assert_int_equal(2, count);
    assert_context(same_half_as_a, &found[0].context);
    assert_context(full_a, &found[1].context);
    assert_status(SPANLINK_OK, extract_all(&m, "datadog,jaeger,xray", found, 4, &count));
    assert_int_equal(2, count);
    assert_context(full_a, &found[0].context);
}

TEST(two_spans_of_one_trace_stay_two) {
    message m;
    spanlink_extracted found[2];
    size_t count = 0;
    clear(&m);
    add_w3c(&m, full_a);
    add_b3(&m, same_trace_as_a);
    assert_status(SPANLINK_OK, extract_all(&m, "tracecontext,b3", found, 2, &count));
    assert_int_equal(2, count);
    assert_context(same_trace_as_a, &found[0].context);
    assert_text("w3c=1", found[1].context.trace_state);
}

TEST(one_span_id_in_two_traces_is_two_spans) {
    message m;
    spanlink_extracted found[2];
    size_t count = 0;
    span elsewhere = {full_b.high, full_b.low, full_a.id, true};
    clear(&m);
    add_w3c(&m, elsewhere);
    add_b3(&m, short_a);
    assert_status(SPANLINK_OK, extract_all(&m, "tracecontext,b3", found, 2, &count));
    assert_int_equal(2, count);
    assert_context(short_a, &found[0].context);
    assert_context(elsewhere, &found[1].context);
}

TEST(too_few_entries_change_nothing_but_tell_the_need) {
    message m;
    spanlink_extracted found[2], before[2];
    clear(&m);
    add_w3c(&m, full_a);
    add_b3(&m, full_b);
    memset(before, 0x5a, sizeof before);
    memcpy(found, before, sizeof found);
    for (size_t capacity = 0; capacity < 2; capacity++) {
        size_t count = 77;
        assert_status(SPANLINK_ERR_CAPACITY,
                      extract_all(&m, "tracecontext,b3", found, capacity, &count));
        assert_int_equal(2, count);
        assert_memory_equal(before, found, sizeof found);
    }
    size_t count = 77;
    assert_status(SPANLINK_ERR_CAPACITY, extract_all(&m, "tracecontext,b3", NULL, 0, &count));
    assert_int_equal(2, count);
}

TEST(all_spans_need_a_count_and_a_place) {
    message m;
    spanlink_extracted found[2];
    size_t count = 77;
    clear(&m);
    add_w3c(&m, full_a);
    assert_status(SPANLINK_ERR_ARGUMENT, extract_all(&m, "b3", found, 2, NULL));
    assert_status(SPANLINK_ERR_ARGUMENT, extract_all(&m, "b3", NULL, 1, &count));
    assert_int_equal(77, count);
}

/* Hostile carriers */

typedef struct counted {
    const spanlink_headers *headers; /* NULL: every line of every name has `value` */
    spanlink_str value;
    size_t calls, tracestates;
} counted;

static bool next_counted(void *state, spanlink_str name, size_t *cursor, spanlink_str *value) {
    counted *c = state;
    c->calls++;
    c->tracestates += name.len == 10 && memcmp(name.ptr, "tracestate", 10) == 0 ? 1 : 0;
    if (c->headers == NULL) {
        *value = c->value;
        return true;
    }
    spanlink_getter getter = spanlink_headers_getter(c->headers);
    return getter.next(getter.state, name, cursor, value);
}

TEST(an_endless_carrier_is_asked_a_bounded_number_of_times) {
    static const char *const values[] = {
        "", " ", "0", "1", "x", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        counted c = {NULL, str(values[i]), 0, 0};
        spanlink_getter getter = {&c, next_counted};
        spanlink_context context;
        assert_true(spanlink_extract(&getter, &every_format, NULL, 0, &context) !=
                    SPANLINK_ERR_ARGUMENT);
        assert_true(c.calls <= 2 + 2 * 5 + 2 + 4 + 3);
        assert_int_equal(0, c.tracestates);
    }
}

TEST(a_tracestate_is_asked_for_33_times_at_most) {
    message m;
    spanlink_context context;
    spanlink_formats formats = named("tracecontext,b3");
    clear(&m);
    for (size_t i = 0; i < 30; i++) {
        add(&m, "tracestate", "");
    }
    add(&m, "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");
    counted c = {&m.headers, str(""), 0, 0};
    spanlink_getter getter = {&c, next_counted};
    assert_status(SPANLINK_OK, spanlink_extract(&getter, &formats, NULL, 0, &context));
    assert_int_equal(31, c.tracestates);
    assert_int_equal(2 + 31 + 3, c.calls);
}

/* Injecting */

typedef struct calls {
    message *into;
    size_t count, fail_at; /* the call that fails; SIZE_MAX: none */
    char names[MOST_HEADERS][VALUE];
} calls;

static bool goes_on(calls *c, char sign, spanlink_str name) {
    snprintf(c->names[c->count], VALUE, "%c%.*s", sign, (int)name.len, name.ptr);
    return c->count++ != c->fail_at;
}

static spanlink_status set(void *state, spanlink_str name, spanlink_str value) {
    calls *c = state;
    if (!goes_on(c, '+', name)) {
        return SPANLINK_ERR_LOCK;
    }
    spanlink_setter setter = spanlink_headers_setter(&c->into->headers);
    return setter.set(setter.state, name, value);
}

static spanlink_status remove_all(void *state, spanlink_str name) {
    calls *c = state;
    if (!goes_on(c, '-', name)) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    spanlink_setter setter = spanlink_headers_setter(&c->into->headers);
    return setter.remove(setter.state, name);
}

static void assert_calls(const char *wanted, const calls *c) {
    char all[1024] = "";
    for (size_t i = 0; i < c->count; i++) {
        strcat(strcat(all, i == 0 ? "" : " "), c->names[i]);
    }
    assert_string_equal(wanted, all);
}

static spanlink_status inject(const spanlink_context *context, const char *names, calls *c,
                              char *text, size_t capacity) {
    spanlink_formats formats = named(names);
    spanlink_setter setter = {c, set, remove_all};
    return spanlink_inject(context, &formats, &setter, text, capacity);
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
        message m;
        calls c = {&m, 0, SIZE_MAX, {""}};
        char text[SPANLINK_INJECT_TEXT];
        spanlink_context context = context_of(full_b);
        clear(&m);
        assert_status(SPANLINK_OK, inject(&context, known[format].name, &c, text, sizeof text));
        assert_calls(wanted[format], &c);
    }
}

TEST(half_a_trace_id_has_no_tag_of_datadog) {
    message m;
    calls c = {&m, 0, SIZE_MAX, {""}};
    char text[SPANLINK_INJECT_TEXT];
    spanlink_context context = context_of(short_a);
    clear(&m);
    assert_status(SPANLINK_OK, inject(&context, "datadog", &c, text, sizeof text));
    assert_calls("+x-datadog-trace-id +x-datadog-parent-id +x-datadog-sampling-priority "
                 "-x-datadog-tags",
                 &c);
}

TEST(formats_are_set_in_their_order_and_others_removed_afterwards) {
    message m;
    calls c = {&m, 0, SIZE_MAX, {""}};
    char text[SPANLINK_INJECT_TEXT];
    spanlink_context context = context_of(full_b);
    clear(&m);
    context.trace_state = str("a=1");
    assert_status(SPANLINK_OK,
                  inject(&context, "xray,b3multi,tracecontext,b3,xray", &c, text, sizeof text));
    assert_calls("+x-amzn-trace-id +x-b3-traceid +x-b3-spanid +x-b3-sampled +traceparent "
                 "+tracestate +b3 -x-b3-flags -awstraceheader",
                 &c);
}

TEST(values_are_those_of_each_format) {
    for (uint32_t format = 0; format < FORMATS; format++) {
        message wanted, m;
        char text[SPANLINK_INJECT_TEXT];
        spanlink_context context = context_of(full_a);
        spanlink_formats formats = only(format);
        clear(&wanted);
        clear(&m);
        spanlink_setter setter = spanlink_headers_setter(&m.headers);
        context.trace_state = str("w3c=1");
        known[format].add(&wanted, full_a);
        assert_status(SPANLINK_OK, spanlink_inject(&context, &formats, &setter, text, sizeof text));
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
            message m;
            char text[SPANLINK_INJECT_TEXT];
            spanlink_context context = context_of(spans[i]), back;
            spanlink_formats formats = only(format);
            clear(&m);
            spanlink_setter setter = spanlink_headers_setter(&m.headers);
            assert_status(SPANLINK_OK,
                          spanlink_inject(&context, &formats, &setter, text, sizeof text));
            assert_status(SPANLINK_OK, extract(&m, formats, &back));
            assert_context(spans[i], &back);
        }
    }
}

TEST(stale_headers_of_another_span_are_gone) {
    for (uint32_t format = 0; format < FORMATS; format++) {
        message m;
        char text[SPANLINK_INJECT_TEXT];
        spanlink_context context = context_of(full_b);
        spanlink_extracted found[FORMATS];
        spanlink_formats formats = only(format);
        size_t count = 0;
        clear(&m);
        for (uint32_t other = 0; other < FORMATS; other++) {
            known[other].add(&m, full_a);
        }
        add(&m, "AWSTraceHeader", "Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=1");
        add(&m, "x-b3-flags", "1");
        spanlink_setter setter = spanlink_headers_setter(&m.headers);
        spanlink_getter getter = spanlink_headers_getter(&m.headers);
        assert_status(SPANLINK_OK, spanlink_inject(&context, &formats, &setter, text, sizeof text));
        assert_status(SPANLINK_OK,
                      spanlink_extract_all(&getter, &formats, NULL, 0, found, FORMATS, &count));
        assert_int_equal(1, count);
        assert_context(full_b, &found[0].context);
        assert_int_equal(0, found[0].context.trace_state.len);
    }
}

TEST(a_setter_that_cannot_remove_leaves_what_is_stale) {
    message m;
    char text[SPANLINK_INJECT_TEXT];
    spanlink_context context = context_of(full_b);
    clear(&m);
    add(&m, "tracestate", "stale=1");
    spanlink_setter setter = spanlink_headers_setter(&m.headers);
    setter.remove = NULL;
    assert_status(SPANLINK_OK, spanlink_inject(&context, NULL, &setter, text, sizeof text));
    assert_int_equal(2, m.headers.count);
    assert_text("stale=1", m.items[0].value);
}

static const char all_names[] =
    "tracecontext,b3,b3multi,xray,datadog,jaeger,cloud_trace,grpc-trace-bin";

/* With each size less than what is needed, nothing is called. */
TEST(values_are_measured_before_the_first_is_set) {
    spanlink_context context = context_of(full_b);
    context.trace_state = str("a=1,b=2");
    char *text = malloc(SPANLINK_INJECT_TEXT + 7);
    assert_non_null(text);
    for (uint32_t format = 0; format <= FORMATS; format++) {
        const char *names = format == FORMATS ? all_names : known[format].name;
        message m;
        calls c = {&m, 0, SIZE_MAX, {""}};
        spanlink_status status = SPANLINK_ERR_CAPACITY;
        for (size_t capacity = 0; status == SPANLINK_ERR_CAPACITY; capacity++) {
            assert_true(capacity <= SPANLINK_INJECT_TEXT + 7);
            assert_int_equal(0, c.count);
            clear(&m);
            char *exact = capacity == 0 ? NULL : malloc(capacity);
            status = inject(&context, names, &c, exact, capacity);
            free(exact);
        }
        assert_status(SPANLINK_OK, status);
    }
    free(text);
}

TEST(a_setter_that_fails_ends_the_injection_at_each_call) {
    spanlink_context context = context_of(full_b);
    char text[SPANLINK_INJECT_TEXT];
    size_t sets = 13, all = 13 + 3; /* no tracestate, no x-b3-flags, no awstraceheader */
    for (size_t fail_at = 0; fail_at <= all; fail_at++) {
        message m;
        calls c = {&m, 0, fail_at, {""}};
        clear(&m);
        spanlink_status status = inject(&context, all_names, &c, text, sizeof text);
        spanlink_status wanted = fail_at < sets  ? SPANLINK_ERR_LOCK
                                 : fail_at < all ? SPANLINK_ERR_NO_MEMORY
                                                 : SPANLINK_OK;
        assert_status(wanted, status);
        assert_int_equal(fail_at < all ? fail_at + 1 : all, c.count);
        assert_int_equal(fail_at < sets ? fail_at : sets, m.headers.count);
    }
}

TEST(a_context_that_names_no_span_sets_nothing) {
    for (uint32_t format = 0; format < FORMATS; format++) {
        message m;
        calls c = {&m, 0, SIZE_MAX, {""}};
        char text[SPANLINK_INJECT_TEXT];
        spanlink_context context = context_of(full_b);
        clear(&m);
        memset(context.trace_id, 0, 16);
        assert_status(SPANLINK_ERR_TRACE_ID_ZERO,
                      inject(&context, known[format].name, &c, text, sizeof text));
        assert_status(SPANLINK_ERR_TRACE_ID_ZERO,
                      inject(&context, known[format].name, &c, NULL, 0));
        context = context_of(full_b);
        memset(context.span_id, 0, 8);
        assert_status(SPANLINK_ERR_SPAN_ID_ZERO,
                      inject(&context, known[format].name, &c, text, sizeof text));
        assert_int_equal(0, c.count);
    }
}

TEST(datadog_is_left_out_if_it_cannot_carry_the_trace_id) {
    message m;
    calls c = {&m, 0, SIZE_MAX, {""}};
    char text[SPANLINK_INJECT_TEXT];
    spanlink_context context = context_of(full_b);
    clear(&m);
    memset(context.trace_id + 8, 0, 8);
    assert_status(SPANLINK_ERR_TRACE_ID_ZERO, inject(&context, "datadog", &c, text, sizeof text));
    assert_int_equal(0, c.count);
    assert_status(SPANLINK_OK, inject(&context, "datadog,jaeger", &c, text, sizeof text));
    assert_calls("+uber-trace-id -x-datadog-trace-id -x-datadog-parent-id "
                 "-x-datadog-sampling-priority -x-datadog-tags",
                 &c);
}
