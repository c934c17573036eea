/* SPDX-License-Identifier: MIT */
/* Links for the tests of otlp and otlp_json. */
#ifndef TEST_OTLP_LINKS_H
#define TEST_OTLP_LINKS_H

#include <spanlink/link.h>

/* All memory that the links point to. */
typedef struct test_otlp_links {
    uint64_t random;
    bool hostile;
    spanlink_link links[32];
    size_t count;
    spanlink_attribute attributes[4096];
    size_t attributes_used;
    spanlink_value values[4096];
    size_t values_used;
    char text[1 << 18];
    size_t text_used;
} test_otlp_links;

/* One link with every type and edge case: the smallest and largest numbers, texts that are empty,
 * long, with NULs or not UTF-8, nested values, 512 characters of tracestate. And one link for each
 * reason to drop something. */
void test_otlp_edges(test_otlp_links *links);

/*
 * Random links, the same for the same seed. Without `hostile` they are unchanged by a round trip:
 * all text is UTF-8, keys are unique, ids are not zero.
 */
void test_otlp_random(test_otlp_links *links, uint64_t seed, bool hostile);

#endif
