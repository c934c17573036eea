/* SPDX-License-Identifier: MIT */
/* A context of ids that came as message fields, and one that points at a whole trace. */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    /* [context] */
    spanlink_context context;
    spanlink_status status =
        spanlink_context_from_hex("0af7651916cd43dd8448eb211c80319c", "B7AD6B7169203331",
                                  SPANLINK_TRACE_FLAG_SAMPLED, &context);
    if (status != SPANLINK_OK) {
        fprintf(stderr, "%s\n", spanlink_status_text(status));
        return 1;
    }
    context.is_remote = true; /* it came from another process */

    char span[17];
    spanlink_span_id_to_hex(context.span_id, span);
    printf("span %s, %s\n", span,
           spanlink_context_is_sampled(&context) ? "sampled" : "not sampled");
    /* [context] */
    return 0;
}

/* Prints:
 * span b7ad6b7169203331, sampled
 */
