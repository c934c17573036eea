/* SPDX-License-Identifier: MIT */
/* Links as the JSON array of a span's member "links". */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    spanlink_link link = {.context = {.trace_id = {1}, .span_id = {2}}};
    /* [otlp_json] */
    char text[256];
    size_t written;
    if (spanlink_otlp_json_encode(&link, 1, text, sizeof text, &written) == SPANLINK_OK) {
        printf("{\"name\":\"work\",\"links\":%.*s}\n", (int)written, text);
    }
    /* [otlp_json] */
    return 0;
}

/* Prints:
 * {"name":"work","links":[{"traceId":"01000000000000000000000000000000","spanId":"0200000000000000","flags":256}]}
 */
