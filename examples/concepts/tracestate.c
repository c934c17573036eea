/* SPDX-License-Identifier: MIT */
/* Reads one vendor's value, and sets another one, which becomes the first. */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    /* [tracestate] */
    spanlink_str state = spanlink_str_from("congo=t61rcWkgMzE, rojo=00f067aa0ba902b7");
    spanlink_str value;
    if (spanlink_tracestate_get(state, "rojo", &value)) {
        printf("rojo is %.*s\n", (int)value.len, value.ptr);
    }

    char text[512];
    size_t length;
    spanlink_status status =
        spanlink_tracestate_set(state, "ours", spanlink_str_from("42"), text, sizeof text, &length);
    if (status == SPANLINK_OK) {
        printf("%.*s\n", (int)length, text);
    }
    /* [tracestate] */
    return 0;
}

/* Prints:
 * rojo is 00f067aa0ba902b7
 * ours=42,congo=t61rcWkgMzE,rojo=00f067aa0ba902b7
 */
