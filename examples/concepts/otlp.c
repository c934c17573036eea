/* SPDX-License-Identifier: MIT */
/* Appends the links to the Span of another encoder. */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    spanlink_list *list;
    if (spanlink_list_create(NULL, &list) != SPANLINK_OK) {
        return 1;
    }
    spanlink_context sender = {.trace_id = {1}, .span_id = {2}, .is_remote = true};
    spanlink_list_add_batch_item(list, &sender, 0);

    /* [otlp] */
    uint8_t span[512] = {0x2a, 4, 'w', 'o', 'r', 'k'}; /* a Span with the name "work" */
    size_t size = 6;

    size_t written = 0;
    spanlink_status status =
        spanlink_otlp_encode_list(list, span + size, sizeof span - size, &written);
    if (status == SPANLINK_OK) {
        size += written;
    } else {
        fprintf(stderr, "the span goes without its links: %s\n", spanlink_status_text(status));
    }
    /* [otlp] */
    printf("a Span of %zu bytes, %zu of them links\n", size, written);
    spanlink_list_destroy(list);
    return 0;
}

/* Prints:
 * a Span of 87 bytes, 81 of them links
 */
