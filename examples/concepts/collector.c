/* SPDX-License-Identifier: MIT */
/* Workers add to one collector; the thread that ends the span drains it. */
#include <spanlink/spanlink.h>
#include <stdio.h>

/* [collector] */
/* Runs in each worker. */
static void handle(spanlink_collector *collector, const spanlink_context *sender) {
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    spanlink_link link = spanlink_factory_aggregate(sender, "shard", storage);
    if (spanlink_collector_add(collector, &link) != SPANLINK_OK) {
        fputs("one link is missing\n", stderr);
    }
}
/* [collector] */

int main(void) {
    spanlink_collector *collector;
    spanlink_list *list;
    if (spanlink_collector_create(NULL, &collector) != SPANLINK_OK ||
        spanlink_list_create(NULL, &list) != SPANLINK_OK) {
        return 1;
    }
    for (uint8_t i = 1; i <= 4; i++) { /* in place of four threads */
        spanlink_context sender = {.trace_id = {9}, .span_id = {i}};
        handle(collector, &sender);
    }
    /* [collector drain] */
    /* Where the span ends: each link is delivered exactly once. */
    if (spanlink_collector_drain(collector, list) == SPANLINK_OK) {
        size_t count;
        spanlink_list_links(list, &count);
        printf("%zu links, %zu still collected\n", count, spanlink_collector_count(collector));
    }
    /* [collector drain] */
    spanlink_list_destroy(list);
    spanlink_collector_destroy(collector);
    return 0;
}

/* Prints:
 * 4 links, 0 still collected
 */
