/* SPDX-License-Identifier: MIT */
/* From the headers of a message that came in to those of one that goes out. */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    /* [propagation] */
    spanlink_header received[] = {
        {spanlink_str_from("content-type"), spanlink_str_from("text/plain")},
        {spanlink_str_from("Traceparent"),
         spanlink_str_from("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")},
        {spanlink_str_from("tracestate"), spanlink_str_from("congo=t61rcWkgMzE")},
        {spanlink_str_from("tracestate"), spanlink_str_from("rojo=00f067aa0ba902b7")},
    };
    spanlink_headers in = {received, 4, 4};
    spanlink_getter getter = spanlink_headers_getter(&in);
    char state[SPANLINK_TRACESTATE_MAX];
    spanlink_context context;
    if (spanlink_extract(&getter, NULL, state, sizeof state, &context) != SPANLINK_OK) {
        return 1;
    }

    spanlink_header sent[2];
    spanlink_headers out = {sent, 0, 2};
    spanlink_setter setter = spanlink_headers_setter(&out);
    char text[56 + SPANLINK_TRACESTATE_MAX];
    if (spanlink_inject(&context, NULL, &setter, text, sizeof text) != SPANLINK_OK) {
        return 1;
    }
    for (size_t i = 0; i < out.count; i++) {
        printf("%.*s: %.*s\n", (int)sent[i].name.len, sent[i].name.ptr, (int)sent[i].value.len,
               sent[i].value.ptr);
    }
    /* [propagation] */
    return 0;
}

/* Prints:
 * traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
 * tracestate: congo=t61rcWkgMzE,rojo=00f067aa0ba902b7
 */
