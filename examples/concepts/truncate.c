/* SPDX-License-Identifier: MIT */
/* A list is truncated to two links; the last one carries the markers. */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    spanlink_list *list;
    if (spanlink_list_create(NULL, &list) != SPANLINK_OK) {
        return 1;
    }
    for (uint8_t i = 1; i <= 10; i++) {
        spanlink_context sender = {.trace_id = {9}, .span_id = {i}};
        spanlink_list_add_batch_item(list, &sender, i);
    }
    /* [truncate] */
    if (spanlink_list_truncate(list, 2) == SPANLINK_OK) {
        size_t count;
        const spanlink_link *links = spanlink_list_links(list, &count);
        const spanlink_attribute *original =
            spanlink_link_find(&links[count - 1], "links.original_count");
        printf("%zu links of %d\n", count, (int)original->value.int_value);
    }
    /* [truncate] */
    spanlink_list_destroy(list);
    return 0;
}

/* Prints:
 * 2 links of 10
 */
