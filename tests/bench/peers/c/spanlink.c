/* SPDX-License-Identifier: MIT */
/* spanlink's implementation of every workload of ../README.md. */
#include "peers.h"

#include <spanlink/spanlink.h>

static spanlink_link links[INPUTS]; /* of the current workload */
static spanlink_attribute attributes[INPUTS][4];
static char texts[INPUTS][4][64];

static void check(uint32_t status, const char *what) {
    peers_require(status == SPANLINK_OK, what);
}

static void set_attributes(int count) {
    for (size_t i = 0; i < INPUTS; i++) {
        links[i] = (spanlink_link){.context = {.trace_flags = 1, .is_remote = true}};
        peers_ids(i, links[i].context.trace_id, links[i].context.span_id);
        for (int j = 0; j < count; j++) {
            const char *text = peers_text(j, links[i].context.trace_id, texts[i][j]);
            attributes[i][j] = spanlink_attribute_string(peers_keys[j], text);
        }
        links[i].attributes = attributes[i];
        links[i].attribute_count = (size_t)count;
    }
}

static void set_batch_items(void) {
    set_attributes(0);
    for (size_t i = 0; i < INPUTS; i++) {
        links[i] =
            spanlink_factory_batch_item(&links[i].context, (int64_t)(i % BATCH), attributes[i]);
    }
}

static uint64_t digest(const spanlink_link *some, size_t count) {
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += peers_digest(some[i].context.trace_id, some[i].context.span_id);
        for (size_t j = 0; j < some[i].attribute_count; j++) {
            const spanlink_attribute *each = &some[i].attributes[j];
            bool text = each->value.type == SPANLINK_VALUE_STRING;
            sum += each->key.len +
                   (text ? each->value.string_value.len : (uint64_t)each->value.int_value);
        }
    }
    return sum;
}

static uint64_t digest_list(void *list) {
    size_t count;
    const spanlink_link *first = spanlink_list_links(list, &count);
    return digest(first, count);
}

static spanlink_list *create(void) {
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    spanlink_list *list;
    options.limits.max_links = SPANLINK_UNLIMITED;
    check(spanlink_list_create(&options, &list), "create");
    return list;
}

/* Headers */

static spanlink_str headers[INPUTS];
static char lines[INPUTS][64];
static spanlink_header requests[INPUTS][8];

static void write_headers(const char *format) {
    for (size_t i = 0; i < INPUTS; i++) {
        const uint8_t *trace_id = links[i].context.trace_id;
        snprintf(lines[i], sizeof lines[i], format, peers_get(trace_id), peers_get(trace_id + 8),
                 peers_get(links[i].context.span_id));
        headers[i] = spanlink_str_from(lines[i]);
    }
}

static spanlink_context contexts[INPUTS];

static uint64_t digest_contexts(void *state) {
    uint64_t sum = 0;
    (void)state;
    for (size_t i = 0; i < INPUTS; i++) {
        sum += peers_digest(contexts[i].trace_id, contexts[i].span_id);
    }
    return sum;
}

static void parse_traceparents(void *state) {
    (void)state;
    for (size_t i = 0; i < INPUTS; i++) {
        check(spanlink_traceparent_parse(headers[i], &contexts[i]), "traceparent");
    }
}

static void parse_b3(void *state) {
    (void)state;
    for (size_t i = 0; i < INPUTS; i++) {
        check(spanlink_b3_parse(headers[i], &contexts[i]), "b3");
    }
}

static void extract(void *state) {
    (void)state;
    for (size_t i = 0; i < INPUTS; i++) {
        spanlink_headers request = {requests[i], 8, 8};
        spanlink_getter getter = spanlink_headers_getter(&request);
        check(spanlink_extract(&getter, NULL, NULL, 0, &contexts[i]), "extract");
    }
}

static void measure(const char *work, size_t operations, void (*pass)(void *state),
                    uint64_t (*answer)(void *state), void *state) {
    peers_measure(&(peers_work){.work = work,
                                .peer = "spanlink",
                                .operations = operations,
                                .pass = pass,
                                .answer = answer,
                                .state = state});
}

static void measure_headers(void) {
    static const char *const names[8] = {"Host",        "User-Agent",      "Accept",
                                         "Connection",  "Accept-Encoding", "Content-Type",
                                         "Traceparent", "tracestate"};
    set_attributes(0);
    write_headers("%016" PRIx64 "%016" PRIx64 "-%016" PRIx64 "-1");
    measure("parse_b3", INPUTS, parse_b3, digest_contexts, NULL);
    write_headers("00-%016" PRIx64 "%016" PRIx64 "-%016" PRIx64 "-01");
    measure("parse_traceparent", INPUTS, parse_traceparents, digest_contexts, NULL);
    for (size_t i = 0; i < INPUTS; i++) {
        for (size_t j = 0; j < 8; j++) {
            spanlink_str value = j == 6   ? headers[i]
                                 : j == 7 ? spanlink_str_from("vendor=value")
                                          : spanlink_str_from("value");
            requests[i][(i + j) % 8] = (spanlink_header){spanlink_str_from(names[j]), value};
        }
    }
    measure("extract_8", INPUTS, extract, digest_contexts, NULL);
}

/* Lists */

static spanlink_list *batch;

static uint64_t digest_batch(void *state) {
    (void)state;
    return digest_list(batch);
}

static void add_reused(void *state) {
    (void)state;
    for (size_t i = 0; i < INPUTS; i++) {
        if (i % BATCH == 0) {
            spanlink_list_clear(batch);
        }
        check(spanlink_list_add(batch, &links[i]), "add");
    }
}

static void add_fresh(void *state) {
    (void)state;
    for (size_t i = 0; i < INPUTS; i++) {
        if (i % BATCH == 0) {
            spanlink_list_destroy(batch);
            batch = create();
        }
        check(spanlink_list_add(batch, &links[i]), "add");
    }
}

static void measure_add(void) {
    for (int count = 0; count <= 4; count += 2) {
        char work[32];
        set_attributes(count);
        batch = create();
        snprintf(work, sizeof work, "add_%d_reused", count);
        measure(work, INPUTS, add_reused, digest_batch, NULL);
        snprintf(work, sizeof work, "add_%d_fresh", count);
        measure(work, INPUTS, add_fresh, digest_batch, NULL);
        spanlink_list_destroy(batch);
    }
}

typedef struct repeats {
    size_t count;
    spanlink_link *links;
    spanlink_list *list;
} repeats;

static void refill(void *state) {
    repeats *self = state;
    spanlink_list_clear(self->list);
    check(spanlink_list_append(self->list, self->links, self->count), "append");
}

static void dedup(void *state) {
    repeats *self = state;
    check(spanlink_list_dedup(self->list), "dedup");
}

static uint64_t digest_repeats(void *state) {
    repeats *self = state;
    return digest_list(self->list);
}

static void measure_dedup(size_t count) {
    char work[32];
    uint32_t *numbers = malloc(count * sizeof *numbers);
    repeats self = {count, calloc(count, sizeof *self.links), create()};
    peers_twice(numbers, count);
    for (size_t i = 0; i < count; i++) {
        peers_ids(numbers[i], self.links[i].context.trace_id, self.links[i].context.span_id);
    }
    snprintf(work, sizeof work, "dedup_%zu", count);
    peers_measure(&(peers_work){.work = work,
                                .peer = "spanlink",
                                .operations = count,
                                .prepare = refill,
                                .pass = dedup,
                                .answer = digest_repeats,
                                .state = &self});
    spanlink_list_destroy(self.list);
    free(self.links);
    free(numbers);
}

/* Threads */

typedef struct shared {
    size_t threads;
    bool drains; /* drains the collector, or only clears it */
    spanlink_collector *collector;
    spanlink_cache *cache;
    char (*keys)[17];
    uint32_t *order;
    spanlink_list *lists[2];
    size_t drained[2];
} shared;

static void empty(shared *self, size_t number) {
    spanlink_list *list = self->lists[number];
    if (self->drains) {
        size_t count;
        check(spanlink_collector_drain(self->collector, list), "drain");
        spanlink_list_links(list, &count);
        spanlink_list_clear(list);
        self->drained[number] += count;
    } else {
        spanlink_collector_clear(self->collector);
    }
}

static void *collect_in_thread(void *state) {
    const peers_thread *thread = state;
    shared *self = thread->state;
    for (size_t i = 1; i <= COLLECTED; i++) {
        check(spanlink_collector_add(self->collector, &links[i % INPUTS]), "collect");
        if (i % EMPTIED == 0) {
            empty(self, thread->number);
        }
    }
    return NULL;
}

static void collect(void *state) {
    shared *self = state;
    self->drained[0] = self->drained[1] = 0;
    peers_threads(self->threads, collect_in_thread, self);
}

/* Including the links added after the last drain. */
static uint64_t count_drained(void *state) {
    shared *self = state;
    empty(self, 0);
    return self->drained[0] + self->drained[1];
}

static spanlink_status create_link(void *state, spanlink_str key, spanlink_link_emit_fn emit,
                                   void *sink) {
    const shared *self = state;
    size_t number = (size_t)(key.ptr - self->keys[0]) / sizeof self->keys[0];
    return emit(sink, &links[number % INPUTS]);
}

static void *look_up_in_thread(void *state) {
    const peers_thread *thread = state;
    shared *self = thread->state;
    spanlink_list *list = self->lists[thread->number];
    for (size_t i = 0; i < LOOKUPS; i++) {
        if (i % BATCH == 0) {
            spanlink_list_clear(list);
        }
        size_t at = (i + thread->number * LOOKUPS / 2) % LOOKUPS;
        spanlink_str key = {self->keys[self->order[at]], 16};
        check(spanlink_cache_get_or_create(self->cache, key, create_link, self, list), "look up");
    }
    return NULL;
}

static void look_up(void *state) {
    shared *self = state;
    peers_threads(self->threads, look_up_in_thread, self);
}

static uint64_t digest_found(void *state) {
    shared *self = state;
    return digest_list(self->lists[0]);
}

static void measure_cache(shared *self, size_t size) {
    spanlink_cache_options options = SPANLINK_CACHE_OPTIONS_INIT;
    uint64_t random = 2;
    options.capacity = 2 * size;
    check(spanlink_cache_create(&options, &self->cache), "cache");
    self->keys = calloc(size, sizeof *self->keys);
    self->order = calloc(LOOKUPS, sizeof *self->order);
    for (size_t i = 0; i < size; i++) {
        uint8_t trace_id[16], span_id[8];
        peers_ids(i, trace_id, span_id);
        snprintf(self->keys[i], sizeof self->keys[i], "%016" PRIx64, peers_get(span_id));
    }
    for (size_t i = 0; i < LOOKUPS; i++) {
        self->order[i] = (uint32_t)(peers_random(&random) % size);
    }
    for (self->threads = 1; self->threads <= 2; self->threads++) {
        char work[64];
        snprintf(work, sizeof work, "cache_%zu_%zu", size, self->threads);
        measure(work, LOOKUPS * self->threads, look_up, digest_found, self);
    }
    spanlink_cache_destroy(self->cache);
    free(self->keys);
    free(self->order);
}

static void measure_collector(shared *self) {
    spanlink_collector_options options = SPANLINK_COLLECTOR_OPTIONS_INIT;
    options.limits.max_links = SPANLINK_UNLIMITED;
    check(spanlink_collector_create(&options, &self->collector), "collector");
    for (self->threads = 1; self->threads <= 2; self->threads++) {
        char work[64];
        snprintf(work, sizeof work, "%s_%zu", self->drains ? "drain" : "collect", self->threads);
        measure(work, COLLECTED * self->threads, collect, count_drained, self);
    }
    spanlink_collector_destroy(self->collector);
}

static void measure_threads(void) {
    shared self = {.lists = {create(), create()}};
    set_attributes(0);
    measure_collector(&self);
    self.drains = true;
    measure_collector(&self);
    set_batch_items();
    measure_cache(&self, 1000);
    measure_cache(&self, 10000);
    spanlink_list_destroy(self.lists[0]);
    spanlink_list_destroy(self.lists[1]);
}

/* Codecs */

static uint8_t buffer[BATCH * 1024];
static size_t written;

static void encode(void *state) {
    (void)state;
    check(spanlink_otlp_encode(links, BATCH, buffer, sizeof buffer, &written), "encode");
}

static void encode_json(void *state) {
    (void)state;
    char *text = (char *)buffer;
    check(spanlink_otlp_json_encode(links, BATCH, text, sizeof buffer, &written), "json");
}

static void decode(void *state) {
    (void)state;
    spanlink_list_clear(batch);
    check(spanlink_otlp_decode(buffer, written, batch), "decode");
}

/* tables.py compares the encoded output. */
static uint64_t keep(void *work) {
    peers_keep(work, "spanlink", buffer, written);
    return 0;
}

static void measure_codecs(const char *suffix) {
    char work[32];
    snprintf(work, sizeof work, "json%s", suffix);
    measure(work, 1, encode_json, keep, work);
    snprintf(work, sizeof work, "encode%s", suffix);
    measure(work, 1, encode, keep, work);
    batch = create();
    snprintf(work, sizeof work, "decode%s", suffix);
    measure(work, 1, decode, digest_batch, NULL);
    spanlink_list_destroy(batch);
}

int main(int argc, char **argv) {
    peers_start(argc, argv);
    measure_headers();
    measure_add();
    measure_dedup(128);
    measure_dedup(10000);
    measure_dedup(1000000);
    measure_threads();
    set_batch_items();
    measure_codecs("");
    set_attributes(4);
    measure_codecs("_texts");
    return EXIT_SUCCESS;
}
