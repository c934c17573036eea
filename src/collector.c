/* SPDX-License-Identifier: MIT */
#include <spanlink/collector.h>

#include "internal/compiler.h"
#include "internal/list/limits.h"
#include "internal/list/slots.h"
#include "internal/lock.h"

#include <stdalign.h>

/* The lock is the first member: see slnk_lock_init_all(). */
typedef struct collector_shard {
    alignas(SLNK_LOCK_ALIGNMENT) slnk_lock lock;
    spanlink_list *list;          /* NULL until the first add: the shard is not used */
    struct collector_shard *next; /* used before; guarded by the lock of `all` */
} collector_shard;

struct spanlink_collector {
    spanlink_list_options options; /* options of every list here, unresolved: 0 is a default */
    spanlink_list *gathered;       /* empty between calls; NULL until it is needed first */
    size_t block_size;
    size_t shard_count;
    collector_shard *shards; /* after this struct, in the same block, followed by: */
    collector_shard *all;    /* whose lock is acquired before others; `next`: the used shards */
    spanlink_list **sources; /* an array with an element for each shard */
};

/* A drain may hold all their locks, and one more. ThreadSanitizer supports at most 63 locks per
 * thread, and the caller may hold some. */
enum { DEFAULT_SHARDS = SLNK_LOCK_SHARDS < 48 ? SLNK_LOCK_SHARDS : 48 };

/* Creation and destruction */

#define COLLECTOR_FIELD(member) SLNK_OPTIONS_FIELD(spanlink_collector_options, member)
static const slnk_options_layout collector_layout = SLNK_OPTIONS_LAYOUT(
    spanlink_collector_options, SLNK_OPTIONS_ALLOCATOR(spanlink_collector_options),
    SLNK_LIMITS_FIELDS(spanlink_collector_options), COLLECTOR_FIELD(overflow),
    COLLECTOR_FIELD(unique), COLLECTOR_FIELD(reserved), COLLECTOR_FIELD(seed),
    COLLECTOR_FIELD(hash_seed), COLLECTOR_FIELD(shards));

void spanlink_collector_options_init(spanlink_collector_options *options, size_t struct_size) {
    const spanlink_collector_options defaults = SPANLINK_COLLECTOR_OPTIONS_INIT;
    slnk_options_write(&collector_layout, &defaults, options, struct_size);
}

static bool read_collector_options(const spanlink_collector_options *given,
                                   spanlink_collector_options *options) {
    if (!slnk_options_read(&collector_layout, given, options) ||
        !slnk_limits_are_known(&options->limits) || options->shards == SPANLINK_UNLIMITED ||
        (options->reserved[0] | options->reserved[1] | options->reserved[2]) != 0) {
        return false;
    }
    /* SPANLINK_NONE means 0, the default: a collector needs a shard. */
    if (slnk_options_number(options->shards, 0) == 0) {
        options->shards = DEFAULT_SHARDS;
    }
    return slnk_overflow_is_known(options->overflow) && slnk_memory_complete(&options->allocator);
}

/* False if the locks cannot be made. */
static bool set_up_collector(spanlink_collector *collector,
                             const spanlink_collector_options *options, size_t size) {
    memset(collector, 0, size);
    collector->options = (spanlink_list_options)SPANLINK_LIST_OPTIONS_INIT;
    collector->options.allocator = options->allocator;
    collector->options.limits = options->limits;
    collector->options.overflow = options->overflow;
    collector->options.unique = options->unique;
    collector->options.seed = options->seed;
    memcpy(collector->options.hash_seed, options->hash_seed, sizeof options->hash_seed);
    collector->block_size = size;
    collector->shard_count = options->shards;
    collector->shards = (collector_shard *)slnk_lock_align(collector + 1);
    collector->all = collector->shards + options->shards;
    collector->sources = (spanlink_list **)(void *)(collector->all + 1);
    return slnk_lock_init_all(&collector->shards->lock, sizeof *collector->shards,
                              options->shards + 1);
}

spanlink_status spanlink_collector_create(const spanlink_collector_options *options,
                                          spanlink_collector **collector) {
    spanlink_collector_options known;
    if (collector == NULL || !read_collector_options(options, &known)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    size_t size = slnk_size_add(
        slnk_size_multiply(known.shards, sizeof(collector_shard) + sizeof(spanlink_list *)),
        sizeof(spanlink_collector) + sizeof(collector_shard) + SLNK_LOCK_ALIGNMENT);
    spanlink_collector *made = slnk_memory_allocate(&known.allocator, size);
    if (made == NULL || !set_up_collector(made, &known, size)) {
        slnk_memory_release(&known.allocator, made, size);
        return made == NULL ? SPANLINK_ERR_NO_MEMORY : SPANLINK_ERR_LOCK;
    }
    *collector = made;
    return SPANLINK_OK;
}

void spanlink_collector_destroy(spanlink_collector *collector) {
    if (collector == NULL) {
        return;
    }
    for (collector_shard *each = collector->all->next; each != NULL; each = each->next) {
        spanlink_list_destroy(each->list);
    }
    spanlink_list_destroy(collector->gathered);
    slnk_lock_destroy_all(&collector->shards->lock, sizeof *collector->shards,
                          collector->shard_count + 1);
    spanlink_allocator allocator = collector->options.allocator;
    slnk_memory_release(&allocator, collector, collector->block_size);
}

/* Adding */

/*
 * RESERVOIR derives a link's key from its span and its number of arrival. Different lists start
 * their numbers far apart, so that even for the same span their links have different keys.
 */
static spanlink_status make_list(const spanlink_collector *collector, uint64_t number,
                                 spanlink_list **list) {
    spanlink_list *made = NULL;
    spanlink_status status = spanlink_list_create(&collector->options, &made);
    if (status == SPANLINK_OK) {
        made->arrivals = made->first_arrival = number << 40;
        *list = made;
    }
    return status;
}

/*
 * Always the same shard for a thread, which keeps its links in order. Any odd factor would do; this
 * one was searched for, so that the first eight threads of a program use different shards, if their
 * stacks are at the usual distances (sizes from 64 KiB to 8 MiB, with none to four guard pages) and
 * the main thread is some pages from the next.
 */
static collector_shard *shard_of_thread(const spanlink_collector *collector) {
    uint64_t spread = slnk_lock_thread_number() * UINT64_C(0x5fb4ec4ef5025777);
    return &collector->shards[slnk_lock_pick(spread, collector->shard_count)];
}

/* Makes the list of a shard, whose lock is released meanwhile: that of all comes first. */
SLNK_APART static spanlink_status start_shard(spanlink_collector *collector, collector_shard *own) {
    spanlink_status status = SPANLINK_OK;
    slnk_lock_release(&own->lock);
    slnk_lock_acquire(&collector->all->lock);
    slnk_lock_acquire(&own->lock);
    if (own->list == NULL) {
        status = make_list(collector, (uint64_t)(own - collector->shards), &own->list);
        if (status == SPANLINK_OK) {
            own->next = collector->all->next;
            collector->all->next = own;
        }
    }
    slnk_lock_release(&collector->all->lock);
    return status;
}

spanlink_status spanlink_collector_add(spanlink_collector *collector, const spanlink_link *link) {
    if (collector == NULL || link == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    collector_shard *own = shard_of_thread(collector);
    slnk_lock_acquire(&own->lock);
    spanlink_status status = own->list == NULL ? start_shard(collector, own) : SPANLINK_OK;
    if (status == SPANLINK_OK) {
        status = spanlink_list_add(own->list, link);
    }
    slnk_lock_release(&own->lock);
    return status;
}

/* All used shards at once: to lock all 48 takes microseconds, for which threads that add wait. */

static void acquire_all(const spanlink_collector *collector) {
    slnk_lock_acquire(&collector->all->lock);
    for (collector_shard *each = collector->all->next; each != NULL; each = each->next) {
        slnk_lock_acquire(&each->lock);
    }
}

static void release_all(const spanlink_collector *collector) {
    for (collector_shard *each = collector->all->next; each != NULL; each = each->next) {
        slnk_lock_release(&each->lock);
    }
    slnk_lock_release(&collector->all->lock);
}

/* False for a list that has neither links nor counts. */
static bool has_content(const spanlink_list *list) {
    return (list->live | list->duplicate | list->over_limit | list->invalid) != 0;
}

/* Finds the lists with links or counts, and returns their number. */
static size_t find_sources(spanlink_collector *collector) {
    size_t found = 0;
    for (collector_shard *each = collector->all->next; each != NULL; each = each->next) {
        if (has_content(each->list)) {
            collector->sources[found++] = each->list;
        }
    }
    return found;
}

static size_t count_links(const spanlink_collector *collector) {
    size_t links = 0;
    for (collector_shard *each = collector->all->next; each != NULL; each = each->next) {
        links += each->list->live;
    }
    return links;
}

/* Whether a collector's limits allow the links of all these lists together. */
static bool fit_together(const spanlink_collector *collector, size_t sources) {
    const spanlink_list_options *options = &collector->options;
    size_t most = slnk_limits_resolve(options->limits).max_links;
    return sources < 2 || (!options->unique && count_links(collector) <= most);
}

/* Clears a list. Its numbers of arrival continue, so that the next links have different keys. */
static void restart_list(spanlink_list *list) {
    if (list != NULL) {
        list->first_arrival = list->arrivals;
        spanlink_list_clear(list);
    }
}

/* Applies the collector's policy and `unique` to all links, in a list of its own, then adds them.
 */
static spanlink_status offer_gathered(spanlink_collector *collector, size_t sources,
                                      spanlink_list *list) {
    spanlink_status status = SPANLINK_OK;
    if (collector->gathered == NULL) {
        status = make_list(collector, collector->shard_count, &collector->gathered);
    }
    if (status == SPANLINK_OK) {
        status = slnk_list_offer_lists(collector->gathered, collector->sources, sources);
    }
    if (status == SPANLINK_OK) {
        status = slnk_list_offer_lists(list, &collector->gathered, 1);
    }
    restart_list(collector->gathered);
    return status;
}

static spanlink_status offer_to(spanlink_collector *collector, spanlink_list *list,
                                bool and_clear) {
    size_t sources = find_sources(collector);
    if (!fit_together(collector, sources)) {
        return offer_gathered(collector, sources, list);
    }
    return and_clear ? slnk_list_move_lists(list, collector->sources, sources)
                     : slnk_list_offer_lists(list, collector->sources, sources);
}

static void clear_all(const spanlink_collector *collector) {
    for (collector_shard *each = collector->all->next; each != NULL; each = each->next) {
        restart_list(each->list);
    }
}

/*
 * Not cancelled half-way: the list's allocator may be a cancellation point, and other threads wait.
 */
static spanlink_status deliver(spanlink_collector *collector, spanlink_list *list, bool and_clear) {
    if (collector == NULL || list == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    int cancel_state = slnk_lock_defer_cancel();
    acquire_all(collector);
    spanlink_status status = offer_to(collector, list, and_clear);
    if (status == SPANLINK_OK && and_clear) {
        clear_all(collector);
    }
    release_all(collector);
    slnk_lock_accept_cancel(cancel_state);
    return status;
}

spanlink_status spanlink_collector_snapshot(spanlink_collector *collector, spanlink_list *list) {
    return deliver(collector, list, false);
}

spanlink_status spanlink_collector_drain(spanlink_collector *collector, spanlink_list *list) {
    return deliver(collector, list, true);
}

void spanlink_collector_clear(spanlink_collector *collector) {
    if (collector != NULL) {
        acquire_all(collector);
        clear_all(collector);
        release_all(collector);
    }
}

/* Counting */

size_t spanlink_collector_count(const spanlink_collector *collector) {
    if (collector == NULL) {
        return 0;
    }
    acquire_all(collector);
    size_t links = count_links(collector);
    release_all(collector);
    return links;
}

/* Adds up the counters in a list, which then computes the statistics. */
void spanlink_collector_get_stats(const spanlink_collector *collector, spanlink_list_stats *stats) {
    if (collector == NULL) {
        return;
    }
    spanlink_list sum = {.live = 0};
    acquire_all(collector);
    for (collector_shard *each = collector->all->next; each != NULL; each = each->next) {
        sum.live += each->list->live;
        slnk_list_count(&sum.duplicate, each->list->duplicate);
        slnk_list_count(&sum.over_limit, each->list->over_limit);
        slnk_list_count(&sum.invalid, each->list->invalid);
    }
    release_all(collector);
    spanlink_list_get_stats(&sum, stats);
}
