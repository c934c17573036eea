/* SPDX-License-Identifier: MIT */
/* uthash: deduplicates with an intrusive hash table. */
#include "peers.h"

#include <uthash.h>

typedef struct link_in_table {
    uint8_t ids[24];
    UT_hash_handle hh;
} link_in_table;

typedef struct repeats {
    size_t count, left;
    link_in_table *given, *links;
} repeats;

static void refill(void *state) {
    repeats *self = state;
    memcpy(self->links, self->given, self->count * sizeof *self->links);
}

static void dedup(void *state) {
    repeats *self = state;
    link_in_table *table = NULL, *found;
    self->left = 0;
    for (size_t i = 0; i < self->count; i++) {
        link_in_table *link = &self->links[i];
        HASH_FIND(hh, table, link->ids, sizeof link->ids, found);
        if (found == NULL) {
            link_in_table *place = &self->links[self->left++];
            memcpy(place->ids, link->ids, sizeof place->ids);
            HASH_ADD(hh, table, ids, sizeof place->ids, place);
        }
    }
    HASH_CLEAR(hh, table);
}

static uint64_t digest(void *state) {
    const repeats *self = state;
    uint64_t sum = 0;
    for (size_t i = 0; i < self->left; i++) {
        sum += peers_digest(self->links[i].ids, self->links[i].ids + 16);
    }
    return sum;
}

static void measure(size_t count) {
    repeats self = {count, 0, calloc(count, sizeof(link_in_table)),
                    calloc(count, sizeof(link_in_table))};
    uint32_t *numbers = malloc(count * sizeof *numbers);
    char work[32];
    peers_twice(numbers, count);
    for (size_t i = 0; i < count; i++) {
        peers_ids(numbers[i], self.given[i].ids, self.given[i].ids + 16);
    }
    snprintf(work, sizeof work, "dedup_%zu", count);
    peers_measure(&(peers_work){.work = work,
                                .peer = "C uthash",
                                .lighter = "no seed",
                                .operations = count,
                                .prepare = refill,
                                .pass = dedup,
                                .answer = digest,
                                .state = &self});
    free(self.given);
    free(self.links);
    free(numbers);
}

int main(int argc, char **argv) {
    peers_start(argc, argv);
    measure(128);
    measure(10000);
    measure(1000000);
    return EXIT_SUCCESS;
}
