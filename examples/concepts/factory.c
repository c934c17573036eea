/* SPDX-License-Identifier: MIT */
/* A retry's link with one more attribute, and a batch item added to a list directly. */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    spanlink_context context = {.trace_id = {1}, .span_id = {2}};
    spanlink_list *list;
    if (spanlink_list_create(NULL, &list) != SPANLINK_OK) {
        return 1;
    }
    /* [factory] */
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES + 1];
    spanlink_link link = spanlink_factory_retry(&context, 2, storage);
    storage[link.attribute_count++] = spanlink_attribute_string("error.type", "timeout");

    if (spanlink_list_add(list, &link) != SPANLINK_OK ||
        spanlink_list_add_batch_item(list, &context, 0) != SPANLINK_OK) {
        return 1;
    }
    /* [factory] */
    size_t count;
    const spanlink_link *links = spanlink_list_links(list, &count);
    for (size_t i = 0; i < count; i++) {
        const spanlink_attribute *type = spanlink_link_find(&links[i], "link.type");
        printf("%.*s, %zu attributes\n", (int)type->value.string_value.len,
               type->value.string_value.ptr, links[i].attribute_count);
    }
    spanlink_list_destroy(list);
    return 0;
}

/* Prints:
 * retry_of, 3 attributes
 * batch_item, 2 attributes
 */
