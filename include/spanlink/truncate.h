/* SPDX-License-Identifier: MIT */
/**
 * @file truncate.h
 * Bounds a list once. For a list that is always bounded, see `limits.max_links` in list.h.
 *
 * @code
 * if (spanlink_list_truncate(list, 10) == SPANLINK_ERR_NO_MEMORY) {
 *     fputs("out of memory: the list is unchanged\n", stderr);
 * }
 * @endcode
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
 * Keeps the first `max_links` links of a list and removes the rest.
 *
 * Removed links count as over_limit, and the last link then carries `links.truncated` and
 * `links.original_count`: see spanlink_list_links(). With 0 no link is left to carry them; the
 * statistics still count the removed links.
 *
 * @param list      Unchanged if it has at most `max_links` links.
 * @param max_links SPANLINK_UNLIMITED removes no links; SPANLINK_NONE is 0.
 * @retval SPANLINK_OK            Success.
 * @retval SPANLINK_ERR_ARGUMENT  `list` is NULL.
 * @retval SPANLINK_ERR_NO_MEMORY The markers could not be allocated; the list is unchanged.
 *
 * Ownership: invalidates pointers returned by earlier calls.
 * Thread safety: one thread at a time per list.
 * Cost: at most linear in the links.
 */
SPANLINK_API spanlink_status spanlink_list_truncate(spanlink_list *list, size_t max_links);

#ifdef __cplusplus
}
#endif

#endif
