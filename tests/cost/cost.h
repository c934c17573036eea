/* SPDX-License-Identifier: MIT */
/*
 * Attacks on the cost of the library: inputs from a hostile sender, in sizes that double.
 *
 * Each attack says how its work may grow with the size of the input, and how much heap it may take.
 * tests/cost.sh counts and judges.
 */
#ifndef COST_H
#define COST_H

#include <spanlink/spanlink.h>

/* How the work may grow. */
typedef enum cost_growth {
    COST_LINEAR,
    COST_CONSTANT /* what comes beyond a limit is not looked at */
} cost_growth;

typedef struct cost_attack {
    const char *name;
    cost_growth growth;
    size_t size;                    /* the smallest of four, each twice the one before */
    size_t fixed_bytes, each_bytes; /* the most heap: fixed, and for each unit of size */
    void (*prepare)(size_t size);   /* makes the input; not counted. May be NULL. */
    void (*work)(size_t size);
} cost_attack;

typedef struct cost_group {
    const cost_attack *attacks;
    size_t count;
    bool caught; /* planted: they break their bounds, and the check must say so */
} cost_group;

extern const cost_group cost_headers, cost_propagation, cost_formats, cost_lists, cost_attributes,
    cost_otlp, cost_tables, cost_planted;

/* The heap that is counted. */
spanlink_allocator cost_heap(void);

/* Ends the program if something is not as an attack expects. */
void cost_expect(bool as_expected, const char *what);

/* The span of a number, with ids like random ones. */
void cost_make_span(uint64_t number, spanlink_context *context);

/* The default options, with the counted heap, and tables of a seed that nobody knows. */
spanlink_list_options cost_list_options(void);

spanlink_list *cost_list(const spanlink_list_options *options);

/* Seeds: the one that an attacker knows, and whose collisions the inputs are made of, and any
 * other. */
extern const uint64_t cost_known_seed[2], cost_other_seed[2];

/* A small table that all keys of a link go through is lucky or not with its secret, which is
 * another one in each list. So many lists together have mean luck. */
enum { COST_SECRETS = 32 };

#endif
