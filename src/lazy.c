/* SPDX-License-Identifier: MIT */
#include <spanlink/lazy.h>

#include "internal/list/slots.h"
#include "internal/names.h"
#include "internal/text.h"

typedef struct building {
    spanlink_list *links;
    spanlink_attribute type;
    spanlink_status status; /* Of the first link that could not be taken. */
} building;

static spanlink_status emit_context(void *sink, const spanlink_context *context) {
    building *build = (building *)sink;
    if (context == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_link link = {*context, &build->type, 1, 0};
    spanlink_status status = spanlink_list_add(build->links, &link);
    if (build->status == SPANLINK_OK) {
        build->status = status;
    }
    return status;
}

/* Collects first and offers then, so that a failure half way leaves the list alone. */
static spanlink_status collect_links(const spanlink_lazy *lazy, spanlink_list *links) {
    spanlink_str type = lazy->type.len == 0 ? SLNK_NAME(lazy) : lazy->type;
    building build = {links,
                      spanlink_attribute_make(SLNK_NAME(link_type), spanlink_value_string(type)),
                      SPANLINK_OK};
    spanlink_status status = lazy->provider(lazy->state, emit_context, &build);
    return status != SPANLINK_OK ? status : build.status;
}

spanlink_status spanlink_lazy_build(const spanlink_lazy *lazy, spanlink_list *list) {
    if (lazy == NULL || lazy->provider == NULL || list == NULL || slnk_text_is_broken(lazy->type)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_list *links;
    spanlink_status status = slnk_list_create_scratch(list, &links);
    if (status != SPANLINK_OK) {
        return status;
    }
    status = collect_links(lazy, links);
    if (status == SPANLINK_OK) {
        status = slnk_list_offer_all(list, links);
    }
    spanlink_list_destroy(links);
    return status;
}
