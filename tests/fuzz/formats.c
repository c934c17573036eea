/* SPDX-License-Identifier: MIT */
/*
 * Reads its input as a list of formats and a block of header lines, and compares extract,
 * extract_all and inject with an oracle. The oracle uses the library's parsers for single headers,
 * but has its own rules for which headers are read and which context is chosen.
 */
#include "carrier.h"
#include "format_oracle.h"

#include <spanlink/spanlink.h>

enum { FORMATS = ORACLE_FORMATS, BLOCK = 20000, MOST_WRITTEN = 14 };

/* Pieces of headers that name three spans, two of which share half of the trace id, and a piece
 * with a NUL and a newline. */
#define HALF         "a3ce929d0e0e4736"
#define FULL         "4bf92f3577b34da6" HALF
#define DECIMAL_HALF "11803532876627986230"
#define SPAN         "00f067aa0ba902b7"
#define DECIMAL_SPAN "67667974448284343"
static const spanlink_str pieces[] = {
    FUZZ_PIECE("traceparent:00-" FULL "-" SPAN "-01\n"),
    FUZZ_PIECE("traceparent:00-0000000000000000" HALF "-" SPAN "-01\n"),
    FUZZ_PIECE("tracestate:a=1\n"),
    FUZZ_PIECE("b3:" FULL "-" SPAN "-1\n"),
    FUZZ_PIECE("B3: " HALF "-" SPAN "-d\r\n"),
    FUZZ_PIECE("b3:0\n"),
    FUZZ_PIECE("b3:" FULL "-" SPAN "-1-2-3\n"),
    FUZZ_PIECE("X-B3-TraceId:" FULL "\n"),
    FUZZ_PIECE("x-b3-traceid:" HALF "\n"),
    FUZZ_PIECE("x-b3-spanid:" SPAN "\n"),
    FUZZ_PIECE("x-b3-sampled:1\n"),
    FUZZ_PIECE("x-b3-flags:1\n"),
    FUZZ_PIECE("X-Amzn-Trace-Id:Root=1-4bf92f35-77b34da6" HALF ";Parent=" SPAN ";Sampled=1\n"),
    FUZZ_PIECE("x-amzn-trace-id:Root=1-4bf92f35-77b34da6" HALF "\n"),
    FUZZ_PIECE("AWSTraceHeader:Root=1-11111111-77b34da6" HALF ";Parent=" SPAN "\n"),
    FUZZ_PIECE("x-datadog-trace-id:" DECIMAL_HALF "\n"),
    FUZZ_PIECE("x-datadog-parent-id:" DECIMAL_SPAN "\n"),
    FUZZ_PIECE("x-datadog-sampling-priority:2\n"),
    FUZZ_PIECE("x-datadog-tags:_dd.p.tid=4bf92f3577b34da6\n"),
    FUZZ_PIECE("uber-trace-id:" FULL ":" SPAN ":0:1\n"),
    FUZZ_PIECE("uber-trace-id:1:2:0:1\n"),
    FUZZ_PIECE("x-cloud-trace-context:" FULL "/" DECIMAL_SPAN ";o=1\n"),
    FUZZ_PIECE("grpc-trace-bin:\0\0\x4b\xf9\x2f\x35\x77\xb3\x4d\xa6\xa3\xce\x92\x9d\x0e\x0e\x47\x36"
               "\1\x00\xf0\x67\xaa\x0b\xa9\x02\xb7\2\1\n"),
    FUZZ_PIECE("\n"),
};

/* The oracle */

static spanlink_str value_of(const block *b, const char *name, bool trimmed) {
    for (size_t i = 0; i < b->count; i++) {
        if (is_named(b->lines[i].name, name)) {
            return trimmed ? trim(b->lines[i].value) : b->lines[i].value;
        }
    }
    return (spanlink_str){NULL, 0};
}

static oracle_found read_w3c(const block *b, char *text, size_t capacity) {
    oracle_found p = {SPANLINK_ERR_NO_CONTEXT, false, {.trace_flags = 0}};
    spanlink_headers headers = {(spanlink_header *)(uintptr_t)b->lines, b->count, b->count};
    spanlink_getter getter = spanlink_headers_getter(&headers);
    p.status =
        spanlink_extract(&getter, NULL, text, capacity, &p.context); /* tested by fuzz_extract */
    p.there = p.status != SPANLINK_ERR_NO_CONTEXT;
    return p;
}

static oracle_found read_b3(const block *b) {
    oracle_found p = {SPANLINK_ERR_NO_CONTEXT, true, {.trace_flags = 0}}, multi = p;
    spanlink_str one = value_of(b, "b3", true), trace_id = value_of(b, "x-b3-traceid", true),
                 span_id = value_of(b, "x-b3-spanid", true);
    multi.status = spanlink_b3_parse_multi(trace_id, span_id, value_of(b, "x-b3-sampled", true),
                                           value_of(b, "x-b3-flags", true), &multi.context);
    multi.there = trace_id.len + span_id.len != 0;
    if (one.len == 0) {
        return multi;
    }
    p.status = spanlink_b3_parse(one, &p.context);
    bool malformed = p.status != SPANLINK_OK && p.status != SPANLINK_ERR_NO_CONTEXT;
    return malformed && multi.status == SPANLINK_OK ? multi : p;
}

static oracle_found read_datadog(const block *b) {
    oracle_found p = {SPANLINK_ERR_NO_CONTEXT, false, {.trace_flags = 0}};
    spanlink_str trace_id = value_of(b, "x-datadog-trace-id", true),
                 parent_id = value_of(b, "x-datadog-parent-id", true);
    p.status = spanlink_datadog_parse(trace_id, parent_id,
                                      value_of(b, "x-datadog-sampling-priority", true),
                                      value_of(b, "x-datadog-tags", true), &p.context);
    p.there = trace_id.len + parent_id.len != 0;
    return p;
}

static oracle_found read_one(spanlink_str value,
                             spanlink_status (*parse)(spanlink_str, spanlink_context *)) {
    oracle_found p = {SPANLINK_ERR_NO_CONTEXT, value.len != 0, {.trace_flags = 0}};
    p.status = parse(value, &p.context);
    return p;
}

static spanlink_status decode(spanlink_str value, spanlink_context *context) {
    return spanlink_binary_decode((const uint8_t *)value.ptr, value.len, context);
}

static void read_plainly(const block *b, char *text, size_t capacity, oracle_found all[FORMATS]) {
    spanlink_str xray = value_of(b, "x-amzn-trace-id", true);
    all[SPANLINK_FORMAT_W3C] = read_w3c(b, text, capacity);
    all[SPANLINK_FORMAT_B3] = all[SPANLINK_FORMAT_B3_MULTI] = read_b3(b);
    all[SPANLINK_FORMAT_XRAY] =
        read_one(xray.len != 0 ? xray : value_of(b, "awstraceheader", true), spanlink_xray_parse);
    all[SPANLINK_FORMAT_DATADOG] = read_datadog(b);
    all[SPANLINK_FORMAT_JAEGER] =
        read_one(value_of(b, "uber-trace-id", true), spanlink_jaeger_parse);
    all[SPANLINK_FORMAT_CLOUD_TRACE] =
        read_one(value_of(b, "x-cloud-trace-context", true), spanlink_cloud_trace_parse);
    all[SPANLINK_FORMAT_GRPC_TRACE_BIN] = read_one(value_of(b, "grpc-trace-bin", false), decode);
}

/* Expected results */

static bool is_refused(const spanlink_formats *formats) {
    bool refused = formats->count > SPANLINK_FORMATS_MAX;
    for (size_t i = 0; !refused && i < formats->count; i++) {
        uint32_t format = formats->formats[i];
        refused = format >= FORMATS && format != SPANLINK_FORMAT_NONE;
    }
    return refused;
}

static bool is_none(const spanlink_formats *formats) {
    for (size_t i = 0; i < formats->count; i++) {
        if (formats->formats[i] == SPANLINK_FORMAT_NONE) {
            return true;
        }
    }
    return false;
}

static oracle_choice want(const block *b, const spanlink_formats *formats, char *text,
                          size_t capacity) {
    static const spanlink_formats w3c = {1, {SPANLINK_FORMAT_W3C}};
    oracle_found all[FORMATS];
    oracle_choice w = {SPANLINK_ERR_ARGUMENT, {{.format = 0}}, 0};
    if (is_refused(formats)) {
        return w;
    }
    if (is_none(formats)) {
        w.status = SPANLINK_ERR_NO_CONTEXT;
        return w;
    }
    read_plainly(b, text, capacity, all);
    return oracle_choose(all, formats->count != 0 ? formats : &w3c);
}

static void expect_context(const spanlink_context *expected, const spanlink_context *context) {
    fuzz_expect(memcmp(expected->trace_id, context->trace_id, 16) == 0);
    fuzz_expect(memcmp(expected->span_id, context->span_id, 8) == 0);
    fuzz_expect(expected->trace_flags == context->trace_flags);
    fuzz_expect(context->is_remote && !context->remote_unknown);
    fuzz_expect(fuzz_same_text(expected->trace_state, context->trace_state));
}

static void extract(block *b, const spanlink_getter *getter, const spanlink_formats *formats,
                    const oracle_choice *w, char *text, size_t capacity) {
    spanlink_context context, untouched;
    memset(&untouched, 0x5a, sizeof untouched);
    memcpy(&context, &untouched, sizeof context);
    b->asked = 0;
    fuzz_expect(spanlink_extract(getter, formats, text, capacity, &context) == w->status);
    fuzz_expect(b->asked <= 2 + 33 + 2 * 5 + 2 + 4 + 3);
    if (w->status == SPANLINK_OK) {
        expect_context(&w->found[0].context, &context);
    } else {
        fuzz_expect(memcmp(&context, &untouched, sizeof context) == 0);
    }
}

static void extract_all(const spanlink_getter *getter, const spanlink_formats *formats,
                        const oracle_choice *w, size_t places, char *text, size_t capacity) {
    spanlink_extracted *found = fuzz_memory(places * sizeof *found);
    size_t count = 77;
    bool fits = w->count <= places;
    spanlink_status status =
        spanlink_extract_all(getter, formats, text, capacity, found, places, &count);
    fuzz_expect(status == (w->status == SPANLINK_OK && !fits ? SPANLINK_ERR_CAPACITY : w->status));
    fuzz_expect(count == (w->status == SPANLINK_OK ? w->count : 77));
    for (size_t i = 0; status == SPANLINK_OK && i < count; i++) {
        fuzz_expect(found[i].format == w->found[i].format);
        expect_context(&w->found[i].context, &found[i].context);
    }
    free(found);
}

/* Injects into the lines that were read; no stale header may remain. */
static void inject(const block *b, const spanlink_formats *formats,
                   const spanlink_context *context) {
    spanlink_header *items = fuzz_memory((b->count + MOST_WRITTEN) * sizeof *items);
    memcpy(items, b->lines, b->count * sizeof *items);
    spanlink_headers headers = {items, b->count, b->count + MOST_WRITTEN};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    spanlink_getter getter = spanlink_headers_getter(&headers);
    size_t capacity = SPANLINK_INJECT_TEXT + context->trace_state.len, count = 0;
    char *text = fuzz_memory(capacity);
    static const uint8_t zeros[8];
    spanlink_extracted found[FORMATS];
    spanlink_status status = spanlink_inject(context, formats, &setter, text, capacity);
    if (status == SPANLINK_ERR_TRACE_ID_ZERO) { /* only Datadog's */
        fuzz_expect(memcmp(context->trace_id + 8, zeros, 8) == 0 && headers.count == b->count);
    } else {
        fuzz_expect(status == SPANLINK_OK);
        fuzz_expect(spanlink_extract_all(&getter, formats, NULL, 0, found, FORMATS, &count) ==
                    SPANLINK_OK);
        fuzz_expect(count == 1 && spanlink_context_same_span(context, &found[0].context));
        fuzz_expect(spanlink_context_is_sampled(context) ==
                    spanlink_context_is_sampled(&found[0].context));
    }
    free(text);
    free(items);
}

/* Mostly known formats. */
static spanlink_formats read_formats(fuzz_input *input) {
    spanlink_formats formats = {fuzz_byte(input) % (SPANLINK_FORMATS_MAX + 2), {0}};
    for (size_t i = 0; i < formats.count && i < SPANLINK_FORMATS_MAX; i++) {
        uint8_t byte = fuzz_byte(input);
        formats.formats[i] = byte < 0xf8 ? byte % FORMATS : byte == 0xf8 ? 255u : byte % 16u;
    }
    return formats;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char expanded[BLOCK];
    static block b;
    fuzz_input input = {data, size};
    spanlink_formats formats = read_formats(&input);
    uint8_t choice = fuzz_byte(&input);
    size_t capacity = choice % 32,
           length = fuzz_expand(&input, pieces, sizeof pieces / sizeof pieces[0], expanded, BLOCK);
    char *block_text = fuzz_copy(expanded, length), *text = fuzz_memory(capacity),
         *plain_text = fuzz_memory(capacity);
    b.count = 0;
    split(&b, block_text, length);
    oracle_choice w = want(&b, &formats, plain_text, capacity);
    spanlink_headers headers = {b.lines, b.count, MOST_LINES};
    spanlink_getter own = {&b, next}, ready = spanlink_headers_getter(&headers);
    extract(&b, &own, &formats, &w, text, capacity);
    extract(&b, &ready, &formats, &w, text, capacity);
    extract_all(&own, &formats, &w, choice / 32, text, capacity);
    for (size_t i = 0; i < w.count; i++) {
        inject(&b, &formats, &w.found[i].context);
    }
    free(plain_text);
    free(text);
    free(block_text);
    return 0;
}
