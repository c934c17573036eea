/* SPDX-License-Identifier: MIT */
/* Reads its input as Jaeger's header, against an oracle, and writes what is accepted. */
#include "header.h"

#include <spanlink/jaeger.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_text_header(spanlink_jaeger_parse, oracle_jaeger, spanlink_jaeger_format,
                     SPANLINK_JAEGER_LENGTH + 1, data, size);
    return 0;
}
