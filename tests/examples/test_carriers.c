/* SPDX-License-Identifier: MIT */
/* The examples' reading of headers: other names for them, several of one name, and what is refused.
 */
#include "test.h"

#include "support/carriers.h"

#define TRACE  "0af7651916cd43dd8448eb211c80319c"
#define FIRST  "00-" TRACE "-b7ad6b7169203331-01"
#define SECOND "00-" TRACE "-00f067aa0ba902b7-01"

/* A carrier of two headers; the second may be missing (NULL). */
struct carrier {
    spanlink_header items[2];
    spanlink_headers headers;
};

static spanlink_getter carry(struct carrier *carrier, const char *name, const char *value,
                             const char *other_name, const char *other_value) {
    carrier->items[0] = (spanlink_header){spanlink_str_from(name), spanlink_str_from(value)};
    carrier->items[1] =
        (spanlink_header){spanlink_str_from(other_name), spanlink_str_from(other_value)};
    carrier->headers = (spanlink_headers){carrier->items, other_name != NULL ? 2 : 1, 2};
    return spanlink_headers_getter(&carrier->headers);
}

static bool is_span(const struct received *received, const char *traceparent) {
    spanlink_context wanted;
    return received->status == SPANLINK_OK &&
           spanlink_traceparent_parse(spanlink_str_from(traceparent), &wanted) == SPANLINK_OK &&
           spanlink_context_same_span(&received->context, &wanted);
}

TEST(other_names_of_the_same_header_are_read) {
    static const char *const names[][2] = {
        {"ce-traceparent", "ce-tracestate"},
        {"ce_traceparent", "ce_tracestate"},
        {"cloudEvents:traceparent", "cloudEvents:tracestate"},
        {"cloudEvents_traceparent", "cloudEvents_tracestate"},
        {"traceparent", "tracestate"},
        {"Elastic-Apm-Traceparent", "tracestate"},
        {"googclient_traceparent", "googclient_tracestate"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct carrier carrier;
        struct received received;
        spanlink_getter getter = carry(&carrier, names[i][0], FIRST, names[i][1], "a=1");
        message_read(&received, &getter, NULL);
        assert_true(is_span(&received, FIRST));
        assert_text("a=1", received.context.trace_state);
    }
}

TEST(a_name_without_a_tracestate_gets_none) {
    struct carrier carrier;
    struct received received;
    spanlink_getter getter = carry(&carrier, "Diagnostic-Id", FIRST, "tracestate", "a=1");
    message_read(&received, &getter, NULL);
    assert_true(is_span(&received, FIRST));
    assert_int_equal(received.context.trace_state.len, 0);
    assert_int_equal(received.tracestate, SPANLINK_OK); /* it was not dropped: it is another's */
}

TEST(the_creation_of_an_event_goes_before_its_last_hop) {
    struct carrier carrier;
    struct received received;
    spanlink_getter getter = carry(&carrier, "traceparent", FIRST, "ce-traceparent", SECOND);
    message_read(&received, &getter, NULL);
    assert_true(is_span(&received, SECOND));
    carrier_read(&received, &getter, NULL); /* a server asks for the hop */
    assert_true(is_span(&received, FIRST));
}

TEST(the_last_of_several_headers_counts_where_that_is_the_rule) {
    struct carrier carrier;
    struct received received;
    spanlink_getter all = carry(&carrier, "traceparent", FIRST, "traceparent", SECOND),
                    last = last_getter(&all);
    carrier_read(&received, &all, NULL);
    assert_int_equal(received.status, SPANLINK_ERR_MULTIPLE_TRACEPARENT);
    carrier_read(&received, &last, NULL);
    assert_true(is_span(&received, SECOND));
}

TEST(a_tracestate_that_is_dropped_is_told_with_its_status) {
    static const struct {
        const char *text;
        spanlink_status status;
    } cases[] = {{"a=1\n", SPANLINK_ERR_TRACESTATE_VALUE},
                 {"rojo", SPANLINK_ERR_TRACESTATE_EQUALS},
                 {"UPPER=1", SPANLINK_ERR_TRACESTATE_KEY},
                 {"{\"order\":1}", SPANLINK_ERR_TRACESTATE_KEY},
                 {" , ,", SPANLINK_OK},
                 {"", SPANLINK_OK}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct carrier carrier;
        struct received received;
        spanlink_getter getter = carry(&carrier, "traceparent", FIRST, "tracestate", cases[i].text);
        carrier_read(&received, &getter, NULL);
        assert_true(is_span(&received, FIRST));
        assert_int_equal(received.tracestate, cases[i].status);
    }
}

TEST(lines_that_are_too_many_when_joined_are_told) {
    char line[17 * 5] = "";
    struct received received;
    for (int i = 0; i < 17; i++) {
        snprintf(line + 5 * i, sizeof line - 5 * (size_t)i, "%c=1%s", 'a' + i, i < 16 ? ", " : "");
    }
    spanlink_header items[] = {{spanlink_str_from("traceparent"), spanlink_str_from(FIRST)},
                               {spanlink_str_from("tracestate"), spanlink_str_from(line)},
                               {spanlink_str_from("tracestate"), spanlink_str_from(line)}};
    spanlink_headers headers = {items, 3, 3};
    spanlink_getter getter = spanlink_headers_getter(&headers);
    carrier_read(&received, &getter, NULL);
    assert_int_equal(received.tracestate, SPANLINK_ERR_TRACESTATE_MEMBERS);
}

TEST(no_header_is_no_context_and_nothing_is_refused) {
    struct carrier carrier;
    struct received received;
    struct complaints complaints = {.count = 0};
    spanlink_getter getter = carry(&carrier, "tracestate", "a=1", NULL, NULL);
    message_read(&received, &getter, NULL);
    carrier_complain(&complaints, "here", &received);
    assert_int_equal(received.status, SPANLINK_ERR_NO_CONTEXT);
    assert_int_equal(complaints.count, 0);
}
