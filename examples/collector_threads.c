/* SPDX-License-Identifier: MIT */
/*
 * Four threads process a batch of a thousand messages and add a link for each to one collector.
 * When they have finished, the main thread moves the links into the list of the batch's span.
 * The collector and the list each keep 128 links, the default, and count the dropped ones.
 */
#include <spanlink/spanlink.h>

#include <pthread.h>
#include <stdio.h>

enum { THREADS = 4, MESSAGES = 250 };

static spanlink_collector *collector;

/* The context of a message; a real consumer reads it by spanlink_context_from_headers(). */
static spanlink_context sender_of(int message) {
    spanlink_context sender = {.trace_id = {9}, .trace_flags = SPANLINK_TRACE_FLAG_SAMPLED};
    sender.span_id[0] = (uint8_t)(1 + message % 250);
    sender.span_id[1] = (uint8_t)(message / 250);
    return sender;
}

static void *handle_messages(void *first_message) {
    int first = *(int *)first_message;
    for (int i = first; i < first + MESSAGES; i++) {
        spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
        spanlink_context sender = sender_of(i);
        spanlink_link link = spanlink_factory_batch_item(&sender, i, storage);
        if (spanlink_collector_add(collector, &link) != SPANLINK_OK) {
            fprintf(stderr, "message %d has no link\n", i);
        }
    }
    return NULL;
}

static int run_threads(void) {
    pthread_t threads[THREADS];
    int first[THREADS], started = 0;
    for (; started < THREADS; started++) {
        first[started] = started * MESSAGES;
        if (pthread_create(&threads[started], NULL, handle_messages, &first[started]) != 0) {
            break;
        }
    }
    for (int i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
    return started;
}

int main(void) {
    spanlink_list *list = NULL;
    if (spanlink_collector_create(NULL, &collector) != SPANLINK_OK ||
        spanlink_list_create(NULL, &list) != SPANLINK_OK || run_threads() != THREADS) {
        return 1;
    }
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    spanlink_collector_get_stats(collector, &stats);
    printf("%u links were added\n", (unsigned)stats.offered);

    /* Each link is delivered exactly once, and the links of one thread in their order. */
    if (spanlink_collector_drain(collector, list) != SPANLINK_OK) {
        return 1;
    }
    spanlink_list_get_stats(list, &stats);
    printf("the span has %u of %u links; %zu are left\n", (unsigned)stats.kept,
           (unsigned)stats.offered, spanlink_collector_count(collector));
    spanlink_list_destroy(list);
    spanlink_collector_destroy(collector);
    return 0;
}

/* Prints:
 * 1000 links were added
 * the span has 128 of 1000 links; 0 are left
 */
