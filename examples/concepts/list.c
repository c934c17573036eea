/* SPDX-License-Identifier: MIT */
/* A list of at most three links, each span once; the statistics of five links; a warning. */
#include <inttypes.h>
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    /* [list] */
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.limits.max_links = 3;
    options.overflow = SPANLINK_OVERFLOW_KEEP_LAST;
    options.unique = true;
    spanlink_list *list;
    if (spanlink_list_create(&options, &list) != SPANLINK_OK) {
        return 1;
    }
    const uint8_t senders[] = {1, 2, 2, 3, 4};
    for (size_t i = 0; i < sizeof senders; i++) {
        spanlink_link link = {.context = {.trace_id = {9}, .span_id = {senders[i]}}};
        if (spanlink_list_add(list, &link) != SPANLINK_OK) {
            break; /* no memory: the list holds what it held */
        }
    }

    size_t count;
    const spanlink_link *links = spanlink_list_links(list, &count);
    for (size_t i = 0; i < count; i++) {
        printf("sender %d\n", links[i].context.span_id[0]);
    }
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    spanlink_list_get_stats(list, &stats);
    if (stats.over_limit > 0) {
        printf("warning: %" PRIu64 " of %" PRIu64 " links were cut, %" PRIu64 " were repeats\n",
               stats.over_limit, stats.offered, stats.duplicate);
    }
    spanlink_list_clear(list); /* ready for the next batch, the memory kept */
    /* [list] */
    spanlink_list_destroy(list);
    return 0;
}

/* Prints:
 * sender 2
 * sender 3
 * sender 4
 * warning: 1 of 5 links were cut, 1 were repeats
 */
