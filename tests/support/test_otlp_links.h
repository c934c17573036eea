/* SPDX-License-Identifier: MIT */
/* Links for the tests of otlp and otlp_json. */
#ifndef TEST_OTLP_LINKS_H
#define TEST_OTLP_LINKS_H

#include <spanlink/link.h>

/* All that the links point at. */
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

/* One link with every type and edge: numbers at their ends, empty, long, nested, with NULs, not
 * UTF-8, 512 characters of tracestate; and one for each way to be dropped. */
void test_otlp_edges(test_otlp_links *links);

/*
 * Random links, the same for the same seed. Those that are not hostile come back from a round trip
 * as they are: all text is UTF-8, keys are unique, ids are not zero.
 */
void test_otlp_random(test_otlp_links *links, uint64_t seed, bool hostile);

#endif
