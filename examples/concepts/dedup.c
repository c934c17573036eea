/* SPDX-License-Identifier: MIT */
/* A list with duplicates, which are removed at the end. */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    spanlink_list *list;
    if (spanlink_list_create(NULL, &list) != SPANLINK_OK) {
        return 1;
    }
    /* [dedup] */
    const uint8_t senders[] = {5, 6, 5, 5, 7};
    for (size_t i = 0; i < sizeof senders; i++) {
        spanlink_context sender = {.trace_id = {9}, .span_id = {senders[i]}};
        spanlink_list_add_batch_item(list, &sender, (int64_t)i);
    }
    if (spanlink_list_dedup(list) == SPANLINK_OK) {
        size_t count;
        const spanlink_link *links = spanlink_list_links(list, &count);
        for (size_t i = 0; i < count; i++) {
            const spanlink_attribute *index = spanlink_link_find(&links[i], "batch.index");
            printf("sender %d, item %d\n", links[i].context.span_id[0],
                   (int)index->value.int_value);
        }
    }
    /* [dedup] */
    spanlink_list_destroy(list);
    return 0;
}

/* Prints:
 * sender 5, item 0
 * sender 6, item 1
 * sender 7, item 4
 */
