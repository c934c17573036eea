/* SPDX-License-Identifier: MIT */
/**
 * @file sql_comment.h
 * A context in a comment of an SQL statement, as sqlcommenter writes it.
 *
 * The comment's text is `traceparent='00-…-01',tracestate='a%3D1'`: `key='value'` and commas. Keys
 * and values are %-encoded, and `\'` is a quote in a value. Spaces and line ends around keys and
 * values are passed over, and so is what has another form.
 *
 * Which comments a statement has depends on its dialect. Everywhere '…', "…" and `…` are quoted
 * (a doubled quote is one of the text), $$…$$ and $tag$…$tag$ too; `--` begins a comment to the end
 * of the line, and `#` as well unless a letter, digit, `_`, `#`, `>` or `-` follows. A statement is
 * read by the rules of MySQL first: in '…' and "…" a backslash escapes the next character, comments
 * do not nest. If it ends inside a string or a comment then, it is read by the rules of PostgreSQL:
 * only E'…' has backslashes, comments nest. Names in brackets of SQL Server are not known as such.
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

/** No comment that is written is longer: 87 characters, and a tracestate of 16447 that are all
 * %-encoded. */
#define SPANLINK_SQL_COMMENT_MAX 49428

/**
 * Makes a context of a statement's last comment that has a `traceparent`.
 *
 * A comment that does not end is none. A key that is repeated in one comment counts as its last. A
 * tracestate that is not valid is left out.
 *
 * @param sql      A statement, any bytes; read during the call only.
 * @param text     The decoded tracestate: it must live as long as the context. May be NULL if
 *                 `capacity` is 0.
 * @param capacity In characters. SPANLINK_TRACESTATE_MAX of propagation.h is enough for every
 *                 tracestate without spaces. If it is too small, the tracestate is left out.
 * @param context  Written on success only. It is remote.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT  `context` is NULL, `text` with a capacity, or the view with a
 *         length.
 * @retval SPANLINK_ERR_NO_CONTEXT  No comment has a `traceparent`.
 * @retval SPANLINK_ERR_TRACEPARENT_LENGTH  Its `traceparent` is longer than 128 characters.
 * @return Else what spanlink_traceparent_parse() returns for it.
 *
 * Any thread; linear in the statement, which is read twice at most; never allocates. Specification:
 * sqlcommenter, "Parsing".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_sql_comment_parse(
    spanlink_str sql, char *text, size_t capacity, spanlink_context *context);

/**
 * Writes a comment to append to a statement: `traceparent`, and `tracestate` if there is a valid
 * one.
 *
 * The tracestate goes out without spaces, empty members and repeated keys. Every byte of a value
 * but letters, digits and `-._~` is %-encoded, so that no value can end the comment.
 *
 * @param context  Read only.
 * @param text     The comment, *not* NUL-terminated. May be NULL if `capacity` is 0.
 * @param capacity In characters; SPANLINK_SQL_COMMENT_MAX is always enough.
 * @param length   Set to what was written, on SPANLINK_ERR_CAPACITY to what is needed.
 * @retval SPANLINK_OK Done.
 * @retval SPANLINK_ERR_ARGUMENT  `context` or `length` is NULL, `text` with a capacity, or the
 *         trace_state with a length.
 * @retval SPANLINK_ERR_TRACE_ID_ZERO, SPANLINK_ERR_SPAN_ID_ZERO  The context names no span.
 * @retval SPANLINK_ERR_CAPACITY  `text` is too small.
 *
 * Any thread; linear in the tracestate; never allocates. Specification: sqlcommenter, "Key-Value
 * Format".
 */
SPANLINK_MUST_USE SPANLINK_API spanlink_status spanlink_sql_comment_format(
    const spanlink_context *context, char *text, size_t capacity, size_t *length);

#ifdef __cplusplus
}
#endif

#endif
