// SPDX-License-Identifier: MIT
// What the programs in C++ share beside ../c/peers.h: a link of the standard library's types.
#ifndef PEERS_HPP
#define PEERS_HPP

#include "../c/peers.h"

#include <array>
#include <string>
#include <variant>
#include <vector>

struct Attribute {
    std::string key;
    std::variant<std::string, int64_t> value;
};

struct Link {
    std::array<uint8_t, 16> trace_id;
    std::array<uint8_t, 8> span_id;
    uint8_t trace_flags = 1;
    bool is_remote = true;
    std::string trace_state;
    std::vector<Attribute> attributes;
    uint32_t dropped_attributes_count = 0;
};

const uint32_t OTLP_FLAGS = 0x301; // sampled; remote, which is known

inline Link make_link(uint64_t number) {
    Link link;
    peers_ids(number, link.trace_id.data(), link.span_id.data());
    return link;
}

// Links with that many text attributes.
inline std::vector<Link> make_links(int attributes, size_t count = INPUTS) {
    std::vector<Link> links;
    for (size_t i = 0; i < count; i++) {
        links.push_back(make_link(i));
        for (int j = 0; j < attributes; j++) {
            char text[33];
            std::string value = peers_text(j, links[i].trace_id.data(), text);
            links[i].attributes.push_back({peers_keys[j], value});
        }
    }
    return links;
}

inline std::vector<Link> make_batch_items() {
    std::vector<Link> links;
    for (int64_t i = 0; i < BATCH; i++) {
        links.push_back(make_link(static_cast<uint64_t>(i)));
        links.back().attributes = {{"link.type", "batch_item"}, {"batch.index", i}};
    }
    return links;
}

// The links of a dedup.
inline std::vector<Link> make_twice(size_t count) {
    std::vector<uint32_t> numbers(count);
    std::vector<Link> links;
    peers_twice(numbers.data(), count);
    for (uint32_t number : numbers) {
        links.push_back(make_link(number));
    }
    return links;
}

inline uint64_t digest(const std::vector<Link> &links) {
    uint64_t sum = 0;
    for (const Link &link : links) {
        sum += peers_digest(link.trace_id.data(), link.span_id.data());
        for (const Attribute &each : link.attributes) {
            const auto *text = std::get_if<std::string>(&each.value);
            sum += each.key.size();
            sum += text ? text->size() : static_cast<uint64_t>(std::get<int64_t>(each.value));
        }
    }
    return sum;
}

// Prints a line; see peers_measure().
template <typename Pass, typename Answer, typename Prepare>
void measure(const std::string &work, const char *peer, const char *lighter, size_t operations,
             Pass pass, Answer answer, Prepare prepare) {
    struct Functions {
        Pass pass;
        Answer answer;
        Prepare prepare;
    } functions{pass, answer, prepare};
    peers_work line{work.c_str(),
                    peer,
                    lighter,
                    operations,
                    [](void *state) { static_cast<Functions *>(state)->prepare(); },
                    [](void *state) { static_cast<Functions *>(state)->pass(); },
                    [](void *state) { return uint64_t{static_cast<Functions *>(state)->answer()}; },
                    &functions};
    peers_measure(&line);
}

template <typename Pass, typename Answer>
void measure(const std::string &work, const char *peer, const char *lighter, size_t operations,
             Pass pass, Answer answer) {
    measure(work, peer, lighter, operations, pass, answer, [] {});
}

#endif
