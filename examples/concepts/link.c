/* SPDX-License-Identifier: MIT */
/* A link with the caller's attributes, and how to find one of them. */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    spanlink_context context = {.trace_id = {1}, .span_id = {2}};
    /* [link] */
    spanlink_attribute attributes[] = {
        spanlink_attribute_string("link.type",
                                  spanlink_link_type_name(SPANLINK_LINK_TYPE_FOLLOWS_FROM)),
        spanlink_attribute_string("messaging.system", "rabbitmq"),
    };
    spanlink_link link = {.context = context, .attributes = attributes, .attribute_count = 2};

    const spanlink_attribute *type = spanlink_link_find(&link, "link.type");
    if (type != NULL &&
        spanlink_link_type_from_name(type->value.string_value) == SPANLINK_LINK_TYPE_FOLLOWS_FROM) {
        printf("one of %zu attributes states that it follows from another span\n",
               link.attribute_count);
    }
    /* [link] */
    return 0;
}

/* Prints:
 * one of 2 attributes states that it follows from another span
 */
