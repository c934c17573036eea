/* SPDX-License-Identifier: MIT */
#include <spanlink/cache.h>

#include "internal/compiler.h"
#include "internal/list/limits.h"
#include "internal/list/link_plain.h"
#include "internal/list/slots.h"
#include "internal/lock.h"

#include <stdalign.h>

/* A place in a shard's order of use, which is a ring that the shard's own place closes. */
typedef struct use_place {
    struct use_place *newer, *older;
} use_place;

/*
 * A link under its key: one block, in which the link's copy and the key follow.
 *
 * It belongs to the shard while it is cached, and to the waiting threads that it was promised to;
 * who comes last gives it up.
 */
typedef struct cache_entry {
    use_place used; /* the first member: a place that is not the shard's is an entry */
    struct cache_entry *next;
    uint64_t hash;
    spanlink_str key;
    size_t size; /* of the block */
    size_t promises;
    bool cached;
    spanlink_link link;
} cache_entry;

/* A thread that waits for the create() of another one; on its own stack. */
typedef struct waiter {
    struct waiter *next;
    bool answered;
    spanlink_status status;
    cache_entry *made; /* promised to it if the status is OK */
} waiter;

/* A create() that runs; on the stack of its thread, and in the shard's list. */
typedef struct creation {
    struct creation *next;
    const spanlink_cache *cache;
    spanlink_str key;
    uint64_t hash;
    slnk_lock_thread thread;
    waiter *waiters;
    bool forgotten; /* removed meanwhile: not to be kept, and nobody else shall wait for it */
    spanlink_status emit_status;
    bool emitted;
    cache_entry *made;
    cache_entry *spare; /* the block of an entry that was given up */
} creation;

typedef struct cache_shard {
    alignas(SLNK_LOCK_ALIGNMENT) slnk_lock lock;
    size_t count, slots;   /* links, and how many there may be */
    bool may_grow;         /* the cache may still have slots to give */
    cache_entry **buckets; /* a power of two of them */
    size_t bucket_count;
    cache_entry *first_bucket; /* the only one at first, so that there is always one */
    use_place ring; /* the most recently used is its older neighbour, the least its newer */
    creation *creations;
    cache_entry *spare; /* the block of the entry that was given up last, for the next one */
    uint64_t hits, misses, evictions;
} cache_shard;

struct spanlink_cache {
    spanlink_allocator allocator;
    spanlink_limits limits;
    slnk_hash_seed seed, attribute_seed;
    slnk_lock_room room; /* where waiters sleep */
    slnk_lock slots_lock;
    size_t free_slots; /* that no shard has taken yet */
    size_t block_size;
    size_t shard_count;
    cache_shard *shards; /* behind this struct, in the same block */
};

/* What one call asks for. */
typedef struct request {
    spanlink_cache *cache;
    cache_shard *home;
    spanlink_str key;
    uint64_t hash;
    spanlink_create_fn create;
    void *state;
    spanlink_list *list;
} request;

/* Options and statistics */

#define CACHE_FIELD(member) SLNK_OPTIONS_FIELD(spanlink_cache_options, member)
static const slnk_options_field cache_fields[] = {
    CACHE_FIELD(struct_size),
    SLNK_OPTIONS_ALLOCATOR(spanlink_cache_options),
    SLNK_LIMITS_FIELDS(spanlink_cache_options),
    CACHE_FIELD(capacity),
    CACHE_FIELD(shards),
    CACHE_FIELD(hash_seed),
};
static const slnk_options_layout cache_layout =
    SLNK_OPTIONS_LAYOUT(spanlink_cache_options, cache_fields);

#define CACHE_STATS_FIELD(member) SLNK_OPTIONS_FIELD(spanlink_cache_stats, member)
static const slnk_options_field cache_stats_fields[] = {
    CACHE_STATS_FIELD(struct_size), CACHE_STATS_FIELD(hits),    CACHE_STATS_FIELD(misses),
    CACHE_STATS_FIELD(evictions),   CACHE_STATS_FIELD(entries),
};
static const slnk_options_layout cache_stats_layout =
    SLNK_OPTIONS_LAYOUT(spanlink_cache_stats, cache_stats_fields);

void spanlink_cache_options_init(spanlink_cache_options *options, size_t struct_size) {
    const spanlink_cache_options defaults = SPANLINK_CACHE_OPTIONS_INIT;
    slnk_options_write(&cache_layout, &defaults, options, struct_size);
}

void spanlink_cache_stats_init(spanlink_cache_stats *stats, size_t struct_size) {
    const spanlink_cache_stats defaults = SPANLINK_CACHE_STATS_INIT;
    slnk_options_write(&cache_stats_layout, &defaults, stats, struct_size);
}

static bool read_cache_options(const spanlink_cache_options *given,
                               spanlink_cache_options *options) {
    const spanlink_cache_options defaults = SPANLINK_CACHE_OPTIONS_INIT;
    if (!slnk_options_read(&cache_layout, given, options) ||
        options->shards == SPANLINK_UNLIMITED) {
        return false;
    }
    options->limits = slnk_limits_resolve(options->limits);
    options->capacity = slnk_options_number(options->capacity, defaults.capacity);
    options->shards = slnk_options_number(options->shards, 0);
    return slnk_memory_complete(&options->allocator);
}

void spanlink_cache_get_stats(const spanlink_cache *cache, spanlink_cache_stats *stats) {
    if (cache == NULL || stats == NULL) {
        return;
    }
    spanlink_cache_stats now = SPANLINK_CACHE_STATS_INIT;
    for (size_t i = 0; i < cache->shard_count; i++) {
        cache_shard *home = &cache->shards[i];
        slnk_lock_acquire(&home->lock);
        slnk_list_count(&now.hits, home->hits);
        slnk_list_count(&now.misses, home->misses);
        slnk_list_count(&now.evictions, home->evictions);
        now.entries += home->count;
        slnk_lock_release(&home->lock);
    }
    slnk_options_write(&cache_stats_layout, &now, stats, stats->struct_size);
}

/* Creation and destruction */

/*
 * Small caches keep the strict order of use. In large ones enough links are in a shard that its
 * least recently used is one of the least recently used of all.
 */
static size_t choose_shards(const spanlink_cache_options *options) {
    size_t chosen = options->capacity < 512 ? 1 : options->capacity / 32;
    if (chosen > SLNK_LOCK_SHARDS) {
        chosen = SLNK_LOCK_SHARDS;
    }
    size_t wanted = options->shards == 0 ? chosen : options->shards;
    size_t most = options->capacity == 0 ? 1 : options->capacity;
    return wanted < most ? wanted : most;
}

static void destroy_cache_locks(spanlink_cache *cache, size_t shards) {
    for (size_t i = 0; i < shards; i++) {
        slnk_lock_destroy(&cache->shards[i].lock);
    }
    slnk_lock_destroy(&cache->slots_lock);
    slnk_lock_room_destroy(&cache->room);
}

static bool make_cache_locks(spanlink_cache *cache) {
    if (!slnk_lock_room_init(&cache->room)) {
        return false;
    }
    if (!slnk_lock_init(&cache->slots_lock)) {
        slnk_lock_room_destroy(&cache->room);
        return false;
    }
    size_t made = 0;
    while (made < cache->shard_count && slnk_lock_init(&cache->shards[made].lock)) {
        made++;
    }
    if (made < cache->shard_count) {
        destroy_cache_locks(cache, made);
    }
    return made == cache->shard_count;
}

/*
 * Each shard owns one slot, and takes more from the cache as it needs them, so that the shards
 * share the capacity as their keys fall, and not in equal parts that some would overflow.
 */
static void set_up_shard(cache_shard *home, size_t capacity) {
    home->slots = capacity == SPANLINK_UNLIMITED ? capacity : capacity != 0;
    home->may_grow = true;
    home->buckets = &home->first_bucket;
    home->bucket_count = 1;
    home->ring.newer = home->ring.older = &home->ring;
}

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
        set_up_shard(&cache->shards[i], options->capacity);
    }
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

void spanlink_cache_destroy(spanlink_cache *cache) {
    if (cache == NULL) {
        return;
    }
    spanlink_cache_clear(cache);
    destroy_cache_locks(cache, cache->shard_count);
    spanlink_allocator allocator = cache->allocator;
    slnk_memory_release(&allocator, cache, cache->block_size);
}

/* The table of a shard. From here on the shard's lock is held, where nothing else is said. */

/* The upper half of the hash chooses the shard, the lower half the bucket. */
static cache_shard *home_of(const spanlink_cache *cache, uint64_t hash) {
    return &cache->shards[slnk_lock_pick(hash, cache->shard_count)];
}

static cache_entry **bucket_of(const cache_shard *home, uint64_t hash) {
    return &home->buckets[(size_t)hash & (home->bucket_count - 1)];
}

static bool is_entry_of(const cache_entry *e, spanlink_str key, uint64_t hash) {
    return e->hash == hash && slnk_memory_same_text(e->key, key);
}

/* What points at the entry of a key, or at NULL where one would go. */
static cache_entry **find_entry(const cache_shard *home, spanlink_str key, uint64_t hash) {
    cache_entry **slot = bucket_of(home, hash);
    while (*slot != NULL && !is_entry_of(*slot, key, hash)) {
        slot = &(*slot)->next;
    }
    return slot;
}

static void put_in_bucket(const cache_shard *home, cache_entry *added) {
    cache_entry **bucket = bucket_of(home, added->hash);
    added->next = *bucket;
    *bucket = added;
}

static void release_buckets(const spanlink_cache *cache, const cache_shard *home) {
    if (home->bucket_count != 1) {
        slnk_memory_release(&cache->allocator, home->buckets,
                            home->bucket_count * sizeof *home->buckets);
    }
}

/* Makes sure that there is a bucket for each link and one more. */
static bool grow_buckets(const spanlink_cache *cache, cache_shard *home) {
    if (home->count < home->bucket_count) {
        return true;
    }
    size_t count = 4 * home->bucket_count;
    size_t size = slnk_size_multiply(count, sizeof *home->buckets);
    cache_entry **buckets = slnk_memory_allocate(&cache->allocator, size);
    if (buckets == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        buckets[i] = NULL;
    }
    release_buckets(cache, home);
    home->buckets = buckets;
    home->bucket_count = count;
    for (use_place *p = home->ring.newer; p != &home->ring; p = p->newer) {
        put_in_bucket(home, (cache_entry *)(void *)p);
    }
    return true;
}

/* The order of use */

static void leave_ring(use_place *p) {
    p->newer->older = p->older;
    p->older->newer = p->newer;
}

static void enter_ring(cache_shard *home, use_place *p) {
    p->newer = &home->ring;
    p->older = home->ring.older;
    p->older->newer = p;
    home->ring.older = p;
}

/* The life of an entry */

static void release_entry(const spanlink_cache *cache, cache_entry *old) {
    if (old != NULL) {
        slnk_memory_release(&cache->allocator, old, old->size);
    }
}

/* Keeps the block of an entry that nobody needs any more, in the place of the one kept before. */
static void give_up(const spanlink_cache *cache, cache_shard *home, cache_entry *old) {
    release_entry(cache, home->spare);
    home->spare = old;
}

static void give_up_if_unused(const spanlink_cache *cache, cache_shard *home, cache_entry *old) {
    if (!old->cached && old->promises == 0) {
        give_up(cache, home, old);
    }
}

static void forget_entry(const spanlink_cache *cache, cache_shard *home, cache_entry **slot) {
    cache_entry *old = *slot;
    *slot = old->next;
    leave_ring(&old->used);
    home->count--;
    old->cached = false;
    give_up_if_unused(cache, home, old);
}

static cache_entry **least_used(const cache_shard *home) {
    const cache_entry *least = (const cache_entry *)(const void *)home->ring.newer;
    return find_entry(home, least->key, least->hash);
}

static void evict_entry(const spanlink_cache *cache, cache_shard *home, cache_entry **slot) {
    forget_entry(cache, home, slot);
    slnk_list_count(&home->evictions, 1);
}

/*
 * Look-ups stay short, also for one who knows the seed and chooses keys for one bucket: of so many
 * the one that came first makes way. Without such a choice, fewer than one bucket in 10^30 has
 * them.
 */
enum { MOST_IN_BUCKET = 32 };

static void limit_bucket(const spanlink_cache *cache, cache_shard *home, uint64_t hash) {
    cache_entry **slot = bucket_of(home, hash);
    for (size_t i = 1; *slot != NULL && i < MOST_IN_BUCKET; i++) {
        slot = &(*slot)->next;
    }
    if (*slot != NULL) {
        evict_entry(cache, home, slot);
    }
}

static bool take_slot(spanlink_cache *cache, cache_shard *home) {
    if (home->may_grow) {
        slnk_lock_acquire(&cache->slots_lock);
        home->may_grow = cache->free_slots != 0;
        cache->free_slots -= home->may_grow;
        slnk_lock_release(&cache->slots_lock);
        home->slots += home->may_grow;
    }
    return home->may_grow;
}

/* Enters an entry as the most recently used one. OK or NO_MEMORY. */
static spanlink_status keep_entry(spanlink_cache *cache, cache_shard *home, cache_entry *added) {
    if (home->count == home->slots && !take_slot(cache, home)) {
        evict_entry(cache, home, least_used(home));
    } else if (!grow_buckets(cache, home)) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    limit_bucket(cache, home, added->hash);
    put_in_bucket(home, added);
    enter_ring(home, &added->used);
    home->count++;
    added->cached = true;
    return SPANLINK_OK;
}

/* What create() emits. No lock is held. */

/* A block more than twice as large as need be would better serve somebody else. */
static bool fits(const cache_entry *spare, size_t size) {
    return spare != NULL && spare->size >= size && spare->size / 2 <= size;
}

static cache_entry *take_block(creation *running, size_t size) {
    cache_entry *block = running->spare;
    if (fits(block, size)) {
        running->spare = NULL;
        return block;
    }
    block = slnk_memory_allocate(&running->cache->allocator, size);
    if (block != NULL) {
        block->size = size;
    }
    return block;
}

/* Completes an entry whose link is copied, to `size` bytes behind its struct. */
static void set_key(creation *running, cache_entry *made, size_t size) {
    spanlink_str key = running->key;
    char *copy = (char *)(made + 1) + size;
    slnk_memory_copy(copy, key.ptr, key.len);
    made->hash = running->hash;
    made->key = (spanlink_str){copy, key.len};
    made->promises = 0;
    made->cached = false;
    running->made = made;
}

static spanlink_status make_entry(creation *running, const slnk_copy_plan *plan) {
    size_t head = slnk_size_add(sizeof(cache_entry), plan->size);
    size_t size = slnk_size_add(head, running->key.len);
    cache_entry *made = take_block(running, size);
    if (made == NULL) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    slnk_copy_write(plan, made + 1, &made->link);
    set_key(running, made, plan->size);
    return SPANLINK_OK;
}

static spanlink_status copy_planned(creation *running, const spanlink_link *link) {
    const spanlink_cache *cache = running->cache;
    slnk_copy_scratch scratch = {.seed = cache->attribute_seed};
    slnk_copy_plan plan;
    spanlink_status status =
        slnk_copy_make_plan(&plan, link, &cache->limits, &cache->allocator, &scratch);
    if (status == SPANLINK_OK) {
        status = slnk_list_points_nowhere(&link->context, plan.count) ? SPANLINK_ERR_LINK_INVALID
                                                                      : make_entry(running, &plan);
    }
    slnk_copy_release_scratch(&scratch, &cache->allocator);
    return status;
}

/*
 * Copies a plain link, with an attribute at least, into the spare block, which spares a miss four
 * instructions of ten. False if the link is another one, or the block does not fit: then the
 * spare's link means nothing, as before.
 */
static bool copy_plain(creation *running, const spanlink_link *link) {
    const spanlink_limits *limits = &running->cache->limits;
    cache_entry *spare = running->spare;
    if (spare == NULL || link->attribute_count == 0 || !slnk_plain_is_small(link, limits)) {
        return false;
    }
    size_t taken = slnk_size_add(sizeof(cache_entry), running->key.len);
    size_t size = slnk_plain_size(link);
    if (spare->size < slnk_size_add(taken, size)) {
        return false;
    }
    spanlink_attribute *attributes = (spanlink_attribute *)(void *)(spare + 1);
    if (!slnk_plain_copy(link, limits->max_value_length, attributes, &spare->link)) {
        size = slnk_plain_finish(&spare->link, attributes, spare->size - taken,
                                 limits->max_value_length);
    }
    if (size == SLNK_PLAIN_NONE || !fits(spare, taken + size)) {
        return false;
    }
    set_key(running, spare, size);
    running->spare = NULL;
    return true;
}

static spanlink_status copy_link(creation *running, const spanlink_link *link) {
    return copy_plain(running, link) ? SPANLINK_OK : copy_planned(running, link);
}

static spanlink_status emit_link(void *sink, const spanlink_link *link) {
    creation *running = (creation *)sink;
    if (link == NULL || slnk_list_lacks_attributes(link)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    running->emit_status =
        running->emitted ? SPANLINK_ERR_CACHE_MULTIPLE_LINKS : copy_link(running, link);
    running->emitted = true;
    return running->emit_status;
}

static spanlink_status run_create(const request *asked, creation *running) {
    spanlink_status status = asked->create(asked->state, asked->key, emit_link, running);
    if (status != SPANLINK_OK) {
        return status;
    }
    return running->emitted ? running->emit_status : SPANLINK_ERR_CACHE_NO_LINK;
}

/* Asking. The shard's lock is held again. */

static void start_creation(const request *asked, creation *running) {
    cache_shard *home = asked->home;
    *running = (creation){.cache = asked->cache,
                          .key = asked->key,
                          .hash = asked->hash,
                          .thread = slnk_lock_self(),
                          .spare = home->spare,
                          .next = home->creations};
    home->creations = running;
    home->spare = NULL;
    slnk_list_count(&home->misses, 1);
}

static void leave_creations(cache_shard *home, const creation *running) {
    creation **slot = &home->creations;
    while (*slot != running) {
        slot = &(*slot)->next;
    }
    *slot = running->next;
}

/* Tells all who wait what has come of it. */
static void answer_waiters(const creation *running, spanlink_status status, slnk_lock_room *room) {
    if (running->waiters == NULL) {
        return;
    }
    size_t promises = 0;
    for (waiter *w = running->waiters; w != NULL; w = w->next) {
        w->answered = true;
        w->status = status;
        w->made = running->made;
        promises++;
    }
    if (status == SPANLINK_OK) {
        running->made->promises = promises;
    }
    slnk_lock_wake_all(room);
}

/* The waiters are answered before the list is asked: what it says is only this call's. */
static spanlink_status finish_creation(const request *asked, creation *running,
                                       spanlink_status status) {
    cache_shard *home = asked->home;
    leave_creations(home, running);
    if (running->spare != NULL) {
        give_up(asked->cache, home, running->spare);
    }
    if (status == SPANLINK_OK && !running->forgotten && home->slots != 0) {
        status = keep_entry(asked->cache, home, running->made);
    }
    answer_waiters(running, status, &asked->cache->room);
    if (status == SPANLINK_OK) {
        status = spanlink_list_add(asked->list, &running->made->link);
    }
    if (running->made != NULL) {
        give_up_if_unused(asked->cache, home, running->made);
    }
    return status;
}

static spanlink_status create_link(const request *asked) {
    creation running;
    start_creation(asked, &running);
    slnk_lock_release(&asked->home->lock);
    spanlink_status status = run_create(asked, &running);
    slnk_lock_acquire(&asked->home->lock);
    return finish_creation(asked, &running, status);
}

static spanlink_status use_entry(cache_shard *home, cache_entry *found, spanlink_list *list) {
    slnk_list_count(&home->hits, 1);
    leave_ring(&found->used);
    enter_ring(home, &found->used);
    return spanlink_list_add(list, &found->link);
}

static spanlink_status wait_for(const request *asked, creation *running) {
    waiter self = {.next = running->waiters};
    running->waiters = &self;
    slnk_list_count(&asked->home->hits, 1);
    while (!self.answered) {
        slnk_lock_wait(&asked->home->lock, &asked->cache->room);
    }
    if (self.status != SPANLINK_OK) {
        return self.status;
    }
    spanlink_status status = spanlink_list_add(asked->list, &self.made->link);
    self.made->promises--;
    give_up_if_unused(asked->cache, asked->home, self.made);
    return status;
}

static bool is_mine(const creation *running) {
    return slnk_lock_same_thread(running->thread, slnk_lock_self());
}

static bool is_creation_of(const creation *running, spanlink_str key, uint64_t hash) {
    return running->hash == hash && slnk_memory_same_text(running->key, key);
}

/* The create() that makes a key's link: this thread's own if it is one, else one to wait for. */
static creation *find_creation(const cache_shard *home, spanlink_str key, uint64_t hash) {
    creation *found = NULL;
    for (creation *c = home->creations; c != NULL; c = c->next) {
        if (is_creation_of(c, key, hash) && is_mine(c)) {
            return c;
        }
        if (is_creation_of(c, key, hash) && !c->forgotten) {
            found = c;
        }
    }
    return found;
}

/* For a key that is not there. */
SLNK_APART static spanlink_status create_or_wait(const request *asked) {
    creation *running = find_creation(asked->home, asked->key, asked->hash);
    if (running == NULL) {
        return create_link(asked);
    }
    return is_mine(running) ? SPANLINK_ERR_CACHE_RECURSION : wait_for(asked, running);
}

/* The doors: each takes the lock. */

static bool is_view(spanlink_str key) {
    return key.ptr != NULL || key.len == 0;
}

spanlink_status spanlink_cache_get_or_create(spanlink_cache *cache, spanlink_str key,
                                             spanlink_create_fn create, void *state,
                                             spanlink_list *list) {
    if (cache == NULL || !is_view(key) || create == NULL || list == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    uint64_t hash = slnk_hash_text(cache->seed, key.ptr, key.len);
    cache_shard *home = home_of(cache, hash);
    slnk_lock_acquire(&home->lock);
    cache_entry *found = *find_entry(home, key, hash);
    spanlink_status status;
    if (found != NULL) {
        status = use_entry(home, found, list);
    } else {
        const request asked = {cache, home, key, hash, create, state, list};
        status = create_or_wait(&asked);
    }
    slnk_lock_release(&home->lock);
    return status;
}

bool spanlink_cache_remove(spanlink_cache *cache, spanlink_str key) {
    if (cache == NULL || !is_view(key)) {
        return false;
    }
    uint64_t hash = slnk_hash_text(cache->seed, key.ptr, key.len);
    cache_shard *home = home_of(cache, hash);
    slnk_lock_acquire(&home->lock);
    cache_entry **slot = find_entry(home, key, hash);
    bool found = *slot != NULL;
    if (found) {
        forget_entry(cache, home, slot);
    }
    for (creation *c = home->creations; c != NULL; c = c->next) {
        if (is_creation_of(c, key, hash)) {
            c->forgotten = true;
        }
    }
    slnk_lock_release(&home->lock);
    return found;
}

static void clear_shard(const spanlink_cache *cache, cache_shard *home) {
    while (home->count != 0) {
        forget_entry(cache, home, least_used(home));
    }
    give_up(cache, home, NULL);
    release_buckets(cache, home);
    home->buckets = &home->first_bucket;
    home->bucket_count = 1;
    home->first_bucket = NULL;
    for (creation *c = home->creations; c != NULL; c = c->next) {
        c->forgotten = true;
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
