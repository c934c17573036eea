/* SPDX-License-Identifier: MIT */
#include <spanlink/list.h>

#include "internal/compiler.h"
#include "internal/env.h"
#include "internal/link_rules.h"
#include "internal/list/admission.h"
#include "internal/list/limits.h"
#include "internal/list/link_plain.h"
#include "internal/list/slots.h"
#include "internal/names.h"
#include "internal/text.h"

/* Limits */

/* Parses digits with spaces around them; a number larger than a size_t means no limit. */
static bool parse_limit(const char *text, size_t *limit) {
    spanlink_str digits = slnk_text_trim(spanlink_str_from(text));
    *limit = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9') {
            return false;
        }
        *limit = slnk_size_add(slnk_size_multiply(*limit, 10), (size_t)(digits.ptr[i] - '0'));
    }
    return digits.len != 0;
}

/* Sets a limit if its variable is set, never to 0; reports the variable if it is the first invalid
 * one. */
static void limit_from_env(const char *variable, size_t *limit, spanlink_str *bad_variable) {
    const char *text = slnk_env_get(variable);
    size_t number;
    if (text == NULL || *text == '\0') {
        return;
    }
    if (parse_limit(text, &number)) {
        *limit = number == 0               ? SPANLINK_NONE
                 : number >= SPANLINK_NONE ? SPANLINK_UNLIMITED
                                           : number;
    } else if (bad_variable->len == 0) {
        *bad_variable = spanlink_str_from(variable);
    }
}

static size_t first_set(size_t special, size_t general, size_t otherwise) {
    return special != 0 ? special : general != 0 ? general : otherwise;
}

spanlink_status spanlink_limits_from_env(spanlink_limits *limits, spanlink_str *bad_variable) {
    if (limits == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_str bad = {NULL, 0};
    size_t links = 0, attributes[2] = {0, 0}, lengths[2] = {0, 0};
    limit_from_env("OTEL_SPAN_LINK_COUNT_LIMIT", &links, &bad);
    limit_from_env("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", &attributes[0], &bad);
    limit_from_env("OTEL_ATTRIBUTE_COUNT_LIMIT", &attributes[1], &bad);
    limit_from_env("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", &lengths[0], &bad);
    limit_from_env("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", &lengths[1], &bad);
    *limits = (spanlink_limits)SPANLINK_LIMITS_INIT;
    limits->max_links = first_set(links, 0, limits->max_links);
    limits->max_attributes = first_set(attributes[0], attributes[1], limits->max_attributes);
    limits->max_value_length = first_set(lengths[0], lengths[1], limits->max_value_length);
    if (bad_variable != NULL) {
        *bad_variable = bad;
    }
    return SPANLINK_OK;
}

/* Options */

#define LIST_FIELD(member)       SLNK_OPTIONS_FIELD(spanlink_list_options, member)
#define LIST_STATS_FIELD(member) SLNK_OPTIONS_FIELD(spanlink_list_stats, member)

static const slnk_options_layout list_layout =
    SLNK_OPTIONS_LAYOUT(spanlink_list_options, SLNK_OPTIONS_ALLOCATOR(spanlink_list_options),
                        SLNK_LIMITS_FIELDS(spanlink_list_options), LIST_FIELD(overflow),
                        LIST_FIELD(unique), LIST_FIELD(no_markers), LIST_FIELD(reserved),
                        LIST_FIELD(seed), LIST_FIELD(hash_seed), LIST_FIELD(expected_links));

void spanlink_list_options_init(spanlink_list_options *options, size_t struct_size) {
    const spanlink_list_options defaults = SPANLINK_LIST_OPTIONS_INIT;
    slnk_options_write(&list_layout, &defaults, options, struct_size);
}

static const slnk_options_layout list_stats_layout = SLNK_OPTIONS_LAYOUT(
    spanlink_list_stats, LIST_STATS_FIELD(offered), LIST_STATS_FIELD(kept),
    LIST_STATS_FIELD(duplicate), LIST_STATS_FIELD(over_limit), LIST_STATS_FIELD(invalid),
    LIST_STATS_FIELD(dropped), LIST_STATS_FIELD(reserved));

void spanlink_list_stats_init(spanlink_list_stats *stats, size_t struct_size) {
    const spanlink_list_stats defaults = SPANLINK_LIST_STATS_INIT;
    slnk_options_write(&list_stats_layout, &defaults, stats, struct_size);
}

/* All options except the allocator. */
static bool read_list_options(const spanlink_list_options *given, spanlink_list_options *options) {
    if (!slnk_options_read(&list_layout, given, options) ||
        !slnk_limits_are_known(&options->limits) ||
        (options->reserved[0] | options->reserved[1]) != 0) {
        return false;
    }
    options->limits = slnk_limits_resolve(options->limits);
    options->expected_links = slnk_options_number(options->expected_links, 0);
    return slnk_overflow_is_known(options->overflow);
}

/* Creation */

/* The arena bytes of a link with two attributes, neither of them with text of its own. */
enum { EXPECTED_BLOCK = 2 * sizeof(spanlink_attribute) + SLNK_ARENA_HEADER };

static size_t expected_links(const spanlink_list_options *options) {
    return slnk_size_least(options->expected_links, options->limits.max_links);
}

/* The struct, followed by the first chunk of the arena, with capacity for the expected links. */
static size_t footprint(const spanlink_list_options *options) {
    size_t blocks = slnk_size_multiply(expected_links(options), EXPECTED_BLOCK);
    return slnk_size_add(sizeof(spanlink_list) + sizeof(slnk_arena_chunk), blocks);
}

static void set_up(spanlink_list *list, const spanlink_list_options *options) {
    size_t size = footprint(options);
    memset(list, 0, sizeof *list);
    list->allocator = options->allocator;
    list->limits = options->limits;
    list->policy = slnk_overflow_choose(options->overflow, options->limits.max_links);
    list->unique = options->unique;
    list->no_markers = options->no_markers;
    list->footprint = size;
    list->scratch.seed = slnk_hash_seed_secret(options->hash_seed, list);
    list->index.seed = slnk_hash_seed_choose(options->hash_seed, list->scratch.seed);
    slnk_reservoir_start(&list->reservoir, options->seed, options->limits.max_links);
    slnk_arena_lend(&list->arena, list + 1, size - sizeof *list);
    slnk_list_set_cuts(list, 0);
}

/* Creates a list from resolved options, in which 0 means nothing. */
static spanlink_status create_list(const spanlink_list_options *options, spanlink_list **list) {
    spanlink_list *made = slnk_memory_allocate(&options->allocator, footprint(options));
    if (made == NULL) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    set_up(made, options);
    slnk_list_need need = {.links = expected_links(options)};
    if (slnk_list_reserve(made, &need) != SPANLINK_OK) {
        spanlink_list_destroy(made);
        return SPANLINK_ERR_NO_MEMORY;
    }
    *list = made;
    return SPANLINK_OK;
}

spanlink_status spanlink_list_create(const spanlink_list_options *options, spanlink_list **list) {
    spanlink_list_options known;
    if (list == NULL || !read_list_options(options, &known) ||
        !slnk_memory_complete(&known.allocator)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    return create_list(&known, list);
}

/* The resolved options of a list, except its policy and its seed of RESERVOIR. */
static spanlink_list_options options_of(const spanlink_list *list) {
    return (spanlink_list_options){.allocator = list->allocator,
                                   .limits = list->limits,
                                   .unique = list->unique,
                                   .no_markers = list->no_markers,
                                   .hash_seed = {list->index.seed.a, list->index.seed.b}};
}

spanlink_status slnk_list_create_scratch(const spanlink_list *list, spanlink_list **scratch) {
    spanlink_list_options options = options_of(list);
    options.limits.max_links = SPANLINK_UNLIMITED;
    options.unique = false;
    return create_list(&options, scratch);
}

void spanlink_list_destroy(spanlink_list *list) {
    if (list == NULL) {
        return;
    }
    const spanlink_allocator allocator = list->allocator;
    if (list->policy->released != NULL) {
        list->policy->released(list);
    }
    slnk_memory_release(&allocator, list->links, list->capacity * SLNK_LIST_EACH);
    slnk_memory_release(&allocator, list->markers, list->marker_room * sizeof *list->markers);
    slnk_span_index_release(&list->index, &allocator);
    slnk_copy_release_scratch(&list->scratch, &allocator);
    slnk_arena_release(&list->arena, &allocator);
    slnk_memory_release(&allocator, list, list->footprint);
}

/* Adding */

/* Counts a rejected link, and returns its status. */
static spanlink_status refuse(spanlink_list *list, spanlink_status status) {
    if (status != SPANLINK_ERR_NO_MEMORY) {
        slnk_list_count(&list->invalid, 1);
    }
    return status;
}

/* Plans the copy of a link. A link of which nothing valid is kept is invalid. */
static spanlink_status make_plan(spanlink_list *list, const spanlink_link *link,
                                 slnk_copy_plan *plan) {
    spanlink_status status =
        slnk_copy_make_plan(plan, link, &list->limits, &list->allocator, &list->scratch);
    if (status == SPANLINK_OK && slnk_link_is_invalid(&link->context, plan->count)) {
        return SPANLINK_ERR_LINK_INVALID;
    }
    return status;
}

static void add_to_need(slnk_list_need *need, const slnk_copy_plan *plan) {
    size_t size = plan->size == 0 ? 0 : plan->size + SLNK_ARENA_HEADER;
    need->links++;
    need->bytes = slnk_size_add(need->bytes, size);
    need->largest = slnk_size_most(size, need->largest);
    need->widest = slnk_size_most(plan->count, need->widest);
}

/* Gives a copied link its slot. Without a candidate there was no decision. */
static inline void admit(spanlink_list *list, const slnk_candidate *candidate, slnk_slot slot) {
    if (candidate == NULL) {
        slnk_list_push(list, slot);
    } else {
        slnk_admission_take(list, candidate, slot);
    }
}

/* Adds an admitted link by its plan. */
static spanlink_status add_by_plan(spanlink_list *list, const slnk_copy_plan *plan,
                                   const slnk_candidate *candidate) {
    slnk_list_need need = {0};
    add_to_need(&need, plan);
    spanlink_status status = slnk_list_reserve(list, &need);
    if (status == SPANLINK_OK) {
        admit(list, candidate, slnk_list_store(list, plan, list->end));
    }
    return status;
}

SLNK_RARE static spanlink_status add_planned(spanlink_list *list, const spanlink_link *link,
                                             const slnk_candidate *candidate) {
    slnk_copy_plan plan;
    spanlink_status status = make_plan(list, link, &plan);
    return status == SPANLINK_OK ? add_by_plan(list, &plan, candidate) : refuse(list, status);
}

/*
 * The fast copy: a plain link is written to the slot after the last one, and to the next place of
 * the arena, before either is taken. A link that is not plain, or does not fit there, is planned.
 */

/* Takes slot and block, after the copy was completed. */
static inline spanlink_status take_copy(spanlink_list *list, void *place, size_t size,
                                        size_t attributes, const slnk_candidate *candidate) {
    slnk_slot slot = {SLNK_SLOT_LINK, {NULL}};
    if (size != 0) {
        slot.content.block = slnk_arena_take_next(&list->arena, place, size);
    }
    if (attributes > list->widest) {
        list->widest = attributes;
    }
    admit(list, candidate, slot);
    return SPANLINK_OK;
}

SLNK_APART static spanlink_status add_with_texts(spanlink_list *list, const spanlink_link *link,
                                                 const slnk_candidate *candidate) {
    void *place = list->arena.next;
    size_t size;
    if (!slnk_plain_finish(&list->links[list->end], place, list->arena.room,
                           list->limits.max_value_length, &size)) {
        return add_planned(list, link, candidate);
    }
    return take_copy(list, place, size, link->attribute_count, candidate);
}

/* NOLINTBEGIN(misc-no-recursion): each call but the last moves on to the next chunk of memory */
static spanlink_status add_elsewhere(spanlink_list *list, const spanlink_link *link,
                                     const slnk_candidate *candidate);

/* Adds an admitted link, to an existing slot. */
static SLNK_MERGED spanlink_status add_fast(spanlink_list *list, const spanlink_link *link,
                                            const slnk_candidate *candidate) {
    size_t count = link->attribute_count, structure = slnk_plain_structure(link);
    void *place = list->arena.next;
    slnk_plain_step step =
        slnk_plain_begin(link, &list->limits, place, list->arena.room, &list->links[list->end]);
    if (step == SLNK_PLAIN_DONE) {
        return take_copy(list, place, structure, count, candidate);
    }
    return step == SLNK_PLAIN_TEXTS ? add_with_texts(list, link, candidate)
                                    : add_elsewhere(list, link, candidate);
}

SLNK_APART static spanlink_status add_admitted(spanlink_list *list, const spanlink_link *link,
                                               const slnk_candidate *candidate) {
    return list->end != list->capacity ? add_fast(list, link, candidate)
                                       : add_planned(list, link, candidate);
}

/* A link that does not fit at the end of a chunk fits into the next one. */
SLNK_APART static spanlink_status add_elsewhere(spanlink_list *list, const spanlink_link *link,
                                                const slnk_candidate *candidate) {
    bool few = link->attribute_count <= SLNK_COPY_FEW;
    return few && slnk_arena_move_on(&list->arena, slnk_plain_structure(link))
               ? add_admitted(list, link, candidate)
               : add_planned(list, link, candidate);
}
/* NOLINTEND(misc-no-recursion): the end of what calls itself for another chunk */

/* Asks the list's policy. `plan` is that of a link with a zero id, otherwise NULL. */
static spanlink_status add_decided(spanlink_list *list, const spanlink_link *link,
                                   const slnk_copy_plan *plan) {
    slnk_candidate candidate = {.context = &link->context, .plan = plan};
    if (slnk_admission_prepare(list, link->attribute_count) != SPANLINK_OK) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    slnk_verdict verdict = slnk_admission_decide(list, &candidate);
    if (verdict != SLNK_ADMITTED) {
        slnk_admission_refuse(list, &candidate, verdict);
        return SPANLINK_OK;
    }
    if (plan != NULL) {
        return add_by_plan(list, plan, &candidate);
    }
    return add_admitted(list, link, &candidate);
}

/* With a zero id, the kept attributes decide whether the link is valid, and are part of its hash.
 */
SLNK_RARE static spanlink_status add_without_id(spanlink_list *list, const spanlink_link *link) {
    slnk_copy_plan plan;
    spanlink_status status = make_plan(list, link, &plan);
    return status == SPANLINK_OK ? add_decided(list, link, &plan) : refuse(list, status);
}

/* For lists whose policy must be asked. */
SLNK_APART static spanlink_status add_to_closed(spanlink_list *list, const spanlink_link *link) {
    slnk_list_begin_change(list);
    return slnk_link_has_ids(link) ? add_decided(list, link, NULL) : add_without_id(list, link);
}

/* Whether a link is in the list's array: the slots follow the links. */
static bool is_of_list(const spanlink_list *list, const spanlink_link *link) {
    return (uintptr_t)link >= (uintptr_t)list->links && (uintptr_t)link < (uintptr_t)list->slots;
}

SLNK_APART static spanlink_status add_to_open(spanlink_list *list, const spanlink_link *link) {
    return add_fast(list, link, NULL);
}

/* A link without attributes. It may be invalid if an id is zero. Without a tracestate it needs no
 * block. */
static spanlink_status add_bare(spanlink_list *list, const spanlink_link *link) {
    if (!slnk_link_has_ids(link)) {
        return add_planned(list, link, NULL);
    }
    if (!SLNK_UNLESS_SMALL(link->context.trace_state.len == 0)) {
        return add_to_open(list, link);
    }
    spanlink_link *copy = &list->links[list->end];
    *copy = *link;
    copy->attributes = NULL;
    copy->context.trace_state.ptr = slnk_names.empty;
    return take_copy(list, NULL, 0, 0, NULL);
}

spanlink_status spanlink_list_add(spanlink_list *list, const spanlink_link *link) {
    if (list == NULL || link == NULL || slnk_link_lacks_attributes(link) ||
        is_of_list(list, link)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (list->live >= list->open_until) {
        return add_to_closed(list, link);
    }
    return link->attribute_count == 0 ? add_bare(list, link) : add_to_open(list, link);
}

/* A factory's link needs fewer checks: its texts are static and its keys differ. */

static inline bool takes_static(const spanlink_list *list, const spanlink_link *link,
                                size_t attributes, size_t size) {
    return list != NULL && list->live < list->open_until && list->arena.room >= size &&
           list->limits.max_attributes >= attributes &&
           list->limits.max_value_length >= sizeof slnk_names && link->context.trace_state.len == 0;
}

spanlink_status slnk_list_add_static(spanlink_list *list, const spanlink_link *link) {
    enum { ATTRIBUTES = 2, STRUCTURE = ATTRIBUTES * sizeof(spanlink_attribute) };
    size_t size = (STRUCTURE + 7) & ~7;
    if (!SLNK_UNLESS_SMALL(takes_static(list, link, ATTRIBUTES, size))) {
        return spanlink_list_add(list, link);
    }
    spanlink_link *copy = &list->links[list->end];
    void *block = list->arena.next;
    memcpy(block, link->attributes, STRUCTURE);
    *copy = *link;
    copy->attributes = block;
    copy->context.trace_state.ptr = slnk_names.empty;
    return take_copy(list, block, size, ATTRIBUTES, NULL);
}

/*
 * Copies made under limits that are at least as strict as the list's need no check: each is moved
 * with its block as it is.
 */

/* Copies a link to the slot after the last one, and its block to the arena's current chunk. Both
 * must have space. */
static inline void push_copy(spanlink_list *list, const spanlink_link *link, const void *block,
                             size_t size) {
    spanlink_link *copy = &list->links[list->end];
    slnk_slot slot = {SLNK_SLOT_LINK, {NULL}};
    *copy = *link;
    if (size != 0) {
        void *place = slnk_arena_take_next(&list->arena, list->arena.next, size);
        slot.content.block = memcpy(place, block, size);
    }
    /* If no byte follows the attributes, all texts are static. */
    if (size == link->attribute_count * sizeof *link->attributes) {
        copy->attributes = slot.content.block;
    } else {
        slnk_copy_moved(copy, block, size, slot.content.block);
    }
    list->widest = slnk_size_most(list->widest, link->attribute_count);
    slnk_list_push(list, slot);
}

/* A link without its markers. */
static spanlink_link own_link(const spanlink_list *list, size_t number) {
    spanlink_link link = list->links[number];
    if (list->marked && number == list->end - 1) {
        link.attributes = list->own_attributes;
        link.attribute_count = list->own_attribute_count;
    }
    return link;
}

/* Copies all links of a list. */
static void copy_links(spanlink_list *list, const spanlink_list *from) {
    for (size_t i = from->first; i < from->end; i++) {
        if (!slnk_list_is_hole(from, i)) {
            const spanlink_link link = own_link(from, i);
            const void *block = from->slots[i].content.block;
            size_t size = block == NULL ? 0 : slnk_arena_block_size(block);
            slnk_arena_go_to(&list->arena, size);
            push_copy(list, &link, block, size);
        }
    }
}

static inline bool takes_copy(spanlink_list *list, size_t size, const spanlink_limits *limits) {
    return list->live < list->open_until && slnk_limits_hold(limits, &list->limits) &&
           (list->arena.room >= size || slnk_arena_move_on(&list->arena, size));
}

spanlink_status slnk_list_add_copy(spanlink_list *list, const spanlink_link *link,
                                   const void *block, size_t size, const spanlink_limits *limits) {
    if (!SLNK_UNLESS_SMALL(takes_copy(list, size, limits))) {
        return spanlink_list_add(list, link);
    }
    push_copy(list, link, block, size);
    return SPANLINK_OK;
}

/*
 * Several links at once. First the maximum memory that they can need is reserved. Then the policy
 * decides about all of them, while they are still in the caller's memory; only the links that are
 * kept at the end are copied. So no link is copied and then dropped, and no more memory is
 * requested than the kept links can need.
 */

static spanlink_status measure_link(spanlink_list *list, const spanlink_link *link,
                                    slnk_list_need *need) {
    slnk_copy_plan plan;
    spanlink_status status = make_plan(list, link, &plan);
    if (status == SPANLINK_OK) {
        add_to_need(need, &plan);
    }
    return status;
}

/* Reserves memory for all links, or, if not all can be kept, for as many of the largest size. */
static spanlink_status reserve_all(spanlink_list *list, slnk_list_need need) {
    size_t most = list->limits.max_links;
    if (!list->policy->evicts) {
        most -= slnk_size_least(most, list->live);
    }
    need.bytes = slnk_size_least(need.bytes, slnk_size_multiply(need.largest, most));
    return slnk_list_reserve(list, &need);
}

/* Decides about a link, which becomes pending if it is admitted. */
static void offer_candidate(spanlink_list *list, const spanlink_link *link,
                            slnk_candidate *candidate) {
    if (list->end == list->capacity) {
        slnk_list_close_gaps(list);
    }
    slnk_verdict verdict = slnk_admission_decide(list, candidate);
    if (verdict != SLNK_ADMITTED) {
        slnk_admission_refuse(list, candidate, verdict);
        return;
    }
    list->links[list->end].context = link->context;
    slnk_admission_take(list, candidate, (slnk_slot){SLNK_SLOT_PENDING, {.source = link}});
}

/* Offers a link whose memory is reserved. `key` is its key from another list, or NULL. */
static void offer(spanlink_list *list, const spanlink_link *link, const uint64_t *key) {
    slnk_candidate candidate = {.context = &link->context, .has_key = key != NULL};
    slnk_copy_plan plan;
    candidate.key = key != NULL ? *key : 0;
    if (!slnk_link_has_ids(link)) {
        if (make_plan(list, link, &plan) != SPANLINK_OK) {
            slnk_list_count(&list->invalid, 1);
            return;
        }
        candidate.plan = &plan;
    }
    offer_candidate(list, link, &candidate);
}

/* Stores the pending links, which are the last ones, with holes between them. */
static void store_pending(spanlink_list *list) {
    size_t first = list->end;
    while (first > list->first && list->slots[first - 1].kind != SLNK_SLOT_LINK) {
        first--;
    }
    for (size_t i = first; i < list->end; i++) {
        if (list->slots[i].kind == SLNK_SLOT_PENDING) {
            slnk_copy_plan plan;
            make_plan(list, list->slots[i].content.source, &plan);
            list->slots[i] = slnk_list_store(list, &plan, i);
        }
    }
}

/* OK, ARGUMENT, NO_MEMORY, or the error of the first invalid link; then all invalid links are
 * counted. */
static spanlink_status measure_all(spanlink_list *list, const spanlink_link *links, size_t count,
                                   slnk_list_need *need) {
    spanlink_status first = SPANLINK_OK;
    uint64_t invalid = 0;
    for (size_t i = 0; i < count; i++) {
        spanlink_status status = slnk_link_lacks_attributes(&links[i])
                                     ? SPANLINK_ERR_ARGUMENT
                                     : measure_link(list, &links[i], need);
        if (status == SPANLINK_ERR_NO_MEMORY || status == SPANLINK_ERR_ARGUMENT) {
            return status;
        }
        invalid += status != SPANLINK_OK;
        first = first == SPANLINK_OK ? status : first;
    }
    slnk_list_count(&list->invalid, invalid);
    return first;
}

/* If all links can be kept, each is added by itself. If one fails, those before it are removed
 * again. */

/* Adds a link, but reports errors of duplicates too: they count for all links of one call. */
static spanlink_status add_checked(spanlink_list *list, const spanlink_link *link) {
    size_t live = list->live;
    spanlink_status status = spanlink_list_add(list, link);
    slnk_list_need none = {0};
    return status == SPANLINK_OK && list->live == live ? measure_link(list, link, &none) : status;
}

static spanlink_status append_each(spanlink_list *list, const spanlink_link *links, size_t count) {
    slnk_list_mark mark = slnk_list_set_mark(list);
    spanlink_status status = SPANLINK_OK;
    for (size_t i = 0; status == SPANLINK_OK && i < count; i++) {
        status = add_checked(list, &links[i]);
    }
    if (status != SPANLINK_OK) {
        slnk_list_go_back(list, &mark);
    }
    return status;
}

static spanlink_status append_planned(spanlink_list *list, const spanlink_link *links,
                                      size_t count) {
    slnk_list_need need = {0};
    spanlink_status status = measure_all(list, links, count, &need);
    if (status == SPANLINK_OK) {
        status = reserve_all(list, need);
    }
    if (status != SPANLINK_OK) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        offer(list, &links[i], NULL);
    }
    store_pending(list);
    return SPANLINK_OK;
}

spanlink_status spanlink_list_append(spanlink_list *list, const spanlink_link *links,
                                     size_t count) {
    if (list == NULL || (links == NULL && count != 0) || (count != 0 && is_of_list(list, links))) {
        return SPANLINK_ERR_ARGUMENT;
    }
    slnk_list_begin_change(list);
    if (slnk_list_has_room(list, count)) {
        spanlink_status status = append_each(list, links, count);
        if (status == SPANLINK_OK || status == SPANLINK_ERR_NO_MEMORY) {
            return status;
        }
    }
    return append_planned(list, links, count);
}

/* Adds the need of a list's links. Closing the gaps moves them to the front of its slots. */
static spanlink_status measure_list(spanlink_list *list, spanlink_list *from,
                                    slnk_list_need *need) {
    slnk_list_begin_change(from);
    slnk_list_close_gaps(from);
    for (size_t i = 0; i < from->live; i++) {
        if (measure_link(list, &from->links[i], need) == SPANLINK_ERR_NO_MEMORY) {
            return SPANLINK_ERR_NO_MEMORY;
        }
    }
    return SPANLINK_OK;
}

/* Does the part of adding several lists that can fail. */
static spanlink_status prepare_lists(spanlink_list *list, spanlink_list *const *from,
                                     size_t count) {
    slnk_list_need need = {0};
    bool cut = false;
    for (size_t i = 0; i < count; i++) {
        if (measure_list(list, from[i], &need) != SPANLINK_OK) {
            return SPANLINK_ERR_NO_MEMORY;
        }
        cut = cut || from[i]->over_limit != 0;
    }
    if (cut && slnk_list_reserve_cuts(list, need.widest) != SPANLINK_OK) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    return reserve_all(list, need);
}

static void offer_list(spanlink_list *list, const spanlink_list *from) {
    const uint64_t *keys = list->policy->joins == NULL ? NULL : list->policy->joins(list, from);
    for (size_t i = 0; i < from->live; i++) {
        offer(list, &from->links[i], keys == NULL ? NULL : &keys[i]);
    }
    if (list->policy->joined != NULL) {
        list->policy->joined(list, from);
    }
    slnk_list_count(&list->duplicate, from->duplicate);
    slnk_list_count(&list->invalid, from->invalid);
    slnk_list_count_cuts(list, from->over_limit);
}

/* Whether the list admits all links of several lists, and its limits change none of them. */
static bool all_stay(const spanlink_list *list, spanlink_list *const *from, size_t count) {
    size_t links = 0;
    bool stay = slnk_list_admits_all(list);
    for (size_t i = 0; stay && i < count; i++) {
        links += from[i]->live;
        stay = from[i]->over_limit == 0 && slnk_limits_hold(&from[i]->limits, &list->limits);
    }
    return stay && slnk_list_has_room(list, links);
}

/* Adds the need of a list's links. No link of it was dropped, so there are no holes. */
static void measure_copies(const spanlink_list *from, slnk_list_need *need) {
    for (size_t i = from->first; i < from->end; i++) {
        const void *block = from->slots[i].content.block;
        size_t size = block == NULL ? 0 : (size_t)*slnk_arena_header(block);
        need->largest = slnk_size_most(need->largest, size);
    }
    need->links += from->live;
    need->bytes += slnk_arena_in_use(&from->arena);
}

/* Copies the links of several lists, or none: OK or NO_MEMORY. */
static spanlink_status copy_lists(spanlink_list *list, spanlink_list *const *from, size_t count) {
    slnk_list_need need = {0};
    for (size_t i = 0; i < count; i++) {
        measure_copies(from[i], &need);
    }
    if (slnk_list_reserve(list, &need) != SPANLINK_OK) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        copy_links(list, from[i]);
        slnk_list_count(&list->duplicate, from[i]->duplicate);
        slnk_list_count(&list->invalid, from[i]->invalid);
    }
    return SPANLINK_OK;
}

spanlink_status slnk_list_offer_lists(spanlink_list *list, spanlink_list *const *from,
                                      size_t count) {
    slnk_list_begin_change(list);
    if (SLNK_UNLESS_SMALL(all_stay(list, from, count))) {
        return copy_lists(list, from, count);
    }
    spanlink_status status = prepare_lists(list, from, count);
    if (status != SPANLINK_OK) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        offer_list(list, from[i]);
    }
    store_pending(list);
    return SPANLINK_OK;
}

/*
 * Exchanges the contents of two lists, not their addresses. The second one's first chunk is empty,
 * and what the first one held is lost.
 */
static void exchange(spanlink_list *a, spanlink_list *b) {
    slnk_arena_exchange(&a->arena, &b->arena);
    spanlink_list held = *a;
    *a = *b;
    a->arena = held.arena;
    a->footprint = held.footprint;
    held.arena = b->arena;
    held.footprint = b->footprint;
    *b = held;
}

static bool have_same_options(const spanlink_list *a, const spanlink_list *b) {
    return a->allocator.state == b->allocator.state &&
           a->allocator.allocate == b->allocator.allocate &&
           a->allocator.resize == b->allocator.resize &&
           a->allocator.release == b->allocator.release &&
           memcmp(&a->limits, &b->limits, sizeof a->limits) == 0 && a->policy == b->policy &&
           a->unique == b->unique && a->no_markers == b->no_markers;
}

/*
 * Whether an exchange moves the links of `from` to an empty list: both have the same options, no
 * seeds that they use, and no memory for links that they expected. The list gives as much memory as
 * it takes, so that later links do not need new memory each time.
 */
static bool moves_by_exchange(const spanlink_list *list, const spanlink_list *from) {
    return list->live == 0 && (list->duplicate | list->over_limit | list->invalid) == 0 &&
           have_same_options(list, from) && !list->unique && list->policy->joins == NULL &&
           list->arena.first->size == 0 && from->arena.first->size == 0 &&
           list->capacity >= from->live && list->arena.total >= slnk_arena_in_use(&from->arena);
}

spanlink_status slnk_list_move_lists(spanlink_list *list, spanlink_list *const *from,
                                     size_t count) {
    slnk_list_begin_change(list);
    if (count == 0 || !SLNK_UNLESS_SMALL(moves_by_exchange(list, from[0]))) {
        return slnk_list_offer_lists(list, from, count);
    }
    spanlink_status status = slnk_list_offer_lists(from[0], from + 1, count - 1);
    if (status == SPANLINK_OK) {
        exchange(list, from[0]);
    }
    return status;
}

spanlink_status spanlink_list_merge(spanlink_list *list, spanlink_list *from) {
    if (list == NULL || from == NULL || list == from) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_status status = slnk_list_move_lists(list, &from, 1);
    if (status == SPANLINK_OK) {
        spanlink_list_clear(from);
    }
    return status;
}

/* Copying: the links are copied into a new list with the other's options, then the lists are
 * exchanged. */

/* Gives an empty list the state of another one that options do not have. */
static void become_like(spanlink_list *list, const spanlink_list *from) {
    list->policy = from->policy;
    list->index.seed = from->index.seed;
    list->reservoir.seed = from->reservoir.seed;
    list->arrivals = from->arrivals;
    list->first_arrival = from->first_arrival;
    list->widest = from->widest;
    list->duplicate = from->duplicate;
    list->invalid = from->invalid;
    slnk_list_set_cuts(list, from->over_limit);
}

static void copy_content(spanlink_list *list, const spanlink_list *from) {
    copy_links(list, from);
    if (list->unique) {
        slnk_list_fill_index(list);
    }
    if (list->policy->copied != NULL) {
        list->policy->copied(list, from);
    }
}

spanlink_status spanlink_list_copy(spanlink_list *list, const spanlink_list *from) {
    spanlink_list *made;
    if (list == NULL || from == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (list == from) {
        return SPANLINK_OK;
    }
    spanlink_list_options options = options_of(from);
    options.allocator = list->allocator;
    spanlink_status status = create_list(&options, &made);
    if (status != SPANLINK_OK) {
        return status;
    }
    become_like(made, from);
    size_t bytes = slnk_arena_in_use(&from->arena);
    slnk_list_need need = {from->live, bytes, bytes, from->widest};
    status = slnk_list_reserve(made, &need);
    if (status == SPANLINK_OK) {
        copy_content(made, from);
        exchange(list, made);
    }
    spanlink_list_destroy(made);
    return status;
}

/* Reading and clearing */

size_t spanlink_list_sampled_count(const spanlink_list *list) {
    size_t sampled = 0;
    if (list == NULL) {
        return 0;
    }
    for (size_t i = list->first; i < list->end; i++) {
        sampled += !slnk_list_is_hole(list, i) &&
                   (list->links[i].context.trace_flags & SPANLINK_TRACE_FLAG_SAMPLED) != 0;
    }
    return sampled;
}

const spanlink_link *spanlink_list_links(spanlink_list *list, size_t *count) {
    size_t live = list == NULL ? 0 : list->live;
    if (count != NULL) {
        *count = live;
    }
    if (live == 0) {
        return NULL;
    }
    if (live != list->end - list->first) {
        slnk_list_close_gaps(list);
    }
    slnk_list_put_markers(list);
    return list->links + list->first;
}

void spanlink_list_clear(spanlink_list *list) {
    if (list == NULL) {
        return;
    }
    if (list->unique) {
        slnk_list_forget_spans(list);
    }
    if (list->policy->cleared != NULL) {
        list->policy->cleared(list);
    }
    list->marked = false;
    list->first = list->end = list->live = 0;
    list->base = 0;
    list->arrivals = list->first_arrival;
    list->widest = 0;
    list->duplicate = list->invalid = 0;
    slnk_list_set_cuts(list, 0);
    slnk_arena_rewind(&list->arena);
}

void spanlink_list_get_stats(const spanlink_list *list, spanlink_list_stats *stats) {
    if (list == NULL || stats == NULL) {
        return;
    }
    spanlink_list_stats now = {
        .offered = list->live,
        .kept = list->live,
        .duplicate = list->duplicate,
        .over_limit = list->over_limit,
        .invalid = list->invalid,
        .dropped = list->over_limit > UINT32_MAX ? UINT32_MAX : (uint32_t)list->over_limit,
    };
    slnk_list_count(&now.offered, now.duplicate);
    slnk_list_count(&now.offered, now.over_limit);
    slnk_list_count(&now.offered, now.invalid);
    slnk_options_write(&list_stats_layout, &now, stats, stats->struct_size);
}

/* Memory */

size_t spanlink_list_pool_size(const spanlink_list_options *options, size_t attributes_per_link,
                               size_t text_per_link) {
    spanlink_list_options known;
    if (!read_list_options(options, &known) ||
        slnk_size_least(known.limits.max_links, SLNK_LIST_MOST_LINKS) != known.limits.max_links) {
        return SIZE_MAX;
    }
    size_t own = footprint(&known), lent = own - sizeof(spanlink_list) - sizeof(slnk_arena_chunk);
    size_t rest = slnk_list_bound(&known, lent, attributes_per_link, text_per_link);
    return slnk_size_add(slnk_size_add(own, rest), (size_t)2 * SLNK_MEMORY_GRANULE);
}
