// SPDX-License-Identifier: MIT
// RapidJSON's writer, with its check of UTF-8.
#include "peers.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

using Buffer = rapidjson::StringBuffer;
using Writer = rapidjson::Writer<Buffer, rapidjson::UTF8<>, rapidjson::UTF8<>,
                                 rapidjson::CrtAllocator, rapidjson::kWriteValidateEncodingFlag>;

template <size_t size> static void write_hex(Writer &writer, const std::array<uint8_t, size> &id) {
    static const char digits[] = "0123456789abcdef";
    char text[2 * size];
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = digits[id[i] >> 4];
        text[2 * i + 1] = digits[id[i] & 15];
    }
    writer.String(text, 2 * size);
}

static void write_text(Writer &writer, const std::string &text) {
    writer.String(text.data(), static_cast<unsigned>(text.size()));
}

static void write_attribute(Writer &writer, const Attribute &attribute) {
    writer.StartObject();
    writer.Key("key");
    write_text(writer, attribute.key);
    writer.Key("value");
    writer.StartObject();
    if (const auto *text = std::get_if<std::string>(&attribute.value)) {
        writer.Key("stringValue");
        write_text(writer, *text);
    } else {
        char number[24];
        int length =
            snprintf(number, sizeof number, "%" PRId64, std::get<int64_t>(attribute.value));
        writer.Key("intValue");
        writer.String(number, static_cast<unsigned>(length));
    }
    writer.EndObject();
    writer.EndObject();
}

static void write_link(Writer &writer, const Link &link) {
    writer.StartObject();
    writer.Key("traceId");
    write_hex(writer, link.trace_id);
    writer.Key("spanId");
    write_hex(writer, link.span_id);
    writer.Key("attributes");
    writer.StartArray();
    for (const Attribute &each : link.attributes) {
        write_attribute(writer, each);
    }
    writer.EndArray();
    writer.Key("flags");
    writer.Uint(OTLP_FLAGS);
    writer.EndObject();
}

static void measure_json(const std::vector<Link> &links, const std::string &work) {
    Buffer buffer;
    measure(
        work, "C++ RapidJSON", "", 1,
        [&] {
            buffer.Clear();
            Writer writer(buffer);
            writer.StartArray();
            for (const Link &link : links) {
                write_link(writer, link);
            }
            writer.EndArray();
        },
        [&] {
            peers_keep(work.c_str(), "C++ RapidJSON", buffer.GetString(), buffer.GetSize());
            return uint64_t{0};
        });
}

int main(int argc, char **argv) {
    peers_start(argc, argv);
    measure_json(make_batch_items(), "json");
    measure_json(make_links(4, BATCH), "json_texts");
}
