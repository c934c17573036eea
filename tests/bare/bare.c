/* SPDX-License-Identifier: MIT */
/*
 * What a firmware does with spanlink: headers in, a bounded list in a static pool, OTLP out; no
 * heap, clock, threads or environment. Prints what went wrong, and fails.
 */
#include <spanlink/spanlink.h>

#include <stdio.h>
#include <string.h>

static int failures;

static void expect(bool condition, const char *what) {
    if (!condition) {
        printf("not so: %s\n", what);
        failures++;
    }
}

static void expect_no_object_without_an_allocator(void) {
    spanlink_list *list = NULL;
    spanlink_collector *collector = NULL;
    spanlink_cache *cache = NULL;
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    expect(spanlink_list_create(NULL, &list) == SPANLINK_ERR_ARGUMENT, "a list needs options");
    expect(spanlink_list_create(&options, &list) == SPANLINK_ERR_ARGUMENT,
           "a list needs an allocator");
    expect(spanlink_collector_create(NULL, &collector) == SPANLINK_ERR_ARGUMENT,
           "a collector needs an allocator");
    expect(spanlink_cache_create(NULL, &cache) == SPANLINK_ERR_ARGUMENT,
           "a cache needs an allocator");
    expect(strstr(spanlink_status_text(SPANLINK_ERR_ARGUMENT), "SPANLINK_NO_HEAP") != NULL,
           "the status names the option");
    expect(list == NULL && collector == NULL && cache == NULL, "nothing was made");
}

static void expect_no_environment(void) {
    spanlink_limits limits;
    spanlink_str bad;
    expect(spanlink_limits_from_env(&limits, &bad) == SPANLINK_OK && limits.max_links == 128 &&
               bad.len == 0,
           "without an environment the limits are the specification's");
}

static void link_a_message(void) {
    static uint64_t memory[4096];
    static uint8_t bytes[1024];
    spanlink_pool pool;
    spanlink_context context;
    spanlink_list *list = NULL;
    size_t count = 0, written = 0;
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.allocator = spanlink_pool_init(&pool, memory, sizeof memory);
    options.limits.max_links = 8;
    options.unique = true;
    expect(spanlink_list_create(&options, &list) == SPANLINK_OK, "a pool holds a list");
    expect(spanlink_traceparent_parse(
               spanlink_str_from("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
               &context) == SPANLINK_OK,
           "a traceparent is parsed");
    for (int64_t i = 0; i < 2; i++) {
        expect(spanlink_list_add_batch_item(list, &context, i) == SPANLINK_OK, "a link is added");
    }
    const spanlink_link *links = spanlink_list_links(list, &count);
    expect(count == 1, "a span is linked once");
    expect(spanlink_otlp_encode(links, count, bytes, sizeof bytes, &written) == SPANLINK_OK,
           "links are encoded");
    spanlink_list_destroy(list);
}

int main(void) {
    expect(spanlink_features() == (SPANLINK_FEATURE_OTLP | SPANLINK_FEATURE_FORMATS),
           "there are no threads, no heap and no clock");
    expect_no_object_without_an_allocator();
    expect_no_environment();
    link_a_message();
    return failures != 0;
}
