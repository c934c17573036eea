/* SPDX-License-Identifier: MIT */
/* Reads its input as X-Ray's header, against an oracle, and writes what is accepted. */
#include "header.h"

#include <spanlink/xray.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_text_header(spanlink_xray_parse, oracle_xray, spanlink_xray_format,
                     SPANLINK_XRAY_LENGTH + 1, data, size);
    return 0;
}
