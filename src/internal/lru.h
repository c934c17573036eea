/* SPDX-License-Identifier: MIT */
/*
 * A hash table that also keeps its entries in the order of their last use.
 *
 * The data of a look-up is in nodes of one array, separate from the entries: 24 bytes per node, so
 * that the nodes of thousands of entries fit into a processor's cache, unlike the entries
 * themselves. Nodes have numbers, and 0 means no node. Node 0 closes the ring of nodes in the order
 * of their use: its `newer` is the least recently used node, its `older` the most recently used.
 *
 * The table contains pointers and 32 bits of hash; the owner compares the keys.
 */
#ifndef SPANLINK_INTERNAL_LRU_H
#define SPANLINK_INTERNAL_LRU_H

#include "internal/memory.h"

/* The maximum number of entries of a table. */
#define SLNK_LRU_MOST (UINT32_C(1) << 30)

/*
 * The maximum number of nodes in a bucket: look-ups stay short even if an attacker who knows the
 * seed chooses keys for one bucket. Otherwise fewer than one bucket in 10^30 is that full.
 */
enum { SLNK_LRU_MOST_IN_BUCKET = 32 };

typedef struct slnk_lru_node {
    void *entry;
    uint32_t hash;
    uint32_t next; /* in its bucket; of a free node, the next free node */
    uint32_t newer, older;
} slnk_lru_node;

typedef struct slnk_lru {
    slnk_lru_node *nodes; /* `size` of them after node 0 */
    uint32_t *buckets;    /* after the nodes, in the same block: the first node of each */
    uint32_t mask;        /* the number of buckets, a power of two, minus one */
    uint32_t size, count; /* capacity in nodes, and number of entries */
    uint32_t free;        /* the first free node; 0: those after the first `used` nodes are free */
    uint32_t used;
    uint32_t no_bucket; /* node and bucket of a table without a block */
    slnk_lru_node no_node;
} slnk_lru;

/* Initialises an empty table, which must not be moved. */
static inline void slnk_lru_init(slnk_lru *lru) {
    *lru = (slnk_lru){.nodes = &lru->no_node, .buckets = &lru->no_bucket};
}

/* Releases the table's block and leaves an empty table. */
void slnk_lru_release(slnk_lru *lru, const spanlink_allocator *allocator);

/* The first node with a hash among `node` and its successors in the bucket; 0: there is none. */
static inline uint32_t slnk_lru_find(const slnk_lru *lru, uint32_t node, uint32_t hash) {
    while (node != 0 && lru->nodes[node].hash != hash) {
        node = lru->nodes[node].next;
    }
    return node;
}

/* The first node of the bucket of a hash: the node that was added last. */
static inline uint32_t slnk_lru_bucket(const slnk_lru *lru, uint32_t hash) {
    return lru->buckets[hash & lru->mask];
}

/* The node of a full bucket to evict before another one is added; 0: none. */
static inline uint32_t slnk_lru_crowded_out(const slnk_lru *lru, uint32_t hash) {
    uint32_t node = slnk_lru_bucket(lru, hash);
    for (int i = 1; node != 0 && i < SLNK_LRU_MOST_IN_BUCKET; i++) {
        node = lru->nodes[node].next;
    }
    return node;
}

static inline uint32_t slnk_lru_oldest(const slnk_lru *lru) {
    return lru->nodes[0].newer;
}

static inline void slnk_lru_leave_ring(slnk_lru_node *nodes, uint32_t node) {
    nodes[nodes[node].newer].older = nodes[node].older;
    nodes[nodes[node].older].newer = nodes[node].newer;
}

static inline void slnk_lru_enter_ring(slnk_lru_node *nodes, uint32_t node) {
    uint32_t newest = nodes[0].older;
    nodes[node].newer = 0;
    nodes[node].older = newest;
    nodes[newest].newer = node;
    nodes[0].older = node;
}

/* Makes a node the most recently used. */
static inline void slnk_lru_use(slnk_lru *lru, uint32_t node) {
    slnk_lru_leave_ring(lru->nodes, node);
    slnk_lru_enter_ring(lru->nodes, node);
}

/* Makes sure that one more entry can be added. False: an allocation failed, and nothing has
 * changed. */
bool slnk_lru_reserve(slnk_lru *lru, const spanlink_allocator *allocator);

/* Makes a node, whose hash is set, the first one of its bucket. */
static inline void slnk_lru_enter_bucket(slnk_lru *lru, uint32_t node) {
    uint32_t *bucket = &lru->buckets[lru->nodes[node].hash & lru->mask];
    lru->nodes[node].next = *bucket;
    *bucket = node;
}

/* A node that is free. There must be one. */
static inline uint32_t slnk_lru_take_node(slnk_lru *lru) {
    uint32_t node = lru->free;
    if (node == 0) {
        return ++lru->used;
    }
    lru->free = lru->nodes[node].next;
    return node;
}

/* Adds an entry as the most recently used. A node was reserved or just removed. */
static inline void slnk_lru_add(slnk_lru *lru, uint32_t hash, void *entry) {
    uint32_t node = slnk_lru_take_node(lru);
    lru->nodes[node].entry = entry;
    lru->nodes[node].hash = hash;
    slnk_lru_enter_bucket(lru, node);
    slnk_lru_enter_ring(lru->nodes, node);
    lru->count++;
}

/* Removes a node and returns its entry. */
void *slnk_lru_remove(slnk_lru *lru, uint32_t node);

#endif
