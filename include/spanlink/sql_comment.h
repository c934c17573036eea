/* SPDX-License-Identifier: MIT */
/**
 * @file sql_comment.h
 * A context in a comment of an SQL statement, in the format of sqlcommenter.
 *
 * The comment's text is `traceparent='00-…-01',tracestate='a%3D1'`. Keys and values are %-encoded,
 * and `\'` is a quote in a value. Spaces and line ends around keys and values, and pairs of another
 * form, are ignored.
 *
 * Quoted in every dialect are '…', "…" and `…`, in which a doubled quote is one quote, and $$…$$
 * and $tag$…$tag$. `--` begins a comment to the end of the line, and so does `#` unless a letter,
 * digit, `_`, `#`, `>` or `-` follows it. A statement is first read by the rules of MySQL: a
 * backslash in '…' and "…" escapes the next character, and comments do not nest. If it then ends
 * inside a string or a comment, it is read by the rules of PostgreSQL: only E'…' has backslash
 * escapes, and comments nest. Names in SQL Server's brackets are read as code.
 *
 * @code
 * char text[SPANLINK_TRACESTATE_MAX];
 * spanlink_status status = spanlink_sql_comment_parse(sql, text, sizeof text, &context);
 * @endcode
 *
 * @snippet concepts/sql_comment.c sql_comment
 */
#ifndef SPANLINK_SQL_COMMENT_H
#define SPANLINK_SQL_COMMENT_H

#include <spanlink/traceparent.h>
#include <spanlink/tracestate.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The capacity for any comment: 87 characters, and a %-encoded tracestate of 16447. */
#define SPANLINK_SQL_COMMENT_MAX 49428

/**
 * Makes a context from the last comment of a statement that has a `traceparent`. A comment without
 * an end does not count; of a repeated key the last counts. An invalid tracestate is ignored. The
 * context is remote.
 *
 * @param sql      A statement, any bytes.
 * @param text     For the decoded tracestate. NULL only if `capacity` is 0.
 * @param capacity In characters; SPANLINK_TRACESTATE_MAX is enough for a tracestate without spaces.
 *                 If `text` is too small, the tracestate is ignored.
 * @param context  Written on success only.
 * @retval SPANLINK_OK                            Success.
 * @retval SPANLINK_ERR_ARGUMENT                  A pointer is NULL, or `sql` with a length.
 * @retval SPANLINK_ERR_NO_CONTEXT                No comment has a `traceparent`.
 * @retval SPANLINK_ERR_TRACEPARENT_LENGTH        Too short, too long for version 00, or above 128.
 * @retval SPANLINK_ERR_TRACEPARENT_VERSION       It is not two lowercase hex digits, or "ff".
 * @retval SPANLINK_ERR_TRACEPARENT_DELIMITER     A dash is missing.
 * @retval SPANLINK_ERR_TRACEPARENT_TRACE_ID      A character is not a lowercase hex digit.
 * @retval SPANLINK_ERR_TRACEPARENT_TRACE_ID_ZERO The trace id is all zeros.
 * @retval SPANLINK_ERR_TRACEPARENT_SPAN_ID       A character is not a lowercase hex digit.
 * @retval SPANLINK_ERR_TRACEPARENT_SPAN_ID_ZERO  The span id is all zeros.
 * @retval SPANLINK_ERR_TRACEPARENT_FLAGS         A character is not a lowercase hex digit.
 *
 * Ownership: the context borrows `text`, not `sql`.
 * Thread safety: any thread.
 * Cost: linear in the statement, which is read at most twice; never allocates.
 * Specification: sqlcommenter, "Parsing".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_sql_comment_parse(
    spanlink_str sql, char *text, size_t capacity, spanlink_context *context);

/**
 * Writes a comment to append to a statement: `traceparent`, and `tracestate` if there is a valid
 * one, without spaces, empty members and repeated keys. All bytes of a value except letters, digits
 * and `-._~` are %-encoded, so that no value can end the comment.
 *
 * @param context  A valid context. Its trace_state must not overlap `text`.
 * @param text     The comment, *not* NUL-terminated. NULL only if `capacity` is 0.
 * @param capacity In characters; SPANLINK_SQL_COMMENT_MAX is always enough.
 * @param length   Set to the number of characters written; on SPANLINK_ERR_CAPACITY to the capacity
 *                 that is needed.
 * @retval SPANLINK_OK                Success.
 * @retval SPANLINK_ERR_ARGUMENT      `context`, `length`, `text` with a capacity, or the
 *                                    trace_state with a length is NULL.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO The trace id is all zeros.
 * @retval SPANLINK_ERR_SPAN_ID_ZERO  The span id is all zeros.
 * @retval SPANLINK_ERR_CAPACITY      `text` is too small; its content is unspecified.
 *
 * Thread safety: any thread.
 * Cost: linear in the tracestate; never allocates.
 * Specification: sqlcommenter, "Key-Value Format".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_sql_comment_format(
    const spanlink_context *context, char *text, size_t capacity, size_t *length);

#ifdef __cplusplus
}
#endif

#endif
