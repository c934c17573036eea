/* SPDX-License-Identifier: MIT */
/* Datadog's decimal ids, and the tag with the high half of the trace id. */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    /* [datadog] */
    spanlink_context context;
    spanlink_datadog_headers headers;
    spanlink_status status = spanlink_datadog_parse(
        spanlink_str_from("1311768467294899695"),            /* x-datadog-trace-id */
        spanlink_str_from("81985529216486895"),              /* x-datadog-parent-id */
        spanlink_str_from("2"),                              /* x-datadog-sampling-priority */
        spanlink_str_from("_dd.p.tid=640cfd8d00000000,x=1"), /* x-datadog-tags */
        &context);
    char trace_id[33], span_id[17];
    if (status == SPANLINK_OK && spanlink_datadog_format(&context, &headers) == SPANLINK_OK) {
        spanlink_trace_id_to_hex(context.trace_id, trace_id);
        spanlink_span_id_to_hex(context.span_id, span_id);
        printf("%s %s\n", trace_id, span_id);
        printf("%s %s %s %s\n", headers.trace_id, headers.parent_id, headers.sampling_priority,
               headers.tags);
    }
    /* [datadog] */
    return 0;
}

/* Prints:
 * 640cfd8d000000001234567890abcdef 0123456789abcdef
 * 1311768467294899695 81985529216486895 1 _dd.p.tid=640cfd8d00000000
 */
