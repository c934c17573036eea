// SPDX-License-Identifier: MIT
// The standard library alone: a vector of links, and one behind a lock.
#include "peers.hpp"

#include <mutex>
#include <thread>

static void measure_add(int attributes, bool fresh) {
    const std::vector<Link> links = make_links(attributes);
    std::vector<Link> batch;
    std::string work = "add_" + std::to_string(attributes) + (fresh ? "_fresh" : "_reused");
    const char *lighter = attributes == 0 ? "" : "no UTF-8 check";
    measure(
        work, "C++ std::vector", lighter, INPUTS,
        [&] {
            for (size_t i = 0; i < INPUTS; i++) {
                if (i % BATCH == 0 && fresh) {
                    batch = std::vector<Link>();
                } else if (i % BATCH == 0) {
                    batch.clear();
                }
                batch.push_back(links[i]);
            }
        },
        [&] { return digest(batch); });
}

struct Collector {
    std::mutex mutex;
    std::vector<Link> links;
};

static size_t collect(Collector &shared, const std::vector<Link> &links, bool drains) {
    std::vector<Link> mine;
    size_t drained = 0;
    for (size_t i = 1; i <= COLLECTED; i++) {
        std::unique_lock<std::mutex> lock(shared.mutex);
        shared.links.push_back(links[i % INPUTS]);
        if (i % EMPTIED == 0 && drains) {
            shared.links.swap(mine);
            lock.unlock();
            drained += mine.size();
            mine.clear();
        } else if (i % EMPTIED == 0) {
            shared.links.clear();
        }
    }
    return drained;
}

static void measure_collector(size_t threads, bool drains) {
    const std::vector<Link> links = make_links(0);
    Collector shared;
    size_t drained[2] = {0, 0};
    std::string work = (drains ? "drain_" : "collect_") + std::to_string(threads);
    measure(
        work, "C++ std::mutex + vector", "", COLLECTED * threads,
        [&] {
            std::vector<std::thread> others;
            for (size_t i = 1; i < threads; i++) {
                others.emplace_back([&, i] { drained[i] = collect(shared, links, drains); });
            }
            drained[0] = collect(shared, links, drains);
            for (std::thread &other : others) {
                other.join();
            }
        },
        [&] { return drains ? drained[0] + drained[1] + shared.links.size() : 0; });
}

int main(int argc, char **argv) {
    peers_start(argc, argv);
    for (int attributes : {0, 2, 4}) {
        measure_add(attributes, false);
        measure_add(attributes, true);
    }
    for (size_t threads : {1, 2}) {
        measure_collector(threads, false);
        measure_collector(threads, true);
    }
}
