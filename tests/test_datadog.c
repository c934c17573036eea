/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <spanlink/datadog.h>

static void what_is_read_is_written_back(void **state) {
    (void)state;
    spanlink_context context;
    spanlink_datadog_headers text;
    assert_status(
        SPANLINK_OK,
        spanlink_datadog_parse(spanlink_str_from("1"), spanlink_str_from("18446744073709551615"),
                               spanlink_str_from("1"),
                               spanlink_str_from("_dd.p.tid=640cfd8d00000000"), &context));
    assert_status(SPANLINK_OK, spanlink_datadog_format(&context, &text));
    assert_string_equal("18446744073709551615", text.parent_id);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_written_back),
    };
    return cmocka_run_group_tests_name("datadog", tests, NULL, NULL);
}
