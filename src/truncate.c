/* SPDX-License-Identifier: MIT */
#include <spanlink/truncate.h>

#include "internal/list/slots.h"
#include "internal/options.h"

spanlink_status spanlink_list_truncate(spanlink_list *list, size_t max_links) {
    if (list == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    max_links = slnk_options_number(max_links, 0);
    slnk_list_begin_change(list);
    if (list->live <= max_links) {
        return SPANLINK_OK;
    }
    if (slnk_list_reserve_cuts(list, 0) != SPANLINK_OK) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    slnk_list_close_gaps(list);
    slnk_list_count_cuts(list, list->live - max_links);
    for (size_t i = list->live; i-- > max_links;) {
        if (list->policy->removed != NULL) {
            list->policy->removed(list, i);
        }
        slnk_list_release(list, i);
    }
    slnk_list_links_changed(list, max_links);
    return SPANLINK_OK;
}
