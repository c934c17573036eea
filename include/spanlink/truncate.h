/* SPDX-License-Identifier: MIT */
/**
 * @file truncate.h
 * Bounds a list once. For a list that shall be bounded at all times, see `limits.max_links` in
 * list.h.
 *
 * @snippet concepts/truncate.c truncate
 */
#ifndef SPANLINK_TRUNCATE_H
#define SPANLINK_TRUNCATE_H

#include <spanlink/list.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Keeps the first `max_links` links of a list and cuts the rest.
 *
 * What is cut counts as over_limit, and from now on the last link carries `links.truncated` and
 * `links.original_count` (see spanlink_list_links()). A list that is short enough is left alone.
 * With 0 no link is left to carry the markers: the statistics still tell.
 *
 * @param list      Not shared with another thread meanwhile.
 * @param max_links SPANLINK_UNLIMITED cuts nothing; SPANLINK_NONE is 0.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT  `list` is NULL.
 * @retval SPANLINK_ERR_NO_MEMORY There was no room for the markers; the list is as before.
 *
 * Ends earlier views. At most linear in the links. Not thread-safe: see list.h.
 */
SPANLINK_API spanlink_status spanlink_list_truncate(spanlink_list *list, size_t max_links);

#ifdef __cplusplus
}
#endif

#endif
