/* SPDX-License-Identifier: MIT */
/**
 * @file sql_comment.h
 * A context in a comment of an SQL statement, as sqlcommenter writes it.
 *
 * The comment's text is `traceparent='00-…-01',tracestate='a%3D1'`. Keys and values are %-encoded,
 * and `\'` is a quote in a value. Spaces and line ends around keys and values, and whatever has
 * another form, are ignored.
 *
 * In every dialect '…', "…" and `…` are quoted, with a doubled quote for one in the text, and so
 * are
 * $$…$$ and $tag$…$tag$; `--` begins a comment to the end of the line, and so does `#` unless a
 * letter, digit, `_`, `#`, `>` or `-` follows it. A statement is read by MySQL's rules first: a
 * backslash in '…' and "…" escapes the next character, and comments do not nest. If it ends inside
 * a string or a comment then, it is read by PostgreSQL's rules: only E'…' has backslash escapes,
 * and comments nest. Names in SQL Server's brackets are read as code.
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

/** Enough for every comment: 87 characters, and a tracestate of 16447, each %-encoded. */
#define SPANLINK_SQL_COMMENT_MAX 49428

/**
 * Makes a context of the last comment of a statement that has a `traceparent`. A comment without an
 * end does not count. Of a key that is repeated in a comment the last one counts. A tracestate that
 * is not valid is left out. The context is remote.
 *
 * @param sql      A statement, any bytes.
 * @param text     For the decoded tracestate. NULL only with a capacity of 0.
 * @param capacity In characters. SPANLINK_TRACESTATE_MAX of propagation.h is enough for a
 * tracestate without spaces; if it is too small, the tracestate is left out.
 * @param context  Written on success only.
 * @retval SPANLINK_OK                     Done.
 * @retval SPANLINK_ERR_ARGUMENT           `context` is NULL, `text` with a capacity, or the view
 *                                         with a length.
 * @retval SPANLINK_ERR_NO_CONTEXT         No comment has a `traceparent`.
 * @retval SPANLINK_ERR_TRACEPARENT_LENGTH It is longer than 128 characters, or as the following.
 * @return Otherwise what spanlink_traceparent_parse() returns for it.
 *
 * Ownership: the context borrows `text`, not `sql`.
 * Thread safety: any thread.
 * Cost: linear in the statement, which is read twice at most; never allocates.
 * Specification: sqlcommenter, "Parsing".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_sql_comment_parse(
    spanlink_str sql, char *text, size_t capacity, spanlink_context *context);

/**
 * Writes a comment to append to a statement: `traceparent`, and `tracestate` if there is a valid
 * one, without spaces, empty members and repeated keys. Every byte of a value but letters, digits
 * and `-._~` is %-encoded, so that no value can end the comment.
 *
 * @param context  Names a span.
 * @param text     The comment, *not* NUL-terminated. NULL only with a capacity of 0.
 * @param capacity In characters; SPANLINK_SQL_COMMENT_MAX is always enough.
 * @param length   The characters written, on SPANLINK_ERR_CAPACITY those needed.
 * @retval SPANLINK_OK                Done.
 * @retval SPANLINK_ERR_ARGUMENT      `context` or `length` is NULL, `text` with a capacity, or the
 *                                    trace_state with a length.
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
