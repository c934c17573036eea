/* SPDX-License-Identifier: MIT */
/*
 * Makes links from its input, encodes them as OTLP/JSON, parses that with jansson and compares
 * every field with the links, according to the specification's JSON mapping.
 */
#include "maker.h"

#include "otlp_json_oracle.h"
#include "test_otlp_rules.h"

#include <spanlink/otlp_json.h>

enum { MOST_LINKS = 4 };

/* Encodes into a buffer of exactly this capacity. */
static void encode(const spanlink_link *links, size_t count, size_t size, size_t capacity) {
    char *text = fuzz_memory(capacity);
    size_t written = SIZE_MAX;
    spanlink_status status = spanlink_otlp_json_encode(links, count, text, capacity, &written);
    fuzz_expect(written == size);
    fuzz_expect(status == (capacity < size ? SPANLINK_ERR_CAPACITY : SPANLINK_OK));
    if (status == SPANLINK_OK) {
        otlp_json_expect(text, size, links, count);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static maker makers[MOST_LINKS];
    spanlink_link links[MOST_LINKS] = {{.attribute_count = 0}};
    spanlink_status wanted = SPANLINK_OK;
    fuzz_input input = {data, size};
    uint8_t shape = fuzz_byte(&input), cut = fuzz_byte(&input);
    size_t count = shape % (MOST_LINKS + 1u), unused = 5;
    for (size_t i = 0; i < count; i++) {
        makers[i] = (maker){.input = &input, .bad_types = shape >= 128};
        links[i] = maker_link(&makers[i]);
        wanted = test_otlp_is_encodable(&links[i]) ? wanted : SPANLINK_ERR_VALUE_TYPE;
    }

    size_t needed = spanlink_otlp_json_size(links, count);
    fuzz_expect((needed == SIZE_MAX) == (wanted != SPANLINK_OK));
    if (wanted == SPANLINK_OK) {
        encode(links, count, needed, needed);
        encode(links, count, needed, cut < needed ? cut : needed - 1);
        encode(links, count, needed, needed - 1 - (needed > cut ? cut % needed : 0));
    } else {
        char *text = fuzz_memory(cut);
        fuzz_expect(spanlink_otlp_json_encode(links, count, text, cut, &unused) == wanted);
        fuzz_expect(unused == 5);
        free(text);
    }
    for (size_t i = 0; i < count; i++) {
        maker_forget(&makers[i]);
    }
    return 0;
}
