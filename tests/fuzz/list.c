/* SPDX-License-Identifier: MIT */
/*
 * Runs its input as a program of calls on two lists, and compares links, order, statistics and
 * markers with a model of arrays and loops. Links may use the library's own texts and views of the
 * other list. A list uses a heap whose allocations fail where the program says so, a pool of any
 * size, or a pool of spanlink_list_pool_size(), which must never run out. A failed call must change
 * nothing, and on the heap the same call then succeeds.
 */
#include "maker.h"
#include "model.h"

#include "test_allocator.h"
#include "test_links.h"

#include "internal/list/link_copy.h"
#include "internal/memory.h"

#include <spanlink/spanlink.h>

enum { LISTS = 2, MOST_LINKS = 500, MOST_BATCH = 48, MARKER_TEXT = 64 };

typedef struct model_entry {
    spanlink_link link;
    uint64_t key; /* RESERVOIR */
} model_entry;

typedef enum memory_kind { HEAP, ANY_POOL, ENOUGH_POOL } memory_kind;

typedef struct subject {
    spanlink_list *list;
    spanlink_list_options options;
    memory_kind memory;
    test_allocator heap;
    spanlink_pool pool;
    void *buffer;
    model_entry entries[MOST_LINKS + MOST_BATCH];
    size_t count;
    uint64_t duplicate, over_limit, invalid, arrivals;
    bool has_cut; /* RESERVOIR: since it was empty */
    size_t capacity;
    uint64_t removed[2 * MOST_LINKS]; /* keys of links removed since has_cut was set */
    size_t removed_count;
} subject;

/* The model */

static bool is_reservoir(const subject *s) {
    return s->options.overflow == SPANLINK_OVERFLOW_RESERVOIR &&
           s->options.limits.max_links != SPANLINK_UNLIMITED;
}

static bool names_a_span(const spanlink_context *context) {
    static const uint8_t zero[16];
    return memcmp(context->trace_id, zero, 16) != 0;
}

static bool model_holds(const subject *s, const spanlink_context *context, size_t before) {
    for (size_t i = 0; names_a_span(context) && i < before; i++) {
        if (spanlink_context_same_span(&s->entries[i].link.context, context)) {
            return true;
        }
    }
    return false;
}

static slnk_hash_seed key_seed(const subject *s) {
    return slnk_hash_seed_from(s->options.seed, 0);
}

/* The key of a link that names no span depends on the link's content. */
static uint64_t digest(const subject *s, const spanlink_link *link) {
    static slnk_copy_scratch scratch;
    spanlink_allocator heap = {.state = NULL};
    slnk_copy_plan plan;
    fuzz_expect(slnk_memory_complete(&heap));
    fuzz_expect(slnk_copy_make_plan(&plan, link, &s->options.limits, &heap, &scratch) == 0);
    return slnk_copy_digest(&plan, key_seed(s));
}

static uint64_t model_key(const subject *s, const spanlink_link *link) {
    const spanlink_context *context = &link->context;
    uint64_t draw = slnk_hash_draw(key_seed(s), context->trace_id, context->span_id);
    if (s->options.unique && names_a_span(context)) {
        return draw;
    }
    return slnk_hash_draw_again(key_seed(s), draw,
                                s->options.unique ? digest(s, link) : s->arrivals);
}

static void model_remove(subject *s, size_t place) {
    model_forget(&s->entries[place].link);
    s->count--;
    memmove(&s->entries[place], &s->entries[place + 1], (s->count - place) * sizeof s->entries[0]);
}

/* The link that a full list evicts. */
typedef struct victim {
    bool found, is_removed;
    size_t place;
    uint64_t key;
} victim;

/* Of equal keys the first of the removed links, then the last entry. */
static victim largest_key(const subject *s) {
    victim v = {.found = false};
    for (size_t i = 0; i < s->count; i++) {
        if (!v.found || s->entries[i].key >= v.key) {
            v = (victim){true, false, i, s->entries[i].key};
        }
    }
    for (size_t i = 0; i < s->removed_count; i++) {
        bool same = s->removed[i] == v.key && !v.is_removed;
        if (!v.found || s->removed[i] > v.key || same) {
            v = (victim){true, true, i, s->removed[i]};
        }
    }
    return v;
}

static void make_way(subject *s, victim v) {
    s->has_cut = true;
    if (v.is_removed) {
        s->removed[v.place] = s->removed[--s->removed_count];
    } else {
        model_remove(s, v.place);
        s->over_limit++;
    }
}

/* The latest link that is not sampled. */
static victim latest_unsampled(const subject *s) {
    victim v = {.found = false};
    for (size_t i = 0; i < s->count; i++) {
        if (!spanlink_context_is_sampled(&s->entries[i].link.context)) {
            v = (victim){true, false, i, UINT64_MAX};
        }
    }
    return v;
}

/* Whether a new link is admitted, and which link is evicted for it. */
static bool model_admits(const subject *s, const spanlink_link *link, uint64_t key, victim *v) {
    size_t most = s->options.limits.max_links;
    v->found = false;
    if (s->count + s->removed_count < (is_reservoir(s) ? s->capacity : most)) {
        return true;
    }
    if (s->options.overflow == SPANLINK_OVERFLOW_KEEP_LAST && most != 0) {
        *v = (victim){true, false, 0, UINT64_MAX};
    } else if (s->options.overflow == SPANLINK_OVERFLOW_SAMPLED_FIRST &&
               spanlink_context_is_sampled(&link->context)) {
        *v = latest_unsampled(s);
    } else if (is_reservoir(s)) {
        *v = largest_key(s);
        v->found = v->found && key < v->key;
    }
    return v->found;
}

static void model_cut(subject *s) {
    s->has_cut = true;
    s->arrivals++;
    s->over_limit++;
}

/* Offers a link. If it could not be copied, its error is reported only if it would be admitted. */
static void model_decide(subject *s, const spanlink_link *link, model_entry *entry, bool copied) {
    victim v = {.found = false};
    bool has_fault = false;
    if (s->options.unique && model_holds(s, &link->context, s->count)) {
        s->duplicate++;
    } else if (!model_admits(s, link, entry->key, &v)) {
        model_cut(s);
    } else if (!copied) {
        has_fault = true;
    } else {
        if (v.found) {
            make_way(s, v);
        }
        s->arrivals++;
        s->entries[s->count++] = *entry;
        return;
    }
    if (copied) {
        model_forget(&entry->link);
    }
    s->invalid += has_fault;
}

static spanlink_status model_offer(subject *s, const spanlink_link *link, const uint64_t *key) {
    model_entry entry;
    spanlink_status status = model_copy(link, &s->options.limits, &entry.link);
    if (status != SPANLINK_OK && !spanlink_context_is_valid(&link->context)) {
        s->invalid++;
        return status;
    }
    entry.key = key != NULL ? *key : model_key(s, link);
    uint64_t invalid = s->invalid;
    model_decide(s, link, &entry, status == SPANLINK_OK);
    return s->invalid != invalid ? status : SPANLINK_OK;
}

static spanlink_status model_add(subject *s, const spanlink_link *link) {
    return model_offer(s, link, NULL);
}

static spanlink_status model_check(const subject *s, const spanlink_link *link) {
    spanlink_link copy;
    spanlink_status status = model_copy(link, &s->options.limits, &copy);
    if (status == SPANLINK_OK) {
        model_forget(&copy);
    }
    return status;
}

static spanlink_status model_append(subject *s, const spanlink_link *links, size_t count) {
    spanlink_status first = SPANLINK_OK;
    for (size_t i = 0; i < count; i++) {
        spanlink_status status = model_check(s, &links[i]);
        s->invalid += status != SPANLINK_OK;
        first = first == SPANLINK_OK ? status : first;
    }
    for (size_t i = 0; first == SPANLINK_OK && i < count; i++) {
        fuzz_expect(model_offer(s, &links[i], NULL) == SPANLINK_OK);
    }
    return first;
}

static void model_clear(subject *s) {
    while (s->count != 0) {
        model_remove(s, s->count - 1);
    }
    s->duplicate = s->over_limit = s->invalid = s->arrivals = 0;
    s->has_cut = false;
    s->capacity = s->options.limits.max_links;
    s->removed_count = 0;
}

static void model_copy_list(subject *s, const subject *from) {
    spanlink_allocator allocator = s->options.allocator;
    model_clear(s);
    for (size_t i = 0; i < from->count; i++) {
        s->entries[i].key = from->entries[i].key;
        fuzz_expect(model_copy(&from->entries[i].link, &from->options.limits,
                               &s->entries[i].link) == SPANLINK_OK);
    }
    s->options = from->options;
    s->options.allocator = allocator;
    s->count = from->count;
    s->duplicate = from->duplicate;
    s->over_limit = from->over_limit;
    s->invalid = from->invalid;
    s->arrivals = from->arrivals;
    s->has_cut = from->has_cut;
    s->capacity = from->capacity;
    s->removed_count = from->removed_count;
    memcpy(s->removed, from->removed, sizeof s->removed);
}

/* Whether merge keeps the keys of the other list. */
static bool hands_on_keys(const subject *s, const subject *from) {
    bool same_draw =
        s->options.unique && from->options.unique && s->options.seed == from->options.seed;
    return is_reservoir(s) && is_reservoir(from) && (same_draw || from->has_cut);
}

static void join_removed(subject *s, uint64_t key) {
    victim v = largest_key(s);
    if (s->count + s->removed_count >= s->capacity) {
        if (!v.found || key >= v.key) {
            return;
        }
        make_way(s, v);
    }
    s->removed[s->removed_count++] = key;
}

static void model_merge(subject *s, subject *from) {
    bool hand_on = hands_on_keys(s, from);
    if (hand_on && from->has_cut && from->capacity < s->capacity) {
        s->capacity = from->capacity;
    }
    while (hand_on && s->count + s->removed_count > s->capacity) {
        make_way(s, largest_key(s));
    }
    for (size_t i = 0; i < from->count; i++) {
        const model_entry *entry = &from->entries[i];
        (void)model_offer(s, &entry->link, hand_on ? &entry->key : NULL);
    }
    for (size_t i = 0; hand_on && i < from->removed_count; i++) {
        join_removed(s, from->removed[i]);
    }
    s->has_cut = s->has_cut || (hand_on && from->has_cut);
    if (is_reservoir(s) && is_reservoir(from)) {
        s->arrivals += from->arrivals - from->count;
    }
    s->duplicate += from->duplicate;
    s->over_limit += from->over_limit;
    s->invalid += from->invalid;
    model_clear(from);
}

/* Removes a link for dedup or truncate, not for the overflow policy. */
static void model_take_out(subject *s, size_t place) {
    if (is_reservoir(s) && s->has_cut) {
        s->removed[s->removed_count++] = s->entries[place].key;
    }
    model_remove(s, place);
}

static void model_dedup(subject *s) {
    for (size_t i = 0; i < s->count;) {
        if (model_holds(s, &s->entries[i].link.context, i)) {
            model_take_out(s, i);
            s->duplicate++;
        } else {
            i++;
        }
    }
}

static void model_truncate(subject *s, size_t max_links) {
    while (s->count > max_links) {
        model_take_out(s, s->count - 1);
        s->over_limit++;
    }
}

/* Comparing */

static void compare_stats(const subject *s) {
    spanlink_list_stats stats = test_stats(s->list);
    fuzz_expect(stats.kept == s->count);
    fuzz_expect(stats.duplicate == s->duplicate);
    fuzz_expect(stats.over_limit == s->over_limit);
    fuzz_expect(stats.invalid == s->invalid);
    fuzz_expect(stats.offered == s->count + s->duplicate + s->over_limit + s->invalid);
    fuzz_expect(stats.dropped == s->over_limit);
    fuzz_expect(s->count <= s->options.limits.max_links);
    size_t sampled = 0;
    for (size_t i = 0; i < s->count; i++) {
        sampled += spanlink_context_is_sampled(&s->entries[i].link.context);
    }
    fuzz_expect(spanlink_list_sampled_count(s->list) == sampled);
}

static bool is_marker(const spanlink_attribute *attribute) {
    const char *names[] = {"links.truncated", "links.original_count"};
    for (size_t i = 0; i < 2; i++) {
        if (attribute->key.len == strlen(names[i]) &&
            memcmp(attribute->key.ptr, names[i], attribute->key.len) == 0) {
            return true;
        }
    }
    return false;
}

/* The expected last link: its attributes without foreign markers, followed by the list's markers.
 */
static void compare_marked(const subject *s, const spanlink_link *read) {
    const spanlink_link *own = &s->entries[s->count - 1].link;
    spanlink_attribute *attributes = fuzz_memory((own->attribute_count + 2) * sizeof *attributes);
    spanlink_link wanted = *own;
    wanted.attributes = attributes;
    wanted.attribute_count = 0;
    for (size_t i = 0; i < own->attribute_count; i++) {
        if (!is_marker(&own->attributes[i])) {
            attributes[wanted.attribute_count++] = own->attributes[i];
        }
    }
    attributes[wanted.attribute_count++] = spanlink_attribute_bool("links.truncated", true);
    attributes[wanted.attribute_count++] =
        spanlink_attribute_int("links.original_count", (int64_t)(s->count + s->over_limit));
    fuzz_expect(test_same_link(&wanted, read));
    free(attributes);
}

static bool has_markers(const subject *s) {
    return s->count != 0 && s->over_limit != 0 && !s->options.no_markers;
}

static void compare_links(subject *s) {
    size_t count, calls = s->heap.calls;
    const spanlink_link *links = spanlink_list_links(s->list, &count);
    fuzz_expect(count == s->count && (links == NULL) == (count == 0));
    fuzz_expect(calls == s->heap.calls);
    for (size_t i = 0; i < count; i++) {
        if (i + 1 == count && has_markers(s)) {
            compare_marked(s, &links[i]);
        } else {
            fuzz_expect(test_same_link(&s->entries[i].link, &links[i]));
        }
    }
    fuzz_expect(spanlink_list_links(s->list, &count) == links && count == s->count);
}

/* Lists */

static size_t choose_limit(fuzz_input *input, size_t wide) {
    uint8_t choice = fuzz_byte(input);
    return choice >= 128 ? SPANLINK_UNLIMITED : choice >= 112 ? wide : choice % 12u;
}

/* Converts the model's options, where 0 means none, to the library's, where 0 means the default. */
static spanlink_list_options given_options(const subject *s) {
    spanlink_list_options given = s->options;
    given.limits.max_links = test_limit(given.limits.max_links);
    given.limits.max_attributes = test_limit(given.limits.max_attributes);
    given.limits.max_value_length = test_limit(given.limits.max_value_length);
    given.limits.max_value_depth = test_limit(given.limits.max_value_depth);
    return given;
}

static void choose_memory(fuzz_input *input, subject *s) {
    uint8_t choice = fuzz_byte(input);
    size_t size = (size_t)choice * 64;
    bool bounded = s->options.limits.max_links != SPANLINK_UNLIMITED;
    s->memory = choice < 128 ? HEAP : bounded && choice >= 192 ? ENOUGH_POOL : ANY_POOL;
    if (s->memory == ENOUGH_POOL) {
        spanlink_list_options given = given_options(s);
        size = spanlink_list_pool_size(&given, MAKER_ELEMENTS + 2, MAKER_TEXT + MARKER_TEXT);
    }
    if (s->memory == HEAP) {
        s->options.allocator = test_allocator_interface(&s->heap);
        s->heap = (test_allocator){.fail_at = choice >= 120 ? choice - 119u : 0};
    } else {
        s->buffer = fuzz_memory(size);
        s->options.allocator = spanlink_pool_init(&s->pool, s->buffer, size);
    }
}

static spanlink_status create_with_limits(subject *s) {
    spanlink_list_options given = given_options(s);
    return spanlink_list_create(&given, &s->list);
}

static void create_list(fuzz_input *input, subject *s) {
    uint8_t policy = fuzz_byte(input);
    s->options = (spanlink_list_options)SPANLINK_LIST_OPTIONS_INIT;
    s->options.overflow = policy % 4;
    s->options.unique = policy / 4 % 2 != 0;
    s->options.seed = policy / 8 % 2;
    s->options.no_markers = policy / 16 % 4 == 3;
    s->options.hash_seed[1] = 1;
    s->options.expected_links = policy < 128 ? 0 : fuzz_byte(input);
    s->options.limits.max_links = choose_limit(input, 60);
    s->options.limits.max_attributes = choose_limit(input, 20);
    s->options.limits.max_value_length = choose_limit(input, 100);
    s->options.limits.max_value_depth = choose_limit(input, 64);
    s->capacity = s->options.limits.max_links;
    choose_memory(input, s);
    spanlink_status status = create_with_limits(s);
    if (status != SPANLINK_OK) {
        fuzz_expect(status == SPANLINK_ERR_NO_MEMORY && s->memory != ENOUGH_POOL);
        fuzz_expect(s->list == NULL && s->heap.live_blocks == 0);
        s->memory = HEAP;
        s->heap = (test_allocator){0};
        s->options.allocator = test_allocator_interface(&s->heap);
        fuzz_expect(create_with_limits(s) == SPANLINK_OK);
    }
}

static void destroy_list(subject *s) {
    compare_links(s);
    spanlink_list_destroy(s->list);
    model_clear(s);
    fuzz_expect(s->heap.live_blocks == 0 && s->heap.live_bytes == 0 && s->heap.wrong_sizes == 0);
    free(s->buffer);
    *s = (subject){.list = NULL};
}

/* Calls */

typedef struct call {
    uint8_t code;
    subject *on, *other;
    spanlink_link *links;
    const spanlink_link *sources; /* views of the other list, used instead of `links` */
    size_t count;
    size_t number;
    uint8_t *span; /* the other list, encoded */
    size_t span_size;
} call;

enum {
    ADD,
    APPEND,
    MERGE,
    DEDUP,
    TRUNCATE,
    CLEAR,
    READ,
    ADD_VIEWS,
    APPEND_VIEWS,
    STREAM,
    RENEW,
    COPY,
    DECODE,
    ADD_TEXTS,
    CALLS
};

/* Whether a list's last link has the list's markers or attributes that look like markers. */
static bool ends_with_markers(const subject *s) {
    const spanlink_link *last = s->count == 0 ? NULL : &s->entries[s->count - 1].link;
    bool found = has_markers(s);
    for (size_t i = 0; last != NULL && i < last->attribute_count; i++) {
        found = found || is_marker(&last->attributes[i]);
    }
    return found;
}

/* Encodes the other list as a Span. An odd number is added as a count of links that an earlier
 * sender dropped. */
static void encode_other(call *c) {
    size_t size = spanlink_otlp_list_size(c->other->list);
    c->span = fuzz_memory(size + 2);
    fuzz_expect(spanlink_otlp_encode_list(c->other->list, c->span, size, &c->span_size) ==
                SPANLINK_OK);
    if (c->number % 2 != 0) {
        c->span[c->span_size++] = 14 << 3; /* dropped_links_count */
        c->span[c->span_size++] = (uint8_t)c->number;
    }
}

/* Decodes a Span into an unbounded list: it has every link of the other list, unless an attribute
 * looks like a marker. */
static spanlink_list *decode_all(const call *c, test_allocator *heap) {
    const subject *other = c->other;
    spanlink_list_options options = test_list_options();
    options.allocator = test_allocator_interface(heap);
    options.limits.max_attributes = SPANLINK_UNLIMITED;
    options.hash_seed[0] = 1;
    options.no_markers = true;
    spanlink_list *all = NULL;
    fuzz_expect(spanlink_list_create(&options, &all) == SPANLINK_OK);
    fuzz_expect(spanlink_otlp_decode(c->span, c->span_size, all) == SPANLINK_OK);
    spanlink_list_stats stats = test_stats(all);
    uint64_t cuts = c->number % 2 != 0 ? c->number : other->over_limit;
    if (has_markers(other) && cuts < other->over_limit) {
        cuts = other->over_limit;
    }
    fuzz_expect(stats.kept + stats.invalid == other->count);
    fuzz_expect(stats.invalid <= ends_with_markers(other));
    fuzz_expect(stats.over_limit == cuts || (!has_markers(other) && ends_with_markers(other)));
    return all;
}

static void model_decode(const call *c) {
    test_allocator heap = {0};
    spanlink_list *all = decode_all(c, &heap);
    size_t count;
    const spanlink_link *links = spanlink_list_links(all, &count);
    for (size_t i = 0; i < count; i++) {
        (void)model_add(c->on, &links[i]);
    }
    c->on->invalid += test_stats(all).invalid;
    c->on->over_limit += test_stats(all).over_limit;
    spanlink_list_destroy(all);
    fuzz_expect(heap.live_blocks == 0);
}

static spanlink_status run_on_list(const call *c) {
    const spanlink_link *links = c->sources != NULL ? c->sources : c->links;
    switch (c->code) {
    case ADD:
    case ADD_VIEWS:
    case ADD_TEXTS:
        return spanlink_list_add(c->on->list, links);
    case APPEND:
    case APPEND_VIEWS:
        return spanlink_list_append(c->on->list, links, c->count);
    case MERGE:
        return spanlink_list_merge(c->on->list, c->other->list);
    case DEDUP:
        return spanlink_list_dedup(c->on->list);
    case COPY:
        return spanlink_list_copy(c->on->list, c->other->list);
    case DECODE:
        return spanlink_otlp_decode(c->span, c->span_size, c->on->list);
    default:
        return spanlink_list_truncate(c->on->list, c->number);
    }
}

static spanlink_status run_on_model(const call *c) {
    const spanlink_link *links = c->sources != NULL ? c->sources : c->links;
    switch (c->code) {
    case ADD:
    case ADD_VIEWS:
    case ADD_TEXTS:
        return model_add(c->on, links);
    case APPEND:
    case APPEND_VIEWS:
        return model_append(c->on, links, c->count);
    case MERGE:
        model_merge(c->on, c->other);
        return SPANLINK_OK;
    case DEDUP:
        model_dedup(c->on);
        return SPANLINK_OK;
    case COPY:
        model_copy_list(c->on, c->other);
        return SPANLINK_OK;
    case DECODE:
        model_decode(c);
        return SPANLINK_OK;
    default:
        model_truncate(c->on, c->number);
        return SPANLINK_OK;
    }
}

/*
 * Runs a call that may run out of memory. Allocation number `fail_at` fails; 0: none. With `look`,
 * the lists are read after a failure, which closes gaps.
 */
static void run(const call *c, size_t fail_at, bool look) {
    c->on->heap.calls = 0;
    c->on->heap.fail_at = fail_at;
    spanlink_status status = run_on_list(c);
    c->on->heap.fail_at = 0;
    if (status == SPANLINK_ERR_NO_MEMORY) {
        bool may_fail = c->on->memory == ANY_POOL || (c->on->memory == HEAP && fail_at != 0);
        fuzz_expect(may_fail);
        compare_stats(c->on);
        compare_stats(c->other);
        if (look) {
            compare_links(c->on);
            compare_links(c->other);
        }
        if (c->on->memory == ANY_POOL) {
            return;
        }
        status = run_on_list(c);
    }
    fuzz_expect(status == run_on_model(c));
    compare_stats(c->on);
    compare_stats(c->other);
}

/* The model copies before it frees, so views of the other list remain valid. */
static void run_views(call *c, uint8_t choice, size_t fail_at, bool look) {
    size_t count;
    const spanlink_link *links = spanlink_list_links(c->other->list, &count);
    if (count == 0) {
        return;
    }
    size_t from = choice % count;
    c->sources = links + from;
    c->count = c->code == ADD_VIEWS ? 1 : count - from;
    c->count = c->count < MOST_BATCH ? c->count : MOST_BATCH;
    run(c, fail_at, look);
}

/* A link whose tracestate, key and value are views of the other list. */
static void run_texts(call *c, size_t fail_at, bool look) {
    size_t count;
    const spanlink_link *links = spanlink_list_links(c->other->list, &count);
    if (count == 0) {
        return;
    }
    const spanlink_link *view = &links[count - 1];
    spanlink_str key = view->context.trace_state;
    if (view->attribute_count != 0) {
        key = view->attributes[c->number % view->attribute_count].key;
    }
    spanlink_attribute attribute = {key, {.type = SPANLINK_VALUE_STRING}};
    attribute.value.string_value = view->context.trace_state;
    spanlink_link link = {.attributes = &attribute, .attribute_count = c->number % 4 != 0};
    maker_ids((uint8_t)c->number, &link.context);
    link.context.trace_state = key;
    c->sources = &link;
    c->count = 1;
    run(c, fail_at, look);
}

/* Copying and decoding need memory beyond the list's own, so a pool may run out. */
static void run_beside(call *c, size_t fail_at, bool look) {
    c->on->memory = c->on->memory == ENOUGH_POOL ? ANY_POOL : c->on->memory;
    if (c->code == DECODE) {
        encode_other(c);
    }
    run(c, fail_at, look);
    free(c->span);
}

/* Adds many links of one kind, so that gaps, blocks and tables move. */
static void run_stream(call *c, fuzz_input *input) {
    uint8_t first = fuzz_byte(input), step = fuzz_byte(input), sampled = fuzz_byte(input);
    spanlink_link link = c->links[0];
    link.dropped_attributes_count = 0;
    c->code = ADD;
    for (size_t i = 0; i < c->number; i++) {
        link.context = (spanlink_context){.trace_flags = (sampled >> i % 8) & 1};
        maker_ids((uint8_t)(first + step * i), &link.context);
        c->links[0] = link;
        run(c, 0, false);
    }
}

static void run_call(fuzz_input *input, subject subjects[LISTS], uint8_t code) {
    static maker makers[MOST_BATCH];
    spanlink_link links[MOST_BATCH];
    uint8_t manner = fuzz_byte(input);
    subject *on = &subjects[code / 128], *other = &subjects[1 - code / 128];
    call c = {.code = code % 128 % CALLS, .on = on, .other = other, .links = links};
    bool look = manner % 2 != 0;
    size_t fail_at = manner < 128 ? 0 : manner / 2 % 8 + 1;
    c.number = fuzz_byte(input) % 64;
    c.count = c.code == APPEND ? c.number % MOST_BATCH : c.code == ADD || c.code == STREAM;
    for (size_t i = 0; i < c.count; i++) {
        makers[i] = (maker){.input = input, .bad_types = true};
        links[i] = maker_link(&makers[i]);
    }
    if (c.code == CLEAR) {
        spanlink_list_clear(on->list);
        model_clear(on);
    } else if (c.code == READ) {
        compare_links(on);
    } else if (c.code == RENEW) {
        destroy_list(on);
        create_list(input, on);
    } else if (c.code == ADD_VIEWS || c.code == APPEND_VIEWS) {
        run_views(&c, (uint8_t)c.number, fail_at, look);
    } else if (c.code == ADD_TEXTS) {
        run_texts(&c, fail_at, look);
    } else if (c.code == COPY || c.code == DECODE) {
        run_beside(&c, fail_at, look);
    } else if (c.code == STREAM) {
        run_stream(&c, input);
    } else {
        run(&c, fail_at, look);
    }
    for (size_t i = 0; i < MOST_BATCH; i++) {
        maker_forget(&makers[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static subject subjects[LISTS];
    fuzz_input input = {data, size};
    create_list(&input, &subjects[0]);
    create_list(&input, &subjects[1]);
    while (input.left != 0) {
        uint8_t code = fuzz_byte(&input);
        if (subjects[0].count + subjects[1].count < MOST_LINKS / 2) {
            run_call(&input, subjects, code);
        } else {
            spanlink_list_clear(subjects[code % 2].list);
            model_clear(&subjects[code % 2]);
        }
    }
    destroy_list(&subjects[0]);
    destroy_list(&subjects[1]);
    return 0;
}
