/* SPDX-License-Identifier: MIT */
/**
 * @file tracestate.h
 * The tracestate header: what each tracing system on the way has added, as `key=value` members
 * separated by commas (W3C Trace Context Level 2, "tracestate Header").
 *
 * A key is `[a-z0-9][-a-z0-9_*@/]{0,255}`. A value is 1 to 256 characters of 0x20 to 0x7E without
 * `,` and `=`, the last not a space. Spaces and tabs around members and empty members are accepted.
 * Members beyond 32 or one bad member make the whole tracestate invalid. Of several members with
 * one key the first counts.
 *
 * The leftmost fault decides which status tells of it; a 33rd member is a fault of its first
 * character, whether its key came before or not.
 *
 * All functions here may be called from any thread, never allocate, and cost linear time in the
 * text; finding repeated keys costs at most 32 comparisons more for each member.
 *
 * @snippet concepts/tracestate.c tracestate
 */
#ifndef SPANLINK_TRACESTATE_H
#define SPANLINK_TRACESTATE_H

#include <spanlink/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The most members of a tracestate. */
#define SPANLINK_TRACESTATE_MEMBERS 32

/** One member. Borrows both texts. 32 bytes on 64-bit machines. */
typedef struct spanlink_tracestate_member {
    spanlink_str key;   /**< Lowercase letters, digits and `_-*@/`. */
    spanlink_str value; /**< May begin with spaces, which belong to it. */
} spanlink_tracestate_member;

/**
 * Splits a tracestate into its members.
 *
 * @param header  Any bytes, not NUL-terminated. The members borrow it.
 * @param members Room for 32. On success the first `*count` are written, each key once, in order.
 * @param count   0 to 32; written on success only. 0 for an empty header, or one of nothing but
 * commas, spaces and tabs.
 * @retval SPANLINK_OK
 * @retval SPANLINK_ERR_ARGUMENT  `members` or `count` is NULL, or the view is NULL with a length.
 * @retval SPANLINK_ERR_TRACESTATE_KEY      A key is empty, too long, or has a wrong character.
 * @retval SPANLINK_ERR_TRACESTATE_EQUALS   A member ends where its "=" should stand.
 * @retval SPANLINK_ERR_TRACESTATE_VALUE    A value is empty, too long, or has a wrong character.
 * @retval SPANLINK_ERR_TRACESTATE_MEMBERS  There is a 33rd member, repeated keys counted too.
 */
SPANLINK_API spanlink_status spanlink_tracestate_parse(spanlink_str header,
                                                       spanlink_tracestate_member members[32],
                                                       size_t *count);

/**
 * Finds a member's value.
 *
 * @param state Borrowed by the value.
 * @param key   NUL-terminated, compared byte for byte; NULL is never found.
 * @param value Written if it is found. NULL just asks whether it is.
 * @return False if there is no such member or the tracestate is invalid.
 */
SPANLINK_API bool spanlink_tracestate_get(spanlink_str state, const char *key, spanlink_str *value);

/*
 * The functions that change a tracestate write the new one into the caller's buffer, tidied: no
 * spaces and tabs around members, no empty members, each key once. It is *not* NUL-terminated. The
 * length of the old one is always room enough to remove and to limit; that, and the new member's
 * with "=" and a comma, to set.
 */

/**
 * Sets a member: it moves to the front, as who writes last stands first. If there are then 33
 * members, the last is dropped.
 *
 * @param state    The old tracestate; may be empty.
 * @param key      NUL-terminated, by the rules of keys.
 * @param value    By the rules of values; it may be a view of `state`.
 * @param text     Written on success; it must not overlap the inputs. May be NULL if `capacity` is
 * 0.
 * @param capacity In characters; SPANLINK_TRACESTATE_MAX of propagation.h is always enough.
 * @param length   Set to what was written, on SPANLINK_ERR_CAPACITY to what is needed.
 * @retval SPANLINK_OK
 * @retval SPANLINK_ERR_ARGUMENT  `key`, `length`, or `text` with a capacity is NULL, or a view is
 *         NULL with a length.
 * @retval SPANLINK_ERR_TRACESTATE_KEY, SPANLINK_ERR_TRACESTATE_VALUE  The key or the value breaks
 *         the rules, or one of the old tracestate does.
 * @retval SPANLINK_ERR_TRACESTATE_EQUALS, SPANLINK_ERR_TRACESTATE_MEMBERS  The old tracestate is
 *         invalid, as spanlink_tracestate_parse() says.
 * @retval SPANLINK_ERR_CAPACITY  `text` is too short.
 */
SPANLINK_API spanlink_status spanlink_tracestate_set(spanlink_str state, const char *key,
                                                     spanlink_str value, char *text,
                                                     size_t capacity, size_t *length);

/**
 * Removes a member. Without a member of that key the tracestate is just tidied.
 *
 * @param state    The old tracestate.
 * @param key      NUL-terminated, by the rules of keys.
 * @param text     Written on success. It may be `state.ptr` itself, to write over the old one, but
 * not overlap it otherwise. May be NULL if `capacity` is 0.
 * @param capacity In characters; `state.len` is always enough.
 * @param length   Set to what was written, on SPANLINK_ERR_CAPACITY to what is needed.
 * @return As spanlink_tracestate_set(), without the value. On failure `text` is as it was.
 */
SPANLINK_API spanlink_status spanlink_tracestate_remove(spanlink_str state, const char *key,
                                                        char *text, size_t capacity,
                                                        size_t *length);

/**
 * Shortens a tracestate by whole members ("tracestate Limits"): while it is too long, members of
 * more than 128 characters (the "=" counted) are dropped, the last first, and then any members, the
 * last first.
 *
 * @param state      The old tracestate.
 * @param max_length The most characters that may be left; the specification asks to propagate at
 * least 512. SPANLINK_UNLIMITED just tidies, 0 leaves nothing.
 * @param text       Written on success. It may be `state.ptr` itself, to write over the old one,
 * but not overlap it otherwise. May be NULL if `capacity` is 0.
 * @param capacity   In characters; `state.len` or `max_length` is always enough.
 * @param length     Set to what was written, on SPANLINK_ERR_CAPACITY to what is needed.
 * @return As spanlink_tracestate_set(), without key and value. On failure `text` is as it was.
 */
SPANLINK_API spanlink_status spanlink_tracestate_limit(spanlink_str state, size_t max_length,
                                                       char *text, size_t capacity, size_t *length);

#ifdef __cplusplus
}
#endif

#endif
