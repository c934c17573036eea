/* SPDX-License-Identifier: MIT */
/* Streams of links into lists: repeats, colliding spans, evicted links. */
#include "cost.h"
#include "test_collisions.h"

#include <internal/hash.h>

#include <stdlib.h>
#include <string.h>

enum { MOST_LINKS = 1 << 17, BOUND = 128, TEXT = 64 };

static spanlink_context contexts[MOST_LINKS];

static void prepare_spans(size_t size) {
    for (size_t i = 0; i < size; i++) {
        cost_make_span(i, &contexts[i]);
    }
}

static void prepare_one_span(size_t size) {
    prepare_spans(size);
    for (size_t i = 1; i < size; i++) {
        contexts[i] = contexts[0];
    }
}

/* Spans whose 64-bit hashes are equal under the known seed. */
static void prepare_colliding_spans(size_t size) {
    prepare_spans(size);
    for (size_t i = 0; i < size; i++) {
        test_collide_span(cost_known_seed, i, &contexts[i]);
    }
}

/* Twice `size` spans, of which `size` would occupy consecutive slots in the table that they need.
 */
static void prepare_crowding_spans(size_t size) {
    prepare_spans(2 * size);
    for (size_t i = 0; i < 2 * size; i++) {
        test_crowd_span(cost_known_seed, 4 * size, 0, size, &contexts[i]);
    }
}

/* `size` spans in consecutive slots, each in its home slot, the last one in slot 0. */
static void prepare_row_of_spans(size_t size) {
    static bool taken[MOST_LINKS];
    memset(taken, 0, sizeof taken);
    for (size_t number = 0, found = 0; found < size; number++) {
        spanlink_context context;
        cost_make_span(number, &context);
        size_t home = test_home_of_span(cost_known_seed, 4 * size, &context);
        if (home < size && !taken[home]) {
            taken[home] = true;
            contexts[size - 1 - home] = context;
            found++;
        }
    }
}

/* The key of a span in a reservoir with seed 0. */
static uint64_t reservoir_key(const spanlink_context *context) {
    return slnk_hash_span(slnk_hash_seed_from(0, 0), context->trace_id, context->span_id);
}

static int compare_keys(const void *a, const void *b) {
    uint64_t x = reservoir_key(a), y = reservoir_key(b);
    return x < y ? -1 : x > y;
}

/*
 * Sorted by reservoir key: the first half ascends, except that its last span has the largest key of
 * all; each later span has the next smaller key, so that it evicts the one before it.
 */
static void prepare_aimed_spans(size_t size) {
    prepare_spans(size);
    qsort(contexts, size, sizeof *contexts, compare_keys);
    for (size_t low = size / 2 - 1, high = size - 1; low < high; low++, high--) {
        spanlink_context swapped = contexts[low];
        contexts[low] = contexts[high];
        contexts[high] = swapped;
    }
}

static spanlink_link link_to(size_t number, const spanlink_attribute *attribute) {
    return (spanlink_link){
        .context = contexts[number], .attributes = attribute, .attribute_count = attribute != NULL};
}

static void add(spanlink_list *list, spanlink_link link) {
    cost_expect(spanlink_list_add(list, &link) == SPANLINK_OK, "a link");
}

static void add_from(spanlink_list *list, size_t first, size_t size,
                     const spanlink_attribute *attribute) {
    for (size_t i = first; i < size; i++) {
        add(list, link_to(i, attribute));
    }
}

static void add_all(spanlink_list *list, size_t size) {
    add_from(list, 0, size, NULL);
}

/* Ends an attack on a list, which must hold as many links. */
static void finish(spanlink_list *list, size_t kept) {
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    spanlink_list_get_stats(list, &stats);
    cost_expect(stats.kept == kept, "as many links as that");
    spanlink_list_destroy(list);
}

/* Unique lists and dedup */

static spanlink_list_options unique_options(const uint64_t seed[2]) {
    spanlink_list_options options = cost_list_options();
    options.unique = true;
    memcpy(options.hash_seed, seed, sizeof options.hash_seed);
    return options;
}

/* Adds links to a unique list of at most `max_links`. */
static void add_within(const uint64_t seed[2], size_t max_links, spanlink_overflow overflow,
                       size_t size, size_t kept) {
    spanlink_list_options options = unique_options(seed);
    options.limits.max_links = max_links;
    options.overflow = (uint32_t)overflow;
    spanlink_list *list = cost_list(&options);
    add_all(list, size);
    finish(list, kept);
}

static void add_unique(const uint64_t seed[2], size_t size, size_t kept) {
    add_within(seed, SPANLINK_UNLIMITED, SPANLINK_OVERFLOW_KEEP_FIRST, size, kept);
}

/* No seed given: the library derives one from the time and addresses, unknown to the attacker. */
static const uint64_t no_seed[2] = {0, 0};

COST_STEP(work_unique, add_unique(cost_other_seed, size, size))
COST_STEP(work_unique_repeats, add_unique(cost_other_seed, size, 1))
COST_STEP(work_unique_known, add_unique(cost_known_seed, size, size))
COST_STEP(work_unique_unseeded, add_unique(no_seed, size, size))
COST_STEP(work_unique_known_bounded,
          add_within(cost_known_seed, 16, SPANLINK_OVERFLOW_KEEP_LAST, size, 16))

/* Each span is searched for among consecutive slots, and removed again. */
COST_STEP(work_unique_crowd_known,
          add_within(cost_known_seed, size, SPANLINK_OVERFLOW_KEEP_LAST, 2 * size, size))

/* A full list refuses all of them. */
COST_STEP(work_unique_crowd_refused,
          add_within(cost_known_seed, size, SPANLINK_OVERFLOW_KEEP_FIRST, 2 * size, size))

/* Each removed span leaves a hole before all others. */
static void work_truncate_row_known(size_t size) {
    spanlink_list_options options = unique_options(cost_known_seed);
    spanlink_list *list = cost_list(&options);
    add_all(list, size);
    cost_expect(spanlink_list_truncate(list, 0) == SPANLINK_OK, "a cut");
    finish(list, 0);
}

/* The same, caused by rolling back a batch whose last link is refused. */
static void work_append_row_known(size_t size) {
    static spanlink_link batch[MOST_LINKS];
    const spanlink_attribute bad = {{"key", 3}, {.type = SPANLINK_VALUE_MAP + 1}};
    spanlink_list_options options = unique_options(cost_known_seed);
    spanlink_list *list = cost_list(&options);
    for (size_t i = 0; i < size; i++) {
        batch[i] = link_to(i, i + 1 < size ? NULL : &bad);
    }
    cost_expect(spanlink_list_append(list, batch, size) == SPANLINK_ERR_VALUE_TYPE, "a fault");
    finish(list, 0);
}

static void dedup_to(const uint64_t seed[2], size_t size, size_t kept) {
    spanlink_list_options options = unique_options(seed);
    options.unique = false;
    spanlink_list *list = cost_list(&options);
    add_all(list, size);
    cost_expect(spanlink_list_dedup(list) == SPANLINK_OK, "a dedup");
    finish(list, kept);
}

COST_STEP(work_dedup, dedup_to(cost_other_seed, size, size))
COST_STEP(work_dedup_known, dedup_to(cost_known_seed, size, size))
COST_STEP(work_dedup_repeats, dedup_to(cost_other_seed, size, 1))

/* Streams through bounded lists that are read from time to time. Text lengths differ. */

static void churn(spanlink_overflow overflow, size_t size) {
    static char text[TEXT + 1];
    memset(text, 'x', TEXT);
    spanlink_list_options options = cost_list_options();
    options.limits.max_links = BOUND;
    options.overflow = (uint32_t)overflow;
    options.unique = true;
    spanlink_list *list = cost_list(&options);
    for (size_t i = 0; i < size; i++) {
        spanlink_attribute attribute = spanlink_attribute_make(
            spanlink_str_from("text"), spanlink_value_string((spanlink_str){text, i * 7 % TEXT}));
        add(list, link_to(i, &attribute));
        if (i % BOUND == 0) {
            (void)spanlink_list_links(list, NULL);
        }
    }
    finish(list, BOUND);
}

COST_STEP(work_keep_first, churn(SPANLINK_OVERFLOW_KEEP_FIRST, size))
COST_STEP(work_keep_last, churn(SPANLINK_OVERFLOW_KEEP_LAST, size))
COST_STEP(work_sampled_first, churn(SPANLINK_OVERFLOW_SAMPLED_FIRST, size))
COST_STEP(work_reservoir, churn(SPANLINK_OVERFLOW_RESERVOIR, size))

/* Batches for a bounded list that is full after the first few and refuses the rest. */
static void work_append_full(size_t size) {
    enum { BATCH = 64 };
    spanlink_list_options options = cost_list_options();
    spanlink_attribute attribute = spanlink_attribute_string("text", "a text of some length");
    spanlink_link batch[BATCH];
    options.limits.max_links = BOUND;
    spanlink_list *list = cost_list(&options);
    for (size_t i = 0; i < size; i += BATCH) {
        for (size_t j = 0; j < BATCH; j++) {
            batch[j] = link_to(i + j, &attribute);
        }
        cost_expect(spanlink_list_append(list, batch, BATCH) == SPANLINK_OK, "a batch");
    }
    finish(list, BOUND);
}

/*
 * Links with attributes come and go after many links without, so that little memory is used by many
 * links: compaction must not visit all links each time.
 */
static void truncate_again_and_again(bool unique, size_t size) {
    spanlink_list_options options = cost_list_options();
    spanlink_attribute attribute = spanlink_attribute_string("text", "a text of some length");
    options.unique = unique;
    spanlink_list *list = cost_list(&options);
    add_all(list, size);
    for (size_t i = 0; i < size; i++) {
        spanlink_link link = link_to(i, &attribute);
        link.context.span_id[0] ^= 0xff;
        add(list, link);
        cost_expect(spanlink_list_truncate(list, size) == SPANLINK_OK, "a cut");
    }
    finish(list, size);
}

COST_STEP(work_truncate_cycles, truncate_again_and_again(false, size))
COST_STEP(work_truncate_cycles_unique, truncate_again_and_again(true, size))

/* Sampled links after as many unsampled ones: each evicts an unsampled link, the latest first. */
static void work_sampled_first_aimed(size_t size) {
    spanlink_list_options options = cost_list_options();
    options.limits.max_links = size / 2;
    options.overflow = SPANLINK_OVERFLOW_SAMPLED_FIRST;
    spanlink_list *list = cost_list(&options);
    for (size_t i = 0; i < size; i++) {
        spanlink_link link = link_to(i, NULL);
        link.context.trace_flags = i < size / 2 ? 0 : SPANLINK_TRACE_FLAG_SAMPLED;
        add(list, link);
    }
    finish(list, size / 2);
}

/* A reservoir with a known seed: each new link has a key just small enough to evict the one before
 * it. */
static void work_reservoir_aimed(size_t size) {
    spanlink_list_options options = unique_options(cost_other_seed);
    spanlink_attribute attribute = spanlink_attribute_string("text", "a text of some length");
    options.limits.max_links = size / 2;
    options.overflow = SPANLINK_OVERFLOW_RESERVOIR;
    spanlink_list *list = cost_list(&options);
    add_all(list, size / 2);
    add_from(list, size / 2, size, &attribute);
    finish(list, size / 2);
}

/* One batch of many links, then as many batches of one link. */
static void work_clear_cycles(size_t size) {
    spanlink_list_options options = unique_options(cost_other_seed);
    spanlink_list *list = cost_list(&options);
    add_all(list, size);
    for (size_t i = 0; i < size; i++) {
        spanlink_list_clear(list);
        add(list, link_to(i, NULL));
    }
    finish(list, 1);
}

/* Repeated merges of two lists. */
static void work_merges(size_t size) {
    spanlink_list_options options = cost_list_options();
    options.limits.max_links = BOUND;
    options.overflow = SPANLINK_OVERFLOW_KEEP_LAST;
    spanlink_list *list = cost_list(&options), *part = cost_list(&options);
    for (size_t i = 0; i < size; i++) {
        add(part, link_to(i, NULL));
        cost_expect(spanlink_list_merge(list, part) == SPANLINK_OK, "a part");
    }
    finish(list, BOUND);
    spanlink_list_destroy(part);
}

static const cost_attack attacks[] = {
    {"unique", COST_LINEAR, 512, 4096, 192, prepare_spans, work_unique},
    {"unique_repeats", COST_LINEAR, 1024, 4096, 0, prepare_one_span, work_unique_repeats},
    {"unique_collisions", COST_LINEAR, 512, 4096, 192, prepare_colliding_spans, work_unique},
    {"unique_collisions_unseeded", COST_LINEAR, 512, 4096, 192, prepare_colliding_spans,
     work_unique_unseeded},
    {"unique_collisions_bounded", COST_LINEAR, 512, 8192, 0, prepare_colliding_spans,
     work_unique_known_bounded},
    {"unique_collisions_known", COST_LINEAR, 512, 4096, 192, prepare_colliding_spans,
     work_unique_known},
    {"unique_crowd_known", COST_LINEAR, 512, 4096, 256, prepare_crowding_spans,
     work_unique_crowd_known},
    {"unique_crowd_refused", COST_LINEAR, 512, 4096, 192, prepare_crowding_spans,
     work_unique_crowd_refused},
    {"truncate_row_known", COST_LINEAR, 512, 4096, 192, prepare_row_of_spans,
     work_truncate_row_known},
    {"append_row_known", COST_LINEAR, 512, 4096, 192, prepare_row_of_spans, work_append_row_known},
    {"dedup", COST_LINEAR, 256, 4096, 192, prepare_spans, work_dedup},
    {"dedup_repeats", COST_LINEAR, 256, 4096, 192, prepare_one_span, work_dedup_repeats},
    {"dedup_large", COST_LINEAR, 4096, 4096, 192, prepare_spans, work_dedup},
    {"dedup_collisions", COST_LINEAR, 4096, 4096, 192, prepare_colliding_spans, work_dedup},
    {"dedup_collisions_known", COST_LINEAR, 512, 4096, 192, prepare_colliding_spans,
     work_dedup_known},
    {"dedup_large_known", COST_LINEAR, 8192, 4096, 192, prepare_colliding_spans, work_dedup_known},
    {"keep_first", COST_LINEAR, 1024, 32768, 0, prepare_spans, work_keep_first},
    {"keep_last", COST_LINEAR, 1024, 65536, 0, prepare_spans, work_keep_last},
    {"sampled_first", COST_LINEAR, 1024, 65536, 0, prepare_spans, work_sampled_first},
    {"reservoir", COST_LINEAR, 1024, 65536, 0, prepare_spans, work_reservoir},
    {"sampled_first_aimed", COST_LINEAR, 256, 4096, 192, prepare_spans, work_sampled_first_aimed},
    {"reservoir_aimed", COST_LINEAR, 256, 4096, 192, prepare_aimed_spans, work_reservoir_aimed},
    {"append_full", COST_LINEAR, 1024, 32768, 0, prepare_spans, work_append_full},
    {"merges", COST_LINEAR, 512, 32768, 0, prepare_spans, work_merges},
    {"truncate_cycles", COST_LINEAR, 512, 4096, 320, prepare_spans, work_truncate_cycles},
    {"truncate_cycles_unique", COST_LINEAR, 512, 4096, 352, prepare_spans,
     work_truncate_cycles_unique},
    {"clear_cycles", COST_LINEAR, 512, 4096, 192, prepare_spans, work_clear_cycles},
};

const cost_group cost_lists = {attacks, sizeof attacks / sizeof attacks[0], false};
