/* SPDX-License-Identifier: MIT */
/* A context of ids from message fields, and one of a whole trace. */
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
    spanlink_context copy = context;
    copy.trace_flags = 0;
    printf("same span: %d, equal: %d, same hash: %d\n", spanlink_context_same_span(&context, &copy),
           spanlink_context_equal(&context, &copy),
           spanlink_context_hash(&context, 1) == spanlink_context_hash(&copy, 1));
    return 0;
}

/* Prints:
 * span b7ad6b7169203331, sampled
 * same span: 1, equal: 0, same hash: 1
 */
