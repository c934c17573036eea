/* SPDX-License-Identifier: MIT */
/* A batch of links for the C programs that encode and decode. */
#ifndef PEERS_LINKS_H
#define PEERS_LINKS_H

#include "peers.h"

enum { OTLP_FLAGS = 0x301 }; /* sampled; known to be remote */

typedef struct peers_link {
    uint8_t trace_id[16], span_id[8];
    size_t count; /* of attributes */
    struct {
        const char *key;
        const char *text; /* NULL: a number */
        int64_t number;
    } attributes[4];
    char id_text[33];
} peers_link;

/* Batch items, or links with four texts. */
static inline void peers_fill(peers_link links[BATCH], bool texts) {
    for (int i = 0; i < BATCH; i++) {
        peers_link *link = &links[i];
        peers_ids((uint64_t)i, link->trace_id, link->span_id);
        link->count = texts ? 4 : 2;
        for (int j = 0; j < 4 && texts; j++) {
            link->attributes[j].key = peers_keys[j];
            link->attributes[j].text = peers_text(j, link->trace_id, link->id_text);
        }
        if (!texts) {
            link->attributes[0].key = "link.type";
            link->attributes[0].text = "batch_item";
            link->attributes[1].key = "batch.index";
            link->attributes[1].text = NULL;
            link->attributes[1].number = i;
        }
    }
}

#endif
