/* SPDX-License-Identifier: MIT */
/* A job and the process that it starts: environment variables carry the context. */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    /* [environment] */
    /* The variables that this process was started with; NULL instead means getenv(). */
    char *inherited[] = {
        "PATH=/usr/bin",
        "TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "TRACESTATE=congo=t61rcWkgMzE",
        NULL,
    };
    spanlink_getter getter = spanlink_environment_getter(inherited);
    spanlink_context context;
    if (spanlink_extract(&getter, NULL, NULL, 0, &context) != SPANLINK_OK) {
        return 1;
    }

    /* Those of a process to be started: a copy of the array, in which entries are replaced. */
    char *entries[8], text[256], values[SPANLINK_INJECT_TEXT];
    memcpy(entries, inherited, sizeof inherited);
    spanlink_environment child = {text, sizeof text, 0, entries, 3, 8};
    spanlink_setter setter = spanlink_environment_setter(&child);
    memcpy(context.span_id, "\x53\x99\x5c\x3f\x42\xcd\x8a\xd8", 8); /* the span that starts it */
    context.trace_state = spanlink_str_from("");
    if (spanlink_inject(&context, NULL, &setter, values, sizeof values) != SPANLINK_OK) {
        return 1;
    }
    for (char **entry = child.entries; *entry != NULL; entry++) {
        puts(*entry); /* execve(path, argv, child.entries) */
    }
    /* [environment] */
    return 0;
}

/* Prints:
 * PATH=/usr/bin
 * TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-53995c3f42cd8ad8-01
 */
