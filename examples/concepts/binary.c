/* SPDX-License-Identifier: MIT */
/* A traceparent as the 29 bytes of grpc-trace-bin, and back. */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    /* [binary] */
    spanlink_context context, back;
    uint8_t bytes[SPANLINK_BINARY_SIZE];
    spanlink_str header =
        spanlink_str_from("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    if (spanlink_traceparent_parse(header, &context) == SPANLINK_OK &&
        spanlink_binary_encode(&context, bytes) == SPANLINK_OK) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            printf("%02x", (unsigned)bytes[i]);
        }
        spanlink_status status = spanlink_binary_decode(bytes, sizeof bytes, &back);
        printf("\n%s\n", spanlink_status_text(status));
    }
    /* [binary] */
    return 0;
}

/* Prints:
 * 00000af7651916cd43dd8448eb211c80319c01b7ad6b71692033310201
 * success
 */
