/* SPDX-License-Identifier: MIT */
#include "internal/lru.h"

/* The size of the first table, and the number of buckets per node: with two, most look-ups need to
 * check one node at most. */
enum { FIRST_SIZE = 4, BUCKETS = 2 };

static size_t table_bytes(size_t size) {
    size_t nodes = slnk_size_multiply(size + 1, sizeof(slnk_lru_node));
    return slnk_size_add(nodes, slnk_size_multiply(size, BUCKETS * sizeof(uint32_t)));
}

static void release_table(const slnk_lru *lru, const spanlink_allocator *allocator) {
    if (lru->size != 0) {
        slnk_memory_release(allocator, lru->nodes, table_bytes(lru->size));
    }
}

void slnk_lru_release(slnk_lru *lru, const spanlink_allocator *allocator) {
    release_table(lru, allocator);
    slnk_lru_init(lru);
}

static void leave_bucket(slnk_lru *lru, uint32_t node) {
    uint32_t *link = &lru->buckets[lru->nodes[node].hash & lru->mask];
    while (*link != node) {
        link = &lru->nodes[*link].next;
    }
    *link = lru->nodes[node].next;
}

/* Moves all nodes, none of which is free, to a table of `size`. */
static void move_table(slnk_lru *lru, slnk_lru_node *nodes, uint32_t size) {
    memcpy(nodes, lru->nodes, (lru->size + (size_t)1) * sizeof *nodes);
    lru->nodes = nodes;
    lru->buckets = (uint32_t *)(void *)(nodes + size + 1);
    lru->mask = BUCKETS * size - 1;
    lru->size = size;
    memset(lru->buckets, 0, ((size_t)lru->mask + 1) * sizeof *lru->buckets);
    for (uint32_t node = slnk_lru_oldest(lru); node != 0; node = nodes[node].newer) {
        slnk_lru_enter_bucket(lru, node);
    }
}

bool slnk_lru_reserve(slnk_lru *lru, const spanlink_allocator *allocator) {
    if (lru->count < lru->size) {
        return true;
    }
    slnk_lru old = *lru;
    uint32_t size = old.size == 0 ? FIRST_SIZE : 2 * old.size;
    slnk_lru_node *nodes = slnk_memory_allocate(allocator, table_bytes(size));
    if (nodes == NULL) {
        return false;
    }
    move_table(lru, nodes, size);
    release_table(&old, allocator);
    return true;
}

void *slnk_lru_remove(slnk_lru *lru, uint32_t node) {
    leave_bucket(lru, node);
    slnk_lru_leave_ring(lru->nodes, node);
    lru->nodes[node].next = lru->free;
    lru->free = node;
    lru->count--;
    return lru->nodes[node].entry;
}
