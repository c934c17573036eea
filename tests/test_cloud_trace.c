/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <spanlink/cloud_trace.h>

static void what_is_read_is_written_back(void **state) {
    (void)state;
    spanlink_context context;
    char text[58];
    assert_status(SPANLINK_OK, spanlink_cloud_trace_parse(
                                   spanlink_str_from(
                                       "105445aa7843bc8bf206b12000100000/18446744073709551615;o=1"),
                                   &context));
    assert_status(SPANLINK_OK, spanlink_cloud_trace_format(&context, text));
    assert_string_equal("105445aa7843bc8bf206b12000100000/18446744073709551615;o=1", text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_written_back),
    };
    return cmocka_run_group_tests_name("cloud_trace", tests, NULL, NULL);
}
