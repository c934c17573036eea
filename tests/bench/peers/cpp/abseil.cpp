// SPDX-License-Identifier: MIT
// Abseil: deduplicates with its hash set, whose seed is an address.
#include "peers.hpp"

#include <absl/container/flat_hash_set.h>

using Ids = std::array<uint64_t, 3>;

static Ids ids(const Link &link) {
    Ids ids;
    memcpy(ids.data(), link.trace_id.data(), 16);
    memcpy(ids.data() + 2, link.span_id.data(), 8);
    return ids;
}

static void measure_dedup(size_t count) {
    const std::vector<Link> twice = make_twice(count);
    std::vector<Link> links;
    absl::flat_hash_set<Ids> seen;
    measure(
        "dedup_" + std::to_string(count), "C++ absl::flat_hash_set", "", count,
        [&] {
            size_t left = 0;
            seen.clear();
            seen.reserve(count / 2);
            for (size_t i = 0; i < links.size(); i++) {
                if (seen.insert(ids(links[i])).second) {
                    std::swap(links[left], links[i]);
                    left++;
                }
            }
            links.erase(links.begin() + static_cast<ptrdiff_t>(left), links.end());
        },
        [&] { return digest(links); }, [&] { links = twice; });
}

int main(int argc, char **argv) {
    peers_start(argc, argv);
    for (size_t count : {128, 10000, 1000000}) {
        measure_dedup(count);
    }
}
