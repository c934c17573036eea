/* SPDX-License-Identifier: MIT */
/*
 * Decodes bytes into a list: the input itself, and encoded links made from the input, whole,
 * truncated, and with unknown fields inserted. A list that decodes another list's encoding must
 * have the same content; a failed decode must change nothing.
 */
#include "maker.h"

#include "test_allocator.h"
#include "test_links.h"

#include <spanlink/otlp.h>

enum { MOST_LINKS = 4, BOUND = 3 };

typedef struct bytes {
    uint8_t *data;
    size_t size;
} bytes;

static spanlink_list *make_list(test_allocator *heap, size_t max_links) {
    spanlink_list_options options = test_list_options();
    spanlink_list *list = NULL;
    options.allocator = test_allocator_interface(heap);
    options.hash_seed[0] = 1;
    options.limits.max_links = test_limit(max_links);
    fuzz_expect(spanlink_list_create(&options, &list) == SPANLINK_OK);
    return list;
}

static bytes encode_list(spanlink_list *list) {
    bytes made = {.size = spanlink_otlp_list_size(list)};
    size_t written = 0;
    fuzz_expect(made.size != SIZE_MAX);
    made.data = fuzz_memory(made.size);
    fuzz_expect(spanlink_otlp_encode_list(list, made.data, made.size, &written) == SPANLINK_OK);
    fuzz_expect(written == made.size);
    return made;
}

static void expect_empty(spanlink_list *list) {
    size_t count;
    fuzz_expect(spanlink_list_links(list, &count) == NULL && count == 0);
    fuzz_expect(test_stats(list).kept == 0 && test_stats(list).over_limit == 0);
}

/* Links read from a list can be added to another list. */
static void expect_taken(spanlink_list *list) {
    test_allocator heap = {0};
    spanlink_list *other = make_list(&heap, SPANLINK_UNLIMITED);
    size_t count;
    const spanlink_link *links = spanlink_list_links(list, &count);
    fuzz_expect(spanlink_list_append(other, links, count) == SPANLINK_OK);
    fuzz_expect(test_stats(other).kept == count);
    spanlink_list_destroy(other);
}

/* Decodes, encodes and decodes again; true if the bytes were accepted. */
static bool round_trip(const uint8_t *data, size_t size, bytes *again) {
    test_allocator heap = {0};
    spanlink_list *list = make_list(&heap, SPANLINK_UNLIMITED);
    uint8_t *copy = fuzz_copy(data, size);
    spanlink_status status = spanlink_otlp_decode(copy, size, list);
    free(copy); /* the list must not point into it */
    if (status != SPANLINK_OK) {
        expect_empty(list);
    } else {
        spanlink_list_stats stats = test_stats(list);
        expect_taken(list);
        *again = encode_list(list);
        fuzz_expect(stats.duplicate == 0 &&
                    stats.offered == stats.kept + stats.over_limit + stats.invalid);
    }
    spanlink_list_destroy(list);
    fuzz_expect(heap.live_blocks == 0 && heap.wrong_sizes == 0);
    return status == SPANLINK_OK;
}

/* A list that decodes the encoding has the same content, including dropped counts. */
static void expect_fixed_point(const uint8_t *data, size_t size) {
    bytes first, second;
    if (round_trip(data, size, &first)) {
        fuzz_expect(round_trip(first.data, first.size, &second));
        fuzz_expect(first.size == second.size);
        fuzz_expect(memcmp(first.data, second.data, first.size) == 0);
        free(first.data);
        free(second.data);
    }
}

/* Fails each allocation in turn: each time the status is NO_MEMORY and the list is unchanged. */
static void fail_allocations(const uint8_t *data, size_t size) {
    test_allocator heap = {0};
    spanlink_list *list = make_list(&heap, BOUND);
    spanlink_status status = SPANLINK_ERR_NO_MEMORY;
    for (size_t at = 1; status == SPANLINK_ERR_NO_MEMORY; at++) {
        size_t blocks = heap.live_blocks;
        heap.calls = 0;
        heap.fail_at = at;
        status = spanlink_otlp_decode(data, size, list);
        fuzz_expect(status != SPANLINK_ERR_NO_MEMORY || heap.calls >= at);
        fuzz_expect(at < 10000 && heap.live_blocks >= blocks);
        if (status != SPANLINK_OK) {
            expect_empty(list);
        }
    }
    fuzz_expect(test_stats(list).kept <= BOUND);
    spanlink_list_destroy(list);
    fuzz_expect(heap.live_blocks == 0 && heap.wrong_sizes == 0);
}

/* Puts an unknown field before and after the encoded links. */
static bytes with_unknown_fields(bytes encoded, uint8_t choice) {
    static const uint8_t unknown[][7] = {
        {0xa0, 0x06, 0x96, 0x01}, {0xa2, 0x06, 0x03, 'a', 'b', 'c'}, {0xa5, 0x06, 1, 2, 3, 4}};
    static const size_t sizes[] = {4, 6, 6};
    size_t size = sizes[choice % 3];
    bytes made = {fuzz_memory(encoded.size + 2 * size), encoded.size + 2 * size};
    memcpy(made.data, unknown[choice % 3], size);
    memcpy(made.data + size, encoded.data, encoded.size);
    memcpy(made.data + size + encoded.size, unknown[choice % 3], size);
    return made;
}

/* Encoding, decoding and encoding again gives the same bytes. */
static void encode_and_decode(fuzz_input *input) {
    static maker makers[MOST_LINKS];
    test_allocator heap = {0};
    spanlink_list *list = make_list(&heap, SPANLINK_UNLIMITED);
    uint8_t shape = fuzz_byte(input), cut = fuzz_byte(input);
    for (size_t i = 0; i < shape % (MOST_LINKS + 1u); i++) {
        makers[i] = (maker){.input = input};
        spanlink_link link = maker_link(&makers[i]);
        link.context.trace_id[0] = link.context.span_id[0] = 1; /* valid */
        spanlink_list_add(list, &link);
        maker_forget(&makers[i]);
    }
    bytes encoded = encode_list(list), decoded;
    bytes padded = with_unknown_fields(encoded, shape);
    fuzz_expect(round_trip(padded.data, padded.size, &decoded));
    fuzz_expect(decoded.size == encoded.size);
    fuzz_expect(memcmp(decoded.data, encoded.data, encoded.size) == 0);
    expect_fixed_point(encoded.data, encoded.size * cut / 256);
    fail_allocations(encoded.data, encoded.size);
    if (encoded.size != 0) {
        encoded.data[cut * encoded.size / 256] ^= (uint8_t)(1 << shape % 8);
        expect_fixed_point(encoded.data, encoded.size);
    }
    free(decoded.data);
    free(padded.data);
    free(encoded.data);
    spanlink_list_destroy(list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_input input = {data, size};
    expect_fixed_point(data, size);
    encode_and_decode(&input);
    return 0;
}
