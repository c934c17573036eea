/* SPDX-License-Identifier: MIT */
/* Scenarios in which memory runs out at every place where it can: see test_scenario.h. */
#include "test.h"
#include "test_links.h"
#include "test_scenario.h"

#include <spanlink/spanlink.h>

#include <stdio.h>

/* Links that need every kind of memory, made once; no scenario changes them. */

enum { LINKS = 12, WIDE = 17, NESTED = 9, BATCH = 3 };

typedef struct rich_link {
    char trace_state[64];
    char text[24];
    char keys[WIDE][2];
    spanlink_value nested[NESTED];
    spanlink_attribute entries[3];
    spanlink_attribute attributes[WIDE];
} rich_link;

static rich_link made[LINKS];
static spanlink_link links[LINKS + BATCH];

/* The headers that a service receives: a traceparent, and a tracestate, mostly in two lines. */
static spanlink_context receive(unsigned number, char trace_state[64]) {
    char parent[64], first[64];
    snprintf(parent, sizeof parent, "00-4bf92f3577b34da6a3ce929d0e0e%04x-00f067aa0ba9%04x-0%u",
             number % 9, number % 9, number % 2);
    snprintf(first, sizeof first, " vendor=%0*u , ,", (int)(number % 5 + 1), number);
    spanlink_header lines[] = {
        {spanlink_str_from("TraceParent"), spanlink_str_from(parent)},
        {spanlink_str_from("tracestate"), spanlink_str_from(first)},
        {spanlink_str_from("tracestate"), spanlink_str_from("other=2")},
    };
    spanlink_headers headers = {lines, number % 3 == 0 ? 1 : 3, 3};
    spanlink_getter getter = spanlink_headers_getter(&headers);
    spanlink_context context;
    assert_ok(spanlink_extract(&getter, NULL, trace_state, 64, &context));
    assert_int_equal(number % 3 == 0, context.trace_state.len == 0);
    return context;
}

/* A map inside nested arrays. */
static spanlink_value nest(rich_link *rich) {
    rich->entries[0] = spanlink_attribute_string("inside", rich->text);
    rich->entries[1] = spanlink_attribute_string("", "has no key, and is dropped");
    rich->entries[2] = spanlink_attribute_double("real", 0.5);
    rich->nested[0] = spanlink_attribute_map("m", rich->entries, 3).value;
    for (size_t i = 1; i < NESTED; i++) {
        rich->nested[i] = spanlink_attribute_array("a", &rich->nested[i - 1], 1).value;
    }
    return rich->nested[NESTED - 1];
}

static spanlink_link make_link(unsigned number, rich_link *rich) {
    memset(rich->text, 'x', sizeof rich->text);
    rich->text[number * 7 % sizeof rich->text] = '\0';
    rich->text[sizeof rich->text - 1] = '\0';
    unsigned count = number % 6 == 5 ? WIDE : number % 4;
    for (unsigned i = 0; i < count; i++) {
        rich->keys[i][0] = (char)('a' + i);
        rich->attributes[i] = i % 2 == 0 ? spanlink_attribute_string(rich->keys[i], rich->text)
                                         : spanlink_attribute_int(rich->keys[i], (int64_t)number);
    }
    if (number % 4 == 1) {
        rich->attributes[0].value = nest(rich);
    }
    return (spanlink_link){.context = receive(number, rich->trace_state),
                           .attributes = rich->attributes,
                           .attribute_count = count};
}

TEST_AT_START(make_links) {
    for (unsigned i = 0; i < LINKS + BATCH; i++) {
        links[i] = i < LINKS ? make_link(i + 1, &made[i]) : links[i - LINKS];
    }
}

static spanlink_status add_link(spanlink_list *list, size_t number) {
    return spanlink_list_add(list, &links[number % LINKS]);
}

static spanlink_status append_links(spanlink_list *list, size_t first) {
    return spanlink_list_append(list, &links[first % LINKS], BATCH);
}

/* Which of 16 kinds the bounded list is: each policy, unique or not, with expected links or not. */
static uint32_t kind;

static spanlink_status make_list(spanlink_allocator allocator, bool bounded, spanlink_list **list) {
    spanlink_list_options options = test_list_options();
    options.allocator = allocator;
    options.hash_seed[0] = 1;
    if (bounded) {
        options.limits.max_links = 4;
        options.overflow = kind % 4;
        options.unique = kind / 4 % 2 != 0;
        options.expected_links = kind / 8 * 4;
    }
    return spanlink_list_create(&options, list);
}

/* From headers to OTLP and back, using every function of a list. */

enum { BOUNDED, OTHER, DECODED }; /* lists */

static spanlink_status make_two(test_world *w, size_t number) {
    return make_list(w->allocator, number == BOUNDED, &w->lists[number]);
}

static spanlink_status make_decoded(test_world *w, size_t number) {
    (void)number;
    return make_list(w->allocator, false, &w->lists[DECODED]);
}

static spanlink_status add_received(test_world *w, size_t number) {
    return add_link(w->lists[BOUNDED], number);
}

static spanlink_status add_of_a_kind(test_world *w, size_t number) {
    spanlink_context context = test_context(100 + number);
    switch (number % 6) {
    case 0:
        return spanlink_list_add_of_type(w->lists[BOUNDED], &context,
                                         SPANLINK_LINK_TYPE_FOLLOWS_FROM);
    case 1:
        return spanlink_list_add_custom(w->lists[BOUNDED], &context, "a type of its own");
    case 2:
        return spanlink_list_add_batch_item(w->lists[BOUNDED], &context, 1);
    case 3:
        return spanlink_list_add_retry(w->lists[BOUNDED], &context, 2);
    case 4:
        return spanlink_list_add_aggregate(w->lists[BOUNDED], &context, "a source of some length");
    default:
        return spanlink_list_add_causal(w->lists[BOUNDED], &context, "a reason of some length");
    }
}

static spanlink_status append_to_bounded(test_world *w, size_t number) {
    return append_links(w->lists[BOUNDED], number);
}

static spanlink_status append_to_other(test_world *w, size_t number) {
    return append_links(w->lists[OTHER], number);
}

static spanlink_status merge_other(test_world *w, size_t number) {
    (void)number;
    return spanlink_list_merge(w->lists[BOUNDED], w->lists[OTHER]);
}

static spanlink_status dedup(test_world *w, size_t number) {
    return spanlink_list_dedup(w->lists[number]);
}

static spanlink_status truncate(test_world *w, size_t number) {
    return spanlink_list_truncate(w->lists[number], 3);
}

#ifndef SPANLINK_NO_OTLP

/* Encoding allocates nothing; decoding does. The decoded links equal the encoded ones. */
static spanlink_status encode_and_decode(test_world *w, size_t number) {
    static uint8_t bytes[8192];
    static char json[32768];
    size_t count, written;
    const spanlink_link *held = spanlink_list_links(w->lists[BOUNDED], &count);
    assert_ok(spanlink_otlp_json_encode(held, count, json, sizeof json, &written));
    assert_ok(spanlink_otlp_encode(held, count, bytes, sizeof bytes, &written));
    spanlink_status status = spanlink_otlp_decode(bytes, written, w->lists[DECODED]);
    if (status == SPANLINK_OK && number == 0) {
        test_expect_same_links(w->lists[BOUNDED], w->lists[DECODED]);
    }
    return status;
}

#else

static spanlink_status encode_and_decode(test_world *w, size_t number) {
    return append_links(w->lists[DECODED], number);
}

#endif

static spanlink_status merge_decoded(test_world *w, size_t number) {
    (void)number;
    return spanlink_list_merge(w->lists[BOUNDED], w->lists[DECODED]);
}

static spanlink_status start_again(test_world *w, size_t number) {
    (void)number;
    spanlink_list_clear(w->lists[BOUNDED]);
    return SPANLINK_OK;
}

/* The steps in order, with the number of repetitions. */
static const struct {
    spanlink_status (*take)(test_world *w, size_t number);
    size_t times;
} legs[] = {
    {make_two, 2},          {add_received, 8},    {add_of_a_kind, 6}, {append_to_other, 2},
    {merge_other, 1},       {append_to_other, 2}, {dedup, 2},         {append_to_bounded, 1},
    {truncate, 2},          {append_to_other, 1}, {make_decoded, 1},  {add_received, 2},
    {encode_and_decode, 2}, {merge_decoded, 1},   {start_again, 1},   {append_to_bounded, 1},
    {merge_other, 1},
};

static size_t journey_steps(void) {
    size_t steps = 0;
    for (size_t i = 0; i < sizeof legs / sizeof legs[0]; i++) {
        steps += legs[i].times;
    }
    return steps;
}

static spanlink_status journey_step(test_world *world, size_t step) {
    size_t leg = 0;
    for (; step >= legs[leg].times; leg++) {
        step -= legs[leg].times;
    }
    return legs[leg].take(world, step);
}

TEST(from_headers_to_otlp_and_back) {
    const test_scenario scenario = {journey_steps(), journey_step, NULL};
    for (kind = 0; kind < 16; kind++) {
        assert_true(test_scenario_fail(&scenario) > 15);
        assert_true(test_scenario_fail_in_pools(&scenario) > 500);
    }
}

/*
 * Look-ups of more keys than a cache holds. If only the list runs out of memory, the cache keeps
 * the link that was created. So either the cache or the list runs out, and each is checked for what
 * it promises; with both in one pool, only the list is checked.
 */

enum { KEYS = 9, ASKED = 30, CACHING_STEPS = 2 + ASKED + KEYS };

typedef enum who_lacks { CACHE_LACKS, LIST_LACKS, BOTH_LACK } who_lacks;

static who_lacks lacking;

static spanlink_status make_cache(test_world *w) {
    spanlink_cache_options options = SPANLINK_CACHE_OPTIONS_INIT;
    options.allocator = lacking == LIST_LACKS ? (spanlink_allocator){0} : w->allocator;
    options.capacity = 6;
    options.shards = 2;
    options.hash_seed[0] = 1;
    return spanlink_cache_create(&options, &w->cache);
}

static spanlink_status make_cache_list(test_world *w) {
    return make_list(lacking == CACHE_LACKS ? (spanlink_allocator){0} : w->allocator, false,
                     &w->lists[0]);
}

static spanlink_str key_of(size_t number, char text[32]) {
    snprintf(text, 32, "key %0*u", (int)(number % 3 * 9 + 1), (unsigned)number);
    return spanlink_str_from(text);
}

static spanlink_status load(void *state, spanlink_str key, spanlink_link_emit_fn emit, void *sink) {
    const size_t *number = state;
    (void)key;
    return emit(sink, &links[*number]);
}

static spanlink_status refuse(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                              void *sink) {
    (void)key;
    (void)emit;
    (void)sink;
    *(bool *)state = true;
    return SPANLINK_ERR_NO_CONTEXT;
}

/* Hits, misses and evictions; some calls remove a key instead, and one clears the cache. */
static spanlink_status ask(test_world *w, size_t number) {
    char text[32];
    size_t wanted = number * number % KEYS;
    if (number == 20) {
        spanlink_cache_clear(w->cache);
        return SPANLINK_OK;
    }
    if (number % 11 == 10) {
        spanlink_cache_remove(w->cache, key_of(wanted, text));
        return SPANLINK_OK;
    }
    return spanlink_cache_get_or_create(w->cache, key_of(wanted, text), load, &wanted, w->lists[0]);
}

/* Notes the keys that are held, as bits. */
static spanlink_status find_whether_held(test_world *w, size_t number) {
    char text[32];
    bool missed = false;
    spanlink_status status =
        spanlink_cache_get_or_create(w->cache, key_of(number, text), refuse, &missed, w->lists[0]);
    w->notes |= (uint64_t)(status == SPANLINK_OK) << number;
    return missed ? SPANLINK_OK : status;
}

static spanlink_status caching_step(test_world *w, size_t step) {
    if (step < 2) {
        return step == 0 ? make_cache(w) : make_cache_list(w);
    }
    size_t number = step - 2;
    return number < ASKED ? ask(w, number) : find_whether_held(w, number - ASKED);
}

static void caching_look(test_world *w, test_picture *picture) {
    test_picture_list(picture, w->lists[0]);
    test_picture_number(picture, w->notes);
    if (lacking == CACHE_LACKS) {
        spanlink_cache_stats stats = SPANLINK_CACHE_STATS_INIT;
        spanlink_cache_get_stats(w->cache, &stats);
        test_picture_number(picture, stats.entries);
        test_picture_number(picture, stats.evictions);
    }
}

TEST(hits_misses_and_evictions_of_a_cache) {
    for (lacking = CACHE_LACKS; lacking <= BOTH_LACK; lacking++) {
        const test_scenario scenario = {CACHING_STEPS, caching_step, caching_look};
        assert_true(test_scenario_fail(&scenario) > 10);
        assert_true(test_scenario_fail_in_pools(&scenario) > 300);
    }
}
