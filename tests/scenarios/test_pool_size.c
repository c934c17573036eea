/* SPDX-License-Identifier: MIT */
/*
 * Searches many sequences of calls, directed and random ones, for the one that needs the largest
 * pool. spanlink_list_pool_size() is at least that size, and at most twice as much.
 */
#include "test.h"
#include "test_fixtures.h"

#include <spanlink/spanlink.h>

#include <stdlib.h>

/*
 * A pool that records the end of its last block. A pool is first-fit, so a pool that ends there
 * behaves in the same way, and in a smaller one a call fails.
 */
typedef struct watched_pool {
    spanlink_pool pool;
    spanlink_allocator inner;
    char *buffer;
    size_t need;
} watched_pool;

static void *note(watched_pool *watched, void *block, size_t size) {
    if (block != NULL) {
        size_t end = (size_t)((char *)block - watched->buffer) + size;
        watched->need = end > watched->need ? end : watched->need;
    }
    return block;
}

static void *watched_allocate(void *state, size_t size) {
    watched_pool *watched = state;
    return note(watched, watched->inner.allocate(watched->inner.state, size), size);
}

static void *watched_resize(void *state, void *block, size_t old_size, size_t new_size) {
    watched_pool *watched = state;
    void *moved = watched->inner.resize(watched->inner.state, block, old_size, new_size);
    return note(watched, moved, new_size);
}

static void watched_release(void *state, void *block, size_t size) {
    watched_pool *watched = state;
    watched->inner.release(watched->inner.state, block, size);
}

static spanlink_allocator watch(watched_pool *watched, char *buffer, size_t size) {
    *watched = (watched_pool){.buffer = buffer};
    watched->inner = spanlink_pool_init(&watched->pool, buffer, size);
    return (spanlink_allocator){watched, watched_allocate, watched_resize, watched_release};
}

/* Links that use their attributes in one of several ways, and all of their text. */

enum { MOST_LINKS = 300, MOST_ATTRIBUTES = 100, MOST_TEXT = 2000 };

typedef struct shape {
    size_t links, attributes, text;
} shape;

typedef enum kind { FLAT, IN_A_MAP, IN_AN_ARRAY, KINDS } kind;

static spanlink_attribute attributes_of[MOST_LINKS][MOST_ATTRIBUTES];
static const spanlink_value elements[MOST_ATTRIBUTES];
static spanlink_link batch[MOST_LINKS];

/* Makes attributes with keys of two letters while text remains. Returns their number. */
static size_t make_attributes(spanlink_attribute *attributes, size_t most, size_t *text) {
    static char keys[MOST_ATTRIBUTES][2];
    size_t count = 0;
    for (; count < most && *text >= 2; count++, *text -= 2) {
        keys[count][0] = (char)('!' + count % 90);
        keys[count][1] = (char)('a' + count / 90);
        attributes[count] = spanlink_attribute_make(spanlink_str_make(keys[count], 2),
                                                    spanlink_value_int((int64_t)count));
    }
    return count;
}

static size_t make_nested(spanlink_attribute *attributes, size_t most, size_t *text, kind how) {
    *text -= 1;
    if (how == IN_A_MAP) {
        size_t count = make_attributes(attributes + 1, most - 1, text);
        attributes[0] = spanlink_attribute_map("m", attributes + 1, count);
    } else {
        attributes[0] = spanlink_attribute_array("a", elements, most - 1);
    }
    return 1;
}

/* Makes a link of the batch, of the given size. */
static void make_link(size_t number, uint64_t span, shape size, kind how) {
    static const char letters[MOST_TEXT] = "a tracestate need not be a valid one";
    spanlink_attribute *attributes = attributes_of[number];
    size_t text = size.text;
    bool is_flat = how == FLAT || size.attributes < 2 || text < 3;
    spanlink_link *link = &batch[number];
    *link = (spanlink_link){.context = test_context(span), .attributes = attributes};
    link->context.trace_flags = span % 3 == 0;
    link->attribute_count = is_flat ? make_attributes(attributes, size.attributes, &text)
                                    : make_nested(attributes, size.attributes, &text, how);
    link->context.trace_state = spanlink_str_make(letters, text);
}

/* Calls */

typedef struct search {
    shape most;
    spanlink_list_options options;
    size_t size;
    char *buffer;
    watched_pool watched;
    spanlink_list *list;
    uint64_t random, span;
    size_t need; /* bytes needed by the worst sequence */
} search;

static void begin_sequence(search *s) {
    s->options.allocator = watch(&s->watched, s->buffer, s->size);
    s->list = test_list_create(&s->options);
    s->span = 1;
}

static void end_sequence(search *s) {
    test_list_destroy(s->list);
    s->need = s->watched.need > s->need ? s->watched.need : s->need;
}

typedef enum door { ADD, APPEND, MERGE, DOORS } door;

static void add_batch(spanlink_list *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        assert_ok(spanlink_list_add(list, &batch[i]));
    }
}

static void merge_batch(search *s, size_t count) {
    spanlink_list *other = test_list(.overflow = s->options.overflow, .unique = s->options.unique);
    add_batch(other, count);
    assert_ok(spanlink_list_merge(s->list, other));
    test_list_destroy(other);
}

static void offer_batch(search *s, size_t count, door way) {
    if (way == ADD) {
        add_batch(s->list, count);
    } else if (way == APPEND) {
        assert_ok(spanlink_list_append(s->list, batch, count));
    } else {
        merge_batch(s, count);
    }
}

typedef enum cut { NOTHING, ALL, ALL_BUT_COUNTS, HALF, LAST, REPEATS, CUTS } cut;

static void cut_links(search *s, cut what) {
    size_t kept = (size_t)test_stats(s->list).kept;
    if (what == ALL) {
        spanlink_list_clear(s->list);
    } else if (what == REPEATS) {
        assert_ok(spanlink_list_dedup(s->list));
    } else if (what != NOTHING) {
        size_t rest = what == HALF ? kept / 2 : what == LAST && kept != 0 ? kept - 1 : 0;
        assert_ok(spanlink_list_truncate(s->list, rest));
    }
}

/* Directed search: batches whose links grow in steps from nothing to the largest, with removals
 * between them. */

typedef struct plan {
    size_t steps, batch, cut_every;
    kind how;
    door way;
    cut what;
} plan;

static void offer_step(search *s, const plan *p, size_t step) {
    size_t part = step < p->steps ? step : p->steps;
    shape size = {0, s->most.attributes * part / p->steps, s->most.text * part / p->steps};
    for (size_t i = 0; i < p->batch; i++) {
        s->span += p->what != REPEATS || i % 3 != 0;
        make_link(i, s->span, size, p->how);
    }
    offer_batch(s, p->batch, p->way);
}

static void run_plan(search *s, const plan *p) {
    begin_sequence(s);
    for (size_t step = 0; step <= p->steps + 3; step++) {
        offer_step(s, p, step);
        if (step % p->cut_every == 0) {
            cut_links(s, p->what);
        }
        if (step % 3 == 0) {
            spanlink_list_links(s->list, NULL); /* adds the markers */
        }
    }
    end_sequence(s);
}

static void run_plans(search *s) {
    static const size_t steps[] = {1, 4, 12, 40};
    for (size_t i = 0; i < 4 * KINDS * DOORS * CUTS * 2; i++) {
        plan p = {.steps = steps[i % 4],
                  .how = (kind)(i / 4 % KINDS),
                  .way = (door)(i / 4 / KINDS % DOORS),
                  .what = (cut)(i / 4 / KINDS / DOORS % CUTS)};
        bool often = i / 4 / KINDS / DOORS / CUTS != 0;
        p.batch = often && p.way == ADD ? 1 : s->most.links;
        p.cut_every = often ? 1 : 3;
        if (s->most.links <= 32 || p.steps <= 4) {
            run_plan(s, &p);
        }
    }
}

/* Random search: each sequence has its own probabilities of batches, removals and small links. */

typedef struct odds {
    size_t batch, cut, mode;
} odds;

static shape random_size(search *s, const odds *of, size_t percent) {
    size_t mode = of->mode < 4 ? of->mode : test_random_below(&s->random, 4);
    shape most = s->most;
    if (mode == 1) {
        most.attributes = most.attributes * percent / 100;
        most.text = most.text * percent / 100;
    } else if (mode == 2 && test_random_below(&s->random, 2) == 0) {
        most.attributes = 0;
    } else if (mode == 3) {
        most.attributes = test_random_below(&s->random, most.attributes + 1);
        most.text = test_random_below(&s->random, most.text + 1);
    }
    return most;
}

static void offer_at_random(search *s, const odds *of, size_t percent) {
    bool is_single = test_random_below(&s->random, of->batch) != 0;
    size_t count = is_single ? 1 : 1 + test_random_below(&s->random, s->most.links);
    for (size_t i = 0; i < count; i++) {
        uint64_t span = 1 + test_random_below(&s->random, 2 * s->most.links + 2);
        shape size = random_size(s, of, percent);
        make_link(i, span, size, (kind)test_random_below(&s->random, KINDS));
    }
    offer_batch(s, count, (door)test_random_below(&s->random, DOORS));
}

static void run_at_random(search *s, size_t calls) {
    odds of = {.batch = (size_t)2 << test_random_below(&s->random, 6),
               .cut = (size_t)2 << test_random_below(&s->random, 6),
               .mode = test_random_below(&s->random, 8)};
    begin_sequence(s);
    for (size_t call = 0; call < calls; call++) {
        offer_at_random(s, &of, 100 * (call + 1) / calls);
        if (test_random_below(&s->random, of.cut) == 0) {
            cut_links(s, (cut)test_random_below(&s->random, CUTS));
        }
        if (call % 5 == 0) {
            spanlink_list_links(s->list, NULL);
        }
    }
    end_sequence(s);
}

/* Runs the search in a pool of the tested size at an odd address, where no call may fail. */
static void search_for_need(search *s) {
    const shape *most = &s->most;
    s->size = spanlink_list_pool_size(&s->options, most->attributes, most->text);
    s->buffer = (char *)test_block(s->size + 1) + 1;
    run_plans(s);
    for (size_t i = 0; i < 100; i++) {
        run_at_random(s, 60);
    }
    test_end_round();
}

static void check_size(const search *s) {
    const shape *most = &s->most;
    if (s->size > 2 * s->need) {
        fail_msg("%zu links, %zu attributes, %zu bytes, policy %u, unique %d: %zu for %zu",
                 most->links, most->attributes, most->text, (unsigned)s->options.overflow,
                 s->options.unique, s->size, s->need);
    }
}

/* For each policy, unique or not; every third list with expected_links, every fifth without
 * markers.
 */
static void search_shapes(const shape *shapes, size_t count) {
    for (size_t i = 0; i < count * 8; i++) {
        search s = {.most = shapes[i / 8], .random = i + 1};
        s.options = test_list_options();
        s.options.limits.max_links = s.most.links;
        s.options.overflow = i % 4;
        s.options.unique = i / 4 % 2 != 0;
        s.options.no_markers = i % 5 == 0;
        s.options.expected_links = i % 3 == 0 ? s.most.links : 0;
        search_for_need(&s);
        check_size(&s);
    }
}

TEST(of_few_links_the_pool_size_is_at_most_twice_what_the_worst_calls_need) {
    static const shape shapes[] = {{1, 0, 10},    {1, 2, 20},  {1, 2, 300},   {1, 10, 2000},
                                   {1, 100, 300}, {2, 0, 10},  {2, 2, 100},   {2, 5, 2000},
                                   {3, 0, 20},    {3, 2, 100}, {3, 10, 1500}, {4, 3, 64}};
    search_shapes(shapes, sizeof shapes / sizeof shapes[0]);
}

TEST(of_many_links_the_pool_size_is_at_most_twice_what_the_worst_calls_need) {
    static const shape shapes[] = {{5, 4, 64},  {8, 2, 64},  {8, 8, 1000}, {16, 4, 200},
                                   {32, 2, 64}, {128, 0, 0}, {128, 2, 64}, {300, 1, 8}};
    search_shapes(shapes, sizeof shapes / sizeof shapes[0]);
}

/* A list of few links has one chunk, which may move when it grows. */
TEST(few_links_keep_their_values_while_their_memory_grows) {
    for (size_t expected = 0; expected < 3; expected++) {
        spanlink_list *list =
            test_list(.allocator = test_counted(), .limits.max_links = 3,
                      .expected_links = expected, .overflow = SPANLINK_OVERFLOW_KEEP_LAST,
                      .no_markers = true);
        for (size_t i = 0; i < 200; i++) {
            make_link(i, i + 1, (shape){0, i % 7, 5 * i}, (kind)(i % KINDS));
            assert_ok(spanlink_list_add(list, &batch[i]));
            size_t count;
            const spanlink_link *links = spanlink_list_links(list, &count);
            for (size_t k = 0; k < count; k++) {
                assert_true(test_same_link(&batch[i + 1 - count + k], &links[k]));
            }
        }
    }
}
