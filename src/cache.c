/* SPDX-License-Identifier: MIT */
#include <spanlink/cache.h>

#include "internal/compiler.h"
#include "internal/link_rules.h"
#include "internal/list/limits.h"
#include "internal/list/link_plain.h"
#include "internal/list/slots.h"
#include "internal/lock.h"
#include "internal/lru.h"
#include "internal/text.h"

#include <stdalign.h>

/*
 * A link and its key: one block, in which the key and then the content of the link's copy follow.
 *
 * The references are those of the table, the thread that creates the entry, and each waiting
 * thread. The last holder that drops its reference recycles the block.
 */
typedef struct cache_entry {
    size_t size; /* of the block */
    size_t refs; /* guarded by the shard's lock, once other threads can know the entry */
    size_t key_length;
    size_t copy_size; /* of the rest of the link's copy */
    spanlink_link link;
} cache_entry;

/* The arguments of a call, and the shard of its key. */
typedef struct request {
    struct spanlink_cache *cache;
    struct cache_shard *shard;
    spanlink_str key;
    uint32_t hash; /* its lower half */
    spanlink_create_fn create;
    void *state;
    spanlink_list *list;
} request;

/* The result of a create() for the waiting calls. */
typedef struct answer {
    bool abandoned; /* no result: its thread was cancelled */
    spanlink_status status;
    cache_entry *entry; /* on success: a reference for each call */
} answer;

/* A place in the ring of the calls that wait for one create(). */
typedef struct waiter_ring {
    struct waiter_ring *next, *previous;
} waiter_ring;

/* A call that waits for another thread's create(); on its own stack. */
typedef struct waiter {
    waiter_ring ring; /* the first member; after the answer, a ring of its own */
    const request *asked;
    bool answered;
    answer answer;
} waiter;

/* A running create(); on the stack of its thread, and in the shard's list. */
typedef struct creation {
    struct creation *next;
    const request *asked;
    uint64_t thread;
    waiter_ring waiters;
    bool removed; /* the key was removed meanwhile: the link is not kept, and later calls do not
                     wait */
    bool emitted;
    spanlink_status emit_status; /* what emit returned */
    spanlink_status status;      /* what create() returned, or the error of what it emitted */
    cache_entry *entry; /* the creating thread's reference; before a link is emitted, a block that
                           was recycled, or NULL */
} creation;

/* The lock is the first member: see slnk_lock_init_all(). */
typedef struct cache_shard {
    alignas(SLNK_LOCK_ALIGNMENT) slnk_lock lock;
    uint64_t hits; /* next to what each hit reads */
    slnk_lru entries;
    size_t slots;  /* the shard's capacity in entries */
    bool may_grow; /* the cache may still have free slots */
    creation *creations;
    cache_entry *recycled; /* the block of the entry recycled last, for the next one */
    uint64_t misses, evictions;
} cache_shard;

struct spanlink_cache {
    spanlink_allocator allocator;
    spanlink_limits limits;
    slnk_hash_seed seed, attribute_seed;
    slnk_lock slots_lock;
    size_t free_slots; /* not taken by any shard */
    size_t block_size;
    size_t shard_count;
    cache_shard *shards; /* after this struct, in the same block */
};

/* Options and statistics */

#define CACHE_FIELD(member)       SLNK_OPTIONS_FIELD(spanlink_cache_options, member)
#define CACHE_STATS_FIELD(member) SLNK_OPTIONS_FIELD(spanlink_cache_stats, member)

static const slnk_options_layout cache_layout =
    SLNK_OPTIONS_LAYOUT(spanlink_cache_options, SLNK_OPTIONS_ALLOCATOR(spanlink_cache_options),
                        SLNK_LIMITS_FIELDS(spanlink_cache_options), CACHE_FIELD(capacity),
                        CACHE_FIELD(shards), CACHE_FIELD(hash_seed));

void spanlink_cache_options_init(spanlink_cache_options *options, size_t struct_size) {
    const spanlink_cache_options defaults = SPANLINK_CACHE_OPTIONS_INIT;
    slnk_options_write(&cache_layout, &defaults, options, struct_size);
}

static const slnk_options_layout cache_stats_layout =
    SLNK_OPTIONS_LAYOUT(spanlink_cache_stats, CACHE_STATS_FIELD(hits), CACHE_STATS_FIELD(misses),
                        CACHE_STATS_FIELD(evictions), CACHE_STATS_FIELD(entries));

void spanlink_cache_stats_init(spanlink_cache_stats *stats, size_t struct_size) {
    const spanlink_cache_stats defaults = SPANLINK_CACHE_STATS_INIT;
    slnk_options_write(&cache_stats_layout, &defaults, stats, struct_size);
}

void spanlink_cache_get_stats(const spanlink_cache *cache, spanlink_cache_stats *stats) {
    if (cache == NULL || stats == NULL) {
        return;
    }
    spanlink_cache_stats now = SPANLINK_CACHE_STATS_INIT;
    for (size_t i = 0; i < cache->shard_count; i++) {
        cache_shard *shard = &cache->shards[i];
        slnk_lock_acquire(&shard->lock);
        slnk_list_count(&now.hits, shard->hits);
        slnk_list_count(&now.misses, shard->misses);
        slnk_list_count(&now.evictions, shard->evictions);
        now.entries += shard->entries.count;
        slnk_lock_release(&shard->lock);
    }
    slnk_options_write(&cache_stats_layout, &now, stats, stats->struct_size);
}

static bool read_cache_options(const spanlink_cache_options *given,
                               spanlink_cache_options *options) {
    const spanlink_cache_options defaults = SPANLINK_CACHE_OPTIONS_INIT;
    if (!slnk_options_read(&cache_layout, given, options) ||
        !slnk_limits_are_known(&options->limits) || options->shards == SPANLINK_UNLIMITED) {
        return false;
    }
    options->limits = slnk_limits_resolve(options->limits);
    options->capacity = slnk_options_number(options->capacity, defaults.capacity);
    if (options->capacity > SLNK_LRU_MOST) {
        options->capacity = SLNK_LRU_MOST;
    }
    options->shards = slnk_options_number(options->shards, 0);
    return slnk_memory_complete(&options->allocator);
}

/* Creation and destruction */

/*
 * Small caches keep the strict order of use. Large ones have enough links per shard that a shard's
 * least recently used link is one of the least recently used of all.
 */
static size_t choose_shards(const spanlink_cache_options *options) {
    size_t chosen = options->capacity < 512 ? 1 : options->capacity / 32;
    size_t wanted =
        options->shards == 0 ? slnk_size_least(chosen, SLNK_LOCK_SHARDS) : options->shards;
    return slnk_size_least(wanted, slnk_size_most(options->capacity, 1));
}

/*
 * Each shard owns one slot, and takes more from the cache as needed, so that the shards share the
 * capacity in proportion to their keys, and not in equal parts of which some would overflow.
 */
static void set_up_cache(spanlink_cache *cache, const spanlink_cache_options *options,
                         size_t shards, size_t size) {
    memset(cache, 0, size);
    cache->allocator = options->allocator;
    cache->limits = options->limits;
    cache->attribute_seed = slnk_hash_seed_secret(options->hash_seed, cache);
    cache->seed = slnk_hash_seed_choose(options->hash_seed, cache->attribute_seed);
    cache->block_size = size;
    cache->shard_count = shards;
    cache->shards = (cache_shard *)slnk_lock_align(cache + 1);
    cache->free_slots = options->capacity == 0 ? 0 : options->capacity - shards;
    for (size_t i = 0; i < shards; i++) {
        cache->shards[i].slots = options->capacity != 0;
        cache->shards[i].may_grow = true;
        slnk_lru_init(&cache->shards[i].entries);
    }
}

static bool make_cache_locks(spanlink_cache *cache) {
    if (!slnk_lock_init_all(&cache->slots_lock, 0, 1)) {
        return false;
    }
    bool made = slnk_lock_init_all(&cache->shards->lock, sizeof *cache->shards, cache->shard_count);
    if (!made) {
        slnk_lock_destroy_all(&cache->slots_lock, 0, 1);
    }
    return made;
}

spanlink_status spanlink_cache_create(const spanlink_cache_options *options,
                                      spanlink_cache **cache) {
    spanlink_cache_options known;
    if (cache == NULL || !read_cache_options(options, &known)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    size_t shards = choose_shards(&known);
    size_t size = slnk_size_add(slnk_size_multiply(shards, sizeof(cache_shard)),
                                sizeof(spanlink_cache) + SLNK_LOCK_ALIGNMENT);
    spanlink_cache *made = slnk_memory_allocate(&known.allocator, size);
    if (made == NULL) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    set_up_cache(made, &known, shards, size);
    if (!make_cache_locks(made)) {
        slnk_memory_release(&known.allocator, made, size);
        return SPANLINK_ERR_LOCK;
    }
    *cache = made;
    return SPANLINK_OK;
}

static void destroy_cache_locks(spanlink_cache *cache) {
    slnk_lock_destroy_all(&cache->shards->lock, sizeof *cache->shards, cache->shard_count);
    slnk_lock_destroy_all(&cache->slots_lock, 0, 1);
}

void spanlink_cache_destroy(spanlink_cache *cache) {
    if (cache == NULL) {
        return;
    }
    spanlink_cache_clear(cache);
    destroy_cache_locks(cache);
    spanlink_allocator allocator = cache->allocator;
    slnk_memory_release(&allocator, cache, cache->block_size);
}

/*
 * The life of an entry. From here on the shard's lock is held, unless a comment states otherwise.
 */

static void release_entry(const spanlink_cache *cache, cache_entry *entry) {
    if (entry != NULL) {
        slnk_memory_release(&cache->allocator, entry, entry->size);
    }
}

/* Keeps a block for the next entry, instead of the one kept before; NULL: keeps none. */
static void recycle(const spanlink_cache *cache, cache_shard *shard, cache_entry *block) {
    release_entry(cache, shard->recycled);
    shard->recycled = block;
}

static void drop_reference(const spanlink_cache *cache, cache_shard *shard, cache_entry *entry) {
    if (entry != NULL && --entry->refs == 0) {
        recycle(cache, shard, entry);
    }
}

/* The bytes of an entry before those of the link's copy: a multiple of 8. The key is in memory, so
 * the sum does not overflow. */
static inline size_t bytes_before_copy(size_t key_length) {
    return (sizeof(cache_entry) + key_length + 7) & ~(size_t)7;
}

/* Adds the link of an entry to a list. */
static inline spanlink_status add_entry(const spanlink_cache *cache, const cache_entry *entry,
                                        spanlink_list *list) {
    const char *copy = (const char *)entry + bytes_before_copy(entry->key_length);
    return slnk_list_add_copy(list, &entry->link, copy, entry->copy_size, &cache->limits);
}

/* The table of a shard */

/* The upper half of the hash selects the shard, the lower half is for its table. */
static cache_shard *shard_of_key(const spanlink_cache *cache, uint64_t hash) {
    return &cache->shards[slnk_lock_pick(hash, cache->shard_count)];
}

static bool is_entry_of(const cache_entry *entry, spanlink_str key) {
    return entry->key_length == key.len && slnk_bytes_equal(entry + 1, key.ptr, key.len);
}

/* The node of a key; 0: there is none. */
static uint32_t find_node(const slnk_lru *entries, spanlink_str key, uint32_t hash) {
    const slnk_lru_node *nodes = entries->nodes;
    uint32_t node = slnk_lru_find(entries, slnk_lru_bucket(entries, hash), hash);
    while (node != 0 && !is_entry_of(nodes[node].entry, key)) {
        node = slnk_lru_find(entries, nodes[node].next, hash);
    }
    return node;
}

static void remove_node(const spanlink_cache *cache, cache_shard *shard, uint32_t node) {
    drop_reference(cache, shard, slnk_lru_remove(&shard->entries, node));
}

static void evict_node(const spanlink_cache *cache, cache_shard *shard, uint32_t node) {
    remove_node(cache, shard, node);
    slnk_list_count(&shard->evictions, 1);
}

static bool take_slot(spanlink_cache *cache, cache_shard *shard) {
    if (shard->may_grow) {
        slnk_lock_acquire(&cache->slots_lock);
        shard->may_grow = cache->free_slots != 0;
        cache->free_slots -= shard->may_grow;
        slnk_lock_release(&cache->slots_lock);
        shard->slots += shard->may_grow;
    }
    return shard->may_grow;
}

/* Adds an entry as the most recently used one. OK or NO_MEMORY. */
static spanlink_status keep_entry(spanlink_cache *cache, cache_shard *shard, uint32_t hash,
                                  cache_entry *entry) {
    if (shard->entries.count == shard->slots && !take_slot(cache, shard)) {
        evict_node(cache, shard, slnk_lru_oldest(&shard->entries));
    } else if (!slnk_lru_reserve(&shard->entries, &cache->allocator)) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    uint32_t crowded_out = slnk_lru_crowded_out(&shard->entries, hash);
    if (crowded_out != 0) {
        evict_node(cache, shard, crowded_out);
    }
    slnk_lru_add(&shard->entries, hash, entry);
    entry->refs++;
    return SPANLINK_OK;
}

/* Emitting. No lock is held: no other thread knows the entry yet. */

/* Reuse a block only if it is at most twice the needed size. */
static bool fits(const cache_entry *block, size_t size) {
    return block != NULL && block->size >= size && block->size / 2 <= size;
}

/* Makes sure that the creation has a block of that size. OK or NO_MEMORY. */
static spanlink_status provide_block(creation *self, size_t size) {
    const spanlink_cache *cache = self->asked->cache;
    cache_entry *old = self->entry;
    if (fits(old, size)) {
        return SPANLINK_OK;
    }
    self->entry = NULL;
    release_entry(cache, old);
    cache_entry *made = slnk_memory_allocate(&cache->allocator, size);
    if (made == NULL) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    made->size = size;
    made->refs = 1;
    self->entry = made;
    return SPANLINK_OK;
}

static spanlink_status copy_planned(creation *self, const spanlink_link *link) {
    const spanlink_cache *cache = self->asked->cache;
    size_t before = bytes_before_copy(self->asked->key.len);
    slnk_copy_scratch scratch = {.seed = cache->attribute_seed};
    slnk_copy_plan plan;
    spanlink_status status =
        slnk_copy_make_plan(&plan, link, &cache->limits, &cache->allocator, &scratch);
    if (status == SPANLINK_OK) {
        status = provide_block(self, slnk_size_add(before, plan.size));
    }
    if (status == SPANLINK_OK) {
        slnk_copy_write(&plan, (char *)self->entry + before, &self->entry->link);
        self->entry->copy_size = plan.size;
    }
    slnk_copy_release_scratch(&scratch, &cache->allocator);
    return status;
}

/*
 * Copies a plain link into a recycled block, which saves four of ten instructions of a miss. False
 * if the link is not plain, or the block does not fit: then the block's link has no meaning, as
 * before.
 */
static bool copy_plain(creation *self, const spanlink_link *link) {
    cache_entry *entry = self->entry;
    size_t before = bytes_before_copy(self->asked->key.len);
    return entry != NULL && entry->size >= before &&
           slnk_plain_copy(link, &self->asked->cache->limits, (char *)entry + before,
                           entry->size - before, &entry->link, &entry->copy_size) &&
           fits(entry, before + entry->copy_size);
}

static spanlink_status copy_emitted(creation *self, const spanlink_link *link) {
    spanlink_str key = self->asked->key;
    spanlink_status status = copy_plain(self, link) ? SPANLINK_OK : copy_planned(self, link);
    if (status != SPANLINK_OK) {
        return status;
    }
    self->entry->key_length = key.len;
    slnk_bytes_copy(self->entry + 1, key.ptr, key.len);
    return slnk_link_is_invalid(&self->entry->link.context, self->entry->link.attribute_count)
               ? SPANLINK_ERR_LINK_INVALID
               : SPANLINK_OK;
}

static spanlink_status emit_link(void *sink, const spanlink_link *link) {
    creation *self = (creation *)sink;
    if (link == NULL || slnk_link_lacks_attributes(link)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    self->emit_status =
        self->emitted ? SPANLINK_ERR_CACHE_MULTIPLE_LINKS : copy_emitted(self, link);
    self->emitted = true;
    return self->emit_status;
}

static void run_create(void *state) {
    creation *self = (creation *)state;
    const request *asked = self->asked;
    self->status = asked->create(asked->state, asked->key, emit_link, self);
    if (self->status == SPANLINK_OK) {
        self->status = self->emitted ? self->emit_status : SPANLINK_ERR_CACHE_NO_LINK;
    }
}

/* Creating. The shard's lock is held again. */

static void enter_creations(const request *asked, creation *self) {
    cache_shard *shard = asked->shard;
    *self = (creation){.next = shard->creations,
                       .asked = asked,
                       .thread = slnk_lock_thread_number(),
                       .entry = shard->recycled};
    shard->recycled = NULL;
    if (self->entry != NULL) {
        self->entry->refs = 1;
    }
    self->waiters.next = self->waiters.previous = &self->waiters;
    shard->creations = self;
}

static void leave_creations(const creation *self) {
    creation **link = &self->asked->shard->creations;
    while (*link != self) {
        link = &(*link)->next;
    }
    *link = self->next;
}

static void enter_waiters(waiter *self, creation *running) {
    self->ring.next = &running->waiters;
    self->ring.previous = running->waiters.previous;
    self->ring.previous->next = self->ring.next->previous = &self->ring;
}

static void leave_waiters(waiter *self) {
    self->ring.previous->next = self->ring.next;
    self->ring.next->previous = self->ring.previous;
    self->ring.next = self->ring.previous = &self->ring;
}

static bool has_waiters(const creation *self) {
    return self->waiters.next != &self->waiters;
}

static void answer_waiters(creation *self, answer given) {
    if (!has_waiters(self)) {
        return;
    }
    slnk_lock_wake_all(&self->asked->shard->lock);
    while (has_waiters(self)) {
        waiter *w = (waiter *)(void *)self->waiters.next;
        leave_waiters(w);
        w->answered = true;
        w->answer = given;
        if (given.entry != NULL) {
            given.entry->refs++;
        }
    }
}

/* The waiting calls are answered before the link is added to the list: its status concerns only
 * this call. */
static spanlink_status finish_creation(creation *self) {
    const request *asked = self->asked;
    cache_shard *shard = asked->shard;
    spanlink_status status = self->status;
    leave_creations(self);
    if (status == SPANLINK_OK && !self->removed && shard->slots != 0) {
        status = keep_entry(asked->cache, shard, asked->hash, self->entry);
    }
    answer_waiters(self, (answer){false, status, status == SPANLINK_OK ? self->entry : NULL});
    if (status == SPANLINK_OK) {
        status = add_entry(asked->cache, self->entry, asked->list);
    }
    drop_reference(asked->cache, shard, self->entry);
    return status;
}

/* The thread was cancelled in create(): as if it had not called. */
static void abandon_creation(void *state) {
    creation *self = (creation *)state;
    cache_shard *shard = self->asked->shard;
    slnk_lock_acquire(&shard->lock);
    leave_creations(self);
    answer_waiters(self, (answer){.abandoned = true});
    drop_reference(self->asked->cache, shard, self->entry);
    slnk_lock_release(&shard->lock);
}

static spanlink_status create_link(const request *asked) {
    creation self;
    enter_creations(asked, &self);
    slnk_list_count(&asked->shard->misses, 1);
    slnk_lock_release(&asked->shard->lock);
    slnk_lock_run(run_create, &self, abandon_creation);
    slnk_lock_acquire(&asked->shard->lock);
    return finish_creation(&self);
}

/* Asking */

static inline spanlink_status use_node(const spanlink_cache *cache, cache_shard *shard,
                                       uint32_t node, spanlink_list *list) {
    const cache_entry *entry = shard->entries.nodes[node].entry;
    slnk_list_count(&shard->hits, 1);
    slnk_lru_use(&shard->entries, node);
    return add_entry(cache, entry, list);
}

static void wait_for_answer(void *state) {
    waiter *self = (waiter *)state;
    while (!self->answered) {
        slnk_lock_wait(&self->asked->shard->lock);
    }
}

/* The thread was cancelled while it waited. */
static void abandon_waiting(void *state) {
    waiter *self = (waiter *)state;
    cache_shard *shard = self->asked->shard;
    leave_waiters(self);
    drop_reference(self->asked->cache, shard, self->answer.entry);
    slnk_lock_release(&shard->lock);
}

/* False if there was no answer. */
static bool wait_for(const request *asked, creation *running, spanlink_status *status) {
    waiter self = {.asked = asked};
    enter_waiters(&self, running);
    slnk_list_count(&asked->shard->hits, 1);
    slnk_lock_run(wait_for_answer, &self, abandon_waiting);
    if (self.answer.abandoned) {
        asked->shard->hits--;
        return false;
    }
    *status = self.answer.status;
    if (*status == SPANLINK_OK) {
        *status = add_entry(asked->cache, self.answer.entry, asked->list);
    }
    drop_reference(asked->cache, asked->shard, self.answer.entry);
    return true;
}

static bool is_creation_of(const creation *running, spanlink_str key, uint32_t hash) {
    return running->asked->hash == hash && slnk_text_equal(running->asked->key, key);
}

static bool is_mine(const creation *running) {
    return running->thread == slnk_lock_thread_number();
}

/* The create() of a key's link: this thread's own if there is one, otherwise one to wait for. */
static inline creation *find_creation(const request *asked) {
    creation *found = NULL;
    for (creation *c = asked->shard->creations; c != NULL; c = c->next) {
        bool makes_it = is_creation_of(c, asked->key, asked->hash);
        if (makes_it && is_mine(c)) {
            return c;
        }
        if (makes_it && !c->removed) {
            found = c;
        }
    }
    return found;
}

/* Waits for another thread's create(). If that is abandoned, the key may be there, or another call
 * may be creating it. False if neither: then this call has to create the link. */
SLNK_APART static bool wait_for_others(const request *asked, creation *running,
                                       spanlink_status *status) {
    for (; running != NULL; running = find_creation(asked)) {
        if (is_mine(running)) {
            *status = SPANLINK_ERR_CACHE_RECURSION;
            return true;
        }
        if (wait_for(asked, running, status)) {
            return true;
        }
        uint32_t node = find_node(&asked->shard->entries, asked->key, asked->hash);
        if (node != 0) {
            *status = use_node(asked->cache, asked->shard, node, asked->list);
            return true;
        }
    }
    return false;
}

SLNK_APART static spanlink_status miss(const request *asked) {
    spanlink_status status;
    creation *running = find_creation(asked);
    if (running == NULL || !wait_for_others(asked, running, &status)) {
        status = create_link(asked);
    }
    slnk_lock_release(&asked->shard->lock);
    return status;
}

/* Public functions; each acquires the shard's lock. */

spanlink_status spanlink_cache_get_or_create(spanlink_cache *cache, spanlink_str key,
                                             spanlink_create_fn create, void *state,
                                             spanlink_list *list) {
    if (cache == NULL || slnk_text_is_broken(key) || create == NULL || list == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    uint64_t hash = slnk_hash_text(cache->seed, key.ptr, key.len);
    cache_shard *shard = shard_of_key(cache, hash);
    slnk_lock_acquire(&shard->lock);
    uint32_t node = find_node(&shard->entries, key, (uint32_t)hash);
    if (node == 0) {
        const request asked = {cache, shard, key, (uint32_t)hash, create, state, list};
        return miss(&asked);
    }
    spanlink_status status = use_node(cache, shard, node, list);
    slnk_lock_release(&shard->lock);
    return status;
}

bool spanlink_cache_remove(spanlink_cache *cache, spanlink_str key) {
    if (cache == NULL || slnk_text_is_broken(key)) {
        return false;
    }
    uint64_t hash = slnk_hash_text(cache->seed, key.ptr, key.len);
    cache_shard *shard = shard_of_key(cache, hash);
    slnk_lock_acquire(&shard->lock);
    uint32_t node = find_node(&shard->entries, key, (uint32_t)hash);
    if (node != 0) {
        remove_node(cache, shard, node);
    }
    for (creation *c = shard->creations; c != NULL; c = c->next) {
        if (is_creation_of(c, key, (uint32_t)hash)) {
            c->removed = true;
        }
    }
    slnk_lock_release(&shard->lock);
    return node != 0;
}

static void clear_shard(const spanlink_cache *cache, cache_shard *shard) {
    while (shard->entries.count != 0) {
        remove_node(cache, shard, slnk_lru_oldest(&shard->entries));
    }
    recycle(cache, shard, NULL);
    slnk_lru_release(&shard->entries, &cache->allocator);
    for (creation *c = shard->creations; c != NULL; c = c->next) {
        c->removed = true;
    }
}

void spanlink_cache_clear(spanlink_cache *cache) {
    if (cache == NULL) {
        return;
    }
    for (size_t i = 0; i < cache->shard_count; i++) {
        slnk_lock_acquire(&cache->shards[i].lock);
        clear_shard(cache, &cache->shards[i]);
        slnk_lock_release(&cache->shards[i].lock);
    }
}
