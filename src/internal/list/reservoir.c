/* SPDX-License-Identifier: MIT */
#include "internal/list/reservoir.h"

#include "internal/compiler.h"
#include "internal/list/slots.h"

void slnk_reservoir_start(slnk_reservoir *reservoir, uint64_t seed, size_t max_links) {
    reservoir->seed = slnk_hash_seed_from(seed, 0);
    reservoir->capacity = max_links;
}

/*
 * The key of a link. In a unique list it depends only on the span or, without ids, on the link's
 * content, so two lists with the same seed have the same key for it. In other lists it also depends
 * on the number of its arrival, so that each repeat of a span has a different key.
 */

static inline uint64_t draw(const spanlink_list *list, const spanlink_context *context) {
    return slnk_hash_draw(list->reservoir.seed, context->trace_id, context->span_id);
}

SLNK_APART static uint64_t draw_apart(const spanlink_list *list, const slnk_candidate *candidate) {
    slnk_hash_seed seed = list->reservoir.seed;
    uint64_t number = list->unique ? slnk_copy_digest(candidate->plan, seed) : list->arrivals;
    return slnk_hash_draw_again(seed, draw(list, candidate->context), number);
}

/* The heap. Among equal keys that of a later link counts as larger, and that of a place without a
 * link as the largest, so the dropped link does not depend on how the heap was built. */

static bool is_larger(const slnk_reservoir_place *a, const slnk_reservoir_place *b) {
    return a->key != b->key ? a->key > b->key : a->slot > b->slot;
}

/* Puts a place at `hole` or deeper, where no child is larger. */
static void sink(slnk_reservoir *r, size_t hole, slnk_reservoir_place place) {
    for (size_t child = 2 * hole + 1; child < r->count; child = 2 * hole + 1) {
        if (child + 1 < r->count && is_larger(&r->places[child + 1], &r->places[child])) {
            child++;
        }
        if (is_larger(&place, &r->places[child])) {
            break;
        }
        r->places[hole] = r->places[child];
        hole = child;
    }
    r->places[hole] = place;
}

static void build_heap(spanlink_list *list) {
    slnk_reservoir *r = &list->reservoir;
    for (size_t i = list->first; i < list->end; i++) {
        if (!slnk_list_is_hole(list, i)) {
            r->places[r->count++] = (slnk_reservoir_place){r->keys[i], (uint32_t)i, false};
        }
    }
    for (size_t place = r->count / 2; place > 0; place--) {
        sink(r, place - 1, r->places[place - 1]);
    }
    r->is_heap = true;
}

/* Keeps only the places without a link: the links are renumbered, or no longer all in the list. */
static void leave_heap(slnk_reservoir *r) {
    size_t kept = 0;
    for (size_t i = 0; i < r->count; i++) {
        if (r->places[i].is_removed) {
            r->places[kept++] = r->places[i];
        }
    }
    r->count = kept;
    r->is_heap = false;
}

static bool sketch_is_full(const spanlink_list *list) {
    return list->live + list->reservoir.removed >= list->reservoir.capacity;
}

/* The place with the largest key. There is one. */
static const slnk_reservoir_place *find_top(spanlink_list *list) {
    if (!list->reservoir.is_heap) {
        build_heap(list);
    }
    return &list->reservoir.places[0];
}

/* Replaces the top place; its link is already dropped. */
static void replace_top(slnk_reservoir *r, slnk_reservoir_place place) {
    r->has_cut = true;
    r->removed -= r->places[0].is_removed;
    r->removed += place.is_removed;
    sink(r, 0, place);
}

static void drop_top(slnk_reservoir *r) {
    r->removed -= r->places[0].is_removed;
    r->count--;
    sink(r, 0, r->places[r->count]);
}

/* Deciding */

bool slnk_reservoir_admits(spanlink_list *list, slnk_candidate *candidate) {
    if (!candidate->has_key) {
        candidate->key =
            candidate->indexed ? draw(list, candidate->context) : draw_apart(list, candidate);
    }
    const slnk_reservoir *r = &list->reservoir;
    if (!r->is_heap) { /* the top exists only while the sketch is full */
        if (!sketch_is_full(list) || r->capacity == 0) {
            return r->capacity != 0;
        }
        build_heap(list);
    }
    candidate->has_victim = !r->places[0].is_removed;
    candidate->victim = r->places[0].slot;
    return candidate->key < r->places[0].key;
}

void slnk_reservoir_pushed(spanlink_list *list, size_t number, const slnk_candidate *candidate) {
    slnk_reservoir *r = &list->reservoir;
    r->keys[number] = candidate->key;
    if (r->is_heap) {
        replace_top(r, (slnk_reservoir_place){candidate->key, (uint32_t)number, false});
    }
}

void slnk_reservoir_refused(spanlink_list *list, const slnk_candidate *candidate) {
    (void)candidate;
    list->reservoir.has_cut = true;
}

void slnk_reservoir_compacted(spanlink_list *list) {
    if (list->reservoir.is_heap) {
        leave_heap(&list->reservoir);
    }
}

/* Keeps the place of a link that is not in the list. */
static void keep_place(spanlink_list *list, slnk_reservoir_place place) {
    slnk_reservoir *r = &list->reservoir;
    slnk_reservoir_compacted(list);
    r->places[r->count++] = place;
    r->removed++;
}

/* Removing: before the policy has dropped a link, a removal just makes the list shorter. */
void slnk_reservoir_removed(spanlink_list *list, size_t number) {
    const slnk_reservoir *r = &list->reservoir;
    if (r->has_cut) {
        keep_place(list, (slnk_reservoir_place){r->keys[number], UINT32_MAX, true});
    }
}

void slnk_reservoir_moved(spanlink_list *list, size_t from, size_t to) {
    list->reservoir.keys[to] = list->reservoir.keys[from];
}

void slnk_reservoir_cleared(spanlink_list *list) {
    slnk_reservoir *r = &list->reservoir;
    r->has_cut = false;
    r->capacity = list->limits.max_links;
    r->count = r->removed = 0;
    r->is_heap = false;
}

/* Joining */

/* Whether the keys of the links of `from` are used: they are the list's own keys, or the links of
 * `from` were selected by them. */
static bool hands_on_keys(const spanlink_list *from, const spanlink_list *list) {
    const slnk_reservoir *a = &from->reservoir, *b = &list->reservoir;
    bool same_draw = from->unique && list->unique && a->seed.a == b->seed.a;
    return from->policy == list->policy && (same_draw || a->has_cut);
}

/* Drops the link on top, or the place of a removed link. */
static void cut_top(spanlink_list *list) {
    slnk_reservoir *r = &list->reservoir;
    if (!find_top(list)->is_removed) {
        slnk_list_evict(list, r->places[0].slot);
    }
}

/* Both sketches are reduced to the size of the smaller one. */
const uint64_t *slnk_reservoir_joins(spanlink_list *list, const spanlink_list *from) {
    slnk_reservoir *r = &list->reservoir;
    if (!hands_on_keys(from, list)) {
        return NULL;
    }
    if (from->reservoir.has_cut && from->reservoir.capacity < r->capacity) {
        r->capacity = from->reservoir.capacity;
        while (list->live + r->removed > r->capacity) {
            cut_top(list);
            drop_top(r);
        }
        slnk_reservoir_compacted(list);
    }
    return from->reservoir.keys;
}

static void join_removed(spanlink_list *list, slnk_reservoir_place place) {
    if (!sketch_is_full(list)) {
        keep_place(list, place);
    } else if (list->reservoir.capacity != 0 && place.key < find_top(list)->key) {
        cut_top(list);
        replace_top(&list->reservoir, place);
    }
}

/* Links that `from` has dropped also count as arrived. */
void slnk_reservoir_joined(spanlink_list *list, const spanlink_list *from) {
    const slnk_reservoir *other = &from->reservoir;
    if (from->policy == list->policy) {
        list->arrivals += from->arrivals - from->first_arrival - from->live;
    }
    if (hands_on_keys(from, list)) {
        for (size_t i = 0; i < other->count; i++) {
            if (other->places[i].is_removed) {
                join_removed(list, other->places[i]);
            }
        }
        list->reservoir.has_cut = list->reservoir.has_cut || other->has_cut;
    }
}

/* Memory */

bool slnk_reservoir_grow(spanlink_list *list, size_t capacity) {
    slnk_reservoir *r = &list->reservoir;
    size_t each = sizeof *r->keys;
    if (capacity <= r->keyed_slots) {
        return true;
    }
    uint64_t *keys = slnk_memory_resize(&list->allocator, r->keys, r->keyed_slots * each,
                                        slnk_size_multiply(capacity, each));
    if (keys == NULL) {
        return false;
    }
    r->keys = keys;
    r->keyed_slots = capacity;
    return true;
}

bool slnk_reservoir_reserve_cuts(spanlink_list *list) {
    slnk_reservoir *r = &list->reservoir;
    size_t room = list->limits.max_links;
    if (r->places != NULL || room == 0) {
        return true;
    }
    r->places = slnk_memory_allocate(&list->allocator, slnk_size_multiply(room, sizeof *r->places));
    r->room = r->places == NULL ? 0 : room;
    return r->places != NULL;
}

void slnk_reservoir_copied(spanlink_list *list, const spanlink_list *from) {
    const slnk_reservoir *other = &from->reservoir;
    slnk_reservoir *r = &list->reservoir;
    size_t number = 0;
    for (size_t i = from->first; i < from->end; i++) {
        if (!slnk_list_is_hole(from, i)) {
            r->keys[number++] = other->keys[i];
        }
    }
    for (size_t i = 0; i < other->count; i++) {
        if (other->places[i].is_removed) {
            r->places[r->count++] = other->places[i];
        }
    }
    r->removed = other->removed;
    r->has_cut = other->has_cut;
    r->capacity = other->capacity;
    r->seed = other->seed;
}

void slnk_reservoir_released(spanlink_list *list) {
    slnk_reservoir *r = &list->reservoir;
    slnk_memory_release(&list->allocator, r->keys, r->keyed_slots * sizeof *r->keys);
    slnk_memory_release(&list->allocator, r->places, r->room * sizeof *r->places);
}

size_t slnk_reservoir_bound(size_t max_links, size_t slots) {
    size_t places = slnk_size_multiply(max_links, sizeof(slnk_reservoir_place));
    return slnk_size_add(slnk_list_growth(slots, sizeof(uint64_t)),
                         slnk_size_add(places, SLNK_MEMORY_GRANULE));
}
