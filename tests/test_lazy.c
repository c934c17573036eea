/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "test_fixtures.h"
#include "test_scenario.h"

#include <spanlink/lazy.h>

#include <internal/lock.h>

/* A provider that emits contexts with the numbers 1 to `count`, and returns `status`. */
typedef struct source {
    uint64_t count;
    spanlink_status status;
    int calls;
    spanlink_list *watched; /* checked after each emit */
    size_t watched_links;
    spanlink_status null_status; /* result of emit for a NULL context */
} source;

static spanlink_status provide(void *state, spanlink_context_emit_fn emit, void *sink) {
    source *self = state;
    self->calls++;
    for (uint64_t number = 1; number <= self->count; number++) {
        spanlink_context context = test_context(number);
        (void)emit(sink, &context);
        memset(&context, 0xff, sizeof context);
        size_t count;
        spanlink_list_links(self->watched, &count);
        self->watched_links += count;
    }
    return self->status;
}

static source from;
static spanlink_lazy lazy;

/* Makes the provider emit `count` contexts, and returns the list to build. */
static spanlink_list *begin(uint64_t count) {
    from = (source){.count = count};
    lazy = (spanlink_lazy){.provider = provide, .state = &from};
    return test_list();
}

static void expect_link(const spanlink_link *link, uint64_t number, const char *type) {
    spanlink_context context = test_context(number);
    assert_true(spanlink_context_same_span(&context, &link->context));
    assert_int_equal(context.trace_flags, link->context.trace_flags);
    assert_int_equal(0, link->dropped_attributes_count);
    assert_int_equal(1, link->attribute_count);
    assert_text("link.type", link->attributes[0].key);
    assert_int_equal(SPANLINK_VALUE_STRING, link->attributes[0].value.type);
    assert_text(type, link->attributes[0].value.string_value);
}

TEST(each_context_becomes_a_link_of_type_lazy) {
    spanlink_list *list = begin(3);
    assert_ok(spanlink_lazy_build(&lazy, list));
    const spanlink_link *links = test_list_links(list, 3);
    for (size_t i = 0; i < 3; i++) {
        expect_link(&links[i], i + 1, "lazy");
    }
}

TEST(links_have_the_given_type) {
    char type[] = "follows_from";
    spanlink_list *list = begin(1);
    lazy.type = spanlink_str_from(type);
    assert_ok(spanlink_lazy_build(&lazy, list));
    memset(type, 'x', sizeof type - 1);
    expect_link(spanlink_list_links(list, NULL), 1, "follows_from");
}

TEST(the_provider_runs_once_at_each_build_and_not_before) {
    spanlink_list *list = begin(2);
    assert_int_equal(0, from.calls);
    assert_ok(spanlink_lazy_build(&lazy, list));
    assert_int_equal(1, from.calls);
    from.count = 1;
    assert_ok(spanlink_lazy_build(&lazy, list));
    assert_int_equal(2, from.calls);
    assert_int_equal(3, test_stats(list).kept);
}

TEST(a_type_that_is_null_with_a_length_is_refused) {
    spanlink_list *list = begin(1);
    lazy.type = (spanlink_str){NULL, 4};
    assert_refused(spanlink_lazy_build(&lazy, list));
    lazy.type = spanlink_str_make("retrying", 5);
    assert_ok(spanlink_lazy_build(&lazy, list));
    const spanlink_link *link = spanlink_list_links(list, NULL);
    assert_text("retry", spanlink_link_find(link, "link.type")->value.string_value);
}

TEST(a_provider_may_emit_nothing) {
    spanlink_list *list = begin(0);
    assert_ok(spanlink_lazy_build(&lazy, list));
    assert_int_equal(0, test_stats(list).offered);
}

TEST(an_error_of_the_provider_leaves_the_list_as_it_was) {
    spanlink_list *list = begin(5);
    assert_ok(spanlink_lazy_build(&lazy, list));
    from.count = 3;
    from.status = SPANLINK_ERR_NO_CONTEXT;
    assert_status(SPANLINK_ERR_NO_CONTEXT, spanlink_lazy_build(&lazy, list));
    from.status = (spanlink_status)250;
    assert_int_equal(250, spanlink_lazy_build(&lazy, list));
    test_expect_stats(list, 5, 0, 0, 0);
}

TEST(nothing_is_in_the_list_before_the_provider_has_returned) {
    spanlink_list *list = begin(3);
    from.watched = list;
    assert_ok(spanlink_lazy_build(&lazy, list));
    assert_int_equal(0, from.watched_links);
    assert_int_equal(3, test_stats(list).kept);
}

static spanlink_status emit_zero(void *state, spanlink_context_emit_fn emit, void *sink) {
    (void)state;
    spanlink_context zero = {.is_remote = false};
    return emit(sink, &zero);
}

TEST(a_zero_context_is_recorded_because_it_has_a_type) {
    spanlink_list *list = begin(0);
    lazy.provider = emit_zero;
    assert_ok(spanlink_lazy_build(&lazy, list));
    assert_int_equal(1, test_stats(list).kept);
    expect_link(spanlink_list_links(list, NULL), 0, "lazy");
}

TEST(the_lists_own_limits_and_policy_hold) {
    spanlink_list *list =
        test_list(.limits.max_links = 2, .overflow = SPANLINK_OVERFLOW_KEEP_LAST, .unique = true);
    begin(5);
    assert_ok(spanlink_lazy_build(&lazy, list));
    assert_int_equal(3, test_stats(list).over_limit);
    const spanlink_link *links = test_list_links(list, 2);
    assert_int_equal(4, links[0].context.span_id[0]);
    assert_int_equal(5, links[1].context.span_id[0]);
    from.count = 0;
    assert_ok(spanlink_lazy_build(&lazy, list));
    assert_int_equal(5, test_stats(list).offered);
}

static spanlink_status emit_null(void *state, spanlink_context_emit_fn emit, void *sink) {
    source *self = state;
    spanlink_context context = test_context(1);
    self->null_status = emit(sink, NULL);
    return emit(sink, &context);
}

TEST(a_null_context_is_refused_and_the_build_goes_on) {
    spanlink_list *list = begin(0);
    lazy.provider = emit_null;
    assert_ok(spanlink_lazy_build(&lazy, list));
    assert_refused(from.null_status);
    assert_int_equal(1, test_stats(list).kept);
}

TEST(an_invalid_link_fails_the_build_and_is_not_counted) {
    spanlink_list *list = test_list(.limits.max_attributes = SPANLINK_NONE);
    begin(0);
    lazy.provider = emit_zero;
    assert_status(SPANLINK_ERR_LINK_INVALID, spanlink_lazy_build(&lazy, list));
    assert_int_equal(0, test_stats(list).offered);
}

TEST(null_arguments_are_refused_before_the_provider_runs) {
    spanlink_list *list = begin(1);
    spanlink_lazy empty = {.state = &from};
    assert_refused(spanlink_lazy_build(NULL, list));
    assert_refused(spanlink_lazy_build(&empty, list));
    assert_refused(spanlink_lazy_build(&lazy, NULL));
    assert_int_equal(0, from.calls);
    assert_int_equal(0, test_stats(list).offered);
}

/* The provider ignores the result of emit; the build still fails. */

static spanlink_status build_many(spanlink_list *list) {
    source many = {.count = 40};
    spanlink_lazy typed = {provide, &many, spanlink_str_from("a type with a text of its own")};
    return spanlink_lazy_build(&typed, list);
}

TEST(each_allocation_that_fails_leaves_the_list_as_it_was) {
    assert_true(test_scenario_change_list(build_many) > 20);
}

#if defined(SLNK_LOCK_POSIX) && defined(PTHREAD_CANCEL_DISABLE)

/* A provider that emits some contexts and never returns. */
static spanlink_status provide_for_ever(void *state, spanlink_context_emit_fn emit, void *sink) {
    (void)state;
    for (uint64_t number = 1; number <= 40; number++) {
        spanlink_context context = test_context(number);
        emit(sink, &context);
    }
    for (;;) {
        pthread_testcancel();
    }
    return SPANLINK_OK;
}

static void *build_for_ever(void *list) {
    spanlink_lazy endless = {.provider = provide_for_ever};
    (void)spanlink_lazy_build(&endless, list);
    return NULL;
}

TEST(a_cancelled_provider_leaves_the_list_and_no_memory) {
    spanlink_list *list = test_list(.allocator = test_counted());
    size_t blocks = test_heap.live_blocks;
    pthread_t thread;
    void *result;
    assert_int_equal(0, pthread_create(&thread, NULL, build_for_ever, list));
    assert_int_equal(0, pthread_cancel(thread));
    assert_int_equal(0, pthread_join(thread, &result));
    assert_true(result == PTHREAD_CANCELED);
    assert_int_equal(blocks, test_heap.live_blocks);
    assert_int_equal(0, test_stats(list).offered);
}

#endif
