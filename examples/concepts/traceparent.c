/* SPDX-License-Identifier: MIT */
/* Parses a header and writes one, and shows the statuses of invalid headers. */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    /* [traceparent] */
    const char *headers[] = {
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        spanlink_context context;
        spanlink_status status =
            spanlink_traceparent_parse(spanlink_str_from(headers[i]), &context);
        if (status != SPANLINK_OK) { /* the context is as it was: do not link to it */
            printf("%s\n", spanlink_status_text(status));
            continue;
        }
        char text[56];
        if (spanlink_traceparent_format(&context, text) == SPANLINK_OK) {
            printf("%s\n", text);
        }
    }
    /* [traceparent] */
    return 0;
}

/* Prints:
 * 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
 * the trace id in the traceparent is not lowercase hex
 * the span id in the traceparent is all zeros
 */
