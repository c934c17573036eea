/* SPDX-License-Identifier: MIT */
/* Shared by the C and C++ programs: the inputs of ../README.md, the clock, and the output format.
 */
#ifndef PEERS_H
#define PEERS_H

#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { INPUTS = 4096, BATCH = 128, LOOKUPS = 1 << 18, COLLECTED = 1 << 17, EMPTIED = 1024 };

static const char *peers_directory; /* for the encoded output */

static inline uint64_t peers_random(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline void peers_put(uint64_t number, uint8_t bytes[8]) {
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(number >> (56 - 8 * i));
    }
}

static inline uint64_t peers_get(const uint8_t bytes[8]) {
    uint64_t number = 0;
    for (int i = 0; i < 8; i++) {
        number = number << 8 | bytes[i];
    }
    return number;
}

/* The ids of the link with a number. */
static inline void peers_ids(uint64_t number, uint8_t trace_id[16], uint8_t span_id[8]) {
    peers_put(peers_random(&number), trace_id);
    peers_put(peers_random(&number), trace_id + 8);
    peers_put(peers_random(&number), span_id);
}

/* The share of a link's ids in an answer. */
static inline uint64_t peers_digest(const uint8_t trace_id[16], const uint8_t span_id[8]) {
    return peers_get(trace_id) ^ peers_get(trace_id + 8) ^ peers_get(span_id);
}

/* The text attribute with a number, 0 to 3, of a link. */
static const char *const peers_keys[4] = {"messaging.system", "messaging.destination.name",
                                          "messaging.consumer.group.name", "messaging.message.id"};

static inline const char *peers_text(int number, const uint8_t trace_id[16], char text[33]) {
    static const char *const texts[3] = {"kafka", "orders.europe-west", "billing-service"};
    snprintf(text, 33, "%016" PRIx64 "%016" PRIx64, peers_get(trace_id), peers_get(trace_id + 8));
    return number < 3 ? texts[number] : text;
}

static inline double peers_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* One line of results. */
typedef struct peers_work {
    const char *work, *peer;
    const char *lighter;             /* work that this peer omits; NULL: none */
    size_t operations;               /* of a pass */
    void (*prepare)(void *state);    /* before each pass, not timed; may be NULL */
    void (*pass)(void *state);       /* the work */
    uint64_t (*answer)(void *state); /* result of the last pass, equal for all peers */
    void *state;
} peers_work;

/* Nanoseconds per pass, measured over at least `least` nanoseconds. */
static inline double peers_time(const peers_work *work, double least) {
    double spent = 0;
    size_t passes = 0;
    do {
        if (work->prepare != NULL) {
            work->prepare(work->state);
        }
        double start = peers_now();
        work->pass(work->state);
        spent += peers_now() - start;
        passes++;
    } while (spent < least);
    return spent / (double)passes;
}

/* Prints the fastest of three stretches of 10 ms. A pass before them warms up. */
static inline void peers_measure(const peers_work *work) {
    double best = peers_time(work, 0);
    for (int stretch = 0; stretch < 3; stretch++) {
        double each = peers_time(work, 1e7);
        best = each < best ? each : best;
    }
    printf("%s\t%s\t%.2f\t%" PRIx64 "\t%s\n", work->work, work->peer,
           best / (double)work->operations, work->answer(work->state),
           work->lighter == NULL ? "" : work->lighter);
    fflush(stdout);
}

/* An encoder and decoder of OTLP. */
typedef struct peers_codec {
    const char *peer, *lighter;
    void (*fill)(bool texts); /* makes the links, with text attributes or with an index */
    void (*encode)(void *state);
    uint64_t (*keep)(
        void *work); /* stores an encoder's output under the work's name, returns its answer */
    void (*decode)(void *state);
    uint64_t (*digest)(void *state);
} peers_codec;

static inline void peers_measure_codec(const peers_codec *codec) {
    static const char *const works[2][2] = {{"encode", "decode"}, {"encode_texts", "decode_texts"}};
    for (int texts = 0; texts < 2; texts++) {
        codec->fill(texts != 0);
        peers_work work = {.work = works[texts][0],
                           .peer = codec->peer,
                           .lighter = codec->lighter,
                           .operations = 1,
                           .pass = codec->encode,
                           .answer = codec->keep,
                           .state = (void *)works[texts][0]};
        peers_measure(&work);
        work.work = works[texts][1];
        work.pass = codec->decode;
        work.answer = codec->digest;
        work.state = NULL;
        peers_measure(&work);
    }
}

/* Stores the encoded output of a peer, which tables.py compares. */
static inline void peers_keep(const char *work, const char *peer, const void *bytes, size_t size) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s/%s", peers_directory, work, peer);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
}

static inline void peers_start(int argc, char **argv) {
    peers_directory = argc > 1 ? argv[1] : ".";
}

static inline void peers_require(bool condition, const char *what) {
    if (!condition) {
        fprintf(stderr, "failed: %s\n", what);
        exit(EXIT_FAILURE);
    }
}

typedef struct peers_thread {
    pthread_t thread;
    void *state;
    size_t number;
} peers_thread;

/* Runs `work` in `count` threads, one of them the calling one. */
static inline void peers_threads(size_t count, void *(*work)(void *thread), void *state) {
    peers_thread threads[2];
    for (size_t i = 0; i < count; i++) {
        threads[i].state = state;
        threads[i].number = i;
        if (i != 0) {
            peers_require(pthread_create(&threads[i].thread, NULL, work, &threads[i]) == 0,
                          "thread");
        }
    }
    work(&threads[0]);
    for (size_t i = 1; i < count; i++) {
        pthread_join(threads[i].thread, NULL);
    }
}

/* The links of a dedup: each of count / 2 twice, in random order. */
static inline void peers_twice(uint32_t *numbers, size_t count) {
    uint64_t state = 1;
    for (size_t i = 0; i < count; i++) {
        numbers[i] = (uint32_t)(i % (count / 2));
    }
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)(peers_random(&state) % i);
        uint32_t number = numbers[i - 1];
        numbers[i - 1] = numbers[other];
        numbers[other] = number;
    }
}

#endif
