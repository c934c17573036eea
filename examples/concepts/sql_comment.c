/* SPDX-License-Identifier: MIT */
/* A statement carries its sender's context to the database, which reads it there. */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    /* [sql_comment] */
    spanlink_context context, read;
    spanlink_str header =
        spanlink_str_from("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    char sql[256] = "SELECT '/* no comment */' ", state[64];
    size_t length = strlen(sql), added;
    if (spanlink_traceparent_parse(header, &context) != SPANLINK_OK) {
        return 1;
    }
    context.trace_state = spanlink_str_from("rojo=1");
    if (spanlink_sql_comment_format(&context, sql + length, sizeof sql - length, &added) ==
        SPANLINK_OK) {
        spanlink_str statement = spanlink_str_make(sql, length + added);
        printf("%.*s\n", (int)added - 4, sql + length + 2); /* without the comment's ends */
        if (spanlink_sql_comment_parse(statement, state, sizeof state, &read) == SPANLINK_OK) {
            printf("%.*s\n", (int)read.trace_state.len, read.trace_state.ptr);
        }
    }
    /* [sql_comment] */
    return 0;
}

/* Prints:
 * traceparent='00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',tracestate='rojo%3D1'
 * rojo=1
 */
