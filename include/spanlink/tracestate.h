/* SPDX-License-Identifier: MIT */
/**
 * @file tracestate.h
 * The tracestate header: what each tracing system on the way has added, as `key=value` members
 * separated by commas (W3C Trace Context Level 2, "tracestate Header").
 *
 * A key is `[a-z0-9][-a-z0-9_*@/]{0,255}`. A value is 1 to 256 characters of 0x20 to 0x7E without
 * `,` and `=`, the last not a space. Spaces and tabs around members and empty members are accepted;
 * empty members do not count. More than 32 members, or one bad member, make the whole tracestate
 * invalid. Of several members with one key the first counts.
 *
 * The status names the leftmost error. A 33rd member is an error at its first character, even if it
 * repeats a key.
 *
 * The functions that change a tracestate write the new one into the caller's buffer: no spaces and
 * tabs around members, no empty members, each key once. It is *not* NUL-terminated. `state.len`
 * characters are always enough to remove and to limit; to set takes as many and the new member's,
 * and 2 more.
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
 * @param header  Any bytes, not NUL-terminated.
 * @param members 32 of them. The first `*count` are written on success: each key once, in order.
 * @param count   0 to 32, written on success. 0 if there are only commas, spaces and tabs.
 * @retval SPANLINK_OK                     Done.
 * @retval SPANLINK_ERR_ARGUMENT           A pointer is NULL, or the view is NULL with a length.
 * @retval SPANLINK_ERR_TRACESTATE_KEY     A key is empty, too long, or has a wrong character.
 * @retval SPANLINK_ERR_TRACESTATE_EQUALS  A member has no "=".
 * @retval SPANLINK_ERR_TRACESTATE_VALUE   A value is empty, too long, or has a wrong character.
 * @retval SPANLINK_ERR_TRACESTATE_MEMBERS There is a 33rd member, repeated keys counted.
 *
 * Ownership: the members borrow `header`.
 * Thread safety: any thread.
 * Cost: linear in the text, and 32 comparisons of keys for a member at most; never allocates.
 * Specification: W3C Trace Context Level 2, "tracestate Header Field Values".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_tracestate_parse(
    spanlink_str header, spanlink_tracestate_member members[32], size_t *count);

/**
 * Finds a member's value.
 *
 * @param state The tracestate.
 * @param key   NUL-terminated, compared byte for byte; NULL is never found.
 * @param value Written if it is found. NULL: the result alone tells.
 * @return Whether there is such a member; false if the tracestate is invalid.
 *
 * Ownership: the value borrows `state`.
 * Thread safety: any thread.
 * Cost: linear in the text, and 32 comparisons of keys for a member at most; never allocates.
 */
SPANLINK_API bool spanlink_tracestate_get(spanlink_str state, const char *key, spanlink_str *value);

/**
 * Does what spanlink_tracestate_get() does, for a key that is not NUL-terminated.
 *
 * @param state The tracestate.
 * @param key   Compared byte for byte.
 * @param value Written if it is found. NULL: the result alone tells.
 * @return Whether there is such a member; false if the tracestate is invalid.
 *
 * Ownership: the value borrows `state`.
 * Thread safety: any thread.
 * Cost: linear in the text, and 32 comparisons of keys for a member at most; never allocates.
 */
SPANLINK_API bool spanlink_tracestate_get_str(spanlink_str state, spanlink_str key,
                                              spanlink_str *value);

/**
 * Sets a member and moves it to the front. If there are then 33 members, the last one is dropped.
 *
 * @param state    The old tracestate; may be empty.
 * @param key      NUL-terminated, by the rules of keys.
 * @param value    By the rules of values; may be a view of `state`.
 * @param text     Written on success. It must not overlap the inputs. NULL only without capacity.
 * @param capacity In characters; SPANLINK_TRACESTATE_MAX of propagation.h is always enough.
 * @param length   Set to what was written, with SPANLINK_ERR_CAPACITY to what is needed.
 * @retval SPANLINK_OK                     Done.
 * @retval SPANLINK_ERR_ARGUMENT           `key`, `length`, or `text` with a capacity is NULL, or a
 *                                         view is NULL with a length.
 * @retval SPANLINK_ERR_TRACESTATE_KEY     `key`, or one of the old tracestate, breaks the rules.
 * @retval SPANLINK_ERR_TRACESTATE_VALUE   `value`, or one of the old tracestate, breaks the rules.
 * @retval SPANLINK_ERR_TRACESTATE_EQUALS  A member of the old tracestate has no "=".
 * @retval SPANLINK_ERR_TRACESTATE_MEMBERS The old tracestate has more than 32 members.
 * @retval SPANLINK_ERR_CAPACITY           `text` is too short.
 *
 * Thread safety: any thread.
 * Cost: linear in the text, and 32 comparisons of keys for a member at most; never allocates.
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
 * @param key      By the rules of keys; may be a view of `state`.
 * @param value    By the rules of values; may be a view of `state`.
 * @param text     Written on success. It must not overlap the inputs. NULL only without capacity.
 * @param capacity In characters; SPANLINK_TRACESTATE_MAX of propagation.h is always enough.
 * @param length   Set to what was written, with SPANLINK_ERR_CAPACITY to what is needed.
 * @return As spanlink_tracestate_set(); an empty key is SPANLINK_ERR_TRACESTATE_KEY.
 *
 * Thread safety: any thread.
 * Cost: linear in the text, and 32 comparisons of keys for a member at most; never allocates.
 * Specification: W3C Trace Context Level 2, "Mutating the tracestate Field".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status
spanlink_tracestate_set_str(spanlink_str state, spanlink_str key, spanlink_str value, char *text,
                            size_t capacity, size_t *length);

/**
 * Removes a member. If there is none of that key, the tracestate is written without changes but
 * tidied.
 *
 * @param state    The old tracestate.
 * @param key      NUL-terminated, by the rules of keys.
 * @param text     Written on success. It may be `state.ptr`, to replace the old tracestate, and
 *                 must not overlap it otherwise. NULL only without capacity.
 * @param capacity In characters; `state.len` is always enough.
 * @param length   Set to what was written, with SPANLINK_ERR_CAPACITY to what is needed.
 * @return As spanlink_tracestate_set(), without the value. On failure `text` is as it was.
 *
 * Thread safety: any thread.
 * Cost: linear in the text, and 32 comparisons of keys for a member at most; never allocates.
 * Specification: W3C Trace Context Level 2, "Mutating the tracestate Field".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_tracestate_remove(
    spanlink_str state, const char *key, char *text, size_t capacity, size_t *length);

/**
 * Does what spanlink_tracestate_remove() does, for a key that is not NUL-terminated.
 *
 * @param state    The old tracestate.
 * @param key      By the rules of keys. It must not overlap `text`.
 * @param text     Written on success. It may be `state.ptr`, to replace the old tracestate, and
 *                 must not overlap it otherwise. NULL only without capacity.
 * @param capacity In characters; `state.len` is always enough.
 * @param length   Set to what was written, with SPANLINK_ERR_CAPACITY to what is needed.
 * @return As spanlink_tracestate_remove(); an empty key is SPANLINK_ERR_TRACESTATE_KEY.
 *
 * Thread safety: any thread.
 * Cost: linear in the text, and 32 comparisons of keys for a member at most; never allocates.
 * Specification: W3C Trace Context Level 2, "Mutating the tracestate Field".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_tracestate_remove_str(
    spanlink_str state, spanlink_str key, char *text, size_t capacity, size_t *length);

/**
 * Shortens a tracestate by whole members: while it is too long, members of more than 128 characters
 * (the "=" counted) are dropped, the last first, and then any members, the last first.
 *
 * @param state      The old tracestate.
 * @param max_length The most characters that may be left. At least 512 should be propagated.
 *                   SPANLINK_UNLIMITED just tidies, 0 and SPANLINK_NONE leave nothing.
 * @param text       Written on success. It may be `state.ptr`, to replace the old tracestate, and
 *                   must not overlap it otherwise. NULL only without capacity.
 * @param capacity   In characters; `state.len` or `max_length` is always enough.
 * @param length     Set to what was written, with SPANLINK_ERR_CAPACITY to what is needed.
 * @return As spanlink_tracestate_set(), without key and value. On failure `text` is as it was.
 *
 * Thread safety: any thread.
 * Cost: linear in the text, and 32 comparisons of keys for a member at most; never allocates.
 * Specification: W3C Trace Context Level 2, "tracestate Limits".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_tracestate_limit(
    spanlink_str state, size_t max_length, char *text, size_t capacity, size_t *length);

#ifdef __cplusplus
}
#endif

#endif
