/* SPDX-License-Identifier: MIT */
/**
 * @file tracestate.h
 * The tracestate header: entries of tracing systems, as `key=value` members separated by commas
 * (W3C Trace Context Level 2, "tracestate Header").
 *
 * A key is `[a-z0-9][-a-z0-9_*@/]{0,255}`. A value is 1 to 256 characters of 0x20 to 0x7E without
 * `,` and `=`, and does not end in a space. Spaces and tabs around members and empty members are
 * accepted; empty members do not count. More than 32 members, or one invalid member, make the whole
 * tracestate invalid. Of several members with the same key the first counts.
 *
 * The status reports the leftmost error. A 33rd member is an error at its first character, even if
 * it repeats a key.
 *
 * The functions that change a tracestate write the new one to the caller's buffer, *not*
 * NUL-terminated, without spaces and tabs around members, empty members and repeated keys. Capacity
 * needed: `state.len` for remove and limit; `state.len` plus the new member's length plus 2 for
 * set.
 *
 * @code
 * char text[SPANLINK_TRACESTATE_MAX];
 * size_t length;
 * spanlink_status status = spanlink_tracestate_set(
 *     context.trace_state, "vendor", spanlink_str_from("1"), text, sizeof text, &length);
 * @endcode
 *
 * @snippet concepts/tracestate.c tracestate
 */
#ifndef SPANLINK_TRACESTATE_H
#define SPANLINK_TRACESTATE_H

#include <spanlink/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The maximum number of members. */
#define SPANLINK_TRACESTATE_MEMBERS 32

/** A member. Borrows both texts. 32 bytes on 64-bit machines. */
typedef struct spanlink_tracestate_member {
    spanlink_str key;   /**< Lowercase letters, digits and `_-*@/`. */
    spanlink_str value; /**< May begin with spaces, which are part of the value. */
} spanlink_tracestate_member;

/**
 * Splits a tracestate into its members.
 *
 * @param header  Any bytes, not NUL-terminated.
 * @param members 32 members. The first `*count` are written on success: each key once, in order.
 * @param count   0 to 32, written on success only. 0 if there are only commas, spaces and tabs.
 * @retval SPANLINK_OK                     Success.
 * @retval SPANLINK_ERR_ARGUMENT           A pointer is NULL, or the view is NULL with a length.
 * @retval SPANLINK_ERR_TRACESTATE_KEY     A key is empty, too long, or has an invalid character.
 * @retval SPANLINK_ERR_TRACESTATE_EQUALS  A member has no "=".
 * @retval SPANLINK_ERR_TRACESTATE_VALUE   A value is empty, too long, or has an invalid character.
 * @retval SPANLINK_ERR_TRACESTATE_MEMBERS There is a 33rd member; repeated keys count.
 *
 * Ownership: the members borrow `header`.
 * Thread safety: any thread.
 * Cost: linear in the text, and at most 32 comparisons of keys per member; never allocates.
 * Specification: W3C Trace Context Level 2, "tracestate Header Field Values".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_tracestate_parse(
    spanlink_str header, spanlink_tracestate_member members[32], size_t *count);

/**
 * Finds the value of a member.
 *
 * @param state The tracestate.
 * @param key   NUL-terminated, compared byte for byte. NULL is never found.
 * @param value Written if the member is found. May be NULL.
 * @return Whether the member was found; false if the tracestate is invalid.
 *
 * Ownership: the value borrows `state`.
 * Thread safety: any thread.
 * Cost: linear in the text, and at most 32 comparisons of keys per member; never allocates.
 */
SPANLINK_API bool spanlink_tracestate_get(spanlink_str state, const char *key, spanlink_str *value);

/**
 * Does what spanlink_tracestate_get() does, for a key that is not NUL-terminated.
 *
 * @param state The tracestate.
 * @param key   Compared byte for byte.
 * @param value Written if the member is found. May be NULL.
 * @return Whether the member was found; false if the tracestate is invalid.
 *
 * Ownership: the value borrows `state`.
 * Thread safety: any thread.
 * Cost: linear in the text, and at most 32 comparisons of keys per member; never allocates.
 */
SPANLINK_API bool spanlink_tracestate_get_str(spanlink_str state, spanlink_str key,
                                              spanlink_str *value);

/**
 * Sets a member and moves it to the front. If there are then 33 members, the last one is dropped.
 * The status reports errors of `key` first, then those of `value`, then those of `state`.
 *
 * @param state    The old tracestate; may be empty.
 * @param key      NUL-terminated, a valid key.
 * @param value    A valid value; may be a view of `state`.
 * @param text     Written on success only. Must not overlap the inputs. NULL only if `capacity` is
 *                 0.
 * @param capacity In characters; SPANLINK_TRACESTATE_MAX of propagation.h is always enough.
 * @param length   Set to the length of the result; on SPANLINK_ERR_CAPACITY to the capacity that is
 *                 needed.
 * @retval SPANLINK_OK                     Success.
 * @retval SPANLINK_ERR_ARGUMENT           `key`, `length`, or `text` with a capacity is NULL, or a
 *                                         view is NULL with a length.
 * @retval SPANLINK_ERR_TRACESTATE_KEY     `key`, or a key in `state`, is not valid.
 * @retval SPANLINK_ERR_TRACESTATE_EQUALS  A member of `state` has no "=".
 * @retval SPANLINK_ERR_TRACESTATE_VALUE   `value`, or a value in `state`, is not valid.
 * @retval SPANLINK_ERR_TRACESTATE_MEMBERS `state` has more than 32 members.
 * @retval SPANLINK_ERR_CAPACITY           `text` is too small.
 *
 * Thread safety: any thread.
 * Cost: linear in the text, and at most 32 comparisons of keys per member; never allocates.
 * Specification: W3C Trace Context Level 2, "Mutating the tracestate Field".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_tracestate_set(spanlink_str state,
                                                                       const char *key,
                                                                       spanlink_str value,
                                                                       char *text, size_t capacity,
                                                                       size_t *length);

/**
 * Does what spanlink_tracestate_set() does, for a key that is not NUL-terminated.
 *
 * @param state    The old tracestate; may be empty.
 * @param key      A valid key; may be a view of `state`.
 * @param value    A valid value; may be a view of `state`.
 * @param text     Written on success only. Must not overlap the inputs. NULL only if `capacity` is
 *                 0.
 * @param capacity In characters; SPANLINK_TRACESTATE_MAX of propagation.h is always enough.
 * @param length   Set to the length of the result; on SPANLINK_ERR_CAPACITY to the capacity that is
 *                 needed.
 * @retval SPANLINK_OK                     Success.
 * @retval SPANLINK_ERR_ARGUMENT           `length`, or `text` with a capacity is NULL, or a view is
 *                                         NULL with a length.
 * @retval SPANLINK_ERR_TRACESTATE_KEY     `key`, or a key in `state`, is not valid.
 * @retval SPANLINK_ERR_TRACESTATE_EQUALS  A member of `state` has no "=".
 * @retval SPANLINK_ERR_TRACESTATE_VALUE   `value`, or a value in `state`, is not valid.
 * @retval SPANLINK_ERR_TRACESTATE_MEMBERS `state` has more than 32 members.
 * @retval SPANLINK_ERR_CAPACITY           `text` is too small.
 *
 * Thread safety: any thread.
 * Cost: linear in the text, and at most 32 comparisons of keys per member; never allocates.
 * Specification: W3C Trace Context Level 2, "Mutating the tracestate Field".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_tracestate_set_str(spanlink_str state, spanlink_str key, spanlink_str value, char *text,
                            size_t capacity, size_t *length);

/**
 * Removes a member. Without a member of that key, writes the same tracestate without spaces, empty
 * members and repeated keys.
 *
 * @param state    The old tracestate.
 * @param key      NUL-terminated, a valid key.
 * @param text     Written on success only. May be `state.ptr`, to replace the old tracestate; must
 *                 not overlap it otherwise. NULL only if `capacity` is 0.
 * @param capacity In characters; `state.len` is always enough.
 * @param length   Set to the length of the result; on SPANLINK_ERR_CAPACITY to the capacity that is
 *                 needed.
 * @retval SPANLINK_OK                     Success.
 * @retval SPANLINK_ERR_ARGUMENT           `key`, `length`, or `text` with a capacity is NULL, or
 *                                         the view is NULL with a length.
 * @retval SPANLINK_ERR_TRACESTATE_KEY     `key`, or a key in `state`, is not valid.
 * @retval SPANLINK_ERR_TRACESTATE_EQUALS  A member of `state` has no "=".
 * @retval SPANLINK_ERR_TRACESTATE_VALUE   A value in `state` is not valid.
 * @retval SPANLINK_ERR_TRACESTATE_MEMBERS `state` has more than 32 members.
 * @retval SPANLINK_ERR_CAPACITY           `text` is too small.
 *
 * Thread safety: any thread.
 * Cost: linear in the text, and at most 32 comparisons of keys per member; never allocates.
 * Specification: W3C Trace Context Level 2, "Mutating the tracestate Field".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_tracestate_remove(
    spanlink_str state, const char *key, char *text, size_t capacity, size_t *length);

/**
 * Does what spanlink_tracestate_remove() does, for a key that is not NUL-terminated.
 *
 * @param state    The old tracestate.
 * @param key      A valid key. Must not overlap `text`.
 * @param text     Written on success only. May be `state.ptr`, to replace the old tracestate; must
 *                 not overlap it otherwise. NULL only if `capacity` is 0.
 * @param capacity In characters; `state.len` is always enough.
 * @param length   Set to the length of the result; on SPANLINK_ERR_CAPACITY to the capacity that is
 *                 needed.
 * @retval SPANLINK_OK                     Success.
 * @retval SPANLINK_ERR_ARGUMENT           `length`, or `text` with a capacity is NULL, or a view is
 *                                         NULL with a length.
 * @retval SPANLINK_ERR_TRACESTATE_KEY     `key`, or a key in `state`, is not valid.
 * @retval SPANLINK_ERR_TRACESTATE_EQUALS  A member of `state` has no "=".
 * @retval SPANLINK_ERR_TRACESTATE_VALUE   A value in `state` is not valid.
 * @retval SPANLINK_ERR_TRACESTATE_MEMBERS `state` has more than 32 members.
 * @retval SPANLINK_ERR_CAPACITY           `text` is too small.
 *
 * Thread safety: any thread.
 * Cost: linear in the text, and at most 32 comparisons of keys per member; never allocates.
 * Specification: W3C Trace Context Level 2, "Mutating the tracestate Field".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_tracestate_remove_str(
    spanlink_str state, spanlink_str key, char *text, size_t capacity, size_t *length);

/**
 * Shortens a tracestate by whole members. As long as it is too long, members of more than 128
 * characters ("=" included) are dropped, the last first; then other members, the last first.
 *
 * @param state      The old tracestate.
 * @param max_length The maximum length in characters. At least 512 should be propagated.
 *                   SPANLINK_UNLIMITED drops no members, 0 and SPANLINK_NONE drop all.
 * @param text       Written on success only. May be `state.ptr`, to replace the old tracestate;
 *                   must not overlap it otherwise. NULL only if `capacity` is 0.
 * @param capacity   In characters; `state.len` or `max_length` is always enough.
 * @param length     Set to the length of the result; on SPANLINK_ERR_CAPACITY to the capacity that
 *                   is needed.
 * @retval SPANLINK_OK                     Success.
 * @retval SPANLINK_ERR_ARGUMENT           `length`, or `text` with a capacity is NULL, or the view
 *                                         is NULL with a length.
 * @retval SPANLINK_ERR_TRACESTATE_KEY     A key is not valid.
 * @retval SPANLINK_ERR_TRACESTATE_EQUALS  A member of `state` has no "=".
 * @retval SPANLINK_ERR_TRACESTATE_VALUE   A value in `state` is not valid.
 * @retval SPANLINK_ERR_TRACESTATE_MEMBERS `state` has more than 32 members.
 * @retval SPANLINK_ERR_CAPACITY           `text` is too small.
 *
 * Thread safety: any thread.
 * Cost: linear in the text, and at most 32 comparisons of keys per member; never allocates.
 * Specification: W3C Trace Context Level 2, "tracestate Limits".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_tracestate_limit(
    spanlink_str state, size_t max_length, char *text, size_t capacity, size_t *length);

#ifdef __cplusplus
}
#endif

#endif
