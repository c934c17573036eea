/* SPDX-License-Identifier: MIT */
/*
 * Reads its input as a block of header lines, extracts a context through its own getter and through
 * the library's carrier, and compares with a simple oracle. The result is injected and extracted
 * again.
 */
#include "carrier.h"

#include "test_tracestate_oracle.h"

#include <spanlink/propagation.h>

enum { BLOCK = 40000 };

/* Expands few bytes to a long block: a byte below 0x80 is itself, others are pieces of headers. */
static size_t expand(fuzz_input *input, char *text) {
    static const char *const pieces[] = {
        "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n",
        "TRACESTATE:",
        "tracestate: \t,\r\n",
        "Traceparent:",
        "tracestate:b=2 \r\n",
        "\r\n",
        "00-00f067aa0ba902b700f067aa0ba902b7-00f067aa0ba902b7-03",
    };
    size_t length = 0;
    for (unsigned count = 0; input->left != 0 && length + 1024 < BLOCK; count++) {
        uint8_t byte = fuzz_byte(input);
        if (byte < 0x80) {
            text[length++] = (char)byte;
        } else if (byte % 8 == 7) {
            length += (size_t)sprintf(text + length, "tracestate: k%u=%u\r\n", count, byte);
        } else {
            for (unsigned i = byte >= 0xf8 ? 12 : 1; i-- > 0;) {
                length += (size_t)sprintf(text + length, "%s", pieces[byte % 8]);
            }
        }
    }
    return length;
}

/* The oracle */

typedef struct wanted {
    spanlink_status status;
    spanlink_context context;
    char *joined; /* the tracestate; its length is in the context */
} wanted;

static size_t lines_of(const block *b, const char *name, spanlink_str lines[MOST_LINES]) {
    size_t count = 0;
    for (size_t i = 0; i < b->count; i++) {
        if (is_named(b->lines[i].name, name)) {
            lines[count++] = trim(b->lines[i].value);
        }
    }
    return count;
}

/* Appends the trimmed members of a line, separated by commas. */
static size_t join_members(spanlink_str line, char *text, size_t length) {
    size_t end;
    for (size_t start = 0; start < line.len; start = end + 1) {
        for (end = start; end < line.len && line.ptr[end] != ',';) {
            end++;
        }
        spanlink_str member = trim((spanlink_str){line.ptr + start, end - start});
        if (member.len != 0) {
            text[length] = ',';
            length += length != 0;
            memcpy(text + length, member.ptr, member.len);
            length += member.len;
        }
    }
    return length;
}

/* A single line that is not empty is unchanged; several are joined. SIZE_MAX: exceeds capacity. */
static size_t join(const spanlink_str *lines, size_t count, char *text, size_t capacity) {
    size_t length = 0, filled = 0, last = 0;
    for (size_t i = 0; i < count; i++) {
        if (lines[i].len != 0) {
            length = join_members(lines[i], text, length);
            filled++;
            last = i;
        }
    }
    if (filled == 1) {
        length = lines[last].len;
        memcpy(text, lines[last].ptr, length);
        return length;
    }
    return length > capacity ? SIZE_MAX : length;
}

static wanted read_plainly(const block *b, size_t capacity) {
    spanlink_str lines[MOST_LINES];
    wanted w = {.status = SPANLINK_OK, .joined = fuzz_memory(BLOCK)};
    size_t count = lines_of(b, "traceparent", lines);
    if (count != 1) {
        w.status = count == 0 ? SPANLINK_ERR_NO_CONTEXT : SPANLINK_ERR_MULTIPLE_TRACEPARENT;
        return w;
    }
    w.status = spanlink_traceparent_parse(lines[0], &w.context);
    count = lines_of(b, "tracestate", lines);
    size_t length = count > 32 ? SIZE_MAX : join(lines, count, w.joined, capacity);
    test_tracestate read = test_tracestate_read(w.joined, length == SIZE_MAX ? 0 : length);
    bool kept = read.status == SPANLINK_OK && read.count != 0;
    w.context.trace_state = (spanlink_str){w.joined, kept ? length : 0};
    return w;
}

static void compare(const wanted *w, spanlink_status status, const spanlink_context *context) {
    fuzz_expect(status == w->status);
    if (status != SPANLINK_OK) {
        return;
    }
    fuzz_expect(spanlink_context_same_span(context, &w->context));
    fuzz_expect(context->trace_flags == w->context.trace_flags && context->is_remote);
    fuzz_expect(fuzz_same_text(w->context.trace_state, context->trace_state));
}

/* A single line is borrowed from the carrier, several are joined in the buffer. */
static void expect_home(const block *b, const spanlink_context *context, const char *text,
                        size_t capacity) {
    const char *at = context->trace_state.ptr;
    bool home = context->trace_state.len == 0 || (at >= text && at < text + capacity);
    for (size_t i = 0; i < b->count; i++) {
        spanlink_str value = b->lines[i].value;
        home = home || (at >= value.ptr && at < value.ptr + value.len);
    }
    fuzz_expect(home);
}

static void inject_again(const spanlink_context *context) {
    spanlink_header items[2];
    spanlink_headers headers = {items, 0, 2};
    spanlink_setter setter = spanlink_headers_setter(&headers);
    spanlink_getter getter = spanlink_headers_getter(&headers);
    size_t capacity = 56 + context->trace_state.len;
    char *text = fuzz_memory(capacity), joined[TEST_TRACESTATE_MOST + 1],
         tidy[TEST_TRACESTATE_MOST + 1];
    spanlink_context again;
    fuzz_expect(spanlink_inject(context, NULL, &setter, text, capacity) == SPANLINK_OK);
    fuzz_expect(spanlink_extract(&getter, NULL, NULL, 0, &again) == SPANLINK_OK);
    fuzz_expect(spanlink_context_same_span(context, &again));
    fuzz_expect(again.trace_flags == (context->trace_flags & 3));
    test_tracestate before =
        test_tracestate_read(context->trace_state.ptr, context->trace_state.len);
    test_tracestate after = test_tracestate_read(again.trace_state.ptr, again.trace_state.len);
    size_t length = test_tracestate_write(&before, joined);
    fuzz_expect(length == test_tracestate_write(&after, tidy) && length == again.trace_state.len);
    fuzz_expect(memcmp(joined, tidy, length) == 0);
    free(text);
}

static void extract(block *b, const spanlink_getter *getter, size_t capacity) {
    char *text = fuzz_memory(capacity);
    wanted w = read_plainly(b, capacity);
    spanlink_context context, before;
    memset(&before, 0x5a, sizeof before);
    memcpy(&context, &before, sizeof context);
    b->asked = 0;
    spanlink_status status = spanlink_extract(getter, NULL, text, capacity, &context);
    compare(&w, status, &context);
    fuzz_expect(b->asked <= 2 + 33);
    if (status == SPANLINK_OK) {
        expect_home(b, &context, text, capacity);
        inject_again(&context);
    } else {
        fuzz_expect(memcmp(&context, &before, sizeof context) == 0);
    }
    free(w.joined);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char expanded[BLOCK];
    static block b;
    fuzz_input input = {data, size};
    uint8_t room = fuzz_byte(&input);
    size_t length = expand(&input, expanded);
    char *text = fuzz_copy(expanded, length);
    b.count = 0;
    split(&b, text, length);
    spanlink_headers headers = {b.lines, b.count, MOST_LINES};
    spanlink_getter own = {&b, next}, ready = spanlink_headers_getter(&headers);
    extract(&b, &own, room < 128 ? room : SPANLINK_TRACESTATE_MAX);
    extract(&b, &ready, room < 128 ? room : SPANLINK_TRACESTATE_MAX);
    free(text);
    return 0;
}
