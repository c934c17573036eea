/* SPDX-License-Identifier: MIT */
/* Jaeger's header, whose ids may be short, and whose colons may be encoded. */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    /* [jaeger] */
    const char *headers[] = {
        "8d2f1a3b4c5d6e7f:1a2b3c4d5e6f708:0:1",
        "463ac35c9f6413ad48485a3953bb6124%3Aa2fb4a1d1a96d312%3A0%3A0",
        "8d2f1a3b4c5d6e7f:1a2b3c4d5e6f708",
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        spanlink_context context;
        char text[SPANLINK_JAEGER_LENGTH + 1];
        spanlink_status status = spanlink_jaeger_parse(spanlink_str_from(headers[i]), &context);
        if (status == SPANLINK_OK) {
            status = spanlink_jaeger_format(&context, text);
        }
        printf("%s\n", status == SPANLINK_OK ? text : spanlink_status_text(status));
    }
    /* [jaeger] */
    return 0;
}

/* Prints:
 * 00000000000000008d2f1a3b4c5d6e7f:01a2b3c4d5e6f708:0:1
 * 463ac35c9f6413ad48485a3953bb6124:a2fb4a1d1a96d312:0:0
 * the parts or separators of the header are not those of its format
 */
