/* SPDX-License-Identifier: MIT */
/*
 * Every job of a tenant links to the span that deployed the tenant's configuration. Finding that
 * span takes a slow look-up, so the links are cached by tenant. Four threads process 400 jobs of 8
 * tenants: each tenant is looked up once, even if several threads ask for it at the same time.
 */
#include <spanlink/spanlink.h>

#include <pthread.h>
#include <stdio.h>

enum { THREADS = 4, JOBS = 100, TENANTS = 8 };

static spanlink_cache *cache;

/* Runs with no lock held: jobs of other tenants continue during the look-up. */
static spanlink_status look_up_deployment(void *state, spanlink_str tenant,
                                          spanlink_link_emit_fn emit, void *sink) {
    (void)state;
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES + 1];
    spanlink_context deployment = {.trace_id = {7}}; /* for example from a database */
    deployment.span_id[0] = (uint8_t)tenant.ptr[tenant.len - 1];
    spanlink_link link = spanlink_factory_causal(&deployment, "deployment", storage);
    storage[link.attribute_count++] =
        spanlink_attribute_make(spanlink_str_from("tenant"), spanlink_value_string(tenant));
    return emit(sink, &link);
}

static void *work(void *links) {
    spanlink_list *list = links;
    for (int job = 0; job < JOBS; job++) {
        char tenant[] = "tenant 0";
        tenant[sizeof tenant - 2] = (char)('0' + job % TENANTS);
        spanlink_status status = spanlink_cache_get_or_create(cache, spanlink_str_from(tenant),
                                                              look_up_deployment, NULL, list);
        if (status != SPANLINK_OK) {
            fprintf(stderr, "%s: %s\n", tenant, spanlink_status_text(status));
        }
    }
    return NULL;
}

/* Each thread has its own list; a real job would have one each. Returns the number of links. */
static size_t run_threads(void) {
    pthread_t threads[THREADS];
    spanlink_list *lists[THREADS];
    size_t started = 0, links = 0;
    while (started < THREADS && spanlink_list_create(NULL, &lists[started]) == SPANLINK_OK &&
           pthread_create(&threads[started], NULL, work, lists[started]) == 0) {
        started++;
    }
    for (size_t i = 0; i < started; i++) {
        size_t count;
        pthread_join(threads[i], NULL);
        spanlink_list_links(lists[i], &count);
        links += count;
        spanlink_list_destroy(lists[i]);
    }
    return links;
}

int main(void) {
    spanlink_cache_options options = SPANLINK_CACHE_OPTIONS_INIT;
    options.capacity = 1000; /* with more tenants, the least recently used one is evicted */
    if (spanlink_cache_create(&options, &cache) != SPANLINK_OK) {
        return 1;
    }
    size_t links = run_threads();
    spanlink_cache_stats stats = SPANLINK_CACHE_STATS_INIT;
    spanlink_cache_get_stats(cache, &stats);
    printf("%zu links, %u look-ups\n", links, (unsigned)stats.misses);

    /* After a new deployment the next job of this tenant looks it up again. */
    spanlink_cache_remove(cache, spanlink_str_from("tenant 3"));
    links += run_threads();
    spanlink_cache_get_stats(cache, &stats);
    printf("%zu links, %u look-ups\n", links, (unsigned)stats.misses);
    spanlink_cache_destroy(cache);
    return 0;
}

/* Prints:
 * 400 links, 8 look-ups
 * 800 links, 9 look-ups
 */
