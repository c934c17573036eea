/* SPDX-License-Identifier: MIT */
/* "Environment Variables as Context Propagation Carriers", OpenTelemetry 1.60. */
#include "test_environment.h"
#include "test.h"
#include "test_links.h"

#include <spanlink/environment.h>

/* Getting */

static void assert_found(const char *wanted, const spanlink_getter *getter, spanlink_str name) {
    spanlink_str value = str("untouched");
    size_t cursor = 0;
    if (wanted == NULL) {
        assert_false(getter->next(getter->state, name, &cursor, &value));
        assert_text("untouched", value);
        return;
    }
    assert_true(getter->next(getter->state, name, &cursor, &value));
    assert_text(wanted, value);
    assert_false(getter->next(getter->state, name, &cursor, &value));
    assert_text(wanted, value);
}

TEST(a_header_name_becomes_a_variable_name) {
    char *envp[] = {"X_B3_TRACEID=b3",
                    "TRACEPARENT=w3c",
                    "_9LIVES=nine",
                    "_=empty",
                    "A_B_C9_=odd",
                    "__=high",
                    NULL};
    spanlink_getter getter = spanlink_environment_getter(envp);
    assert_found("w3c", &getter, str("traceparent"));
    assert_found("w3c", &getter, str("TraceParent"));
    assert_found("b3", &getter, str("x-b3-traceid"));
    assert_found("b3", &getter, str("X_B3_TRACEID"));
    assert_found("nine", &getter, str("9lives"));
    assert_found("nine", &getter, str("_9LIVES"));
    assert_found("empty", &getter, str(""));
    assert_found("empty", &getter, str("_"));
    assert_found("odd", &getter, str("a.b c9="));
    assert_found("high", &getter, str("\xc3\xa9"));
    assert_found("high", &getter, (spanlink_str){"\0", 2});
}

TEST(every_byte_of_a_name_becomes_a_letter_a_digit_or_an_underscore) {
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    for (int byte = 0; byte < 256; byte++) {
        char name[] = {'n', (char)byte}, entry[] = "N_=here";
        bool small = byte >= 'a' && byte <= 'z';
        int upper = small ? byte - 'a' + 'A' : byte;
        if (upper != 0 && strchr(allowed, upper) != NULL) {
            entry[1] = (char)upper;
        }
        char *envp[] = {entry, NULL};
        spanlink_getter getter = spanlink_environment_getter(envp);
        assert_found("here", &getter, (spanlink_str){name, 2});
    }
}

TEST(only_the_variable_name_is_read) {
    char *envp[] = {"x-b3-traceid=no", "traceparent=no",
                    "TRACEPARENT",     "TRACEPARENT2=no",
                    "TRACEPAREN=no",   "",
                    "=TRACEPARENT",    NULL};
    spanlink_getter getter = spanlink_environment_getter(envp);
    assert_found(NULL, &getter, str("x-b3-traceid"));
    assert_found(NULL, &getter, str("traceparent"));
    assert_found(NULL, &getter, (spanlink_str){NULL, 3});
    char *nothing[] = {NULL};
    getter = spanlink_environment_getter(nothing);
    assert_found(NULL, &getter, str("traceparent"));
}

TEST(the_first_of_a_repeated_name_counts) {
    char *envp[] = {"TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                    "TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-ffffffffffffffff-01",
                    "TRACESTATE=", "TRACESTATE=a=1", NULL};
    spanlink_getter getter = spanlink_environment_getter(envp);
    spanlink_context context;
    assert_ok(spanlink_extract(&getter, NULL, NULL, 0, &context));
    assert_int_equal(0xb7, context.span_id[0]);
    assert_int_equal(0, context.trace_state.len);
}

#if defined(SPANLINK_NO_ENV)
static const char *const set_value = NULL;
#else
static const char *const set_value = "a=1";
#endif

TEST(without_an_array_the_environment_of_the_process_is_read) {
    spanlink_getter getter = spanlink_environment_getter(NULL);
    test_set_variable("X_TRACE_STATE", "a=1");
    assert_found(set_value, &getter, str("x-trace-state"));
    test_set_variable("X_TRACE_STATE", NULL);
    assert_found(NULL, &getter, str("x-trace-state"));
    assert_found(NULL, &getter, (spanlink_str){NULL, 3});
}

TEST(the_process_is_asked_for_names_of_255_characters_at_most) {
    char name[257];
    spanlink_getter getter = spanlink_environment_getter(NULL);
    memset(name, 'N', 256);
    name[255] = '\0';
    test_set_variable(name, "a=1");
    assert_found(set_value, &getter, str(name));
    test_set_variable(name, NULL);
    name[255] = 'N';
    name[256] = '\0';
    test_set_variable(name, "a=1");
    assert_found(NULL, &getter, str(name));
    test_set_variable(name, NULL);
}

/* Setting */

enum { ENTRIES = 8, TEXT = 256 };

typedef struct child {
    spanlink_environment environment;
    spanlink_setter setter;
    char *entries[ENTRIES];
    char text[TEXT];
} child;

static child c;

static void start_child(size_t max_entries, size_t capacity) {
    memset(&c, '!', sizeof c);
    c.environment = (spanlink_environment){c.text, capacity, 0, c.entries, 0, max_entries};
    c.setter = spanlink_environment_setter(&c.environment);
}

static void inherit(char *entry) {
    c.entries[c.environment.count++] = entry;
}

static spanlink_status set(const char *name, spanlink_str value) {
    return c.setter.set(c.setter.state, str(name), value);
}

static void assert_entries(const char *wanted) {
    char all[TEXT * 2] = "";
    for (size_t i = 0; i < c.environment.count; i++) {
        strcat(strcat(all, i == 0 ? "" : " "), c.entries[i]);
    }
    assert_string_equal(wanted, all);
    assert_null(c.entries[c.environment.count]);
}

TEST(set_adds_a_string_at_the_end) {
    start_child(ENTRIES, TEXT);
    inherit("HOME=/");
    assert_ok(set("traceparent", str("00-1")));
    assert_ok(set("9-lives", str("")));
    assert_ok(set("", (spanlink_str){NULL, 0}));
    assert_entries("HOME=/ TRACEPARENT=00-1 _9_LIVES= _=");
    assert_ptr_equal(c.text, c.entries[1]);
    assert_int_equal(sizeof "TRACEPARENT=00-1" + sizeof "_9_LIVES=" + sizeof "_=",
                     c.environment.used);
    assert_int_equal('!', c.text[c.environment.used]);
}

TEST(set_replaces_the_first_entry_and_removes_others_of_its_name) {
    start_child(ENTRIES, TEXT);
    inherit("HOME=/");
    inherit("TRACEPARENT=old");
    inherit("TRACEPARENTS=x");
    inherit("TRACEPARENT=older");
    inherit("TRACEPARENT");
    inherit("TRACEPARENT=oldest");
    assert_ok(set("traceparent", str("new")));
    assert_entries("HOME=/ TRACEPARENT=new TRACEPARENTS=x TRACEPARENT");
}

TEST(remove_deletes_all_entries_of_a_name) {
    start_child(ENTRIES, TEXT);
    inherit("TRACESTATE=a=1");
    inherit("HOME=/");
    inherit("TRACESTATE=");
    for (int i = 0; i < 2; i++) {
        assert_ok(c.setter.remove(c.setter.state, str("tracestate")));
        assert_entries("HOME=/");
    }
    assert_int_equal(0, c.environment.used);
}

TEST(an_entry_that_is_null_is_no_variable) {
    start_child(ENTRIES, TEXT);
    inherit(NULL);
    assert_ok(set("a", str("1")));
    assert_int_equal(2, c.environment.count);
    assert_null(c.entries[0]);
    assert_string_equal("A=1", c.entries[1]);
    assert_null(c.entries[2]);
}

TEST(a_full_text_or_array_changes_nothing) {
    for (size_t capacity = 0; capacity <= 4; capacity++) {
        for (size_t most = 0; most <= 3; most++) {
            start_child(most, capacity);
            inherit("HOME=/");
            child before = c;
            bool fits = capacity == 4 && most == 3;
            assert_status(fits ? SPANLINK_OK : SPANLINK_ERR_CAPACITY, set("a", str("1")));
            if (!fits) {
                assert_memory_equal(&before, &c, sizeof c);
            }
        }
    }
}

TEST(a_replaced_entry_needs_no_further_place) {
    start_child(3, TEXT);
    inherit("A=0");
    inherit("HOME=/");
    assert_ok(set("a", str("1")));
    assert_entries("A=1 HOME=/");
    assert_status(SPANLINK_ERR_CAPACITY, set("b", str("1")));
}

TEST(text_is_used_up_and_set_back_for_the_next_child) {
    start_child(2, 8);
    assert_ok(set("a", str("1")));
    assert_ok(set("a", str("2")));
    assert_status(SPANLINK_ERR_CAPACITY, set("a", str("3")));
    assert_entries("A=2");
    c.environment.used = c.environment.count = 0;
    assert_ok(set("a", str("3")));
    assert_entries("A=3");
    c.environment.used = 9;
    assert_status(SPANLINK_ERR_CAPACITY, set("a", str("4")));
}

TEST(a_nul_in_a_value_is_refused) {
    start_child(ENTRIES, TEXT);
    child before = c;
    assert_refused(set("a", (spanlink_str){"b\0c", 3}));
    assert_refused(set("a", (spanlink_str){"b", 2}));
    assert_memory_equal(&before, &c, sizeof c);
}

TEST(null_arguments_are_refused) {
    spanlink_str null = {NULL, 1};
    start_child(ENTRIES, TEXT);
    child before = c;
    assert_refused(c.setter.set(c.setter.state, null, str("x")));
    assert_refused(c.setter.set(c.setter.state, str("x"), null));
    assert_refused(c.setter.remove(c.setter.state, null));
    assert_memory_equal(&before, &c, sizeof c);
    assert_null(spanlink_environment_setter(NULL).set);
    assert_null(spanlink_environment_setter(NULL).remove);
}

TEST(an_environment_without_its_memory_is_refused) {
    char *entries[2], text[8];
    spanlink_environment lacking[] = {
        {NULL, 8, 0, entries, 0, 2}, {text, 8, 0, NULL, 0, 2}, {text, 8, 0, NULL, 1, 0}};
    for (size_t i = 0; i < sizeof lacking / sizeof lacking[0]; i++) {
        spanlink_setter setter = spanlink_environment_setter(&lacking[i]);
        assert_refused(setter.set(setter.state, str("a"), str("1")));
        assert_refused(setter.remove(setter.state, str("a")));
    }
}

TEST(an_environment_of_nothing_holds_nothing) {
    spanlink_environment empty = {NULL, 0, 0, NULL, 0, 0};
    spanlink_setter setter = spanlink_environment_setter(&empty);
    assert_status(SPANLINK_ERR_CAPACITY, setter.set(setter.state, str("a"), str("1")));
    assert_ok(setter.remove(setter.state, str("a")));
    char text[8];
    empty = (spanlink_environment){text, sizeof text, 0, NULL, 0, 0};
    assert_status(SPANLINK_ERR_CAPACITY, setter.set(setter.state, str("a"), str("1")));
    assert_ok(setter.remove(setter.state, str("a")));
}

TEST(remove_needs_a_place_for_the_null) {
    char a[] = "A=1", b[] = "B=2";
    char *entries[] = {a, b};
    spanlink_environment environment = {.entries = entries, .count = 2};
    spanlink_setter setter = spanlink_environment_setter(&environment);
    assert_status(SPANLINK_ERR_CAPACITY, setter.remove(setter.state, str("a")));
    environment.max_entries = 2;
    assert_status(SPANLINK_ERR_CAPACITY, setter.remove(setter.state, str("c")));
    assert_int_equal(2, environment.count);
    assert_ptr_equal(a, entries[0]);
    assert_ptr_equal(b, entries[1]);
    assert_ok(setter.remove(setter.state, str("a")));
    assert_int_equal(1, environment.count);
    assert_ptr_equal(b, entries[0]);
    assert_null(entries[1]);
    assert_ok(setter.remove(setter.state, str("b")));
    assert_ok(setter.remove(setter.state, str("b")));
    assert_int_equal(0, environment.count);
    assert_null(entries[0]);
}

TEST(a_context_reaches_a_child_and_stale_variables_do_not) {
    spanlink_context context = test_context(1), back;
    char text[SPANLINK_INJECT_TEXT];
    start_child(ENTRIES, TEXT);
    inherit("TRACESTATE=stale=1");
    inherit("PATH=/bin");
    assert_ok(spanlink_inject(&context, NULL, &c.setter, text, sizeof text));
    memset(text, 0, sizeof text);
    spanlink_getter getter = spanlink_environment_getter(c.entries);
    assert_ok(spanlink_extract(&getter, NULL, NULL, 0, &back));
    assert_true(spanlink_context_same_span(&context, &back));
    assert_int_equal(0, back.trace_state.len);
    assert_int_equal(2, c.environment.count);
    assert_string_equal("PATH=/bin", c.entries[0]);
}
