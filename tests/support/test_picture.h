/* SPDX-License-Identifier: MIT */
/*
 * All that can be seen of objects, written down as bytes: to say whether they are as before.
 *
 * Taking a picture only reads. It takes no memory from the objects' allocator.
 */
#ifndef TEST_PICTURE_H
#define TEST_PICTURE_H

#include <spanlink/collector.h>

typedef struct test_picture {
    unsigned char *bytes;
    size_t size, room;
} test_picture;

/* An empty picture starts zeroed. */
void test_picture_release(test_picture *picture);

bool test_picture_same(const test_picture *a, const test_picture *b);

void test_picture_number(test_picture *picture, uint64_t number);
void test_picture_text(test_picture *picture, spanlink_str text);

/* Its statistics. A list that is not there yet is NULL. */
void test_picture_stats(test_picture *picture, const spanlink_list *list);

/* Its statistics and its links, with all that they hold. */
void test_picture_list(test_picture *picture, spanlink_list *list);

/* Its statistics and how many links it holds. A collector that is not there yet is NULL. */
void test_picture_collector(test_picture *picture, const spanlink_collector *collector);

#endif
