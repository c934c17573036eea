/* SPDX-License-Identifier: MIT */
/*
 * A hash table that knows the order in which its entries were used last.
 *
 * What a look-up needs is in nodes of one array, apart from what the entries hold: 24 bytes a node,
 * so that the nodes of thousands of entries fit into a processor's cache, where the entries
 * themselves do not. Nodes have numbers; 0 is none. Node 0 closes the ring of the order of use: its
 * `newer` is the least recently used node, its `older` the most recently used.
 *
 * The table holds pointers and 32 bits of hash; what a key is, its owner knows.
 */
#ifndef SPANLINK_INTERNAL_LRU_H
#define SPANLINK_INTERNAL_LRU_H

#include "internal/memory.h"

/* The most entries of a table. */
#define SLNK_LRU_MOST (UINT32_C(1) << 30)

/*
 * Look-ups stay short, also for an attacker who knows the seed and chooses keys for one bucket: a
 * bucket holds no more. Without such a choice, fewer than one bucket in 10^30 would hold them.
 */
enum { SLNK_LRU_MOST_IN_BUCKET = 32 };

typedef struct slnk_lru_node {
    void *entry;
    uint32_t hash;
    uint32_t next; /* in its bucket; of a free node, the next free one */
    uint32_t newer, older;
} slnk_lru_node;

typedef struct slnk_lru {
    slnk_lru_node *nodes; /* `size` of them behind node 0 */
    uint32_t *buckets;    /* behind the nodes, in the same block: the first node of each */
    uint32_t mask;        /* the number of buckets, a power of two, less one */
    uint32_t size, count; /* nodes there may be, and entries */
    uint32_t free;        /* the first free node; 0: those behind the first `used` are free */
    uint32_t used;
    uint32_t no_bucket; /* node and bucket of a table that has no block yet */
    slnk_lru_node no_node;
} slnk_lru;

/* Makes an empty table, which must not be moved then. */
static inline void slnk_lru_init(slnk_lru *lru) {
    *lru = (slnk_lru){.nodes = &lru->no_node, .buckets = &lru->no_bucket};
}

/* Gives the table's block back and leaves an empty table. */
void slnk_lru_release(slnk_lru *lru, const spanlink_allocator *allocator);

/* The first node with a hash among `node` and those behind it in their bucket; 0: there is none. */
static inline uint32_t slnk_lru_find(const slnk_lru *lru, uint32_t node, uint32_t hash) {
    while (node != 0 && lru->nodes[node].hash != hash) {
        node = lru->nodes[node].next;
    }
    return node;
}

/* Where the nodes with a hash begin: its bucket, in which the node that was added last comes first.
 */
static inline uint32_t slnk_lru_bucket(const slnk_lru *lru, uint32_t hash) {
    return lru->buckets[hash & lru->mask];
}

/* The node of its bucket that must go before another one comes; 0: none. */
uint32_t slnk_lru_crowded_out(const slnk_lru *lru, uint32_t hash);

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

/* Makes sure that one more entry can be added. False: no memory, and nothing has changed. */
bool slnk_lru_reserve(slnk_lru *lru, const spanlink_allocator *allocator);

/* Adds an entry as the most recently used. A node was reserved, or has just been removed. */
void slnk_lru_add(slnk_lru *lru, uint32_t hash, void *entry);

/* Removes a node and returns its entry. */
void *slnk_lru_remove(slnk_lru *lru, uint32_t node);

#endif
