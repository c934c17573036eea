/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <spanlink/jaeger.h>

static void what_is_read_is_written_back(void **state) {
    (void)state;
    spanlink_context context;
    char text[54];
    assert_status(
        SPANLINK_OK,
        spanlink_jaeger_parse(spanlink_str_from("8d2f1a3b4c5d6e7f:1a2b3c4d5e6f708:0:1"), &context));
    assert_status(SPANLINK_OK, spanlink_jaeger_format(&context, text));
    assert_string_equal("00000000000000008d2f1a3b4c5d6e7f:01a2b3c4d5e6f708:0:1", text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_written_back),
    };
    return cmocka_run_group_tests_name("jaeger", tests, NULL, NULL);
}
