/* SPDX-License-Identifier: MIT */
#include <spanlink/dedup.h>

#include "internal/list.h"

/*
 * How many links are hashed before the first of them is looked up: so many slots of the table are
 * on their way from memory at once.
 */
enum { AHEAD = 16 };

/* A table for all links, kept for the next time. */
static bool make_table(spanlink_list *list) {
    size_t size = spanlink_span_index_size(list->live);
    if (size > list->index.size) {
        return spanlink_span_index_resize(&list->index, &list->allocator, size);
    }
    return true;
}

/* Whether a link among slots [0, kept) has the span; enters the span if not. */
static bool seen_before(spanlink_list *list, const spanlink_context *context, uint64_t hash,
                        size_t kept) {
    spanlink_span_index *index = &list->index;
    uint64_t entry = spanlink_span_index_entry(hash, (uint32_t)kept);
    size_t slot = spanlink_span_index_home(index, entry);
    for (; index->entries[slot] != 0; slot = (slot + 1) & (index->size - 1)) {
        uint64_t other = index->entries[slot];
        if (other >> 32 == entry >> 32 &&
            spanlink_list_same_ids(&list->slots[(uint32_t)other].context, context)) {
            return true;
        }
    }
    index->entries[slot] = entry;
    index->count++;
    return false;
}

static void prefetch(const void *address) {
#ifdef __GNUC__
    __builtin_prefetch(address);
#else
    (void)address;
#endif
}

static void hash_ahead(const spanlink_list *list, size_t from, size_t to, uint64_t hashes[AHEAD]) {
    for (size_t i = from; i < to; i++) {
        uint64_t hash = spanlink_list_hash(list, &list->slots[i].context);
        uint64_t entry = spanlink_span_index_entry(hash, 0);
        hashes[i - from] = hash;
        prefetch(&list->index.entries[spanlink_span_index_home(&list->index, entry)]);
    }
}

/* Moves the links to keep of slots [from, to) to `kept` and behind; returns where those end. */
static size_t keep_first_ones(spanlink_list *list, size_t from, size_t to,
                              const uint64_t hashes[AHEAD], size_t kept) {
    for (size_t i = from; i < to; i++) {
        spanlink_link *slot = &list->slots[i];
        if (spanlink_list_names_a_span(&slot->context) &&
            seen_before(list, &slot->context, hashes[i - from], kept)) {
            spanlink_list_drop_block(list, slot);
            continue;
        }
        if (kept != i) {
            list->slots[kept] = *slot;
            if (list->keys != NULL) {
                list->keys[kept] = list->keys[i];
            }
        }
        kept++;
    }
    return kept;
}

spanlink_status spanlink_list_dedup(spanlink_list *list) {
    if (list == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_list_begin_change(list);
    if (list->unique || list->live == 0) {
        return SPANLINK_OK;
    }
    if (!make_table(list)) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    spanlink_list_close_gaps(list);
    size_t live = list->live, kept = 0;
    uint64_t hashes[AHEAD];
    for (size_t from = 0; from < live; from += AHEAD) {
        size_t to = live - from < AHEAD ? live : from + AHEAD;
        hash_ahead(list, from, to, hashes);
        kept = keep_first_ones(list, from, to, hashes, kept);
    }
    spanlink_span_index_clear(&list->index);
    spanlink_list_count(&list->duplicate, live - kept);
    spanlink_list_links_changed(list, kept);
    return SPANLINK_OK;
}
