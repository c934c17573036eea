/* SPDX-License-Identifier: MIT */
/* The first call creates the link of a key; later calls find it. */
#include <spanlink/spanlink.h>
#include <stdio.h>

/* [cache] */
static spanlink_status look_up(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                               void *sink) {
    int *lookups = state;
    ++*lookups;
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES + 1];
    spanlink_context context = {.trace_id = {9}, .span_id = {1}}; /* from a database, say */
    spanlink_link link = spanlink_factory_causal(&context, "configuration change", storage);
    storage[link.attribute_count++] =
        spanlink_attribute_make(spanlink_str_from("config.key"), spanlink_value_string(key));
    return emit(sink, &link);
}
/* [cache] */

int main(void) {
    spanlink_cache *cache;
    spanlink_list *list;
    int lookups = 0;
    if (spanlink_cache_create(NULL, &cache) != SPANLINK_OK ||
        spanlink_list_create(NULL, &list) != SPANLINK_OK) {
        return 1;
    }
    /* [cache get] */
    for (int request = 0; request < 3; request++) {
        spanlink_status status = spanlink_cache_get_or_create(
            cache, spanlink_str_from("checkout.timeout"), look_up, &lookups, list);
        if (status != SPANLINK_OK) {
            fprintf(stderr, "no link: %s\n", spanlink_status_text(status));
        }
    }
    /* [cache get] */
    size_t count;
    spanlink_list_links(list, &count);
    printf("%zu links, %d look-up\n", count, lookups);
    spanlink_list_destroy(list);
    spanlink_cache_destroy(cache);
    return 0;
}

/* Prints:
 * 3 links, 1 look-up
 */
