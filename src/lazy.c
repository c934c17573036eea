/* SPDX-License-Identifier: MIT */
#include <spanlink/lazy.h>

#include "internal/list/slots.h"
#include "internal/lock.h"
#include "internal/names.h"
#include "internal/text.h"

typedef struct building {
    const spanlink_lazy *lazy;
    spanlink_list *links;
    spanlink_attribute type;
    spanlink_status emit_status; /* of the first link that failed */
    spanlink_status status;      /* what the provider returned */
} building;

static spanlink_status emit_context(void *sink, const spanlink_context *context) {
    building *build = (building *)sink;
    if (context == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_link link = {*context, &build->type, 1, 0};
    spanlink_status status = spanlink_list_add(build->links, &link);
    if (build->emit_status == SPANLINK_OK) {
        build->emit_status = status;
    }
    return status;
}

static void run_provider(void *state) {
    building *build = (building *)state;
    build->status = build->lazy->provider(build->lazy->state, emit_context, build);
}

/* The thread was cancelled in the provider. */
static void abandon_building(void *state) {
    const building *build = (const building *)state;
    spanlink_list_destroy(build->links);
}

/*
 * Collects the links first and adds them afterwards, so that a failure leaves the list unchanged.
 */
static spanlink_status collect_links(const spanlink_lazy *lazy, spanlink_list *links) {
    spanlink_str type = lazy->type.len == 0 ? SLNK_NAME(lazy) : lazy->type;
    building build = {.lazy = lazy, .links = links};
    build.type = spanlink_attribute_make(SLNK_NAME(link_type), spanlink_value_string(type));
    slnk_lock_run(run_provider, &build, abandon_building);
    return build.status != SPANLINK_OK ? build.status : build.emit_status;
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
        status = slnk_list_offer_lists(list, &links, 1);
    }
    spanlink_list_destroy(links);
    return status;
}
