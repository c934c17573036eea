/* SPDX-License-Identifier: MIT */
/*
 * The layout of a list, for the sources that work on lists: list, dedup, truncate, collector, lazy,
 * otlp.
 */
#ifndef SPANLINK_INTERNAL_LIST_H
#define SPANLINK_INTERNAL_LIST_H

#include <spanlink/list.h>

/*
 * Makes an empty list that collects what shall go into `list` in one step: the same allocator and
 * the same limits of a link, but any number of links, repeats included. OK or NO_MEMORY.
 */
spanlink_status spanlink_list_create_scratch(const spanlink_list *list, spanlink_list **scratch);

/* Does what spanlink_list_merge() does, but leaves `from` as it is. OK or NO_MEMORY. */
spanlink_status spanlink_list_offer_all(spanlink_list *list, spanlink_list *from);

#endif
