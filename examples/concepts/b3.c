/* SPDX-License-Identifier: MIT */
/* Both forms of B3, and a sampling decision, which is not a context. */
#include <spanlink/spanlink.h>
#include <stdio.h>

static void show(spanlink_status status, const spanlink_context *context) {
    char text[SPANLINK_B3_LENGTH + 1];
    if (status == SPANLINK_OK) {
        status = spanlink_b3_format(context, text);
    }
    printf("%s\n", status == SPANLINK_OK ? text : spanlink_status_text(status));
}

int main(void) {
    /* [b3] */
    spanlink_context context;
    spanlink_str header = spanlink_str_from("80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-d");
    show(spanlink_b3_parse(header, &context), &context);

    spanlink_str trace_id = spanlink_str_from("64fe8b2a57d3eff7"); /* x-b3-traceid */
    spanlink_str span_id = spanlink_str_from("e457b5a2e4d86bd1");  /* x-b3-spanid */
    spanlink_str none = {NULL, 0};                                 /* no such header */
    show(spanlink_b3_parse_multi(trace_id, span_id, none, none, &context), &context);

    show(spanlink_b3_parse(spanlink_str_from("0"), &context), &context); /* "do not sample" */
    /* [b3] */
    return 0;
}

/* Prints:
 * 80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1
 * 000000000000000064fe8b2a57d3eff7-e457b5a2e4d86bd1-0
 * no header contains a complete trace context
 */
