// SPDX-License-Identifier: MIT
// protozero, which reads and writes fields; the messages are hand-written.
#include "peers.hpp"

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

static void encode(const std::vector<Link> &links, std::string &bytes) {
    bytes.clear();
    protozero::pbf_writer span(bytes);
    for (const Link &link : links) {
        protozero::pbf_writer to(span, 13);
        to.add_bytes(1, reinterpret_cast<const char *>(link.trace_id.data()), 16);
        to.add_bytes(2, reinterpret_cast<const char *>(link.span_id.data()), 8);
        for (const Attribute &each : link.attributes) {
            protozero::pbf_writer attribute(to, 4);
            attribute.add_string(1, each.key);
            protozero::pbf_writer value(attribute, 2);
            if (const auto *text = std::get_if<std::string>(&each.value)) {
                value.add_string(1, *text);
            } else {
                value.add_int64(3, std::get<int64_t>(each.value));
            }
        }
        to.add_fixed32(6, OTLP_FLAGS);
    }
}

struct AttributeView {
    protozero::data_view key, text;
    int64_t number;
};

struct LinkView {
    protozero::data_view trace_id, span_id, trace_state;
    std::vector<AttributeView> attributes;
    uint32_t flags;
};

static AttributeView read_attribute(protozero::pbf_reader from) {
    AttributeView attribute{};
    while (from.next()) {
        if (from.tag() == 1) {
            attribute.key = from.get_view();
        } else if (from.tag() == 2) {
            protozero::pbf_reader value = from.get_message();
            while (value.next()) {
                switch (value.tag()) {
                case 1:
                    attribute.text = value.get_view();
                    break;
                case 3:
                    attribute.number = value.get_int64();
                    break;
                default:
                    value.skip();
                }
            }
        } else {
            from.skip();
        }
    }
    return attribute;
}

static void read_link(protozero::pbf_reader from, LinkView &link) {
    link.attributes.clear();
    while (from.next()) {
        switch (from.tag()) {
        case 1:
            link.trace_id = from.get_view();
            break;
        case 2:
            link.span_id = from.get_view();
            break;
        case 3:
            link.trace_state = from.get_view();
            break;
        case 4:
            link.attributes.push_back(read_attribute(from.get_message()));
            break;
        case 6:
            link.flags = from.get_fixed32();
            break;
        default:
            from.skip();
        }
    }
}

/* Reuses the vectors of links that were decoded before. */
static size_t decode(const std::string &bytes, std::vector<LinkView> &links) {
    size_t count = 0;
    protozero::pbf_reader span(bytes);
    while (span.next()) {
        if (span.tag() != 13) {
            span.skip();
            continue;
        }
        if (count == links.size()) {
            links.emplace_back();
        }
        read_link(span.get_message(), links[count++]);
    }
    return count;
}

static uint64_t digest(const std::vector<LinkView> &links) {
    uint64_t sum = 0;
    for (const LinkView &link : links) {
        sum += peers_digest(reinterpret_cast<const uint8_t *>(link.trace_id.data()),
                            reinterpret_cast<const uint8_t *>(link.span_id.data()));
        for (const AttributeView &each : link.attributes) {
            sum += each.key.size() + each.text.size() + static_cast<uint64_t>(each.number);
        }
    }
    return sum;
}

static void measure_codecs(const std::vector<Link> &from, const std::string &suffix) {
    std::string bytes;
    measure(
        "encode" + suffix, "C++ protozero", "no UTF-8 check", 1, [&] { encode(from, bytes); },
        [&] {
            peers_keep(("encode" + suffix).c_str(), "C++ protozero", bytes.data(), bytes.size());
            return uint64_t{0};
        });
    std::vector<LinkView> to;
    measure(
        "decode" + suffix, "C++ protozero", "views into the message, no UTF-8 check", 1,
        [&] { peers_require(decode(bytes, to) == BATCH, "decode"); }, [&] { return digest(to); });
}

int main(int argc, char **argv) {
    peers_start(argc, argv);
    measure_codecs(make_batch_items(), "");
    measure_codecs(make_links(4, BATCH), "_texts");
}
