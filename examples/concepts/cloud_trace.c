/* SPDX-License-Identifier: MIT */
/* Google Cloud's header, whose span id is decimal. */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    /* [cloud_trace] */
    spanlink_context context;
    char text[SPANLINK_CLOUD_TRACE_LENGTH + 1], span_id[17];
    spanlink_str header = spanlink_str_from("105445aa7843bc8bf206b12000100000/12345678901;o=1");
    if (spanlink_cloud_trace_parse(header, &context) == SPANLINK_OK &&
        spanlink_cloud_trace_format(&context, text) == SPANLINK_OK) {
        spanlink_span_id_to_hex(context.span_id, span_id);
        printf("%s is span %s\n", text, span_id);
    }
    /* [cloud_trace] */
    return 0;
}

/* Prints:
 * 105445aa7843bc8bf206b12000100000/12345678901;o=1 is span 00000002dfdc1c35
 */
