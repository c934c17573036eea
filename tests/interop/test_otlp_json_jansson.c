/* SPDX-License-Identifier: MIT */
/* The library's output is valid JSON whose values equal those of the links. */
#include "otlp_json_oracle.h"
#include "test.h"
#include "test_otlp_links.h"

#include <spanlink/otlp_json.h>

#include <stdlib.h>

static void assert_links(const spanlink_link *links, size_t count) {
    size_t size = spanlink_otlp_json_size(links, count), written;
    char *text = malloc(size);
    assert_non_null(text);
    assert_ok(spanlink_otlp_json_encode(links, count, text, size, &written));
    assert_int_equal(size, written);
    otlp_json_expect(text, size, links, count);
    free(text);
}

/* Too large for a stack. */
static test_otlp_links made;

TEST(edge_cases_are_json_with_equal_content) {
    test_otlp_edges(&made);
    assert_links(made.links, made.count);
}

TEST(random_content_is_json_with_equal_content) {
    for (uint64_t seed = 0; seed < 1000; seed++) {
        test_otlp_random(&made, seed, true);
        assert_links(made.links, made.count);
    }
}
