/* SPDX-License-Identifier: MIT */
/* Reads its input as Google Cloud's header, against an oracle, and writes what is accepted. */
#include "header.h"

#include <spanlink/cloud_trace.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_text_header(spanlink_cloud_trace_parse, oracle_cloud_trace, spanlink_cloud_trace_format,
                     SPANLINK_CLOUD_TRACE_LENGTH + 1, data, size);
    return 0;
}
