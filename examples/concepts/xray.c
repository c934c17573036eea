/* SPDX-License-Identifier: MIT */
/* X-Ray's header from a message of SQS, and the time in its trace id. */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    /* [xray] */
    spanlink_context context;
    char text[SPANLINK_XRAY_LENGTH + 1];
    spanlink_str header = spanlink_str_from(
        "Self=1-67891234-12456789abcdef012345678;"
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1");
    if (spanlink_xray_parse(header, &context) == SPANLINK_OK &&
        spanlink_xray_format(&context, text) == SPANLINK_OK) {
        printf("%s\n", text);
        printf("begun %lu seconds after 1970 began\n",
               (unsigned long)spanlink_xray_epoch(&context));
    }
    /* [xray] */
    return 0;
}

/* Prints:
 * Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1
 * begun 1465510280 seconds after 1970 began
 */
