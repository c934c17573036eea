/* SPDX-License-Identifier: MIT */
/* Links that are costly to find are found only for a span that is sampled. */
#include <spanlink/spanlink.h>
#include <stdio.h>

/* [lazy] */
static spanlink_status find_earlier_attempts(void *state, spanlink_context_emit_fn emit,
                                             void *sink) {
    const uint8_t *attempts = state; /* a query to a database, say */
    for (; *attempts != 0; attempts++) {
        spanlink_context context = {.trace_id = {9}, .span_id = {*attempts}};
        spanlink_status status = emit(sink, &context);
        if (status != SPANLINK_OK) {
            return status;
        }
    }
    return SPANLINK_OK;
}
/* [lazy] */

int main(void) {
    spanlink_list *list;
    if (spanlink_list_create(NULL, &list) != SPANLINK_OK) {
        return 1;
    }
    for (int sampled = 0; sampled <= 1; sampled++) {
        /* [lazy build] */
        uint8_t attempts[] = {3, 4, 0};
        spanlink_lazy lazy = {find_earlier_attempts, attempts, spanlink_str_from("retry_of")};
        if (sampled && spanlink_lazy_build(&lazy, list) != SPANLINK_OK) {
            return 1; /* none of the links was added */
        }
        /* [lazy build] */
        size_t count;
        spanlink_list_links(list, &count);
        printf("%s: %zu links\n", sampled ? "sampled" : "not sampled", count);
    }
    spanlink_list_destroy(list);
    return 0;
}

/* Prints:
 * not sampled: 0 links
 * sampled: 2 links
 */
