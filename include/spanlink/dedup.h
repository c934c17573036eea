/* SPDX-License-Identifier: MIT */
/**
 * @file dedup.h
 * Keeps one link per span. For a list that never holds two links to a span, see `unique` in list.h.
 *
 * @code
 * if (spanlink_list_dedup(list) == SPANLINK_ERR_NO_MEMORY) {
 *     fputs("out of memory: the list is unchanged\n", stderr);
 * }
 * @endcode
 *
 * @snippet concepts/dedup.c dedup
 */
#ifndef SPANLINK_DEDUP_H
#define SPANLINK_DEDUP_H

#include <spanlink/list.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Removes each link whose trace id and span id are those of an earlier link of the list.
 *
 * The first link to each span is kept unchanged, and the order is kept. Removed links count as
 * duplicates. Links with a zero trace id name no span and are all kept.
 *
 * @param list The list.
 * @retval SPANLINK_OK            Success.
 * @retval SPANLINK_ERR_ARGUMENT  `list` is NULL.
 * @retval SPANLINK_ERR_NO_MEMORY The hash table could not be allocated; the list is unchanged.
 *
 * Ownership: invalidates pointers returned by earlier calls.
 * Thread safety: one thread at a time per list.
 * Cost: linear in the links. Needs a seeded hash table of 16 to 64 bytes per link, at least 128
 * bytes, which the list keeps for later calls, unless a merge or drain exchanges it.
 */
SPANLINK_API spanlink_status spanlink_list_dedup(spanlink_list *list);

#ifdef __cplusplus
}
#endif

#endif
