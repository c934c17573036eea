/* SPDX-License-Identifier: MIT */
/* Links for tests, and how to compare them. */
#ifndef TEST_LINKS_H
#define TEST_LINKS_H

#include <spanlink/list.h>

/* A context whose ids are made of a number; 0 gives the zero context. Not sampled, no tracestate.
 */
spanlink_context test_context(uint64_t number);

/* A link to test_context(number) with the attribute "n", its number, in the caller's storage. */
spanlink_link test_link(uint64_t number, spanlink_attribute storage[1]);

/* A link to test_context(number) with these attributes. */
spanlink_link test_link_with(uint64_t number, const spanlink_attribute *attributes, size_t count);

/* Attributes "k0", "k1" ..., whose values are the last two digits of their numbers. */
enum { TEST_ATTRIBUTES = 200 };
const spanlink_attribute *test_attributes(void);

/* The number of a test_link() in a list; fails the test if its attribute has another number. */
uint64_t test_number(const spanlink_link *link);

/* Whether their whole content is the same, doubles bit for bit. */
bool test_same_link(const spanlink_link *a, const spanlink_link *b);

/* The links of a list, whose number must be this. */
const spanlink_link *test_list_links(spanlink_list *list, size_t count);

/* The count in the markers of a list's last link, 0 if it has none. No other link has markers. */
int64_t test_marked_count(spanlink_list *list);

/* A list has exactly these links. */
void test_expect_links(spanlink_list *list, const spanlink_link *links, size_t count);

/* Two lists have the same links. */
void test_expect_same_links(spanlink_list *a, spanlink_list *b);

/* The same, and the same statistics. */
void test_expect_same_lists(spanlink_list *a, spanlink_list *b);

/* A list's statistics; it was offered the sum of these. */
void test_expect_stats(const spanlink_list *list, uint64_t kept, uint64_t duplicate,
                       uint64_t over_limit, uint64_t invalid);

/* The default options, but with no limit on the number of links. */
spanlink_list_options test_list_options(void);

/* A limit in options: SPANLINK_NONE for 0, which would mean the default. */
static inline size_t test_limit(size_t number) {
    return number == 0 ? SPANLINK_NONE : number;
}

/* Adds the link with a number, or those from the first to the last. */
void test_list_add(spanlink_list *list, uint64_t number);
void test_list_add_range(spanlink_list *list, uint64_t first, uint64_t last);

spanlink_list_stats test_stats(const spanlink_list *list);

/* A copy in a block of exactly this size, so that a sanitizer detects each read beyond it. The
 * caller frees it. */
void *test_copy(const void *bytes, size_t size);

/* Random numbers that are the same on every machine. The state may start with any number. */
uint64_t test_random(uint64_t *state);

/* A random number from 0 to `bound` - 1. */
size_t test_random_below(uint64_t *state, size_t bound);

#endif
