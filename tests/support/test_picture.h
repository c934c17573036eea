/* SPDX-License-Identifier: MIT */
/*
 * The visible state of objects as bytes, to check whether they are unchanged.
 *
 * Taking a picture does not change the objects, and uses no memory of their allocator.
 */
#ifndef TEST_PICTURE_H
#define TEST_PICTURE_H

#include <spanlink/collector.h>

typedef struct test_picture {
    unsigned char *bytes;
    size_t size, room;
} test_picture;

/* Releases a picture. An empty one is zeroed. */
void test_picture_release(test_picture *picture);

bool test_picture_same(const test_picture *a, const test_picture *b);

void test_picture_number(test_picture *picture, uint64_t number);
void test_picture_text(test_picture *picture, spanlink_str text);

/* Appends a link's whole content. If it is unknown whether its span is remote, is_remote is not
 * content. */
void test_picture_link(test_picture *picture, const spanlink_link *link);

/* Appends a list's statistics. NULL: the list does not exist yet. */
void test_picture_stats(test_picture *picture, const spanlink_list *list);

/* Appends a list's statistics, and its links with their whole content. */
void test_picture_list(test_picture *picture, spanlink_list *list);

/* Appends a collector's statistics and its number of links. NULL: it does not exist yet. */
void test_picture_collector(test_picture *picture, const spanlink_collector *collector);

#endif
