/* SPDX-License-Identifier: MIT */
/* Reads its input as the binary form, against an oracle, and writes what is accepted. */
#include "header.h"

#include <spanlink/binary.h>

static spanlink_status decode(spanlink_str bytes, spanlink_context *context) {
    return spanlink_binary_decode((const uint8_t *)bytes.ptr, bytes.len, context);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *bytes = fuzz_copy(data, size);
    uint8_t *written = fuzz_memory(SPANLINK_BINARY_SIZE);
    spanlink_context context;
    oracle_reading wanted = oracle_binary(bytes, size);
    if (fuzz_read(decode, &wanted, bytes, size, &context)) {
        fuzz_expect(spanlink_binary_encode(&context, written) == SPANLINK_OK);
        fuzz_read_back(decode, &context, (const char *)written, SPANLINK_BINARY_SIZE,
                       SPANLINK_TRACE_FLAG_SAMPLED | SPANLINK_TRACE_FLAG_RANDOM);
    }
    free(written);
    free(bytes);
    return 0;
}
