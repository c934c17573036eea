/* SPDX-License-Identifier: MIT */
/**
 * @file dedup.h
 * Keeps one link per span. For a list that shall be so at all times, see `unique` in list.h.
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
 * Removes the links whose trace id and span id an earlier link of the list has.
 *
 * The first of each span stays as it is, and order is kept. What is removed counts as duplicate.
 * Links with a zero trace id name nothing and all stay.
 *
 * @param list Not shared with another thread meanwhile.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT  `list` is NULL.
 * @retval SPANLINK_ERR_NO_MEMORY There was no room for the table of spans; the list is as before.
 *
 * Ends earlier views. Linear in the links, by a seeded hash table of 16 to 64 bytes per link, 128
 * at least, that the list keeps for the next time. Not thread-safe: see list.h.
 */
SPANLINK_API spanlink_status spanlink_list_dedup(spanlink_list *list);

#ifdef __cplusplus
}
#endif

#endif
