/* SPDX-License-Identifier: MIT */
#include "test_propagations.h"

TEST(both_headers_make_a_context) {
    spanlink_context context;
    spanlink_str tracestate = str("a=1,b=2");
    assert_ok(spanlink_context_from_headers(str(parent), tracestate, &context));
    assert_int_equal(0x0a, context.trace_id[0]);
    assert_int_equal(0x31, context.span_id[7]);
    assert_int_equal(1, context.trace_flags);
    assert_true(context.is_remote);
    assert_ptr_equal(tracestate.ptr, context.trace_state.ptr);
    assert_text("a=1,b=2", context.trace_state);
    assert_ok(spanlink_context_from_headers(str(parent), str(NULL), &context));
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
        assert_ok(spanlink_context_from_headers(str(parent), str(bad[i]), &context));
        assert_int_equal(0, context.trace_state.len);
    }
}

TEST(spaces_around_a_tracestate_are_not_borrowed) {
    spanlink_context context;
    assert_ok(spanlink_context_from_headers(str(parent), str(" \ta=1 , b=2\t "), &context));
    assert_text("a=1 , b=2", context.trace_state);
}

TEST(a_headers_array_that_is_null_is_refused) {
    spanlink_context context = test_context(1);
    spanlink_getter getter = spanlink_headers_getter(NULL);
    spanlink_setter setter = spanlink_headers_setter(NULL);
    char text[100];
    assert_refused(spanlink_extract(&getter, NULL, text, 100, &context));
    assert_refused(spanlink_inject(&context, NULL, &setter, text, 100));
}

TEST(null_arguments_are_refused) {
    spanlink_context context = test_context(1);
    spanlink_str null = {NULL, 3};
    spanlink_headers headers = {NULL, 0, 0};
    spanlink_getter getter = spanlink_headers_getter(&headers), no_getter = {NULL, NULL};
    spanlink_setter setter = spanlink_headers_setter(&headers), no_setter = {NULL, NULL, NULL};
    char text[100];
    assert_refused(spanlink_context_from_headers(str(parent), str(""), NULL));
    assert_refused(spanlink_context_from_headers(str(""), str(""), NULL));
    assert_refused(spanlink_context_from_headers(null, str(""), &context));
    assert_refused(spanlink_context_from_headers(str(parent), null, &context));
    assert_refused(spanlink_extract(NULL, NULL, text, 100, &context));
    assert_refused(spanlink_extract(&no_getter, NULL, text, 100, &context));
    assert_refused(spanlink_extract(&getter, NULL, NULL, 100, &context));
    assert_refused(spanlink_extract(&getter, NULL, text, 100, NULL));
    assert_refused(spanlink_inject(NULL, NULL, &setter, text, 100));
    assert_refused(spanlink_inject(&context, NULL, NULL, text, 100));
    assert_refused(spanlink_inject(&context, NULL, &no_setter, text, 100));
    assert_refused(spanlink_inject(&context, NULL, &setter, NULL, 100));
    context.trace_state = null;
    assert_refused(spanlink_inject(&context, NULL, &setter, text, 100));
}

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

TEST(one_tracestate_line_is_borrowed) {
    spanlink_header items[] = {{str("Host"), str("x")},
                               {str("TraceState"), str("a=1")},
                               {str("TRACEPARENT"), str(parent)},
                               {str("tracestate"), str(" \t")}};
    spanlink_context context;
    assert_ok(extract(items, 4, NULL, 0, &context));
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
    assert_ok(extract(items, 5, text, 15, &context));
    assert_ptr_equal(text, context.trace_state.ptr);
    assert_text("a=1,b=2,c=3,d=4", context.trace_state);
    assert_int_equal('!', text[15]);
    for (size_t capacity = 0; capacity < 15; capacity++) {
        assert_ok(extract(items, 5, text, capacity, &context));
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
    assert_ok(extract(items, 33, text, sizeof text, &context));
    assert_int_equal(32 * 4 + 22 + 31, context.trace_state.len);
    assert_ok(extract(items, 34, text, sizeof text, &context));
    assert_int_equal(0, context.trace_state.len);
    items[1].value = str("");
    assert_ok(extract(items, 34, text, sizeof text, &context));
    assert_int_equal(0, context.trace_state.len);
    items[1].value = str("x=1,y=2");
    assert_ok(extract(items, 33, text, sizeof text, &context));
    assert_int_equal(0, context.trace_state.len);
    items[2].value = str("bad");
    assert_ok(extract(items, 5, text, sizeof text, &context));
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
    assert_ok(extract(items, 33, text, sizeof text, &context));
    assert_int_equal(SPANLINK_TRACESTATE_MAX, context.trace_state.len);
    assert_ok(extract(items, 33, text, sizeof text - 1, &context));
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

TEST(spaces_and_commas_in_joined_lines_need_no_capacity) {
    enum { SPACES = 2 * SPANLINK_TRACESTATE_MAX };
    static char first[SPACES], second[SPACES];
    lines_of_spaces(SPACES, first, second);
    spanlink_header items[] = {{str("traceparent"), str(parent)},
                               {str("tracestate"), {first, SPACES}},
                               {str("tracestate"), {second, SPACES}}};
    char *text = test_block(15);
    spanlink_context context;
    assert_ok(extract(items, 3, text, 15, &context));
    assert_ptr_equal(text, context.trace_state.ptr);
    assert_text("a=1,b=2,c=3,d=4", context.trace_state);
    assert_ok(extract(items, 3, text, 14, &context));
    assert_int_equal(0, context.trace_state.len);
}

TEST(lines_without_members_join_to_nothing) {
    spanlink_header items[] = {{str("traceparent"), str(parent)},
                               {str("tracestate"), str(" , ")},
                               {str("tracestate"), str(",")}};
    spanlink_context context;
    assert_ok(extract(items, 3, NULL, 0, &context));
    assert_int_equal(0, context.trace_state.len);
    assert_null(context.trace_state.ptr);
    items[2].value = str("a=1,");
    char text[3];
    assert_ok(extract(items, 3, text, sizeof text, &context));
    assert_text("a=1", context.trace_state);
}

/* For any lines, the tracestate equals the joined members of the lines, or is empty. */
TEST(random_lines_are_read_like_one_joined_line) {
    static const char *const parts[] = {"a=1", "b=22", "c= 3 ", ",",   " ",  "\t",   ",,",   "a=4",
                                        "d",   "E=1",  "f=",    "g=5", ", ", ",h=6", "i=7,", ""};
    uint64_t random = 1;
    for (int round = 0; round < 20000; round++) {
        char values[34][64], joined[34 * 64] = "";
        spanlink_header items[35] = {{str("traceparent"), str(parent)}};
        size_t lines = test_random_below(&random, round % 10 == 0 ? 35 : 5), length = 0;
        for (size_t i = 0; i < lines; i++) {
            values[i][0] = '\0';
            for (size_t k = test_random_below(&random, 4); k > 0; k--) {
                strcat(values[i], parts[test_random_below(&random, round % 3 == 0 ? 16 : 8)]);
            }
            items[1 + i] = (spanlink_header){str("tracestate"), str(values[i])};
            length += (size_t)snprintf(joined + length, sizeof joined - length, "%s%s",
                                       i == 0 ? "" : ",", values[i]);
        }
        char text[34 * 64], wanted[34 * 64], found[34 * 64];
        size_t wanted_length, found_length;
        spanlink_context context;
        if (spanlink_tracestate_limit((spanlink_str){joined, length}, SPANLINK_UNLIMITED, wanted,
                                      sizeof wanted, &wanted_length) != SPANLINK_OK ||
            lines > 32) {
            wanted_length = 0;
        }
        assert_ok(extract(items, 1 + lines, text, sizeof text, &context));
        assert_ok(spanlink_tracestate_limit(context.trace_state, SPANLINK_UNLIMITED, found,
                                            sizeof found, &found_length));
        assert_int_equal(wanted_length, found_length);
        assert_memory_equal(wanted, found, found_length);
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
    assert_ok(spanlink_extract(&getter, NULL, text, sizeof text, &context));
    assert_int_equal(0, context.trace_state.len);
    assert_int_equal(2, c.traceparent_asks);
    assert_int_equal(33, c.tracestate_asks);
    c = (carrier){{items, 2 * LINES, 2 * LINES}, 0, 0};
    assert_status(SPANLINK_ERR_MULTIPLE_TRACEPARENT,
                  spanlink_extract(&getter, NULL, text, sizeof text, &context));
    assert_int_equal(2, c.traceparent_asks);
    assert_int_equal(0, c.tracestate_asks);
}

/* An endless carrier: every line has the requested name. */
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
        assert_ok(spanlink_extract(&getter, NULL, text, sizeof text, &context));
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
    assert_refused(spanlink_extract(&getter, NULL, NULL, 0, &context));
    assert_memory_equal(&before, &context, sizeof context);
    c = (endless){str(parent), {NULL, 3}, 1, 0};
    assert_ok(spanlink_extract(&getter, NULL, NULL, 0, &context));
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

/* As in a block of headers. */
TEST(a_name_ends_where_its_view_ends) {
    spanlink_header item = {{"traceparent: ", 11}, str(parent)};
    spanlink_context context;
    assert_ok(extract(&item, 1, NULL, 0, &context));
    item.name.len = 12;
    assert_status(SPANLINK_ERR_NO_CONTEXT, extract(&item, 1, NULL, 0, &context));
    item.name.len = 10;
    assert_status(SPANLINK_ERR_NO_CONTEXT, extract(&item, 1, NULL, 0, &context));
}
