/* SPDX-License-Identifier: MIT */
/*
 * Attacks on the cost of the library: inputs from a hostile sender, in doubling sizes.
 *
 * Each attack states how its work may grow with the size of the input, and how much heap it may
 * use. tests/cost.sh measures and checks.
 */
#ifndef COST_H
#define COST_H

#include <spanlink/spanlink.h>

/* How the work may grow. */
typedef enum cost_growth {
    COST_LINEAR,
    COST_CONSTANT /* input beyond a limit is not read */
} cost_growth;

typedef struct cost_attack {
    const char *name;
    cost_growth growth;
    size_t size;                    /* the smallest of four, each twice the one before */
    size_t fixed_bytes, each_bytes; /* heap bound: fixed_bytes + each_bytes * size */
    void (*prepare)(size_t size);   /* makes the input; not counted. May be NULL. */
    void (*work)(size_t size);
} cost_attack;

typedef struct cost_group {
    const cost_attack *attacks;
    size_t count;
    bool caught; /* planted: the attacks exceed their bounds, and the check must fail */
} cost_group;

/* Defines a `prepare` or `work` that is one call, in which `size` may occur. */
#define COST_STEP(name, call)                                                                      \
    static void name(size_t size) {                                                                \
        (void)size;                                                                                \
        call;                                                                                      \
    }

extern const cost_group cost_headers, cost_propagation, cost_formats, cost_lists, cost_attributes,
    cost_otlp, cost_tables, cost_planted;

/* An allocator that counts. */
spanlink_allocator cost_heap(void);

/* Ends the program if a condition that an attack expects is false. */
void cost_expect(bool as_expected, const char *what);

/* The context with a number, with ids that look random. */
void cost_make_span(uint64_t number, spanlink_context *context);

/* A number inside of as many arrays, at most COST_DEEPEST + 1; lists keep COST_DEEPEST of them. */
enum { COST_DEEPEST = 64 };
spanlink_value cost_nested_value(size_t depth);

/* Default options with the counting allocator and a seed that the attacker does not know. */
spanlink_list_options cost_list_options(void);

spanlink_list *cost_list(const spanlink_list_options *options);

/* The seed that the attacker knows, for which inputs collide, and another one. */
extern const uint64_t cost_known_seed[2], cost_other_seed[2];

/* The cost of a small table of keys varies with its secret seed, which differs between lists. Over
 * this many lists it averages out. */
enum { COST_SECRETS = 32 };

#endif
