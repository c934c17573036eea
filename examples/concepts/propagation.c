/* SPDX-License-Identifier: MIT */
/* From the headers of a received message to those of a sent one. */
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
        {spanlink_str_from("b3"),
         spanlink_str_from("80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1")},
    };
    spanlink_headers in = {received, 5, 5};
    spanlink_getter getter = spanlink_headers_getter(&in);

    /* A service reads them of OTEL_PROPAGATORS: spanlink_formats_from_env(&formats, &unknown). */
    spanlink_formats formats;
    spanlink_str unknown;
    if (spanlink_formats_from_names(spanlink_str_from("b3,tracecontext"), &formats, &unknown) !=
        SPANLINK_OK) {
        return 1;
    }

    /* The last valid format decides which span to continue; the others may be linked. */
    char state[SPANLINK_TRACESTATE_MAX];
    spanlink_extracted found[2];
    size_t count;
    if (spanlink_extract_all(&getter, &formats, state, sizeof state, found, 2, &count) !=
        SPANLINK_OK) {
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        char span_id[17];
        spanlink_span_id_to_hex(found[i].context.span_id, span_id);
        printf("%s %s, of %s\n", i == 0 ? "continue" : "link", span_id,
               spanlink_format_name(found[i].format));
    }

    spanlink_header sent[3];
    spanlink_headers out = {sent, 0, 3};
    spanlink_setter setter = spanlink_headers_setter(&out);
    char text[SPANLINK_INJECT_TEXT + SPANLINK_TRACESTATE_MAX];
    if (spanlink_inject(&found[0].context, &formats, &setter, text, sizeof text) != SPANLINK_OK) {
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
 * continue b7ad6b7169203331, of tracecontext
 * link e457b5a2e4d86bd1, of b3
 * b3: 0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1
 * traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
 * tracestate: congo=t61rcWkgMzE,rojo=00f067aa0ba902b7
 */
