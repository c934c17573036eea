/* SPDX-License-Identifier: MIT */
/* nanopb, with structs of fixed sizes: see nanopb.options. */
#include "links.h"

#include "trace.pb.h"

#include <pb_decode.h>
#include <pb_encode.h>

static const char lighter[] = "fixed sizes, no UTF-8 check";
static Span span, decoded;
static uint8_t buffer[BATCH * 1024];
static size_t written;

static void fill(bool texts) {
    peers_link links[BATCH];
    peers_fill(links, texts);
    span = (Span)Span_init_zero;
    span.links_count = BATCH;
    for (int i = 0; i < BATCH; i++) {
        Span_Link *to = &span.links[i];
        memcpy(to->trace_id, links[i].trace_id, 16);
        memcpy(to->span_id, links[i].span_id, 8);
        to->flags = OTLP_FLAGS;
        to->attributes_count = (pb_size_t)links[i].count;
        for (size_t j = 0; j < links[i].count; j++) {
            KeyValue *attribute = &to->attributes[j];
            strcpy(attribute->key, links[i].attributes[j].key);
            attribute->has_value = true;
            if (links[i].attributes[j].text != NULL) {
                attribute->value.which_value = AnyValue_string_value_tag;
                strcpy(attribute->value.value.string_value, links[i].attributes[j].text);
            } else {
                attribute->value.which_value = AnyValue_int_value_tag;
                attribute->value.value.int_value = links[i].attributes[j].number;
            }
        }
    }
}

static void encode(void *state) {
    (void)state;
    pb_ostream_t stream = pb_ostream_from_buffer(buffer, sizeof buffer);
    peers_require(pb_encode(&stream, Span_fields, &span), "encode");
    written = stream.bytes_written;
}

static uint64_t keep(void *work) {
    peers_keep(work, "C nanopb", buffer, written);
    return 0;
}

static void decode(void *state) {
    (void)state;
    pb_istream_t stream = pb_istream_from_buffer(buffer, written);
    peers_require(pb_decode(&stream, Span_fields, &decoded), "decode");
}

static uint64_t digest(void *state) {
    uint64_t sum = 0;
    (void)state;
    for (int i = 0; i < decoded.links_count; i++) {
        const Span_Link *link = &decoded.links[i];
        sum += peers_digest(link->trace_id, link->span_id);
        for (int j = 0; j < link->attributes_count; j++) {
            const KeyValue *each = &link->attributes[j];
            bool text = each->value.which_value == AnyValue_string_value_tag;
            sum += strlen(each->key) + (text ? strlen(each->value.value.string_value)
                                             : (uint64_t)each->value.value.int_value);
        }
    }
    return sum;
}

int main(int argc, char **argv) {
    peers_start(argc, argv);
    peers_measure_codec(&(peers_codec){"C nanopb", lighter, fill, encode, keep, decode, digest});
    return EXIT_SUCCESS;
}
