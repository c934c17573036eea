/* SPDX-License-Identifier: MIT */
#include "test_messages.h"

#include "format_oracle.h"
#include "test_links.h"

/* The same span id and half of the trace id as full_a. */
static const span same_half_as_a = {0x1111111111111111, 0xa3ce929d0e0e4736, 0x00f067aa0ba902b7, 1};

static const span same_trace_as_a = {0x4bf92f3577b34da6, 0xa3ce929d0e0e4736, 0x1, true};

static void compare_with_the_plain_rule(const message *m, const oracle_found outcomes[FORMATS],
                                        const spanlink_formats *formats) {
    spanlink_getter getter = spanlink_headers_getter(&m->headers);
    oracle_choice wanted = oracle_choose(outcomes, formats);
    spanlink_extracted found[FORMATS];
    spanlink_context context;
    size_t count = 77;
    assert_status(wanted.status,
                  spanlink_extract_all(&getter, formats, NULL, 0, found, FORMATS, &count));
    assert_status(wanted.status, spanlink_extract(&getter, formats, NULL, 0, &context));
    if (wanted.status != SPANLINK_OK) {
        assert_int_equal(77, count);
        return;
    }
    assert_int_equal(wanted.count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(wanted.found[i].format, found[i].format);
        assert_same_context(&wanted.found[i].context, &found[i].context);
        assert_int_equal(found[i].format == 0 ? 5 : 0, found[i].context.trace_state.len);
    }
    assert_same_context(&found[0].context, &context);
    assert_int_equal(found[0].context.trace_state.len, context.trace_state.len);
}

/* One of five outcomes: absent, malformed, or one of three contexts, two of which name the same
 * span.
 */
static oracle_found add_outcome(message *m, uint32_t format, size_t choice) {
    const span spans[] = {full_a, short_a, full_b};
    if (choice == 0) {
        return (oracle_found){SPANLINK_ERR_NO_CONTEXT, false, {.trace_flags = 0}};
    }
    if (choice == 1) {
        add(m, known[format].malformed_name, known[format].malformed);
        return (oracle_found){known[format].status, true, {.trace_flags = 0}};
    }
    known[format].add(m, spans[choice - 2]);
    return (oracle_found){SPANLINK_OK, true, context_of(spans[choice - 2])};
}

/* Both B3 formats read the same headers; here it is the single header. */
static void fill_randomly(message *m, oracle_found outcomes[FORMATS], uint64_t *random) {
    clear(m);
    for (uint32_t format = 0; format < FORMATS; format++) {
        outcomes[format] = format == SPANLINK_FORMAT_B3_MULTI
                               ? outcomes[SPANLINK_FORMAT_B3]
                               : add_outcome(m, format, test_random_below(random, 5));
    }
}

/* Tries every order of every subset of the formats. */
static void permute(const message *m, const oracle_found outcomes[FORMATS],
                    spanlink_formats *formats, unsigned used) {
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
        oracle_found outcomes[FORMATS];
        spanlink_formats formats = {0, {0}};
        fill_randomly(&m, outcomes, &random);
        permute(&m, outcomes, &formats, 0);
    }
}

TEST(extract_all_follows_the_plain_rule_for_random_messages_and_lists) {
    uint64_t random = 7;
    for (int round = 0; round < 30000; round++) {
        message m;
        oracle_found outcomes[FORMATS];
        spanlink_formats formats = {1 + (uint32_t)test_random_below(&random, SPANLINK_FORMATS_MAX),
                                    {0}};
        for (size_t i = 0; i < formats.count; i++) {
            formats.formats[i] = (uint32_t)test_random_below(&random, FORMATS);
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

/* The number of extracted spans. */
static size_t spans_in(const message *m, const char *names, spanlink_extracted *found,
                       size_t capacity) {
    size_t count = 0;
    assert_ok(extract_all(m, names, found, capacity, &count));
    return count;
}

TEST(other_spans_follow_in_the_order_of_their_formats) {
    MESSAGE(m);
    spanlink_extracted found[4];
    span third = {1, 2, 3, false};
    add_datadog(&m, short_a);
    add_b3(&m, full_b);
    add_jaeger(&m, full_a);
    add_xray(&m, third);
    assert_int_equal(3, spans_in(&m, "datadog,b3,jaeger,xray", found, 4));
    assert_int_equal(SPANLINK_FORMAT_XRAY, found[0].format);
    assert_context(third, &found[0].context);
    assert_int_equal(SPANLINK_FORMAT_B3, found[1].format);
    assert_context(full_b, &found[1].context);
    assert_int_equal(SPANLINK_FORMAT_JAEGER, found[2].format);
    assert_context(full_a, &found[2].context);
}

TEST(two_full_trace_ids_with_one_half_in_common_stay_two_spans) {
    MESSAGE(m);
    spanlink_extracted found[4];
    add_xray(&m, full_a);
    add_jaeger(&m, same_half_as_a);
    add_datadog(&m, short_a);
    assert_int_equal(2, spans_in(&m, "xray,jaeger,datadog", found, 4));
    assert_context(same_half_as_a, &found[0].context);
    assert_context(full_a, &found[1].context);
    assert_int_equal(2, spans_in(&m, "datadog,jaeger,xray", found, 4));
    assert_context(full_a, &found[0].context);
}

TEST(two_spans_of_one_trace_stay_two) {
    MESSAGE(m);
    spanlink_extracted found[2];
    add_w3c(&m, full_a);
    add_b3(&m, same_trace_as_a);
    assert_int_equal(2, spans_in(&m, "tracecontext,b3", found, 2));
    assert_context(same_trace_as_a, &found[0].context);
    assert_text("w3c=1", found[1].context.trace_state);
}

TEST(one_span_id_in_two_traces_is_two_spans) {
    MESSAGE(m);
    spanlink_extracted found[2];
    span elsewhere = {full_b.high, full_b.low, full_a.id, true};
    add_w3c(&m, elsewhere);
    add_b3(&m, short_a);
    assert_int_equal(2, spans_in(&m, "tracecontext,b3", found, 2));
    assert_context(short_a, &found[0].context);
    assert_context(elsewhere, &found[1].context);
}

TEST(too_few_entries_change_only_the_needed_count) {
    MESSAGE(m);
    spanlink_extracted found[2], before[2];
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
    MESSAGE(m);
    spanlink_extracted found[2];
    size_t count = 77;
    add_w3c(&m, full_a);
    assert_refused(extract_all(&m, "b3", found, 2, NULL));
    assert_refused(extract_all(&m, "b3", NULL, 1, &count));
    assert_int_equal(77, count);
}

typedef struct counted {
    const spanlink_headers *headers; /* NULL: every name has lines without end, each with `value` */
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
    MESSAGE(m);
    spanlink_context context;
    spanlink_formats formats = named("tracecontext,b3");
    for (size_t i = 0; i < 30; i++) {
        add(&m, "tracestate", "");
    }
    add(&m, "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");
    counted c = {&m.headers, str(""), 0, 0};
    spanlink_getter getter = {&c, next_counted};
    assert_ok(spanlink_extract(&getter, &formats, NULL, 0, &context));
    assert_int_equal(31, c.tracestates);
    assert_int_equal(2 + 31 + 3, c.calls);
}
