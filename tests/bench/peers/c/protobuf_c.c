/* SPDX-License-Identifier: MIT */
/* protobuf-c, whose messages consist of pointers. */
#include "links.h"

#include "trace.pb-c.h"

static const char lighter[] = "no UTF-8 check";
static peers_link links[BATCH];
static Span span = SPAN__INIT, *decoded;
static Span__Link messages[BATCH], *pointers[BATCH];
static KeyValue attributes[BATCH][4], *attribute_pointers[BATCH][4];
static AnyValue values[BATCH][4];
static uint8_t buffer[BATCH * 1024];
static size_t written;

static void set_attribute(int i, size_t j) {
    KeyValue *attribute = attribute_pointers[i][j] = &attributes[i][j];
    *attribute = (KeyValue)KEY_VALUE__INIT;
    attribute->key = (char *)links[i].attributes[j].key;
    AnyValue *value = attribute->value = &values[i][j];
    *value = (AnyValue)ANY_VALUE__INIT;
    if (links[i].attributes[j].text != NULL) {
        value->value_case = ANY_VALUE__VALUE_STRING_VALUE;
        value->string_value = (char *)links[i].attributes[j].text;
    } else {
        value->value_case = ANY_VALUE__VALUE_INT_VALUE;
        value->int_value = links[i].attributes[j].number;
    }
}

static void fill(bool texts) {
    peers_fill(links, texts);
    span.n_links = BATCH;
    span.links = pointers;
    for (int i = 0; i < BATCH; i++) {
        Span__Link *to = pointers[i] = &messages[i];
        *to = (Span__Link)SPAN__LINK__INIT;
        to->trace_id = (ProtobufCBinaryData){16, links[i].trace_id};
        to->span_id = (ProtobufCBinaryData){8, links[i].span_id};
        to->flags = OTLP_FLAGS;
        to->n_attributes = links[i].count;
        to->attributes = attribute_pointers[i];
        for (size_t j = 0; j < links[i].count; j++) {
            set_attribute(i, j);
        }
    }
}

static void encode(void *state) {
    (void)state;
    peers_require(span__get_packed_size(&span) <= sizeof buffer, "encode");
    written = span__pack(&span, buffer);
}

static uint64_t keep(void *work) {
    peers_keep(work, "C protobuf-c", buffer, written);
    return 0;
}

static void decode(void *state) {
    (void)state;
    if (decoded != NULL) {
        span__free_unpacked(decoded, NULL);
    }
    decoded = span__unpack(NULL, written, buffer);
    peers_require(decoded != NULL, "decode");
}

static uint64_t digest(void *state) {
    uint64_t sum = 0;
    (void)state;
    for (size_t i = 0; i < decoded->n_links; i++) {
        const Span__Link *link = decoded->links[i];
        sum += peers_digest(link->trace_id.data, link->span_id.data);
        for (size_t j = 0; j < link->n_attributes; j++) {
            const KeyValue *each = link->attributes[j];
            bool text = each->value->value_case == ANY_VALUE__VALUE_STRING_VALUE;
            sum += strlen(each->key) +
                   (text ? strlen(each->value->string_value) : (uint64_t)each->value->int_value);
        }
    }
    return sum;
}

int main(int argc, char **argv) {
    peers_start(argc, argv);
    peers_measure_codec(
        &(peers_codec){"C protobuf-c", lighter, fill, encode, keep, decode, digest});
    span__free_unpacked(decoded, NULL);
    return EXIT_SUCCESS;
}
