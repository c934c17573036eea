// SPDX-License-Identifier: MIT
// Google's protobuf: OTLP messages as a list of links, encoding and decoding.
#include "peers.hpp"
#include "trace.pb.h"

static Span message(const std::vector<Link> &links) {
    Span span;
    for (const Link &link : links) {
        Span::Link *to = span.add_links();
        to->set_trace_id(link.trace_id.data(), link.trace_id.size());
        to->set_span_id(link.span_id.data(), link.span_id.size());
        to->set_flags(OTLP_FLAGS);
        for (const Attribute &each : link.attributes) {
            KeyValue *attribute = to->add_attributes();
            attribute->set_key(each.key);
            if (const auto *text = std::get_if<std::string>(&each.value)) {
                attribute->mutable_value()->set_string_value(*text);
            } else {
                attribute->mutable_value()->set_int_value(std::get<int64_t>(each.value));
            }
        }
    }
    return span;
}

static uint64_t digest(const Span &span) {
    uint64_t sum = 0;
    for (const Span::Link &link : span.links()) {
        sum += peers_digest(reinterpret_cast<const uint8_t *>(link.trace_id().data()),
                            reinterpret_cast<const uint8_t *>(link.span_id().data()));
        for (const KeyValue &each : link.attributes()) {
            sum += each.key().size() + each.value().string_value().size() +
                   static_cast<uint64_t>(each.value().int_value());
        }
    }
    return sum;
}

static void measure_add(int attributes) {
    const Span links = message(make_links(attributes));
    Span batch;
    measure(
        "add_" + std::to_string(attributes) + "_reused", "C++ protobuf's messages",
        attributes == 0 ? "" : "no UTF-8 check", INPUTS,
        [&] {
            for (int i = 0; i < INPUTS; i++) {
                if (i % BATCH == 0) {
                    batch.Clear();
                }
                *batch.add_links() = links.links(i);
            }
        },
        [&] { return digest(batch); });
}

static void measure_codecs(const std::vector<Link> &links, const std::string &suffix) {
    const Span from = message(links);
    std::string bytes;
    measure(
        "encode" + suffix, "C++ protobuf", "", 1, [&] { from.SerializeToString(&bytes); },
        [&] {
            peers_keep(("encode" + suffix).c_str(), "C++ protobuf", bytes.data(), bytes.size());
            return uint64_t{0};
        });
    Span to;
    measure(
        "decode" + suffix, "C++ protobuf", "", 1,
        [&] { peers_require(to.ParseFromString(bytes), "parse"); }, [&] { return digest(to); });
    google::protobuf::Arena arena;
    Span *in_arena = nullptr;
    measure(
        "decode" + suffix, "C++ protobuf, arena", "", 1,
        [&] {
            arena.Reset();
            in_arena = google::protobuf::Arena::CreateMessage<Span>(&arena);
            peers_require(in_arena->ParseFromString(bytes), "parse");
        },
        [&] { return digest(*in_arena); });
}

int main(int argc, char **argv) {
    peers_start(argc, argv);
    for (int attributes : {0, 2, 4}) {
        measure_add(attributes);
    }
    measure_codecs(make_batch_items(), "");
    measure_codecs(make_links(4, BATCH), "_texts");
}
