/* SPDX-License-Identifier: MIT */
/* A list in a buffer on the stack, and the description of a status. */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    /* [base] */
    char buffer[8192];
    spanlink_pool pool;
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.allocator = spanlink_pool_init(&pool, buffer, sizeof buffer);

    spanlink_list *list;
    spanlink_status status = spanlink_list_create(&options, &list);
    printf("a list in %zu bytes: %s\n", sizeof buffer, spanlink_status_text(status));

    options.expected_links = 1000;
    spanlink_list *larger;
    printf("a thousand links: %s\n", spanlink_status_text(spanlink_list_create(&options, &larger)));
    /* [base] */
    if ((spanlink_features() & SPANLINK_FEATURE_HEAP) != 0) {
        printf("without an allocator a list uses malloc()\n");
    }
    spanlink_list_destroy(list);
    return 0;
}

/* Prints:
 * a list in 8192 bytes: success
 * a thousand links: memory allocation failed
 * without an allocator a list uses malloc()
 */
