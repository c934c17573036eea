// SPDX-License-Identifier: MIT
// moodycamel's lock-free queue, which is unordered and unbounded.
#include "peers.hpp"

#include <concurrentqueue/concurrentqueue.h>
#include <iterator>
#include <thread>

using Queue = moodycamel::ConcurrentQueue<Link>;

static size_t empty(Queue &queue, moodycamel::ConsumerToken &token, std::vector<Link> &mine) {
    mine.clear();
    while (queue.try_dequeue_bulk(token, std::back_inserter(mine), EMPTIED) != 0) {
    }
    return mine.size();
}

static size_t collect(Queue &queue, const std::vector<Link> &links) {
    std::vector<Link> mine;
    moodycamel::ProducerToken producer(queue);
    moodycamel::ConsumerToken consumer(queue);
    size_t drained = 0;
    for (size_t i = 1; i <= COLLECTED; i++) {
        queue.enqueue(producer, links[i % INPUTS]);
        if (i % EMPTIED == 0) {
            drained += empty(queue, consumer, mine);
        }
    }
    return drained;
}

int main(int argc, char **argv) {
    const std::vector<Link> links = make_links(0);
    peers_start(argc, argv);
    for (size_t threads : {1, 2}) {
        Queue queue;
        size_t drained[2] = {0, 0};
        measure(
            "drain_" + std::to_string(threads), "C++ moodycamel::ConcurrentQueue",
            "no order, no bound", COLLECTED * threads,
            [&] {
                std::vector<std::thread> others;
                for (size_t i = 1; i < threads; i++) {
                    others.emplace_back([&, i] { drained[i] = collect(queue, links); });
                }
                drained[0] = collect(queue, links);
                for (std::thread &other : others) {
                    other.join();
                }
            },
            [&] { return drained[0] + drained[1] + queue.size_approx(); });
    }
}
