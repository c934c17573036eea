/* SPDX-License-Identifier: MIT */
/* A program that uses a little of everything, in the common subset of C11 and C++17. */
#ifdef CONSUMER_SINGLE_FILE
#include "spanlink.h"
#else
#include <spanlink/spanlink.h>
#endif

#include <stdio.h>
#include <string.h>

static int fail(const char *what) {
    printf("consumer: %s\n", what);
    return 1;
}

int main(void) {
    spanlink_context context;
    spanlink_list *list = NULL;
    size_t count = 0;
    spanlink_str header =
        spanlink_str_from("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    if (strcmp(spanlink_version(), SPANLINK_VERSION) != 0) {
        return fail("headers and library are of different versions");
    }
#ifdef PACKAGE_VERSION
    if (strcmp(spanlink_version(), PACKAGE_VERSION) != 0) {
        return fail("library and package are of different versions");
    }
#endif
    if (spanlink_traceparent_parse(header, &context) != SPANLINK_OK) {
        return fail("no context of a header");
    }
    if (spanlink_list_create(NULL, &list) != SPANLINK_OK ||
        spanlink_list_add_batch_item(list, &context, 7) != SPANLINK_OK) {
        return fail("no link in a list");
    }
    const spanlink_link *links = spanlink_list_links(list, &count);
    const spanlink_attribute *index = spanlink_link_find(&links[0], "batch.index");
    if (count != 1 || index == NULL || index->value.int_value != 7) {
        return fail("not the link that was added");
    }
#ifndef SPANLINK_NO_OTLP
    uint8_t bytes[256];
    size_t written = 0;
    if (spanlink_otlp_encode(links, count, bytes, sizeof bytes, &written) != SPANLINK_OK ||
        written != spanlink_otlp_size(links, count)) {
        return fail("no OTLP of a link");
    }
#endif
    spanlink_collector *collector = NULL;
    if (spanlink_collector_create(NULL, &collector) != SPANLINK_OK ||
        spanlink_collector_add(collector, links) != SPANLINK_OK ||
        spanlink_collector_drain(collector, list) != SPANLINK_OK) {
        return fail("no link through a collector");
    }
    spanlink_collector_destroy(collector);
    spanlink_list_destroy(list);
    puts("consumer: ok");
    return 0;
}
